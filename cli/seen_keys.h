// The keys that one run of `ibid index` has met, to find those that come twice and, for --prune,
// those that did not come at all.
//
//   seen.BeginRoot(0);                      // for each PATH, by its number
//   switch (seen.Add(document.key)) { ... }
//
// Keeps 64-bit hashes: two different keys are taken for one with a chance of about n^2 / 2^65, one
// in thirty million for a million documents. Belongs to one thread.
#ifndef IBID_CLI_SEEN_KEYS_H_
#define IBID_CLI_SEEN_KEYS_H_

#include <cstdint>
#include <string_view>

#include "absl/container/flat_hash_map.h"

namespace ibid::cli {

class SeenKeys {
 public:
  enum class Outcome { kNew, kAgainInThisRoot, kInAnotherRoot };

  // What is added next is of that root.
  void BeginRoot(uint32_t root) { root_ = root; }
  // `own`: it is not the name of the file that it comes from.
  Outcome Add(std::string_view key, bool own);
  bool Contains(std::string_view key) const;
  void Remove(std::string_view key);
  // Forgets what came from that root.
  void RemoveRoot(uint32_t root);
  // The root whose key it is, which must be one.
  uint32_t RootOf(std::string_view key) const;
  // As Add was told when the key came last, and whether it was told both.
  bool IsOwn(std::string_view key) const;
  bool IsShared(std::string_view key) const;

 private:
  struct Entry {
    uint32_t root : 30;
    uint32_t own : 1;     // as it came last
    uint32_t shared : 1;  // it came in both ways
  };
  static uint64_t HashOf(std::string_view key);

  absl::flat_hash_map<uint64_t, Entry> entries_;
  uint32_t root_ = 0;
};

}  // namespace ibid::cli

#endif  // IBID_CLI_SEEN_KEYS_H_
