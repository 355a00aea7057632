#include "cli/suggest.h"

#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>

#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/text/analyzer.h"
#include "ibid/searcher.h"
#include "searcher/query/ast.h"
#include "searcher/query/tree.h"
#include "searcher/result/plain_text.h"

namespace ibid::cli {
namespace {

constexpr size_t kMaxWords = 8;
constexpr size_t kMaxTermsRead = 200000;
constexpr size_t kMaxNearest = 3;
constexpr size_t kMaxWordBytes = 64;  // longer ones are no misspelt words

struct Word {
  std::string text;
  bool literal = false;  // stands for itself, not for its stem
};

// The words that a document must or may have. A query's depth is bounded, so this may recurse.
void CollectWords(const QueryNode& node, bool in_quotes, std::vector<Word>& words) {
  if (node.kind == NodeKind::kWord) words.push_back({node.text, node.literal || in_quotes});
  if (node.kind == NodeKind::kNot) return;
  if (node.kind == NodeKind::kPhrase) in_quotes = !node.stemmed;
  for (size_t i = 0; i < node.children.size(); ++i) {
    const bool excluded = (node.kind == NodeKind::kAndNot && i > 0) ||
                          (node.kind == NodeKind::kClauses && i < node.occurs.size() &&
                           node.occurs[i] == Occur::kMustNot);
    if (!excluded) CollectWords(*node.children[i], in_quotes, words);
  }
}

// The different terms that the words are, after analysis.
absl::StatusOr<std::vector<Word>> TermsOf(const IndexOptions& options,
                                          const std::vector<Word>& words) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Analyzer> analyzer, Analyzer::Create(options));
  std::vector<Word> terms;
  AnalyzedText analyzed;
  for (const Word& word : words) {
    analyzer->Analyze(word.text, &analyzed);
    // What analysis cuts into several words is a phrase, and phrases are literal.
    const bool literal = word.literal || analyzed.num_tokens() > 1;
    for (size_t i = 0; i < analyzed.num_tokens() && terms.size() < kMaxWords; ++i) {
      std::string term(analyzed.term(i));
      const bool known = std::any_of(terms.begin(), terms.end(),
                                     [&term](const Word& other) { return other.text == term; });
      if (!known && term.size() <= kMaxWordBytes) terms.push_back({std::move(term), literal});
    }
  }
  return terms;
}

absl::StatusOr<bool> HasTerm(const IndexReader& reader, const std::string& term) {
  bool found = false;
  RETURN_IF_ERROR(reader.ForEachTerm(term, [&](const TermStats& stats) {
    found = stats.term == term;  // in byte order, the term itself comes first
    return false;
  }));
  return found;
}

// Whether a document has another form of the term's stem.
absl::StatusOr<bool> HasStem(const std::shared_ptr<const IndexReader>& reader,
                             const std::string& term) {
  const Query word(std::shared_ptr<const QueryNode>(MakeWord(term, /*literal=*/false, {})));
  ASSIGN_OR_RETURN(const SearchResult found, Searcher(reader).Search(word, {.limit = 0}));
  return found.total > 0;
}

std::u32string Decode(std::string_view text) {
  std::u32string out;
  for (size_t at = 0; at < text.size();) {
    const plain::CodePoint c = plain::DecodeCodePoint(text, at);
    out.push_back(c.value);
    at += c.length;
  }
  return out;
}

std::string FirstCharacters(std::string_view text, size_t count) {
  size_t at = 0;
  while (count-- > 0 && at < text.size()) at += plain::DecodeCodePoint(text, at).length;
  return std::string(text.substr(0, at));
}

struct Candidate {
  size_t distance;
  uint64_t doc_freq;
  std::string term;
};

absl::StatusOr<std::vector<std::string>> NearestTerms(const IndexReader& reader,
                                                      const std::string& word,
                                                      const std::string& prefix) {
  const size_t limit = word.size() < 6 ? 1 : 2;
  std::vector<Candidate> candidates;
  size_t num_read = 0;
  RETURN_IF_ERROR(reader.ForEachTerm(prefix, [&](const TermStats& stats) {
    const size_t distance = EditDistance(word, stats.term, limit);
    if (distance <= limit) candidates.push_back({distance, stats.doc_freq, stats.term});
    return ++num_read < kMaxTermsRead;
  }));
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    return std::tie(a.distance, b.doc_freq, a.term) < std::tie(b.distance, a.doc_freq, b.term);
  });
  std::vector<std::string> nearest;
  for (const Candidate& candidate : candidates) {
    if (nearest.size() < kMaxNearest) nearest.push_back(candidate.term);
  }
  return nearest;
}

}  // namespace

size_t EditDistance(std::string_view a, std::string_view b, size_t limit) {
  const std::u32string x = Decode(a), y = Decode(b);
  if (x.size() > y.size() + limit || y.size() > x.size() + limit) return limit + 1;
  std::vector<size_t> before_last, last(y.size() + 1), row(y.size() + 1);
  for (size_t j = 0; j <= y.size(); ++j) last[j] = j;
  for (size_t i = 1; i <= x.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= y.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (x[i - 1] != y[j - 1])});
      const bool swapped = i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    if (*std::min_element(row.begin(), row.end()) > limit + 1) return limit + 1;
    before_last = std::exchange(last, row);
  }
  return std::min(last[y.size()], limit + 1);
}

absl::StatusOr<std::vector<Suggestion>> SuggestTerms(
    const std::shared_ptr<const IndexReader>& reader, const Query& query) {
  std::vector<Word> words;
  if (query.root() != nullptr) CollectWords(*query.root(), /*in_quotes=*/false, words);
  ASSIGN_OR_RETURN(const std::vector<Word> terms, TermsOf(reader->options(), words));
  std::vector<Suggestion> suggestions;
  for (const auto& [term, literal] : terms) {
    ASSIGN_OR_RETURN(const bool known, HasTerm(*reader, term));
    if (known) continue;
    ASSIGN_OR_RETURN(const bool has_stem, HasStem(reader, term));
    if (has_stem && !literal) continue;
    Suggestion suggestion{.word = term, .has_stem = has_stem};
    for (const size_t length : {size_t{2}, size_t{1}}) {
      if (!suggestion.nearest.empty()) break;
      ASSIGN_OR_RETURN(suggestion.nearest,
                       NearestTerms(*reader, term, FirstCharacters(term, length)));
    }
    suggestions.push_back(std::move(suggestion));
  }
  return suggestions;
}

std::string SuggestionText(const Suggestion& suggestion) {
  std::string text = StrCat("\"", suggestion.word, "\" is not in the index",
                            suggestion.has_stem ? " in this form, but its stem is" : "");
  for (size_t i = 0; i < suggestion.nearest.size(); ++i) {
    text += StrCat(i == 0 ? "; near it: " : ", ", suggestion.nearest[i]);
  }
  return text;
}

}  // namespace ibid::cli
