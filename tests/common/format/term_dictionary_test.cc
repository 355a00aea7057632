#include "common/format/term_dictionary.h"

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <set>

#include "common/base/byte_writer.h"
#include "common/format/byte_scanner.h"
#include "common/format/pair_coverage.h"
#include "gtest/gtest.h"
#include "ibid/limits.h"
#include "tests/common/format/sealed_sections.h"

namespace ibid {
namespace {

using Model = std::map<std::string, TermInfo>;

TermInfo RandomInfo(DictionaryKind kind, TermInfo* previous, std::mt19937* random) {
  TermInfo info;
  if (kind == DictionaryKind::kStems) {
    const uint32_t first = (*random)() % 100000;
    info.forms.push_back(first);
    for (uint32_t n = (*random)() % 4; n > 0; --n) {
      info.forms.push_back(info.forms.back() + 1 + (*random)() % 5);
    }
    if (info.forms.size() == 1) return info;
  } else if ((*random)() % 2 == 0) {
    info.doc_freq = info.total_freq = 1;
    info.max_impact = 255;
    info.inlined = true;
    info.inline_doc = (*random)() % kNoMoreDocs;
    info.inline_position = (*random)() % kNoMorePositions;
    return info;
  }
  info.doc_freq = 1 + (*random)() % ((*random)() % 2 == 0 ? 5 : 5000);
  info.total_freq = info.doc_freq + ((*random)() % 2 == 0 ? 0 : (*random)());
  const bool jump = (*random)() % 50 == 0;
  info.postings_offset = jump ? (*random)() : previous->postings_offset + previous->postings_bytes;
  info.postings_bytes = 1 + (*random)() % 2000;
  if (kind == DictionaryKind::kTerms || (kind == DictionaryKind::kPairs && (*random)() % 2 == 0)) {
    info.positions_offset =
        jump ? (*random)() : previous->positions_offset + previous->positions_bytes;
    info.positions_bytes = 1 + (*random)() % 2000;
  }
  info.max_impact = static_cast<uint8_t>((*random)());
  for (size_t i = 0; i < kKthRanks.size(); ++i) {
    if (info.doc_freq >= kKthRanks[i]) info.kth_impacts[i] = static_cast<uint8_t>((*random)());
  }
  previous->postings_offset = info.postings_offset;
  previous->postings_bytes = info.postings_bytes;
  if (info.positions_bytes > 0) {
    previous->positions_offset = info.positions_offset;
    previous->positions_bytes = info.positions_bytes;
  }
  return info;
}

// Terms with long common beginnings, of all lengths.
std::string RandomTerm(std::mt19937* random) {
  std::string term((*random)() % 3 == 0 ? "http://www.example." : "");
  const size_t length = (*random)() % 40 == 0 ? 230 : 1 + (*random)() % 8;
  for (size_t i = 0; i < length; ++i) {
    term += static_cast<char>((*random)() % 5 == 0 ? (*random)() : 'a' + (*random)() % 4);
  }
  return term;
}

Model RandomModel(DictionaryKind kind, size_t size, std::mt19937* random) {
  std::set<std::string> terms;
  while (terms.size() < size) terms.insert(RandomTerm(random));
  Model model;
  TermInfo previous;
  for (const std::string& term : terms) model[term] = RandomInfo(kind, &previous, random);
  return model;
}

struct Written {
  std::unique_ptr<Env> env;
  std::unique_ptr<SealedSections> file;
  TermDictionary dictionary;
};

Written Open(DictionaryKind kind, const std::string& bytes) {
  Written written;
  written.file = std::make_unique<SealedSections>(
      std::map<SectionId, std::string>{{SectionId::kTerms, bytes}});
  auto dictionary = TermDictionary::Open(written.file->section(SectionId::kTerms), kind);
  if (dictionary.ok()) written.dictionary = *dictionary;
  return written;
}

std::string Encode(DictionaryKind kind, const Model& model) {
  const auto env = NewMemoryEnv();
  SectionBuffer buffer = MemoryBuffer(env.get());
  TermDictionaryWriter writer(kind, &buffer);
  for (const auto& [term, info] : model) EXPECT_TRUE(writer.Add(term, info).ok());
  EXPECT_EQ(writer.num_terms(), model.size());
  EXPECT_TRUE(writer.Finish().ok());
  return Drain(std::move(buffer));
}

class TermDictionaryTest : public testing::TestWithParam<DictionaryKind> {};

INSTANTIATE_TEST_SUITE_P(Kinds, TermDictionaryTest,
                         testing::Values(DictionaryKind::kTerms, DictionaryKind::kStems,
                                         DictionaryKind::kPairs));

TEST_P(TermDictionaryTest, EveryTermIsFoundWithAllThatIsKnownOfIt) {
  for (const size_t size : {1, 2, 31, 32, 33, 64, 1000, 5000}) {
    std::mt19937 random(static_cast<uint32_t>(size));
    const Model model = RandomModel(GetParam(), size, &random);
    const Written written = Open(GetParam(), Encode(GetParam(), model));
    EXPECT_EQ(written.dictionary.num_terms(), size);
    for (const auto& [term, info] : model) {
      const auto found = written.dictionary.Find(term);
      ASSERT_TRUE(found.ok()) << found.status();
      ASSERT_TRUE(found->has_value()) << term;
      ASSERT_EQ(**found, info) << term;
    }
  }
}

TEST_P(TermDictionaryTest, OtherTermsAreNotFound) {
  std::mt19937 random(2);
  const Model model = RandomModel(GetParam(), 2000, &random);
  const Written written = Open(GetParam(), Encode(GetParam(), model));
  for (int i = 0; i < 5000; ++i) {
    const std::string term = RandomTerm(&random);
    EXPECT_EQ(written.dictionary.Find(term)->has_value(), model.contains(term)) << term;
  }
  EXPECT_FALSE(written.dictionary.Find("")->has_value());
}

TEST_P(TermDictionaryTest, ACursorWalksFromAnyPlaceToTheEnd) {
  std::mt19937 random(3);
  const Model model = RandomModel(GetParam(), 500, &random);
  const Written written = Open(GetParam(), Encode(GetParam(), model));
  for (int i = 0; i < 300; ++i) {
    const std::string from = i == 0 ? "" : RandomTerm(&random);
    auto cursor = written.dictionary.Seek(from);
    ASSERT_TRUE(cursor.ok());
    auto at = model.lower_bound(from);
    for (; at != model.end(); ++at) {
      ASSERT_FALSE(cursor->at_end());
      ASSERT_EQ(cursor->term(), at->first);
      ASSERT_EQ(cursor->ordinal(), std::distance(model.begin(), at));
      ASSERT_EQ(cursor->info(), at->second);
      ASSERT_TRUE(cursor->Next().ok());
    }
    EXPECT_TRUE(cursor->at_end());
    EXPECT_EQ(cursor->ordinal(), model.size());
  }
}

TEST_P(TermDictionaryTest, TermsAreReachedByOrdinal) {
  std::mt19937 random(4);
  const Model model = RandomModel(GetParam(), 100, &random);
  const Written written = Open(GetParam(), Encode(GetParam(), model));
  uint32_t ordinal = 0;
  for (const auto& [term, info] : model) {
    const auto cursor = written.dictionary.SeekOrdinal(ordinal++);
    ASSERT_TRUE(cursor.ok());
    EXPECT_EQ(cursor->term(), term);
    EXPECT_EQ(cursor->info(), info);
  }
  EXPECT_TRUE(written.dictionary.SeekOrdinal(100)->at_end());
  EXPECT_TRUE(written.dictionary.SeekOrdinal(UINT32_MAX)->at_end());
}

TEST_P(TermDictionaryTest, DamagedBytesWithRightChecksumsNeverLeaveTheSection) {
  std::mt19937 random(5);
  const Model model = RandomModel(GetParam(), 200, &random);
  const std::string bytes = Encode(GetParam(), model);
  for (int round = 0; round < 1500; ++round) {
    const Written written = Open(GetParam(), Mutated(bytes, &random));
    for (int i = 0; i < 5; ++i) {
      auto at = model.begin();
      std::advance(at, random() % model.size());
      (void)written.dictionary.Find(at->first);
      auto cursor = written.dictionary.Seek(at->first);
      size_t steps = 0;
      while (cursor.ok() && !cursor->at_end() && cursor->Next().ok()) ++steps;
      EXPECT_LE(steps, written.dictionary.num_terms());
    }
  }
}

TEST(TermDictionary, AnEmptySectionIsAnEmptyDictionary) {
  const auto dictionary = TermDictionary::Open(Section(), DictionaryKind::kPairs);
  ASSERT_TRUE(dictionary.ok());
  EXPECT_EQ(dictionary->num_terms(), 0u);
  EXPECT_FALSE(dictionary->Find("a")->has_value());
  EXPECT_TRUE(dictionary->Seek("")->at_end());
}

TEST(TermDictionary, NoTermsAreAnEmptyDictionary) {
  const Written written = Open(DictionaryKind::kTerms, Encode(DictionaryKind::kTerms, {}));
  EXPECT_EQ(written.dictionary.num_terms(), 0u);
  EXPECT_FALSE(written.dictionary.Find("a")->has_value());
}

TEST(TermDictionary, TermsOutOfOrderOrOfBadSizeAreRefused) {
  const auto env = NewMemoryEnv();
  SectionBuffer buffer = MemoryBuffer(env.get());
  TermDictionaryWriter writer(DictionaryKind::kTerms, &buffer);
  TermInfo info;
  info.doc_freq = 2;
  info.total_freq = 2;
  info.postings_bytes = 3;
  EXPECT_TRUE(absl::IsInvalidArgument(writer.Add("a", info))) << "a term without positions";
  info.positions_bytes = 2;
  EXPECT_TRUE(writer.Add("b", info).ok());
  EXPECT_TRUE(absl::IsInvalidArgument(writer.Add("b", info)));
  EXPECT_TRUE(absl::IsInvalidArgument(writer.Add("a", info)));
  EXPECT_TRUE(absl::IsInvalidArgument(writer.Add("", info)));
  EXPECT_TRUE(absl::IsInvalidArgument(writer.Add(std::string(kMaxTermBytes + 1, 'c'), info)));
  EXPECT_TRUE(absl::IsInvalidArgument(writer.Add("c", TermInfo())));
  EXPECT_TRUE(writer.Add(std::string(kMaxTermBytes, 'c'), info).ok());
}

TEST(TermDictionary, FormsOfAStemThatDoNotIncreaseAreRefused) {
  const auto env = NewMemoryEnv();
  SectionBuffer buffer = MemoryBuffer(env.get());
  TermDictionaryWriter writer(DictionaryKind::kStems, &buffer);
  TermInfo info;
  info.doc_freq = 2;
  info.total_freq = 2;
  info.postings_bytes = 3;
  info.forms = {1, 2, 2};
  EXPECT_TRUE(absl::IsInvalidArgument(writer.Add("a", info)));
  info.forms = {2, 1};
  EXPECT_TRUE(absl::IsInvalidArgument(writer.Add("a", info)));
  info.forms = {1, 2};
  EXPECT_TRUE(writer.Add("a", info).ok());
}

// One record as bytes: of "rain", in two documents, without positions.
TEST(TermDictionary, ATermWithoutPositionsIsDamage) {
  for (const auto& [kind, sound] :
       {std::pair(DictionaryKind::kTerms, false), std::pair(DictionaryKind::kPairs, true)}) {
    const std::string records("\0\0\x03rain\x05\x02\0\xc5", 11);
    ByteWriter out;
    out.Bytes(records);
    out.Bytes(std::string_view("rain\0\0\0\0", 8));
    out.U64(records.size());
    out.U32(1);
    out.U32(0);
    std::string bytes(out.view());
    std::reverse(bytes.begin() + 11, bytes.begin() + 19);  // the key is big-endian
    const SealedSections file({{SectionId::kTerms, bytes}});
    const auto dictionary = TermDictionary::Open(file.section(SectionId::kTerms), kind);
    ASSERT_TRUE(dictionary.ok()) << dictionary.status();
    EXPECT_EQ(dictionary->Find("rain").status().code(),
              sound ? absl::StatusCode::kOk : absl::StatusCode::kDataLoss);
    EXPECT_EQ(dictionary->SeekOrdinal(0).status().code(),
              sound ? absl::StatusCode::kOk : absl::StatusCode::kDataLoss);
  }
}

TEST(TermDictionary, ACursorAtItsEndStaysThere) {
  const Written written = Open(DictionaryKind::kTerms, Encode(DictionaryKind::kTerms, {}));
  auto cursor = written.dictionary.Seek("a");
  ASSERT_TRUE(cursor.ok());
  EXPECT_TRUE(cursor->Next().ok());
  EXPECT_TRUE(cursor->at_end());
}

TEST(TermDictionary, FewerOccurrencesThanDocumentsAreRefused) {
  const auto env = NewMemoryEnv();
  SectionBuffer buffer = MemoryBuffer(env.get());
  TermDictionaryWriter writer(DictionaryKind::kPairs, &buffer);
  TermInfo info;
  info.doc_freq = 2;
  info.total_freq = 1;
  EXPECT_TRUE(absl::IsInvalidArgument(writer.Add(PairKey("a", "b"), info)));
}

// Both numbers are those of the first form of a stem: neither below 0 nor above 32 bits.
TEST(TermDictionary, AFormOutsideAllTermsIsDamage) {
  for (const auto& [code, sound] : {std::pair(ZigZag(5), true), std::pair(ZigZag(-1), false),
                                    std::pair(ZigZag(int64_t{1} << 32), false)}) {
    ByteWriter record;
    record.U8(0);  // where its postings begin
    record.U8(3);
    record.Bytes("rain");
    record.Varint64(1);
    record.Varint64(code);
    ByteWriter out;
    out.Bytes(record.view());
    out.Bytes(std::string_view("\0\0\0\0niar", 8));
    out.U64(record.size());
    out.U32(1);
    out.U32(0);
    const SealedSections file({{SectionId::kStems, std::string(out.view())}});
    const auto stems =
        TermDictionary::Open(file.section(SectionId::kStems), DictionaryKind::kStems);
    ASSERT_TRUE(stems.ok()) << stems.status();
    EXPECT_EQ(stems->Find("rain").ok(), sound) << code << stems->Find("rain").status();
  }
}

// Positions that do not follow those of the term before are found where the record says.
TEST(TermDictionary, PositionsApartFromTheOthersKeepTheirPlace) {
  const auto env = NewMemoryEnv();
  SectionBuffer buffer = MemoryBuffer(env.get());
  TermDictionaryWriter writer(DictionaryKind::kTerms, &buffer);
  TermInfo info;
  info.doc_freq = info.total_freq = 2;
  info.postings_bytes = 3;
  info.positions_bytes = 2;
  ASSERT_TRUE(writer.Add("a", info).ok());
  info.postings_offset = 3;
  info.positions_offset = 70;
  ASSERT_TRUE(writer.Add("b", info).ok());
  ASSERT_TRUE(writer.Finish().ok());
  const Written written = Open(DictionaryKind::kTerms, Drain(std::move(buffer)));
  EXPECT_EQ(**written.dictionary.Find("b"), info);
}

}  // namespace
}  // namespace ibid
