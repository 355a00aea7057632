// Cuts a stream of any length into lines, records or one whole text, holding one piece at a time.
//
//   InputBuffer input(&stream);
//   ASSIGN_OR_RETURN(std::optional<Piece> line, input.ReadLine());
//   if (line.has_value() && !line->too_long) Use(line->bytes);
//
// A piece stays valid until the next call, and kPadding readable bytes follow it. Memory: the
// longest piece (at most max_piece_bytes) and 256 KB. After an error of the stream whole pieces
// that came before it are still read; the unfinished one is dropped. Not thread-safe.
#ifndef IBID_INDEXER_SOURCE_INPUT_BUFFER_H_
#define IBID_INDEXER_SOURCE_INPUT_BUFFER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ibid/limits.h"
#include "indexer/source/byte_stream.h"

namespace ibid {

struct Piece {
  std::string_view bytes;  // empty where too_long
  uint64_t line = 0;       // number of the line where it begins, from 1
  bool too_long = false;   // longer than max_piece_bytes: passed over
  bool closed = true;      // ReadThroughTag: whether the tag was there
};

class InputBuffer : public ByteStream {
 public:
  static constexpr size_t kPadding = 64;
  static constexpr size_t kMaxPeekBytes = size_t{64} << 10;

  // `stream` must outlive the buffer.
  explicit InputBuffer(ByteStream* stream, size_t max_piece_bytes = kMaxDocumentBytes);

  // What comes next, up to `num_bytes` (at most kMaxPeekBytes; fewer before the end or an error of
  // the stream), left in place.
  std::string_view Peek(size_t num_bytes);
  // The fault that ended the stream, as far as it was read.
  const absl::Status& fault() const { return error_; }
  // Passes over bytes that Peek showed.
  void Skip(size_t num_bytes);
  // Passes over white space; true where nothing else is left.
  absl::StatusOr<bool> SkipSpace();

  // The next line without its end (LF or CRLF); none at the end.
  absl::StatusOr<std::optional<Piece>> ReadLine();
  // Up to and with the next `tag` ("</doc>": lower case, compared without regard to case), or the
  // rest of the stream; none at the end.
  absl::StatusOr<std::optional<Piece>> ReadThroughTag(std::string_view tag);
  // A JSON value that begins here with '{' or '[', through its closing bracket; other bytes up to
  // the next ',', ']' or end of line. Brackets inside strings do not count.
  absl::StatusOr<std::optional<Piece>> ReadJsonValue();
  // Everything that is left.
  absl::StatusOr<Piece> ReadAll();

  absl::StatusOr<size_t> Read(std::span<char> out) override;

  // Number of the line at the place reached, from 1.
  uint64_t line() const { return line_; }

 private:
  std::string_view Held() const { return {data_.get() + begin_, end_ - begin_}; }
  // Reads more behind what is held; false at the end.
  absl::StatusOr<bool> Fill();
  void Reserve(size_t num_bytes);
  // Passes over `num_passed` bytes, the first `num_bytes` of which are the piece.
  Piece Take(size_t num_bytes, size_t num_passed);
  Piece TakeLine(size_t num_bytes, size_t num_passed);

  ByteStream* stream_;
  size_t max_piece_bytes_;
  std::unique_ptr<char[]> data_;
  size_t capacity_ = 0;  // without the padding
  size_t begin_ = 0;
  size_t end_ = 0;
  uint64_t line_ = 1;
  absl::Status error_;
};

}  // namespace ibid

#endif  // IBID_INDEXER_SOURCE_INPUT_BUFFER_H_
