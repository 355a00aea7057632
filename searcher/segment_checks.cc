#include "searcher/segment_checks.h"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/format/file_names.h"
#include "common/format/impacts.h"
#include "common/format/own_columns.h"
#include "searcher/column_checks.h"
#include "searcher/list_checks.h"
#include "searcher/pair_checks.h"
#include "searcher/stem_checks.h"

namespace ibid {
namespace {

// Values (postings, positions, documents) looked at before the pages they lie in are let go: with a
// few bytes each, the check holds some tens of MB of a segment of any size.
constexpr uint64_t kLetGoValues = uint64_t{8} << 20;
constexpr uint64_t kLetGoDocs = uint64_t{1} << 15;

class SegmentCheck {
 public:
  SegmentCheck(const SegmentReader& segment, const SegmentMeta& meta,
               std::vector<std::string>* problems)
      : segment_(segment), meta_(meta), problems_(problems) {}

  absl::Status Run() {
    RETURN_IF_ERROR(Report(Totals()));
    RETURN_IF_ERROR(Report(Regions()));
    RETURN_IF_ERROR(Report(Terms()));
    RETURN_IF_ERROR(Report(Stems()));
    RETURN_IF_ERROR(Report(Pairs()));
    RETURN_IF_ERROR(Report(CheckColumnValues(segment_)));
    RETURN_IF_ERROR(Report(Keys()));
    return Report(Texts());
  }

 private:
  absl::Status Report(const absl::Status& found) { return KeepProblem(found, problems_); }

  // Pages of the sections are read again from the file where they are needed again.
  void LetGo(std::initializer_list<SectionId> ids) const {
    for (const SectionId id : ids) {
      const Section section = segment_.file().section(id);
      if (!section.empty()) section.DontNeed(0, section.size());
    }
  }
  void CountValues(uint64_t count) {
    values_ += count;
    if (values_ < kLetGoValues) return;
    LetGo({SectionId::kPostings, SectionId::kPositions});
    values_ = 0;
  }

  absl::Status Wrong(std::string_view structure, std::string_view what) const {
    return absl::DataLossError(absl::StrCat(SegmentFileName(meta_.id), ": ", std::string(structure),
                                            ": ", std::string(what)));
  }

  absl::Status Totals() {
    const SegmentProperties& p = segment_.properties();
    if (p.num_docs != meta_.num_docs || p.num_tokens != meta_.num_tokens) {
      return Wrong("properties",
                   absl::StrCat(p.num_docs, " documents, ", p.num_tokens, " tokens; manifest says ",
                                meta_.num_docs, ", ", meta_.num_tokens));
    }
    if (p.text_bytes != meta_.text_bytes) {
      return Wrong("properties",
                   absl::StrCat(p.text_bytes, " bytes of text; manifest says ", meta_.text_bytes));
    }
    lengths_ = MakeLengthTable(
        {}, p.num_docs == 0 ? 0.0
                            : static_cast<double>(p.num_tokens) / static_cast<double>(p.num_docs));
    return absl::OkStatus();
  }

  absl::Status Regions() {
    uint64_t tokens = 0;
    DocRegions regions;
    for (DocId doc = 0; doc < segment_.num_docs(); ++doc) {
      if (doc % kLetGoDocs == 0) LetGo({SectionId::kRegions});
      RETURN_IF_ERROR(segment_.regions().Get(doc, &regions));
      ASSIGN_OR_RETURN(const uint32_t title, segment_.regions().TitleTokens(doc));
      ASSIGN_OR_RETURN(const uint8_t norm, segment_.Norm(doc));
      tokens += regions.length();
      if (title != regions.title_tokens || norm != LengthToNorm(regions.length())) {
        return Wrong("regions", absl::StrCat("document ", doc, ": length ", regions.length(),
                                             " does not fit its norm ", norm));
      }
      if (!IsOrdered(regions)) {
        return Wrong("regions", absl::StrCat("document ", doc, ": ranges out of order"));
      }
      ends_.push_back(regions.text().end);
    }
    if (tokens != segment_.properties().num_tokens) {
      return Wrong("regions", absl::StrCat("lengths add up to ", tokens, ", properties say ",
                                           segment_.properties().num_tokens));
    }
    return absl::OkStatus();
  }

  static bool IsOrdered(const DocRegions& regions) {
    const Position end = regions.text().end;
    const auto increasing = [end](const std::vector<Position>& ends) {
      Position last = 0;
      for (const Position p : ends) {
        if (p <= last || p > end) return false;
        last = p;
      }
      return true;
    };
    Position last = 0;
    for (const PositionRange& range : regions.quotations) {
      if (range.begin < last || range.end <= range.begin || range.end > end) return false;
      last = range.end;
    }
    return increasing(regions.sentence_ends) && increasing(regions.paragraph_ends);
  }

  // `positions`: the list must have them.
  absl::Status List(std::string_view name, const TermCursor& cursor, bool positions) {
    ASSIGN_OR_RETURN(const std::string complaint, list_.Run(cursor.info(), positions));
    CountValues(list_.num_values());
    if (complaint.empty()) return absl::OkStatus();
    return Wrong(name, absl::StrCat("term \"", std::string(cursor.term()), "\": ", complaint));
  }

  // Whether a search for the term finds what stands there.
  absl::Status Lookup(std::string_view name, const TermDictionary& dictionary,
                      const TermCursor& cursor) {
    ASSIGN_OR_RETURN(const std::optional<TermInfo> found, dictionary.Find(cursor.term()));
    if (found.has_value() && *found == cursor.info()) return absl::OkStatus();
    return Wrong(name, absl::StrCat("term \"", std::string(cursor.term()),
                                    "\" is not found where it stands"));
  }

