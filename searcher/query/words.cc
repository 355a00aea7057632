#include "searcher/query/words.h"

#include <vector>

#include "searcher/query/chars.h"

namespace ibid {
namespace {

constexpr int kLongWordChars = 6;

struct Unescaped {
  std::string text;
  std::vector<bool> escaped;  // for each byte of text
};

Unescaped ReadEscapes(std::string_view raw) {
  Unescaped result;
  for (size_t at = 0; at < raw.size(); ++at) {
    const bool escape = raw[at] == '\\' && at + 1 < raw.size();
    if (escape) ++at;
    result.text += raw[at];
    result.escaped.push_back(escape);
  }
  return result;
}

bool IsWordByte(char c) {
  return IsAsciiAlnum(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

// An address, in which * and ? are as common as letters; `\://` is none.
bool IsAddress(const Unescaped& word) {
  const size_t colon = word.text.find("://");
  return colon != std::string::npos && !word.escaped[colon];
}

bool IsMark(const Unescaped& word, size_t at) {
  return (word.text[at] == '*' || word.text[at] == '?') && !word.escaped[at];
}

// Copies the run of unescaped * and ? that begins at `at` as far as it means something; returns the
// place after it.
size_t CopyMarks(const Unescaped& word, size_t at, std::string& out) {
  size_t end = at;
  while (end < word.text.size() && IsMark(word, end)) ++end;
  const bool inside = at > 0 && IsWordByte(word.text[at - 1]) && end < word.text.size() &&
                      IsWordByte(word.text[end]);
  for (; at < end; ++at) {
    if (word.text[at] == '*' || inside) out += word.text[at];
  }
  return end;
}

}  // namespace

std::string Unescape(std::string_view raw) { return ReadEscapes(raw).text; }

WordText ReadWord(std::string_view raw) {
  const Unescaped word = ReadEscapes(raw);
  WordText result;
  if (IsAddress(word)) {
    result.text = word.text;
    result.punctuation = HasOnlyPunctuation(result.text);
    return result;
  }
  std::string without_literal_marks;
  bool starred = false;
  for (size_t at = 0; at < word.text.size();) {
    if (IsMark(word, at)) {
      const size_t before = without_literal_marks.size();
      const size_t end = CopyMarks(word, at, without_literal_marks);
      result.text += without_literal_marks.substr(before);
      result.wildcard |= without_literal_marks.size() > before;
      starred |= without_literal_marks.find('*', before) != std::string::npos;
      at = end;
      continue;
    }
    result.text += word.text[at];
    if (word.text[at] != '*' && word.text[at] != '?') without_literal_marks += word.text[at];
    ++at;
  }
  if (result.wildcard) result.text = without_literal_marks;
  result.punctuation = HasOnlyPunctuation(result.text);
  result.any = result.punctuation && starred;
  return result;
}

int DefaultEdits(std::string_view text) { return CountChars(text) < kLongWordChars ? 1 : 2; }

}  // namespace ibid
