#include "common/text/analyzer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "ibid/limits.h"
#include "tests/common/text/render.h"

namespace ibid {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Analyzer, AnUnknownLanguageIsRefusedWithTheListOfThoseKnown) {
  const auto analyzer = Analyzer::Create({.language = "klingon"});
  ASSERT_FALSE(analyzer.ok());
  EXPECT_EQ(analyzer.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(analyzer.status().message()), HasSubstr("\"klingon\""));
  EXPECT_THAT(std::string(analyzer.status().message()), HasSubstr("none, arabic, "));
  EXPECT_THAT(std::string(analyzer.status().message()), HasSubstr("english"));
  EXPECT_FALSE(Analyzer::Create({.language = ""}).ok());
  EXPECT_FALSE(Analyzer::Create({.language = "en"}).ok());
}

TEST(Analyzer, EveryStemmerOfSnowballCanBeNamed) {
  const std::vector<std::string> languages = StemmerLanguages();
  EXPECT_TRUE(std::is_sorted(languages.begin(), languages.end()));
  EXPECT_THAT(languages, testing::IsSupersetOf({"english", "french", "german", "russian"}));
  for (const std::string& language : languages) {
    const auto analyzer = Analyzer::Create({.language = language});
    ASSERT_TRUE(analyzer.ok()) << language;
    EXPECT_TRUE((*analyzer)->has_stemmer());
    EXPECT_FALSE((*analyzer)->Stem("word").empty());
  }
}

// Turkish and Serbian stemmers make some words longer.
TEST(Analyzer, NoStemIsLongerThanATermMayBe) {
  std::vector<std::string> terms;
  for (const char* letter : {"a", "g", "\xd1\x9f", "\xc4\xb1", "\xd7\x90"}) {
    for (const char* end : {"", "g", "d", "\xd1\x9f", "b", "lar"}) {
      std::string term;
      while (term.size() + std::strlen(letter) + std::strlen(end) <= kMaxTermBytes) term += letter;
      terms.push_back(term + end);
    }
  }
  for (const std::string& language : StemmerLanguages()) {
    const auto analyzer = Analyzer::Create({.language = language});
    ASSERT_TRUE(analyzer.ok()) << language;
    for (const std::string& term : terms) {
      EXPECT_LE((*analyzer)->Stem(term).size(), kMaxTermBytes) << language << " " << term;
    }
  }
}

TEST(Analyzer, StemsAreThoseOfTheLanguage) {
  const auto english = test::MakeAnalyzer();
  EXPECT_EQ(english->Stem("advancing"), "advanc");
  EXPECT_EQ(english->Stem("advanced"), "advanc");
  EXPECT_EQ(english->Stem("rebels"), "rebel");
  EXPECT_EQ(english->Stem("3.5"), "3.5");
  const auto german = test::MakeAnalyzer({.language = "german"});
  EXPECT_EQ(std::string(german->Stem("hauser")), std::string(german->Stem("haus")));
  const auto russian = test::MakeAnalyzer({.language = "russian"});
  EXPECT_EQ(std::string(russian->Stem("новый")), std::string(russian->Stem("новая")));
}

TEST(Analyzer, StemsStayRightWhenTheCacheTurnsOver) {
  const auto english = test::MakeAnalyzer();
  const auto plain = test::MakeAnalyzer();
  for (int i = 0; i < 300000; ++i) {
    const std::string term = "word" + std::to_string(i) + "ing";
    ASSERT_EQ(english->Stem(term), "word" + std::to_string(i));
  }
  EXPECT_EQ(english->Stem("advancing"), plain->Stem("advancing"));
}

TEST(Analyzer, LanguageNoneStemsNothing) {
  const auto analyzer = test::MakeAnalyzer({.language = "none"});
  EXPECT_FALSE(analyzer->has_stemmer());
  EXPECT_EQ(analyzer->Stem("advancing"), "advancing");
  AnalyzedText tokens;
  analyzer->Analyze("The U.S.", &tokens);
  EXPECT_EQ(test::Terms(tokens), "the us");
}

