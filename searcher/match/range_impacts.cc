#include "searcher/match/range_impacts.h"

#include <array>
#include <bit>
#include <cmath>
#include <span>
#include <utility>

#include "common/codec/scan.h"
#include "common/format/impacts.h"
#include "common/format/postings_cursor.h"

namespace ibid {
namespace {

constexpr uint32_t kRanges = 1024;
constexpr uint32_t kMinShift = 7, kMaxShift = 11;
// What an entry of the map takes, with its node and bucket.
constexpr size_t kEntryBytes = 88;
// Uses are halved after so many.
constexpr uint64_t kGetsOfAnAge = 1 << 14;
// Of RangeImpacts::freqs.
constexpr size_t kFreqCells = size_t{16} * 256;
// Where there was no room, so many do not look for it again.
constexpr uint64_t kGetsWithoutRoom = 256;

LengthTable LengthsOf(const SegmentReader& segment) {
  const SegmentProperties& p = segment.properties();
  const double num_docs = std::max<double>(1.0, p.num_docs);
  return MakeLengthTable({}, static_cast<double>(p.num_tokens) / num_docs);
}

struct Postings {
  std::span<const DocId> docs;
  const uint32_t* freqs;
  const float* shares;
};

// Gives each block of the list, with the shares of its postings, to `use`; false at damage.
template <typename Use>
bool ForEachBlock(const SegmentReader& segment, const TermInfo& info, const Use& use) {
  const LengthTable lengths = LengthsOf(segment);
  PostingsCursor cursor = segment.Postings(info);
  std::array<float, kBlockLength + kScanSlack> shares;
  for (uint32_t block = 0; block < cursor.num_blocks() && cursor.LoadBlock(block); ++block) {
    const uint32_t* freqs = cursor.Freqs();
    if (freqs == nullptr) break;
    ScorePostings(cursor.docs(), freqs, cursor.size(), segment.norms().data(), lengths.data(), 1.0f,
                  shares.data());
    use(Postings{{cursor.docs(), cursor.size()}, freqs, shares.data()});
  }
  return cursor.status().ok();
}

// The highest impact in each range of 2^shift documents.
class Ranges {
 public:
  Ranges(uint32_t num_docs, uint32_t shift)
      : shift_(shift), impacts_(RangeStride(num_docs, shift)) {}

  void Add(const Postings& postings) {
    const auto& [docs, freqs, shares] = postings;
    for (size_t i = 0; i < docs.size(); ++i) {
      if (docs[i] >> shift_ != range_) {
        impacts_[range_] = ImpactUp(most_);
        range_ = docs[i] >> shift_;
        most_ = 0.0f;
      }
      most_ = std::max(most_, shares[i]);
    }
  }
  std::vector<uint8_t> Finish() {
    impacts_[range_] = ImpactUp(most_);
    return std::move(impacts_);
  }

 private:
  uint32_t shift_;
  uint32_t range_ = 0;
  float most_ = 0;
  std::vector<uint8_t> impacts_;
};

// Which code a share has.
class Codes {
 public:
  void Count(const Postings& postings) {
    for (size_t i = 0; i < postings.docs.size(); ++i) {
      Bin& bin = bins_[BinOf(postings.shares[i])];
      ++bin.count;
      bin.most = std::max(bin.most, postings.shares[i]);
    }
    num_docs_ += postings.docs.size();
  }

  // From the highest share down: a code is full when the share of the documents that it and the
  // codes above it stand for is reached.
  void Assign(RangeImpacts* impacts) {
    uint32_t code = 15;
    uint64_t count = 0;
    double full = static_cast<double>(num_docs_) / std::pow(kFewer, 14);
    for (size_t bin = kBins; bin-- > 0;) {
      if (bins_[bin].count == 0) continue;
      impacts->shares[code] = std::max(impacts->shares[code], bins_[bin].most);
      codes_[bin] = static_cast<uint8_t>(code);
      count += bins_[bin].count;
      for (; code > 1 && static_cast<double>(count) >= full; full *= kFewer) --code;
    }
  }

