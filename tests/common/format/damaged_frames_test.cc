// Each frame of a segment whose structures are of many frames is damaged in turn: whatever is asked
// of the others is answered as before, whatever needs that frame is refused.
#include <algorithm>
#include <bit>
#include <functional>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/format/file_names.h"
#include "common/format/impacts.h"
#include "common/format/postings_writer.h"
#include "common/format/segment_reader.h"
#include "common/format/segment_writer.h"
#include "common/format/skip_data.h"
#include "common/format/word_pairs.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"

namespace ibid {
namespace {

constexpr uint32_t kDocs = 50000;
constexpr uint32_t kTerms = 70000;
constexpr uint32_t kLists = 24;

// Different for each number, in an order of their own.
std::string KeyOf(DocId doc) { return StrCat("wire/", doc * 7919ull % 50021, "/story-", doc); }
std::string TermOf(uint32_t number) { return StrCat("t", 1000000 + number); }

DocRegions RegionsOf(DocId doc) {
  DocRegions regions;
  regions.title_tokens = doc % 5;
  regions.text_tokens = 30 + doc % 40;
  if (regions.title_tokens > 0) {
    regions.sentence_ends = {regions.title_tokens};
    regions.paragraph_ends = regions.sentence_ends;
  }
  regions.sentence_ends.push_back(regions.text_begin() + 12);
  regions.sentence_ends.push_back(regions.text().end);
  regions.paragraph_ends.push_back(regions.text().end);
  regions.quotations = {{regions.text_begin() + 2, regions.text_begin() + 9 + doc % 9}};
  return regions;
}

// A segment in memory with every structure, each of several frames.
class LargeSegment {
 public:
  LargeSegment() {
    auto segment = SegmentWriter::Create(env_.get(), "", 1, {});
    Fill(segment->get());
    const auto meta = (*segment)->Finish(/*sync=*/false);
    EXPECT_TRUE(meta.ok()) << meta.status();
    meta_ = *meta;
    bytes_ = ReadFileOrDie(env_.get(), SegmentFileName(1));
  }

  const std::string& bytes() const { return bytes_; }
  const std::vector<TermInfo>& lists() const { return lists_; }

  // The segment with the byte at `at` changed.
  absl::StatusOr<std::shared_ptr<const SegmentReader>> OpenChanged(uint64_t at) {
    std::string changed = bytes_;
    changed[at] = static_cast<char>(changed[at] ^ 0x40);
    env_ = NewMemoryEnv();
    WriteFileOrDie(env_.get(), SegmentFileName(1), changed);
    return SegmentReader::Open(env_.get(), "", meta_);
  }
  std::shared_ptr<const SegmentReader> OpenOrDie() {
    auto reader = SegmentReader::Open(env_.get(), "", meta_);
    EXPECT_TRUE(reader.ok()) << reader.status();
    return *std::move(reader);
  }

 private:
  uint32_t Below(uint32_t n) { return static_cast<uint32_t>(random_() % n); }

  void Fill(SegmentWriter* segment) {
    SegmentDocuments documents;
    for (DocId doc = 0; doc < kDocs; ++doc) {
      const DocRegions regions = RegionsOf(doc);
      segment->regions().Add(regions);
      documents.norms.push_back(LengthToNorm(regions.length()));
      documents.num_tokens += regions.length();
      AddColumns(doc, &segment->columns());
      EXPECT_TRUE(segment->stored().Add(StrCat(random_(), "-", random_(), " ", doc)).ok());
    }
    AddKeys(&segment->keys());
    segment->StartPostings(std::move(documents));
    for (uint32_t number = 0; number < kTerms; ++number) {
      // Lists stand among words of one document.
      const bool is_list = number % (kTerms / kLists) == 7 && lists_.size() < kLists;
      PostingsWriter& postings = segment->postings();
      postings.BeginTerm(/*with_positions=*/true);
      if (is_list) {
        AddList(&postings);
      } else {
        postings.Add(number % kDocs, std::vector<Position>{number % 30});
      }
      const TermInfo info = postings.FinishTerm();
      if (is_list) lists_.push_back(info);
      EXPECT_TRUE(segment->terms().Add(TermOf(number), info).ok());
    }
  }

