// Bytes in order: a file, standard input, or what another stream unpacks to.
//
//   ASSIGN_OR_RETURN(size_t n, stream->Read(buffer));   // 0: the end
//
// Not thread-safe.
#ifndef IBID_INDEXER_SOURCE_BYTE_STREAM_H_
#define IBID_INDEXER_SOURCE_BYTE_STREAM_H_

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>

#include "absl/status/statusor.h"

namespace ibid {

class ByteStream {
 public:
  virtual ~ByteStream() = default;
  // Fills the front of `out` (not empty) and returns how many bytes it wrote, 0 only at the end.
  // After an error the stream stays at that error.
  virtual absl::StatusOr<size_t> Read(std::span<char> out) = 0;
};

// The bytes of a string, which must outlive it.
class StringStream : public ByteStream {
 public:
  explicit StringStream(std::string_view bytes) : rest_(bytes) {}
  absl::StatusOr<size_t> Read(std::span<char> out) override {
    const size_t n = std::min(out.size(), rest_.size());
    if (n > 0) std::memcpy(out.data(), rest_.data(), n);
    rest_.remove_prefix(n);
    return n;
  }

 private:
  std::string_view rest_;
};

}  // namespace ibid

#endif  // IBID_INDEXER_SOURCE_BYTE_STREAM_H_
