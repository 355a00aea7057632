#include "searcher/query/chars.h"

namespace ibid {
namespace {

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// Bytes of a well-formed sequence by its lead (Unicode, table 3-7); 0 for a byte that leads none.
size_t SequenceBytes(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xc2) return 0;
  if (lead < 0xe0) return 2;
  if (lead < 0xf0) return 3;
  return lead < 0xf5 ? 4 : 0;
}

bool IsOverlongOrOutside(char32_t code, size_t bytes) {
  if (bytes == 3) return code < 0x800 || (code >= 0xd800 && code <= 0xdfff);
  return bytes == 4 && (code < 0x10000 || code > 0x10ffff);
}

}  // namespace

Char CharAt(std::string_view text, size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const size_t bytes = SequenceBytes(lead);
  if (bytes == 1) return {lead, 1};
  if (bytes == 0 || at + bytes > text.size()) return {kNotUtf8, 1};
  char32_t code = lead & (0x7fu >> bytes);
  for (size_t i = 1; i < bytes; ++i) {
    if (!IsContinuation(text[at + i])) return {kNotUtf8, 1};
    code = (code << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3fu);
  }
  if (IsOverlongOrOutside(code, bytes)) return {kNotUtf8, 1};
  return {code, bytes};
}

bool IsSeparator(char32_t code) {
  if (code <= 0x20 || code == 0x7f) return true;
  if (code < 0x80 || code == kNotUtf8) return false;
  return code <= 0xa0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200a) || code == 0x2028 ||
         code == 0x2029 || code == 0x202f || code == 0x205f || code == 0x3000;
}

bool IsQuoteMark(char32_t code) {
  switch (code) {
    case U'"':
    case 0x201c:  // left double quotation mark
    case 0x201d:  // right double quotation mark
    case 0x201e:  // double low-9 quotation mark
    case 0xab:    // left-pointing guillemet
    case 0xbb:    // right-pointing guillemet
    case 0x2039:  // single left-pointing guillemet
    case 0x203a:  // single right-pointing guillemet
      return true;
    default:
      return false;
  }
}

bool IsPunctuation(char32_t code) {
  if (code < 0x80) {
    return (code > 0x20 && code < '0') || (code > '9' && code < 'A') ||
           (code > 'Z' && code < 'a') || (code > 'z' && code < 0x7f);
  }
  return code == 0xa1 || code == 0xa7 || code == 0xab || code == 0xb6 || code == 0xb7 ||
         code == 0xbb || code == 0xbf || (code >= 0x2010 && code <= 0x2027) ||
         (code >= 0x2030 && code <= 0x205e) || (code >= 0x3001 && code <= 0x3003) ||
         (code >= 0x3008 && code <= 0x3011);
}

bool HasOnlyPunctuation(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const Char c = CharAt(text, at);
    if (!IsPunctuation(c.code) && !IsSeparator(c.code)) return false;
    at += c.bytes;
  }
  return true;
}

size_t CountChars(std::string_view text) {
  size_t count = 0;
  for (size_t at = 0; at < text.size(); ++count) at += CharAt(text, at).bytes;
  return count;
}

bool IsAsciiDigit(char c) { return c >= '0' && c <= '9'; }

bool IsAsciiAlnum(char c) {
  return IsAsciiDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string LowerAscii(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string UpperAscii(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

std::string_view TrimAscii(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\n\v\f\r";
  const size_t begin = text.find_first_not_of(kSpaces);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpaces) - begin + 1);
}

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool Contains(std::string_view text, char part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace ibid