  // Of every density; long ones have skip data of several groups.
  void AddList(PostingsWriter* postings) {
    const uint32_t gap = 1 + static_cast<uint32_t>(lists_.size() % 6);
    std::vector<Position> positions;
    for (DocId doc = Below(gap); doc < kDocs; doc += 1 + Below(gap)) {
      positions.clear();
      Position position = Below(8);
      for (uint32_t n = 1 + Below(3); n > 0; --n, position += 1 + Below(9)) {
        positions.push_back(position);
      }
      postings->Add(doc, positions);
    }
  }

  void AddColumns(DocId doc, ColumnsWriter* columns) {
    columns->Add(doc, "date", StoredColumnType::kDate,
                 {.integers = {int64_t{3600} * (doc % 9973)}});
    if (doc % 3 != 0) {
      columns->Add(doc, "rank", StoredColumnType::kInteger, {.integers = {Below(5000)}});
    }
    if (doc % 2 == 0) {
      columns->Add(doc, "price", StoredColumnType::kReal, {.reals = {Below(100000) / 8.0}});
    }
    ColumnValues tags;
    for (uint32_t n = Below(4); n > 0; --n) {
      const std::string tag = StrCat("tag ", Below(9000));
      tags.texts.push_back({tag, n == 1 ? tag : StrCat("Tag ", doc)});
    }
    if (!tags.texts.empty()) columns->Add(doc, "tag", StoredColumnType::kText, tags);
    ColumnValues numbers;
    for (uint32_t n = doc % 5 == 0 ? 2 + Below(30) : 0; n > 0; --n) {
      numbers.integers.push_back(Below(300));
    }
    if (doc % 5 == 0) columns->Add(doc, "votes", StoredColumnType::kInteger, numbers);
  }

  void AddKeys(KeysWriter* keys) {
    std::vector<std::pair<std::string, DocId>> sorted;
    for (DocId doc = 0; doc < kDocs; ++doc) sorted.emplace_back(KeyOf(doc), doc);
    std::sort(sorted.begin(), sorted.end());
    for (const auto& [key, doc] : sorted) EXPECT_TRUE(keys->Add(key, doc).ok());
  }

  std::unique_ptr<Env> env_ = NewMemoryEnv();
  std::mt19937 random_{1};
  SegmentMeta meta_;
  std::string bytes_;
  std::vector<TermInfo> lists_;
};

// Something that is asked of a segment: an answer as text, or an error.
struct Question {
  SectionId section;    // where the bytes of its answer lie,
  uint64_t begin, end;  // between these
  std::function<absl::StatusOr<std::string>(const SegmentReader&)> ask;
};

class Questions {
 public:
  explicit Questions(const LargeSegment& segment) {
    for (uint32_t i = 0; i < 150; ++i) AskDictionary();
    for (uint32_t i = 0; i < 250; ++i) AskDocument(Below(kDocs));
    for (const char* column : {"date", "rank", "price", "tag", "votes"}) {
      for (uint32_t i = 0; i < 60; ++i) AskColumn(column, Below(kDocs - 200));
    }
    for (uint32_t i = 0; i < 200; ++i) AskTexts();
    for (const TermInfo& list : segment.lists()) {
      for (uint32_t i = 0; i < 25; ++i) AskList(list);
      AskPairs(list);
    }
  }

  const std::vector<Question>& all() const { return all_; }

 private:
  uint32_t Below(uint32_t n) { return static_cast<uint32_t>(random_() % n); }
  template <typename Ask>
  void Add(SectionId section, Ask ask) {
    all_.push_back({section, 0, UINT64_MAX, std::move(ask)});
  }
  template <typename Ask>
  void Add(SectionId section, uint64_t offset, uint64_t size, Ask ask) {
    all_.push_back({section, offset, offset + size, std::move(ask)});
  }

