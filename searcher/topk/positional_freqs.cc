#include "searcher/topk/positional_freqs.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "common/codec/bit_packing.h"
#include "common/codec/scan.h"
#include "searcher/match/intervals.h"
#include "searcher/rank/bm25.h"

namespace ibid {
namespace {

// Candidates are looked through as if they were one document: a place is the candidate's number in
// the high bits and the position in the low ones. Phrases take their words' offsets from places, so
// a half of the low bits is left free below.
constexpr uint32_t kPositionBits = 28;
constexpr uint32_t kCandidatesAtOnce = 16;
constexpr Position kZeroOfPhrases = Position{1} << 27;
// A document has fewer tokens than bytes (limits.h): positions at or above this are damage.
constexpr Position kPositionsEnd = Position{1} << 27;
constexpr uint32_t kMostGap = Position{1} << 26;
static_assert(uint64_t{kCandidatesAtOnce} << kPositionBits == uint64_t{1} << 32);
static_assert(kMaxDocumentBytes <= kMostGap);
// So many positions of the words together are read at once; of one candidate all.
constexpr uint64_t kPositionsAtOnce = 1 << 13;

IntervalList AsIntervals(std::span<const Position> positions) {
  IntervalList intervals;
  for (const Position p : positions) intervals.push_back({p, p, 0});
  return intervals;
}

// Up to here frequencies are summed from place to place.
constexpr size_t kFewPlaces = 4;

}  // namespace

void NoteStarts(uint64_t before, const uint32_t* freqs, std::span<const uint32_t> places,
                uint64_t* starts) {
  if (places.size() <= kFewPlaces) {
    uint32_t at = 0;
    for (const uint32_t place : places) {
      *starts++ = before = std::accumulate(freqs + at, freqs + place, before);
      at = place;
    }
    return;
  }
  std::array<uint64_t, kBlockLength> sums;
  for (uint32_t i = 0; i <= places.back(); before += freqs[i], ++i) sums[i] = before;
  for (const uint32_t place : places) *starts++ = sums[place];
}

std::optional<PositionalFreqs> PositionalFreqs::For(
    const PlanClause& clause, const std::function<uint32_t(const TermInfo&)>& find,
    MatchContext* context) {
  using Kind = IntervalNode::Kind;
  if (clause.is_term || clause.optional || clause.node->score_children) return std::nullopt;
  const IntervalNode& node = *clause.node->intervals;
  PositionalFreqs made(context);
  made.is_phrase_ = node.kind == Kind::kPhrase;
  made.ordered_ = node.kind == Kind::kOrdered;
  made.use_kernel_ = clause.node->use_kernel;
  made.max_gap_ = std::min(node.bounds.max_gap, kMostGap);
  const bool is_pair = (node.kind == Kind::kOrdered || node.kind == Kind::kUnordered) &&
                       node.children.size() == 2 && node.bounds.min_gap == 0 &&
                       !node.inside.has_value();
  if (!made.is_phrase_ && !is_pair) return std::nullopt;
  if (node.children.size() >= kZeroOfPhrases) return std::nullopt;
  for (uint32_t i = 0; i < node.children.size(); ++i) {
    const IntervalNode& child = *node.children[i];
    if (child.kind != Kind::kTerm) return std::nullopt;
    const BoundSegmentTerm& term = child.term->segments[context->segment_index];
    // A stem's positions are those of its forms.
    if (term.scoring.size() != 1 || term.surface.size() != 1) return std::nullopt;
    if (!(term.surface[0] == term.scoring[0])) return std::nullopt;
    const uint32_t list = find(term.scoring[0]);
    if (list == ProvidedLists::kNone) return std::nullopt;
    made.words_.push_back({list, i});
  }
  if (made.words_.empty()) return std::nullopt;
  for (const Word& word : made.words_) made.last_list_ = std::max(made.last_list_, word.list);
  if (is_pair && made.words_[0].list == made.words_[1].list) return std::nullopt;
  if (made.is_phrase_) {
    const uint32_t first = made.words_[0].offset;
    for (Word& word : made.words_) word.offset -= first;
    std::stable_sort(made.words_.begin(), made.words_.end(),
                     [](const Word& a, const Word& b) { return a.list < b.list; });
  }
  return made;
}

std::optional<PositionalFreqs> PositionalFreqs::RarestPair() const {
  if (!is_phrase_ || words_.size() < 3) return std::nullopt;
  PositionalFreqs pair(*this);
  pair.words_.resize(2);
  pair.last_list_ = words_[1].list;
  return pair;
}

void PositionalFreqs::Evaluate(std::span<const CandidateList> lists, const DocId* docs,
                               std::span<const uint32_t> candidates, float* freqs) {
  for (const uint32_t c : candidates) freqs[c] = 0.0f;
  while (!candidates.empty() && context_->status.ok()) {
    uint64_t num_positions = 0;
    size_t count = 0;
    for (; count < std::min<size_t>(candidates.size(), kCandidatesAtOnce); ++count) {
      for (const Word& word : words_) num_positions += lists[word.list].freqs[candidates[count]];
      if (count > 0 && num_positions > kPositionsAtOnce) break;
    }
    present_ = candidates.first(count);
    candidates = candidates.subspan(count);
    if (is_phrase_) {
      EvaluatePhrase(lists, freqs);
    } else {
      EvaluatePair(lists, docs, freqs);
    }
    context_->CountSteps(num_positions);
  }
}

// Of the candidates with these numbers among present_. False at damage.
bool PositionalFreqs::ReadPlaces(const CandidateList& list, std::span<const uint32_t> numbers,
                                 Position zero, std::vector<Position>* places) {
  runs_.clear();
  for (const uint32_t number : numbers) {
    const uint32_t c = present_[number];
    runs_.push_back({list.starts[c], list.freqs[c], (number << kPositionBits) + zero});
  }
  places->clear();
  if (list.cursor->AppendPositionsOf(runs_, kPositionsEnd, places)) return true;
  context_->Fail(list.cursor->status());
  return false;
}

// The places where the phrase may begin, by its rarest word; each further word leaves some.
void PositionalFreqs::EvaluatePhrase(std::span<const CandidateList> lists, float* freqs) {
  std::array<uint32_t, kCandidatesAtOnce> numbers;
  std::iota(numbers.begin(), numbers.end(), 0);
  size_t num_left = present_.size();
  for (const Word& word : words_) {
    const bool is_rarest = &word == &words_.front();
    std::vector<Position>& places = is_rarest ? first_ : second_;
    const Position zero = kZeroOfPhrases - word.offset;
    if (!ReadPlaces(lists[word.list], {numbers.data(), num_left}, zero, &places)) return;
    if (is_rarest) continue;
    in_first_.resize(std::max(in_first_.size(), first_.size() + kScanSlack));
    in_second_.resize(in_first_.size());
    const uint32_t kept =
        IntersectSorted(first_.data(), static_cast<uint32_t>(first_.size()), second_.data(),
                        static_cast<uint32_t>(second_.size()), in_first_.data(), in_second_.data());
    num_left = 0;
    for (uint32_t i = 0; i < kept; ++i) {
      first_[i] = first_[in_first_[i]];
      const uint32_t number = first_[i] >> kPositionBits;
      if (num_left == 0 || numbers[num_left - 1] != number) numbers[num_left++] = number;
    }
    first_.resize(kept);
  }
  gaps_.resize(std::max(gaps_.size(), first_.size()), 0);
  for (size_t i = 0; i < first_.size();) {
    const uint32_t number = first_[i] >> kPositionBits;
    size_t end = i + 1;
    while (end < first_.size() && first_[end] >> kPositionBits == number) ++end;
    freqs[present_[number]] = SumKernels({gaps_.data(), end - i});
    i = end;
  }
}

void PositionalFreqs::EvaluatePair(std::span<const CandidateList> lists, const DocId* docs,
                                   float* freqs) {
  std::array<uint32_t, kCandidatesAtOnce> numbers;
  std::iota(numbers.begin(), numbers.end(), 0);
  const std::span<const uint32_t> all(numbers.data(), present_.size());
  if (!ReadPlaces(lists[words_[0].list], all, 0, &first_)) return;
  if (!ReadPlaces(lists[words_[1].list], all, 0, &second_)) return;
  FindPairs(lists);
  if (!intervals_.empty()) SumPairs(docs, freqs);
}

// intervals_, in places.
void PositionalFreqs::FindPairs(std::span<const CandidateList> lists) {
  const size_t fewer = std::min(first_.size(), second_.size());
  const size_t more = std::max(first_.size(), second_.size());
  if (fewer * kLopsidedPair >= more) return PairsOf(first_, second_, &intervals_);
  intervals_.clear();
  std::span<const Position> a = first_, b = second_;
  for (const uint32_t c : present_) {
    const size_t freq_a = lists[words_[0].list].freqs[c], freq_b = lists[words_[1].list].freqs[c];
    PairsOf(a.first(freq_a), b.first(freq_b), &of_one_);
    intervals_.insert(intervals_.end(), of_one_.begin(), of_one_.end());
    a = a.subspan(freq_a);
    b = b.subspan(freq_b);
  }
}

void PositionalFreqs::PairsOf(std::span<const Position> a, std::span<const Position> b,
                              IntervalList* out) const {
  if (WordPairIntervals(a, b, ordered_, max_gap_, out)) return;
  const IntervalList both[] = {AsIntervals(a), AsIntervals(b)};
  StepBudget unlimited;  // two lists take linear time
  *out = ordered_ ? OrderedIntervals(both, {0, max_gap_}, &unlimited)
                  : UnorderedIntervals(both, {0, max_gap_}, &unlimited);
}

// Matches lie inside one field.
void PositionalFreqs::SumPairs(const DocId* docs, float* freqs) {
  for (size_t i = 0; i < intervals_.size();) {
    const uint32_t number = intervals_[i].first >> kPositionBits;
    const uint32_t c = present_[number];
    const absl::StatusOr<uint32_t> title = context_->segment->regions().TitleTokens(docs[c]);
    if (!title.ok()) return context_->Fail(title.status());
    const uint64_t border = (uint64_t{number} << kPositionBits) + *title;
    gaps_.clear();
    for (; i < intervals_.size() && intervals_[i].first >> kPositionBits == number; ++i) {
      if (intervals_[i].first < border && intervals_[i].last >= border) continue;
      gaps_.push_back(use_kernel_ ? intervals_[i].gap : 0);
    }
    freqs[c] = SumKernels(gaps_);
  }
}

}  // namespace ibid
