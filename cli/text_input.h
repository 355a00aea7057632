// Small files the user names: lists of paths, queries, synonyms; or standard input.
#ifndef IBID_CLI_TEXT_INPUT_H_
#define IBID_CLI_TEXT_INPUT_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace ibid::cli {

// The bytes of the file at `path`, or of standard input for "-". Unavailable where it cannot be
// read, ResourceExhausted where it is longer than `max_bytes`.
absl::StatusOr<std::string> ReadWholeFile(const std::string& path, size_t max_bytes);

// The lines of `text` without their ends ("\n" or "\r\n"); no empty one behind the last.
std::vector<std::string_view> SplitLines(std::string_view text);
// The parts of `text` that end with a byte 0; the last may lack it.
std::vector<std::string_view> SplitAtNuls(std::string_view text);

}  // namespace ibid::cli

#endif  // IBID_CLI_TEXT_INPUT_H_
