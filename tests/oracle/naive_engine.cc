#include "tests/oracle/naive_engine.h"

#include <algorithm>
#include <cmath>

#include "common/format/impacts.h"
#include "searcher/rank/bm25.h"
#include "tests/oracle/naive_columns.h"

namespace ibid {

// A node of the query with its words looked up; leaves have a part or a column.
struct NaiveEngine::Clause {
  NodeKind kind = NodeKind::kNone;
  const QueryNode* node = nullptr;
  std::vector<Clause> children;
  std::vector<Occur> occurs;
  std::optional<Part> part;
  double boost = 1;
  // Of the search as a whole.
  const SearchOptions* options = nullptr;
};

struct NaiveEngine::Outcome {
  bool matches = false;
  float score = 0;
  double reference = 0;
  IntervalList intervals;

  void Add(const Outcome& other) {
    score += other.score;
    reference += other.reference;
    intervals.insert(intervals.end(), other.intervals.begin(), other.intervals.end());
  }
};

// Clauses that hold no word at all are left out; a list of none is left out itself.
class NaiveEngine::ClauseBuilder {
 public:
  ClauseBuilder(const PartBuilder& parts, const SearchOptions& options)
      : parts_(parts), options_(options) {}

  std::optional<Clause> Build(const QueryNode& node, double boost) const {
    Clause clause;
    clause.kind = node.kind;
    clause.node = &node;
    clause.boost = boost;
    clause.options = &options_;
    if (PartBuilder::IsPositional(node.kind) || node.kind == NodeKind::kRegion) {
      return WithPart(std::move(clause), parts_.Build(node));
    }
    switch (node.kind) {
      case NodeKind::kSyn:
        return WithPart(std::move(clause), SynPart(node));
      case NodeKind::kBoost: {
        clause.boost = boost * node.number;
        std::optional<Clause> child = Build(*node.children[0], node.constant ? 1.0 : clause.boost);
        if (!child.has_value() || !node.constant) return child;
        clause.children.push_back(*std::move(child));
        return clause;
      }
      case NodeKind::kAndNot:
      case NodeKind::kFilter:
      case NodeKind::kMaybe:
        return WithChildren(std::move(clause), boost, /*headed=*/true);
      case NodeKind::kAnd:
      case NodeKind::kOr:
      case NodeKind::kXor:
      case NodeKind::kNot:
      case NodeKind::kBestOf:
      case NodeKind::kClauses:
        return WithChildren(std::move(clause), boost, /*headed=*/false);
      default:
        return clause;
    }
  }

 private:
  static std::optional<Clause> WithPart(Clause clause, std::optional<Part> part) {
    if (!part.has_value()) return std::nullopt;
    clause.part = std::move(part);
    return clause;
  }

  std::optional<Clause> WithChildren(Clause clause, double boost, bool headed) const {
    const QueryNode& node = *clause.node;
    for (size_t i = 0; i < node.children.size(); ++i) {
      std::optional<Clause> child = Build(*node.children[i], boost);
      if (!child.has_value() && headed && i == 0) return std::nullopt;
      if (!child.has_value()) continue;
      clause.children.push_back(*std::move(child));
      if (node.kind == NodeKind::kClauses) clause.occurs.push_back(node.occurs[i]);
    }
    if (clause.children.empty()) return std::nullopt;
    return clause;
  }

  // Single words are one word; with anything longer it is the union of all.
  std::optional<Part> SynPart(const QueryNode& node) const {
    std::vector<NaiveWord> members;
    for (const auto& child : node.children) {
      const bool is_word = child->kind == NodeKind::kWord || child->kind == NodeKind::kWildcard ||
                           child->kind == NodeKind::kFuzzy;
      if (!is_word) return parts_.Build(node);
      const std::vector<Part> words = parts_.Words(*child, !child->literal);
      if (words.size() > 1) return parts_.Build(node);
      if (!words.empty()) members.push_back(words[0].word);
    }
    if (members.empty()) return std::nullopt;
    return parts_.WordPart(Vocabulary::Group(members));
  }

