#include "indexer/pair_lists.h"

#include <array>
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

std::string KeyOf(const PhraseWords& phrase, const std::vector<PairWord>& words) {
  const std::string &first = words[phrase.first].term, &second = words[phrase.second].term;
  if (phrase.third == PhraseWords::kNone) return PairKey(first, second);
  return TripleKey(first, second, words[phrase.third].term);
}

// The chosen lists, of `runs` that are numbered as `counts` numbers them.
absl::Status WriteLists(const PairCounts& counts, const std::vector<bool>& chosen, PairRuns* runs,
                        SegmentWriter* segment) {
  ASSIGN_OR_RETURN(PairRuns::Reader reader, runs->Finish());
  const std::vector<PhraseWords> phrases = counts.Phrases();
  PostingsWriter& postings = segment->postings();
  std::array<DocId, kPostingsAtOnce> docs;
  std::array<uint32_t, kPostingsAtOnce> freqs;
  while (reader.NextList()) {
    if (!chosen[reader.list()]) continue;
    postings.BeginTerm(/*with_positions=*/false, BlockCoding::kSmall);
    for (bool more = true; more;) {
      size_t count = 0;
      while (count < docs.size() && (more = reader.NextPosting())) {
        docs[count] = reader.doc();
        freqs[count++] = reader.freq();
      }
      postings.AddBlock({docs.data(), count}, {freqs.data(), count});
    }
    RETURN_IF_ERROR(reader.status());
    const std::string key = KeyOf(phrases[reader.list()], counts.words());
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
  std::vector<PairWord> candidates = candidates_.Take();
  if (max_bytes == 0 || candidates.empty()) return absl::OkStatus();

  PairCounts counts(std::move(candidates), num_docs, num_tokens, max_bytes);
  PairRuns runs(env_, temporary_, counts.num_lists(), {});
  const WordPairVisitor gather = [&](std::span<const WordPair> pairs) {
    return counts.Add(pairs, [&runs](uint32_t list, DocId doc) { return runs.Add(list, doc); });
  };
  RETURN_IF_ERROR(source(TermsOf(counts.words()), gather));
  const PairChoice choice = counts.Choose();
  if (choice.coverage.num_words == 0) return absl::OkStatus();
  segment->SetPairCoverage(choice.coverage);
  return WriteLists(counts, choice.lists, &runs, segment);
}

}  // namespace ibid
