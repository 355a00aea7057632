// Keys, regions and stored documents.
#include <algorithm>
#include <memory>
#include <numeric>
#include <random>
#include <set>

#include "common/base/byte_writer.h"
#include "common/format/front_coded.h"
#include "common/format/keys.h"
#include "common/format/packed_offsets.h"
#include "common/format/regions.h"
#include "common/format/stored.h"
#include "gtest/gtest.h"
#include "ibid/limits.h"
#include "tests/common/format/sealed_sections.h"

namespace ibid {
namespace {

constexpr SectionId kId = SectionId::kKeys;  // any will do: the frame does not know what it holds

class DocumentSectionsTest : public testing::Test {
 protected:
  template <typename Reader>
  absl::StatusOr<Reader> Open(const std::string& bytes, uint32_t num_docs) {
    file_ = std::make_unique<SealedSections>(std::map<SectionId, std::string>{{kId, bytes}});
    return Reader::Open(file_->section(kId), num_docs);
  }
  std::unique_ptr<Env> env_ = NewMemoryEnv();
  std::unique_ptr<SealedSections> file_;
};

// ---- Keys

std::vector<std::string> RandomKeys(size_t size, std::mt19937* random) {
  std::set<std::string> keys;
  while (keys.size() < size) {
    std::string key = "stories/" + std::to_string((*random)() % 20) + "/";
    const size_t length = 1 + (*random)() % ((*random)() % 100 == 0 ? 4000 : 12);
    for (size_t i = 0; i < length; ++i) key += static_cast<char>('a' + (*random)() % 26);
    keys.insert(std::move(key));
  }
  return {keys.begin(), keys.end()};
}

std::string EncodeKeys(Env* env, const std::vector<std::string>& keys,
                       const std::vector<DocId>& docs) {
  SectionBuffer buffer = MemoryBuffer(env);
  KeysWriter writer(&buffer);
  for (size_t i = 0; i < keys.size(); ++i) EXPECT_TRUE(writer.Add(keys[i], docs[i]).ok());
  EXPECT_TRUE(writer.Finish().ok());
  return Drain(std::move(buffer));
}

TEST_F(DocumentSectionsTest, KeysAndDocumentsFindEachOther) {
  for (const size_t size : {0, 1, 2, 15, 16, 17, 1000}) {
    for (const bool shuffled : {false, true}) {
      std::mt19937 random(static_cast<uint32_t>(size));
      const std::vector<std::string> keys = RandomKeys(size, &random);
      std::vector<DocId> docs(size);
      std::iota(docs.begin(), docs.end(), 0);
      if (shuffled) std::shuffle(docs.begin(), docs.end(), random);
      const auto reader =
          Open<KeysReader>(EncodeKeys(env_.get(), keys, docs), static_cast<uint32_t>(size));
      ASSERT_TRUE(reader.ok()) << reader.status();
      for (uint32_t rank = 0; rank < size; ++rank) {
        EXPECT_EQ(*reader->Find(keys[rank]), std::optional<DocId>(docs[rank]));
        EXPECT_EQ(*reader->Key(docs[rank]), keys[rank]);
        EXPECT_EQ(*reader->KeyOfRank(rank), keys[rank]);
        EXPECT_EQ(*reader->Rank(docs[rank]), rank);
        EXPECT_EQ(*reader->DocOfRank(rank), docs[rank]);
        EXPECT_FALSE(reader->Find(keys[rank] + "!")->has_value());
      }
      EXPECT_FALSE(reader->Find("")->has_value());
      EXPECT_FALSE(reader->Find("zzz")->has_value());
      EXPECT_FALSE(reader->Key(static_cast<DocId>(size)).ok());
    }
  }
}

TEST_F(DocumentSectionsTest, KeysInDocumentOrderNeedNoPermutation) {
  std::mt19937 random(1);
  const std::vector<std::string> keys = RandomKeys(1000, &random);
  std::vector<DocId> docs(1000);
  std::iota(docs.begin(), docs.end(), 0);
  const size_t in_order = EncodeKeys(env_.get(), keys, docs).size();
  std::reverse(docs.begin(), docs.end());
  EXPECT_EQ(EncodeKeys(env_.get(), keys, docs).size(), in_order + 2 * 1000 * 10 / 8);
}

TEST_F(DocumentSectionsTest, BadKeysAreRefused) {
  SectionBuffer buffer = MemoryBuffer(env_.get());
  KeysWriter writer(&buffer);
  EXPECT_TRUE(writer.Add("b", 0).ok());
  EXPECT_TRUE(absl::IsInvalidArgument(writer.Add("b", 1)));
  EXPECT_TRUE(absl::IsInvalidArgument(writer.Add("", 1)));
  EXPECT_TRUE(absl::IsInvalidArgument(writer.Add(std::string(kMaxKeyBytes + 1, 'c'), 1)));
  EXPECT_TRUE(writer.Add(std::string(kMaxKeyBytes, 'c'), 0).ok());
  EXPECT_TRUE(absl::IsInvalidArgument(writer.Finish())) << "document 0 has two keys";
  SectionBuffer other = MemoryBuffer(env_.get());
  KeysWriter past(&other);
  EXPECT_TRUE(past.Add("b", 1).ok());
  EXPECT_TRUE(absl::IsInvalidArgument(past.Finish())) << "there is no document 1";
}

TEST_F(DocumentSectionsTest, DamagedKeysNeverLeaveTheSection) {
  std::mt19937 random(2);
  const std::vector<std::string> keys = RandomKeys(200, &random);
  std::vector<DocId> docs(200);
  std::iota(docs.rbegin(), docs.rend(), 0);
  const std::string bytes = EncodeKeys(env_.get(), keys, docs);
  for (int round = 0; round < 1500; ++round) {
    const auto reader = Open<KeysReader>(Mutated(bytes, &random), 200);
    if (!reader.ok()) continue;
    for (uint32_t i = 0; i < 200; i += 17) {
      const auto found = reader->Find(keys[i]);
      if (found.ok()) {
        EXPECT_LT(found->value_or(0), 200u);
      }
      (void)reader->Key(i);
      (void)reader->KeyOfRank(i);
    }
  }
}

// ---- Regions

DocRegions RandomRegions(std::mt19937* random) {
  DocRegions regions;
  regions.title_tokens = (*random)() % 3 == 0 ? 0 : (*random)() % 12;
  regions.text_tokens = (*random)() % 5 == 0 ? 0 : (*random)() % 400;
  const auto divide = [&](PositionRange range) {
    for (Position at = range.begin; at < range.end;) {
      at = std::min<Position>(range.end, at + 1 + (*random)() % 40);
      regions.sentence_ends.push_back(at);
      if (at == range.end || (*random)() % 4 == 0) regions.paragraph_ends.push_back(at);
    }
    for (Position at = range.begin; at < range.end;) {
      const Position begin = at + (*random)() % 100, end = begin + 1 + (*random)() % 50;
      if (end > range.end) break;
      regions.quotations.push_back({begin, end});
      at = end;
    }
  };
  divide(regions.title());
  divide(regions.text());
  return regions;
}

std::string EncodeRegions(Env* env, const std::vector<DocRegions>& all) {
  SectionBuffer buffer = MemoryBuffer(env);
  RegionsWriter writer(&buffer);
  for (const DocRegions& regions : all) writer.Add(regions);
  EXPECT_TRUE(writer.Finish().ok());
  return Drain(std::move(buffer));
}

TEST_F(DocumentSectionsTest, RegionsReadBack) {
  for (const uint32_t size : {0u, 1u, 63u, 64u, 65u, 500u}) {
    std::mt19937 random(size);
    std::vector<DocRegions> all(size);
    for (DocRegions& regions : all) regions = RandomRegions(&random);
    const auto reader = Open<RegionsReader>(EncodeRegions(env_.get(), all), size);
    ASSERT_TRUE(reader.ok()) << reader.status();
    DocRegions read;
    for (DocId doc = 0; doc < size; ++doc) {
      EXPECT_EQ(*reader->TitleTokens(doc), all[doc].title_tokens);
      ASSERT_TRUE(reader->Get(doc, &read).ok());
      EXPECT_EQ(read, all[doc]);
    }
    EXPECT_FALSE(reader->TitleTokens(size).ok());
    EXPECT_FALSE(reader->Get(size, &read).ok());
  }
}

TEST_F(DocumentSectionsTest, ATitleOfAnyLengthReadsBack) {
  const DocRegions longest = {uint32_t{1} << 31, 0, {1u << 31}, {1u << 31}, {}};
  const auto reader = Open<RegionsReader>(EncodeRegions(env_.get(), {longest, {}}), 2);
  ASSERT_TRUE(reader.ok()) << reader.status();
  DocRegions read;
  ASSERT_TRUE(reader->Get(0, &read).ok());
  EXPECT_EQ(read, longest);
}

TEST_F(DocumentSectionsTest, ATitleThatEndsNoParagraphIsDamage) {
  std::string bytes = EncodeRegions(env_.get(), {{2, 3, {2, 6}, {2, 6}, {}}});
  ASSERT_EQ(bytes.substr(0, 3), std::string("\0\3\5", 3));  // no quotation, two sentences
  DocRegions read;
  EXPECT_TRUE(Open<RegionsReader>(bytes, 1)->Get(0, &read).ok());
  bytes[1] = 2;
  const auto reader = Open<RegionsReader>(bytes, 1);
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_TRUE(absl::IsDataLoss(reader->Get(0, &read)));
}

TEST_F(DocumentSectionsTest, RegionsThatDoNotCoverTheDocumentAreRefused) {
  const std::vector<DocRegions> bad = {
      {2, 3, {2}, {2}, {}},                // the text has no sentence
      {2, 3, {3, 6}, {3, 6}, {}},          // a sentence runs over the title's end
      {0, 3, {3}, {}, {}},                 // no paragraph
      {0, 3, {2, 3}, {1, 3}, {}},          // a paragraph ends inside a sentence
      {0, 3, {3}, {3}, {{2, 5}}},          // a quotation beyond the text
      {0, 3, {3}, {3}, {{1, 2}, {0, 1}}},  // quotations out of order
      {0, 3, {3}, {3}, {{2, 2}}},          // a quotation of nothing
      {0, 3, {2, 2, 3}, {3}, {}},          // a sentence of nothing
      {2, 3, {2, 6}, {6}, {}},             // the title's end is no paragraph's
      {0, 3, {2, 3}, {2}, {}},             // a sentence in no paragraph
      {2, 0, {1}, {1}, {}},                // the title has no end
  };
  for (const DocRegions& regions : bad) {
    SectionBuffer buffer = MemoryBuffer(env_.get());
    RegionsWriter writer(&buffer);
    writer.Add(regions);
    EXPECT_TRUE(absl::IsInvalidArgument(writer.Finish()));
  }
}

TEST_F(DocumentSectionsTest, DamagedRegionsNeverLeaveTheSection) {
  std::mt19937 random(4);
  std::vector<DocRegions> all(150);
  for (DocRegions& regions : all) regions = RandomRegions(&random);
  const std::string bytes = EncodeRegions(env_.get(), all);
  DocRegions read;
  for (int round = 0; round < 1500; ++round) {
    const auto reader = Open<RegionsReader>(Mutated(bytes, &random), 150);
    if (!reader.ok()) continue;
    for (DocId doc = 0; doc < 150; doc += 7) {
      if (!reader->Get(doc, &read).ok()) continue;
      EXPECT_TRUE(std::is_sorted(read.sentence_ends.begin(), read.sentence_ends.end()));
      EXPECT_TRUE(std::includes(read.sentence_ends.begin(), read.sentence_ends.end(),
                                read.paragraph_ends.begin(), read.paragraph_ends.end()));
    }
  }
}

// ---- Stored documents

std::string RandomText(size_t size, std::mt19937* random) {
  std::string text;
  while (text.size() < size) text += "word" + std::to_string((*random)() % 300) + " ";
  text.resize(size);
  return text;
}

std::string EncodeStored(Env* env, const std::vector<std::string>& records) {
  SectionBuffer buffer = MemoryBuffer(env);
  StoredWriter writer(&buffer);
  for (const std::string& record : records) EXPECT_TRUE(writer.Add(record).ok());
  EXPECT_TRUE(writer.Finish().ok());
  return Drain(std::move(buffer));
}

std::vector<std::string> RandomRecords(std::mt19937* random) {
  std::vector<std::string> records;
  for (int i = 0; i < 200; ++i) {
    records.push_back(RandomText((*random)() % (i % 50 == 7 ? 200000 : 2000), random));
  }
  records.push_back("");
  return records;
}

TEST_F(DocumentSectionsTest, ReservedBytesAreZero) {
  const std::string keys = EncodeKeys(env_.get(), {"a"}, {0});
  const std::string regions = EncodeRegions(env_.get(), {DocRegions()});
  const std::string stored = EncodeStored(env_.get(), {"record"});
  const auto with = [](std::string bytes, size_t from_end) {
    bytes[bytes.size() - from_end] = 7;
    return bytes;
  };
  EXPECT_TRUE(Open<KeysReader>(keys, 1).ok());
  EXPECT_TRUE(Open<RegionsReader>(regions, 1).ok());
  EXPECT_TRUE(Open<StoredReader>(stored, 1).ok());
  for (size_t from_end = 1; from_end <= 3; ++from_end) {
    EXPECT_TRUE(absl::IsDataLoss(Open<KeysReader>(with(keys, from_end), 1).status()));
    EXPECT_TRUE(absl::IsDataLoss(Open<RegionsReader>(with(regions, from_end), 1).status()));
    EXPECT_TRUE(absl::IsDataLoss(Open<StoredReader>(with(stored, from_end), 1).status()));
  }
}

// Zstandard makes a kilobyte of zeros of each byte: what a record may be is bounded otherwise.
TEST_F(DocumentSectionsTest, ARecordThatNoDocumentCouldGiveIsRefusedUnread) {
  SectionBuffer buffer = MemoryBuffer(env_.get());
  StoredWriter writer(&buffer);
  ASSERT_TRUE(writer.Add(std::string(kMaxRecordBytes, '\0')).ok());
  ASSERT_TRUE(writer.Add(std::string(kMaxRecordBytes + 1, '\0')).ok());
  ASSERT_TRUE(writer.Finish().ok());
  const auto reader = Open<StoredReader>(Drain(std::move(buffer)), 2);
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_EQ(reader->Get(0)->size(), kMaxRecordBytes);
  EXPECT_TRUE(absl::IsDataLoss(reader->Get(1).status()));
}

TEST(StoredDocument, FieldsWithoutBytesOfTheirOwnAreBounded) {
  const auto record = [](uint64_t num_fields, uint64_t num_values) {
    ByteWriter out;
    for (int i = 0; i < 4; ++i) out.LengthPrefixed("");
    out.Varint64(num_fields);
    for (uint64_t i = 0; i + 1 < num_fields; ++i) out.U16(0);  // no name, no values
    out.LengthPrefixed("");
    out.Varint64(num_values);
    for (uint64_t i = 0; i < num_values; ++i) out.U16(0);  // the empty string
    return std::move(out.bytes());
  };
  EXPECT_TRUE(DecodeStoredDocument(record(kMaxStoredFields, 1), "stored").ok());
  EXPECT_TRUE(
      absl::IsDataLoss(DecodeStoredDocument(record(kMaxStoredFields + 1, 1), "stored").status()));
  EXPECT_TRUE(
      absl::IsDataLoss(DecodeStoredDocument(record(1, kMaxStoredFields + 1), "stored").status()));
}

TEST_F(DocumentSectionsTest, RecordsReadBackInAnyOrder) {
  std::mt19937 random(5);
  const std::vector<std::string> records = RandomRecords(&random);
  const auto reader =
      Open<StoredReader>(EncodeStored(env_.get(), records), static_cast<uint32_t>(records.size()));
  ASSERT_TRUE(reader.ok()) << reader.status();
  StoredCursor cursor(&*reader);
  for (DocId doc = 0; doc < records.size(); ++doc) {
    const auto record = cursor.Get(doc);
    ASSERT_TRUE(record.ok()) << record.status();
    ASSERT_EQ(*record, records[doc]);
  }
  for (int i = 0; i < 30; ++i) {
    const DocId doc = static_cast<DocId>(random() % records.size());
    EXPECT_EQ(*reader->Get(doc), records[doc]);
  }
  EXPECT_FALSE(reader->Get(static_cast<DocId>(records.size())).ok());
}

TEST_F(DocumentSectionsTest, NoRecordsAndNoSectionAreReadable) {
  EXPECT_TRUE(Open<StoredReader>(EncodeStored(env_.get(), {}), 0).ok());
  const auto none = StoredReader::Open(Section(), 10);
  ASSERT_TRUE(none.ok());
  EXPECT_TRUE(none->empty());
  EXPECT_TRUE(absl::IsDataLoss(none->Get(0).status())) << "nobody asks where none is promised";
}

TEST_F(DocumentSectionsTest, DamagedRecordsNeverLeaveTheSection) {
  std::mt19937 random(6);
  const std::vector<std::string> records = RandomRecords(&random);
  const uint32_t num_docs = static_cast<uint32_t>(records.size());
  const std::string bytes = EncodeStored(env_.get(), records);
  for (int round = 0; round < 150; ++round) {
    const auto reader = Open<StoredReader>(Mutated(bytes, &random), num_docs);
    if (!reader.ok()) continue;
    StoredCursor cursor(&*reader);
    for (DocId doc = 0; doc < num_docs; doc += 11) {
      const auto record = cursor.Get(doc);
      if (record.ok()) (void)DecodeStoredDocument(*record, "test");
    }
  }
}

TEST(StoredDocument, DocumentsReadBack) {
  Document document;
  document.title = "Talks resume";
  document.text = std::string("a \0 b", 5);
  document.date = "2026-11-21";
  document.source = "The Courier";
  document.fields = {{"tag", {FieldValue("x"), FieldValue(int64_t{-7}), FieldValue(2.5)}},
                     {"empty", {}}};
  const auto read = DecodeStoredDocument(EncodeStoredDocument(document), "test");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, document);
}

TEST(StoredDocument, CutOrLengthenedRecordsAreDataLoss) {
  Document document;
  document.text = "some text";
  document.fields = {{"tag", {FieldValue("x"), FieldValue(1.5)}}};
  const std::string record = EncodeStoredDocument(document);
  for (size_t size = 0; size < record.size(); ++size) {
    EXPECT_TRUE(absl::IsDataLoss(DecodeStoredDocument(record.substr(0, size), "test").status()));
  }
  EXPECT_TRUE(absl::IsDataLoss(DecodeStoredDocument(record + "x", "test").status()));
}

// ---- What all of them are made of

TEST(FrontCoded, APlaceOutsideTheSectionIsRefused) {
  const SealedSections file({{SectionId::kKeys, std::string(100, '\0')}});
  const Section section = file.section(SectionId::kKeys);
  const auto open = [&](uint64_t offset, uint64_t bytes) {
    return FrontCodedReader::Open(FrontCodedForm::kPlain, section, offset, bytes, 0).status();
  };
  EXPECT_TRUE(open(0, 100).ok());
  EXPECT_TRUE(absl::IsDataLoss(open(0, 7))) << "no room for their length";
  EXPECT_TRUE(absl::IsDataLoss(open(101, 8)));
  EXPECT_TRUE(absl::IsDataLoss(open(93, 8)));
  EXPECT_TRUE(absl::IsDataLoss(open(50, UINT64_MAX)));
}

TEST(PackedOffsets, WhatHasNoRoomOrPassesTheLargestNumberIsDamage) {
  ByteWriter group;  // one number of 64 bits; then base and place of the group
  group.U64(5);
  group.U64(UINT64_MAX - 4);
  group.U64(uint64_t{64} << 56);
  const SealedSections file({{SectionId::kKeys, group.bytes()}});
  const Section section = file.section(SectionId::kKeys);
  EXPECT_TRUE(absl::IsDataLoss(PackedOffsetsReader::Open(section, 25, 0, 0).status()));
  EXPECT_TRUE(absl::IsDataLoss(PackedOffsetsReader::Open(section, 8, 17, 1).status()));
  EXPECT_TRUE(absl::IsDataLoss(PackedOffsetsReader::Open(section, 0, 24, 65).status()));
  const auto reader = PackedOffsetsReader::Open(section, 0, 24, 1);
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_TRUE(absl::IsDataLoss(reader->Get(0).status())) << "2^64";
  EXPECT_TRUE(absl::IsDataLoss(reader->Get(1).status()));
}

TEST_F(DocumentSectionsTest, RegionsPastTheLastPositionAreDamage) {
  const auto regions_of = [&](const std::string& blob) {
    SectionBuffer buffer = MemoryBuffer(env_.get());
    PackedOffsetsWriter offsets;
    offsets.Add(0);
    offsets.Add(blob.size());
    const std::string packed = offsets.Finish();
    ByteWriter out;
    out.Bytes(blob);
    out.Bytes(packed);
    out.U64(blob.size());
    out.U64(packed.size());
    out.U32(1);
    out.U32(0);  // no title
    return std::string(out.view());
  };
  const auto read = [&](auto... numbers) {
    ByteWriter blob;
    (blob.Varint64(numbers), ...);
    const auto reader = Open<RegionsReader>(regions_of(std::string(blob.view())), 1);
    EXPECT_TRUE(reader.ok()) << reader.status();
    DocRegions regions;
    return reader->Get(0, &regions);
  };
  const uint64_t most = uint64_t{kNoMorePositions} - 1;
  EXPECT_TRUE(read(uint64_t{0}, 2 * (most - 1) + 1).ok()) << "one sentence up to the last";
  EXPECT_TRUE(absl::IsDataLoss(read(uint64_t{0}, 2 * most + 1)));
  EXPECT_TRUE(absl::IsDataLoss(read(uint64_t{1}, most, uint64_t{0}, uint64_t{1})));
}

}  // namespace
}  // namespace ibid
