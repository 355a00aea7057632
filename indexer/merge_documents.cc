#include "indexer/merge_documents.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "common/base/status_macros.h"
#include "common/format/impacts.h"
#include "common/format/own_columns.h"
#include "indexer/document_unit.h"

namespace ibid {
namespace {

// Bytes of stored records, and numbers of documents, after which pages are let go.
constexpr size_t kLetGoBytes = size_t{4} << 20;
constexpr uint32_t kLetGoDocs = 1 << 14;

// Bytes of title and text of the deleted documents of `input`.
absl::StatusOr<uint64_t> DeletedTextBytes(const MergeInput& input, const DocMap& map,
                                          bool store_text) {
  uint64_t bytes = 0;
  if (map.num_live() == map.num_docs()) return bytes;
  StoredCursor cursor(&input.segment->stored());
  const ColumnReader* column = input.segment->columns().Find(kTextBytesColumn);
  for (DocId doc = 0; doc < map.num_docs(); ++doc) {
    if (map(doc) != kNoMoreDocs) continue;
    if (store_text) {
      ASSIGN_OR_RETURN(const std::string_view record, cursor.Get(doc));
      ASSIGN_OR_RETURN(const Document document, DecodeStoredDocument(record, "stored"));
      bytes += document.title.size() + document.text.size();
    } else if (column != nullptr) {
      ASSIGN_OR_RETURN(const int64_t size, column->Integer(doc, 0));
      bytes += static_cast<uint64_t>(size);
    }
  }
  return bytes;
}

// The keys of the live documents of one input in byte order.
class KeyStream {
 public:
  static absl::StatusOr<KeyStream> Open(const MergeInput& input, const DocMap& map) {
    KeyStream stream(&input.segment->keys(), &map);
    RETURN_IF_ERROR(stream.Next());
    return stream;
  }

  bool at_end() const { return at_end_; }
  const std::string& key() const { return key_; }
  DocId doc() const { return doc_; }

  absl::Status Next() {
    for (; next_rank_ < map_->num_docs(); ++next_rank_) {
      ASSIGN_OR_RETURN(const DocId doc, keys_->DocOfRank(next_rank_));
      doc_ = (*map_)(doc);
      if (doc_ == kNoMoreDocs) continue;
      ASSIGN_OR_RETURN(key_, keys_->KeyOfRank(next_rank_));
      ++next_rank_;
      return absl::OkStatus();
    }
    at_end_ = true;
    return absl::OkStatus();
  }

 private:
  KeyStream(const KeysReader* keys, const DocMap* map) : keys_(keys), map_(map) {}

