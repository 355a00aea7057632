#include "indexer/segment_merge.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>
#include <thread>
#include <utility>

#include "common/base/status_macros.h"
#include "common/format/segment_writer.h"
#include "common/text/analyzer.h"
#include "indexer/memory_guard.h"
#include "indexer/merge_documents.h"
#include "indexer/pair_lists.h"
#include "indexer/stem_groups.h"

namespace ibid {
namespace {

// Bytes of postings and positions, and numbers of terms, after which pages are let go.
constexpr uint64_t kLetGoBytes = uint64_t{2} << 20;
constexpr uint32_t kLetGoTerms = 1 << 16;

// Walks the terms of all inputs at once, in byte order.
class TermMerger {
 private:
  auto Later() const {
    return [this](uint32_t a, uint32_t b) {
      const int order = cursors_[a].term().compare(cursors_[b].term());
      return order != 0 ? order > 0 : a > b;
    };
  }

 public:
  static absl::StatusOr<TermMerger> Open(const std::vector<MergeInput>& inputs) {
    TermMerger merger;
    merger.cursors_.reserve(inputs.size());
    for (const MergeInput& input : inputs) {
      ASSIGN_OR_RETURN(TermCursor cursor, input.segment->terms().SeekOrdinal(0));
      merger.cursors_.push_back(std::move(cursor));
    }
    for (uint32_t i = 0; i < merger.cursors_.size(); ++i) merger.Push(i);
    return merger;
  }

  // Moves to the next term; false past the last. holders() are the inputs that have it, in order.
  absl::StatusOr<bool> Next() {
    for (const uint32_t input : holders_) {
      RETURN_IF_ERROR(cursors_[input].Next());
      Push(input);
    }
    holders_.clear();
    if (heap_.empty()) return false;
    term_.assign(cursors_[heap_.front()].term());
    while (!heap_.empty() && cursors_[heap_.front()].term() == term_) {
      std::pop_heap(heap_.begin(), heap_.end(), Later());
      holders_.push_back(heap_.back());
      heap_.pop_back();
    }
    return true;
  }

  std::string_view term() const { return term_; }
  const std::vector<uint32_t>& holders() const { return holders_; }
  const TermInfo& info(uint32_t input) const { return cursors_[input].info(); }

 private:
  void Push(uint32_t input) {
    if (cursors_[input].at_end()) return;
    heap_.push_back(input);
    std::push_heap(heap_.begin(), heap_.end(), Later());
  }

  std::vector<TermCursor> cursors_;
  std::vector<uint32_t> heap_;
  std::vector<uint32_t> holders_;
  std::string term_;
};

// The postings of stems in one input, asked for in byte order.
class StemPostings {
 public:
  static absl::StatusOr<StemPostings> Open(const SegmentReader* segment) {
    StemPostings stems(segment);
    ASSIGN_OR_RETURN(stems.stems_, segment->stems().SeekOrdinal(0));
    ASSIGN_OR_RETURN(stems.terms_, segment->terms().SeekOrdinal(0));
    return stems;
  }

  // `self`: the stem of a term spelled like `stem` is `stem`. A stem without a record has no form
  // but that one.
  absl::StatusOr<std::optional<TermInfo>> Find(std::string_view stem, bool self) {
    while (!stems_.at_end() && stems_.term() < stem) RETURN_IF_ERROR(stems_.Next());
    if (!stems_.at_end() && stems_.term() == stem) {
      const TermInfo& info = stems_.info();
      if (info.forms.size() != 1) return info;
      ASSIGN_OR_RETURN(const TermCursor form, segment_->terms().SeekOrdinal(info.forms[0]));
      return form.info();
    }
    if (!self) return std::nullopt;
    while (!terms_.at_end() && terms_.term() < stem) RETURN_IF_ERROR(terms_.Next());
    if (terms_.at_end() || terms_.term() != stem) return std::nullopt;
    return terms_.info();
  }

 private:
  explicit StemPostings(const SegmentReader* segment) : segment_(segment) {}

  const SegmentReader* segment_;
  TermCursor stems_;
  TermCursor terms_;
};

class Merger {
 public:
  Merger(const std::vector<MergeInput>& inputs, const MergeOptions& options,
         std::unique_ptr<Analyzer> analyzer)
      : inputs_(inputs), options_(options), analyzer_(std::move(analyzer)) {
    DocId base = 0;
    for (const MergeInput& input : inputs) {
      maps_.emplace_back(input, base);
      base = maps_.back().end();
    }
  }

