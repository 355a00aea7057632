// The codes of blocks and tails: PFOR, bitsets, Rice codes, varints.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

#include "common/format/packed.h"
#include "common/format/pfor.h"
#include "common/format/postings_block.h"
#include "common/format/rice.h"
#include "common/format/rice_block.h"
#include "common/format/tail_codec.h"
#include "gtest/gtest.h"
#include "ibid/types.h"

namespace ibid {
namespace {

constexpr size_t kPadding = 64;

using Values = std::array<uint32_t, kBlockLength>;

std::span<const uint8_t> AsBytes(const std::string& bytes, size_t size) {
  return {reinterpret_cast<const uint8_t*>(bytes.data()), size};
}

// Numbers of mostly `bits` bits with a few that are wider.
Values RandomValues(unsigned bits, unsigned outliers, std::mt19937* random) {
  Values values;
  for (uint32_t& value : values) {
    value = bits == 0 ? 0 : (*random)() >> (32 - bits);
    if (outliers > 0 && (*random)() % 128 < outliers) value |= (*random)() >> (*random)() % 32;
  }
  return values;
}

TEST(Pfor, EveryWidthAndNumberOfExceptionsReadsBackInTheStatedSize) {
  std::mt19937 random(1);
  for (unsigned bits = 0; bits <= 32; ++bits) {
    for (const unsigned outliers : {0u, 1u, 5u, 40u, 100u}) {
      const Values values = RandomValues(bits, outliers, &random);
      const PforShape shape = ChoosePforShape(values.data());
      std::string bytes;
      AppendPfor(values.data(), shape, &bytes);
      ASSERT_EQ(bytes.size(), shape.payload_bytes());
      bytes.append(kPadding, '\0');
      Values read;
      ASSERT_TRUE(ReadPfor(AsBytes(bytes, 1).data(), shape, read.data()));
      EXPECT_EQ(read, values) << bits << " bits, " << outliers << " outliers";
    }
  }
}

TEST(Pfor, TheShapeIsTheSmallestOfAll) {
  std::mt19937 random(2);
  for (int round = 0; round < 200; ++round) {
    const Values values = RandomValues(random() % 20, random() % 30, &random);
    const PforShape chosen = ChoosePforShape(values.data());
    for (unsigned width = 0; width < 32; ++width) {
      unsigned exceptions = 0;
      for (const uint32_t value : values) {
        const uint32_t high = value >> width;
        if (high > 0) exceptions += 1 + (BitWidth(high) + 6) / 7;
      }
      if (exceptions > 0) ++exceptions;
      if (exceptions > 255) continue;
      EXPECT_LE(chosen.payload_bytes(), 16 * width + exceptions);
    }
  }
}

TEST(Pfor, BadExceptionsAreRefused) {
  std::mt19937 random(3);
  const Values values = RandomValues(4, 10, &random);
  const PforShape shape = ChoosePforShape(values.data());
  ASSERT_GT(shape.exception_bytes, 0u);
  std::string good;
  AppendPfor(values.data(), shape, &good);
  good.append(kPadding, '\0');
  Values read;
  std::string bytes = good;
  bytes[16 * shape.width] = static_cast<char>(200);  // more exceptions than bytes
  EXPECT_FALSE(ReadPfor(AsBytes(bytes, 1).data(), shape, read.data()));
  bytes = good;
  bytes[16 * shape.width + 1] = static_cast<char>(128);  // beyond the block
  EXPECT_FALSE(ReadPfor(AsBytes(bytes, 1).data(), shape, read.data()));
  EXPECT_FALSE(ReadPfor(AsBytes(good, 1).data(), {32, 5}, read.data()));
}

TEST(DocsBlock, GapsUpToTheLargestDocumentReadBack) {
  std::mt19937 random(4);
  for (unsigned round = 0; round < 100; ++round) {
    const unsigned bits = round / 4;
    const BlockCoding coding = round % 2 == 0 ? BlockCoding::kPatched : BlockCoding::kSmall;
    for (const unsigned outliers : {0u, 2u}) {
      Values docs;
      int64_t previous = random() % 2 == 0 ? -1 : 1000;
      int64_t doc = previous;
      for (uint32_t& value : docs) {
        doc += 1 + (bits == 0 ? 0 : random() >> (32 - bits));
        if (outliers > 0 && random() % 64 < outliers) doc += random() % 10000000;
        value = static_cast<uint32_t>(std::min<int64_t>(doc, kNoMoreDocs - 1));
      }
      if (doc >= kNoMoreDocs) continue;
      std::string bytes;
      AppendDocsBlock(docs.data(), previous, coding, &bytes);
      const size_t size = bytes.size();
      bytes.append(kPadding, '\0');
      Values read;
      ASSERT_EQ(ReadDocsBlock(AsBytes(bytes, size), previous, docs.back() + 1, read.data()), size);
      EXPECT_EQ(read, docs);
      EXPECT_EQ(DocsBlockBytes(AsBytes(bytes, size)), size);
      EXPECT_EQ(DocsBlockBytes(AsBytes(bytes, size + 9)), size) << "what follows is another's";
      EXPECT_EQ(DocsBlockBytes(AsBytes(bytes, size - 1)), 0u);
      EXPECT_EQ(DocsBlockBytes(AsBytes(bytes, 0)), 0u);
      EXPECT_EQ(ReadDocsBlock(AsBytes(bytes, size), previous, docs.back(), read.data()), 0u)
          << "a document beyond the segment";
      EXPECT_EQ(ReadDocsBlock(AsBytes(bytes, size - 1), previous, docs.back() + 1, read.data()), 0u)
          << "cut short";
    }
  }
}

TEST(DocsBlock, OneHugeGapReadsBack) {
  for (const size_t at : {size_t{0}, size_t{64}, size_t{127}}) {
    Values docs;
    std::iota(docs.begin(), docs.end(), 0);
    for (size_t i = at; i < docs.size(); ++i) docs[i] += kNoMoreDocs - 200;
    std::string bytes;
    AppendDocsBlock(docs.data(), -1, BlockCoding::kSmall, &bytes);
    const size_t size = bytes.size();
    EXPECT_LT(size, 20u);
    bytes.append(kPadding, '\0');
    Values read;
    ASSERT_EQ(ReadDocsBlock(AsBytes(bytes, size), -1, kNoMoreDocs - 1, read.data()), size);
    EXPECT_EQ(read, docs);
  }
}

// A document in so many has the list's, each alone.
Values ScatteredDocs(uint32_t one_in, std::mt19937* random) {
  std::geometric_distribution<uint32_t> gap(1.0 / one_in);
  Values docs;
  uint32_t doc = 0;
  for (uint32_t& value : docs) value = doc += 1 + gap(*random);
  return docs;
}

TEST(DocsBlock, SmallBlocksOfScatteredDocumentsTakeLittleMoreThanTheirEntropy) {
  std::mt19937 random(13);
  for (const uint32_t one_in : {3u, 10u, 50u, 1000u, 200000u}) {
    double bits = 0, patched_bits = 0;
    for (int round = 0; round < 300; ++round) {
      const Values docs = ScatteredDocs(one_in, &random);
      std::string small, patched;
      AppendDocsBlock(docs.data(), 0, BlockCoding::kSmall, &small);
      AppendDocsBlock(docs.data(), 0, BlockCoding::kPatched, &patched);
      bits += 8.0 * static_cast<double>(small.size()) / (300 * kBlockLength);
      patched_bits += 8.0 * static_cast<double>(patched.size()) / (300 * kBlockLength);
    }
    const double p = 1.0 / one_in;
    const double entropy = -(p * std::log2(p) + (1 - p) * std::log2(1 - p)) / p;
    EXPECT_LT(bits, entropy + 0.3) << one_in;  // a header of 16 bits is 0.13
    EXPECT_LT(bits, patched_bits) << one_in;
  }
}

TEST(DocsBlock, OfTheSameSizeABitsetIsTakenAndNoRiceCode) {
  std::mt19937 random(16);
  const Values docs = ScatteredDocs(2, &random);
  std::string small, patched;
  AppendDocsBlock(docs.data(), 0, BlockCoding::kSmall, &small);
  AppendDocsBlock(docs.data(), 0, BlockCoding::kPatched, &patched);
  EXPECT_EQ(static_cast<uint8_t>(small[0]), kBlockIsBitset);
  EXPECT_EQ(small, patched);
}

// The documents in a Rice code of `width`, whatever code is smaller.
std::string RiceDocs(unsigned width, const Values& gaps) {
  RiceBlockShape shape = {width, 0};
  uint64_t bits = kBlockLength;
  for (const uint32_t gap : gaps) bits += gap >> width;
  shape.unary_bytes = static_cast<unsigned>((bits + 7) / 8);
  std::string bytes = {static_cast<char>(kBlockIsRice | width),
                       static_cast<char>(shape.unary_bytes)};
  AppendRiceBlock(gaps.data(), shape, &bytes);
  return bytes;
}

TEST(RiceBlock, EveryWidthReadsBackAndTheChosenOneIsTheSmallest) {
  std::mt19937 random(14);
  for (unsigned width = 0; width <= kMaxRiceBlockWidth; ++width) {
    Values gaps;
    for (uint32_t& gap : gaps) {
      gap = (random() & ((uint32_t{1} << width) - 1)) + ((random() % 12) << width);
    }
    std::string bytes = RiceDocs(width, gaps);
    const RiceBlockShape chosen = ChooseRiceBlockShape(gaps.data());
    EXPECT_GT(chosen.unary_bytes, 0u);
    EXPECT_LE(2 + chosen.payload_bytes(), bytes.size());
    Values docs, read;
    uint32_t doc = 99;
    for (size_t i = 0; i < kBlockLength; ++i) docs[i] = doc += gaps[i] + 1;
    const size_t size = bytes.size();
    bytes.append(kPadding, '\0');
    ASSERT_EQ(ReadDocsBlock(AsBytes(bytes, size), 99, kNoMoreDocs, read.data()), size) << width;
    EXPECT_EQ(read, docs);
    EXPECT_EQ(ReadDocsBlock(AsBytes(bytes, size), 99, docs.back(), read.data()), 0u);
  }
}

TEST(RiceBlock, TheLargestNumbersNeitherOverflowNorPassTheLastDocument) {
  Values gaps;
  gaps.fill((uint32_t{1} << kMaxRiceBlockWidth) - 1);
  gaps[0] += uint32_t{1912} << kMaxRiceBlockWidth;  // all zeros that 255 bytes have room for
  std::string bytes = RiceDocs(kMaxRiceBlockWidth, gaps);
  ASSERT_EQ(static_cast<uint8_t>(bytes[1]), 255);
  const size_t size = bytes.size();
  bytes.append(kPadding, '\0');
  Values read;
  ASSERT_EQ(ReadDocsBlock(AsBytes(bytes, size), -1, kNoMoreDocs, read.data()), size);
  EXPECT_TRUE(std::is_sorted(read.begin(), read.end()));
  EXPECT_EQ(read.back(), std::accumulate(gaps.begin(), gaps.end(), 127u));
  EXPECT_EQ(ReadDocsBlock(AsBytes(bytes, size), int64_t{kNoMoreDocs} - 2, kNoMoreDocs, read.data()),
            0u);
  gaps.fill(UINT32_MAX);
  EXPECT_EQ(ChooseRiceBlockShape(gaps.data()).unary_bytes, 0u);
}

TEST(RiceBlock, WhatIsNoneIsRefused) {
  std::mt19937 random(15);
  Values gaps = RandomValues(5, 0, &random), read;
  const std::string good = RiceDocs(3, gaps) + std::string(kPadding, '\0');
  const size_t size = good.size() - kPadding;
  const auto reads = [&](const std::string& bytes) {
    return ReadDocsBlock(AsBytes(bytes, size), -1, kNoMoreDocs, read.data()) > 0;
  };
  ASSERT_TRUE(reads(good));
  std::string bytes = good;
  bytes[0] = static_cast<char>(kBlockIsRice | (kMaxRiceBlockWidth + 1));
  EXPECT_FALSE(reads(bytes)) << "too wide";
  bytes = good;
  bytes[1] = 0;
  EXPECT_FALSE(reads(bytes)) << "no ones at all";
  bytes = good;
  bytes[1] = static_cast<char>(bytes[1] + 1);
  EXPECT_FALSE(reads(bytes)) << "longer than what there is";
  bytes = good;
  bytes[1] = static_cast<char>(bytes[1] - 1);
  EXPECT_FALSE(reads(bytes)) << "a one too few";
  bytes = good;
  bytes[size - 1] = static_cast<char>(bytes[size - 1] | 0x80);
  ASSERT_NE(bytes, good);
  EXPECT_FALSE(reads(bytes)) << "a one too many";
}

TEST(DocsBlock, OverflowingGapsAreRefused) {
  Values gaps;
  gaps.fill(0x7fffffff);
  std::string bytes(1, 31);
  AppendPfor(gaps.data(), {31, 0}, &bytes);
  const size_t size = bytes.size();
  bytes.append(kPadding, '\0');
  Values read;
  EXPECT_EQ(ReadDocsBlock(AsBytes(bytes, size), -1, kNoMoreDocs - 1, read.data()), 0u);
}

// Past 2^31 - 128 documents the sums of 32 bits would begin anew.
TEST(DocsBlock, GapsThatPassTheLastDocumentBehindALargeOneAreRefused) {
  Values gaps;
  gaps.fill(0);
  gaps[1] = kNoMoreDocs - 1;
  std::string bytes(1, 31);
  AppendPfor(gaps.data(), {31, 0}, &bytes);
  const size_t size = bytes.size();
  Values read;
  bytes.append(kPadding, '\0');
  const int64_t previous = int64_t{kNoMoreDocs} - 2;
  EXPECT_EQ(ReadDocsBlock(AsBytes(bytes, size), previous, kNoMoreDocs, read.data()), 0u);
}

TEST(FreqsBlock, FrequenciesUpTo32BitsReadBack) {
  std::mt19937 random(5);
  for (unsigned round = 0; round < 66; ++round) {
    const unsigned bits = round / 2;
    Values freqs = RandomValues(bits, bits % 7, &random);
    for (uint32_t& freq : freqs) freq = std::max(freq, 1u);
    std::string bytes;
    AppendFreqsBlock(freqs.data(), round % 2 == 0 ? BlockCoding::kPatched : BlockCoding::kSmall,
                     &bytes);
    const size_t size = bytes.size();
    if (bits == 0) {
      EXPECT_EQ(size, 1u) << "frequencies of one cost one byte";
    }
    bytes.append(kPadding, '\0');
    Values read;
    ASSERT_TRUE(ReadFreqsBlock(AsBytes(bytes, size), read.data()));
    EXPECT_EQ(read, freqs);
    EXPECT_FALSE(ReadFreqsBlock(AsBytes(bytes, size + 1), read.data()));
  }
}

TEST(Tail, PostingsOfEveryLengthAndSizeReadBack) {
  std::mt19937 random(6);
  for (uint32_t n = 1; n < kBlockLength; ++n) {
    for (const unsigned bits : {0u, 3u, 9u, 17u, 23u}) {
      std::vector<uint32_t> gaps(n), freqs(n), docs(n), read_docs(n), read_freqs(n);
      int64_t doc = 41;
      for (uint32_t i = 0; i < n; ++i) {
        gaps[i] = bits == 0 ? 0 : random() >> (32 - bits);
        freqs[i] = random() % 3 == 0 ? 1 + random() % 50 : 1;
        if (random() % 500 == 0) freqs[i] = UINT32_MAX - 1;
        doc += int64_t{gaps[i]} + 1;
        docs[i] = static_cast<uint32_t>(doc);
      }
      std::string bytes;
      AppendTailPostings(gaps, freqs, &bytes);
      const size_t size = bytes.size();
      bytes.append(kPadding, '\0');
      ASSERT_TRUE(ReadTailPostings(AsBytes(bytes, size), n, 41, docs.back() + 1, read_docs.data(),
                                   read_freqs.data()));
      EXPECT_EQ(read_docs, docs);
      EXPECT_EQ(read_freqs, freqs);
      EXPECT_FALSE(ReadTailPostings(AsBytes(bytes, size), n, 41, docs.back(), read_docs.data(),
                                    read_freqs.data()));
      EXPECT_FALSE(ReadTailPostings(AsBytes(bytes, size - 1), n, 41, docs.back() + 1,
                                    read_docs.data(), read_freqs.data()));
    }
  }
}

// Neither code is always the smaller one: the first number decides between them as others do.
TEST(Tail, TheSmallerOfBothCodesIsTaken) {
  std::mt19937 random(17);
  const auto varint_bytes = [](uint64_t value) {
    uint64_t bytes = 1;
    for (; value >= 0x80; value >>= 7) ++bytes;
    return bytes;
  };
  const auto rice_bits = [](const std::vector<uint32_t>& values) {
    return RiceBits(values, ChooseRiceParameter(values));
  };
  int num_varints = 0;
  for (int round = 0; round < 3000; ++round) {
    const uint32_t n = kMinCodedTail + random() % 20;
    std::vector<uint32_t> gaps(n), freqs(n), lower(n);
    uint64_t varints = 1;
    bool all_one = true;
    for (uint32_t i = 0; i < n; ++i) {
      gaps[i] = random() >> (random() % 3 == 0 ? 12 : 28);
      freqs[i] = random() % 4 == 0 ? 1 + random() % 9 : 1;
      lower[i] = freqs[i] - 1;
      all_one = all_one && freqs[i] == 1;
      varints += varint_bytes(2 * uint64_t{gaps[i]} + (freqs[i] == 1 ? 1 : 0));
      if (freqs[i] != 1) varints += varint_bytes(freqs[i] - 2);
    }
    const uint64_t rice = (10 + rice_bits(gaps) + (all_one ? 0 : rice_bits(lower)) + 7) / 8;
    std::string bytes;
    AppendTailPostings(gaps, freqs, &bytes);
    EXPECT_EQ(bytes.size(), std::min(varints, rice));
    num_varints += varints < rice ? 1 : 0;
  }
  EXPECT_GT(num_varints, 100);
  EXPECT_LT(num_varints, 2900);
}

TEST(Tail, OneHugeGapReadsBack) {
  const std::vector<uint32_t> gaps = {kNoMoreDocs - 100, 0, 0, 0, 0}, freqs = {1, 2, 1, 1, 9};
  std::string bytes;
  AppendTailPostings(gaps, freqs, &bytes);
  const size_t size = bytes.size();
  bytes.append(kPadding, '\0');
  std::vector<uint32_t> docs(5), read_freqs(5);
  ASSERT_TRUE(ReadTailPostings(AsBytes(bytes, size), 5, -1, kNoMoreDocs - 1, docs.data(),
                               read_freqs.data()));
  EXPECT_EQ(docs[0], kNoMoreDocs - 100);
  EXPECT_EQ(docs[4], kNoMoreDocs - 96);
  EXPECT_EQ(read_freqs, freqs);
}

TEST(Tail, ValuesOfEveryLengthAndSizeReadBack) {
  std::mt19937 random(7);
  for (uint32_t n = 0; n < kBlockLength; ++n) {
    for (const unsigned bits : {0u, 1u, 6u, 12u, 32u}) {
      std::vector<uint32_t> values(n), read(n);
      for (uint32_t& value : values) value = bits == 0 ? 0 : random() >> (32 - bits);
      std::string bytes;
      AppendTailValues(values, &bytes);
      const size_t size = bytes.size();
      bytes.append(kPadding, '\0');
      ASSERT_TRUE(ReadTailValues(AsBytes(bytes, size), n, read.data()));
      EXPECT_EQ(read, values);
    }
  }
}

TEST(Tail, TheGreatestValueReadsBackInEitherCode) {
  for (const uint32_t n : {1u, 100u}) {
    const std::vector<uint32_t> values(n, UINT32_MAX);
    std::vector<uint32_t> read(n);
    std::string bytes;
    AppendTailValues(values, &bytes);
    EXPECT_EQ(bytes.size() < size_t{5} * n, n == 100) << "varints of one, Rice codes of many";
    const size_t size = bytes.size();
    bytes.append(kPadding, '\0');
    ASSERT_TRUE(ReadTailValues(AsBytes(bytes, size), n, read.data()));
    EXPECT_EQ(read, values);
  }
}

// What a segment that is merged at once is written with reads back by the same code.
TEST(PassingSegments, BlocksAndTailsReadBack) {
  std::mt19937 random(12);
  for (unsigned bits = 0; bits <= 22; ++bits) {
    Values docs, read_docs, read_freqs;
    Values freqs = RandomValues(bits, bits % 5, &random);
    for (uint32_t& freq : freqs) freq = std::max(freq, 1u);
    std::array<uint32_t, kBlockLength> gaps = RandomValues(bits, 0, &random);
    uint32_t doc = 6;
    for (size_t i = 0; i < kBlockLength; ++i) docs[i] = doc += gaps[i] + 1;
    std::string bytes;
    AppendDocsBlock(docs.data(), 6, BlockCoding::kPlain, &bytes);
    const size_t docs_size = bytes.size();
    AppendFreqsBlock(freqs.data(), BlockCoding::kPlain, &bytes);
    const size_t size = bytes.size();
    bytes.append(kPadding, '\0');
    ASSERT_EQ(ReadDocsBlock(AsBytes(bytes, docs_size), 6, docs.back() + 1, read_docs.data()),
              docs_size);
    EXPECT_EQ(read_docs, docs);
    ASSERT_TRUE(ReadFreqsBlock(AsBytes(bytes, size).subspan(docs_size), read_freqs.data()));
    EXPECT_EQ(read_freqs, freqs);
    for (const uint32_t n : {1u, 3u, 4u, 127u}) {
      bytes.clear();
      AppendTailPostings({gaps.data(), n}, {freqs.data(), n}, &bytes, SegmentUse::kPassing);
      const size_t postings_size = bytes.size();
      AppendTailValues({gaps.data(), n}, &bytes, SegmentUse::kPassing);
      const size_t values_size = bytes.size() - postings_size;
      bytes.append(kPadding, '\0');
      ASSERT_TRUE(ReadTailPostings(AsBytes(bytes, postings_size), n, 6, docs[n - 1] + 1,
                                   read_docs.data(), read_freqs.data()));
      EXPECT_TRUE(std::equal(docs.begin(), docs.begin() + n, read_docs.begin()));
      EXPECT_TRUE(std::equal(freqs.begin(), freqs.begin() + n, read_freqs.begin()));
      ASSERT_TRUE(ReadTailValues(AsBytes(bytes, postings_size + values_size).subspan(postings_size),
                                 n, read_docs.data()));
      EXPECT_TRUE(std::equal(gaps.begin(), gaps.begin() + n, read_docs.begin()));
    }
  }
}

TEST(Tail, NothingStandsBehindRiceCodes) {
  const std::vector<uint32_t> values = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3};
  const auto n = static_cast<uint32_t>(values.size());
  std::string bytes;
  AppendTailValues(values, &bytes);
  ASSERT_NE(bytes[0] & 31, static_cast<int>(kTailVarints)) << "not coded as meant here";
  const size_t size = bytes.size();
  bytes.append(kPadding, '\0');
  Values read;
  EXPECT_TRUE(ReadTailValues(AsBytes(bytes, size), n, read.data()));
  EXPECT_FALSE(ReadTailValues(AsBytes(bytes, size + 1), n, read.data()));
}

TEST(Tail, RandomBytesNeverLeaveTheBounds) {
  std::mt19937 random(8);
  for (int round = 0; round < 20000; ++round) {
    const size_t size = random() % 40;
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random() % 3 == 0 ? 0 : random());
    bytes.append(kPadding, '\0');
    const uint32_t n = 1 + random() % 127;
    std::vector<uint32_t> docs(n), freqs(n);
    if (ReadTailPostings(AsBytes(bytes, size), n, -1, 5000, docs.data(), freqs.data())) {
      EXPECT_TRUE(std::is_sorted(docs.begin(), docs.end()));
      EXPECT_LT(docs.back(), 5000u);
      EXPECT_GT(*std::min_element(freqs.begin(), freqs.end()), 0u);
    }
    ReadTailValues(AsBytes(bytes, size), n, docs.data());
  }
}

