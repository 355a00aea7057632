#include "searcher/match/interval_binder.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "searcher/match/text_patterns.h"
#include "searcher/rank/bm25.h"

namespace ibid {
namespace {

// Phrases that a pattern with alternatives of several words may unfold into.
constexpr size_t kMaxUnfoldedPhrases = 64;

std::unique_ptr<IntervalNode> CopyWord(const IntervalNode& word) {
  auto copy = std::make_unique<IntervalNode>();
  copy->kind = word.kind;
  copy->term = word.term;
  copy->label = word.label;
  copy->idf_sum = word.idf_sum;
  return copy;
}

bool IsWildcard(char c) { return c == '*' || c == '?'; }

bool HasWildcard(std::string_view text) {
  return std::any_of(text.begin(), text.end(), IsWildcard);
}

// Characters that keep a wildcard's piece together; any other ASCII character cuts.
bool IsPieceCharacter(char c) {
  const auto u = static_cast<unsigned char>(c);
  return u >= 0x80 || IsWildcard(c) || c == '\'' || (c >= '0' && c <= '9') ||
         (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::vector<std::string_view> Pieces(std::string_view text) {
  std::vector<std::string_view> pieces;
  for (size_t i = 0; i < text.size();) {
    size_t end = i;
    while (end < text.size() && IsPieceCharacter(text[end])) ++end;
    if (end > i) pieces.push_back(text.substr(i, end - i));
    i = end + 1;
  }
  return pieces;
}

// Folds what lies between the wildcards.
std::string FoldPattern(std::string_view pattern) {
  std::string folded;
  for (size_t i = 0; i < pattern.size();) {
    if (IsWildcard(pattern[i])) {
      folded += pattern[i++];
      continue;
    }
    const size_t end = std::min(pattern.find_first_of("*?", i), pattern.size());
    folded += FoldText(pattern.substr(i, end - i));
    i = end;
  }
  return folded;
}

std::string JoinLabels(const std::vector<std::unique_ptr<IntervalNode>>& nodes,
                       std::string_view separator) {
  std::string joined;
  for (const auto& node : nodes) {
    if (!joined.empty()) joined += separator;
    joined += node->label;
  }
  return joined;
}

double SumIdfs(const std::vector<std::unique_ptr<IntervalNode>>& nodes) {
  double sum = 0;
  for (const auto& node : nodes) sum += node->idf_sum;
  return sum;
}

}  // namespace

bool IntervalBinder::IsPositional(const QueryNode& node) {
  switch (node.kind) {
    case NodeKind::kWord:
    case NodeKind::kWildcard:
    case NodeKind::kFuzzy:
    case NodeKind::kPhrase:
    case NodeKind::kNear:
      return true;
    case NodeKind::kRegion:
    case NodeKind::kBoost:
      return IsPositional(*node.children[0]);
    case NodeKind::kOr:
    case NodeKind::kSyn:
    case NodeKind::kBestOf:
    case NodeKind::kAnd:
      return std::all_of(node.children.begin(), node.children.end(),
                         [](const auto& child) { return IsPositional(*child); });
    default:
      return false;
  }
}

void IntervalBinder::CountPatterns(const QueryNode& node, PatternCount* count) {
  for (const auto& child : node.children) CountPatterns(*child, count);
  if (node.kind != NodeKind::kWildcard && node.kind != NodeKind::kFuzzy) return;
  const bool fuzzy = node.kind == NodeKind::kFuzzy;
  for (const std::string_view piece : Pieces(node.text)) {
    if (!fuzzy && !HasWildcard(piece)) continue;
    ++count->num_patterns;
    if (!fuzzy && !IsWildcard(piece[0])) continue;
    count->whole_walks.insert(absl::StrCat(std::string(piece), fuzzy ? "~" : "", node.max_edits));
  }
}

absl::StatusOr<IntervalBinder::NodePtr> IntervalBinder::TermNode(TermPtr term) const {
  RETURN_IF_ERROR(budget_.TakeMemory(sizeof(IntervalNode) + term->label.size()));
  auto node = std::make_unique<IntervalNode>();
  node->kind = IntervalNode::Kind::kTerm;
  node->label = term->label;
  node->idf_sum = Idf(num_docs_, term->doc_freq);
  node->term = std::move(term);
  return node;
}

absl::StatusOr<BoundIntervals> IntervalBinder::Made(NodePtr node, bool use_kernel) const {
  RETURN_IF_ERROR(budget_.TakeMemory(sizeof(IntervalNode) + node->label.size()));
  return BoundIntervals{std::move(node), use_kernel};
}

absl::StatusOr<IntervalBinder::NodePtr> IntervalBinder::Expanded(const QueryNode& node,
                                                                 const std::string& label,
                                                                 const Expansion& expansion) {
  const Span span{node.byte_begin, node.byte_end};
  if (expansion.num_matching == 0) {
    notes_.Note(span, "no-expansion", StrCat("\"", label, "\" matches no term of the index"));
  } else if (expansion.num_used < expansion.num_matching) {
    *partial_ = true;
    notes_.Warning(
        span, "expansion-cut",
        StrCat("\"", label, "\" matches ", WithCommas(expansion.num_matching), " terms; used the ",
               WithCommas(expansion.num_used), " most frequent", cut_by_));
  }
  return TermNode(expansion.term);
}

absl::StatusOr<IntervalBinder::NodePtr> IntervalBinder::WildcardWord(const QueryNode& node,
                                                                     const std::string& pattern) {
  ASSIGN_OR_RETURN(const Expansion expansion, terms_.ExpandWildcard(pattern));
  return Expanded(node, pattern, expansion);
}

absl::StatusOr<std::vector<IntervalBinder::NodePtr>> IntervalBinder::WildcardWords(
    const QueryNode& node) {
  std::vector<NodePtr> words;
  for (const std::string_view piece : Pieces(node.text)) {
    if (HasWildcard(piece)) {
      ASSIGN_OR_RETURN(NodePtr word, WildcardWord(node, FoldPattern(piece)));
      words.push_back(std::move(word));
      continue;
    }
    for (const std::string& token : terms_.Tokens(piece)) {
      ASSIGN_OR_RETURN(TermPtr term, terms_.Literal(token));
      ASSIGN_OR_RETURN(NodePtr word, TermNode(std::move(term)));
      words.push_back(std::move(word));
    }
  }
  return words;
}

absl::StatusOr<IntervalBinder::NodePtr> IntervalBinder::FuzzyWord(const QueryNode& node,
                                                                  const std::string& word) {
  int max_edits = node.max_edits;
  if (max_edits <= 0) max_edits = CodePoints(word).size() < 6 ? 1 : 2;
  ASSIGN_OR_RETURN(const Expansion expansion, terms_.ExpandFuzzy(word, std::min(max_edits, 2)));
  return Expanded(node, absl::StrCat(word, "~", max_edits), expansion);
}

absl::StatusOr<std::vector<IntervalBinder::NodePtr>> IntervalBinder::Words(const QueryNode& node,
                                                                           bool stemmed) {
  if (node.kind == NodeKind::kWildcard) return WildcardWords(node);
  std::vector<NodePtr> words;
  const std::vector<std::string> tokens = terms_.Tokens(node.text);
  for (const std::string& token : tokens) {
    if (node.kind == NodeKind::kFuzzy) {
      ASSIGN_OR_RETURN(NodePtr word, FuzzyWord(node, token));
      words.push_back(std::move(word));
      continue;
    }
    ASSIGN_OR_RETURN(TermPtr term, stemmed ? terms_.Stemmed(token) : terms_.Literal(token));
    ASSIGN_OR_RETURN(NodePtr word, TermNode(std::move(term)));
    words.push_back(std::move(word));
  }
  if (words.empty()) {
    notes_.Note({node.byte_begin, node.byte_end}, "no-word",
                StrCat("\"", node.text, "\" holds no word and is left out"));
  }
  return words;
}

absl::StatusOr<IntervalBinder::NodePtr> IntervalBinder::PhraseOf(std::vector<NodePtr> words,
                                                                 uint32_t slop) const {
  if (words.size() == 1 && words[0]->kind == IntervalNode::Kind::kTerm) return std::move(words[0]);
  auto node = std::make_unique<IntervalNode>();
  node->kind = slop == 0 ? IntervalNode::Kind::kPhrase : IntervalNode::Kind::kSloppy;
  node->slop = slop;
  node->label = absl::StrCat("\"", JoinLabels(words, " "), "\"");
  if (slop > 0) absl::StrAppend(&node->label, "~", slop);
  node->idf_sum = SumIdfs(words);
  RETURN_IF_ERROR(
      budget_.TakeMemory((1 + words.size()) * sizeof(IntervalNode) + 2 * node->label.size()));
  node->children = std::move(words);
  return node;
}

// Alternatives of one word each are one word; longer ones stay apart.
absl::StatusOr<IntervalBinder::Alternatives> IntervalBinder::PhrasePlace(const QueryNode& child,
                                                                         bool stemmed) {
  Alternatives place;
  if (child.kind == NodeKind::kAnyWord) {
    auto any = std::make_unique<IntervalNode>();
    any->kind = IntervalNode::Kind::kAnyWord;
    any->label = "*";
    place.emplace_back().push_back(std::move(any));
    return place;
  }
  if (child.kind != NodeKind::kOr && child.kind != NodeKind::kSyn) {
    ASSIGN_OR_RETURN(std::vector<NodePtr> words, Words(child, stemmed));
    if (!words.empty()) place.push_back(std::move(words));
    return place;
  }
  std::vector<TermPtr> single;
  for (const auto& alternative : child.children) {
    std::vector<NodePtr> words;
    if (alternative->kind == NodeKind::kPhrase) {
      for (const auto& word : alternative->children) {
        ASSIGN_OR_RETURN(std::vector<NodePtr> more, Words(*word, stemmed));
        for (NodePtr& node : more) words.push_back(std::move(node));
      }
    } else {
      ASSIGN_OR_RETURN(words, Words(*alternative, stemmed));
    }
    if (words.size() == 1) single.push_back(words[0]->term);
    if (words.size() > 1) place.push_back(std::move(words));
  }
  if (!single.empty()) {
    std::string label;
    for (const TermPtr& term : single)
      absl::StrAppend(&label, label.empty() ? "" : "|", term->label);
    ASSIGN_OR_RETURN(TermPtr group, terms_.Group(absl::StrCat("(", label, ")"), single));
    ASSIGN_OR_RETURN(NodePtr word, TermNode(std::move(group)));
    place.emplace_back().push_back(std::move(word));
  }
  return place;
}

absl::StatusOr<BoundIntervals> IntervalBinder::BindPhrase(const QueryNode& node) {
  std::vector<Alternatives> places;
  size_t num_phrases = 1;
  for (const auto& child : node.children) {
    ASSIGN_OR_RETURN(Alternatives place, PhrasePlace(*child, node.stemmed));
    if (place.empty()) continue;
    num_phrases *= place.size();
    if (num_phrases > kMaxUnfoldedPhrases) {
      return absl::InvalidArgumentError(
          absl::StrCat("query: a pattern with more than ", kMaxUnfoldedPhrases,
                       " combinations of alternatives; use fewer of several words"));
    }
    places.push_back(std::move(place));
  }
  if (places.empty()) return BoundIntervals{};
  auto all = std::make_unique<IntervalNode>();
  all->kind = IntervalNode::Kind::kUnion;
  for (size_t i = 0; i < num_phrases; ++i) {
    std::vector<NodePtr> words;
    size_t rest = i;
    for (const Alternatives& place : places) {
      for (const NodePtr& word : place[rest % place.size()]) words.push_back(CopyWord(*word));
      rest /= place.size();
    }
    const bool any_word = std::any_of(words.begin(), words.end(), [](const NodePtr& word) {
      return word->kind == IntervalNode::Kind::kTerm;
    });
    if (!any_word) continue;  // stars alone say nothing
    ASSIGN_OR_RETURN(NodePtr phrase, PhraseOf(std::move(words), node.slop));
    all->children.push_back(std::move(phrase));
  }
  if (all->children.empty()) return BoundIntervals{};
  if (all->children.size() == 1) return BoundIntervals{std::move(all->children[0]), node.slop > 0};
  all->label = JoinLabels(all->children, " | ");
  all->idf_sum = (*std::min_element(
                      all->children.begin(), all->children.end(),
                      [](const NodePtr& a, const NodePtr& b) { return a->idf_sum < b->idf_sum; }))
                     ->idf_sum;
  all->keep_gaps = node.slop > 0;
  return Made(std::move(all), node.slop > 0);
}

absl::StatusOr<BoundIntervals> IntervalBinder::BindNear(const QueryNode& node, bool unbounded) {
  auto near = std::make_unique<IntervalNode>();
  near->kind =
      node.ordered && !unbounded ? IntervalNode::Kind::kOrdered : IntervalNode::Kind::kUnordered;
  if (!unbounded) {
    near->bounds.min_gap = node.distance.min_gap;
    near->bounds.max_gap = node.distance.max_gap.value_or(UINT32_MAX);
    near->inside = node.distance.inside;
  }
  for (const auto& child : node.children) {
    ASSIGN_OR_RETURN(BoundIntervals operand, Bind(*child));
    if (operand.node != nullptr) near->children.push_back(std::move(operand.node));
  }
  if (near->children.empty()) return BoundIntervals{};
  if (near->children.size() == 1) return BoundIntervals{std::move(near->children[0]), true};
  near->label =
      absl::StrCat("(", JoinLabels(near->children, node.ordered ? " ADJ " : " NEAR "), ")");
  near->idf_sum = SumIdfs(near->children);
  return Made(std::move(near), true);
}

absl::StatusOr<BoundIntervals> IntervalBinder::BindUnion(const QueryNode& node) {
  auto either = std::make_unique<IntervalNode>();
  either->kind = IntervalNode::Kind::kUnion;
  bool use_kernel = false;
  for (const auto& child : node.children) {
    ASSIGN_OR_RETURN(BoundIntervals member, Bind(*child));
    if (member.node == nullptr) continue;
    use_kernel = member.use_kernel;
    // The member with the largest document frequency has the smallest idf.
    either->idf_sum = either->children.empty() ? member.node->idf_sum
                                               : std::min(either->idf_sum, member.node->idf_sum);
    either->children.push_back(std::move(member.node));
  }
  if (either->children.empty()) return BoundIntervals{};
  if (either->children.size() == 1) {
    return BoundIntervals{std::move(either->children[0]), use_kernel};
  }
  either->label = absl::StrCat("(", JoinLabels(either->children, " OR "), ")");
  return Made(std::move(either), false);
}

// Depth follows the query's nesting, which the parser bounds.
absl::StatusOr<BoundIntervals> IntervalBinder::Bind(const QueryNode& node) {
  switch (node.kind) {
    case NodeKind::kWord:
    case NodeKind::kWildcard:
    case NodeKind::kFuzzy: {
      ASSIGN_OR_RETURN(std::vector<NodePtr> words, Words(node, !node.literal));
      if (words.empty()) return BoundIntervals{};
      if (words.size() > 1 && node.kind == NodeKind::kWord) {
        // What analysis cuts into several words is a phrase, and phrases are literal.
        ASSIGN_OR_RETURN(words, Words(node, /*stemmed=*/false));
      }
      ASSIGN_OR_RETURN(NodePtr phrase, PhraseOf(std::move(words), 0));
      return BoundIntervals{std::move(phrase), false};
    }
    case NodeKind::kPhrase:
      return BindPhrase(node);
    case NodeKind::kNear:
      return BindNear(node, /*unbounded=*/false);
    case NodeKind::kAnd:
      return BindNear(node, /*unbounded=*/true);
    case NodeKind::kBoost:
      return Bind(*node.children[0]);
    case NodeKind::kRegion: {
      ASSIGN_OR_RETURN(BoundIntervals child, Bind(*node.children[0]));
      if (child.node == nullptr) return BoundIntervals{};
      auto region = std::make_unique<IntervalNode>();
      region->kind = IntervalNode::Kind::kRegion;
      region->region = node.region;
      region->label = absl::StrCat(child.node->label, " inside its region");
      region->idf_sum = child.node->idf_sum;
      region->children.push_back(std::move(child.node));
      return Made(std::move(region), child.use_kernel);
    }
    default:
      return BindUnion(node);
  }
}

}  // namespace ibid
