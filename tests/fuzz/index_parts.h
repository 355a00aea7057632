// An index taken apart, changed, and put together again under right checksums.
//
//   IndexParts parts = TakeApart(env, "index");
//   parts.segments[0][SectionId::kNorms][3] = 7;
//   Seal(parts, other_env, "index");   // sizes and checksums follow
#ifndef IBID_TESTS_FUZZ_INDEX_PARTS_H_
#define IBID_TESTS_FUZZ_INDEX_PARTS_H_

#include <map>
#include <string>
#include <vector>

#include "common/format/manifest.h"
#include "common/format/segment_file.h"
#include "ibid/env.h"
#include "tests/fuzz/fuzz_target.h"

namespace ibid {

struct IndexParts {
  Manifest manifest;
  // Of each segment of the manifest; the second without its checksum, empty where none is deleted.
  std::vector<std::map<SectionId, std::string>> segments;
  std::vector<std::string> live_docs;
};

// Of a sound index. Ends the process where it is not.
IndexParts TakeApart(Env* env, const std::string& directory);

// Writes all files; `directory` must hold no index.
void Seal(IndexParts parts, Env* env, const std::string& directory);

// One change, read from `input`: bytes of a section, of live docs, or a number of the manifest.
void ChangeParts(FuzzInput* input, IndexParts* parts);

}  // namespace ibid

#endif  // IBID_TESTS_FUZZ_INDEX_PARTS_H_
