#include "common/env/lock_message.h"

#include <string>

#include "common/base/strings.h"

namespace ibid {

absl::Status LockedByAnother(std::string_view lock_path, std::string_view holder) {
  std::string name;
  for (const char c : holder.substr(0, kMaxHolderBytes)) {
    if (c >= ' ' && c != 0x7f) name += c;
  }
  if (name.empty()) name = "another process";
  const size_t base = BaseName(lock_path).size();
  std::string_view directory = lock_path.substr(0, lock_path.size() - base);
  if (directory.size() > 1) directory.remove_suffix(1);
  if (directory.empty()) directory = ".";
  return absl::AbortedError(StrCat(directory, ": being written by ", name));
}

}  // namespace ibid
