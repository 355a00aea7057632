#include "searcher/query/lexer.h"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "searcher/query/chars.h"
#include "searcher/query/numbers.h"
#include "searcher/query/words.h"

namespace ibid {
namespace {

// near/3, adj/=3: what nobody writes but as an operator.
bool IsLowerCaseDistance(std::string_view word) {
  for (const std::string_view name : {"near/", "adj/"}) {
    if (!word.starts_with(name)) continue;
    word.remove_prefix(name.size());
    if (word.starts_with('=')) word.remove_prefix(1);
    return !word.empty() && IsAsciiDigit(word[0]);
  }
  return false;
}

constexpr size_t kNone = std::string_view::npos;

struct QuotePair {
  char32_t open;
  std::array<std::string_view, 2> closers;  // UTF-8; the second may be ""
  bool needs_space_before;                  // also a closing mark: opens only after a space
};

constexpr QuotePair kQuotePairs[] = {
    {U'"', {"\"", ""}, false},
    {0x201c, {"\u201d", ""}, false},
    {0x201e, {"\u201c", "\u201d"}, false},
    {0x201d, {"\u201d", ""}, true},
    {0xab, {"\u00bb", ""}, false},
    {0xbb, {"\u00ab", ""}, true},
    {0x2039, {"\u203a", ""}, false},
    {0x203a, {"\u2039", ""}, true},
};

std::optional<Bound> BracketBound(std::string_view raw, bool inclusive) {
  if (raw == "*") return std::nullopt;
  if (raw.front() == '"') raw = raw.substr(1, raw.size() - 2);
  return Bound{Unescape(raw), inclusive};
}

class Lexer {
 public:
  Lexer(std::string_view text, const FieldTable& fields, const QueryLimits& limits, NoteList& notes)
      : text_(text), fields_(fields), limits_(limits), notes_(notes) {}

  absl::StatusOr<std::vector<Token>> Run() {
    while (at_ < text_.size()) Step();
    RETURN_IF_ERROR(status_);
    RETURN_IF_ERROR(CheckLimits());
    NoteLowerCaseOperators();
    return std::move(tokens_);
  }

 private:
  void Step();
  void LexWordLike();
  void LexPipe();
  bool LexSuffix();
  bool LexCaret();
  bool LexTilde();
  bool LexAtLeast();
  bool LexSign();
  bool LexField();
  bool LexQuote();
  bool LexBracket();
  std::optional<std::string_view> TakeBound(size_t& at) const;
  size_t SkipSpaces(size_t at) const;
  bool LexOperator(size_t end);
  void LexWord();

  size_t WordEnd(size_t from) const;
  size_t CaretEnd(size_t at) const;
  size_t TildeEnd(size_t at) const;
  bool EndsOperand(size_t at) const;
  std::optional<size_t> FindCloser(const QuotePair& pair, size_t from, size_t& closer_bytes);
  void NoteUnknownField(size_t begin, size_t names_bytes);
  void DropAttachedPrefixes(size_t begin);
  bool AtClauseStart() const;
  bool IsAttached() const;
  Token& Push(TokenKind kind, size_t end);
  absl::Status CheckLimits() const;
  void NoteLowerCaseOperators();

  char Peek(size_t offset = 0) const {
    return at_ + offset < text_.size() ? text_[at_ + offset] : '\0';
  }
  bool IsSpaceOrEndAt(size_t at) const {
    return at >= text_.size() || IsSeparator(CharAt(text_, at).code);
  }

