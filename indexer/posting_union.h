// The postings of several terms as those of one: frequencies of the same document add up.
//
//   PostingUnion sum;
//   sum.Add(list_of_one_form);
//   sum.Add(list_of_another);
//   for (const DocFreq& posting : sum.Take()) ...
//
// Lists are merged two by two like the digits of a binary counter, so that n postings in k lists
// cost n log k steps. Not thread-safe.
#ifndef IBID_INDEXER_POSTING_UNION_H_
#define IBID_INDEXER_POSTING_UNION_H_

#include <cstdint>
#include <vector>

#include "ibid/types.h"

namespace ibid {

struct DocFreq {
  DocId doc = 0;
  uint32_t freq = 0;

  bool operator==(const DocFreq&) const = default;
};

class PostingUnion {
 public:
  // Documents strictly increase within a list.
  void Add(std::vector<DocFreq> list);
  // Everything added, by document; leaves nothing.
  std::vector<DocFreq> Take();

 private:
  struct Level {
    std::vector<DocFreq> list;
    uint32_t num_lists = 1;
  };
  void MergeLastTwo();

  std::vector<Level> levels_;
};

}  // namespace ibid

#endif  // IBID_INDEXER_POSTING_UNION_H_
