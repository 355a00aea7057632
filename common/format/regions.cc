#include "common/format/regions.h"

#include <algorithm>

#include "common/base/byte_reader.h"
#include "common/base/status_macros.h"
#include "common/format/byte_scanner.h"
#include "common/format/packed.h"

namespace ibid {
namespace {

constexpr uint64_t kTrailerBytes = 24;

}  // namespace

RegionsWriter::RegionsWriter(SectionBuffer* out) : out_(out) {}

void RegionsWriter::Add(const DocRegions& regions) {
  offsets_.Add(out_->size());
  title_tokens_.push_back(regions.title_tokens);
  blob_.Clear();
  if (regions.length() > 0 && !(AddQuotations(regions) && AddSentences(regions))) {
    status_.Update(absl::InvalidArgumentError(
        "regions do not cover the document, overlap, or do not end with its title"));
  }
  out_->Append(blob_.view());
}

// Number of quotations, then distance from the end of the one before and length less one of each.
bool RegionsWriter::AddQuotations(const DocRegions& regions) {
  blob_.Varint64(regions.quotations.size());
  Position previous = 0;
  for (const PositionRange& quotation : regions.quotations) {
    if (quotation.begin < previous || quotation.end <= quotation.begin ||
        quotation.end > regions.text().end) {
      return false;
    }
    blob_.Varint64(quotation.begin - previous);
    blob_.Varint64(quotation.end - quotation.begin - 1);
    previous = quotation.end;
  }
  return true;
}

// For each sentence twice its length less one, plus one where it ends a paragraph.
bool RegionsWriter::AddSentences(const DocRegions& regions) {
  Position begin = 0;
  auto paragraph = regions.paragraph_ends.begin();
  bool title_done = regions.title_tokens == 0;
  for (const Position end : regions.sentence_ends) {
    if (end <= begin) return false;
    const bool ends_paragraph = paragraph != regions.paragraph_ends.end() && *paragraph == end;
    if (ends_paragraph) ++paragraph;
    blob_.Varint64(uint64_t{end - begin - 1} << 1 | (ends_paragraph ? 1 : 0));
    begin = end;
    if (!title_done && end >= regions.title_tokens) {
      if (end > regions.title_tokens || !ends_paragraph) return false;
      title_done = true;
      begin = regions.text_begin();
    }
  }
  const Position text_end = regions.text().end;
  return paragraph == regions.paragraph_ends.end() && !regions.paragraph_ends.empty() &&
         regions.paragraph_ends.back() == regions.sentence_ends.back() && title_done &&
         begin == text_end;
}

absl::Status RegionsWriter::Finish() {
  RETURN_IF_ERROR(status_);
  const uint64_t blobs_bytes = out_->size();
  offsets_.Add(blobs_bytes);
  const uint32_t largest =
      title_tokens_.empty() ? 0 : *std::max_element(title_tokens_.begin(), title_tokens_.end());
  const unsigned width = PackedWidth(largest);
  AppendPacked(title_tokens_, width, out_);
  const std::string offsets = offsets_.Finish();
  out_->Append(offsets);
  ByteWriter tail;
  tail.U64(blobs_bytes);
  tail.U64(offsets.size());
  tail.U32(num_docs());
  tail.U8(static_cast<uint8_t>(width));
  tail.U8(0);
  tail.U16(0);
  out_->Append(tail.view());
  return out_->status();
}

absl::StatusOr<RegionsReader> RegionsReader::Open(Section section, uint32_t num_docs) {
  RegionsReader reader;
  reader.section_ = section;
  if (section.size() < kTrailerBytes) return section.Corrupt(0, "too short");
  const uint64_t trailer = section.size() - kTrailerBytes;
  ASSIGN_OR_RETURN(const auto bytes, section.Read(trailer, kTrailerBytes));
  RecordReader in(bytes);
  const uint64_t blobs_bytes = in.U64();
  const uint64_t offsets_bytes = in.U64();
  reader.num_docs_ = in.U32();
  reader.title_width_ = in.U8();
  const uint8_t reserved = in.U8();
  const uint16_t reserved_too = in.U16();
  if (reserved != 0 || reserved_too != 0) {
    return section.Corrupt(trailer, "a reserved byte is not zero");
  }
  if (reader.num_docs_ != num_docs || reader.title_width_ > 32 || blobs_bytes > trailer ||
      offsets_bytes > trailer - blobs_bytes ||
      trailer - blobs_bytes - offsets_bytes != PackedArrayBytes(num_docs, reader.title_width_)) {
    return section.Corrupt(trailer, "sizes of the regions do not add up");
  }
  reader.titles_offset_ = blobs_bytes;
  ASSIGN_OR_RETURN(reader.offsets_,
                   PackedOffsetsReader::Open(section, trailer - offsets_bytes, offsets_bytes,
                                             uint64_t{num_docs} + 1));
  return reader;
}

absl::StatusOr<uint32_t> RegionsReader::TitleTokens(DocId doc) const {
  if (doc >= num_docs_) return section_.Corrupt(0, "number of a document out of range");
  const uint64_t first = uint64_t{doc} * title_width_ / 8;
  const uint64_t end = PackedArrayBytes(uint64_t{doc} + 1, title_width_);
  if (!section_.Touch(titles_offset_ + first, end - first)) {
    RETURN_IF_ERROR(section_.Read(titles_offset_ + first, end - first).status());
  }
  return static_cast<uint32_t>(LoadPacked(section_.data() + titles_offset_, doc, title_width_));
}

absl::Status RegionsReader::Get(DocId doc, DocRegions* regions) const {
  ASSIGN_OR_RETURN(regions->title_tokens, TitleTokens(doc));
  regions->text_tokens = 0;
  regions->sentence_ends.clear();
  regions->paragraph_ends.clear();
  regions->quotations.clear();
  ASSIGN_OR_RETURN(const auto range, offsets_.GetRange(doc));
  if (range.second > titles_offset_) return section_.Corrupt(range.first, "damaged regions");
  ASSIGN_OR_RETURN(const auto bytes, section_.Read(range.first, range.second - range.first));
  const auto corrupt = [&] { return section_.Corrupt(range.first, "damaged regions"); };
  if (bytes.empty()) return regions->title_tokens == 0 ? absl::OkStatus() : corrupt();

  ByteScanner in(bytes);
  const uint64_t num_quotations = in.Varint(bytes.size());
  uint64_t end = 0;
  for (uint64_t i = 0; i < num_quotations && in.ok(); ++i) {
    const uint64_t begin = end + in.Varint(UINT32_MAX);
    end = begin + in.Varint(UINT32_MAX) + 1;
    if (end >= kNoMorePositions) return corrupt();
    regions->quotations.push_back({static_cast<Position>(begin), static_cast<Position>(end)});
  }
  uint64_t at = 0;
  const uint64_t title = regions->title_tokens;
  while (in.ok() && !in.empty()) {
    const uint64_t code = in.Varint(uint64_t{UINT32_MAX} << 1);
    const uint64_t sentence_end = at + (code >> 1) + 1;
    if (sentence_end >= kNoMorePositions) return corrupt();
    const bool ends_paragraph = (code & 1) != 0;
    const bool ends_title = at < title && sentence_end >= title;
    if (ends_title && (sentence_end > title || !ends_paragraph)) return corrupt();
    regions->sentence_ends.push_back(static_cast<Position>(sentence_end));
    if (ends_paragraph) regions->paragraph_ends.push_back(static_cast<Position>(sentence_end));
    at = ends_title ? title + 1 : sentence_end;
  }
  if (!in.ok() || regions->sentence_ends.empty() || regions->paragraph_ends.empty() ||
      regions->paragraph_ends.back() != regions->sentence_ends.back() || at < title ||
      (!regions->quotations.empty() && end > at)) {
    return corrupt();
  }
  regions->text_tokens = static_cast<uint32_t>(at - (title == 0 ? 0 : title + 1));
  return absl::OkStatus();
}

}  // namespace ibid
