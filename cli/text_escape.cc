#include "cli/text_escape.h"

#include <charconv>

#include "searcher/result/plain_text.h"

namespace ibid::cli {
namespace {

bool IsMalformed(const plain::CodePoint& c, std::string_view bytes) {
  return c.value == plain::kReplacementCharacter && bytes != "\uFFFD";
}

void AppendPercent(std::string_view bytes, std::string& out) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out.push_back('%');
    out.push_back(kDigits[byte >> 4]);
    out.push_back(kDigits[byte & 15]);
  }
}

std::string EscapeKey(std::string_view key, bool for_column) {
  std::string out;
  for (size_t at = 0; at < key.size();) {
    const plain::CodePoint c = plain::DecodeCodePoint(key, at);
    const std::string_view bytes = key.substr(at, c.length);
    const bool escape = !plain::IsShown(c.value) || IsMalformed(c, bytes) ||
                        (for_column && (plain::IsBlank(c.value) || c.value == U'%'));
    if (escape) {
      AppendPercent(bytes, out);
    } else {
      out += bytes;
    }
    at += c.length;
  }
  return out;
}

}  // namespace

std::string OneLine(std::string_view text) {
  std::string out;
  bool space = false;
  for (size_t at = 0; at < text.size();) {
    const plain::CodePoint c = plain::DecodeCodePoint(text, at);
    at += c.length;
    if (plain::IsBlank(c.value)) {
      space = true;
    } else if (plain::IsShown(c.value)) {
      if (space && !out.empty()) out.push_back(' ');
      space = false;
      plain::AppendUtf8(c.value, out);
    }
  }
  return out;
}

std::string VisibleKey(std::string_view key) { return EscapeKey(key, false); }

std::string ColumnKey(std::string_view key) { return EscapeKey(key, true); }

std::string ShortestFloat(float value) {
  char digits[64];
  return {digits, std::to_chars(digits, digits + sizeof(digits), value).ptr};
}

std::string FixedNumber(double value, int digits) {
  char text[400];  // the largest double has 309 digits before the point
  const auto [end, error] =
      std::to_chars(text, text + sizeof(text), value, std::chars_format::fixed, digits);
  return error == std::errc() ? std::string(text, end) : "?";
}

}  // namespace ibid::cli
