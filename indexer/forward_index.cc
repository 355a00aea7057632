#include "indexer/forward_index.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "common/base/status_macros.h"
#include "indexer/term_merger.h"

namespace ibid {
namespace {

// Terms of fewer documents than this, or than this share of all, are not worth their work: the
// order is no better for them (docs/adr/0013-document-order.md).
constexpr uint32_t kMinTermDocs = 16;
constexpr uint32_t kMinTermShare = 600;
// In few documents a twentieth would be next to nothing.
constexpr uint32_t kMaxTermShare = 20;
constexpr uint32_t kLeastMaxDocs = 64;
constexpr uint32_t kMaxTerms = UINT16_MAX;
// Lists end below this, whatever the budget.
constexpr uint64_t kMaxPostings = uint64_t{1} << 31;
// Postings read after which pages are let go.
constexpr uint64_t kLetGoPostings = uint64_t{4} << 20;

uint32_t DocFreq(const TermMerger& merger) {
  uint32_t sum = 0;
  for (const uint32_t input : merger.holders()) sum += merger.info(input).doc_freq;
  return sum;
}

class Builder {
 public:
  Builder(const std::vector<MergeInput>& inputs, const std::vector<DocMap>& maps)
      : inputs_(inputs), maps_(maps) {}

  // Terms by their number of documents, up to `max_docs`.
  absl::StatusOr<std::vector<uint32_t>> CountTerms(uint32_t max_docs) {
    std::vector<uint32_t> counts(size_t{max_docs} + 1);
    ASSIGN_OR_RETURN(TermMerger merger, TermMerger::Open(inputs_));
    while (true) {
      ASSIGN_OR_RETURN(const bool more, merger.Next());
      if (!more) return counts;
      const uint32_t doc_freq = DocFreq(merger);
      if (doc_freq <= max_docs) ++counts[doc_freq];
    }
  }

  // Calls `visit(doc, term)` for each live posting of the band's terms, numbered in byte order.
  template <typename Visit>
  absl::Status ForEachPosting(const TermBand& band, Visit visit) {
    ASSIGN_OR_RETURN(TermMerger merger, TermMerger::Open(inputs_));
    uint64_t num_read = 0;
    for (uint16_t term = 0; term < band.num_terms;) {
      ASSIGN_OR_RETURN(const bool more, merger.Next());
      if (!more) break;
      const uint32_t doc_freq = DocFreq(merger);
      if (doc_freq < band.min_docs || doc_freq > band.max_docs) continue;
      for (const uint32_t input : merger.holders()) {
        RETURN_IF_ERROR(ForEachDoc(input, merger.info(input), term, visit));
      }
      ++term;
      num_read += doc_freq;
      if (num_read < kLetGoPostings) continue;
      LetGo(inputs_, {SectionId::kTerms, SectionId::kPostings});
      num_read = 0;
    }
    return absl::OkStatus();
  }

 private:
  template <typename Visit>
  absl::Status ForEachDoc(uint32_t input, const TermInfo& info, uint16_t term, Visit visit) {
    const DocMap& map = maps_[input];
    PostingsCursor cursor = inputs_[input].segment->Postings(info);
    for (DocId old = cursor.doc(); old != kNoMoreDocs; old = cursor.Next()) {
      const DocId doc = map(old);
      if (doc != kNoMoreDocs) visit(doc, term);
    }
    return cursor.status();
  }

  const std::vector<MergeInput>& inputs_;
  const std::vector<DocMap>& maps_;
};

}  // namespace

TermBand ChooseBand(const std::vector<uint32_t>& counts, uint32_t num_docs, uint64_t max_postings) {
  TermBand band;
  band.max_docs = static_cast<uint32_t>(counts.size() - 1);
  band.min_docs = band.max_docs + 1;
  const uint32_t least = std::max(kMinTermDocs, num_docs / kMinTermShare);
  while (band.min_docs > least) {
    const uint32_t docs = band.min_docs - 1;
    const uint64_t postings = band.num_postings + uint64_t{counts[docs]} * docs;
    if (postings > max_postings || counts[docs] > kMaxTerms - band.num_terms) break;
    band.num_postings = postings;
    band.num_terms += counts[docs];
    band.min_docs = docs;
  }
  return band;
}

absl::StatusOr<ForwardIndex> BuildForwardIndex(const std::vector<MergeInput>& inputs,
                                               const std::vector<DocMap>& maps,
                                               uint64_t memory_bytes) {
  const uint32_t num_docs = maps.back().end();
  const uint64_t fixed = kOrderBytesPerDoc * num_docs;
  ForwardIndex index;
  if (memory_bytes <= fixed) return index;
  Builder builder(inputs, maps);
  const uint32_t max_docs = std::max(num_docs / kMaxTermShare, kLeastMaxDocs);
  ASSIGN_OR_RETURN(const std::vector<uint32_t> counts, builder.CountTerms(max_docs));
  const TermBand band = ChooseBand(
      counts, num_docs, std::min((memory_bytes - fixed) / kOrderBytesPerPosting, kMaxPostings));
  if (band.num_terms == 0) return index;
  index.begins.resize(size_t{num_docs} + 1);
  RETURN_IF_ERROR(
      builder.ForEachPosting(band, [&](DocId doc, uint16_t) { ++index.begins[doc + 1]; }));
  std::partial_sum(index.begins.begin(), index.begins.end(), index.begins.begin());
  index.terms.resize(index.begins.back());
  std::vector<uint32_t> ends(index.begins.begin(), index.begins.end() - 1);
  RETURN_IF_ERROR(builder.ForEachPosting(
      band, [&](DocId doc, uint16_t term) { index.terms[ends[doc]++] = term; }));
  index.num_terms = band.num_terms;
  return index;
}

}  // namespace ibid
