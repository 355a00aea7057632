#include "indexer/pair_lists.h"

#include <algorithm>
#include <utility>

#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/format/file_names.h"
#include "indexer/pair_runs.h"

namespace ibid {
namespace {

std::vector<std::string> TermsOf(const std::vector<PairWord>& words) {
  std::vector<std::string> terms;
  for (const PairWord& word : words) terms.push_back(word.term);
  return terms;
}

absl::Status WriteLists(const std::vector<PairWord>& words, PairRuns* runs,
                        SegmentWriter* segment) {
  ASSIGN_OR_RETURN(PairRuns::Reader reader, runs->Finish());
  PostingsWriter& postings = segment->postings();
  while (reader.NextPair()) {
    const uint32_t pair = reader.pair();
    postings.BeginTerm(/*with_positions=*/false);
    while (reader.NextPosting()) postings.Add(reader.doc(), reader.freq());
    RETURN_IF_ERROR(reader.status());
    const std::string& first = words[pair / words.size()].term;
    const std::string& second = words[pair % words.size()].term;
    RETURN_IF_ERROR(segment->pairs().Add(PairKey(first, second), postings.FinishTerm()));
  }
  return reader.status();
}

}  // namespace

std::string PairsTemporaryName(const std::string& dir, uint64_t segment_id) {
  return StrCat(JoinPath(dir, SegmentFileName(segment_id)), ".pair_runs.tmp");
}

absl::Status PairLists::Write(const PairSource& source, uint32_t num_docs, uint64_t num_tokens,
                              SegmentWriter* segment) {
  ASSIGN_OR_RETURN(const uint64_t index_bytes, segment->FinishTerms());
  const uint64_t max_bytes = index_bytes * static_cast<uint64_t>(percent_) / 100;
  PairCounts counts(candidates_.Take(num_tokens, max_bytes), num_docs);
  if (counts.words().empty()) return absl::OkStatus();
  RETURN_IF_ERROR(source(TermsOf(counts.words()), [&](std::span<const WordPair> pairs) {
    counts.Add(pairs);
    return absl::OkStatus();
  }));
  const PairCoverage coverage = counts.Choose(max_bytes);
  if (coverage.num_words == 0) return absl::OkStatus();
  segment->SetPairCoverage(coverage);

  // Pairs in the order of their keys: a term has no zero byte.
  std::vector<PairWord> words(counts.words().begin(), counts.words().begin() + coverage.num_words);
  std::sort(words.begin(), words.end(),
            [](const PairWord& a, const PairWord& b) { return a.term < b.term; });
  const auto num_words = static_cast<uint32_t>(words.size());
  PairRuns runs(env_, temporary_, num_words * num_words, {});
  const WordPairVisitor gather = [&](std::span<const WordPair> pairs) {
    for (const WordPair& pair : pairs) {
      RETURN_IF_ERROR(runs.Add(pair.first * num_words + pair.second, pair.doc));
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(source(TermsOf(words), gather));
  return WriteLists(words, &runs, segment);
}

}  // namespace ibid
