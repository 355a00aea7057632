// What every fuzz target has: the function that libFuzzer calls, and inputs to begin with.
//
// With clang's libFuzzer (preset `fuzz`) a target mutates its inputs by itself for as long as it is
// left alone. With any compiler replay_main.cc runs the seeds, changes of them, and files given to
// it: what ./check does.
#ifndef IBID_TESTS_FUZZ_FUZZ_TARGET_H_
#define IBID_TESTS_FUZZ_FUZZ_TARGET_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace ibid {

// Sound inputs, made by the code as it is.
std::vector<std::string> FuzzSeeds();

// Takes an input apart from its front. Behind the end everything is 0 or empty.
class FuzzInput {
 public:
  FuzzInput(const uint8_t* data, size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}

  bool empty() const { return rest_.empty(); }
  uint32_t Byte() { return Number(1); }
  uint32_t Short() { return Number(2); }
  uint32_t Word() { return Number(4); }
  std::string_view Bytes(size_t length) {
    const std::string_view bytes = rest_.substr(0, length);
    rest_.remove_prefix(bytes.size());
    return bytes;
  }
  std::string_view Rest() { return Bytes(rest_.size()); }

 private:
  uint32_t Number(size_t num_bytes) {
    uint32_t number = 0, shift = 0;
    for (const char byte : Bytes(num_bytes)) {
      number |= uint32_t{static_cast<uint8_t>(byte)} << shift;
      shift += 8;
    }
    return number;
  }

  std::string_view rest_;
};

// `number` as FuzzInput reads it, for seeds.
inline std::string FuzzNumber(uint32_t number, size_t num_bytes) {
  std::string bytes;
  for (size_t i = 0; i < num_bytes; ++i) bytes += static_cast<char>(number >> 8 * i & 0xff);
  return bytes;
}

// As the checksums want it.
inline std::span<const uint8_t> AsBytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

// Ends the process where something that must hold does not: a find.
inline void Require(bool holds, std::string_view what) {
  if (holds) return;
  std::fprintf(stderr, "find: %.*s\n", static_cast<int>(what.size()), what.data());
  std::abort();
}

// Damaged bytes may be noticed, and nothing else.
inline void RequireSoundOrDataLoss(const absl::Status& status) {
  Require(status.ok() || absl::IsDataLoss(status), std::string(status.ToString()));
}

}  // namespace ibid

#endif  // IBID_TESTS_FUZZ_FUZZ_TARGET_H_
