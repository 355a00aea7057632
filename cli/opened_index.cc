#include "cli/opened_index.h"

#include <utility>

#include "absl/status/statusor.h"
#include "cli/index_place.h"
#include "common/base/strings.h"

namespace ibid::cli {
namespace {

std::string FlagFor(const std::string& directory) {
  return directory.empty() || directory == ".ibid" ? "" : StrCat("-i ", directory, " ");
}

std::string WhatHelps(const std::string& directory, const absl::Status& status) {
  const std::string flag = FlagFor(directory);
  switch (status.code()) {
    case absl::StatusCode::kNotFound:
      return StrCat("ibid index ", flag, "FILES...");
    case absl::StatusCode::kDataLoss:
      return StrCat("ibid check ", flag, "to see what is damaged; ", SalvageHint(directory));
    default:
      return "";
  }
}

}  // namespace

std::string SalvageHint(const std::string& directory) {
  return StrCat("ibid salvage ", directory.empty() ? ".ibid" : directory, " NEW to keep the rest");
}

OpenedIndex OpenIndex(const Command& command) {
  OpenedIndex index;
  absl::StatusOr<std::string> place = PlaceOfExisting(command.index);
  if (!place.ok()) {
    index.status = std::move(place).status();
    return index;
  }
  index.directory = *std::move(place);
  absl::StatusOr<std::shared_ptr<const IndexReader>> reader = IndexReader::Open(index.directory);
  if (reader.ok()) {
    index.reader = *std::move(reader);
  } else {
    index.status = std::move(reader).status();
  }
  return index;
}

ExitCode FailOn(const std::string& directory, const absl::Status& status, Console& console) {
  return console.Fail(status, {.todo = WhatHelps(directory, status), .path = directory});
}

std::string KeptIn(const std::string& directory) {
  const auto reader = IndexReader::Open(directory);
  if (absl::IsNotFound(reader.status())) return "";
  if (!reader.ok()) return "the last commit, which cannot be opened now";
  const uint32_t num_docs = (*reader)->num_docs();
  return StrCat("commit ", (*reader)->generation(), ", ", WithCommas(num_docs),
                num_docs == 1 ? " document" : " documents");
}

}  // namespace ibid::cli
