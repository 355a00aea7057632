// Lists of clauses: juxtaposition, + and -, at least so many.
#include <algorithm>
#include <utility>

#include "common/base/strings.h"
#include "searcher/query/parser.h"

namespace ibid {

std::optional<Parser::Operand> Parser::CombineClauses(Frame& frame,
                                                      std::optional<uint32_t> at_least) {
  std::vector<Operand> clauses = std::move(frame.clauses);
  if (clauses.empty()) return std::nullopt;
  if (clauses.size() > 1) {
    NoteMixed(clauses);
    return CombineSigned(std::move(clauses), at_least);
  }
  Operand only = std::move(clauses.front());
  if (only.sign == Sign::kMinus) only = ResolveSign(std::move(only));
  only.sign = Sign::kNone;
  if (at_least) only = ApplyAtLeast(std::move(only), *at_least, frame.span);
  return only;
}

// `a b AND c` is a OR (b AND c): worth saying, since other engines read it otherwise.
void Parser::NoteMixed(const std::vector<Operand>& clauses) {
  if (noted_mixed_) return;
  for (const Operand& clause : clauses) {
    const bool harmless = clause.node->kind == NodeKind::kOr && !options_.all_words;
    if (!clause.is_explicit || harmless) continue;
    notes_.NoteReadAs({clause.node->byte_begin, clause.node->byte_end}, "mixed-operators",
                      "implicit and explicit operators mixed");
    noted_mixed_ = true;
    return;
  }
}

Parser::Operand Parser::CombineSigned(std::vector<Operand> clauses,
                                      std::optional<uint32_t> at_least) {
  const auto count = [&](Sign sign) {
    return static_cast<size_t>(std::count_if(clauses.begin(), clauses.end(),
                                             [&](const Operand& c) { return c.sign == sign; }));
  };
  if (options_.all_words && !at_least) {
    for (Operand& clause : clauses) {
      if (clause.sign == Sign::kNone) clause.sign = Sign::kPlus;
    }
  }
  const size_t num_plain = count(Sign::kNone);
  const size_t num_minus = count(Sign::kMinus);
  const Span span{clauses.front().node->byte_begin, clauses.back().node->byte_end};
  Operand result;
  result.clauses = 0;
  size_t deepest = 0;
  std::vector<Node> parts;
  std::vector<Occur> occurs;
  for (Operand& clause : clauses) {
    result.clauses += clause.clauses;
    deepest = std::max(deepest, clause.depth);
    occurs.push_back(clause.sign == Sign::kNone   ? Occur::kShould
                     : clause.sign == Sign::kPlus ? Occur::kMust
                                                  : Occur::kMustNot);
    parts.push_back(std::move(clause.node));
  }
  result.depth = deepest + 1;
  if (num_minus == parts.size()) {
    result.node = MakeOne(NodeKind::kNot, MakeList(NodeKind::kOr, std::move(parts)));
    ++result.depth;
  } else if (num_plain == parts.size() && at_least.value_or(0) <= 1) {
    result.node = MakeList(NodeKind::kOr, std::move(parts));
  } else if (num_plain == 0 && num_minus == 0) {
    result.node = MakeList(NodeKind::kAnd, std::move(parts));
  } else {
    const bool plain = num_plain == parts.size();
    result.node = MakeNode(plain ? NodeKind::kOr : NodeKind::kClauses, span);
    for (Node& part : parts) result.node->children.push_back(std::move(part));
    if (!plain) result.node->occurs = std::move(occurs);
  }
  if (at_least) result = ApplyAtLeast(std::move(result), *at_least, span);
  CheckDepth(result);
  return result;
}

Parser::Operand Parser::ApplyAtLeast(Operand operand, uint32_t at_least, Span span) {
  QueryNode& node = *operand.node;
  const bool is_list = node.kind == NodeKind::kOr || node.kind == NodeKind::kClauses;
  size_t optional_clauses = node.children.size();
  if (node.kind == NodeKind::kClauses) {
    optional_clauses =
        static_cast<size_t>(std::count(node.occurs.begin(), node.occurs.end(), Occur::kShould));
  }
  if (!is_list || node.min_should_match > 0 || optional_clauses == 0) {
    notes_.Warning(span, "ignored-suffix",
                   StrCat("@", at_least, " needs a list of words; left out"));
    return operand;
  }
  if (at_least > optional_clauses) {
    notes_.Warning(span, "minimum-too-large",
                   StrCat("@", at_least, " of ", optional_clauses, " is read as all of them"));
    at_least = static_cast<uint32_t>(optional_clauses);
  }
  const bool says_nothing = node.kind == NodeKind::kOr && at_least <= 1;
  node.min_should_match = says_nothing ? 0 : at_least;
  return operand;
}

}  // namespace ibid
