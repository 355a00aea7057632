#include "searcher/query/parser.h"

#include <algorithm>
#include <utility>

#include "common/base/strings.h"

namespace ibid {
namespace {

// Precedence: an operator waits for those with a smaller level.
constexpr int kUnaryLevel = 5;

int LevelOf(BinaryOp op) {
  switch (op) {
    case BinaryOp::kSyn:
      return 3;
    case BinaryOp::kNear:
      return 4;
    case BinaryOp::kBestOf:
      return 6;
    case BinaryOp::kFilter:
    case BinaryOp::kMaybe:
      return 7;
    case BinaryOp::kAnd:
    case BinaryOp::kAndNot:
      return 8;
    case BinaryOp::kXor:
      return 9;
    case BinaryOp::kOr:
      return 10;
  }
  return 10;
}

constexpr int kLoosest = 10;

}  // namespace

Parser::Parser(std::string_view text, const std::vector<Token>& tokens, const FieldTable& fields,
               const ParseOptions& options, NoteList& notes)
    : text_(text), tokens_(tokens), fields_(fields), options_(options), notes_(notes) {
  frames_.emplace_back();
  frames_.back().span = {0, text.size()};
}

absl::StatusOr<Node> Parser::Run() {
  while (next_ < tokens_.size() && status_.ok()) {
    const Token& token = tokens_[next_++];
    Step(token);
  }
  while (frames_.size() > 1 && status_.ok()) {
    notes_.Warning(frames_.back().span, "unclosed-parenthesis", "missing closing parenthesis");
    std::optional<Operand> group = CloseFrame();
    if (group) OnOperand(*std::move(group));
  }
  if (!status_.ok()) return status_;
  FinishClause();
  std::optional<Operand> whole = CombineClauses(frames_.back(), std::nullopt);
  if (!status_.ok()) return status_;
  if (!whole) {
    notes_.Warning({0, text_.size()}, "empty-query", "nothing to search for");
    return nullptr;
  }
  if (whole->node->kind == NodeKind::kNot) {
    notes_.Note({0, text_.size()}, "only-negative",
                "only excluded words: every other document matches, with score 0");
  }
  return std::move(whole->node);
}

void Parser::Step(const Token& token) {
  switch (token.kind) {
    case TokenKind::kWord:
    case TokenKind::kPhrase:
    case TokenKind::kBracket:
      return OnLeaf(token);
    case TokenKind::kOpen:
      return OnOpen(token);
    case TokenKind::kClose:
      return OnClose(token);
    case TokenKind::kBinary:
      return OnBinary(token);
    case TokenKind::kNot:
      return OnNot(token);
    case TokenKind::kSign:
      return OnUnary(token);
    case TokenKind::kField:
      return OnField(token);
    case TokenKind::kCaret:
    case TokenKind::kTilde:
    case TokenKind::kStar:
    case TokenKind::kAtLeast:
      return NoteIgnoredSuffix(token);  // what it belonged to was left out
  }
}

void Parser::OnOpen(const Token& token) {
  if (!want_operand_) FinishClause();
  Frame frame;
  frame.span = token.span;
  frame.operand_base = operands_.size();
  frame.operator_base = operators_.size();
  frame.fields = std::move(pending_fields_);
  pending_fields_.clear();
  frames_.push_back(std::move(frame));
  want_operand_ = true;
}

void Parser::OnClose(const Token& token) {
  if (frames_.size() == 1) {
    notes_.Warning(token.span, "unmatched-parenthesis",
                   "closing parenthesis without an opening one; left out");
    return;
  }
  frames_.back().span.end = token.span.end;
  std::optional<Operand> group = CloseFrame();
  if (!status_.ok()) return;
  if (!group) return;
  OnOperand(ApplySuffixes(*std::move(group), true));
}

// The frame's clauses as one operand of the frame around it; nothing when it had none.
std::optional<Parser::Operand> Parser::CloseFrame() {
  FinishClause();
  std::optional<uint32_t> at_least;
  if (const Token* next = Peek(); next != nullptr && next->kind == TokenKind::kAtLeast) {
    at_least = static_cast<uint32_t>(next->number);
    ++next_;
  }
  Frame frame = std::move(frames_.back());
  std::optional<Operand> group = CombineClauses(frame, at_least);
  frames_.pop_back();
  want_operand_ = true;
  if (!status_.ok()) return std::nullopt;
  if (!group) {
    notes_.Note(frame.span, "empty-group", "nothing between the parentheses");
    OnNothing();
    return std::nullopt;
  }
  group->open_chain = false;
  group->is_explicit = false;
  return Restrict(*std::move(group), frame.fields);
}

void Parser::OnBinary(const Token& token) {
  if (want_operand_) {
    const bool call = token.op == BinaryOp::kNear && Peek() != nullptr &&
                      Peek()->kind == TokenKind::kOpen && Peek()->span.begin == token.span.end;
    const std::string name(TextOf(token.span));
    if (call) {
      notes_.Warning(token.span, "near-as-function",
                     StrCat(name, " stands between its operands, as in: a ", name, "/5 b"));
    } else {
      notes_.Warning(token.span, "missing-operand",
                     StrCat(name, " has nothing on its left; left out"));
    }
    return;
  }
  const int level = LevelOf(token.op);
  ReduceTo(level);
  operators_.push_back({&token, level, false});
  want_operand_ = true;
}

void Parser::OnNot(const Token& token) {
  if (want_operand_) return OnUnary(token);
  const int level = LevelOf(BinaryOp::kAndNot);
  ReduceTo(level);
  operators_.push_back({&token, level, false});
  want_operand_ = true;
}

void Parser::OnUnary(const Token& token) {
  if (!want_operand_) FinishClause();
  operators_.push_back({&token, kUnaryLevel, true});
}

void Parser::OnField(const Token& token) {
  for (const FieldSet& fields : pending_fields_) {
    if (fields.regions == token.fields->regions && fields.columns == token.fields->columns) return;
  }
  pending_fields_.push_back(*token.fields);
}

void Parser::OnOperand(Operand operand) {
  if (!want_operand_) FinishClause();
  operands_.push_back(std::move(operand));
  want_operand_ = false;
}

void Parser::OnNothing() {
  pending_fields_.clear();
  if (want_operand_) DropDanglingOperators();
}

void Parser::NoteDangling(const Operator& op) {
  notes_.Warning(op.token->span, "missing-operand",
                 StrCat(TextOf(op.token->span), " has nothing on its right; left out"));
}

// Takes back the operators that still wait for an operand, up to a binary one: its left side is
// complete.
void Parser::DropDanglingOperators() {
  while (operators_.size() > frames_.back().operator_base) {
    const Operator op = operators_.back();
    operators_.pop_back();
    NoteDangling(op);
    if (op.unary) continue;
    want_operand_ = false;
    return;
  }
}

void Parser::FinishClause() {
  if (want_operand_) DropDanglingOperators();
  want_operand_ = true;
  Frame& frame = frames_.back();
  if (operands_.size() == frame.operand_base) return;
  ReduceTo(kLoosest);
  frame.clauses.push_back(std::move(operands_.back()));
  operands_.pop_back();
}

void Parser::Fail(absl::Status status) {
  if (status_.ok()) status_ = std::move(status);
}

void Parser::Measure(Operand& operand) {
  const size_t before = operand.clauses;
  operand.clauses = CountClauses(*operand.node);
  operand.depth = Depth(*operand.node);
  num_clauses_ += operand.clauses - std::min(before, operand.clauses);
  if (num_clauses_ > options_.limits.max_clauses) {
    Fail(LimitError(num_clauses_, "clauses", options_.limits.max_clauses, "--max-clauses"));
  }
  CheckDepth(operand);
}

void Parser::CheckDepth(const Operand& operand) {
  if (operand.depth <= options_.limits.max_nesting) return;
  Fail(
      LimitError(operand.depth, "levels of nesting", options_.limits.max_nesting, "--max-nesting"));
}

}  // namespace ibid
