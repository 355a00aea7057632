#include <xapian.h>

#include <filesystem>

#include "bench/engines/engine.h"
#include "bench/engines/word_corpus.h"
#include "bench/support/process.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace ibid::bench {
namespace {

Xapian::Query OfClause(const Clause& clause) {
  if (clause.words.size() == 1) return Xapian::Query(clause.words[0]);
  return {Xapian::Query::OP_PHRASE, clause.words.begin(), clause.words.end(),
          static_cast<Xapian::termcount>(clause.words.size())};
}

Xapian::Query OfClauses(const BenchQuery& query, Occur occur, Xapian::Query::op op) {
  std::vector<Xapian::Query> parts;
  for (const Clause& clause : query.clauses) {
    if (clause.occur == occur) parts.push_back(OfClause(clause));
  }
  return {op, parts.begin(), parts.end()};
}

Xapian::Query ToXapian(const BenchQuery& query) {
  if (query.near > 0) {
    const std::string words[] = {query.clauses[0].words[0], query.clauses[1].words[0]};
    // The window is counted in words, both ends included; NEAR/n leaves n - 1 between.
    return {Xapian::Query::OP_NEAR, words, words + 2, query.near + 1};
  }
  Xapian::Query result = OfClauses(query, Occur::kShould, Xapian::Query::OP_OR);
  if (query.Has(Occur::kMust)) {
    const Xapian::Query must = OfClauses(query, Occur::kMust, Xapian::Query::OP_AND);
    result =
        query.Has(Occur::kShould) ? Xapian::Query(Xapian::Query::OP_AND_MAYBE, must, result) : must;
  }
  if (!query.Has(Occur::kMustNot)) return result;
  return {Xapian::Query::OP_AND_NOT, result,
          OfClauses(query, Occur::kMustNot, Xapian::Query::OP_OR)};
}

class XapianEngine : public Engine {
 public:
  std::string name() const override { return "xapian"; }
  std::string version() const override { return Xapian::version_string(); }
  bool Supports(const BenchQuery&) const override { return true; }

  absl::Status Build(const std::string& words_path, const std::string& directory) override {
    ASSIGN_OR_RETURN(WordCorpusReader reader, WordCorpusReader::Open(words_path));
    const std::string loose = directory + ".loose";
    std::filesystem::remove_all(loose);
    {
      Xapian::WritableDatabase database(loose, Xapian::DB_CREATE_OR_OVERWRITE);
      Xapian::TermGenerator generator;
      generator.set_max_word_length(kMaxWordBytes);
      while (const std::string* words = reader.Next()) {
        Xapian::Document document;
        generator.set_document(document);
        generator.set_termpos(0);
        generator.index_text(*words);
        database.add_document(document);
      }
      database.commit();
    }
    Xapian::Database(loose).compact(directory, Xapian::DBCOMPACT_NO_RENUMBER);
    std::filesystem::remove_all(loose);
    return absl::OkStatus();
  }

  absl::Status Open(const std::string& directory) override {
    directory_ = directory;
    database_ = Xapian::Database(directory);
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<std::pair<std::string, uint64_t>>> StructureBytes() override {
    return FileBytes(directory_,
                     [](const std::string& file) { return file.substr(0, file.find('.')); });
  }

  absl::StatusOr<Answer> Count(const BenchQuery& query) override {
    const double started = ThreadCpuSeconds();
    Xapian::Enquire enquire(database_);
    enquire.set_weighting_scheme(Xapian::BoolWeight());
    enquire.set_query(ToXapian(query));
    const Xapian::MSet found = enquire.get_mset(0, 0, database_.get_doccount());
    return Answer{.total = found.get_matches_estimated(), .seconds = ThreadCpuSeconds() - started};
  }

  absl::StatusOr<Answer> TopK(const BenchQuery& query, size_t k, bool with_total) override {
    const double started = ThreadCpuSeconds();
    Xapian::Enquire enquire(database_);
    enquire.set_weighting_scheme(Xapian::BM25Weight(1.2, 0, 1, 0.75, 0));
    enquire.set_query(ToXapian(query));
    const Xapian::MSet found = enquire.get_mset(0, static_cast<Xapian::doccount>(k),
                                                with_total ? database_.get_doccount() : 0);
    Answer answer{.total = found.get_matches_estimated()};
    for (auto hit = found.begin(); hit != found.end(); ++hit) {
      answer.scores.push_back(static_cast<float>(hit.get_weight()));
    }
    answer.seconds = ThreadCpuSeconds() - started;
    return answer;
  }

  absl::StatusOr<DocumentSet> Documents(const BenchQuery& query) override {
    Xapian::Enquire enquire(database_);
    enquire.set_weighting_scheme(Xapian::BoolWeight());
    enquire.set_query(ToXapian(query));
    const Xapian::MSet found = enquire.get_mset(0, database_.get_doccount());
    DocumentSet documents;
    for (auto hit = found.begin(); hit != found.end(); ++hit) documents.Add(*hit - 1);
    return documents;
  }

 private:
  std::string directory_;
  Xapian::Database database_;
};

}  // namespace

std::unique_ptr<Engine> MakeXapianEngine() { return std::make_unique<XapianEngine>(); }

}  // namespace ibid::bench
