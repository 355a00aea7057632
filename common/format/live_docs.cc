#include "common/format/live_docs.h"

#include <bit>

#include "common/base/byte_reader.h"
#include "common/base/byte_writer.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/codec/crc32c.h"
#include "common/format/file_names.h"
#include "ibid/limits.h"
#include "ibid/version.h"

namespace ibid {
namespace {

size_t NumWords(uint32_t num_docs) { return (size_t{num_docs} + 63) / 64; }

std::span<const uint8_t> AsBytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

absl::Status WriteAll(WritableFile* file, std::string_view bytes, bool sync) {
  RETURN_IF_ERROR(file->Append(bytes));
  if (sync) RETURN_IF_ERROR(file->Sync());
  return file->Close();
}

// What the header of the file must say.
struct Identity {
  uint64_t segment_id;
  uint64_t generation;
  uint32_t num_docs;
  uint32_t num_deleted;
};

absl::Status Corrupt(std::string_view name, std::string_view what) {
  return absl::DataLossError(StrCat(name, ": ", what));
}

absl::Status CheckHeader(std::string_view name, RecordReader* in, const Identity& expected) {
  const std::string_view magic = in->Bytes(kLiveDocsMagic.size());
  const uint32_t version = in->U32();
  const uint32_t num_docs = in->U32();
  const uint64_t segment_id = in->U64();
  const uint64_t generation = in->U64();
  const uint32_t num_deleted = in->U32();
  const uint32_t zero = in->U32();
  if (magic != kLiveDocsMagic) return Corrupt(name, "not a file of live documents");
  if (version < kOldestReadableFormatVersion || version > kFormatVersion) {
    return Corrupt(name, StrCat("format ", version));
  }
  if (segment_id != expected.segment_id || generation != expected.generation || zero != 0) {
    return Corrupt(name, StrCat("holds generation ", generation, " of segment ", segment_id));
  }
  if (num_docs != expected.num_docs || num_deleted != expected.num_deleted) {
    return Corrupt(name, StrCat(num_deleted, " of ", num_docs, " documents deleted, manifest says ",
                                expected.num_deleted, " of ", expected.num_docs));
  }
  return absl::OkStatus();
}

}  // namespace

LiveDocs::LiveDocs(uint32_t num_docs) : num_docs_(num_docs), words_(NumWords(num_docs), ~0ull) {
  if (num_docs % 64 != 0) words_.back() = (uint64_t{1} << (num_docs % 64)) - 1;
}

bool LiveDocs::Delete(DocId doc) {
  if (!IsLive(doc)) return false;
  words_[doc >> 6] &= ~(uint64_t{1} << (doc & 63));
  ++num_deleted_;
  return true;
}

absl::StatusOr<SegmentFileInfo> LiveDocs::Write(Env* env, const std::string& dir,
                                                uint64_t segment_id, uint64_t generation,
                                                bool sync) const {
  ByteWriter out;
  out.Bytes(kLiveDocsMagic);
  out.U32(kFormatVersion);
  out.U32(num_docs_);
  out.U64(segment_id);
  out.U64(generation);
  out.U32(num_deleted_);
  out.U32(0);
  for (uint64_t word : words_) out.U64(word);
  SegmentFileInfo info;
  info.crc = Crc32c(AsBytes(out.view()));
  out.U32(info.crc);
  info.size_bytes = out.size();

  const std::string path = JoinPath(dir, LiveDocsFileName(segment_id, generation));
  ASSIGN_OR_RETURN(std::unique_ptr<WritableFile> file, env->CreateFile(path, /*exclusive=*/true));
  const absl::Status status = WriteAll(file.get(), out.view(), sync);
  if (!status.ok()) {
    file.reset();
    env->Remove(path).IgnoreError();
    return status;
  }
  return info;
}

absl::StatusOr<LiveDocsInfo> LiveDocs::Describe(Env* env, const std::string& dir,
                                                uint64_t segment_id, uint64_t generation) {
  constexpr size_t kNumDeletedOffset = 32;
  constexpr size_t kCrcBytes = 4;
  const std::string name = LiveDocsFileName(segment_id, generation);
  ASSIGN_OR_RETURN(const auto file, env->OpenReadable(JoinPath(dir, name)));
  const std::span<const uint8_t> bytes = file->bytes();
  if (bytes.size() < kLiveDocsHeaderBytes + kCrcBytes) return Corrupt(name, "ends early");
  LiveDocsInfo info;
  info.num_deleted = RecordReader(bytes.subspan(kNumDeletedOffset)).U32();
  info.file.crc = RecordReader(bytes.last(kCrcBytes)).U32();
  info.file.size_bytes = bytes.size();
  return info;
}

absl::StatusOr<LiveDocs> LiveDocs::Read(Env* env, const std::string& dir, uint64_t segment_id,
                                        uint64_t generation, const SegmentFileInfo& expected,
                                        uint32_t num_docs, uint32_t num_deleted) {
  const std::string name = LiveDocsFileName(segment_id, generation);
  ASSIGN_OR_RETURN(const auto file, env->OpenReadable(JoinPath(dir, name)));
  const std::span<const uint8_t> bytes = file->bytes();
  if (bytes.size() != expected.size_bytes) {
    return absl::DataLossError(StrCat(name, ": ", WithCommas(bytes.size()),
                                      " bytes, manifest says ", WithCommas(expected.size_bytes)));
  }
  if (bytes.size() != kLiveDocsHeaderBytes + NumWords(num_docs) * sizeof(uint64_t) + 4) {
    return Corrupt(name, StrCat(WithCommas(bytes.size()), " bytes do not hold ",
                                WithCommas(num_docs), " documents"));
  }
  const uint32_t crc = Crc32c(bytes.first(bytes.size() - 4));
  const uint32_t stored_crc = RecordReader(bytes.last(4)).U32();
  if (crc != stored_crc || crc != expected.crc) {
    return absl::DataLossError(
        StrCat(name, ": checksum ", Hex8(crc), ", expected ", Hex8(expected.crc)));
  }
  RecordReader in(bytes);
  RETURN_IF_ERROR(CheckHeader(name, &in, {segment_id, generation, num_docs, num_deleted}));

  LiveDocs live(num_docs);
  uint64_t num_live = 0;
  for (uint64_t& word : live.words_) {
    const uint64_t all = word;
    word = in.U64();
    if ((word & ~all) != 0) return Corrupt(name, "a document past the last");
    num_live += static_cast<uint64_t>(std::popcount(word));
  }
  if (num_live + num_deleted != num_docs) return Corrupt(name, "number of deleted documents");
  live.num_deleted_ = num_deleted;
  return live;
}

}  // namespace ibid
