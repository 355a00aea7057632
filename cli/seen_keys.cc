#include "cli/seen_keys.h"

#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"

namespace ibid::cli {

uint64_t SeenKeys::HashOf(std::string_view key) {
  return absl::Hash<absl::string_view>{}(absl::string_view(key.data(), key.size()));
}

SeenKeys::Outcome SeenKeys::Add(std::string_view key) {
  const auto [it, is_new] = roots_.try_emplace(HashOf(key), root_);
  if (is_new) return Outcome::kNew;
  return it->second == root_ ? Outcome::kAgainInThisRoot : Outcome::kInEarlierRoot;
}

bool SeenKeys::Contains(std::string_view key) const { return roots_.contains(HashOf(key)); }

void SeenKeys::Remove(std::string_view key) { roots_.erase(HashOf(key)); }

void SeenKeys::RemoveRoot(uint32_t root) {
  absl::erase_if(roots_, [root](const auto& entry) { return entry.second == root; });
}

uint32_t SeenKeys::RootOf(std::string_view key) const {
  const auto it = roots_.find(HashOf(key));
  return it == roots_.end() ? 0 : it->second;
}

}  // namespace ibid::cli
