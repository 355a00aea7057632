// Queries: parsed from text, printed in one canonical form, run by a Searcher.
//
//   absl::StatusOr<ParsedQuery> parsed = ParseQuery("\"prime minister\" NEAR/5 paris", {});
//   if (!parsed.ok()) ...                      // too large; or, with options.strict, malformed
//   for (const QueryNote& note : parsed->notes) std::cerr << FormatNote(text, note);
//   searcher.Search(parsed->query, {});
//
// The language is described in docs/QUERY_SYNTAX.md. Parsing needs no index: what depends on one
// (analysis, expansion of wildcards, statistics) happens in Search.
#ifndef IBID_QUERY_H_
#define IBID_QUERY_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ibid/export.h"
#include "ibid/limits.h"

namespace ibid {

struct QueryNode;  // private: searcher/query/ast.h

// An immutable query; cheap to copy, safe to share by threads. Default-constructed: matches
// nothing.
class IBID_EXPORT Query {
 public:
  Query() = default;
  explicit Query(std::shared_ptr<const QueryNode> root) : root_(std::move(root)) {}

  // The canonical form: parsing it gives an equal query (ParseQuery(q.ToString()) == q).
  std::string ToString() const;
  bool operator==(const Query& other) const;

  const QueryNode* root() const { return root_.get(); }  // null: matches nothing

 private:
  std::shared_ptr<const QueryNode> root_;
};

enum class NoteSeverity { kNote, kWarning };

// Something the parser or the searcher wants to say about the query as typed. `code` is stable, for
// programs; `message` is for people. Byte offsets are into the text that was parsed.
struct QueryNote {
  NoteSeverity severity = NoteSeverity::kNote;
  size_t byte_begin = 0;
  size_t byte_end = 0;
  std::string code;     // as in "unclosed-quote"
  std::string message;  // one line, without the position
  std::string fixit;    // a replacement for the whole query, or empty

  bool operator==(const QueryNote&) const = default;
};

struct ParsedQuery {
  Query query;
  std::string canonical;         // query.ToString()
  std::vector<QueryNote> notes;  // in order of position
};

// A column that range operators and `name:` may use.
enum class ColumnType { kText, kInteger, kReal, kDate };

struct ParseOptions {
  bool all_words = false;  // juxtaposition means AND instead of OR
  bool strict = false;     // the first warning or error is returned as InvalidArgument
  // Names that may stand before ':' besides title, text and quote. Others are text, with a note.
  // Empty: date (kDate) and source (kText). A date column, `date` before others, is the default for
  // ranges without a field.
  std::vector<std::pair<std::string, ColumnType>> columns;
  // Groups of words that `~word` stands for; one group a line of --synonyms FILE.
  std::vector<std::vector<std::string>> synonyms;
  QueryLimits limits;
};

// Parses any bytes. Lenient (the default): always a query, with notes on what was repaired or
// reinterpreted. Errors: InvalidArgument for a query past options.limits (the message names the
// limit) and, with options.strict, for the first thing a note would have been an error or warning
// about ("query: column 14: missing closing quote").
IBID_EXPORT absl::StatusOr<ParsedQuery> ParseQuery(std::string_view text,
                                                   const ParseOptions& options);

// `note` in the form of a compiler's message: severity, text, the query's line and a caret display
// under the bytes meant. Control characters of the query are shown as '?'. Ends with a newline.
IBID_EXPORT std::string FormatNote(std::string_view query_text, const QueryNote& note);

// `text` with everything quoted that the language would interpret: parses to the words of `text`.
IBID_EXPORT std::string QuoteQueryText(std::string_view text);

}  // namespace ibid

#endif  // IBID_QUERY_H_
