#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "common/base/memory_guard.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "ibid/query.h"
#include "searcher/query/fields.h"
#include "searcher/query/lexer.h"
#include "searcher/query/notes.h"
#include "searcher/query/parser.h"
#include "searcher/query/printer.h"

namespace ibid {

namespace {

absl::StatusOr<ParsedQuery> Parse(std::string_view text, const ParseOptions& options) {
  if (text.size() > options.limits.max_query_bytes) {
    return LimitError(text.size(), "bytes", options.limits.max_query_bytes, "--max-query-bytes");
  }
  if (options.limits.max_nesting > kDeepestNesting) {
    return absl::InvalidArgumentError(
        StrCat("max_nesting: at most ", WithCommas(kDeepestNesting), " expected"));
  }
  const FieldTable fields(options);
  NoteList notes;
  ASSIGN_OR_RETURN(const std::vector<Token> tokens, Lex(text, fields, options.limits, notes));
  ASSIGN_OR_RETURN(Node root, Parser(text, tokens, fields, options, notes).Run());
  ParsedQuery parsed;
  if (root != nullptr) parsed.query = Query(std::shared_ptr<const QueryNode>(std::move(root)));
  parsed.canonical = parsed.query.ToString();
  parsed.notes = std::move(notes).Finish(parsed.canonical);
  if (options.strict) RETURN_IF_ERROR(StrictStatus(text, parsed.notes));
  return parsed;
}

}  // namespace

absl::StatusOr<ParsedQuery> ParseQuery(std::string_view text, const ParseOptions& options) {
  return GuardMemory("reading a query", [&] { return Parse(text, options); });
}

}  // namespace ibid
