#include <algorithm>
#include <optional>

#include "searcher/query/tree.h"

namespace ibid {
namespace {

void Merge(PositionalRepairs& into, const PositionalRepairs& from) {
  into.joined_and |= from.joined_and;
  into.dropped_boost |= from.dropped_boost;
  into.dropped_minimum |= from.dropped_minimum;
  into.merged_best_of |= from.merged_best_of;
  into.widest_and = std::max(into.widest_and, from.widest_and);
}

bool IsAnywhere(const QueryNode& node) {
  return node.kind == NodeKind::kNear && !node.distance.max_gap && !node.distance.inside;
}

// The children of `node`, each positional; nothing when one of them cannot be.
std::optional<std::vector<Node>> PositionalChildren(const QueryNode& node,
                                                    PositionalRepairs& repairs) {
  std::vector<Node> parts;
  for (const auto& child : node.children) {
    Positional part = ToPositional(*child);
    if (part.node == nullptr) return std::nullopt;
    Merge(repairs, part.repairs);
    parts.push_back(std::move(part.node));
  }
  return parts;
}

Positional Union(const QueryNode& node) {
  Positional result;
  result.repairs.dropped_minimum = node.min_should_match > 1;
  result.repairs.merged_best_of = node.kind == NodeKind::kBestOf;
  auto parts = PositionalChildren(node, result.repairs);
  if (parts) result.node = MakeList(NodeKind::kOr, *std::move(parts));
  return result;
}

// All operands, anywhere in the document: NEAR without a bound.
Positional Together(const QueryNode& node) {
  Positional result;
  auto parts = PositionalChildren(node, result.repairs);
  if (!parts) return result;
  result.repairs.joined_and = true;
  result.repairs.widest_and = std::max(result.repairs.widest_and, parts->size());
  const bool joins = IsAnywhere(*parts->front());  // as the first AND of a list of ANDs does
  result.node =
      joins ? std::move(parts->front()) : MakeOne(NodeKind::kNear, std::move(parts->front()));
  for (size_t i = 1; i < parts->size(); ++i) {
    result.node->children.push_back(std::move((*parts)[i]));
  }
  result.node->byte_end = node.byte_end;
  return result;
}

bool IsTitleOrText(RegionKind region) {
  return region == RegionKind::kTitle || region == RegionKind::kText;
}

// Does `node`, a kRegion or chain of them, already say what `region` would?
bool HasRestrictionLike(const QueryNode& node, RegionKind region) {
  const QueryNode* inner = &node;
  while (inner->kind == NodeKind::kRegion) {
    if (inner->region == region) return true;
    if (IsTitleOrText(region) && IsTitleOrText(inner->region)) return true;
    inner = inner->children.front().get();
  }
  return false;
}

Node RestrictLeaf(const QueryNode& leaf, const std::vector<RegionKind>& regions) {
  std::vector<Node> parts;
  bool kept = false;
  for (RegionKind region : regions) {
    if (HasRestrictionLike(leaf, region)) {
      if (!kept) parts.push_back(Clone(leaf));
      kept = true;
      continue;
    }
    parts.push_back(MakeOne(NodeKind::kRegion, Clone(leaf)));
    parts.back()->region = region;
  }
  return MakeList(NodeKind::kOr, std::move(parts));
}

}  // namespace

bool IsPositionalKind(NodeKind kind) {
  switch (kind) {
    case NodeKind::kWord:
    case NodeKind::kWildcard:
    case NodeKind::kFuzzy:
    case NodeKind::kPhrase:
    case NodeKind::kNear:
    case NodeKind::kRegion:
    case NodeKind::kSyn:
      return true;
    default:
      return false;
  }
}

Positional ToPositional(const QueryNode& node) {
  if (IsPositionalKind(node.kind)) return {Clone(node), {}};
  switch (node.kind) {
    case NodeKind::kOr:
    case NodeKind::kBestOf:
      return Union(node);
    case NodeKind::kAnd:
      return Together(node);
    case NodeKind::kBoost: {
      Positional inner = ToPositional(*node.children.front());
      inner.repairs.dropped_boost = true;
      return inner;
    }
    default:
      return {};
  }
}

Node RestrictTo(const QueryNode& node, const std::vector<RegionKind>& regions) {
  if (regions.empty()) return Clone(node);
  if (IsPositionalKind(node.kind)) return RestrictLeaf(node, regions);
  switch (node.kind) {
    case NodeKind::kRange:
    case NodeKind::kColumn:
    case NodeKind::kAll:
    case NodeKind::kNone:
    case NodeKind::kAnyWord:
      return Clone(node);
    default:
      break;
  }
  std::vector<Node> parts;
  for (const auto& child : node.children) parts.push_back(RestrictTo(*child, regions));
  const bool counted = node.kind == NodeKind::kClauses || node.min_should_match > 0;
  if (!counted && parts.size() > 1) return MakeList(node.kind, std::move(parts));
  Node copy = CopyWithoutChildren(node);
  for (Node& part : parts) copy->children.push_back(std::move(part));
  return copy;
}

}  // namespace ibid
