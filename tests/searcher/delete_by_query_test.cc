// How ibid/index_writer.h says that one deletes what matches a query.
#include <string>

#include "common/base/status_macros.h"
#include "gtest/gtest.h"
#include "ibid/index_reader.h"
#include "ibid/index_writer.h"
#include "ibid/query.h"
#include "ibid/searcher.h"

namespace ibid {
namespace {

// The header's recipe, line by line.
absl::Status DeleteMatching(Env* env, const Query& query) {
  ASSIGN_OR_RETURN(auto writer, IndexWriter::Open("index", {}, env));
  ASSIGN_OR_RETURN(auto reader, IndexReader::Open("index", env));
  EXPECT_EQ(reader->generation(), writer->generation());
  SearchOptions all{.limit = reader->num_docs()};
  all.limits.max_results = reader->num_docs();
  all.limits.timeout_seconds = 0;
  ASSIGN_OR_RETURN(SearchResult found, Searcher(reader).Search(query, all));
  if (found.partial) return absl::ResourceExhaustedError("cut");
  for (const Hit& hit : found.hits) RETURN_IF_ERROR(writer->Delete(hit.key).status());
  return writer->Commit().status();
}

TEST(DeleteByQuery, TheRecipeDeletesAllThatMatchesOrNothing) {
  const auto env = NewMemoryEnv();
  {
    const auto writer = IndexWriter::Open("index", {}, env.get());
    ASSERT_TRUE(writer.ok()) << writer.status();
    for (int i = 0; i < 1100; ++i) {
      const std::string number = std::to_string(10000 + i);
      const std::string text = (i % 2 == 0 ? "even n" : "odd n") + number;
      ASSERT_TRUE((*writer)->Add({.key = number, .text = text}).ok());
    }
    ASSERT_TRUE((*writer)->Commit().ok());
  }
  const auto num_docs = [&] { return (*IndexReader::Open("index", env.get()))->num_docs(); };
  const auto query = [](const char* text) { return ParseQuery(text, {})->query; };
  EXPECT_TRUE(absl::IsResourceExhausted(DeleteMatching(env.get(), query("n*"))))
      << "more words than a wildcard may stand for";
  EXPECT_EQ(num_docs(), 1100u);
  EXPECT_TRUE(DeleteMatching(env.get(), query("even")).ok());
  EXPECT_EQ(num_docs(), 550u);
  EXPECT_TRUE(DeleteMatching(env.get(), query("odd")).ok());
  EXPECT_EQ(num_docs(), 0u);
  EXPECT_TRUE(DeleteMatching(env.get(), query("odd")).ok()) << "of nothing";
}

}  // namespace
}  // namespace ibid
