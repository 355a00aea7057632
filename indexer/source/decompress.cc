#include "indexer/source/decompress.h"

#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <string>

#include "absl/status/status.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace ibid {
namespace {

constexpr size_t kPackedBytes = size_t{64} << 10;
// zstd's own default for untrusted frames: 128 MB.
constexpr int kMaxWindowLog = 27;
constexpr std::string_view kGzipMagic("\x1f\x8b\x08", 3);
constexpr std::string_view kZstdMagic("\x28\xb5\x2f\xfd", 4);

absl::Status NoMemoryFor(std::string_view packing) {
  return absl::ResourceExhaustedError(StrCat("no memory to unpack ", packing, " data"));
}

class GzipStream : public ByteStream {
 public:
  explicit GzipStream(ByteStream* packed) : packed_(packed), buffer_(kPackedBytes, '\0') {
    // 16: a gzip header is expected, not zlib's.
    if (inflateInit2(&inflater_, 16 + MAX_WBITS) != Z_OK) {
      error_ = NoMemoryFor("gzip");
    }
  }
  ~GzipStream() override { inflateEnd(&inflater_); }
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;

  absl::StatusOr<size_t> Read(std::span<char> out) override {
    if (!error_.ok()) return error_;
    inflater_.next_out = reinterpret_cast<Bytef*>(out.data());
    inflater_.avail_out = static_cast<uInt>(std::min<size_t>(out.size(), 1u << 30));
    const size_t room = inflater_.avail_out;
    while (!done_ && error_.ok() && inflater_.avail_out > 0) error_ = Step();
    const size_t n = room - inflater_.avail_out;
    if (n == 0 && !error_.ok()) return error_;
    return n;
  }

 private:
  absl::Status Step() {
    if (inflater_.avail_in == 0) {
      ASSIGN_OR_RETURN(const size_t n, packed_->Read({buffer_.data(), buffer_.size()}));
      inflater_.next_in = reinterpret_cast<Bytef*>(buffer_.data());
      inflater_.avail_in = static_cast<uInt>(n);
      if (n == 0) {
        done_ = true;
        return between_members_ ? absl::OkStatus()
                                : absl::DataLossError("the gzip data ends early");
      }
    }
    // Padding after the last member is passed over, as gzip does.
    if (between_members_ && num_members_ > 0 && *inflater_.next_in == 0) {
      ++inflater_.next_in;
      --inflater_.avail_in;
      return absl::OkStatus();
    }
    between_members_ = false;
    const int result = inflate(&inflater_, Z_NO_FLUSH);
    if (result == Z_STREAM_END) {
      between_members_ = true;
      ++num_members_;
      inflateReset(&inflater_);
      return absl::OkStatus();
    }
    if (result == Z_OK || result == Z_BUF_ERROR) return absl::OkStatus();
    done_ = true;
    if (result == Z_MEM_ERROR) return NoMemoryFor("gzip");
    return absl::DataLossError(StrCat("the gzip data is damaged (",
                                      inflater_.msg == nullptr ? "no reason" : inflater_.msg, ")"));
  }

  ByteStream* packed_;
  std::string buffer_;
  z_stream inflater_ = {};
  uint64_t num_members_ = 0;
  bool between_members_ = true;
  bool done_ = false;
  absl::Status error_;
};

class ZstdStream : public ByteStream {
 public:
  explicit ZstdStream(ByteStream* packed) : packed_(packed), buffer_(kPackedBytes, '\0') {
    context_ = ZSTD_createDCtx();
    if (context_ == nullptr) {
      error_ = NoMemoryFor("zstd");
      return;
    }
    ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, kMaxWindowLog);
  }
  ~ZstdStream() override { ZSTD_freeDCtx(context_); }
  ZstdStream(const ZstdStream&) = delete;
  ZstdStream& operator=(const ZstdStream&) = delete;

  absl::StatusOr<size_t> Read(std::span<char> out) override {
    if (!error_.ok()) return error_;
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    while (!done_ && error_.ok() && output.pos < output.size) error_ = Step(&output);
    if (output.pos == 0 && !error_.ok()) return error_;
    return output.pos;
  }

 private:
  absl::Status Step(ZSTD_outBuffer* output) {
    // Input that was taken whole may still leave output inside the context.
    if (input_.pos == input_.size && !has_pending_output_) {
      ASSIGN_OR_RETURN(const size_t n, packed_->Read({buffer_.data(), buffer_.size()}));
      input_ = {buffer_.data(), n, 0};
      if (n == 0) {
        done_ = true;
        return between_frames_ ? absl::OkStatus() : absl::DataLossError("the zstd data ends early");
      }
    }
    const size_t result = ZSTD_decompressStream(context_, output, &input_);
    if (ZSTD_isError(result) != 0) {
      done_ = true;
      if (ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation) return NoMemoryFor("zstd");
      return absl::DataLossError(
          StrCat("the zstd data is damaged (", ZSTD_getErrorName(result), ")"));
    }
    between_frames_ = result == 0;
    has_pending_output_ = !between_frames_ && output->pos == output->size;
    return absl::OkStatus();
  }

  ByteStream* packed_;
  std::string buffer_;
  ZSTD_DCtx* context_ = nullptr;
  ZSTD_inBuffer input_ = {nullptr, 0, 0};
  bool between_frames_ = true;
  bool has_pending_output_ = false;
  bool done_ = false;
  absl::Status error_;
};

}  // namespace

Compression DetectCompression(std::string_view head) {
  if (head.starts_with(kGzipMagic)) return Compression::kGzip;
  if (head.starts_with(kZstdMagic)) return Compression::kZstd;
  return Compression::kNone;
}

std::unique_ptr<ByteStream> MakeDecompressor(Compression compression, ByteStream* packed) {
  if (compression == Compression::kGzip) return std::make_unique<GzipStream>(packed);
  return std::make_unique<ZstdStream>(packed);
}

}  // namespace ibid
