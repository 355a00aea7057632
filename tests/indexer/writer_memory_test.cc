// What a writer holds does not grow with what it is given, but for a few bytes a document.
#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

#include "common/base/strings.h"
#include "common/text/analyzer.h"
#include "indexer/memory_postings.h"
#include "indexer/term_table.h"
#include "tests/indexer/index_model.h"
#include "tests/support/counted_new.h"
#include "tests/support/temp_directory.h"

namespace ibid {
namespace {

constexpr uint32_t kSomeDocs = 120'000;
constexpr uint32_t kManyDocs = 2 * kSomeDocs;
// Of each document: its place among the keys (four bytes, eight at the end), its title's length and
// where its regions lie, its norm, what column values it has, whether it is live.
constexpr size_t kBytesADocument = 24;
// Buffers of a megabyte or two, some thirty of them, that fewer documents do not fill.
constexpr size_t kSlack = size_t{8} << 20;

// A key of its own of 70 bytes, words that no other has, with stems of their own, a text in a
// column that no other has.
Document MakeDistinct(uint32_t number) {
  const std::string digits = StrCat(number + 1'000'000);
  std::string letters;
  for (const char digit : digits) letters += static_cast<char>('a' + (digit - '0'));
  Document document =
      MakeDocument(StrCat(std::string(60, 'k'), digits), "",
                   StrCat(letters, "ing ", letters, "ed q", letters, "ings x", digits, " and so"));
  document.source = StrCat("the source of ", digits, " and of nothing else in the world");
  return document;
}

// The most that a writer with a buffer of four megabytes holds over one commit, in bytes.
size_t PeakOf(uint32_t num_docs) {
  const TempDirectory directory;
  WriterOptions options;
  options.buffer_bytes = size_t{4} << 20;
  options.threads = 1;
  const size_t before = HeldBytes();
  ResetPeak();
  const auto writer = OpenWriter(Env::Posix(), directory.Path("index"), options);
  for (uint32_t number = 0; number < num_docs; ++number) {
    AddOrDie(writer.get(), MakeDistinct(number));
  }
  EXPECT_EQ(CommitOrDie(writer.get()).num_docs, num_docs);
  return PeakBytes() - before;
}

TEST(WriterMemory, GrowsByAFewBytesADocumentAndNotWithKeysWordsOrTexts) {
  const size_t of_some = PeakOf(kSomeDocs);
  const size_t of_many = PeakOf(kManyDocs);
  EXPECT_LT(of_many, of_some + (kManyDocs - kSomeDocs) * kBytesADocument + kSlack) << of_some;
}

// A document of one long text: its words go through, they are not held.
TEST(WriterMemory, OfALargeDocumentIsSomeTimesItsSize) {
  const TempDirectory directory;
  constexpr size_t kTextBytes = size_t{8} << 20;
  std::string text;
  for (uint32_t i = 0; text.size() < kTextBytes; ++i) text += i % 7 == 0 ? "\"a\" " : "b ";
  const size_t before = HeldBytes();
  const auto writer = OpenWriter(Env::Posix(), directory.Path("index"));
  Document document = MakeDocument("long", "", std::move(text));
  ResetPeak();
  AddOrDie(writer.get(), std::move(document));
  CommitOrDie(writer.get());
  // The text and its stored form, or 8 bytes for each word of one letter, and what sections hold.
  EXPECT_LT(PeakBytes() - before, 6 * kTextBytes + (size_t{16} << 20));
}

// ---- The table of a unit's words, the largest thing in memory where they all differ
// --------------

constexpr uint32_t kWords = 600'000;

AnalyzedText DifferentWords() {
  AnalyzedText words;
  for (uint32_t i = 0; i < kWords; ++i) {
    words.terms += StrCat(i + 1'000'000);
    words.term_ends.push_back(static_cast<uint32_t>(words.terms.size()));
  }
  return words;
}

TEST(WriterMemory, ATableOfWordsThatGrowsIsNotHeldTwice) {
  constexpr size_t kSlotBytes = 24;
  constexpr size_t kSlots = size_t{1} << 21;  // at half load
  const AnalyzedText words = DifferentWords();
  std::vector<uint32_t> ids;
  ids.reserve(kWords);
  TermTable table;
  const size_t before = HeldBytes();
  ResetPeak();
  table.Intern(words, 0, &ids);
  EXPECT_EQ(table.end_id(), kWords + TermTable::kFirstId);
  EXPECT_LT(PeakBytes() - before, kSlots * kSlotBytes + 4 * words.terms.size());
}

TEST(WriterMemory, WordsAreSortedInThePlaceOfTheirTable) {
  MemoryPostings postings;
  postings.AddTokens(DifferentWords());
  postings.EndDocument();
  const size_t before = HeldBytes();
  ResetPeak();
  postings.Sort();
  EXPECT_EQ(postings.num_terms(), kWords);
  EXPECT_LE(PeakBytes(), before);
  EXPECT_LT(HeldBytes(), before / 2);
}

}  // namespace
}  // namespace ibid
