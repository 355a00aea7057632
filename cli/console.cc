#include "cli/console.h"

#include "absl/status/status.h"
#include "cli/json_writer.h"
#include "cli/text_input.h"
#include "common/base/strings.h"
#include "ibid/snippet.h"

namespace ibid::cli {
namespace {

// The library puts what is kept and what helps into lines of their own behind the message; they
// are nearer to the fault than what the caller knows.
struct Fault {
  std::string message;
  ErrorDetails details;
};

Fault TakeApart(const absl::Status& status, const ErrorDetails& details) {
  Fault fault{.message = "", .details = details};
  constexpr std::string_view kKept = "kept: ";
  constexpr std::string_view kDo = "do: ";
  for (const std::string_view line : SplitLines(MessageOf(status))) {
    if (line.starts_with(kKept)) {
      fault.details.kept = line.substr(kKept.size());
    } else if (line.starts_with(kDo)) {
      fault.details.todo = line.substr(kDo.size());
    } else {
      fault.message += StrCat(fault.message.empty() ? "" : " ", line);
    }
  }
  return fault;
}

std::string ErrorLine(const absl::Status& status, const Fault& fault) {
  const ErrorDetails& details = fault.details;
  JsonWriter json;
  json.BeginObject().Key("error").BeginObject();
  json.Key("code").String(absl::StatusCodeToString(status.code()));
  json.Key("message").String(fault.message);
  if (!details.path.empty()) json.Key("path").String(details.path);
  if (details.offset) json.Key("offset").Number(*details.offset);
  if (!details.kept.empty()) json.Key("kept").String(details.kept);
  if (!details.todo.empty()) json.Key("do").String(details.todo);
  json.EndObject().EndObject();
  return json.TakeLine();
}

std::string InternalErrorText(std::string_view message) {
  return StrCat("internal error: ", message, "; please report it");
}

}  // namespace

std::string Console::Prefix() const {
  return options_.verb.empty() ? "ibid: " : StrCat("ibid ", options_.verb, ": ");
}

ExitCode Console::Fail(const absl::Status& status, const ErrorDetails& details) {
  out_.Flush();
  const ExitCode code = ExitCodeOf(status);
  const Fault fault = TakeApart(status, details);
  if (options_.json) {
    WriteToStandardError(ErrorLine(status, fault));
    return code;
  }
  std::string text = StrCat(Prefix(), code == kInterrupted ? "" : "error: ",
                            code == kBug ? InternalErrorText(fault.message) : fault.message, "\n",
                            details.display);
  if (!fault.details.kept.empty()) text += StrCat("  kept: ", fault.details.kept, "\n");
  if (!fault.details.todo.empty()) text += StrCat("  do: ", fault.details.todo, "\n");
  WriteToStandardError(SafeForTerminal(text));
  return code;
}

void Console::Warning(std::string_view where, std::string_view what) {
  if (options_.quiet) return;
  out_.Flush();
  if (options_.json) {
    JsonWriter json;
    json.BeginObject().Key("warning").BeginObject();
    if (!where.empty()) json.Key("where").String(where);
    json.Key("message").String(what).EndObject().EndObject();
    WriteToStandardError(json.TakeLine());
    return;
  }
  const std::string text =
      StrCat(Prefix(), "warning: ", where, where.empty() ? "" : ": ", what, "\n");
  WriteToStandardError(SafeForTerminal(text));
}

void Console::Note(std::string_view what) {
  if (!options_.json) Show(StrCat(Prefix(), "note: ", what, "\n"));
}

void Console::Say(std::string_view text) {
  if (!options_.json) Show(StrCat(Prefix(), text, "\n"));
}

void Console::Show(std::string_view lines) {
  if (options_.quiet) return;
  out_.Flush();
  WriteToStandardError(SafeForTerminal(lines));
}

}  // namespace ibid::cli
