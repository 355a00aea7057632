#include "searcher/topk/phrase_pairs.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"

namespace ibid {
namespace {

using TermPtr = std::shared_ptr<const BoundTerm>;

// What the phrase has at one of its places, and the pair that begins there.
struct Place {
  const IntervalNode* word = nullptr;
  const TermInfo* info = nullptr;  // null: not one surface form, or not in the segment
  bool covered = false;            // there is a pair, or would be
  bool with_positions = false;
  std::optional<TermInfo> pair;
};

absl::StatusOr<std::vector<Place>> FindPairs(const IntervalNode& phrase,
                                             const SegmentReader& segment, size_t segment_index) {
  std::vector<Place> places;
  for (const auto& child : phrase.children) {
    Place place;
    place.word = child.get();
    if (child->kind == IntervalNode::Kind::kTerm && !child->term->form.empty()) {
      const std::vector<TermInfo>& lists = child->term->segments[segment_index].scoring;
      if (lists.size() == 1) place.info = &lists[0];
    }
    places.push_back(place);
  }
  const PairCoverage& coverage = segment.pair_coverage();
  for (size_t i = 0; i + 1 < places.size(); ++i) {
    const TermInfo *first = places[i].info, *second = places[i + 1].info;
    if (first == nullptr || second == nullptr || !coverage.Covers(*first, *second)) continue;
    places[i].covered = true;
    places[i].with_positions = coverage.HasPositions(*first, *second);
    ASSIGN_OR_RETURN(places[i].pair,
                     segment.FindPair(places[i].word->term->form, places[i + 1].word->term->form));
  }
  return places;
}

TermPtr PairTerm(const Place& place, const Place& next, size_t segment_index) {
  auto term = std::make_shared<BoundTerm>();
  term->label = place.word->term->form + ' ' + next.word->term->form;
  term->doc_freq = place.pair->doc_freq;
  term->segments.resize(segment_index + 1);
  term->segments[segment_index].scoring = {*place.pair};
  term->segments[segment_index].surface = {*place.pair};
  return term;
}

std::unique_ptr<IntervalNode> Leaf(IntervalNode::Kind kind, TermPtr term) {
  auto node = std::make_unique<IntervalNode>();
  node->kind = kind;
  node->term = std::move(term);
  return node;
}

std::unique_ptr<BoundNode> Like(const BoundNode& node, BoundNode::Kind kind) {
  auto made = std::make_unique<BoundNode>();
  made->kind = kind;
  made->label = node.label;
  made->use_kernel = node.use_kernel;
  made->idf_sum = node.idf_sum;
  made->boost = node.boost;
  made->weight = node.weight;
  return made;
}

}  // namespace

absl::StatusOr<std::unique_ptr<BoundNode>> RewriteWithPairs(const BoundNode& node,
                                                            const SegmentReader& segment,
                                                            size_t segment_index) {
  if (segment.pair_coverage().min_doc_freq == 0) return nullptr;
  ASSIGN_OR_RETURN(const std::vector<Place> places,
                   FindPairs(*node.intervals, segment, segment_index));
  bool any = false;
  for (const Place& place : places) {
    if (!place.covered) continue;
    if (!place.pair.has_value()) return Like(node, BoundNode::Kind::kNone);
    any = true;
  }
  if (!any) return nullptr;
  if (places.size() == 2) {
    auto word = Like(node, BoundNode::Kind::kTerm);
    word->term = PairTerm(places[0], places[1], segment_index);
    return word;
  }
  // A place is left out where the pair before it has said that its word is there.
  auto phrase = Like(node, BoundNode::Kind::kIntervals);
  phrase->intervals = std::make_unique<IntervalNode>();
  phrase->intervals->kind = IntervalNode::Kind::kPhrase;
  for (size_t i = 0; i < places.size(); ++i) {
    const Place& place = places[i];
    const bool known = i > 0 && places[i - 1].covered && places[i - 1].with_positions;
    if (place.covered) {
      TermPtr pair = PairTerm(place, places[i + 1], segment_index);
      if (place.with_positions) {
        phrase->intervals->children.push_back(Leaf(IntervalNode::Kind::kTerm, std::move(pair)));
        continue;
      }
      phrase->intervals->companions.push_back(std::move(pair));
    }
    const bool is_word = !known && place.word->kind == IntervalNode::Kind::kTerm;
    phrase->intervals->children.push_back(
        is_word ? Leaf(IntervalNode::Kind::kTerm, place.word->term)
                : Leaf(known ? IntervalNode::Kind::kCovered : place.word->kind, nullptr));
  }
  return phrase;
}

}  // namespace ibid
