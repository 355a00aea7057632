// One line on standard error that is written over itself.
//
//   Progress progress("auto");
//   progress.Update([&] { return StrCat(WithCommas(done), " documents"); });
//   progress.Clear();
//
// Belongs to one thread.
#ifndef IBID_CLI_PROGRESS_H_
#define IBID_CLI_PROGRESS_H_

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace ibid::cli {

class Progress {
 public:
  // `mode`: auto (on a terminal), always, never.
  explicit Progress(std::string_view mode);
  ~Progress() { Clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  bool shown() const { return shown_; }

  // Shows the line ten times a second at most; `line` is asked only then.
  void Update(const std::function<std::string()>& line);

  // Shows the line now, whenever the last one was.
  void Show(std::string_view line);

  // Takes the line off the screen, so that something else can be printed.
  void Clear();

 private:
  bool shown_;
  bool visible_ = false;
  std::chrono::steady_clock::time_point next_{};
};

}  // namespace ibid::cli

#endif  // IBID_CLI_PROGRESS_H_
