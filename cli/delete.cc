// ibid delete KEY... | --query QUERY
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cli/index_place.h"
#include "cli/json_writer.h"
#include "cli/open_writer.h"
#include "cli/opened_index.h"
#include "cli/query_notes.h"
#include "cli/text_escape.h"
#include "cli/verbs.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "ibid/index_writer.h"
#include "ibid/searcher.h"

namespace ibid::cli {
namespace {

struct Deleted {
  uint64_t num_deleted = 0;
  uint64_t num_missing = 0;
};

// Every key that matches, in order.
absl::StatusOr<std::vector<std::string>> KeysThatMatch(
    const std::shared_ptr<const IndexReader>& reader, const std::string& text) {
  // Nothing is guessed about what to delete.
  ASSIGN_OR_RETURN(const ParsedQuery parsed,
                   ParseQuery(text, {.strict = true, .columns = reader->columns()}));
  SearchOptions options;
  options.limits.timeout_seconds = 0;
  options.limits.max_results = reader->num_docs();
  options.limit = reader->num_docs();
  options.sort = SortOrder::kKey;
  ASSIGN_OR_RETURN(SearchResult result, Searcher(reader).Search(parsed.query, options));
  if (const QueryNote* note = NoteOfLoss(result.notes)) {
    return absl::InvalidArgumentError(
        StrCat("query: ", note->message, "; nothing is deleted (", text, ")"));
  }
  if (result.partial) {
    return absl::ResourceExhaustedError("query: a limit cut its answer; nothing is deleted");
  }
  std::vector<std::string> keys;
  for (Hit& hit : result.hits) keys.push_back(std::move(hit.key));
  return keys;
}

// All in one commit. The snapshot is opened under the writer's lock, so that it is the generation
// that the deletions apply to, whatever other writers did while this one waited.
absl::StatusOr<Deleted> DeleteAll(const Command& command, const std::string& directory,
                                  Console& console) {
  WriterOptions options{.create_if_missing = false, .holder = "ibid delete"};
  ASSIGN_OR_RETURN(const std::unique_ptr<IndexWriter> writer,
                   OpenWriter(directory, std::move(options), command.wait_seconds, console));
  std::vector<std::string> keys = command.arguments;
  if (command.remove.query) {
    ASSIGN_OR_RETURN(const auto reader, IndexReader::Open(directory));
    if (reader->generation() != writer->generation()) {
      return absl::InternalError(StrCat(directory, ": commit ", reader->generation(),
                                        " came while this writer held ", writer->generation()));
    }
    ASSIGN_OR_RETURN(keys, KeysThatMatch(reader, *command.remove.query));
  }
  Deleted deleted;
  for (const std::string& key : keys) {
    ASSIGN_OR_RETURN(const bool existed, writer->Delete(key));
    ++(existed ? deleted.num_deleted : deleted.num_missing);
  }
  RETURN_IF_ERROR(writer->Commit().status());
  return deleted;
}

// --dry-run: the keys that would go, from a snapshot. Takes no lock and changes nothing.
absl::StatusOr<Deleted> ListAll(const Command& command, const std::string& directory,
                                Console& console) {
  ASSIGN_OR_RETURN(const auto reader, IndexReader::Open(directory));
  Deleted listed;
  const auto list = [&](const std::string& key) {
    ++listed.num_deleted;
    JsonWriter json;
    json.BeginObject().Key("key").String(key).EndObject();
    console.out().Write(command.json ? json.TakeLine() : StrCat(VisibleKey(key), "\n"));
  };
  if (command.remove.query) {
    ASSIGN_OR_RETURN(const auto keys, KeysThatMatch(reader, *command.remove.query));
    for (const std::string& key : keys) list(key);
    return listed;
  }
  const std::set<std::string> keys(command.arguments.begin(), command.arguments.end());
  for (const std::string& key : keys) {
    ASSIGN_OR_RETURN(const bool present, reader->Contains(key));
    if (present) {
      list(key);
    } else {
      ++listed.num_missing;
    }
  }
  return listed;
}

ExitCode Refused(const Command& command, const std::string& directory, const absl::Status& status,
                 Console& console) {
  if (!absl::IsInvalidArgument(status) || !command.remove.query) {
    return FailOn(directory, status, console);
  }
  const auto reader = IndexReader::Open(directory);
  ErrorDetails details;
  if (reader.ok()) {
    details = DetailsOfBadQuery(*command.remove.query, {.columns = (*reader)->columns()});
  }
  details.path = directory;
  return console.Fail(status, details);
}

std::string Summary(const Deleted& deleted, bool as_json) {
  if (as_json) {
    JsonWriter json;
    json.BeginObject().Key("type").String("summary");
    json.Key("deleted").Number(deleted.num_deleted);
    json.Key("missing").Number(deleted.num_missing).EndObject();
    return json.TakeLine();
  }
  const std::string missing =
      deleted.num_missing == 0 ? "" : StrCat(", not found ", WithCommas(deleted.num_missing));
  return StrCat("deleted ", WithCommas(deleted.num_deleted), missing, "\n");
}

}  // namespace

ExitCode RunDelete(const Command& command, Console& console) {
  const absl::StatusOr<std::string> place = PlaceOfExisting(command.index);
  if (!place.ok()) return FailOn("", place.status(), console);
  const bool dry = command.remove.dry_run;
  const absl::StatusOr<Deleted> deleted =
      dry ? ListAll(command, *place, console) : DeleteAll(command, *place, console);
  if (!deleted.ok()) return Refused(command, *place, deleted.status(), console);
  if (!dry) console.out().Write(Summary(*deleted, command.json));
  return deleted->num_deleted > 0 ? kFound : kNothingFound;
}

}  // namespace ibid::cli
