#include "searcher/topk/code_filter.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace ibid {
namespace {

constexpr uint32_t kRangesAtOnce = 64;

}  // namespace

void CodeFilter::Add(const RangeImpacts& word) {
  codes_.push_back(word.codes.data());
  values_.resize(16 * codes_.size());
  SetLeast(codes_.size() - 1, 1);
}

void CodeFilter::SetLeast(size_t word, uint32_t least) {
  for (uint32_t code = 0; code < 16; ++code) values_[16 * word + code] = code >= least ? 1 : 0;
}

bool CodeFilter::Select(DocId first, DocId last) {
  first_range_ = first / kCodesPerRange;
  const uint32_t count = last / kCodesPerRange + 1 - first_range_;
  masks_.resize(count);
  for (uint32_t from = 0; from < count; from += kRangesAtOnce) {
    std::array<uint32_t, kRangesAtOnce> ranges;
    const uint32_t at_once = std::min(kRangesAtOnce, count - from);
    std::iota(ranges.begin(), ranges.begin() + at_once, first_range_ + from);
    SelectByCodes(codes_.data(), values_.data(), codes_.size(), ranges.data(), at_once,
                  static_cast<uint8_t>(codes_.size()), &masks_[from]);
  }
  masks_.front() &= ~uint64_t{0} << first % kCodesPerRange;
  masks_.back() &= ~uint64_t{0} >> (kCodesPerRange - 1 - last % kCodesPerRange);
  return std::any_of(masks_.begin(), masks_.end(), [](uint64_t mask) { return mask != 0; });
}

}  // namespace ibid
