// Queries and documents made to cost as much as they can: each is answered, or refused by the name
// of a limit; with the limits out of the way its cost grows in proportion to its size; and what it
// took is printed. Sizes of a tenth; with IBID_FULL_SIZE set, those of docs/RELIABILITY.md.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/strings.h"
#include "ibid/index_reader.h"
#include "ibid/index_writer.h"
#include "ibid/query.h"
#include "ibid/searcher.h"
#include "tests/fault/measured.h"
#include "tests/support/temp_directory.h"

namespace ibid {
namespace {

constexpr size_t kVocabulary = 20000;
// Four times the size may take so many times the processor time: linear is 4, quadratic 16. Looked
// at in full size only, where there is enough to measure.
constexpr double kMostGrowth = 9;
constexpr double kMeasurable = 0.1;

bool IsFullSize() { return std::getenv("IBID_FULL_SIZE") != nullptr; }
size_t Sized(size_t full) { return IsFullSize() ? full : full / 10; }

bool IsInstrumented() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return true;
#else
  return false;
#endif
}

bool IsMeasurable(const Measured& took) {
  return IsFullSize() && !IsInstrumented() && took.cpu_seconds >= kMeasurable;
}

std::string Repeat(std::string_view piece, size_t times) {
  std::string text;
  text.reserve(piece.size() * times);
  for (size_t i = 0; i < times; ++i) text += piece;
  return text;
}

// w0 w1 ... or whatever `piece` makes of a number.
std::string Numbered(size_t count, const std::function<std::string(size_t)>& piece) {
  std::string text;
  for (size_t i = 0; i < count; ++i) text += piece(i);
  return text;
}

std::string Word(size_t i) { return StrCat("w", i % kVocabulary); }

void Print(const std::string& name, const Measured& took) {
  std::printf("figures: %s: %.3f s of processor, %.3f s, %.1f MB: %s\n", name.c_str(),
              took.cpu_seconds, took.wall_seconds, static_cast<double>(took.peak_bytes) / 1e6,
              took.result.c_str());
  std::fflush(stdout);
}

// ---- Queries -----------------------------------------------------------------------------------

class HostileQueries : public testing::Test {
 protected:
  // 200 documents of 1,000 words.
  static void SetUpTestSuite() {
    env_ = NewMemoryEnv();
    auto writer = *IndexWriter::Open("index", {.threads = 1}, env_.get());
    size_t number = 0;
    for (int doc = 0; doc < 200; ++doc) {
      std::string text = "a b c ";
      for (int i = 0; i < 1000; ++i) text += Word(number = (number * 31 + 7919) % 1000003) + " ";
      ASSERT_TRUE(writer->Add({.key = StrCat("doc", doc), .text = text}).ok());
    }
    ASSERT_TRUE(writer->Commit().ok());
    reader_ = *IndexReader::Open("index", env_.get());
  }
  static void TearDownTestSuite() { reader_ = nullptr; }

  static QueryLimits NoLimits() {
    QueryLimits none;
    none.max_query_bytes = none.max_clauses = none.max_phrase_terms = size_t{1} << 40;
    none.max_nesting = kDeepestNesting;
    return none;
  }

  // "answered" with how many documents, or "refused" and why.
  static std::string Outcome(const std::string& text, const QueryLimits& limits,
                             size_t memory_bytes = SearchLimits().memory_bytes) {
    ParseOptions parsing;
    parsing.limits = limits;
    const auto parsed = ParseQuery(text, parsing);
    if (!parsed.ok()) return StrCat("refused: ", FirstLine(parsed.status()));
    SearchOptions options;
    options.query_limits = limits;
    options.limits.memory_bytes = memory_bytes;
    const auto found = Searcher(reader_).Search(parsed->query, options);
    if (!found.ok()) return StrCat("refused: ", FirstLine(found.status()));
    return StrCat(found->partial ? "answered in part, " : "answered, ", found->total, " found");
  }

  static std::string FirstLine(const absl::Status& status) {
    const std::string_view message = MessageOf(status);
    return std::string(message.substr(0, std::min<size_t>(message.find('\n'), 200)));
  }

  // `make` gives the query of a size.
  static void Try(const std::string& name, size_t size,
                  const std::function<std::string(size_t)>& make) {
    SCOPED_TRACE(name);
    const std::string text = make(size);
    const Measured by_default = InChild([&] { return Outcome(text, {}); });
    Print(StrCat("query, ", name), by_default);
    ExpectAnswerOrNamedLimit(by_default);
    const Measured lifted = InChild([&] { return Outcome(text, NoLimits()); });
    Print(StrCat("query, ", name, ", limits of the query lifted"), lifted);
    ExpectAnswerOrNamedLimit(lifted);
    if (!IsMeasurable(lifted)) return;
    const std::string quarter_text = make(size / 4);
    const Measured quarter = InChild([&] { return Outcome(quarter_text, NoLimits()); });
    EXPECT_LT(lifted.cpu_seconds, kMostGrowth * std::max(quarter.cpu_seconds, kMeasurable / 4));
  }

