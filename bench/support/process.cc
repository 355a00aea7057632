#include "bench/support/process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "common/base/strings.h"

namespace ibid::bench {
namespace {

std::vector<char*> Pointers(const std::vector<std::string>& arguments) {
  std::vector<char*> pointers;
  // posix_spawn takes char* for historical reasons and does not write to them (POSIX, exec).
  for (const std::string& argument : arguments) {
    pointers.push_back(const_cast<char*>(argument.c_str()));  // NOLINT
  }
  pointers.push_back(nullptr);
  return pointers;
}

absl::Status SpawnError(const std::vector<std::string>& arguments, int error) {
  return absl::UnavailableError(StrCat(arguments[0], ": cannot be run: ", std::strerror(error)));
}

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

std::string FirstValue(const char* path, std::string_view name) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(name)) continue;
    const size_t colon = line.find(':');
    const size_t begin = line.find_first_not_of(" \t", colon + 1);
    return begin == std::string::npos ? "" : line.substr(begin);
  }
  return "";
}

}  // namespace

double WallSeconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double ThreadCpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

uint64_t DirectoryBytes(const std::string& directory) {
  uint64_t bytes = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory, error)) {
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  return bytes;
}

uint64_t ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  uint64_t total = 0, resident = 0;
  file >> total >> resident;
  return resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

absl::StatusOr<ChildCost> RunChild(const std::vector<std::string>& arguments) {
  const std::vector<char*> pointers = Pointers(arguments);
  const double started = WallSeconds();
  pid_t process = 0;
  const int error = posix_spawnp(&process, pointers[0], nullptr, nullptr, pointers.data(), environ);
  if (error != 0) return SpawnError(arguments, error);
  int status = 0;
  rusage usage{};
  while (wait4(process, &status, 0, &usage) < 0) {
    if (errno != EINTR) return SpawnError(arguments, errno);
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return absl::InternalError(StrCat(arguments[0], ": ended with status ", status));
  }
  return ChildCost{.wall_seconds = WallSeconds() - started,
                   .cpu_seconds = Seconds(usage.ru_utime) + Seconds(usage.ru_stime),
                   .peak_bytes = static_cast<uint64_t>(usage.ru_maxrss) * 1024};
}

bool HasProgram(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (access(StrCat(folder, "/", program).c_str(), X_OK) == 0) return true;
  }
  return false;
}

absl::StatusOr<std::unique_ptr<ChildProcess>> ChildProcess::Start(
    const std::vector<std::string>& arguments) {
  std::signal(SIGPIPE, SIG_IGN);
  int to_child[2], from_child[2];
  if (pipe2(to_child, O_CLOEXEC) != 0) return SpawnError(arguments, errno);
  if (pipe2(from_child, O_CLOEXEC) != 0) return SpawnError(arguments, errno);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, to_child[0], 0);
  posix_spawn_file_actions_adddup2(&actions, from_child[1], 1);
  const std::vector<char*> pointers = Pointers(arguments);
  pid_t process = 0;
  const int error =
      posix_spawnp(&process, pointers[0], &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(to_child[0]);
  close(from_child[1]);
  if (error != 0) {
    close(to_child[1]);
    close(from_child[0]);
    return SpawnError(arguments, error);
  }
  return std::make_unique<ChildProcess>(process, to_child[1], fdopen(from_child[0], "r"));
}

ChildProcess::~ChildProcess() {
  close(write_fd_);
  std::fclose(answers_);
  int status = 0;
  while (waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
}

absl::StatusOr<std::string> ChildProcess::Ask(std::string_view line) {
  const std::string bytes = StrCat(line, "\n");
  for (size_t done = 0; done < bytes.size();) {
    const ssize_t wrote = write(write_fd_, bytes.data() + done, bytes.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return absl::UnavailableError("the program beside has ended");
    done += static_cast<size_t>(wrote);
  }
  char* answer = nullptr;
  size_t room = 0;
  const ssize_t length = getline(&answer, &room, answers_);
  const std::string text(answer == nullptr || length < 1 ? "" : answer,
                         length < 1 ? 0 : static_cast<size_t>(length) - 1);
  std::free(answer);  // NOLINT: getline allocates with malloc
  if (length < 1) return absl::UnavailableError("the program beside has ended");
  return text;
}

std::string MachineDescription() {
  const uint64_t bytes =
      static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  return StrCat(FirstValue("/proc/cpuinfo", "model name"), ", ", sysconf(_SC_NPROCESSORS_ONLN),
                " cores, ", (bytes + (uint64_t{1} << 29)) >> 30, " GB, compiled by ",
#if defined(__clang__)
                "clang ", __clang_version__
#else
                "g++ ", __VERSION__
#endif
  );
}

double LoadAverage() {
  double load = 0;
  return getloadavg(&load, 1) == 1 ? load : 0;
}

std::string CommandLine(std::string_view program, const std::vector<std::string>& arguments) {
  std::string line(program);
  for (const std::string& argument : arguments) line += StrCat(" ", BaseName(argument));
  return line;
}

absl::Status WriteTextFile(const std::string& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.flush();
  if (file) return absl::OkStatus();
  return absl::UnavailableError(StrCat(path, ": cannot be written"));
}

}  // namespace ibid::bench
