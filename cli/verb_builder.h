// One verb of the flag table: adds flags to a CLI11 subcommand in the project's own terms.
//
//   VerbBuilder verb(app, command, {.name = "get", .usage = "KEY", .about = "prints a document"});
//   verb.Flag("--raw", command.get.raw, "do not take out control characters");
#ifndef IBID_CLI_VERB_BUILDER_H_
#define IBID_CLI_VERB_BUILDER_H_

#include <CLI/App.hpp>
#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "cli/flags.h"

namespace ibid::cli {

struct VerbText {
  std::string name;
  std::string usage;     // what stands behind the flags: "QUERY..."
  std::string about;     // one line
  std::string examples;  // each an indented line
};

class VerbBuilder {
 public:
  // Adds the verb with -i and --json. `app` and `command` outlive the builder and the parsing.
  VerbBuilder(CLI::App& app, Command& command, const VerbText& text);

  // Flags that follow are shown under this heading of the help.
  void Group(const std::string& heading) { group_ = heading; }

  void Flag(const std::string& names, bool& target, const std::string& about);

  template <typename T>
  void Value(const std::string& names, T& target, const std::string& placeholder,
             const std::string& about) {
    static_assert(!std::is_arithmetic_v<T>, "numbers have a range: Number, Real, ByteSize");
    Finish(verb_->add_option(names, target, about), placeholder);
  }

  // A whole number in [low, high].
  template <std::integral T>
  void Number(const std::string& names, T& target, T low, T high, const std::string& about) {
    TakeNumber(names, static_cast<uint64_t>(low), static_cast<uint64_t>(high), about,
               [&target](uint64_t value) { target = static_cast<T>(value); });
  }

  // May be given more than once.
  void List(const std::string& names, std::vector<std::string>& target,
            const std::string& placeholder, const std::string& about);

  // One of `choices`; T is std::string or an optional one.
  template <typename T>
  void Choice(const std::string& names, T& target, const std::vector<std::string>& choices,
              const std::string& about) {
    Finish(verb_->add_option(names, target, about)->check(OneOf(choices)), Joined(choices));
  }

  // A number in [low, high]; NaN is refused.
  void Real(const std::string& names, double low, double high, const std::string& placeholder,
            const std::string& about, const std::function<void(double)>& set);

  // Bytes with an optional K, M, G or T, in [low, high].
  void ByteSize(const std::string& names, uint64_t& target, uint64_t low, uint64_t high,
                const std::string& about);

 private:
  // A check of CLI11: what is wrong with a text, or nothing.
  using Validator = std::function<std::string(const std::string&)>;
  static Validator OneOf(const std::vector<std::string>& choices);
  static std::string Joined(const std::vector<std::string>& choices);
  void TakeNumber(const std::string& names, uint64_t low, uint64_t high, const std::string& about,
                  const std::function<void(uint64_t)>& set);
  void Finish(CLI::Option* option, const std::string& placeholder);

  CLI::App* verb_;
  std::string group_ = "Options";
};

}  // namespace ibid::cli

#endif  // IBID_CLI_VERB_BUILDER_H_
