// 64-bit hashes of bytes, for tables in memory and for content fingerprints.
//
//   uint64_t fingerprint = HashBytes(text);                        // the same in every process
//   uint64_t slot = HashBytes(key, 0, ProcessHashSecret()) >> 50;  // in this process only
//
// The multiply-and-fold mixer of wyhash (Wang Yi, "wyhash", 2019). Fingerprints are kept in
// indexes: a change here makes unchanged documents of an index without stored text look changed
// once. Tables hash with a secret, so that nobody can choose words or keys that all meet in one
// place (S. Crosby, D. Wallach, "Denial of Service via Algorithmic Complexity Attacks", 2003);
// nothing that is written to an index may depend on it. Thread-safe.
#ifndef IBID_INDEXER_HASH_H_
#define IBID_INDEXER_HASH_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace ibid {

inline uint64_t MixHash(uint64_t a, uint64_t b) {
  const auto product = static_cast<unsigned __int128>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

namespace hash_internal {

inline constexpr uint64_t kOdd1 = 0x9e3779b97f4a7c15;  // 2^64 / golden ratio
inline constexpr uint64_t kOdd2 = 0xd6e8feb86659fd93;

inline uint64_t Load8(const char* from) {
  uint64_t word;
  std::memcpy(&word, from, sizeof(word));
  return word;
}

inline uint64_t LoadUpTo8(const char* from, size_t count) {
  uint64_t word = 0;
  std::memcpy(&word, from, count);
  return word;
}

}  // namespace hash_internal

// What words are mixed with; these are no secret.
struct HashSecret {
  uint64_t first = hash_internal::kOdd1;
  uint64_t second = hash_internal::kOdd2;
};

// Chosen at random once in each process.
const HashSecret& ProcessHashSecret();

inline uint64_t HashBytes(std::string_view bytes, uint64_t seed = 0, HashSecret secret = {}) {
  const char* at = bytes.data();
  size_t left = bytes.size();
  uint64_t hash = MixHash(seed ^ secret.first, bytes.size() ^ secret.second);
  for (; left > 16; at += 16, left -= 16) {
    hash = MixHash(hash_internal::Load8(at) ^ secret.first, hash_internal::Load8(at + 8) ^ hash);
  }
  if (left == 0) return MixHash(hash ^ secret.second, secret.first);
  const uint64_t low = hash_internal::LoadUpTo8(at, left < 8 ? left : 8);
  const uint64_t high = left > 8 ? hash_internal::LoadUpTo8(at + 8, left - 8) : 0;
  hash = MixHash(low ^ secret.first, high ^ hash);
  return MixHash(hash ^ secret.second, secret.first);
}

}  // namespace ibid

#endif  // IBID_INDEXER_HASH_H_
