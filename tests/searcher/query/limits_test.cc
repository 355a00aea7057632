// Every limit of a query at its edge and one past it; hostile texts end quickly.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "common/base/strings.h"
#include "ibid/query.h"
#include "searcher/query/ast.h"

namespace ibid {
namespace {

std::string Repeat(std::string_view piece, size_t count) {
  std::string out;
  for (; count > 0; --count) out += piece;
  return out;
}

std::string MessageFor(const std::string& text, const ParseOptions& options = {}) {
  const auto parsed = ParseQuery(text, options);
  if (parsed.ok()) return "ok";
  EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(MessageOf(parsed.status()));
}

TEST(QueryLimits, BytesAreLimited) {
  EXPECT_EQ(MessageFor(std::string(65536, 'a')), "ok");
  EXPECT_EQ(MessageFor(std::string(65537, 'a')),
            "query: 65,537 bytes, limit 65,536 (--max-query-bytes)");
  EXPECT_EQ(MessageFor(std::string(1 << 20, '(')),
            "query: 1,048,576 bytes, limit 65,536 (--max-query-bytes)");
}

TEST(QueryLimits, ClausesAreLimited) {
  EXPECT_EQ(MessageFor(Repeat("a ", 1024)), "ok");
  EXPECT_EQ(MessageFor(Repeat("a ", 5210)), "query: 5,210 clauses, limit 1,024 (--max-clauses)");
}

TEST(QueryLimits, ClausesThatFieldsMultiplyAreLimited) {
  EXPECT_EQ(MessageFor("title,text:(" + Repeat("a ", 512) + ")"), "ok");
  EXPECT_EQ(MessageFor("title,text:(" + Repeat("a ", 513) + ")"),
            "query: 1,026 clauses, limit 1,024 (--max-clauses)");
}

TEST(QueryLimits, ClausesThatSynonymsAddAreLimited) {
  ParseOptions options;
  options.synonyms = {{}};
  for (int i = 0; i < 600; ++i) options.synonyms[0].push_back("w" + std::to_string(i));
  EXPECT_EQ(MessageFor("~w1", options), "ok");
  EXPECT_EQ(MessageFor("~w1 ~w2", options), "query: 1,200 clauses, limit 1,024 (--max-clauses)");
}

TEST(QueryLimits, ParenthesesAreLimited) {
  EXPECT_EQ(MessageFor(Repeat("(", 64) + "a" + Repeat(")", 64)), "ok");
  EXPECT_EQ(MessageFor(Repeat("(", 65) + "a" + Repeat(")", 65)),
            "query: 65 levels of nesting, limit 64 (--max-nesting)");
}

TEST(QueryLimits, NestingWithoutParenthesesIsLimited) {
  EXPECT_EQ(MessageFor(Repeat("NOT ", 63) + "a"), "ok");
  EXPECT_EQ(MessageFor(Repeat("NOT ", 64) + "a"),
            "query: 65 levels of nesting, limit 64 (--max-nesting)");
  EXPECT_EQ(MessageFor("a" + Repeat(" AND b NOT c", 40)),
            "query: 65 levels of nesting, limit 64 (--max-nesting)");
}

TEST(QueryLimits, OperatorsByTheMillionBuildNoTree) {
  ParseOptions options;
  options.limits.max_query_bytes = 10'000'000;
  for (const std::string& operators : {Repeat("NOT ", 1'000'000), Repeat("-", 1'000'000)}) {
    const auto parsed = ParseQuery(operators + "a", options);
    if (parsed.ok()) continue;  // read as something else
    EXPECT_EQ(parsed.status().message(), "query: 65 levels of nesting, limit 64 (--max-nesting)");
  }
}

TEST(QueryLimits, WordsOfAPhraseAreLimited) {
  EXPECT_EQ(MessageFor("\"" + Repeat("a ", 64) + "\""), "ok");
  EXPECT_EQ(MessageFor("\"" + Repeat("a ", 65) + "\""),
            "query: 65 words in one phrase, limit 64 (--max-phrase-terms)");
  EXPECT_EQ(MessageFor("p\"x (" + Repeat("a|", 63) + "b)\""),
            "query: 65 words in one phrase, limit 64 (--max-phrase-terms)");
}

TEST(QueryLimits, OperandsOfOneNearAreLimited) {
  EXPECT_EQ(MessageFor("a" + Repeat(" NEAR a", 63)), "ok");
  EXPECT_EQ(MessageFor("a" + Repeat(" NEAR a", 64)),
            "query: 65 operands of one NEAR, limit 64 (--max-phrase-terms)");
  EXPECT_EQ(MessageFor("(a" + Repeat(" AND a", 64) + ") NEAR b"),
            "query: 65 operands of one NEAR, limit 64 (--max-phrase-terms)");
}

TEST(QueryLimits, DistancesAreLimited) {
  EXPECT_EQ(MessageFor("a NEAR/1000000 b"), "ok");
  EXPECT_EQ(MessageFor("a NEAR/1000001 b"),
            "query: 1,000,001 words of distance, limit 1,000,000 (--max-distance)");
  EXPECT_EQ(MessageFor("\"a b\"~1000000"), "ok");
  EXPECT_EQ(MessageFor("\"a b\"~1000001"),
            "query: 1,000,001 words of distance, limit 1,000,000 (--max-distance)");
  EXPECT_NE(MessageFor("a NEAR/99999999999999999999999 b"), "ok");
}

TEST(QueryLimits, CallersMaySetOthers) {
  ParseOptions options;
  options.limits.max_clauses = 2;
  options.limits.max_nesting = 1;
  EXPECT_EQ(MessageFor("a", options), "ok");
  EXPECT_EQ(MessageFor("a b c", options), "query: 3 clauses, limit 2 (--max-clauses)");
  EXPECT_EQ(MessageFor("a b", options), "query: 2 levels of nesting, limit 1 (--max-nesting)");
}

TEST(QueryLimits, TheDeepestNestingThatMayBeAllowedIsSaid) {
  ParseOptions options;
  options.limits.max_nesting = kDeepestNesting;
  EXPECT_EQ(MessageFor(Repeat("(", 1000) + "a" + Repeat(")", 1000), options), "ok");
  EXPECT_EQ(MessageFor(Repeat("NOT ", 1000) + "a", options),
            "query: 1,001 levels of nesting, limit 1,000 (--max-nesting)");
  options.limits.max_nesting = kDeepestNesting + 1;
  EXPECT_EQ(MessageFor("a", options), "max_nesting: at most 1,000 expected");
}

TEST(QueryLimits, NotesAreLimitedToo) {
  const auto parsed = ParseQuery(std::string(60000, ')'), {});
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->notes.size(), 33u);
  EXPECT_EQ(parsed->notes.back().code, "more-notes");
}

// With limits out of the way a hostile text of 256 KB has to be read in one pass: what is quadratic
// would not end within the test's time.
TEST(QueryLimits, HostileTextsTakeLinearTime) {
  const std::string_view pieces[] = {"(",
                                     ")",
                                     "\"",
                                     "\"\"",
                                     "a ",
                                     "NEAR ",
                                     "NOT ",
                                     "- ",
                                     "-",
                                     "[",
                                     "[\"a ",
                                     "~",
                                     "^1",
                                     "a~",
                                     "title:",
                                     "foo:",
                                     "a,",
                                     "|",
                                     "\\",
                                     "\u201c",
                                     "\u201ca\" ",
                                     "\u201d ",
                                     "p\"(a|",
                                     "/a/ ",
                                     "*",
                                     "?",
                                     "a AND ",
                                     "..",
                                     "@2",
                                     "()",
                                     "\"\" ",
                                     "a^2^2",
                                     "[a TO ",
                                     "NEAR/",
                                     "\xe2",
                                     "date:x ",
                                     "title:(",
                                     "x:y:",
                                     "+a",
                                     "\u201c\\\u201d ",
                                     "a NEAR b ADJ "};
  ParseOptions options;
  options.limits.max_query_bytes = size_t{64} << 20;
  for (std::string_view piece : pieces) {
    const std::string text = Repeat(piece, (size_t{256} << 10) / piece.size());
    const absl::Status status = ParseQuery(text, options).status();
    EXPECT_TRUE(status.ok() || status.code() == absl::StatusCode::kInvalidArgument) << piece;
  }
}

}  // namespace
}  // namespace ibid
