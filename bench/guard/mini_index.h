// The small index that the guard asks: generated, the same on every machine.
//
//   ASSIGN_OR_RETURN(auto reader, MakeMiniIndex(AnalyzerKind::kAlnum, env.get(), "mini"));
#ifndef IBID_BENCH_GUARD_MINI_INDEX_H_
#define IBID_BENCH_GUARD_MINI_INDEX_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "ibid/env.h"
#include "ibid/index_options.h"
#include "ibid/index_reader.h"

namespace ibid::bench {

inline constexpr uint64_t kMiniSeed = 3;
inline constexpr uint32_t kMiniDocs = 12000;  // so many that lists have blocks to leave out
inline constexpr uint32_t kMiniMeanWords = 80;

// Text of the generator's default model (corpus/README.md), without stems (kAlnum) or with
// (kStandard), two segments, the second of a twelfth of the documents. Nothing must be at
// `directory`, and `env` must outlive the reader.
absl::StatusOr<std::shared_ptr<const IndexReader>> MakeMiniIndex(AnalyzerKind analyzer, Env* env,
                                                                 const std::string& directory);

}  // namespace ibid::bench

#endif  // IBID_BENCH_GUARD_MINI_INDEX_H_