  // The same with as much memory as it wants.
  static void TryWithMemory(const std::string& name, size_t size,
                            const std::function<std::string(size_t)>& make) {
    Try(name, size, make);
    SCOPED_TRACE(name);
    const auto answer = [&](size_t n) {
      const std::string text = make(n);
      return InChild([&] { return Outcome(text, NoLimits(), size_t{1} << 40); });
    };
    const Measured whole = answer(size);
    Print(StrCat("query, ", name, ", that of memory too"), whole);
    EXPECT_TRUE(whole.ended_well);
    EXPECT_THAT(whole.result, testing::StartsWith("answered"));
    if (!IsMeasurable(whole)) return;
    EXPECT_LT(whole.cpu_seconds,
              kMostGrowth * std::max(answer(size / 4).cpu_seconds, kMeasurable / 4));
  }

  static void ExpectAnswerOrNamedLimit(const Measured& took) {
    EXPECT_TRUE(took.ended_well);
    EXPECT_THAT(took.result,
                testing::AnyOf(testing::HasSubstr("answered"), testing::HasSubstr("limit")));
    // The words' memory has a limit of its own; a query of 1 MB is read into a tree besides.
    if (!IsInstrumented()) {
      EXPECT_LT(took.peak_bytes, uint64_t{256} << 20);
    }
  }