  void AskDictionary() {
    const uint32_t number = Below(kTerms);
    const std::string term = TermOf(number) + (Below(3) == 0 ? "x" : "");
    Add(SectionId::kTerms, [term](const SegmentReader& segment) -> absl::StatusOr<std::string> {
      ASSIGN_OR_RETURN(const auto info, segment.terms().Find(term));
      return info.has_value() ? StrCat(info->doc_freq, " ", info->postings_offset) : "none";
    });
    Add(SectionId::kTerms, [term](const SegmentReader& segment) -> absl::StatusOr<std::string> {
      ASSIGN_OR_RETURN(TermCursor cursor, segment.terms().Seek(term));
      return Walk(&cursor, 3);
    });
    Add(SectionId::kTerms, [number](const SegmentReader& segment) -> absl::StatusOr<std::string> {
      ASSIGN_OR_RETURN(TermCursor cursor, segment.terms().SeekOrdinal(number));
      return Walk(&cursor, 2000);
    });
  }
  static absl::StatusOr<std::string> Walk(TermCursor* cursor, uint32_t steps) {
    std::string text;
    for (; steps > 0 && !cursor->at_end(); --steps) {
      text += StrCat(cursor->term(), " ", cursor->info().doc_freq, "\n");
      RETURN_IF_ERROR(cursor->Next());
    }
    return text;
  }

  void AskDocument(DocId doc) {
    Add(SectionId::kNorms, [doc](const SegmentReader& segment) -> absl::StatusOr<std::string> {
      ASSIGN_OR_RETURN(const uint8_t norm, segment.Norm(doc));
      return StrCat(norm);
    });
    Add(SectionId::kRegions, [doc](const SegmentReader& segment) -> absl::StatusOr<std::string> {
      DocRegions regions;
      RETURN_IF_ERROR(segment.regions().Get(doc, &regions));
      EXPECT_EQ(regions, RegionsOf(doc));
      return StrCat(regions.length());
    });
    Add(SectionId::kRegions, [doc](const SegmentReader& segment) -> absl::StatusOr<std::string> {
      ASSIGN_OR_RETURN(const uint32_t tokens, segment.regions().TitleTokens(doc));
      return StrCat(tokens);
    });
    Add(SectionId::kKeys, [doc](const SegmentReader& segment) { return segment.keys().Key(doc); });
    Add(SectionId::kKeys,
        [doc](const SegmentReader& segment) { return segment.keys().KeyOfRank(doc); });
    const std::string key = KeyOf(doc) + (doc % 4 == 0 ? "x" : "");
    Add(SectionId::kKeys, [key](const SegmentReader& segment) -> absl::StatusOr<std::string> {
      ASSIGN_OR_RETURN(const auto found, segment.keys().Find(key));
      return found.has_value() ? StrCat(*found) : "none";
    });
    Add(SectionId::kStored,
        [doc](const SegmentReader& segment) { return segment.stored().Get(doc); });
    Add(SectionId::kStored, [doc](const SegmentReader& segment) -> absl::StatusOr<std::string> {
      StoredCursor cursor(&segment.stored());
      std::string text;
      for (DocId at = doc; at < std::min(doc + 3000, kDocs); at += 300) {
        ASSIGN_OR_RETURN(const std::string_view record, cursor.Get(at));
        text += StrCat(record, "\n");
      }
      return text;
    });
  }