TEST(Analyzer, AnalyzeForgetsTheTextBefore) {
  const auto analyzer = test::MakeAnalyzer();
  AnalyzedText tokens;
  analyzer->Analyze("\"A long text.\" With\n\nmany \xff words " + std::string(300, 'x'), &tokens);
  analyzer->Analyze("short one", &tokens);
  EXPECT_EQ(test::Terms(tokens), "short one");
  EXPECT_THAT(tokens.begins, ElementsAre(0, 6));
  EXPECT_THAT(tokens.ends, ElementsAre(5, 9));
  EXPECT_THAT(tokens.sentence_ends, ElementsAre(2));
  EXPECT_THAT(tokens.paragraph_ends, ElementsAre(2));
  EXPECT_TRUE(tokens.quotations.empty());
  EXPECT_EQ(tokens.num_cut_terms, 0u);
  EXPECT_EQ(tokens.num_replaced_bytes, 0u);
}

TEST(AlnumAnalyzer, WordsAreRunsOfAsciiLettersAndDigits) {
  const auto analyzer = test::MakeAnalyzer({.analyzer = AnalyzerKind::kAlnum});
  EXPECT_FALSE(analyzer->has_stemmer());
  EXPECT_EQ(analyzer->Stem("advancing"), "advancing");
  AnalyzedText tokens;
  analyzer->Analyze("The U.S. caf\u00e9s_B2B, \"20,000\".\n\nDON'T", &tokens);
  EXPECT_EQ(test::Terms(tokens), "the u s caf s b2b 20 000 don t");
  EXPECT_THAT(tokens.sentence_ends, ElementsAre(10));
  EXPECT_THAT(tokens.paragraph_ends, ElementsAre(10));
  EXPECT_TRUE(tokens.quotations.empty());
  analyzer->Analyze("\xff\xfe -- ", &tokens);
  EXPECT_EQ(tokens.num_tokens(), 0u);
  EXPECT_TRUE(tokens.sentence_ends.empty());
}

TEST(AlnumAnalyzer, EveryByteIsAWordByteOrNot) {
  const auto analyzer = test::MakeAnalyzer({.analyzer = AnalyzerKind::kAlnum});
  for (int byte = 0; byte < 256; ++byte) {
    // Long enough for eight bytes at a time, and too short for it.
    for (const size_t pad : {0u, 9u}) {
      const char c = static_cast<char>(byte);
      const std::string text = "ab" + std::string(1, c) + "cd" + std::string(pad, ' ');
      AnalyzedText tokens;
      analyzer->Analyze(text, &tokens);
      const bool is_word =
          (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
      EXPECT_EQ(test::Terms(tokens), is_word ? "ab" + std::string(1, lower) + "cd" : "ab cd");
    }
  }
}

TEST(AlnumAnalyzer, LongTermsAreCutAndCounted) {
  const auto analyzer = test::MakeAnalyzer({.analyzer = AnalyzerKind::kAlnum});
  AnalyzedText tokens;
  analyzer->Analyze(std::string(1000, 'A') + " b", &tokens);
  ASSERT_EQ(tokens.num_tokens(), 2u);
  EXPECT_EQ(tokens.term(0), std::string(kMaxTermBytes, 'a'));
  EXPECT_EQ(tokens.ends[0], 1000u);
  EXPECT_EQ(tokens.term(1), "b");
  EXPECT_EQ(tokens.num_cut_terms, 1u);
}

TEST(AnalysisLibraryVersions, NamesBothLibraries) {
  EXPECT_THAT(AnalysisLibraryVersions(),
              testing::MatchesRegex("ICU [0-9]+\\.[0-9]+, Snowball [0-9.]+"));
}

}  // namespace
}  // namespace ibid
