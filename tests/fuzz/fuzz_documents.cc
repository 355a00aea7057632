// Any bytes as what a segment has of each document: regions, keys, or stored documents.
//
// Input: a byte for the structure, the number of documents, then the section.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/format/keys.h"
#include "common/format/regions.h"
#include "common/format/stored.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/sealed_file.h"

namespace ibid {
namespace {

constexpr SectionId kSections[] = {SectionId::kRegions, SectionId::kKeys, SectionId::kStored};
constexpr uint32_t kMostLooks = 300;  // documents that are looked at

absl::Status LookAtRegions(const Section& section, uint32_t num_docs) {
  const auto regions = RegionsReader::Open(section, num_docs);
  if (!regions.ok()) return regions.status();
  DocRegions of_doc;
  for (DocId doc = 0; doc < std::min(num_docs, kMostLooks); ++doc) {
    RequireSoundOrDataLoss(regions->TitleTokens(doc).status());
    const absl::Status got = regions->Get(doc, &of_doc);
    RequireSoundOrDataLoss(got);
    Position last = 0;
    for (const Position end : of_doc.sentence_ends) {
      Require(!got.ok() || end > last, "sentences do not increase");
      last = end;
    }
  }
  return absl::OkStatus();
}

absl::Status LookAtKeys(const Section& section, uint32_t num_docs) {
  const auto keys = KeysReader::Open(section, num_docs);
  if (!keys.ok()) return keys.status();
  for (uint32_t i = 0; i < std::min(num_docs, kMostLooks); ++i) {
    const absl::StatusOr<DocId> doc = keys->DocOfRank(i);
    RequireSoundOrDataLoss(doc.status());
    Require(!doc.ok() || *doc < num_docs, "a document past the last");
    RequireSoundOrDataLoss(keys->Rank(i).status());
    const absl::StatusOr<std::string> key = keys->Key(i);
    RequireSoundOrDataLoss(key.status());
    if (key.ok()) RequireSoundOrDataLoss(keys->Find(*key).status());
  }
  RequireSoundOrDataLoss(keys->Find("dir/a").status());
  return absl::OkStatus();
}

absl::Status LookAtStored(const Section& section, uint32_t num_docs) {
  const auto stored = StoredReader::Open(section, num_docs);
  if (!stored.ok()) return stored.status();
  if (stored->empty()) return absl::OkStatus();
  StoredCursor cursor(&*stored);
  for (DocId doc = 0; doc < std::min(num_docs, kMostLooks); ++doc) {
    const absl::StatusOr<std::string_view> record = cursor.Get(doc);
    RequireSoundOrDataLoss(record.status());
    if (record.ok()) RequireSoundOrDataLoss(DecodeStoredDocument(*record, "stored").status());
    if (doc % 16 != 0) continue;
    const std::string text(record.ok() ? *record : "");
    const absl::StatusOr<std::string> alone = stored->Get(doc);
    RequireSoundOrDataLoss(alone.status());
    Require(!alone.ok() || !record.ok() || *alone == text, "two ways to one record differ");
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<std::string> FuzzSeeds() {
  std::vector<std::string> seeds;
  for (const uint32_t num_docs : {1u, 12u, 40u, 101u}) {
    const auto sections = RandomSections(num_docs, num_docs, 10);
    for (uint32_t kind = 0; kind < 3; ++kind) {
      seeds.push_back(FuzzNumber(kind, 1) + FuzzNumber(num_docs, 2) + sections.at(kSections[kind]));
    }
  }
  return seeds;
}

}  // namespace ibid

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace ibid;
  FuzzInput input(data, size);
  const uint32_t kind = input.Byte() % 3;
  const uint32_t num_docs = input.Short();
  const SealedFile file(kSections[kind], input.Rest());
  const Section section = file.section(kSections[kind]);
  RequireSoundOrDataLoss(kind == 0   ? LookAtRegions(section, num_docs)
                         : kind == 1 ? LookAtKeys(section, num_docs)
                                     : LookAtStored(section, num_docs));
  return 0;
}
