#include "common/text/utf8.h"

#include <cstring>

#include "common/text/analyzer.h"

namespace ibid {
namespace {

// Bytes from `at` on that are ASCII, looked at eight at a time; stops at most 7 bytes early.
size_t SkipAscii(std::string_view text, size_t at) {
  while (at + 8 <= text.size()) {
    uint64_t word;
    std::memcpy(&word, text.data() + at, sizeof(word));
    if ((word & 0x8080808080808080u) != 0) break;
    at += 8;
  }
  return at;
}

// The first malformed sequence at or after `at`, or text.size().
size_t FindMalformed(std::string_view text, size_t at) {
  while (at < text.size()) {
    if (static_cast<uint8_t>(text[at]) < 0x80) {
      at = SkipAscii(text, at);
      while (at < text.size() && static_cast<uint8_t>(text[at]) < 0x80) ++at;
      continue;
    }
    const CodePoint c = DecodeNonAscii(text, at);
    if (c.malformed) return at;
    at += c.num_bytes;
  }
  return text.size();
}

}  // namespace

CodePoint DecodeNonAscii(std::string_view text, size_t at) {
  const auto lead = static_cast<uint8_t>(text[at]);
  int trailing = 0;
  char32_t value = 0;
  uint8_t low = 0x80;  // bounds of the second byte: Unicode table 3-7
  uint8_t high = 0xbf;
  if (lead >= 0xc2 && lead <= 0xdf) {
    trailing = 1;
    value = lead & 0x1fu;
  } else if (lead >= 0xe0 && lead <= 0xef) {
    trailing = 2;
    value = lead & 0x0fu;
    if (lead == 0xe0) low = 0xa0;
    if (lead == 0xed) high = 0x9f;
  } else if (lead >= 0xf0 && lead <= 0xf4) {
    trailing = 3;
    value = lead & 0x07u;
    if (lead == 0xf0) low = 0x90;
    if (lead == 0xf4) high = 0x8f;
  } else {
    return {kReplacementCharacter, 1, true};
  }
  uint8_t length = 1;
  for (; trailing > 0; --trailing, ++length) {
    if (at + length >= text.size()) return {kReplacementCharacter, length, true};
    const auto byte = static_cast<uint8_t>(text[at + length]);
    if (byte < low || byte > high) return {kReplacementCharacter, length, true};
    value = (value << 6) | (byte & 0x3fu);
    low = 0x80;
    high = 0xbf;
  }
  return {value, length, false};
}

void AppendUtf8(char32_t c, std::string* out) {
  const auto byte = [out](char32_t bits) { out->push_back(static_cast<char>(bits)); };
  if (c < 0x80) return byte(c);
  if (c < 0x800) {
    byte(0xc0 | (c >> 6));
  } else {
    if (c < 0x10000) {
      byte(0xe0 | (c >> 12));
    } else {
      byte(0xf0 | (c >> 18));
      byte(0x80 | ((c >> 12) & 0x3f));
    }
    byte(0x80 | ((c >> 6) & 0x3f));
  }
  byte(0x80 | (c & 0x3f));
}

uint64_t CountMalformedUtf8(std::string_view text) {
  uint64_t count = 0;
  for (size_t at = FindMalformed(text, 0); at < text.size(); ++count) {
    at = FindMalformed(text, at + DecodeNonAscii(text, at).num_bytes);
  }
  return count;
}

size_t CutLength(std::string_view text, size_t max_bytes) {
  if (text.size() <= max_bytes) return text.size();
  size_t length = max_bytes;
  while (length > 0 && (static_cast<uint8_t>(text[length]) & 0xc0u) == 0x80) --length;
  return length;
}

bool IsValidUtf8(std::string_view text) { return FindMalformed(text, 0) == text.size(); }

std::string ReplaceMalformedUtf8(std::string_view text, uint64_t* num_replaced) {
  std::string out;
  out.reserve(text.size());
  size_t at = 0;
  while (at < text.size()) {
    const size_t bad = FindMalformed(text, at);
    out.append(text.substr(at, bad - at));
    if (bad == text.size()) break;
    AppendUtf8(kReplacementCharacter, &out);
    ++*num_replaced;
    at = bad + DecodeNonAscii(text, bad).num_bytes;
  }
  return out;
}

}  // namespace ibid
