// One generation of a soak's index, compared whole with the model, and questions about it whose
// answers the brute-force engine gave.
#ifndef IBID_TESTS_SOAK_SOAK_SNAPSHOT_H_
#define IBID_TESTS_SOAK_SOAK_SNAPSHOT_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "ibid/index_reader.h"
#include "ibid/query.h"
#include "ibid/searcher.h"
#include "tests/oracle/naive_engine.h"
#include "tests/soak/soak_model.h"

namespace ibid {

struct SoakQuestion {
  std::string text;
  Query query;
  SearchOptions options;
  std::vector<OracleHit> expected;  // places of the first kPlacesCompared alone
};

class SoakSnapshot {
 public:
  static constexpr size_t kPlacesCompared = 20;

  SoakSnapshot(std::shared_ptr<const IndexReader> reader, Versions versions)
      : reader_(reader), searcher_(std::move(reader)), versions_(std::move(versions)) {}
  ~SoakSnapshot() { bytes_of_answers_ -= own_bytes_of_answers_; }
  SoakSnapshot(const SoakSnapshot&) = delete;
  SoakSnapshot& operator=(const SoakSnapshot&) = delete;

  // What the expected answers of all snapshots of this process take on the heap. They are most of
  // what differs from one snapshot to the next, and none of it is the index's.
  static uint64_t BytesOfAnswers() { return bytes_of_answers_; }

  // Compares every document with the model, then lets the brute-force engine answer `num_questions`
  // random queries. What differs; empty: nothing.
  std::string Prepare(uint64_t seed, size_t num_questions, DocumentCache* documents);

  // Asks one of the questions in one of several ways. Empty: the answer is right. Thread-safe.
  std::string Ask(std::mt19937_64* random) const;
  // Looks up some keys, and asks a query of rare words, whose answer follows from the model alone.
  // For any snapshot, prepared or not. Thread-safe.
  std::string AskOfModel(std::mt19937_64* random) const;

  const std::shared_ptr<const IndexReader>& reader() const { return reader_; }
  Generation generation() const { return reader_->generation(); }

 private:
  std::string CompareDocuments(DocumentCache* documents, std::vector<OracleDocument>* all) const;
  std::string AskAll(const SoakQuestion& question) const;
  std::string AskSome(const SoakQuestion& question, std::mt19937_64* random) const;
  std::string AskByKey(const SoakQuestion& question) const;
  std::string ComparePlaces(const SoakQuestion& question, const SearchResult& found) const;
  std::string LookUp(std::mt19937_64* random) const;

  std::shared_ptr<const IndexReader> reader_;
  Searcher searcher_;
  Versions versions_;
  std::vector<SoakQuestion> questions_;
  uint64_t own_bytes_of_answers_ = 0;

  static std::atomic<uint64_t> bytes_of_answers_;
};

}  // namespace ibid

#endif  // IBID_TESTS_SOAK_SOAK_SNAPSHOT_H_
