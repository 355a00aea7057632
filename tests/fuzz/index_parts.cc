#include "tests/fuzz/index_parts.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "common/base/byte_writer.h"
#include "common/codec/crc32c.h"
#include "common/format/file_names.h"
#include "common/format/segment_reader.h"
#include "tests/fuzz/sealed_file.h"
#include "tests/support/files.h"

namespace ibid {
namespace {

constexpr size_t kChecksumBytes = 4;

// Overwrites, flips, takes out, puts in, or cuts, at a place counted from the front or the end.
void ChangeBytes(FuzzInput* input, std::string* bytes) {
  if (bytes->empty()) return;
  const uint32_t how = input->Byte();
  const size_t from = input->Short() % bytes->size();
  const size_t at = how & 0x80 ? bytes->size() - 1 - from : from;
  const size_t length = input->Byte() % 16;
  switch (how % 5) {
    case 0: {
      const std::string_view with = input->Bytes(length);
      bytes->replace(at, std::min(with.size(), bytes->size() - at), with);
      return;
    }
    case 1:
      (*bytes)[at] = static_cast<char>((*bytes)[at] ^ 1 << length % 8);
      return;
    case 2:
      bytes->erase(at, 1 + length);
      return;
    case 3:
      bytes->insert(at, input->Bytes(length));
      return;
    default:
      bytes->resize(at);
      return;
  }
}

void ChangeManifest(FuzzInput* input, IndexParts* parts) {
  const uint32_t what = input->Byte() % 10;
  const uint32_t number = input->Word();
  SegmentMeta& segment = parts->manifest.segments[number % parts->manifest.segments.size()];
  switch (what) {
    case 0:
      segment.num_docs = number;
      return;
    case 1:
      segment.num_docs += number % 7 - 3;
      return;
    case 2:
      segment.num_tokens = uint64_t{number} << number % 32;
      return;
    case 3:
      segment.num_deleted += number % 5 - 2;
      return;
    case 4:
      segment.text_bytes = uint64_t{number} << number % 40;
      return;
    case 5:
      parts->manifest.generation = uint64_t{1} + number;
      return;
    case 6:
      parts->manifest.options.pairs_percent = static_cast<int>(number % 101);
      parts->manifest.options.store_text = number % 3 != 0;
      return;
    case 7:
      for (auto& column : parts->manifest.columns) {
        if (number % 3 == 0) column.second = static_cast<StoredColumnType>(number / 3 % 4);
      }
      return;
    case 8:
      std::swap(parts->segments.front(), parts->segments.back());
      return;
    default:
      parts->manifest.options.analyzer =
          number % 2 == 0 ? AnalyzerKind::kStandard : AnalyzerKind::kAlnum;
      parts->manifest.options.language = number % 2 == 0 ? "german" : "none";
      return;
  }
}

}  // namespace

IndexParts TakeApart(Env* env, const std::string& directory) {
  IndexParts parts;
  absl::StatusOr<Manifest> manifest = ReadManifest(env, directory);
  Require(manifest.ok(), manifest.status().ToString());
  parts.manifest = *std::move(manifest);
  for (const SegmentMeta& meta : parts.manifest.segments) {
    const auto segment = SegmentReader::Open(env, directory, meta);
    Require(segment.ok(), segment.status().ToString());
    parts.segments.push_back(SectionsOf((*segment)->file()));
    std::string live_docs;
    if (meta.live_docs_generation != 0) {
      live_docs = ReadFileOrDie(
          env, JoinPath(directory, LiveDocsFileName(meta.id, meta.live_docs_generation)));
      live_docs.resize(live_docs.size() - kChecksumBytes);
    }
    parts.live_docs.push_back(std::move(live_docs));
  }
  return parts;
}

void Seal(IndexParts parts, Env* env, const std::string& directory) {
  Require(env->CreateDirectory(directory).ok(), "no directory");
  for (size_t i = 0; i < parts.segments.size(); ++i) {
    SegmentMeta& meta = parts.manifest.segments[i];
    meta.file = WriteSealedFile(env, directory, meta.id, parts.segments[i]);
    if (meta.live_docs_generation == 0) continue;
    ByteWriter file;
    file.Bytes(parts.live_docs[i]);
    meta.live_docs_file.crc = Crc32c(AsBytes(parts.live_docs[i]));
    file.U32(meta.live_docs_file.crc);
    meta.live_docs_file.size_bytes = file.size();
    WriteFileOrDie(env, JoinPath(directory, LiveDocsFileName(meta.id, meta.live_docs_generation)),
                   file.view());
  }
  WriteFileOrDie(env, JoinPath(directory, kManifestName), parts.manifest.Encode());
}

void ChangeParts(FuzzInput* input, IndexParts* parts) {
  const uint32_t what = input->Byte();
  if (what % 8 == 0) return ChangeManifest(input, parts);
  const size_t segment = what / 8 % parts->segments.size();
  if (what % 8 == 1) return ChangeBytes(input, &parts->live_docs[segment]);
  auto& sections = parts->segments[segment];
  auto section = std::next(sections.begin(), input->Byte() % sections.size());
  if (what == 255) {
    sections.erase(section);
    if (sections.empty()) sections[SectionId::kNorms] = "";
    return;
  }
  ChangeBytes(input, &section->second);
}

}  // namespace ibid
