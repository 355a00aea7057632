#include "common/format/columns.h"

#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>

#include "common/base/byte_writer.h"
#include "gtest/gtest.h"
#include "tests/common/format/sealed_sections.h"

namespace ibid {
namespace {

class ColumnsTest : public testing::Test {
 protected:
  std::string Encode(uint32_t num_docs) {
    SectionBuffer buffer = MemoryBuffer(env_.get());
    EXPECT_TRUE(writer_->Finish(num_docs, &buffer).ok());
    return Drain(std::move(buffer));
  }
  absl::StatusOr<ColumnsReader> Open(const std::string& bytes, uint32_t num_docs) {
    file_ = std::make_unique<SealedSections>(
        std::map<SectionId, std::string>{{SectionId::kColumns, bytes}});
    return ColumnsReader::Open(file_->section(SectionId::kColumns), num_docs);
  }
  ColumnsReader WriteAndOpen(uint32_t num_docs) {
    auto reader = Open(Encode(num_docs), num_docs);
    EXPECT_TRUE(reader.ok()) << reader.status();
    return *std::move(reader);
  }

  std::unique_ptr<Env> env_ = NewMemoryEnv();
  std::unique_ptr<SealedSections> file_;
  std::optional<ColumnsWriter> writer_{std::in_place};
};

TEST_F(ColumnsTest, IntegersOfEveryDensityAndRangeReadBack) {
  for (const uint32_t percent : {0u, 1u, 50u, 100u}) {
    for (const int64_t range : {int64_t{1}, int64_t{1000}, std::numeric_limits<int64_t>::max()}) {
      std::mt19937_64 random(percent);
      writer_.emplace();
      std::map<DocId, int64_t> model;
      for (DocId doc = 0; doc < 500; ++doc) {
        if (random() % 100 >= percent) continue;
        model[doc] = static_cast<int64_t>(random()) % range;
        writer_->Add(doc, "size", StoredColumnType::kInteger, {.integers = {model[doc]}});
      }
      writer_->Add(0, "other", StoredColumnType::kInteger, {.integers = {1}});
      const ColumnsReader reader = WriteAndOpen(500);
      const ColumnReader* column = reader.Find("size");
      if (model.empty()) continue;
      ASSERT_NE(column, nullptr);
      for (DocId doc = 0; doc < 500; ++doc) {
        ASSERT_EQ(*column->NumValues(doc), model.contains(doc) ? 1u : 0u);
        if (!model.contains(doc)) {
          EXPECT_TRUE(absl::IsDataLoss(column->Integer(doc, 0).status()));
          continue;
        }
        EXPECT_EQ(*column->Integer(doc, 0), model[doc]);
        EXPECT_EQ(*column->Real(doc, 0), static_cast<double>(model[doc]));
        EXPECT_FALSE(column->Integer(doc, 1).ok());
      }
    }
  }
}

TEST_F(ColumnsTest, TheExtremesOfIntegersGoTogether) {
  writer_->Add(0, "n", StoredColumnType::kInteger, {.integers = {INT64_MIN}});
  writer_->Add(2, "n", StoredColumnType::kInteger, {.integers = {INT64_MAX}});
  const ColumnsReader reader = WriteAndOpen(3);
  EXPECT_EQ(*reader.Find("n")->Integer(0, 0), INT64_MIN);
  EXPECT_EQ(*reader.Find("n")->NumValues(1), 0u);
  EXPECT_EQ(*reader.Find("n")->Integer(2, 0), INT64_MAX);
}

// Reading value by value must not walk the list anew for each.
TEST_F(ColumnsTest, ManyValuesOfOneDocumentAreReadEachInItsPlace) {
  constexpr int64_t kNumValues = 60000;
  ColumnValues values;
  for (int64_t i = 0; i < kNumValues; ++i) values.integers.push_back(3 * i);
  writer_->Add(1, "n", StoredColumnType::kInteger, values);
  writer_->Add(2, "n", StoredColumnType::kInteger, {.integers = {7, 8}});
  const ColumnsReader reader = WriteAndOpen(4);
  const ColumnReader& column = *reader.Find("n");
  EXPECT_EQ(*column.NumValues(0), 0u);
  EXPECT_EQ(*column.NumValues(1), static_cast<uint32_t>(kNumValues));
  EXPECT_EQ(*column.NumValues(2), 2u);
  EXPECT_EQ(*column.NumValues(3), 0u);
  for (int64_t i = 0; i < kNumValues; ++i) {
    ASSERT_EQ(*column.Integer(1, static_cast<uint32_t>(i)), 3 * i);
  }
  EXPECT_EQ(*column.Integer(2, 1), 8);
  EXPECT_TRUE(absl::IsDataLoss(column.Integer(2, 2).status()));
  EXPECT_TRUE(absl::IsDataLoss(column.Integer(0, 0).status()));
}

TEST_F(ColumnsTest, DatesOfWholeDaysTakeTwoBytes) {
  std::mt19937 random(1);
  for (DocId doc = 0; doc < 10000; ++doc) {
    writer_->Add(doc, "date", StoredColumnType::kDate,
                 {.integers = {86400 * static_cast<int64_t>(random() % 65000)}});
  }
  const ColumnsReader reader = WriteAndOpen(10000);
  EXPECT_EQ(reader.Find("date")->type(), StoredColumnType::kDate);
  EXPECT_EQ(reader.Find("date")->size_bytes(), 20000u);
  EXPECT_EQ(*reader.Find("date")->Integer(5, 0) % 86400, 0);
}

TEST_F(ColumnsTest, RealsReadBackAndAnIntegerColumnMayBecomeOne) {
  writer_->Add(0, "price", StoredColumnType::kInteger, {.integers = {3}});
  writer_->Add(1, "price", StoredColumnType::kReal, {.reals = {-2.25}});
  writer_->Add(2, "price", StoredColumnType::kInteger, {.integers = {4}});
  writer_->Add(3, "price", StoredColumnType::kReal, {.reals = {1e300}});
  const ColumnsReader reader = WriteAndOpen(4);
  const ColumnReader* column = reader.Find("price");
  EXPECT_EQ(column->type(), StoredColumnType::kReal);
  EXPECT_EQ(*column->Real(0, 0), 3);
  EXPECT_EQ(*column->Real(1, 0), -2.25);
  EXPECT_EQ(*column->Real(2, 0), 4);
  EXPECT_EQ(*column->Real(3, 0), 1e300);
  EXPECT_FALSE(column->Integer(0, 0).ok());
  EXPECT_FALSE(column->Ordinal(0, 0).ok());
}

TEST_F(ColumnsTest, SeveralTextsOfADocumentReadBack) {
  std::mt19937 random(2);
  std::vector<std::vector<ColumnText>> model(300);
  std::set<ColumnText> distinct;
  for (DocId doc = 0; doc < model.size(); ++doc) {
    for (uint32_t n = random() % 4; n > 0; --n) {
      const std::string word = "tag" + std::to_string(random() % 90);
      model[doc].push_back({word, random() % 2 == 0 ? word : "T" + word.substr(1)});
    }
    distinct.insert(model[doc].begin(), model[doc].end());
    writer_->Add(doc, "tag", StoredColumnType::kText, {.texts = model[doc]});
  }
  const ColumnsReader reader = WriteAndOpen(300);
  const ColumnReader* column = reader.Find("tag");
  ASSERT_EQ(column->num_ordinals(), distinct.size());
  for (DocId doc = 0; doc < model.size(); ++doc) {
    ASSERT_EQ(*column->NumValues(doc), model[doc].size());
    for (uint32_t i = 0; i < model[doc].size(); ++i) {
      EXPECT_EQ(*column->Text(*column->Ordinal(doc, i)), model[doc][i]);
    }
  }
  EXPECT_TRUE(absl::IsDataLoss(column->Text(column->num_ordinals()).status()));
}

TEST_F(ColumnsTest, RangesOfTextsAreRangesOfOrdinals) {
  std::vector<std::string> words;
  for (int i = 10; i < 90; i += 2) words.push_back("w" + std::to_string(i));
  for (DocId doc = 0; doc < words.size(); ++doc) {
    writer_->Add(doc, "w", StoredColumnType::kText,
                 {.texts = {{words[doc], words[doc]}, {words[doc], "W"}}});
  }
  const ColumnsReader reader = WriteAndOpen(static_cast<uint32_t>(words.size()));
  const ColumnReader* column = reader.Find("w");
  for (int i = 9; i <= 90; ++i) {
    const std::string word = "w" + std::to_string(i < 10 ? 0 : i);
    const auto below = [&](bool inclusive) {
      return 2 * static_cast<uint32_t>(std::count_if(words.begin(), words.end(), [&](auto& w) {
               return inclusive ? w <= word : w < word;
             }));
    };
    EXPECT_EQ(*column->FindText(word), std::pair(below(false), below(true))) << word;
    const uint32_t all = column->num_ordinals();
    EXPECT_EQ(*column->FindTextRange(word, true, std::nullopt, true), std::pair(below(false), all));
    EXPECT_EQ(*column->FindTextRange(word, false, std::nullopt, true), std::pair(below(true), all));
    EXPECT_EQ(*column->FindTextRange(std::nullopt, true, word, false), std::pair(0u, below(false)));
  }
  const auto empty = *column->FindTextRange("w50", true, "w20", true);
  EXPECT_EQ(empty.first, empty.second);
}

TEST_F(ColumnsTest, TypesThatDoNotGoTogetherAreRefused) {
  writer_->Add(0, "x", StoredColumnType::kText, {.texts = {{"a", "a"}}});
  writer_->Add(0, "x", StoredColumnType::kDate, {.integers = {1}});
  SectionBuffer buffer = MemoryBuffer(env_.get());
  EXPECT_TRUE(absl::IsInvalidArgument(writer_->Finish(1, &buffer)));
}

struct Described {
  std::string name;
  uint64_t num_values = 0;
  uint8_t docs_width = 0;
  std::string docs;  // and nothing else: values_width is 0
};

// A section of integer columns in the list form, as their descriptions say.
std::string SectionOf(const std::vector<Described>& columns, uint32_t reserved = 0) {
  ByteWriter out;
  ByteWriter directory;
  for (const Described& column : columns) {
    directory.LengthPrefixed(column.name);
    directory.U8(static_cast<uint8_t>(StoredColumnType::kInteger));
    directory.U8(static_cast<uint8_t>(ColumnForm::kList));
    directory.U8(0);
    directory.U8(column.docs_width);
    directory.Varint64(out.size());
    directory.Varint64(column.docs.size());
    directory.Varint64(0);
    directory.Varint32(0);
    directory.Varint64(column.num_values);
    directory.Varint64(0);
    directory.Varint64(1);
    out.Bytes(column.docs);
  }
  const uint64_t begin = out.size();
  out.Bytes(directory.view());
  out.U64(begin);
  out.U32(static_cast<uint32_t>(columns.size()));
  out.U32(reserved);
  return std::string(out.view());
}

TEST_F(ColumnsTest, ValuesThatTakeNoBytesAreBoundedAllTheSame) {
  EXPECT_TRUE(Open(SectionOf({{.name = "n", .num_values = kMaxColumnValues}}), 1).ok());
  EXPECT_TRUE(absl::IsDataLoss(
      Open(SectionOf({{.name = "n", .num_values = kMaxColumnValues + 1}}), 1).status()));
  EXPECT_TRUE(absl::IsDataLoss(
      Open(SectionOf({{.name = "n", .num_values = uint64_t{1} << 40}}), 1).status()));
}

TEST_F(ColumnsTest, OneDocumentHasNoMoreValuesThanADocumentMayHave) {
  const uint64_t count = uint64_t{8} << 20;
  const auto reader = Open(SectionOf({{.name = "n",
                                       .num_values = count,
                                       .docs_width = 1,
                                       .docs = std::string(count / 8, '\0')}}),
                           2);
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_TRUE(absl::IsDataLoss(reader->Find("n")->NumValues(0).status()));
}

TEST_F(ColumnsTest, NamesIncreaseAndReservedBytesAreZero) {
  EXPECT_TRUE(Open(SectionOf({{.name = "a"}, {.name = "b"}}), 1).ok());
  EXPECT_TRUE(absl::IsDataLoss(Open(SectionOf({{.name = "a"}, {.name = "a"}}), 1).status()));
  EXPECT_TRUE(absl::IsDataLoss(Open(SectionOf({{.name = "b"}, {.name = "a"}}), 1).status()));
  EXPECT_TRUE(absl::IsDataLoss(Open(SectionOf({{.name = "a"}}, 7), 1).status()));
}

TEST_F(ColumnsTest, DamagedColumnsNeverLeaveTheSection) {
  std::mt19937 random(3);
  for (DocId doc = 0; doc < 200; ++doc) {
    const std::string word = "value " + std::to_string(random() % 50);
    writer_->Add(doc, "a", StoredColumnType::kText, {.texts = {{word, word}}});
    if (random() % 2 == 0) {
      writer_->Add(doc, "b", StoredColumnType::kInteger,
                   {.integers = {static_cast<int64_t>(random())}});
    }
    writer_->Add(doc, "c", StoredColumnType::kReal, {.reals = {0.5 * doc, 3.25}});
  }
  const std::string bytes = Encode(200);
  for (int round = 0; round < 1500; ++round) {
    const auto reader = Open(Mutated(bytes, &random), 200);
    if (!reader.ok()) continue;
    for (const ColumnReader& column : reader->columns()) {
      for (DocId doc = 0; doc < 200; doc += 13) {
        (void)column.NumValues(doc);
        (void)column.Integer(doc, 0);
        (void)column.Real(doc, 1);
        const auto ordinal = column.Ordinal(doc, 0);
        if (ordinal.ok()) (void)column.Text(*ordinal);
      }
      (void)column.FindText("value 7");
    }
  }
}

}  // namespace
}  // namespace ibid
