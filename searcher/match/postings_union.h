// Several postings lists walked as one: the documents of any, their frequencies added up.
//
//   PostingsUnion u(context, bound_term.segments[i].scoring);
//   for (DocId d = u.doc(); d != kNoMoreDocs; d = u.NextGeq(d + 1)) Use(d, u.freq());
//
// One list costs nothing extra. Not thread-safe.
#ifndef IBID_SEARCHER_MATCH_POSTINGS_UNION_H_
#define IBID_SEARCHER_MATCH_POSTINGS_UNION_H_

#include <cstdint>
#include <span>
#include <vector>

#include "common/format/postings_cursor.h"
#include "common/format/term_info.h"
#include "searcher/match/matcher.h"

namespace ibid {

class PostingsUnion {
 public:
  PostingsUnion(MatchContext* context, std::span<const TermInfo> terms);
  ~PostingsUnion();  // adds what was decoded to context->work
  PostingsUnion(const PostingsUnion&) = delete;
  PostingsUnion& operator=(const PostingsUnion&) = delete;

  DocId doc() const { return doc_; }
  DocId NextGeq(DocId target);
  uint64_t freq();  // of doc(): the members' sum
  // Appends the positions of doc() in all members, in increasing order.
  void AppendPositions(std::vector<Position>* positions);
  uint64_t cost() const { return cost_; }

 private:
  // Smaller documents are nearer the top of the heap.
  bool HeapLater(uint32_t a, uint32_t b) const { return cursors_[a].doc() > cursors_[b].doc(); }
  void Settle();

  MatchContext* context_;
  std::vector<PostingsCursor> cursors_;
  std::vector<uint32_t> heap_;  // numbers of cursors; empty where there is one list
  uint64_t cost_ = 0;
  DocId doc_ = kNoMoreDocs;
};

}  // namespace ibid

#endif  // IBID_SEARCHER_MATCH_POSTINGS_UNION_H_
