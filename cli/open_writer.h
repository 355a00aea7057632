// Takes the index for writing, as every verb that writes does.
#ifndef IBID_CLI_OPEN_WRITER_H_
#define IBID_CLI_OPEN_WRITER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "cli/console.h"
#include "ibid/index_writer.h"

namespace ibid::cli {

// As IndexWriter::Open; --wait and interrupts are taken care of: where another writer is at work
// and there is time to wait, a note says for whom. Cancelled after an interrupt.
absl::StatusOr<std::unique_ptr<IndexWriter>> OpenWriter(const std::string& directory,
                                                        WriterOptions options, double wait_seconds,
                                                        Console& console);

}  // namespace ibid::cli

#endif  // IBID_CLI_OPEN_WRITER_H_
