// Bytes that are written once and read once, in memory while they are few and else in a file.
//
//   TemporaryBytes bytes(env, JoinPath(dir, "seg_0000000007.ibid.stem_forms.tmp"), 16 << 20);
//   RETURN_IF_ERROR(bytes.Append("..."));
//   ASSIGN_OR_RETURN(std::span<const uint8_t> all, bytes.Finish());
//   bytes.LetGo(0, read);
//
// Not thread-safe.
#ifndef IBID_INDEXER_TEMPORARY_BYTES_H_
#define IBID_INDEXER_TEMPORARY_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ibid/env.h"

namespace ibid {

class TemporaryBytes {
 public:
  // The file `path` is made where more than `memory_bytes` come, and removed by the destructor.
  TemporaryBytes(Env* env, std::string path, size_t memory_bytes);
  ~TemporaryBytes();
  TemporaryBytes(const TemporaryBytes&) = delete;
  TemporaryBytes& operator=(const TemporaryBytes&) = delete;

  absl::Status Append(std::string_view bytes);
  uint64_t size() const { return size_; }

  // Once, behind the last Append: all bytes, valid while this object lives. DataLoss where the file
  // is not as long as what was written.
  absl::StatusOr<std::span<const uint8_t>> Finish();
  // Bytes [begin, end) will not be read again soon.
  void LetGo(uint64_t begin, uint64_t end);

 private:
  Env* env_;
  std::string path_;
  size_t memory_bytes_;
  uint64_t size_ = 0;
  std::string memory_;
  bool made_file_ = false;
  std::unique_ptr<WritableFile> file_;
  std::unique_ptr<ReadableFile> opened_;
};

}  // namespace ibid

#endif  // IBID_INDEXER_TEMPORARY_BYTES_H_
