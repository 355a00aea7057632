#include <algorithm>
#include <bit>
#include <cmath>
#include <compare>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/hash/hash.h"
#include "common/base/byte_writer.h"
#include "common/base/number_set.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/format/byte_scanner.h"
#include "common/format/columns.h"
#include "common/format/front_coded.h"
#include "common/format/packed.h"

namespace ibid {
namespace {

struct Value {
  DocId doc;
  uint64_t code;  // number of the text in order of arrival, or an integer, or a real's bits
};

// The parts of a column that its record in the directory describes.
struct Encoded {
  uint32_t num_ordinals = 0;
  uint64_t dictionary_bytes = 0;
  int64_t base = 0;
  uint64_t unit = 1;
};

// Different texts, numbered as they come; each is kept once, the original not where it is the
// folded form.
class TextTable {
 public:
  struct View {
    std::string_view folded, original;
    bool operator==(const View&) const = default;
    auto operator<=>(const View&) const = default;
  };

  TextTable() : numbers_(Hash{&places_}, Equal{&places_}) {}
  TextTable(const TextTable&) = delete;
  TextTable& operator=(const TextTable&) = delete;

  uint32_t Number(const View& text) {
    if (const std::optional<uint32_t> known = numbers_.Find(text)) return *known;
    const auto number = static_cast<uint32_t>(places_.size());
    const bool same = text.folded == text.original;
    const char* begin = Keep(text.folded, same ? std::string_view() : text.original);
    places_.push_back({begin, static_cast<uint32_t>(text.folded.size()),
                       same ? kSame : static_cast<uint32_t>(text.original.size())});
    numbers_.Insert(number);
    return number;
  }
  size_t size() const { return places_.size(); }
  View text(uint32_t number) const { return ViewOf(places_[number]); }

 private:
  static constexpr uint32_t kSame = UINT32_MAX;
  static constexpr size_t kChunkBytes = size_t{1} << 18;

  struct Place {
    const char* begin;  // the folded form, then the original
    uint32_t folded_bytes;
    uint32_t original_bytes;  // kSame: it is the folded form
  };
  static View ViewOf(const Place& place) {
    const std::string_view folded(place.begin, place.folded_bytes);
    if (place.original_bytes == kSame) return {folded, folded};
    return {folded, {place.begin + place.folded_bytes, place.original_bytes}};
  }
  struct Hash {
    uint64_t operator()(const View& text) const { return absl::HashOf(text.folded, text.original); }
    uint64_t operator()(uint32_t number) const { return (*this)(ViewOf((*places)[number])); }
    const std::vector<Place>* places;
  };
  struct Equal {
    bool operator()(uint32_t number, const View& text) const {
      return ViewOf((*places)[number]) == text;
    }
    const std::vector<Place>* places;
  };

  const char* Keep(std::string_view first, std::string_view second) {
    const size_t size = first.size() + second.size();
    if (size > left_) {
      const size_t bytes = std::max(size, kChunkBytes);
      chunks_.push_back(std::make_unique_for_overwrite<char[]>(bytes));
      next_ = chunks_.back().get();
      left_ = bytes;
    }
    char* begin = next_;
    std::copy(second.begin(), second.end(), std::copy(first.begin(), first.end(), begin));
    next_ += size;
    left_ -= size;
    return begin;
  }

