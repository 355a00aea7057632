// The part of a merge that goes document by document: regions, keys, stored text.
#ifndef IBID_INDEXER_MERGE_DOCUMENTS_H_
#define IBID_INDEXER_MERGE_DOCUMENTS_H_

#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/format/segment_file.h"
#include "common/format/segment_writer.h"
#include "ibid/types.h"
#include "indexer/record_shuffle.h"
#include "indexer/segment_merge.h"

namespace ibid {

// From the documents of one input to those of the merged segment.
class DocMap {
 public:
  // The first live document of `input` becomes `base`.
  DocMap(const MergeInput& input, DocId base);

  // Live document i of all inputs, counted in their order, becomes `numbers`[i].
  void Renumber(std::span<const DocId> numbers);

  // kNoMoreDocs where the document is deleted.
  DocId operator()(DocId doc) const { return map_.empty() ? base_ + doc : map_[doc]; }
  // Whether every document is live and keeps its distance from the others; it is base() then.
  bool shifts() const { return map_.empty(); }
  DocId base() const { return base_; }
  uint32_t num_docs() const { return num_docs_; }
  uint32_t num_live() const { return num_live_; }
  DocId end() const { return base_ + num_live_; }

 private:
  DocId base_;
  uint32_t num_docs_;
  uint32_t num_live_;
  std::vector<DocId> map_;  // empty where all are live
};

// One map an input; the live documents are numbered in the order of the inputs.
std::vector<DocMap> MapDocuments(const std::vector<MergeInput>& inputs);

struct DocPlace {
  uint32_t input = 0;
  DocId doc = 0;
};

// Where each document of the merged segment comes from.
std::vector<DocPlace> PlacesInNewOrder(const std::vector<DocMap>& maps);

// Tells the system that the pages read so far of these sections will not be read again soon, so
// that a merge does not fill memory with its inputs. Cheap to be wrong: they are read anew.
void LetGo(const std::vector<MergeInput>& inputs, std::initializer_list<SectionId> sections);

// Copies the regions of all live documents; gives their norms and totals. `reorder`: the maps
// change the order of documents.
absl::StatusOr<SegmentDocuments> MergeRegions(const std::vector<MergeInput>& inputs,
                                              const std::vector<DocMap>& maps, bool store_text,
                                              bool reorder, RegionsWriter* out);
absl::Status MergeKeys(const std::vector<MergeInput>& inputs, const std::vector<DocMap>& maps,
                       KeysWriter* out);
// `shuffle`, where the maps change the order of documents, brings the records into the new one.
absl::Status MergeStored(const std::vector<MergeInput>& inputs, const std::vector<DocMap>& maps,
                         RecordShuffle* shuffle, StoredWriter* out);

}  // namespace ibid

#endif  // IBID_INDEXER_MERGE_DOCUMENTS_H_
