#include "indexer/pending_documents.h"

#include "ibid/limits.h"
#include "indexer/hash.h"

namespace ibid {
namespace {

constexpr size_t kChunkBytes = size_t{256} << 10;
static_assert(kChunkBytes >= kMaxKeyBytes);

}  // namespace

uint64_t PendingDocuments::KeyHash::operator()(std::string_view key) const {
  return HashBytes(key, 0, ProcessHashSecret());
}

std::optional<uint32_t> PendingDocuments::Find(std::string_view key) const {
  return by_key_.Find(key);
}

std::string_view PendingDocuments::KeepKey(std::string_view key) {
  if (chunks_.empty() || chunks_.back().size() + key.size() > kChunkBytes) {
    chunks_.emplace_back().reserve(kChunkBytes);
  }
  std::string& chunk = chunks_.back();
  const size_t begin = chunk.size();
  chunk.append(key);
  key_bytes_ += key.size();
  return std::string_view(chunk).substr(begin);
}

uint32_t PendingDocuments::Add(std::string_view key, uint64_t fingerprint) {
  const uint32_t number = size();
  entries_.push_back({.key = KeepKey(key), .fingerprint = fingerprint, .live = true});
  by_key_.Insert(number);
  return number;
}

void PendingDocuments::Remove(uint32_t number) {
  by_key_.Erase(number);
  entries_[number].live = false;
}

void PendingDocuments::Clear() {
  by_key_.Clear();
  entries_.clear();
  chunks_.clear();
  key_bytes_ = 0;
}

}  // namespace ibid
