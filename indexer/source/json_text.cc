#include "indexer/source/json_text.h"

#include <charconv>
#include <cmath>
#include <cstring>

#include "common/text/utf8.h"
#include "indexer/source/ascii.h"

namespace ibid {
namespace {

// Bit 7 of each byte of `word` that equals `byte` (the lowest such byte is exact).
uint64_t EqualBytes(uint64_t word, uint8_t byte) {
  constexpr uint64_t kOnes = 0x0101010101010101u;
  const uint64_t zeros = word ^ (kOnes * byte);
  return (zeros - kOnes) & ~zeros & (kOnes << 7);
}

// The first '"' or '\\' at or after `at`, or json.size().
size_t FindSpecial(std::string_view json, size_t at) {
  for (; at + 8 <= json.size(); at += 8) {
    uint64_t word;
    std::memcpy(&word, json.data() + at, sizeof(word));
    if ((EqualBytes(word, '"') | EqualBytes(word, '\\')) != 0) break;
  }
  while (at < json.size() && json[at] != '"' && json[at] != '\\') ++at;
  return at;
}

// The four hexadecimal digits at json[at].
std::optional<char32_t> HexUnit(std::string_view json, size_t at) {
  if (at > json.size() || json.size() - at < 4) return std::nullopt;
  uint32_t unit = 0;
  const char* const end = json.data() + at + 4;
  const auto [stopped, error] = std::from_chars(json.data() + at, end, unit, 16);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return unit;
}

bool IsHigh(char32_t unit) { return unit >= 0xd800 && unit < 0xdc00; }
bool IsLow(char32_t unit) { return unit >= 0xdc00 && unit < 0xe000; }

struct Escape {
  char32_t c = 0;
  size_t num_bytes = 0;  // 0: wrong
  bool lone_surrogate = false;
};

// The escape \uXXXX, or the pair of them, at json[at] == '\\'.
Escape UnicodeEscape(std::string_view json, size_t at) {
  const std::optional<char32_t> unit = HexUnit(json, at + 2);
  if (!unit.has_value()) return {};
  if (IsLow(*unit)) return {kReplacementCharacter, 6, true};
  if (!IsHigh(*unit)) return {*unit, 6};
  if (json.substr(at + 6, 2) == "\\u") {
    const std::optional<char32_t> low = HexUnit(json, at + 8);
    if (low.has_value() && IsLow(*low)) {
      return {0x10000 + ((*unit - 0xd800) << 10) + (*low - 0xdc00), 12};
    }
  }
  return {kReplacementCharacter, 6, true};
}

Escape ReadEscape(std::string_view json, size_t at) {
  constexpr std::string_view kNames = "\"\\/bfnrt";
  constexpr std::string_view kValues = "\"\\/\b\f\n\r\t";
  if (at + 1 >= json.size()) return {};
  if (json[at + 1] == 'u') return UnicodeEscape(json, at);
  const size_t which = kNames.find(json[at + 1]);
  if (which == std::string_view::npos) return {};
  return {static_cast<char32_t>(kValues[which]), 2};
}

size_t SkipDigits(std::string_view token, size_t at) {
  while (at < token.size() && ascii::IsDigit(token[at])) ++at;
  return at;
}

enum class NumberKind { kNone, kInteger, kReal };

// The grammar of RFC 8259, section 6.
NumberKind ClassifyNumber(std::string_view token) {
  size_t at = !token.empty() && token[0] == '-' ? 1 : 0;
  const size_t first = at;
  at = SkipDigits(token, at);
  if (at == first || (token[first] == '0' && at > first + 1)) return NumberKind::kNone;
  if (at == token.size()) return NumberKind::kInteger;
  if (token[at] == '.') {
    const size_t fraction = at + 1;
    at = SkipDigits(token, fraction);
    if (at == fraction) return NumberKind::kNone;
  }
  if (at < token.size() && (token[at] == 'e' || token[at] == 'E')) {
    ++at;
    if (at < token.size() && (token[at] == '+' || token[at] == '-')) ++at;
    const size_t exponent = at;
    at = SkipDigits(token, exponent);
    if (at == exponent) return NumberKind::kNone;
  }
  return at == token.size() ? NumberKind::kReal : NumberKind::kNone;
}

}  // namespace

std::optional<uint64_t> AppendJsonString(std::string_view json, std::string* out) {
  uint64_t num_replaced = 0;
  for (size_t at = 0;;) {
    const size_t special = FindSpecial(json, at);
    if (special == json.size()) return std::nullopt;
    out->append(json.substr(at, special - at));
    if (json[special] == '"') return num_replaced;
    const Escape escape = ReadEscape(json, special);
    if (escape.num_bytes == 0) return std::nullopt;
    AppendUtf8(escape.c, out);
    num_replaced += escape.lone_surrogate;
    at = special + escape.num_bytes;
  }
}

std::optional<FieldValue> ParseJsonNumber(std::string_view token) {
  const NumberKind kind = ClassifyNumber(token);
  if (kind == NumberKind::kNone) return std::nullopt;
  int64_t integer = 0;
  const char* const end = token.data() + token.size();
  if (kind == NumberKind::kInteger &&
      std::from_chars(token.data(), end, integer).ec == std::errc()) {
    return integer;
  }
  double real = 0;
  const std::errc error = std::from_chars(token.data(), end, real).ec;
  if (error == std::errc() && std::isfinite(real)) return real;
  return std::string(token);
}

}  // namespace ibid
