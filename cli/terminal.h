// The terminal, the standard streams and signals: all that the program asks of the system itself.
//
//   InstallSignalHandlers(OnInterrupt::kSetFlag);
//   Output out;
//   out.Write("hello\n");
//   out.Flush();
//   if (!out.ok()) return out.status();
//
// Output belongs to one thread; the other functions are safe anywhere.
#ifndef IBID_CLI_TERMINAL_H_
#define IBID_CLI_TERMINAL_H_

#include <atomic>
#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace ibid::cli {

enum class Stream { kInput = 0, kOutput = 1, kError = 2 };

bool IsTerminal(Stream stream);

// Columns of the terminal on standard error; 80 where it does not say.
size_t TerminalWidth();

// --color: `mode` is auto, always or never. NO_COLOR and TERM=dumb switch `auto` off.
bool WantColor(std::string_view mode);

// Standard output, buffered. After an error nothing more is written. A reader that went away is not
// an error: ok() is false, status() is OK, and the program ends quietly.
class Output {
 public:
  Output() = default;
  ~Output() { Flush(); }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void Write(std::string_view text);
  void Flush();
  bool ok() const { return error_ == 0; }
  bool reader_gone() const;
  // Unavailable ("standard output: No space left on device").
  absl::Status status() const;

 private:
  std::string buffer_;
  int error_ = 0;  // an errno
};

// Writes to standard error at once; errors are ignored. The text goes out as it is.
void WriteToStandardError(std::string_view text);

enum class OnInterrupt {
  kExit,     // the process ends at once with 130; right where nothing is half done
  kSetFlag,  // Interrupted() becomes true; a second interrupt ends the process
};

// SIGINT as said; SIGPIPE is ignored; SIGBUS (a mapped file was cut, or its disk failed) becomes a
// message and exit code 5.
void InstallSignalHandlers(OnInterrupt on_interrupt);

const std::atomic<bool>& Interrupted();

// For work without an end: SIGTERM counts as an interrupt, too, and Terminated() becomes true.
void CatchTermination();
const std::atomic<bool>& Terminated();
// A descriptor that can be read from the first interrupt on, for those who wait for others. -1
// where there is none: then ask now and then.
int InterruptDescriptor();

}  // namespace ibid::cli

#endif  // IBID_CLI_TERMINAL_H_
