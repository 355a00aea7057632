// Every byte of every file of an index changed, every length cut, bytes appended, files removed,
// doubled and exchanged: `ibid check` must find each, and a search must give the right answer or
// DataLoss. By default each 13th place; with IBID_EVERY_BYTE set, all of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ibid/check_index.h"
#include "ibid/snippet.h"
#include "tests/fault/every_feature_index.h"
#include "tests/oracle/test_index.h"
#include "tests/support/files.h"

namespace ibid {
namespace {

constexpr char kDirectory[] = "index";

bool All() { return std::getenv("IBID_EVERY_BYTE") != nullptr; }
size_t Stride() { return All() ? 1 : 13; }

// What a query shows: keys, scores, total, and of the best hit its document and a snippet.
absl::StatusOr<std::string> Answer(const Searcher& searcher, const Query& query) {
  const absl::StatusOr<SearchResult> found = searcher.Search(query, {.limit = 20});
  if (!found.ok()) return found.status();
  const auto best = searcher.Search(query, {.limit = 3, .exact_total = false});
  if (!best.ok()) return best.status();
  std::string answer =
      absl::StrCat(found->total, "\n", HitLines(found->hits), HitLines(best->hits));
  if (found->hits.empty()) return answer;
  const absl::StatusOr<Document> document = searcher.GetDocument(found->hits[0]);
  if (!document.ok()) return document.status();
  const auto matches = searcher.Matches(*found, found->hits[0], *document, {});
  if (!matches.ok()) return matches.status();
  return absl::StrCat(answer, document->key, document->title, document->text, document->date,
                      HighlightSnippet(MakeSnippet(*document, *matches, {}), "[", "]"));
}

// The first posting of each term, as one who looks no further sees it.
absl::StatusOr<std::string> FirstPostings(const IndexReader& reader,
                                          const std::vector<std::string>& terms) {
  std::string text;
  for (const std::string& term : terms) {
    const absl::Status status = reader.ForEachPosting(term, [&text](const TermPosting& posting) {
      absl::StrAppend(&text, posting.key, " ", posting.freq, ":");
      for (const Position at : posting.positions) absl::StrAppend(&text, " ", at);
      text += '\n';
      return false;
    });
    if (!status.ok()) return status;
  }
  return text;
}

class EveryByteTest : public testing::Test {
 protected:
  void SetUp() override { Make({}); }

  void Make(const EveryFeatureOptions& options) {
    files_ = MakeEveryFeatureIndex(options, &older_);
    queries_.clear();
    answers_.clear();
    total_bytes_ = 0;
    WriteIndexFiles(env_.get(), kDirectory, files_);
    const auto reader = IndexReader::Open(kDirectory, env_.get());
    ASSERT_TRUE(reader.ok()) << reader.status();
    for (const std::string& text : EveryFeatureQueries()) {
      queries_.push_back(ParseFor(**reader, text));
      const auto answer = Answer(Searcher(*reader), queries_.back());
      ASSERT_TRUE(answer.ok()) << text << ": " << answer.status();
      ASSERT_FALSE(answer->starts_with("0\n")) << text << " should match something";
      answers_.push_back(*answer);
    }
    terms_.clear();
    size_t num_terms = 0;
    const absl::Status walked = (*reader)->ForEachTerm("", [&](const TermStats& term) {
      if (num_terms++ % 29 == 0) terms_.push_back(term.term);
      return true;
    });
    ASSERT_TRUE(walked.ok()) << walked;
    first_postings_ = *FirstPostings(**reader, terms_);
    for (const auto& [name, bytes] : files_) total_bytes_ += bytes.size();
    const CheckReport report = *CheckIndex(kDirectory, env_.get());
    ASSERT_TRUE(report.problems.empty()) << report.problems[0];
  }

  // A version that another program would have to write is refused, which is as good.
  bool CheckFindsIt() {
    const absl::StatusOr<CheckReport> report = CheckIndex(kDirectory, env_.get());
    return !report.ok() || !report->problems.empty() || !report->warnings.empty();
  }

