// The reading half of segment_file.h.
#include "common/format/segment_file.h"

#include <algorithm>
#include <bit>
#include <iterator>

#include "common/base/byte_reader.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/codec/crc32c.h"
#include "ibid/version.h"

namespace ibid {
namespace {

constexpr size_t kEntryBytes = 24;
constexpr size_t kFrameCrcBytes = 4;
// What follows the footer's checksum: the checksum itself and the magic.
constexpr size_t kFooterTailBytes = 12;

constexpr std::string_view kSectionNames[] = {
    "",          "properties", "terms",   "stems",   "pairs", "postings",
    "positions", "norms",      "regions", "columns", "keys",  "stored",
};

constexpr uint8_t kNoBytes[kSectionPadding] = {};

uint64_t AlignUp(uint64_t offset) {
  return (offset + kSectionAlignment - 1) / kSectionAlignment * kSectionAlignment;
}

struct Footer {
  uint64_t tables_offset = 0;
  uint64_t file_bytes = 0;
  uint64_t segment_id = 0;
  uint32_t num_frames = 0;
  uint32_t num_sections = 0;
  uint32_t frame_bytes = 0;
  uint32_t format_version = 0;
  bool reserved_is_zero = false;
  uint32_t crc = 0;
  std::string_view magic;
};

// REQUIRES: a footer fits.
Footer ReadFooter(std::span<const uint8_t> bytes) {
  RecordReader in(bytes.last(kSegmentFooterBytes));
  Footer footer;
  footer.tables_offset = in.U64();
  footer.file_bytes = in.U64();
  footer.segment_id = in.U64();
  footer.num_frames = in.U32();
  footer.num_sections = in.U32();
  footer.frame_bytes = in.U32();
  footer.format_version = in.U32();
  const uint64_t reserved = in.U64();
  const uint32_t reserved_too = in.U32();
  footer.reserved_is_zero = reserved == 0 && reserved_too == 0;
  footer.crc = in.U32();
  footer.magic = in.Bytes(kSegmentMagic.size());
  return footer;
}

bool IsReadable(uint32_t version) {
  return version >= kOldestReadableFormatVersion && version <= kFormatVersion;
}

// FailedPrecondition where the file says twice, in header and footer, that it is of a version that
// is not read; one changed byte cannot do that.
absl::Status CheckVersion(std::span<const uint8_t> bytes, const Footer& footer,
                          const std::string& name) {
  if (IsReadable(footer.format_version)) return absl::OkStatus();
  RecordReader in(bytes);
  const std::string_view magic = in.Bytes(kSegmentMagic.size());
  const uint32_t header_version = in.U32();
  if (magic == kSegmentMagic && header_version == footer.format_version) {
    return absl::FailedPreconditionError(StrCat(name, ": format ", header_version,
                                                "; this program reads ",
                                                kOldestReadableFormatVersion, "-", kFormatVersion));
  }
  return absl::DataLossError(
      StrCat(name, ": footer: format ", footer.format_version, ", header says ", header_version));
}

// That the numbers of the footer fit the size of the file and each other. After this the tables
// lie where the footer says, wholly inside the file.
absl::Status CheckSizes(const Footer& footer, uint64_t size, const std::string& name) {
  const auto corrupt = [&](std::string_view what) {
    return absl::DataLossError(StrCat(name, ": footer: ", what));
  };
  if (footer.file_bytes != size) {
    return corrupt(
        StrCat("file of ", WithCommas(footer.file_bytes), " bytes, found ", WithCommas(size)));
  }
  if (!footer.reserved_is_zero) return corrupt("a reserved byte is not zero");
  if (footer.frame_bytes != kFrameBytes) {
    return corrupt(StrCat("frames of ", footer.frame_bytes, " bytes"));
  }
  if (footer.num_sections > kMaxSections) return corrupt("too many sections");
  if (footer.tables_offset < kSegmentHeaderBytes || footer.tables_offset > size) {
    return corrupt("tables outside the file");
  }
  const uint64_t num_frames = (footer.tables_offset + kFrameBytes - 1) / kFrameBytes;
  if (footer.num_frames != num_frames) return corrupt("number of frames does not fit");
  if (footer.tables_offset + num_frames * kFrameCrcBytes + footer.num_sections * kEntryBytes +
          kSegmentFooterBytes !=
      size) {
    return corrupt("tables do not fill the file");
  }
  return absl::OkStatus();
}

std::string WrongCrc(uint32_t found, uint32_t expected) {
  return StrCat("checksum ", Hex8(found), ", expected ", Hex8(expected));
}

}  // namespace

std::string_view SectionName(SectionId id) {
  const auto index = static_cast<size_t>(id);
  return index > 0 && index < std::size(kSectionNames) ? kSectionNames[index] : "unknown section";
}

struct SegmentFile::Impl {
  struct Entry {
    SectionId id;
    uint64_t offset;
    uint64_t size;
  };

