// Any bytes as a sequence of what one may do to an index: add, replace, delete, commit, roll back,
// merge, reopen, ask. A map of documents says what must be there, the oracle what is found.

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "ibid/check_index.h"
#include "ibid/index_reader.h"
#include "ibid/index_writer.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/oracle/naive_engine.h"
#include "tests/oracle/random_stories.h"
#include "tests/oracle/test_index.h"

namespace ibid {
namespace {

constexpr char kDirectory[] = "index";
constexpr size_t kMostOperations = 60;
constexpr size_t kMostQueries = 6;

class Session {
 public:
  explicit Session(uint32_t seed) : stories_(seed, 20) { Open(); }

  void Run(FuzzInput* input) {
    size_t queries = 0;
    for (size_t i = 0; i < kMostOperations && !input->empty(); ++i) {
      const uint32_t operation = input->Byte();
      if (operation >= 224 && ++queries > kMostQueries) continue;
      Do(operation, input);
    }
    Commit();
    Compare();
    const absl::StatusOr<CheckReport> report = CheckIndex(kDirectory, env_.get());
    Require(report.ok() && report->problems.empty(), "the index that was written is damaged");
  }

 private:
  void Do(uint32_t operation, FuzzInput* input) {
    if (operation < 128) return Add(Key(input->Byte()));
    if (operation < 160) return Delete(Key(input->Byte()));
    if (operation < 200) return Commit();
    if (operation < 208) return RollBack();
    if (operation < 216) return Merge(operation % 2 == 0);
    if (operation < 224) return Reopen();
    Compare();
    Ask(std::string(input->Bytes(input->Byte() % 32)));
  }

  static std::string Key(uint32_t number) { return "k" + std::to_string(number % 24); }

  void Open() {
    WriterOptions options;
    options.threads = 1;
    auto writer = IndexWriter::Open(kDirectory, options, env_.get());
    Require(writer.ok(), writer.status().ToString());
    writer_ = *std::move(writer);
  }

  void Add(const std::string& key) {
    Document story = stories_.Story(key);
    const auto added = writer_->Add(story);
    Require(added.ok(), added.status().ToString());
    pending_[key] = std::move(story);
  }

  void Delete(const std::string& key) {
    const auto deleted = writer_->Delete(key);
    Require(deleted.ok() && *deleted == (pending_.erase(key) > 0), "wrong answer of Delete");
  }

  void Commit() {
    const auto committed = writer_->Commit();
    Require(committed.ok(), committed.status().ToString());
    Require(committed->num_docs == pending_.size(), "a commit counts other documents");
    live_ = pending_;
    was_committed_ = true;
  }

  void RollBack() {
    Require(writer_->Rollback().ok(), "a roll-back fails");
    pending_ = live_;
  }

  void Merge(bool reorder) {
    const absl::Status merged =
        writer_->MergeToOne(reorder ? DocumentOrder::kBySharedWords : DocumentOrder::kKept);
    Require(merged.ok(), merged.ToString());
    Commit();
  }

  // As after a crash: nothing was said to the writer, which leaves its files.
  void Reopen() {
    writer_.reset();
    pending_ = live_;
    Open();
  }

  std::shared_ptr<const IndexReader> Reader() {
    const auto reader = IndexReader::Open(kDirectory, env_.get());
    Require(reader.ok(), reader.status().ToString());
    return *reader;
  }

  void Compare() {
    if (!was_committed_) return;
    const std::shared_ptr<const IndexReader> reader = Reader();
    Require(reader->num_docs() == live_.size(), "other documents than were committed");
    for (const auto& [key, document] : live_) {
      const auto found = reader->GetDocument(key);
      Require(found.ok() && found->has_value(), "a document is missing");
      Require((*found)->text == document.text && (*found)->title == document.title,
              "a document has changed");
    }
  }

  void Ask(const std::string& typed) {
    if (!was_committed_) return;
    const std::shared_ptr<const IndexReader> reader = Reader();
    const NaiveEngine oracle = OracleOf(*reader);
    const Searcher searcher(reader);
    for (const std::string& text : {stories_.AnyQuery(2), typed}) {
      const Query query = ParseFor(*reader, text);
      const SearchOptions options{.limit = 1000};
      const auto found = searcher.Search(query, options);
      if (absl::IsResourceExhausted(found.status())) continue;
      Require(found.ok(), found.status().ToString());
      Require(HitLines(found->hits) == HitLines(oracle.Search(query, options)),
              "the oracle finds something else for " + text);
    }
  }

  RandomStories stories_;
  std::unique_ptr<Env> env_ = NewMemoryEnv();
  std::unique_ptr<IndexWriter> writer_;
  std::map<std::string, Document> live_, pending_;
  bool was_committed_ = false;
};

}  // namespace

std::vector<std::string> FuzzSeeds() {
  std::vector<std::string> seeds;
  for (uint32_t seed = 0; seed < 12; ++seed) {
    RandomStories random(seed, 20);
    std::string operations = FuzzNumber(seed, 1);
    for (size_t i = 0; i < 40; ++i) {
      operations += FuzzNumber(static_cast<uint32_t>(random.Below(256)), 1) +
                    FuzzNumber(static_cast<uint32_t>(random.Below(24)), 1);
    }
    seeds.push_back(operations + "\xf0\x12the rebels NEAR/3 x");
  }
  return seeds;
}

}  // namespace ibid

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace ibid;
  FuzzInput input(data, size);
  Session session(input.Byte());
  session.Run(&input);
  return 0;
}