  // "" or which query gave something else than its answer or an error of the index.
  std::string WrongAnswer() {
    ++num_damages_;
    const auto reader = IndexReader::Open(kDirectory, env_.get());
    if (!reader.ok()) return OtherError(reader.status());
    const absl::StatusOr<std::string> postings = FirstPostings(**reader, terms_);
    if (postings.ok() && *postings != first_postings_) return "postings: " + *postings;
    if (!postings.ok() && !absl::IsDataLoss(postings.status())) return postings.status().ToString();
    const Searcher searcher(*reader);
    for (size_t i = 0; i < queries_.size(); ++i) {
      const absl::StatusOr<std::string> answer = Answer(searcher, queries_[i]);
      if (answer.ok() && *answer != answers_[i]) return EveryFeatureQueries()[i] + ": " + *answer;
      if (!answer.ok() && !absl::IsDataLoss(answer.status())) return answer.status().ToString();
      ++(answer.ok() ? num_right_ : num_refused_);
    }
    return "";
  }

  std::string OtherError(const absl::Status& status) {
    num_refused_ += queries_.size();
    const bool named =
        absl::IsDataLoss(status) || absl::IsNotFound(status) || absl::IsFailedPrecondition(status);
    return named ? "" : status.ToString();
  }

  void ExpectFoundAndNeverWrong(const std::string& what) {
    if (!CheckFindsIt()) {
      ++num_unseen_;
      ADD_FAILURE() << what << ": check sees nothing";
    }
    const std::string wrong = WrongAnswer();
    if (!wrong.empty()) {
      ++num_wrong_;
      ADD_FAILURE() << what << ": " << wrong;
    }
  }

  // Changes one byte in each `stride` of each file; `each`: in all three ways, else in one.
  void ChangeBytes(size_t stride, bool each) {
    for (const auto& [name, sound] : files_) {
      const std::string path = absl::StrCat(kDirectory, "/", name);
      std::string damaged = sound;
      for (size_t at = 0; at < sound.size(); at += stride) {
        const auto byte = static_cast<unsigned char>(sound[at]);
        const unsigned changes[] = {byte ^ 0xffu, byte ^ (1u << at % 8), 0u};
        for (size_t i = 0; i < 3; ++i) {
          if (changes[i] == byte || (!each && i != at / stride % 3)) continue;
          damaged[at] = static_cast<char>(changes[i]);
          WriteFileOrDie(env_.get(), path, damaged);
          ExpectFoundAndNeverWrong(absl::StrCat(name, ": byte ", at, " to ", changes[i]));
        }
        damaged[at] = sound[at];
      }
      WriteFileOrDie(env_.get(), path, sound);
    }
  }

  void TearDown() override {
    std::cout << "figures: index of " << files_.size() << " files, " << total_bytes_
              << " bytes: " << num_damages_ << " damages, " << num_unseen_ << " unseen by check, "
              << num_wrong_ << " with a wrong answer; queries answered rightly " << num_right_
              << ", refused " << num_refused_ << "\n";
  }

