// Where a verb's words go: results to standard output, everything else to standard error, in the
// one shape of docs/CLI.md ("Errors").
//
//   Console console({.verb = "search", .json = false});
//   console.Warning("notes/x.bin", "skipped: not text (NUL at byte 12)");
//   return console.Fail(status, {.kept = "commit 41", .todo = "ibid check"});
//
// Belongs to one thread. Whatever is said to people is made safe for a terminal here.
#ifndef IBID_CLI_CONSOLE_H_
#define IBID_CLI_CONSOLE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "cli/exit_codes.h"
#include "cli/terminal.h"

namespace ibid::cli {

// What an error message says beside what failed, where and why.
struct ErrorDetails {
  std::string kept;              // "commit 41, 120,000 documents", or empty
  std::string todo;              // what helps, or empty
  std::string display;           // lines shown under the message, as a caret display
  std::string path;              // for --json: the index or file, or empty
  std::optional<size_t> offset;  // for --json: a byte of the query
};

class Console {
 public:
  struct Options {
    std::string verb;    // "search"; empty before one is known
    bool json = false;   // errors and warnings as JSON lines
    bool quiet = false;  // no warnings, no notes
  };
  explicit Console(Options options) : options_(std::move(options)) {}

  Output& out() { return out_; }
  bool json() const { return options_.json; }
  bool quiet() const { return options_.quiet; }

  // "ibid search: error: <message>", then "  kept: ..." and "  do: ..."; the exit code for it.
  ExitCode Fail(const absl::Status& status, const ErrorDetails& details = {});

  // "ibid index: warning: <where>: <what>"; `where` may be empty.
  void Warning(std::string_view where, std::string_view what);

  // "ibid search: note: <what>". Never in JSON, whose summary carries notes.
  void Note(std::string_view what);

  // "ibid get: <text>", or nothing where quiet or in JSON.
  void Say(std::string_view text);

  // Lines for people as they are (made safe), unless quiet.
  void Show(std::string_view lines);

 private:
  std::string Prefix() const;

  Options options_;
  Output out_;
};

}  // namespace ibid::cli

#endif  // IBID_CLI_CONSOLE_H_