  absl::Status Terms() {
    uint64_t postings = 0, occurrences = 0, terms = 0;
    std::string last;
    ASSIGN_OR_RETURN(TermCursor cursor, segment_.terms().Seek(""));
    for (; !cursor.at_end(); ++terms) {
      if (terms > 0 && cursor.term() <= last) return Wrong("terms", "out of order");
      last = cursor.term();
      RETURN_IF_ERROR(Lookup("terms", segment_.terms(), cursor));
      RETURN_IF_ERROR(List("terms", cursor, /*positions=*/true));
      postings += cursor.info().doc_freq;
      occurrences += cursor.info().total_freq;
      RETURN_IF_ERROR(cursor.Next());
    }
    const SegmentProperties& p = segment_.properties();
    if (terms != segment_.terms().num_terms() || postings != p.num_postings ||
        occurrences != p.num_positions) {
      return Wrong("terms", absl::StrCat(terms, " terms, ", postings, " postings, ", occurrences,
                                         " positions; properties say ", p.num_postings, ", ",
                                         p.num_positions));
    }
    return absl::OkStatus();
  }

  absl::Status Stems() {
    ASSIGN_OR_RETURN(TermCursor cursor, segment_.stems().Seek(""));
    while (!cursor.at_end()) {
      RETURN_IF_ERROR(Lookup("stems", segment_.stems(), cursor));
      if (cursor.info().forms.size() > 1) {
        RETURN_IF_ERROR(List("stems", cursor, /*positions=*/false));
      }
      RETURN_IF_ERROR(cursor.Next());
    }
    const absl::Status status = CheckStems(segment_);
    return absl::IsDataLoss(status) ? Wrong("stems", std::string(status.message())) : status;
  }

  // Lists whose words' positions give other places are wrong, whatever else is right about them.
  absl::Status Pairs() {
    ASSIGN_OR_RETURN(TermCursor cursor, segment_.pairs().Seek(""));
    while (!cursor.at_end()) {
      const bool positions = cursor.info().positions_bytes > 0 || cursor.info().inlined;
      RETURN_IF_ERROR(Lookup("pairs", segment_.pairs(), cursor));
      RETURN_IF_ERROR(List("pairs", cursor, positions));
      RETURN_IF_ERROR(cursor.Next());
    }
    const absl::Status status = CheckPairs(segment_);
    return absl::IsDataLoss(status) ? Wrong("pairs", std::string(status.message())) : status;
  }

  absl::Status Keys() {
    std::string last;
    for (uint32_t rank = 0; rank < segment_.num_docs(); ++rank) {
      ASSIGN_OR_RETURN(const DocId doc, segment_.keys().DocOfRank(rank));
      ASSIGN_OR_RETURN(const uint32_t back, segment_.keys().Rank(doc));
      ASSIGN_OR_RETURN(std::string key, segment_.keys().KeyOfRank(rank));
      if (back != rank || (rank > 0 && key <= last)) {
        return Wrong("keys", absl::StrCat("rank ", rank, " and document ", doc, " do not agree"));
      }
      last = std::move(key);
    }
    return absl::OkStatus();
  }

  // Stored texts, and that they, or the numbers kept in their place, add up.
  absl::Status Texts() {
    const ColumnReader* sizes = segment_.columns().Find(kTextBytesColumn);
    const bool is_stored = !segment_.stored().empty();
    if (!is_stored && sizes == nullptr) return absl::OkStatus();
    uint64_t bytes = 0;
    StoredCursor cursor(&segment_.stored());
    for (DocId doc = 0; doc < segment_.num_docs(); ++doc) {
      if (doc % kLetGoDocs == 0) LetGo({SectionId::kStored});
      if (is_stored) {
        ASSIGN_OR_RETURN(const std::string_view record, cursor.Get(doc));
        ASSIGN_OR_RETURN(const Document document,
                         DecodeStoredDocument(record, SegmentFileName(meta_.id)));
        bytes += document.title.size() + document.text.size();
      } else {
        ASSIGN_OR_RETURN(const int64_t size, sizes->Integer(doc, 0));
        if (size < 0 || static_cast<uint64_t>(size) > kMaxRecordBytes) {
          return Wrong("columns", absl::StrCat("document ", doc, " of ", size, " bytes of text"));
        }
        bytes += static_cast<uint64_t>(size);
      }
    }
    if (bytes == segment_.properties().text_bytes) return absl::OkStatus();
    return Wrong(is_stored ? "stored" : "columns",
                 absl::StrCat("texts add up to ", bytes, " bytes, properties say ",
                              segment_.properties().text_bytes));
  }

  const SegmentReader& segment_;
  const SegmentMeta& meta_;
  std::vector<std::string>* problems_;
  LengthTable lengths_ = {};
  std::vector<Position> ends_;  // of each document's text, as far as the regions were sound
  ListCheck list_{segment_, lengths_, ends_};
  uint64_t values_ = 0;  // since pages were last let go
};

}  // namespace

absl::Status CheckSegmentStructures(const SegmentReader& segment, const SegmentMeta& meta,
                                    std::vector<std::string>* problems) {
  return SegmentCheck(segment, meta, problems).Run();
}

absl::Status KeepProblem(const absl::Status& found, std::vector<std::string>* problems) {
  if (absl::IsResourceExhausted(found)) return found;
  if (!found.ok()) problems->emplace_back(found.message());
  return absl::OkStatus();
}

}  // namespace ibid
