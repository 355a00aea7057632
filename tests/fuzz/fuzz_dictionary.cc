// Any bytes as a dictionary of terms, stems or pairs: walked, sought in by term and by number.
//
// Input: a byte for the kind, then the section.

#include <cstddef>
#include <cstdint>
#include <string>

#include "common/format/term_dictionary.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/sealed_file.h"

namespace ibid {
namespace {

constexpr SectionId kSections[] = {SectionId::kTerms, SectionId::kStems, SectionId::kPairs};
constexpr uint32_t kSought = 40;  // terms that are looked up one by one

absl::Status Walk(const TermDictionary& dictionary) {
  absl::StatusOr<TermCursor> cursor = dictionary.Seek("");
  uint64_t num_terms = 0;
  for (; cursor.ok() && !cursor->at_end(); ++num_terms) {
    Require(cursor->ordinal() == num_terms, "ordinals do not count the terms");
    const std::string term(cursor->term());
    if (num_terms < kSought) RequireSoundOrDataLoss(dictionary.Find(term).status());
    const absl::Status next = cursor->Next();
    if (!next.ok()) return next;
  }
  if (!cursor.ok()) return cursor.status();
  Require(num_terms == dictionary.num_terms(), "a walk does not see all terms");
  return absl::OkStatus();
}

}  // namespace

std::vector<std::string> FuzzSeeds() {
  std::vector<std::string> seeds;
  for (uint32_t seed = 1; seed <= 3; ++seed) {
    const auto sections = RandomSections(seed, 30, 80);
    for (uint32_t kind = 0; kind < 3; ++kind) {
      seeds.push_back(FuzzNumber(kind, 1) + sections.at(kSections[kind]));
    }
  }
  return seeds;
}

}  // namespace ibid

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace ibid;
  FuzzInput input(data, size);
  const uint32_t kind = input.Byte() % 3;
  const SealedFile file(kSections[kind], input.Rest());
  const auto dictionary =
      TermDictionary::Open(file.section(kSections[kind]), static_cast<DictionaryKind>(kind));
  RequireSoundOrDataLoss(dictionary.status());
  if (!dictionary.ok()) return 0;
  RequireSoundOrDataLoss(Walk(*dictionary));
  for (uint32_t i = 0; i < kSought; ++i) {
    const uint32_t ordinal = static_cast<uint32_t>(uint64_t{dictionary->num_terms()} * i / kSought);
    RequireSoundOrDataLoss(dictionary->SeekOrdinal(ordinal).status());
    RequireSoundOrDataLoss(
        dictionary->Seek(std::string(1 + i % 3, static_cast<char>('a' + i % 26))).status());
  }
  return 0;
}
