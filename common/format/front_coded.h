// A sorted list of strings in little room: blocks of 16, each string as what it adds to the one
// before. Each may carry a second string, mostly equal to the first (a text and its folded form).
//
// The bytes: blocks, the offsets of the blocks and of their end (packed_offsets.h), and as u64 the
// bytes of the blocks.
#ifndef IBID_COMMON_FORMAT_FRONT_CODED_H_
#define IBID_COMMON_FORMAT_FRONT_CODED_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/base/byte_writer.h"
#include "common/format/packed_offsets.h"
#include "common/format/segment_file.h"

namespace ibid {

inline constexpr uint32_t kFrontCodedBlock = 16;

enum class FrontCodedForm { kPlain, kWithOriginal };

// Not thread-safe. Holds one block, and a few bytes for each earlier one.
class FrontCodedWriter {
 public:
  FrontCodedWriter(FrontCodedForm form, SectionBuffer* out)
      : form_(form), out_(out), begin_(out->size()) {}
  // Strings never decrease. `original` only with kWithOriginal.
  void Add(std::string_view string, std::string_view original = {});
  uint64_t Finish();  // bytes written
  uint32_t num_strings() const { return num_strings_; }

 private:
  FrontCodedForm form_;
  SectionBuffer* out_;
  uint64_t begin_;
  uint32_t num_strings_ = 0;
  std::string last_;
  ByteWriter block_;
  PackedOffsetsWriter offsets_;
};

// Safe to share by threads.
class FrontCodedReader {
 public:
  struct Entry {
    std::string string;
    std::string original;
  };
  struct Place {
    uint32_t ordinal = 0;
    bool equal = false;  // the string there is the one sought
  };

  FrontCodedReader() = default;
  static absl::StatusOr<FrontCodedReader> Open(FrontCodedForm form, Section section,
                                               uint64_t offset, uint64_t bytes,
                                               uint32_t num_strings);

  absl::StatusOr<Entry> Get(uint32_t ordinal) const;
  // The first string >= `string`, or > it with `after_equal`; num_strings where there is none.
  absl::StatusOr<Place> Find(std::string_view string, bool after_equal) const;

 private:
  friend class FrontCodedCursor;
  class Scan;
  absl::StatusOr<Scan> Enter(uint32_t block) const;

  FrontCodedForm form_ = FrontCodedForm::kPlain;
  Section section_;
  uint64_t offset_ = 0;
  uint64_t blocks_bytes_ = 0;
  uint32_t num_strings_ = 0;
  PackedOffsetsReader offsets_;
};

// All strings from front to back, each decoded once. Not thread-safe; the reader must outlive it.
class FrontCodedCursor {
 public:
  explicit FrontCodedCursor(const FrontCodedReader* reader);
  FrontCodedCursor(FrontCodedCursor&&) noexcept;
  ~FrontCodedCursor();

  // To the first string, then to the next; false past the last. DataLoss where it is damaged.
  absl::StatusOr<bool> Next();
  uint32_t ordinal() const { return next_ - 1; }
  // Valid until Next.
  std::string_view string() const;
  std::string_view original() const;

 private:
  const FrontCodedReader* reader_;
  uint32_t next_ = 0;
  std::unique_ptr<FrontCodedReader::Scan> scan_;
};

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_FRONT_CODED_H_
