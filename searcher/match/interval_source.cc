#include "searcher/match/interval_source.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/memory_guard.h"
#include "searcher/match/postings_union.h"

namespace ibid {
namespace {

void FailBudget(MatchContext* context) {
  context->Fail(absl::ResourceExhaustedError(
      absl::StrCat("query: a proximity operator needs more than ", context->max_interval_steps,
                   " steps in one document (limit max_interval_steps); use fewer operands or a "
                   "smaller distance")));
}

// The steps of one operator in one document, given in parts: behind each the time is looked at.
class Steps {
 public:
  explicit Steps(MatchContext* context)
      : context_(*context),
        left_(static_cast<int64_t>(std::min<uint64_t>(context->max_interval_steps, INT64_MAX))),
        budget_{TakePart(), [this] { return NextPart(); }} {}
  Steps(const Steps&) = delete;
  Steps& operator=(const Steps&) = delete;
  ~Steps() {
    const absl::Status told = GuardMemory("matching", [this] {
      if (budget_.exhausted() && context_.status.ok()) FailBudget(&context_);
      context_.CountSteps(static_cast<uint64_t>(part_ - std::max<int64_t>(0, budget_.steps)));
      return absl::OkStatus();
    });
    if (!told.ok()) context_.Fail(told);
  }
  StepBudget* budget() { return &budget_; }

 private:
  int64_t TakePart() {
    part_ = std::min(left_, static_cast<int64_t>(context_.steps_until_check));
    left_ -= part_;
    return part_;
  }
  int64_t NextPart() {
    context_.CountSteps(static_cast<uint64_t>(std::exchange(part_, 0)));
    return context_.status.ok() ? TakePart() : 0;
  }

  MatchContext& context_;
  int64_t left_;
  int64_t part_ = 0;  // of them, the present one
  StepBudget budget_;
};

DocRegions RegionsOf(MatchContext* context, DocId doc) {
  DocRegions regions;
  const absl::Status status = context->segment->regions().Get(doc, &regions);
  if (!status.ok()) context->Fail(status);
  return regions;
}

uint32_t TitleTokensOf(MatchContext* context, DocId doc) {
  const absl::StatusOr<uint32_t> tokens = context->segment->regions().TitleTokens(doc);
  if (tokens.ok()) return *tokens;
  context->Fail(tokens.status());
  return 0;
}

void KeepInsideRegion(RegionKind kind, const DocRegions& regions, IntervalList* intervals) {
  switch (kind) {
    case RegionKind::kTitle: {
      const PositionRange range = regions.title();
      return KeepInside({&range, 1}, intervals);
    }
    case RegionKind::kText: {
      const PositionRange range = regions.text();
      return KeepInside({&range, 1}, intervals);
    }
    case RegionKind::kSentence:
      return KeepInsideConsecutive(regions.sentence_ends, intervals);
    case RegionKind::kParagraph:
      return KeepInsideConsecutive(regions.paragraph_ends, intervals);
    case RegionKind::kQuotation:
      return KeepInside(regions.quotations, intervals);
  }
}

// ---- Words -------------------------------------------------------------------------------------

class TermSource : public IntervalSource {
 public:
  TermSource(const IntervalNode& node, MatchContext* context)
      : provided_(context->provided),
        provided_list_(FindProvided(node, context)),
        documents_(context,
                   ProvidesDocuments() ? std::span<const TermInfo>() : Term(node, context).scoring),
        surface_(context, SurfaceIfOther(Term(node, context))),
        cost_(CostOf(Term(node, context))) {
    doc_ = ProvidesDocuments() ? 0 : documents_.doc();
  }

  DocId NextGeq(DocId target) override {
    if (ProvidesDocuments()) return doc_ = std::max(doc_, target);
    return doc_ = documents_.NextGeq(target);
  }
  uint64_t cost() const override { return cost_; }

  const std::vector<Position>& Positions() {
    if (ProvidesDocuments() && surface_.cost() == 0) return provided_->Positions(provided_list_);
    if (positions_of_ != doc_) {
      positions_.clear();
      if (surface_.cost() == 0) {
        documents_.AppendPositions(&positions_);
      } else if (surface_.NextGeq(doc_) == doc_) {
        surface_.AppendPositions(&positions_);
      }
      positions_of_ = doc_;
    }
    return positions_;
  }