  // Value `i` of the document, of a column or of a cursor that stands on it.
  template <typename Values, typename... Doc>
  static absl::StatusOr<std::string> Value(const Values& values, StoredColumnType type, uint32_t i,
                                           Doc... doc) {
    if (type == StoredColumnType::kText) {
      ASSIGN_OR_RETURN(const uint32_t ordinal, values.Ordinal(doc..., i));
      return StrCat(ordinal);
    }
    if (type == StoredColumnType::kReal) {
      ASSIGN_OR_RETURN(const double real, values.Real(doc..., i));
      return StrCat(std::bit_cast<uint64_t>(real));
    }
    ASSIGN_OR_RETURN(const int64_t integer, values.Integer(doc..., i));
    return StrCat(integer);
  }

  void AskColumn(std::string name, DocId doc) {
    Add(SectionId::kColumns, [=](const SegmentReader& segment) -> absl::StatusOr<std::string> {
      const ColumnReader& column = *segment.columns().Find(name);
      ASSIGN_OR_RETURN(const uint32_t count, column.NumValues(doc));
      std::string text;
      for (uint32_t i = 0; i < count; ++i) {
        ASSIGN_OR_RETURN(const std::string value, Value(column, column.type(), i, doc));
        text += StrCat(value, " ");
      }
      return text;
    });
    Add(SectionId::kColumns, [=](const SegmentReader& segment) -> absl::StatusOr<std::string> {
      const ColumnReader& column = *segment.columns().Find(name);
      return Value(column, column.type(), /*i=*/0, doc / 5 * 5 + 2 * (doc % 2));
    });
    for (const DocId step : {1, 90}) {
      Add(SectionId::kColumns, [=](const SegmentReader& segment) -> absl::StatusOr<std::string> {
        const ColumnReader& column = *segment.columns().Find(name);
        ColumnCursor cursor(&column);
        std::string text;
        for (const DocId at : {doc, doc + step, doc + 2 * step, doc + step, DocId{0}}) {
          RETURN_IF_ERROR(cursor.Seek(at));
          for (uint32_t i = 0; i < cursor.num_values(); ++i) {
            ASSIGN_OR_RETURN(const std::string value, Value(cursor, column.type(), i));
            text += StrCat(value, " ");
          }
        }
        return text;
      });
    }
  }

  void AskTexts() {
    const std::string from = StrCat("tag ", Below(9000)), to = StrCat("tag ", Below(9000), "x");
    const uint32_t number = Below(20000);
    Add(SectionId::kColumns, [=](const SegmentReader& segment) -> absl::StatusOr<std::string> {
      ASSIGN_OR_RETURN(const auto range, segment.columns().Find("tag")->FindTextRange(
                                             from, number % 2 == 0, to, number % 3 == 0));
      return StrCat(range.first, " ", range.second);
    });
    Add(SectionId::kColumns, [=](const SegmentReader& segment) -> absl::StatusOr<std::string> {
      const ColumnReader& column = *segment.columns().Find("tag");
      ASSIGN_OR_RETURN(const ColumnText text, column.Text(number % column.num_ordinals()));
      return StrCat(text.folded, " ", text.original);
    });
    if (number % 50 != 0) return;
    Add(SectionId::kColumns, [=](const SegmentReader& segment) -> absl::StatusOr<std::string> {
      FrontCodedCursor cursor(&segment.columns().Find("tag")->texts());
      std::string text;
      for (;;) {
        ASSIGN_OR_RETURN(const bool there, cursor.Next());
        if (!there) return text;
        text += StrCat(cursor.string(), " ", cursor.original(), "\n");
      }
    });
  }

  void AskPairs(const TermInfo& list) {
    const auto ask = [list](const SegmentReader& segment) -> absl::StatusOr<std::string> {
      std::string text;
      RETURN_IF_ERROR(ForEachWordPair(segment, {&list, 1}, [&](std::span<const WordPair> pairs) {
        for (const WordPair& pair : pairs) text += StrCat(pair.doc, " ", pair.position, "\n");
        return absl::OkStatus();
      }));
      return text;
    };
    Add(SectionId::kNorms, ask);
    Add(SectionId::kPositions, list.positions_offset, list.positions_bytes, ask);
  }

