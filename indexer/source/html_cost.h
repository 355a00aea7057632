// What reading a page costs libxml2, counted before it is read.
//
//   if (!IsCheapHtml(utf8)) ...   // read by leaving out the tags instead
//
// libxml2 composes a message for every fault of a page, whether or not anyone wants it, and
// compares each attribute of a tag with all before it: a page may be made so that each byte costs a
// microsecond, or a tag hours. Linear in the page; no state; any thread.
#ifndef IBID_INDEXER_SOURCE_HTML_COST_H_
#define IBID_INDEXER_SOURCE_HTML_COST_H_

#include <cstdint>
#include <string_view>

namespace ibid {

struct HtmlCost {
  // '<', '&', attributes, and what stands between attributes and is none.
  uint64_t marks = 0;
  // Comparisons of attributes with others of their tag; never fewer than libxml2 makes, whatever
  // it takes for a tag.
  uint64_t attribute_pairs = 0;
};

HtmlCost MeasureHtml(std::string_view utf8);

// About a second of libxml2's time. Pages of tables have a mark for each ten bytes: this is a page
// of 20 MB of them.
inline constexpr uint64_t kMaxHtmlMarks = 2'000'000;
// A tag of 200 attributes, and some seventy nanoseconds for each byte of the page.
inline constexpr uint64_t kMaxHtmlAttributePairs = 20'000;
inline constexpr uint64_t kMaxHtmlAttributePairsPerByte = 16;

bool IsCheapHtml(std::string_view utf8);

}  // namespace ibid

#endif  // IBID_INDEXER_SOURCE_HTML_COST_H_