  const KeysReader* keys_;
  const DocMap* map_;
  uint32_t next_rank_ = 0;
  bool at_end_ = false;
  std::string key_;
  DocId doc_ = 0;
};

}  // namespace

DocMap::DocMap(const MergeInput& input, DocId base)
    : base_(base),
      num_docs_(input.segment->num_docs()),
      num_live_(num_docs_ - (input.live != nullptr ? input.live->num_deleted() : 0)) {
  if (num_live_ == num_docs_) return;
  map_.reserve(num_docs_);
  for (DocId doc = 0; doc < num_docs_; ++doc) {
    map_.push_back(input.live->IsLive(doc) ? base++ : kNoMoreDocs);
  }
}

void DocMap::Renumber(std::span<const DocId> numbers) {
  if (map_.empty()) {
    map_.assign(numbers.begin() + base_, numbers.begin() + end());
    return;
  }
  for (DocId& doc : map_) {
    if (doc != kNoMoreDocs) doc = numbers[doc];
  }
}

std::vector<DocMap> MapDocuments(const std::vector<MergeInput>& inputs) {
  std::vector<DocMap> maps;
  maps.reserve(inputs.size());
  DocId base = 0;
  for (const MergeInput& input : inputs) {
    maps.emplace_back(input, base);
    base = maps.back().end();
  }
  return maps;
}

std::vector<DocPlace> PlacesInNewOrder(const std::vector<DocMap>& maps) {
  std::vector<DocPlace> places(maps.back().end());
  for (uint32_t input = 0; input < maps.size(); ++input) {
    for (DocId doc = 0; doc < maps[input].num_docs(); ++doc) {
      const DocId to = maps[input](doc);
      if (to != kNoMoreDocs) places[to] = {.input = input, .doc = doc};
    }
  }
  return places;
}

void LetGo(const std::vector<MergeInput>& inputs, std::initializer_list<SectionId> sections) {
  for (const MergeInput& input : inputs) {
    for (const SectionId id : sections) {
      const Section section = input.segment->file().section(id);
      if (!section.empty()) section.DontNeed(0, section.size());
    }
  }
}

absl::StatusOr<SegmentDocuments> MergeRegions(const std::vector<MergeInput>& inputs,
                                              const std::vector<DocMap>& maps, bool store_text,
                                              bool reorder, RegionsWriter* out) {
  SegmentDocuments documents;
  for (size_t i = 0; i < inputs.size(); ++i) {
    ASSIGN_OR_RETURN(const uint64_t deleted, DeletedTextBytes(inputs[i], maps[i], store_text));
    documents.text_bytes += inputs[i].segment->properties().text_bytes - deleted;
  }
  DocRegions regions;
  const auto copy = [&](const SegmentReader& segment, DocId doc) -> absl::Status {
    RETURN_IF_ERROR(segment.regions().Get(doc, &regions));
    out->Add(regions);
    documents.norms.push_back(LengthToNorm(regions.length()));
    documents.num_tokens += regions.length();
    return absl::OkStatus();
  };
  if (reorder) {
    uint32_t count = 0;
    for (const DocPlace& place : PlacesInNewOrder(maps)) {
      RETURN_IF_ERROR(copy(*inputs[place.input].segment, place.doc));
      if (++count % kLetGoDocs == 0) LetGo(inputs, {SectionId::kRegions});
    }
    return documents;
  }
  for (size_t i = 0; i < inputs.size(); ++i) {
    for (DocId doc = 0; doc < maps[i].num_docs(); ++doc) {
      if (maps[i](doc) != kNoMoreDocs) RETURN_IF_ERROR(copy(*inputs[i].segment, doc));
    }
    LetGo({inputs[i]}, {SectionId::kRegions});
  }
  return documents;
}

absl::Status MergeKeys(const std::vector<MergeInput>& inputs, const std::vector<DocMap>& maps,
                       KeysWriter* out) {
  std::vector<KeyStream> heap;
  const auto later = [](const KeyStream& a, const KeyStream& b) { return a.key() > b.key(); };
  for (size_t i = 0; i < inputs.size(); ++i) {
    ASSIGN_OR_RETURN(KeyStream stream, KeyStream::Open(inputs[i], maps[i]));
    if (!stream.at_end()) heap.push_back(std::move(stream));
  }
  std::make_heap(heap.begin(), heap.end(), later);
  for (uint32_t count = 1; !heap.empty(); ++count) {
    std::pop_heap(heap.begin(), heap.end(), later);
    KeyStream& least = heap.back();
    RETURN_IF_ERROR(out->Add(least.key(), least.doc()));
    RETURN_IF_ERROR(least.Next());
    if (least.at_end()) {
      heap.pop_back();
    } else {
      std::push_heap(heap.begin(), heap.end(), later);
    }
    if (count % kLetGoDocs == 0) LetGo(inputs, {SectionId::kKeys});
  }
  return absl::OkStatus();
}

absl::Status MergeStored(const std::vector<MergeInput>& inputs, const std::vector<DocMap>& maps,
                         RecordShuffle* shuffle, StoredWriter* out) {
  size_t bytes = 0;
  for (size_t i = 0; i < inputs.size(); ++i) {
    StoredCursor cursor(&inputs[i].segment->stored());
    for (DocId doc = 0; doc < maps[i].num_docs(); ++doc) {
      if (maps[i](doc) == kNoMoreDocs) continue;
      ASSIGN_OR_RETURN(const std::string_view record, cursor.Get(doc));
      RETURN_IF_ERROR(shuffle != nullptr ? shuffle->Add(maps[i](doc), record) : out->Add(record));
      bytes += record.size();
      if (bytes < kLetGoBytes) continue;
      LetGo({inputs[i]}, {SectionId::kStored});
      bytes = 0;
    }
    LetGo({inputs[i]}, {SectionId::kStored});
  }
  if (shuffle == nullptr) return absl::OkStatus();
  return shuffle->ForEach([out](DocId, std::string_view record) { return out->Add(record); });
}

}  // namespace ibid
