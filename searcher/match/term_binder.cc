#include "searcher/match/term_binder.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "searcher/match/text_patterns.h"

namespace ibid {
namespace {

// The forms of a stem in one segment. A stem without a record has at most the form that is spelled
// like it (docs/FORMAT.md, stems); `is_own_stem` says whether that form has this stem at all.
absl::StatusOr<BoundSegmentTerm> FindStem(const SegmentReader& segment, std::string_view stem,
                                          bool is_own_stem) {
  BoundSegmentTerm found;
  ASSIGN_OR_RETURN(std::optional<TermInfo> info, segment.stems().Find(stem));
  if (!info.has_value()) {
    if (!is_own_stem) return found;
    ASSIGN_OR_RETURN(std::optional<TermInfo> form, segment.terms().Find(stem));
    if (form.has_value()) found.scoring = found.surface = {*std::move(form)};
    return found;
  }
  for (const uint32_t ordinal : info->forms) {
    ASSIGN_OR_RETURN(const TermCursor cursor, segment.terms().SeekOrdinal(ordinal));
    if (cursor.at_end()) {
      return absl::DataLossError(absl::StrCat("stems: \"", std::string(stem), "\" names term ",
                                              ordinal, " of ", segment.terms().num_terms()));
    }
    found.surface.push_back(cursor.info());
  }
  if (found.surface.size() == 1) {
    found.scoring = found.surface;
  } else {
    info->forms.clear();
    found.scoring = {*std::move(info)};
  }
  return found;
}

uint64_t SumDocFreq(const BoundTerm& term) {
  uint64_t sum = 0;
  for (const BoundSegmentTerm& segment : term.segments) {
    for (const TermInfo& info : segment.scoring) sum += info.doc_freq;
  }
  return sum;
}

// Tells the terms of one segment apart: where their postings are, or the one posting they have.
std::pair<uint64_t, bool> IdentityOf(const TermInfo& info) {
  if (!info.inlined) return {info.postings_offset, false};
  return {uint64_t{info.inline_doc} << 32 | info.inline_position, true};
}

size_t BytesOf(const BoundTerm& term) {
  size_t bytes = sizeof(BoundTerm) + term.label.size();
  for (const BoundSegmentTerm& segment : term.segments) {
    const size_t num_infos = segment.scoring.size() + segment.surface.size();
    bytes += sizeof(BoundSegmentTerm) + num_infos * sizeof(TermInfo);
  }
  return bytes;
}

// Walks the terms of a snapshot that begin with a prefix: each once, in order, with the sum of its
// document frequencies in all segments.
class TermWalk {
 public:
  static absl::StatusOr<TermWalk> Begin(const IndexReader::Impl& snapshot,
                                        std::string_view prefix) {
    TermWalk walk(prefix);
    for (const SnapshotSegment& segment : snapshot.segments) {
      ASSIGN_OR_RETURN(TermCursor cursor, segment.reader->terms().Seek(prefix));
      walk.cursors_.push_back(std::move(cursor));
      walk.Wait();
    }
    RETURN_IF_ERROR(walk.Next());
    return walk;
  }

  bool at_end() const { return at_end_; }
  const std::string& term() const { return term_; }
  uint64_t doc_freq() const { return doc_freq_; }

  absl::Status Next() {
    at_end_ = cursors_.empty();
    if (at_end_) return absl::OkStatus();
    term_ = cursors_.front().term();
    doc_freq_ = 0;
    while (!cursors_.empty() && cursors_.front().term() == term_) {
      std::pop_heap(cursors_.begin(), cursors_.end(), Later);
      doc_freq_ += cursors_.back().info().doc_freq;
      RETURN_IF_ERROR(cursors_.back().Next());
      Wait();
    }
    return absl::OkStatus();
  }

 private:
  explicit TermWalk(std::string_view prefix) : prefix_(prefix) {}

  static bool Later(const TermCursor& a, const TermCursor& b) { return a.term() > b.term(); }

  // Puts the last cursor, which has moved, in its place.
  void Wait() {
    const TermCursor& moved = cursors_.back();
    if (moved.at_end() || !moved.term().starts_with(prefix_)) {
      cursors_.pop_back();
    } else {
      std::push_heap(cursors_.begin(), cursors_.end(), Later);
    }
  }

