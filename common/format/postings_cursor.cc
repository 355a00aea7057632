#include "common/format/postings_cursor.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "common/codec/bit_packing.h"
#include "common/format/position_stream.h"
#include "common/format/postings_block.h"
#include "common/format/skip_data.h"
#include "common/format/tail_codec.h"

namespace ibid {

namespace {

bool IsPlausible(const TermInfo& info, const Section& postings, const Section& positions,
                 uint32_t num_docs) {
  if (info.doc_freq > num_docs || info.total_freq < info.doc_freq) return false;
  if (info.inlined) return info.inline_doc < num_docs && info.total_freq == 1;
  return info.postings_bytes <= postings.size() &&
         info.postings_offset <= postings.size() - info.postings_bytes &&
         info.positions_bytes <= positions.size() &&
         (info.positions_bytes == 0 ||
          info.positions_offset <= positions.size() - info.positions_bytes);
}

}  // namespace

struct PostingsCursor::Impl {
  struct alignas(64) Freqs {
    uint32_t values[kBlockLength];
  };

  // docs and freqs are first, aligned for vector loads, and never read before they are written.
  alignas(64) DocId docs[kBlockLength];
  alignas(64) uint32_t freqs[kBlockLength];

  Section postings;
  uint32_t num_docs = 0;
  uint32_t doc_freq = 0;
  uint64_t total_freq = 0;
  uint64_t offset = 0;  // of the term in the section
  uint64_t bytes = 0;
  uint8_t max_impact = 0;
  bool inlined = false;
  bool with_positions = false;
  Position inline_position = 0;

  uint32_t num_blocks = 0;
  SkipReader skip;  // only where num_blocks > 1
  uint32_t block = 0;
  uint64_t block_end = 0;  // offset behind the block, from `offset`
  bool freqs_loaded = false;
  uint64_t freqs_begin = 0;       // from `offset`, while not loaded
  uint64_t positions_before = 0;  // of the block, in the stream
  std::unique_ptr<Freqs> other;   // FreqsOfBlock's, where it was called
  uint32_t other_block = UINT32_MAX;
  uint64_t positions_before_other = 0;
  uint32_t summed = 0;  // postings of the block that freq_sum covers
  uint64_t freq_sum = 0;

  DocId only_last = kNoMoreDocs;  // the last document of a list of one block

  uint32_t shallow = 0;
  DocId shallow_last = 0;
  uint8_t shallow_impact = 0, shallow_norm = 0;
  uint32_t shallow_freq = UINT32_MAX;
  PositionStreamReader positions;
  Work work;

