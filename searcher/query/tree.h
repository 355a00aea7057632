// Building query trees in normal form.
//
// Normal form: a list of one is that one; a list whose first child is a list of the same kind is
// one list (floating-point sums from left to right stay the same); lists of kBestOf and kSyn hold
// none of their own kind. Boosts are never nested.
#ifndef IBID_SEARCHER_QUERY_TREE_H_
#define IBID_SEARCHER_QUERY_TREE_H_

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "searcher/query/ast.h"
#include "searcher/query/notes.h"

namespace ibid {

using Node = std::unique_ptr<QueryNode>;

Node MakeNode(NodeKind kind, Span span);
Node MakeText(NodeKind kind, std::string text, Span span);
Node MakeWord(std::string text, bool literal, Span span);
Node MakeOne(NodeKind kind, Node child);  // kNot, kRegion, kBoost ...: spans the child

// A list of one or more parts. For kOr, kAnd, kXor, kAndNot, kFilter, kMaybe, kBestOf, kSyn.
Node MakeList(NodeKind kind, std::vector<Node> parts);

Node CopyWithoutChildren(const QueryNode& node);
Node Clone(const QueryNode& node);

// Leaves and phrases; what max_clauses counts.
size_t CountClauses(const QueryNode& node);
// 1 for a leaf.
size_t Depth(const QueryNode& node);

// Kinds that can be operands of NEAR as they stand: words, phrases, NEARs, restrictions, SYN.
bool IsPositionalKind(NodeKind kind);

// What ToPositional had to change or could not keep.
struct PositionalRepairs {
  bool joined_and = false;     // an AND became "anywhere in the document"
  bool dropped_boost = false;  // a boost inside has no effect
  bool dropped_minimum = false;
  bool merged_best_of = false;  // `|` became OR
  size_t widest_and = 0;        // operands of the widest such AND
};

struct Positional {
  Node node;  // null: cannot be matched by position
  PositionalRepairs repairs;
};

// A copy of `node` that can be an operand of NEAR or SYN.
Positional ToPositional(const QueryNode& node);

// A copy of `node` whose words, phrases and NEARs each lie inside one of `regions`. A leaf that is
// already restricted to a title or text keeps that; columns and ranges stay as they are.
Node RestrictTo(const QueryNode& node, const std::vector<RegionKind>& regions);

}  // namespace ibid

#endif  // IBID_SEARCHER_QUERY_TREE_H_
