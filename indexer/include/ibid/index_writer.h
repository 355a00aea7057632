// Writes an index: adds, replaces and deletes documents, and commits.
//
//   WriterOptions options;
//   ASSIGN_OR_RETURN(auto writer, IndexWriter::Open("stories.ibid", options));
//   RETURN_IF_ERROR(writer->Add({.key = "a.txt", .text = "..."}).status());
//   ASSIGN_OR_RETURN(CommitInfo info, writer->Commit());
//
// What was added or deleted is seen by nobody before Commit returns OK, and survives a crash or a
// power cut from then on (docs/RELIABILITY.md). A writer that is closed or destroyed without
// Commit leaves the index as it was, and none where there was none. One writer an index: a second
// Open gives Aborted and names the holder. Not thread-safe: calls come from one thread at a time;
// the writer uses threads of its own. The functions that it calls must not call it: such a call is
// FailedPrecondition. What they throw passes out of ForEachKey and ForEachCommitted, with no effect
// on the writer; in any other call it stops the writer: a standard exception is that call's error,
// any other passes out of it.
//
// Where the directory is moved, replaced or removed while a writer lives, or is named by a relative
// path and the current directory changes, the writer stops with FailedPrecondition and touches
// nothing there. So does one in a process that was forked off the writer's: it can do no more than
// destroy it, which has no effect on the index.
//
// To delete what matches a query, search a snapshot that was opened after the writer. While the
// writer lives nobody else commits, so the snapshot is the writer's own last commit:
//
//   ASSIGN_OR_RETURN(auto writer, IndexWriter::Open(dir, options));
//   ASSIGN_OR_RETURN(auto reader, IndexReader::Open(dir));  // reader->generation() is the writer's
//   SearchOptions all{.limit = reader->num_docs()};
//   all.limits.max_results = reader->num_docs();
//   all.limits.timeout_seconds = 0;
//   ASSIGN_OR_RETURN(SearchResult found, Searcher(reader).Search(query, all));
//   if (found.partial) return ...;  // a limit cut it: what matches is not known
//   for (const Hit& hit : found.hits) RETURN_IF_ERROR(writer->Delete(hit.key).status());
//   RETURN_IF_ERROR(writer->Commit().status());
//
// What was added since that commit is not searched: commit first where it is to be deleted, too.
#ifndef IBID_INDEX_WRITER_H_
#define IBID_INDEX_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ibid/document.h"
#include "ibid/env.h"
#include "ibid/export.h"
#include "ibid/index_options.h"
#include "ibid/types.h"

namespace ibid {

struct WriterOptions {
  // Used when the index is new. Where it exists: unset members take the index's own; a given one
  // that differs from the index's is FailedPrecondition.
  std::optional<IndexOptions> index;
  bool create_if_missing = true;
  bool must_be_new = false;  // AlreadyExists where there is an index
  // Bytes that the writer may hold for documents not yet written. The peak of the process is this,
  // about 60 MB, 20 bytes a document of the largest segment made, and some times the largest
  // document (docs/RELIABILITY.md, "Bounded memory").
  size_t buffer_bytes = size_t{256} << 20;
  int threads = 0;  // for tokenising and inversion; 0: the machine's cores. No effect on the bytes.
  std::string holder = "ibid library";  // shown to a second writer
  // How long Open waits where another writer holds the index; 0: it is refused at once. Asked about
  // ten times a second meanwhile, `wait_cancelled` (may be null; must not throw) ends the wait with
  // true.
  double wait_seconds = 0;
  std::function<bool()> wait_cancelled;
  // False: a commit that fills a tier of segments merges it before it returns, and the index's
  // bytes follow from the documents and the commits alone. True, for writers that live long: a
  // commit returns as soon as its own documents are safe, full tiers are merged by a thread of the
  // writer's meanwhile, one merge at a time, and the first commit after a merge is done puts its
  // result in place of the segments merged. The answers are the same; the bytes depend on how far
  // merges came.
  bool background_merges = false;
  // Bytes a second that a merge in the background may write; 0: as fast as it goes. Past some fifty
  // segments, and in WaitForMerge, it hurries; past 64 a commit waits for it.
  uint64_t merge_bytes_per_second = uint64_t{32} << 20;
  // Called now and then during a merge to one segment, by the thread that commits: what is being
  // done ("ordering", "merging"), and the share of it that is done. May be null.
  std::function<void(std::string_view what, double share)> on_merge_progress;
};

// In which order a merge puts documents. No answer, score or key depends on it: documents are
// numbered within the library only.
enum class DocumentOrder {
  kKept,  // that of the segments
  // Documents with the same words together: a smaller index, faster searches for the best hits, and
  // a merge of several times the work (docs/PERFORMANCE.md). The order is a function of the index
  // alone, whatever the number of threads. Needs memory for each document and word, and keeps
  // within buffer_bytes: past that it is chosen by fewer words, or the documents keep their order.
  kBySharedWords,
};

enum class AddOutcome { kAdded, kReplaced, kUnchanged };

struct CommitInfo {
  Generation generation = 0;  // unchanged where there was nothing to commit
  uint32_t num_docs = 0;      // live documents of the index
  uint64_t added = 0, replaced = 0, unchanged = 0, deleted = 0;  // since the last commit
  uint64_t repeated = 0;  // of those replaced or unchanged: the key had come since the last commit
  // Column values left out since the last commit because they did not parse as the column's type.
  uint64_t bad_column_values = 0;
  uint64_t cut_terms = 0;       // tokens longer than kMaxTermBytes
  uint64_t replaced_bytes = 0;  // malformed UTF-8 sequences read as U+FFFD
  // Why the documents kept their order where another was asked for; else empty.
  std::string order_note;
};

class IBID_EXPORT IndexWriter {
 public:
  // Errors: NotFound (no index and !create_if_missing), AlreadyExists, Aborted (another writer, for
  // all of wait_seconds), Cancelled (by wait_cancelled), FailedPrecondition (format version,
  // differing options), InvalidArgument (impossible options), DataLoss (damaged, also where
  // segments lie there without a manifest), PermissionDenied, ResourceExhausted (no memory, no
  // further descriptor), Unavailable. `env` outlives the writer.
  static absl::StatusOr<std::unique_ptr<IndexWriter>> Open(const std::string& directory,
                                                           const WriterOptions& options,
                                                           Env* env = Env::Posix());
  ~IndexWriter();
  IndexWriter(const IndexWriter&) = delete;
  IndexWriter& operator=(const IndexWriter&) = delete;

