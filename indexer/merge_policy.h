// Which segments a commit merges.
//
// Segments are put into tiers by size, each tier reaching to eight times the one below; a tier of
// eight or more is merged into one segment, and again until no tier is full. So an index of n bytes
// has at most seven segments a tier, and a document is written once a tier (the logarithmic method
// of Bentley and Saxe, "Decomposable searching problems I", J. Algorithms 1, 1980, with base 8).
#ifndef IBID_INDEXER_MERGE_POLICY_H_
#define IBID_INDEXER_MERGE_POLICY_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ibid {

inline constexpr size_t kSegmentsPerTier = 8;
// All smaller segments are of one tier.
inline constexpr uint64_t kSmallestTierBytes = uint64_t{1} << 20;
// A segment with more deleted documents than this share (in percent) is written anew.
inline constexpr uint64_t kMaxDeletedPercent = 30;

// Groups the segments of these sizes (bytes of text of live documents), numbered from 0: each group
// becomes one segment, in place of its first. A group of one stays as it is.
std::vector<std::vector<size_t>> PlanMerges(std::span<const uint64_t> sizes);

inline bool WorthRewriting(uint64_t num_deleted, uint64_t num_docs) {
  return num_deleted * 100 > num_docs * kMaxDeletedPercent;
}

}  // namespace ibid

#endif  // IBID_INDEXER_MERGE_POLICY_H_