  absl::StatusOr<SegmentMeta> Run() {
    ASSIGN_OR_RETURN(segment_,
                     SegmentWriter::Create(options_.env, options_.dir, options_.segment_id,
                                           {.store_text = options_.index.store_text}));
    absl::Status documents;
    {
      std::jthread helper;
      if (options_.threads > 1) {
        helper = std::jthread([&] {
          documents = GuardMemory("merging", [&]() -> absl::Status { return MergeDocuments(); });
        });
      } else {
        RETURN_IF_ERROR(MergeDocuments());
      }
      RETURN_IF_ERROR(MergeTerms());
    }
    RETURN_IF_ERROR(documents);
    return segment_->Finish(options_.sync);
  }

 private:
  absl::Status MergeDocuments() {
    RETURN_IF_ERROR(MergeKeys(inputs_, maps_, &segment_->keys()));
    RETURN_IF_ERROR(MergeColumns(inputs_, maps_, options_.columns, &segment_->columns()));
    if (!options_.index.store_text) return absl::OkStatus();
    return MergeStored(inputs_, maps_, &segment_->stored());
  }

  absl::Status MergeTerms() {
    ASSIGN_OR_RETURN(SegmentDocuments documents,
                     MergeRegions(inputs_, maps_, options_.index.store_text, &segment_->regions()));
    const uint64_t num_tokens = documents.num_tokens;
    segment_->StartPostings(std::move(documents));
    PairLists pairs(options_.env, PairsTemporaryName(options_.dir, options_.segment_id),
                    options_.index.pairs_percent);
    StemGroups groups(analyzer_.get());
    const bool stems = analyzer_->has_stemmer();
    ASSIGN_OR_RETURN(TermMerger merger, TermMerger::Open(inputs_));
    while (true) {
      ASSIGN_OR_RETURN(const bool more, merger.Next());
      if (!more) break;
      ASSIGN_OR_RETURN(const TermInfo info, MergePostings(merger));
      if (info.doc_freq == 0) continue;
      RETURN_IF_ERROR(segment_->terms().Add(merger.term(), info));
      pairs.AddTerm(merger.term(), info);
      if (stems) groups.Add(merger.term());
    }
    RETURN_IF_ERROR(MergeStems(&groups));
    return pairs.Write([this](std::span<const std::string> words,
                              const WordPairVisitor& visit) { return ForEachPair(words, visit); },
                       maps_.back().end(), num_tokens, segment_.get());
  }

  // The pairs of `words` in the live documents of all inputs.
  absl::Status ForEachPair(std::span<const std::string> words, const WordPairVisitor& visit) {
    std::vector<WordPair> live;
    for (size_t input = 0; input < inputs_.size(); ++input) {
      const SegmentReader& segment = *inputs_[input].segment;
      std::vector<TermInfo> infos;
      uint64_t bytes = 0;
      for (const std::string& word : words) {
        ASSIGN_OR_RETURN(const std::optional<TermInfo> info, segment.terms().Find(word));
        infos.push_back(info.value_or(TermInfo()));
        bytes += infos.back().postings_bytes + infos.back().positions_bytes;
      }
      RETURN_IF_ERROR(ForEachWordPair(segment, infos, [&](std::span<const WordPair> pairs) {
        live.clear();
        for (WordPair pair : pairs) {
          pair.doc = maps_[input](pair.doc);
          if (pair.doc != kNoMoreDocs) live.push_back(pair);
        }
        return live.empty() ? absl::OkStatus() : visit(live);
      }));
      CountRead(bytes);
    }
    return absl::OkStatus();
  }

  absl::StatusOr<TermInfo> MergePostings(const TermMerger& merger) {
    segment_->postings().BeginTerm(/*with_positions=*/true);
    for (const uint32_t input : merger.holders()) {
      RETURN_IF_ERROR(CopyPostings(input, merger.info(input)));
    }
    return segment_->postings().FinishTerm();
  }

  absl::Status CopyPostings(uint32_t input, const TermInfo& info) {
    const DocMap& map = maps_[input];
    if (info.inlined) {
      const DocId doc = map(info.inline_doc);
      if (doc != kNoMoreDocs) segment_->postings().Add(doc, std::span(&info.inline_position, 1));
      CountRead(0);
      return absl::OkStatus();
    }
    PostingsCursor cursor = inputs_[input].segment->Postings(info);
    while (cursor.doc() != kNoMoreDocs) {
      gaps_.clear();
      cursor.AppendBlockGaps(&gaps_);
      if (!cursor.status().ok()) break;
      AddLive(map, cursor.CurrentBlock());
      cursor.NextBlock();
    }
    CountRead(info.postings_bytes + info.positions_bytes);
    return cursor.status();
  }

