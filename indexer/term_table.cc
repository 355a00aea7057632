#include "indexer/term_table.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace ibid {
namespace {

constexpr int kInitialBits = 14;
// Tokens hashed before the first of them is looked up: their scratch fits the first-level cache.
constexpr size_t kStretch = 128;
constexpr size_t kPrefetchAhead = 16;

}  // namespace

TermTable::TermTable(HashSecret secret) : secret_(secret) { Clear(); }

void TermTable::Clear() {
  slots_ = std::vector<Slot>(size_t{1} << kInitialBits);
  shift_ = 64 - kInitialBits;
  bytes_ = std::string();
  ends_ = std::vector<uint32_t>(kFirstId, 0);
}

TermTable::Token TermTable::MakeToken(std::string_view terms, uint32_t begin, uint32_t end) const {
  Token token{.word = 0, .hash = 0, .begin = begin, .length = end - begin};
  if (token.length > 8) {
    token.word = HashBytes(terms.substr(begin, token.length), 0, secret_);
  } else if (terms.size() - begin >= 8) {
    token.word = hash_internal::Load8(terms.data() + begin);
    token.word &= token.length == 0 ? 0 : ~uint64_t{0} >> (64 - 8 * token.length);
  } else {
    token.word = hash_internal::LoadUpTo8(terms.data() + begin, token.length);
  }
  token.hash = SlotHash(token.word, token.length);
  return token;
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
    if (slot.word != token.word || slot.length != token.length) continue;
    if (token.length <= 8 || term(slot.id) == terms.substr(token.begin, token.length)) {
      return slot.id;
    }
  }
}

uint32_t TermTable::AddTerm(const Token& token, std::string_view terms, size_t place) {
  const uint32_t id = end_id();
  bytes_.append(terms.substr(token.begin, token.length));
  ends_.push_back(static_cast<uint32_t>(bytes_.size()));
  slots_[place] = {.word = token.word, .id = id, .length = token.length};
  if (ends_.size() * 2 > slots_.size()) Grow();
  return id;
}

size_t TermTable::LongestProbe() const {
  const size_t mask = slots_.size() - 1;
  size_t longest = 0;
  for (size_t place = 0; place < slots_.size(); ++place) {
    const Slot& slot = slots_[place];
    if (slot.id == 0) continue;
    longest = std::max(longest, (place - (SlotHash(slot.word, slot.length) >> shift_)) & mask);
  }
  return longest;
}

void TermTable::Grow() {
  std::vector<Slot> larger(slots_.size() * 2);
  --shift_;
  const size_t mask = larger.size() - 1;
  for (const Slot& slot : slots_) {
    if (slot.id == 0) continue;
    size_t place = SlotHash(slot.word, slot.length) >> shift_;
    while (larger[place].id != 0) place = (place + 1) & mask;
    larger[place] = slot;
  }
  slots_ = std::move(larger);
}

}  // namespace ibid
