// Sorts the places of lists of phrases by list, in bounded memory.
//
//   PairRuns runs(env, temporary_path, num_lists);
//   RETURN_IF_ERROR(runs.Add(list, doc));                 // by document, each place once
//   ASSIGN_OR_RETURN(PairRuns::Reader reader, runs.Finish());
//   while (reader.NextList()) {
//     while (reader.NextPosting()) Use(reader.list(), reader.doc(), reader.freq());
//   }
//   RETURN_IF_ERROR(reader.status());
//
// Places are gathered up to a bound, sorted by counting, and kept as a run of varints; past some
// megabytes runs lie in a temporary file until the end. Not thread-safe.
#ifndef IBID_INDEXER_PAIR_RUNS_H_
#define IBID_INDEXER_PAIR_RUNS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/format/byte_scanner.h"
#include "ibid/env.h"
#include "ibid/types.h"

namespace ibid {

class PairRuns {
 public:
  class Reader;
  struct Limits {
    size_t places_in_run = size_t{1} << 19;  // 8 bytes each, twice
    size_t bytes_in_memory = size_t{16} << 20;
  };

  // Lists are numbered below `num_lists`. The file is made where it is needed, and removed by the
  // destructor.
  PairRuns(Env* env, std::string temporary, uint32_t num_lists, Limits limits);
  ~PairRuns();
  PairRuns(const PairRuns&) = delete;
  PairRuns& operator=(const PairRuns&) = delete;

  absl::Status Add(uint32_t list, DocId doc) {
    places_.push_back({.list = list, .doc = doc});
    return places_.size() >= limits_.places_in_run ? EndRun() : absl::OkStatus();
  }
  // Once. The reader must not outlive this object.
  absl::StatusOr<Reader> Finish();

 private:
  struct Place {
    uint32_t list;
    DocId doc;
  };

  void SortPlaces();
  void EncodeRun();
  absl::Status EndRun();
  absl::Status MoveToFile();

  Env* env_;
  std::string temporary_;
  uint32_t num_lists_;
  Limits limits_;
  std::vector<Place> places_;
  std::vector<Place> sorted_;
  std::string bytes_;                // of the runs that are not in the file
  std::vector<uint64_t> run_bytes_;  // of each run
  size_t runs_in_file_ = 0;
  std::unique_ptr<WritableFile> file_;
  std::unique_ptr<ReadableFile> opened_;
};

class PairRuns::Reader {
 public:
  // To the next list that has a place, by number; false past the last.
  bool NextList();
  uint32_t list() const { return list_; }
  // To the list's next document; false past the last.
  bool NextPosting();
  DocId doc() const { return doc_; }
  uint32_t freq() const { return freq_; }
  // Whether the temporary file came back as it was written.
  absl::Status status() const;

 private:
  friend class PairRuns;

  struct Run {
    explicit Run(std::span<const uint8_t> bytes) : in(bytes) {}
    void NextList();

    ByteScanner in;
    uint32_t list = 0;
    uint64_t left = 0;  // places of `list`
    bool at_end = false;
    DocId doc = 0;
  };

  Reader() = default;
  bool NextPlace();

  std::vector<Run> runs_;
  size_t run_ = 0;  // that the place comes from
  bool has_place_ = false;
  DocId place_doc_ = 0;

  uint32_t list_ = 0;
  DocId doc_ = 0;
  uint32_t freq_ = 0;
};

}  // namespace ibid

#endif  // IBID_INDEXER_PAIR_RUNS_H_
