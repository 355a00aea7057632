// Segment files that contradict themselves although all their checksums are right.
#include <algorithm>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/codec/crc32c.h"
#include "common/format/segment_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ibid/version.h"
#include "tests/support/files.h"

namespace ibid {
namespace {

using testing::HasSubstr;

constexpr uint64_t kSegment = 7;
constexpr char kPath[] = "seg_0000000007.ibid";
constexpr size_t kEntryBytes = 24;
// Of fields in the footer, from its beginning.
constexpr size_t kTablesOffset = 0, kNumFrames = 24, kNumSections = 28, kFrameSize = 32,
                 kVersion = 36, kCrc = 52;
// Of fields in an entry of the table of contents.
constexpr size_t kId = 0, kZero = 4, kOffset = 8, kSize = 16;

// The bytes of a segment file, to be changed field by field. Two sections, two frames.
class Forgery {
 public:
  Forgery() {
    auto writer = SegmentFileWriter::Create(env_.get(), kPath, kSegment);
    EXPECT_TRUE(writer.ok()) << writer.status();
    Add(SectionId::kTerms, std::string(100, 't'), writer->get());
    Add(SectionId::kNorms, std::string(20000, 'n'), writer->get());
    EXPECT_TRUE((*writer)->Finish(/*sync=*/false).ok());
    bytes_ = ReadFileOrDie(env_.get(), kPath);
  }

  std::string& bytes() { return bytes_; }
  size_t footer() const { return bytes_.size() - kSegmentFooterBytes; }
  // Of the section's entry in the table of contents.
  size_t entry(size_t section) const { return footer() - (2 - section) * kEntryBytes; }
  template <typename T>
  T Get(size_t at) const {
    T value;
    std::memcpy(&value, bytes_.data() + at, sizeof(value));
    return value;
  }
  template <typename T>
  void Set(size_t at, T value) {
    std::memcpy(bytes_.data() + at, &value, sizeof(value));
  }

  // Puts all checksums right and reads everything.
  absl::Status Read() {
    const uint64_t tables = Get<uint64_t>(footer() + kTablesOffset);
    const auto* data = reinterpret_cast<const uint8_t*>(bytes_.data());
    if (tables <= footer()) {
      for (uint64_t frame = 0; frame * kFrameBytes < tables; ++frame) {
        const uint64_t begin = frame * kFrameBytes;
        const uint64_t end = std::min<uint64_t>(begin + kFrameBytes, tables);
        Set(tables + 4 * frame, Crc32c({data + begin, end - begin}));
      }
      Set(footer() + kCrc, Crc32c({data + tables, footer() + kCrc - tables}));
    }
    WriteFileOrDie(env_.get(), kPath, bytes_);
    const auto info = SegmentFile::Describe(env_.get(), kPath);
    if (!info.ok()) return info.status();
    const auto file = SegmentFile::Open(env_.get(), kPath, kSegment, *info);
    return file.ok() ? (*file)->VerifyAll() : file.status();
  }

 private:
  void Add(SectionId id, const std::string& content, SegmentFileWriter* writer) {
    SectionBuffer buffer(env_.get(), "section.tmp");
    buffer.Append(content);
    EXPECT_TRUE(writer->AddSection(id, std::move(buffer)).ok());
  }

