#include "searcher/stem_checks.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace ibid {
namespace {

// Postings looked at before the pages they lie in are let go.
constexpr uint64_t kLetGoPostings = uint64_t{8} << 20;

absl::Status Wrong(std::string what) { return absl::DataLossError(std::move(what)); }

class StemCheck {
 public:
  explicit StemCheck(const SegmentReader& segment)
      : segment_(segment), is_form_(segment.terms().num_terms()) {}

  absl::Status Run() {
    ASSIGN_OR_RETURN(TermCursor stem, segment_.stems().Seek(""));
    while (!stem.at_end()) {
      RETURN_IF_ERROR(Stem(stem.term(), stem.info()));
      RETURN_IF_ERROR(stem.Next());
    }
    return FormsThatAreStems();
  }

 private:
  absl::Status Stem(std::string_view stem, const TermInfo& info) {
    const std::string name = absl::StrCat("\"", std::string(stem), "\"");
    if (info.forms.empty()) return Wrong(absl::StrCat(name, " has no forms"));
    uint64_t of_forms = 0, occurrences = 0;
    for (const uint32_t ordinal : info.forms) {
      if (ordinal >= is_form_.size()) return Wrong(absl::StrCat(name, ": no term ", ordinal));
      if (is_form_[ordinal]) return Wrong(absl::StrCat(name, ": term ", ordinal, " has two stems"));
      is_form_[ordinal] = true;
      if (info.forms.size() == 1) return absl::OkStatus();  // its postings are the form's
      ASSIGN_OR_RETURN(const TermCursor form, segment_.terms().SeekOrdinal(ordinal));
      if (form.at_end()) return Wrong(absl::StrCat(name, ": no term ", ordinal));
      occurrences += form.info().total_freq;
      ASSIGN_OR_RETURN(const uint64_t sum, SumOf(form.info()));
      of_forms += sum;
    }
    if (occurrences != info.total_freq) {
      return Wrong(
          absl::StrCat(name, ": ", info.total_freq, " occurrences, its forms have ", occurrences));
    }
    ASSIGN_OR_RETURN(const uint64_t own, SumOf(info));
    if (own == of_forms) return absl::OkStatus();
    return Wrong(absl::StrCat(name, ": its list is not the union of its forms'"));
  }

  // Adds up over the lists of several terms to the same number as over their union: of each
  // document a hash of its number as often as the term occurs in it.
  absl::StatusOr<uint64_t> SumOf(const TermInfo& info) {
    uint64_t sum = 0;
    PostingsCursor cursor = segment_.Postings(info);
    for (; cursor.doc() != kNoMoreDocs; cursor.Next()) sum += Hash(cursor.doc()) * cursor.freq();
    RETURN_IF_ERROR(cursor.status());
    LetGo(info.doc_freq);
    return sum;
  }

  // The last step of splitmix64 (Steele, Lea, Flood, OOPSLA 2014).
  static uint64_t Hash(uint64_t number) {
    number = (number + 0x9e3779b97f4a7c15) * 0xbf58476d1ce4e5b9;
    number = (number ^ number >> 27) * 0x94d049bb133111eb;
    return number ^ number >> 31;
  }

  void LetGo(uint64_t postings) {
    postings_ += postings;
    if (postings_ < kLetGoPostings) return;
    const Section section = segment_.file().section(SectionId::kPostings);
    if (!section.empty()) section.DontNeed(0, section.size());
    postings_ = 0;
  }

  // A term that is no form is its own stem, alone.
  absl::Status FormsThatAreStems() {
    ASSIGN_OR_RETURN(TermCursor stem, segment_.stems().Seek(""));
    ASSIGN_OR_RETURN(TermCursor term, segment_.terms().Seek(""));
    while (!stem.at_end() && !term.at_end()) {
      if (term.term() == stem.term() && !is_form_[term.ordinal()]) {
        return Wrong(absl::StrCat("\"", std::string(term.term()),
                                  "\" is a stem, and a term without a stem of another spelling"));
      }
      if (term.term() < stem.term()) {
        RETURN_IF_ERROR(term.Next());
      } else {
        RETURN_IF_ERROR(stem.Next());
      }
    }
    return absl::OkStatus();
  }

  const SegmentReader& segment_;
  std::vector<bool> is_form_;  // by ordinal
  uint64_t postings_ = 0;      // since pages were last let go
};

}  // namespace

absl::Status CheckStems(const SegmentReader& segment) { return StemCheck(segment).Run(); }

}  // namespace ibid
