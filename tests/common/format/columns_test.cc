#include "common/format/columns.h"

#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "common/base/byte_writer.h"
#include "common/format/column_stream.h"
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

// What a cursor must give for documents in whatever order they are asked for.
void ExpectCursorAgrees(const ColumnReader& column, const std::vector<DocId>& docs) {
  ColumnCursor cursor(&column);
  for (const DocId doc : docs) {
    ASSERT_TRUE(cursor.Seek(doc).ok()) << doc;
    ASSERT_EQ(cursor.num_values(), *column.NumValues(doc)) << doc;
    for (uint32_t i = 0; i < cursor.num_values(); ++i) {
      ASSERT_EQ(*cursor.Integer(i), *column.Integer(doc, i)) << doc;
    }
    EXPECT_FALSE(cursor.Integer(cursor.num_values()).ok());
    EXPECT_FALSE(cursor.Ordinal(0).ok());
  }
}

TEST_F(ColumnsTest, ACursorGivesWhatTheReaderGivesInAnyOrderOfDocuments) {
  constexpr uint32_t kNumDocs = 2000;
  std::mt19937 random(4);
  for (DocId doc = 0; doc < kNumDocs; ++doc) {
    const int64_t number = static_cast<int64_t>(random() % 1000) - 500;
    writer_->Add(doc, "dense", StoredColumnType::kInteger, {.integers = {number}});
    if (doc % 3 != 0)
      writer_->Add(doc, "slots", StoredColumnType::kInteger, {.integers = {number}});
    ColumnValues several;
    for (uint32_t n = random() % 4 == 0 ? random() % 90 : 0; n > 0; --n) {
      several.integers.push_back(number + n);
    }
    writer_->Add(doc, "list", StoredColumnType::kInteger, several);
  }
  const ColumnsReader reader = WriteAndOpen(kNumDocs);
  std::vector<DocId> order(kNumDocs);
  std::iota(order.begin(), order.end(), 0);
  std::vector<DocId> some;
  for (const DocId doc : order) {
    if (random() % 10 == 0) some.push_back(doc);
  }
  std::vector<DocId> shuffled = order;
  std::shuffle(shuffled.begin(), shuffled.end(), random);
  for (const ColumnReader& column : reader.columns()) {
    SCOPED_TRACE(column.name());
    for (const auto& docs : {order, some, shuffled, {7, 7, 6, 7}}) ExpectCursorAgrees(column, docs);
    EXPECT_TRUE(absl::IsDataLoss(ColumnCursor(&column).Seek(kNumDocs)));
  }
}

TEST_F(ColumnsTest, ACursorThroughTheDictionaryGivesEachTextInItsPlace) {
  for (DocId doc = 0; doc < 100; ++doc) {
    const std::string word = "text " + std::to_string(doc % 77);
    writer_->Add(doc, "t", StoredColumnType::kText, {.texts = {{word, doc % 2 == 0 ? word : "T"}}});
  }
  const ColumnsReader reader = WriteAndOpen(100);
  const ColumnReader& column = *reader.Find("t");
  FrontCodedCursor cursor(&column.texts());
  for (uint32_t ordinal = 0; ordinal < column.num_ordinals(); ++ordinal) {
    ASSERT_TRUE(*cursor.Next());
    EXPECT_EQ(cursor.ordinal(), ordinal);
    EXPECT_EQ((ColumnText{std::string(cursor.string()), std::string(cursor.original())}),
              *column.Text(ordinal));
  }
  EXPECT_FALSE(*cursor.Next());
  EXPECT_FALSE(*cursor.Next());
}

TEST_F(ColumnsTest, AStreamRefusesValuesThatItWasNotToldOf) {
  const auto write = [&](const ColumnFacts& facts,
                         const std::vector<std::pair<DocId, uint64_t>>& values) {
    SectionBuffer buffer = MemoryBuffer(env_.get());
    ColumnStreamWriter stream(&buffer);
    stream.BeginColumn("n", StoredColumnType::kInteger);
    const ColumnForm form = stream.BeginValues(facts, 4);
    for (const auto& [doc, code] : values) stream.AddCode(doc, code);
    if (form == ColumnForm::kList) {
      for (const auto& [doc, code] : values) stream.AddDoc(doc);
    }
    return stream.EndColumn();
  };
  const ColumnFacts dense{.num_values = 4, .largest_code = 9};
  EXPECT_TRUE(write(dense, {{0, 1}, {1, 9}, {2, 3}, {3, 4}}).ok());
  EXPECT_TRUE(absl::IsInvalidArgument(write(dense, {{0, 1}, {1, 10}, {2, 3}, {3, 4}})));
  EXPECT_TRUE(absl::IsInvalidArgument(write(dense, {{0, 1}, {1, 1}, {2, 3}})));
  EXPECT_TRUE(absl::IsInvalidArgument(write(dense, {{0, 1}, {2, 9}, {1, 3}, {3, 4}})));
  const ColumnFacts slots{.num_values = 3, .largest_code = 9};
  EXPECT_TRUE(write(slots, {{0, 1}, {1, 1}, {3, 3}}).ok());
  EXPECT_TRUE(absl::IsInvalidArgument(write(slots, {{0, 1}, {1, 1}, {1, 3}})));
  EXPECT_TRUE(absl::IsInvalidArgument(write(slots, {{0, 1}, {1, 1}, {4, 3}})));
  const ColumnFacts list{.num_values = 2, .single = false, .largest_code = 9};
  EXPECT_TRUE(write(list, {{2, 1}, {2, 5}}).ok());
  EXPECT_TRUE(absl::IsInvalidArgument(write(list, {{2, 1}, {1, 5}})));
  EXPECT_TRUE(absl::IsInvalidArgument(write(list, {{2, 1}})));
}

