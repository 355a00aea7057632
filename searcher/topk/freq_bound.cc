#include "searcher/topk/freq_bound.h"

#include <algorithm>
#include <array>
#include <limits>

#include "common/codec/bit_packing.h"

namespace ibid {
namespace {

constexpr float kUnbounded = std::numeric_limits<float>::infinity();

}  // namespace

float FreqBound::AtOdds(std::span<const float> values) const {
  if (kind_ == Kind::kUnknown) return kUnbounded;
  if (kind_ == Kind::kList) return values[list_];
  const float first = parts_.front().AtOdds(values);
  if (kind_ == Kind::kEnds) return std::min(first, parts_.back().AtOdds(values));
  float least = first, others = 0.0f;
  for (size_t i = 1; i < parts_.size(); ++i) {
    const float odds = parts_[i].AtOdds(values);
    least = std::min(least, odds);
    others += odds;
  }
  switch (kind_) {
    case Kind::kLeast:
      return least;
    case Kind::kPair:
      return std::min(2.0f * least, first + others);
    case Kind::kNeighbours:
      return 0.5f * (first + std::min(first, others));
    default:
      return first + others;
  }
}

void FreqBound::AtFreqs(std::span<const uint32_t* const> freqs, uint32_t size, float* out) const {
  if (kind_ == Kind::kUnknown || (kind_ == Kind::kList && freqs[list_] == nullptr)) {
    std::fill_n(out, size, kUnboundedFreq);
    return;
  }
  if (kind_ == Kind::kList) {
    std::copy_n(freqs[list_], size, out);
    return;
  }
  parts_.front().AtFreqs(freqs, size, out);
  std::array<float, kBlockLength> part, others, least;
  if (kind_ == Kind::kLeast || kind_ == Kind::kEnds) {
    for (size_t p = kind_ == Kind::kEnds ? parts_.size() - 1 : 1; p < parts_.size(); ++p) {
      parts_[p].AtFreqs(freqs, size, part.data());
      for (uint32_t i = 0; i < size; ++i) out[i] = std::min(out[i], part[i]);
    }
    return;
  }
  std::copy_n(out, size, least.data());
  std::fill_n(others.data(), size, 0.0f);
  for (size_t p = 1; p < parts_.size(); ++p) {
    parts_[p].AtFreqs(freqs, size, part.data());
    for (uint32_t i = 0; i < size; ++i) least[i] = std::min(least[i], part[i]);
    for (uint32_t i = 0; i < size; ++i) others[i] += part[i];
  }
  const float num_others = static_cast<float>(parts_.size() - 1);
  switch (kind_) {
    case Kind::kNeighbours:
      for (uint32_t i = 0; i < size; ++i) out[i] = 0.5f * (out[i] + std::min(out[i], others[i]));
      return;
    case Kind::kPair:
      for (uint32_t i = 0; i < size; ++i) {
        out[i] = std::min(2.0f * least[i], out[i] + others[i] - num_others);
      }
      return;
    case Kind::kWindows:
      for (uint32_t i = 0; i < size; ++i) out[i] += others[i] - num_others;
      return;
    default:
      for (uint32_t i = 0; i < size; ++i) out[i] += others[i];
  }
}

bool FreqBound::IsAtMost(uint32_t list) const {
  if (kind_ == Kind::kList) return list_ == list;
  return kind_ == Kind::kLeast &&
         std::any_of(parts_.begin(), parts_.end(),
                     [list](const FreqBound& part) { return part.IsAtMost(list); });
}

bool FreqBound::IsBoundedBy(uint32_t list) const {
  const auto bounded = [list](const FreqBound& part) { return part.IsBoundedBy(list); };
  switch (kind_) {
    case Kind::kUnknown:
      return false;
    case Kind::kList:
      return list_ == list;
    case Kind::kLeast:
    case Kind::kPair:
      return std::any_of(parts_.begin(), parts_.end(), bounded);
    case Kind::kEnds:
      return bounded(parts_.front()) || bounded(parts_.back());
    case Kind::kWindows:
    case Kind::kSum:
      return std::all_of(parts_.begin(), parts_.end(), bounded);
    case Kind::kNeighbours:
      break;
  }
  return bounded(parts_.front());
}

}  // namespace ibid
