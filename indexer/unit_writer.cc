#include "indexer/unit_writer.h"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <optional>
#include <span>
#include <utility>

#include "common/base/memory_guard.h"
#include "common/base/release.h"
#include "common/base/status_macros.h"
#include "common/format/file_names.h"
#include "common/format/impacts.h"
#include "common/format/own_columns.h"
#include "common/format/stored.h"
#include "indexer/posting_union.h"
#include "indexer/stem_groups.h"

namespace ibid {
namespace {

// Distinct column texts whose folded forms are remembered.
constexpr size_t kMaxFoldedTexts = 4096;
// Postings that are handed over at a time.
constexpr size_t kPostingsAtOnce = 128;
// A text of so many bytes is analysed in parts; the buffers of smaller ones are kept for the next.
constexpr size_t kLargeTextBytes = size_t{1} << 20;
constexpr size_t kKeptRegions = size_t{1} << 16;
// Bytes of a unit that a token takes at least, in most texts.
constexpr size_t kBytesAToken = 6;
// Terms lie in the order of their first use, and are written in byte order: each is a cache miss.
constexpr uint32_t kTermsAhead = 8;

// Appends `ends`, counted from a field's first token, as positions of the document.
void AppendEnds(std::vector<uint32_t>* ends, Position begin, std::vector<Position>* out) {
  for (const uint32_t end : *ends) out->push_back(begin + end);
  if (ends->capacity() > kKeptRegions) Release(ends);
}

// Large lists are let go as they are taken.
void AppendField(AnalyzedText* words, Position begin, DocRegions* regions) {
  AppendEnds(&words->sentence_ends, begin, &regions->sentence_ends);
  AppendEnds(&words->paragraph_ends, begin, &regions->paragraph_ends);
  for (const TokenRange& quotation : words->quotations) {
    regions->quotations.push_back({begin + quotation.begin, begin + quotation.end});
  }
  if (words->quotations.capacity() > kKeptRegions) Release(&words->quotations);
}

// About how many words a text has: stretches without a blank.
size_t CountWords(std::string_view text) {
  size_t count = 0;
  bool after_blank = true;
  for (const char c : text) {
    const bool is_blank = static_cast<unsigned char>(c) <= ' ';
    count += after_blank && !is_blank ? 1 : 0;
    after_blank = is_blank;
  }
  return count;
}

// Walks the postings of one term: the stretches of its places that lie in one document.
class PostingWalk {
 public:
  PostingWalk(const MemoryPostings& postings, uint32_t rank)
      : postings_(postings), places_(postings.places(rank)) {}

  bool at_end() const { return at_ == places_.size(); }
  DocId doc() const { return doc_; }
  uint32_t doc_begin() const { return postings_.doc_begin(doc_); }
  // The places in the next document, which becomes doc().
  std::span<const uint32_t> Next() {
    const uint32_t place = places_[at_];
    // The document after the last, of frequent terms.
    if (at_ > 0 && place < postings_.doc_begin(doc_ + 2)) {
      ++doc_;
    } else {
      doc_ = postings_.DocOf(place);
    }
    const uint32_t end = postings_.doc_begin(doc_ + 1);
    const size_t first = at_;
    do {
      ++at_;
    } while (at_ < places_.size() && places_[at_] < end);
    return places_.subspan(first, at_ - first);
  }

