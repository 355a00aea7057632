#include "tests/fuzz/sealed_file.h"

#include <utility>

#include "common/format/file_names.h"
#include "common/format/segment_reader.h"
#include "tests/docs/random_segment.h"
#include "tests/fuzz/fuzz_target.h"

namespace ibid {
namespace {

constexpr uint64_t kSegmentId = 1;

void RequireOk(const absl::Status& status) { Require(status.ok(), status.ToString()); }

}  // namespace

SegmentFileInfo WriteSealedFile(Env* env, const std::string& dir, uint64_t segment_id,
                                const std::map<SectionId, std::string>& sections) {
  const std::string path = JoinPath(dir, SegmentFileName(segment_id));
  auto writer = SegmentFileWriter::Create(env, path, segment_id);
  RequireOk(writer.status());
  for (const auto& [id, bytes] : sections) {
    SectionBuffer buffer(env, path + ".tmp", size_t{1} << 40);
    buffer.Append(bytes);
    RequireOk((*writer)->AddSection(id, std::move(buffer)));
  }
  const absl::StatusOr<SegmentFileInfo> info = (*writer)->Finish(/*sync=*/false);
  RequireOk(info.status());
  return *info;
}

SealedFile::SealedFile(const std::map<SectionId, std::string>& sections) {
  const SegmentFileInfo info = WriteSealedFile(env_.get(), "", kSegmentId, sections);
  auto file = SegmentFile::Open(env_.get(), SegmentFileName(kSegmentId), kSegmentId, info);
  RequireOk(file.status());
  file_ = *std::move(file);
}

SealedFile::SealedFile(SectionId id, std::string_view bytes)
    : SealedFile(std::map<SectionId, std::string>{{id, std::string(bytes)}}) {}

std::map<SectionId, std::string> SectionsOf(const SegmentFile& file) {
  std::map<SectionId, std::string> sections;
  for (const auto& [id, size] : file.sections()) {
    const auto bytes = file.section(id).Read(0, size);
    RequireOk(bytes.status());
    sections[id].assign(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  }
  return sections;
}

std::map<SectionId, std::string> RandomSections(uint32_t seed, uint32_t num_docs,
                                                uint32_t num_terms) {
  const std::unique_ptr<Env> env = NewMemoryEnv();
  const auto meta = WriteRandomSegment(
      env.get(), "", {.seed = seed, .num_docs = num_docs, .num_terms = num_terms});
  RequireOk(meta.status());
  const auto reader = SegmentReader::Open(env.get(), "", *meta);
  RequireOk(reader.status());
  return SectionsOf((*reader)->file());
}

}  // namespace ibid
