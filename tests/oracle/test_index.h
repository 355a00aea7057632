// An index in memory, and the brute-force engine over the same documents.
#ifndef IBID_TESTS_ORACLE_TEST_INDEX_H_
#define IBID_TESTS_ORACLE_TEST_INDEX_H_

#include <memory>
#include <string>
#include <vector>

#include "ibid/document.h"
#include "ibid/env.h"
#include "ibid/index_options.h"
#include "ibid/index_reader.h"
#include "ibid/index_writer.h"
#include "ibid/query.h"
#include "ibid/searcher.h"
#include "tests/oracle/naive_engine.h"

namespace ibid {

// Every failure ends the process with the status: tests of the searcher stand on a sound index.
class TestIndex {
 public:
  explicit TestIndex(const IndexOptions& options = {}, int threads = 1);

  void Add(const Document& document);
  void Delete(const std::string& key);
  void Commit();
  CommitInfo MergeToOne(DocumentOrder order = DocumentOrder::kKept);  // and commits
  // The newest snapshot.
  std::shared_ptr<const IndexReader> Reader() const;

  Env* env() { return env_.get(); }
  const std::string& directory() const { return directory_; }

 private:
  std::unique_ptr<Env> env_;
  std::string directory_ = "index";
  std::unique_ptr<IndexWriter> writer_;
};

// One commit, in the order given.
std::shared_ptr<const IndexReader> IndexOf(const std::vector<Document>& documents,
                                           TestIndex* index);

// The brute-force engine over all documents that the snapshot still holds, deleted ones marked.
NaiveEngine OracleOf(const IndexReader& reader);

// Parses with the columns of `reader`, and with synonyms of "rebel" and of "city".
Query ParseFor(const IndexReader& reader, const std::string& text, bool all_words = false);

// All hits of `text`.
SearchResult SearchAll(const Searcher& searcher, const std::string& text,
                       SearchOptions options = {});

// "key score-bits" of each hit, in order: equal only where everything is.
std::string HitLines(const std::vector<Hit>& hits);
std::string HitLines(const std::vector<OracleHit>& hits);
// The keys, sorted.
std::vector<std::string> SortedKeys(const std::vector<Hit>& hits);

}  // namespace ibid

#endif  // IBID_TESTS_ORACLE_TEST_INDEX_H_
