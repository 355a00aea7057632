// Any bytes as the columns of a segment: every value, searches in dictionaries of texts.
//
// Input: the number of documents, then the section.

#include <cstddef>
#include <cstdint>
#include <string>

#include "common/format/columns.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/sealed_file.h"

namespace ibid {
namespace {

constexpr uint32_t kMostLooks = 200;       // documents of a column that are looked at
constexpr uint32_t kMostValues = 50;       // of one document
constexpr uint64_t kMostColumnLooks = 12;  // columns

void LookAtTexts(const ColumnReader& column) {
  for (uint32_t i = 0; i < std::min(column.num_ordinals(), kMostLooks); ++i) {
    const absl::StatusOr<ColumnText> text = column.Text(i);
    RequireSoundOrDataLoss(text.status());
    if (!text.ok()) continue;
    const auto found = column.FindText(text->folded);
    RequireSoundOrDataLoss(found.status());
    Require(
        !found.ok() || (found->first <= found->second && found->second <= column.num_ordinals()),
        "ordinals past the last");
  }
  RequireSoundOrDataLoss(column.FindTextRange("a", true, "m", false).status());
}

absl::Status LookAtValue(const ColumnReader& column, DocId doc, uint32_t i) {
  switch (column.type()) {
    case StoredColumnType::kText: {
      const absl::StatusOr<uint32_t> ordinal = column.Ordinal(doc, i);
      Require(!ordinal.ok() || *ordinal < column.num_ordinals(), "an ordinal past the last");
      return ordinal.status();
    }
    case StoredColumnType::kReal:
      return column.Real(doc, i).status();
    case StoredColumnType::kInteger:
    case StoredColumnType::kDate:
      return column.Integer(doc, i).status();
  }
  return absl::OkStatus();
}

void LookAt(const ColumnReader& column, uint32_t num_docs) {
  for (DocId doc = 0; doc < std::min(num_docs, kMostLooks); ++doc) {
    const absl::StatusOr<uint32_t> count = column.NumValues(doc);
    RequireSoundOrDataLoss(count.status());
    if (!count.ok()) continue;
    for (uint32_t i = 0; i < std::min(*count, kMostValues); ++i) {
      RequireSoundOrDataLoss(LookAtValue(column, doc, i));
    }
  }
  if (column.type() == StoredColumnType::kText) LookAtTexts(column);
}

}  // namespace

std::vector<std::string> FuzzSeeds() {
  std::vector<std::string> seeds;
  for (const uint32_t num_docs : {1u, 5u, 40u, 120u}) {
    const auto sections = RandomSections(num_docs + 9, num_docs, 10);
    seeds.push_back(FuzzNumber(num_docs, 2) + sections.at(SectionId::kColumns));
  }
  return seeds;
}

}  // namespace ibid

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace ibid;
  FuzzInput input(data, size);
  const uint32_t num_docs = input.Short();
  const SealedFile file(SectionId::kColumns, input.Rest());
  const auto columns = ColumnsReader::Open(file.section(SectionId::kColumns), num_docs);
  RequireSoundOrDataLoss(columns.status());
  if (!columns.ok()) return 0;
  uint64_t looks = 0;
  for (const ColumnReader& column : columns->columns()) {
    if (looks++ < kMostColumnLooks) LookAt(column, num_docs);
  }
  columns->Find("date");
  return 0;
}
