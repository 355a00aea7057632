#include "searcher/deep_checks.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/format/columns.h"
#include "common/format/postings_cursor.h"
#include "common/format/regions.h"
#include "common/format/stored.h"
#include "ibid/document.h"
#include "searcher/segment_checks.h"

namespace ibid {
namespace {

// The finalizer of SplitMix64 (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number
// Generators", 2014): each bit of the input changes half of the output's.
uint64_t Mix(uint64_t x) {
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
  x = (x ^ x >> 27) * 0x94d049bb133111eb;
  return x ^ x >> 31;
}

// A list as numbers that do not depend on the order in which it was read.
struct ListSum {
  uint64_t occurrences = 0;
  uint64_t of_docs = 0;       // of each occurrence's document
  uint64_t of_positions = 0;  // of each occurrence's document and position

  void Add(DocId doc, Position position) {
    ++occurrences;
    of_docs += Mix(doc + 1);
    of_positions += Mix(uint64_t{doc} << 32 | position);
  }
  bool operator==(const ListSum&) const = default;
};

void AppendField(const AnalyzedText& field, Position first, DocRegions* regions) {
  for (const uint32_t end : field.sentence_ends) regions->sentence_ends.push_back(first + end);
  for (const uint32_t end : field.paragraph_ends) regions->paragraph_ends.push_back(first + end);
  for (const TokenRange& range : field.quotations) {
    regions->quotations.push_back({first + range.begin, first + range.end});
  }
}

class DeepCheck {
 public:
  DeepCheck(const SegmentReader& segment, Analyzer* analyzer)
      : segment_(segment), analyzer_(*analyzer) {}

  std::vector<absl::Status> Run() {
    std::vector<absl::Status> found = {Documents()};
    // What follows compares with all documents.
    if (found[0].ok()) {
      found.push_back(Terms());
      found.push_back(Stems());
    }
    return found;
  }

 private:
  absl::Status Wrong(SectionId structure, const std::string& what) const {
    return segment_.file().section(structure).Corrupt(
        0, absl::StrCat(what, ": not what the stored text gives"));
  }

  absl::Status Documents() {
    StoredCursor cursor(&segment_.stored());
    for (DocId doc = 0; doc < segment_.num_docs(); ++doc) {
      ASSIGN_OR_RETURN(const std::string_view record, cursor.Get(doc));
      ASSIGN_OR_RETURN(const Document document, DecodeStoredDocument(record, "stored"));
      analyzer_.Analyze(document.title, &title_);
      analyzer_.Analyze(document.text, &text_);
      RETURN_IF_ERROR(Regions(doc));
      RETURN_IF_ERROR(Columns(doc, document));
    }
    return absl::OkStatus();
  }

  absl::Status Regions(DocId doc) {
    DocRegions expected;
    expected.title_tokens = static_cast<uint32_t>(title_.num_tokens());
    expected.text_tokens = static_cast<uint32_t>(text_.num_tokens());
    AppendField(title_, 0, &expected);
    AppendField(text_, expected.text_begin(), &expected);
    RETURN_IF_ERROR(segment_.regions().Get(doc, &regions_));
    if (!(regions_ == expected)) {
      return Wrong(SectionId::kRegions, absl::StrCat("document ", doc));
    }
    AddTokens(doc, title_, 0);
    AddTokens(doc, text_, expected.text_begin());
    return absl::OkStatus();
  }

  void AddTokens(DocId doc, const AnalyzedText& field, Position first) {
    for (size_t i = 0; i < field.num_tokens(); ++i) {
      key_.assign(field.term(i));
      terms_[key_].Add(doc, first + static_cast<Position>(i));
    }
  }

  // What the list in the segment adds up to; positions only where `with_positions`.
  absl::StatusOr<ListSum> SumOf(const TermInfo& info, bool with_positions) {
    ListSum sum;
    PostingsCursor cursor = segment_.Postings(info);
    for (; cursor.doc() != kNoMoreDocs; cursor.Next()) {
      const uint32_t freq = cursor.freq();
      positions_.clear();
      if (with_positions) cursor.AppendPositions(&positions_);
      for (const Position position : positions_) {
        sum.of_positions += Mix(uint64_t{cursor.doc()} << 32 | position);
      }
      sum.occurrences += freq;
      sum.of_docs += freq * Mix(cursor.doc() + 1);
    }
    RETURN_IF_ERROR(cursor.status());
    return sum;
  }

  absl::Status Terms() {
    ASSIGN_OR_RETURN(TermCursor cursor, segment_.terms().Seek(""));
    while (!cursor.at_end()) {
      key_.assign(cursor.term());
      const auto expected = terms_.find(key_);
      ASSIGN_OR_RETURN(const ListSum sum, SumOf(cursor.info(), /*with_positions=*/true));
      if (expected == terms_.end() || !(sum == expected->second)) {
        return Wrong(SectionId::kTerms, absl::StrCat("term \"", key_, "\""));
      }
      AddToStem(cursor.term(), cursor.ordinal(), sum);
      RETURN_IF_ERROR(cursor.Next());
    }
    if (segment_.terms().num_terms() == terms_.size()) return absl::OkStatus();
    return Wrong(SectionId::kTerms,
                 absl::StrCat(segment_.terms().num_terms(), " terms of ", terms_.size()));
  }

