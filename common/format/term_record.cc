#include "common/format/term_record.h"

#include <utility>
#include <vector>

namespace ibid {
namespace {

bool ReadForms(ByteScanner* in, DictionaryPlace* place, TermInfo* info) {
  const uint64_t count = in->Varint(in->remaining());
  const int64_t first = UnZigZag(in->Varint(uint64_t{1} << 33)) + int64_t{place->form};
  if (count == 0 || first < 0 || first > UINT32_MAX) return false;
  place->form = static_cast<uint32_t>(first);
  uint64_t form = static_cast<uint64_t>(first);
  info->forms.push_back(place->form);
  for (uint64_t i = 1; i < count && in->ok(); ++i) {
    form += in->Varint(UINT32_MAX) + 1;
    if (form > UINT32_MAX) return false;
    info->forms.push_back(static_cast<uint32_t>(form));
  }
  return in->ok();
}

void ReadInline(ByteScanner* in, TermInfo* info) {
  info->doc_freq = 1;
  info->total_freq = 1;
  info->max_impact = 255;
  info->inlined = true;
  info->inline_doc = static_cast<DocId>(in->Varint(kNoMoreDocs - 1));
  info->inline_position = static_cast<Position>(in->Varint(kNoMorePositions - 1));
}

}  // namespace

TermLengths ReadTermLengths(ByteScanner* in) {
  const uint8_t byte = in->U8();
  TermLengths lengths{static_cast<size_t>(byte >> 4), static_cast<size_t>(byte & 15)};
  if (lengths.prefix == kLongLength) lengths.prefix += in->Varint(UINT16_MAX);
  if (lengths.suffix == kLongLength) lengths.suffix += in->Varint(UINT16_MAX);
  ++lengths.suffix;
  return lengths;
}

DictionaryPlace ReadDictionaryPlace(ByteScanner* in, DictionaryKind kind) {
  DictionaryPlace place;
  place.postings_offset = in->Varint(kMaxFileOffset);
  if (kind != DictionaryKind::kStems) place.positions_offset = in->Varint(kMaxFileOffset);
  return place;
}

bool ReadTermInfo(ByteScanner* in, DictionaryKind kind, DictionaryPlace* place, TermInfo* info) {
  std::vector<uint32_t> forms = std::move(info->forms);
  forms.clear();
  *info = TermInfo();
  info->forms = std::move(forms);
  if (kind == DictionaryKind::kStems) {
    if (!ReadForms(in, place, info)) return false;
    if (info->forms.size() == 1) return true;
  }
  uint64_t head = in->Varint();
  if (head == kInlineHead) {
    ReadInline(in, info);
    return in->ok();
  }
  if (head == kPlaceHead) {
    const uint32_t form = place->form;
    *place = ReadDictionaryPlace(in, kind);
    place->form = form;
    head = in->Varint();
  }
  if (head < 2 || head >> 1 > UINT32_MAX) return false;
  info->doc_freq = static_cast<uint32_t>(head >> 1);
  info->total_freq = info->doc_freq;
  if ((head & 1) == 0) info->total_freq += in->Varint(kMaxFileOffset);
  info->postings_bytes = in->Varint(kMaxFileOffset);
  info->postings_offset = place->postings_offset;
  place->postings_offset += info->postings_bytes;
  if (kind != DictionaryKind::kStems) info->positions_bytes = in->Varint(kMaxFileOffset);
  if (kind == DictionaryKind::kTerms && info->positions_bytes == 0) return false;
  if (info->positions_bytes > 0) {
    info->positions_offset = place->positions_offset;
    place->positions_offset += info->positions_bytes;
  }
  info->max_impact = in->U8();
  for (size_t i = 0; i < kKthRanks.size(); ++i) {
    if (info->doc_freq >= kKthRanks[i]) info->kth_impacts[i] = in->U8();
  }
  return in->ok();
}

}  // namespace ibid
