#include "indexer/ordinal_maps.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "common/base/release.h"
#include "common/base/status_macros.h"

namespace ibid {
namespace {

constexpr uint32_t kNone = UINT32_MAX;
constexpr size_t kMinPiece = 16;
constexpr size_t kMaxPiece = 4096;

// So that the pieces that are not full yet take half the memory at most.
size_t PieceSize(size_t num_inputs, size_t memory_bytes) {
  const size_t fits = memory_bytes / 2 / sizeof(uint32_t) / std::max<size_t>(num_inputs, 1);
  return std::bit_floor(std::clamp(fits, kMinPiece, kMaxPiece));
}

}  // namespace

OrdinalMaps::OrdinalMaps(Env* env, std::string temporary, size_t num_inputs, size_t memory_bytes)
    : piece_(PieceSize(num_inputs, memory_bytes)),
      inputs_(num_inputs),
      bytes_(env, std::move(temporary), memory_bytes / 2) {}

absl::Status OrdinalMaps::Add(uint32_t input, uint32_t old_ordinal, uint32_t new_ordinal) {
  Input& to = inputs_[input];
  while (to.pieces.size() * piece_ + to.pending.size() < old_ordinal) {
    RETURN_IF_ERROR(Push(&to, kNone));
  }
  return Push(&to, new_ordinal);
}

absl::Status OrdinalMaps::Push(Input* input, uint32_t number) {
  input->pending.push_back(number);
  return input->pending.size() < piece_ ? absl::OkStatus() : WritePiece(input);
}

absl::Status OrdinalMaps::WritePiece(Input* input) {
  input->pending.resize(piece_, kNone);
  input->pieces.push_back(num_pieces_++);
  RETURN_IF_ERROR(bytes_.Append(
      {reinterpret_cast<const char*>(input->pending.data()), piece_ * sizeof(uint32_t)}));
  input->pending.clear();
  return absl::OkStatus();
}

absl::Status OrdinalMaps::Finish() {
  for (Input& input : inputs_) {
    if (!input.pending.empty()) RETURN_IF_ERROR(WritePiece(&input));
    Release(&input.pending);
  }
  return bytes_.Finish();
}

absl::StatusOr<uint32_t> OrdinalMaps::Find(uint32_t input, uint32_t old_ordinal) const {
  const std::vector<uint32_t>& pieces = inputs_[input].pieces;
  uint32_t found = kNone;
  if (old_ordinal / piece_ < pieces.size()) {
    const uint64_t at = uint64_t{pieces[old_ordinal / piece_]} * piece_ + old_ordinal % piece_;
    std::memcpy(&found, bytes_.view().data() + at * sizeof(found), sizeof(found));
  }
  if (found == kNone) return absl::DataLossError("a value of a column is not in its dictionary");
  return found;
}

}  // namespace ibid
