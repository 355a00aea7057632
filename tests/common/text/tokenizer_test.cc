#include "common/text/tokenizer.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "ibid/limits.h"
#include "tests/common/text/render.h"

namespace ibid {
namespace {

using test::AnalyzeText;
using test::Terms;

// The bytes that each token covers, parted by '|'.
std::string Covered(std::string_view text) {
  const AnalyzedText tokens = AnalyzeText(text);
  std::string covered;
  for (size_t i = 0; i < tokens.num_tokens(); ++i) {
    if (i > 0) covered += '|';
    covered += text.substr(tokens.begins[i], tokens.ends[i] - tokens.begins[i]);
  }
  return covered;
}

struct Case {
  std::string_view text;
  std::string_view terms;
};

void ExpectTerms(const std::vector<Case>& cases) {
  for (const Case& c : cases) EXPECT_EQ(Terms(AnalyzeText(c.text)), c.terms) << c.text;
}

TEST(Tokenizer, EmptyAndWordlessTextsHaveNoTokens) {
  ExpectTerms({{"", ""},
               {" \t\r\n", ""},
               {"... --- !!! \u201c\u201d \u00a9", ""},
               {"'", ""},
               {"\xff\xfe", ""},
               {std::string_view("\0\0", 2), ""}});
}

TEST(Tokenizer, NewsStringsOfTheQueryLanguagesTable) {
  ExpectTerms({{"al-Assad's forces", "al assad forces"},
               {"U.S. officials", "us officials"},
               {"U.N.-backed", "un backed"},
               {"don\u2019t / don't", "don't don't"},
               {"O\u2019Brien", "o'brien"},
               {"world\u2019s \u2018caliphate\u2019", "world caliphate"},
               {"state-run", "state run"},
               {"20,000-strong", "20000 strong"},
               {"3.5 percent", "3.5 percent"},
               {"$1,000", "1000"},
               {"9/11", "9 11"},
               {"2015-11-13", "2015 11 13"},
               {"Nov. 13", "nov 13"},
               {"reuters.com", "reuters com"},
               {"user@example.com", "user example com"},
               {"AT&T", "at&t"},
               {"C++", "c++"},
               {"café naïve", "cafe naive"}});
}

TEST(Tokenizer, AcronymsAreLettersThatEachHaveADot) {
  ExpectTerms({{"U.S.A.", "usa"},
               {"U.S", "us"},
               {"(U.S.)", "us"},
               {"U.S..", "us"},
               {"...U.S.", "us"},
               {"U.S.-U.K.", "us uk"},
               {"U.S.\u2019s", "us"},
               {"e.g.foo", "e g foo"},
               {"www.a.b", "www a b"},
               {"a.b.c.com", "a b c com"},
               {"A. B.", "a b"},
               {"U.S.2", "u s 2"},
               {"С.Ш.А.", "сша"},
               {"É.U.", "eu"},
               {"d.l'x", "d l'x"}});
}

TEST(Tokenizer, NumbersAreWholeWhereTheyAreOneNumber) {
  ExpectTerms({{"3.5.", "3.5"},
               {".5", "5"},
               {"100,000.50", "100000.50"},
               {"1,000.5.6", "1000 5 6"},
               {"1,000,00", "1 000 00"},
               {"1000,000", "1000 000"},
               {"20,000th", "20000th"},
               {"5.30pm", "5.30pm"},
               {"1.2.3rc1", "1 2 3rc1"},
               {"v1.2.3", "v1 2 3"},
               {"a1,000", "a1 000"},
               {"1.e4 2.x", "1 e4 2 x"},
               {"1,2.3,4.5", "1 2.3 4.5"},
               {"1'000", "1 000"},
               {"1,000's", "1000"},
               {"\u0663\u0664", "\u0663\u0664"}});
}

TEST(Tokenizer, ApostrophesJoinLettersOnly) {
  ExpectTerms({{"it's 'it' 'its'", "it it its"},
               {"a''b", "a b"},
               {"a'b'c", "a'b'c"},
               {"6's", "6"},
               {"6's'x", "6 s'x"},
               {"'s-Hertogenbosch", "s hertogenbosch"},
               {"DON'T JAMES'S", "don't james"},
               {"п\u02bcять", "п'ять"},
               {"dogs\u2019 \u2019tis", "dogs tis"}});
}

TEST(Tokenizer, SignsBelongToTheNamesThatUseThem) {
  ExpectTerms({{"c+++", "c"},
               {"c++x", "c x"},
               {"notepad++ 5++", "notepad++ 5"},
               {"c#x c## #c", "c x c c"},
               {"a#1", "a# 1"},
               {"A&B&C", "a&b&c"},
               {"A & B", "a b"},
               {"AT&T.", "at&t"},
               {"S&P500", "s p500"},
               {"b=c&d=e", "b c d e"},
               {"x&", "x"}});
}

TEST(Tokenizer, JoinersOfOtherScripts) {
  ExpectTerms(
      {{"col·lecció a·b", "col·leccio a b"},
       {"צה\"ל", "צה\"ל"},
       {"צה\u05f4ל", "צה\"ל"},
       {"x\u202fy x\u203fy", "x y x y"},
       {"x\u200by", "x y"},
       {"soft\u00adhyphen zero\u200dwidth word\u2060join", "softhyphen zerowidth wordjoin"}});
}

TEST(Tokenizer, TypographicMarksPartWords) {
  ExpectTerms({{"one\u2014two\u2013three\u2026four\u00a0five", "one two three four five"},
               {"\u201cHello,\u201d said", "hello said"},
               {"said.\u201d He", "said he"}});
}

TEST(Tokenizer, ATokenCoversWhatItStandsFor) {
  EXPECT_EQ(Covered("The U.S.'s dogs' café\u2019s 20,000 AT&T's c++."),
            "The|U.S.'s|dogs|café\u2019s|20,000|AT&T's|c++");
  EXPECT_EQ(Covered("e.g. U.N.-backed"), "e.g.|U.N.|backed");
  EXPECT_EQ(Covered("e\u0301te\u0301"), "e\u0301te\u0301");
}

TEST(Tokenizer, LongTermsAreCutBetweenCharactersAndCounted) {
  const std::string ascii(kMaxTermBytes + 1, 'a');
  AnalyzedText tokens = AnalyzeText(ascii + " " + std::string(kMaxTermBytes, 'b'));
  ASSERT_EQ(tokens.num_tokens(), 2u);
  EXPECT_EQ(tokens.term(0), std::string(kMaxTermBytes, 'a'));
  EXPECT_EQ(tokens.ends[0], kMaxTermBytes + 1);
  EXPECT_EQ(tokens.term(1).size(), kMaxTermBytes);
  EXPECT_EQ(tokens.num_cut_terms, 1u);

  std::string cyrillic;
  for (int i = 0; i < 200; ++i) cyrillic += "ж";
  tokens = AnalyzeText(cyrillic);
  ASSERT_EQ(tokens.num_tokens(), 1u);
  EXPECT_EQ(tokens.term(0), cyrillic.substr(0, kMaxTermBytes - 1));
  EXPECT_EQ(tokens.num_cut_terms, 1u);
}

TEST(Tokenizer, MalformedBytesPartWordsAndAreCounted) {
  const AnalyzedText tokens = AnalyzeText(
      "caf\xc3 ab\xff"
      "cd \xe2\x80");
  EXPECT_EQ(Terms(tokens), "caf ab cd");
  EXPECT_EQ(tokens.num_replaced_bytes, 3u);
}

TEST(Tokenizer, NulsPartWords) {
  EXPECT_EQ(Terms(AnalyzeText(std::string_view("a\0b\0", 4))), "a b");
}

}  // namespace
}  // namespace ibid
