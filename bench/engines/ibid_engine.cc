#include <filesystem>
#include <limits>
#include <utility>

#include "bench/engines/engine.h"
#include "bench/engines/word_corpus.h"
#include "bench/support/process.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "ibid/index_writer.h"
#include "ibid/searcher.h"
#include "ibid/version.h"

namespace ibid::bench {
namespace {

SearchOptions Options(size_t k, bool with_total) {
  SearchOptions options;
  options.limit = k;
  options.exact_total = with_total;
  options.limits.timeout_seconds = 0;
  options.limits.max_results = std::numeric_limits<size_t>::max();
  return options;
}

class IbidEngine : public Engine {
 public:
  std::string name() const override { return "ibid"; }
  std::string version() const override { return kVersion; }
  bool Supports(const BenchQuery&) const override { return true; }
  bool ScoresAsIbid() const override { return true; }
  bool ChangesWithProgram() const override { return true; }

  absl::Status Build(const std::string& words_path, const std::string& directory) override {
    WriterOptions options;
    options.index = IndexOptions{AnalyzerKind::kAlnum, "none", /*store_text=*/false};
    options.must_be_new = true;
    options.threads = 1;
    ASSIGN_OR_RETURN(const std::unique_ptr<IndexWriter> writer,
                     IndexWriter::Open(directory, options));
    ASSIGN_OR_RETURN(WordCorpusReader reader, WordCorpusReader::Open(words_path));
    for (uint64_t doc = 0; const std::string* words = reader.Next(); ++doc) {
      RETURN_IF_ERROR(writer->Add({.key = std::to_string(doc), .text = *words}).status());
    }
    RETURN_IF_ERROR(writer->Commit().status());
    RETURN_IF_ERROR(writer->MergeToOne());
    return writer->Commit().status();
  }

  absl::Status Open(const std::string& directory) override {
    ASSIGN_OR_RETURN(std::shared_ptr<const IndexReader> reader, IndexReader::Open(directory));
    searcher_ = std::make_unique<Searcher>(std::move(reader));
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<std::pair<std::string, uint64_t>>> StructureBytes() override {
    return searcher_->reader()->Info().structure_bytes;
  }

  absl::StatusOr<Answer> Count(const BenchQuery& query) override {
    return Run(FormatBenchQuery(query), Options(0, true));
  }

  absl::StatusOr<Answer> TopK(const BenchQuery& query, size_t k, bool with_total) override {
    return Run(FormatBenchQuery(query), Options(k, with_total));
  }

  absl::StatusOr<DocumentSet> Documents(const BenchQuery& query) override {
    ASSIGN_OR_RETURN(const ParsedQuery parsed, ParseQuery(FormatBenchQuery(query), {}));
    ASSIGN_OR_RETURN(
        const SearchResult result,
        searcher_->Search(parsed.query, Options(searcher_->reader()->num_docs(), true)));
    DocumentSet documents;
    for (const Hit& hit : result.hits) documents.Add(std::stoull(hit.key));
    return documents;
  }

 private:
  absl::StatusOr<Answer> Run(const std::string& text, const SearchOptions& options) {
    SearchOptions without_keys = options;
    without_keys.keys = false;  // the other engines give numbers
    const double started = ThreadCpuSeconds();
    ASSIGN_OR_RETURN(const ParsedQuery parsed, ParseQuery(text, {}));
    ASSIGN_OR_RETURN(const SearchResult result, searcher_->Search(parsed.query, without_keys));
    Answer answer{.total = result.total, .seconds = ThreadCpuSeconds() - started};
    if (result.partial) return absl::ResourceExhaustedError(StrCat(text, ": partial answer"));
    for (const Hit& hit : result.hits) answer.scores.push_back(hit.score);
    return answer;
  }

  std::unique_ptr<Searcher> searcher_;
};

}  // namespace

std::unique_ptr<Engine> MakeIbidEngine() { return std::make_unique<IbidEngine>(); }

}  // namespace ibid::bench
