// An index whose documents were put in another order answers as before: keys, scores, totals, pages
// of hits, matches and snippets.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ibid/check_index.h"
#include "ibid/snippet.h"
#include "tests/oracle/random_stories.h"
#include "tests/oracle/test_index.h"
#include "tests/oracle/wire_stories.h"

namespace ibid {
namespace {

constexpr uint64_t kSeed = 3107;
// Words of which each stands in a part of the documents: what their order is chosen by.
constexpr size_t kNumTopics = 29;

std::vector<Document> TopicalStories() {
  RandomStories random(kSeed, 16);
  std::vector<Document> stories;
  for (size_t i = 0; i < 1300; ++i) {
    Document story = random.Story("story" + std::to_string(i * 37 % 1300));
    story.text += " topic" + std::to_string(i % kNumTopics);
    stories.push_back(std::move(story));
  }
  return stories;
}

// The wire stories, each paragraph a document.
std::vector<Document> WireParagraphs() {
  std::vector<Document> paragraphs;
  for (const Document& story : WireStories()) {
    std::string_view text = story.text;
    for (size_t number = 0; !text.empty(); ++number) {
      const std::string_view paragraph = text.substr(0, text.find('\n'));
      text.remove_prefix(std::min(paragraph.size() + 1, text.size()));
      if (paragraph.empty()) continue;
      paragraphs.push_back({.key = story.key + "/" + std::to_string(number),
                            .title = story.title,
                            .text = std::string(paragraph),
                            .date = story.date});
    }
  }
  return paragraphs;
}

// Commits in parts, then deletes some.
void Fill(const std::vector<Document>& documents, TestIndex* index) {
  for (size_t i = 0; i < documents.size(); ++i) {
    index->Add(documents[i]);
    if (i % 500 == 499) index->Commit();
  }
  index->Commit();
  for (size_t i = 0; i < documents.size(); i += 13) index->Delete(documents[i].key);
  index->Commit();
}

std::string Answers(const Searcher& searcher, const std::string& query) {
  std::string lines;
  for (const size_t limit : {3u, 1000u}) {
    const SearchResult result = SearchAll(searcher, query, {.limit = limit});
    lines += "total " + std::to_string(result.total) + "\n" + HitLines(result.hits);
  }
  return lines;
}

// Of the first hit.
std::string SnippetOf(const Searcher& searcher, const std::string& text) {
  const Query query = ParseFor(*searcher.reader(), text);
  const auto result = searcher.Search(query, {.limit = 1});
  if (!result.ok() || result->hits.empty()) return "none";
  const auto document = searcher.GetDocument(result->hits[0]);
  if (!document.ok()) return "failed";
  const auto matches = searcher.Matches(query, result->hits[0], *document, {});
  if (!matches.ok()) return "failed";
  return HighlightSnippet(MakeSnippet(*document, *matches, {}), "[", "]");
}

void ExpectSameAnswersInAnyOrder(const std::vector<Document>& documents,
                                 const std::vector<std::string>& queries) {
  TestIndex kept, reordered({}, 2);
  Fill(documents, &kept);
  Fill(documents, &reordered);
  kept.MergeToOne();
  EXPECT_EQ(reordered.MergeToOne(DocumentOrder::kBySharedWords).order_note, "");
  const auto report = CheckIndex(reordered.directory(), reordered.env());
  ASSERT_TRUE(report.ok() && report->problems.empty());
  const Searcher expected(kept.Reader()), found(reordered.Reader());
  ASSERT_EQ(found.reader()->Info().segments.size(), 1u);
  size_t num_snippets = 0;
  for (const std::string& query : queries) {
    ASSERT_EQ(Answers(found, query), Answers(expected, query)) << query;
    const std::string snippet = SnippetOf(expected, query);
    ASSERT_EQ(SnippetOf(found, query), snippet) << query;
    num_snippets += snippet.find('[') != std::string::npos ? 1 : 0;
  }
  EXPECT_GT(num_snippets, queries.size() / 4);
}

TEST(ReorderedIndex, AnswersRandomQueriesAsBefore) {
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  RandomStories random(kSeed + 1, 16);
  std::vector<std::string> queries;
  for (size_t i = 0; i < 120; ++i) queries.push_back(random.AnyQuery(1 + i % 3));
  ExpectSameAnswersInAnyOrder(TopicalStories(), queries);
}

TEST(ReorderedIndex, AnswersQueriesOverWireStoriesAsBefore) {
  const std::vector<Document> paragraphs = WireParagraphs();
  ASSERT_GT(paragraphs.size(), 600u);
  ExpectSameAnswersInAnyOrder(
      paragraphs, {"said", "the minister", "\"said the\"", "\"of the\"", "\"in the\" AND said",
                   "government OR police", "police NEAR/8 said", "the AND government AND said",
                   "quote:the", "title:the", "\"the government\"~3", "said -police", "govern*"});
}

}  // namespace
}  // namespace ibid
