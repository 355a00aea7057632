#include <sqlite3.h>

#include <filesystem>

#include "bench/engines/engine.h"
#include "bench/engines/word_corpus.h"
#include "bench/support/process.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace ibid::bench {
namespace {

constexpr uint64_t kDocsPerTransaction = 100000;

std::string Quoted(const Clause& clause) {
  std::string text;
  for (const std::string& word : clause.words) text += (text.empty() ? "\"" : " ") + word;
  return text + "\"";
}

std::string Joined(const BenchQuery& query, Occur occur, std::string_view between) {
  std::string text;
  for (const Clause& clause : query.clauses) {
    if (clause.occur != occur) continue;
    if (!text.empty()) text += between;
    text += Quoted(clause);
  }
  return text;
}

std::string ToFts5(const BenchQuery& query) {
  if (query.near > 0) {
    return StrCat("NEAR(", Quoted(query.clauses[0]), " ", Quoted(query.clauses[1]), ", ",
                  query.near - 1, ")");
  }
  const std::string wanted = query.Has(Occur::kMust) ? Joined(query, Occur::kMust, " AND ")
                                                     : Joined(query, Occur::kShould, " OR ");
  if (!query.Has(Occur::kMustNot)) return wanted;
  return StrCat("(", wanted, ") NOT (", Joined(query, Occur::kMustNot, " OR "), ")");
}

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
struct FinishStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, FinishStatement>;

class Fts5Engine : public Engine {
 public:
  std::string name() const override { return "fts5"; }
  std::string version() const override { return sqlite3_libversion(); }
  // FTS5 has no optional words beside required ones.
  bool Supports(const BenchQuery& query) const override {
    return !query.Has(Occur::kMust) || !query.Has(Occur::kShould);
  }

  absl::Status Build(const std::string& words_path, const std::string& directory) override {
    ASSIGN_OR_RETURN(WordCorpusReader reader, WordCorpusReader::Open(words_path));
    std::filesystem::create_directories(directory);
    RETURN_IF_ERROR(Connect(directory));
    RETURN_IF_ERROR(Execute("PRAGMA journal_mode = off"));
    RETURN_IF_ERROR(Execute("PRAGMA synchronous = off"));
    RETURN_IF_ERROR(
        Execute("CREATE VIRTUAL TABLE docs USING fts5(words, content='', tokenize='ascii')"));
    RETURN_IF_ERROR(Execute("BEGIN"));
    ASSIGN_OR_RETURN(const Statement insert,
                     NewStatement("INSERT INTO docs(rowid, words) VALUES(?, ?)"));
    for (uint64_t doc = 0; const std::string* words = reader.Next(); ++doc) {
      sqlite3_bind_int64(insert.get(), 1, static_cast<sqlite3_int64>(doc));
      sqlite3_bind_text64(insert.get(), 2, words->data(), words->size(), SQLITE_STATIC,
                          SQLITE_UTF8);
      if (sqlite3_step(insert.get()) != SQLITE_DONE) return LastError();
      sqlite3_reset(insert.get());
      if ((doc + 1) % kDocsPerTransaction == 0) {
        RETURN_IF_ERROR(Execute("COMMIT"));
        RETURN_IF_ERROR(Execute("BEGIN"));
      }
    }
    RETURN_IF_ERROR(Execute("COMMIT"));
    RETURN_IF_ERROR(Execute("INSERT INTO docs(docs) VALUES('optimize')"));
    return Execute("VACUUM");
  }

