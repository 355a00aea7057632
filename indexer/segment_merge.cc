#include "indexer/segment_merge.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>
#include <thread>
#include <utility>

#include "common/base/memory_guard.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/format/file_names.h"
#include "common/format/segment_writer.h"
#include "common/text/analyzer.h"
#include "indexer/merge_columns.h"
#include "indexer/merge_documents.h"
#include "indexer/pair_lists.h"
#include "indexer/pair_shuffle.h"
#include "indexer/posting_merge.h"
#include "indexer/stem_groups.h"
#include "indexer/term_merger.h"

namespace ibid {
namespace {

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
      : inputs_(inputs),
        options_(options),
        reorder_(options.order != nullptr),
        analyzer_(std::move(analyzer)),
        maps_(MapDocuments(inputs)) {
    if (!reorder_) return;
    for (DocMap& map : maps_) map.Renumber(*options.order);
  }

  absl::StatusOr<SegmentMeta> Run() {
    ASSIGN_OR_RETURN(segment_, SegmentWriter::Create(
                                   options_.env, options_.dir, options_.segment_id,
                                   {.store_text = options_.index.store_text, .use = options_.use}));
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
    RETURN_IF_ERROR(MergeColumns(
        inputs_, maps_,
        {.env = options_.env,
         .temporary =
             StrCat(JoinPath(options_.dir, SegmentFileName(options_.segment_id)), ".column"),
         .columns = options_.columns,
         .reorder = reorder_,
         .memory_bytes = options_.memory_bytes / 8},
        &segment_->column_stream()));
    if (!options_.index.store_text) return absl::OkStatus();
    if (!reorder_) return MergeStored(inputs_, maps_, nullptr, &segment_->stored());
    RecordShuffle shuffle = NewShuffle("stored_order");
    return MergeStored(inputs_, maps_, &shuffle, &segment_->stored());
  }

  absl::Status MergeTerms() {
    ASSIGN_OR_RETURN(
        SegmentDocuments documents,
        MergeRegions(inputs_, maps_, options_.index.store_text, reorder_, &segment_->regions()));
    const uint64_t num_tokens = documents.num_tokens;
    segment_->StartPostings(std::move(documents));
    postings_.emplace(inputs_, maps_,
                      PostingMergeOptions{.reorder = reorder_,
                                          .memory_bytes = options_.memory_bytes / 4,
                                          .progress = options_.progress});
    PairLists pairs(options_.env, PairsTemporaryName(options_.dir, options_.segment_id),
                    options_.use == SegmentUse::kPassing ? 0 : options_.index.pairs_percent);
    StemGroups groups(analyzer_.get(),
                      {.env = options_.env,
                       .path = JoinPath(options_.dir, SegmentFileName(options_.segment_id))});
    const bool stems = analyzer_->has_stemmer();
    ASSIGN_OR_RETURN(TermMerger merger, TermMerger::Open(inputs_));
    while (true) {
      ASSIGN_OR_RETURN(const bool more, merger.Next());
      if (!more) break;
      ASSIGN_OR_RETURN(const TermInfo info, MergePostings(merger));
      if (info.doc_freq == 0) continue;
      RETURN_IF_ERROR(segment_->terms().Add(merger.term(), info));
      pairs.AddTerm(merger.term(), info);
      if (stems) RETURN_IF_ERROR(groups.Add(merger.term()));
    }
    RETURN_IF_ERROR(MergeStems(&groups));
    return pairs.Write(
        [this](std::span<const std::string> words, const WordPairVisitor& visit) {
          return reorder_ ? ForEachPairInOrder(words, visit) : ForEachPair(words, visit);
        },
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
      postings_->CountRead(bytes);
    }
    return absl::OkStatus();
  }

  RecordShuffle NewShuffle(std::string_view what) {
    const std::string file = JoinPath(options_.dir, SegmentFileName(options_.segment_id));
    return RecordShuffle(options_.env, StrCat(file, ".", what, ".tmp"), maps_.back().end(),
                         options_.memory_bytes / 4);
  }

  // The same, by the new numbers of documents.
  absl::Status ForEachPairInOrder(std::span<const std::string> words,
                                  const WordPairVisitor& visit) {
    RecordShuffle shuffle = NewShuffle("pair_order");
    PairShuffle pairs(&shuffle);
    RETURN_IF_ERROR(
        ForEachPair(words, [&pairs](std::span<const WordPair> some) { return pairs.Add(some); }));
    return pairs.ForEach(visit);
  }

  absl::StatusOr<TermInfo> MergePostings(const TermMerger& merger) {
    sources_.clear();
    for (const uint32_t input : merger.holders()) {
      sources_.push_back({.input = input, .info = &merger.info(input)});
    }
    return postings_->Merge(sources_, /*with_positions=*/true, &segment_->postings());
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
      std::vector<std::optional<TermInfo>> infos(inputs_.size());
      sources_.clear();
      for (uint32_t input = 0; input < inputs_.size(); ++input) {
        ASSIGN_OR_RETURN(infos[input], (*stems)[input].Find(stem, self));
        if (infos[input]) sources_.push_back({.input = input, .info = &*infos[input]});
      }
      ASSIGN_OR_RETURN(info,
                       postings_->Merge(sources_, /*with_positions=*/false, &segment_->postings()));
    }
    info.forms.assign(forms.begin(), forms.end());
    return segment_->stems().Add(stem, info);
  }

  const std::vector<MergeInput>& inputs_;
  const MergeOptions& options_;
  const bool reorder_;
  std::unique_ptr<Analyzer> analyzer_;
  std::vector<DocMap> maps_;
  std::unique_ptr<SegmentWriter> segment_;
  std::optional<PostingMerger> postings_;
  std::vector<PostingSource> sources_;
};

}  // namespace

absl::StatusOr<SegmentMeta> MergeSegments(const std::vector<MergeInput>& inputs,
                                          const MergeOptions& options) {
  return GuardMemory("merging", [&]() -> absl::StatusOr<SegmentMeta> {
    ASSIGN_OR_RETURN(std::unique_ptr<Analyzer> analyzer, Analyzer::Create(options.index));
    absl::StatusOr<SegmentMeta> merged = Merger(inputs, options, std::move(analyzer)).Run();
    if (!absl::IsInvalidArgument(merged.status())) return merged;
    // The writers of structures refuse what a sound segment cannot give them.
    return absl::DataLossError(
        StrCat("merging: a segment is damaged: ", std::string(merged.status().message())));
  });
}

}  // namespace ibid
