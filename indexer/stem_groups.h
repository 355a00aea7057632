// Which surface forms share a stem, gathered while a dictionary of terms is written.
//
//   StemGroups groups(&analyzer);
//   groups.Add("rebel");                       // every term of the dictionary, in its order
//   groups.Add("rebels");
//   RETURN_IF_ERROR(groups.ForEach([&](std::string_view stem, std::span<const uint32_t> forms) {
//     ...                                      // "rebel", {0, 1}; stems in byte order
//   }));
//
// A stem whose only form is spelled like the stem is no group: it needs no record. Holds the terms
// front-coded (a few bytes each) and, of those that differ from their stem, the stem and a number.
// Not thread-safe.
#ifndef IBID_INDEXER_STEM_GROUPS_H_
#define IBID_INDEXER_STEM_GROUPS_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/text/analyzer.h"

namespace ibid {

// Terms in byte order in a few bytes each.
class TermList {
 public:
  void Append(std::string_view term);

  // Walks the list from its start; the list must not change meanwhile.
  class Walker {
   public:
    explicit Walker(const TermList* list) : list_(list) { Next(); }
    bool at_end() const { return at_end_; }
    std::string_view term() const { return term_; }
    uint32_t ordinal() const { return next_ordinal_ - 1; }
    void Next();

   private:
    const TermList* list_;
    bool at_end_ = false;
    size_t offset_ = 0;
    uint32_t next_ordinal_ = 0;
    std::string term_;
  };

 private:
  std::string bytes_;  // of each term: bytes shared with the one before, bytes of its own, those
  std::string last_;
};

class StemGroups {
 public:
  // `analyzer` must outlive this object.
  explicit StemGroups(Analyzer* analyzer) : analyzer_(analyzer) {}

  // Terms strictly increase; their ordinals count them from 0.
  void Add(std::string_view term);

  using Visitor =
      std::function<absl::Status(std::string_view stem, std::span<const uint32_t> forms)>;
  // Once. Stops at the first error.
  absl::Status ForEach(const Visitor& visit);

 private:
  struct Form {
    uint32_t offset_low;  // of the stem, whose offset has 48 bits
    uint16_t offset_high;
    uint16_t stem_length;
    uint32_t ordinal;
  };
  std::string_view StemOf(const Form& form) const {
    const uint64_t offset = uint64_t{form.offset_high} << 32 | form.offset_low;
    return std::string_view(stems_).substr(offset, form.stem_length);
  }

  Analyzer* analyzer_;
  TermList terms_;
  uint32_t num_terms_ = 0;
  std::string stems_;
  std::vector<Form> forms_;  // those that differ from their stem
};

}  // namespace ibid

#endif  // IBID_INDEXER_STEM_GROUPS_H_
