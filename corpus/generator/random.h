// The generator's random numbers: xoshiro256** 1.0 (Blackman and Vigna, "Scrambled linear
// pseudorandom number generators", ACM TOMS 2021), seeded by SplitMix64. The same seed gives the
// same numbers on every machine.
//
//   Random random(42);
//   uint32_t die = 1 + random.Below(6);
//
// Not thread-safe. Not for secrets.
#ifndef IBID_CORPUS_GENERATOR_RANDOM_H_
#define IBID_CORPUS_GENERATOR_RANDOM_H_

#include <array>
#include <bit>
#include <cstdint>

namespace ibid::corpus {

// A good mixing of 64 bits (the finaliser of SplitMix64); distinct inputs give distinct outputs.
constexpr uint64_t Mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

class Random {
 public:
  explicit Random(uint64_t seed) {
    for (uint64_t& word : state_) word = Mix(seed += 0x9e3779b97f4a7c15u);
  }

  uint64_t Next() {
    const uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  // A number from 0 to bound - 1; bound >= 1. The bias is below bound / 2^32.
  uint32_t Below(uint32_t bound) { return static_cast<uint32_t>(((Next() >> 32) * bound) >> 32); }

  // True `permille` times in a thousand; permille from 0 to 1000.
  bool Chance(uint32_t permille) { return Below(1000) < permille; }

 private:
  std::array<uint64_t, 4> state_;
};

}  // namespace ibid::corpus

#endif  // IBID_CORPUS_GENERATOR_RANDOM_H_
