#include "searcher/query/numbers.h"

#include <charconv>
#include <limits>
#include <system_error>

#include "searcher/query/chars.h"

namespace ibid {

std::optional<double> ReadDouble(std::string_view text) {
  if (text.size() > 1 && text.front() == '+' && text[1] != '-') text.remove_prefix(1);
  if (text.empty() || text.find_first_not_of("0123456789.eE+-") != std::string_view::npos) {
    return std::nullopt;
  }
  double value = 0;
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ptr != end) return std::nullopt;
  if (result.ec == std::errc::result_out_of_range) return std::numeric_limits<double>::infinity();
  if (result.ec != std::errc()) return std::nullopt;
  return value;
}

std::optional<uint64_t> ReadCount(std::string_view text) {
  if (text.empty()) return std::nullopt;
  uint64_t value = 0;
  for (char c : text) {
    if (!IsAsciiDigit(c)) return std::nullopt;
    const auto digit = static_cast<uint64_t>(c - '0');
    const uint64_t largest = std::numeric_limits<uint64_t>::max();
    value = value > (largest - digit) / 10 ? largest : value * 10 + digit;
  }
  return value;
}

}  // namespace ibid
