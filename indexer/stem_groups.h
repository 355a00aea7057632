// Which surface forms share a stem, gathered while a dictionary of terms is written.
//
//   StemGroups groups(&analyzer, {.env = env, .path = "dir/seg_0000000007.ibid"});
//   RETURN_IF_ERROR(groups.Add("rebel"));      // every term of the dictionary, in its order
//   RETURN_IF_ERROR(groups.Add("rebels"));
//   RETURN_IF_ERROR(groups.ForEach([&](std::string_view stem, std::span<const uint32_t> forms) {
//     ...                                      // "rebel", {0, 1}; stems in byte order
//   }));
//
// A stem whose only form is spelled like the stem is no group: it needs no record. Of many terms,
// the list of them and sorted runs of those that differ from their stem lie in temporary files.
// Not thread-safe.
#ifndef IBID_INDEXER_STEM_GROUPS_H_
#define IBID_INDEXER_STEM_GROUPS_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/format/byte_scanner.h"
#include "common/text/analyzer.h"
#include "ibid/env.h"
#include "indexer/spilled_bytes.h"

namespace ibid {

struct StemGroupsOptions {
  Env* env = nullptr;
  std::string path;  // of the segment: temporary files have names that begin with it
  // Of each of: the list of terms, the runs, the run in the making.
  size_t memory_bytes = size_t{2} << 20;
};

class StemGroups {
 public:
  // `analyzer` must outlive this object.
  StemGroups(Analyzer* analyzer, StemGroupsOptions options);

  // Terms strictly increase; their ordinals count them from 0.
  absl::Status Add(std::string_view term);

  using Visitor =
      std::function<absl::Status(std::string_view stem, std::span<const uint32_t> forms)>;
  // Once. Stops at the first error.
  absl::Status ForEach(const Visitor& visit);

 private:
  class Runs;
  struct Form {
    uint32_t begin;  // of the stem in stems_
    uint32_t stem_length;
    uint32_t ordinal;
  };
  std::string_view StemOf(const Form& form) const {
    return std::string_view(stems_).substr(form.begin, form.stem_length);
  }
  absl::Status EndRun();

  Analyzer* analyzer_;
  size_t memory_bytes_;
  SpilledBytes terms_;
  std::string last_term_;
  uint32_t num_terms_ = 0;
  // The run in the making: terms that differ from their stem.
  std::string stems_;
  std::vector<Form> forms_;
  SpilledBytes runs_;
  std::vector<uint64_t> run_ends_;
};

}  // namespace ibid

#endif  // IBID_INDEXER_STEM_GROUPS_H_
