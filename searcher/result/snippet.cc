#include "ibid/snippet.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/hash/hash.h"
#include "absl/strings/ascii.h"
#include "searcher/result/plain_text.h"

namespace ibid {
namespace {

constexpr std::string_view kEllipsis = "…";
// Bytes of the stored field around and inside the matches that may be shown. A malformed byte
// becomes three, so a third of kMaxSnippetBytes always fits.
constexpr size_t kMaxContextBytes = 400;
constexpr size_t kMaxStretchBytes = 560;

using ByteRange = std::pair<size_t, size_t>;

// The matches in one field as ranges that lie inside it, by beginning.
std::vector<ByteRange> RangesIn(std::string_view field, Match::FieldId id,
                                const std::vector<Match>& matches) {
  std::vector<ByteRange> ranges;
  for (const Match& match : matches) {
    const size_t end = std::min(match.byte_end, field.size());
    if (match.field == id && match.byte_begin < end) {
      ranges.push_back({plain::CodePointStart(field, match.byte_begin), end});
    }
  }
  std::sort(ranges.begin(), ranges.end());
  return ranges;
}

// Counts words as a reader would: runs between spaces, or single characters of scripts that have
// no spaces.
class WordCounter {
 public:
  explicit WordCounter(std::string_view text) : text_(text) {}

  // Words that begin before byte `offset`; offsets must not decrease from call to call.
  size_t WordsBefore(size_t offset) {
    while (at_ < offset && at_ < text_.size()) {
      const plain::CodePoint c = plain::DecodeCodePoint(text_, at_);
      const bool space = plain::IsBlank(c.value);
      if (!space && (after_space_ || plain::IsIdeographic(c.value))) ++words_;
      after_space_ = space;
      at_ += c.length;
    }
    return words_;
  }

 private:
  std::string_view text_;
  size_t at_ = 0;
  size_t words_ = 0;
  bool after_space_ = true;
};

// How many different texts the matches in a sliding window have.
class DistinctTexts {
 public:
  explicit DistinctTexts(std::string_view field) : field_(field) {}

  void Add(const ByteRange& range) { ++counts_[TextOf(range)]; }
  void Remove(const ByteRange& range) {
    const auto it = counts_.find(TextOf(range));
    if (--it->second == 0) counts_.erase(it);
  }
  size_t size() const { return counts_.size(); }

 private:
  // Long intervals are told apart by their beginning, so that each costs a bounded time.
  std::string TextOf(const ByteRange& range) const {
    const size_t length = std::min(range.second - range.first, kMaxStretchBytes);
    std::string text(field_.substr(range.first, length));
    absl::AsciiStrToLower(&text);
    return text;
  }

  std::string_view field_;
  std::unordered_map<std::string, size_t, absl::Hash<std::string>> counts_;
};

// The bytes from the first to the last match of the best stretch.
ByteRange BestStretch(std::string_view field, const std::vector<ByteRange>& ranges,
                      size_t max_words) {
  WordCounter counter(field);
  std::vector<size_t> words;
  words.reserve(ranges.size());
  for (const ByteRange& range : ranges) words.push_back(counter.WordsBefore(range.first));

  DistinctTexts distinct(field);
  size_t best = 0, best_first = 0, best_last = 0;
  size_t last = 0;  // one past the window
  for (size_t first = 0; first < ranges.size(); ++first) {
    while (last < ranges.size() &&
           (last == first || (words[last] - words[first] <= max_words &&
                              ranges[last].first - ranges[first].first <= kMaxStretchBytes))) {
      distinct.Add(ranges[last++]);
    }
    if (distinct.size() > best) {
      best = distinct.size();
      best_first = first;
      best_last = last;
    }
    distinct.Remove(ranges[first]);
  }
  size_t end = 0;
  for (size_t i = best_first; i < best_last; ++i) end = std::max(end, ranges[i].second);
  const size_t begin = ranges[best_first].first;
  return {begin, std::min(end, begin + kMaxStretchBytes)};
}

// The start of the `words`-th word before `begin`, or of the byte budget's first whole word.
size_t ContextBegin(std::string_view field, size_t begin, size_t words) {
  const size_t lowest = begin < kMaxContextBytes ? 0 : begin - kMaxContextBytes;
  size_t result = begin, count = 0;
  bool previous_is_space = begin > 0 && plain::IsBlank(plain::DecodeCodePoint(field, begin).value);
  for (size_t at = begin; at > lowest && count < words;) {
    const size_t previous = plain::CodePointStart(field, at - 1);
    const char32_t value = plain::DecodeCodePoint(field, previous).value;
    const bool space = plain::IsBlank(value);
    if (space && !previous_is_space && at < begin) {
      result = at;
      ++count;
    } else if (plain::IsIdeographic(value)) {
      result = previous;
      ++count;
    }
    previous_is_space = space;
    at = previous;
  }
  if (count < words && lowest == 0) return 0;
  if (result < begin) return result;
  // Inside one very long word: part of it is better than nothing.
  return plain::CodePointStart(
      field, words == 0 ? begin : std::max(lowest, begin - std::min<size_t>(begin, 40)));
}

size_t ContextEnd(std::string_view field, size_t end, size_t words) {
  const size_t highest = std::min(field.size(), end + kMaxContextBytes);
  size_t result = end, count = 0;
  bool in_word = end > 0;  // the rest of the word that the match ends in is free
  for (size_t at = end; at < highest;) {
    const plain::CodePoint c = plain::DecodeCodePoint(field, at);
    const bool space = plain::IsBlank(c.value);
    if (!space && !in_word && ++count > words) return result;
    if (!space && in_word && plain::IsIdeographic(c.value) && ++count > words) return result;
    in_word = !space;
    at += c.length;
    if (space || plain::IsIdeographic(c.value) || at >= field.size())
      result = std::min(at, field.size());
  }
  if (result > end || words == 0) return result;
  return plain::CodePointStart(field, std::min(field.size(), end + 40));
}

// Copies [begin, end) of the field, folded to one line, and finds the highlights again in it.
class Builder {
 public:
  Builder(std::string_view field, const std::vector<ByteRange>& ranges)
      : field_(field), ranges_(ranges) {}

