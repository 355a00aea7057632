#include "cli/text_input.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "common/base/strings.h"

namespace ibid::cli {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const {
    if (file != stdin) std::fclose(file);
  }
};

absl::Status ReadError(const std::string& path) {
  return absl::UnavailableError(
      StrCat(path == "-" ? "standard input" : path, ": ", std::strerror(errno)));
}

// A `separator` at the end ends the last part and begins none.
std::vector<std::string_view> SplitAt(char separator, std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const size_t end = std::min(text.find(separator), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

}  // namespace

absl::StatusOr<std::string> ReadWholeFile(const std::string& path, size_t max_bytes) {
  const std::unique_ptr<std::FILE, CloseFile> file(path == "-" ? stdin
                                                               : std::fopen(path.c_str(), "rb"));
  if (!file) return ReadError(path);
  std::string text;
  char buffer[size_t{64} << 10];
  while (const size_t count = std::fread(buffer, 1, sizeof(buffer), file.get())) {
    text.append(buffer, count);
    if (text.size() > max_bytes) {
      return absl::ResourceExhaustedError(
          StrCat(path, ": longer than ", WithCommas(max_bytes), " bytes"));
    }
  }
  if (std::ferror(file.get())) return ReadError(path);
  return text;
}

std::vector<std::string_view> SplitLines(std::string_view text) {
  std::vector<std::string_view> lines = SplitAt('\n', text);
  for (std::string_view& line : lines) {
    if (line.ends_with('\r')) line.remove_suffix(1);
  }
  return lines;
}

std::vector<std::string_view> SplitAtNuls(std::string_view text) { return SplitAt('\0', text); }

}  // namespace ibid::cli