  struct StemGroup {
    std::vector<uint32_t> forms;
    bool is_spelled_alike = false;  // its only form
    ListSum sum;
  };

  void AddToStem(std::string_view term, uint32_t ordinal, const ListSum& sum) {
    StemGroup& group = stems_[std::string(analyzer_.Stem(term))];
    group.forms.push_back(ordinal);
    group.is_spelled_alike = group.forms.size() == 1 && analyzer_.Stem(term) == term;
    group.sum.occurrences += sum.occurrences;
    group.sum.of_docs += sum.of_docs;
  }

  // A stem with one form of its own spelling is not in the dictionary of stems.
  absl::Status Stems() {
    ASSIGN_OR_RETURN(TermCursor cursor, segment_.stems().Seek(""));
    for (const auto& [stem, group] : stems_) {
      if (group.is_spelled_alike) continue;
      const absl::Status wrong = Wrong(SectionId::kStems, absl::StrCat("stem \"", stem, "\""));
      if (cursor.at_end() || cursor.term() != stem || cursor.info().forms != group.forms) {
        return wrong;
      }
      if (group.forms.size() > 1) {
        ASSIGN_OR_RETURN(const ListSum sum, SumOf(cursor.info(), /*with_positions=*/false));
        if (!(sum == group.sum)) return wrong;
      }
      RETURN_IF_ERROR(cursor.Next());
    }
    if (cursor.at_end()) return absl::OkStatus();
    return Wrong(SectionId::kStems, absl::StrCat("stem \"", std::string(cursor.term()), "\""));
  }

  absl::Status Columns(DocId doc, const Document& document) {
    for (const ColumnReader& column : segment_.columns().columns()) {
      if (column.name().starts_with("_")) continue;  // the library's own
      RETURN_IF_ERROR(Column(column, doc, ValuesOf(document, column.name())));
    }
    // Of other columns any value may have been left out, as not of their type.
    const bool lost = !document.source.empty() && segment_.columns().Find("source") == nullptr;
    return lost ? Wrong(SectionId::kColumns, absl::StrCat("column source of document ", doc))
                : absl::OkStatus();
  }

  static std::vector<FieldValue> ValuesOf(const Document& document, std::string_view name) {
    std::vector<FieldValue> values;
    const auto add = [&values](const FieldValue& value) {
      const auto* text = std::get_if<std::string>(&value);
      if (text != nullptr && text->empty()) return;
      // By what it holds: where memory runs out while a variant is copied, libstdc++ 12 destroys a
      // string that was never made.
      std::visit([&values](const auto& held) { values.emplace_back(held); }, value);
    };
    if (name == "date") add(document.date);
    if (name == "source") add(document.source);
    for (const Field& field : document.fields) {
      if (field.name == name) std::for_each(field.values.begin(), field.values.end(), add);
    }
    return values;
  }

  absl::Status Column(const ColumnReader& column, DocId doc,
                      const std::vector<FieldValue>& expected) {
    ASSIGN_OR_RETURN(const uint32_t count, column.NumValues(doc));
    const bool is_text = column.type() == StoredColumnType::kText;
    bool fits = is_text ? count == expected.size() : count <= expected.size();
    for (uint32_t i = 0; fits && i < count; ++i) {
      if (is_text) {
        ASSIGN_OR_RETURN(const uint32_t ordinal, column.Ordinal(doc, i));
        ASSIGN_OR_RETURN(const ColumnText text, column.Text(ordinal));
        const auto* given = std::get_if<std::string>(&expected[i]);
        fits = (given == nullptr || (text.original == *given && text.folded == FoldText(*given)));
      } else if (column.type() == StoredColumnType::kInteger) {
        ASSIGN_OR_RETURN(const int64_t integer, column.Integer(doc, i));
        fits = std::any_of(expected.begin(), expected.end(), [&](const FieldValue& value) {
          const auto* given = std::get_if<int64_t>(&value);
          return given == nullptr || *given == integer;
        });
      }
    }
    if (fits) return absl::OkStatus();
    return Wrong(SectionId::kColumns, absl::StrCat("column ", column.name(), " of document ", doc));
  }

  const SegmentReader& segment_;
  Analyzer& analyzer_;
  AnalyzedText title_, text_;
  DocRegions regions_;
  std::vector<Position> positions_;
  std::string key_;  // scratch
  std::unordered_map<std::string, ListSum, absl::Hash<std::string>> terms_;
  std::map<std::string, StemGroup> stems_;
};

}  // namespace

absl::Status CheckAgainstStoredText(const SegmentReader& segment, Analyzer* analyzer,
                                    std::vector<std::string>* problems) {
  for (const absl::Status& found : DeepCheck(segment, analyzer).Run()) {
    RETURN_IF_ERROR(KeepProblem(found, problems));
  }
  return absl::OkStatus();
}

}  // namespace ibid
