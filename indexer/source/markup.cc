#include "indexer/source/markup.h"

#include <libxml/HTMLparser.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <unordered_map>

#include "common/text/utf8.h"
#include "indexer/source/ascii.h"

namespace ibid {
namespace {

constexpr size_t kMaxEntityBytes = 32;
constexpr unsigned int kMaxEntityValue = 0x2666;  // the black diamond is HTML 4's last
constexpr size_t kNpos = std::string_view::npos;

// Both sorted.
constexpr std::array<std::string_view, 40> kBlockElements = {
    "address", "article", "aside",   "blockquote", "body",  "caption",  "center",   "dd",
    "details", "dialog",  "dir",     "div",        "dl",    "dt",       "fieldset", "figcaption",
    "figure",  "footer",  "form",    "h1",         "h2",    "h3",       "h4",       "h5",
    "h6",      "header",  "hr",      "li",         "main",  "menu",     "nav",      "ol",
    "p",       "pre",     "section", "summary",    "table", "textarea", "title",    "ul"};
constexpr std::array<std::string_view, 9> kLineElements = {
    "br", "col", "legend", "option", "select", "tbody", "tfoot", "thead", "tr"};

bool IsNameByte(char c) {
  return ascii::IsAlnum(c) || c == '-' || c == '_' || c == ':' || c == '.';
}

bool IsLetter(std::string_view text, size_t at) {
  return at < text.size() && ascii::IsAlpha(text[at]);
}

size_t NameEnd(std::string_view text, size_t at) {
  while (at < text.size() && IsNameByte(text[at])) ++at;
  return at;
}

// The opening tag whose '<' is at `at`, up to its '>' or the end of the text.
Tag TagAt(std::string_view text, size_t at) {
  const size_t name_end = NameEnd(text, at + 1);
  const size_t close = std::min(text.find('>', name_end), text.size());
  return {.name = text.substr(at + 1, name_end - at - 1),
          .attributes = text.substr(name_end, close - name_end),
          .begin = at,
          .end = std::min(close + 1, text.size())};
}

bool IsControl(uint32_t c) {
  return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7f && c < 0xa0);
}

// The character of "#233" or "#xe9"; 0 where it is none.
char32_t NumericEntity(std::string_view name) {
  const bool hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
  const std::string_view digits = name.substr(hex ? 2 : 1);
  if (digits.empty() || digits.size() > 8) return 0;
  uint64_t value = 0;
  for (const char c : digits) {
    if (!(hex ? ascii::IsHexDigit(c) : ascii::IsDigit(c))) return 0;
    const int digit = ascii::IsDigit(c) ? c - '0' : ascii::Lower(c) - 'a' + 10;
    value = value * (hex ? 16u : 10u) + static_cast<uint64_t>(digit);
  }
  if (value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) return kReplacementCharacter;
  if (IsControl(static_cast<uint32_t>(value))) return ' ';
  return static_cast<char32_t>(value);
}

char32_t NamedEntity(std::string_view name) {
  if (name == "apos") return '\'';
  // By value they are found in few steps, by name libxml2 looks at each.
  static const auto values = [] {
    std::unordered_map<std::string_view, char32_t> by_name;
    for (unsigned int value = 1; value <= kMaxEntityValue; ++value) {
      const htmlEntityDesc* entity = htmlEntityValueLookup(value);
      if (entity != nullptr) by_name.emplace(entity->name, static_cast<char32_t>(value));
    }
    return by_name;
  }();
  const auto found = values.find(name);
  return found == values.end() ? 0 : found->second;
}

void AppendDecoded(std::string_view text, std::string* out) {
  for (size_t at = 0; at < text.size();) {
    const size_t amp = std::min(text.find('&', at), text.size());
    out->append(text.substr(at, amp - at));
    if (amp == text.size()) return;
    const size_t end = text.substr(amp, kMaxEntityBytes).find(';');
    const std::string_view name = end == kNpos ? "" : text.substr(amp + 1, end - 1);
    char32_t c = 0;
    if (!name.empty()) c = name[0] == '#' ? NumericEntity(name) : NamedEntity(name);
    if (c == 0) {
      out->push_back('&');
      at = amp + 1;
    } else {
      AppendUtf8(c, out);
      at = amp + end + 1;
    }
  }
}

// Where the markup whose '<' is at `at` ends; `at` itself where it is no markup.
size_t MarkupEnd(std::string_view text, size_t at) {
  if (text.substr(at, 4) == "<!--") {
    const size_t end = text.find("-->", at + 4);
    return end == kNpos ? text.size() : end + 3;
  }
  const char next = at + 1 < text.size() ? text[at + 1] : '\0';
  const bool closing = next == '/' && IsLetter(text, at + 2);
  if (!closing && next != '!' && next != '?' && !IsLetter(text, at + 1)) return at;
  const size_t end = text.find('>', at);
  return end == kNpos ? text.size() : end + 1;
}

bool HidesContent(std::string_view name) {
  return ascii::EqualsIgnoreCase(name, "script") || ascii::EqualsIgnoreCase(name, "style");
}

}  // namespace

