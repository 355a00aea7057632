#include "indexer/merge_policy.h"

#include <algorithm>
#include <utility>

namespace ibid {
namespace {

struct Group {
  std::vector<size_t> members;
  uint64_t bytes = 0;
};

int TierOf(uint64_t bytes) {
  int tier = 0;
  for (; bytes >= kSmallestTierBytes; bytes /= 8) ++tier;
  return tier;
}

// Merges one full tier; false where there is none.
bool MergeFullTier(std::vector<Group>* groups) {
  for (const Group& candidate : *groups) {
    const int tier = TierOf(candidate.bytes);
    const auto in_tier = [tier](const Group& group) { return TierOf(group.bytes) == tier; };
    const auto count = std::count_if(groups->begin(), groups->end(), in_tier);
    if (static_cast<size_t>(count) < kSegmentsPerTier) continue;
    const auto first = std::find_if(groups->begin(), groups->end(), in_tier);
    for (auto other = first + 1; other != groups->end(); ++other) {
      if (!in_tier(*other)) continue;
      first->members.insert(first->members.end(), other->members.begin(), other->members.end());
      other->members.clear();
    }
    return true;
  }
  return false;
}

}  // namespace

std::vector<std::vector<size_t>> PlanMerges(std::span<const uint64_t> sizes) {
  std::vector<Group> groups;
  for (size_t i = 0; i < sizes.size(); ++i) groups.push_back({.members = {i}, .bytes = sizes[i]});
  while (MergeFullTier(&groups)) {
    std::erase_if(groups, [](const Group& group) { return group.members.empty(); });
    for (Group& group : groups) {
      std::sort(group.members.begin(), group.members.end());
      group.bytes = 0;
      for (const size_t member : group.members) group.bytes += sizes[member];
    }
  }
  std::vector<std::vector<size_t>> plan;
  for (Group& group : groups) plan.push_back(std::move(group.members));
  return plan;
}

}  // namespace ibid