  void Write(const Postings& postings, const uint8_t* norms, RangeImpacts* impacts) {
    const auto& [docs, freqs, shares] = postings;
    for (size_t i = 0; i < docs.size(); ++i) {
      const uint32_t code = codes_[BinOf(shares[i])], place = docs[i] % kCodesPerRange;
      impacts->codes[docs[i] / kCodesPerRange * kCodeBytesPerRange + place % kCodeBytesPerRange] |=
          static_cast<uint8_t>(place < kCodeBytesPerRange ? code : code << 4);
      uint8_t& known = impacts->freqs[code * 256 + norms[docs[i]]];
      const auto freq = static_cast<uint8_t>(std::min(freqs[i], kFreqNotTold));
      known = known == 0 || known == freq ? freq : kFreqNotTold;
    }
  }

 private:
  static constexpr size_t kBins = 4096;
  static constexpr double kFewer = 2.2;
  struct Bin {
    uint64_t count = 0;
    float most = 0;
  };
  static size_t BinOf(float share) {
    return std::min(kBins - 1, static_cast<size_t>(share * float{kBins}));
  }

  uint64_t num_docs_ = 0;
  std::array<Bin, kBins> bins_;
  std::array<uint8_t, kBins> codes_ = {};
};

// The documents of the highest shares.
class Best {
 public:
  void Add(const Postings& postings) {
    for (size_t i = 0; i < postings.docs.size(); ++i) {
      if (postings.shares[i] <= share_of_others_) continue;
      found_.push_back({postings.docs[i], postings.freqs[i], postings.shares[i]});
    }
    if (found_.size() >= kMostFound) Cut();
  }

  void Finish(RangeImpacts* impacts) {
    Cut();
    std::stable_sort(found_.begin(), found_.end(),
                     [](const auto& a, const auto& b) { return a.share > b.share; });
    impacts->best.assign(found_.begin(), found_.end());
    impacts->share_of_others = share_of_others_;
  }

 private:
  static constexpr size_t kMostFound = 16 * kBestDocs;
  // Whole runs of equal shares go: what is left is above everything that is not.
  void Cut() {
    if (found_.size() <= kBestDocs) return;
    const auto first_out = found_.begin() + kBestDocs;
    std::nth_element(found_.begin(), first_out, found_.end(),
                     [](const auto& a, const auto& b) { return a.share > b.share; });
    share_of_others_ = first_out->share;
    std::erase_if(found_, [this](const auto& found) { return found.share <= share_of_others_; });
  }

  std::vector<RangeImpacts::BestDoc> found_;
  float share_of_others_ = 0;
};

std::shared_ptr<const RangeImpacts> Decode(const SegmentReader& segment, const TermInfo& info) {
  const uint32_t num_docs = segment.num_docs(), coarse = CoarseRangeShift(num_docs);
  if (!segment.norms().Touch(0, num_docs)) return nullptr;
  const bool is_short = info.doc_freq <= kShortListBlocks * kBlockLength;
  const bool coded = HasCodes(info, num_docs);
  Ranges ranges(num_docs, coded ? kFineRangeShift : coarse);
  std::unique_ptr<Codes> codes;
  if (coded) codes = std::make_unique<Codes>();
  Best best;
  const bool whole = ForEachBlock(segment, info, [&](const Postings& postings) {
    best.Add(postings);
    if (!is_short) ranges.Add(postings);
    if (coded) codes->Count(postings);
  });
  if (!whole) return nullptr;
  auto impacts = std::make_shared<RangeImpacts>();
  best.Finish(impacts.get());
  if (is_short) return impacts;
  if (!coded) {
    impacts->coarse = ranges.Finish();
    return impacts;
  }
  impacts->fine = ranges.Finish();
  impacts->coarse.resize(RangeStride(num_docs, coarse));
  for (size_t i = 0; i < impacts->fine.size(); ++i) {
    uint8_t& most = impacts->coarse[i >> (coarse - kFineRangeShift)];
    most = std::max(most, impacts->fine[i]);
  }
  impacts->codes.resize(size_t{NumRanges(num_docs, kFineRangeShift)} * kCodeBytesPerRange);
  impacts->freqs.resize(kFreqCells);
  codes->Assign(impacts.get());
  const uint8_t* norms = segment.norms().data();
  const bool written = ForEachBlock(segment, info, [&](const Postings& postings) {
    codes->Write(postings, norms, impacts.get());
  });
  return written ? impacts : nullptr;
}

// About what will be kept.
size_t BytesFor(const TermInfo& info, uint32_t num_docs) {
  size_t bytes = sizeof(RangeImpacts) + kBestDocs * sizeof(RangeImpacts::BestDoc);
  if (info.doc_freq > kShortListBlocks * kBlockLength) {
    bytes += RangeStride(num_docs, CoarseRangeShift(num_docs));
  }
  if (HasCodes(info, num_docs)) {
    bytes += RangeStride(num_docs, kFineRangeShift) +
             size_t{NumRanges(num_docs, kFineRangeShift)} * kCodeBytesPerRange + kFreqCells;
  }
  return bytes;
}

}  // namespace

uint32_t CoarseRangeShift(uint32_t num_docs) {
  const uint32_t wanted = static_cast<uint32_t>(std::bit_width(num_docs / kRanges));
  return std::clamp(wanted, kMinShift, kMaxShift);
}

size_t RangeImpactsOfLists::bytes() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return bytes_;
}