bool IsBlockElement(std::string_view name) {
  return std::binary_search(kBlockElements.begin(), kBlockElements.end(), name);
}

bool IsLineElement(std::string_view name) {
  return std::binary_search(kLineElements.begin(), kLineElements.end(), name);
}

std::optional<Tag> FindTag(std::string_view text, size_t from, std::string_view name) {
  for (size_t at = text.find('<', from); at != kNpos; at = text.find('<', at + 1)) {
    if (!IsLetter(text, at + 1)) continue;
    if (!name.empty()) {
      if (!ascii::EqualsIgnoreCase(text.substr(at + 1, name.size()), name)) continue;
      const size_t end = at + 1 + name.size();
      if (end < text.size() && IsNameByte(text[end])) continue;
    }
    return TagAt(text, at);
  }
  return std::nullopt;
}

size_t FindClosingTag(std::string_view text, std::string_view name, size_t from) {
  for (size_t at = text.find("</", from); at != kNpos; at = text.find("</", at + 2)) {
    if (!ascii::EqualsIgnoreCase(text.substr(at + 2, name.size()), name)) continue;
    const size_t end = at + 2 + name.size();
    if (end >= text.size() || !IsNameByte(text[end])) return at;
  }
  return kNpos;
}

std::optional<Element> FindElement(std::string_view text, std::string_view name, size_t from) {
  const std::optional<Tag> tag = FindTag(text, from, name);
  if (!tag.has_value()) return std::nullopt;
  const size_t close = FindClosingTag(text, tag->name, tag->end);
  if (close == kNpos) return std::nullopt;
  return Element{.tag = *tag,
                 .content = text.substr(tag->end, close - tag->end),
                 .end = std::min(text.find('>', close), text.size() - 1) + 1};
}

std::string_view Attribute(std::string_view attributes, std::string_view name) {
  for (size_t at = 0; at < attributes.size();) {
    while (at < attributes.size() && !IsNameByte(attributes[at])) ++at;
    const size_t name_end = NameEnd(attributes, at);
    const std::string_view found = attributes.substr(at, name_end - at);
    std::string_view rest = ascii::StripLeading(attributes.substr(name_end));
    at = attributes.size() - rest.size();
    if (!ascii::ConsumePrefix(&rest, "=")) continue;
    rest = ascii::StripLeading(rest);
    std::string_view value;
    if (!rest.empty() && (rest[0] == '"' || rest[0] == '\'')) {
      const size_t end = std::min(rest.find(rest[0], 1), rest.size());
      value = rest.substr(1, end - 1);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    } else {
      value = rest.substr(0, rest.find_first_of(" \t\r\n"));
      rest.remove_prefix(value.size());
    }
    if (ascii::EqualsIgnoreCase(found, name)) return value;
    at = attributes.size() - rest.size();
  }
  return "";
}

std::string DecodeEntities(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  AppendDecoded(text, &out);
  return out;
}

std::string StripMarkup(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const size_t open = std::min(text.find('<', at), text.size());
    AppendDecoded(text.substr(at, open - at), &out);
    if (open == text.size()) break;
    at = MarkupEnd(text, open);
    if (at == open) {
      out.push_back('<');
      ++at;
      continue;
    }
    const size_t name_begin = open + (text.substr(open + 1, 1) == "/" ? 2 : 1);
    const std::string name =
        ascii::Lower(text.substr(name_begin, NameEnd(text, name_begin) - name_begin));
    if (HidesContent(name) && name_begin == open + 1) {
      at = std::min(FindClosingTag(text, name, at), text.size());
    } else if (IsBlockElement(name)) {
      out.append("\n\n");
    } else if (IsLineElement(name)) {
      out.push_back('\n');
    } else if (name == "td" || name == "th") {
      out.push_back(' ');
    }
  }
  return std::string(ascii::Strip(out));
}

}  // namespace ibid
