// Any bytes are refused as a manifest, or give one that encodes to bytes that decode to it again.
// The checksum behind them is always right.

#include <cstddef>
#include <cstdint>
#include <string>

#include "common/base/byte_writer.h"
#include "common/codec/crc32c.h"
#include "common/format/manifest.h"
#include "tests/fuzz/fuzz_target.h"

namespace ibid {
namespace {

std::string Sealed(std::string_view bytes) {
  ByteWriter out;
  out.Bytes(bytes);
  out.U32(Crc32c(AsBytes(bytes)));
  return std::move(out.bytes());
}

}  // namespace

std::vector<std::string> FuzzSeeds() {
  std::vector<std::string> seeds;
  Manifest manifest;
  manifest.library_versions = "ICU 72.1, Snowball 2.2.0";
  for (uint32_t i = 0; i < 4; ++i) {
    const std::string encoded = manifest.Encode();
    seeds.push_back(encoded.substr(0, encoded.size() - 4));
    ++manifest.generation;
    manifest.columns.emplace_back("column" + std::to_string(i), StoredColumnType::kDate);
    SegmentMeta segment{.id = i + 1, .file = {900, 77}, .num_docs = 9, .num_tokens = 1000};
    if (i == 2) {
      segment.num_deleted = 3;
      segment.live_docs_generation = 2;
      segment.live_docs_file = {52, 99};
    }
    manifest.segments.push_back(segment);
    manifest.next_segment_id = i + 2;
  }
  return seeds;
}

}  // namespace ibid

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace ibid;
  FuzzInput input(data, size);
  const absl::StatusOr<Manifest> manifest = Manifest::Decode(Sealed(input.Rest()), "fuzz");
  if (!manifest.ok()) return 0;
  const absl::StatusOr<Manifest> again = Manifest::Decode(manifest->Encode(), "fuzz");
  Require(again.ok() && *again == *manifest, "a manifest changes when it is written again");
  return 0;
}
