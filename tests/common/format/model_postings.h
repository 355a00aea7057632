// Postings as plain vectors, random ones of every kind, and what the engine wrote of them.
#ifndef IBID_TESTS_COMMON_FORMAT_MODEL_POSTINGS_H_
#define IBID_TESTS_COMMON_FORMAT_MODEL_POSTINGS_H_

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <random>
#include <vector>

#include "common/format/postings_writer.h"
#include "ibid/types.h"

namespace ibid {

struct ModelPosting {
  DocId doc = 0;
  std::vector<Position> positions;  // of terms without positions only the number counts
};
using ModelPostings = std::vector<ModelPosting>;

struct ModelShape {
  size_t length = 0;     // number of postings
  uint32_t max_gap = 1;  // between documents
  uint32_t max_freq = 1;
  uint32_t max_position_gap = 1;
  unsigned outliers = 0;  // one in so many gaps is much larger; 0: none
};

inline ModelPostings MakeModelPostings(const ModelShape& shape, std::mt19937* random) {
  ModelPostings postings(shape.length);
  int64_t doc = -1;
  for (ModelPosting& posting : postings) {
    const bool outlier = shape.outliers != 0 && (*random)() % shape.outliers == 0;
    doc += 1 + (*random)() % shape.max_gap * (outlier ? 50 : 1);
    posting.doc = static_cast<DocId>(doc);
    const uint32_t freq = 1 + (*random)() % shape.max_freq;
    Position position = 0;
    for (uint32_t i = 0; i < freq; ++i) {
      position += (i > 0 ? 1 : 0) + (*random)() % shape.max_position_gap * (outlier ? 50 : 1);
      posting.positions.push_back(position);
    }
  }
  return postings;
}

// Shapes that reach every code of a block: runs, bitsets, packed blocks with and without
// exceptions, tails; lengths around the block and group sizes.
inline ModelShape RandomModelShape(std::mt19937* random) {
  const auto pick = [&](std::initializer_list<uint32_t> values) {
    return *(values.begin() + (*random)() % values.size());
  };
  ModelShape shape;
  shape.length = pick({1, 2, 3, 4, 5, 20, 100, 127, 128, 129, 255, 256, 300, 1000, 5000, 20000});
  shape.max_gap = pick({1, 2, 3, 4, 8, 20, 100, 1000, 20000});
  if (shape.length > 500)
    shape.max_gap = std::min(shape.max_gap, 100u);  // each document has a norm
  shape.max_freq = pick({1, 1, 2, 5, 60});
  shape.max_position_gap = pick({1, 3, 30, 1000, 100000});
  shape.outliers = pick({0, 0, 7, 50});
  return shape;
}

inline TermInfo WriteModelPostings(const ModelPostings& postings, bool with_positions,
                                   PostingsWriter* writer) {
  // Half of them are coded as lists of pairs are.
  const bool is_small = !postings.empty() && postings[0].doc % 2 == 1;
  writer->BeginTerm(with_positions, is_small ? BlockCoding::kSmall : BlockCoding::kPatched);
  for (const ModelPosting& posting : postings) {
    if (with_positions) {
      writer->Add(posting.doc, posting.positions);
    } else {
      writer->Add(posting.doc, static_cast<uint32_t>(posting.positions.size()));
    }
  }
  return writer->FinishTerm();
}

}  // namespace ibid

#endif  // IBID_TESTS_COMMON_FORMAT_MODEL_POSTINGS_H_