 private:
  static const BoundSegmentTerm& Term(const IntervalNode& node, MatchContext* context) {
    return node.term->segments[context->segment_index];
  }
  // A stem of several forms has a list of its own for documents; its positions are its forms'.
  static std::span<const TermInfo> SurfaceIfOther(const BoundSegmentTerm& term) {
    if (term.scoring.size() == 1 && term.surface.size() > 1) return term.surface;
    return {};
  }
  static uint64_t CostOf(const BoundSegmentTerm& term) {
    uint64_t cost = 0;
    for (const TermInfo& info : term.scoring) cost += info.doc_freq;
    return cost;
  }
  static uint32_t FindProvided(const IntervalNode& node, MatchContext* context) {
    const std::vector<TermInfo>& lists = Term(node, context).scoring;
    if (context->provided == nullptr || lists.size() != 1) return ProvidedLists::kNone;
    return context->provided->Find(lists[0]);
  }
  bool ProvidesDocuments() const { return provided_list_ != ProvidedLists::kNone; }

  void Evaluate() override {
    intervals_.clear();
    for (const Position p : Positions()) intervals_.push_back({p, p, 0});
  }

  ProvidedLists* provided_;
  uint32_t provided_list_;
  PostingsUnion documents_;
  PostingsUnion surface_;
  uint64_t cost_;
  std::vector<Position> positions_;
  DocId positions_of_ = kNoMoreDocs;
};

// ---- Operators over several sources ------------------------------------------------------------

// Stands on documents that every child may match.
class ConjunctionSource : public IntervalSource {
 public:
  uint64_t cost() const override { return children_.empty() ? 0 : by_cost_.front()->cost(); }

  DocId NextGeq(DocId target) override {
    if (doc_ >= target) return doc_;
    return doc_ = Align(target);
  }

 protected:
  explicit ConjunctionSource(MatchContext* context) : context_(context) {}

  void Start() {
    for (const auto& child : children_) by_cost_.push_back(child.get());
    std::stable_sort(by_cost_.begin(), by_cost_.end(),
                     [](const auto* a, const auto* b) { return a->cost() < b->cost(); });
    doc_ = children_.empty() ? kNoMoreDocs : Align(0);
  }

  MatchContext* context_;
  std::vector<std::unique_ptr<IntervalSource>> children_;

 private:
  DocId Align(DocId target) {
    for (size_t i = 0; i < by_cost_.size();) {
      const DocId doc = by_cost_[i]->NextGeq(target);
      if (doc == target || i == 0) {
        target = doc;
        if (target == kNoMoreDocs) return target;
        ++i;
      } else {
        target = doc;
        if (target == kNoMoreDocs) return target;
        i = 0;
      }
    }
    return target;
  }

  std::vector<IntervalSource*> by_cost_;
};

// Words (and any-words) at fixed offsets, exact or sloppy.
class PhraseSource : public ConjunctionSource {
 public:
  PhraseSource(const IntervalNode& node, MatchContext* context)
      : ConjunctionSource(context),
        sloppy_(node.kind == IntervalNode::Kind::kSloppy),
        slop_(node.slop),
        length_(static_cast<uint32_t>(node.children.size())) {
    for (uint32_t i = 0; i < length_; ++i) {
      const IntervalNode& child = *node.children[i];
      if (child.kind == IntervalNode::Kind::kAnyWord) {
        has_any_word_ = true;
        continue;
      }
      auto source = std::make_unique<TermSource>(child, context);
      terms_.push_back(source.get());
      children_.push_back(std::move(source));
      offsets_.push_back(i);
      groups_.push_back(child.term->group);
    }
    by_doc_freq_.resize(terms_.size());
    std::iota(by_doc_freq_.begin(), by_doc_freq_.end(), 0);
    std::stable_sort(by_doc_freq_.begin(), by_doc_freq_.end(), [this](uint32_t a, uint32_t b) {
      return terms_[a]->cost() < terms_[b]->cost();
    });
    Start();
  }

