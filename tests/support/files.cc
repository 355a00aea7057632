#include "tests/support/files.h"

#include <cstdlib>
#include <iostream>

#include "common/base/strings.h"

namespace ibid {
namespace {

[[noreturn]] void Die(const absl::Status& status) {
  std::cerr << status << std::endl;
  std::abort();
}

}  // namespace

std::string ReadFileOrDie(Env* env, const std::string& path) {
  const auto file = env->OpenReadable(path);
  if (!file.ok()) Die(file.status());
  const std::span<const uint8_t> bytes = (*file)->bytes();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void WriteFileOrDie(Env* env, const std::string& path, std::string_view bytes) {
  const auto file = env->CreateFile(path, /*exclusive=*/false);
  if (!file.ok()) Die(file.status());
  absl::Status status = (*file)->Append(bytes);
  status.Update((*file)->Close());
  if (!status.ok()) Die(status);
}

std::string FirstDamage(const std::string& bytes,
                        const std::function<bool(const std::string& damaged)>& check) {
  std::string damaged = bytes;
  for (size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    for (const unsigned change : {byte ^ 0xffu, byte ^ 1u, 0u}) {
      if (change == byte) continue;
      damaged[i] = static_cast<char>(change);
      if (!check(damaged)) return StrCat("byte ", i, " from ", byte, " to ", change);
    }
    damaged[i] = bytes[i];
  }
  for (size_t size = 0; size < bytes.size(); ++size) {
    if (!check(bytes.substr(0, size))) return StrCat("cut to ", size, " bytes");
  }
  return "";
}

}  // namespace ibid
