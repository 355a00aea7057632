#include "searcher/match/range_impacts.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "common/format/impacts.h"
#include "common/format/manifest.h"
#include "gtest/gtest.h"
#include "searcher/match/dense_lists.h"
#include "tests/oracle/test_index.h"

namespace ibid {
namespace {

constexpr uint32_t kNumDocs = 5000;

// "all" is in every document, "half" in every other one, "some" in one of 20, "few" in one of 80.
class RangeImpactsTest : public testing::Test {
 protected:
  RangeImpactsTest() {
    TestIndex index;
    for (uint32_t i = 0; i < kNumDocs; ++i) {
      std::string text = "all";
      for (uint32_t j = 0; j < i * i % 23; ++j) text += i % 7 == 0 ? " all" : " other";
      if (i % 2 == 0) text += i % 3 == 0 ? " half half" : " half";
      for (uint32_t j = 0; i % 20 == 0 && j <= i % 11; ++j) text += " some";
      if (i % 80 == 0) text += " few";
      index.Add({.key = "d" + std::to_string(10000 + i), .text = text});
    }
    index.Commit();
    const Manifest manifest = *ReadManifest(index.env(), index.directory());
    segment_ = *SegmentReader::Open(index.env(), index.directory(), manifest.segments.at(0));
  }

  TermInfo Find(const std::string& word) const { return **segment_->terms().Find(word); }

  std::shared_ptr<const RangeImpacts> GetTwice(const TermInfo& info) {
    EXPECT_EQ(kept_.Get(*segment_, info), nullptr) << "nothing is made at the first time";
    return kept_.Get(*segment_, info);
  }

