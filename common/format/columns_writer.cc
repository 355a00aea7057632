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
#include "common/format/column_stream.h"
#include "common/format/columns.h"
#include "common/format/front_coded.h"

namespace ibid {
namespace {

struct Value {
  DocId doc;
  uint64_t code;  // number of the text in order of arrival, or an integer, or a real's bits
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
ColumnFacts EncodeTexts(Column* column, SectionBuffer* out) {
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
  writer.Finish();
  return {.num_ordinals = static_cast<uint32_t>(order.size())};
}

// Distinct reals in order, eight bytes each; the codes of the values become ordinals.
ColumnFacts EncodeReals(Column* column, SectionBuffer* out) {
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
  return {.num_ordinals = static_cast<uint32_t>(reals.size())};
}

// Integers as multiples of their greatest common divisor above the smallest.
ColumnFacts EncodeIntegers(Column* column) {
  ColumnFacts facts;
  if (column->values.empty()) return facts;
  int64_t smallest = INT64_MAX;
  for (const Value& value : column->values) {
    smallest = std::min(smallest, static_cast<int64_t>(value.code));
  }
  uint64_t unit = 0;
  for (Value& value : column->values) {
    value.code -= static_cast<uint64_t>(smallest);
    unit = std::gcd(unit, value.code);
  }
  facts.base = smallest;
  facts.unit = std::max<uint64_t>(unit, 1);
  for (Value& value : column->values) value.code /= facts.unit;
  return facts;
}

ColumnFacts EncodeDictionary(Column* column, SectionBuffer* out) {
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
                         ColumnStreamWriter* out) {
  std::vector<Value>& values = column->values;
  std::stable_sort(values.begin(), values.end(),
                   [](const Value& a, const Value& b) { return a.doc < b.doc; });
  if (!values.empty() && values.back().doc >= num_docs) {
    return absl::InvalidArgumentError("column of a document that is not there");
  }
  ColumnFacts facts = EncodeDictionary(column, out->BeginColumn(name, column->type));
  facts.num_values = values.size();
  for (size_t i = 0; i < values.size(); ++i) {
    facts.largest_code = std::max(facts.largest_code, values[i].code);
    facts.single = facts.single && (i == 0 || values[i - 1].doc != values[i].doc);
  }
  const ColumnForm form = out->BeginValues(facts, num_docs);
  for (const Value& value : values) out->AddCode(value.doc, value.code);
  if (form == ColumnForm::kList) {
    for (const Value& value : values) out->AddDoc(value.doc);
  }
  return out->EndColumn();
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
  ColumnStreamWriter writer(out);
  for (auto& [name, column] : impl_->columns) {
    RETURN_IF_ERROR(WriteColumn(name, num_docs, &column, &writer));
  }
  return writer.Finish();
}

}  // namespace ibid
