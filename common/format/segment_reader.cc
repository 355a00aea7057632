#include "common/format/segment_reader.h"

#include <bit>

#include "common/base/byte_reader.h"
#include "common/base/byte_writer.h"
#include "common/base/status_macros.h"
#include "common/format/file_names.h"

namespace ibid {
namespace {

// Version 2, which had neither lists of three words nor a weight, left zeros in their places.
constexpr uint64_t kPropertiesBytes = 64;
// Before there were pairs: format version 1.
constexpr uint64_t kPropertiesBytesWithoutPairs = 40;

absl::Status DecodePairs(const Section& section, RecordReader* in, SegmentProperties* properties) {
  PairCoverage& pairs = properties->pairs;
  pairs.min_doc_freq = in->U32();
  pairs.triple_min_doc_freq = in->U32();
  properties->pair_postings_bytes = in->U64();
  const uint64_t weight = in->U64();
  pairs.min_weight = std::bit_cast<double>(weight);
  const uint32_t triples = pairs.triple_min_doc_freq;
  if ((pairs.min_doc_freq > 0) != (pairs.num_words > 0) || !(pairs.min_weight >= 0) ||
      (pairs.min_doc_freq == 0 && pairs.min_weight > 0) ||
      (triples > 0 && (pairs.min_doc_freq == 0 || triples < pairs.min_doc_freq))) {
    return section.Corrupt(0, "impossible coverage of pairs");
  }
  return absl::OkStatus();
}

}  // namespace

std::string SegmentProperties::Encode() const {
  ByteWriter out;
  out.U32(num_docs);
  out.U32(pairs.num_words);
  out.U64(num_tokens);
  out.U64(text_bytes);
  out.U64(num_positions);
  out.U64(num_postings);
  out.U32(pairs.min_doc_freq);
  out.U32(pairs.triple_min_doc_freq);
  out.U64(pair_postings_bytes);
  out.U64(std::bit_cast<uint64_t>(pairs.min_weight));
  return std::move(out.bytes());
}

absl::StatusOr<SegmentProperties> SegmentProperties::Decode(Section section) {
  SegmentProperties properties;
  if (section.size() != kPropertiesBytes && section.size() != kPropertiesBytesWithoutPairs) {
    return section.Corrupt(0, "not of 64 bytes");
  }
  ASSIGN_OR_RETURN(const auto bytes, section.Read(0, section.size()));
  RecordReader in(bytes);
  properties.num_docs = in.U32();
  properties.pairs.num_words = in.U32();
  properties.num_tokens = in.U64();
  properties.text_bytes = in.U64();
  properties.num_positions = in.U64();
  properties.num_postings = in.U64();
  if (section.size() == kPropertiesBytes) {
    RETURN_IF_ERROR(DecodePairs(section, &in, &properties));
  } else if (properties.pairs.num_words != 0) {
    return section.Corrupt(4, "unknown flags");
  }
  if (properties.num_docs >= kNoMoreDocs) return section.Corrupt(0, "too many documents");
  return properties;
}

absl::StatusOr<SegmentMeta> DescribeSegment(Env* env, const std::string& dir, uint64_t id) {
  const std::string path = JoinPath(dir, SegmentFileName(id));
  SegmentMeta meta{.id = id};
  ASSIGN_OR_RETURN(meta.file, SegmentFile::Describe(env, path));
  ASSIGN_OR_RETURN(const auto file, SegmentFile::Open(env, path, id, meta.file));
  ASSIGN_OR_RETURN(const SegmentProperties properties,
                   SegmentProperties::Decode(file->section(SectionId::kProperties)));
  meta.num_docs = properties.num_docs;
  meta.num_tokens = properties.num_tokens;
  meta.text_bytes = properties.text_bytes;
  return meta;
}

absl::StatusOr<std::shared_ptr<const SegmentReader>> SegmentReader::Open(Env* env,
                                                                         const std::string& dir,
                                                                         const SegmentMeta& meta) {
  const std::string path = JoinPath(dir, SegmentFileName(meta.id));
  std::shared_ptr<SegmentReader> reader(new SegmentReader);  // its constructor is private
  ASSIGN_OR_RETURN(reader->file_, SegmentFile::Open(env, path, meta.id, meta.file));
  const SegmentFile& file = *reader->file_;
  const Section properties = file.section(SectionId::kProperties);
  ASSIGN_OR_RETURN(reader->properties_, SegmentProperties::Decode(properties));
  const uint32_t num_docs = reader->num_docs();
  if (num_docs != meta.num_docs || reader->properties_.num_tokens != meta.num_tokens) {
    return properties.Corrupt(0, "manifest and segment disagree on its documents");
  }
  reader->postings_ = file.section(SectionId::kPostings);
  reader->positions_ = file.section(SectionId::kPositions);
  reader->norms_ = file.section(SectionId::kNorms);
  if (reader->norms_.size() != num_docs) {
    return reader->norms_.Corrupt(0, "norms are not one for each document");
  }
  ASSIGN_OR_RETURN(reader->terms_,
                   TermDictionary::Open(file.section(SectionId::kTerms), DictionaryKind::kTerms));
  ASSIGN_OR_RETURN(reader->stems_,
                   TermDictionary::Open(file.section(SectionId::kStems), DictionaryKind::kStems));
  ASSIGN_OR_RETURN(reader->pairs_,
                   TermDictionary::Open(file.section(SectionId::kPairs), DictionaryKind::kPairs));
  ASSIGN_OR_RETURN(reader->regions_,
                   RegionsReader::Open(file.section(SectionId::kRegions), num_docs));
  ASSIGN_OR_RETURN(reader->columns_,
                   ColumnsReader::Open(file.section(SectionId::kColumns), num_docs));
  ASSIGN_OR_RETURN(reader->keys_, KeysReader::Open(file.section(SectionId::kKeys), num_docs));
  ASSIGN_OR_RETURN(reader->stored_, StoredReader::Open(file.section(SectionId::kStored), num_docs));
  return reader;
}

PostingsCursor SegmentReader::Postings(const TermInfo& info) const {
  return PostingsCursor(postings_, positions_, info, num_docs());
}

absl::StatusOr<uint8_t> SegmentReader::Norm(DocId doc) const {
  ASSIGN_OR_RETURN(const auto bytes, norms_.Read(doc, 1));
  return bytes[0];
}

}  // namespace ibid
