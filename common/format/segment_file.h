// The frame of a segment file: sections one after another, a CRC32C for each 16 KiB, a table of
// contents, a footer. What the sections hold is the business of the structures beside this file.
//
// Writing: each structure fills a SectionBuffer (in memory, spilled to a file of its own past a
// bound), and the segment file is put together from the buffers at the end.
//
//   SectionBuffer norms(env, path + ".norms.tmp");
//   norms.Append(bytes);
//   ASSIGN_OR_RETURN(auto writer, SegmentFileWriter::Create(env, path, segment_id));
//   RETURN_IF_ERROR(writer->AddSection(SectionId::kNorms, std::move(norms)));
//   ASSIGN_OR_RETURN(SegmentFileInfo info, writer->Finish(/*sync=*/true));
//
// Reading: a frame's checksum is verified the first time one of its bytes is wanted, and never
// again; opening reads only footer and table of contents.
#ifndef IBID_COMMON_FORMAT_SEGMENT_FILE_H_
#define IBID_COMMON_FORMAT_SEGMENT_FILE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ibid/env.h"

namespace ibid {

enum class SectionId : uint32_t {
  kProperties = 1,  // document and token counts, options
  kTerms = 2,       // dictionary of surface forms
  kStems = 3,       // dictionary of stems that are not just one surface form of the same spelling
  kPairs = 4,       // dictionary of adjacent pairs; may be absent
  kPostings = 5,    // documents, frequencies, skip data of all three dictionaries
  kPositions = 6,   // positions of surface forms (and of pairs that have them)
  kNorms = 7,       // one byte a document
  kRegions = 8,     // title, sentences, paragraphs, quotations
  kColumns = 9,     // date, source and further fields
  kKeys = 10,       // document keys, sorted, and their documents
  kStored = 11,     // the documents as given, compressed; absent with --no-store
};

inline constexpr std::string_view kSegmentMagic = "IBIDSEG1";  // opens and ends each file
inline constexpr size_t kSegmentHeaderBytes = 64;
inline constexpr size_t kSegmentFooterBytes = 64;
inline constexpr size_t kSectionAlignment = 64;
inline constexpr size_t kMaxSections = 64;
inline constexpr size_t kFrameBytes = 16 * 1024;
// Readable (zero) bytes that follow each section, so that kernels may load whole vectors.
inline constexpr size_t kSectionPadding = 64;

// Bytes of one section on their way to the file. Dropping it removes its spill file.
class SectionBuffer {
 public:
  // Holds up to `memory_bytes`, then writes to `spill_path` (created exclusively when needed).
  SectionBuffer(Env* env, std::string spill_path, size_t memory_bytes = size_t{4} << 20);
  ~SectionBuffer();
  SectionBuffer(SectionBuffer&&) noexcept;
  SectionBuffer& operator=(SectionBuffer&&) noexcept;

  // Errors of the spill file are kept and returned by status() and by AddSection.
  void Append(std::string_view bytes);
  uint64_t size() const { return size_; }
  const absl::Status& status() const { return status_; }

 private:
  friend class SegmentFileWriter;
  struct Spill;

  absl::Status WriteToSpill(std::string_view bytes);

  Env* env_;
  std::string spill_path_;
  size_t memory_bytes_;
  uint64_t size_ = 0;
  std::string memory_;
  std::unique_ptr<Spill> spill_;
  absl::Status status_;
};

struct SegmentFileInfo {
  uint64_t size_bytes = 0;
  uint32_t crc = 0;  // of the table of contents and the frame checksums: stands for every byte

  bool operator==(const SegmentFileInfo&) const = default;
};

class SegmentFileWriter {
 public:
  // `segment_id` is written into header and footer and checked by readers.
  static absl::StatusOr<std::unique_ptr<SegmentFileWriter>> Create(Env* env,
                                                                   const std::string& path,
                                                                   uint64_t segment_id);
  ~SegmentFileWriter();

