#include "common/text/ascii_block.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "common/text/alnum_analyzer.h"
#include "ibid/limits.h"

namespace ibid {
namespace {

std::string RandomBytes(size_t size, std::mt19937* random) {
  constexpr std::string_view kKinds = "aZ09 ,@[`{/:\x7f\x80\xc3\xff";
  std::string bytes(size, ' ');
  for (char& byte : bytes) {
    byte = (*random)() % 4 == 0 ? static_cast<char>((*random)()) : kKinds[(*random)() % 16];
  }
  return bytes;
}

TEST(AsciiBlock, SaysOfEveryByteWhatTheTableSays) {
  std::mt19937 random(21);
  AsciiBlock block;
  for (int round = 0; round < 2000; ++round) {
    const std::string text = RandomBytes(random() % 150, &random);
    for (size_t at = 0; at < text.size(); at += 1 + random() % 40) {
      block.Load(text, at);
      for (size_t i = 0; i < AsciiBlock::kBytes; ++i) {
        const char c = at + i < text.size() ? text[at + i] : '\0';
        ASSERT_EQ(block.alnum() >> i & 1, IsAsciiAlnum(c) ? 1u : 0u) << static_cast<int>(c);
        ASSERT_EQ(block.high() >> i & 1, ByteClassOf(c) == ByteClass::kHigh ? 1u : 0u);
        if (i < block.size()) {
          ASSERT_EQ(block.lower()[i], AsciiLower(c));
        }
      }
    }
  }
}

TEST(AsciiBlock, RunsOfOnesAreTakenFromTheLowest) {
  const uint64_t bits = 0xf000'0000'0000'0036u;  // 1 and 2, 4 and 5, 60 to 63
  const WordInBlock first = FirstWord(bits);
  EXPECT_EQ(first.begin, 1u);
  EXPECT_EQ(first.end(), 3u);
  const uint64_t rest = WithoutFirst(bits, first.end());
  EXPECT_EQ(FirstWord(rest).begin, 4u);
  const WordInBlock last = FirstWord(WithoutFirst(rest, 6));
  EXPECT_EQ(last.begin, 60u);
  EXPECT_TRUE(last.reaches_end());
  EXPECT_EQ(FirstWord(~uint64_t{0}).length, 64u);
}

// Words across blocks, as long as a block, and longer than a term may be.
TEST(AlnumAnalyzer, CutsAsAWalkByteForByteDoes) {
  std::mt19937 random(22);
  const std::unique_ptr<Analyzer> analyzer = MakeAlnumAnalyzer();
  for (int round = 0; round < 500; ++round) {
    std::string text = RandomBytes(random() % 400, &random);
    for (int words = 0; words < 3; ++words) {
      const size_t length = random() % (round % 50 == 0 ? 700 : 140);
      text.insert(random() % (text.size() + 1), std::string(length, 'Q'));
    }
    std::vector<std::string> expected;
    bool in_word = false;
    for (const char c : text) {
      if (!IsAsciiAlnum(c)) {
        in_word = false;
        continue;
      }
      if (!in_word) expected.emplace_back();
      in_word = true;
      if (expected.back().size() < kMaxTermBytes) expected.back() += AsciiLower(c);
    }
    AnalyzedText words;
    analyzer->Analyze(text, &words);
    ASSERT_EQ(words.num_tokens(), expected.size());
    for (size_t i = 0; i < expected.size(); ++i) {
      ASSERT_EQ(words.term(i), expected[i]);
      const std::string_view covered =
          std::string_view(text).substr(words.begins[i], words.ends[i] - words.begins[i]);
      ASSERT_EQ(covered.substr(0, kMaxTermBytes).size(), expected[i].size());
      ASSERT_EQ(AsciiLower(covered[0]), expected[i][0]);
    }
  }
}

}  // namespace
}  // namespace ibid
