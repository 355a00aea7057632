// PostingsWriter and PostingsCursor together.
#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <random>

#include "common/format/impacts.h"
#include "common/format/postings_block.h"
#include "common/format/postings_cursor.h"
#include "common/format/postings_writer.h"
#include "gtest/gtest.h"
#include "tests/common/format/model_postings.h"
#include "tests/common/format/sealed_sections.h"

namespace ibid {
namespace {

// Terms written into two sections, and read back.
class PostingsTest : public testing::Test {
 protected:
  void Begin(uint32_t num_docs, uint32_t seed) {
    std::mt19937 random(seed);
    norms_.resize(num_docs);
    for (uint8_t& norm : norms_) norm = static_cast<uint8_t>(20 + random() % 60);
    postings_.emplace(MemoryBuffer(env_.get()));
    positions_.emplace(MemoryBuffer(env_.get()));
    lengths_ = MakeLengthTable(Bm25Parameters(), 80);
    writer_ = std::make_unique<PostingsWriter>(&*postings_, &*positions_, norms_, lengths_);
  }
  void Seal() { Seal(Drain(*std::move(postings_)), Drain(*std::move(positions_))); }
  void Seal(const std::string& postings, const std::string& positions) {
    file_ = std::make_unique<SealedSections>(std::map<SectionId, std::string>{
        {SectionId::kPostings, postings}, {SectionId::kPositions, positions}});
  }
  PostingsCursor Cursor(const TermInfo& info) const {
    return PostingsCursor(file_->section(SectionId::kPostings),
                          file_->section(SectionId::kPositions), info,
                          static_cast<uint32_t>(norms_.size()));
  }
  // Writes one term of its own segment.
  TermInfo WriteOne(const ModelPostings& postings, bool with_positions = true) {
    Begin(postings.empty() ? 1 : postings.back().doc + 1, 1);
    const TermInfo info = WriteModelPostings(postings, with_positions, writer_.get());
    Seal();
    return info;
  }
  void ExpectReadsBack(const ModelPostings& postings, const TermInfo& info, bool with_positions);
  void ExpectSeeksAsNaive(const ModelPostings& postings, const TermInfo& info, uint32_t seed);
  void ExpectBounds(const ModelPostings& postings, const TermInfo& info);