  static inline std::unique_ptr<Env> env_;
  static inline std::shared_ptr<const IndexReader> reader_;
};

TEST_F(HostileQueries, AreAnsweredOrRefusedByTheNameOfALimit) {
  TryWithMemory("20,000 words", Sized(20000),
                [](size_t n) { return Numbered(n, [](size_t i) { return Word(i) + " "; }); });
  TryWithMemory("20,000 words with OR", Sized(20000), [](size_t n) {
    return Numbered(n, [](size_t i) { return (i == 0 ? "" : " OR ") + Word(i); });
  });
  TryWithMemory("20,000 words with AND", Sized(20000), [](size_t n) {
    return Numbered(n, [](size_t i) { return (i == 0 ? "" : " AND ") + Word(i); });
  });
  TryWithMemory("a phrase of 100,000 words", Sized(100000), [](size_t n) {
    return "\"" + Numbered(n, [](size_t i) { return Word(i) + " "; }) + "\"";
  });
  Try("a phrase of 20,000 times one word", Sized(20000),
      [](size_t n) { return "\"" + Repeat("a ", n) + "\"~9"; });
  Try("10,000 wildcards", Sized(10000),
      [](size_t n) { return Numbered(n, [](size_t i) { return StrCat("w", i % 1000, "* "); }); });
  Try("3,000 times one wildcard", Sized(3000), [](size_t n) { return Repeat("w* ", n); });
  Try("10,000 wildcards in front", Sized(10000),
      [](size_t n) { return Numbered(n, [](size_t i) { return StrCat("*", i % 1000, " "); }); });
  Try("10,000 fuzzy words", Sized(10000),
      [](size_t n) { return Numbered(n, [](size_t i) { return Word(i) + "~ "; }); });
}

// Words by the hundred, some of them twice.
TEST_F(HostileQueries, OfManyWordsHaveTheAnswersOfAnExhaustiveSearch) {
  for (const char* joint : {" ", " OR ", " AND "}) {
    for (const size_t count : {31, 33, 200, 1000}) {
      const std::string text = Numbered(count, [&](size_t i) {
        return (i == 0 ? "" : joint) + (i % 3 == 0 ? "a" : Word(i % 7 == 0 ? i / 2 : i * 13));
      });
      const auto parsed = ParseQuery(text, {});
      ASSERT_TRUE(parsed.ok()) << parsed.status();
      std::string answers[2];
      for (const bool prune : {false, true}) {
        SearchOptions options;
        options.prune = prune;
        const auto found = Searcher(reader_).Search(parsed->query, options);
        ASSERT_TRUE(found.ok()) << found.status();
        answers[prune ? 1 : 0] = StrCat(found->total, "\n");
        for (const Hit& hit : found->hits) {
          answers[prune ? 1 : 0] += StrCat(hit.key, " ", std::to_string(hit.score), "\n");
        }
      }
      EXPECT_EQ(answers[0], answers[1]) << count << joint;
    }
  }
}

TEST_F(HostileQueries, OfAMegabyteAreToo) {
  const size_t megabyte = Sized(1 << 20);
  Try("1 MB of words", megabyte, [](size_t n) {
    return Numbered(n / 7, [](size_t i) { return StrCat("w", 10000 + i % 10000, " "); });
  });
  Try("1 MB of parentheses", megabyte, [](size_t n) { return Repeat("(", n); });
  Try("1 MB of nested parentheses", megabyte,
      [](size_t n) { return Repeat("(", n / 2) + "a" + Repeat(")", n / 2); });
  Try("1 MB of quotation marks", megabyte, [](size_t n) { return Repeat("\"", n); });
  Try("1 MB of NOT", megabyte, [](size_t n) { return Repeat("NOT ", n / 4) + "a"; });
  Try("1 MB of NEAR", megabyte, [](size_t n) { return Repeat("a NEAR ", n / 7) + "b"; });
  Try("1 MB of nested NEAR", megabyte,
      [](size_t n) { return Repeat("(a NEAR ", n / 18) + "b" + Repeat(" ADJ/9 c)", n / 18); });
  Try("1 MB of ranges", megabyte, [](size_t n) { return Repeat("date:2015..2016 ", n / 16); });
  Try("1 MB of boosts", megabyte, [](size_t n) { return "a" + Repeat("^2", n / 2); });
  Try("1 MB of one word", megabyte, [](size_t n) { return Repeat("w", n); });
  Try("1 MB of stars", megabyte, [](size_t n) { return Repeat("*", n); });
  Try("1 MB of NULs", megabyte, [](size_t n) { return std::string(n, '\0'); });
  Try("1 MB of no UTF-8", megabyte, [](size_t n) { return std::string(n, '\xff'); });
}

// ---- Documents ---------------------------------------------------------------------------------

constexpr size_t kDocumentBytes = 20000000;

// Indexes a text as one document of a new index on disk.
std::string IndexOne(std::string text) {
  const TempDirectory place;
  auto writer = IndexWriter::Open(place.Path("index"), {.threads = 2});
  if (!writer.ok()) return writer.status().ToString();
  const auto added = (*writer)->Add({.key = "a", .text = std::move(text)});
  if (!added.ok()) return StrCat("refused: ", MessageOf(added.status()));
  const auto committed = (*writer)->Commit();
  if (!committed.ok()) return StrCat("failed: ", MessageOf(committed.status()));
  const auto reader = IndexReader::Open(place.Path("index"));
  if (!reader.ok()) return StrCat("failed: ", MessageOf(reader.status()));
  return StrCat("indexed, ", (*reader)->Info().num_terms, " different words of ",
                (*reader)->Info().num_tokens);
}

void TryDocument(const std::string& name, const std::function<std::string(size_t)>& make) {
  SCOPED_TRACE(name);
  const size_t bytes = Sized(kDocumentBytes);
  const auto index = [&make](size_t size) {
    return InChild([&make, size] { return IndexOne(make(size)); });
  };
  const Measured took = index(bytes);
  Print(StrCat("document of ", HumanBytes(bytes), ", ", name), took);
  EXPECT_TRUE(took.ended_well);
  EXPECT_THAT(took.result, testing::HasSubstr("indexed"));
  if (IsInstrumented()) return;
  EXPECT_LT(took.peak_bytes, WriterOptions().buffer_bytes + bytes);
  if (!IsMeasurable(took)) return;
  EXPECT_LT(took.cpu_seconds,
            kMostGrowth * std::max(index(bytes / 4).cpu_seconds, kMeasurable / 4));
}

TEST(HostileDocuments, AreIndexedInTimeAndMemoryInProportion) {
  TryDocument("one word", [](size_t n) { return std::string(n, 'x'); });
  TryDocument("NULs", [](size_t n) { return std::string(n, '\0'); });
  TryDocument("no UTF-8", [](size_t n) { return std::string(n, '\xff'); });
  TryDocument("different words", [](size_t n) {
    return Numbered(n / 8, [](size_t i) { return StrCat(1000000 + i, " "); });
  });
  TryDocument("one letter again and again", [](size_t n) { return Repeat("a ", n / 2); });
  TryDocument("marks on one letter", [](size_t n) { return "a" + Repeat("\u0301", n / 2); });
  TryDocument("quotation marks", [](size_t n) { return Repeat("\"a\" ", n / 4); });
  TryDocument("paragraphs", [](size_t n) { return Repeat("a.\n\n", n / 4); });
}

}  // namespace
}  // namespace ibid
