#include "cli/verb_builder.h"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <memory>

#include "cli/text_escape.h"
#include "common/base/strings.h"

namespace ibid::cli {
namespace {

// CLI11's help with a usage line that names the arguments.
class VerbHelp : public CLI::Formatter {
 public:
  explicit VerbHelp(std::string usage) : usage_(std::move(usage)) { column_width(34); }

  std::string make_usage(const CLI::App*, std::string) const override {
    return StrCat("\nUsage: ", usage_, "\n");
  }

  // One empty line between groups, not two.
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override {
    const std::string help = CLI::Formatter::make_help(app, std::move(name), mode);
    return CLI::detail::find_and_replace(help, "\n\n\n", "\n\n");
  }

 private:
  std::string usage_;
};

template <typename T>
std::optional<T> ParseNumber(std::string_view text) {
  T value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

VerbBuilder::VerbBuilder(CLI::App& app, Command& command, const VerbText& text)
    : verb_(app.add_subcommand(text.name, text.about)) {
  const std::string usage =
      StrCat("ibid ", text.name, " [OPTIONS]", text.usage.empty() ? "" : " ", text.usage);
  verb_->formatter(std::make_shared<VerbHelp>(usage));
  verb_->footer(StrCat("Examples:\n", text.examples));
  verb_->group("Verbs");
  verb_->allow_extras();  // the arguments: CLI11 would take "[a TO b]" apart
  verb_->set_help_flag("-h,--help", "Print this help")->group("Options");
  verb_->callback([&command, name = text.name] { command.verb = name; });
  Value("-i,--index", command.index, "DIR",
        "The index (else $IBID_INDEX, else .ibid here or above)");
  Flag("--json", command.json, "Print JSON, one object a line");
}

void VerbBuilder::Flag(const std::string& names, bool& target, const std::string& about) {
  verb_->add_flag(names, target, about)->group(group_);
}

void VerbBuilder::List(const std::string& names, std::vector<std::string>& target,
                       const std::string& placeholder, const std::string& about) {
  Finish(verb_->add_option(names, target, about)->allow_extra_args(false), placeholder);
}

void VerbBuilder::Real(const std::string& names, double low, double high,
                       const std::string& placeholder, const std::string& about,
                       const std::function<void(double)>& set) {
  const Validator in_range = [low, high](const std::string& text) -> std::string {
    const std::optional<double> value = ParseNumber<double>(text);  // NaN is in no range
    if (value && *value >= low && *value <= high) return "";
    const std::string range =
        std::isinf(high) ? StrCat(FixedNumber(low, 0), " or more")
                         : StrCat("from ", FixedNumber(low, 0), " to ", FixedNumber(high, 0));
    return StrCat(text, " is not a number ", range);
  };
  const auto take = [set](const std::string& text) { set(ParseNumber<double>(text).value_or(0)); };
  Finish(verb_->add_option_function<std::string>(names, take, about)->check(in_range), placeholder);
}

void VerbBuilder::TakeNumber(const std::string& names, uint64_t low, uint64_t high,
                             const std::string& about, const std::function<void(uint64_t)>& set) {
  const Validator in_range = [low, high](const std::string& text) -> std::string {
    const std::optional<uint64_t> value = ParseNumber<uint64_t>(text);
    if (value && *value >= low && *value <= high) return "";
    return StrCat(text, " is not a whole number from ", WithCommas(low), " to ", WithCommas(high));
  };
  const auto take = [set](const std::string& text) {
    set(ParseNumber<uint64_t>(text).value_or(0));
  };
  Finish(verb_->add_option_function<std::string>(names, take, about)->check(in_range), "N");
}

void VerbBuilder::ByteSize(const std::string& names, uint64_t& target, uint64_t low, uint64_t high,
                           const std::string& about) {
  const Validator is_size = [low, high](const std::string& text) -> std::string {
    const std::optional<uint64_t> size = ParseByteSize(text);
    if (size && *size >= low && *size <= high) return "";
    return StrCat(text, " is not a size from ", HumanBytes(low), " to ", HumanBytes(high),
                  ", as in 256M");
  };
  const auto take = [&target](const std::string& text) {
    target = ParseByteSize(text).value_or(0);
  };
  Finish(verb_->add_option_function<std::string>(names, take, about)->check(is_size), "SIZE");
}

VerbBuilder::Validator VerbBuilder::OneOf(const std::vector<std::string>& choices) {
  return [choices](const std::string& text) -> std::string {
    if (std::find(choices.begin(), choices.end(), text) != choices.end()) return "";
    return StrCat(text, " is not one of ", Joined(choices));
  };
}

std::string VerbBuilder::Joined(const std::vector<std::string>& choices) {
  std::string joined;
  for (const std::string& choice : choices) {
    joined += StrCat(joined.empty() ? "" : "|", choice);
  }
  return joined;
}

void VerbBuilder::Finish(CLI::Option* option, const std::string& placeholder) {
  option->group(group_)->option_text(placeholder);
}

}  // namespace ibid::cli
