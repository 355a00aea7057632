#include "cli/flags.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <charconv>
#include <limits>

#include "cli/flag_table.h"
#include "cli/suggest.h"
#include "common/base/strings.h"
#include "ibid/version.h"

namespace ibid::cli {
namespace {

constexpr size_t kAnyNumber = std::numeric_limits<size_t>::max();

// How many arguments a verb takes beside its flags, and what they are called.
struct ArgumentCount {
  std::string_view verb;
  size_t min;
  size_t max;
  std::string_view name;
};
constexpr ArgumentCount kArgumentCounts[] = {
    {"index", 1, kAnyNumber, "PATH"},
    {"search", 1, kAnyNumber, "QUERY"},
    {"get", 1, 1, "KEY"},
    {"delete", 1, kAnyNumber, "KEY"},
    {"merge", 0, 0, ""},
    {"info", 0, 0, ""},
    {"terms", 0, 1, "PREFIX"},
    {"postings", 1, 1, "TERM"},
    {"analyze", 1, kAnyNumber, "TEXT"},
    {"check", 0, 0, ""},
    {"salvage", 2, 2, "SOURCE or DESTINATION"},
};

// Whether the arguments come from somewhere else than the command line.
bool ArgumentsComeFromAFlag(const Command& command) {
  return (command.verb == "index" && command.index_flags.files_from) ||
         (command.verb == "search" && command.search.queries_file) ||
         (command.verb == "delete" && command.remove.query);
}

// What is wrong with the number of arguments, or empty.
std::string CheckArguments(const Command& command) {
  for (const ArgumentCount& count : kArgumentCounts) {
    if (count.verb != command.verb) continue;
    const size_t given = command.arguments.size();
    if (given > count.max) return StrCat("unexpected argument ", command.arguments[count.max]);
    if (ArgumentsComeFromAFlag(command)) {
      const bool may_have_both = command.verb == "index";
      return given > 0 && !may_have_both ? StrCat("unexpected argument ", command.arguments[0])
                                         : "";
    }
    if (given < count.min) return StrCat("missing ", count.name);
  }
  return "";
}

ParsedCommandLine WrongUsage(Command command, std::string text) {
  return {.command = std::move(command), .exit_code = kUsage, .text = std::move(text)};
}

// The word of the command line whose end was left as the option `rest`.
std::string AsTyped(const std::string& rest, const std::vector<std::string>& typed) {
  if (std::find(typed.begin(), typed.end(), rest) != typed.end()) return rest;
  const auto word = std::find_if(typed.begin(), typed.end(), [&](const std::string& text) {
    return text.size() > 1 && text[0] == '-' && text[1] != '-' && text.ends_with(rest.substr(1));
  });
  return word == typed.end() ? rest : *word;
}

// CLI11 leaves everything it does not know in remaining(): arguments, and flags that do not exist.
// Of "-aground" it takes -a and leaves "-ground": `typed` has the words as they were typed.
std::string TakeArguments(const CLI::App& verb, const std::vector<std::string>& typed,
                          std::vector<std::string> literal, Command& command) {
  command.arguments = verb.remaining();
  for (const std::string& argument : command.arguments) {
    const bool negative_number = argument.size() > 1 && argument[1] >= '0' && argument[1] <= '9';
    if (argument.size() > 1 && argument[0] == '-' && !negative_number) {
      return StrCat("no such option: ", AsTyped(argument, typed),
                    " (what stands behind -- is no option)");
    }
  }
  std::move(literal.begin(), literal.end(), std::back_inserter(command.arguments));
  return "";
}

const CLI::App* FindVerb(const CLI::App& app, const std::string& name) {
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (verb->get_name() == name) return verb;
  }
  return nullptr;
}

std::string FirstWord(const std::vector<std::string>& arguments) {
  const auto word = std::find_if(arguments.begin(), arguments.end(), [](const std::string& text) {
    return !text.empty() && text[0] != '-';
  });
  return word == arguments.end() ? "" : *word;
}

// "no such verb: serach (did you mean search?)"
std::string NoSuchVerb(const CLI::App& app, const std::string& name) {
  constexpr size_t kMaxDistance = 2;
  std::string nearest;
  size_t least = kMaxDistance + 1;
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (name.size() > verb->get_name().size() + kMaxDistance) continue;
    const size_t distance = EditDistance(name, verb->get_name(), kMaxDistance);
    // Of a short name little would be left.
    if (distance >= least || 2 * distance >= verb->get_name().size()) continue;
    least = distance;
    nearest = verb->get_name();
  }
  return StrCat("no such verb: ", name,
                nearest.empty() ? "" : StrCat(" (did you mean ", nearest, "?)"));
}