  // Asks a new cursor of the list; what it says counts where its status is good.
  template <typename Ask>
  void AskCursor(const TermInfo& list, Ask ask) {
    const auto whole = [list, ask](const SegmentReader& segment) -> absl::StatusOr<std::string> {
      PostingsCursor cursor = segment.Postings(list);
      const std::string text = ask(&cursor);
      RETURN_IF_ERROR(cursor.status());
      return text;
    };
    Add(SectionId::kPostings, list.postings_offset, list.postings_bytes, whole);
    Add(SectionId::kPositions, list.positions_offset, list.positions_bytes, whole);
  }

  void AskList(const TermInfo& list) {
    const DocId target = Below(kDocs), step = 1 + Below(4000);
    const uint32_t blocks = (list.doc_freq + 127) / 128;
    const uint32_t block = Below(blocks), other = Below(blocks);
    AskCursor(list, [=](PostingsCursor* cursor) {
      std::string text;
      std::vector<Position> positions;
      for (uint64_t at = target; cursor->NextGeq(static_cast<DocId>(at)) != kNoMoreDocs;
           at = uint64_t{cursor->doc()} + step) {
        cursor->AppendPositions(&positions);
        text += StrCat(cursor->doc(), " ", cursor->freq(), " ", positions.size(), "\n");
      }
      for (const Position position : positions) text += StrCat(position, " ");
      return text;
    });
    AskCursor(list, [=](PostingsCursor* cursor) {
      std::string text;
      cursor->NextGeq(target);
      for (int i = 0; i < 300; ++i) text += StrCat(cursor->Next(), " ");
      return text;
    });
    AskCursor(list, [=](PostingsCursor* cursor) {
      std::string text;
      for (uint64_t at = target; at < kDocs; at += step) {
        cursor->ShallowSeek(static_cast<DocId>(at));
        text += StrCat(cursor->block_last_doc(), " ", cursor->block_max_impact(), " ",
                       cursor->block_max_freq(), " ", cursor->block_min_norm(), "\n");
      }
      return text;
    });
    AskCursor(list, [=](PostingsCursor* cursor) {
      const PostingsCursor::BlockBounds bounds = cursor->BoundsOfBlock(block);
      return StrCat(bounds.last_doc, " ", bounds.max_impact, " ", bounds.max_freq, " ",
                    bounds.min_norm, " ", cursor->FindBlock(target, other), " ",
                    cursor->FindImpact(bounds.max_impact, other), " ",
                    cursor->LastDocOfBlock(other), " ", cursor->MaxImpactOfBlock(other));
    });
    AskCursor(list,
              [=](PostingsCursor* cursor) { return StrCat(cursor->MaxImpactOfBlock(block)); });
    AskCursor(list, [=](PostingsCursor* cursor) { return StrCat(cursor->FindImpact(255, block)); });
    AskCursor(list, [=](PostingsCursor* cursor) {
      std::string text;
      for (const uint32_t wanted : {block, other}) {
        if (!cursor->LoadBlock(wanted) || cursor->Freqs() == nullptr) return text;
        for (uint32_t i = 0; i < cursor->size(); ++i) {
          text += StrCat(cursor->docs()[i], " ", cursor->Freqs()[i], "\n");
        }
      }
      return text;
    });
    AskCursor(list, [=](PostingsCursor* cursor) {
      uint64_t before = 0;
      std::string text;
      for (const uint32_t freq : cursor->FreqsOfBlock(block, &before)) text += StrCat(freq, " ");
      std::vector<Position> positions;
      const PositionRun run = {before, list.total_freq == before ? 0u : 1u, 0};
      if (cursor->AppendPositionsOf({&run, 1}, kNoMorePositions, &positions)) {
        for (const Position position : positions) text += StrCat(position, " ");
      }
      return StrCat(text, before);
    });
    AskCursor(list, [=](PostingsCursor* cursor) {
      std::vector<uint32_t> gaps;
      std::string text;
      for (const uint32_t wanted : {block, other}) {
        if (!cursor->LoadBlock(wanted)) return text;
        text += StrCat(cursor->AppendBlockGaps(step % cursor->size(), &gaps), "\n");
      }
      for (const uint32_t gap : gaps) text += StrCat(gap, " ");
      return text;
    });
  }

