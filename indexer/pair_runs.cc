#include "indexer/pair_runs.h"

#include <algorithm>
#include <utility>

#include "common/base/byte_writer.h"
#include "common/base/release.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/env/remove_quietly.h"

namespace ibid {

PairRuns::PairRuns(Env* env, std::string temporary, uint32_t num_lists, Limits limits)
    : env_(env), temporary_(std::move(temporary)), num_lists_(num_lists), limits_(limits) {}

PairRuns::~PairRuns() {
  opened_.reset();
  if (runs_in_file_ == 0 && file_ == nullptr) return;
  file_.reset();
  RemoveQuietly(env_, temporary_);
}

void PairRuns::SortPlaces() {
  std::vector<uint32_t> ends(size_t{num_lists_} + 1);
  for (const Place& place : places_) ++ends[place.list + 1];
  for (size_t i = 1; i < ends.size(); ++i) ends[i] += ends[i - 1];
  sorted_.resize(places_.size());
  for (const Place& place : places_) sorted_[ends[place.list]++] = place;
  places_.clear();
}

// Of each list that has places: its distance from the list before, the number of places, and each
// place's distance from the one before.
void PairRuns::EncodeRun() {
  const size_t before = bytes_.size();
  uint32_t last_list = 0;
  for (size_t i = 0; i < sorted_.size();) {
    const uint32_t list = sorted_[i].list;
    size_t end = i;
    while (end < sorted_.size() && sorted_[end].list == list) ++end;
    AppendVarint(list - last_list, &bytes_);
    AppendVarint(static_cast<uint32_t>(end - i), &bytes_);
    last_list = list;
    DocId last = 0;
    for (; i < end; ++i) {
      AppendVarint(sorted_[i].doc - last, &bytes_);
      last = sorted_[i].doc;
    }
  }
  run_bytes_.push_back(bytes_.size() - before);
}

absl::Status PairRuns::EndRun() {
  SortPlaces();
  EncodeRun();
  return bytes_.size() >= limits_.bytes_in_memory ? MoveToFile() : absl::OkStatus();
}

absl::Status PairRuns::MoveToFile() {
  if (file_ == nullptr) {
    ASSIGN_OR_RETURN(file_, env_->CreateFile(temporary_, /*exclusive=*/true));
  }
  RETURN_IF_ERROR(file_->Append(bytes_));
  bytes_.clear();
  runs_in_file_ = run_bytes_.size();
  return absl::OkStatus();
}

absl::StatusOr<PairRuns::Reader> PairRuns::Finish() {
  if (!places_.empty()) RETURN_IF_ERROR(EndRun());
  Release(&places_);
  Release(&sorted_);
  std::span<const uint8_t> in_file;
  if (file_ != nullptr) {
    RETURN_IF_ERROR(file_->Close());
    ASSIGN_OR_RETURN(opened_, env_->OpenReadable(temporary_));
    in_file = opened_->bytes();
  }
  std::span<const uint8_t> in_memory(reinterpret_cast<const uint8_t*>(bytes_.data()),
                                     bytes_.size());
  Reader reader;
  for (size_t run = 0; run < run_bytes_.size(); ++run) {
    std::span<const uint8_t>& rest = run < runs_in_file_ ? in_file : in_memory;
    if (run_bytes_[run] > rest.size()) {
      return absl::DataLossError(StrCat(temporary_, ": shorter than what was written to it"));
    }
    reader.runs_.emplace_back(rest.first(run_bytes_[run]));
    reader.runs_.back().NextList();
    rest = rest.subspan(run_bytes_[run]);
  }
  return reader;
}

// ---- Reader ------------------------------------------------------------------------------------

void PairRuns::Reader::Run::NextList() {
  at_end = in.empty();
  if (at_end) return;
  list += static_cast<uint32_t>(in.Varint());
  left = in.Varint();
  doc = 0;
}

bool PairRuns::Reader::NextList() {
  while (has_place_) has_place_ = NextPlace();  // what was not asked for
  bool found = false;
  for (size_t i = 0; i < runs_.size(); ++i) {
    const Run& run = runs_[i];
    if (run.at_end || (found && run.list >= list_)) continue;
    found = true;
    list_ = run.list;
    run_ = i;
  }
  has_place_ = found && NextPlace();
  return has_place_;
}

// The list's places of one run after another: documents increase from run to run.
bool PairRuns::Reader::NextPlace() {
  for (; run_ < runs_.size(); ++run_) {
    Run& run = runs_[run_];
    if (run.at_end || run.list != list_) continue;
    if (run.left == 0) {
      run.NextList();
      continue;
    }
    --run.left;
    run.doc += static_cast<uint32_t>(run.in.Varint());
    place_doc_ = run.doc;
    return true;
  }
  return false;
}

bool PairRuns::Reader::NextPosting() {
  if (!has_place_) return false;
  doc_ = place_doc_;
  freq_ = 0;
  do {
    ++freq_;
    has_place_ = NextPlace();
  } while (has_place_ && place_doc_ == doc_);
  return true;
}

absl::Status PairRuns::Reader::status() const {
  for (const Run& run : runs_) {
    if (!run.in.ok()) return absl::DataLossError("a temporary file of pairs was changed");
  }
  return absl::OkStatus();
}

}  // namespace ibid
