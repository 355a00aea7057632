#include "common/format/manifest.h"

#include <set>

#include "common/base/byte_reader.h"
#include "common/base/byte_writer.h"
#include "common/base/memory_guard.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/codec/crc32c.h"
#include "common/format/file_names.h"
#include "ibid/limits.h"
#include "ibid/version.h"

namespace ibid {
namespace {

constexpr size_t kCrcBytes = 4;
constexpr size_t kMaxLanguageBytes = 64;
constexpr size_t kMaxVersionsBytes = 4096;
constexpr uint32_t kFirstVersionWithPairs = 2;
// Of tokens or bytes in a segment: the sums over all segments stay far from 64 bits.
constexpr uint64_t kMaxSum = uint64_t{1} << 52;

std::span<const uint8_t> AsBytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

void AppendFileInfo(const SegmentFileInfo& info, ByteWriter* out) {
  out->Varint64(info.size_bytes);
  out->U32(info.crc);
}

void AppendSegment(const SegmentMeta& segment, ByteWriter* out) {
  out->Varint64(segment.id);
  AppendFileInfo(segment.file, out);
  out->Varint64(segment.num_docs);
  out->Varint64(segment.num_tokens);
  out->Varint64(segment.text_bytes);
  out->Varint64(segment.num_deleted);
  if (segment.num_deleted == 0) return;
  out->Varint64(segment.live_docs_generation);
  AppendFileInfo(segment.live_docs_file, out);
}

// A Varint64 between two bounds.
absl::StatusOr<uint64_t> Bounded(ByteReader* in, std::string_view what, uint64_t least,
                                 uint64_t most) {
  ASSIGN_OR_RETURN(const uint64_t number, in->Varint64());
  if (number >= least && number <= most) return number;
  return in->Corrupt(StrCat(what, " is ", number, ", expected ", least, " to ", most));
}

absl::StatusOr<std::string> Text(ByteReader* in, size_t max_bytes) {
  ASSIGN_OR_RETURN(const std::string_view text, in->LengthPrefixed(max_bytes));
  return std::string(text);
}

absl::StatusOr<SegmentFileInfo> ReadFileInfo(ByteReader* in) {
  SegmentFileInfo info;
  ASSIGN_OR_RETURN(info.size_bytes, in->Varint64());
  ASSIGN_OR_RETURN(info.crc, in->U32());
  return info;
}

absl::StatusOr<SegmentMeta> ReadSegment(ByteReader* in, uint64_t next_segment_id) {
  SegmentMeta segment;
  ASSIGN_OR_RETURN(segment.id, Bounded(in, "segment id", 1, next_segment_id - 1));
  ASSIGN_OR_RETURN(segment.file, ReadFileInfo(in));
  ASSIGN_OR_RETURN(const uint64_t num_docs, Bounded(in, "documents", 1, kMaxDocuments));
  segment.num_docs = static_cast<uint32_t>(num_docs);
  ASSIGN_OR_RETURN(segment.num_tokens, Bounded(in, "tokens", 0, kMaxSum));
  ASSIGN_OR_RETURN(segment.text_bytes, Bounded(in, "text bytes", 0, kMaxSum));
  ASSIGN_OR_RETURN(const uint64_t num_deleted, Bounded(in, "deleted documents", 0, num_docs));
  segment.num_deleted = static_cast<uint32_t>(num_deleted);
  if (num_deleted == 0) return segment;
  ASSIGN_OR_RETURN(segment.live_docs_generation,
                   Bounded(in, "live docs' generation", 1, kMaxGeneration));
  ASSIGN_OR_RETURN(segment.live_docs_file, ReadFileInfo(in));
  return segment;
}

absl::StatusOr<std::vector<SegmentMeta>> ReadSegments(ByteReader* in, uint64_t next_segment_id) {
  ASSIGN_OR_RETURN(const uint64_t count, Bounded(in, "segments", 0, kMaxSegments));
  std::vector<SegmentMeta> segments;
  std::set<uint64_t> ids;
  uint64_t num_docs = 0;
  for (uint64_t i = 0; i < count; ++i) {
    ASSIGN_OR_RETURN(SegmentMeta segment, ReadSegment(in, next_segment_id));
    if (!ids.insert(segment.id).second)
      return in->Corrupt(StrCat("segment ", segment.id, " twice"));
    num_docs += segment.num_docs;
    if (num_docs > kMaxDocuments) return in->Corrupt("more documents than an index may have");
    segments.push_back(std::move(segment));
  }
  return segments;
}

absl::StatusOr<std::vector<std::pair<std::string, StoredColumnType>>> ReadColumns(ByteReader* in) {
  ASSIGN_OR_RETURN(const uint64_t count, Bounded(in, "columns", 0, kMaxFields));
  std::vector<std::pair<std::string, StoredColumnType>> columns;
  std::set<std::string> names;
  for (uint64_t i = 0; i < count; ++i) {
    ASSIGN_OR_RETURN(std::string name, Text(in, kMaxColumnNameBytes));
    ASSIGN_OR_RETURN(const uint64_t type,
                     Bounded(in, "column type", 0, static_cast<uint64_t>(StoredColumnType::kDate)));
    if (name.empty()) return in->Corrupt("a column without a name");
    if (!names.insert(name).second) return in->Corrupt("a column twice");
    columns.emplace_back(std::move(name), static_cast<StoredColumnType>(type));
  }
  return columns;
}

absl::StatusOr<IndexOptions> ReadOptions(ByteReader* in, uint32_t version) {
  IndexOptions options;
  ASSIGN_OR_RETURN(const uint64_t analyzer,
                   Bounded(in, "analyzer", 0, static_cast<uint64_t>(AnalyzerKind::kAlnum)));
  options.analyzer = static_cast<AnalyzerKind>(analyzer);
  ASSIGN_OR_RETURN(options.language, Text(in, kMaxLanguageBytes));
  ASSIGN_OR_RETURN(const uint64_t store_text, Bounded(in, "store_text", 0, 1));
  options.store_text = store_text == 1;
  if (version >= kFirstVersionWithPairs) {
    ASSIGN_OR_RETURN(const uint64_t percent, Bounded(in, "pairs", 0, 100));
    options.pairs_percent = static_cast<int>(percent);
  }
  return options;
}

absl::StatusOr<Manifest> ReadPayload(ByteReader* in, uint32_t version) {
  Manifest manifest;
  ASSIGN_OR_RETURN(manifest.generation, Bounded(in, "generation", 0, kMaxGeneration));
  ASSIGN_OR_RETURN(manifest.options, ReadOptions(in, version));
  ASSIGN_OR_RETURN(manifest.analysis_version, in->Varint32());
  ASSIGN_OR_RETURN(manifest.library_versions, Text(in, kMaxVersionsBytes));
  ASSIGN_OR_RETURN(manifest.next_segment_id,
                   Bounded(in, "next segment id", 1, kFirstPassingSegmentId));
  ASSIGN_OR_RETURN(manifest.columns, ReadColumns(in));
  ASSIGN_OR_RETURN(manifest.segments, ReadSegments(in, manifest.next_segment_id));
  if (!in->empty()) return in->Corrupt("bytes after the last segment");
  return manifest;
}

// Steps 4 and 5; nothing is left behind where one of them fails.
absl::Status WriteTemporary(WritableFile* file, std::string_view bytes) {
  RETURN_IF_ERROR(file->Append(bytes));
  RETURN_IF_ERROR(file->Sync());
  return file->Close();
}

absl::StatusOr<Manifest> ReadPresentManifest(Env* env, const std::string& dir) {
  const auto file = env->OpenReadable(JoinPath(dir, kManifestName));
  if (absl::IsNotFound(file.status())) {
    return absl::NotFoundError(StrCat(dir, ": no index here (no ", kManifestName, ")"));
  }
  RETURN_IF_ERROR(file.status());
  const std::span<const uint8_t> bytes = (*file)->bytes();
  return Manifest::Decode({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, dir);
}

// The first file of `dir` that stands there only after a manifest did; empty for none.
absl::StatusOr<std::string> FirstRemains(Env* env, const std::string& dir) {
  const auto names = env->List(dir);
  if (absl::IsNotFound(names.status())) return "";
  RETURN_IF_ERROR(names.status());
  for (const std::string& name : *names) {
    const IndexFileKind kind = ParseIndexFileName(name).kind;
    if (kind == IndexFileKind::kSegment || kind == IndexFileKind::kLiveDocs) return name;
  }
  return "";
}

absl::Status LostManifest(const std::string& dir, const std::string& remains) {
  return absl::DataLossError(
      StrCat(dir, ": ", kManifestName, " is missing, but ", remains,
             " is here: an index that lost its ", kManifestName, "; nothing was changed\ndo: put ",
             kManifestName, " back from a copy, ibid salvage ", dir,
             " NEW to keep what is whole, or move the directory ", "away and index anew"));
}

}  // namespace

std::string Manifest::Encode() const {
  ByteWriter out;
  out.Bytes(kManifestMagic);
  out.U32(kFormatVersion);
  out.Varint64(generation);
  out.Varint64(static_cast<uint64_t>(options.analyzer));
  out.LengthPrefixed(options.language);
  out.Varint64(options.store_text ? 1 : 0);
  out.Varint64(static_cast<uint64_t>(options.pairs_percent));
  out.Varint32(analysis_version);
  out.LengthPrefixed(library_versions);
  out.Varint64(next_segment_id);
  out.Varint64(columns.size());
  for (const auto& [name, type] : columns) {
    out.LengthPrefixed(name);
    out.Varint64(static_cast<uint64_t>(type));
  }
  out.Varint64(segments.size());
  for (const SegmentMeta& segment : segments) AppendSegment(segment, &out);
  out.U32(Crc32c(AsBytes(out.view())));
  return std::move(out.bytes());
}

absl::StatusOr<Manifest> Manifest::Decode(std::string_view bytes, std::string_view path) {
  const std::string where = StrCat(path, ": ", kManifestName);
  ByteReader in(bytes, where);
  ASSIGN_OR_RETURN(const std::string_view magic, in.Bytes(kManifestMagic.size()));
  if (magic != kManifestMagic) return absl::DataLossError(StrCat(where, ": not a manifest"));
  ASSIGN_OR_RETURN(const uint32_t version, in.U32());
  if (in.remaining() < kCrcBytes) return in.Corrupt("ends early");

  // Every version ends with the checksum, so damage is told from another version.
  const std::string_view covered = bytes.substr(0, bytes.size() - kCrcBytes);
  const uint32_t crc = Crc32c(AsBytes(covered));
  const uint32_t expected_crc = RecordReader(AsBytes(bytes.substr(covered.size()))).U32();
  if (crc != expected_crc) {
    return absl::DataLossError(
        StrCat(where, ": checksum ", Hex8(crc), ", expected ", Hex8(expected_crc)));
  }
  if (version < kOldestReadableFormatVersion || version > kFormatVersion) {
    return absl::FailedPreconditionError(StrCat(path, ": format ", version, "; this program reads ",
                                                kOldestReadableFormatVersion, "-", kFormatVersion));
  }
  ByteReader payload(covered, where);
  RETURN_IF_ERROR(payload.Seek(in.offset()));
  return ReadPayload(&payload, version);
}

absl::StatusOr<Manifest> ReadManifest(Env* env, const std::string& dir) {
  absl::StatusOr<Manifest> manifest = ReadPresentManifest(env, dir);
  if (!absl::IsNotFound(manifest.status())) return manifest;
  ASSIGN_OR_RETURN(const std::string remains, FirstRemains(env, dir));
  if (remains.empty()) return manifest;
  // Read once more: the index may have been made between the two looks.
  manifest = ReadPresentManifest(env, dir);
  return absl::IsNotFound(manifest.status()) ? LostManifest(dir, remains) : manifest;
}

absl::StatusOr<Manifest> ReadCommittedManifest(Env* env, const std::string& dir) {
  absl::StatusOr<Manifest> manifest = ReadManifest(env, dir);
  if (!manifest.ok() || manifest->generation > 0) return manifest;
  return absl::NotFoundError(StrCat(dir, ": no index here yet (nothing was committed)"));
}

absl::Status WriteManifest(Env* env, const std::string& dir, const Manifest& manifest,
                           bool* renamed) {
  *renamed = false;
  const std::string bytes = manifest.Encode();
  // What could not be read again must not replace what can.
  RETURN_IF_ERROR(Manifest::Decode(bytes, dir).status());

  const std::string temp_path = JoinPath(dir, kManifestTempName);
  ASSIGN_OR_RETURN(std::unique_ptr<WritableFile> file,
                   env->CreateFile(temp_path, /*exclusive=*/false));
  absl::Status status = WriteTemporary(file.get(), bytes);
  file.reset();
  if (status.ok()) status = env->Rename(temp_path, JoinPath(dir, kManifestName));
  if (!status.ok()) {
    env->Remove(temp_path).IgnoreError();
    return status;
  }
  *renamed = true;
  // The rename has happened: from here on no lack of memory may pass for a commit that was not
  // made.
  status = GuardMemory("committing", [&] { return env->SyncDirectory(dir); });
  if (status.ok() || manifest.generation == 0) return status;
  const absl::Status unknown = GuardMemory("committing", [&] {
    return absl::UnknownError(StrCat(status.message(), ": commit ", manifest.generation,
                                     " may or may not be saved; run ibid check"));
  });
  return absl::IsUnknown(unknown) ? unknown : absl::Status(absl::StatusCode::kUnknown, "");
}

}  // namespace ibid
