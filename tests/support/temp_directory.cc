#include "tests/support/temp_directory.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "common/base/strings.h"

namespace ibid {

TempDirectory::TempDirectory() {
  path_ = (std::filesystem::temp_directory_path() / "ibid-test-XXXXXX").string();
  if (::mkdtemp(path_.data()) == nullptr) {
    std::cerr << "mkdtemp " << path_ << " failed" << std::endl;
    std::abort();
  }
}

TempDirectory::~TempDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TempDirectory::Path(std::string_view name) const { return StrCat(path_, "/", name); }

void TempDirectory::Write(std::string_view name, std::string_view bytes) const {
  const std::filesystem::path path = Path(name);
  std::filesystem::create_directories(path.parent_path());
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) {
    std::cerr << "cannot write " << path << std::endl;
    std::abort();
  }
}

}  // namespace ibid
