// Bytes of unknown encoding to UTF-8.
//
//   DecodedText text = DecodeText(bytes);     // UTF-8, else Windows-1252
//   Utf16Stream utf8(&input, ByteOrder::kBig);  // after its mark
//
// UTF-8 with a malformed byte here and there stays UTF-8, each malformed sequence becoming U+FFFD.
// Windows-1252 is chosen where more bytes make sense as its letters and marks than there are
// well-formed UTF-8 sequences beyond ASCII: "caf\xe9" is, "one \xff byte" and "na\xc3\xafve \xe9"
// are not. The table is the WHATWG Encoding Standard's, its five undefined bytes being U+FFFD.
#ifndef IBID_INDEXER_SOURCE_ENCODING_H_
#define IBID_INDEXER_SOURCE_ENCODING_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "indexer/source/byte_stream.h"

namespace ibid {

enum class ByteOrderMark { kNone, kUtf8, kUtf16Little, kUtf16Big, kUtf32 };

// The mark that `head` begins with, and its length in bytes.
ByteOrderMark DetectByteOrderMark(std::string_view head);
size_t ByteOrderMarkBytes(ByteOrderMark mark);

struct DecodedText {
  std::string text;
  bool windows_1252 = false;
  uint64_t num_replaced = 0;  // malformed sequences that became U+FFFD
};

// Linear in bytes.size(); a UTF-8 mark at the start is dropped.
DecodedText DecodeText(std::string_view bytes);

// `bytes` read as Windows-1252.
std::string DecodeWindows1252(std::string_view bytes);

// UTF-16 to UTF-8 while it is read; a lone surrogate or a last odd byte becomes U+FFFD.
class Utf16Stream : public ByteStream {
 public:
  // `input` must outlive the stream; `mark` is kUtf16Little or kUtf16Big.
  Utf16Stream(ByteStream* input, ByteOrderMark mark);
  absl::StatusOr<size_t> Read(std::span<char> out) override;
  uint64_t num_replaced() const { return num_replaced_; }

 private:
  void Decode(std::string_view bytes, bool at_end);
  void PutUnit(char16_t unit);
  void PutReplacement();

  ByteStream* input_;
  bool big_;
  std::string raw_;      // read buffer
  std::string decoded_;  // UTF-8 not yet handed out, from decoded_at_ on
  size_t decoded_at_ = 0;
  int odd_byte_ = -1;  // first half of a unit that was cut
  char16_t high_ = 0;  // first half of a surrogate pair
  bool at_end_ = false;
  uint64_t num_replaced_ = 0;
};

}  // namespace ibid

#endif  // IBID_INDEXER_SOURCE_ENCODING_H_
