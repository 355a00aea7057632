#include "common/format/segment_writer.h"

#include <array>
#include <optional>
#include <utility>

#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/format/file_names.h"
#include "common/format/segment_file.h"
#include "common/format/segment_reader.h"

namespace ibid {
namespace {

constexpr std::array<SectionId, 11> kSections = {
    SectionId::kProperties, SectionId::kTerms,     SectionId::kStems, SectionId::kPairs,
    SectionId::kPostings,   SectionId::kPositions, SectionId::kNorms, SectionId::kRegions,
    SectionId::kColumns,    SectionId::kKeys,      SectionId::kStored};

std::string_view Bytes(const std::vector<uint8_t>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

struct SegmentWriter::Impl {
  Impl(Env* environment, const std::string& directory, uint64_t segment_id,
       const SegmentWriterOptions& writer_options)
      : env(environment),
        path(JoinPath(directory, SegmentFileName(segment_id))),
        id(segment_id),
        options(writer_options),
        buffers(MakeBuffers()),
        regions(&buffer(SectionId::kRegions)),
        stored(&buffer(SectionId::kStored), writer_options.use),
        keys(&buffer(SectionId::kKeys)) {}

  SectionBuffer& buffer(SectionId section) {
    return buffers[static_cast<size_t>(section) - static_cast<size_t>(kSections[0])];
  }
  std::vector<SectionBuffer> MakeBuffers() const {
    std::vector<SectionBuffer> made;
    made.reserve(kSections.size());  // the writers hold pointers
    for (const SectionId section : kSections) {
      made.emplace_back(env, StrCat(path, ".", SectionName(section), ".tmp"),
                        options.section_memory_bytes);
    }
    return made;
  }
  absl::StatusOr<uint64_t> FinishTerms();
  absl::Status FinishSections();
  absl::StatusOr<SegmentFileInfo> WriteFile(bool sync);

  Env* env;
  std::string path;
  uint64_t id;
  SegmentWriterOptions options;
  std::vector<SectionBuffer> buffers;
  RegionsWriter regions;
  StoredWriter stored;
  ColumnsWriter columns;
  std::optional<ColumnStreamWriter> column_stream;
  KeysWriter keys;
  SegmentDocuments documents;
  std::optional<PostingsWriter> postings;
  std::optional<TermDictionaryWriter> terms, stems, pairs;
  bool terms_finished = false;
  PairCoverage coverage;
  uint64_t postings_without_pairs = 0;  // bytes
};

absl::StatusOr<uint64_t> SegmentWriter::Impl::FinishTerms() {
  RETURN_IF_ERROR(terms->Finish());
  RETURN_IF_ERROR(stems->Finish());
  terms_finished = true;
  postings_without_pairs = buffer(SectionId::kPostings).size();
  return buffer(SectionId::kTerms).size() + buffer(SectionId::kStems).size() +
         postings_without_pairs + buffer(SectionId::kPositions).size() + documents.norms.size();
}

absl::Status SegmentWriter::Impl::FinishSections() {
  const uint32_t num_docs = static_cast<uint32_t>(documents.norms.size());
  if (regions.num_docs() != num_docs || keys.num_docs() != num_docs ||
      (options.store_text && stored.num_docs() != num_docs)) {
    return absl::InvalidArgumentError(
        "regions, keys or stored records are not one for each document");
  }
  if (!terms_finished) RETURN_IF_ERROR(FinishTerms().status());
  if (pairs->num_terms() > 0) RETURN_IF_ERROR(pairs->Finish());
  RETURN_IF_ERROR(regions.Finish());
  RETURN_IF_ERROR(column_stream.has_value()
                      ? column_stream->Finish()
                      : columns.Finish(num_docs, &buffer(SectionId::kColumns)));
  RETURN_IF_ERROR(keys.Finish());
  if (options.store_text) RETURN_IF_ERROR(stored.Finish());
  buffer(SectionId::kNorms).Append(Bytes(documents.norms));
  SegmentProperties properties;
  properties.num_docs = num_docs;
  properties.num_tokens = documents.num_tokens;
  properties.text_bytes = documents.text_bytes;
  properties.num_positions = terms->num_positions();
  properties.num_postings = terms->num_postings();
  properties.pairs = coverage;
  properties.pair_postings_bytes = buffer(SectionId::kPostings).size() - postings_without_pairs;
  buffer(SectionId::kProperties).Append(properties.Encode());
  return absl::OkStatus();
}

absl::StatusOr<SegmentFileInfo> SegmentWriter::Impl::WriteFile(bool sync) {
  ASSIGN_OR_RETURN(auto file, SegmentFileWriter::Create(env, path, id));
  for (const SectionId section : kSections) {
    // No section at all where there can be none; the others may be empty.
    if (section == SectionId::kPairs && pairs->num_terms() == 0) continue;
    if (section == SectionId::kStored && !options.store_text) continue;
    RETURN_IF_ERROR(file->AddSection(section, std::move(buffer(section))));
  }
  return file->Finish(sync);
}

SegmentWriter::SegmentWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SegmentWriter::~SegmentWriter() = default;

absl::StatusOr<std::unique_ptr<SegmentWriter>> SegmentWriter::Create(
    Env* env, const std::string& dir, uint64_t segment_id, const SegmentWriterOptions& options) {
  return std::unique_ptr<SegmentWriter>(
      new SegmentWriter(std::make_unique<Impl>(env, dir, segment_id, options)));
}

RegionsWriter& SegmentWriter::regions() { return impl_->regions; }
StoredWriter& SegmentWriter::stored() { return impl_->stored; }
ColumnsWriter& SegmentWriter::columns() { return impl_->columns; }
ColumnStreamWriter& SegmentWriter::column_stream() {
  Impl& impl = *impl_;
  if (!impl.column_stream.has_value()) {
    impl.column_stream.emplace(&impl.buffer(SectionId::kColumns));
  }
  return *impl.column_stream;
}
KeysWriter& SegmentWriter::keys() { return impl_->keys; }
PostingsWriter& SegmentWriter::postings() { return *impl_->postings; }
TermDictionaryWriter& SegmentWriter::terms() { return *impl_->terms; }
TermDictionaryWriter& SegmentWriter::stems() { return *impl_->stems; }
TermDictionaryWriter& SegmentWriter::pairs() { return *impl_->pairs; }

absl::StatusOr<uint64_t> SegmentWriter::FinishTerms() { return impl_->FinishTerms(); }
void SegmentWriter::SetPairCoverage(const PairCoverage& coverage) { impl_->coverage = coverage; }

void SegmentWriter::StartPostings(SegmentDocuments documents) {
  Impl& impl = *impl_;
  impl.documents = std::move(documents);
  const size_t num_docs = impl.documents.norms.size();
  const double average_length = num_docs == 0 ? 0
                                              : static_cast<double>(impl.documents.num_tokens) /
                                                    static_cast<double>(num_docs);
  impl.postings.emplace(&impl.buffer(SectionId::kPostings), &impl.buffer(SectionId::kPositions),
                        impl.documents.norms, MakeLengthTable(Bm25Parameters(), average_length),
                        impl.options.use);
  impl.terms.emplace(DictionaryKind::kTerms, &impl.buffer(SectionId::kTerms));
  impl.stems.emplace(DictionaryKind::kStems, &impl.buffer(SectionId::kStems));
  impl.pairs.emplace(DictionaryKind::kPairs, &impl.buffer(SectionId::kPairs));
}

absl::StatusOr<SegmentMeta> SegmentWriter::Finish(bool sync) {
  Impl& impl = *impl_;
  if (!impl.postings.has_value()) return absl::FailedPreconditionError("postings not started");
  RETURN_IF_ERROR(impl.FinishSections());
  SegmentMeta meta;
  meta.id = impl.id;
  meta.num_docs = static_cast<uint32_t>(impl.documents.norms.size());
  meta.num_tokens = impl.documents.num_tokens;
  meta.text_bytes = impl.documents.text_bytes;
  ASSIGN_OR_RETURN(meta.file, impl.WriteFile(sync));
  return meta;
}

}  // namespace ibid