 private:
  const MemoryPostings& postings_;
  std::span<const uint32_t> places_;
  size_t at_ = 0;
  DocId doc_ = 0;
};

// Adds the postings of `rank`, positions and all.
void AddPostings(const MemoryPostings& postings, uint32_t rank, std::vector<uint32_t>* gaps,
                 PostingsWriter* out) {
  std::array<DocId, kPostingsAtOnce> docs;
  std::array<uint32_t, kPostingsAtOnce> freqs;
  for (PostingWalk walk(postings, rank); !walk.at_end();) {
    size_t num_gaps = 0;
    size_t num_docs = 0;
    while (!walk.at_end() && num_docs < docs.size()) {
      const std::span<const uint32_t> places = walk.Next();
      if (num_gaps + places.size() > gaps->size()) gaps->resize(2 * num_gaps + places.size());
      uint32_t base = walk.doc_begin();
      for (const uint32_t place : places) {
        (*gaps)[num_gaps++] = place - base;
        base = place + 1;
      }
      docs[num_docs] = walk.doc();
      freqs[num_docs++] = static_cast<uint32_t>(places.size());
    }
    out->AddBlock({docs.data(), num_docs}, {freqs.data(), num_docs}, {gaps->data(), num_gaps});
  }
}

std::vector<DocFreq> DocFreqs(const MemoryPostings& postings, uint32_t rank) {
  std::vector<DocFreq> list;
  for (PostingWalk walk(postings, rank); !walk.at_end();) {
    const auto freq = static_cast<uint32_t>(walk.Next().size());
    list.push_back({.doc = walk.doc(), .freq = freq});
  }
  return list;
}

void AddBlocks(const std::vector<DocFreq>& postings, PostingsWriter* out) {
  std::array<DocId, kPostingsAtOnce> docs;
  std::array<uint32_t, kPostingsAtOnce> freqs;
  for (size_t begin = 0; begin < postings.size(); begin += kPostingsAtOnce) {
    const size_t count = std::min(kPostingsAtOnce, postings.size() - begin);
    for (size_t i = 0; i < count; ++i) {
      docs[i] = postings[begin + i].doc;
      freqs[i] = postings[begin + i].freq;
    }
    out->AddBlock({docs.data(), count}, {freqs.data(), count});
  }
}

// The pairs of `words` in a unit, as ForEachWordPair gives those of a segment.
absl::Status ForEachPair(const MemoryPostings& postings, std::span<const std::string> words,
                         const WordPairVisitor& visit) {
  const uint32_t num_docs = postings.num_docs();
  std::vector<uint16_t> places(postings.doc_begin(num_docs));
  for (size_t word = 0; word < words.size(); ++word) {
    const std::optional<uint32_t> rank = postings.FindRank(words[word]);
    if (!rank) continue;
    for (const uint32_t place : postings.places(*rank)) {
      places[place] = static_cast<uint16_t>(word + 1);
    }
  }
  WordPairBatch batch(&visit);
  for (DocId doc = 0; doc < num_docs; ++doc) {
    const uint32_t begin = postings.doc_begin(doc);
    const uint32_t size = postings.doc_begin(doc + 1) - begin;
    RETURN_IF_ERROR(batch.AddWords(doc, std::span(places).subspan(begin, size)));
  }
  return batch.Finish();
}

}  // namespace

absl::StatusOr<std::unique_ptr<UnitWriter>> UnitWriter::Create(Env* env, std::string dir,
                                                               const IndexOptions& options) {
  ASSIGN_OR_RETURN(std::unique_ptr<Analyzer> analyzer, Analyzer::Create(options));
  return std::unique_ptr<UnitWriter>(
      new UnitWriter(env, std::move(dir), options, std::move(analyzer)));
}

UnitWriter::UnitWriter(Env* env, std::string dir, const IndexOptions& options,
                       std::unique_ptr<Analyzer> analyzer)
    : env_(env), dir_(std::move(dir)), options_(options), analyzer_(std::move(analyzer)) {}

absl::StatusOr<UnitResult> UnitWriter::Write(DocumentUnit unit, uint64_t segment_id,
                                             bool to_merge) {
  auto result = GuardMemory("indexing", [&]() -> absl::StatusOr<UnitResult> {
    return WriteSegment(std::move(unit), segment_id, to_merge);
  });
  segment_.reset();
  documents_ = {};
  postings_.Clear();
  return result;
}

absl::StatusOr<UnitResult> UnitWriter::WriteSegment(DocumentUnit unit, uint64_t segment_id,
                                                    bool to_merge) {
  const SegmentUse use = to_merge ? SegmentUse::kPassing : SegmentUse::kKept;
  ASSIGN_OR_RETURN(segment_,
                   SegmentWriter::Create(env_, dir_, segment_id,
                                         {.store_text = options_.store_text, .use = use}));
  cut_terms_ = 0;
  postings_.ExpectTokens(static_cast<size_t>(unit.bytes) / kBytesAToken);
  for (DocId doc = 0; doc < unit.documents.size(); ++doc) {
    RETURN_IF_ERROR(AddDocument(&unit.documents[doc], doc, unit.columns));
  }
  RETURN_IF_ERROR(AddKeys(unit.documents));
  Release(&unit.documents);
  postings_.Sort();
  const uint64_t num_tokens = documents_.num_tokens;
  segment_->StartPostings(std::move(documents_));
  PairLists pairs(env_, PairsTemporaryName(dir_, segment_id),
                  to_merge ? 0 : options_.pairs_percent);
  RETURN_IF_ERROR(AddTerms(segment_id, &pairs));
  RETURN_IF_ERROR(pairs.Write(
      [this](std::span<const std::string> words, const WordPairVisitor& visit) {
        return ForEachPair(postings_, words, visit);
      },
      postings_.num_docs(), num_tokens, segment_.get()));
  ASSIGN_OR_RETURN(SegmentMeta meta, segment_->Finish(/*sync=*/!to_merge));
  return UnitResult{.segment = meta, .cut_terms = cut_terms_};
}

absl::Status UnitWriter::AddDocument(UnitDocument* document, DocId doc, const ColumnList& columns) {
  Document& given = document->document;
  DocRegions regions;
  regions.title_tokens = AddField(given.title, &title_);
  if (regions.title_tokens > 0) postings_.AddGap();
  regions.text_tokens = AddField(given.text, &text_);
  postings_.EndDocument();
  AppendField(&title_, 0, &regions);
  AppendField(&text_, regions.text_begin(), &regions);
  segment_->regions().Add(regions);
  documents_.norms.push_back(LengthToNorm(regions.length()));
  documents_.num_tokens += regions.length();
  documents_.text_bytes += given.title.size() + given.text.size();

  if (options_.store_text) RETURN_IF_ERROR(segment_->stored().Add(EncodeStoredDocument(given)));
  AddColumns(document, doc, columns);
  Document rest;
  rest.key = std::move(given.key);
  given = std::move(rest);
  return absl::OkStatus();
}

// Gives the number of tokens; leaves the regions in `words`.
uint32_t UnitWriter::AddField(std::string_view text, AnalyzedText* words) {
  uint32_t num_tokens = 0;
  if (text.size() < kLargeTextBytes) {
    analyzer_->Analyze(text, words);
    postings_.AddTokens(*words);
    num_tokens = static_cast<uint32_t>(words->num_tokens());
  } else {
    postings_.ReserveTokens(CountWords(text));
    num_tokens = analyzer_->AnalyzeInParts(
        text, words,
        [this](const AnalyzedText& part, size_t first) { postings_.AddTokens(part, first); });
  }
  cut_terms_ += words->num_cut_terms;
  return num_tokens;
}

void UnitWriter::AddColumns(UnitDocument* document, DocId doc, const ColumnList& columns) {
  for (DocumentColumn& column : document->columns) {
    const auto& [name, type] = columns[column.column];
    if (type == StoredColumnType::kReal) MakeReal(&column.values);
    if (type == StoredColumnType::kText) FoldTexts(&column.values);
    segment_->columns().Add(doc, name, type, column.values);
  }
  Release(&document->columns);
  if (!document->origin.empty()) {
    ColumnValues origin;
    origin.texts = {{.folded = document->origin, .original = document->origin}};
    segment_->columns().Add(doc, kOriginColumn, StoredColumnType::kText, origin);
  }
  if (options_.store_text) return;
  const Document& given = document->document;  // whole yet: AddDocument lets it go afterwards
  ColumnValues values;
  values.integers = {std::bit_cast<int64_t>(document->fingerprint)};
  segment_->columns().Add(doc, kFingerprintColumn, StoredColumnType::kInteger, values);
  values.integers = {static_cast<int64_t>(given.title.size() + given.text.size())};
  segment_->columns().Add(doc, kTextBytesColumn, StoredColumnType::kInteger, values);
}

void UnitWriter::FoldTexts(ColumnValues* values) {
  for (ColumnText& text : values->texts) {
    const auto found = folded_.find(text.original);
    if (found != folded_.end()) {
      text.folded = found->second;
      continue;
    }
    text.folded = FoldText(text.original);
    if (folded_.size() >= kMaxFoldedTexts) folded_.clear();
    folded_.emplace(text.original, text.folded);
  }
}

absl::Status UnitWriter::AddKeys(const std::vector<UnitDocument>& documents) {
  std::vector<DocId> order(documents.size());
  std::iota(order.begin(), order.end(), DocId{0});
  std::sort(order.begin(), order.end(), [&](DocId a, DocId b) {
    return documents[a].document.key < documents[b].document.key;
  });
  for (const DocId doc : order) {
    RETURN_IF_ERROR(segment_->keys().Add(documents[doc].document.key, doc));
  }
  return absl::OkStatus();
}

absl::Status UnitWriter::AddTerms(uint64_t id, PairLists* pairs) {
  StemGroups groups(analyzer_.get(), {.env = env_, .path = JoinPath(dir_, SegmentFileName(id))});
  const bool stems = analyzer_->has_stemmer();
  std::vector<uint32_t> gaps;
  for (uint32_t rank = 0; rank < postings_.num_terms(); ++rank) {
    postings_.PrefetchTerm(rank + kTermsAhead);
    segment_->postings().BeginTerm(/*with_positions=*/true);
    AddPostings(postings_, rank, &gaps, &segment_->postings());
    const TermInfo info = segment_->postings().FinishTerm();
    RETURN_IF_ERROR(segment_->terms().Add(postings_.term(rank), info));
    pairs->AddTerm(postings_.term(rank), info);
    if (stems) RETURN_IF_ERROR(groups.Add(postings_.term(rank)));
  }
  return groups.ForEach([this](std::string_view stem, std::span<const uint32_t> forms) {
    return AddStem(stem, forms);
  });
}

absl::Status UnitWriter::AddStem(std::string_view stem, std::span<const uint32_t> forms) {
  TermInfo info;
  if (forms.size() > 1) {
    PostingUnion sum;
    for (const uint32_t form : forms) sum.Add(DocFreqs(postings_, form));
    segment_->postings().BeginTerm(/*with_positions=*/false);
    AddBlocks(sum.Take(), &segment_->postings());
    info = segment_->postings().FinishTerm();
  }
  info.forms.assign(forms.begin(), forms.end());
  return segment_->stems().Add(stem, info);
}

}  // namespace ibid
