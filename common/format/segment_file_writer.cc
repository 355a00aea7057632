// The writing half of segment_file.h.
#include <algorithm>
#include <optional>
#include <utility>

#include "common/base/byte_writer.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/codec/crc32c.h"
#include "common/env/remove_quietly.h"
#include "common/format/segment_file.h"
#include "ibid/version.h"

namespace ibid {
namespace {

// What is handed to the file at a time. Not more: Linux keeps what one write brings in one piece of
// its cache and maps the whole piece where a byte of it is read, and a merge reads from many files.
constexpr size_t kWriteBytes = size_t{64} << 10;

std::span<const uint8_t> AsBytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

std::string_view AsText(std::span<const uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

// ---- SectionBuffer -----------------------------------------------------------------------------

struct SectionBuffer::Spill {
  Spill(Env* spill_env, std::string spill_path, std::unique_ptr<WritableFile> spill_file)
      : env(spill_env), path(std::move(spill_path)), file(std::move(spill_file)) {}
  Spill(const Spill&) = delete;
  Spill& operator=(const Spill&) = delete;
  ~Spill() {
    file.reset();
    RemoveQuietly(env, path);
  }

  Env* env;
  std::string path;
  std::unique_ptr<WritableFile> file;
};

SectionBuffer::SectionBuffer(Env* env, std::string spill_path, size_t memory_bytes)
    : env_(env), spill_path_(std::move(spill_path)), memory_bytes_(memory_bytes) {}
SectionBuffer::~SectionBuffer() = default;
SectionBuffer::SectionBuffer(SectionBuffer&&) noexcept = default;
SectionBuffer& SectionBuffer::operator=(SectionBuffer&&) noexcept = default;

void SectionBuffer::Append(std::string_view bytes) {
  if (!status_.ok()) return;
  size_ += bytes.size();
  if (bytes.size() <= memory_bytes_ && memory_.size() <= memory_bytes_ - bytes.size()) {
    memory_.append(bytes);
    return;
  }
  status_ = WriteToSpill(memory_);
  memory_.clear();
  if (!status_.ok()) return;
  if (bytes.size() < memory_bytes_) {
    memory_.append(bytes);
  } else {
    status_ = WriteToSpill(bytes);
  }
}

absl::Status SectionBuffer::WriteToSpill(std::string_view bytes) {
  if (spill_ == nullptr) {
    ASSIGN_OR_RETURN(auto file, env_->CreateFile(spill_path_, /*exclusive=*/true));
    spill_ = std::make_unique<Spill>(env_, spill_path_, std::move(file));
  }
  return bytes.empty() ? absl::OkStatus() : spill_->file->Append(bytes);
}

// ---- SegmentFileWriter -------------------------------------------------------------------------

struct SegmentFileWriter::Impl {
  struct Entry {
    SectionId id;
    uint64_t offset;
    uint64_t size;
  };

  // Bytes of the body: each belongs to a frame.
  absl::Status Put(std::string_view bytes);
  absl::Status PutZeros(size_t count);
  // Bytes of the body or of the tables behind it.
  absl::Status PutRaw(std::string_view bytes);
  absl::Status Flush();
  void EndFrame();
  absl::Status PutHeader();
  absl::Status PutSection(SectionBuffer buffer);
  absl::StatusOr<SegmentFileInfo> PutTables();
  absl::StatusOr<SegmentFileInfo> Finish(bool sync);

  Env* env = nullptr;
  std::string path;
  uint64_t segment_id = 0;
  std::unique_ptr<WritableFile> file;
  bool finished = false;
  absl::Status status;

  std::string buffer;
  uint64_t offset = 0;  // of the next byte in the file
  uint32_t frame_crc = 0;
  size_t frame_fill = 0;
  std::vector<uint32_t> frame_crcs;
  std::vector<Entry> entries;
};

void SegmentFileWriter::Impl::EndFrame() {
  if (frame_fill == 0) return;
  frame_crcs.push_back(frame_crc);
  frame_crc = 0;
  frame_fill = 0;
}

absl::Status SegmentFileWriter::Impl::Flush() {
  if (buffer.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(file->Append(buffer));
  buffer.clear();
  return absl::OkStatus();
}

absl::Status SegmentFileWriter::Impl::PutRaw(std::string_view bytes) {
  offset += bytes.size();
  buffer.append(bytes);
  return buffer.size() >= kWriteBytes ? Flush() : absl::OkStatus();
}

absl::Status SegmentFileWriter::Impl::Put(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, kFrameBytes - frame_fill);
    bytes.remove_prefix(piece.size());
    frame_crc = Crc32c(AsBytes(piece), frame_crc);
    frame_fill += piece.size();
    if (frame_fill == kFrameBytes) EndFrame();
    RETURN_IF_ERROR(PutRaw(piece));
  }
  return absl::OkStatus();
}

absl::Status SegmentFileWriter::Impl::PutZeros(size_t count) {
  return Put(std::string(count, '\0'));
}

absl::Status SegmentFileWriter::Impl::PutHeader() {
  ByteWriter header;
  header.Bytes(kSegmentMagic);
  header.U32(kFormatVersion);
  header.U32(0);
  header.U64(segment_id);
  RETURN_IF_ERROR(Put(header.view()));
  return PutZeros(kSegmentHeaderBytes - header.size());
}

absl::Status SegmentFileWriter::Impl::PutSection(SectionBuffer section) {
  RETURN_IF_ERROR(section.status());
  if (section.spill_ == nullptr) {
    RETURN_IF_ERROR(Put(section.memory_));
  } else {
    RETURN_IF_ERROR(section.WriteToSpill(section.memory_));
    RETURN_IF_ERROR(section.spill_->file->Close());
    ASSIGN_OR_RETURN(const auto spilled, env->OpenReadable(section.spill_path_));
    std::span<const uint8_t> bytes = spilled->bytes();
    if (bytes.size() != section.size_) {
      return absl::DataLossError(StrCat(BaseName(section.spill_path_), ": ",
                                        WithCommas(bytes.size()), " bytes, written were ",
                                        WithCommas(section.size_)));
    }
    for (size_t at = 0; at < bytes.size(); at += kWriteBytes) {
      const size_t length = std::min(kWriteBytes, bytes.size() - at);
      RETURN_IF_ERROR(Put(AsText(bytes.subspan(at, length))));
      spilled->DontNeed(at, length);
    }
  }
  const size_t beyond = offset % kSectionAlignment;
  return PutZeros(kSectionPadding + (beyond == 0 ? 0 : kSectionAlignment - beyond));
}

// Frame checksums, table of contents, footer. The checksum in the footer covers all three.
absl::StatusOr<SegmentFileInfo> SegmentFileWriter::Impl::PutTables() {
  EndFrame();
  const uint64_t tables_offset = offset;
  ByteWriter tables;
  for (uint32_t crc : frame_crcs) tables.U32(crc);
  for (const Entry& entry : entries) {
    tables.U32(static_cast<uint32_t>(entry.id));
    tables.U32(0);
    tables.U64(entry.offset);
    tables.U64(entry.size);
  }
  SegmentFileInfo info;
  info.size_bytes = tables_offset + tables.size() + kSegmentFooterBytes;
  tables.U64(tables_offset);
  tables.U64(info.size_bytes);
  tables.U64(segment_id);
  tables.U32(static_cast<uint32_t>(frame_crcs.size()));
  tables.U32(static_cast<uint32_t>(entries.size()));
  tables.U32(kFrameBytes);
  tables.U32(kFormatVersion);
  for (int i = 0; i < 3; ++i) tables.U32(0);
  info.crc = Crc32c(AsBytes(tables.view()));
  tables.U32(info.crc);
  tables.Bytes(kSegmentMagic);
  RETURN_IF_ERROR(PutRaw(tables.view()));
  return info;
}

absl::StatusOr<SegmentFileInfo> SegmentFileWriter::Impl::Finish(bool sync) {
  RETURN_IF_ERROR(status);
  ASSIGN_OR_RETURN(const SegmentFileInfo info, PutTables());
  RETURN_IF_ERROR(Flush());
  if (sync) RETURN_IF_ERROR(file->Sync());
  RETURN_IF_ERROR(file->Close());
  return info;
}

SegmentFileWriter::SegmentFileWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

SegmentFileWriter::~SegmentFileWriter() {
  if (impl_->finished) return;
  impl_->file.reset();
  RemoveQuietly(impl_->env, impl_->path);
}

absl::StatusOr<std::unique_ptr<SegmentFileWriter>> SegmentFileWriter::Create(
    Env* env, const std::string& path, uint64_t segment_id) {
  auto impl = std::make_unique<Impl>();
  impl->env = env;
  impl->path = path;
  impl->segment_id = segment_id;
  ASSIGN_OR_RETURN(impl->file, env->CreateFile(path, /*exclusive=*/true));
  impl->status = impl->PutHeader();
  return std::unique_ptr<SegmentFileWriter>(new SegmentFileWriter(std::move(impl)));
}

absl::Status SegmentFileWriter::AddSection(SectionId id, SectionBuffer buffer) {
  RETURN_IF_ERROR(impl_->status);
  if (impl_->finished || impl_->entries.size() == kMaxSections ||
      (!impl_->entries.empty() && id <= impl_->entries.back().id)) {
    impl_->status = absl::InternalError(
        StrCat(BaseName(impl_->path), ": section ", static_cast<uint32_t>(id), " out of order"));
    return impl_->status;
  }
  impl_->entries.push_back({id, impl_->offset, buffer.size()});
  impl_->status = impl_->PutSection(std::move(buffer));
  return impl_->status;
}

absl::StatusOr<SegmentFileInfo> SegmentFileWriter::Finish(bool sync) {
  if (impl_->finished) return absl::InternalError(StrCat(impl_->path, ": finished twice"));
  absl::StatusOr<SegmentFileInfo> info = impl_->Finish(sync);
  impl_->status = info.status();
  impl_->finished = info.ok();
  return info;
}

}  // namespace ibid
