// A directory of the test's own on the real file system, removed with all it holds.
#ifndef IBID_TESTS_SUPPORT_TEMP_DIRECTORY_H_
#define IBID_TESTS_SUPPORT_TEMP_DIRECTORY_H_

#include <string>
#include <string_view>

namespace ibid {

class TempDirectory {
 public:
  TempDirectory();
  ~TempDirectory();
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  const std::string& path() const { return path_; }
  // path()/name.
  std::string Path(std::string_view name) const;
  // Writes a file, making the directories it lies in.
  void Write(std::string_view name, std::string_view bytes) const;

 private:
  std::string path_;
};

}  // namespace ibid

#endif  // IBID_TESTS_SUPPORT_TEMP_DIRECTORY_H_
