#include "searcher/topk/phrase_pairs.h"

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"

namespace ibid {
namespace {

using TermPtr = std::shared_ptr<const BoundTerm>;

// What the phrase has at one of its places, and the lists of what begins there.
struct Place {
  const IntervalNode* word = nullptr;
  const TermInfo* info = nullptr;  // null: not one surface form, or not in the segment
  bool covered = false;            // there is a list of it and the next, or it would be empty
  std::optional<TermInfo> pair;
  std::optional<TermInfo> triple;  // of it and the next two

  const std::string& form() const { return word->term->form; }
};

std::vector<Place> PlacesOf(const IntervalNode& phrase, size_t segment_index) {
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
  return places;
}

absl::Status FindPairs(const SegmentReader& segment, std::vector<Place>* places) {
  const PairCoverage& coverage = segment.pair_coverage();
  for (size_t i = 0; i + 1 < places->size(); ++i) {
    Place &place = (*places)[i], &next = (*places)[i + 1];
    if (place.info == nullptr || next.info == nullptr) continue;
    place.covered = coverage.Covers(*place.info, *next.info);
    if (!place.covered) continue;
    ASSIGN_OR_RETURN(place.pair, segment.FindPair(place.form(), next.form()));
  }
  return absl::OkStatus();
}

absl::Status FindTriples(const SegmentReader& segment, std::vector<Place>* places) {
  for (size_t i = 0; i + 2 < places->size(); ++i) {
    Place &place = (*places)[i], &next = (*places)[i + 1], &last = (*places)[i + 2];
    if (!place.covered || !next.covered ||
        !segment.pair_coverage().MayHaveTriple(*place.info, *next.info, *last.info)) {
      continue;
    }
    ASSIGN_OR_RETURN(place.triple, segment.FindTriple(place.form(), next.form(), last.form()));
  }
  return absl::OkStatus();
}

// A list of the phrase of the `places`, as a term.
TermPtr ListTerm(std::span<const Place> places, const TermInfo& list, size_t segment_index) {
  auto term = std::make_shared<BoundTerm>();
  for (const Place& place : places) {
    if (!term->label.empty()) term->label += ' ';
    term->label += place.form();
  }
  term->doc_freq = list.doc_freq;
  term->segments.resize(segment_index + 1);
  term->segments[segment_index].scoring = {list};
  term->segments[segment_index].surface = {list};
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
  std::vector<Place> places = PlacesOf(*node.intervals, segment_index);
  RETURN_IF_ERROR(FindPairs(segment, &places));
  bool any = false;
  for (const Place& place : places) {
    if (place.covered && !place.pair.has_value()) return Like(node, BoundNode::Kind::kNone);
    any = any || place.covered;
  }
  if (!any) return nullptr;
  RETURN_IF_ERROR(FindTriples(segment, &places));
  const std::optional<TermInfo>* whole = nullptr;  // the list of the whole phrase
  if (places.size() == 2) whole = &places[0].pair;
  if (places.size() == 3) whole = &places[0].triple;
  if (whole != nullptr && whole->has_value()) {
    auto word = Like(node, BoundNode::Kind::kTerm);
    word->term = ListTerm(places, **whole, segment_index);
    return word;
  }
  auto phrase = Like(node, BoundNode::Kind::kIntervals);
  phrase->intervals = std::make_unique<IntervalNode>();
  phrase->intervals->kind = IntervalNode::Kind::kPhrase;
  for (size_t i = 0; i < places.size(); ++i) {
    const std::span<const Place> rest = std::span(places).subspan(i);
    std::vector<TermPtr>& companions = phrase->intervals->companions;
    if (rest[0].triple.has_value()) {
      companions.push_back(ListTerm(rest.first(3), *rest[0].triple, segment_index));
    } else if (rest[0].covered && (i == 0 || !places[i - 1].triple.has_value())) {
      companions.push_back(ListTerm(rest.first(2), *rest[0].pair, segment_index));
    }
    const bool is_word = rest[0].word->kind == IntervalNode::Kind::kTerm;
    phrase->intervals->children.push_back(
        Leaf(rest[0].word->kind, is_word ? rest[0].word->term : nullptr));
  }
  return phrase;
}

}  // namespace ibid
