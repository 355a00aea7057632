#include "indexer/stem_groups.h"

#include <algorithm>
#include <utility>

#include "common/base/byte_writer.h"
#include "common/base/release.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "ibid/limits.h"

namespace ibid {
namespace {

// Bytes read of a file after which its pages are let go.
constexpr uint64_t kLetGoBytes = uint64_t{1} << 20;
static_assert(kMaxTermBytes <= UINT8_MAX);

absl::Status Changed() { return absl::DataLossError("a temporary file of stems was changed"); }

// Each text as the number of bytes it shares with the one before, the number of its own, and those.
void AppendFrontCoded(std::string_view text, std::string* last, std::string* out) {
  const auto differ = std::mismatch(text.begin(), text.end(), last->begin(), last->end()).first;
  const auto shared = static_cast<size_t>(differ - text.begin());
  out->push_back(static_cast<char>(shared));
  out->push_back(static_cast<char>(text.size() - shared));
  out->append(text.substr(shared));
  last->assign(text);
}

void ReadFrontCoded(ByteScanner* in, std::string* text) {
  const size_t shared = in->U8();
  const size_t own = in->U8();
  const std::string_view bytes = in->Bytes(own);
  if (shared > text->size()) in->Fail();
  text->resize(std::min(shared, text->size()));
  text->append(bytes);
}

// Where a walk through a part of such bytes has come to.
class Walk {
 public:
  Walk(const SpilledBytes& bytes, uint64_t begin, uint64_t end)
      : bytes_(&bytes), in_(bytes.view().subspan(begin, end - begin)), end_(end), let_go_(begin) {}

  ByteScanner& in() { return in_; }
  // Now and then, lets go of what was read.
  void Pass() {
    const uint64_t at = end_ - in_.remaining();
    if (at - let_go_ < kLetGoBytes) return;
    bytes_->LetGo(let_go_, at);
    let_go_ = at;
  }

 private:
  const SpilledBytes* bytes_;
  ByteScanner in_;
  uint64_t end_;
  uint64_t let_go_;
};

// The terms of the dictionary, in order.
class TermWalk {
 public:
  explicit TermWalk(const SpilledBytes& bytes) : walk_(bytes, 0, bytes.view().size()) { Next(); }

  bool at_end() const { return at_end_; }
  std::string_view term() const { return term_; }
  uint32_t ordinal() const { return next_ordinal_ - 1; }
  bool ok() { return walk_.in().ok(); }

  void Next() {
    walk_.Pass();
    at_end_ = walk_.in().empty();
    if (at_end_) return;
    ReadFrontCoded(&walk_.in(), &term_);
    ++next_ordinal_;
  }

 private:
  Walk walk_;
  bool at_end_ = false;
  uint32_t next_ordinal_ = 0;
  std::string term_;
};

}  // namespace

// All runs as one: forms by stem, then by ordinal.
class StemGroups::Runs {
 public:
  Runs(const SpilledBytes& bytes, std::span<const uint64_t> ends) {
    uint64_t begin = 0;
    for (const uint64_t end : ends) {
      Run run{.walk = Walk(bytes, begin, end)};
      if (run.Next()) {
        heap_.push_back(std::move(run));
      } else {
        ok_ = ok_ && run.walk.in().ok();
      }
      begin = end;
    }
    std::make_heap(heap_.begin(), heap_.end(), Later);
  }

  bool at_end() const { return heap_.empty(); }
  std::string_view stem() const { return heap_.front().stem; }
  uint32_t ordinal() const { return heap_.front().ordinal; }
  bool ok() const { return ok_; }

  void Next() {
    std::pop_heap(heap_.begin(), heap_.end(), Later);
    if (heap_.back().Next()) {
      std::push_heap(heap_.begin(), heap_.end(), Later);
      return;
    }
    ok_ = ok_ && heap_.back().walk.in().ok();
    heap_.pop_back();
  }

 private:
  struct Run {
    Walk walk;
    std::string stem = {};
    uint32_t ordinal = 0;

    bool Next() {
      walk.Pass();
      if (walk.in().empty()) return false;
      ReadFrontCoded(&walk.in(), &stem);
      ordinal = static_cast<uint32_t>(walk.in().Varint(UINT32_MAX));
      return walk.in().ok();
    }
  };
  static bool Later(const Run& a, const Run& b) {
    const int order = a.stem.compare(b.stem);
    return order != 0 ? order > 0 : a.ordinal > b.ordinal;
  }

  std::vector<Run> heap_;
  bool ok_ = true;
};

StemGroups::StemGroups(Analyzer* analyzer, StemGroupsOptions options)
    : analyzer_(analyzer),
      memory_bytes_(options.memory_bytes),
      terms_(options.env, StrCat(options.path, ".stem_terms.tmp"), options.memory_bytes),
      runs_(options.env, StrCat(options.path, ".stem_forms.tmp"), options.memory_bytes) {}

absl::Status StemGroups::Add(std::string_view term) {
  std::string coded;
  AppendFrontCoded(term, &last_term_, &coded);
  RETURN_IF_ERROR(terms_.Append(coded));
  const uint32_t ordinal = num_terms_++;
  const std::string_view stem = analyzer_->Stem(term);
  if (stem == term) return absl::OkStatus();
  forms_.push_back({.begin = static_cast<uint32_t>(stems_.size()),
                    .stem_length = static_cast<uint32_t>(stem.size()),
                    .ordinal = ordinal});
  stems_.append(stem);
  const bool full = stems_.size() + forms_.size() * sizeof(Form) >= memory_bytes_;
  return full ? EndRun() : absl::OkStatus();
}

absl::Status StemGroups::EndRun() {
  std::sort(forms_.begin(), forms_.end(), [this](const Form& a, const Form& b) {
    const int order = StemOf(a).compare(StemOf(b));
    return order != 0 ? order < 0 : a.ordinal < b.ordinal;
  });
  std::string last;
  std::string coded;
  for (const Form& form : forms_) {
    coded.clear();
    AppendFrontCoded(StemOf(form), &last, &coded);
    AppendVarint(form.ordinal, &coded);
    RETURN_IF_ERROR(runs_.Append(coded));
  }
  run_ends_.push_back(runs_.size());
  forms_.clear();
  stems_.clear();
  return absl::OkStatus();
}

absl::Status StemGroups::ForEach(const Visitor& visit) {
  RETURN_IF_ERROR(EndRun());
  Release(&forms_);
  Release(&stems_);
  RETURN_IF_ERROR(runs_.Finish());
  RETURN_IF_ERROR(terms_.Finish());
  Runs runs(runs_, run_ends_);
  TermWalk terms(terms_);
  std::string stem;
  std::vector<uint32_t> group;
  while (!runs.at_end()) {
    stem.assign(runs.stem());
    group.clear();
    for (; !runs.at_end() && runs.stem() == stem; runs.Next()) group.push_back(runs.ordinal());
    while (!terms.at_end() && terms.term() < stem) terms.Next();
    const bool is_form = !terms.at_end() && terms.term() == stem && analyzer_->Stem(stem) == stem;
    if (is_form) {
      group.insert(std::lower_bound(group.begin(), group.end(), terms.ordinal()), terms.ordinal());
    }
    RETURN_IF_ERROR(visit(stem, group));
  }
  return runs.ok() && terms.ok() ? absl::OkStatus() : Changed();
}

}  // namespace ibid
