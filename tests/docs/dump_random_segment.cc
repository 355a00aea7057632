// dump_random_segment DIR SEED NUM_DOCS NUM_TERMS STORE_TEXT
//
// Writes a random segment into DIR and prints what the engine reads in it.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "common/format/segment_reader.h"
#include "tests/docs/dump_segment.h"
#include "tests/docs/random_segment.h"

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  ibid::RandomSegmentOptions options;
  options.seed = static_cast<uint32_t>(std::atoi(argv[2]));
  options.num_docs = static_cast<uint32_t>(std::atoi(argv[3]));
  options.num_terms = static_cast<uint32_t>(std::atoi(argv[4]));
  options.store_text = std::atoi(argv[5]) != 0;
  ibid::Env* env = ibid::Env::Posix();
  const auto meta = ibid::WriteRandomSegment(env, argv[1], options);
  if (!meta.ok()) {
    std::fprintf(stderr, "%s\n", meta.status().ToString().c_str());
    return 1;
  }
  const auto segment = ibid::SegmentReader::Open(env, argv[1], *meta);
  if (!segment.ok()) {
    std::fprintf(stderr, "%s\n", segment.status().ToString().c_str());
    return 1;
  }
  const auto dump = ibid::DumpSegment(**segment);
  if (!dump.ok()) {
    std::fprintf(stderr, "%s\n", dump.status().ToString().c_str());
    return 1;
  }
  std::fwrite(dump->data(), 1, dump->size(), stdout);
  return 0;
}
