#include "searcher/query/ast.h"

namespace ibid {
namespace {

bool SameBound(const std::optional<Bound>& a, const std::optional<Bound>& b) { return a == b; }

bool SameButChildren(const QueryNode& a, const QueryNode& b) {
  return a.kind == b.kind && a.text == b.text && a.literal == b.literal && a.stemmed == b.stemmed &&
         a.pattern == b.pattern && a.slop == b.slop && a.max_edits == b.max_edits &&
         a.ordered == b.ordered && a.distance == b.distance && a.region == b.region &&
         a.field == b.field && SameBound(a.lower, b.lower) && SameBound(a.upper, b.upper) &&
         a.number == b.number && a.constant == b.constant && a.occurs == b.occurs &&
         a.min_should_match == b.min_should_match;
}

}  // namespace

bool SameQuery(const QueryNode& a, const QueryNode& b) {
  if (!SameButChildren(a, b) || a.children.size() != b.children.size()) return false;
  for (size_t i = 0; i < a.children.size(); ++i) {
    if (!SameQuery(*a.children[i], *b.children[i])) return false;
  }
  return true;
}

bool Query::operator==(const Query& other) const {
  if (root_ == nullptr || other.root_ == nullptr) return root_ == other.root_;
  return SameQuery(*root_, *other.root_);
}

}  // namespace ibid
