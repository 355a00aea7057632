// Any text with any of its words as matches: the snippet is valid UTF-8 within its limit, carries
// no control characters, and as HTML nothing but our tags and what was escaped.
//
// Input: a byte for the width, matches (a count, then two bytes each), then title, NUL, text.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/text/analyzer.h"
#include "common/text/utf8.h"
#include "ibid/limits.h"
#include "ibid/snippet.h"
#include "tests/fuzz/fuzz_target.h"

namespace ibid {
namespace {

void RequireShowable(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const CodePoint c = DecodeUtf8(text, at);
    Require(!c.malformed, "malformed UTF-8 is shown");
    const bool control = (c.value < 0x20 && c.value != '\n' && c.value != '\t') ||
                         (c.value >= 0x7f && c.value < 0xa0);
    const bool turns =
        (c.value >= 0x202a && c.value <= 0x202e) || (c.value >= 0x2066 && c.value <= 0x2069);
    Require(!control && !turns, "a character that drives a terminal is shown");
    at += c.num_bytes;
  }
}

// Takes our tags out; what is left holds no mark of HTML that is not an entity of ours.
void RequireEscaped(std::string html) {
  for (const std::string_view tag : {"<b>", "</b>"}) {
    for (size_t at; (at = html.find(tag)) != std::string::npos;) html.erase(at, tag.size());
  }
  for (const std::string_view entity : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"}) {
    for (size_t at; (at = html.find(entity)) != std::string::npos;) {
      html.replace(at, entity.size(), "_");
    }
  }
  Require(html.find_first_of("<>\"'&") == std::string::npos, "text is shown as HTML: " + html);
}

std::vector<Match> WordsOf(Match::FieldId field, const std::string& text, FuzzInput* chosen) {
  static const std::unique_ptr<Analyzer> analyzer =
      std::move(Analyzer::Create(IndexOptions())).value();
  AnalyzedText words;
  analyzer->Analyze(text, &words);
  std::vector<Match> matches;
  while (words.num_tokens() > 0 && !chosen->empty()) {
    const size_t first = chosen->Byte() % words.num_tokens();
    const size_t last = std::min(words.num_tokens() - 1, first + chosen->Byte() % 8);
    matches.push_back({.field = field,
                       .first = static_cast<Position>(first),
                       .last = static_cast<Position>(last),
                       .byte_begin = words.begins[first],
                       .byte_end = words.ends[last]});
  }
  return matches;
}

}  // namespace

std::vector<std::string> FuzzSeeds() {
  using std::string_literals::operator""s;  // a zero byte is in it
  const std::string text =
      "Rain & <b>sun</b>\0The \"rain\" fell on the city; it's \x1b[31mred\x1b[0m. "
      "caf\xc3\xa9 \xe2\x80\xaeturned \xff\xc2\x9b m\xd0\xbe \xe4\xb8\xad\xe6\x96\x87"s;
  std::vector<std::string> seeds;
  for (uint32_t width = 0; width < 4; ++width) {
    std::string seed = FuzzNumber(width * 3, 1) + FuzzNumber(width * 2, 1);
    for (uint32_t i = 0; i < width * 2; ++i) seed += FuzzNumber(i * 2, 1) + FuzzNumber(i, 1);
    std::string longer = text;
    for (uint32_t i = 0; i < width * 30; ++i) longer += " filler" + std::to_string(i);
    seeds.push_back(seed + longer);
  }
  return seeds;
}

}  // namespace ibid

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace ibid;
  FuzzInput input(data, size);
  const size_t context = input.Byte();
  const std::string_view chosen = input.Bytes(2 * (input.Byte() % 32));
  Document document;
  const std::string_view rest = input.Rest();
  const size_t nul = std::min(rest.find('\0'), rest.size());
  document.title = rest.substr(0, nul);
  document.text = rest.substr(std::min(rest.size(), nul + 1));
  FuzzInput words(reinterpret_cast<const uint8_t*>(chosen.data()), chosen.size());
  const bool in_title = context % 5 == 0;
  const std::vector<Match> matches = in_title
                                         ? WordsOf(Match::FieldId::kTitle, document.title, &words)
                                         : WordsOf(Match::FieldId::kText, document.text, &words);
  const Snippet snippet = MakeSnippet(document, matches, {.context_words = context % 40});
  Require(snippet.text.size() <= kMaxSnippetBytes, "a snippet past its limit");
  Require(snippet.text.find('\n') == std::string::npos, "a snippet of two lines");
  RequireShowable(snippet.text);
  size_t last = 0;
  for (const auto& [begin, end] : snippet.highlights) {
    Require(begin >= last && begin < end && end <= snippet.text.size(), "highlights out of place");
    RequireShowable(std::string_view(snippet.text).substr(begin, end - begin));
    last = end;
  }
  RequireShowable(HighlightSnippet(snippet, "[", "]"));
  RequireEscaped(HighlightSnippetHtml(snippet, "<b>", "</b>"));
  RequireShowable(SafeForTerminal(rest));
  return 0;
}
