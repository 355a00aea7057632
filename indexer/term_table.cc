#include "indexer/term_table.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "common/base/release.h"

namespace ibid {
namespace {

constexpr int kInitialBits = 14;
// Tokens hashed before the first of them is looked up: their scratch fits the first-level cache.
constexpr size_t kStretch = 128;
constexpr size_t kPrefetchAhead = 16;
// A table of so many slots, a hundred megabytes, is filled to three quarters before it grows.
constexpr size_t kManySlots = size_t{1} << 22;
// Longer terms have hashes in their slot.
constexpr uint32_t kInlineBytes = 16;

// Number n has the bytes of the first, and of the second eight that belong to a term of n bytes.
constexpr std::array<uint64_t, kInlineBytes + 1> MakeMasks(size_t before) {
  constexpr bool kLittle = std::endian::native == std::endian::little;
  std::array<uint64_t, kInlineBytes + 1> masks{};
  for (size_t n = before + 1; n < masks.size(); ++n) {
    const size_t bytes = std::min<size_t>(n - before, 8);
    masks[n] = kLittle ? ~uint64_t{0} >> (64 - 8 * bytes) : ~uint64_t{0} << (64 - 8 * bytes);
  }
  return masks;
}
constexpr auto kFirstBytes = MakeMasks(0);
constexpr auto kSecondBytes = MakeMasks(8);

}  // namespace

TermTable::TermTable(HashSecret secret) : secret_(secret) { Clear(); }

void TermTable::Clear() {
  slots_ = std::vector<Slot>(size_t{1} << kInitialBits);
  shift_ = 64 - kInitialBits;
  bytes_ = std::string();
  ends_ = std::vector<uint32_t>(kFirstId, 0);
}

void TermTable::EndInterning() { Release(&slots_); }

TermTable::Token TermTable::MakeToken(std::string_view terms, uint32_t begin, uint32_t end) const {
  const uint32_t length = end - begin;
  if (length > kInlineBytes || terms.size() - begin < kInlineBytes) {
    return MakeLongToken(terms, begin, end);
  }
  const uint64_t low = hash_internal::Load8(terms.data() + begin) & kFirstBytes[length];
  const uint64_t high = hash_internal::Load8(terms.data() + begin + 8) & kSecondBytes[length];
  return {.low = low,
          .high = high,
          .hash = SlotHash(low, high, length),
          .begin = begin,
          .length = length};
}

// Of a term that does not fit into a slot, or that stands at the end of its text. Apart, so that
// the others are made in registers.
TermTable::Token TermTable::MakeLongToken(std::string_view terms, uint32_t begin,
                                          uint32_t end) const {
  const std::string_view term = terms.substr(begin, end - begin);
  uint64_t low = 0;
  uint64_t high = 0;
  if (term.size() > kInlineBytes) {
    low = HashBytes(term, 0, secret_);
    high = hash_internal::Load8(term.data() + term.size() - 8);
  } else {
    low = hash_internal::LoadUpTo8(term.data(), std::min<size_t>(term.size(), 8));
    if (term.size() > 8) high = hash_internal::LoadUpTo8(term.data() + 8, term.size() - 8);
  }
  return {.low = low,
          .high = high,
          .hash = SlotHash(low, high, end - begin),
          .begin = begin,
          .length = end - begin};
}

void TermTable::Intern(const AnalyzedText& words, size_t first_token, std::vector<uint32_t>* ids) {
  const std::string_view terms = words.terms;
  const size_t num_tokens = words.num_tokens();
  std::array<Token, kStretch> stretch;
  for (size_t first = first_token; first < num_tokens; first += kStretch) {
    const size_t count = std::min(kStretch, num_tokens - first);
    uint32_t begin = first == 0 ? 0 : words.term_ends[first - 1];
    for (size_t i = 0; i < count; ++i) {
      const uint32_t end = words.term_ends[first + i];
      stretch[i] = MakeToken(terms, begin, end);
      begin = end;
    }
    for (size_t i = 0; i < count; ++i) {
      if (i + kPrefetchAhead < count) {
        __builtin_prefetch(&slots_[stretch[i + kPrefetchAhead].hash >> shift_]);
      }
      ids->push_back(FindOrAdd(stretch[i], terms));
    }
  }
}

uint32_t TermTable::FindOrAdd(const Token& token, std::string_view terms) {
  const size_t mask = slots_.size() - 1;
  for (size_t place = token.hash >> shift_;; place = (place + 1) & mask) {
    const Slot& slot = slots_[place];
    if (slot.id == 0) return AddTerm(token, terms, place);
    if (slot.low != token.low || slot.high != token.high || slot.length != token.length) continue;
    if (token.length <= kInlineBytes || term(slot.id) == terms.substr(token.begin, token.length)) {
      return slot.id;
    }
  }
}

uint32_t TermTable::AddTerm(const Token& token, std::string_view terms, size_t place) {
  const uint32_t id = end_id();
  bytes_.append(terms.substr(token.begin, token.length));
  ends_.push_back(static_cast<uint32_t>(bytes_.size()));
  slots_[place] = {.low = token.low, .high = token.high, .id = id, .length = token.length};
  const size_t most = slots_.size() < kManySlots ? slots_.size() / 2 : slots_.size() / 4 * 3;
  if (ends_.size() > most) Grow();
  return id;
}

size_t TermTable::LongestProbe() const {
  const size_t mask = slots_.size() - 1;
  size_t longest = 0;
  for (size_t place = 0; place < slots_.size(); ++place) {
    const Slot& slot = slots_[place];
    if (slot.id == 0) continue;
    longest =
        std::max(longest, (place - (SlotHash(slot.low, slot.high, slot.length) >> shift_)) & mask);
  }
  return longest;
}

// Slots follow from the terms: the old ones go first, so that a large table never lies in memory
// beside one of half its size.
void TermTable::Grow() {
  const size_t size = slots_.size() * 2;
  Release(&slots_);
  slots_.resize(size);
  --shift_;
  const size_t mask = size - 1;
  for (uint32_t id = kFirstId; id < end_id(); ++id) {
    const Token token = MakeToken(bytes_, ends_[id - 1], ends_[id]);
    size_t place = token.hash >> shift_;
    while (slots_[place].id != 0) place = (place + 1) & mask;
    slots_[place] = {.low = token.low, .high = token.high, .id = id, .length = token.length};
  }
}

}  // namespace ibid
