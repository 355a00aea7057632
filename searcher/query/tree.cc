#include "searcher/query/tree.h"

#include <algorithm>

namespace ibid {
namespace {

bool IsPlainList(const QueryNode& node, NodeKind kind) {
  return node.kind == kind && node.min_should_match == 0;
}

bool IsFullyAssociative(NodeKind kind) {
  return kind == NodeKind::kBestOf || kind == NodeKind::kSyn;
}

void AppendPart(QueryNode& list, Node part) {
  list.byte_end = std::max(list.byte_end, part->byte_end);
  if (!IsFullyAssociative(list.kind) || part->kind != list.kind) {
    list.children.push_back(std::move(part));
    return;
  }
  for (auto& child : part->children) list.children.push_back(std::move(child));
}

}  // namespace

Node MakeNode(NodeKind kind, Span span) {
  auto node = std::make_unique<QueryNode>();
  node->kind = kind;
  node->byte_begin = span.begin;
  node->byte_end = span.end;
  return node;
}

Node MakeText(NodeKind kind, std::string text, Span span) {
  Node node = MakeNode(kind, span);
  node->text = std::move(text);
  return node;
}

Node MakeWord(std::string text, bool literal, Span span) {
  Node node = MakeText(NodeKind::kWord, std::move(text), span);
  node->literal = literal;
  return node;
}

Node MakeOne(NodeKind kind, Node child) {
  Node node = MakeNode(kind, {child->byte_begin, child->byte_end});
  node->children.push_back(std::move(child));
  return node;
}

Node MakeList(NodeKind kind, std::vector<Node> parts) {
  if (parts.size() == 1) return std::move(parts.front());
  Node list;
  if (IsPlainList(*parts.front(), kind)) {
    list = std::move(parts.front());
  } else {
    list = MakeOne(kind, std::move(parts.front()));
  }
  for (size_t i = 1; i < parts.size(); ++i) AppendPart(*list, std::move(parts[i]));
  return list;
}

Node CopyWithoutChildren(const QueryNode& node) {
  Node copy = MakeNode(node.kind, {node.byte_begin, node.byte_end});
  copy->text = node.text;
  copy->literal = node.literal;
  copy->stemmed = node.stemmed;
  copy->pattern = node.pattern;
  copy->slop = node.slop;
  copy->max_edits = node.max_edits;
  copy->ordered = node.ordered;
  copy->distance = node.distance;
  copy->region = node.region;
  copy->field = node.field;
  copy->lower = node.lower;
  copy->upper = node.upper;
  copy->number = node.number;
  copy->constant = node.constant;
  copy->occurs = node.occurs;
  copy->min_should_match = node.min_should_match;
  return copy;
}

Node Clone(const QueryNode& node) {
  Node copy = CopyWithoutChildren(node);
  for (const auto& child : node.children) copy->children.push_back(Clone(*child));
  return copy;
}

size_t CountClauses(const QueryNode& node) {
  if (node.children.empty() || node.kind == NodeKind::kPhrase) return 1;
  size_t count = 0;
  for (const auto& child : node.children) count += CountClauses(*child);
  return count;
}

size_t Depth(const QueryNode& node) {
  size_t deepest = 0;
  for (const auto& child : node.children) deepest = std::max(deepest, Depth(*child));
  return deepest + 1;
}

}  // namespace ibid
