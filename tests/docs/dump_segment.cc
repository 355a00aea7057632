#include "tests/docs/dump_segment.h"

#include <bit>
#include <cstdint>
#include <string_view>
#include <vector>

#include "common/base/status_macros.h"

namespace ibid {
namespace {

std::string Hex(std::string_view bytes) {
  std::string hex;
  for (const char c : bytes) {
    const uint8_t byte = static_cast<uint8_t>(c);
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex.empty() ? "-" : hex;
}

template <typename... Numbers>
void AddNumbers(std::string* out, Numbers... numbers) {
  ((*out += ' ' + std::to_string(numbers)), ...);
}

class Dump {
 public:
  explicit Dump(const SegmentReader& segment) : segment_(segment) {}

  absl::StatusOr<std::string> All() {
    const SegmentProperties& p = segment_.properties();
    text_ = "properties";
    AddNumbers(&text_, p.num_docs, p.num_tokens, p.text_bytes, p.num_positions, p.num_postings);
    text_ += "\npairs";
    AddNumbers(&text_, p.pairs.num_words, p.pairs.min_doc_freq, p.pairs.triple_min_doc_freq,
               p.pair_postings_bytes, std::bit_cast<uint64_t>(p.pairs.min_weight));
    text_ += '\n';
    RETURN_IF_ERROR(Dictionary("term", segment_.terms()));
    RETURN_IF_ERROR(Dictionary("stem", segment_.stems()));
    RETURN_IF_ERROR(Dictionary("pair", segment_.pairs()));
    for (DocId doc = 0; doc < segment_.num_docs(); ++doc) RETURN_IF_ERROR(DocumentFacts(doc));
    for (const ColumnReader& column : segment_.columns().columns()) {
      RETURN_IF_ERROR(Column(column));
    }
    return text_;
  }

 private:
  absl::Status Dictionary(std::string_view kind, const TermDictionary& dictionary) {
    ASSIGN_OR_RETURN(TermCursor cursor, dictionary.Seek(""));
    for (; !cursor.at_end();) {
      const TermInfo& info = cursor.info();
      text_ += std::string(kind) + ' ' + Hex(cursor.term());
      AddNumbers(&text_, info.doc_freq, info.total_freq, info.max_impact, info.kth_impacts[0],
                 info.kth_impacts[1], info.kth_impacts[2]);
      for (const uint32_t form : info.forms) text_ += " f" + std::to_string(form);
      text_ += '\n';
      RETURN_IF_ERROR(Postings(info));
      RETURN_IF_ERROR(cursor.Next());
    }
    return absl::OkStatus();
  }

  absl::Status Postings(const TermInfo& info) {
    PostingsCursor cursor = segment_.Postings(info);
    std::vector<Position> positions;
    for (; cursor.doc() != kNoMoreDocs; cursor.Next()) {
      text_ += std::to_string(cursor.doc()) + " x" + std::to_string(cursor.freq());
      positions.clear();
      cursor.AppendPositions(&positions);
      for (const Position position : positions) AddNumbers(&text_, position);
      cursor.ShallowSeek(cursor.doc());
      if (info.doc_freq > 128) {
        AddNumbers(&text_, cursor.block_max_impact(), cursor.block_max_freq(),
                   cursor.block_min_norm());
      }
      text_ += '\n';
    }
    return cursor.status();
  }

  absl::Status DocumentFacts(DocId doc) {
    ASSIGN_OR_RETURN(const uint8_t norm, segment_.Norm(doc));
    ASSIGN_OR_RETURN(const std::string key, segment_.keys().Key(doc));
    ASSIGN_OR_RETURN(const uint32_t rank, segment_.keys().Rank(doc));
    DocRegions regions;
    RETURN_IF_ERROR(segment_.regions().Get(doc, &regions));
    text_ += "doc";
    AddNumbers(&text_, doc, norm, rank);
    text_ += ' ' + Hex(key);
    AddNumbers(&text_, regions.title_tokens, regions.text_tokens);
    text_ += " s";
    for (const Position end : regions.sentence_ends) AddNumbers(&text_, end);
    text_ += " p";
    for (const Position end : regions.paragraph_ends) AddNumbers(&text_, end);
    text_ += " q";
    for (const PositionRange& range : regions.quotations) {
      AddNumbers(&text_, range.begin, range.end);
    }
    if (!segment_.stored().empty()) {
      ASSIGN_OR_RETURN(const std::string record, segment_.stored().Get(doc));
      text_ += " r " + Hex(record);
    }
    text_ += '\n';
    return absl::OkStatus();
  }

  absl::Status Column(const ColumnReader& column) {
    text_ += "column " + column.name();
    AddNumbers(&text_, static_cast<int>(column.type()));
    text_ += '\n';
    for (DocId doc = 0; doc < segment_.num_docs(); ++doc) {
      ASSIGN_OR_RETURN(const uint32_t count, column.NumValues(doc));
      for (uint32_t i = 0; i < count; ++i) {
        ASSIGN_OR_RETURN(const std::string value, Value(column, doc, i));
        text_ += std::to_string(doc) + ' ' + value + '\n';
      }
    }
    return absl::OkStatus();
  }

  static absl::StatusOr<std::string> Value(const ColumnReader& column, DocId doc, uint32_t i) {
    if (column.type() == StoredColumnType::kText) {
      ASSIGN_OR_RETURN(const uint32_t ordinal, column.Ordinal(doc, i));
      ASSIGN_OR_RETURN(const ColumnText text, column.Text(ordinal));
      return Hex(text.folded) + ' ' + Hex(text.original);
    }
    if (column.type() == StoredColumnType::kReal) {
      ASSIGN_OR_RETURN(const double real, column.Real(doc, i));
      return std::to_string(std::bit_cast<uint64_t>(real));
    }
    ASSIGN_OR_RETURN(const int64_t integer, column.Integer(doc, i));
    return std::to_string(integer);
  }

  const SegmentReader& segment_;
  std::string text_;
};

}  // namespace

absl::StatusOr<std::string> DumpSegment(const SegmentReader& segment) {
  return Dump(segment).All();
}

}  // namespace ibid
