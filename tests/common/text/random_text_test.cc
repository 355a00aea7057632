// Random texts: the shortcut for ASCII words against the general rules, the general rules against
// ICU's own word breaks, and what holds of any text.
#include <gtest/gtest.h>
#include <unicode/ubrk.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "common/text/analyzer.h"
#include "common/text/tokenizer.h"
#include "common/text/utf8.h"
#include "tests/common/text/render.h"

namespace ibid {
namespace {

constexpr uint64_t kSeed = 20151113;
using Random = std::mt19937_64;

size_t Below(Random* random, size_t bound) {
  return std::uniform_int_distribution<size_t>(0, bound - 1)(*random);
}

std::string RandomText(Random* random, const std::vector<std::string_view>& pieces, size_t most) {
  std::string text;
  for (size_t i = Below(random, most + 1); i > 0; --i) text += pieces[Below(random, pieces.size())];
  return text;
}

const std::vector<std::string_view>& AsciiPieces() {
  static const std::vector<std::string_view> pieces = {"a",
                                                       "B",
                                                       "s",
                                                       "S",
                                                       "word",
                                                       "Mr",
                                                       "e",
                                                       "c",
                                                       "0",
                                                       "1",
                                                       "20",
                                                       "000",
                                                       "3",
                                                       "'",
                                                       "'s",
                                                       ".",
                                                       ".",
                                                       ",",
                                                       ",",
                                                       "&",
                                                       "+",
                                                       "++",
                                                       "#",
                                                       "\"",
                                                       " ",
                                                       " ",
                                                       "-",
                                                       "/",
                                                       "_",
                                                       ":",
                                                       "@",
                                                       "\n",
                                                       "\n\n",
                                                       "\t",
                                                       "(",
                                                       ")",
                                                       "=",
                                                       ";",
                                                       "!",
                                                       "?",
                                                       "U.S.",
                                                       "x",
                                                       std::string_view("\0", 1),
                                                       "abcdefgh",
                                                       "ABCDEFGHIJKLMNOPQ",
                                                       "\x7f"};
  return pieces;
}

std::vector<std::string_view> AnyPieces() {
  std::vector<std::string_view> pieces = AsciiPieces();
  const std::vector<std::string_view> more = {
      "é", "e\u0301", "ß",  "Ж",      "й",      "\u2019", "\u2018", "\u201c", "\u201d",  "«",
      "»", "中",      "国", "カ",     "ภาษา",   "한",     "\u00a0", "\u2014", "\u2026",  "\u200d",
      "👍", "🇫",       "²",  "\u05d0", "\u05f4", "\u00ad", "\u0301", "\xff",   "\xc3",    "\xe2\x80",
      "·", "l",       "।",  "。",     "\u2029", "\ufb01", "\uff21", "\u3099", "\xf0\x9f"};
  pieces.insert(pieces.end(), more.begin(), more.end());
  return pieces;
}

std::string Described(const AnalyzedText& tokens) {
  std::string line;
  for (size_t i = 0; i < tokens.num_tokens(); ++i) {
    line += std::string(tokens.term(i)) + "@" + std::to_string(tokens.begins[i]) + "-" +
            std::to_string(tokens.ends[i]) + " ";
  }
  return line + "cut " + std::to_string(tokens.num_cut_terms) + " replaced " +
         std::to_string(tokens.num_replaced_bytes);
}

// Everything that was said of a text.
std::string DescribedWithRegions(const AnalyzedText& words) {
  std::string line = Described(words);
  for (const uint32_t end : words.sentence_ends) line += " s" + std::to_string(end);
  for (const uint32_t end : words.paragraph_ends) line += " p" + std::to_string(end);
  for (const TokenRange& quotation : words.quotations) {
    line += " q" + std::to_string(quotation.begin) + "-" + std::to_string(quotation.end);
  }
  return line;
}

// The tokens of all parts, with the regions.
AnalyzedText InParts(Analyzer* analyzer, std::string_view text, size_t* num_parts) {
  AnalyzedText out;
  AnalyzedText all;
  const uint32_t num_tokens =
      analyzer->AnalyzeInParts(text, &out, [&](const AnalyzedText& part, size_t first) {
        ++*num_parts;
        for (size_t i = first; i < part.num_tokens(); ++i) {
          all.terms += part.term(i);
          all.term_ends.push_back(static_cast<uint32_t>(all.terms.size()));
          all.begins.push_back(part.begins[i]);
          all.ends.push_back(part.ends[i]);
        }
      });
  EXPECT_EQ(out.num_tokens(), 0u);
  EXPECT_EQ(all.num_tokens(), num_tokens);
  std::swap(out.terms, all.terms);
  std::swap(out.term_ends, all.term_ends);
  std::swap(out.begins, all.begins);
  std::swap(out.ends, all.ends);
  return out;
}

// A text of some parts, with longer and shorter stretches without a blank.
std::string LongText(Random* random, const std::vector<std::string_view>& pieces) {
  std::string text;
  while (text.size() < 400'000) {
    text += RandomText(random, pieces, 300);
    if (Below(random, 4) == 0) text += "\n\n";
  }
  return text;
}

void ExpectSameByBothPaths(Tokenizer* tokenizer, std::string_view text) {
  AnalyzedText fast;
  AnalyzedText plain;
  tokenizer->Begin(text);
  EXPECT_FALSE(tokenizer->Cut(SIZE_MAX, &fast));
  fast.num_cut_terms = tokenizer->num_cut_terms();
  fast.num_replaced_bytes = tokenizer->CountReplacedBytes();
  tokenizer->CutPlainly(text, &plain);
  ASSERT_EQ(Described(fast), Described(plain)) << testing::PrintToString(text);
}

TEST(RandomText, TheShortcutForAsciiWordsChangesNoToken) {
  SCOPED_TRACE(kSeed);
  Random random(kSeed);
  const auto tokenizer = std::make_unique<Tokenizer>();
  for (int i = 0; i < 60000; ++i) {
    ASSERT_NO_FATAL_FAILURE(
        ExpectSameByBothPaths(tokenizer.get(), RandomText(&random, AsciiPieces(), 24)));
  }
}

TEST(RandomText, TheShortcutChangesNoTokenOfMixedText) {
  SCOPED_TRACE(kSeed);
  Random random(kSeed);
  const auto tokenizer = std::make_unique<Tokenizer>();
  const std::vector<std::string_view> pieces = AnyPieces();
  for (int i = 0; i < 60000; ++i) {
    ASSERT_NO_FATAL_FAILURE(
        ExpectSameByBothPaths(tokenizer.get(), RandomText(&random, pieces, 24)));
  }
}

TEST(RandomText, TheShortcutChangesNoTokenOfRandomBytes) {
  SCOPED_TRACE(kSeed);
  Random random(kSeed);
  const auto tokenizer = std::make_unique<Tokenizer>();
  for (int i = 0; i < 20000; ++i) {
    std::string text(Below(&random, 40), '\0');
    for (char& c : text) c = static_cast<char>(Below(&random, 256));
    ASSERT_NO_FATAL_FAILURE(ExpectSameByBothPaths(tokenizer.get(), text));
  }
}

// The words that ICU finds, as "begin-end" in UTF-16 units.
std::string IcuWords(UBreakIterator* breaker, const std::u16string& text) {
  UErrorCode error = U_ZERO_ERROR;
  ubrk_setText(breaker, text.data(), static_cast<int32_t>(text.size()), &error);
  std::string words;
  int32_t begin = 0;
  for (int32_t end = ubrk_next(breaker); end != UBRK_DONE; end = ubrk_next(breaker)) {
    if (ubrk_getRuleStatus(breaker) >= UBRK_WORD_NUMBER) {
      words += std::to_string(begin) + "-" + std::to_string(end) + " ";
    }
    begin = end;
  }
  return words;
}

TEST(RandomText, WordsAreIcusWhereIbidAddsNoRuleOfItsOwn) {
  SCOPED_TRACE(kSeed);
  Random random(kSeed);
  UErrorCode error = U_ZERO_ERROR;
  UBreakIterator* breaker = ubrk_open(UBRK_WORD, "root", nullptr, 0, &error);
  ASSERT_TRUE(U_SUCCESS(error));
  const auto tokenizer = std::make_unique<Tokenizer>();
  const std::vector<std::u16string_view> pieces = {u"a",
                                                   u"B",
                                                   u"word",
                                                   u"1",
                                                   u"20",
                                                   u" ",
                                                   u" ",
                                                   u"-",
                                                   u"/",
                                                   u"é",
                                                   u"e\u0301",
                                                   u"Ж",
                                                   u"б'в",
                                                   u"a\u2019b",
                                                   u"\u05d0",
                                                   u"\u05d0\"\u05d1",
                                                   u"\u0663",
                                                   u"한국어",
                                                   u"中国",
                                                   u"。",
                                                   u"a\u00adb",
                                                   u"a\u200db",
                                                   u"\u2014",
                                                   u"(",
                                                   u"\n",
                                                   u"l·l",
                                                   u"\u0915\u093f",
                                                   u" ไทย ",
                                                   u"カタ",
                                                   u"ひ",
                                                   u"x"};
  for (int i = 0; i < 30000; ++i) {
    std::u16string text;
    for (size_t n = Below(&random, 16); n > 0; --n) text += pieces[Below(&random, pieces.size())];
    std::string bytes;
    std::vector<size_t> unit_of_byte;
    for (size_t unit = 0; unit < text.size(); ++unit) {
      AppendUtf8(text[unit], &bytes);
      unit_of_byte.resize(bytes.size(), unit);
    }
    unit_of_byte.push_back(text.size());
    AnalyzedText tokens;
    tokenizer->CutPlainly(bytes, &tokens);
    std::string words;
    for (size_t t = 0; t < tokens.num_tokens(); ++t) {
      words += std::to_string(unit_of_byte[tokens.begins[t]]) + "-" +
               std::to_string(unit_of_byte[tokens.ends[t]]) + " ";
    }
    ASSERT_EQ(words, IcuWords(breaker, text)) << bytes;
  }
  ubrk_close(breaker);
}

// What analyzer.h promises of any text.
void ExpectSound(std::string_view text, const AnalyzedText& tokens) {
  const size_t n = tokens.num_tokens();
  ASSERT_EQ(tokens.begins.size(), n);
  ASSERT_EQ(tokens.ends.size(), n);
  for (size_t i = 0; i < n; ++i) {
    ASSERT_LT(tokens.begins[i], tokens.ends[i]);
    ASSERT_LE(i == 0 ? 0 : tokens.ends[i - 1], tokens.begins[i]);
    ASSERT_FALSE(tokens.term(i).empty());
    ASSERT_TRUE(IsValidUtf8(tokens.term(i)));
  }
  ASSERT_LE(n == 0 ? 0 : tokens.ends.back(), text.size());
  for (const auto* ends : {&tokens.sentence_ends, &tokens.paragraph_ends}) {
    ASSERT_EQ(ends->empty(), n == 0);
    uint32_t last = 0;
    for (const uint32_t end : *ends) {
      ASSERT_LT(last, end);
      last = end;
    }
    ASSERT_EQ(last, n);
  }
  for (const uint32_t end : tokens.paragraph_ends) {
    ASSERT_TRUE(std::binary_search(tokens.sentence_ends.begin(), tokens.sentence_ends.end(), end));
  }
  uint32_t last = 0;
  for (const TokenRange& range : tokens.quotations) {
    ASSERT_LE(last, range.begin);
    ASSERT_LT(range.begin, range.end);
    last = range.end;
  }
  ASSERT_LE(last, n);
}

TEST(RandomText, AnyTextIsAnalysedSoundly) {
  SCOPED_TRACE(kSeed);
  Random random(kSeed);
  const auto analyzer = test::MakeAnalyzer();
  const std::vector<std::string_view> pieces = AnyPieces();
  AnalyzedText tokens;
  for (int i = 0; i < 60000; ++i) {
    const std::string text = RandomText(&random, pieces, 40);
    analyzer->Analyze(text, &tokens);
    ASSERT_NO_FATAL_FAILURE(ExpectSound(text, tokens)) << testing::PrintToString(text);
    for (size_t t = 0; t < tokens.num_tokens(); ++t)
      ASSERT_FALSE(analyzer->Stem(tokens.term(t)).empty());
  }
}

TEST(RandomText, AQuotedPieceFindsItsText) {
  // A piece from a word's first byte to a word's last, parted from the rest by spaces, has the same
  // terms alone as in its place.
  SCOPED_TRACE(kSeed);
  Random random(kSeed);
  const auto analyzer = test::MakeAnalyzer();
  const std::vector<std::string_view> pieces = AnyPieces();
  AnalyzedText whole;
  AnalyzedText alone;
  for (int i = 0; i < 20000; ++i) {
    const std::string piece = RandomText(&random, pieces, 12);
    analyzer->Analyze(piece, &alone);
    analyzer->Analyze("before " + piece + " after", &whole);
    ASSERT_EQ("before " + test::Terms(alone) + (alone.num_tokens() > 0 ? " after" : "after"),
              test::Terms(whole))
        << piece;
  }
}

TEST(RealText, TheHostileFilesOfTheSharedCorporaAreAnalysedSoundly) {
  const char* variable = std::getenv("IBID_CORPORA");
  const std::filesystem::path corpora =
      variable != nullptr ? variable
                          : std::filesystem::path(IBID_SOURCE_DIR) / ".." / "shared" / "corpora";
  if (!std::filesystem::exists(corpora / "game-queries.jsonl")) {
    GTEST_SKIP() << "SKIPPED: no shared corpora at " << corpora
                 << "; set IBID_CORPORA to run this on real text";
  }
  const auto analyzer = test::MakeAnalyzer();
  const auto tokenizer = std::make_unique<Tokenizer>();
  AnalyzedText tokens;
  // The queries as text, and the packed archives as what they are to analysis: bytes.
  for (const std::string_view name :
       {"game-queries.jsonl", "README.md", "ir-classic.tar.zst", "ir-ecbplus.tar.zst"}) {
    std::ifstream file(corpora / name, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(file)),
                           std::istreambuf_iterator<char>());
    ASSERT_FALSE(text.empty()) << name;
    analyzer->Analyze(text, &tokens);
    ASSERT_NO_FATAL_FAILURE(ExpectSound(text, tokens)) << name;
    ASSERT_GT(tokens.num_tokens(), text.size() / 50) << name;
    AnalyzedText plain;
    tokenizer->CutPlainly(text, &plain);
    ASSERT_EQ(plain.terms, tokens.terms) << name;
  }
}

TEST(RandomText, InPartsItIsAnalysedAsInOne) {
  Random random(kSeed + 9);
  std::vector<std::string_view> without_blanks;
  for (const std::string_view piece : AnyPieces()) {
    if (piece != " " && piece != "\n" && piece != "\n\n" && piece != "\t") {
      without_blanks.push_back(piece);
    }
  }
  IndexOptions alnum;
  alnum.analyzer = AnalyzerKind::kAlnum;
  alnum.language = "none";
  for (const IndexOptions& options : {IndexOptions(), alnum}) {
    const auto analyzer = Analyzer::Create(options);
    ASSERT_TRUE(analyzer.ok());
    for (const auto& pieces : {AsciiPieces(), AnyPieces(), without_blanks}) {
      const std::string text = LongText(&random, pieces);
      AnalyzedText whole;
      (*analyzer)->Analyze(text, &whole);
      size_t num_parts = 0;
      const AnalyzedText parts = InParts(analyzer->get(), text, &num_parts);
      EXPECT_GT(num_parts, 1u);
      EXPECT_TRUE(DescribedWithRegions(parts) == DescribedWithRegions(whole))
          << num_parts << " parts of " << whole.num_tokens() << " tokens";
    }
  }
}

TEST(RandomText, ChainsOfDigitsAreCutIntoPartsLikeAnythingElse) {
  const auto analyzer = Analyzer::Create(IndexOptions());
  ASSERT_TRUE(analyzer.ok());
  for (const std::string_view link : {"1,", "1.", "12.3,", "1,234.5.", "1.2,3'"}) {
    std::string text = "from ";
    while (text.size() < 300'000) text += link;
    text += "5.25 on";
    AnalyzedText whole;
    (*analyzer)->Analyze(text, &whole);
    size_t num_parts = 0;
    const AnalyzedText parts = InParts(analyzer->get(), text, &num_parts);
    EXPECT_GT(num_parts, whole.num_tokens() / 40'000) << link;
    EXPECT_TRUE(DescribedWithRegions(parts) == DescribedWithRegions(whole)) << link;
  }
}

TEST(RandomText, EmptyAndShortTextsAreOnePart) {
  const auto analyzer = Analyzer::Create(IndexOptions());
  ASSERT_TRUE(analyzer.ok());
  for (const std::string_view text : {"", " ... ", "one", "He said \"no\". She did."}) {
    AnalyzedText whole;
    (*analyzer)->Analyze(text, &whole);
    size_t num_parts = 0;
    EXPECT_EQ(DescribedWithRegions(InParts(analyzer->get(), text, &num_parts)),
              DescribedWithRegions(whole));
    EXPECT_EQ(num_parts, 1u);
  }
}

// More marks than are paired at once.
TEST(RandomText, VeryManyQuotationsAreFoundParagraphByParagraph) {
  const auto analyzer = Analyzer::Create(IndexOptions());
  ASSERT_TRUE(analyzer.ok());
  std::string text;
  constexpr uint32_t kQuotations = 200'000;
  for (uint32_t i = 0; i < kQuotations; ++i) text += i % 10 == 9 ? "\"a b\" c\n\n" : "\"a b\" c ";
  AnalyzedText words;
  (*analyzer)->Analyze(text, &words);
  ASSERT_EQ(words.quotations.size(), kQuotations);
  for (uint32_t i = 0; i < kQuotations; ++i) {
    ASSERT_EQ(words.quotations[i], (TokenRange{3 * i, 3 * i + 2}));
  }
}

}  // namespace
}  // namespace ibid
