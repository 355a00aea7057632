#include "cli/open_writer.h"

#include <utility>

#include "cli/terminal.h"
#include "common/base/strings.h"

namespace ibid::cli {

absl::StatusOr<std::unique_ptr<IndexWriter>> OpenWriter(const std::string& directory,
                                                        WriterOptions options, double wait_seconds,
                                                        Console& console) {
  absl::StatusOr<std::unique_ptr<IndexWriter>> writer = IndexWriter::Open(directory, options);
  if (!absl::IsAborted(writer.status()) || !(wait_seconds > 0)) return writer;
  console.Note(StrCat("waiting: ", MessageOf(writer.status())));
  options.wait_seconds = wait_seconds;
  options.wait_cancelled = [] { return Interrupted().load(); };
  return IndexWriter::Open(directory, options);
}

}  // namespace ibid::cli
