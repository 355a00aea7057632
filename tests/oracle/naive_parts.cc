#include "tests/oracle/naive_parts.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "searcher/rank/bm25.h"

namespace ibid {
namespace {

IntervalList WordsOneByOne(const std::vector<Position>& positions) {
  IntervalList intervals;
  for (const Position p : positions) intervals.push_back({p, p, 0});
  return intervals;
}

// Each place holds one of its word's forms, or any word at all.
IntervalList PhraseIn(const std::vector<Part>& places, const TokenList& document) {
  IntervalList found;
  const auto length = static_cast<Position>(places.size());
  for (Position first = 0; first + length <= document.words.size(); ++first) {
    bool all = true;
    for (Position i = 0; i < length; ++i) {
      const std::string& word = document.words[first + i];
      const bool any = places[i].kind == Part::Kind::kAnyWord;
      all = all && !word.empty() && (any || places[i].word.forms.contains(word));
    }
    if (all) found.push_back({first, first + length - 1, 0});
  }
  return found;
}

IntervalList SloppyIn(const Part& phrase, const TokenList& document) {
  std::vector<std::vector<Position>> lists;
  std::vector<uint32_t> offsets;
  for (uint32_t i = 0; i < phrase.children.size(); ++i) {
    if (phrase.children[i].kind == Part::Kind::kAnyWord) continue;
    lists.push_back(phrase.children[i].word.PositionsIn(document));
    offsets.push_back(i);
  }
  return NaiveSloppy(lists, offsets, phrase.slop, [&document](const Interval& interval) {
    return document.IsInsideOneField(interval);
  });
}

IntervalList NearIn(const Part& near, const TokenList& document) {
  std::vector<IntervalList> lists;
  for (const Part& child : near.children) lists.push_back(child.IntervalsIn(document));
  const GapBounds bounds{near.distance.min_gap, near.distance.max_gap.value_or(UINT32_MAX)};
  return NaiveNear(lists, near.ordered, bounds, [&](const Interval& interval) {
    return document.IsInsideOneField(interval) &&
           (!near.distance.inside || document.IsInside(*near.distance.inside, interval));
  });
}

// Ends of a wildcard's pieces: ASCII characters that are neither letters, digits, ' nor wildcards.
bool Cuts(char c) {
  const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return static_cast<unsigned char>(c) < 0x80 && !plain && c != '\'' && c != '*' && c != '?';
}

std::string FoldAroundWildcards(const std::string& piece) {
  std::string folded, literal;
  for (const char c : piece + "*") {
    if (c != '*' && c != '?') {
      literal += c;
      continue;
    }
    folded += FoldText(literal) + c;
    literal.clear();
  }
  folded.pop_back();
  return folded;
}

}  // namespace

IntervalList Part::IntervalsIn(const TokenList& document) const {
  switch (kind) {
    case Kind::kWord:
      return WordsOneByOne(word.PositionsIn(document));
    case Kind::kAnyWord:
      return {};
    case Kind::kPhrase:
      return PhraseIn(children, document);
    case Kind::kSloppy:
      return SloppyIn(*this, document);
    case Kind::kNear:
      return NearIn(*this, document);
    case Kind::kRegion: {
      IntervalList inside = children[0].IntervalsIn(document);
      std::erase_if(inside, [&](const Interval& i) { return !document.IsInside(region, i); });
      return inside;
    }
    case Kind::kUnion:
      break;
  }
  IntervalList all;
  for (const Part& child : children) {
    const IntervalList more = child.IntervalsIn(document);
    all.insert(all.end(), more.begin(), more.end());
  }
  return NaiveMinimal(all);
}

void Part::AppendWords(std::vector<const Part*>* words) const {
  if (kind == Kind::kWord) words->push_back(this);
  for (const Part& child : children) child.AppendWords(words);
}

bool PartBuilder::IsPositional(NodeKind kind) {
  switch (kind) {
    case NodeKind::kWord:
    case NodeKind::kWildcard:
    case NodeKind::kFuzzy:
    case NodeKind::kPhrase:
    case NodeKind::kNear:
      return true;
    default:
      return false;
  }
}

Part PartBuilder::WordPart(NaiveWord word) const {
  Part part;
  part.idf = Idf(num_docs_, word.doc_freq);
  const auto n = static_cast<double>(num_docs_);
  const auto df = static_cast<double>(word.doc_freq);
  part.reference_idf = std::log(1.0 + (n - df + 0.5) / (df + 0.5));
  part.word = std::move(word);
  return part;
}

std::vector<Part> PartBuilder::WildcardWords(const std::string& text) const {
  std::vector<Part> words;
  std::string piece;
  for (const char c : text + " ") {
    if (!Cuts(c)) {
      piece += c;
      continue;
    }
    if (piece.find_first_of("*?") != std::string::npos) {
      words.push_back(WordPart(vocabulary_.Wildcard(FoldAroundWildcards(piece), max_expansions_)));
    } else {
      AnalyzedText analyzed;
      analyzer_->Analyze(piece, &analyzed);
      for (size_t i = 0; i < analyzed.num_tokens(); ++i) {
        words.push_back(WordPart(vocabulary_.Literal(std::string(analyzed.term(i)))));
      }
    }
    piece.clear();
  }
  return words;
}

std::vector<Part> PartBuilder::Words(const QueryNode& node, bool stemmed) const {
  if (node.kind == NodeKind::kWildcard) return WildcardWords(node.text);
  AnalyzedText analyzed;
  analyzer_->Analyze(node.text, &analyzed);
  std::vector<Part> words;
  for (size_t i = 0; i < analyzed.num_tokens(); ++i) {
    const std::string token(analyzed.term(i));
    if (node.kind == NodeKind::kFuzzy) {
      words.push_back(WordPart(vocabulary_.Fuzzy(token, node.max_edits, max_expansions_)));
    } else {
      words.push_back(WordPart(stemmed ? vocabulary_.Stemmed(token) : vocabulary_.Literal(token)));
    }
  }
  return words;
}

Part PartBuilder::PhraseOf(std::vector<Part> words, uint32_t slop) {
  if (words.size() == 1 && words[0].kind == Part::Kind::kWord) return std::move(words[0]);
  Part phrase;
  phrase.kind = slop == 0 ? Part::Kind::kPhrase : Part::Kind::kSloppy;
  phrase.slop = slop;
  phrase.counts_gaps = slop > 0;
  for (const Part& word : words) {
    phrase.idf += word.idf;
    phrase.reference_idf += word.reference_idf;
  }
  phrase.children = std::move(words);
  return phrase;
}

std::optional<Part> PartBuilder::UnionOf(std::vector<Part> members) {
  if (members.empty()) return std::nullopt;
  if (members.size() == 1) return std::move(members[0]);
  Part either;
  either.kind = Part::Kind::kUnion;
  const auto least = std::min_element(members.begin(), members.end(),
                                      [](const Part& a, const Part& b) { return a.idf < b.idf; });
  either.idf = least->idf;
  either.reference_idf = least->reference_idf;
  either.children = std::move(members);
  return either;
}

// What may stand at one place of a phrase. Single words count as one; "*" is any word.
std::vector<std::vector<Part>> PartBuilder::Alternatives(const QueryNode& place,
                                                         bool stemmed) const {
  if (place.kind == NodeKind::kAnyWord) {
    Part any;
    any.kind = Part::Kind::kAnyWord;
    return {{any}};
  }
  std::vector<std::vector<Part>> longer;
  if (place.kind != NodeKind::kOr && place.kind != NodeKind::kSyn) {
    std::vector<Part> words = Words(place, stemmed);
    if (!words.empty()) longer.push_back(std::move(words));
    return longer;
  }
  std::vector<NaiveWord> single;
  for (const auto& child : place.children) {
    std::vector<Part> words = Words(*child, stemmed);
    if (words.size() == 1) single.push_back(words[0].word);
    if (words.size() > 1) longer.push_back(std::move(words));
  }
  if (!single.empty()) longer.push_back({WordPart(Vocabulary::Group(single))});
  return longer;
}

std::optional<Part> PartBuilder::BuildPhrase(const QueryNode& node) const {
  std::vector<std::vector<Part>> phrases = {{}};
  for (const auto& child : node.children) {
    const std::vector<std::vector<Part>> alternatives = Alternatives(*child, node.stemmed);
    if (alternatives.empty()) continue;
    std::vector<std::vector<Part>> longer;
    for (const std::vector<Part>& words : alternatives) {
      for (std::vector<Part> phrase : phrases) {
        phrase.insert(phrase.end(), words.begin(), words.end());
        longer.push_back(std::move(phrase));
      }
    }
    phrases = std::move(longer);
  }
  std::vector<Part> members;
  for (std::vector<Part>& phrase : phrases) {
    const bool has_word = std::any_of(phrase.begin(), phrase.end(), [](const Part& part) {
      return part.kind == Part::Kind::kWord;
    });
    if (has_word) members.push_back(PhraseOf(std::move(phrase), node.slop));
  }
  std::optional<Part> phrase = UnionOf(std::move(members));
  if (phrase.has_value()) phrase->counts_gaps = node.slop > 0;
  return phrase;
}

std::optional<Part> PartBuilder::BuildNear(const QueryNode& node) const {
  Part near;
  near.kind = Part::Kind::kNear;
  near.ordered = node.ordered;
  near.distance = node.distance;
  near.counts_gaps = true;
  for (const auto& child : node.children) {
    std::optional<Part> operand = Build(*child);
    if (!operand.has_value()) continue;
    near.idf += operand->idf;
    near.reference_idf += operand->reference_idf;
    near.children.push_back(*std::move(operand));
  }
  if (near.children.empty()) return std::nullopt;
  if (near.children.size() == 1) return std::move(near.children[0]);
  return near;
}

std::optional<Part> PartBuilder::Build(const QueryNode& node) const {
  switch (node.kind) {
    case NodeKind::kWord:
    case NodeKind::kWildcard:
    case NodeKind::kFuzzy: {
      std::vector<Part> words = Words(node, !node.literal);
      // A word that analysis cuts is a phrase, and phrases are literal.
      if (words.size() > 1) words = Words(node, false);
      if (words.empty()) return std::nullopt;
      return PhraseOf(std::move(words), 0);
    }
    case NodeKind::kPhrase:
      return BuildPhrase(node);
    case NodeKind::kNear:
      return BuildNear(node);
    case NodeKind::kBoost:
      return Build(*node.children[0]);
    case NodeKind::kRegion: {
      std::optional<Part> child = Build(*node.children[0]);
      if (!child.has_value()) return std::nullopt;
      Part region;
      region.kind = Part::Kind::kRegion;
      region.region = node.region;
      region.idf = child->idf;
      region.reference_idf = child->reference_idf;
      region.counts_gaps = child->counts_gaps;
      region.children.push_back(*std::move(child));
      return region;
    }
    default:
      break;
  }
  std::vector<Part> members;
  for (const auto& child : node.children) {
    if (std::optional<Part> member = Build(*child)) members.push_back(*std::move(member));
  }
  return UnionOf(std::move(members));
}

}  // namespace ibid
