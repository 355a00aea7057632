// A set of numbers that stand for things kept elsewhere, found by the things themselves.
//
//   NumberSet<HashOfName, IsName> names(HashOfName{&table}, IsName{&table});
//
//   names.Insert(7);                                            // table[7] is there, and not known
//
//   const std::optional<uint32_t> known = names.Find("paul");
//
// Open addressing with linear probing: a byte of the hash and the number for each slot, 7 to 13
// bytes a member. Where memory runs out Insert throws std::bad_alloc and the set stays as it was;
// absl's hash tables do not (they are left unusable), which is why the library has none. Not
// thread-safe.
#ifndef IBID_COMMON_BASE_NUMBER_SET_H_
#define IBID_COMMON_BASE_NUMBER_SET_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "common/base/release.h"

namespace ibid {

// `Hash` gives 64 well-mixed bits for a thing and, the same, for its number; Equal(number, thing)
// compares. Neither may throw.
template <typename Hash, typename Equal>
class NumberSet {
 public:
  NumberSet(Hash hash, Equal equal) : hash_(std::move(hash)), equal_(std::move(equal)) {}

  template <typename Thing>
  std::optional<uint32_t> Find(const Thing& thing) const {
    if (size_ == 0) return std::nullopt;
    const uint64_t hash = hash_(thing);
    const uint8_t tag = TagOf(hash);
    for (size_t slot = FirstSlot(hash);; slot = (slot + 1) & mask()) {
      if (tags_[slot] == kFree) return std::nullopt;
      if (tags_[slot] == tag && equal_(numbers_[slot], thing)) return numbers_[slot];
    }
  }

  // No member may stand for the same thing.
  void Insert(uint32_t number) {
    if ((num_used_ + 1) * 4 > tags_.size() * 3) Grow();
    if (Place(number, &tags_, &numbers_) == kFree) ++num_used_;
    ++size_;
  }

  // `number` must be a member.
  void Erase(uint32_t number) {
    size_t slot = FirstSlot(hash_(number));
    while (tags_[slot] < kFirstTag || numbers_[slot] != number) slot = (slot + 1) & mask();
    tags_[slot] = kErased;
    --size_;
  }

  size_t size() const { return size_; }

  // Gives the memory back.
  void Clear() {
    Release(&tags_);
    Release(&numbers_);
    size_ = num_used_ = 0;
  }

 private:
  static constexpr uint8_t kFree = 0;
  static constexpr uint8_t kErased = 1;
  static constexpr uint8_t kFirstTag = 2;
  static constexpr size_t kSmallest = 8;

  static uint8_t TagOf(uint64_t hash) {
    return static_cast<uint8_t>(kFirstTag + (hash >> 32) % (256 - kFirstTag));
  }
  size_t mask() const { return tags_.size() - 1; }
  size_t FirstSlot(uint64_t hash) const { return static_cast<size_t>(hash) & mask(); }

  // Writes `number` to the first slot for it that has no member; what the slot's tag was.
  uint8_t Place(uint32_t number, std::vector<uint8_t>* tags, std::vector<uint32_t>* numbers) const {
    const uint64_t hash = hash_(number);
    const size_t last = tags->size() - 1;
    size_t slot = static_cast<size_t>(hash) & last;
    while ((*tags)[slot] >= kFirstTag) slot = (slot + 1) & last;
    (*numbers)[slot] = number;
    return std::exchange((*tags)[slot], TagOf(hash));
  }

  // Twice the slots, or as many where half of those in use are erased.
  void Grow() {
    size_t slots = tags_.empty() ? kSmallest : tags_.size();
    if (size_ * 2 >= num_used_) slots = tags_.empty() ? kSmallest : slots * 2;
    std::vector<uint8_t> tags(slots, kFree);
    std::vector<uint32_t> numbers(slots);
    for (size_t slot = 0; slot < tags_.size(); ++slot) {
      if (tags_[slot] >= kFirstTag) Place(numbers_[slot], &tags, &numbers);
    }
    tags_ = std::move(tags);
    numbers_ = std::move(numbers);
    num_used_ = size_;
  }

  Hash hash_;
  Equal equal_;
  std::vector<uint8_t> tags_;  // of slots, a power of two of them
  std::vector<uint32_t> numbers_;
  size_t size_ = 0;
  size_t num_used_ = 0;  // slots with a member or an erased one: at most three in four
};

}  // namespace ibid

#endif  // IBID_COMMON_BASE_NUMBER_SET_H_
