// Unpacks gzip (RFC 1952) and Zstandard (RFC 8878) while it is read, several members or frames in a
// row too.
//
//   auto stream = MakeDecompressor(Compression::kGzip, &input);
//
// Memory: a 64 KB input buffer and the format's window (32 KB; for Zstandard what the frame asks
// for, at most 128 MB). Bytes that were unpacked before a fault are handed out first. Errors:
// DataLoss ("the gzip data ends early", "the zstd data is damaged (...)"). Not thread-safe.
#ifndef IBID_INDEXER_SOURCE_DECOMPRESS_H_
#define IBID_INDEXER_SOURCE_DECOMPRESS_H_

#include <memory>
#include <string_view>

#include "indexer/source/byte_stream.h"

namespace ibid {

enum class Compression { kNone, kGzip, kZstd };

// Told from the first bytes of a file.
Compression DetectCompression(std::string_view head);

// `packed` must outlive the result. `compression` is not kNone.
std::unique_ptr<ByteStream> MakeDecompressor(Compression compression, ByteStream* packed);

}  // namespace ibid

#endif  // IBID_INDEXER_SOURCE_DECOMPRESS_H_
