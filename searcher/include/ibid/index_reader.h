// A snapshot of an index: one generation, the same until it is closed, whatever writers do.
//
//   ASSIGN_OR_RETURN(std::shared_ptr<const IndexReader> reader, IndexReader::Open("stories.ibid"));
//   ASSIGN_OR_RETURN(std::optional<Document> story, reader->GetDocument("ap/story1.txt"));
//
// Safe to share by threads. Opening costs the same for any size of index; a block's checksum is
// verified when it is first read. A file of the index that is cut while it is open raises SIGBUS,
// as any mapped file does.
#ifndef IBID_INDEX_READER_H_
#define IBID_INDEX_READER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ibid/document.h"
#include "ibid/env.h"
#include "ibid/export.h"
#include "ibid/index_options.h"
#include "ibid/query.h"
#include "ibid/types.h"

namespace ibid {

// What an index holds and costs. Counts include deleted documents until a merge drops them, except
// num_docs.
struct IndexInfo {
  Generation generation = 0;
  uint32_t format_version = 0;
  IndexOptions options;
  std::string library_versions;
  bool analysis_differs = false;  // written with other library versions than those running
  uint32_t num_docs = 0;          // live
  uint32_t num_deleted = 0;
  uint64_t num_tokens = 0;
  uint64_t num_terms = 0;     // summed over segments
  uint64_t num_postings = 0;  // of surface forms
  uint64_t num_positions = 0;
  uint64_t text_bytes = 0;  // of titles and texts
  std::vector<std::pair<std::string, ColumnType>> columns;
  // Bytes of each structure, all segments together ("terms", "postings", ...); "other" is the rest.
  std::vector<std::pair<std::string, uint64_t>> structure_bytes;
  uint64_t total_bytes = 0;

  // Lists of two or three frequent words side by side, segment by segment added up.
  uint64_t num_pairs = 0;
  uint64_t pair_bytes = 0;      // of their dictionaries and postings
  uint64_t unpaired_bytes = 0;  // of the positional index without them: terms, stems, postings,
                                // positions, norms
  uint32_t pair_words = 0;      // frequent words of pairs, in the segment with most documents
  double pair_doc_share = 0;    // of that segment's documents, that each of them stands in

  struct Segment {
    uint64_t id = 0;  // grows with each segment that is made
    std::string file;
    uint32_t num_docs = 0, num_deleted = 0;
    uint64_t num_tokens = 0, text_bytes = 0;  // with those of deleted documents
    uint64_t bytes = 0;                       // of the file, and of that of deletions
    Generation deleted_in = 0;                // commit of the latest deletion; 0: none
  };
  std::vector<Segment> segments;
};

// One surface form, or one document of a form's postings, over the whole snapshot.
struct TermStats {
  std::string term;
  uint64_t doc_freq = 0;
  uint64_t total_freq = 0;
};
struct TermPosting {
  std::string key;
  uint32_t freq = 0;
  std::vector<Position> positions;
};

class IBID_EXPORT IndexReader : public std::enable_shared_from_this<IndexReader> {
 public:
  // Errors: NotFound ("<dir>: no index here (no MANIFEST)"), FailedPrecondition (another format
  // version), DataLoss, PermissionDenied, ResourceExhausted (no memory, no further descriptor),
  // Unavailable. `env` outlives the reader.
  static absl::StatusOr<std::shared_ptr<const IndexReader>> Open(const std::string& directory,
                                                                 Env* env = Env::Posix());
  ~IndexReader();

  // The newest generation of the index to which the path given to Open leads now (a relative one:
  // from the current directory); shares open segments with this one. This very reader where nothing
  // moved.
  absl::StatusOr<std::shared_ptr<const IndexReader>> Refresh() const;

  Generation generation() const;
  uint32_t num_docs() const;  // live
  const IndexOptions& options() const;
  std::vector<std::pair<std::string, ColumnType>> columns() const;  // for ParseOptions
  IndexInfo Info() const;

  // Whether there is a live document of that key.
  absl::StatusOr<bool> Contains(std::string_view key) const;

  // The stored document; none where there is no such key. FailedPrecondition on an index without
  // stored text.
  absl::StatusOr<std::optional<Document>> GetDocument(std::string_view key) const;

  // Calls `visit` for each surface form that starts with `prefix`, in byte order, until it returns
  // false. Deleted documents count until a merge.
  absl::Status ForEachTerm(std::string_view prefix,
                           const std::function<bool(const TermStats&)>& visit) const;
  // Calls `visit` for each live document that holds the surface form `term`, until it returns
  // false.
  absl::Status ForEachPosting(std::string_view term,
                              const std::function<bool(const TermPosting&)>& visit) const;

  struct Impl;
  const Impl& impl() const { return *impl_; }  // for the library's own use

 private:
  explicit IndexReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace ibid

#endif  // IBID_INDEX_READER_H_
