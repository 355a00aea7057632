// Elements, tags and entities of SGML as news collections and saved pages have them: no nesting of
// one name in itself, no DTD, nothing fetched, nothing expanded but characters.
//
//   if (auto title = FindElement(record, "title", 0)) Use(DecodeEntities(title->content));
//
// All names are given in lower case and compared without regard to case. Each function is linear in
// its text.
#ifndef IBID_INDEXER_SOURCE_MARKUP_H_
#define IBID_INDEXER_SOURCE_MARKUP_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ibid {

struct Tag {
  std::string_view name;        // as written
  std::string_view attributes;  // between the name and '>'
  size_t begin = 0;             // of '<'
  size_t end = 0;               // one past '>'
};

struct Element {
  Tag tag;
  std::string_view content;
  size_t end = 0;  // one past the closing tag
};

// The first opening tag at or after `from` (of the name, where one is given).
std::optional<Tag> FindTag(std::string_view text, size_t from, std::string_view name = "");

// The first element of that name at or after `from`, up to its first closing tag.
std::optional<Element> FindElement(std::string_view text, std::string_view name, size_t from);

// Where "</name" begins at or after `from`; npos where it does not.
size_t FindClosingTag(std::string_view text, std::string_view name, size_t from);

// The value of an attribute, its quotes taken off; empty where there is none.
std::string_view Attribute(std::string_view attributes, std::string_view name);

// `text` with "&amp;", "&eacute;", "&#233;", "&#xe9;" as characters (HTML 4's names; others stay);
// references to control characters become blanks.
std::string DecodeEntities(std::string_view text);

// `text` without tags, comments, scripts and styles, entities decoded; block elements become blank
// lines. White space is kept otherwise, but for the ends.
std::string StripMarkup(std::string_view text);

// Whether an element of that name (lower case) begins a paragraph, or a line.
bool IsBlockElement(std::string_view name);
bool IsLineElement(std::string_view name);

}  // namespace ibid

#endif  // IBID_INDEXER_SOURCE_MARKUP_H_
