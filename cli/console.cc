#include "cli/console.h"

#include "absl/status/status.h"
#include "cli/json_writer.h"
#include "common/base/strings.h"
#include "ibid/snippet.h"

namespace ibid::cli {
namespace {

std::string ErrorLine(const absl::Status& status, const ErrorDetails& details) {
  JsonWriter json;
  json.BeginObject().Key("error").BeginObject();
  json.Key("code").String(absl::StatusCodeToString(status.code()));
  json.Key("message").String(MessageOf(status));
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
  if (options_.json) {
    WriteToStandardError(ErrorLine(status, details));
    return code;
  }
  const std::string_view message = MessageOf(status);
  std::string text = StrCat(Prefix(), code == kInterrupted ? "" : "error: ",
                            code == kBug ? InternalErrorText(message) : std::string(message), "\n",
                            details.display);
  if (!details.kept.empty()) text += StrCat("  kept: ", details.kept, "\n");
  if (!details.todo.empty()) text += StrCat("  do: ", details.todo, "\n");
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
