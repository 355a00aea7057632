#include "cli/seen_keys.h"

#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"

namespace ibid::cli {

uint64_t SeenKeys::HashOf(std::string_view key) {
  return absl::Hash<absl::string_view>{}(absl::string_view(key.data(), key.size()));
}

SeenKeys::Outcome SeenKeys::Add(std::string_view key, bool own) {
  const auto [it, is_new] = entries_.try_emplace(HashOf(key), Entry{root_, own, false});
  if (is_new) return Outcome::kNew;
  if (it->second.root != root_) return Outcome::kInAnotherRoot;
  if (it->second.own != static_cast<uint32_t>(own)) it->second.shared = true;
  it->second.own = own;
  return Outcome::kAgainInThisRoot;
}

bool SeenKeys::Contains(std::string_view key) const { return entries_.contains(HashOf(key)); }

void SeenKeys::Remove(std::string_view key) { entries_.erase(HashOf(key)); }

void SeenKeys::RemoveRoot(uint32_t root) {
  absl::erase_if(entries_, [root](const auto& entry) { return entry.second.root == root; });
}

uint32_t SeenKeys::RootOf(std::string_view key) const { return entries_.at(HashOf(key)).root; }

bool SeenKeys::IsOwn(std::string_view key) const {
  const auto it = entries_.find(HashOf(key));
  return it != entries_.end() && it->second.own;
}

bool SeenKeys::IsShared(std::string_view key) const {
  const auto it = entries_.find(HashOf(key));
  return it != entries_.end() && it->second.shared;
}

}  // namespace ibid::cli
