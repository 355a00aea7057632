// Brings the records of documents from one order into another, in bounded memory.
//
//   RecordShuffle shuffle(env, temporary_path, num_docs, memory_bytes);
//   RETURN_IF_ERROR(shuffle.Add(doc, record));            // any order; a document at most once
//   RETURN_IF_ERROR(shuffle.ForEach([&](DocId doc, std::string_view record) { ... }));
//
// Records are gathered up to the memory given, sorted, and written to a temporary file as a run;
// at the end each run is read from front to back. Memory beside the records: 4 bytes a document
// where there is more than one run. Not thread-safe.
#ifndef IBID_INDEXER_RECORD_SHUFFLE_H_
#define IBID_INDEXER_RECORD_SHUFFLE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "ibid/env.h"
#include "ibid/types.h"

namespace ibid {

class RecordShuffle {
 public:
  // The file is made where it is needed, and removed by the destructor.
  RecordShuffle(Env* env, std::string temporary, uint32_t num_docs, size_t memory_bytes);
  ~RecordShuffle();
  RecordShuffle(const RecordShuffle&) = delete;
  RecordShuffle& operator=(const RecordShuffle&) = delete;

  absl::Status Add(DocId doc, std::string_view record);

  using Visitor = std::function<absl::Status(DocId doc, std::string_view record)>;
  // Once, last: all records by document, until `visit` fails. A record is valid during the call.
  absl::Status ForEach(const Visitor& visit);

 private:
  struct Place {
    DocId doc;
    uint32_t size;
    uint64_t begin;  // in records_
  };

  absl::Status WriteRun();
  void SortPlaces();
  absl::Status VisitRuns(const Visitor& visit);

  Env* env_;
  std::string temporary_;
  uint32_t num_docs_;
  size_t memory_bytes_;
  std::string records_;
  std::vector<Place> places_;
  std::unique_ptr<WritableFile> file_;
  bool made_file_ = false;
  uint64_t file_bytes_ = 0;
  std::vector<uint64_t> run_begins_;
  std::vector<uint32_t> run_of_;  // by document: 1 more than the number of its run, 0: no record
};

}  // namespace ibid

#endif  // IBID_INDEXER_RECORD_SHUFFLE_H_
