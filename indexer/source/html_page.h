// The title and the readable text of an HTML page, by libxml2's parser used without a tree.
//
//   HtmlPage page = ExtractPage(utf8);
//
// Block elements are set apart by blank lines, <br> and table rows by line ends, white space runs
// are one blank except in <pre>. Scripts, styles, templates and comments are left out. Nothing is
// loaded and no entity but HTML's characters is known. Memory: about three times the page.
#ifndef IBID_INDEXER_SOURCE_HTML_PAGE_H_
#define IBID_INDEXER_SOURCE_HTML_PAGE_H_

#include <string>
#include <string_view>

namespace ibid {

struct HtmlPage {
  std::string title;
  std::string text;
  std::string date;    // <meta name="date"> and its like, where it is a date
  std::string source;  // <meta property="og:site_name">
  // Elements lay deeper than kMaxHtmlDepth in one another; the text was taken by leaving out tags.
  bool too_deep = false;
  // Reading its markup would take libxml2 too long (html_cost.h); the same was done, and neither
  // date nor source was looked for.
  bool too_costly = false;
};

inline constexpr int kMaxHtmlDepth = 256;

// `utf8` is well-formed.
HtmlPage ExtractPage(std::string_view utf8);

// The encoding that the page names in <meta> or <?xml?>, in lower case; empty where it names none.
std::string DeclaredCharset(std::string_view bytes);

}  // namespace ibid

#endif  // IBID_INDEXER_SOURCE_HTML_PAGE_H_
