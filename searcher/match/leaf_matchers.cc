#include "searcher/match/leaf_matchers.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "searcher/match/interval_source.h"
#include "searcher/match/postings_union.h"
#include "searcher/rank/bm25.h"

namespace ibid {

float MatchContext::LengthOf(DocId doc) {
  const Section& norms = segment->norms();
  if (norms.Touch(doc, 1)) return (*lengths)[norms.data()[doc]];
  Fail(norms.Read(doc, 1).status());
  return 1.0f;
}

namespace {

// The share of a clause's weight that `freq` occurrences in a document earn, taken apart.
Explanation ExplainBm25(const BoundNode& node, float freq, float k, Explanation freq_part) {
  Explanation e;
  e.value = Bm25(node.weight, freq, k);
  e.what = absl::StrCat(node.label, ": weight * freq / (freq + length norm)");
  Explanation weight{node.weight, absl::StrCat("weight = idf * boost ", node.boost), {}};
  weight.children.push_back({node.idf_sum, "idf", {}});
  if (node.term != nullptr) {
    weight.children.back().what = absl::StrCat("idf, document frequency ", node.term->doc_freq);
  }
  e.children.push_back(std::move(weight));
  e.children.push_back(std::move(freq_part));
  e.children.push_back({k, "length norm = k1 * (1 - b + b * length / average length)", {}});
  return e;
}

// ---- Words -------------------------------------------------------------------------------------

class TermMatcher : public Matcher {
 public:
  TermMatcher(const BoundNode& node, MatchContext* context)
      : node_(node),
        context_(context),
        postings_(context, node.term->segments[context->segment_index].scoring) {
    doc_ = postings_.doc();
  }

  DocId NextGeq(DocId target) override { return doc_ = postings_.NextGeq(target); }
  uint64_t cost() const override { return postings_.cost(); }

  float Score() override {
    return Bm25(node_.weight, static_cast<float>(postings_.freq()), context_->LengthOf(doc_));
  }

  void AppendMatches(IntervalList* matches) override {
    const BoundSegmentTerm& term = node_.term->segments[context_->segment_index];
    PostingsUnion surface(context_, term.surface);
    if (surface.NextGeq(doc_) != doc_) return;
    std::vector<Position> positions;
    surface.AppendPositions(&positions);
    for (const Position p : positions) matches->push_back({p, p, 0});
  }

  Explanation Explain() override {
    const float freq = static_cast<float>(postings_.freq());
    return ExplainBm25(node_, freq, context_->LengthOf(doc_),
                       {freq, "freq, occurrences in the document", {}});
  }

 private:
  const BoundNode& node_;
  MatchContext* context_;
  PostingsUnion postings_;
};

// ---- Phrases, proximity, regions ---------------------------------------------------------------

class IntervalsMatcher : public Matcher {
 public:
  IntervalsMatcher(const BoundNode& node, MatchContext* context)
      : node_(node), context_(context), source_(MakeIntervalSource(*node.intervals, context)) {
    if (node.score_children) {
      for (const auto& child : node.children) words_.push_back(MakeMatcher(*child, context));
    }
    doc_ = source_->doc();
  }

  DocId NextGeq(DocId target) override { return doc_ = source_->NextGeq(target); }
  uint64_t cost() const override { return source_->cost(); }
  bool Matches() override { return !source_->Intervals().empty(); }

  float Score() override {
    if (node_.score_children) return ScoreWords();
    return Bm25(node_.weight, Freq(), context_->LengthOf(doc_));
  }

  void AppendMatches(IntervalList* matches) override {
    const IntervalList& found = source_->Intervals();
    matches->insert(matches->end(), found.begin(), found.end());
  }

  Explanation Explain() override {
    if (node_.score_children) return ExplainWords();
    Explanation freq{Freq(), "freq, sum over the matches", {}};
    for (const Interval& interval : source_->Intervals()) {
      const uint32_t gap = node_.use_kernel ? interval.gap : 0;
      freq.children.push_back({ProximityKernel(gap),
                               absl::StrCat("positions ", interval.first, " to ", interval.last,
                                            ", gap ", gap, ": 1 / (1 + gap)"),
                               {}});
    }
    return ExplainBm25(node_, Freq(), context_->LengthOf(doc_), std::move(freq));
  }

 private:
  float Freq() {
    gaps_.clear();
    for (const Interval& interval : source_->Intervals()) {
      gaps_.push_back(node_.use_kernel ? interval.gap : 0);
    }
    return SumKernels(gaps_);
  }

  float ScoreWords() {
    float sum = 0.0f;
    for (const auto& word : words_) {
      if (word->NextGeq(doc_) == doc_) sum += word->Score();
    }
    return sum;
  }

  Explanation ExplainWords() {
    Explanation e{ScoreWords(), absl::StrCat(node_.label, ": sum of its words"), {}};
    for (const auto& word : words_) {
      if (word->NextGeq(doc_) == doc_) e.children.push_back(word->Explain());
    }
    return e;
  }