  // Adds the postings of live documents; their gaps are in gaps_.
  void AddLive(const DocMap& map, const PostingsCursor::Block& block) {
    docs_.clear();
    freqs_.clear();
    size_t kept = 0;
    size_t at = 0;
    for (uint32_t i = 0; i < block.size; at += block.freqs[i++]) {
      const DocId doc = map(block.docs[i]);
      if (doc == kNoMoreDocs) continue;
      docs_.push_back(doc);
      freqs_.push_back(block.freqs[i]);
      if (kept != at) {
        std::copy_n(gaps_.begin() + static_cast<std::ptrdiff_t>(at), block.freqs[i],
                    gaps_.begin() + static_cast<std::ptrdiff_t>(kept));
      }
      kept += block.freqs[i];
    }
    segment_->postings().AddBlock(docs_, freqs_, std::span(gaps_).first(kept));
  }

  absl::Status MergeStems(StemGroups* groups) {
    std::vector<StemPostings> stems;
    for (const MergeInput& input : inputs_) {
      ASSIGN_OR_RETURN(StemPostings one, StemPostings::Open(input.segment.get()));
      stems.push_back(std::move(one));
    }
    return groups->ForEach([&](std::string_view stem, std::span<const uint32_t> forms) {
      return MergeStem(stem, forms, &stems);
    });
  }

  absl::Status MergeStem(std::string_view stem, std::span<const uint32_t> forms,
                         std::vector<StemPostings>* stems) {
    TermInfo info;
    if (forms.size() > 1) {
      const bool self = analyzer_->Stem(stem) == stem;
      segment_->postings().BeginTerm(/*with_positions=*/false);
      for (uint32_t input = 0; input < inputs_.size(); ++input) {
        ASSIGN_OR_RETURN(const std::optional<TermInfo> found, (*stems)[input].Find(stem, self));
        if (found) RETURN_IF_ERROR(CopyFrequencies(input, *found));
      }
      info = segment_->postings().FinishTerm();
    }
    info.forms.assign(forms.begin(), forms.end());
    return segment_->stems().Add(stem, info);
  }

  absl::Status CopyFrequencies(uint32_t input, const TermInfo& info) {
    const DocMap& map = maps_[input];
    if (info.inlined) {
      const DocId doc = map(info.inline_doc);
      if (doc != kNoMoreDocs) segment_->postings().Add(doc, uint32_t{1});
      return absl::OkStatus();
    }
    PostingsCursor cursor = inputs_[input].segment->Postings(info);
    for (DocId old = cursor.doc(); old != kNoMoreDocs; old = cursor.Next()) {
      const DocId doc = map(old);
      if (doc != kNoMoreDocs) segment_->postings().Add(doc, cursor.freq());
    }
    CountRead(info.postings_bytes);
    return cursor.status();
  }

  void CountRead(uint64_t bytes) {
    bytes_read_ += bytes;
    ++terms_read_;
    if (bytes_read_ < kLetGoBytes && terms_read_ < kLetGoTerms) return;
    LetGo(inputs_,
          {SectionId::kTerms, SectionId::kStems, SectionId::kPostings, SectionId::kPositions});
    bytes_read_ = 0;
    terms_read_ = 0;
  }

  const std::vector<MergeInput>& inputs_;
  const MergeOptions& options_;
  std::unique_ptr<Analyzer> analyzer_;
  std::vector<DocMap> maps_;
  std::unique_ptr<SegmentWriter> segment_;
  std::vector<uint32_t> gaps_;
  std::vector<DocId> docs_;
  std::vector<uint32_t> freqs_;
  uint64_t bytes_read_ = 0;
  uint32_t terms_read_ = 0;
};

}  // namespace

absl::StatusOr<SegmentMeta> MergeSegments(const std::vector<MergeInput>& inputs,
                                          const MergeOptions& options) {
  return GuardMemory("merging", [&]() -> absl::StatusOr<SegmentMeta> {
    ASSIGN_OR_RETURN(std::unique_ptr<Analyzer> analyzer, Analyzer::Create(options.index));
    return Merger(inputs, options, std::move(analyzer)).Run();
  });
}

}  // namespace ibid
