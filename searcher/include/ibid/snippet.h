// The piece of a document that shows best why it matched.
//
//   Snippet s = MakeSnippet(document, matches, {});
//   std::cout << HighlightSnippet(s, "\033[1m", "\033[0m");
//
// These functions return no status: where memory runs out they let std::bad_alloc out.
#ifndef IBID_SNIPPET_H_
#define IBID_SNIPPET_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ibid/document.h"
#include "ibid/export.h"
#include "ibid/searcher.h"

namespace ibid {

struct SnippetOptions {
  size_t context_words = 12;  // on each side of the best match
};

// Plain text on one line: white space is folded, control characters and bidirectional overrides are
// taken out. At most kMaxSnippetBytes, cut at words, with "…" where text was left out.
struct Snippet {
  std::string text;
  std::vector<std::pair<size_t, size_t>> highlights;  // [begin, end) bytes of `text`, disjoint
};

// Chooses the stretch of the text (or of the title, where only that matches) with the most
// different matches, the earliest of equals; the beginning of the text where nothing matches.
IBID_EXPORT Snippet MakeSnippet(const Document& document, const std::vector<Match>& matches,
                                const SnippetOptions& options);

// `snippet.text` with `open` and `close` around each highlight.
IBID_EXPORT std::string HighlightSnippet(const Snippet& snippet, std::string_view open,
                                         std::string_view close);

// `text` with &, <, >, " and ' escaped; with `open` and `close` (HTML, as they are) around
// highlights.
IBID_EXPORT std::string HighlightSnippetHtml(const Snippet& snippet, std::string_view open,
                                             std::string_view close);

// Any text made safe for a terminal: no control bytes but '\n' and '\t', no C1 controls, no
// bidirectional overrides, malformed UTF-8 as U+FFFD.
IBID_EXPORT std::string SafeForTerminal(std::string_view text);

}  // namespace ibid

#endif  // IBID_SNIPPET_H_
