#include "searcher/topk/coded_docs.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "common/codec/scan.h"

namespace ibid {
namespace {

constexpr float kUnbounded = std::numeric_limits<float>::infinity();
constexpr uint32_t kRangesAtOnce = 64;
// The threshold, in the units of the values that are added up.
constexpr uint8_t kUnits = 200;
// So many documents, and so many times those that are wanted, wait until the best are decided.
constexpr size_t kMostWaiting = 256;
constexpr size_t kMostWaitingTimes = 4;
constexpr uint32_t kFirstAtOnce = 32;
constexpr uint32_t kInOrderAtOnce = 64;
// Ranges are taken in two parts where there are so many; the first has about one of so many.
constexpr uint32_t kRangesInParts = 1024;
constexpr size_t kSamples = 512, kFirstPart = 64;

}  // namespace

CodedDocs::CodedDocs(uint32_t num_docs, std::vector<Term> terms, Options options)
    : num_ranges_(NumRanges(num_docs, kFineRangeShift)),
      terms_(std::move(terms)),
      options_(options),
      sums_(RangeStride(num_docs, kFineRangeShift)),
      present_(16 * terms_.size(), 1) {
  const uint64_t wanted = std::min<uint64_t>(options.k, num_docs);
  most_waiting_ = std::max<size_t>(kMostWaiting, kMostWaitingTimes * wanted);
  at_once_ = static_cast<uint32_t>(std::clamp<uint64_t>(wanted, kFirstAtOnce, kMostChosen));
  if (options.in_order) most_waiting_ = at_once_ = kInOrderAtOnce;
  for (size_t t = 0; t < terms_.size(); ++t) {
    codes_.push_back(terms_[t].impacts->codes.data());
    present_[16 * t] = 0;
    AddScaledBytes(terms_[t].impacts->fine.data(), static_cast<uint32_t>(sums_.size()),
                   terms_[t].scale / 255.0f, sums_.data());
  }
}

void CodedDocs::Run(float threshold, const std::function<bool(DocId, uint32_t)>& should_stop,
                    const Decide& decide, uint64_t* ranges_tested) {
  should_stop_ = &should_stop;
  decide_ = &decide;
  NoteThreshold(threshold);
  const bool in_parts = !options_.in_order && num_ranges_ >= kRangesInParts;
  const float few = in_parts ? SumOfFew() : -kUnbounded;
  bool whole = Scan(few, kUnbounded);
  if (whole && in_parts) {
    while (!waiting_.empty()) DecideWaiting();
    whole = Scan(-kUnbounded, few);
  }
  while (whole && !waiting_.empty()) DecideWaiting();
  *ranges_tested += ranges_tested_;
}

// A sum that about one range of kFirstPart reaches.
float CodedDocs::SumOfFew() const {
  std::array<float, kSamples> samples;
  const size_t step = num_ranges_ / kSamples;
  for (size_t i = 0; i < kSamples; ++i) samples[i] = sums_[i * step];
  const auto place = samples.begin() + kSamples / kFirstPart;
  std::nth_element(samples.begin(), place, samples.end(), std::greater<float>());
  return *place;
}

// The ranges whose sums are at least `from`, but below `below`. False: told to stop.
bool CodedDocs::Scan(float from, float below) {
  for (uint32_t range = 0; range < num_ranges_ && below > threshold_;) {
    if ((*should_stop_)(range << kFineRangeShift, kRangesAtOnce << kFineRangeShift)) return false;
    const float least = std::max(from, threshold_);
    std::array<uint32_t, kRangesAtOnce> live;
    uint32_t count = 0;
    for (; range < num_ranges_ && count < kRangesAtOnce; ++range) {
      live[count] = range;
      count += sums_[range] >= least && sums_[range] < below ? 1 : 0;
    }
    Wait(live.data(), count);
    if (waiting_.size() < most_waiting_) continue;
    while (waiting_.size() > most_waiting_ / 2) DecideWaiting();
  }
  return true;
}

// Adds to those that wait the documents of the ranges that reach the threshold.
void CodedDocs::Wait(const uint32_t* ranges, uint32_t count) {
  ranges_tested_ += count;
  std::array<uint64_t, kRangesAtOnce> masks, common;
  SelectByCodes(codes_.data(), values_.data(), codes_.size(), ranges, count, least_, masks.data());
  std::array<uint32_t, kRangesAtOnce> left;
  uint32_t num_left = 0;
  for (uint32_t i = 0; i < count; ++i) {
    left[num_left] = ranges[i];
    masks[num_left] = masks[i];
    num_left += masks[i] != 0 ? 1 : 0;
  }
  if (options_.every) {
    SelectByCodes(codes_.data(), present_.data(), codes_.size(), left.data(), num_left,
                  static_cast<uint8_t>(codes_.size()), common.data());
  }
  for (uint32_t i = 0; i < num_left; ++i) {
    for (uint64_t mask = options_.every ? masks[i] & common[i] : masks[i]; mask != 0;
         mask &= mask - 1) {
      const DocId doc = left[i] * kCodesPerRange + static_cast<uint32_t>(std::countr_zero(mask));
      float bound = 0.0f;
      for (const Term& term : terms_) bound += term.scale * term.impacts->ShareOf(doc);
      if (bound >= threshold_) waiting_.push_back({bound, doc});
    }
  }
}

// Has the most promising of those that wait decided, and drops the others that this leaves behind.
void CodedDocs::DecideWaiting() {
  const size_t count = std::min<size_t>(waiting_.size(), at_once_);
  const auto behind = waiting_.begin() + static_cast<ptrdiff_t>(count);
  if (!options_.in_order) {
    std::nth_element(waiting_.begin(), behind - 1, waiting_.end(),
                     [](const Chosen& a, const Chosen& b) { return a.bound > b.bound; });
    std::sort(waiting_.begin(), behind,
              [](const Chosen& a, const Chosen& b) { return a.doc < b.doc; });
    at_once_ = std::min(2 * at_once_, kMostChosen);
  }
  NoteThreshold((*decide_)({waiting_.data(), count}));
  waiting_.erase(waiting_.begin(), behind);
  std::erase_if(waiting_, [this](const Chosen& chosen) { return chosen.bound < threshold_; });
}

// Without a threshold above 0 every document that has a term is chosen.
void CodedDocs::NoteThreshold(float threshold) {
  if (threshold == threshold_ && !values_.empty()) return;
  threshold_ = threshold;
  const bool bounded = threshold > 0;
  least_ = bounded ? kUnits : 1;
  values_.clear();
  for (const Term& term : terms_) {
    values_.push_back(0);
    for (uint32_t code = 1; code < 16; ++code) {
      const float score = term.scale * term.impacts->shares[code];
      const float units = bounded ? std::ceil(score / threshold * float{kUnits}) : 255.0f;
      values_.push_back(static_cast<uint8_t>(std::min(255.0f, units)));
    }
  }
}

}  // namespace ibid
