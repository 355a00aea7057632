#include "searcher/match/term_binder.h"

#include <algorithm>
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

void AppendNew(const std::vector<TermInfo>& from, std::vector<TermInfo>* to) {
  for (const TermInfo& info : from) {
    if (std::find(to->begin(), to->end(), info) == to->end()) to->push_back(info);
  }
}

}  // namespace

std::vector<std::string> TermBinder::Tokens(std::string_view text) {
  analyzer_->Analyze(text, &analyzed_);
  std::vector<std::string> tokens;
  for (size_t i = 0; i < analyzed_.num_tokens(); ++i) tokens.emplace_back(analyzed_.term(i));
  return tokens;
}

absl::StatusOr<TermBinder::TermPtr> TermBinder::Remember(const std::string& key, BoundTerm term) {
  term.group = next_group_++;
  auto shared = std::make_shared<const BoundTerm>(std::move(term));
  known_.emplace(key, shared);
  return shared;
}

absl::StatusOr<TermBinder::TermPtr> TermBinder::Literal(const std::string& term) {
  const std::string key = absl::StrCat("=", term);
  if (auto it = known_.find(key); it != known_.end()) return it->second;
  BoundTerm bound;
  bound.label = term;
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
  for (const TermPtr& member : members) {
    bound.doc_freq = std::max(bound.doc_freq, member->doc_freq);
    for (size_t i = 0; i < bound.segments.size(); ++i) {
      // The forms themselves: a stem's own list would count a form twice that is a member too.
      AppendNew(member->segments[i].surface, &bound.segments[i].scoring);
    }
  }
  for (BoundSegmentTerm& segment : bound.segments) segment.surface = segment.scoring;
  bound.group = next_group_++;
  return std::make_shared<const BoundTerm>(std::move(bound));
}

absl::StatusOr<TermBinder::TermPtr> TermBinder::GroupOfTerms(
    const std::string& label, const std::vector<std::string>& terms) {
  std::vector<TermPtr> members;
  for (const std::string& term : terms) {
    ASSIGN_OR_RETURN(TermPtr member, Literal(term));
    members.push_back(std::move(member));
  }
  if (members.size() == 1) return members[0];
  return Group(label, members);
}

template <typename Accept>
absl::StatusOr<Expansion> TermBinder::Expand(std::string_view prefix, const Accept& accept) {
  absl::flat_hash_map<std::string, uint64_t> doc_freqs;
  for (const SnapshotSegment& segment : snapshot_.segments) {
    ASSIGN_OR_RETURN(TermCursor cursor, segment.reader->terms().Seek(prefix));
    while (!cursor.at_end() && cursor.term().starts_with(prefix)) {
      if (accept(cursor.term())) doc_freqs[std::string(cursor.term())] += cursor.info().doc_freq;
      RETURN_IF_ERROR(cursor.Next());
    }
  }
  std::vector<std::pair<std::string, uint64_t>> found(doc_freqs.begin(), doc_freqs.end());
  Expansion expansion;
  expansion.num_matching = found.size();
  if (found.size() > max_expansions_) {
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
      return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    found.resize(max_expansions_);
  }
  for (auto& [term, doc_freq] : found) expansion.terms.push_back(term);
  std::sort(expansion.terms.begin(), expansion.terms.end());
  return expansion;
}

absl::StatusOr<Expansion> TermBinder::ExpandWildcard(const std::string& pattern) {
  return Expand(LiteralPrefix(pattern),
                [&pattern](std::string_view term) { return WildcardMatch(pattern, term); });
}

absl::StatusOr<Expansion> TermBinder::ExpandFuzzy(const std::string& word, int max_edits) {
  EditDistanceMatcher matcher(word, max_edits);
  return Expand("", [&matcher](std::string_view term) { return matcher.Matches(term); });
}

}  // namespace ibid
