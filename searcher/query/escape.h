// Backslashes where a text would mean something to the parser.
#ifndef IBID_SEARCHER_QUERY_ESCAPE_H_
#define IBID_SEARCHER_QUERY_ESCAPE_H_

#include <string>
#include <string_view>

namespace ibid {

// A word outside quotes.
std::string EscapeWord(std::string_view text);
// The text of a wildcard: its * and ? keep their meaning.
std::string EscapeWildcard(std::string_view text);
// A word between plain quotes, and one of p"...".
std::string EscapeQuoted(std::string_view text);
std::string EscapePatternWord(std::string_view text);
std::string EscapePatternWildcard(std::string_view text);
// A column's value: as it is when nothing in it could be misread, else quoted.
std::string QuoteValue(std::string_view text);
// True when QuoteValue leaves `text` as it is; and when the end of a range needs no quotes.
bool IsPlainValue(std::string_view text);
bool IsPlainBound(std::string_view text);

}  // namespace ibid

#endif  // IBID_SEARCHER_QUERY_ESCAPE_H_
