// Writes an index of three documents: index DIRECTORY.
#include <iostream>

#include "ibid/index_writer.h"

namespace {

absl::Status Run(const std::string& directory) {
  auto writer = ibid::IndexWriter::Open(directory, {.holder = "the index example"});
  if (!writer.ok()) return writer.status();

  const ibid::Document stories[] = {
      {.key = "bridge",
       .title = "Old bridge reopens",
       .text = "The mayor walked across the bridge. \"It will hold,\" she said.",
       .date = "2026-03-01",
       .source = "Morning Post"},
      {.key = "ferry",
       .title = "Ferry late again",
       .text = "The bridge is open, but the ferry across the river was late.",
       .date = "2026-03-02",
       .source = "Evening Post"},
      {.key = "flood",
       .title = "River rises",
       .text = "Engineers said that the old bridge will hold.",
       .date = "2026-03-05",
       .source = "Morning Post",
       .fields = {{.name = "level_cm", .values = {int64_t{412}}}}},
  };
  for (const ibid::Document& story : stories) {
    const auto outcome = (*writer)->Add(story);
    if (!outcome.ok()) return outcome.status();
  }
  const auto commit = (*writer)->Commit();
  if (!commit.ok()) return commit.status();
  std::cout << "commit " << commit->generation << ": " << commit->num_docs << " documents\n";
  return absl::OkStatus();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::cerr << "usage: index DIRECTORY\n", 2;
  const absl::Status status = Run(argv[1]);
  if (!status.ok()) std::cerr << "error: " << status.message() << '\n';
  return status.ok() ? 0 : 1;
}
