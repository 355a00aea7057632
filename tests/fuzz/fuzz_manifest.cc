// Any bytes are refused as a manifest, or give one that encodes to bytes that decode to it again.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "common/format/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<ibid::Manifest> manifest = ibid::Manifest::Decode(bytes, "fuzz");
  if (!manifest.ok()) return 0;
  const absl::StatusOr<ibid::Manifest> again = ibid::Manifest::Decode(manifest->Encode(), "fuzz");
  if (!again.ok() || !(*again == *manifest)) std::abort();
  return 0;
}