// ibid help [VERB]
ParsedCommandLine Help(const CLI::App& app, const Command& command,
                       const std::vector<std::string>& arguments) {
  const auto help = std::find(arguments.begin(), arguments.end(), "help");
  const std::string name = FirstWord({help + 1, arguments.end()});
  const CLI::App* verb = FindVerb(app, name);
  if (!name.empty() && verb == nullptr) return WrongUsage(command, NoSuchVerb(app, name));
  return {
      .command = command, .exit_code = kFound, .text = verb != nullptr ? verb->help() : app.help()};
}

ParsedCommandLine ParseVerb(CLI::App& app, std::vector<std::string> arguments,
                            std::vector<std::string> literal, Command& command) {
  const std::string first = FirstWord(arguments);
  if (first == "help") return Help(app, command, arguments);
  const CLI::App* verb = FindVerb(app, first);
  if (!first.empty() && verb == nullptr) return WrongUsage(command, NoSuchVerb(app, first));
  if (!first.empty()) command.verb = first;
  if (first.empty() && !literal.empty()) return WrongUsage(command, "missing VERB");
  const std::vector<std::string> typed = arguments;
  try {
    std::reverse(arguments.begin(), arguments.end());
    app.parse(std::move(arguments));
  } catch (const CLI::CallForVersion& version) {
    return {.command = command, .exit_code = kFound, .text = StrCat(version.what(), "\n")};
  } catch (const CLI::CallForHelp&) {
    return {.command = command, .exit_code = kFound, .text = verb ? verb->help() : app.help()};
  } catch (const CLI::ArgumentMismatch& error) {
    const std::string_view what = error.what();
    return WrongUsage(command, StrCat(what.substr(0, what.find(':')), ": a value is missing"));
  } catch (const CLI::ParseError& error) {
    return WrongUsage(command, error.what());
  }
  const std::string unknown = TakeArguments(*verb, typed, std::move(literal), command);
  if (!unknown.empty()) return WrongUsage(command, unknown);
  std::string wrong = CheckArguments(command);
  if (!wrong.empty()) return WrongUsage(command, std::move(wrong));
  return {.command = std::move(command), .exit_code = std::nullopt, .text = ""};
}

}  // namespace

ParsedCommandLine ParseCommandLine(std::vector<std::string> arguments) {
  Command command;
  CLI::App app("ibid: full-text search for phrases and words that stand close together", "ibid");
  app.require_subcommand(1);
  app.set_help_flag("-h,--help", "Print this help");
  app.set_version_flag("--version", StrCat("ibid ", kVersion));
  app.get_formatter()->label("SUBCOMMAND", "VERB");
  app.footer("`ibid VERB --help` explains a verb's options, with examples.");
  DefineVerbs(app, command);
  if (arguments.empty()) return WrongUsage(command, "missing VERB");

  // Everything behind "--" is an argument as it stands.
  std::vector<std::string> literal;
  const auto mark = std::find(arguments.begin(), arguments.end(), "--");
  if (mark != arguments.end()) {
    literal.assign(mark + 1, arguments.end());
    arguments.erase(mark, arguments.end());
  }
  return ParseVerb(app, std::move(arguments), std::move(literal), command);
}

std::optional<uint64_t> ParseByteSize(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  if (text.empty()) return number;
  constexpr std::string_view kUnits = "KMGT";
  const size_t unit = kUnits.find(text[0] >= 'a' ? static_cast<char>(text[0] - 32) : text[0]);
  if (unit == std::string_view::npos || text.size() > 1) return std::nullopt;
  const unsigned shift = 10 * (static_cast<unsigned>(unit) + 1);
  if (number > (std::numeric_limits<uint64_t>::max() >> shift)) return std::nullopt;
  return number << shift;
}

}  // namespace ibid::cli
