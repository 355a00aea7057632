#include "searcher/topk/segment_ranking.h"

namespace ibid {

void AddWork(const PostingsCursor::Work& done, SearchWork* work) {
  work->doc_blocks += done.doc_blocks;
  work->freq_blocks += done.freq_blocks;
  work->position_blocks += done.position_blocks;
  work->positions += done.positions;
}

}  // namespace ibid
