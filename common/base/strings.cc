#include "common/base/strings.h"

#include <cstdio>

namespace ibid {

std::string StrCatPieces(std::initializer_list<std::string_view> pieces) {
  size_t size = 0;
  for (std::string_view piece : pieces) size += piece.size();
  std::string joined;
  joined.reserve(size);
  for (std::string_view piece : pieces) joined.append(piece);
  return joined;
}

std::string WithCommas(uint64_t number) {
  std::string digits = std::to_string(number);
  for (size_t end = digits.size(); end > 3; end -= 3) digits.insert(end - 3, 1, ',');
  return digits;
}

std::string HumanBytes(uint64_t bytes) {
  if (bytes < 1000) return StrCat(bytes, " bytes");
  double scaled = static_cast<double>(bytes) / 1000;
  size_t unit = 0;
  constexpr const char* kUnits[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
  while (scaled >= 999.95 && unit + 1 < std::size(kUnits)) {
    scaled /= 1000;
    ++unit;
  }
  char text[32];
  std::snprintf(text, sizeof(text), "%.1f %s", scaled, kUnits[unit]);
  return text;
}

std::string Hex8(uint32_t number) {
  char text[9];
  std::snprintf(text, sizeof(text), "%08x", static_cast<unsigned>(number));
  return text;
}

std::string_view BaseName(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

}  // namespace ibid