  const PartBuilder& parts_;
  const SearchOptions& options_;
};

NaiveEngine::NaiveEngine(const IndexOptions& options, std::vector<OracleDocument> documents,
                         OracleColumns columns)
    : analyzer_(*Analyzer::Create(options)),
      documents_(std::move(documents)),
      columns_(std::move(columns)),
      tokens_(std::make_unique<std::vector<TokenList>>()) {
  uint64_t num_tokens = 0;
  for (const OracleDocument& document : documents_) {
    tokens_->push_back(MakeTokenList(document.document, analyzer_.get()));
    num_tokens += tokens_->back().length;
  }
  if (!documents_.empty()) {
    average_length_ = static_cast<double>(num_tokens) / static_cast<double>(documents_.size());
  }
  vocabulary_ = std::make_unique<Vocabulary>(tokens_.get(), analyzer_.get());
}

size_t NaiveEngine::num_live() const {
  return static_cast<size_t>(std::count_if(documents_.begin(), documents_.end(),
                                           [](const OracleDocument& d) { return d.live; }));
}

namespace {

struct Bm25Pair {
  float score = 0;
  double reference = 0;
};

// One clause's share for a frequency, by the engine's routines and by the formula.
Bm25Pair Bm25Both(const Part& part, double boost, float freq, double reference_freq,
                  uint32_t length, double average_length, const SearchOptions& options) {
  const uint8_t norm = LengthToNorm(length);
  const LengthTable table = MakeLengthTable({options.k1, options.b}, average_length);
  const double average = average_length == 0 ? 1.0 : average_length;
  const double k1 = double{options.k1}, b = double{options.b};
  const double k = k1 * (1.0 - b + b * NormToLength(norm) / average);
  Bm25Pair both;
  both.score = Bm25(ClauseWeight(part.idf, boost), freq, table[norm]);
  both.reference = part.reference_idf * boost * reference_freq / (reference_freq + k);
  return both;
}

}  // namespace

NaiveEngine::Outcome NaiveEngine::EvaluateLeaf(const Clause& clause, size_t doc) const {
  const Part& part = *clause.part;
  const TokenList& tokens = (*tokens_)[doc];
  Outcome outcome;
  outcome.intervals = part.IntervalsIn(tokens);
  outcome.matches = !outcome.intervals.empty();
  if (!outcome.matches) return outcome;
  const auto add = [&](const Part& scored, float freq, double reference_freq) {
    const Bm25Pair both = Bm25Both(scored, clause.boost, freq, reference_freq, tokens.length,
                                   average_length_, *clause.options);
    outcome.score += both.score;
    outcome.reference += both.reference;
  };
  const bool words_only =
      clause.options->proximity_score == ProximityScore::kFilter && part.kind != Part::Kind::kWord;
  if (words_only) {
    std::vector<const Part*> words;
    part.AppendWords(&words);
    for (const Part* word : words) {
      const size_t count = word->word.PositionsIn(tokens).size();
      if (count > 0) add(*word, static_cast<float>(count), static_cast<double>(count));
    }
    return outcome;
  }
  float freq = 0;
  double reference_freq = 0;
  for (const Interval& interval : outcome.intervals) {
    const uint32_t gap = part.counts_gaps ? interval.gap : 0;
    freq += ProximityKernel(gap);
    reference_freq += 1.0 / (1.0 + gap);
  }
  add(part, freq, reference_freq);
  return outcome;
}

bool NaiveEngine::HasValueIn(const QueryNode& range, const Document& document) const {
  for (const auto& [name, type] : columns_) {
    if (name != range.field) continue;
    const Bound whole{range.text, true};
    if (range.kind == NodeKind::kColumn) {
      return AnyValueInRange(document, name, type, whole, whole);
    }
    return AnyValueInRange(document, name, type, range.lower, range.upper);
  }
  return false;
}

// + must, - must not; the rest adds score, and where nothing must, one of the rest must.
NaiveEngine::Outcome NaiveEngine::EvaluateClauses(const Clause& clause, size_t doc) const {
  Outcome required, optional;
  std::vector<Outcome> optional_each;
  bool has_required = false, has_optional = false, refused = false;
  for (size_t i = 0; i < clause.children.size(); ++i) {
    const Outcome child = Evaluate(clause.children[i], doc);
    switch (clause.occurs[i]) {
      case Occur::kMust:
        has_required = true;
        refused = refused || !child.matches;
        required.Add(child);
        break;
      case Occur::kMustNot:
        refused = refused || child.matches;
        break;
      case Occur::kShould:
        has_optional = true;
        if (child.matches) optional_each.push_back(child);
        break;
    }
  }
  const size_t least =
      std::max<size_t>(clause.node->min_should_match, !has_required && has_optional ? 1 : 0);
  Outcome outcome = std::move(required);
  outcome.matches = !refused && optional_each.size() >= least;
  for (const Outcome& child : optional_each) outcome.Add(child);
  return outcome;
}

NaiveEngine::Outcome NaiveEngine::Evaluate(const Clause& clause, size_t doc) const {
  if (clause.part.has_value()) return EvaluateLeaf(clause, doc);
  Outcome outcome;
  std::vector<Outcome> children;
  if (clause.kind != NodeKind::kClauses) {
    for (const Clause& child : clause.children) children.push_back(Evaluate(child, doc));
  }
  const auto count = static_cast<size_t>(std::count_if(
      children.begin(), children.end(), [](const Outcome& child) { return child.matches; }));
  switch (clause.kind) {
    case NodeKind::kAll:
      outcome.matches = true;
      return outcome;
    case NodeKind::kRange:
    case NodeKind::kColumn:
      outcome.matches = HasValueIn(*clause.node, documents_[doc].document);
      return outcome;
    case NodeKind::kClauses:
      return EvaluateClauses(clause, doc);
    case NodeKind::kNot:
      outcome.matches = count == 0;
      return outcome;
    case NodeKind::kBoost:  // constant: the others went into the weights
      outcome = std::move(children[0]);
      outcome.score = static_cast<float>(clause.boost);
      outcome.reference = clause.boost;
      return outcome;
    case NodeKind::kAndNot:
      outcome = children[0];
      outcome.matches = children[0].matches && count == 1;
      return outcome;
    case NodeKind::kAnd:
    case NodeKind::kFilter:
      outcome.matches = count == children.size();
      break;
    case NodeKind::kMaybe:
      outcome.matches = children[0].matches;
      break;
    case NodeKind::kXor:
      outcome.matches = count % 2 == 1;
      break;
    case NodeKind::kOr:
      outcome.matches = count >= std::max<size_t>(1, clause.node->min_should_match);
      break;
    case NodeKind::kBestOf:
      outcome.matches = count > 0;
      break;
    default:
      return outcome;  // kNone
  }
  float best = 0;
  double best_reference = 0;
  for (size_t i = 0; i < children.size(); ++i) {
    if (!children[i].matches) continue;
    best = std::max(best, children[i].score);
    best_reference = std::max(best_reference, children[i].reference);
    if (clause.kind == NodeKind::kFilter && i > 0) children[i].score = 0;
    if (clause.kind == NodeKind::kFilter && i > 0) children[i].reference = 0;
    outcome.Add(children[i]);
  }
  if (clause.kind == NodeKind::kBestOf) {
    outcome.score = best;
    outcome.reference = best_reference;
  }
  return outcome;
}

std::vector<OracleHit> NaiveEngine::Search(const Query& query, const SearchOptions& options) const {
  std::vector<OracleHit> hits;
  if (query.root() == nullptr) return hits;
  const PartBuilder parts(vocabulary_.get(), analyzer_.get(), documents_.size(),
                          options.query_limits.max_expansions);
  const std::optional<Clause> clause = ClauseBuilder(parts, options).Build(*query.root(), 1.0);
  if (!clause.has_value()) return hits;
  for (size_t doc = 0; doc < documents_.size(); ++doc) {
    if (!documents_[doc].live) continue;
    Outcome outcome = Evaluate(*clause, doc);
    if (!outcome.matches) continue;
    OracleHit hit{documents_[doc].document.key, outcome.score, outcome.reference, {}};
    hit.matches = std::move(outcome.intervals);
    for (Interval& interval : hit.matches) interval.gap = 0;
    std::sort(hit.matches.begin(), hit.matches.end(), [](const Interval& a, const Interval& b) {
      return a.first != b.first ? a.first < b.first : a.last < b.last;
    });
    hit.matches.erase(std::unique(hit.matches.begin(), hit.matches.end()), hit.matches.end());
    hits.push_back(std::move(hit));
  }
  std::sort(hits.begin(), hits.end(), [](const OracleHit& a, const OracleHit& b) {
    return a.score != b.score ? a.score > b.score : a.key < b.key;
  });
  return hits;
}

std::optional<Part> NaiveEngine::BuildPart(const Query& query) const {
  const PartBuilder parts(vocabulary_.get(), analyzer_.get(), documents_.size(),
                          QueryLimits().max_expansions);
  return parts.Build(*query.root());
}

std::vector<IntervalList> NaiveEngine::Intervals(const Query& query) const {
  std::vector<IntervalList> lists;
  const std::optional<Part> part = BuildPart(query);
  for (size_t doc = 0; doc < documents_.size(); ++doc) {
    if (!documents_[doc].live) continue;
    lists.push_back(part.has_value() ? part->IntervalsIn((*tokens_)[doc]) : IntervalList());
  }
  return lists;
}

std::vector<float> NaiveEngine::Frequencies(const Query& query) const {
  std::vector<float> frequencies;
  const std::optional<Part> part = BuildPart(query);
  for (const IntervalList& intervals : Intervals(query)) {
    float freq = 0;
    for (const Interval& interval : intervals) {
      freq += ProximityKernel(part->counts_gaps ? interval.gap : 0);
    }
    frequencies.push_back(freq);
  }
  return frequencies;
}

}  // namespace ibid
