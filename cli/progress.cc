#include "cli/progress.h"

#include "cli/terminal.h"
#include "cli/text_escape.h"
#include "common/base/strings.h"

namespace ibid::cli {
namespace {

constexpr std::chrono::milliseconds kInterval{100};
constexpr std::string_view kEraseLine = "\r\x1b[K";

}  // namespace

Progress::Progress(std::string_view mode)
    : shown_(mode == "always" || (mode == "auto" && IsTerminal(Stream::kError))) {}

void Progress::Update(const std::function<std::string()>& line) {
  if (!shown_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + kInterval;
  Show(line());
}

void Progress::Show(std::string_view line) {
  if (!shown_) return;
  const std::string text = OneLine(line).substr(0, TerminalWidth() - 1);
  WriteToStandardError(StrCat(kEraseLine, text));
  visible_ = true;
}

void Progress::Clear() {
  if (visible_) WriteToStandardError(kEraseLine);
  visible_ = false;
}

}  // namespace ibid::cli
