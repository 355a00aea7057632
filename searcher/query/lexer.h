// Cuts the text of a query into tokens.
//
// Time and memory are linear in the text. Every byte string has tokens: what is not an operator,
// a phrase, a range or a field is a word. Tokens view the text, which must outlive them.
#ifndef IBID_SEARCHER_QUERY_LEXER_H_
#define IBID_SEARCHER_QUERY_LEXER_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "searcher/query/ast.h"
#include "searcher/query/fields.h"
#include "searcher/query/notes.h"
#include "searcher/query/values.h"

namespace ibid {

enum class TokenKind {
  kWord,     // raw; prefix: '=' literal, '~' synonyms, '/' a regular expression taken as text
  kPhrase,   // raw between the marks; prefix: s p x q or 0; synonyms
  kBracket,  // [lower TO upper]; raw: all of it
  kOpen,
  kClose,
  kBinary,
  kNot,      // NOT where it is not the NOT of AND NOT
  kSign,     // prefix: + or -
  kField,    // fields
  kCaret,    // ^number, ^=number
  kTilde,    // ~, ~number after a word, phrase or group; raw: the digits
  kStar,     // * after a phrase
  kAtLeast,  // @number after a group
};

// In order of precedence, tightest first.
enum class BinaryOp { kSyn, kNear, kBestOf, kFilter, kMaybe, kAnd, kAndNot, kXor, kOr };

struct Token {
  TokenKind kind = TokenKind::kWord;
  Span span;
  std::string_view raw;
  char prefix = 0;
  bool synonyms = false;                   // kPhrase
  BinaryOp op = BinaryOp::kOr;             // kBinary
  bool ordered = false;                    // kNear
  bool exact = false;                      // kNear: /=n, for two operands only
  Distance distance;                       // kNear
  double number = 0;                       // kCaret, kAtLeast
  bool constant = false;                   // kCaret
  std::unique_ptr<const FieldSet> fields;  // kField
  std::unique_ptr<const RawRange> range;   // kBracket
};

// Errors: InvalidArgument for a distance, a number of clauses or a nesting past `limits`.
absl::StatusOr<std::vector<Token>> Lex(std::string_view text, const FieldTable& fields,
                                       const QueryLimits& limits, NoteList& notes);

// The operator that `word`, as typed, is; nothing for a word. `word` must not hold escapes.
struct OperatorText {
  Token token;               // without a span
  std::string_view problem;  // "zero-distance", "reversed-distance" or ""
  size_t largest_distance = 0;
};
std::optional<OperatorText> ReadOperator(std::string_view word);

// "NEAR/" and its like with a distance that is none: a word, and worth a note.
bool LooksLikeNear(std::string_view word);

}  // namespace ibid

#endif  // IBID_SEARCHER_QUERY_LEXER_H_