  bool is_tail(uint32_t b) const { return (uint64_t{b} + 1) * kBlockLength > doc_freq; }
  absl::Status Corrupt(const char* what) const { return postings.Corrupt(offset, what); }
  // Of a list of one block: every other document has at least one occurrence.
  uint32_t only_max_freq() const {
    return static_cast<uint32_t>(std::min<uint64_t>(UINT32_MAX, total_freq - doc_freq + 1));
  }
  void SetShallow(uint32_t b);
};

PostingsCursor::PostingsCursor() = default;
PostingsCursor::~PostingsCursor() = default;

PostingsCursor::PostingsCursor(PostingsCursor&& other) noexcept { *this = std::move(other); }

PostingsCursor& PostingsCursor::operator=(PostingsCursor&& other) noexcept {
  doc_ = std::exchange(other.doc_, kNoMoreDocs);
  last_doc_ = std::exchange(other.last_doc_, kNoMoreDocs);
  index_ = std::exchange(other.index_, 0);
  size_ = std::exchange(other.size_, 0);
  docs_ = std::exchange(other.docs_, nullptr);
  status_ = std::exchange(other.status_, absl::OkStatus());
  impl_ = std::move(other.impl_);
  return *this;
}

PostingsCursor::PostingsCursor(Section postings, Section positions, const TermInfo& info,
                               uint32_t num_docs) {
  if (info.doc_freq == 0) return;
  impl_ = std::make_unique_for_overwrite<Impl>();
  Impl& impl = *impl_;
  impl.postings = postings;
  impl.num_docs = num_docs;
  impl.doc_freq = info.doc_freq;
  impl.total_freq = info.total_freq;
  impl.offset = info.postings_offset;
  impl.bytes = info.postings_bytes;
  impl.max_impact = info.max_impact;
  impl.inlined = info.inlined;
  impl.inline_position = info.inline_position;
  impl.with_positions = info.positions_bytes > 0;
  impl.num_blocks =
      static_cast<uint32_t>((uint64_t{info.doc_freq} + kBlockLength - 1) / kBlockLength);
  if (impl.with_positions) {
    impl.positions.Open(positions, info.positions_offset, info.positions_bytes, info.total_freq);
  }
  if (!IsPlausible(info, postings, positions, num_docs)) {
    impl.num_blocks = 0;  // nobody shall count to an impossible number
    Fail(postings.Corrupt(0, "the dictionary gives a term an impossible number or place"));
    return;
  }
  if (impl.num_blocks > 1 &&
      !impl.skip.Open(postings, impl.offset, impl.bytes, impl.num_blocks, impl.with_positions)) {
    Fail(impl.Corrupt("damaged skip data"));
    return;
  }
  if (info.inlined) {
    impl.docs[0] = info.inline_doc;
    impl.freqs[0] = 1;
    impl.freqs_loaded = true;
    docs_ = impl.docs;
    size_ = 1;
    doc_ = last_doc_ = info.inline_doc;
  } else if (LoadDocs(0)) {
    doc_ = docs_[0];
  }
  if (impl.num_blocks == 1) impl.only_last = last_doc_;
  if (status_.ok()) impl.SetShallow(0);
}

DocId PostingsCursor::End() {
  size_ = 0;
  index_ = 0;
  return doc_ = last_doc_ = kNoMoreDocs;
}

DocId PostingsCursor::Fail(absl::Status status) {
  status_.Update(std::move(status));
  return End();
}

// Where a block lies, and what the skip data say of it.
struct PostingsCursor::BlockPlace {
  int64_t previous = -1;  // the document before the block
  uint64_t begin = 0, end = 0;
  uint64_t positions_before = 0;
  DocId last = kNoMoreDocs;  // where there is more than one block
};

// On failure the cursor is at its end.
bool PostingsCursor::FindPlace(uint32_t block, BlockPlace* place) {
  Impl& impl = *impl_;
  place->end = impl.bytes;
  if (impl.num_blocks > 1) {
    if (block > 0) {
      if (!impl.skip.Load(block - 1)) return Fail(impl.Corrupt("damaged skip data")), false;
      place->previous = impl.skip.LastDoc(block - 1);
      place->begin = impl.skip.EndOffset(block - 1);
      if (impl.with_positions) place->positions_before = impl.skip.EndPositions(block - 1);
    }
    if (!impl.skip.Load(block)) return Fail(impl.Corrupt("damaged skip data")), false;
    place->end = impl.skip.EndOffset(block);
    place->last = impl.skip.LastDoc(block);
    if (place->begin > place->end || place->end > impl.skip.blocks_bytes() ||
        place->previous >= impl.num_docs) {
      return Fail(impl.Corrupt("damaged skip data")), false;
    }
  }
  const uint64_t offset = impl.offset + place->begin, bytes = place->end - place->begin;
  if (impl.postings.Touch(offset, bytes)) return true;
  absl::Status status = impl.postings.Read(offset, bytes).status();
  return Fail(status.ok() ? impl.Corrupt("damaged postings") : std::move(status)), false;
}

// Decodes the documents of `block`; on failure the cursor is at its end.
bool PostingsCursor::LoadDocs(uint32_t block) {
  Impl& impl = *impl_;
  BlockPlace place;
  if (!FindPlace(block, &place)) return false;
  const auto& [previous, begin, end, positions_before, expected_last] = place;
  impl.positions_before = positions_before;
  impl.block = block;
  impl.block_end = end;
  impl.summed = 0;
  impl.freq_sum = 0;
  ++impl.work.doc_blocks;
  docs_ = impl.docs;
  index_ = 0;
  if (impl.is_tail(block)) {
    impl.work.bytes += end - begin;
    if (!ReadTail(begin, end - begin, previous)) return false;
  } else {
    const uint32_t used = ReadDocsBlock({impl.postings.data() + impl.offset + begin, end - begin},
                                        previous, impl.num_docs, impl.docs);
    if (used == 0) return Fail(impl.Corrupt("damaged block of documents")), false;
    impl.work.bytes += used;
    size_ = kBlockLength;
    impl.freqs_loaded = false;
    impl.freqs_begin = begin + used;
  }
  last_doc_ = impl.docs[size_ - 1];
  if (impl.num_blocks > 1 && last_doc_ != expected_last) {
    return Fail(impl.Corrupt("block and skip data disagree")), false;
  }
  return true;
}

bool PostingsCursor::ReadTail(uint64_t begin, uint64_t length, int64_t previous) {
  Impl& impl = *impl_;
  size_ = impl.doc_freq % kBlockLength;
  impl.freqs_loaded = true;
  if (ReadTailPostings({impl.postings.data() + impl.offset + begin, length}, size_, previous,
                       impl.num_docs, impl.docs, impl.freqs)) {
    return true;
  }
  return Fail(impl.Corrupt("damaged tail of postings")), false;
}

bool PostingsCursor::LoadFreqs() {
  Impl& impl = *impl_;
  if (impl.freqs_loaded) return true;
  const uint8_t* begin = impl.postings.data() + impl.offset + impl.freqs_begin;
  if (!ReadFreqsBlock({begin, impl.block_end - impl.freqs_begin}, impl.freqs)) {
    return Fail(impl.Corrupt("damaged block of frequencies")), false;
  }
  impl.freqs_loaded = true;
  ++impl.work.freq_blocks;
  impl.work.bytes += impl.block_end - impl.freqs_begin;
  return true;
}

DocId PostingsCursor::NextBlock() {
  if (size_ == 0 || impl_->block + 1 >= impl_->num_blocks) return End();
  if (!LoadDocs(impl_->block + 1)) return doc_;
  return doc_ = docs_[0];
}

// The last document is known to be >= target.
DocId PostingsCursor::SeekInBlock(DocId target) {
  uint32_t low = index_ + 1;
  // Near by, mostly.
  for (const uint32_t stop = std::min(low + 4, size_); low < stop; ++low) {
    if (docs_[low] >= target) {
      index_ = low;
      return doc_ = docs_[low];
    }
  }
  const DocId* base = docs_ + low;
  for (uint32_t length = size_ - low; length > 1;) {
    const uint32_t half = length / 2;
    base += base[half - 1] < target ? half : 0;
    length -= half;
  }
  index_ = static_cast<uint32_t>(base - docs_);
  return doc_ = *base;
}

DocId PostingsCursor::SeekBeyondBlock(DocId target) {
  if (size_ == 0 || impl_->block + 1 >= impl_->num_blocks) return End();
  Impl& impl = *impl_;
  uint32_t block = impl.block + 1;
  if (!impl.skip.Find(target, block, &block)) return Fail(impl.Corrupt("damaged skip data"));
  if (block >= impl.num_blocks) return End();
  if (!LoadDocs(block)) return doc_;
  doc_ = docs_[0];
  // The block's last document is the skip data's, which LoadDocs compared.
  return doc_ >= target ? doc_ : SeekInBlock(target);
}

uint32_t PostingsCursor::freq() {
  if (size_ == 0 || !LoadFreqs()) return 0;
  return impl_->freqs[index_];
}

void PostingsCursor::AppendPositions(std::vector<Position>* positions) {
  if (size_ == 0) return;
  Impl& impl = *impl_;
  if (impl.inlined) {
    positions->push_back(impl.inline_position);
    return;
  }
  if (!impl.with_positions || !LoadFreqs()) return;
  if (impl.summed > index_) impl.summed = 0, impl.freq_sum = 0;
  for (; impl.summed < index_; ++impl.summed) impl.freq_sum += impl.freqs[impl.summed];
  impl.work.positions += impl.freqs[index_];
  const PositionRun run = {impl.positions_before + impl.freq_sum, impl.freqs[index_]};
  absl::Status status = impl.positions.Append({&run, 1}, kNoMorePositions, positions);
  if (!status.ok()) Fail(std::move(status));
}

uint64_t PostingsCursor::positions_before_block() const {
  return size_ == 0 ? 0 : impl_->positions_before;
}

bool PostingsCursor::AppendPositionsOf(std::span<const PositionRun> runs, Position end,
                                       std::vector<Position>* positions) {
  if (impl_ == nullptr || !status_.ok()) return false;
  Impl& impl = *impl_;
  for (const PositionRun& run : runs) impl.work.positions += run.freq;
  absl::Status status;
  if (impl.inlined) {
    if (impl.inline_position >= end) status = impl.Corrupt("position out of range");
    for (const PositionRun& run : runs) {
      positions->insert(positions->end(), run.freq, impl.inline_position + run.base);
    }
  } else if (!impl.with_positions) {
    status = impl.Corrupt("the dictionary gives a term no positions");
  } else {
    status = impl.positions.Append(runs, end, positions);
  }
  if (!status.ok()) Fail(std::move(status));
  return status_.ok();
}

uint32_t PostingsCursor::AppendBlockGaps(uint32_t first, std::vector<uint32_t>* gaps) {
  if (first >= size_) return 0;
  Impl& impl = *impl_;
  if (impl.inlined) {
    gaps->push_back(impl.inline_position);
    return 1;
  }
  const auto fail = [this](absl::Status status) {
    Fail(std::move(status));
    return uint32_t{0};
  };
  if (!impl.with_positions) return fail(impl.Corrupt("the dictionary gives a term no positions"));
  if (!LoadFreqs()) return 0;
  if (impl.freqs[first] > kMaxDocumentPositions) {
    return fail(impl.Corrupt("more positions than a document may have"));
  }
  const uint64_t begin = std::accumulate(impl.freqs, impl.freqs + first, impl.positions_before);
  uint64_t count = impl.freqs[first];
  uint32_t end = first + 1;
  while (end < size_ && count + impl.freqs[end] <= kGapsAtOnce) count += impl.freqs[end++];
  const size_t before = gaps->size();
  impl.work.positions += count;
  absl::Status status = impl.positions.AppendGaps(begin, count, gaps);
  if (!status.ok()) return fail(std::move(status));
  const uint32_t* gap = gaps->data() + before;
  // Where all of them together would fit into one document, each posting's do.
  const uint64_t all = std::accumulate(gap, gap + count, count);
  if (all < kNoMorePositions) return end - first;
  for (uint32_t i = first; i < end; ++i) {
    const uint64_t last = std::accumulate(gap, gap + impl.freqs[i], uint64_t{impl.freqs[i]} - 1);
    gap += impl.freqs[i];
    if (last >= kNoMorePositions) return fail(impl.Corrupt("position out of range"));
  }
  return end - first;
}

uint32_t PostingsCursor::doc_freq() const { return impl_ == nullptr ? 0 : impl_->doc_freq; }

void PostingsCursor::Impl::SetShallow(uint32_t b) {
  shallow = b;
  if (b >= num_blocks) {
    shallow_last = kNoMoreDocs;
    shallow_impact = 0;
    shallow_freq = 0;
    shallow_norm = 255;
    return;
  }
  if (num_blocks == 1) {
    shallow_last = only_last;
    shallow_impact = max_impact;
    shallow_norm = 0;
    shallow_freq = only_max_freq();
    return;
  }
  if (!skip.Load(b)) {  // the cursor itself will report it
    shallow_impact = 255;
    shallow_norm = 0;
    shallow_freq = UINT32_MAX;
    return;
  }
  shallow_last = skip.LastDoc(b);
  shallow_impact = skip.MaxImpact(b);
  shallow_freq = DecodeMaxFreq(skip.MaxFreqCode(b));
  shallow_norm = skip.MinNorm(b);
}

void PostingsCursor::ShallowSeek(DocId target) {
  if (impl_ == nullptr || !status_.ok()) return;
  Impl& impl = *impl_;
  if (impl.num_blocks == 1) {
    const uint32_t wanted = target > impl.only_last ? 1 : 0;
    if (wanted != impl.shallow) impl.SetShallow(wanted);
    return;
  }
  uint32_t from = impl.shallow;
  if (from < impl.num_blocks && target > impl.shallow_last) {
    ++from;
  } else {
    from = std::min(from, impl.block);  // the target may lie before the present view
    if (from == impl.shallow) return;
  }
  uint32_t block = from;
  if (!impl.skip.Find(target, from, &block)) {
    Fail(impl.Corrupt("damaged skip data"));
    return;
  }
  impl.SetShallow(block);
}

DocId PostingsCursor::block_last_doc() const {
  return impl_ == nullptr || !status_.ok() ? kNoMoreDocs : impl_->shallow_last;
}
uint8_t PostingsCursor::block_max_impact() const {
  return impl_ == nullptr ? 0 : impl_->shallow_impact;
}
uint32_t PostingsCursor::block_max_freq() const {
  return impl_ == nullptr ? 0 : impl_->shallow_freq;
}
uint8_t PostingsCursor::block_min_norm() const {
  return impl_ == nullptr ? 255 : impl_->shallow_norm;
}

uint32_t PostingsCursor::num_blocks() const { return impl_ == nullptr ? 0 : impl_->num_blocks; }

uint32_t PostingsCursor::block() const { return size_ == 0 ? num_blocks() : impl_->block; }

DocId PostingsCursor::LastDocOfBlock(uint32_t block) {
  if (!status_.ok()) return kNoMoreDocs;  // the skip data may not even be open
  Impl& impl = *impl_;
  if (impl.num_blocks == 1) return impl.only_last;
  if (impl.skip.Load(block)) return impl.skip.LastDoc(block);
  Fail(impl.Corrupt("damaged skip data"));
  return kNoMoreDocs;
}

uint8_t PostingsCursor::MaxImpactOfBlock(uint32_t block) {
  if (!status_.ok()) return 255;
  Impl& impl = *impl_;
  if (impl.num_blocks == 1) return impl.max_impact;
  if (impl.skip.Load(block)) return impl.skip.MaxImpact(block);
  Fail(impl.Corrupt("damaged skip data"));
  return 255;
}

uint32_t PostingsCursor::FindImpact(uint8_t at_least, uint32_t from) {
  if (impl_ == nullptr || !status_.ok()) return num_blocks();
  Impl& impl = *impl_;
  if (from >= impl.num_blocks) return impl.num_blocks;
  if (impl.num_blocks == 1) return impl.max_impact >= at_least ? 0 : 1;
  uint32_t block = impl.num_blocks;
  if (!impl.skip.FindImpact(at_least, from, &block)) Fail(impl.Corrupt("damaged skip data"));
  return status_.ok() ? block : num_blocks();
}

PostingsCursor::BlockBounds PostingsCursor::BoundsOfBlock(uint32_t block) {
  Impl& impl = *impl_;
  BlockBounds bounds = {LastDocOfBlock(block), MaxImpactOfBlock(block), UINT32_MAX, 0};
  if (impl.num_blocks == 1) {
    bounds.max_freq = impl.only_max_freq();
  } else if (status_.ok()) {
    bounds.max_freq = DecodeMaxFreq(impl.skip.MaxFreqCode(block));
    bounds.min_norm = impl.skip.MinNorm(block);
  }
  return bounds;
}

uint32_t PostingsCursor::FindBlock(DocId target, uint32_t from) {
  if (impl_ == nullptr || !status_.ok()) return num_blocks();
  Impl& impl = *impl_;
  if (from >= impl.num_blocks) return impl.num_blocks;
  if (impl.num_blocks == 1) return target <= impl.only_last ? 0 : 1;
  uint32_t block = from;
  if (!impl.skip.Find(target, from, &block)) Fail(impl.Corrupt("damaged skip data"));
  return status_.ok() ? block : impl.num_blocks;
}

bool PostingsCursor::LoadBlock(uint32_t block) {
  if (!status_.ok() || impl_ == nullptr || block >= impl_->num_blocks) return false;
  if (impl_->num_blocks == 1) {
    size_ = impl_->doc_freq;
    last_doc_ = impl_->only_last;
  } else if ((size_ == 0 || impl_->block != block) && !LoadDocs(block)) {
    return false;
  }
  docs_ = impl_->docs;
  MoveTo(0);
  return true;
}

const uint32_t* PostingsCursor::Freqs() {
  return size_ != 0 && LoadFreqs() ? impl_->freqs : nullptr;
}

std::span<const uint32_t> PostingsCursor::FreqsOfBlock(uint32_t block, uint64_t* positions_before) {
  if (!status_.ok() || impl_ == nullptr || block >= impl_->num_blocks) return {};
  Impl& impl = *impl_;
  // Documents and frequencies of a tail are mixed.
  if (impl.is_tail(block) || (size_ != 0 && impl.block == block)) {
    if (!LoadBlock(block)) return {};
    const uint32_t* freqs = Freqs();
    *positions_before = impl.positions_before;
    return freqs == nullptr ? std::span<const uint32_t>() : std::span(freqs, size_);
  }
  if (impl.other_block == block) {
    *positions_before = impl.positions_before_other;
    return impl.other->values;
  }
  if (impl.other == nullptr) impl.other = std::make_unique_for_overwrite<Impl::Freqs>();
  impl.other_block = UINT32_MAX;
  BlockPlace place;
  if (!FindPlace(block, &place)) return {};
  const std::span<const uint8_t> bytes = {impl.postings.data() + impl.offset + place.begin,
                                          place.end - place.begin};
  const uint32_t docs_bytes = DocsBlockBytes(bytes);
  if (docs_bytes == 0 || !ReadFreqsBlock(bytes.subspan(docs_bytes), impl.other->values)) {
    Fail(impl.Corrupt("damaged block of frequencies"));
    return {};
  }
  ++impl.work.freq_blocks;
  impl.work.bytes += bytes.size() - docs_bytes;
  impl.other_block = block;
  *positions_before = impl.positions_before_other = place.positions_before;
  return impl.other->values;
}

PostingsCursor::Work PostingsCursor::work() const {
  if (impl_ == nullptr) return {};
  Work work = impl_->work;
  work.position_blocks = impl_->positions.blocks_loaded();
  work.bytes += impl_->positions.bytes_loaded();
  return work;
}

PostingsCursor::Block PostingsCursor::CurrentBlock() {
  if (size_ == 0 || !LoadFreqs()) return {nullptr, nullptr, 0, 0};
  return {docs_, impl_->freqs, size_, index_};
}

}  // namespace ibid
