#include "common/format/postings_writer.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <string>

#include "common/codec/bit_packing.h"
#include "common/format/position_stream.h"
#include "common/format/skip_data.h"
#include "common/format/tail_codec.h"

namespace ibid {
namespace {

// Frequencies below this have their impacts in a table.
constexpr uint32_t kTableFreqs = 32;

struct ImpactPair {
  uint8_t up = 0;
  uint8_t down = 0;
};

ImpactPair MakeImpact(uint32_t freq, float k) {
  const float share = TermFrequencyShare(static_cast<float>(freq), k);
  return {ImpactUp(share), ImpactDown(share)};
}

}  // namespace

struct PostingsWriter::Impl {
  Impl(SectionBuffer* postings, SectionBuffer* positions, std::span<const uint8_t> norms_in,
       const LengthTable& lengths_in, SegmentUse segment_use)
      : out(postings),
        positions_out(positions),
        norms(norms_in),
        lengths(lengths_in),
        use(segment_use),
        stream(positions, segment_use) {
    for (uint32_t freq = 1; freq < kTableFreqs; ++freq) {
      for (size_t norm = 0; norm < 256; ++norm) {
        table[freq][norm] = MakeImpact(freq, lengths[norm]);
      }
    }
  }

  void AddPostings(std::span<const DocId> added, std::span<const uint32_t> added_freqs);
  void AddImpacts(std::span<const DocId> added, std::span<const uint32_t> added_freqs);
  void CountFirstImpacts(std::span<const uint8_t> impacts);
  void FlushBlock();
  void FlushTail();
  void EndBlock();
  TermInfo InlineTerm();
  std::array<uint8_t, 3> KthImpacts() const;

  SectionBuffer* out;
  SectionBuffer* positions_out;
  std::span<const uint8_t> norms;
  LengthTable lengths;
  SegmentUse use;
  std::array<std::array<ImpactPair, 256>, kTableFreqs> table;