 private:
  void Evaluate() override {
    if (!sloppy_) return EvaluateExact();
    lists_.clear();
    for (TermSource* term : terms_) lists_.push_back(term->Positions());
    if (!context_->status.ok()) return intervals_.clear();
    {
      Steps steps(context_);
      intervals_ = SloppyIntervals(lists_, offsets_, groups_, slop_, steps.budget());
    }
    if (!intervals_.empty()) KeepInsideOneField(TitleTokensOf(context_, doc_), &intervals_);
  }

  // The places where the phrase may begin, by its rarest word; each further word leaves some.
  void EvaluateExact() {
    intervals_.clear();
    starts_.clear();
    for (const uint32_t i : by_doc_freq_) {
      const std::vector<Position>& positions = terms_[i]->Positions();
      const uint32_t offset = offsets_[i] - offsets_.front();
      if (i == by_doc_freq_.front()) {
        for (const Position p : positions) {
          if (p >= offset) starts_.push_back(p - offset);
        }
      } else {
        KeepFollowed(positions, offset, &starts_);
      }
      context_->CountSteps(positions.size());
      if (starts_.empty() || !context_->status.ok()) return;
    }
    const uint32_t length = offsets_.back() - offsets_.front();
    for (const Position start : starts_) intervals_.push_back({start, start + length, 0});
    if (has_any_word_) CoverAnyWords();
  }

  // `*` stands for a word: the phrase, with those at its ends, lies inside one field.
  void CoverAnyWords() {
    if (intervals_.empty()) return;
    const DocRegions regions = RegionsOf(context_, doc_);
    const uint32_t before = offsets_.front();
    const uint32_t behind = length_ - 1 - offsets_.back();
    const PositionRange fields[] = {regions.title(), regions.text()};
    std::erase_if(intervals_, [before](const Interval& i) { return i.first < before; });
    for (Interval& interval : intervals_) {
      interval.first -= before;
      interval.last += behind;
    }
    KeepInside(fields, &intervals_);
  }

  bool sloppy_;
  uint32_t slop_;
  uint32_t length_;
  bool has_any_word_ = false;
  std::vector<TermSource*> terms_;
  std::vector<uint32_t> offsets_;
  std::vector<uint32_t> groups_;
  std::vector<uint32_t> by_doc_freq_;  // places in terms_
  std::vector<Position> starts_;
  std::vector<std::span<const Position>> lists_;
};

class ProximitySource : public ConjunctionSource {
 public:
  ProximitySource(const IntervalNode& node, MatchContext* context)
      : ConjunctionSource(context),
        ordered_(node.kind == IntervalNode::Kind::kOrdered),
        bounds_(node.bounds),
        inside_(node.inside) {
    for (const auto& child : node.children) {
      if (child->kind == IntervalNode::Kind::kTerm) {
        auto word = std::make_unique<TermSource>(*child, context);
        words_.push_back(word.get());
        children_.push_back(std::move(word));
      } else {
        children_.push_back(MakeIntervalSource(*child, context));
      }
    }
    if (words_.size() < children_.size()) words_.clear();
    std::stable_sort(words_.begin(), words_.end(),
                     [](const auto* a, const auto* b) { return a->cost() < b->cost(); });
    Start();
  }

 private:
  // Whether each word has a place near one of the rarest word's, which most documents do not.
  bool WordsComeNear() {
    if (words_.size() < 2) return true;
    const uint64_t reach = uint64_t{bounds_.max_gap} + words_.size() - 1;
    const std::vector<Position>& first = words_[0]->Positions();
    return std::all_of(words_.begin() + 1, words_.end(), [&first, reach](TermSource* word) {
      return AnyWithin(first, word->Positions(), reach);
    });
  }

  // Two words: most of what is asked for, and without lists of intervals.
  bool EvaluateWordPair() {
    if (children_.size() != 2 || words_.size() != 2 || bounds_.min_gap > 0) return false;
    // In the chain's order, not the rarest first.
    const auto& a = static_cast<TermSource*>(children_[0].get())->Positions();
    const auto& b = static_cast<TermSource*>(children_[1].get())->Positions();
    context_->CountSteps(a.size() + b.size());
    return WordPairIntervals(a, b, ordered_, bounds_.max_gap, &intervals_);
  }