struct Described {
  std::string name;
  StoredColumnType type = StoredColumnType::kInteger;
  uint32_t num_ordinals = 0;
  uint64_t num_values = 0;
  uint8_t docs_width = 0;
  std::string dictionary;
  std::string docs;  // and nothing else: values_width is 0
};

// A section of integer columns in the list form, as their descriptions say.
std::string SectionOf(const std::vector<Described>& columns, uint32_t reserved = 0) {
  ByteWriter out;
  ByteWriter directory;
  for (const Described& column : columns) {
    directory.LengthPrefixed(column.name);
    directory.U8(static_cast<uint8_t>(column.type));
    directory.U8(static_cast<uint8_t>(ColumnForm::kList));
    directory.U8(0);
    directory.U8(column.docs_width);
    directory.Varint64(out.size());
    directory.Varint64(column.dictionary.size() + column.docs.size());
    directory.Varint64(column.dictionary.size());
    directory.Varint32(column.num_ordinals);
    directory.Varint64(column.num_values);
    directory.Varint64(0);
    directory.Varint64(1);
    out.Bytes(column.dictionary);
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

// So that whoever keeps a bit for each text of a small file needs no more memory than the file.
TEST_F(ColumnsTest, ADictionaryHasNoMoreTextsThanItsBytesCanHold) {
  SectionBuffer buffer = MemoryBuffer(env_.get());
  FrontCodedWriter texts(FrontCodedForm::kWithOriginal, &buffer);
  for (int i = 0; i < 1000; ++i) texts.Add("", "");
  texts.Finish();
  const std::string dictionary = Drain(std::move(buffer));
  const auto section = [&](uint32_t num_ordinals) {
    return SectionOf({{.name = "t",
                       .type = StoredColumnType::kText,
                       .num_ordinals = num_ordinals,
                       .dictionary = dictionary}});
  };
  EXPECT_TRUE(Open(section(1000), 1).ok());
  EXPECT_TRUE(absl::IsDataLoss(
      Open(section(static_cast<uint32_t>(dictionary.size() / 2 + 1)), 1).status()));
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
      ColumnCursor cursor(&column);
      for (DocId doc = 0; doc < 200; doc += 13) {
        if (!cursor.Seek(doc).ok() || cursor.num_values() == 0) continue;
        (void)cursor.Integer(0);
        (void)cursor.Real(cursor.num_values() - 1);
        (void)cursor.Ordinal(0);
      }
      FrontCodedCursor texts(&column.texts());
      for (auto more = texts.Next(); more.ok() && *more;) more = texts.Next();
      (void)column.FindText("value 7");
    }
  }
}

TEST_F(ColumnsTest, ADocumentPastTheLastHasNoValues) {
  for (DocId doc = 0; doc < 10; ++doc) {
    writer_->Add(doc, "dense", StoredColumnType::kInteger, {.integers = {doc}});
    if (doc == 3) writer_->Add(doc, "list", StoredColumnType::kInteger, {.integers = {1, 2}});
  }
  const ColumnsReader reader = WriteAndOpen(10);
  for (const ColumnReader& column : reader.columns()) {
    EXPECT_TRUE(absl::IsDataLoss(column.NumValues(10).status()));
    EXPECT_TRUE(absl::IsDataLoss(column.Integer(10, 0).status()));
    EXPECT_TRUE(absl::IsDataLoss(ColumnCursor(&column).Seek(10)));
    EXPECT_TRUE(absl::IsDataLoss(column.Integer(3, 2).status()));
    ColumnCursor cursor(&column);
    ASSERT_TRUE(cursor.Seek(3).ok());
    EXPECT_TRUE(absl::IsInvalidArgument(cursor.Integer(cursor.num_values()).status()));
  }
}

TEST_F(ColumnsTest, ValuesOfDocumentsThatAreNotThereAreRefused) {
  writer_->Add(10, "n", StoredColumnType::kInteger, {.integers = {1}});
  SectionBuffer buffer = MemoryBuffer(env_.get());
  EXPECT_TRUE(absl::IsInvalidArgument(writer_->Finish(10, &buffer)));
}

