// Files in a directory of their own, and what reading them gives. For tests.
//
//   TemporaryFiles files;
//   files.Write("a.txt", "text");
//   Found found = Read(files.root());
#ifndef IBID_TESTS_INDEXER_SOURCE_READ_FILES_H_
#define IBID_TESTS_INDEXER_SOURCE_READ_FILES_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "ibid/document.h"
#include "indexer/source/source.h"

namespace ibid {

// Removed with all that is in it when it goes out of scope.
class TemporaryFiles {
 public:
  TemporaryFiles();
  ~TemporaryFiles();
  TemporaryFiles(const TemporaryFiles&) = delete;
  TemporaryFiles& operator=(const TemporaryFiles&) = delete;

  const std::string& root() const { return root_; }
  // Makes the directories on the way too; returns the whole path.
  std::string Write(const std::string& name, std::string_view content) const;

 private:
  std::string root_;
};

struct Found {
  absl::Status status;
  std::vector<Document> documents;
  std::vector<std::string> problems;  // "where: what", where without the root
  uint64_t num_skipped = 0;
  uint64_t num_bytes = 0;
};

Found Read(const std::string& path, const SourceOptions& options = {});

// The only document of a file of that name and content; fails the test where it is not alone.
Document ReadOne(const std::string& name, std::string_view content);

// What reading a directory with only that file finds.
Found ReadFile(const std::string& name, std::string_view content,
               const SourceOptions& options = {});

// As docs/SOURCES.md writes it: key `a.txt` title `Fire` text `It burned.`; the problems behind, as
// they are.
std::string Describe(const Found& found);

std::string Gzip(std::string_view bytes);
std::string Zstd(std::string_view bytes);

}  // namespace ibid

#endif  // IBID_TESTS_INDEXER_SOURCE_READ_FILES_H_