  std::unique_ptr<Env> env_ = NewMemoryEnv();
  IndexFiles files_, older_;
  std::vector<Query> queries_;
  std::vector<std::string> answers_;
  std::vector<std::string> terms_;  // some of each kind
  std::string first_postings_;
  uint64_t total_bytes_ = 0, num_damages_ = 0, num_unseen_ = 0, num_wrong_ = 0;
  uint64_t num_right_ = 0, num_refused_ = 0;
};

TEST_F(EveryByteTest, TheIndexUsesEveryFeature) {
  const auto reader = IndexReader::Open(kDirectory, env_.get());
  ASSERT_TRUE(reader.ok());
  const IndexInfo info = (*reader)->Info();
  EXPECT_EQ(info.segments.size(), 2u);
  EXPECT_GT(info.segments[0].num_deleted, 0u);
  EXPECT_GT(info.segments[1].num_deleted, 0u);
  EXPECT_GT(info.num_pairs, 0u);
  EXPECT_EQ(info.columns.size(), 6u);
  EXPECT_GT(total_bytes_, 60000u);
  EXPECT_LT(total_bytes_, 80000u);
}

TEST_F(EveryByteTest, AChangedByteIsFoundAndNeverChangesAnAnswer) { ChangeBytes(Stride(), All()); }

// Opening looks at a piece of each 16 KiB of a small index. Of a larger one most are first looked
// at by a query, or never: many answers are right in spite of the damage.
TEST_F(EveryByteTest, AChangedByteThatOpeningDoesNotSeeNeverChangesAnAnswer) {
  Make({.first_docs = 3000, .second_docs = 600, .rare_words = 3000, .max_text_words = 60});
  ChangeBytes(All() ? 211 : 15013, All());
  EXPECT_GT(num_right_, num_damages_);
  EXPECT_GT(num_refused_, num_damages_);
}

TEST_F(EveryByteTest, AFileCutAnywhereIsFoundAndNeverChangesAnAnswer) {
  for (const auto& [name, sound] : files_) {
    const std::string path = absl::StrCat(kDirectory, "/", name);
    for (size_t size = 0; size < sound.size(); size += Stride()) {
      WriteFileOrDie(env_.get(), path, std::string_view(sound).substr(0, size));
      ExpectFoundAndNeverWrong(absl::StrCat(name, ": cut to ", size));
    }
    WriteFileOrDie(env_.get(), path, sound);
  }
}

TEST_F(EveryByteTest, AppendedBytesAreFoundAndNeverChangeAnAnswer) {
  for (const auto& [name, sound] : files_) {
    const std::string path = absl::StrCat(kDirectory, "/", name);
    for (size_t more = 1; more <= 4096; more += 1 + 7 * Stride()) {
      for (const char byte : {'\0', 'I'}) {
        WriteFileOrDie(env_.get(), path, sound + std::string(more, byte));
        ExpectFoundAndNeverWrong(absl::StrCat(name, ": ", more, " bytes more"));
      }
    }
    WriteFileOrDie(env_.get(), path, sound + sound);
    ExpectFoundAndNeverWrong(name + ": its bytes twice");
    WriteFileOrDie(env_.get(), path, sound);
  }
}

TEST_F(EveryByteTest, ARemovedFileIsFoundAndNeverChangesAnAnswer) {
  for (const auto& [name, sound] : files_) {
    IndexFiles files = files_;
    files.erase(name);
    WriteIndexFiles(env_.get(), kDirectory, files);
    ExpectFoundAndNeverWrong(name + ": removed");
  }
}

TEST_F(EveryByteTest, ADoubledFileIsFoundAndNeverChangesAnAnswer) {
  for (const auto& [name, sound] : files_) {
    IndexFiles files = files_;
    files[name.starts_with("live_") ? "live_0000000001_77.ibid" : "seg_0000000077.ibid"] = sound;
    WriteIndexFiles(env_.get(), kDirectory, files);
    ExpectFoundAndNeverWrong(name + ": doubled");
  }
}

TEST_F(EveryByteTest, AFileInTheNameOfAnotherIsFoundAndNeverChangesAnAnswer) {
  IndexFiles all = older_;
  all.insert(files_.begin(), files_.end());
  for (const auto& [name, sound] : files_) {
    for (const auto& [other, bytes] : all) {
      if (bytes == sound || name == "MANIFEST") continue;
      IndexFiles files = files_;
      files[name] = bytes;
      if (files.contains(other)) files[other] = sound;  // the two exchanged
      WriteIndexFiles(env_.get(), kDirectory, files);
      ExpectFoundAndNeverWrong(absl::StrCat(name, " and ", other, " exchanged"));
    }
  }
}

TEST_F(EveryByteTest, AFileOfAnOlderGenerationIsFoundAndNeverChangesAnAnswer) {
  for (const auto& [name, sound] : files_) {
    for (const auto& [other, bytes] : older_) {
      if (bytes == sound) continue;
      IndexFiles files = files_;
      files[name] = bytes;
      WriteIndexFiles(env_.get(), kDirectory, files);
      ExpectFoundAndNeverWrong(absl::StrCat(name, " from ", other, " of the commit before"));
    }
  }
}

}  // namespace
}  // namespace ibid
