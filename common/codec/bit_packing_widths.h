// Turns routines that are templates of the bit width into tables that are indexed by it.
#ifndef IBID_COMMON_CODEC_BIT_PACKING_WIDTHS_H_
#define IBID_COMMON_CODEC_BIT_PACKING_WIDTHS_H_

#include <utility>

#include "common/codec/kernel_parts.h"

namespace ibid::kernels {

// `Routines` has static members Pack<width> and Unpack<width>.
template <typename Routines, unsigned... kWidths>
constexpr BlockRoutines MakeBlockRoutines(std::integer_sequence<unsigned, kWidths...>) {
  return {{&Routines::template Pack<kWidths>...}, {&Routines::template Unpack<kWidths>...}};
}

template <typename Routines>
constexpr BlockRoutines MakeBlockRoutines() {
  return MakeBlockRoutines<Routines>(std::make_integer_sequence<unsigned, 33>());
}

}  // namespace ibid::kernels

#endif  // IBID_COMMON_CODEC_BIT_PACKING_WIDTHS_H_
