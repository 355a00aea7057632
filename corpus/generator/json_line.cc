#include "corpus/generator/json_line.h"

#include <cstddef>
#include <cstdint>

namespace ibid::corpus {
namespace {

void AppendUtf8(uint32_t c, std::string& out) {
  const auto byte = [&out](uint32_t b) { out += static_cast<char>(b); };
  if (c < 0x80) return byte(c);
  if (c < 0x800) {
    byte(0xc0 | c >> 6);
  } else if (c < 0x10000) {
    byte(0xe0 | c >> 12);
    byte(0x80 | (c >> 6 & 0x3f));
  } else {
    byte(0xf0 | c >> 18);
    byte(0x80 | (c >> 12 & 0x3f));
    byte(0x80 | (c >> 6 & 0x3f));
  }
  byte(0x80 | (c & 0x3f));
}

// Walks through the top level of one object.
class Walker {
 public:
  explicit Walker(std::string_view line) : rest_(line) {}

  bool Take(char c) {
    SkipSpace();
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool AtString() {
    SkipSpace();
    return !rest_.empty() && rest_[0] == '"';
  }

  std::optional<std::string> String() {
    if (!Take('"')) return std::nullopt;
    std::string out;
    while (!rest_.empty()) {
      const size_t plain = rest_.find_first_of("\"\\");
      if (plain == std::string_view::npos) return std::nullopt;
      out += rest_.substr(0, plain);
      const char end = rest_[plain];
      rest_.remove_prefix(plain + 1);
      if (end == '"') return out;
      if (!Escape(out)) return std::nullopt;
    }
    return std::nullopt;
  }

  // Passes a value of any kind, however deep, without recursion.
  bool SkipValue() {
    int64_t depth = 0;
    do {
      SkipSpace();
      if (rest_.empty()) return false;
      const char c = rest_[0];
      if (c == '"') {
        if (!String()) return false;
        continue;
      }
      depth += c == '{' || c == '[' ? 1 : 0;
      depth -= c == '}' || c == ']' ? 1 : 0;
      if (depth < 0) return false;
      rest_.remove_prefix(1);
    } while (depth > 0 || !AtEndOfValue());
    return true;
  }

 private:
  void SkipSpace() {
    const size_t n = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(n == std::string_view::npos ? rest_.size() : n);
  }

  bool AtEndOfValue() {
    SkipSpace();
    return !rest_.empty() && (rest_[0] == ',' || rest_[0] == '}');
  }

  std::optional<uint32_t> Hex4() {
    if (rest_.size() < 4) return std::nullopt;
    uint32_t value = 0;
    for (const char c : rest_.substr(0, 4)) {
      const bool digit = c >= '0' && c <= '9';
      const char lower = static_cast<char>(c | 0x20);
      if (!digit && (lower < 'a' || lower > 'f')) return std::nullopt;
      value = value * 16 + static_cast<uint32_t>(digit ? c - '0' : lower - 'a' + 10);
    }
    rest_.remove_prefix(4);
    return value;
  }

  bool Escape(std::string& out) {
    if (rest_.empty()) return false;
    const char c = rest_[0];
    rest_.remove_prefix(1);
    constexpr std::string_view kFrom = "\"\\/bfnrt";
    constexpr std::string_view kTo = "\"\\/\b\f\n\r\t";
    if (const size_t i = kFrom.find(c); i != std::string_view::npos) {
      out += kTo[i];
      return true;
    }
    if (c != 'u') return false;
    std::optional<uint32_t> unit = Hex4();
    if (!unit) return false;
    const bool high = *unit >= 0xd800 && *unit < 0xdc00;
    if (high && rest_.substr(0, 2) == "\\u") {
      rest_.remove_prefix(2);
      const std::optional<uint32_t> low = Hex4();
      if (!low) return false;
      unit = 0x10000 + ((*unit - 0xd800) << 10) + ((*low - 0xdc00) & 0x3ff);
    }
    const bool lone = *unit >= 0xd800 && *unit < 0xe000;
    AppendUtf8(lone ? 0xfffd : *unit, out);
    return true;
  }

  std::string_view rest_;
};

}  // namespace

std::optional<std::string> StringField(std::string_view line, std::string_view name) {
  Walker walker(line);
  if (!walker.Take('{')) return std::nullopt;
  do {
    const std::optional<std::string> key = walker.String();
    if (!key || !walker.Take(':')) return std::nullopt;
    if (*key == name && walker.AtString()) return walker.String();
    if (!walker.SkipValue()) return std::nullopt;
  } while (walker.Take(','));
  return std::nullopt;
}

}  // namespace ibid::corpus
