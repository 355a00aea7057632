#include "indexer/memory_postings.h"

#include <algorithm>
#include <bit>

#include "common/base/release.h"
#include "common/env/huge_pages.h"

namespace ibid {
namespace {

constexpr unsigned kLeastLandmarkBits = 5;
constexpr unsigned kMostLandmarkBits = 16;

// The first eight bytes of a term as a number that sorts as they do.
uint64_t SortPrefix(std::string_view term) {
  uint64_t prefix = 0;
  for (size_t i = 0; i < 8; ++i) {
    prefix = prefix << 8 | (i < term.size() ? static_cast<uint8_t>(term[i]) : 0);
  }
  return prefix;
}

}  // namespace

void MemoryPostings::Clear() {
  table_.Clear();
  Release(&tokens_);
  doc_begins_.assign(1, 0);
  Release(&order_);
  Release(&begins_);
  Release(&places_);
  Release(&landmarks_);
}

void MemoryPostings::ExpectTokens(size_t count) {
  tokens_.reserve(count);
  PreferHugePages(tokens_.data(), tokens_.capacity() * sizeof(uint32_t));
}

void MemoryPostings::Sort() {
  table_.EndInterning();
  SortTerms();
  ScatterTokens();
  SetLandmarks();
}

std::optional<uint32_t> MemoryPostings::FindRank(std::string_view wanted) const {
  const auto at = std::lower_bound(
      order_.begin(), order_.end(), wanted,
      [this](uint32_t id, std::string_view value) { return table_.term(id) < value; });
  if (at == order_.end() || table_.term(*at) != wanted) return std::nullopt;
  return static_cast<uint32_t>(at - order_.begin());
}

void MemoryPostings::SortTerms() {
  struct Entry {
    uint64_t prefix;
    uint32_t id;
  };
  std::vector<Entry> entries;
  entries.reserve(table_.end_id());
  for (uint32_t id = TermTable::kFirstId; id < table_.end_id(); ++id) {
    entries.push_back({SortPrefix(table_.term(id)), id});
  }
  std::sort(entries.begin(), entries.end(), [this](const Entry& a, const Entry& b) {
    if (a.prefix != b.prefix) return a.prefix < b.prefix;
    return table_.term(a.id) < table_.term(b.id);
  });
  order_.clear();
  order_.reserve(entries.size());
  for (const Entry& entry : entries) order_.push_back(entry.id);
}

void MemoryPostings::ScatterTokens() {
  std::vector<uint32_t> next(table_.end_id());  // by term number: first its count, then its end
  for (const uint32_t id : tokens_) ++next[id];
  begins_.resize(order_.size() + 1);
  uint32_t begin = next[0];  // the gaps go in front of all terms
  next[0] = 0;
  for (size_t rank = 0; rank < order_.size(); ++rank) {
    begins_[rank] = begin;
    begin += next[order_[rank]];
    next[order_[rank]] = begins_[rank];
  }
  begins_[order_.size()] = begin;
  places_.reserve(tokens_.size());
  PreferHugePages(places_.data(), places_.capacity() * sizeof(uint32_t));
  places_.resize(tokens_.size());
  for (uint32_t place = 0; place < tokens_.size(); ++place) places_[next[tokens_[place]]++] = place;
  Release(&tokens_);
}

// About one a document, so that they stay near.
void MemoryPostings::SetLandmarks() {
  const size_t mean_places = places_.size() / std::max(num_docs(), 1u);
  landmark_bits_ = std::clamp(static_cast<unsigned>(std::bit_width(mean_places)),
                              kLeastLandmarkBits, kMostLandmarkBits);
  landmarks_.resize((places_.size() >> landmark_bits_) + 1);
  DocId doc = 0;
  for (size_t i = 0; i < landmarks_.size(); ++i) {
    while (doc + 1 < num_docs() && doc_begins_[doc + 1] <= i << landmark_bits_) ++doc;
    landmarks_[i] = doc;
  }
}

}  // namespace ibid
