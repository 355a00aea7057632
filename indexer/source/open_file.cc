#include "indexer/source/open_file.h"

#include <memory>
#include <optional>

#include "common/base/status_macros.h"
#include "indexer/source/decompress.h"
#include "indexer/source/encoding.h"
#include "indexer/source/format.h"
#include "indexer/source/readers.h"

namespace ibid {
namespace {

// The file's bytes, told to on_bytes as they are read. A file that changes meanwhile ends with that
// error.
class CountedStream : public ByteStream {
 public:
  CountedStream(InputStream* stream, const SourceCallbacks& callbacks)
      : stream_(stream), callbacks_(callbacks) {}

  absl::StatusOr<size_t> Read(std::span<char> out) override {
    ASSIGN_OR_RETURN(const size_t n, stream_->Read(out));
    if (n == 0) RETURN_IF_ERROR(stream_->CheckUnchanged());
    Count(n);
    return n;
  }
  // What was left unread counts as read: the file is done with.
  void CountRest() {
    const uint64_t size = stream_->info().size_bytes;
    if (size > num_read_) Count(size - num_read_);
  }

 private:
  void Count(uint64_t n) {
    num_read_ += n;
    if (n > 0 && callbacks_.on_bytes) callbacks_.on_bytes(n);
  }

  InputStream* stream_;
  const SourceCallbacks& callbacks_;
  uint64_t num_read_ = 0;
};

absl::Status ReadAs(const FormatGuess& guess, InputBuffer* input, DocumentSink* sink) {
  switch (guess.format) {
    case SourceFormat::kAuto:
    case SourceFormat::kText:
      return ReadText(input, sink);
    case SourceFormat::kJsonLines:
      return ReadJson(input, guess.name_says_lines, sink);
    case SourceFormat::kTrec:
      return ReadTrec(input, sink);
    case SourceFormat::kReuters:
      return ReadReuters(input, sink);
    case SourceFormat::kHtml:
      return ReadHtml(input, sink);
  }
  return absl::OkStatus();
}

// From the unpacked bytes on.
absl::Status ReadUnpacked(InputBuffer* unpacked, std::string_view name,
                          const SourceOptions& options, DocumentSink* sink) {
  const ByteOrderMark mark = DetectByteOrderMark(unpacked->Peek(4));
  if (mark == ByteOrderMark::kUtf32) return sink->SkipUnknown(0, "not text (UTF-32)");
  unpacked->Skip(ByteOrderMarkBytes(mark));
  std::optional<Utf16Stream> utf16;
  std::optional<InputBuffer> decoded;
  InputBuffer* input = unpacked;
  if (mark == ByteOrderMark::kUtf16Little || mark == ByteOrderMark::kUtf16Big) {
    utf16.emplace(unpacked, mark);
    input = &decoded.emplace(&*utf16);
  }
  FormatGuess guess = GuessFormat(name, input->Peek(InputBuffer::kMaxPeekBytes));
  if (options.format != SourceFormat::kAuto) guess.format = options.format;
  const absl::Status read = ReadAs(guess, input, sink);
  if (utf16.has_value()) sink->CountReplaced(utf16->num_replaced());
  return read;
}

}  // namespace

absl::Status ReadOpenFile(InputStream* stream, std::string_view name, const SourceFile& file,
                          const SourceOptions& options, const SourceCallbacks& callbacks) {
  CountedStream counted(stream, callbacks);
  InputBuffer packed(&counted);
  DocumentSink sink(file, options, callbacks);
  const Compression compression = DetectCompression(packed.Peek(4));
  absl::Status read;
  if (compression == Compression::kNone) {
    read = ReadUnpacked(&packed, name, options, &sink);
  } else {
    const std::unique_ptr<ByteStream> unpacker = MakeDecompressor(compression, &packed);
    InputBuffer unpacked(unpacker.get());
    read = ReadUnpacked(&unpacked, name, options, &sink);
  }
  counted.CountRest();
  sink.Finish();
  return read;
}

}  // namespace ibid