  std::shared_ptr<const SegmentReader> segment_;
  RangeImpactsOfLists kept_{MaxRangeImpactBytes(kNumDocs)};
};

TEST_F(RangeImpactsTest, AreAtLeastTheShareOfEveryPostingAndNoneWhereThereIsNone) {
  const SegmentProperties& p = segment_->properties();
  const LengthTable lengths =
      MakeLengthTable({}, static_cast<double>(p.num_tokens) / static_cast<double>(p.num_docs));
  const uint32_t coarse = CoarseRangeShift(kNumDocs);
  for (const char* word : {"all", "half"}) {
    const TermInfo info = Find(word);
    const auto impacts = GetTwice(info);
    ASSERT_NE(impacts, nullptr) << word;
    std::set<float> bounds;
    PostingsCursor cursor = segment_->Postings(info);
    for (DocId doc = 0; doc < kNumDocs; ++doc) {
      if (cursor.doc() != doc) {
        EXPECT_EQ(impacts->ShareOf(doc), 0.0f);
        continue;
      }
      const float share =
          TermFrequencyShare(static_cast<float>(cursor.freq()), lengths[*segment_->Norm(doc)]);
      ASSERT_GE(impacts->ShareOf(doc), share) << word << ' ' << doc;
      ASSERT_GE(ImpactToShare(impacts->fine[doc >> kFineRangeShift]), share);
      ASSERT_GE(impacts->coarse[doc >> coarse], impacts->fine[doc >> kFineRangeShift]);
      bounds.insert(impacts->ShareOf(doc));
      cursor.Next();
    }
    EXPECT_GE(bounds.size(), 5u) << "documents are told apart";
    EXPECT_LE(*std::max_element(impacts->fine.begin(), impacts->fine.end()), info.max_impact);
  }
}

TEST_F(RangeImpactsTest, TheBestDocumentsAreThoseOfTheHighestShares) {
  const SegmentProperties& p = segment_->properties();
  const LengthTable lengths =
      MakeLengthTable({}, static_cast<double>(p.num_tokens) / static_cast<double>(p.num_docs));
  for (const char* word : {"all", "half", "some"}) {
    const TermInfo info = Find(word);
    const auto impacts = GetTwice(info);
    ASSERT_NE(impacts, nullptr) << word;
    EXPECT_LE(impacts->best.size(), kBestDocs);
    EXPECT_GT(impacts->share_of_others, 0.0f);
    std::map<DocId, uint32_t> best;
    for (const RangeImpacts::BestDoc& doc : impacts->best) best[doc.doc] = doc.freq;
    for (PostingsCursor cursor = segment_->Postings(info); cursor.doc() < kNumDocs; cursor.Next()) {
      const uint32_t freq = cursor.freq();
      const float share =
          TermFrequencyShare(static_cast<float>(freq), lengths[*segment_->Norm(cursor.doc())]);
      const auto it = best.find(cursor.doc());
      if (it == best.end()) {
        ASSERT_LE(share, impacts->share_of_others) << word << ' ' << cursor.doc();
      } else {
        ASSERT_GT(share, impacts->share_of_others) << word << ' ' << cursor.doc();
        ASSERT_EQ(it->second, freq);
        best.erase(it);
      }
    }
    EXPECT_TRUE(best.empty()) << "documents without the word";
  }
}

TEST_F(RangeImpactsTest, CodeAndNormTellTheFrequencyOrNothing) {
  for (const char* word : {"all", "half"}) {
    const TermInfo info = Find(word);
    const auto impacts = GetTwice(info);
    ASSERT_NE(impacts, nullptr) << word;
    uint32_t told = 0;
    for (PostingsCursor cursor = segment_->Postings(info); cursor.doc() < kNumDocs; cursor.Next()) {
      const uint32_t code = impacts->CodeOf(cursor.doc());
      const uint32_t freq = impacts->FreqOf(code, *segment_->Norm(cursor.doc()));
      if (freq == kFreqNotTold) continue;
      ++told;
      ASSERT_EQ(freq, cursor.freq()) << word << ' ' << cursor.doc();
    }
    EXPECT_GT(told, info.doc_freq / 2) << word;
  }
}

TEST_F(RangeImpactsTest, FrequenciesThatAByteDoesNotHoldAreNotTold) {
  for (const uint32_t high : {254u, 255u, 256u + 3, 600u}) {
    TestIndex index;
    for (uint32_t i = 0; i < kNumDocs; ++i) {
      std::string text = "once";
      for (uint32_t j = 0; j < (i % 50 == 0 ? high : i % 3 + 1); ++j) text += " often";
      index.Add({.key = "d" + std::to_string(10000 + i), .text = text});
    }
    index.Commit();
    const Manifest manifest = *ReadManifest(index.env(), index.directory());
    segment_ = *SegmentReader::Open(index.env(), index.directory(), manifest.segments.at(0));
    RangeImpactsOfLists kept(MaxRangeImpactBytes(kNumDocs));
    kept.Get(*segment_, Find("often"));
    const auto impacts = kept.Get(*segment_, Find("often"));
    ASSERT_NE(impacts, nullptr);
    for (DocId doc = 0; doc < kNumDocs; doc += 50) {
      const uint32_t freq = impacts->FreqOf(impacts->CodeOf(doc), *segment_->Norm(doc));
      ASSERT_EQ(freq, high < kFreqNotTold ? high : kFreqNotTold) << doc;
    }
  }
}

TEST_F(RangeImpactsTest, ShortListsHaveOnlyTheirBestDocumentsAndTheShortestNothing) {
  const auto some = GetTwice(Find("some"));
  ASSERT_NE(some, nullptr);
  EXPECT_TRUE(some->coarse.empty() && some->codes.empty());
  EXPECT_EQ(GetTwice(Find("few")), nullptr);
}

TEST_F(RangeImpactsTest, OfOneListSayNothingOfAnotherThatADamagedIndexPutsInItsPlace) {
  TermInfo info = Find("all");
  ASSERT_NE(GetTwice(info), nullptr);
  info.doc_freq = 500;  // as of a short list, which has no codes
  EXPECT_EQ(kept_.Get(*segment_, info), nullptr);
  EXPECT_EQ(kept_.Get(*segment_, info), nullptr);
  info = Find("all");
  ++info.postings_bytes;  // other skip data
  EXPECT_EQ(kept_.Get(*segment_, info), nullptr);
  EXPECT_EQ(kept_.Get(*segment_, info), nullptr);
  DenseLists dense;
  EXPECT_NE(dense.Get(*segment_, Find("all")), nullptr);
  info = Find("all");
  info.doc_freq = 512;
  EXPECT_EQ(dense.Get(*segment_, info), nullptr);
}

TEST_F(RangeImpactsTest, AreMadeOnce) {
  const TermInfo info = Find("all");
  const auto impacts = GetTwice(info);
  EXPECT_EQ(kept_.Get(*segment_, info), impacts);
}

TEST_F(RangeImpactsTest, WithoutRoomTheWordsAskedForMostOftenStay) {
  const TermInfo all = Find("all"), half = Find("half");
  RangeImpactsOfLists room_for_one(10000);
  room_for_one.Get(*segment_, half);
  ASSERT_NE(room_for_one.Get(*segment_, half), nullptr);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(room_for_one.Get(*segment_, all), nullptr) << i;
  EXPECT_NE(room_for_one.Get(*segment_, half), nullptr);
  int gets = 0;
  while (room_for_one.Get(*segment_, all) == nullptr && gets < 1000) ++gets;
  EXPECT_LT(gets, 1000) << "far more often than the other";
  EXPECT_EQ(room_for_one.Get(*segment_, half), nullptr);
  EXPECT_LE(room_for_one.bytes(), 10000u);
}

TEST(RangeImpactsMemoryTest, IsBoundedByTheDocuments) {
  EXPECT_EQ(MaxRangeImpactBytes(1000), size_t{64} << 20);
  EXPECT_EQ(MaxRangeImpactBytes(10'000'000), 640'000'000u);
}

}  // namespace
}  // namespace ibid
