#include "tests/docs/random_segment.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/format/impacts.h"
#include "common/format/segment_writer.h"

namespace ibid {
namespace {

class RandomSegment {
 public:
  RandomSegment(const RandomSegmentOptions& options, SegmentWriter* segment)
      : options_(options), segment_(*segment), random_(options.seed) {}

  absl::Status Fill() {
    SegmentDocuments documents;
    for (DocId doc = 0; doc < options_.num_docs; ++doc) {
      const DocRegions regions = MakeRegions();
      segment_.regions().Add(regions);
      documents.norms.push_back(LengthToNorm(regions.length()));
      documents.num_tokens += regions.length();
      AddColumns(doc);
      if (options_.store_text) RETURN_IF_ERROR(segment_.stored().Add(MakeRecord()));
    }
    RETURN_IF_ERROR(AddKeys());
    segment_.StartPostings(std::move(documents));
    for (const std::string& term : MakeTerms(0)) {
      RETURN_IF_ERROR(segment_.terms().Add(term, WriteTerm(true)));
    }
    for (const std::string& term : MakeTerms(1)) RETURN_IF_ERROR(AddStem(term));
    RETURN_IF_ERROR(segment_.FinishTerms().status());
    segment_.SetPairCoverage(
        {.min_doc_freq = 3, .min_weight = 20.5, .triple_min_doc_freq = 5, .num_words = 7});
    for (const std::string& term : MakeTerms(2)) {
      RETURN_IF_ERROR(segment_.pairs().Add(PairKey(term, term), WriteTerm(false)));
      if (Below(2) == 0) continue;
      RETURN_IF_ERROR(segment_.pairs().Add(TripleKey(term, term, term), WriteTerm(false)));
    }
    return absl::OkStatus();
  }

 private:
  uint32_t Below(uint32_t n) { return static_cast<uint32_t>(random_() % n); }

  std::string Word() {
    std::string word(1 + Below(Below(30) == 0 ? 60 : 6), 'a');
    for (char& c : word) c = static_cast<char>('a' + Below(5));
    return word;
  }

  DocRegions MakeRegions() {
    DocRegions regions;
    regions.title_tokens = Below(3) == 0 ? 0 : Below(9);
    regions.text_tokens = Below(6) == 0 ? 0 : Below(300);
    for (const PositionRange range : {regions.title(), regions.text()}) {
      for (Position at = range.begin; at < range.end;) {
        at = std::min<Position>(range.end, at + 1 + Below(100));
        regions.sentence_ends.push_back(at);
        if (at == range.end || Below(3) == 0) regions.paragraph_ends.push_back(at);
      }
    }
    for (Position at = regions.text_begin();;) {
      const Position begin = at + Below(150), end = begin + 1 + Below(30);
      if (end > regions.text().end) break;
      regions.quotations.push_back({begin, end});
      at = end;
    }
    return regions;
  }

  void AddColumns(DocId doc) {
    auto& columns = segment_.columns();
    columns.Add(doc, "date", StoredColumnType::kDate,
                {.integers = {int64_t{86400} * Below(20000) - 86400000}});
    const std::string word = Word();
    columns.Add(doc, "source", StoredColumnType::kText,
                {.texts = {{word, Below(2) == 0 ? word : "The " + word}}});
    if (Below(3) == 0)
      columns.Add(doc, "price", StoredColumnType::kReal, {.reals = {Below(9) / 4.0}});
    if (Below(2) == 0) {
      columns.Add(doc, "rank", StoredColumnType::kInteger, {.integers = {Below(1000)}});
    }
    for (uint32_t n = Below(4); n > 0; --n) {
      columns.Add(doc, "tag", StoredColumnType::kText, {.texts = {{"t" + word, "T" + word}}});
    }
    if (doc % 97 == 3) {
      columns.Add(doc, "wide", StoredColumnType::kInteger,
                  {.integers = {static_cast<int64_t>(random_())}});
    }
  }

  std::string MakeRecord() {
    Document document;
    for (uint32_t n = Below(60); n > 0; --n) document.text += Word() + " ";
    document.title = Word();
    document.date = "2026-11-21";
    document.fields = {{"tag", {FieldValue(Word()), FieldValue(int64_t{-3}), FieldValue(0.5)}}};
    return EncodeStoredDocument(document);
  }

  absl::Status AddKeys() {
    std::set<std::string> keys;
    while (keys.size() < options_.num_docs)
      keys.insert("dir/" + Word() + std::to_string(random_()));
    std::vector<DocId> docs(options_.num_docs);
    std::iota(docs.begin(), docs.end(), 0);
    if (options_.seed % 2 == 0) std::shuffle(docs.begin(), docs.end(), random_);
    size_t rank = 0;
    for (const std::string& key : keys) RETURN_IF_ERROR(segment_.keys().Add(key, docs[rank++]));
    return absl::OkStatus();
  }

  std::set<std::string> MakeTerms(uint32_t kind) {
    std::set<std::string> terms;
    const uint32_t size = kind == 0 ? options_.num_terms : options_.num_terms / 5;
    while (terms.size() < size)
      terms.insert(Word() + (Below(2) == 0 ? "" : std::to_string(Below(99))));
    return terms;
  }

  // A list of any density, from one document to all of them.
  TermInfo WriteTerm(bool with_positions) {
    PostingsWriter& writer = segment_.postings();
    writer.BeginTerm(with_positions, Below(2) == 0 ? BlockCoding::kSmall : BlockCoding::kPatched);
    const uint32_t max_gap = 1 + Below(Below(4) == 0 ? 3 : options_.num_docs);
    const uint32_t max_freq = 1 + Below(5) * Below(5);
    const uint32_t spread = 1 + Below(200);
    uint32_t doc = Below(max_gap);
    do {
      doc = std::min(doc, options_.num_docs - 1);
      std::vector<Position> positions;
      Position position = Below(spread);
      for (uint32_t n = 1 + Below(max_freq); n > 0; --n, position += 1 + Below(spread)) {
        positions.push_back(position);
      }
      if (with_positions) {
        writer.Add(doc, positions);
      } else {
        writer.Add(doc, static_cast<uint32_t>(positions.size()));
      }
      doc += 1 + Below(max_gap);
    } while (doc < options_.num_docs);
    return writer.FinishTerm();
  }

  absl::Status AddStem(const std::string& stem) {
    std::set<uint32_t> forms;
    for (uint32_t n = 1 + Below(3); n > 0; --n) forms.insert(Below(options_.num_terms));
    TermInfo info;
    if (forms.size() > 1) info = WriteTerm(false);
    info.forms.assign(forms.begin(), forms.end());
    return segment_.stems().Add(stem, info);
  }

  RandomSegmentOptions options_;
  SegmentWriter& segment_;
  std::mt19937_64 random_;
};

}  // namespace

absl::StatusOr<SegmentMeta> WriteRandomSegment(Env* env, const std::string& dir,
                                               const RandomSegmentOptions& options) {
  SegmentWriterOptions writer_options;
  writer_options.store_text = options.store_text;
  writer_options.section_memory_bytes = 1000;  // so that sections go through temporary files
  ASSIGN_OR_RETURN(auto segment, SegmentWriter::Create(env, dir, 1, writer_options));
  RETURN_IF_ERROR(RandomSegment(options, segment.get()).Fill());
  return segment->Finish(/*sync=*/false);
}

}  // namespace ibid