  std::vector<std::unique_ptr<char[]>> chunks_;
  char* next_ = nullptr;
  size_t left_ = 0;
  std::vector<Place> places_;
  NumberSet<Hash, Equal> numbers_;
};

struct Column {
  StoredColumnType type = StoredColumnType::kText;
  std::vector<Value> values;
  std::unique_ptr<TextTable> texts = std::make_unique<TextTable>();
};

double ToReal(uint64_t code) { return std::bit_cast<double>(code); }
uint64_t RealCode(double real) { return std::bit_cast<uint64_t>(real == 0 ? 0.0 : real); }

// Texts in order; the codes of the values become ordinals.
Encoded EncodeTexts(Column* column, SectionBuffer* out) {
  const TextTable& texts = *column->texts;
  std::vector<uint32_t> order(texts.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](uint32_t a, uint32_t b) { return texts.text(a) < texts.text(b); });
  std::vector<uint64_t> ordinals(order.size());
  FrontCodedWriter writer(FrontCodedForm::kWithOriginal, out);
  for (size_t i = 0; i < order.size(); ++i) {
    ordinals[order[i]] = i;
    const TextTable::View text = texts.text(order[i]);
    writer.Add(text.folded, text.original);
  }
  for (Value& value : column->values) value.code = ordinals[value.code];
  return {static_cast<uint32_t>(order.size()), writer.Finish()};
}

// Distinct reals in order, eight bytes each; the codes of the values become ordinals.
Encoded EncodeReals(Column* column, SectionBuffer* out) {
  std::vector<double> reals;
  for (const Value& value : column->values) reals.push_back(ToReal(value.code));
  std::sort(reals.begin(), reals.end());
  reals.erase(std::unique(reals.begin(), reals.end()), reals.end());
  for (Value& value : column->values) {
    const auto at = std::lower_bound(reals.begin(), reals.end(), ToReal(value.code));
    value.code = static_cast<uint64_t>(at - reals.begin());
  }
  ByteWriter bytes;
  for (const double real : reals) bytes.U64(RealCode(real));
  out->Append(bytes.view());
  return {static_cast<uint32_t>(reals.size()), bytes.size()};
}

// Integers as multiples of their greatest common divisor above the smallest.
Encoded EncodeIntegers(Column* column) {
  Encoded encoded;
  if (column->values.empty()) return encoded;
  int64_t smallest = INT64_MAX;
  for (const Value& value : column->values) {
    smallest = std::min(smallest, static_cast<int64_t>(value.code));
  }
  uint64_t unit = 0;
  for (Value& value : column->values) {
    value.code -= static_cast<uint64_t>(smallest);
    unit = std::gcd(unit, value.code);
  }
  encoded.base = smallest;
  encoded.unit = std::max<uint64_t>(unit, 1);
  for (Value& value : column->values) value.code /= encoded.unit;
  return encoded;
}

void AppendPacked(const std::vector<uint64_t>& numbers, unsigned width, SectionBuffer* out) {
  std::string bytes;
  PackedAppender packed(width, &bytes);
  for (const uint64_t number : numbers) packed.Add(number);
  packed.Finish();
  out->Append(bytes);
}

struct Shape {
  ColumnForm form = ColumnForm::kList;
  unsigned values_width = 0;
  unsigned docs_width = 0;
};

// The smallest form that can hold the values, which are sorted by document.
Shape ChooseShape(const std::vector<Value>& values, uint32_t num_docs) {
  uint64_t largest = 0;
  bool single = true;
  for (size_t i = 0; i < values.size(); ++i) {
    largest = std::max(largest, values[i].code);
    single = single && (i == 0 || values[i - 1].doc != values[i].doc);
  }
  const unsigned width = PackedWidth(largest);
  if (single && values.size() == num_docs) return {ColumnForm::kDense, width, 0};
  const unsigned docs_width = PackedWidth(num_docs == 0 ? 0 : num_docs - 1);
  if (single && largest < UINT64_MAX) {
    const unsigned slot_width = PackedWidth(largest + 1);
    if (uint64_t{num_docs} * slot_width <= values.size() * uint64_t{width + docs_width}) {
      return {ColumnForm::kSlots, slot_width, 0};
    }
  }
  return {ColumnForm::kList, width, docs_width};
}

void AppendValues(const std::vector<Value>& values, const Shape& shape, uint32_t num_docs,
                  SectionBuffer* out) {
  std::vector<uint64_t> numbers;
  if (shape.form == ColumnForm::kSlots) {
    numbers.resize(num_docs);
    for (const Value& value : values) numbers[value.doc] = value.code + 1;
  } else {
    for (const Value& value : values) numbers.push_back(value.code);
  }
  AppendPacked(numbers, shape.values_width, out);
  if (shape.form != ColumnForm::kList) return;
  numbers.clear();
  for (const Value& value : values) numbers.push_back(value.doc);
  AppendPacked(numbers, shape.docs_width, out);
}

Encoded EncodeDictionary(Column* column, SectionBuffer* out) {
  switch (column->type) {
    case StoredColumnType::kText:
      return EncodeTexts(column, out);
    case StoredColumnType::kReal:
      return EncodeReals(column, out);
    default:
      return EncodeIntegers(column);
  }
}

absl::Status WriteColumn(const std::string& name, uint32_t num_docs, Column* column,
                         SectionBuffer* out, ByteWriter* directory) {
  const uint64_t begin = out->size();
  std::stable_sort(column->values.begin(), column->values.end(),
                   [](const Value& a, const Value& b) { return a.doc < b.doc; });
  if (!column->values.empty() && column->values.back().doc >= num_docs) {
    return absl::InvalidArgumentError("column of a document that is not there");
  }
  const Encoded encoded = EncodeDictionary(column, out);
  const Shape shape = ChooseShape(column->values, num_docs);
  AppendValues(column->values, shape, num_docs, out);
  directory->LengthPrefixed(name);
  directory->U8(static_cast<uint8_t>(column->type));
  directory->U8(static_cast<uint8_t>(shape.form));
  directory->U8(static_cast<uint8_t>(shape.values_width));
  directory->U8(static_cast<uint8_t>(shape.docs_width));
  directory->Varint64(begin);
  directory->Varint64(out->size() - begin);
  directory->Varint64(encoded.dictionary_bytes);
  directory->Varint32(encoded.num_ordinals);
  directory->Varint64(column->values.size());
  directory->Varint64(ZigZag(encoded.base));
  directory->Varint64(encoded.unit);
  return absl::OkStatus();
}

}  // namespace