  const BoundNode& node_;
  MatchContext* context_;
  std::unique_ptr<IntervalSource> source_;
  std::vector<std::unique_ptr<Matcher>> words_;
  std::vector<uint32_t> gaps_;
};

// ---- Documents by what is beside their text ----------------------------------------------------

// Every document of the segment is a candidate.
class AllMatcher : public Matcher {
 public:
  explicit AllMatcher(MatchContext* context)
      : context_(context), num_docs_(context->segment->num_docs()) {
    doc_ = num_docs_ == 0 ? kNoMoreDocs : 0;
  }

  DocId NextGeq(DocId target) override {
    if (doc_ >= target) return doc_;
    return doc_ = target < num_docs_ && context_->status.ok() ? target : kNoMoreDocs;
  }
  uint64_t cost() const override { return num_docs_; }
  float Score() override { return 0.0f; }
  Explanation Explain() override { return {0.0, "every document: not scored", {}}; }

 protected:
  MatchContext* context_;
  uint32_t num_docs_;
};

class ColumnMatcher : public AllMatcher {
 public:
  ColumnMatcher(const BoundNode& node, MatchContext* context)
      : AllMatcher(context), node_(node), column_(context->segment->columns().Find(node.column)) {
    if (column_ == nullptr) {
      doc_ = kNoMoreDocs;
      num_docs_ = 0;
    } else if (column_->type() == StoredColumnType::kText) {
      FindOrdinals();
    }
  }

  bool Matches() override {
    if (column_ == nullptr) return false;
    if (decided_ != doc_) {
      matches_ = AnyValueMatches();
      decided_ = doc_;
    }
    return matches_;
  }

  Explanation Explain() override {
    return {0.0, absl::StrCat(node_.label, ": a filter, not scored"), {}};
  }

 private:
  template <typename T>
  T Checked(absl::StatusOr<T> value) {
    if (value.ok()) return *std::move(value);
    context_->Fail(value.status());
    return T{};
  }

  void FindOrdinals() {
    auto view = [](const std::optional<std::string>& s) -> std::optional<std::string_view> {
      if (!s.has_value()) return std::nullopt;
      return *s;
    };
    ordinals_ = Checked(column_->FindTextRange(view(node_.lower_text), !node_.lower_text_open,
                                               view(node_.upper_text), !node_.upper_text_open));
  }

  bool AnyValueMatches() {
    const uint32_t num_values = Checked(column_->NumValues(doc_));
    for (uint32_t i = 0; i < num_values; ++i) {
      if (ValueMatches(i)) return true;
    }
    return false;
  }

  bool ValueMatches(uint32_t i) {
    switch (column_->type()) {
      case StoredColumnType::kText: {
        const uint32_t ordinal = Checked(column_->Ordinal(doc_, i));
        return ordinals_.first <= ordinal && ordinal < ordinals_.second;
      }
      case StoredColumnType::kReal:
        return RealMatches(Checked(column_->Real(doc_, i)));
      case StoredColumnType::kInteger:
        if (node_.lower_real.has_value() || node_.upper_real.has_value()) {
          return RealMatches(Checked(column_->Real(doc_, i)));
        }
        return IntegerMatches(Checked(column_->Integer(doc_, i)));
      case StoredColumnType::kDate:
        return IntegerMatches(Checked(column_->Integer(doc_, i)));
    }
    return false;
  }

  bool IntegerMatches(int64_t value) const {
    return (!node_.lower_integer.has_value() || value >= *node_.lower_integer) &&
           (!node_.upper_integer.has_value() || value <= *node_.upper_integer);
  }

  bool RealMatches(double value) const {
    if (node_.lower_real.has_value() &&
        (node_.lower_real_open ? value <= *node_.lower_real : value < *node_.lower_real)) {
      return false;
    }
    return !node_.upper_real.has_value() ||
           (node_.upper_real_open ? value < *node_.upper_real : value <= *node_.upper_real);
  }

  const BoundNode& node_;
  const ColumnReader* column_;
  std::pair<uint32_t, uint32_t> ordinals_ = {0, 0};
  DocId decided_ = kNoMoreDocs;
  bool matches_ = false;
};

class NoneMatcher : public Matcher {
 public:
  DocId NextGeq(DocId) override { return doc_; }
  bool Matches() override { return false; }
  float Score() override { return 0.0f; }
  uint64_t cost() const override { return 0; }
  Explanation Explain() override { return {0.0, "nothing", {}}; }
};

}  // namespace

std::unique_ptr<Matcher> MakeTermMatcher(const BoundNode& node, MatchContext* context) {
  return std::make_unique<TermMatcher>(node, context);
}

std::unique_ptr<Matcher> MakeIntervalsMatcher(const BoundNode& node, MatchContext* context) {
  return std::make_unique<IntervalsMatcher>(node, context);
}

std::unique_ptr<Matcher> MakeColumnMatcher(const BoundNode& node, MatchContext* context) {
  return std::make_unique<ColumnMatcher>(node, context);
}

std::unique_ptr<Matcher> MakeAllMatcher(MatchContext* context) {
  return std::make_unique<AllMatcher>(context);
}

std::unique_ptr<Matcher> MakeNoneMatcher() { return std::make_unique<NoneMatcher>(); }

}  // namespace ibid