  std::unique_ptr<Env> env_ = NewMemoryEnv();
  std::string bytes_;
};

TEST(ForgedSegmentFile, WithoutAChangeItIsSound) {
  Forgery forgery;
  EXPECT_TRUE(forgery.Read().ok());
  EXPECT_EQ(forgery.Get<uint32_t>(forgery.entry(0)), static_cast<uint32_t>(SectionId::kTerms));
  EXPECT_EQ(forgery.Get<uint32_t>(forgery.footer() + kNumSections), 2u);
}

struct Lie {
  const char* says;
  std::function<void(Forgery*)> tell;
};

void ExpectRefused(const std::vector<Lie>& lies) {
  for (size_t i = 0; i < lies.size(); ++i) {
    Forgery forgery;
    lies[i].tell(&forgery);
    const absl::Status status = forgery.Read();
    EXPECT_TRUE(absl::IsDataLoss(status)) << "lie " << i << ": " << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(lies[i].says)) << "lie " << i;
  }
}

TEST(ForgedSegmentFile, TheTableOfContentsIsTheOnlyPossibleOne) {
  using F = Forgery*;
  ExpectRefused({
      {"out of order", [](F f) { f->Set(f->entry(0) + kId, uint32_t{0}); }},
      {"out of order", [](F f) { f->Set(f->entry(1) + kId, f->Get<uint32_t>(f->entry(0))); }},
      {"out of order", [](F f) { f->Set(f->entry(1) + kZero, uint32_t{1}); }},
      {"section 2 is out of place", [](F f) { f->Set(f->entry(0) + kOffset, uint64_t{128}); }},
      {"section 2 is out of place",
       [](F f) { f->Set(f->entry(0) + kSize, uint64_t{f->bytes().size()}); }},
      {"section 7 is out of place",
       [](F f) {
         f->Set(f->entry(1) + kSize, f->Get<uint64_t>(f->footer() + kTablesOffset) - 100);
       }},
      {"section 7 is out of place", [](F f) { f->Set(f->entry(0) + kSize, uint64_t{200}); }},
      {"sections do not fill the file", [](F f) { f->Set(f->entry(1) + kSize, uint64_t{100}); }},
      {"padding at byte 163 is not zero", [](F f) { f->Set(f->entry(0) + kSize, uint64_t{99}); }},
  });
}

TEST(ForgedSegmentFile, TheFooterFitsTheFile) {
  using F = Forgery*;
  const auto set_tables = [](uint64_t offset) {
    return [offset](F f) { f->Set(f->footer() + kTablesOffset, offset); };
  };
  ExpectRefused({
      {"tables outside the file", set_tables(63)},
      {"tables outside the file", set_tables(uint64_t{1} << 60)},
      {"number of frames", [](F f) { f->Set(f->footer() + kNumFrames, uint32_t{1}); }},
      {"frames of 4096 bytes", [](F f) { f->Set(f->footer() + kFrameSize, uint32_t{4096}); }},
      {"too many sections", [](F f) { f->Set(f->footer() + kNumSections, uint32_t{65}); }},
      {"tables do not fill", [](F f) { f->Set(f->footer() + kNumSections, uint32_t{1}); }},
      {"not that of a segment file", [](F f) { f->bytes().back() = '2'; }},
      {"127 bytes are no segment file", [](F f) { f->bytes().erase(0, f->bytes().size() - 127); }},
      {"footer: format 9, header says 4", [](F f) { f->Set(f->footer() + kVersion, uint32_t{9}); }},
  });
}

TEST(ForgedSegmentFile, TheHeaderIsThatOfTheSegment) {
  using F = Forgery*;
  const char* const kNot = "header is not that of segment 7";
  ExpectRefused({
      {kNot, [](F f) { f->bytes()[0] = 'i'; }},
      {kNot, [](F f) { f->Set(8, kFormatVersion + 1); }},
      {kNot, [](F f) { f->Set(8, kOldestReadableFormatVersion - 1); }},
      {kNot, [](F f) { f->Set(12, uint32_t{1}); }},
      {kNot, [](F f) { f->Set(16, uint64_t{8}); }},
      {kNot, [](F f) { f->bytes()[63] = 1; }},
  });
}

TEST(ForgedSegmentFile, AVersionThatOnlyTheFooterHasIsDamage) {
  Forgery forgery;
  forgery.Set(forgery.footer() + kVersion, uint32_t{0});
  forgery.Set(8, uint32_t{0});
  EXPECT_TRUE(absl::IsFailedPrecondition(forgery.Read())) << "both have it";
  forgery.bytes()[0] = 'x';
  EXPECT_TRUE(absl::IsDataLoss(forgery.Read())) << "but this is no header";
}

}  // namespace
}  // namespace ibid
