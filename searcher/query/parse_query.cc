#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "common/base/status_macros.h"
#include "ibid/query.h"
#include "searcher/query/fields.h"
#include "searcher/query/lexer.h"
#include "searcher/query/notes.h"
#include "searcher/query/parser.h"
#include "searcher/query/printer.h"

namespace ibid {
namespace {

// Trees are walked by recursion; whatever the caller allows, their depth stays below this.
constexpr size_t kDeepestTree = 1000;

}  // namespace

absl::StatusOr<ParsedQuery> ParseQuery(std::string_view text, const ParseOptions& options) {
  if (text.size() > options.limits.max_query_bytes) {
    return LimitError(text.size(), "bytes", options.limits.max_query_bytes, "--max-query-bytes");
  }
  ParseOptions bounded = options;
  bounded.limits.max_nesting = std::min(options.limits.max_nesting, kDeepestTree);
  const FieldTable fields(bounded);
  NoteList notes;
  ASSIGN_OR_RETURN(const std::vector<Token> tokens, Lex(text, fields, bounded.limits, notes));
  ASSIGN_OR_RETURN(Node root, Parser(text, tokens, fields, bounded, notes).Run());
  ParsedQuery parsed;
  if (root != nullptr) parsed.query = Query(std::shared_ptr<const QueryNode>(std::move(root)));
  parsed.canonical = parsed.query.ToString();
  parsed.notes = std::move(notes).Finish(parsed.canonical);
  if (options.strict) RETURN_IF_ERROR(StrictStatus(text, parsed.notes));
  return parsed;
}

}  // namespace ibid
