#include "indexer/source/html_cost.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>

#include "indexer/source/ascii.h"

namespace ibid {
namespace {

// Where in an opening tag libxml2 is (htmlParseStartTag of its 2.9.14).
enum State : uint8_t {
  kTagName,
  kBetween,      // where an attribute may begin
  kName,         // of an attribute
  kAfterName,    // blanks behind it
  kAfterEquals,  // and blanks
  kUnquoted,
  kDouble,
  kSingle,
  kBogus,  // what is no attribute, up to a blank
  kNumStates,
  kEnd = kNumStates,
};

enum CharClass : uint8_t {
  kOther,
  kBlank,
  kNameStart,
  kNameByte,
  kEquals,
  kDoubleQuote,
  kSingleQuote,
  kGreater,
  kNumClasses
};

constexpr std::array<CharClass, 256> kClasses = [] {
  std::array<CharClass, 256> classes{};
  for (size_t c = 'a'; c <= 'z'; ++c) classes[c] = classes[c - 32] = kNameStart;
  for (const char c : std::string_view("_:.")) classes[static_cast<uint8_t>(c)] = kNameStart;
  for (const char c : std::string_view("0123456789-")) classes[static_cast<uint8_t>(c)] = kNameByte;
  for (const char c : std::string_view(" \t\r\n")) classes[static_cast<uint8_t>(c)] = kBlank;
  classes['='] = kEquals;
  classes['"'] = kDoubleQuote;
  classes['\''] = kSingleQuote;
  classes['>'] = kGreater;
  return classes;
}();

// By state, then by class in the order of CharClass.
constexpr State kNext[kNumStates][kNumClasses] = {
    {kBogus, kBetween, kTagName, kTagName, kBogus, kBogus, kBogus, kEnd},
    {kBogus, kBetween, kName, kBogus, kBogus, kBogus, kBogus, kEnd},
    {kBogus, kAfterName, kName, kName, kAfterEquals, kBogus, kBogus, kEnd},
    {kBogus, kAfterName, kName, kBogus, kAfterEquals, kBogus, kBogus, kEnd},
    {kUnquoted, kAfterEquals, kUnquoted, kUnquoted, kUnquoted, kDouble, kSingle, kEnd},
    {kUnquoted, kBetween, kUnquoted, kUnquoted, kUnquoted, kUnquoted, kUnquoted, kEnd},
    {kDouble, kDouble, kDouble, kDouble, kDouble, kBetween, kDouble, kDouble},
    {kSingle, kSingle, kSingle, kSingle, kSingle, kSingle, kBetween, kSingle},
    {kBogus, kBetween, kBogus, kBogus, kBogus, kBogus, kBogus, kEnd},
};

// All tags that could be open at a byte, were each '<' so far the beginning of one: in a comment, a
// script or a quoted value it is none, but which of these a '<' is in is libxml2's to say. Of the
// tags in one state only the one with most attributes is followed.
class OpenTags {
 public:
  bool empty() const { return alive_ == 0; }
  void Begin() { Put(kTagName, 0); }

  void Read(char c, HtmlCost* cost) {
    const CharClass char_class = kClasses[static_cast<uint8_t>(c)];
    const std::array<uint64_t, kNumStates> before = counts_;
    uint32_t left = alive_;
    alive_ = 0;
    bool is_new = false;
    for (; left != 0; left &= left - 1) {
      const auto state = static_cast<State>(std::countr_zero(left));
      const State next = kNext[state][char_class];
      uint64_t count = before[state];
      if (next == kEnd) {
        cost->attribute_pairs += count * count / 2;
        continue;
      }
      if (next != state && (next == kName || next == kBogus)) {
        count += next == kName ? 1 : 0;
        is_new = true;
      }
      Put(next, count);
    }
    cost->marks += is_new ? 1 : 0;
  }
  // At the end of the page.
  void Finish(HtmlCost* cost) const {
    for (uint32_t left = alive_; left != 0; left &= left - 1) {
      const uint64_t count = counts_[static_cast<size_t>(std::countr_zero(left))];
      cost->attribute_pairs += count * count / 2;
    }
  }

 private:
  void Put(State state, uint64_t count) {
    const bool is_alive = (alive_ >> state & 1) != 0;
    counts_[state] = is_alive ? std::max(counts_[state], count) : count;
    alive_ |= uint32_t{1} << state;
  }

  uint32_t alive_ = 0;                         // a bit a state
  std::array<uint64_t, kNumStates> counts_{};  // attributes so far
};

}  // namespace

HtmlCost MeasureHtml(std::string_view utf8) {
  HtmlCost cost;
  cost.marks = static_cast<uint64_t>(std::count(utf8.begin(), utf8.end(), '&'));
  OpenTags tags;
  for (size_t at = 0; at < utf8.size(); ++at) {
    if (tags.empty()) {
      at = utf8.find('<', at);
      if (at == std::string_view::npos) break;
    } else {
      tags.Read(utf8[at], &cost);
      if (utf8[at] != '<') continue;
    }
    ++cost.marks;
    const char next = at + 1 < utf8.size() ? utf8[at + 1] : ' ';
    if (ascii::IsAlpha(next) || next == '_' || next == ':' || next == '.') tags.Begin();
  }
  tags.Finish(&cost);
  return cost;
}

bool IsCheapHtml(std::string_view utf8) {
  const HtmlCost cost = MeasureHtml(utf8);
  return cost.marks <= kMaxHtmlMarks &&
         cost.attribute_pairs <=
             kMaxHtmlAttributePairs + kMaxHtmlAttributePairsPerByte * utf8.size();
}

}  // namespace ibid
