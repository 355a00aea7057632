#include "cli/json_writer.h"

#include <charconv>
#include <cmath>

#include "cli/text_escape.h"
#include "searcher/result/plain_text.h"

namespace ibid::cli {
namespace {

// RFC 8259 asks for the escape of '"', '\\' and what lies below U+0020 only; the rest is escaped so
// that a JSON line on a terminal is as harmless as any other output.
bool NeedsEscape(char32_t value) {
  return value == U'"' || value == U'\\' || !plain::IsShown(value) || value == 0x2028 ||
         value == 0x2029;
}

void AppendEscape(char32_t value, std::string& out) {
  switch (value) {
    case U'"':
      out += "\\\"";
      return;
    case U'\\':
      out += "\\\\";
      return;
    case U'\n':
      out += "\\n";
      return;
    case U'\r':
      out += "\\r";
      return;
    case U'\t':
      out += "\\t";
      return;
    default:
      break;
  }
  constexpr char kDigits[] = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out.push_back(kDigits[(value >> shift) & 15]);
}

}  // namespace

JsonWriter& JsonWriter::Raw(std::string_view text) {
  if (comma_) out_.push_back(',');
  out_ += text;
  comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::Open(char bracket) {
  Raw(std::string_view(&bracket, 1));
  comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::Close(char bracket) {
  out_.push_back(bracket);
  comma_ = true;
  return *this;
}

void JsonWriter::AppendString(std::string_view text) {
  out_.push_back('"');
  for (size_t at = 0; at < text.size();) {
    const plain::CodePoint c = plain::DecodeCodePoint(text, at);
    at += c.length;
    if (NeedsEscape(c.value)) {
      AppendEscape(c.value, out_);
    } else {
      plain::AppendUtf8(c.value, out_);
    }
  }
  out_.push_back('"');
}

JsonWriter& JsonWriter::Key(std::string_view name) {
  String(name);
  out_.push_back(':');
  comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::String(std::string_view text) {
  if (comma_) out_.push_back(',');
  AppendString(text);
  comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::Number(float value) {
  return Raw(std::isfinite(value) ? ShortestFloat(value) : "null");
}

JsonWriter& JsonWriter::Number(double value) {
  if (!std::isfinite(value)) return Raw("null");
  char digits[64];
  return Raw({digits, std::to_chars(digits, digits + sizeof(digits), value).ptr});
}

std::string JsonWriter::TakeLine() {
  std::string line = std::move(out_);
  line.push_back('\n');
  out_.clear();
  comma_ = false;
  return line;
}

}  // namespace ibid::cli
