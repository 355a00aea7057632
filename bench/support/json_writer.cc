#include "bench/support/json_writer.h"

#include <cmath>
#include <cstdio>
#include <utility>

namespace ibid::bench {

void JsonWriter::BeforeValue() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (has_members_.empty()) return;
  if (has_members_.back()) text_ += ",";
  has_members_.back() = true;
  // The outer levels get lines of their own, so that kept runs can be compared by line.
  text_ += has_members_.size() <= 3 ? "\n" : " ";
}

void JsonWriter::AppendQuoted(std::string_view text) {
  text_ += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      text_ += '\\';
      text_ += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof(escape), "\\u%04x", static_cast<unsigned>(c));
      text_ += escape;
    } else {
      text_ += c;
    }
  }
  text_ += '"';
}

JsonWriter& JsonWriter::Begin(char bracket) {
  BeforeValue();
  text_ += bracket;
  has_members_.push_back(false);
  return *this;
}

JsonWriter& JsonWriter::End(char bracket) {
  if (has_members_.back() && has_members_.size() <= 3) text_ += "\n";
  has_members_.pop_back();
  text_ += bracket;
  return *this;
}

JsonWriter& JsonWriter::Key(std::string_view key) {
  BeforeValue();
  AppendQuoted(key);
  text_ += ": ";
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::String(std::string_view text) {
  BeforeValue();
  AppendQuoted(text);
  return *this;
}

JsonWriter& JsonWriter::Number(double number) {
  BeforeValue();
  char digits[40];
  std::snprintf(digits, sizeof(digits), "%.6g", number);
  text_ += std::isfinite(number) ? digits : "null";
  return *this;
}

JsonWriter& JsonWriter::Integer(uint64_t number) {
  BeforeValue();
  text_ += std::to_string(number);
  return *this;
}

JsonWriter& JsonWriter::Bool(bool value) {
  BeforeValue();
  text_ += value ? "true" : "false";
  return *this;
}

std::string JsonWriter::Take() {
  std::string text = std::exchange(text_, {});
  text += '\n';
  has_members_.clear();
  return text;
}

}  // namespace ibid::bench
