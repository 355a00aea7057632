#include "searcher/match/text_patterns.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace ibid {
namespace {

// Bytes of the code point that begins at text[i]; 1 for malformed ones.
size_t CodePointBytes(std::string_view text, size_t i) {
  const auto lead = static_cast<unsigned char>(text[i]);
  const size_t length = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (i + length > text.size()) return 1;
  for (size_t k = 1; k < length; ++k) {
    if ((static_cast<unsigned char>(text[i + k]) & 0xc0) != 0x80) return 1;
  }
  return length;
}

}  // namespace

bool WildcardMatch(std::string_view pattern, std::string_view text) {
  size_t p = 0, t = 0;
  size_t star = std::string_view::npos, star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
    } else if (p < pattern.size() && pattern[p] == '?') {
      ++p;
      t += CodePointBytes(text, t);
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      star_text += CodePointBytes(text, star_text);
      t = star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::string_view LiteralPrefix(std::string_view pattern) {
  return pattern.substr(0, std::min(pattern.find_first_of("*?"), pattern.size()));
}

std::u32string CodePoints(std::string_view text) {
  std::u32string out;
  for (size_t i = 0; i < text.size();) {
    const size_t length = CodePointBytes(text, i);
    char32_t c = static_cast<unsigned char>(text[i]);
    if (length > 1) {
      c &= 0x7fu >> length;
      for (size_t k = 1; k < length; ++k) {
        c = c << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3f);
      }
    }
    out.push_back(c);
    i += length;
  }
  return out;
}

EditDistanceMatcher::EditDistanceMatcher(std::string_view word, int max_edits)
    : word_(CodePoints(word)), max_edits_(max_edits) {}

bool EditDistanceMatcher::Matches(std::string_view text) {
  if (text.size() > (word_.size() + static_cast<size_t>(max_edits_)) * 4) return false;
  const std::u32string other = CodePoints(text);
  const int n = static_cast<int>(word_.size());
  const int m = static_cast<int>(other.size());
  if (std::abs(n - m) > max_edits_) return false;
  previous_.resize(static_cast<size_t>(n) + 1);
  for (int j = 0; j <= n; ++j) previous_[static_cast<size_t>(j)] = j;
  before_previous_ = previous_;
  row_ = previous_;
  for (int i = 1; i <= m; ++i) {
    row_[0] = i;
    int best = i;
    for (int j = 1; j <= n; ++j) {
      const auto at = static_cast<size_t>(j);
      const char32_t a = other[static_cast<size_t>(i) - 1];
      const char32_t b = word_[at - 1];
      int cost = std::min({previous_[at] + 1, row_[at - 1] + 1, previous_[at - 1] + (a != b)});
      if (i > 1 && j > 1 && a == word_[at - 2] && other[static_cast<size_t>(i) - 2] == b) {
        cost = std::min(cost, before_previous_[at - 2] + 1);
      }
      row_[at] = cost;
      best = std::min(best, cost);
    }
    if (best > max_edits_ && i > 1) return false;
    before_previous_.swap(previous_);
    previous_.swap(row_);
  }
  return previous_[static_cast<size_t>(n)] <= max_edits_;
}

}  // namespace ibid