  absl::Status Open(const std::string& directory) override {
    RETURN_IF_ERROR(Connect(directory));
    ASSIGN_OR_RETURN(count_, NewStatement("SELECT count(*) FROM docs WHERE docs MATCH ?"));
    ASSIGN_OR_RETURN(top_, NewStatement("SELECT rowid, rank FROM docs WHERE docs MATCH ? "
                                        "ORDER BY rank LIMIT ?"));
    ASSIGN_OR_RETURN(rows_, NewStatement("SELECT rowid FROM docs WHERE docs MATCH ?"));
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<std::pair<std::string, uint64_t>>> StructureBytes() override {
    std::vector<std::pair<std::string, uint64_t>> sizes;
    const std::pair<const char*, const char*> tables[] = {
        {"postings and positions", "SELECT sum(length(block)) FROM docs_data"},
        {"lengths", "SELECT sum(length(sz)) FROM docs_docsize"}};
    for (const auto& [structure, sql] : tables) {
      ASSIGN_OR_RETURN(const Statement statement, NewStatement(sql));
      if (sqlite3_step(statement.get()) != SQLITE_ROW) return LastError();
      sizes.emplace_back(structure,
                         static_cast<uint64_t>(sqlite3_column_int64(statement.get(), 0)));
    }
    return sizes;
  }

  absl::StatusOr<Answer> Count(const BenchQuery& query) override {
    const double started = ThreadCpuSeconds();
    ASSIGN_OR_RETURN(const uint64_t total, CountRows(ToFts5(query)));
    return Answer{.total = total, .seconds = ThreadCpuSeconds() - started};
  }

  absl::StatusOr<Answer> TopK(const BenchQuery& query, size_t k, bool with_total) override {
    const double started = ThreadCpuSeconds();
    const std::string text = ToFts5(query);
    Answer answer;
    sqlite3_reset(top_.get());
    sqlite3_bind_text(top_.get(), 1, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
    sqlite3_bind_int64(top_.get(), 2, static_cast<sqlite3_int64>(k));
    int outcome;
    while ((outcome = sqlite3_step(top_.get())) == SQLITE_ROW) {
      // FTS5's rank is less for better.
      answer.scores.push_back(static_cast<float>(-sqlite3_column_double(top_.get(), 1)));
    }
    if (outcome != SQLITE_DONE) return LastError();
    if (with_total) {
      ASSIGN_OR_RETURN(answer.total, CountRows(text));
    }
    answer.seconds = ThreadCpuSeconds() - started;
    return answer;
  }

  absl::StatusOr<DocumentSet> Documents(const BenchQuery& query) override {
    const std::string text = ToFts5(query);
    DocumentSet documents;
    sqlite3_reset(rows_.get());
    sqlite3_bind_text(rows_.get(), 1, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
    int outcome;
    while ((outcome = sqlite3_step(rows_.get())) == SQLITE_ROW) {
      documents.Add(static_cast<uint64_t>(sqlite3_column_int64(rows_.get(), 0)));
    }
    if (outcome != SQLITE_DONE) return LastError();
    return documents;
  }

 private:
  absl::Status LastError() const {
    return absl::InternalError(StrCat("SQLite: ", sqlite3_errmsg(database_.get())));
  }

  absl::Status Connect(const std::string& directory) {
    count_ = nullptr, top_ = nullptr, rows_ = nullptr;
    sqlite3* database = nullptr;
    const int outcome = sqlite3_open((directory + "/docs.db").c_str(), &database);
    database_.reset(database);
    if (outcome != SQLITE_OK) return LastError();
    // Everything stays in memory once it was read, as in the other engines.
    RETURN_IF_ERROR(Execute("PRAGMA mmap_size = 17179869184"));
    return Execute("PRAGMA cache_size = -1048576");
  }

  absl::Status Execute(const char* sql) {
    if (sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK) {
      return absl::OkStatus();
    }
    return LastError();
  }

  absl::StatusOr<Statement> NewStatement(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(database_.get(), sql, -1, &statement, nullptr) != SQLITE_OK) {
      return LastError();
    }
    return Statement(statement);
  }

  absl::StatusOr<uint64_t> CountRows(const std::string& text) {
    sqlite3_reset(count_.get());
    sqlite3_bind_text(count_.get(), 1, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
    if (sqlite3_step(count_.get()) != SQLITE_ROW) return LastError();
    const auto total = static_cast<uint64_t>(sqlite3_column_int64(count_.get(), 0));
    sqlite3_reset(count_.get());
    return total;
  }

  std::unique_ptr<sqlite3, CloseDatabase> database_;
  Statement count_, top_, rows_;  // closed before the database
};

}  // namespace

std::unique_ptr<Engine> MakeFts5Engine() { return std::make_unique<Fts5Engine>(); }

}  // namespace ibid::bench
