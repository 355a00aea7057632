#include "tests/oracle/vocabulary.h"

#include <algorithm>
#include <utility>

namespace ibid {

std::vector<Position> NaiveWord::PositionsIn(const TokenList& document) const {
  std::vector<Position> positions;
  for (Position p = 0; p < document.words.size(); ++p) {
    if (!document.words[p].empty() && forms.contains(document.words[p])) positions.push_back(p);
  }
  return positions;
}

Vocabulary::Vocabulary(const std::vector<TokenList>* documents, Analyzer* analyzer)
    : documents_(documents), analyzer_(analyzer) {
  for (const TokenList& document : *documents) {
    std::set<std::string> forms(document.words.begin(), document.words.end());
    forms.erase("");
    for (const std::string& form : forms) ++doc_freqs_[form];
  }
}

NaiveWord Vocabulary::Literal(const std::string& form) const {
  const auto it = doc_freqs_.find(form);
  return {{form}, it == doc_freqs_.end() ? 0 : it->second};
}

NaiveWord Vocabulary::Stemmed(const std::string& form) const {
  const std::string stem(analyzer_->Stem(form));
  NaiveWord word;
  for (const auto& [other, unused] : doc_freqs_) {
    if (analyzer_->Stem(other) == stem) word.forms.insert(other);
  }
  for (const TokenList& document : *documents_) {
    if (!word.PositionsIn(document).empty()) ++word.doc_freq;
  }
  return word;
}

NaiveWord Vocabulary::Group(const std::vector<NaiveWord>& members) {
  NaiveWord group;
  for (const NaiveWord& member : members) {
    group.forms.insert(member.forms.begin(), member.forms.end());
    group.doc_freq = std::max(group.doc_freq, member.doc_freq);
  }
  return group;
}

NaiveWord Vocabulary::Expand(const std::function<bool(const std::string&)>& accept,
                             size_t max_expansions) const {
  std::vector<std::pair<uint64_t, std::string>> found;  // most frequent first, then by name
  for (const auto& [form, doc_freq] : doc_freqs_) {
    if (accept(form)) found.emplace_back(~doc_freq, form);
  }
  std::sort(found.begin(), found.end());
  if (found.size() > max_expansions) found.resize(max_expansions);
  std::vector<NaiveWord> members;
  for (const auto& [unused, form] : found) members.push_back(Literal(form));
  return Group(members);
}

NaiveWord Vocabulary::Wildcard(const std::string& pattern, size_t max_expansions) const {
  const std::u32string wanted = NaiveCodePoints(pattern);
  return Expand(
      [&wanted](const std::string& form) {
        return NaiveWildcardMatch(wanted, NaiveCodePoints(form));
      },
      max_expansions);
}

NaiveWord Vocabulary::Fuzzy(const std::string& word, int max_edits, size_t max_expansions) const {
  const std::u32string wanted = NaiveCodePoints(word);
  const size_t edits =
      max_edits > 0 ? static_cast<size_t>(std::min(max_edits, 2)) : (wanted.size() < 6 ? 1 : 2);
  return Expand(
      [&wanted, edits](const std::string& form) {
        return NaiveEditDistance(wanted, NaiveCodePoints(form)) <= edits;
      },
      max_expansions);
}

std::u32string NaiveCodePoints(std::string_view text) {
  std::u32string points;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      points.push_back(byte);
    } else if (byte < 0xc0) {
      points.back() = points.back() << 6 | (byte & 0x3fu);
    } else {
      points.push_back(byte < 0xe0 ? byte & 0x1fu : byte < 0xf0 ? byte & 0xfu : byte & 0x7u);
    }
  }
  return points;
}

bool NaiveWildcardMatch(std::u32string_view pattern, std::u32string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == U'*') {
    return NaiveWildcardMatch(pattern.substr(1), text) ||
           (!text.empty() && NaiveWildcardMatch(pattern, text.substr(1)));
  }
  return !text.empty() && (pattern[0] == U'?' || pattern[0] == text[0]) &&
         NaiveWildcardMatch(pattern.substr(1), text.substr(1));
}

size_t NaiveEditDistance(std::u32string_view a, std::u32string_view b) {
  std::vector<std::vector<size_t>> cost(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) {
    for (size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        cost[i][j] = i + j;
        continue;
      }
      const size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
      }
    }
  }
  return cost[a.size()][b.size()];
}

}  // namespace ibid
