#include "indexer/stem_groups.h"

#include <algorithm>

#include "common/base/status_macros.h"

namespace ibid {

void TermList::Append(std::string_view term) {
  const auto differ = std::mismatch(term.begin(), term.end(), last_.begin(), last_.end()).first;
  const auto shared = static_cast<size_t>(differ - term.begin());
  // A term has at most kMaxTermBytes = 255 bytes.
  bytes_.push_back(static_cast<char>(shared));
  bytes_.push_back(static_cast<char>(term.size() - shared));
  bytes_.append(term.substr(shared));
  last_.assign(term);
}

void TermList::Walker::Next() {
  if (offset_ == list_->bytes_.size()) {
    at_end_ = true;
    return;
  }
  const auto shared = static_cast<uint8_t>(list_->bytes_[offset_]);
  const auto own = static_cast<uint8_t>(list_->bytes_[offset_ + 1]);
  term_.resize(shared);
  term_.append(list_->bytes_, offset_ + 2, own);
  offset_ += 2 + size_t{own};
  ++next_ordinal_;
}

void StemGroups::Add(std::string_view term) {
  terms_.Append(term);
  const uint32_t ordinal = num_terms_++;
  const std::string_view stem = analyzer_->Stem(term);
  if (stem == term) return;
  forms_.push_back({.offset_low = static_cast<uint32_t>(stems_.size()),
                    .offset_high = static_cast<uint16_t>(uint64_t{stems_.size()} >> 32),
                    .stem_length = static_cast<uint16_t>(stem.size()),
                    .ordinal = ordinal});
  stems_.append(stem);
}

absl::Status StemGroups::ForEach(const Visitor& visit) {
  std::sort(forms_.begin(), forms_.end(), [this](const Form& a, const Form& b) {
    const int order = StemOf(a).compare(StemOf(b));
    return order != 0 ? order < 0 : a.ordinal < b.ordinal;
  });
  TermList::Walker walker(&terms_);
  std::vector<uint32_t> group;
  for (size_t i = 0; i < forms_.size();) {
    const std::string_view stem = StemOf(forms_[i]);
    group.clear();
    for (; i < forms_.size() && StemOf(forms_[i]) == stem; ++i) group.push_back(forms_[i].ordinal);
    while (!walker.at_end() && walker.term() < stem) walker.Next();
    const bool is_form = !walker.at_end() && walker.term() == stem && analyzer_->Stem(stem) == stem;
    if (is_form) {
      group.insert(std::lower_bound(group.begin(), group.end(), walker.ordinal()),
                   walker.ordinal());
    }
    RETURN_IF_ERROR(visit(stem, group));
  }
  return absl::OkStatus();
}

}  // namespace ibid
