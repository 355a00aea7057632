#include "indexer/posting_merge.h"

#include <algorithm>
#include <utility>

#include "common/base/status_macros.h"

namespace ibid {
namespace {

// Bytes of postings and positions, and numbers of terms, after which pages are let go.
constexpr uint64_t kLetGoBytes = uint64_t{2} << 20;
constexpr uint32_t kLetGoTerms = 1 << 16;
// Parts of the documents, of which a pass takes one or more.
constexpr size_t kBuckets = 1024;

uint64_t BytesOf(uint64_t docs, uint64_t positions) {
  return docs * PostingShuffle::kPostingBytes + positions * PostingShuffle::kPositionBytes;
}

}  // namespace

PostingMerger::PostingMerger(const std::vector<MergeInput>& inputs, const std::vector<DocMap>& maps,
                             PostingMergeOptions options)
    : inputs_(inputs), maps_(maps), options_(std::move(options)), num_docs_(maps.back().end()) {
  if (options_.reorder) shuffle_.emplace(num_docs_);
  for (const MergeInput& input : inputs) {
    bytes_in_all_ += input.segment->file().section(SectionId::kPostings).size() +
                     input.segment->file().section(SectionId::kPositions).size();
  }
}

absl::StatusOr<TermInfo> PostingMerger::Merge(std::span<const PostingSource> sources,
                                              bool with_positions, PostingsWriter* out) {
  out->BeginTerm(with_positions);
  if (!shuffle_) {
    for (const PostingSource& source : sources) {
      RETURN_IF_ERROR(Read(source, {}, with_positions, out));
    }
    return out->FinishTerm();
  }
  absl::Status status;
  for (const DocRange& range : PlanPasses(sources, with_positions, &status)) {
    RETURN_IF_ERROR(status);
    for (const PostingSource& source : sources) {
      RETURN_IF_ERROR(Read(source, range, with_positions, &*shuffle_));
    }
    shuffle_->MoveTo(with_positions, out);
  }
  return out->FinishTerm();
}

// Hands the live postings whose new documents lie in `range` to `sink`.
template <typename Sink>
absl::Status PostingMerger::Read(const PostingSource& source, DocRange range, bool with_positions,
                                 Sink* sink) {
  const TermInfo& info = *source.info;
  const DocMap& map = maps_[source.input];
  if (info.inlined && info.inline_doc < map.num_docs()) {
    const DocId doc = map(info.inline_doc);
    if (doc >= range.begin && doc < range.end) {
      if (with_positions) {
        sink->Add(doc, std::span(&info.inline_position, 1));
      } else {
        sink->Add(doc, uint32_t{1});
      }
    }
    CountRead(0);
    return absl::OkStatus();
  }
  PostingsCursor cursor = inputs_[source.input].segment->Postings(info);
  uint32_t first = 0;  // posting of the block that is not read yet
  while (cursor.doc() != kNoMoreDocs) {
    gaps_.clear();
    uint32_t count = with_positions ? cursor.AppendBlockGaps(first, &gaps_) : 0;
    if (!cursor.status().ok()) break;
    const PostingsCursor::Block block = cursor.CurrentBlock();
    if (!cursor.status().ok()) break;
    if (!with_positions) count = block.size;
    AddPostings(map, range, with_positions, std::span(block.docs + first, count),
                std::span(block.freqs + first, count), sink);
    first += count;
    if (first < block.size) continue;
    first = 0;
    cursor.NextBlock();
  }
  CountRead(info.postings_bytes + (with_positions ? info.positions_bytes : 0));
  return cursor.status();
}

// Adds those of the postings, whose gaps are in gaps_, that are live and in range.
template <typename Sink>
void PostingMerger::AddPostings(const DocMap& map, DocRange range, bool with_positions,
                                std::span<const DocId> docs, std::span<const uint32_t> freqs,
                                Sink* sink) {
  if (map.shifts() && !options_.reorder) {
    docs_.resize(docs.size());
    std::transform(docs.begin(), docs.end(), docs_.begin(),
                   [base = map.base()](DocId doc) { return doc + base; });
    return with_positions ? sink->AddBlock(docs_, freqs, gaps_) : sink->AddBlock(docs_, freqs);
  }
  docs_.clear();
  freqs_.clear();
  size_t kept = 0;
  size_t at = 0;
  for (size_t i = 0; i < docs.size(); at += freqs[i++]) {
    const DocId doc = map(docs[i]);
    if (doc < range.begin || doc >= range.end) continue;
    docs_.push_back(doc);
    freqs_.push_back(freqs[i]);
    if (!with_positions) continue;
    if (kept != at) {
      std::copy_n(gaps_.begin() + static_cast<std::ptrdiff_t>(at), freqs[i],
                  gaps_.begin() + static_cast<std::ptrdiff_t>(kept));
    }
    kept += freqs[i];
  }
  if (with_positions) return sink->AddBlock(docs_, freqs_, std::span(gaps_).first(kept));
  sink->AddBlock(docs_, freqs_);
}

// Parts of the documents, each of which the memory bears.
std::vector<PostingMerger::DocRange> PostingMerger::PlanPasses(
    std::span<const PostingSource> sources, bool with_positions, absl::Status* status) {
  uint64_t bytes = 0;
  for (const PostingSource& source : sources) {
    bytes += BytesOf(source.info->doc_freq, with_positions ? source.info->total_freq : 0);
  }
  if (bytes <= options_.memory_bytes) return {{}};
  std::vector<uint64_t> buckets(kBuckets);
  for (const PostingSource& source : sources) {
    status->Update(WeighBuckets(source, with_positions, &buckets));
  }
  std::vector<DocRange> passes;
  DocRange pass;
  bytes = 0;
  for (size_t i = 0; i < kBuckets; ++i) {
    if (bytes > 0 && bytes + buckets[i] > options_.memory_bytes) {
      pass.end = BucketBegin(i);
      passes.push_back(pass);
      pass = {.begin = pass.end};
      bytes = 0;
    }
    bytes += buckets[i];
  }
  passes.push_back(pass);
  return passes;
}

DocId PostingMerger::BucketBegin(size_t bucket) const {
  return static_cast<DocId>((uint64_t{num_docs_} * bucket + kBuckets - 1) / kBuckets);
}

absl::Status PostingMerger::WeighBuckets(const PostingSource& source, bool with_positions,
                                         std::vector<uint64_t>* buckets) const {
  const DocMap& map = maps_[source.input];
  PostingsCursor cursor = inputs_[source.input].segment->Postings(*source.info);
  for (DocId old = cursor.doc(); old != kNoMoreDocs; old = cursor.Next()) {
    const DocId doc = map(old);
    if (doc == kNoMoreDocs) continue;
    (*buckets)[uint64_t{doc} * kBuckets / num_docs_] +=
        BytesOf(1, with_positions ? cursor.freq() : 0);
  }
  return cursor.status();
}

void PostingMerger::CountRead(uint64_t bytes) {
  bytes_read_ += bytes;
  ++terms_read_;
  if (bytes_read_ < kLetGoBytes && terms_read_ < kLetGoTerms) return;
  LetGo(inputs_,
        {SectionId::kTerms, SectionId::kStems, SectionId::kPostings, SectionId::kPositions});
  bytes_done_ += bytes_read_;
  if (options_.progress) {
    options_.progress(
        std::min(1.0, static_cast<double>(bytes_done_) / static_cast<double>(bytes_in_all_)));
  }
  bytes_read_ = 0;
  terms_read_ = 0;
}

}  // namespace ibid
