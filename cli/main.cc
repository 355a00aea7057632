// `ibid`: the program. Parses the command line and runs one verb.
#include <exception>
#include <new>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "cli/console.h"
#include "cli/flags.h"
#include "cli/terminal.h"
#include "cli/verbs.h"

namespace ibid::cli {
namespace {

struct Verb {
  const char* name;
  ExitCode (*run)(const Command&, Console&);
  OnInterrupt on_interrupt;
};
constexpr Verb kVerbs[] = {
    {"index", RunIndex, OnInterrupt::kSetFlag},  {"search", RunSearch, OnInterrupt::kSetFlag},
    {"get", RunGet, OnInterrupt::kExit},         {"delete", RunDelete, OnInterrupt::kExit},
    {"merge", RunMerge, OnInterrupt::kExit},     {"info", RunInfo, OnInterrupt::kExit},
    {"terms", RunTerms, OnInterrupt::kExit},     {"postings", RunPostings, OnInterrupt::kExit},
    {"analyze", RunAnalyze, OnInterrupt::kExit}, {"check", RunCheck, OnInterrupt::kExit},
    {"salvage", RunSalvage, OnInterrupt::kExit},
};

// Standard output that could not be written outranks what the verb found; that its reader had
// enough does not hide a failure.
ExitCode Finish(ExitCode code, Console& console) {
  console.out().Flush();
  if (console.out().reader_gone()) return code == kNothingFound ? kFound : code;
  const absl::Status written = console.out().status();
  return written.ok() ? code : console.Fail(written);
}

ExitCode RunVerb(const Command& command, Console& console) {
  for (const Verb& verb : kVerbs) {
    if (command.verb != verb.name) continue;
    InstallSignalHandlers(verb.on_interrupt);
    return verb.run(command, console);
  }
  return console.Fail(absl::InternalError("verb without a function: " + command.verb));
}

ExitCode Run(const ParsedCommandLine& parsed) {
  const Command& command = parsed.command;
  const bool json = command.json || command.search.format == "json";
  Console console({.verb = command.verb,
                   .json = json,
                   .quiet = command.verb == "index" && command.index_flags.quiet});
  if (!parsed.exit_code) {
    try {
      return Finish(RunVerb(command, console), console);
    } catch (const std::bad_alloc&) {
      return console.Fail(absl::ResourceExhaustedError("out of memory"));
    } catch (const std::exception& error) {
      return console.Fail(absl::InternalError(error.what()));
    }
  }
  if (*parsed.exit_code == kFound) {
    console.out().Write(parsed.text);
    return Finish(kFound, console);
  }
  const std::string help =
      command.verb.empty() ? "ibid --help" : "ibid " + command.verb + " --help";
  return console.Fail(absl::InvalidArgumentError(parsed.text), {.todo = help});
}

}  // namespace
}  // namespace ibid::cli

int main(int argc, char** argv) {
  ibid::cli::InstallSignalHandlers(ibid::cli::OnInterrupt::kExit);
  return ibid::cli::Run(ibid::cli::ParseCommandLine({argv + (argc > 0 ? 1 : 0), argv + argc}));
}
