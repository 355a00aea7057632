// From the ordinals of values in several dictionaries to those in the one they are merged into.
//
//   OrdinalMaps maps(env, temporary_path, num_inputs, memory_bytes);
//   RETURN_IF_ERROR(maps.Add(input, old_ordinal, new_ordinal));  // old ones of an input increase
//   RETURN_IF_ERROR(maps.Finish());
//   ASSIGN_OR_RETURN(const uint32_t ordinal, maps.Find(input, old_ordinal));
//
// Four bytes an ordinal, in memory up to the bound, else in a temporary file that is mapped. What
// stays in memory beside the bound: 64 bytes an input, and a quarter of a byte an ordinal at most,
// mostly a thousandth. Not thread-safe.
#ifndef IBID_INDEXER_ORDINAL_MAPS_H_
#define IBID_INDEXER_ORDINAL_MAPS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ibid/env.h"
#include "indexer/spilled_bytes.h"

namespace ibid {

class OrdinalMaps {
 public:
  OrdinalMaps(Env* env, std::string temporary, size_t num_inputs, size_t memory_bytes);

  // Ordinals that are left out have no new one. `new_ordinal` is less than UINT32_MAX.
  absl::Status Add(uint32_t input, uint32_t old_ordinal, uint32_t new_ordinal);
  absl::Status Finish();  // once, behind the last Add
  // DataLoss for an ordinal without a new one.
  absl::StatusOr<uint32_t> Find(uint32_t input, uint32_t old_ordinal) const;

 private:
  // The new ordinals of an input, cut into pieces that lie among those of other inputs.
  struct Input {
    std::vector<uint32_t> pieces;   // where each lies, counted in pieces
    std::vector<uint32_t> pending;  // of the piece that is not full yet
  };

  absl::Status Push(Input* input, uint32_t number);
  absl::Status WritePiece(Input* input);

  size_t piece_;  // numbers in a piece, a power of two
  std::vector<Input> inputs_;
  uint32_t num_pieces_ = 0;
  SpilledBytes bytes_;
};

}  // namespace ibid

#endif  // IBID_INDEXER_ORDINAL_MAPS_H_
