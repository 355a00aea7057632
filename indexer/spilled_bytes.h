// Bytes that are written once and then read at any place: in memory up to a bound, past it in a
// temporary file, which is mapped where it is read.
//
//   SpilledBytes bytes(env, temporary_path, memory_bytes);
//   RETURN_IF_ERROR(bytes.Append(some));
//   RETURN_IF_ERROR(bytes.Finish());
//   Use(bytes.view());
//
// Not thread-safe before Finish.
#ifndef IBID_INDEXER_SPILLED_BYTES_H_
#define IBID_INDEXER_SPILLED_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "ibid/env.h"

namespace ibid {

class SpilledBytes {
 public:
  // The file is made where it is needed, and removed by the destructor.
  SpilledBytes(Env* env, std::string temporary, size_t memory_bytes);
  ~SpilledBytes();
  SpilledBytes(const SpilledBytes&) = delete;
  SpilledBytes& operator=(const SpilledBytes&) = delete;

  absl::Status Append(std::string_view bytes);
  uint64_t size() const { return file_bytes_ + memory_.size(); }
  // Once, behind the last Append. DataLoss where the file is not what was written.
  absl::Status Finish();
  // After Finish, while this object lives.
  std::span<const uint8_t> view() const;
  // Bytes [begin, end) of the view will not be read again soon.
  void LetGo(uint64_t begin, uint64_t end) const;

 private:
  absl::Status MoveToFile();

  Env* env_;
  std::string temporary_;
  size_t memory_bytes_;
  std::string memory_;
  uint64_t file_bytes_ = 0;
  bool made_file_ = false;
  std::unique_ptr<WritableFile> file_;
  std::unique_ptr<ReadableFile> opened_;
};

}  // namespace ibid

#endif  // IBID_INDEXER_SPILLED_BYTES_H_