  std::unique_ptr<Env> env_ = NewMemoryEnv();
  std::vector<uint8_t> norms_;
  LengthTable lengths_;
  std::optional<SectionBuffer> postings_, positions_;
  std::unique_ptr<PostingsWriter> writer_;
  std::unique_ptr<SealedSections> file_;
};

void PostingsTest::ExpectReadsBack(const ModelPostings& postings, const TermInfo& info,
                                   bool with_positions) {
  PostingsCursor cursor = Cursor(info);
  EXPECT_EQ(cursor.doc_freq(), postings.size());
  std::vector<Position> positions;
  for (const ModelPosting& posting : postings) {
    ASSERT_EQ(cursor.doc(), posting.doc) << cursor.status();
    ASSERT_EQ(cursor.freq(), posting.positions.size());
    positions.clear();
    cursor.AppendPositions(&positions);
    ASSERT_EQ(positions, with_positions ? posting.positions : std::vector<Position>());
    cursor.Next();
  }
  EXPECT_EQ(cursor.doc(), kNoMoreDocs);
  EXPECT_EQ(cursor.Next(), kNoMoreDocs);
  EXPECT_TRUE(cursor.status().ok()) << cursor.status();
}

void PostingsTest::ExpectSeeksAsNaive(const ModelPostings& postings, const TermInfo& info,
                                      uint32_t seed) {
  std::mt19937 random(seed);
  for (const uint32_t step : {3u, 300u, 40000u, 3000000u}) {
    PostingsCursor cursor = Cursor(info);
    auto at = postings.begin();
    std::vector<Position> positions;
    for (uint64_t target = random() % step; at != postings.end(); target += 1 + random() % step) {
      const DocId goal = static_cast<DocId>(std::min<uint64_t>(target, kNoMoreDocs - 1));
      at = std::find_if(at, postings.end(), [&](const auto& p) { return p.doc >= goal; });
      const DocId expected = at == postings.end() ? kNoMoreDocs : at->doc;
      ASSERT_EQ(cursor.NextGeq(goal), expected) << cursor.status();
      ASSERT_EQ(cursor.NextGeq(goal / 2), expected) << "moved back";
      if (at == postings.end()) break;
      if (random() % 4 == 0) {
        ASSERT_EQ(cursor.freq(), at->positions.size());
        positions.clear();
        cursor.AppendPositions(&positions);
        ASSERT_EQ(positions, at->positions);
      }
      if (random() % 3 == 0) {
        ++at;
        ASSERT_EQ(cursor.Next(), at == postings.end() ? kNoMoreDocs : at->doc);
        if (at == postings.end()) break;
        target = std::max<uint64_t>(target, at->doc);
      }
    }
    EXPECT_TRUE(cursor.status().ok()) << cursor.status();
  }
}

void PostingsTest::ExpectBounds(const ModelPostings& postings, const TermInfo& info) {
  PostingsCursor cursor = Cursor(info);
  std::vector<float> shares;
  for (size_t i = 0; i < postings.size(); ++i) {
    const DocId doc = postings[i].doc;
    const float freq = static_cast<float>(postings[i].positions.size());
    const float share = TermFrequencyShare(freq, lengths_[norms_[doc]]);
    shares.push_back(share);
    cursor.ShallowSeek(doc);
    ASSERT_GE(ImpactToShare(cursor.block_max_impact()), share);
    ASSERT_GE(ImpactToShare(info.max_impact), share);
    ASSERT_GE(cursor.block_max_freq(), postings[i].positions.size());
    ASSERT_LE(cursor.block_min_norm(), norms_[doc]);
    const size_t last = std::min(postings.size(), (i / 128 + 1) * 128) - 1;
    ASSERT_EQ(cursor.block_last_doc(), postings[last].doc);
  }
  cursor.ShallowSeek(postings.back().doc + 1);
  EXPECT_EQ(cursor.block_last_doc(), kNoMoreDocs);
  for (size_t i = postings.size(); i-- > 0;) {
    cursor.ShallowSeek(postings[i].doc);
    ASSERT_EQ(cursor.block_last_doc(),
              postings[std::min(postings.size(), (i / 128 + 1) * 128) - 1].doc);
    ASSERT_GE(ImpactToShare(cursor.block_max_impact()), shares[i]);
  }
  EXPECT_EQ(cursor.doc(), postings[0].doc) << "the cursor itself must not move";
  std::sort(shares.rbegin(), shares.rend());
  for (size_t i = 0; i < kKthRanks.size(); ++i) {
    if (info.inlined || shares.size() < kKthRanks[i]) {
      EXPECT_EQ(info.kth_impacts[i], 0);
    } else {
      EXPECT_LE(ImpactToShare(info.kth_impacts[i]), shares[kKthRanks[i] - 1]);
      EXPECT_GE(ImpactToShare(info.kth_impacts[i]) + 0.004f, shares[kKthRanks[i] - 1]);
    }
  }
}

TEST_F(PostingsTest, PositionsOfAnyPostingAreReachedWithoutTheOnesBefore) {
  // Lengths on both sides of every number of blocks at which the directory grows by an anchor.
  for (const size_t blocks : {15u, 16u, 17u, 31u, 32u, 33u, 48u}) {
    for (const size_t tail : {0u, 1u, 5u, 127u}) {
      ModelPostings postings(blocks * 128 + tail);
      for (DocId doc = 0; doc < postings.size(); ++doc) postings[doc] = {doc, {doc * 7 % 1000}};
      const TermInfo info = WriteOne(postings);
      for (size_t i = postings.size(); i-- > 0; i -= std::min<size_t>(i, 61)) {
        PostingsCursor cursor = Cursor(info);
        ASSERT_EQ(cursor.NextGeq(postings[i].doc), postings[i].doc);
        std::vector<Position> positions;
        cursor.AppendPositions(&positions);
        ASSERT_TRUE(cursor.status().ok()) << cursor.status();
        ASSERT_EQ(positions, postings[i].positions) << i << " of " << postings.size();
      }
    }
  }
}

TEST_F(PostingsTest, WorkIsWhatWasDecodedAndNoMore) {
  std::mt19937 random(1);
  for (const size_t length : {100u, 12u * 128u}) {
    const ModelPostings postings = MakeModelPostings({length, 50, 1, 100, 0}, &random);
    const TermInfo info = WriteOne(postings);
    PostingsCursor docs = Cursor(info), all = Cursor(info);
    std::vector<Position> positions;
    while (docs.doc() != kNoMoreDocs) docs.Next();
    for (; all.doc() != kNoMoreDocs; all.Next()) all.AppendPositions(&positions);
    const size_t blocks = (length + 127) / 128;
    EXPECT_EQ(docs.work().doc_blocks, blocks);
    EXPECT_EQ(docs.work().freq_blocks + docs.work().position_blocks + docs.work().positions, 0u);
    EXPECT_EQ(all.work().position_blocks, blocks);
    EXPECT_EQ(all.work().positions, length);
    PostingsCursor::Work sum = docs.work();
    sum += all.work();
    EXPECT_EQ(std::vector<uint64_t>(
                  {sum.doc_blocks, sum.freq_blocks, sum.position_blocks, sum.positions, sum.bytes}),
              std::vector<uint64_t>({2 * blocks, all.work().freq_blocks, blocks, length,
                                     docs.work().bytes + all.work().bytes}));
    const uint64_t bytes = info.postings_bytes + info.positions_bytes;
    if (blocks == 1) {
      EXPECT_EQ(docs.work().bytes, info.postings_bytes);
      EXPECT_EQ(all.work().bytes, bytes);
    } else {
      EXPECT_LT(docs.work().bytes, all.work().bytes);
      EXPECT_LT(all.work().bytes, bytes);  // which has skip data, too
      EXPECT_GT(all.work().bytes, bytes / 10 * 9);
    }
  }
}

TEST_F(PostingsTest, RandomTermsReadBackWithPositions) {
  for (uint32_t seed = 1; seed <= 150; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    const ModelPostings postings = MakeModelPostings(RandomModelShape(&random), &random);
    const TermInfo info = WriteOne(postings);
    ExpectReadsBack(postings, info, true);
    if (HasFatalFailure()) return;
  }
}

TEST_F(PostingsTest, RandomTermsReadBackWithoutPositions) {
  for (uint32_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    const ModelPostings postings = MakeModelPostings(RandomModelShape(&random), &random);
    const TermInfo info = WriteOne(postings, /*with_positions=*/false);
    EXPECT_EQ(info.positions_bytes, 0u);
    ExpectReadsBack(postings, info, false);
    if (HasFatalFailure()) return;
  }
}

TEST_F(PostingsTest, NextGeqFindsWhatAScanFinds) {
  for (uint32_t seed = 1; seed <= 80; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    const ModelPostings postings = MakeModelPostings(RandomModelShape(&random), &random);
    const TermInfo info = WriteOne(postings);
    ExpectSeeksAsNaive(postings, info, seed);
    if (HasFatalFailure()) return;
  }
}

TEST_F(PostingsTest, BoundsAreTrueForEveryPosting) {
  for (uint32_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    const ModelPostings postings = MakeModelPostings(RandomModelShape(&random), &random);
    const TermInfo info = WriteOne(postings);
    ExpectBounds(postings, info);
    if (HasFatalFailure()) return;
  }
}

TEST_F(PostingsTest, FindImpactFindsWhatAScanFinds) {
  std::mt19937 random(20261121);
  for (const size_t num_blocks : {1u, 2u, 63u, 64u, 65u, 200u}) {
    ModelPostings postings(num_blocks * 128 - 5);
    for (DocId doc = 0; doc < postings.size(); ++doc) {
      postings[doc].doc = doc;
      const uint32_t freq = 1 + static_cast<uint32_t>(random() % (random() % 400 == 0 ? 60 : 2));
      for (Position p = 0; p < freq; ++p) postings[doc].positions.push_back(3 * p);
    }
    PostingsCursor cursor = Cursor(WriteOne(postings));
    ASSERT_EQ(cursor.num_blocks(), num_blocks);
    for (int round = 0; round < 200; ++round) {
      const uint8_t at_least = static_cast<uint8_t>(random() % 256);
      const uint32_t from = static_cast<uint32_t>(random() % (num_blocks + 1));
      uint32_t expected = from;
      while (expected < num_blocks && cursor.MaxImpactOfBlock(expected) < at_least) ++expected;
      ASSERT_EQ(cursor.FindImpact(at_least, from), expected) << num_blocks;
    }
  }
}

TEST_F(PostingsTest, ManyTermsShareTheSections) {
  std::mt19937 random(5);
  Begin(2000000, 3);
  std::vector<std::pair<ModelPostings, TermInfo>> terms;
  for (int i = 0; i < 200; ++i) {
    ModelShape shape = RandomModelShape(&random);
    shape.length = std::min<size_t>(shape.length, 1000);
    shape.max_gap = std::min<uint32_t>(shape.max_gap, 100);
    ModelPostings postings = MakeModelPostings(shape, &random);
    const TermInfo info = WriteModelPostings(postings, true, writer_.get());
    terms.emplace_back(std::move(postings), info);
  }
  Seal();
  for (const auto& [postings, info] : terms) ExpectReadsBack(postings, info, true);
}

TEST_F(PostingsTest, TheLargestPositionsReadBack) {
  ModelPostings postings = {{0, {0}}, {1, {5, kNoMorePositions - 1}}};
  for (DocId doc = 2; doc < 300; ++doc) postings.push_back({doc, {kNoMorePositions - 1 - doc}});
  postings.push_back({300, {kNoMorePositions - 3, kNoMorePositions - 2}});
  ExpectReadsBack(postings, WriteOne(postings), true);
}

TEST_F(PostingsTest, ATermOfOneOccurrenceIsInlined) {
  const TermInfo info = WriteOne({{12, {34}}});
  EXPECT_TRUE(info.inlined);
  EXPECT_EQ(info.inline_doc, 12u);
  EXPECT_EQ(info.inline_position, 34u);
  EXPECT_EQ(file_->section(SectionId::kPostings).size(), 0u);
  EXPECT_EQ(file_->section(SectionId::kPositions).size(), 0u);
  ExpectReadsBack({{12, {34}}}, info, true);
}

TEST_F(PostingsTest, ATermWithoutPostingsWritesNothing) {
  const TermInfo info = WriteOne({});
  EXPECT_EQ(info, TermInfo());
  EXPECT_EQ(Cursor(info).doc(), kNoMoreDocs);
}

TEST_F(PostingsTest, ACursorAtItsEndStaysThere) {
  const TermInfo info = WriteOne({{3, {1}}, {9, {2}}});
  PostingsCursor cursor = Cursor(info);
  EXPECT_EQ(cursor.NextGeq(kNoMoreDocs), kNoMoreDocs);
  EXPECT_EQ(cursor.Next(), kNoMoreDocs);
  EXPECT_EQ(cursor.NextBlock(), kNoMoreDocs);
  EXPECT_EQ(cursor.NextGeq(0), kNoMoreDocs);
  EXPECT_EQ(cursor.NextGeq(0xffffffff), kNoMoreDocs);
  EXPECT_EQ(cursor.freq(), 0u);
  EXPECT_EQ(cursor.CurrentBlock().size, 0u);
  PostingsCursor nothing;
  EXPECT_EQ(nothing.Next(), kNoMoreDocs);
  EXPECT_EQ(nothing.NextGeq(7), kNoMoreDocs);
  EXPECT_EQ(nothing.block_last_doc(), kNoMoreDocs);
}

TEST_F(PostingsTest, AMovedCursorGoesOnWhereItWas) {
  std::mt19937 random(9);
  const ModelPostings postings = MakeModelPostings({1000, 5, 3, 9, 0}, &random);
  const TermInfo info = WriteOne(postings);
  PostingsCursor first = Cursor(info);
  first.NextGeq(postings[400].doc);
  PostingsCursor second = std::move(first);
  EXPECT_EQ(second.doc(), postings[400].doc);
  EXPECT_EQ(second.Next(), postings[401].doc);
  EXPECT_EQ(first.doc(), kNoMoreDocs);   // NOLINT: moved-from on purpose
  EXPECT_EQ(first.Next(), kNoMoreDocs);  // NOLINT
}

TEST_F(PostingsTest, BlocksHoldAllPostingsInOrder) {
  std::mt19937 random(11);
  const ModelPostings postings = MakeModelPostings({1000, 5, 3, 9, 0}, &random);
  const TermInfo info = WriteOne(postings);
  PostingsCursor cursor = Cursor(info);
  size_t seen = 0;
  for (; cursor.doc() != kNoMoreDocs; cursor.NextBlock()) {
    const PostingsCursor::Block block = cursor.CurrentBlock();
    for (uint32_t i = 0; i < block.size; ++i, ++seen) {
      EXPECT_EQ(block.docs[i], postings[seen].doc);
      EXPECT_EQ(block.freqs[i], postings[seen].positions.size());
    }
  }
  EXPECT_EQ(seen, postings.size());
}

TEST_F(PostingsTest, FrequenciesOfAnyBlockComeWithoutItsDocuments) {
  std::mt19937 random(12);
  for (const size_t length : {1u, 100u, 128u, 1000u, 128u * 70u}) {
    const ModelPostings postings = MakeModelPostings({length, 5, 3, 9, 0}, &random);
    PostingsCursor cursor = Cursor(WriteOne(postings));
    const uint64_t doc_blocks = cursor.work().doc_blocks;
    for (int i = 0; i < 200; ++i) {
      const auto block = static_cast<uint32_t>(random() % cursor.num_blocks());
      const bool is_whole = size_t{block + 1} * 128 <= postings.size();
      if (i % 5 == 0) cursor.LoadBlock(static_cast<uint32_t>(random() % cursor.num_blocks()));
      const DocId doc = cursor.doc();
      uint64_t before = 0;
      const std::span<const uint32_t> freqs = cursor.FreqsOfBlock(block, &before);
      ASSERT_EQ(freqs.size(), is_whole ? 128 : postings.size() % 128);
      EXPECT_TRUE(!is_whole || cursor.doc() == doc || cursor.block() == block) << "has not moved";
      for (size_t j = 0; j < freqs.size(); ++j) {
        ASSERT_EQ(freqs[j], postings[block * 128 + j].positions.size());
      }
      uint64_t positions = 0;
      for (size_t j = 0; j < block * size_t{128}; ++j) positions += postings[j].positions.size();
      ASSERT_EQ(before, positions) << block;
    }
    EXPECT_LE(cursor.work().doc_blocks - doc_blocks, 100u) << "of blocks that were loaded";
    uint64_t before = 0;
    EXPECT_TRUE(cursor.FreqsOfBlock(cursor.num_blocks(), &before).empty());
  }
}

TEST_F(PostingsTest, GapsOfABlockComeInPiecesWhereTheyAreMany) {
  std::mt19937 random(12);
  ModelPostings postings;
  for (DocId doc = 0; doc < 300; ++doc) {
    ModelPostings::value_type posting{doc, {}};
    Position position = 0;
    const size_t freq = doc % 5 == 0 ? 9000 : doc % 60 == 7 ? 40000 : 1 + random() % 3;
    while (posting.positions.size() < freq) {
      posting.positions.push_back(position += 1 + random() % 4);
    }
    postings.push_back(posting);
  }
  const TermInfo info = WriteOne(postings);
  PostingsCursor cursor = Cursor(info);
  size_t seen = 0;
  for (; cursor.doc() != kNoMoreDocs; cursor.NextBlock()) {
    const uint32_t size = cursor.CurrentBlock().size;
    for (uint32_t first = 0; first < size;) {
      std::vector<uint32_t> gaps;
      const uint32_t count = cursor.AppendBlockGaps(first, &gaps);
      ASSERT_GT(count, 0u);
      EXPECT_TRUE(count == 1 || gaps.size() <= PostingsCursor::kGapsAtOnce);
      size_t gap = 0;
      for (uint32_t i = 0; i < count; ++i, ++seen) {
        Position next = 0;
        for (const Position position : postings[seen].positions) {
          ASSERT_EQ(next + gaps[gap], position);
          next += gaps[gap++] + 1;
        }
      }
      EXPECT_EQ(gap, gaps.size());
      first += count;
    }
  }
  EXPECT_EQ(seen, postings.size());
}

TEST_F(PostingsTest, DenseListsAreSmall) {
  std::mt19937 random(3);
  ModelPostings run(12800);
  for (DocId doc = 0; doc < run.size(); ++doc) run[doc] = {doc, {0}};
  const TermInfo run_info = WriteOne(run, false);
  EXPECT_LE(run_info.postings_bytes, 100u * (2 + 9)) << "a run needs no bits a document";
  const TermInfo half = WriteOne(MakeModelPostings({12800, 3, 1, 1, 0}, &random), false);
  EXPECT_LE(half.postings_bytes, 100u * (32 + 3 + 9)) << "every other document: a bitset";
}

// Everything a reader may do with a term; returns whether the cursor stayed sound.
bool Exercise(const std::function<PostingsCursor()>& again, uint32_t num_docs,
              std::mt19937* random) {
  PostingsCursor cursor = again();
  std::vector<Position> positions;
  DocId last = 0;
  for (DocId doc = cursor.doc(); doc != kNoMoreDocs;) {
    EXPECT_LT(doc, num_docs);
    EXPECT_GE(doc, last);
    last = doc;
    cursor.ShallowSeek(doc);
    positions.clear();
    if (cursor.freq() < 100000) cursor.AppendPositions(&positions);
    EXPECT_TRUE(std::is_sorted(positions.begin(), positions.end()));
    if ((*random)() % 8 == 0 && cursor.num_blocks() > 1) {
      PostingsCursor other = again();
      uint64_t before = 0;
      const auto freqs = other.FreqsOfBlock((*random)() % other.num_blocks(), &before);
      EXPECT_TRUE(freqs.size() <= 128 && freqs.empty() == !other.status().ok());
    }
    const DocId next =
        (*random)() % 3 == 0 ? cursor.NextGeq(doc + 1 + (*random)() % 500) : cursor.Next();
    if (next == kNoMoreDocs) break;
    EXPECT_GT(next, doc);
    doc = next;
  }
  return cursor.status().ok();
}

TEST_F(PostingsTest, DamagedBytesWithRightChecksumsAreCaughtOrGiveIncreasingDocuments) {
  int caught = 0;
  for (uint32_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    ModelShape shape = RandomModelShape(&random);
    shape.length = std::min<size_t>(shape.length, 9000);
    const ModelPostings postings = MakeModelPostings(shape, &random);
    TermInfo info = WriteOne(postings);
    const std::string postings_bytes = file_->bytes(SectionId::kPostings);
    const std::string positions_bytes = file_->bytes(SectionId::kPositions);
    for (int round = 0; round < 25; ++round) {
      Seal(Mutated(postings_bytes, &random), Mutated(positions_bytes, &random));
      const auto again = [&] { return Cursor(info); };
      caught += Exercise(again, static_cast<uint32_t>(norms_.size()), &random) ? 0 : 1;
    }
  }
  EXPECT_GT(caught, 300);
}

TEST_F(PostingsTest, BlocksOfAListWithoutUsableSkipDataHaveTheLoosestBounds) {
  ModelPostings postings(128 * 70);
  for (DocId doc = 0; doc < postings.size(); ++doc) postings[doc] = {doc, {1}};
  const TermInfo info = WriteOne(postings, /*with_positions=*/false);
  std::string wide = file_->bytes(SectionId::kPostings);
  wide[info.postings_bytes - 3] = '\xb8';  // bits of a document's number
  TermInfo cut = info;
  cut.postings_bytes = 2;
  for (const TermInfo& damaged : {info, cut}) {
    if (damaged == info) Seal(wide, "");
    PostingsCursor cursor = Cursor(damaged);
    EXPECT_TRUE(absl::IsDataLoss(cursor.status()));
    EXPECT_EQ(cursor.num_blocks(), 70u);
    for (const uint32_t block : {0u, 65u, 69u}) {
      uint64_t before = 0;
      EXPECT_TRUE(cursor.FreqsOfBlock(block, &before).empty());
      EXPECT_EQ(cursor.LastDocOfBlock(block), kNoMoreDocs);
      EXPECT_EQ(cursor.MaxImpactOfBlock(block), 255);
      EXPECT_EQ(cursor.BoundsOfBlock(block).max_freq, UINT32_MAX);
      EXPECT_EQ(cursor.BoundsOfBlock(block).min_norm, 0);
      EXPECT_EQ(cursor.FindBlock(block, 0), cursor.num_blocks());
      EXPECT_FALSE(cursor.LoadBlock(block));
    }
  }
}

TEST_F(PostingsTest, AnImpossibleNumberOrPlaceOfPostingsGivesNoBlocks) {
  const TermInfo info = WriteOne({{1, {0}}, {2, {0, 5}}});
  TermInfo many = info, elsewhere = info;
  many.doc_freq = UINT32_MAX;
  many.total_freq = UINT32_MAX;
  elsewhere.postings_offset = uint64_t{1} << 40;
  for (const TermInfo& lie : {many, elsewhere}) {
    PostingsCursor cursor = Cursor(lie);
    EXPECT_TRUE(absl::IsDataLoss(cursor.status()));
    EXPECT_EQ(cursor.num_blocks(), 0u);
    EXPECT_EQ(cursor.FindBlock(0, 0), 0u);
    EXPECT_EQ(cursor.block(), 0u);
    EXPECT_FALSE(cursor.LoadBlock(0));
  }
}

TEST_F(PostingsTest, GapsOfATermWithoutPositionsAreAnError) {
  const TermInfo info = WriteOne({{1, {0}}, {2, {0, 5}}}, /*with_positions=*/false);
  PostingsCursor cursor = Cursor(info);
  std::vector<uint32_t> gaps;
  EXPECT_EQ(cursor.AppendBlockGaps(0, &gaps), 0u);
  EXPECT_TRUE(absl::IsDataLoss(cursor.status()));
  EXPECT_TRUE(gaps.empty());
}

// A posting may claim as many positions as a number can say; what is asked for is what there is.
TEST_F(PostingsTest, PositionsThatAreNotThereAskForNoMemory) {
  Begin(3, 1);
  const uint32_t freq = UINT32_MAX;
  writer_->BeginTerm(/*with_positions=*/false);
  writer_->Add(1, freq);
  writer_->Add(2, uint32_t{2});
  TermInfo info = writer_->FinishTerm();
  Seal(Drain(*std::move(postings_)), std::string(64, '\0'));
  info.positions_bytes = 64;
  PostingsCursor cursor = Cursor(info);
  ASSERT_EQ(cursor.freq(), freq);
  std::vector<Position> positions;
  cursor.AppendPositions(&positions);
  EXPECT_TRUE(absl::IsDataLoss(cursor.status()));
  EXPECT_LT(positions.capacity(), size_t{1} << 20);
}

TEST_F(PostingsTest, ADictionaryThatLiesIsCaught) {
  std::mt19937 random(17);
  const ModelPostings postings = MakeModelPostings({3000, 5, 3, 9, 0}, &random);
  const TermInfo info = WriteOne(postings);
  for (int round = 0; round < 2000; ++round) {
    TermInfo lie = info;
    const auto number = [&]() -> uint64_t {
      const uint64_t choices[] = {
          0, 1, 127, 128, random() % 10000, UINT32_MAX, UINT64_MAX, uint64_t{1} << 63};
      return choices[random() % 8];
    };
    switch (random() % 7) {
      case 0:
        lie.doc_freq = static_cast<uint32_t>(number());
        break;
      case 1:
        lie.total_freq = number();
        break;
      case 2:
        lie.postings_offset = number();
        break;
      case 3:
        lie.postings_bytes = number();
        break;
      case 4:
        lie.positions_offset = number();
        break;
      case 5:
        lie.positions_bytes = number();
        break;
      default:
        lie.inlined = true;
        lie.inline_doc = static_cast<DocId>(number());
        break;
    }
    Exercise([&] { return Cursor(lie); }, static_cast<uint32_t>(norms_.size()), &random);
  }
}

// What a cursor answers that stands on nothing and has nothing to stand on.
void ExpectNothing(PostingsCursor* cursor) {
  std::vector<Position> positions;
  std::vector<uint32_t> gaps;
  uint64_t before = 0;
  cursor->ShallowSeek(3);
  cursor->AppendPositions(&positions);
  EXPECT_EQ(cursor->doc(), kNoMoreDocs);
  EXPECT_EQ(cursor->Next(), kNoMoreDocs);
  EXPECT_EQ(cursor->NextGeq(5), kNoMoreDocs);
  EXPECT_EQ(cursor->NextBlock(), kNoMoreDocs);
  EXPECT_EQ(cursor->freq(), 0u);
  EXPECT_EQ(cursor->block_last_doc(), kNoMoreDocs);
  EXPECT_EQ(cursor->block(), cursor->num_blocks());
  EXPECT_EQ(cursor->CurrentBlock().size, 0u);
  EXPECT_EQ(cursor->Freqs(), nullptr);
  EXPECT_EQ(cursor->positions_before_block(), 0u);
  EXPECT_EQ(cursor->AppendBlockGaps(0, &gaps), 0u);
  EXPECT_EQ(cursor->FindImpact(0, 0), cursor->num_blocks());
  EXPECT_EQ(cursor->FindBlock(0, 0), cursor->num_blocks());
  EXPECT_FALSE(cursor->LoadBlock(0));
  EXPECT_TRUE(cursor->FreqsOfBlock(0, &before).empty());
  EXPECT_FALSE(cursor->AppendPositionsOf({}, 9, &positions));
  EXPECT_TRUE(positions.empty() && gaps.empty());
}

TEST_F(PostingsTest, ACursorOfNothingAnswersNothing) {
  PostingsCursor cursor;
  ExpectNothing(&cursor);
  EXPECT_EQ(cursor.num_blocks(), 0u);
  EXPECT_EQ(cursor.doc_freq(), 0u);
  EXPECT_EQ(cursor.block_max_impact(), 0);
  EXPECT_EQ(cursor.block_max_freq(), 0u);
  EXPECT_EQ(cursor.block_min_norm(), 255);
  EXPECT_EQ(cursor.work().bytes, 0u);
  EXPECT_TRUE(cursor.status().ok());
}

TEST_F(PostingsTest, ACursorThatFailedAnswersNothingMore) {
  std::mt19937 random(3);
  for (const size_t length : {5u, 128u * 70u}) {
    TermInfo info = WriteOne(MakeModelPostings({length, 5, 3, 9, 0}, &random));
    info.postings_bytes = 1;
    PostingsCursor cursor = Cursor(info);
    EXPECT_TRUE(absl::IsDataLoss(cursor.status()));
    ExpectNothing(&cursor);
  }
}

TEST_F(PostingsTest, BlocksPastTheLastAreNone) {
  std::mt19937 random(4);
  for (const size_t length : {5u, 1000u}) {
    PostingsCursor cursor = Cursor(WriteOne(MakeModelPostings({length, 5, 3, 9, 0}, &random)));
    const uint32_t past = cursor.num_blocks();
    uint64_t before = 0;
    EXPECT_FALSE(cursor.LoadBlock(past));
    EXPECT_TRUE(cursor.FreqsOfBlock(past, &before).empty());
    EXPECT_EQ(cursor.FindImpact(0, past), past);
    EXPECT_EQ(cursor.FindBlock(0, past), past);
    EXPECT_EQ(cursor.FindImpact(255, 0), past) << "none is so high";
    EXPECT_EQ(cursor.FindBlock(kNoMoreDocs - 1, 0), past);
    EXPECT_TRUE(cursor.status().ok());
    // At its end it is asked for blocks all the same.
    EXPECT_EQ(cursor.NextGeq(kNoMoreDocs - 1), kNoMoreDocs);
    EXPECT_EQ(cursor.block(), past);
    EXPECT_EQ(cursor.FreqsOfBlock(0, &before).size(), std::min<size_t>(length, 128));
    EXPECT_TRUE(cursor.LoadBlock(past - 1));
  }
}

TEST_F(PostingsTest, TheViewOfBoundsOfOneBlockMovesPastItAndBack) {
  PostingsCursor cursor = Cursor(WriteOne({{3, {1}}, {9, {1, 4}}}));
  cursor.ShallowSeek(9);
  EXPECT_EQ(cursor.block_last_doc(), 9u);
  EXPECT_GT(cursor.block_max_impact(), 0);
  cursor.ShallowSeek(10);
  EXPECT_EQ(cursor.block_last_doc(), kNoMoreDocs);
  EXPECT_EQ(cursor.block_max_impact(), 0);
  cursor.ShallowSeek(11);
  EXPECT_EQ(cursor.block_last_doc(), kNoMoreDocs);
  cursor.ShallowSeek(4);
  EXPECT_EQ(cursor.block_last_doc(), 9u);
  EXPECT_GT(cursor.block_max_impact(), 0);
}

TEST_F(PostingsTest, PositionsOfEarlierPostingsOfABlockAreReachedAgain) {
  std::mt19937 random(5);
  const ModelPostings postings = MakeModelPostings({300, 5, 6, 9, 0}, &random);
  PostingsCursor cursor = Cursor(WriteOne(postings));
  ASSERT_TRUE(cursor.LoadBlock(1));
  for (const uint32_t index : {100u, 3u, 60u, 0u, 127u}) {
    cursor.MoveTo(index);
    std::vector<Position> positions;
    cursor.AppendPositions(&positions);
    EXPECT_EQ(positions, postings[128 + index].positions);
  }
}

TEST_F(PostingsTest, APositionAtOrAboveTheEndIsDamage) {
  std::mt19937 random(6);
  const ModelPostings postings = MakeModelPostings({300, 5, 60, 9, 0}, &random);
  const PositionRun one = {0, 1, 0};
  for (const TermInfo& info : {WriteOne({{1, {7}}}), WriteOne({{1, {7}}, {2, {7}}})}) {
    std::vector<Position> positions;
    PostingsCursor cursor = Cursor(info);
    EXPECT_TRUE(cursor.AppendPositionsOf({&one, 1}, 8, &positions));
    const PositionRun moved = {0, 1, 100};
    EXPECT_TRUE(cursor.AppendPositionsOf({&moved, 1}, 8, &positions));
    EXPECT_EQ(positions, (std::vector<Position>{7, 107}));
    EXPECT_FALSE(cursor.AppendPositionsOf({&one, 1}, 7, &positions));
    EXPECT_TRUE(absl::IsDataLoss(cursor.status()));
  }
  const TermInfo info = WriteOne(postings);
  for (uint64_t begin = 0; begin + 300 < info.total_freq; begin += 100) {
    const PositionRun run = {begin, 300, 0};  // from one block into the next
    std::vector<Position> positions;
    ASSERT_TRUE(Cursor(info).AppendPositionsOf({&run, 1}, kNoMorePositions, &positions));
    const Position last = positions.back();
    EXPECT_TRUE(Cursor(info).AppendPositionsOf({&run, 1}, last + 1, &positions));
    EXPECT_FALSE(Cursor(info).AppendPositionsOf({&run, 1}, last, &positions));
  }
}

TEST_F(PostingsTest, GapsThatAreNotThereAreDamage) {
  std::mt19937 random(7);
  const TermInfo info = WriteOne(MakeModelPostings({300, 5, 6, 9, 0}, &random));
  TermInfo few = info, small = info;
  few.total_freq = 300;
  small.positions_bytes = 1;
  for (const TermInfo& lie : {few, small}) {
    PostingsCursor cursor = Cursor(lie);
    std::vector<uint32_t> gaps;
    ASSERT_TRUE(cursor.LoadBlock(2));
    EXPECT_EQ(cursor.AppendBlockGaps(0, &gaps), 0u);
    EXPECT_TRUE(absl::IsDataLoss(cursor.status()));
    ExpectNothing(&cursor);
  }
}

TEST_F(PostingsTest, GapsThatPassTheLastPositionAreDamage) {
  Begin(3, 1);
  const std::vector<DocId> docs = {1, 2};
  const Position most = kNoMorePositions - 1;
  std::vector<TermInfo> infos;
  for (const uint32_t second : {0u, 1u}) {
    writer_->BeginTerm(/*with_positions=*/true);
    writer_->AddBlock(docs, std::vector<uint32_t>{1, 2},
                      std::vector<uint32_t>{most, most - 1, second});
    infos.push_back(writer_->FinishTerm());
  }
  Seal();
  std::vector<uint32_t> gaps;
  EXPECT_EQ(Cursor(infos[0]).AppendBlockGaps(0, &gaps), 2u) << "each of them fits";
  PostingsCursor cursor = Cursor(infos[1]);
  EXPECT_EQ(cursor.AppendBlockGaps(0, &gaps), 0u);
  EXPECT_TRUE(absl::IsDataLoss(cursor.status()));
}

TEST_F(PostingsTest, MoreGapsThanADocumentMayHaveAreDamage) {
  Begin(3, 1);
  writer_->BeginTerm(/*with_positions=*/false);
  writer_->Add(1, kMaxDocumentPositions + 1);
  writer_->Add(2, uint32_t{2});
  TermInfo info = writer_->FinishTerm();
  Seal(Drain(*std::move(postings_)), std::string(64, '\0'));
  info.positions_bytes = 64;
  PostingsCursor cursor = Cursor(info);
  std::vector<uint32_t> gaps;
  EXPECT_EQ(cursor.AppendBlockGaps(0, &gaps), 0u);
  EXPECT_TRUE(absl::IsDataLoss(cursor.status()));
}

// Documents are read before frequencies: that these are damaged shows when they are wanted.
TEST_F(PostingsTest, DamagedFrequenciesAreNoticedByWhoeverWantsThem) {
  std::mt19937 random(8);
  const ModelPostings postings = MakeModelPostings({1000, 5, 6, 9, 0}, &random);
  const TermInfo info = WriteOne(postings);
  const std::string sound = file_->bytes(SectionId::kPostings);
  const std::string positions = file_->bytes(SectionId::kPositions);
  // The block of frequencies lies behind that of documents; a bad header spoils it.
  const uint32_t docs_bytes =
      DocsBlockBytes({reinterpret_cast<const uint8_t*>(sound.data()), sound.size()});
  std::string damaged = sound;
  damaged[docs_bytes] = static_cast<char>(kBlockIsBitset);
  Seal(damaged, positions);
  const std::vector<std::function<void(PostingsCursor*)>> wants = {
      [](PostingsCursor* c) { EXPECT_EQ(c->freq(), 0u); },
      [](PostingsCursor* c) { EXPECT_EQ(c->Freqs(), nullptr); },
      [](PostingsCursor* c) { EXPECT_EQ(c->CurrentBlock().size, 0u); },
      [](PostingsCursor* c) {
        std::vector<uint32_t> gaps;
        EXPECT_EQ(c->AppendBlockGaps(0, &gaps), 0u);
      },
      [](PostingsCursor* c) {
        std::vector<Position> none;
        c->AppendPositions(&none);
        EXPECT_TRUE(none.empty());
      },
      [](PostingsCursor* c) {
        uint64_t before = 0;
        EXPECT_TRUE(c->FreqsOfBlock(0, &before).empty()) << "the loaded block";
      },
      [](PostingsCursor* c) {
        uint64_t before = 0;
        EXPECT_TRUE(c->LoadBlock(3));
        EXPECT_TRUE(c->FreqsOfBlock(0, &before).empty()) << "another block";
      }};
  for (size_t i = 0; i < wants.size(); ++i) {
    PostingsCursor cursor = Cursor(info);
    EXPECT_EQ(cursor.doc(), postings[0].doc);
    EXPECT_TRUE(cursor.status().ok());
    wants[i](&cursor);
    EXPECT_TRUE(absl::IsDataLoss(cursor.status())) << i;
    ExpectNothing(&cursor);
  }
}

}  // namespace
}  // namespace ibid
