#include "indexer/record_shuffle.h"

#include <algorithm>
#include <utility>

#include "common/base/byte_writer.h"
#include "common/base/release.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/env/remove_quietly.h"
#include "common/format/byte_scanner.h"

namespace ibid {
namespace {

constexpr size_t kWriteBytes = size_t{1} << 20;
// Bytes read of one run after which its pages are let go.
constexpr uint64_t kLetGoBytes = uint64_t{1} << 20;

}  // namespace

RecordShuffle::RecordShuffle(Env* env, std::string temporary, uint32_t num_docs,
                             size_t memory_bytes)
    : env_(env),
      temporary_(std::move(temporary)),
      num_docs_(num_docs),
      memory_bytes_(memory_bytes) {}

RecordShuffle::~RecordShuffle() {
  file_.reset();
  if (made_file_) RemoveQuietly(env_, temporary_);
}

absl::Status RecordShuffle::Add(DocId doc, std::string_view record) {
  if (doc >= num_docs_ || record.size() > UINT32_MAX) {
    return absl::InternalError("a record of no document");
  }
  const size_t held = records_.size() + places_.size() * sizeof(Place);
  if (!places_.empty() && held + record.size() + sizeof(Place) > memory_bytes_) {
    RETURN_IF_ERROR(WriteRun());
  }
  places_.push_back(
      {.doc = doc, .size = static_cast<uint32_t>(record.size()), .begin = records_.size()});
  records_.append(record);
  return absl::OkStatus();
}

void RecordShuffle::SortPlaces() {
  std::sort(places_.begin(), places_.end(),
            [](const Place& a, const Place& b) { return a.doc < b.doc; });
}

// Each record behind its length.
absl::Status RecordShuffle::WriteRun() {
  if (file_ == nullptr) {
    ASSIGN_OR_RETURN(file_, env_->CreateFile(temporary_, /*exclusive=*/true));
    made_file_ = true;
    run_of_.resize(num_docs_);
  }
  SortPlaces();
  run_begins_.push_back(file_bytes_);
  std::string bytes;
  for (const Place& place : places_) {
    run_of_[place.doc] = static_cast<uint32_t>(run_begins_.size());
    AppendVarint(place.size, &bytes);
    bytes.append(records_, place.begin, place.size);
    if (bytes.size() < kWriteBytes) continue;
    RETURN_IF_ERROR(file_->Append(bytes));
    file_bytes_ += bytes.size();
    bytes.clear();
  }
  RETURN_IF_ERROR(file_->Append(bytes));
  file_bytes_ += bytes.size();
  places_.clear();
  records_.clear();
  return absl::OkStatus();
}

absl::Status RecordShuffle::ForEach(const Visitor& visit) {
  if (file_ != nullptr) return VisitRuns(visit);
  SortPlaces();
  for (const Place& place : places_) {
    RETURN_IF_ERROR(visit(place.doc, std::string_view(records_).substr(place.begin, place.size)));
  }
  return absl::OkStatus();
}

absl::Status RecordShuffle::VisitRuns(const Visitor& visit) {
  RETURN_IF_ERROR(WriteRun());
  Release(&places_);
  Release(&records_);
  RETURN_IF_ERROR(file_->Close());
  ASSIGN_OR_RETURN(const std::unique_ptr<ReadableFile> file, env_->OpenReadable(temporary_));
  const absl::Status changed =
      absl::DataLossError(StrCat(temporary_, ": not what was written to it"));
  if (file->bytes().size() != file_bytes_) return changed;
  struct Run {
    ByteScanner in;
    uint64_t at;      // of the next record in the file
    uint64_t let_go;  // up to where its pages are
  };
  std::vector<Run> runs;
  for (size_t i = 0; i < run_begins_.size(); ++i) {
    const uint64_t begin = run_begins_[i];
    const uint64_t end = i + 1 < run_begins_.size() ? run_begins_[i + 1] : file_bytes_;
    runs.push_back({ByteScanner(file->bytes().subspan(begin, end - begin)), begin, begin});
  }
  for (DocId doc = 0; doc < num_docs_; ++doc) {
    if (run_of_[doc] == 0) continue;
    Run& run = runs[run_of_[doc] - 1];
    const uint64_t left = run.in.remaining();
    const std::string_view record = run.in.Bytes(run.in.Varint());
    if (!run.in.ok()) return changed;
    RETURN_IF_ERROR(visit(doc, record));
    run.at += left - run.in.remaining();
    if (run.at - run.let_go < kLetGoBytes) continue;
    file->DontNeed(run.let_go, run.at - run.let_go);
    run.let_go = run.at;
  }
  return absl::OkStatus();
}

}  // namespace ibid
