#include "tests/indexer/index_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "common/base/strings.h"
#include "common/format/impacts.h"
#include "common/format/live_docs.h"
#include "common/format/segment_reader.h"
#include "common/text/analyzer.h"

namespace ibid {
namespace {

// The parts of a document's line, from either side.
struct DocumentParts {
  std::map<Position, std::string> words;
  int norm = 0;
  DocRegions regions;
  std::string stored;
};

std::string Ends(const std::vector<Position>& ends) {
  std::string line;
  for (const Position end : ends) line += StrCat(" ", end);
  return line;
}

std::string Line(const DocumentParts& parts) {
  std::string line = StrCat("norm ", parts.norm, " words");
  for (const auto& [position, word] : parts.words) line += StrCat(" ", position, ":", word);
  line += StrCat(" title ", parts.regions.title_tokens, " text ", parts.regions.text_tokens);
  line += " sentences" + Ends(parts.regions.sentence_ends);
  line += " paragraphs" + Ends(parts.regions.paragraph_ends) + " quotations";
  for (const auto& range : parts.regions.quotations)
    line += StrCat(" ", range.begin, "-", range.end);
  return line + " stored " + parts.stored;
}

std::shared_ptr<const SegmentReader> OpenOrDie(Env* env, const std::string& dir,
                                               const SegmentMeta& meta) {
  auto reader = SegmentReader::Open(env, dir, meta);
  EXPECT_TRUE(reader.ok()) << reader.status();
  if (!reader.ok()) return nullptr;
  const absl::Status sound = (*reader)->file().VerifyAll();
  EXPECT_TRUE(sound.ok()) << sound;
  return *reader;
}

LiveDocs LiveDocsOf(Env* env, const std::string& dir, const SegmentMeta& meta) {
  if (meta.live_docs_generation == 0) return LiveDocs(meta.num_docs);
  auto live = LiveDocs::Read(env, dir, meta.id, meta.live_docs_generation, meta.live_docs_file,
                             meta.num_docs, meta.num_deleted);
  EXPECT_TRUE(live.ok()) << live.status();
  return live.ok() ? *live : LiveDocs(meta.num_docs);
}

void ReadWords(const SegmentReader& segment, std::vector<DocumentParts>* documents) {
  auto cursor = segment.terms().SeekOrdinal(0);
  ASSERT_TRUE(cursor.ok()) << cursor.status();
  for (; !cursor->at_end();) {
    uint64_t total = 0;
    uint32_t num_docs = 0;
    PostingsCursor postings = segment.Postings(cursor->info());
    for (DocId doc = postings.doc(); doc != kNoMoreDocs; doc = postings.Next()) {
      std::vector<Position> positions;
      postings.AppendPositions(&positions);
      ASSERT_EQ(positions.size(), postings.freq());
      for (const Position position : positions) {
        ASSERT_TRUE((*documents)[doc].words.emplace(position, cursor->term()).second);
      }
      total += positions.size();
      ++num_docs;
    }
    ASSERT_TRUE(postings.status().ok()) << postings.status();
    ASSERT_EQ(total, cursor->info().total_freq);
    ASSERT_EQ(num_docs, cursor->info().doc_freq);
    const absl::Status moved = cursor->Next();
    ASSERT_TRUE(moved.ok()) << moved;
  }
}

void ReadSegment(Env* env, const std::string& dir, const SegmentMeta& meta, IndexModel* model) {
  const auto segment = OpenOrDie(env, dir, meta);
  ASSERT_NE(segment, nullptr);
  const LiveDocs live = LiveDocsOf(env, dir, meta);
  std::vector<DocumentParts> documents(meta.num_docs);
  ReadWords(*segment, &documents);
  for (DocId doc = 0; doc < meta.num_docs; ++doc) {
    DocumentParts& parts = documents[doc];
    const auto norm = segment->Norm(doc);
    ASSERT_TRUE(norm.ok()) << norm.status();
    parts.norm = *norm;
    ASSERT_TRUE(segment->regions().Get(doc, &parts.regions).ok());
    if (!segment->stored().empty()) {
      const auto record = segment->stored().Get(doc);
      ASSERT_TRUE(record.ok()) << record.status();
      parts.stored = *record;
    }
    const auto key = segment->keys().Key(doc);
    ASSERT_TRUE(key.ok()) << key.status();
    if (!live.IsLive(doc)) continue;
    ASSERT_TRUE(model->emplace(*key, Line(parts)).second) << *key;
  }
}

void AppendField(const AnalyzedText& words, Position begin, DocumentParts* parts) {
  for (size_t i = 0; i < words.num_tokens(); ++i) {
    parts->words.emplace(begin + static_cast<Position>(i), words.term(i));
  }
  for (const uint32_t end : words.sentence_ends) {
    parts->regions.sentence_ends.push_back(begin + end);
  }
  for (const uint32_t end : words.paragraph_ends) {
    parts->regions.paragraph_ends.push_back(begin + end);
  }
  for (const TokenRange& range : words.quotations) {
    parts->regions.quotations.push_back({begin + range.begin, begin + range.end});
  }
}

}  // namespace

Manifest ManifestOf(Env* env, const std::string& dir) {
  auto manifest = ReadManifest(env, dir);
  EXPECT_TRUE(manifest.ok()) << manifest.status();
  return manifest.ok() ? *manifest : Manifest{};
}

IndexModel ReadModel(Env* env, const std::string& dir) {
  IndexModel model;
  for (const SegmentMeta& meta : ManifestOf(env, dir).segments) {
    ReadSegment(env, dir, meta, &model);
  }
  return model;
}

IndexModel ExpectedModel(const std::vector<Document>& documents, const IndexOptions& options) {
  IndexModel model;
  const auto analyzer = Analyzer::Create(options);
  EXPECT_TRUE(analyzer.ok()) << analyzer.status();
  AnalyzedText title, text;
  for (const Document& document : documents) {
    (*analyzer)->Analyze(document.title, &title);
    (*analyzer)->Analyze(document.text, &text);
    DocumentParts parts;
    parts.regions.title_tokens = static_cast<uint32_t>(title.num_tokens());
    parts.regions.text_tokens = static_cast<uint32_t>(text.num_tokens());
    AppendField(title, 0, &parts);
    AppendField(text, title.num_tokens() == 0 ? 0 : parts.regions.title_tokens + 1, &parts);
    parts.norm = LengthToNorm(parts.regions.title_tokens + parts.regions.text_tokens);
    if (options.store_text) parts.stored = EncodeStoredDocument(document);
    model[document.key] = Line(parts);
  }
  return model;
}

std::map<std::string, std::string> SectionBytes(Env* env, const std::string& dir) {
  std::map<std::string, std::string> bytes;
  const Manifest manifest = ManifestOf(env, dir);
  for (size_t i = 0; i < manifest.segments.size(); ++i) {
    const auto segment = OpenOrDie(env, dir, manifest.segments[i]);
    if (segment == nullptr) return bytes;
    for (const auto& [id, size] : segment->file().sections()) {
      const auto read = segment->file().section(id).Read(0, size);
      EXPECT_TRUE(read.ok()) << read.status();
      if (!read.ok()) return bytes;
      bytes[StrCat(i, " ", SectionName(id))] =
          std::string(reinterpret_cast<const char*>(read->data()), read->size());
    }
  }
  return bytes;
}

std::map<std::string, std::map<std::string, uint32_t>> ReadStems(Env* env, const std::string& dir) {
  std::map<std::string, std::map<std::string, uint32_t>> stems;
  for (const SegmentMeta& meta : ManifestOf(env, dir).segments) {
    const auto segment = OpenOrDie(env, dir, meta);
    if (segment == nullptr) return stems;
    auto cursor = segment->stems().SeekOrdinal(0);
    EXPECT_TRUE(cursor.ok()) << cursor.status();
    for (; cursor.ok() && !cursor->at_end();) {
      TermInfo info = cursor->info();
      if (info.forms.size() == 1) {
        const auto form = segment->terms().SeekOrdinal(info.forms[0]);
        EXPECT_TRUE(form.ok()) << form.status();
        if (form.ok()) info = form->info();
      }
      PostingsCursor postings = segment->Postings(info);
      for (DocId doc = postings.doc(); doc != kNoMoreDocs; doc = postings.Next()) {
        const auto key = segment->keys().Key(doc);
        EXPECT_TRUE(key.ok()) << key.status();
        if (key.ok()) stems[std::string(cursor->term())][*key] += postings.freq();
      }
      EXPECT_TRUE(postings.status().ok()) << postings.status();
      const absl::Status moved = cursor->Next();
      EXPECT_TRUE(moved.ok()) << moved;
      if (!moved.ok()) break;
    }
  }
  return stems;
}

std::unique_ptr<IndexWriter> OpenWriter(Env* env, const std::string& dir,
                                        const WriterOptions& options) {
  auto writer = IndexWriter::Open(dir, options, env);
  EXPECT_TRUE(writer.ok()) << writer.status();
  return writer.ok() ? *std::move(writer) : nullptr;
}

AddOutcome AddOrDie(IndexWriter* writer, Document document) {
  const auto outcome = writer->Add(std::move(document));
  EXPECT_TRUE(outcome.ok()) << outcome.status();
  return outcome.value_or(AddOutcome::kUnchanged);
}

CommitInfo CommitOrDie(IndexWriter* writer) {
  const auto info = writer->Commit();
  EXPECT_TRUE(info.ok()) << info.status();
  return info.value_or(CommitInfo{});
}

Document MakeDocument(std::string key, std::string title, std::string text) {
  Document document;
  document.key = std::move(key);
  document.title = std::move(title);
  document.text = std::move(text);
  return document;
}

}  // namespace ibid