TEST(Rice, TheParameterIsTheBest) {
  std::mt19937 random(9);
  for (int round = 0; round < 2000; ++round) {
    std::vector<uint32_t> values(1 + random() % 127);
    const unsigned bits = 1 + random() % 30;
    // Every other list is skewed: a few large numbers among small ones.
    for (uint32_t& value : values) {
      value = random() >> (32 - bits);
      if (round % 2 == 1) value >>= random() % 31;
    }
    const unsigned chosen = ChooseRiceParameter(values);
    for (unsigned k = 0; k <= kMaxRiceParameter; ++k) {
      EXPECT_LE(RiceBits(values, chosen), RiceBits(values, k));
      if (k > chosen) {
        EXPECT_LT(RiceBits(values, chosen), RiceBits(values, k)) << "the largest of the best";
      }
    }
  }
}

TEST(Packed, NumbersOfEveryWidthReadBack) {
  std::mt19937_64 random(10);
  for (unsigned width = 0; width <= 64; ++width) {
    if (!IsPackedWidth(width)) continue;
    std::vector<uint64_t> numbers(200);
    for (uint64_t& number : numbers) number = width == 0 ? 0 : random() >> (64 - width);
    std::string bytes;
    PackedAppender packed(width, &bytes);
    for (const uint64_t number : numbers) packed.Add(number);
    packed.Finish();
    EXPECT_EQ(bytes.size(), PackedArrayBytes(numbers.size(), width));
    bytes.append(8, '\0');
    for (size_t i = 0; i < numbers.size(); ++i) {
      ASSERT_EQ(LoadPacked(AsBytes(bytes, 1).data(), i, width), numbers[i]) << width;
    }
  }
}