  // Adds `document`, or replaces the one that has its key unless the two are equal. A key may come
  // more than once before a commit: the last wins. InvalidArgument for an empty or too long key, a
  // document over kMaxDocumentBytes, too many columns: the document is refused, the writer goes on.
  // Any other error stops the writer for good: only the last commit is kept.
  // `origin` says where the document came from (`ibid index` names the PATH); it is kept with the
  // document, and one that differs from the present document's makes it a changed one. Empty: none.
  absl::StatusOr<AddOutcome> Add(Document document, std::string_view origin = {});

  // False where there is no such document.
  absl::StatusOr<bool> Delete(std::string_view key);

  // Calls `visit` with the key of every live document (committed or pending) that starts with
  // `prefix`, in byte order within each segment.
  absl::Status ForEachKey(std::string_view prefix,
                          const std::function<void(std::string_view)>& visit);

  // Calls `visit` with key and origin (empty: none) of every document of the last commit whose key
  // starts with `prefix` and that was neither replaced nor deleted since.
  absl::Status ForEachCommitted(
      std::string_view prefix,
      const std::function<void(std::string_view key, std::string_view origin)>& visit);

  // Makes everything since the last commit durable and visible. After an error the writer takes no
  // further work; the message says which commit was kept.
  absl::StatusOr<CommitInfo> Commit();

  // Forgets everything since the last commit.
  absl::Status Rollback();

  // Merges all segments into one, dropping deleted documents; takes effect with the next Commit.
  // One segment without deleted documents is written again only for another order, or where an
  // earlier version of the format wrote it.
  absl::Status MergeToOne(DocumentOrder order = DocumentOrder::kKept);

  // Whether a merge is at work in the background, or is done and the next Commit will put its
  // result in place. To bring an index to rest:
  //
  //   while (writer->merging()) {
  //     RETURN_IF_ERROR(writer->WaitForMerge());
  //     RETURN_IF_ERROR(writer->Commit().status());
  //   }
  //
  // A merge that fails (a full disk, damage in a segment that it reads) stops the writer: the next
  // call returns why. A writer that is destroyed gives its merge up; nothing is lost by that.
  bool merging() const;
  absl::Status WaitForMerge();  // until no merge is at work

  // Bytes of document text taken since Open, for progress displays.
  uint64_t text_bytes() const;
  const IndexOptions& index_options() const;
  Generation generation() const;  // of the last commit; 0 before the first

 private:
  struct Impl;
  explicit IndexWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace ibid

#endif  // IBID_INDEX_WRITER_H_
