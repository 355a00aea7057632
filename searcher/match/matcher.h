// Walks the documents of one segment that match a bound query, in increasing order, and scores
// them.
//
//   std::unique_ptr<Matcher> m = MakeMatcher(node, &context);
//   for (DocId d = m->doc(); d != kNoMoreDocs; d = m->NextGeq(d + 1)) {
//     if (m->Matches()) Use(d, m->Score());
//   }
//   RETURN_IF_ERROR(context.status);
//
// A matcher moves over candidates, which its cheap parts let through; Matches() decides, reading
// positions or columns where it must. Not thread-safe; valid while the bound query, the segment and
// the context live.
#ifndef IBID_SEARCHER_MATCH_MATCHER_H_
#define IBID_SEARCHER_MATCH_MATCHER_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/format/impacts.h"
#include "common/format/segment_reader.h"
#include "ibid/searcher.h"
#include "searcher/match/bound_query.h"
#include "searcher/match/intervals.h"

namespace ibid {

// Lists that an evaluation walks itself: it stands on a document that is in each of them, and gives
// their positions there.
class ProvidedLists {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  virtual ~ProvidedLists() = default;
  // The number of a list; kNone for any other.
  virtual uint32_t Find(const TermInfo& info) const = 0;
  // Valid until the evaluation moves on.
  virtual const std::vector<Position>& Positions(uint32_t list) = 0;
};

// What the matchers of one segment share.
struct MatchContext {
  const SegmentReader* segment = nullptr;
  size_t segment_index = 0;              // into BoundTerm::segments
  const LengthTable* lengths = nullptr;  // of the snapshot's average length
  uint64_t max_interval_steps = 0;
  // Matchers made with this set are asked only about documents that its lists hold.
  ProvidedLists* provided = nullptr;
  SearchWork* work = nullptr;  // what matchers decode is added when they go; null: not counted
  // Looks at the clock and at the caller's flag: an error where the search is to end. May be empty.
  std::function<absl::Status()> check_time;
  uint64_t steps_until_check = kStepsPerCheck;
  // The first error; from then on every cursor is at its end.
  absl::Status status;

  // Of work that candidates differ in by much: each kStepsPerCheck steps the time is looked at.
  static constexpr uint64_t kStepsPerCheck = uint64_t{1} << 18;
  void CountSteps(uint64_t steps) {
    if (steps < steps_until_check) {
      steps_until_check -= steps;
      return;
    }
    steps_until_check = kStepsPerCheck;
    if (check_time) Fail(check_time());
  }

  void Fail(const absl::Status& error) {
    if (status.ok()) status = error;
  }
  // K of the document's length (impacts.h). An unreadable norm fails the search.
  float LengthOf(DocId doc);
};

inline void AddWork(const PostingsCursor::Work& done, SearchWork* work) {
  work->doc_blocks += done.doc_blocks;
  work->freq_blocks += done.freq_blocks;
  work->position_blocks += done.position_blocks;
  work->positions += done.positions;
  work->bytes_decoded += done.bytes;
}

class Matcher {
 public:
  virtual ~Matcher() = default;

  // The present candidate; a new matcher stands on its first one.
  DocId doc() const { return doc_; }
  // To the first candidate >= target; stays where it is if that is >= target already.
  virtual DocId NextGeq(DocId target) = 0;
  // Whether doc() is a match. May be asked again; the work is done once.
  virtual bool Matches() { return true; }
  // Of doc(), which matches.
  virtual float Score() = 0;
  // About how many candidates there are, for choosing who leads.
  virtual uint64_t cost() const = 0;
  // Appends the positions that made doc() match: words' places, whole intervals.
  virtual void AppendMatches(IntervalList* matches) { (void)matches; }
  // How Score() came about.
  virtual Explanation Explain() = 0;

 protected:
  DocId doc_ = kNoMoreDocs;
};

// Never null. Errors go to context->status.
std::unique_ptr<Matcher> MakeMatcher(const BoundNode& node, MatchContext* context);

}  // namespace ibid

#endif  // IBID_SEARCHER_MATCH_MATCHER_H_
