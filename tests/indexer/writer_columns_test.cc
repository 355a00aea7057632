// Columns as they arrive in segments.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "common/base/strings.h"
#include "common/format/segment_reader.h"
#include "ibid/limits.h"
#include "tests/indexer/index_model.h"

namespace ibid {
namespace {

Document WithValues(std::string key, std::vector<FieldValue> values) {
  Document document = MakeDocument(std::move(key), "", "x");
  document.fields = {{.name = "n", .values = std::move(values)}};
  return document;
}

// The only segment of the index.
std::shared_ptr<const SegmentReader> OnlySegment(Env* env) {
  const Manifest manifest = ManifestOf(env, "index");
  EXPECT_EQ(manifest.segments.size(), 1u);
  return *SegmentReader::Open(env, "index", manifest.segments.at(0));
}

TEST(WriterColumns, AColumnThatBecomesRealInALaterUnitIsRealThroughout) {
  const auto env = NewMemoryEnv();
  const auto writer = OpenWriter(env.get(), "index");
  AddOrDie(writer.get(), WithValues("a", {int64_t{3}}));
  CommitOrDie(writer.get());
  AddOrDie(writer.get(), WithValues("b", {2.5, int64_t{4}}));
  ASSERT_TRUE(writer->MergeToOne().ok());
  CommitOrDie(writer.get());
  EXPECT_EQ(ManifestOf(env.get(), "index").columns.at(0).second, StoredColumnType::kReal);
  const auto segment = OnlySegment(env.get());
  const ColumnReader* column = segment->columns().Find("n");
  ASSERT_NE(column, nullptr);
  EXPECT_EQ(column->type(), StoredColumnType::kReal);
  EXPECT_EQ(*column->Real(0, 0), 3.0);
  EXPECT_EQ(*column->Real(1, 0), 2.5);
  EXPECT_EQ(*column->Real(1, 1), 4.0);
}

TEST(WriterColumns, AllTheColumnsThereMayBeHaveRoomBesideIbidsOwn) {
  const auto env = NewMemoryEnv();
  WriterOptions options;
  options.index = IndexOptions{.store_text = false};
  const auto writer = OpenWriter(env.get(), "index", options);
  Document document = MakeDocument("a", "", "x");
  document.date = "2024-11-27";
  document.source = "Wire";
  while (document.fields.size() + 2 < kMaxFields) {
    document.fields.push_back({.name = StrCat("c", document.fields.size()), .values = {"v"}});
  }
  ASSERT_TRUE(writer->Add(document, "folder").ok());
  CommitOrDie(writer.get());
  EXPECT_NE(OnlySegment(env.get())->columns().Find("c253"), nullptr);
}

TEST(WriterColumns, TextsAreFoldedAndDatesCounted) {
  const auto env = NewMemoryEnv();
  const auto writer = OpenWriter(env.get(), "index");
  Document document = MakeDocument("a", "", "x");
  document.source = "Ostr\xc3\xa9va WIRE";
  document.date = "1970-01-02";
  AddOrDie(writer.get(), document);
  CommitOrDie(writer.get());
  const auto segment = OnlySegment(env.get());
  const auto text = segment->columns().Find("source")->Text(0);
  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_EQ(text->folded, "ostreva wire");
  EXPECT_EQ(text->original, document.source);
  EXPECT_EQ(*segment->columns().Find("date")->Integer(0, 0), 86400);
}

TEST(WriterColumns, ValuesThatDoNotParseAreCountedAndLeftOut) {
  const auto env = NewMemoryEnv();
  const auto writer = OpenWriter(env.get(), "index");
  AddOrDie(writer.get(), WithValues("a", {int64_t{3}}));
  AddOrDie(writer.get(), WithValues("b", {std::string("many"), int64_t{5}}));
  Document undated = MakeDocument("c", "", "x");
  undated.date = "last week";
  AddOrDie(writer.get(), undated);
  EXPECT_EQ(CommitOrDie(writer.get()).bad_column_values, 2u);
  const auto segment = OnlySegment(env.get());
  const ColumnReader* column = segment->columns().Find("n");
  EXPECT_EQ(*column->NumValues(1), 1u);
  EXPECT_EQ(*column->Integer(1, 0), 5);
  EXPECT_EQ(CommitOrDie(writer.get()).bad_column_values, 0u);
}

TEST(WriterColumns, TypesOutliveTheWriterButNotARollback) {
  const auto env = NewMemoryEnv();
  {
    const auto writer = OpenWriter(env.get(), "index");
    AddOrDie(writer.get(), WithValues("a", {std::string("text")}));
    ASSERT_TRUE(writer->Rollback().ok());
    AddOrDie(writer.get(), WithValues("a", {int64_t{1}}));
    CommitOrDie(writer.get());
  }
  const auto writer = OpenWriter(env.get(), "index");
  AddOrDie(writer.get(), WithValues("b", {std::string("text")}));
  EXPECT_EQ(CommitOrDie(writer.get()).bad_column_values, 1u);
}

TEST(WriterColumns, AReservedNameRefusesTheDocumentAndTheWriterGoesOn) {
  const auto env = NewMemoryEnv();
  const auto writer = OpenWriter(env.get(), "index");
  Document document = MakeDocument("a", "", "x");
  document.fields = {{.name = "_fingerprint", .values = {int64_t{1}}}};
  EXPECT_EQ(writer->Add(document).status().code(), absl::StatusCode::kInvalidArgument);
  AddOrDie(writer.get(), MakeDocument("a", "", "x"));
  EXPECT_EQ(CommitOrDie(writer.get()).num_docs, 1u);
}

TEST(WriterOrigins, AreKeptThroughMergesAndAChangeOfOneIsAChange) {
  const auto env = NewMemoryEnv();
  const auto writer = OpenWriter(env.get(), "index");
  EXPECT_TRUE(writer->Add(MakeDocument("a", "", "x"), "left").ok());
  CommitOrDie(writer.get());
  EXPECT_TRUE(writer->Add(MakeDocument("b", "", "x"), "right").ok());
  AddOrDie(writer.get(), MakeDocument("c", "", "x"));
  CommitOrDie(writer.get());
  EXPECT_TRUE(writer->MergeToOne().ok());
  CommitOrDie(writer.get());
  EXPECT_EQ(*writer->Add(MakeDocument("a", "", "x"), "left"), AddOutcome::kUnchanged);
  EXPECT_EQ(*writer->Add(MakeDocument("a", "", "x")), AddOutcome::kUnchanged);
  EXPECT_EQ(*writer->Add(MakeDocument("b", "", "x"), "left"), AddOutcome::kReplaced);
  EXPECT_EQ(*writer->Add(MakeDocument("c", "", "x"), "left"), AddOutcome::kReplaced);
  CommitOrDie(writer.get());
  EXPECT_TRUE(writer->Delete("c").value_or(false));
  std::string found;
  EXPECT_TRUE(writer
                  ->ForEachCommitted("",
                                     [&](std::string_view key, std::string_view origin) {
                                       found += StrCat(key, ":", origin, " ");
                                     })
                  .ok());
  EXPECT_EQ(found, "a:left b:left ");
}

}  // namespace
}  // namespace ibid
