// The edge of the library: what happens when something fails.
#include "ibid/index_writer.h"

#include <exception>
#include <utility>

#include "common/base/memory_guard.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/env/process_id.h"
#include "indexer/writer_core.h"

namespace ibid {
namespace {

std::string_view FirstLine(std::string_view message) {
  return message.substr(0, message.find('\n'));
}

// "commit 41, 120,000 documents; the 850 since then are not saved".
std::string KeptText(const WriterCore& core) {
  const Generation generation = core.manifest().generation;
  const uint32_t num_pending = core.num_pending();
  std::string text = generation == 0
                         ? std::string("nothing, there was no commit yet")
                         : StrCat("commit ", generation, ", ", WithCommas(core.num_committed()),
                                  core.num_committed() == 1 ? " document" : " documents");
  if (num_pending == 0) return text;
  return StrCat(text, "; the ", WithCommas(num_pending), generation == 0 ? " documents" : "",
                " since then are not saved");
}

// The message of an error that stops the writer: what failed, what is kept, what to do.
std::string StopText(const absl::Status& cause, const WriterCore& core) {
  std::string text(MessageOf(cause));
  if (absl::IsUnknown(cause)) return text;
  const bool memory = absl::IsResourceExhausted(cause) && text.starts_with("out of memory");
  if (memory) {
    text = StrCat(text, " (buffer ", HumanBytes(core.buffer_bytes()), "; lower --buffer)");
  }
  text = StrCat(text, "\nkept: ", KeptText(core));
  if (text.find("sync") < text.find('\n')) {
    text = StrCat(text, "\ndo: check the disk, then start a new writer");
  }
  return text;
}

// Keeps an exception of a caller's function until the writer's own work is done: it is the
// caller's, and says nothing of the writer.
class VisitorGuard {
 public:
  // Not after an exception.
  template <typename Function>
  void Call(Function&& function) {
    if (thrown_) return;
    try {
      function();
    } catch (...) {
      thrown_ = std::current_exception();
    }
  }
  void Rethrow() const {
    if (thrown_) std::rethrow_exception(thrown_);
  }

 private:
  std::exception_ptr thrown_;
};

// True as long as it lives.
class BusyMark {
 public:
  explicit BusyMark(bool* busy) : busy_(busy) { *busy_ = true; }
  ~BusyMark() { *busy_ = false; }
  BusyMark(const BusyMark&) = delete;
  BusyMark& operator=(const BusyMark&) = delete;

 private:
  bool* const busy_;
};

}  // namespace

struct IndexWriter::Impl {
  std::unique_ptr<WriterCore> core;
  absl::Status stopped;  // why the writer takes no further work
  bool busy = false;     // in a call

  // Calls `function`, a step of the work called `doing`, unless the writer has stopped, as it does
  // where a merge in the background failed. Any error stops it but that of a refused document.
  template <typename Function>
  std::invoke_result_t<Function> Run(std::string_view doing, Function&& function) {
    RETURN_IF_ERROR(CheckCaller());
    RETURN_IF_ERROR(stopped);
    const absl::Status merge = core->MergeStatus();
    if (!merge.ok()) return Stop(merge);
    core->ClearRefusal();
    const BusyMark mark(&busy);
    auto result = GuardMemory(doing, [&]() -> std::invoke_result_t<Function> {
      try {
        return function();
      } catch (const std::exception&) {
        throw;  // GuardMemory knows it
      } catch (...) {
        Stop(absl::InternalError(StrCat("an exception while ", doing))).IgnoreError();
        throw;
      }
    });
    const absl::Status status = StatusOf(result);
    // A lack of memory while a document is looked at is no refusal of it.
    if (status.ok() || (core->refused() && absl::IsInvalidArgument(status))) return result;
    return Stop(status);
  }