  absl::Status ReadTables(const Footer& footer);
  absl::Status CheckTablesCrc(uint32_t expected) const;
  absl::Status CheckHeader() const;
  absl::Status CheckPadding() const;
  uint32_t FoundCrc(uint64_t frame) const;
  uint32_t ExpectedCrc(uint64_t frame) const;
  bool FrameIsSound(uint64_t frame) const { return FoundCrc(frame) == ExpectedCrc(frame); }
  absl::Status BadFrame(uint64_t frame, std::string_view section_name) const;
  uint64_t SoundFramesBefore(uint64_t frame) const;
  void ReadAhead(uint64_t frame, uint64_t last) const;
  // The name for messages of the section that the first byte of the frame belongs to.
  std::string NameAt(uint64_t frame) const;

  std::unique_ptr<ReadableFile> file;
  std::span<const uint8_t> bytes;
  std::string name;  // of the file, without its directory
  uint64_t segment_id = 0;
  uint32_t format_version = 0;
  uint64_t tables_offset = 0;
  uint64_t num_frames = 0;
  uint32_t tables_crc = 0;
  std::vector<Entry> entries;
  std::vector<std::string> section_names;  // by SectionId
  std::unique_ptr<std::atomic<uint64_t>[]> verified;
};

absl::Status SegmentFile::Impl::CheckTablesCrc(uint32_t expected) const {
  const uint32_t found =
      Crc32c(bytes.subspan(tables_offset, bytes.size() - kFooterTailBytes - tables_offset));
  if (found == expected) return absl::OkStatus();
  return absl::DataLossError(StrCat(name, ": tables: ", WrongCrc(found, expected)));
}

// The table of contents must be the one that the writer's rule of alignment and padding gives.
absl::Status SegmentFile::Impl::ReadTables(const Footer& footer) {
  const auto corrupt = [&](std::string_view what) {
    return absl::DataLossError(StrCat(name, ": table of contents: ", what));
  };
  RecordReader in(bytes.subspan(tables_offset + num_frames * kFrameCrcBytes));
  uint64_t next_offset = kSegmentHeaderBytes;
  uint32_t last_id = 0;
  for (uint32_t i = 0; i < footer.num_sections; ++i) {
    const uint32_t id = in.U32();
    const uint32_t zero = in.U32();
    const uint64_t offset = in.U64();
    const uint64_t size = in.U64();
    if (id <= last_id || zero != 0) return corrupt("out of order");
    if (offset != next_offset || size > tables_offset || offset > tables_offset - size) {
      return corrupt(StrCat("section ", id, " is out of place"));
    }
    entries.push_back({static_cast<SectionId>(id), offset, size});
    next_offset = AlignUp(offset + size + kSectionPadding);
    last_id = id;
  }
  if (next_offset != tables_offset) return corrupt("sections do not fill the file");
  return absl::OkStatus();
}

absl::Status SegmentFile::Impl::CheckHeader() const {
  RecordReader in(bytes.first(kSegmentHeaderBytes));
  const std::string_view magic = in.Bytes(kSegmentMagic.size());
  const uint32_t version = in.U32();
  const uint32_t zero = in.U32();
  const uint64_t id = in.U64();
  const std::string_view rest = in.Bytes(kSegmentHeaderBytes);
  if (magic != kSegmentMagic || !IsReadable(version) || zero != 0 || id != segment_id ||
      rest.find_first_not_of('\0') != std::string_view::npos) {
    return absl::DataLossError(StrCat(name, ": header is not that of segment ", segment_id));
  }
  return absl::OkStatus();
}

absl::Status SegmentFile::Impl::CheckPadding() const {
  for (size_t i = 0; i < entries.size(); ++i) {
    const uint64_t begin = entries[i].offset + entries[i].size;
    const uint64_t end = i + 1 < entries.size() ? entries[i + 1].offset : tables_offset;
    for (const uint8_t byte : bytes.subspan(begin, end - begin)) {
      if (byte != 0) {
        return absl::DataLossError(StrCat(name, ": ", SectionName(entries[i].id),
                                          ": padding at byte ", WithCommas(begin), " is not zero"));
      }
    }
  }
  return absl::OkStatus();
}

uint32_t SegmentFile::Impl::FoundCrc(uint64_t frame) const {
  const uint64_t begin = frame * kFrameBytes;
  return Crc32c(bytes.subspan(begin, std::min<uint64_t>(kFrameBytes, tables_offset - begin)));
}

uint32_t SegmentFile::Impl::ExpectedCrc(uint64_t frame) const {
  const std::span<const uint8_t> at = bytes.subspan(tables_offset + frame * kFrameCrcBytes, 4);
  return static_cast<uint32_t>(at[0]) | static_cast<uint32_t>(at[1]) << 8 |
         static_cast<uint32_t>(at[2]) << 16 | static_cast<uint32_t>(at[3]) << 24;
}

absl::Status SegmentFile::Impl::BadFrame(uint64_t frame, std::string_view section_name) const {
  return absl::DataLossError(StrCat(section_name, " block at byte ",
                                    WithCommas(frame * kFrameBytes), ": ",
                                    WrongCrc(FoundCrc(frame), ExpectedCrc(frame))));
}

std::string SegmentFile::Impl::NameAt(uint64_t frame) const {
  const uint64_t begin = frame * kFrameBytes;
  std::string_view section = "header";
  for (const Entry& entry : entries) {
    if (entry.offset <= begin) section = SectionName(entry.id);
  }
  return StrCat(name, ": ", section);
}

SegmentFile::SegmentFile(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SegmentFile::~SegmentFile() = default;

absl::StatusOr<std::unique_ptr<SegmentFile>> SegmentFile::Open(Env* env, const std::string& path,
                                                               uint64_t segment_id,
                                                               const SegmentFileInfo& expected) {
  auto impl = std::make_unique<Impl>();
  ASSIGN_OR_RETURN(impl->file, env->OpenReadable(path));
  impl->file->NoReadAhead();
  impl->bytes = impl->file->bytes();
  impl->name = BaseName(path);
  impl->segment_id = segment_id;
  const std::string& name = impl->name;
  const uint64_t size = impl->bytes.size();
  if (size != expected.size_bytes) {
    return absl::DataLossError(StrCat(name, ": ", WithCommas(size), " bytes, manifest says ",
                                      WithCommas(expected.size_bytes)));
  }
  if (size < kSegmentHeaderBytes + kSegmentFooterBytes) {
    return absl::DataLossError(StrCat(name, ": ", size, " bytes are no segment file"));
  }
  const Footer footer = ReadFooter(impl->bytes);
  if (footer.magic != kSegmentMagic) {
    return absl::DataLossError(StrCat(name, ": footer is not that of a segment file"));
  }
  RETURN_IF_ERROR(CheckVersion(impl->bytes, footer, name));
  RETURN_IF_ERROR(CheckSizes(footer, size, name));
  impl->format_version = footer.format_version;
  impl->tables_offset = footer.tables_offset;
  impl->num_frames = footer.num_frames;
  impl->tables_crc = footer.crc;
  impl->file->WillNeed(footer.tables_offset, size - footer.tables_offset);
  RETURN_IF_ERROR(impl->CheckTablesCrc(footer.crc));
  if (footer.crc != expected.crc) {
    return absl::DataLossError(
        StrCat(name, ": checksum ", Hex8(footer.crc), ", manifest says ", Hex8(expected.crc)));
  }
  if (footer.segment_id != segment_id) {
    return absl::DataLossError(
        StrCat(name, ": holds segment ", footer.segment_id, ", expected ", segment_id));
  }
  RETURN_IF_ERROR(impl->ReadTables(footer));
  for (size_t id = 0; id < std::size(kSectionNames); ++id) {
    impl->section_names.push_back(StrCat(name, ": ", SectionName(static_cast<SectionId>(id))));
  }
  impl->verified = std::make_unique<std::atomic<uint64_t>[]>((impl->num_frames + 63) / 64);
  return std::unique_ptr<SegmentFile>(new SegmentFile(std::move(impl)));
}

absl::StatusOr<SegmentFileInfo> SegmentFile::Describe(Env* env, const std::string& path) {
  ASSIGN_OR_RETURN(const auto file, env->OpenReadable(path));
  const std::span<const uint8_t> bytes = file->bytes();
  const std::string name(BaseName(path));
  if (bytes.size() < kSegmentHeaderBytes + kSegmentFooterBytes) {
    return absl::DataLossError(StrCat(name, ": ", bytes.size(), " bytes are no segment file"));
  }
  const Footer footer = ReadFooter(bytes);
  if (footer.magic != kSegmentMagic) {
    return absl::DataLossError(StrCat(name, ": footer is not that of a segment file"));
  }
  return SegmentFileInfo{.size_bytes = bytes.size(), .crc = footer.crc};
}

Section SegmentFile::section(SectionId id) const {
  Section section;
  const auto index = static_cast<size_t>(id);
  section.file_ = this;
  section.name_ = &impl_->section_names[index < impl_->section_names.size() ? index : 0];
  section.verified_ = impl_->verified.get();
  section.data_ = kNoBytes;
  for (const Impl::Entry& entry : impl_->entries) {
    if (entry.id != id) continue;
    section.data_ = impl_->bytes.data() + entry.offset;
    section.file_offset_ = entry.offset;
    section.size_ = entry.size;
  }
  return section;
}

std::vector<std::pair<SectionId, uint64_t>> SegmentFile::sections() const {
  std::vector<std::pair<SectionId, uint64_t>> result;
  for (const Impl::Entry& entry : impl_->entries) result.emplace_back(entry.id, entry.size);
  return result;
}

uint64_t SegmentFile::size_bytes() const { return impl_->bytes.size(); }
uint32_t SegmentFile::format_version() const { return impl_->format_version; }

// How many frames just before `frame` were found sound, at most 64.
uint64_t SegmentFile::Impl::SoundFramesBefore(uint64_t frame) const {
  const uint64_t shift = frame & 63;
  const auto word = [&](uint64_t i) { return verified[i].load(std::memory_order_relaxed); };
  uint64_t before = 0;  // the highest bit is the frame before this one
  if (shift != 0) before = word(frame >> 6) << (64 - shift);
  if (frame >= 64) before |= word((frame >> 6) - 1) >> shift;
  return static_cast<uint64_t>(std::countl_one(before));
}

// Before `frame`, and the others up to `last`, are read for the first time. A frame that nobody was
// near is read alone; whoever goes on from frame to frame has as many read at once as were read
// already, up to 32 (512 KB), so that at most half of what is read was not asked for.
void SegmentFile::Impl::ReadAhead(uint64_t frame, uint64_t last) const {
  constexpr uint64_t kMost = 32;
  const uint64_t run = SoundFramesBefore(frame);
  const bool doubles = run < kMost && (run & (run - 1)) == 0;
  const bool goes_on = run == kMost || (run > kMost && frame % kMost == 0);
  if (!doubles && !goes_on && frame == last) return;
  const uint64_t end = goes_on ? (frame / kMost + 1) * kMost : frame + std::max<uint64_t>(run, 1);
  file->WillNeed(frame * kFrameBytes, (std::max(end, last + 1) - frame) * kFrameBytes);
}

bool SegmentFile::TouchFrames(uint64_t first, uint64_t last) const {
  bool reads = false;
  for (uint64_t frame = first; frame <= last; ++frame) {
    std::atomic<uint64_t>& word = impl_->verified[frame >> 6];
    const uint64_t bit = uint64_t{1} << (frame & 63);
    if ((word.load(std::memory_order_relaxed) & bit) != 0) continue;
    if (!reads) impl_->ReadAhead(frame, last);
    reads = true;
    // Two threads may both sum a frame; a frame that failed stays unmarked and fails again.
    if (!impl_->FrameIsSound(frame)) return false;
    word.fetch_or(bit, std::memory_order_relaxed);
  }
  return true;
}

absl::Status SegmentFile::VerifyAll() const {
  constexpr uint64_t kFramesAtATime = 512;
  for (uint64_t frame = 0; frame < impl_->num_frames; ++frame) {
    if (frame % kFramesAtATime == 0) {
      impl_->file->WillNeed(frame * kFrameBytes, kFramesAtATime * kFrameBytes);
    }
    if (!impl_->FrameIsSound(frame)) return impl_->BadFrame(frame, impl_->NameAt(frame));
    if (frame % kFramesAtATime == kFramesAtATime - 1) {
      impl_->file->DontNeed((frame + 1 - kFramesAtATime) * kFrameBytes,
                            kFramesAtATime * kFrameBytes);
    }
  }
  RETURN_IF_ERROR(impl_->CheckHeader());
  RETURN_IF_ERROR(impl_->CheckPadding());
  return impl_->CheckTablesCrc(impl_->tables_crc);
}

// ---- Section -----------------------------------------------------------------------------------

const std::string& Section::name() const {
  static const std::string none = "no section";
  return name_ == nullptr ? none : *name_;
}

absl::Status Section::Corrupt(uint64_t offset, std::string_view what) const {
  return absl::DataLossError(StrCat(name(), ": at byte ", WithCommas(offset), ": ", what));
}

absl::StatusOr<std::span<const uint8_t>> Section::Read(uint64_t offset, uint64_t length) const {
  if (Touch(offset, length)) return std::span<const uint8_t>(data_ + offset, length);
  if (offset > size_ || length > size_ - offset) {
    return Corrupt(
        offset, StrCat("ends early: ", WithCommas(length), " bytes wanted of ", WithCommas(size_)));
  }
  const uint64_t first = (file_offset_ + offset) / kFrameBytes;
  const uint64_t last = (file_offset_ + offset + length - 1) / kFrameBytes;
  for (uint64_t frame = first; frame <= last; ++frame) {
    if (!file_->TouchFrames(frame, frame)) return file_->impl_->BadFrame(frame, name());
  }
  return std::span<const uint8_t>(data_ + offset, length);
}

void Section::WillNeed(uint64_t offset, uint64_t length) const {
  if (offset > size_ || length > size_ - offset || length == 0) return;
  file_->impl_->file->WillNeed(file_offset_ + offset, length);
}

void Section::DontNeed(uint64_t offset, uint64_t length) const {
  if (offset > size_ || length > size_ - offset || length == 0) return;
  file_->impl_->file->DontNeed(file_offset_ + offset, length);
}

}  // namespace ibid