  std::string prefix_;
  std::vector<TermCursor> cursors_;  // a heap, the smallest term in front
  std::string term_;
  uint64_t doc_freq_ = 0;
  bool at_end_ = false;
};

// The most frequent of many terms, equally frequent ones in byte order, in the room of those kept.
class MostFrequent {
 public:
  explicit MostFrequent(size_t most) : most_(most) {}

  void Offer(const std::string& term, uint64_t doc_freq) {
    if (kept_.size() == most_) {
      // Terms come in byte order: one that is no more frequent than the worst comes after it.
      if (most_ == 0 || doc_freq <= kept_.front().first) return;
      std::pop_heap(kept_.begin(), kept_.end(), Better);
      kept_.back() = {doc_freq, term};
    } else {
      kept_.emplace_back(doc_freq, term);
    }
    std::push_heap(kept_.begin(), kept_.end(), Better);
  }

  // In byte order.
  std::vector<std::string> Take() && {
    std::vector<std::string> terms;
    for (auto& [doc_freq, term] : kept_) terms.push_back(std::move(term));
    std::sort(terms.begin(), terms.end());
    return terms;
  }

 private:
  using Kept = std::pair<uint64_t, std::string>;
  static bool Better(const Kept& a, const Kept& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  }

  size_t most_;
  std::vector<Kept> kept_;  // a heap, the worst in front
};

}  // namespace

std::vector<std::string> TermBinder::Tokens(std::string_view text) {
  analyzer_->Analyze(text, &analyzed_);
  std::vector<std::string> tokens;
  for (size_t i = 0; i < analyzed_.num_tokens(); ++i) tokens.emplace_back(analyzed_.term(i));
  return tokens;
}

absl::StatusOr<TermBinder::TermPtr> TermBinder::Remember(const std::string& key, BoundTerm term) {
  RETURN_IF_ERROR(budget_.TakeMemory(BytesOf(term) + key.size()));
  term.group = next_group_++;
  auto shared = std::make_shared<const BoundTerm>(std::move(term));
  known_.emplace(key, shared);
  return shared;
}

absl::StatusOr<TermBinder::TermPtr> TermBinder::Literal(const std::string& term) {
  RETURN_IF_ERROR(budget_.Tick());
  const std::string key = absl::StrCat("=", term);
  if (auto it = known_.find(key); it != known_.end()) return it->second;
  BoundTerm bound;
  bound.label = term;
  bound.form = term;
  for (const SnapshotSegment& segment : snapshot_.segments) {
    ASSIGN_OR_RETURN(std::optional<TermInfo> info, segment.reader->terms().Find(term));
    BoundSegmentTerm found;
    if (info.has_value()) found.scoring = found.surface = {*std::move(info)};
    bound.segments.push_back(std::move(found));
  }
  bound.doc_freq = SumDocFreq(bound);
  return Remember(key, std::move(bound));
}

absl::StatusOr<TermBinder::TermPtr> TermBinder::Stemmed(const std::string& term) {
  if (!analyzer_->has_stemmer()) return Literal(term);
  RETURN_IF_ERROR(budget_.Tick());
  const std::string stem(analyzer_->Stem(term));
  const std::string key = absl::StrCat("~", stem);
  if (auto it = known_.find(key); it != known_.end()) return it->second;
  const bool is_own_stem = analyzer_->Stem(stem) == stem;
  BoundTerm bound;
  bound.label = absl::StrCat(term, " (stem ", stem, ")");
  for (const SnapshotSegment& segment : snapshot_.segments) {
    ASSIGN_OR_RETURN(BoundSegmentTerm found, FindStem(*segment.reader, stem, is_own_stem));
    bound.segments.push_back(std::move(found));
  }
  bound.doc_freq = SumDocFreq(bound);
  return Remember(key, std::move(bound));
}

absl::StatusOr<TermBinder::TermPtr> TermBinder::Group(const std::string& label,
                                                      const std::vector<TermPtr>& members) {
  if (members.size() == 1) return members[0];
  BoundTerm bound;
  bound.label = label;
  bound.segments.resize(snapshot_.segments.size());
  for (size_t i = 0; i < bound.segments.size(); ++i) {
    std::set<std::pair<uint64_t, bool>> known;
    BoundSegmentTerm& segment = bound.segments[i];
    for (const TermPtr& member : members) {
      // The forms themselves: a stem's own list would count a form twice that is a member too.
      for (const TermInfo& info : member->segments[i].surface) {
        if (known.insert(IdentityOf(info)).second) segment.scoring.push_back(info);
      }
    }
    segment.surface = segment.scoring;
  }
  for (const TermPtr& member : members) {
    bound.doc_freq = std::max(bound.doc_freq, member->doc_freq);
  }
  RETURN_IF_ERROR(budget_.TakeMemory(BytesOf(bound)));
  bound.group = next_group_++;
  return std::make_shared<const BoundTerm>(std::move(bound));
}

// Different surface forms as one word, without a BoundTerm for each.
absl::StatusOr<TermBinder::TermPtr> TermBinder::GroupOfTerms(
    const std::string& label, const std::vector<std::string>& terms) {
  if (terms.size() == 1) return Literal(terms[0]);
  BoundTerm bound;
  bound.label = label;
  std::vector<uint64_t> doc_freqs(terms.size());
  for (const SnapshotSegment& segment : snapshot_.segments) {
    BoundSegmentTerm found;
    for (size_t i = 0; i < terms.size(); ++i) {
      RETURN_IF_ERROR(budget_.Tick());
      ASSIGN_OR_RETURN(std::optional<TermInfo> info, segment.reader->terms().Find(terms[i]));
      if (!info.has_value()) continue;
      doc_freqs[i] += info->doc_freq;
      found.scoring.push_back(*std::move(info));
    }
    found.surface = found.scoring;
    bound.segments.push_back(std::move(found));
  }
  for (const uint64_t doc_freq : doc_freqs) bound.doc_freq = std::max(bound.doc_freq, doc_freq);
  RETURN_IF_ERROR(budget_.TakeMemory(BytesOf(bound)));
  bound.group = next_group_++;
  return std::make_shared<const BoundTerm>(std::move(bound));
}

absl::Status TermBinder::CountTermRead() {
  if (++terms_read_ > max_terms_read_) return TermsReadError(terms_read_, max_terms_read_);
  return budget_.Tick();
}

template <typename Accept>
absl::StatusOr<Expansion> TermBinder::Expand(const std::string& label, std::string_view prefix,
                                             const Accept& accept) {
  if (auto it = expansions_.find(label); it != expansions_.end()) return it->second;
  RETURN_IF_ERROR(budget_.CheckTime());
  Expansion expansion;
  MostFrequent most_frequent(max_expansions_);
  ASSIGN_OR_RETURN(TermWalk walk, TermWalk::Begin(snapshot_, prefix));
  while (!walk.at_end()) {
    RETURN_IF_ERROR(CountTermRead());
    if (accept(walk.term())) {
      ++expansion.num_matching;
      most_frequent.Offer(walk.term(), walk.doc_freq());
    }
    RETURN_IF_ERROR(walk.Next());
  }
  const std::vector<std::string> terms = std::move(most_frequent).Take();
  expansion.num_used = terms.size();
  ASSIGN_OR_RETURN(expansion.term, GroupOfTerms(label, terms));
  RETURN_IF_ERROR(budget_.TakeMemory(label.size() + sizeof(Expansion)));
  expansions_.emplace(label, expansion);
  return expansion;
}

absl::StatusOr<Expansion> TermBinder::ExpandWildcard(const std::string& pattern) {
  return Expand(pattern, LiteralPrefix(pattern),
                [&pattern](std::string_view term) { return WildcardMatch(pattern, term); });
}

absl::StatusOr<Expansion> TermBinder::ExpandFuzzy(const std::string& word, int max_edits) {
  EditDistanceMatcher matcher(word, max_edits);
  return Expand(absl::StrCat(word, "~", max_edits), "",
                [&matcher](std::string_view term) { return matcher.Matches(term); });
}

}  // namespace ibid
