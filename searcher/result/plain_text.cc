#include "searcher/result/plain_text.h"

#include <algorithm>
#include <cstdint>

namespace ibid::plain {
namespace {

bool IsContinuation(unsigned char byte) { return (byte & 0xc0) == 0x80; }

// What the first byte of a sequence says: its length, and the range of its second byte, which
// excludes overlong forms, surrogates and what lies past U+10FFFF.
struct Lead {
  size_t length = 0;  // 0: not a lead byte
  unsigned char second_min = 0x80;
  unsigned char second_max = 0xbf;
};

Lead ReadLead(unsigned char byte) {
  if (byte < 0x80) return {.length = 1};
  if (byte < 0xc2) return {};
  if (byte < 0xe0) return {.length = 2};
  if (byte == 0xe0) return {.length = 3, .second_min = 0xa0};
  if (byte == 0xed) return {.length = 3, .second_max = 0x9f};
  if (byte < 0xf0) return {.length = 3};
  if (byte == 0xf0) return {.length = 4, .second_min = 0x90};
  if (byte < 0xf4) return {.length = 4};
  if (byte == 0xf4) return {.length = 4, .second_max = 0x8f};
  return {};
}

}  // namespace

CodePoint DecodeCodePoint(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const Lead lead = ReadLead(byte(0));
  if (lead.length == 1) return {byte(0), 1};
  if (lead.length == 0) return {};
  const size_t available = std::min(lead.length, text.size() - at);
  if (available < 2 || byte(1) < lead.second_min || byte(1) > lead.second_max) return {};
  char32_t value = byte(0) & (0x7fu >> lead.length);
  value = (value << 6) | (byte(1) & 0x3fu);
  for (size_t i = 2; i < lead.length; ++i) {
    if (i >= available || !IsContinuation(byte(i))) return {kReplacementCharacter, i};
    value = (value << 6) | (byte(i) & 0x3fu);
  }
  return {value, lead.length};
}

size_t CodePointStart(std::string_view text, size_t at) {
  if (at >= text.size()) return text.size();
  const size_t lowest = at < 3 ? 0 : at - 3;
  for (size_t start = at;; --start) {
    if (!IsContinuation(static_cast<unsigned char>(text[start]))) {
      return start + DecodeCodePoint(text, start).length > at ? start : at;
    }
    if (start == lowest) return at;
  }
}

void AppendUtf8(char32_t value, std::string& out) {
  const auto put = [&out](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (value < 0x80) {
    put(value);
  } else if (value < 0x800) {
    put(0xc0 | (value >> 6));
    put(0x80 | (value & 0x3f));
  } else if (value < 0x10000) {
    put(0xe0 | (value >> 12));
    put(0x80 | ((value >> 6) & 0x3f));
    put(0x80 | (value & 0x3f));
  } else {
    put(0xf0 | (value >> 18));
    put(0x80 | ((value >> 12) & 0x3f));
    put(0x80 | ((value >> 6) & 0x3f));
    put(0x80 | (value & 0x3f));
  }
}

bool IsBlank(char32_t value) {
  if (value <= 0x20) return value == 0x20 || (value >= 0x09 && value <= 0x0d);
  return value == 0x85 || value == 0xa0 || value == 0x1680 ||
         (value >= 0x2000 && value <= 0x200a) || value == 0x2028 || value == 0x2029 ||
         value == 0x202f || value == 0x205f || value == 0x3000;
}

bool IsShown(char32_t value) {
  if (value < 0x20 || (value >= 0x7f && value <= 0x9f)) return false;
  return !(value >= 0x202a && value <= 0x202e) && !(value >= 0x2066 && value <= 0x2069);
}

bool IsIdeographic(char32_t value) {
  return (value >= 0x3040 && value <= 0x30ff) || (value >= 0x3400 && value <= 0x4dbf) ||
         (value >= 0x4e00 && value <= 0x9fff) || (value >= 0xac00 && value <= 0xd7a3) ||
         (value >= 0xf900 && value <= 0xfaff) || (value >= 0x20000 && value <= 0x3134f);
}

}  // namespace ibid::plain
