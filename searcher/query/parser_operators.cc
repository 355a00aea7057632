// Reducing operators to nodes, and suffixes.
#include <algorithm>
#include <cmath>
#include <utility>

#include "common/base/strings.h"
#include "searcher/query/parser.h"

namespace ibid {
namespace {

constexpr double kLargestBoost = 1e9;

NodeKind KindOf(BinaryOp op) {
  switch (op) {
    case BinaryOp::kBestOf:
      return NodeKind::kBestOf;
    case BinaryOp::kFilter:
      return NodeKind::kFilter;
    case BinaryOp::kMaybe:
      return NodeKind::kMaybe;
    case BinaryOp::kAnd:
      return NodeKind::kAnd;
    case BinaryOp::kAndNot:
      return NodeKind::kAndNot;
    case BinaryOp::kXor:
      return NodeKind::kXor;
    default:
      return NodeKind::kOr;
  }
}

double Bounded(double boost) {
  return std::isfinite(boost) ? std::min(boost, kLargestBoost) : kLargestBoost;
}

}  // namespace

void Parser::ReduceTo(int level) {
  while (operators_.size() > frames_.back().operator_base && operators_.back().level <= level) {
    ReduceTop();
  }
}

void Parser::ReduceTop() {
  const Operator op = operators_.back();
  operators_.pop_back();
  op.unary ? ReduceUnary(*op.token) : ReduceBinary(*op.token);
}

void Parser::ReduceUnary(const Token& token) {
  Operand operand = ResolveSign(std::move(operands_.back()));
  operands_.pop_back();
  const bool plus = token.kind == TokenKind::kSign && token.prefix == '+';
  operand.sign = plus ? Sign::kPlus : Sign::kMinus;
  operand.node->byte_begin = std::min(operand.node->byte_begin, token.span.begin);
  operands_.push_back(std::move(operand));
}

// A sign where no list of clauses is: `-x` is NOT x, `+x` is x.
Parser::Operand Parser::ResolveSign(Operand operand) {
  if (operand.sign == Sign::kMinus) {
    ++operand.depth;
    operand.open_chain = false;
    CheckDepth(operand);
    // Operators pile up before the first is reduced: the tree stops growing where it is too deep.
    if (status_.ok()) operand.node = MakeOne(NodeKind::kNot, std::move(operand.node));
  } else if (operand.sign == Sign::kPlus) {
    notes_.Note({operand.node->byte_begin, operand.node->byte_end}, "ignored-sign",
                "+ has no effect beside an operator");
  }
  operand.sign = Sign::kNone;
  return operand;
}

void Parser::ReduceBinary(const Token& token) {
  Operand right = std::move(operands_.back());
  operands_.pop_back();
  Operand left = std::move(operands_.back());
  operands_.pop_back();
  BinaryOp op = token.kind == TokenKind::kNot ? BinaryOp::kAndNot : token.op;
  if (op == BinaryOp::kAnd && right.sign == Sign::kMinus) {
    op = BinaryOp::kAndNot;
    right.sign = Sign::kNone;
  }
  left = ResolveSign(std::move(left));
  right = ResolveSign(std::move(right));
  Operand joined;
  if (op == BinaryOp::kNear) {
    joined = JoinNear(token, std::move(left), std::move(right));
  } else if (op == BinaryOp::kSyn) {
    joined = JoinSyn(token, std::move(left), std::move(right));
  } else {
    joined = JoinList(KindOf(op), std::move(left), std::move(right));
  }
  joined.is_explicit = op != BinaryOp::kSyn && op != BinaryOp::kBestOf;
  operands_.push_back(std::move(joined));
}

Parser::Operand Parser::JoinList(NodeKind kind, Operand left, Operand right) {
  Operand result;
  const bool grows = left.node->kind == kind && left.node->min_should_match == 0;
  result.depth =
      grows ? std::max(left.depth, right.depth + 1) : std::max(left.depth, right.depth) + 1;
  result.clauses = left.clauses + right.clauses;
  std::vector<Node> parts;
  parts.push_back(std::move(left.node));
  parts.push_back(std::move(right.node));
  result.node = MakeList(kind, std::move(parts));
  CheckDepth(result);
  return result;
}

bool Parser::JoinsChain(const Token& token, const Operand& left) {
  if (!left.open_chain) return false;
  const QueryNode& chain = *left.node;
  if (token.exact || left.exact_chain) {
    notes_.WarningReadAs(token.span, "exact-distance", "/=n takes two operands");
    return false;
  }
  if (chain.ordered == token.ordered && chain.distance == token.distance) return true;
  notes_.WarningReadAs(token.span, "mixed-distances",
                       "operators of one chain differ: add parentheses");
  return false;
}

void Parser::NoteRepairs(const Token& token, const PositionalRepairs& repairs) {
  const std::string name(TextOf(token.span));
  if (repairs.joined_and) {
    notes_.Note(token.span, "and-inside-near",
                StrCat("AND inside ", name,
                       ": all of it, anywhere and in any order, counts"
                       " as one operand"));
  }
  if (repairs.dropped_boost) {
    notes_.Note(token.span, "ignored-boost", StrCat("a boost inside ", name, " has no effect"));
  }
  if (repairs.dropped_minimum) {
    notes_.Warning(token.span, "ignored-suffix", StrCat("@n inside ", name, "; left out"));
  }
  if (repairs.merged_best_of) {
    notes_.Note(token.span, "best-of-inside-near", StrCat("| inside ", name, " is OR"));
  }
  if (repairs.widest_and > options_.limits.max_phrase_terms) {
    Fail(LimitError(repairs.widest_and, "operands of one NEAR", options_.limits.max_phrase_terms,
                    "--max-phrase-terms"));
  }
}

// `left` and `right` made fit for NEAR or SYN; false when one cannot be: both are untouched then.
bool Parser::MakePositional(const Token& token, Operand& left, Operand& right) {
  Positional converted[2];
  Operand* const operands[2] = {&left, &right};
  for (int i = 0; i < 2; ++i) {
    const QueryNode& node = *operands[i]->node;
    if (IsPositionalKind(node.kind)) continue;
    converted[i] = ToPositional(node);
    if (converted[i].node != nullptr) continue;
    const std::string_view instead = token.op == BinaryOp::kNear ? "AND" : "OR";
    notes_.WarningReadAs({node.byte_begin, node.byte_end}, "not-positional",
                         StrCat("this has no place in the text, as ", TextOf(token.span),
                                " needs; it becomes ", instead));
    return false;
  }
  for (int i = 0; i < 2; ++i) {
    if (converted[i].node == nullptr) continue;
    NoteRepairs(token, converted[i].repairs);
    operands[i]->node = std::move(converted[i].node);
  }
  return true;
}

Parser::Operand Parser::JoinNear(const Token& token, Operand left, Operand right) {
  if (!MakePositional(token, left, right)) {
    return JoinList(NodeKind::kAnd, std::move(left), std::move(right));
  }
  const bool joins = JoinsChain(token, left);
  Operand result;
  result.open_chain = true;
  result.exact_chain = token.exact;
  result.clauses = left.clauses + right.clauses;
  result.depth =
      joins ? std::max(left.depth, right.depth + 1) : std::max(left.depth, right.depth) + 1;
  const size_t end = right.node->byte_end;
  if (joins) {
    result.node = std::move(left.node);
  } else {
    result.node = MakeOne(NodeKind::kNear, std::move(left.node));
    result.node->ordered = token.ordered;
    result.node->distance = token.distance;
  }
  result.node->children.push_back(std::move(right.node));
  result.node->byte_end = std::max(result.node->byte_end, end);
  if (result.node->children.size() > options_.limits.max_phrase_terms) {
    Fail(LimitError(result.node->children.size(), "operands of one NEAR",
                    options_.limits.max_phrase_terms, "--max-phrase-terms"));
  }
  CheckDepth(result);
  return result;
}

Parser::Operand Parser::JoinSyn(const Token& token, Operand left, Operand right) {
  if (!MakePositional(token, left, right)) {
    return JoinList(NodeKind::kOr, std::move(left), std::move(right));
  }
  return JoinList(NodeKind::kSyn, std::move(left), std::move(right));
}

Parser::Operand Parser::ApplyBoost(Operand operand, const Token& token) {
  const double number = Bounded(token.number);
  if (number != token.number) {
    notes_.Warning(token.span, "boost-too-large", StrCat("the largest boost is 1,000,000,000"));
  }
  if (operand.node->kind == NodeKind::kBoost) {
    QueryNode& boost = *operand.node;
    boost.number = token.constant ? number : Bounded(boost.number * number);
    boost.constant |= token.constant;
    return operand;
  }
  if (number == 1.0 && !token.constant) return operand;
  operand.node = MakeOne(NodeKind::kBoost, std::move(operand.node));
  operand.node->number = number;
  operand.node->constant = token.constant;
  operand.node->byte_end = token.span.end;
  ++operand.depth;
  CheckDepth(operand);
  return operand;
}

Parser::Operand Parser::ApplySuffixes(Operand operand, bool group) {
  while (const Token* token = Peek()) {
    const bool suffix = token->kind == TokenKind::kCaret || token->kind == TokenKind::kTilde ||
                        token->kind == TokenKind::kStar || token->kind == TokenKind::kAtLeast;
    if (!suffix) break;
    ++next_;
    if (token->kind == TokenKind::kCaret) {
      operand = ApplyBoost(std::move(operand), *token);
      if (group) operand.open_chain = false;
    } else {
      NoteIgnoredSuffix(*token);
    }
  }
  return operand;
}

}  // namespace ibid