  // Each id once, in increasing order.
  absl::Status AddSection(SectionId id, SectionBuffer buffer);
  // Writes table of contents and footer; with `sync`, forces the file to disk before closing it.
  // A writer that fails, or is dropped without Finish, removes its file.
  absl::StatusOr<SegmentFileInfo> Finish(bool sync);

 private:
  struct Impl;
  explicit SegmentFileWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

class SegmentFile;

// One section of an open segment file. Cheap to copy; valid while the SegmentFile lives. Safe to
// share by threads.
class Section {
 public:
  Section() = default;

  uint64_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  // The bytes [offset, offset + length) of the section, their frames verified. DataLoss where the
  // range leaves the section or a checksum is wrong; the message names file, section, byte.
  absl::StatusOr<std::span<const uint8_t>> Read(uint64_t offset, uint64_t length) const;

  // For hot loops: true if [offset, offset + length) lies in the section and its frames are sound.
  // False: Read with the same arguments gives the error. kSectionPadding more bytes are readable.
  bool Touch(uint64_t offset, uint64_t length) const;
  const uint8_t* data() const { return data_; }

  // "seg_0000000007.ibid: postings", for messages.
  const std::string& name() const;
  // DataLoss "<name>: at byte <offset>: <what>".
  absl::Status Corrupt(uint64_t offset, std::string_view what) const;

  void WillNeed(uint64_t offset, uint64_t length) const;
  void DontNeed(uint64_t offset, uint64_t length) const;

 private:
  friend class SegmentFile;
  const SegmentFile* file_ = nullptr;
  const std::string* name_ = nullptr;
  const uint8_t* data_ = nullptr;
  const std::atomic<uint64_t>* verified_ = nullptr;  // a bit for each frame of the file
  uint64_t file_offset_ = 0;
  uint64_t size_ = 0;
};

// An open segment file. Safe to share by threads.
class SegmentFile {
 public:
  // Reads footer and table of contents and compares them with what the manifest says of the file.
  // NotFound; DataLoss ("seg_0000000007.ibid: 81,920 bytes, manifest says 114,688");
  // FailedPrecondition for a format version this library does not read.
  static absl::StatusOr<std::unique_ptr<SegmentFile>> Open(Env* env, const std::string& path,
                                                           uint64_t segment_id,
                                                           const SegmentFileInfo& expected);
  // What a manifest would say of the file, taken from its own footer: for those who lost theirs.
  // NotFound; DataLoss where it does not end as a segment file does.
  static absl::StatusOr<SegmentFileInfo> Describe(Env* env, const std::string& path);
  ~SegmentFile();

  // The section, or an empty one where the file has none of that id.
  Section section(SectionId id) const;
  std::vector<std::pair<SectionId, uint64_t>> sections() const;  // ids with sizes in bytes
  uint64_t size_bytes() const;
  uint32_t format_version() const;  // that it was written in
  // Reads every byte of the file: frames, padding, header, table, footer. DataLoss at the first
  // bad.
  absl::Status VerifyAll() const;

 private:
  friend class Section;
  struct Impl;
  explicit SegmentFile(std::unique_ptr<Impl> impl);
  bool TouchFrames(uint64_t first, uint64_t last) const;  // frames, both included

  std::unique_ptr<Impl> impl_;
};

// "terms", "postings", ...
std::string_view SectionName(SectionId id);

inline bool Section::Touch(uint64_t offset, uint64_t length) const {
  if (offset > size_ || length > size_ - offset) return false;
  if (length == 0) return true;
  const uint64_t first = (file_offset_ + offset) / kFrameBytes;
  const uint64_t last = (file_offset_ + offset + length - 1) / kFrameBytes;
  // Relaxed: the bit says that bytes which never change were found sound; it publishes nothing.
  if (first == last &&
      (verified_[first >> 6].load(std::memory_order_relaxed) >> (first & 63) & 1)) {
    return true;
  }
  return file_->TouchFrames(first, last);
}

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_SEGMENT_FILE_H_
