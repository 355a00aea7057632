#include <gtest/gtest.h>

#include <random>
#include <string>

#include "ibid/snippet.h"
#include "searcher/result/plain_text.h"

namespace ibid {
namespace {

TEST(HighlightSnippet, PutsTheMarksAroundEachHighlight) {
  const Snippet snippet{.text = "one two three", .highlights = {{0, 3}, {8, 13}}};
  EXPECT_EQ(HighlightSnippet(snippet, "[", "]"), "[one] two [three]");
}

TEST(HighlightSnippet, HighlightsThatDoNotFitAreCut) {
  const Snippet snippet{.text = "abc", .highlights = {{2, 99}, {0, 1}, {50, 60}}};
  EXPECT_EQ(HighlightSnippet(snippet, "[", "]"), "ab[c]");
}

TEST(HighlightSnippetHtml, EscapesTheTextButNotTheMarks) {
  const Snippet snippet{.text = "<a href=\"x\" id='y'>&</a>", .highlights = {{0, 2}}};
  EXPECT_EQ(HighlightSnippetHtml(snippet, "<b>", "</b>"),
            "<b>&lt;a</b> href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;&lt;/a&gt;");
}

TEST(SafeForTerminal, KeepsTextTabsAndNewlines) {
  EXPECT_EQ(SafeForTerminal("a\tb\nä 水 “q”"), "a\tb\nä 水 “q”");
}

TEST(SafeForTerminal, TakesOutEscapeSequencesAndDirectionOverrides) {
  EXPECT_EQ(SafeForTerminal("\x1b[31mred\x1b]0;title\x07"), "[31mred]0;title");
  EXPECT_EQ(SafeForTerminal("a\rb\x7f\bc"), "abc");
  EXPECT_EQ(SafeForTerminal("\xc2\x9b"
                            "31m"),
            "31m");  // C1 CSI
  EXPECT_EQ(SafeForTerminal("\u202Eevil\u202C \u2067x"), "evil x");
  EXPECT_EQ(SafeForTerminal("\x9b"
                            "31m"),
            "\uFFFD31m");  // a lone byte is malformed
}

// Promise 10 of docs/RELIABILITY.md, for any bytes.
TEST(SafeForTerminal, NeverLetsAControlByteThrough) {
  std::mt19937 random(20260811);
  SCOPED_TRACE("seed 20260811");
  for (int round = 0; round < 2000; ++round) {
    std::string text(random() % 64, '\0');
    for (char& c : text) c = static_cast<char>(random() % 3 ? 0x80 + random() % 0x80 : random());
    const std::string safe = SafeForTerminal(text);
    for (size_t at = 0; at < safe.size();) {
      const plain::CodePoint c = plain::DecodeCodePoint(safe, at);
      EXPECT_TRUE(c.value == '\n' || c.value == '\t' || plain::IsShown(c.value));
      EXPECT_FALSE(c.value == plain::kReplacementCharacter && c.length != 3) << "malformed output";
      at += c.length;
    }
  }
}

}  // namespace
}  // namespace ibid
