// A search engine as the benchmark drives it: builds an index of a word corpus, opens it, answers.
//
//   RETURN_IF_ERROR(BuildAndOpen(engine.get(), "words.txt", "work/ibid"));
//   ASSIGN_OR_RETURN(Answer answer, engine->TopK(query, 10, /*with_total=*/false));
//
// Every engine indexes the same words with positions and without stored text, in one thread, and
// leaves one compacted or optimised index. Not thread-safe.
#ifndef IBID_BENCH_ENGINES_ENGINE_H_
#define IBID_BENCH_ENGINES_ENGINE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/engines/bench_query.h"

namespace ibid::bench {

struct Answer {
  uint64_t total = 0;         // matching documents: Count, and TopK with_total
  std::vector<float> scores;  // of TopK's hits, best first
  // From the query's text to the hits, in processor time of the thread that answers: what carries
  // the query to an engine in another process, and other programs' turns, are left out.
  double seconds = 0;
};

// Which documents match, whatever their order.
struct DocumentSet {
  uint64_t size = 0;
  uint64_t fingerprint = 0;  // sum of MixDocument over the documents' numbers

  void Add(uint64_t document);
  bool operator==(const DocumentSet&) const = default;
};
// The finaliser of splitmix64 (G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number
// generators", OOPSLA 2014).
uint64_t MixDocument(uint64_t document);

class Engine {
 public:
  virtual ~Engine() = default;
  virtual std::string name() const = 0;
  virtual std::string version() const = 0;
  // False where the engine has no query of the same meaning.
  virtual bool Supports(const BenchQuery& query) const = 0;
  // Scores are BM25 by the same formula as ibid's, so that they can be compared.
  virtual bool ScoresAsIbid() const { return false; }
  // Whether the engine is compiled into this program, and so may have changed with it.
  virtual bool ChangesWithProgram() const { return false; }
  // Answers of a command before times are taken; at least one pass over all queries.
  virtual size_t warm_up_answers() const { return 0; }

  // What Build needs and what is no part of indexing, as compiling a driver.
  virtual absl::Status Prepare(const std::string&) { return absl::OkStatus(); }
  // `directory` is not there yet; the engine makes it. Prepare was called with it.
  virtual absl::Status Build(const std::string& words_path, const std::string& directory) = 0;
  virtual absl::Status Open(const std::string& directory) = 0;
  // Bytes by structure or kind of file of the index opened.
  virtual absl::StatusOr<std::vector<std::pair<std::string, uint64_t>>> StructureBytes() = 0;

  virtual absl::StatusOr<Answer> Count(const BenchQuery& query) = 0;
  virtual absl::StatusOr<Answer> TopK(const BenchQuery& query, size_t k, bool with_total) = 0;
  virtual absl::StatusOr<DocumentSet> Documents(const BenchQuery& query) = 0;
};

std::unique_ptr<Engine> MakeIbidEngine();
std::unique_ptr<Engine> MakeXapianEngine();
std::unique_ptr<Engine> MakeFts5Engine();
// NotFound, with a note for people, where there is no JDK or no Lucene.
absl::StatusOr<std::unique_ptr<Engine>> MakeLuceneEngine();

// The engine of that name ("ibid", "xapian", "fts5", "lucene"); InvalidArgument lists them.
absl::StatusOr<std::unique_ptr<Engine>> MakeEngine(std::string_view name);

// Builds unless `directory` holds a finished index that this version of the engine reads, not older
// than the program where the engine changes with it; opens.
absl::Status BuildAndOpen(Engine* engine, const std::string& words_path,
                          const std::string& directory);

// Sizes of the files of a directory, summed by what `kind` says of their names.
std::vector<std::pair<std::string, uint64_t>> FileBytes(
    const std::string& directory, std::string (*kind)(const std::string& file_name));

}  // namespace ibid::bench

#endif  // IBID_BENCH_ENGINES_ENGINE_H_
