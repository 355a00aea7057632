// Sections with right checksums and any content: what the readers of structures are tested on.
#ifndef IBID_TESTS_COMMON_FORMAT_SEALED_SECTIONS_H_
#define IBID_TESTS_COMMON_FORMAT_SEALED_SECTIONS_H_

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "common/format/segment_file.h"
#include "gtest/gtest.h"
#include "ibid/env.h"
#include "tests/support/mutated.h"

namespace ibid {

// A segment file in memory that holds the given sections. Lives as long as the Sections it gives.
class SealedSections {
 public:
  explicit SealedSections(const std::map<SectionId, std::string>& contents) {
    auto writer = SegmentFileWriter::Create(env_.get(), kPath, 1);
    for (const auto& [id, bytes] : contents) {
      SectionBuffer buffer(env_.get(), std::string(kPath) + ".section.tmp");
      buffer.Append(bytes);
      EXPECT_TRUE((*writer)->AddSection(id, std::move(buffer)).ok());
    }
    Open(writer->get());
  }
  // Takes what a structure wrote.
  SealedSections(SectionId id, SectionBuffer buffer) {
    auto writer = SegmentFileWriter::Create(env_.get(), kPath, 1);
    EXPECT_TRUE((*writer)->AddSection(id, std::move(buffer)).ok());
    Open(writer->get());
  }

  Section section(SectionId id) const { return file_->section(id); }
  std::string bytes(SectionId id) const {
    const Section section = file_->section(id);
    const auto bytes = section.Read(0, section.size());
    EXPECT_TRUE(bytes.ok()) << bytes.status();
    return std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  }

 private:
  static constexpr char kPath[] = "seg_0000000001.ibid";

  void Open(SegmentFileWriter* writer) {
    const auto info = writer->Finish(/*sync=*/false);
    EXPECT_TRUE(info.ok()) << info.status();
    auto file = SegmentFile::Open(env_.get(), kPath, 1, *info);
    EXPECT_TRUE(file.ok()) << file.status();
    file_ = *std::move(file);
  }

  std::unique_ptr<Env> env_ = NewMemoryEnv();
  std::unique_ptr<SegmentFile> file_;
};

// The bytes a buffer holds.
inline std::string Drain(SectionBuffer buffer) {
  return SealedSections(SectionId::kProperties, std::move(buffer)).bytes(SectionId::kProperties);
}

// A buffer that never needs its spill file.
inline SectionBuffer MemoryBuffer(Env* env) {
  return SectionBuffer(env, "never_spilled.tmp", size_t{1} << 40);
}

}  // namespace ibid

#endif  // IBID_TESTS_COMMON_FORMAT_SEALED_SECTIONS_H_
