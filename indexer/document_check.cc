#include "indexer/document_check.h"

#include <bit>
#include <string>
#include <variant>

#include "common/base/strings.h"
#include "common/format/columns.h"
#include "common/text/analyzer.h"
#include "ibid/limits.h"
#include "indexer/hash.h"

namespace ibid {
namespace {

// What CheckDocument lets through has fewer values than a column may hold of one document; date and
// source may be values of columns besides.
static_assert(kMaxDocumentBytes / sizeof(FieldValue) + 2 <= kMaxColumnValues);

size_t BytesOf(const FieldValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  return sizeof(FieldValue) + (text != nullptr ? text->size() : 0);
}

uint64_t HashValue(const FieldValue& value, uint64_t hash, const HashSecret& secret) {
  if (const auto* integer = std::get_if<int64_t>(&value)) {
    return MixHash(hash ^ 1, std::bit_cast<uint64_t>(*integer) ^ secret.first);
  }
  if (const auto* real = std::get_if<double>(&value)) {
    return MixHash(hash ^ 2, std::bit_cast<uint64_t>(*real) ^ secret.first);
  }
  return HashBytes(std::get<std::string>(value), hash, secret);
}

uint64_t Repair(std::string* text) {
  if (IsValidUtf8(*text)) return 0;
  uint64_t num_replaced = 0;
  *text = ReplaceMalformedUtf8(*text, &num_replaced);
  return num_replaced;
}

}  // namespace

absl::Status CheckDocument(const Document& document) {
  if (document.key.empty()) return absl::InvalidArgumentError("document without a key");
  if (document.key.size() > kMaxKeyBytes) {
    return absl::InvalidArgumentError(StrCat("key of ", WithCommas(document.key.size()),
                                             " bytes, limit ", WithCommas(kMaxKeyBytes)));
  }
  const size_t bytes = BytesOf(document);
  if (bytes <= kMaxDocumentBytes) return absl::OkStatus();
  return absl::InvalidArgumentError(StrCat(document.key, ": document of ", WithCommas(bytes),
                                           " bytes, limit ", WithCommas(kMaxDocumentBytes)));
}

uint64_t RepairText(Document* document) {
  uint64_t num_replaced = Repair(&document->title) + Repair(&document->text) +
                          Repair(&document->date) + Repair(&document->source);
  for (Field& field : document->fields) {
    for (FieldValue& value : field.values) {
      if (auto* text = std::get_if<std::string>(&value)) num_replaced += Repair(text);
    }
  }
  return num_replaced;
}

uint64_t FingerprintOf(const Document& document, const HashSecret& secret) {
  uint64_t hash = HashBytes(document.title, 0, secret);
  hash = HashBytes(document.text, hash, secret);
  hash = HashBytes(document.date, hash, secret);
  hash = HashBytes(document.source, hash, secret);
  for (const Field& field : document.fields) {
    hash = MixHash(HashBytes(field.name, hash, secret), field.values.size() + 1);
    for (const FieldValue& value : field.values) hash = HashValue(value, hash, secret);
  }
  return hash;
}

size_t BytesOf(const Document& document) {
  size_t bytes = document.key.size() + document.title.size() + document.text.size() +
                 document.date.size() + document.source.size();
  for (const Field& field : document.fields) {
    bytes += sizeof(Field) + field.name.size();
    for (const FieldValue& value : field.values) bytes += BytesOf(value);
  }
  return bytes;
}

}  // namespace ibid
