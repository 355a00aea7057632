#include "indexer/pair_lists.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/format/file_names.h"
#include "indexer/pair_runs.h"

namespace ibid {
namespace {

// Postings that are handed over at a time.
constexpr size_t kPostingsAtOnce = 128;

std::vector<std::string> TermsOf(const std::vector<PairWord>& words) {
  std::vector<std::string> terms;
  for (const PairWord& word : words) terms.push_back(word.term);
  return terms;
}

// The lists of those pairs whose words are both among the first `num_chosen` of `words`, in which
// the pairs of `runs` are numbered by `order`.
absl::Status WriteLists(const std::vector<PairWord>& words, std::span<const uint32_t> order,
                        uint32_t num_chosen, PairRuns* runs, SegmentWriter* segment) {
  ASSIGN_OR_RETURN(PairRuns::Reader reader, runs->Finish());
  PostingsWriter& postings = segment->postings();
  std::array<DocId, kPostingsAtOnce> docs;
  std::array<uint32_t, kPostingsAtOnce> freqs;
  while (reader.NextPair()) {
    const uint32_t first = order[reader.pair() / words.size()];
    const uint32_t second = order[reader.pair() % words.size()];
    if (first >= num_chosen || second >= num_chosen) continue;
    postings.BeginTerm(/*with_positions=*/false);
    for (bool more = true; more;) {
      size_t count = 0;
      while (count < docs.size() && (more = reader.NextPosting())) {
        docs[count] = reader.doc();
        freqs[count++] = reader.freq();
      }
      postings.AddBlock({docs.data(), count}, {freqs.data(), count});
    }
    RETURN_IF_ERROR(reader.status());
    const std::string key = PairKey(words[first].term, words[second].term);
    RETURN_IF_ERROR(segment->pairs().Add(key, postings.FinishTerm()));
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
  const std::vector<PairWord>& words = counts.words();
  if (words.empty()) return absl::OkStatus();

  // Pairs in the order of their keys: a term has no zero byte.
  const auto num_words = static_cast<uint32_t>(words.size());
  std::vector<uint32_t> order(num_words);
  std::iota(order.begin(), order.end(), uint32_t{0});
  std::sort(order.begin(), order.end(),
            [&](uint32_t a, uint32_t b) { return words[a].term < words[b].term; });
  std::vector<uint32_t> ranks(num_words);
  for (uint32_t rank = 0; rank < num_words; ++rank) ranks[order[rank]] = rank;

  PairRuns runs(env_, temporary_, num_words * num_words, {});
  const WordPairVisitor gather = [&](std::span<const WordPair> pairs) {
    counts.Add(pairs);
    for (const WordPair& pair : pairs) {
      RETURN_IF_ERROR(runs.Add(ranks[pair.first] * num_words + ranks[pair.second], pair.doc));
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(source(TermsOf(words), gather));
  const PairCoverage coverage = counts.Choose(max_bytes);
  if (coverage.num_words == 0) return absl::OkStatus();
  segment->SetPairCoverage(coverage);
  return WriteLists(words, order, coverage.num_words, &runs, segment);
}

}  // namespace ibid