std::shared_ptr<const RangeImpacts> RangeImpactsOfLists::Get(const SegmentReader& segment,
                                                             const TermInfo& info) {
  if (info.doc_freq <= kBlockLength) return nullptr;
  const size_t bytes = BytesFor(info, segment.num_docs());
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (++num_gets_ % kGetsOfAnAge == 0) HalveUses();
    const auto [it, is_new] = entries_.try_emplace(info.postings_offset);
    if (is_new) bytes_ += kEntryBytes;
    Entry& entry = it->second;
    ++entry.uses;
    if (is_new) entry.doc_freq = info.doc_freq, entry.postings_bytes = info.postings_bytes;
    // Two lists in one place: the index is damaged, and what is kept of the one says nothing here.
    const bool same =
        entry.doc_freq == info.doc_freq && entry.postings_bytes == info.postings_bytes;
    if (!same) return nullptr;
    if (entry.impacts != nullptr) return entry.impacts;
    if (entry.uses < 2 || !MakeRoom(bytes, entry.uses)) return nullptr;
  }
  std::shared_ptr<const RangeImpacts> impacts = Decode(segment, info);
  if (impacts == nullptr) return nullptr;
  std::lock_guard<std::mutex> lock(mutex_);
  // Meanwhile another thread may have made the same, or taken the room.
  const auto it = entries_.find(info.postings_offset);
  if (it == entries_.end() || it->second.impacts != nullptr) return impacts;
  if (!MakeRoom(impacts->bytes(), it->second.uses)) return impacts;
  it->second.impacts = impacts;
  bytes_ += impacts->bytes();
  return impacts;
}

// Room for so many bytes of a word that was asked for so often. Others go for it only where it was
// twice as often: to make them takes as long as many queries that do without.
bool RangeImpactsOfLists::MakeRoom(size_t bytes, uint32_t uses) {
  if (bytes_ + bytes <= max_bytes_) return true;
  if (num_gets_ < no_room_until_) return false;
  std::vector<Entry*> kept;
  for (auto& [offset, entry] : entries_) {
    if (entry.impacts != nullptr && uses >= 2 * entry.uses + 2) kept.push_back(&entry);
  }
  std::sort(kept.begin(), kept.end(),
            [](const Entry* a, const Entry* b) { return a->uses < b->uses; });
  size_t freed = 0, count = 0;
  while (count < kept.size() && bytes_ - freed + bytes > max_bytes_) {
    freed += kept[count++]->impacts->bytes();
  }
  if (bytes_ - freed + bytes > max_bytes_) {
    no_room_until_ = num_gets_ + kGetsWithoutRoom;
    return false;
  }
  for (size_t i = 0; i < count; ++i) kept[i]->impacts = nullptr;
  bytes_ -= freed;
  return true;
}

// What was asked for long ago shall not count for ever. Forgets words that nothing is kept of.
void RangeImpactsOfLists::HalveUses() {
  for (auto& [offset, entry] : entries_) entry.uses /= 2;
  no_room_until_ = 0;
  bytes_ -= kEntryBytes * std::erase_if(entries_, [](const auto& entry) {
              return entry.second.uses == 0 && entry.second.impacts == nullptr;
            });
}

}  // namespace ibid