  bool with_positions = false;
  BlockCoding coding = BlockCoding::kPatched;
  uint64_t begin = 0;            // of the term in `out`
  uint64_t positions_begin = 0;  // in `positions_out`
  int64_t block_previous = -1;   // the document before the block
  uint32_t doc_freq = 0;
  uint64_t total_freq = 0;
  Position first_position = 0;
  uint32_t size = 0;  // of the block being filled
  std::array<DocId, kBlockLength> docs;
  std::array<uint32_t, kBlockLength> freqs;
  SkipEntry bounds;  // of the block being filled
  uint32_t block_max_freq = 0;
  uint8_t max_impact = 0;
  std::array<uint8_t, kKthRanks[0] - 1> first_impacts;
  std::array<uint32_t, 256> impact_counts;  // postings by ImpactDown; from the tenth posting on
  SkipWriter skip;
  PositionStreamWriter stream;
  std::string bytes;
};

// Of postings that go into one block.
void PostingsWriter::Impl::AddImpacts(std::span<const DocId> added,
                                      std::span<const uint32_t> added_freqs) {
  std::array<uint8_t, kBlockLength> down;
  uint8_t most = bounds.max_impact;
  uint8_t least_norm = bounds.min_norm;
  uint32_t max_freq = block_max_freq;
  for (size_t i = 0; i < added.size(); ++i) {
    const uint32_t freq = added_freqs[i];
    const uint8_t norm = norms[added[i]];
    const ImpactPair impact =
        freq < kTableFreqs ? table[freq][norm] : MakeImpact(freq, lengths[norm]);
    most = std::max(most, impact.up);
    least_norm = std::min(least_norm, norm);
    max_freq = std::max(max_freq, freq);
    down[i] = impact.down;
  }
  bounds.max_impact = most;
  bounds.min_norm = least_norm;
  block_max_freq = max_freq;
  const std::span<const uint8_t> impacts(down.data(), added.size());
  if (doc_freq <= first_impacts.size()) return CountFirstImpacts(impacts);
  for (const uint8_t impact : impacts) ++impact_counts[impact];
}

// Most terms have too few postings for any rank: theirs are not worth clearing the counts.
void PostingsWriter::Impl::CountFirstImpacts(std::span<const uint8_t> impacts) {
  const size_t count = std::min(impacts.size(), first_impacts.size() - doc_freq);
  std::copy_n(impacts.begin(), count, first_impacts.begin() + doc_freq);
  if (count == impacts.size()) return;
  impact_counts.fill(0);
  for (const uint8_t first : first_impacts) ++impact_counts[first];
  for (const uint8_t impact : impacts.subspan(count)) ++impact_counts[impact];
}

void PostingsWriter::Impl::AddPostings(std::span<const DocId> added,
                                       std::span<const uint32_t> added_freqs) {
  while (!added.empty()) {
    const size_t count = std::min<size_t>(added.size(), kBlockLength - size);
    const std::span<const DocId> some = added.first(count);
    const std::span<const uint32_t> some_freqs = added_freqs.first(count);
    if (use == SegmentUse::kKept) AddImpacts(some, some_freqs);
    std::copy(some.begin(), some.end(), docs.begin() + size);
    std::copy(some_freqs.begin(), some_freqs.end(), freqs.begin() + size);
    total_freq = std::accumulate(some_freqs.begin(), some_freqs.end(), total_freq);
    doc_freq += static_cast<uint32_t>(count);
    size += static_cast<uint32_t>(count);
    if (size == kBlockLength) FlushBlock();
    added = added.subspan(count);
    added_freqs = added_freqs.subspan(count);
  }
}

void PostingsWriter::Impl::EndBlock() {
  out->Append(bytes);
  bounds.last_doc = docs[size - 1];
  bounds.end_offset = out->size() - begin;
  bounds.end_positions = total_freq;
  bounds.max_freq_code = EncodeMaxFreq(block_max_freq);
  skip.Add(bounds);
  max_impact = std::max(max_impact, bounds.max_impact);
  block_previous = bounds.last_doc;
  bounds = SkipEntry{.min_norm = 255};
  block_max_freq = 0;
  size = 0;
}

void PostingsWriter::Impl::FlushBlock() {
  bytes.clear();
  AppendDocsBlock(docs.data(), block_previous, coding, &bytes);
  AppendFreqsBlock(freqs.data(), coding, &bytes);
  EndBlock();
}

void PostingsWriter::Impl::FlushTail() {
  if (size == 0) return;
  std::array<uint32_t, kBlockLength> gaps;
  int64_t previous = block_previous;
  for (uint32_t i = 0; i < size; ++i) {
    gaps[i] = static_cast<uint32_t>(docs[i] - previous - 1);
    previous = docs[i];
  }
  bytes.clear();
  AppendTailPostings({gaps.data(), size}, {freqs.data(), size}, &bytes, use);
  EndBlock();
}

TermInfo PostingsWriter::Impl::InlineTerm() {
  TermInfo info;
  info.doc_freq = 1;
  info.total_freq = 1;
  info.max_impact = 255;
  info.inlined = true;
  info.inline_doc = docs[0];
  info.inline_position = first_position;
  return info;
}

// For each rank that is reached, the largest impact that so many postings have.
std::array<uint8_t, 3> PostingsWriter::Impl::KthImpacts() const {
  std::array<uint8_t, 3> impacts = {};
  size_t rank = 0;
  uint32_t count = 0;
  if (use == SegmentUse::kPassing) return impacts;
  for (size_t impact = 256; impact-- > 0;) {
    if (rank == kKthRanks.size() || doc_freq < kKthRanks[rank]) break;
    count += impact_counts[impact];
    for (; rank < kKthRanks.size() && count >= kKthRanks[rank]; ++rank) {
      impacts[rank] = static_cast<uint8_t>(impact);
    }
  }
  return impacts;
}

PostingsWriter::PostingsWriter(SectionBuffer* postings, SectionBuffer* positions,
                               std::span<const uint8_t> norms, const LengthTable& lengths,
                               SegmentUse use)
    : impl_(std::make_unique<Impl>(postings, positions, norms, lengths, use)) {}
PostingsWriter::~PostingsWriter() = default;

void PostingsWriter::BeginTerm(bool with_positions, BlockCoding coding) {
  Impl& impl = *impl_;
  impl.with_positions = with_positions;
  impl.coding = impl.use == SegmentUse::kPassing ? BlockCoding::kPlain : coding;
  impl.begin = impl.out->size();
  impl.positions_begin = impl.positions_out->size();
  impl.block_previous = -1;
  impl.doc_freq = 0;
  impl.total_freq = 0;
  impl.size = 0;
  impl.bounds = SkipEntry{.min_norm = 255};
  impl.block_max_freq = 0;
  impl.max_impact = impl.use == SegmentUse::kKept ? 0 : 255;
  impl.skip.Clear();
  if (with_positions) impl.stream.Begin();
}

void PostingsWriter::Add(DocId doc, std::span<const Position> positions) {
  if (impl_->doc_freq == 0) impl_->first_position = positions[0];
  impl_->stream.Add(positions);
  const auto freq = static_cast<uint32_t>(positions.size());
  impl_->AddPostings({&doc, 1}, {&freq, 1});
}

void PostingsWriter::AddBlock(std::span<const DocId> docs, std::span<const uint32_t> freqs,
                              std::span<const uint32_t> gaps) {
  Impl& impl = *impl_;
  if (docs.empty()) return;
  if (impl.doc_freq == 0) impl.first_position = gaps[0];
  impl.stream.AddGaps(gaps);
  impl.AddPostings(docs, freqs);
}

void PostingsWriter::Add(DocId doc, uint32_t freq) { impl_->AddPostings({&doc, 1}, {&freq, 1}); }

void PostingsWriter::AddBlock(std::span<const DocId> docs, std::span<const uint32_t> freqs) {
  impl_->AddPostings(docs, freqs);
}

TermInfo PostingsWriter::FinishTerm() {
  Impl& impl = *impl_;
  if (impl.doc_freq == 0) return TermInfo();
  if (impl.with_positions && impl.total_freq == 1) return impl.InlineTerm();
  impl.FlushTail();
  if (impl.skip.num_blocks() > 1) {
    impl.bytes.clear();
    impl.skip.Encode(impl.with_positions, &impl.bytes);
    impl.out->Append(impl.bytes);
  }
  TermInfo info;
  info.doc_freq = impl.doc_freq;
  info.total_freq = impl.total_freq;
  info.postings_offset = impl.begin;
  info.postings_bytes = impl.out->size() - impl.begin;
  if (impl.with_positions) {
    info.positions_offset = impl.positions_begin;
    info.positions_bytes = impl.stream.Finish();
  }
  info.max_impact = impl.max_impact;
  info.kth_impacts = impl.KthImpacts();
  return info;
}

}  // namespace ibid
