// Any bytes as the documents, frequencies, skip data and positions of a term: walked, skipped
// through in several ways, decoded by blocks.
//
// Input: what the dictionary says of the term, the length of the positions, positions, postings.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "common/codec/bit_packing.h"
#include "common/format/file_names.h"
#include "common/format/postings_cursor.h"
#include "common/format/segment_reader.h"
#include "tests/docs/random_segment.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/sealed_file.h"

namespace ibid {
namespace {

constexpr uint32_t kMostDocs = 20000;

struct List {
  Section postings, positions;
  TermInfo info;
  uint32_t num_docs = 0;

  PostingsCursor Open() const { return PostingsCursor(postings, positions, info, num_docs); }
};

void WalkAll(const List& list) {
  PostingsCursor cursor = list.Open();
  std::vector<Position> positions;
  std::vector<uint32_t> gaps;
  int64_t last = -1;
  uint64_t num_docs = 0;
  for (; cursor.doc() != kNoMoreDocs; cursor.Next()) {
    Require(int64_t{cursor.doc()} > last, "documents do not increase");
    Require(cursor.doc() < list.num_docs, "a document past the last");
    last = cursor.doc();
    const uint32_t freq = cursor.freq();
    positions.clear();
    cursor.AppendPositions(&positions);
    Require(positions.size() <= freq, "more positions than occurrences");
    cursor.ShallowSeek(cursor.doc());
    Require(cursor.block_last_doc() >= cursor.doc(), "a block ends before its document");
    if (num_docs++ % 128 == 0) {
      gaps.clear();
      const uint32_t count = cursor.AppendBlockGaps(0, &gaps);
      Require(count > 0 || !cursor.status().ok() || cursor.doc() == kNoMoreDocs, "no gaps");
    }
  }
  RequireSoundOrDataLoss(cursor.status());
  Require(!cursor.status().ok() || num_docs == list.info.doc_freq, "a walk does not see all");
}

void Seek(const List& list, uint32_t step) {
  PostingsCursor cursor = list.Open();
  std::vector<Position> positions;
  for (uint32_t target = 0; cursor.doc() != kNoMoreDocs; target += step) {
    const DocId doc = cursor.NextGeq(target);
    Require(doc >= target, "NextGeq stands before its target");
    if (doc == kNoMoreDocs) break;
    Require(doc < list.num_docs, "a document past the last");
    cursor.freq();
    if (target % 3 == 0) cursor.AppendPositions(&positions);
    if (target % 5 == 0) cursor.ShallowSeek(target + 2 * step);
    if (target % 7 == 0) cursor.NextBlock();
    if (positions.size() > 100000) positions.clear();
  }
  RequireSoundOrDataLoss(cursor.status());
}

void LoadBlocks(const List& list) {
  PostingsCursor cursor = list.Open(), alone = list.Open();
  std::vector<Position> positions;
  const uint32_t num_blocks = cursor.num_blocks();
  // A search asks for bounds also where the cursor has failed.
  for (uint32_t block = 0; block < num_blocks; block += 7) {
    Require(cursor.BoundsOfBlock(block).last_doc == cursor.LastDocOfBlock(block), "two last ones");
    cursor.MaxImpactOfBlock(block);
    cursor.FindImpact(static_cast<uint8_t>(block * 37), block);
  }
  for (uint32_t i = 0; i < num_blocks && cursor.status().ok(); ++i) {
    const uint32_t block = i % 2 == 0 ? num_blocks - 1 - i / 2 : i / 2;
    const uint32_t found = cursor.FindBlock(i * 128, i / 2);
    Require(found <= num_blocks, "a block past the last");
    if (!cursor.LoadBlock(block)) break;
    Require(cursor.size() >= 1 && cursor.size() <= kBlockLength, "a block of no or many postings");
    const uint32_t* freqs = cursor.Freqs();
    if (freqs == nullptr) break;
    uint64_t before = 0;
    const std::span<const uint32_t> same = alone.FreqsOfBlock(block, &before);
    Require(same.empty() || std::equal(same.begin(), same.end(), freqs, freqs + cursor.size()),
            "other frequencies without the documents");
    Require(same.empty() || before == cursor.positions_before_block(), "another beginning");
    positions.clear();
    const PositionRun run = {cursor.positions_before_block(), freqs[0] % 1000};
    cursor.AppendPositionsOf({&run, 1}, kNoMorePositions, &positions);
    if (!cursor.status().ok()) break;
    cursor.MoveTo(cursor.size() - 1);
    cursor.AppendPositions(&positions);
  }
  RequireSoundOrDataLoss(cursor.status());
}

void AddSeeds(const SegmentReader& segment, const TermDictionary& dictionary,
              std::vector<std::string>* seeds) {
  const auto sections = SectionsOf(segment.file());
  auto cursor = dictionary.Seek("");
  for (; cursor.ok() && !cursor->at_end(); Require(cursor->Next().ok(), "seed")) {
    const TermInfo& info = cursor->info();
    if (info.doc_freq == 0 || info.inlined || info.postings_bytes > 3000) continue;
    seeds->push_back(
        FuzzNumber(info.doc_freq, 4) + FuzzNumber(static_cast<uint32_t>(info.total_freq), 4) +
        FuzzNumber(segment.num_docs(), 2) + FuzzNumber(info.max_impact, 1) +
        FuzzNumber(static_cast<uint32_t>(info.positions_bytes), 2) +
        sections.at(SectionId::kPositions).substr(info.positions_offset, info.positions_bytes) +
        sections.at(SectionId::kPostings).substr(info.postings_offset, info.postings_bytes));
  }
}

}  // namespace

std::vector<std::string> FuzzSeeds() {
  std::vector<std::string> seeds;
  for (const uint32_t num_docs : {40u, 700u, 9000u}) {
    const std::unique_ptr<Env> env = NewMemoryEnv();
    const auto meta =
        WriteRandomSegment(env.get(), "", {.seed = 5, .num_docs = num_docs, .num_terms = 10});
    const auto segment = SegmentReader::Open(env.get(), "", *meta);
    AddSeeds(**segment, (*segment)->terms(), &seeds);
    AddSeeds(**segment, (*segment)->stems(), &seeds);
  }
  return seeds;
}

}  // namespace ibid

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace ibid;
  FuzzInput input(data, size);
  List list;
  list.info.doc_freq = input.Word();
  list.info.total_freq = input.Word();
  list.num_docs = input.Short() % kMostDocs;
  list.info.max_impact = static_cast<uint8_t>(input.Byte());
  const std::string positions(input.Bytes(input.Short()));
  const std::string postings(input.Rest());
  list.info.positions_bytes = positions.size();
  list.info.postings_bytes = postings.size();
  const SealedFile file({{SectionId::kPostings, postings}, {SectionId::kPositions, positions}});
  list.postings = file.section(SectionId::kPostings);
  list.positions = file.section(SectionId::kPositions);
  WalkAll(list);
  Seek(list, 1 + list.num_docs / 1000);
  Seek(list, 100);
  Seek(list, 3000);
  LoadBlocks(list);
  return 0;
}
