// The worked example at the end of docs/FORMAT.md is, byte for byte, what the code writes.
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "common/base/status_macros.h"
#include "common/format/impacts.h"
#include "common/format/segment_reader.h"
#include "common/format/segment_writer.h"
#include "gtest/gtest.h"
#include "tests/docs/format_document.h"
#include "tests/support/files.h"

namespace ibid {
namespace {

void AddDocuments(SegmentWriter* segment) {
  // "Rain" / "Rain fell."    "Stop," he said. It stopped.    Rain, rain
  segment->regions().Add({1, 2, {1, 4}, {1, 4}, {}});
  segment->regions().Add({0, 5, {3, 5}, {5}, {{0, 1}}});
  segment->regions().Add({0, 2, {2}, {2}, {}});
  for (DocId doc = 0; doc < 3; ++doc) {
    segment->columns().Add(doc, "date", StoredColumnType::kDate,
                           {.integers = {86400 * (int64_t{20000} + 3 * doc)}});
  }
  segment->columns().Add(1, "source", StoredColumnType::kText,
                         {.texts = {{"the courier", "The Courier"}}});
}

absl::Status AddTerms(SegmentWriter* segment) {
  PostingsWriter& postings = segment->postings();
  const std::vector<std::pair<std::string, std::map<DocId, std::vector<Position>>>> terms = {
      {"fell", {{0, {3}}}},   {"he", {{1, {1}}}},
      {"it", {{1, {3}}}},     {"rain", {{0, {0, 2}}, {2, {0, 1}}}},
      {"said", {{1, {2}}}},   {"stop", {{1, {0}}}},
      {"stopped", {{1, {4}}}}};
  for (const auto& [term, docs] : terms) {
    postings.BeginTerm(/*with_positions=*/true);
    for (const auto& [doc, positions] : docs) postings.Add(doc, positions);
    RETURN_IF_ERROR(segment->terms().Add(term, postings.FinishTerm()));
  }
  postings.BeginTerm(/*with_positions=*/false);
  postings.Add(1, uint32_t{2});
  TermInfo stop = postings.FinishTerm();
  stop.forms = {5, 6};
  return segment->stems().Add("stop", stop);
}

absl::StatusOr<SegmentMeta> WriteExample(Env* env) {
  SegmentWriterOptions options;
  options.store_text = false;  // other versions of zstd give other bytes
  ASSIGN_OR_RETURN(auto segment, SegmentWriter::Create(env, "", 1, options));
  AddDocuments(segment.get());
  segment->StartPostings({.norms = {3, 5, 2}, .num_tokens = 10, .text_bytes = 52});
  RETURN_IF_ERROR(AddTerms(segment.get()));
  RETURN_IF_ERROR(segment->keys().Add("north/1", 0));
  RETURN_IF_ERROR(segment->keys().Add("north/2", 2));
  RETURN_IF_ERROR(segment->keys().Add("south/1", 1));
  return segment->Finish(/*sync=*/false);
}

// Lines "offset: bytes  | what they are"; bytes that no line gives are zero.
std::string ExampleOfTheDocument(size_t size) {
  std::string bytes(size, '\0');
  std::istringstream document(ReadFormatDocument());
  size_t last_end = 0;
  for (std::string line; std::getline(document, line);) {
    if (line.size() < 6 || line[4] != ':' ||
        line.substr(0, 4).find_first_not_of("0123456789abcdef") != std::string::npos) {
      continue;
    }
    size_t at = std::stoul(line.substr(0, 4), nullptr, 16);
    EXPECT_GE(at, last_end) << "lines overlap: " << line;
    std::istringstream numbers(line.substr(5, line.find('|') - 5));
    for (std::string byte; numbers >> byte; ++at) {
      EXPECT_LT(at, size) << line;
      if (at < size) bytes[at] = static_cast<char>(std::stoul(byte, nullptr, 16));
    }
    last_end = at;
  }
  return bytes;
}

std::string HexListing(const std::string& bytes) {
  std::string text;
  for (size_t row = 0; row < bytes.size(); row += 16) {
    const std::string piece = bytes.substr(row, 16);
    if (piece.find_first_not_of('\0') == std::string::npos) continue;
    char number[24];
    std::snprintf(number, sizeof(number), "%04zx:", row);
    text += number;
    for (const char c : piece) {
      std::snprintf(number, sizeof(number), " %02x", static_cast<uint8_t>(c));
      text += number;
    }
    text += '\n';
  }
  return text;
}

TEST(FormatDocument, TheExampleIsWhatTheCodeWrites) {
  const std::unique_ptr<Env> env = NewMemoryEnv();
  const auto meta = WriteExample(env.get());
  ASSERT_TRUE(meta.ok()) << meta.status();
  const std::string bytes = ReadFileOrDie(env.get(), "seg_0000000001.ibid");
  EXPECT_EQ(HexListing(ExampleOfTheDocument(bytes.size())), HexListing(bytes));
}

TEST(FormatDocument, TheExampleIsAReadableSegment) {
  const std::unique_ptr<Env> env = NewMemoryEnv();
  const auto meta = WriteExample(env.get());
  ASSERT_TRUE(meta.ok()) << meta.status();
  const auto segment = SegmentReader::Open(env.get(), "", *meta);
  ASSERT_TRUE(segment.ok()) << segment.status();
  EXPECT_TRUE((*segment)->file().VerifyAll().ok());
  const auto rain = (*segment)->terms().Find("rain");
  ASSERT_TRUE(rain.ok());
  PostingsCursor cursor = (*segment)->Postings(**rain);
  EXPECT_EQ(cursor.doc(), 0u);
  EXPECT_EQ(cursor.Next(), 2u);
  std::vector<Position> positions;
  cursor.AppendPositions(&positions);
  EXPECT_EQ(positions, (std::vector<Position>{0, 1}));
}

}  // namespace
}  // namespace ibid