struct ColumnsWriter::Impl {
  std::map<std::string, Column, std::less<>> columns;
  absl::Status status;

  Column* Find(std::string_view name, StoredColumnType type);
};

// The column of that name, made or turned into one of reals where needed; null where the types
// cannot go together.
Column* ColumnsWriter::Impl::Find(std::string_view name, StoredColumnType type) {
  auto at = columns.find(name);
  if (at == columns.end()) {
    at = columns.emplace(std::string(name), Column()).first;
    at->second.type = type;
  }
  Column* column = &at->second;
  if (column->type == type) return column;
  if (column->type == StoredColumnType::kReal && type == StoredColumnType::kInteger) return column;
  if (column->type != StoredColumnType::kInteger || type != StoredColumnType::kReal) {
    status.Update(absl::InvalidArgumentError(StrCat("column ", name, " has two types")));
    return nullptr;
  }
  for (Value& value : column->values) {
    value.code = RealCode(static_cast<double>(static_cast<int64_t>(value.code)));
  }
  column->type = StoredColumnType::kReal;
  return column;
}

ColumnsWriter::ColumnsWriter() : impl_(std::make_unique<Impl>()) {}
ColumnsWriter::~ColumnsWriter() = default;

void ColumnsWriter::Add(DocId doc, std::string_view name, StoredColumnType type,
                        const ColumnValues& values) {
  Column* column = impl_->Find(name, type);
  if (column == nullptr) return;
  for (const ColumnText& text : values.texts) {
    column->values.push_back({doc, column->texts->Number({text.folded, text.original})});
  }
  const bool is_real = column->type == StoredColumnType::kReal;
  for (const int64_t integer : values.integers) {
    const uint64_t code =
        is_real ? RealCode(static_cast<double>(integer)) : static_cast<uint64_t>(integer);
    column->values.push_back({doc, code});
  }
  for (const double real : values.reals) column->values.push_back({doc, RealCode(real)});
}

absl::Status ColumnsWriter::Finish(uint32_t num_docs, SectionBuffer* out) {
  RETURN_IF_ERROR(impl_->status);
  ByteWriter directory;
  for (auto& [name, column] : impl_->columns) {
    RETURN_IF_ERROR(WriteColumn(name, num_docs, &column, out, &directory));
  }
  directory.U64(out->size());
  directory.U32(static_cast<uint32_t>(impl_->columns.size()));
  directory.U32(0);
  out->Append(directory.view());
  return out->status();
}

}  // namespace ibid