  Snippet Build(size_t begin, size_t end) {
    if (begin > 0) snippet_.text = kEllipsis;
    bool whole = true;
    for (size_t at = begin; at < end;) {
      const plain::CodePoint c = plain::DecodeCodePoint(field_, at);
      if (snippet_.text.size() + 8 + kEllipsis.size() > kMaxSnippetBytes) {
        whole = false;
        break;
      }
      Append(c.value, Covered(at, at + c.length));
      at += c.length;
    }
    EndHighlight();
    if (!whole || end < field_.size()) snippet_.text += kEllipsis;
    return std::move(snippet_);
  }

 private:
  // Whether a match overlaps [from, to); called with increasing bounds.
  bool Covered(size_t from, size_t to) {
    while (next_ < ranges_.size() && ranges_[next_].first < to) {
      covered_to_ = std::max(covered_to_, ranges_[next_++].second);
    }
    return covered_to_ > from;
  }

  void Append(char32_t value, bool covered) {
    if (!covered) EndHighlight();
    if (plain::IsBlank(value)) {
      space_ = true;
      return;
    }
    if (!plain::IsShown(value)) return;
    if (space_ && has_text_) snippet_.text.push_back(' ');
    space_ = false;
    has_text_ = true;
    if (covered && !open_) {
      open_ = true;
      open_at_ = snippet_.text.size();
    }
    plain::AppendUtf8(value, snippet_.text);
  }

  void EndHighlight() {
    if (open_) snippet_.highlights.push_back({open_at_, snippet_.text.size()});
    open_ = false;
  }

  std::string_view field_;
  const std::vector<ByteRange>& ranges_;
  Snippet snippet_;
  size_t next_ = 0;
  size_t covered_to_ = 0;
  size_t open_at_ = 0;
  bool open_ = false;
  bool space_ = false;
  bool has_text_ = false;
};

Snippet SnippetOf(std::string_view field, const std::vector<ByteRange>& ranges, size_t words) {
  if (ranges.empty()) return Builder(field, ranges).Build(0, ContextEnd(field, 0, 2 * words));
  const ByteRange stretch = BestStretch(field, ranges, words);
  return Builder(field, ranges)
      .Build(ContextBegin(field, stretch.first, words), ContextEnd(field, stretch.second, words));
}

}  // namespace

Snippet MakeSnippet(const Document& document, const std::vector<Match>& matches,
                    const SnippetOptions& options) {
  const size_t words = std::min<size_t>(options.context_words, kMaxSnippetBytes);
  std::vector<ByteRange> ranges = RangesIn(document.text, Match::FieldId::kText, matches);
  if (!ranges.empty()) return SnippetOf(document.text, ranges, words);
  ranges = RangesIn(document.title, Match::FieldId::kTitle, matches);
  const bool use_title = !ranges.empty() || document.text.empty();
  return SnippetOf(use_title ? document.title : document.text, ranges, words);
}

}  // namespace ibid
