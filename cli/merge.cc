// ibid merge
#include <memory>
#include <string>
#include <utility>

#include "cli/index_place.h"
#include "cli/json_writer.h"
#include "cli/open_writer.h"
#include "cli/opened_index.h"
#include "cli/progress.h"
#include "cli/text_escape.h"
#include "cli/verbs.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "ibid/index_writer.h"

namespace ibid::cli {
namespace {

absl::StatusOr<CommitInfo> MergeSegments(const std::string& directory, const Command& command,
                                         Console& console) {
  const MergeFlags& flags = command.merge;
  Progress progress(flags.progress);
  WriterOptions options{.create_if_missing = false, .holder = "ibid merge"};
  options.buffer_bytes = flags.buffer_bytes;
  options.threads = flags.threads;
  options.on_merge_progress = [&progress](std::string_view what, double share) {
    progress.Update([&] { return StrCat(what, " ", FixedNumber(share * 100, 0), " %"); });
  };
  ASSIGN_OR_RETURN(const std::unique_ptr<IndexWriter> writer,
                   OpenWriter(directory, std::move(options), command.wait_seconds, console));
  RETURN_IF_ERROR(
      writer->MergeToOne(flags.reorder ? DocumentOrder::kBySharedWords : DocumentOrder::kKept));
  return writer->Commit();
}

absl::StatusOr<IndexInfo> InfoOf(const std::string& directory) {
  ASSIGN_OR_RETURN(const auto reader, IndexReader::Open(directory));
  return reader->Info();
}

std::string Summary(const IndexInfo& before, const IndexInfo& after, const CommitInfo& commit,
                    bool as_json) {
  if (as_json) {
    JsonWriter json;
    json.BeginObject().Key("type").String("summary");
    json.Key("segments_before").Number(before.segments.size());
    json.Key("segments").Number(after.segments.size());
    json.Key("documents").Number(after.num_docs);
    json.Key("bytes_before").Number(before.total_bytes);
    json.Key("bytes").Number(after.total_bytes);
    json.Key("notes").BeginArray();
    if (!commit.order_note.empty()) json.String(commit.order_note);
    json.EndArray().EndObject();
    return json.TakeLine();
  }
  return StrCat("merged ", WithCommas(before.segments.size()),
                before.segments.size() == 1 ? " segment into " : " segments into ",
                after.segments.size(), ": ", WithCommas(after.num_docs), " documents, ",
                HumanBytes(before.total_bytes), " before, ", HumanBytes(after.total_bytes),
                " now\n");
}

}  // namespace

ExitCode RunMerge(const Command& command, Console& console) {
  const absl::StatusOr<std::string> place = PlaceOfExisting(command.index);
  if (!place.ok()) return FailOn("", place.status(), console);
  const absl::StatusOr<IndexInfo> before = InfoOf(*place);
  if (!before.ok()) return FailOn(*place, before.status(), console);
  const absl::StatusOr<CommitInfo> merged = MergeSegments(*place, command, console);
  if (!merged.ok()) return FailOn(*place, merged.status(), console);
  if (!merged->order_note.empty()) console.Note(merged->order_note);
  const absl::StatusOr<IndexInfo> after = InfoOf(*place);
  if (!after.ok()) return FailOn(*place, after.status(), console);
  console.out().Write(Summary(*before, *after, *merged, command.json));
  return kFound;
}

}  // namespace ibid::cli
