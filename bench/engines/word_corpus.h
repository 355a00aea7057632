// One corpus for all engines: a file with a document a line, its words in lower case with single
// spaces between. The number of the line, from 0, is the document's name everywhere.
//
//   ASSIGN_OR_RETURN(CorpusInfo info, WriteWordCorpus({"stories.jsonl"}, "work/words.txt"));
//   ASSIGN_OR_RETURN(WordCorpusReader reader, WordCorpusReader::Open("work/words.txt"));
//   while (const std::string* words = reader.Next()) Add(*words);
//
// Words are runs of ASCII letters and digits, at most kMaxWordBytes of each: what all engines take
// whole. Documents without a word are left out. Not thread-safe.
#ifndef IBID_BENCH_ENGINES_WORD_CORPUS_H_
#define IBID_BENCH_ENGINES_WORD_CORPUS_H_

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace ibid::bench {

inline constexpr size_t kMaxWordBytes = 64;

struct CorpusInfo {
  uint64_t num_docs = 0;
  uint64_t num_words = 0;
  uint64_t num_bytes = 0;  // of the word file
};

// Reads documents (any that `ibid index` reads) and writes their titles and texts as words.
// Replaces `path`. Errors: those of ReadSource; NotFound without any document.
absl::StatusOr<CorpusInfo> WriteWordCorpus(const std::vector<std::string>& sources,
                                           const std::string& path);
// The same unless `path` is there already; then sources are not read. The file `path`.name says
// what was read. InvalidArgument where neither is given.
absl::Status MakeWordCorpusOnce(const std::vector<std::string>& sources, const std::string& path);
// What the file `path`.name says; empty where there is none.
std::string WordCorpusName(const std::string& path);
// Counts what is in a word file; NotFound where there is none.
absl::StatusOr<CorpusInfo> DescribeWordCorpus(const std::string& path);

// The words of any text as one line.
std::string WordsOf(std::string_view text);
std::vector<std::string> SplitWords(std::string_view words);
// The items of a flag's value that are parted by commas; empty ones are left out.
std::vector<std::string> SplitList(std::string_view list);

class WordCorpusReader {
 public:
  static absl::StatusOr<WordCorpusReader> Open(const std::string& path);
  // The next document, valid until the next call; null at the end.
  const std::string* Next();
  // The document that begins at this byte of the file.
  const std::string* At(uint64_t offset);
  // Where the document that Next gives next begins.
  uint64_t offset() const { return offset_; }

 private:
  std::ifstream file_;
  std::string line_;
  uint64_t offset_ = 0;
};

}  // namespace ibid::bench

#endif  // IBID_BENCH_ENGINES_WORD_CORPUS_H_
