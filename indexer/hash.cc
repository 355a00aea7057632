#include "indexer/hash.h"

#include <chrono>
#include <exception>
#include <random>

namespace ibid {
namespace {

uint64_t RandomWord(std::random_device* device) {
  return uint64_t{(*device)()} << 32 | (*device)();
}

// Odd numbers, so that neither is zero.
HashSecret RandomSecret() {
  try {
    std::random_device device;
    return {.first = RandomWord(&device) | 1, .second = RandomWord(&device) | 1};
  } catch (const std::exception&) {
    // A system without random numbers: the time and where memory happens to lie.
    const auto now = std::chrono::high_resolution_clock::now().time_since_epoch().count();
    const auto first = MixHash(static_cast<uint64_t>(now) | 1, hash_internal::kOdd1);
    const auto place = reinterpret_cast<uintptr_t>(&now);
    return {.first = first | 1, .second = MixHash(first ^ place, hash_internal::kOdd2) | 1};
  }
}

}  // namespace

const HashSecret& ProcessHashSecret() {
  static const HashSecret secret = RandomSecret();
  return secret;
}

}  // namespace ibid
