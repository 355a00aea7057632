#include "tests/soak/soak_writer.h"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/format/file_names.h"
#include "common/format/manifest.h"
#include "ibid/index_reader.h"
#include "ibid/query.h"
#include "ibid/searcher.h"
#include "tests/soak/soak_watch.h"

namespace ibid {
namespace {

// The files that an index at rest has.
std::set<std::string> FilesOf(const Manifest& manifest) {
  std::set<std::string> files = {std::string(kManifestName), std::string(kLockName)};
  for (const SegmentMeta& segment : manifest.segments) {
    files.insert(SegmentFileName(segment.id));
    if (segment.live_docs_generation == 0) continue;
    files.insert(LiveDocsFileName(segment.id, segment.live_docs_generation));
  }
  return files;
}

}  // namespace

SoakWriter::SoakWriter(const SoakPlace& place, const SoakWriterOptions& options, SoakBoard* board)
    : place_(place),
      options_(options),
      board_(board),
      generations_(place.generations),
      random_(options.seed),
      env_(Env::Posix(), options.one_call_in, options.seed + 1) {}

void SoakWriter::Run() {
  while (!board_->stop) {
    const absl::Status status = Live();
    if (RandomFaultEnv::IsInjected(status)) {
      ++board_->failures;
      CheckThatItStays(status);
    } else if (!status.ok()) {
      board_->Problem(StrCat("writer: ", status.ToString()));
      board_->stop = true;
    }
    writer_.reset();
    ReportCalls();
  }
}

void SoakWriter::ReportCalls() {
  const uint64_t calls = env_.calls(), faults = env_.faults();
  board_->calls += calls - reported_calls_;
  board_->faults += faults - reported_faults_;
  reported_calls_ = calls;
  reported_faults_ = faults;
}

absl::Status SoakWriter::Live() {
  RETURN_IF_ERROR(Open());
  if (writer_->generation() == 0) RETURN_IF_ERROR(Fill());
  while (!board_->stop) {
    RETURN_IF_ERROR(ChangeAndCommit());
    ReportCalls();
    if (options_.pause_microseconds > 0) ::usleep(options_.pause_microseconds);
  }
  return absl::OkStatus();
}

absl::Status SoakWriter::Open() {
  WriterOptions options;
  options.threads = Below(4) == 0 ? 1 : 2;
  options.background_merges = Below(5) != 0;
  options.buffer_bytes = (size_t{256} << 10) << Below(6);
  const uint64_t faults_before = env_.faults();
  ASSIGN_OR_RETURN(writer_, IndexWriter::Open(place_.index, options, &env_));
  ++board_->lives;
  const Generation generation = writer_->generation();
  const uint64_t acknowledged = board_->acknowledged;
  if (generation != acknowledged && generation != acknowledged + 1) {
    return absl::InternalError(
        StrCat("generation ", acknowledged, " was acknowledged, the writer found ", generation));
  }
  std::optional<Versions> versions = generations_.Load(generation);
  if (generation == 0) versions = Versions(options_.num_keys);
  if (!versions.has_value()) return absl::InternalError("no model of the writer's generation");
  committed_ = pending_ = *std::move(versions);
  board_->acknowledged = generation;
  CheckFilesAndDescriptors(faults_before);
  return absl::OkStatus();
}

// Nothing is left over of what was killed or failed before, and no descriptor either.
void SoakWriter::CheckFilesAndDescriptors(uint64_t faults_before) {
  if (env_.faults() != faults_before) return;  // a removal may have been what failed
  const auto manifest = ReadManifest(Env::Posix(), place_.index);
  const auto names = Env::Posix()->List(place_.index);
  if (!manifest.ok() || !names.ok()) {
    board_->Problem(StrCat("an open index cannot be listed: ", manifest.status().ToString(), " ",
                           names.status().ToString()));
    return;
  }
  const std::set<std::string> expected = FilesOf(*manifest);
  for (const std::string& name : *names) {
    if (!expected.contains(name)) board_->Problem(StrCat("left over after opening: ", name));
  }
  ++board_->files_after_open;
  if (!options_.own_process) return;
  const uint64_t held = NumDescriptors(::getpid());
  uint64_t first = 0;
  if (board_->descriptors.compare_exchange_strong(first, held) || first == held) return;
  board_->Problem(
      StrCat("a writer just opened holds ", held, " descriptors, the first one ", first));
}

absl::Status SoakWriter::Fill() {
  for (size_t number = 0; number < options_.num_keys; number += 1 + Below(2)) {
    RETURN_IF_ERROR(Add(number, 1 + static_cast<uint32_t>(Below(1000000))));
  }
  return Commit();
}

absl::Status SoakWriter::Add(size_t number, uint32_t version) {
  ASSIGN_OR_RETURN(const AddOutcome outcome, writer_->Add(documents_.Get(number, version)));
  const AddOutcome expected = pending_[number] == 0         ? AddOutcome::kAdded
                              : pending_[number] == version ? AddOutcome::kUnchanged
                                                            : AddOutcome::kReplaced;
  if (outcome != expected) {
    return absl::InternalError(StrCat("Add of ", SoakKey(number), " said ",
                                      static_cast<int>(outcome), ", expected ",
                                      static_cast<int>(expected)));
  }
  pending_[number] = version;
  ++board_->changes;
  return absl::OkStatus();
}

absl::Status SoakWriter::Delete(size_t number) {
  ASSIGN_OR_RETURN(const bool was_there, writer_->Delete(SoakKey(number)));
  if (was_there != (pending_[number] != 0)) {
    return absl::InternalError(StrCat("Delete of ", SoakKey(number), " said ", int{was_there}));
  }
  pending_[number] = 0;
  ++board_->changes;
  return absl::OkStatus();
}

// Searches the last commit, as IndexWriter's header describes.
absl::Status SoakWriter::DeleteByQuery() {
  const auto word = static_cast<uint32_t>(kNumRareWords / 2 + Below(kNumRareWords / 2));
  ASSIGN_OR_RETURN(const auto reader, IndexReader::Open(place_.index));
  if (reader->generation() != writer_->generation()) {
    return absl::InternalError(StrCat("a reader opened under the writer of generation ",
                                      writer_->generation(), " has ", reader->generation()));
  }
  ASSIGN_OR_RETURN(const ParsedQuery parsed, ParseQuery(RareWord(word), {}));
  SearchOptions options;
  options.limit = options_.num_keys;
  options.limits.timeout_seconds = 0;
  ASSIGN_OR_RETURN(const SearchResult found, Searcher(reader).Search(parsed.query, options));
  std::set<std::string> expected, keys;
  for (const size_t number : WithRareWord(committed_, word)) expected.insert(SoakKey(number));
  for (const Hit& hit : found.hits) keys.insert(hit.key);
  if (keys != expected) {
    return absl::InternalError(
        StrCat(RareWord(word), " is in ", expected.size(), " documents, found in ", keys.size()));
  }
  for (const std::string& key : keys) RETURN_IF_ERROR(Delete(*NumberOfKey(key)));
  return absl::OkStatus();
}

absl::Status SoakWriter::ChangeOne() {
  const size_t number = Below(pending_.size());
  switch (Below(10)) {
    case 0:
    case 1:
    case 2:
      return Delete(number);
    case 3:  // the same once more
      if (pending_[number] != 0) return Add(number, pending_[number]);
      [[fallthrough]];
    default:
      return Add(number, 1 + static_cast<uint32_t>(Below(1000000)));
  }
}

absl::Status SoakWriter::ChangeAndCommit() {
  for (size_t i = 0, n = 1 + Below(Below(8) == 0 ? 400 : 40); i < n; ++i) {
    RETURN_IF_ERROR(ChangeOne());
    if (board_->stop) return absl::OkStatus();
  }
  if (Below(10) == 0) RETURN_IF_ERROR(DeleteByQuery());
  if (Below(12) == 0) {
    RETURN_IF_ERROR(writer_->Rollback());
    pending_ = committed_;
    ++board_->rollbacks;
    return absl::OkStatus();
  }
  if (Below(60) == 0) {
    const auto order = Below(2) == 0 ? DocumentOrder::kKept : DocumentOrder::kBySharedWords;
    RETURN_IF_ERROR(writer_->MergeToOne(order));
    ++board_->merges;
  }
  return Commit();
}

absl::Status SoakWriter::Commit() {
  const Generation before = writer_->generation();
  if (!generations_.Save(before + 1, pending_)) {
    return absl::InternalError("the model cannot be written");
  }
  ASSIGN_OR_RETURN(const CommitInfo info, writer_->Commit());
  board_->acknowledged = info.generation;
  ++board_->commits;
  if (info.generation != before && info.generation != before + 1) {
    return absl::InternalError(StrCat("commit ", info.generation, " follows ", before));
  }
  if (info.num_docs != NumLive(pending_)) {
    return absl::InternalError(StrCat("generation ", info.generation, " has ", info.num_docs,
                                      " documents, expected ", NumLive(pending_)));
  }
  committed_ = pending_;
  if (options_.own_process && !writer_->merging()) {
    const struct mallinfo2 allocated = ::mallinfo2();
    board_->allocated_by_writer = allocated.uordblks + allocated.hblkhd;
  }
  if (before > kGenerationsRemembered) generations_.Forget(before - kGenerationsRemembered);
  return absl::OkStatus();
}

void SoakWriter::CheckThatItStays(const absl::Status& failure) {
  if (writer_ == nullptr) return;
  const absl::Status added = writer_->Add(documents_.Get(0, 1)).status();
  const absl::Status committed = writer_->Commit().status();
  if (!added.ok() && !committed.ok()) return;
  board_->Problem(StrCat("the writer went on after: ", failure.ToString()));
}

}  // namespace ibid