TEST(DocsBlock, ABitsetThatIsNoneIsRefused) {
  std::vector<uint32_t> docs(kBlockLength);
  for (uint32_t i = 0; i < kBlockLength; ++i) docs[i] = i + i / 4 * 3;
  std::string bytes;
  AppendDocsBlock(docs.data(), -1, BlockCoding::kPatched, &bytes);
  ASSERT_EQ(static_cast<uint8_t>(bytes[0]), kBlockIsBitset);
  std::vector<uint32_t> read(kBlockLength);
  const auto size = [&](const std::string& block, uint32_t num_docs = 1000) {
    const std::span<const uint8_t> span(reinterpret_cast<const uint8_t*>(block.data()),
                                        block.size());
    return ReadDocsBlock(span, -1, num_docs, read.data());
  };
  const auto skipped = [](const std::string& block) {
    return DocsBlockBytes({reinterpret_cast<const uint8_t*>(block.data()), block.size()});
  };
  EXPECT_EQ(size(bytes), bytes.size());
  EXPECT_EQ(read, docs);
  EXPECT_EQ(skipped(bytes), bytes.size());
  for (const size_t cut : {size_t{1}, bytes.size() - 1}) {
    EXPECT_EQ(size(bytes.substr(0, cut)), 0u);
    EXPECT_EQ(skipped(bytes.substr(0, cut)), 0u);
  }
  std::string other = bytes;
  other[0] = static_cast<char>(kBlockIsBitset | 1);
  EXPECT_EQ(size(other), 0u) << "a bitset has no width";
  other = bytes;
  other[2] = static_cast<char>(other[2] ^ 1);
  EXPECT_EQ(size(other), 0u) << "127 documents";
  EXPECT_EQ(size(bytes, docs.back()), 0u) << "past the last document";
  EXPECT_EQ(size(bytes, docs.back() + 1), bytes.size());
}

TEST(FreqsBlock, AFrequencyPastTheLargestIsRefused) {
  std::vector<uint32_t> freqs(kBlockLength, 1), read(kBlockLength);
  for (const uint32_t last : {1u, UINT32_MAX, 0u}) {
    freqs.back() = last;  // 0 is written as 2^32 - 1, one less than it
    std::string bytes;
    AppendFreqsBlock(freqs.data(), BlockCoding::kPatched, &bytes);
    EXPECT_EQ(
        ReadFreqsBlock({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()}, read.data()),
        last != 0)
        << last;
  }
}

}  // namespace
}  // namespace ibid
