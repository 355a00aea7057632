#include "searcher/match/matcher_memory.h"

#include <algorithm>

namespace ibid {
namespace {

// A cursor with its decoded block of documents and frequencies, its views of skip data and
// positions: measured as the growth of the resident set by a million of them.
constexpr size_t kCursorBytes = 2048;
// A matcher or an interval source with its lists for one document.
constexpr size_t kMatcherBytes = 512;

size_t BytesOf(const IntervalNode& node, size_t segment) {
  size_t bytes = kMatcherBytes;
  if (node.term != nullptr) bytes += node.term->segments[segment].surface.size() * kCursorBytes;
  for (const auto& child : node.children) bytes += BytesOf(*child, segment);
  return bytes;
}

size_t BytesOf(const BoundNode& node, size_t segment) {
  size_t bytes = kMatcherBytes;
  if (node.term != nullptr) bytes += node.term->segments[segment].scoring.size() * kCursorBytes;
  if (node.intervals != nullptr) bytes += BytesOf(*node.intervals, segment);
  for (const auto& child : node.children) bytes += BytesOf(*child, segment);
  return bytes;
}

}  // namespace

size_t MatcherMemory(const BoundNode& root, size_t num_segments) {
  size_t most = 0;
  for (size_t i = 0; i < num_segments; ++i) most = std::max(most, BytesOf(root, i));
  return most;
}

}  // namespace ibid