  std::mt19937 random_{2};
  std::vector<Question> all_;
};

// Where each section lies, by the rule of alignment and padding.
struct SectionPlace {
  SectionId id;
  uint64_t begin, end;
};
std::vector<SectionPlace> PlacesOf(const SegmentFile& file) {
  std::vector<SectionPlace> places;
  uint64_t offset = kSegmentHeaderBytes;
  for (const auto& [id, size] : file.sections()) {
    places.push_back({id, offset, offset + size});
    offset = (offset + size + kSectionPadding + kSectionAlignment - 1) / kSectionAlignment *
             kSectionAlignment;
  }
  return places;
}

TEST(DamagedFrames, EachIsRefusedAndTheOthersAreReadAsBefore) {
  LargeSegment segment;
  const auto sound = segment.OpenOrDie();
  const std::vector<SectionPlace> places = PlacesOf(sound->file());
  uint64_t frames_end = 0;
  for (const SectionPlace& place : places) {
    if (place.id != SectionId::kProperties && place.id != SectionId::kStems &&
        place.id != SectionId::kPairs) {
      EXPECT_GT(place.end - place.begin, kFrameBytes) << SectionName(place.id);
    }
    frames_end = place.end;
  }
  const Questions questions(segment);
  std::vector<std::string> answers;
  for (const Question& question : questions.all()) {
    const auto answer = question.ask(*sound);
    answers.push_back(answer.ok() ? *answer : std::string(answer.status().message()));
  }

  uint64_t refused = 0, answered = 0;
  for (uint64_t begin = 0; begin < frames_end; begin += kFrameBytes) {
    const uint64_t end = std::min<uint64_t>(begin + kFrameBytes, frames_end);
    const auto damaged = segment.OpenChanged(begin + (end - begin) / 2);
    if (!damaged.ok()) {
      EXPECT_TRUE(absl::IsDataLoss(damaged.status())) << damaged.status();
      ++refused;
      continue;
    }
    uint64_t refused_before = refused;
    for (size_t i = 0; i < answers.size(); ++i) {
      const Question& question = questions.all()[i];
      const auto place = std::find_if(places.begin(), places.end(), [&](const SectionPlace& p) {
        return p.id == question.section;
      });
      if (place->end <= begin || place->begin >= end ||
          place->begin + std::min(question.begin, place->end) >= end ||
          (question.end < place->end && place->begin + question.end <= begin)) {
        continue;
      }
      const auto answer = question.ask(**damaged);
      const std::string text = answer.ok() ? *answer : std::string(answer.status().message());
      if (text == answers[i]) {
        ++answered;
        continue;
      }
      ASSERT_TRUE(absl::IsDataLoss(answer.status()))
          << SectionName(question.section) << ", frame at " << begin << ": " << answer.status();
      EXPECT_THAT(text, testing::HasSubstr(SegmentFileName(1)));
      ++refused;
    }
    EXPECT_GT(refused, refused_before) << "nobody read the frame at " << begin;
  }
  EXPECT_GT(answered, refused);
  RecordProperty("refused", std::to_string(refused));
}

// Skip data of so many blocks that they are of several frames, one of which is damaged: a cursor
// opens, and whatever needs an entry of that frame fails.
TEST(DamagedFrames, OneOfSkipDataIsNoticedByWhoeverNeedsIt) {
  constexpr uint32_t kNumDocs = 1000000;
  const auto env = NewMemoryEnv();
  const std::vector<uint8_t> norms(kNumDocs, 50);
  SectionBuffer postings(env.get(), "postings.tmp", size_t{1} << 30);
  SectionBuffer positions(env.get(), "positions.tmp", size_t{1} << 30);
  PostingsWriter list(&postings, &positions, norms, MakeLengthTable(Bm25Parameters(), 50));
  list.BeginTerm(/*with_positions=*/false);
  for (DocId doc = 0; doc < kNumDocs; ++doc) list.Add(doc, uint32_t{1});
  const TermInfo info = list.FinishTerm();
  auto writer = SegmentFileWriter::Create(env.get(), "seg", 1);
  ASSERT_TRUE((*writer)->AddSection(SectionId::kPostings, std::move(postings)).ok());
  const auto file_info = (*writer)->Finish(/*sync=*/false);
  ASSERT_TRUE(file_info.ok()) << file_info.status();
  // The last frame but one that the list touches; its bases and widths are in the last.
  std::string bytes = ReadFileOrDie(env.get(), "seg");
  const uint64_t end = kSegmentHeaderBytes + info.postings_bytes;
  const uint64_t damaged = (end / kFrameBytes - 1) * kFrameBytes + kFrameBytes / 2;
  ASSERT_GT(end % kFrameBytes, 3000u) << "the bases are in the last frame alone";
  bytes[damaged] = static_cast<char>(bytes[damaged] ^ 1);
  WriteFileOrDie(env.get(), "seg", bytes);
  const auto file = SegmentFile::Open(env.get(), "seg", 1, *file_info);
  ASSERT_TRUE(file.ok()) << file.status();
  const auto cursor = [&] {
    return PostingsCursor((*file)->section(SectionId::kPostings), Section(), info, kNumDocs);
  };
  const uint32_t num_blocks = cursor().num_blocks();
  ASSERT_TRUE(cursor().status().ok()) << cursor().status();
  const auto is_damaged = [&](uint32_t block) {
    PostingsCursor one = cursor();
    one.MaxImpactOfBlock(block);
    return !one.status().ok();
  };
  uint32_t first = 0;
  while (first < num_blocks && !is_damaged(first)) ++first;
  ASSERT_LT(first, num_blocks);
  ASSERT_GT(first, kSkipGroupBlocks);
  const DocId target = first * 128 + 5;
  uint64_t before = 0;
  const std::vector<std::function<void(PostingsCursor*)>> wants = {
      [&](PostingsCursor* c) { EXPECT_EQ(c->MaxImpactOfBlock(first), 255); },
      [&](PostingsCursor* c) { EXPECT_EQ(c->LastDocOfBlock(first), kNoMoreDocs); },
      [&](PostingsCursor* c) { EXPECT_EQ(c->FindImpact(255, first), num_blocks); },
      [&](PostingsCursor* c) { EXPECT_EQ(c->FindBlock(target, 1), num_blocks); },
      [&](PostingsCursor* c) { EXPECT_FALSE(c->LoadBlock(first)); },
      [&](PostingsCursor* c) { EXPECT_FALSE(c->LoadBlock(first + 1)); },
      [&](PostingsCursor* c) { EXPECT_TRUE(c->FreqsOfBlock(first, &before).empty()); },
      [&](PostingsCursor* c) { EXPECT_EQ(c->NextGeq(target), kNoMoreDocs); },
      [&](PostingsCursor* c) {
        c->ShallowSeek(target);
        EXPECT_EQ(c->block_last_doc(), kNoMoreDocs);
      },
      [&](PostingsCursor* c) {
        EXPECT_TRUE(c->LoadBlock(first - 1));
        EXPECT_EQ(c->NextBlock(), kNoMoreDocs);
      }};
  for (size_t i = 0; i < wants.size(); ++i) {
    PostingsCursor one = cursor();
    wants[i](&one);
    EXPECT_TRUE(absl::IsDataLoss(one.status())) << i << one.status();
    EXPECT_FALSE(one.LoadBlock(0)) << i;
  }
}

}  // namespace
}  // namespace ibid