  absl::Status CheckCaller() const {
    if (ProcessId() != core->process()) {
      return absl::FailedPreconditionError(StrCat(core->dir(), ": the index writer is of process ",
                                                  core->process(),
                                                  ", of which this is a fork; open one here"));
    }
    if (!busy) return absl::OkStatus();
    return absl::FailedPreconditionError(
        StrCat(core->dir(), ": the index writer was called by a function that it called itself"));
  }

  static absl::Status StatusOf(const absl::Status& status) { return status; }
  template <typename T>
  static absl::Status StatusOf(const absl::StatusOr<T>& result) {
    return result.status();
  }

  absl::Status Stop(const absl::Status& cause) {
    // Nobody's argument is wrong where the writer's own work fails.
    const absl::StatusCode code =
        absl::IsInvalidArgument(cause) ? absl::StatusCode::kInternal : cause.code();
    stopped = absl::Status(code, "");  // stands where there is no memory for the message
    return GuardMemory("stopping", [&] {
      stopped = absl::Status(
          code, StrCat(core->dir(), ": index writer stopped: ", FirstLine(MessageOf(cause)),
                       "; last commit is generation ", core->manifest().generation));
      return absl::Status(code, StopText(cause, *core));
    });
  }
};

IndexWriter::IndexWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
IndexWriter::~IndexWriter() = default;

absl::StatusOr<std::unique_ptr<IndexWriter>> IndexWriter::Open(const std::string& directory,
                                                               const WriterOptions& options,
                                                               Env* env) {
  return GuardMemory("opening", [&]() -> absl::StatusOr<std::unique_ptr<IndexWriter>> {
    auto impl = std::make_unique<Impl>();
    ASSIGN_OR_RETURN(impl->core, WriterCore::Open(env, directory, options));
    return std::unique_ptr<IndexWriter>(new IndexWriter(std::move(impl)));
  });
}

absl::StatusOr<AddOutcome> IndexWriter::Add(Document document, std::string_view origin) {
  return impl_->Run("indexing", [&] { return impl_->core->Add(std::move(document), origin); });
}

absl::StatusOr<bool> IndexWriter::Delete(std::string_view key) {
  return impl_->Run("deleting", [&] { return impl_->core->Delete(key); });
}

absl::Status IndexWriter::ForEachKey(std::string_view prefix,
                                     const std::function<void(std::string_view)>& visit) {
  VisitorGuard guard;
  const absl::Status status = impl_->Run("reading keys", [&] {
    return impl_->core->ForEachKey(prefix,
                                   [&](std::string_view key) { guard.Call([&] { visit(key); }); });
  });
  guard.Rethrow();
  return status;
}

absl::Status IndexWriter::ForEachCommitted(
    std::string_view prefix, const std::function<void(std::string_view, std::string_view)>& visit) {
  VisitorGuard guard;
  const absl::Status status = impl_->Run("reading keys", [&] {
    return impl_->core->ForEachCommitted(prefix,
                                         [&](std::string_view key, std::string_view origin) {
                                           guard.Call([&] { visit(key, origin); });
                                         });
  });
  guard.Rethrow();
  return status;
}

absl::StatusOr<CommitInfo> IndexWriter::Commit() {
  return impl_->Run("committing", [&] { return impl_->core->Commit(); });
}

absl::Status IndexWriter::Rollback() {
  return impl_->Run("rolling back", [&] { return impl_->core->Rollback(); });
}

absl::Status IndexWriter::MergeToOne(DocumentOrder order) {
  return impl_->Run("merging", [&]() -> absl::Status {
    impl_->core->MergeToOne(order);
    return absl::OkStatus();
  });
}

bool IndexWriter::merging() const {
  return ProcessId() == impl_->core->process() && impl_->core->merging();
}

absl::Status IndexWriter::WaitForMerge() {
  return impl_->Run("merging", [&] { return impl_->core->WaitForMerge(); });
}

uint64_t IndexWriter::text_bytes() const { return impl_->core->text_bytes(); }

const IndexOptions& IndexWriter::index_options() const { return impl_->core->manifest().options; }

Generation IndexWriter::generation() const { return impl_->core->manifest().generation; }

}  // namespace ibid
