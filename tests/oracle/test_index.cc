#include "tests/oracle/test_index.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "searcher/match/snapshot.h"

namespace ibid {
namespace {

void Check(const absl::Status& status) {
  if (status.ok()) return;
  std::cerr << "test index: " << status << '\n';
  std::abort();
}

template <typename T>
T Value(absl::StatusOr<T> value) {
  Check(value.status());
  return *std::move(value);
}

std::string HitLine(const std::string& key, float score) {
  return absl::StrFormat("%s %08x (%.9g)\n", key, std::bit_cast<uint32_t>(score), score);
}

}  // namespace

TestIndex::TestIndex(const IndexOptions& options, int threads) : env_(NewMemoryEnv()) {
  WriterOptions writer_options;
  writer_options.index = options;
  writer_options.threads = threads;
  writer_ = Value(IndexWriter::Open(directory_, writer_options, env_.get()));
}

void TestIndex::Add(const Document& document) { Check(writer_->Add(document).status()); }
void TestIndex::Delete(const std::string& key) { Check(writer_->Delete(key).status()); }
void TestIndex::Commit() { Check(writer_->Commit().status()); }

CommitInfo TestIndex::MergeToOne(DocumentOrder order) {
  Check(writer_->MergeToOne(order));
  return Value(writer_->Commit());
}

std::shared_ptr<const IndexReader> TestIndex::Reader() const {
  return Value(IndexReader::Open(directory_, env_.get()));
}

std::shared_ptr<const IndexReader> IndexOf(const std::vector<Document>& documents,
                                           TestIndex* index) {
  for (const Document& document : documents) index->Add(document);
  index->Commit();
  return index->Reader();
}

NaiveEngine OracleOf(const IndexReader& reader) {
  std::vector<OracleDocument> documents;
  for (const SnapshotSegment& segment : reader.impl().segments) {
    for (DocId doc = 0; doc < segment.meta.num_docs; ++doc) {
      const std::string record = Value(segment.reader->stored().Get(doc));
      OracleDocument document{Value(DecodeStoredDocument(record, "segment")), segment.IsLive(doc)};
      document.document.key = Value(segment.reader->keys().Key(doc));
      documents.push_back(std::move(document));
    }
  }
  return NaiveEngine(reader.options(), std::move(documents), reader.columns());
}

Query ParseFor(const IndexReader& reader, const std::string& text, bool all_words) {
  ParseOptions options;
  options.columns = reader.columns();
  options.all_words = all_words;
  options.synonyms = {{"rebel", "war", "keatings"}, {"city", "al-Assad", "the minister"}};
  return Value(ParseQuery(text, options)).query;
}

SearchResult SearchAll(const Searcher& searcher, const std::string& text, SearchOptions options) {
  options.limit = 100000;
  options.limits.timeout_seconds = 0;  // none: a slow machine shall not cut an answer
  return Value(searcher.Search(ParseFor(*searcher.reader(), text), options));
}

std::string HitLines(const std::vector<Hit>& hits) {
  std::string lines;
  for (const Hit& hit : hits) lines += HitLine(hit.key, hit.score);
  return lines;
}

std::string HitLines(const std::vector<OracleHit>& hits) {
  std::string lines;
  for (const OracleHit& hit : hits) lines += HitLine(hit.key, hit.score);
  return lines;
}

std::vector<std::string> SortedKeys(const std::vector<Hit>& hits) {
  std::vector<std::string> keys;
  for (const Hit& hit : hits) keys.push_back(hit.key);
  std::sort(keys.begin(), keys.end());
  return keys;
}

}  // namespace ibid
