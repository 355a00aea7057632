// ibid delete KEY... | --query QUERY
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/index_place.h"
#include "cli/json_writer.h"
#include "cli/opened_index.h"
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
  CommitInfo commit;
};

// Every key that matches; at most limits.max_results at a time.
absl::StatusOr<std::vector<std::string>> KeysThatMatch(const std::string& directory,
                                                       const std::string& text) {
  ASSIGN_OR_RETURN(const auto reader, IndexReader::Open(directory));
  // Nothing is guessed about what to delete.
  ASSIGN_OR_RETURN(const ParsedQuery parsed,
                   ParseQuery(text, {.strict = true, .columns = reader->columns()}));
  SearchOptions options;
  options.limits.timeout_seconds = 0;
  options.limit = options.limits.max_results;
  options.sort = SortOrder::kKey;
  ASSIGN_OR_RETURN(const SearchResult result, Searcher(reader).Search(parsed.query, options));
  if (result.partial) {
    return absl::ResourceExhaustedError("query: a limit cut its answer; nothing is deleted");
  }
  std::vector<std::string> keys;
  for (const Hit& hit : result.hits) keys.push_back(hit.key);
  return keys;
}

absl::StatusOr<Deleted> DeleteKeys(IndexWriter& writer, const std::vector<std::string>& keys) {
  Deleted deleted;
  for (const std::string& key : keys) {
    ASSIGN_OR_RETURN(const bool existed, writer.Delete(key));
    ++(existed ? deleted.num_deleted : deleted.num_missing);
  }
  ASSIGN_OR_RETURN(deleted.commit, writer.Commit());
  return deleted;
}

absl::StatusOr<Deleted> DeleteAll(const Command& command, const std::string& directory) {
  const WriterOptions options{.create_if_missing = false, .holder = "ibid delete"};
  ASSIGN_OR_RETURN(const std::unique_ptr<IndexWriter> writer,
                   IndexWriter::Open(directory, options));
  if (!command.remove.query) return DeleteKeys(*writer, command.arguments);
  Deleted all;
  for (;;) {
    ASSIGN_OR_RETURN(const auto keys, KeysThatMatch(directory, *command.remove.query));
    if (keys.empty()) return all;
    ASSIGN_OR_RETURN(const Deleted some, DeleteKeys(*writer, keys));
    all.num_deleted += some.num_deleted;
    all.commit = some.commit;
    if (some.num_deleted == 0) return absl::InternalError("a deleted document still matches");
  }
}

}  // namespace

ExitCode RunDelete(const Command& command, Console& console) {
  const absl::StatusOr<std::string> place = PlaceOfExisting(command.index);
  if (!place.ok()) return FailOn("", place.status(), console);
  const absl::StatusOr<Deleted> deleted = DeleteAll(command, *place);
  if (!deleted.ok()) return FailOn(*place, deleted.status(), console);
  if (command.json) {
    JsonWriter json;
    json.BeginObject().Key("type").String("summary");
    json.Key("deleted").Number(deleted->num_deleted);
    json.Key("missing").Number(deleted->num_missing).EndObject();
    console.out().Write(json.TakeLine());
  } else {
    const std::string missing =
        deleted->num_missing == 0 ? "" : StrCat(", not found ", WithCommas(deleted->num_missing));
    console.out().Write(StrCat("deleted ", WithCommas(deleted->num_deleted), missing, "\n"));
  }
  return deleted->num_deleted > 0 ? kFound : kNothingFound;
}

}  // namespace ibid::cli