TEST_F(ColumnsTest, ARealThatIsNotFiniteIsDamage) {
  writer_->Add(0, "x", StoredColumnType::kReal, {.reals = {0.5}});
  writer_->Add(1, "x", StoredColumnType::kReal,
               {.reals = {std::numeric_limits<double>::infinity()}});
  const ColumnsReader reader = WriteAndOpen(2);
  EXPECT_EQ(*reader.Find("x")->Real(0, 0), 0.5);
  EXPECT_TRUE(absl::IsDataLoss(reader.Find("x")->Real(1, 0).status()));
}

TEST_F(ColumnsTest, ASegmentWithoutDocumentsMayHaveColumns) {
  SectionBuffer buffer = MemoryBuffer(env_.get());
  ColumnStreamWriter stream(&buffer);
  stream.BeginColumn("n", StoredColumnType::kInteger);
  EXPECT_EQ(stream.BeginValues({.single = false}, 0), ColumnForm::kList);
  EXPECT_TRUE(stream.EndColumn().ok());
  EXPECT_TRUE(stream.Finish().ok());
  const auto reader = Open(Drain(std::move(buffer)), 0);
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_EQ(reader->Find("n")->num_values(), 0u);
}

TEST_F(ColumnsTest, AStreamThatRefusedAValueIsNotFinished) {
  SectionBuffer buffer = MemoryBuffer(env_.get());
  ColumnStreamWriter stream(&buffer);
  stream.BeginColumn("n", StoredColumnType::kInteger);
  stream.BeginValues({.num_values = 1, .single = false, .largest_code = 1}, 2);
  stream.AddCode(0, 1);
  stream.AddDoc(2);
  EXPECT_TRUE(absl::IsInvalidArgument(stream.EndColumn()));
  EXPECT_TRUE(absl::IsInvalidArgument(stream.Finish()));
}

TEST_F(ColumnsTest, TheLargestCodeHasNoRoomForASlot) {
  for (const uint64_t largest : {UINT64_MAX - 1, UINT64_MAX}) {
    SectionBuffer buffer = MemoryBuffer(env_.get());
    ColumnStreamWriter stream(&buffer);
    stream.BeginColumn("n", StoredColumnType::kInteger);
    const ColumnForm form = stream.BeginValues({.num_values = 99, .largest_code = largest}, 100);
    EXPECT_EQ(form, largest == UINT64_MAX ? ColumnForm::kList : ColumnForm::kSlots);
  }
}

TEST_F(ColumnsTest, DocumentsOfAListThatDoNotIncreaseAreDamage) {
  std::string docs(16, '\0');
  docs[0] = 3;  // of documents 3, 0, 0, ...
  const auto reader =
      Open(SectionOf({{.name = "n", .num_values = 4, .docs_width = 32, .docs = docs}}), 5);
  ASSERT_TRUE(reader.ok()) << reader.status();
  const ColumnReader* column = reader->Find("n");
  EXPECT_TRUE(absl::IsDataLoss(column->Integer(3, 0).status()));
  ColumnCursor cursor(column);
  absl::Status status;
  for (DocId doc = 0; doc < 5; ++doc) status.Update(cursor.Seek(doc));
  EXPECT_TRUE(absl::IsDataLoss(status));
}

TEST_F(ColumnsTest, ColumnsAreOfTheManifestsTypes) {
  writer_->Add(0, "_own", StoredColumnType::kText, {.texts = {{"a", "a"}}});
  writer_->Add(0, "n", StoredColumnType::kInteger, {.integers = {1}});
  const ColumnsReader reader = WriteAndOpen(1);
  Manifest manifest;
  EXPECT_TRUE(absl::IsDataLoss(reader.CheckTypes(manifest))) << "it knows no column";
  for (const auto& [type, fits] :
       {std::pair(StoredColumnType::kInteger, true), std::pair(StoredColumnType::kReal, true),
        std::pair(StoredColumnType::kDate, false), std::pair(StoredColumnType::kText, false)}) {
    manifest.columns = {{"n", type}};
    EXPECT_EQ(reader.CheckTypes(manifest).ok(), fits);
  }
  writer_.emplace();
  writer_->Add(0, "n", StoredColumnType::kText, {.texts = {{"a", "a"}}});
  manifest.columns = {{"n", StoredColumnType::kReal}};
  EXPECT_TRUE(absl::IsDataLoss(WriteAndOpen(1).CheckTypes(manifest)));
}

TEST_F(ColumnsTest, NoSectionOfColumnsIsSoSmall) {
  EXPECT_TRUE(absl::IsDataLoss(Open(std::string(15, '\0'), 1).status()));
  EXPECT_TRUE(Open(std::string(16, '\0'), 1).ok()) << "no columns";
}

}  // namespace
}  // namespace ibid
