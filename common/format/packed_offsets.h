// An increasing sequence of offsets, each readable in O(1): groups of 64, packed relative to the
// first of their group.
#ifndef IBID_COMMON_FORMAT_PACKED_OFFSETS_H_
#define IBID_COMMON_FORMAT_PACKED_OFFSETS_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "common/format/segment_file.h"

namespace ibid {

inline constexpr uint32_t kOffsetsGroup = 64;
// Of one group in the directory: base u64, where its numbers begin u64 (from the sequence's
// start), of which the top byte is their width.
inline constexpr uint64_t kOffsetsDirectoryBytes = 16;

// Not thread-safe. Holds the packed form, and one group.
class PackedOffsetsWriter {
 public:
  void Add(uint64_t offset);  // not smaller than the one before
  // Groups, then the directory. May be called once.
  std::string Finish();

 private:
  void FlushGroup();

  uint64_t group_[kOffsetsGroup];
  uint32_t size_ = 0;
  std::string groups_;
  std::string directory_;
};

// Thread-safe.
class PackedOffsetsReader {
 public:
  PackedOffsetsReader() = default;
  // `bytes` is the size of what Finish returned. DataLoss where it is too small for `count`.
  static absl::StatusOr<PackedOffsetsReader> Open(Section section, uint64_t offset, uint64_t bytes,
                                                  uint64_t count);

  absl::StatusOr<uint64_t> Get(uint64_t index) const;
  // Get(index) and Get(index + 1), the first not above the second (DataLoss otherwise).
  absl::StatusOr<std::pair<uint64_t, uint64_t>> GetRange(uint64_t index) const;
  uint64_t count() const { return count_; }

 private:
  Section section_;
  uint64_t offset_ = 0;
  uint64_t directory_offset_ = 0;
  uint64_t count_ = 0;
};

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_PACKED_OFFSETS_H_