  void Evaluate() override {
    if (!context_->status.ok()) return intervals_.clear();
    if (EvaluateWordPair()) return KeepInsideRegions();
    if (!WordsComeNear()) return intervals_.clear();
    lists_.clear();
    for (const auto& child : children_) lists_.push_back(child->Intervals());
    {
      Steps steps(context_);
      intervals_ = ordered_ ? OrderedIntervals(lists_, bounds_, steps.budget())
                            : UnorderedIntervals(lists_, bounds_, steps.budget());
    }
    KeepInsideRegions();
  }

  void KeepInsideRegions() {
    if (intervals_.empty()) return;
    if (inside_.has_value()) {
      KeepInsideRegion(*inside_, RegionsOf(context_, doc_), &intervals_);
    }
    KeepInsideOneField(TitleTokensOf(context_, doc_), &intervals_);
  }

  bool ordered_;
  GapBounds bounds_;
  std::optional<RegionKind> inside_;
  std::vector<TermSource*> words_;  // the children, rarest first, where all of them are words
  std::vector<IntervalList> lists_;
};

class UnionSource : public IntervalSource {
 public:
  UnionSource(const IntervalNode& node, MatchContext* context) : keep_gaps_(node.keep_gaps) {
    for (const auto& child : node.children) {
      children_.push_back(MakeIntervalSource(*child, context));
      cost_ += children_.back()->cost();
    }
    Settle();
  }

  uint64_t cost() const override { return cost_; }

  DocId NextGeq(DocId target) override {
    if (doc_ >= target) return doc_;
    for (const auto& child : children_) child->NextGeq(target);
    return Settle();
  }

 private:
  DocId Settle() {
    doc_ = kNoMoreDocs;
    for (const auto& child : children_) doc_ = std::min(doc_, child->doc());
    return doc_;
  }

  void Evaluate() override {
    lists_.clear();
    for (const auto& child : children_) {
      if (child->doc() == doc_) lists_.push_back(child->Intervals());
    }
    intervals_ = UnionIntervals(lists_, keep_gaps_);
  }

  bool keep_gaps_;
  std::vector<std::unique_ptr<IntervalSource>> children_;
  std::vector<IntervalList> lists_;
  uint64_t cost_ = 0;
};

class RegionSource : public IntervalSource {
 public:
  RegionSource(const IntervalNode& node, MatchContext* context)
      : context_(context),
        region_(node.region),
        child_(MakeIntervalSource(*node.children[0], context)) {
    doc_ = child_->doc();
  }

  uint64_t cost() const override { return child_->cost(); }
  DocId NextGeq(DocId target) override { return doc_ = child_->NextGeq(target); }

 private:
  void Evaluate() override {
    intervals_ = child_->Intervals();
    if (intervals_.empty()) return;
    KeepInsideRegion(region_, RegionsOf(context_, doc_), &intervals_);
  }

  MatchContext* context_;
  RegionKind region_;
  std::unique_ptr<IntervalSource> child_;
};

}  // namespace

std::unique_ptr<IntervalSource> MakeIntervalSource(const IntervalNode& node,
                                                   MatchContext* context) {
  switch (node.kind) {
    case IntervalNode::Kind::kTerm:
      return std::make_unique<TermSource>(node, context);
    case IntervalNode::Kind::kPhrase:
    case IntervalNode::Kind::kSloppy:
      return std::make_unique<PhraseSource>(node, context);
    case IntervalNode::Kind::kOrdered:
    case IntervalNode::Kind::kUnordered:
      return std::make_unique<ProximitySource>(node, context);
    case IntervalNode::Kind::kRegion:
      return std::make_unique<RegionSource>(node, context);
    case IntervalNode::Kind::kAnyWord:
    case IntervalNode::Kind::kUnion:
      break;
  }
  return std::make_unique<UnionSource>(node, context);
}

}  // namespace ibid