  std::string_view text_;
  const FieldTable& fields_;
  const QueryLimits& limits_;
  NoteList& notes_;
  size_t at_ = 0;
  std::vector<Token> tokens_;
  std::vector<Span> lower_case_operators_;
  std::array<bool, std::size(kQuotePairs)> no_closer_{};
  absl::Status status_;
};

Token& Lexer::Push(TokenKind kind, size_t end) {
  Token token;
  token.kind = kind;
  token.span = {at_, end};
  tokens_.push_back(std::move(token));
  at_ = end;
  return tokens_.back();
}

// After a space, an opening parenthesis or nothing.
bool Lexer::AtClauseStart() const {
  if (at_ == 0) return true;
  size_t back = at_ - 1;
  if (text_[back] == '(' || text_[back] == '|') {
    return !tokens_.empty() && tokens_.back().span.end == at_;
  }
  while (back > 0 && at_ - back < 4 && (static_cast<unsigned char>(text_[back]) & 0xc0) == 0x80) {
    --back;
  }
  return IsSeparator(CharAt(text_, back).code) &&
         (tokens_.empty() || tokens_.back().span.end != at_);
}

// Directly after a sign or a field: what follows is what they apply to, never an operator.
bool Lexer::IsAttached() const {
  return !tokens_.empty() && tokens_.back().span.end == at_ &&
         (tokens_.back().kind == TokenKind::kSign || tokens_.back().kind == TokenKind::kField);
}

void Lexer::Step() {
  const Char c = CharAt(text_, at_);
  if (IsSeparator(c.code)) {
    at_ += c.bytes;
  } else if (c.code == U'(') {
    Push(TokenKind::kOpen, at_ + 1);
  } else if (c.code == U')') {
    Push(TokenKind::kClose, at_ + 1);
  } else if (c.code == U'|') {
    LexPipe();
  } else if (!LexSuffix()) {
    LexWordLike();
  }
}

void Lexer::LexPipe() {
  const bool is_or = Peek(1) == '|';
  Token& token = Push(TokenKind::kBinary, at_ + (is_or ? 2 : 1));
  token.op = is_or ? BinaryOp::kOr : BinaryOp::kBestOf;
}

// Only directly after the operand they belong to.
bool Lexer::LexSuffix() {
  if (tokens_.empty() || tokens_.back().span.end != at_) return false;
  switch (tokens_.back().kind) {
    case TokenKind::kWord:
    case TokenKind::kPhrase:
    case TokenKind::kBracket:
    case TokenKind::kClose:
    case TokenKind::kCaret:
    case TokenKind::kTilde:
    case TokenKind::kStar:
    case TokenKind::kAtLeast:
      break;
    default:
      return false;
  }
  if (tokens_.back().kind == TokenKind::kPhrase && Peek() == '*') {
    Push(TokenKind::kStar, at_ + 1);
    return true;
  }
  return LexCaret() || LexTilde() || LexAtLeast();
}

// Is `at` a place where an operand with its suffixes may end?
bool Lexer::EndsOperand(size_t at) const {
  if (IsSpaceOrEndAt(at)) return true;
  const char c = text_[at];
  return c == '(' || c == ')' || c == '|' || c == '^' || c == '~' ||
         IsQuoteMark(CharAt(text_, at).code);
}

// The end of the suffix ^number at `at`, or kNone.
size_t Lexer::CaretEnd(size_t at) const {
  if (at >= text_.size() || text_[at] != '^') return kNone;
  size_t end = at + 1;
  if (end < text_.size() && text_[end] == '=') ++end;
  const size_t digits = end;
  while (end < text_.size() && (IsAsciiDigit(text_[end]) || text_[end] == '.')) ++end;
  return EndsOperand(end) && ReadDouble(text_.substr(digits, end - digits)) ? end : kNone;
}

// The end of the suffix ~ or ~number at `at`, or kNone.
size_t Lexer::TildeEnd(size_t at) const {
  if (at >= text_.size() || text_[at] != '~') return kNone;
  size_t end = at + 1;
  while (end < text_.size() && (IsAsciiDigit(text_[end]) || text_[end] == '.')) ++end;
  return EndsOperand(end) ? end : kNone;
}

bool Lexer::LexCaret() {
  const size_t end = CaretEnd(at_);
  if (end == kNone) return false;
  const bool constant = Peek(1) == '=';
  const size_t begin = at_ + (constant ? 2 : 1);
  const std::optional<double> number = ReadDouble(text_.substr(begin, end - begin));
  Token& token = Push(TokenKind::kCaret, end);
  token.constant = constant;
  token.number = number.value_or(1.0);
  return true;
}

bool Lexer::LexTilde() {
  const size_t end = TildeEnd(at_);
  if (end == kNone) return false;
  const size_t begin = at_ + 1;
  Push(TokenKind::kTilde, end).raw = text_.substr(begin, end - begin);
  return true;
}

bool Lexer::LexAtLeast() {
  if (tokens_.back().kind != TokenKind::kClose || Peek() != '@') return false;
  size_t end = at_ + 1;
  while (end < text_.size() && IsAsciiDigit(text_[end])) ++end;
  if (end == at_ + 1 || !EndsOperand(end)) return false;
  const uint64_t count = ReadCount(text_.substr(at_ + 1, end - at_ - 1)).value_or(0);
  Push(TokenKind::kAtLeast, end).number =
      static_cast<double>(std::min<uint64_t>(count, std::numeric_limits<uint32_t>::max()));
  return true;
}

void Lexer::LexWordLike() {
  if (LexSign() || LexField() || LexQuote() || LexBracket()) return;
  LexWord();
}

// `-x`, but neither `- x` nor `--x`.
bool Lexer::LexSign() {
  const char c = Peek();
  if ((c != '+' && c != '-' && c != '!') || !AtClauseStart() || IsSpaceOrEndAt(at_ + 1)) {
    return false;
  }
  const char next = Peek(1);
  if (next == c || next == ')' || next == '|') return false;
  Push(TokenKind::kSign, at_ + 1).prefix = c == '!' ? '-' : c;
  return true;
}

bool Lexer::LexField() {
  if (!AtClauseStart() && !IsAttached()) return false;
  const size_t names_bytes = FieldNamesBytes(text_.substr(at_));
  if (names_bytes == kNone) return false;
  const size_t after = at_ + names_bytes + 1;
  std::optional<FieldSet> fields = fields_.Resolve(text_.substr(at_, names_bytes));
  const bool has_value = !IsSpaceOrEndAt(after) && text_[after] != ')' && text_[after] != '|';
  if (fields && has_value) {
    Token& token = Push(TokenKind::kField, after);
    token.raw = text_.substr(token.span.begin, names_bytes);
    token.fields = std::make_unique<const FieldSet>(*std::move(fields));
    return true;
  }
  if (fields) {
    notes_.Note({at_, after}, "field-without-value",
                StrCat("\"", text_.substr(at_, names_bytes + 1),
                       "\" is a word here; a field has its value right after"
                       " the colon"));
  } else if (has_value) {
    NoteUnknownField(at_, names_bytes);
  }
  return false;
}

void Lexer::NoteUnknownField(size_t begin, size_t names_bytes) {
  if (!notes_.wanted()) return;
  const std::string names(text_.substr(begin, names_bytes));
  const Span span{begin, begin + names_bytes + 1};
  if (names == "fn") {
    notes_.Warning(span, "functions-unsupported",
                   "interval functions are not supported; read as text");
    return;
  }
  const std::string nearest = fields_.Suggest(names);
  notes_.Warning(span, "unknown-field",
                 StrCat("no field ", names, nearest.empty() ? "" : "; did you mean ", nearest,
                        nearest.empty() ? "" : "?", "; read as text"));
}

// The end of the text between marks that opened before `from`.
std::optional<size_t> Lexer::FindCloser(const QuotePair& pair, size_t from, size_t& closer_bytes) {
  const bool doubled = pair.open == U'"';
  bool& none_left = no_closer_[static_cast<size_t>(&pair - kQuotePairs)];
  if (none_left) return std::nullopt;
  for (size_t at = from; at < text_.size(); ++at) {
    if (text_[at] == '\\') {
      ++at;
      continue;
    }
    const std::string_view rest = text_.substr(at);
    if (doubled && rest.substr(0, 2) == "\"\"") {
      ++at;
      continue;
    }
    for (std::string_view closer : pair.closers) {
      if (closer.empty() || rest.substr(0, closer.size()) != closer) continue;
      closer_bytes = closer.size();
      return at;
    }
  }
  none_left = true;  // nor for any later mark: the search stays linear
  return std::nullopt;
}

bool Lexer::LexQuote() {
  size_t begin = at_;
  bool synonyms = false;
  char prefix = 0;
  if (text_[begin] == '~' || text_[begin] == '=') {
    synonyms = text_[begin] == '~';
    ++begin;
  } else if (Contains("spxq", text_[begin])) {
    prefix = text_[begin];
    ++begin;
  }
  if (begin >= text_.size()) return false;
  const Char mark = CharAt(text_, begin);
  const auto* pair = std::find_if(std::begin(kQuotePairs), std::end(kQuotePairs),
                                  [&](const QuotePair& p) { return p.open == mark.code; });
  if (pair == std::end(kQuotePairs)) return false;
  const size_t content = begin + mark.bytes;
  if (pair->needs_space_before && begin == at_ && !AtClauseStart() && !IsAttached()) {
    at_ = content;  // a closing mark that closes nothing
    return true;
  }
  size_t closer_bytes = 0;
  std::optional<size_t> closed = FindCloser(*pair, content, closer_bytes);
  if (!closed) closed = FindCloser(kQuotePairs[0], content, closer_bytes);  // “a", as phones type
  if (!closed) {
    notes_.Warning({begin, content}, "unclosed-quote", "missing closing quote");
  }
  const size_t content_end = closed.value_or(text_.size());
  Token& token = Push(TokenKind::kPhrase, content_end + closer_bytes);
  token.raw = text_.substr(content, content_end - content);
  token.prefix = prefix;
  token.synonyms = synonyms;
  return true;
}

// Where the word that begins at `from` ends: at a space, parenthesis, double quote or `|`, or
// before a suffix.
size_t Lexer::WordEnd(size_t from) const {
  for (size_t at = from; at < text_.size();) {
    if (text_[at] == '\\' && at + 1 < text_.size()) {
      at += 1 + CharAt(text_, at + 1).bytes;
      continue;
    }
    const Char c = CharAt(text_, at);
    if (IsSeparator(c.code) || c.code == U'(' || c.code == U')' || c.code == U'|' ||
        IsQuoteMark(c.code)) {
      return at;
    }
    if (at > from && (CaretEnd(at) != kNone || TildeEnd(at) != kNone)) return at;
    at += c.bytes;
  }
  return text_.size();
}

bool Lexer::LexOperator(size_t end) {
  const std::string_view word = text_.substr(at_, end - at_);
  std::optional<OperatorText> found = ReadOperator(word);
  if (!found) {
    if (LooksLikeNear(word)) {
      notes_.Warning({at_, end}, "bad-distance", StrCat(word, ": no distance; read as a word"));
    }
    return false;
  }
  if (found->largest_distance > limits_.max_distance && status_.ok()) {
    status_ = LimitError(found->largest_distance, "words of distance", limits_.max_distance,
                         "--max-distance");
  }
  if (found->problem == "zero-distance") {
    notes_.Warning({at_, end}, found->problem, "a distance of 0 is read as 1: side by side");
  } else if (!found->problem.empty()) {
    notes_.Warning({at_, end}, found->problem, "the larger distance comes last; read so");
  }
  const bool and_not = found->token.kind == TokenKind::kNot && !tokens_.empty() &&
                       tokens_.back().kind == TokenKind::kBinary &&
                       tokens_.back().op == BinaryOp::kAnd;
  if (and_not) {
    tokens_.back().op = BinaryOp::kAndNot;
    tokens_.back().span.end = end;
    at_ = end;
    return true;
  }
  found->token.span = {at_, end};
  tokens_.push_back(std::move(found->token));
  at_ = end;
  return true;
}

void Lexer::LexWord() {
  size_t begin = at_;
  char prefix = 0;
  const bool has_prefix = text_[at_] == '=' || text_[at_] == '~';
  if (has_prefix && (AtClauseStart() || IsAttached()) && !IsSpaceOrEndAt(at_ + 1)) {
    prefix = text_[at_];
    ++begin;
  }
  size_t end = WordEnd(begin);
  if (prefix == 0 && !IsAttached() && LexOperator(end)) return;
  const std::string_view raw = text_.substr(begin, end - begin);
  const WordText word = ReadWord(raw);
  const bool is_regex =
      raw.size() > 2 && raw.front() == '/' && raw.back() == '/' && raw[raw.size() - 2] != '\\';
  if (word.punctuation && (is_regex || !word.any)) {
    DropAttachedPrefixes(at_);
    at_ = std::max(end, at_ + 1);
    return;
  }
  if (is_regex) {
    prefix = '/';
    notes_.Warning({begin, end}, "regex-unsupported",
                   "regular expressions are not supported; read as text");
  }
  static constexpr std::string_view kLower[] = {"and", "or", "not", "near", "adj", "xor"};
  if (std::find(std::begin(kLower), std::end(kLower), raw) != std::end(kLower) ||
      IsLowerCaseDistance(raw)) {
    lower_case_operators_.push_back({begin, end});
  }
  Token& token = Push(TokenKind::kWord, end);
  token.raw = raw;
  token.prefix = prefix;
}

// One end of a bracketed range: a quoted text, or a run of characters without spaces and brackets.
std::optional<std::string_view> Lexer::TakeBound(size_t& at) const {
  const size_t begin = at;
  const bool quoted = at < text_.size() && text_[at] == '"';
  if (quoted) ++at;
  while (at < text_.size()) {
    const Char c = CharAt(text_, at);
    if (quoted && c.code == U'"') return text_.substr(begin, ++at - begin);
    if (!quoted && (IsSeparator(c.code) || IsQuoteMark(c.code) || Contains("[]{}()", text_[at]))) {
      break;
    }
    at += c.code == U'\\' && at + 1 < text_.size() ? 1 + CharAt(text_, at + 1).bytes : c.bytes;
  }
  if (quoted || at == begin) return std::nullopt;
  return text_.substr(begin, at - begin);
}

size_t Lexer::SkipSpaces(size_t at) const {
  while (at < text_.size() && IsSeparator(CharAt(text_, at).code)) at += CharAt(text_, at).bytes;
  return at;
}

// `[a TO b]` with either kind of bracket on either side.
bool Lexer::LexBracket() {
  if ((Peek() != '[' && Peek() != '{') || (!AtClauseStart() && !IsAttached())) return false;
  size_t at = SkipSpaces(at_ + 1);
  const std::optional<std::string_view> lower = TakeBound(at);
  if (!lower || !IsSpaceOrEndAt(at)) return false;
  at = SkipSpaces(at);
  if (text_.substr(at, 2) != "TO" || !IsSpaceOrEndAt(at + 2)) return false;
  at = SkipSpaces(at + 2);
  const std::optional<std::string_view> upper = TakeBound(at);
  if (!upper) return false;
  at = SkipSpaces(at);
  if (at >= text_.size() || (text_[at] != ']' && text_[at] != '}')) return false;
  const bool lower_inclusive = Peek() == '[';
  const bool upper_inclusive = text_[at] == ']';
  Token& token = Push(TokenKind::kBracket, at + 1);
  token.range = std::make_unique<const RawRange>(
      RawRange{BracketBound(*lower, lower_inclusive), BracketBound(*upper, upper_inclusive)});
  return true;
}

// A sign or field before what turned out to be nothing.
void Lexer::DropAttachedPrefixes(size_t begin) {
  while (!tokens_.empty() && tokens_.back().span.end == begin) {
    const Token& last = tokens_.back();
    if (last.kind != TokenKind::kSign && last.kind != TokenKind::kField) return;
    notes_.Note(last.span, "missing-operand",
                StrCat(text_.substr(last.span.begin, last.span.end - last.span.begin),
                       " has nothing to apply to; left out"));
    begin = last.span.begin;
    tokens_.pop_back();
  }
}

absl::Status Lexer::CheckLimits() const {
  size_t operands = 0;
  size_t open = 0;
  size_t deepest = 0;
  for (const Token& token : tokens_) {
    operands += token.kind == TokenKind::kWord || token.kind == TokenKind::kPhrase ||
                token.kind == TokenKind::kBracket;
    if (token.kind == TokenKind::kOpen) deepest = std::max(deepest, ++open);
    if (token.kind == TokenKind::kClose && open > 0) --open;
  }
  if (operands > limits_.max_clauses) {
    return LimitError(operands, "clauses", limits_.max_clauses, "--max-clauses");
  }
  if (deepest > limits_.max_nesting) {
    return LimitError(deepest, "levels of nesting", limits_.max_nesting, "--max-nesting");
  }
  return absl::OkStatus();
}

void Lexer::NoteLowerCaseOperators() {
  const bool looks_boolean = std::any_of(tokens_.begin(), tokens_.end(), [](const Token& token) {
    return token.kind == TokenKind::kOpen || token.kind == TokenKind::kBinary ||
           token.kind == TokenKind::kNot;
  });
  for (const Span& span : lower_case_operators_) {
    const std::string_view word = text_.substr(span.begin, span.end - span.begin);
    if (!looks_boolean && !IsLowerCaseDistance(word)) continue;
    notes_.Note(
        span, "lower-case-operator",
        StrCat("\"", word, "\" is a word here; operators are in capitals: ", UpperAscii(word)));
  }
}

}  // namespace

absl::StatusOr<std::vector<Token>> Lex(std::string_view text, const FieldTable& fields,
                                       const QueryLimits& limits, NoteList& notes) {
  return Lexer(text, fields, limits, notes).Run();
}

}  // namespace ibid
