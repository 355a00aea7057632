// The documents added since the last commit, by key.
//
//   if (std::optional<uint32_t> known = pending.Find(key)) pending.Remove(*known);
//   const uint32_t number = pending.Add(key, fingerprint);
//
// Documents are numbered from 0 in the order of Add. Keys are told apart by a hash and confirmed by
// the key itself. Not thread-safe. Holds the keys and about 40 bytes a document.
#ifndef IBID_INDEXER_PENDING_DOCUMENTS_H_
#define IBID_INDEXER_PENDING_DOCUMENTS_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/number_set.h"

namespace ibid {

class PendingDocuments {
 public:
  PendingDocuments() : by_key_(KeyHash{this}, KeyEqual{this}) {}
  PendingDocuments(const PendingDocuments&) = delete;
  PendingDocuments& operator=(const PendingDocuments&) = delete;

  // The live document of that key.
  std::optional<uint32_t> Find(std::string_view key) const;
  // The key must have no live document.
  uint32_t Add(std::string_view key, uint64_t fingerprint);
  // Replaced or deleted.
  void Remove(uint32_t number);

  bool IsLive(uint32_t number) const { return entries_[number].live; }
  std::string_view key(uint32_t number) const { return entries_[number].key; }
  uint64_t fingerprint(uint32_t number) const { return entries_[number].fingerprint; }
  uint32_t size() const { return static_cast<uint32_t>(entries_.size()); }
  uint32_t num_live() const { return static_cast<uint32_t>(by_key_.size()); }
  // About; follows from the keys alone.
  size_t memory_bytes() const { return key_bytes_ + entries_.size() * 40; }

  void Clear();

 private:
  struct Entry {
    std::string_view key;  // into chunks_
    uint64_t fingerprint = 0;
    bool live = true;
  };
  struct KeyHash {
    uint64_t operator()(std::string_view key) const;
    uint64_t operator()(uint32_t number) const { return (*this)(documents->key(number)); }
    const PendingDocuments* documents;
  };
  struct KeyEqual {
    bool operator()(uint32_t number, std::string_view key) const {
      return documents->key(number) == key;
    }
    const PendingDocuments* documents;
  };

  std::string_view KeepKey(std::string_view key);

  std::deque<std::string> chunks_;  // never reallocated once they are full
  std::deque<Entry> entries_;
  NumberSet<KeyHash, KeyEqual> by_key_;  // of the live ones
  size_t key_bytes_ = 0;
};

}  // namespace ibid

#endif  // IBID_INDEXER_PENDING_DOCUMENTS_H_
