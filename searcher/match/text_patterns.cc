#include "searcher/match/text_patterns.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

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

namespace {

void AppendCodePoints(std::string_view text, std::u32string* out) {
  for (size_t i = 0; i < text.size();) {
    const size_t length = CodePointBytes(text, i);
    char32_t c = static_cast<unsigned char>(text[i]);
    if (length > 1) {
      c &= 0x7fu >> length;
      for (size_t k = 1; k < length; ++k) {
        c = c << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3f);
      }
    }
    out->push_back(c);
    i += length;
  }
}

}  // namespace

std::u32string CodePoints(std::string_view text) {
  std::u32string out;
  AppendCodePoints(text, &out);
  return out;
}

EditDistanceMatcher::EditDistanceMatcher(std::string_view word, int max_edits)
    : word_(CodePoints(word)), max_edits_(max_edits) {
  rows_.resize(word_.size() + 1);
  for (size_t j = 0; j < rows_.size(); ++j) rows_[j] = static_cast<int>(j);
}

// Row i from those before it; whether anything in it is still near enough.
bool EditDistanceMatcher::ComputeRow(size_t i) {
  const size_t width = word_.size() + 1;
  if (rows_.size() < (i + 1) * width) rows_.resize((i + 1) * width);
  int* const row = rows_.data() + i * width;
  const int* const previous = row - width;
  row[0] = static_cast<int>(i);
  int best = row[0];
  for (size_t j = 1; j < width; ++j) {
    const char32_t a = other_[i - 1];
    const char32_t b = word_[j - 1];
    int cost = std::min({previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a != b)});
    if (i > 1 && j > 1 && a == word_[j - 2] && other_[i - 2] == b) {
      cost = std::min(cost, (previous - width)[j - 2] + 1);
    }
    row[j] = cost;
    best = std::min(best, cost);
  }
  return best <= max_edits_;
}

bool EditDistanceMatcher::Matches(std::string_view text) {
  const auto edits = static_cast<size_t>(max_edits_);
  const size_t n = word_.size();
  if (text.size() + edits < n || text.size() > (n + edits) * 4) return false;
  next_.clear();
  AppendCodePoints(text, &next_);
  const size_t m = next_.size();
  if (m + edits < n || m > n + edits) return false;
  const size_t shorter = std::min(m, other_.size());
  size_t common = 0;
  while (common < shorter && next_[common] == other_[common]) ++common;
  other_.swap(next_);
  if (num_rows_ > common + 1) {
    num_rows_ = common + 1;
    dead_ = false;
  }
  for (; num_rows_ <= m && !dead_; ++num_rows_) dead_ = !ComputeRow(num_rows_);
  return !dead_ && rows_[m * (n + 1) + n] <= max_edits_;
}

}  // namespace ibid
