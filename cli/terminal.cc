#include "cli/terminal.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "cli/exit_codes.h"
#include "common/base/strings.h"

namespace ibid::cli {
namespace {

constexpr size_t kFlushBytes = size_t{64} << 10;

std::atomic<bool> interrupted{false};
std::atomic<bool> terminated{false};
std::atomic<int> interrupt_pipe{-1};  // its writing end
static_assert(std::atomic<bool>::is_always_lock_free, "set by a signal handler");

// 0, or the errno of the first failure. Async-signal-safe.
int WriteAll(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    text.remove_prefix(static_cast<size_t>(written));
  }
  return 0;
}

extern "C" void SetInterrupted(int signal) {
  const int before = errno;
  if (signal == SIGTERM) terminated.store(true);
  interrupted.store(true);
  if (interrupt_pipe.load() >= 0) WriteAll(interrupt_pipe.load(), "!");
  errno = before;
}

extern "C" void ExitInterrupted(int) {
  WriteAll(2, "ibid: stopped\n");
  _exit(kInterrupted);
}

// Reads /proc/self/maps a line at a time with a fixed buffer: a signal handler may not allocate.
class MapsLines {
 public:
  MapsLines() : descriptor_(::open("/proc/self/maps", O_RDONLY | O_CLOEXEC)) {}
  ~MapsLines() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  MapsLines(const MapsLines&) = delete;
  MapsLines& operator=(const MapsLines&) = delete;

  // The next line, cut to the buffer; empty at the end.
  std::string_view Next() {
    size_t length = 0;
    char c = 0;
    while (descriptor_ >= 0 && ::read(descriptor_, &c, 1) == 1 && c != '\n') {
      if (length < sizeof(line_)) line_[length++] = c;
    }
    return {line_, length};
  }

 private:
  int descriptor_;
  char line_[512];
};

uint64_t ParseHex(std::string_view& text) {
  uint64_t value = 0;
  while (!text.empty()) {
    const char c = text[0];
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) break;
    value = value * 16 + static_cast<uint64_t>(digit);
    text.remove_prefix(1);
  }
  return value;
}

// "7f0a-7f0b r--s 00000000 08:01 123   /data/idx/seg_0000000007.ibid": the file's own name.
bool WriteNameOfMappingAt(uint64_t address) {
  MapsLines lines;
  for (std::string_view line = lines.Next(); !line.empty(); line = lines.Next()) {
    std::string_view rest = line;
    const uint64_t begin = ParseHex(rest);
    if (!rest.empty()) rest.remove_prefix(1);
    const uint64_t end = ParseHex(rest);
    if (address < begin || address >= end) continue;
    const size_t slash = rest.rfind('/');
    if (slash == std::string_view::npos) return false;
    WriteAll(2, rest.substr(slash + 1));
    return true;
  }
  return false;
}

extern "C" void ReportBusError(int, siginfo_t* info, void*) {
  WriteAll(2, "ibid: error: ");
  if (!WriteNameOfMappingAt(reinterpret_cast<uint64_t>(info->si_addr))) WriteAll(2, "index");
  WriteAll(2, ": the file was cut or the disk failed while it was being read\n");
  _exit(kInputOutput);
}

}  // namespace

bool IsTerminal(Stream stream) { return ::isatty(static_cast<int>(stream)) == 1; }

size_t TerminalWidth() {
  winsize size{};
  if (::ioctl(2, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

bool WantColor(std::string_view mode) {
  if (mode != "auto") return mode == "always";
  const char* no_color = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  if (no_color != nullptr && *no_color != '\0') return false;
  if (terminal != nullptr && std::string_view(terminal) == "dumb") return false;
  return IsTerminal(Stream::kOutput);
}

void Output::Write(std::string_view text) {
  if (!ok()) return;
  buffer_ += text;
  if (buffer_.size() >= kFlushBytes) Flush();
}

void Output::Flush() {
  if (ok()) error_ = WriteAll(1, buffer_);
  buffer_.clear();
}

bool Output::reader_gone() const { return error_ == EPIPE; }

absl::Status Output::status() const {
  if (ok() || reader_gone()) return absl::OkStatus();
  return absl::UnavailableError(StrCat("standard output: ", std::strerror(error_)));
}

void WriteToStandardError(std::string_view text) { WriteAll(2, text); }

void InstallSignalHandlers(OnInterrupt on_interrupt) {
  struct sigaction interrupt {};
  interrupt.sa_handler = on_interrupt == OnInterrupt::kExit ? ExitInterrupted : SetInterrupted;
  interrupt.sa_flags = static_cast<int>(SA_RESETHAND);  // the second interrupt ends the process
  ::sigaction(SIGINT, &interrupt, nullptr);

  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, nullptr);

  struct sigaction bus {};
  bus.sa_sigaction = ReportBusError;
  bus.sa_flags = SA_SIGINFO;
  ::sigaction(SIGBUS, &bus, nullptr);
}

const std::atomic<bool>& Interrupted() { return interrupted; }

void CatchTermination() {
  struct sigaction terminate {};
  terminate.sa_handler = SetInterrupted;
  terminate.sa_flags = static_cast<int>(SA_RESETHAND);
  ::sigaction(SIGTERM, &terminate, nullptr);
}

const std::atomic<bool>& Terminated() { return terminated; }

int InterruptDescriptor() {
  static const int reading_end = [] {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
    interrupt_pipe.store(ends[1]);
    // The interrupt may have come before.
    if (interrupted.load()) WriteAll(ends[1], "!");
    return ends[0];
  }();
  return reading_end;
}

}  // namespace ibid::cli
