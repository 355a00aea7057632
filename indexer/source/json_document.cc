#include "indexer/source/json_document.h"

#include <simdjson.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/text/column_name.h"
#include "ibid/limits.h"
#include "indexer/source/ascii.h"
#include "indexer/source/dates.h"
#include "indexer/source/input_buffer.h"
#include "indexer/source/json_text.h"

namespace ibid {
namespace {

namespace ondemand = simdjson::ondemand;

static_assert(InputBuffer::kPadding >= simdjson::SIMDJSON_PADDING);

// A parser for longer lines is made for each and given back.
constexpr size_t kKeptCapacity = size_t{4} << 20;
// Values of all columns of one document.
constexpr size_t kMaxValues = size_t{1} << 16;

std::string_view Reason(simdjson::error_code error) {
  switch (error) {
    case simdjson::UTF8_ERROR:
      return JsonDocumentParser::kMalformedUtf8;
    case simdjson::UNCLOSED_STRING:
      return "a string is not closed";
    case simdjson::UNESCAPED_CHARS:
      return "a control character in a string";
    case simdjson::STRING_ERROR:
      return "a wrong escape in a string";
    case simdjson::INCORRECT_TYPE:
      return "not an object";
    case simdjson::EMPTY:
      return "nothing there";
    default:
      return "a bracket, comma, colon or name is missing or too many";
  }
}

absl::Status Fault(std::string_view reason) {
  return absl::InvalidArgumentError(std::string(reason));
}
absl::Status Fault(simdjson::error_code error) {
  if (error == simdjson::MEMALLOC) return absl::ResourceExhaustedError("no memory for JSON");
  return Fault(Reason(error));
}

absl::Status TooDeep() { return Fault(StrCat("nested deeper than ", kMaxJsonDepth)); }

enum class Known { kNo, kId, kTitle, kText, kDate, kSource };

Known KnownMember(std::string_view name) {
  if (name == "id") return Known::kId;
  if (name == "title") return Known::kTitle;
  if (name == "text") return Known::kText;
  if (name == "date") return Known::kDate;
  if (name == "source") return Known::kSource;
  return Known::kNo;
}

// The column of member `name` of the object at `path`; empty, as for all within it, where no column
// can have that name. Never longer than a name may be, however deep and long the names are.
std::string MemberPath(std::string_view path, std::string_view name) {
  if (path.empty() || path.size() + 1 + name.size() > kMaxColumnNameBytes) return "";
  return FitColumnName(StrCat(path, ".", name));
}

std::string ToText(FieldValue value, std::string_view token) {
  if (auto* text = std::get_if<std::string>(&value)) return std::move(*text);
  return std::string(token);
}

// Reads one object. Its two Read functions call themselves once a level of nesting, which they
// refuse beyond kMaxJsonDepth.
class ObjectReader {
 public:
  explicit ObjectReader(std::string_view json) : json_(json) {}

  absl::StatusOr<JsonDocument> Read(ondemand::document* parsed);

 private:
  // A scalar as a value and as it is written; no value for null.
  struct Scalar {
    std::optional<FieldValue> value;
    std::string_view token;
  };

  absl::StatusOr<std::string> ReadString(ondemand::raw_json_string raw);
  absl::StatusOr<Scalar> ReadScalar(ondemand::value value, ondemand::json_type type);
  absl::Status ReadMember(const std::string& name, ondemand::value value);
  absl::Status ReadKnown(Known known, ondemand::value value);
  // Appends what `value` says to *text, `separator` between parts; objects are counted and left
  // out.
  absl::Status ReadTextValue(ondemand::value value, std::string_view separator, size_t depth,
                             std::string* text);
  // Adds what `value` holds to the column named `path`, and counts it where that is empty.
  absl::Status ReadColumn(const std::string& path, ondemand::value value, size_t depth);
  absl::Status AddValue(const std::string& path, FieldValue value);
  void ForgetColumnsOf(const std::string& member);

  std::string_view json_;
  JsonDocument result_;
  std::string member_;               // of the object itself, being read
  std::vector<std::string> owners_;  // the member that each field came from
  size_t num_values_ = 0;
  bool discarding_ = false;  // inside an object that stands where a text is expected
};

absl::StatusOr<JsonDocument> ObjectReader::Read(ondemand::document* parsed) {
  ondemand::object object;
  if (const auto error = parsed->get_object().get(object)) return Fault(error);
  for (auto entry : object) {
    ondemand::field field;
    if (const auto error = std::move(entry).get(field)) return Fault(error);
    ASSIGN_OR_RETURN(const std::string name, ReadString(field.key()));
    RETURN_IF_ERROR(ReadMember(name, field.value()));
  }
  const char* rest = nullptr;
  if (!parsed->current_location().get(rest)) return Fault("something follows the object");
  result_.document.date = NormalizeDate(result_.document.date);
  return std::move(result_);
}

absl::StatusOr<std::string> ObjectReader::ReadString(ondemand::raw_json_string raw) {
  const auto at = static_cast<size_t>(raw.raw() - json_.data());
  std::string text;
  const std::optional<uint64_t> num_replaced = AppendJsonString(json_.substr(at), &text);
  if (!num_replaced.has_value()) return Fault(simdjson::STRING_ERROR);
  result_.num_replaced += *num_replaced;
  return text;
}

absl::StatusOr<ObjectReader::Scalar> ObjectReader::ReadScalar(ondemand::value value,
                                                              ondemand::json_type type) {
  if (type == ondemand::json_type::string) {
    ondemand::raw_json_string raw;
    if (const auto error = value.get_raw_json_string().get(raw)) return Fault(error);
    ASSIGN_OR_RETURN(std::string text, ReadString(raw));
    return Scalar{.value = std::move(text), .token = {}};
  }
  const std::string_view token = ascii::Strip(value.raw_json_token());
  if (token == "null") return Scalar();
  if (token == "true" || token == "false") return Scalar{std::string(token), token};
  std::optional<FieldValue> number = ParseJsonNumber(token);
  if (!number.has_value()) return Fault("neither a string, a number, true, false nor null");
  return Scalar{std::move(number), token};
}

absl::Status ObjectReader::ReadMember(const std::string& name, ondemand::value value) {
  const Known known = KnownMember(name);
  if (known != Known::kNo) return ReadKnown(known, value);
  ForgetColumnsOf(name);
  member_ = name;
  return ReadColumn(FitColumnName(name), value, 2);
}

absl::Status ObjectReader::ReadKnown(Known known, ondemand::value value) {
  std::string text;
  RETURN_IF_ERROR(ReadTextValue(value, known == Known::kText ? "\n\n" : " ", 2, &text));
  Document& document = result_.document;
  switch (known) {
    case Known::kNo:
      break;
    case Known::kId:
      document.key = std::move(text);
      break;
    case Known::kTitle:
      document.title = std::move(text);
      break;
    case Known::kText:
      document.text = std::move(text);
      break;
    case Known::kDate:
      document.date = std::move(text);
      break;
    case Known::kSource:
      document.source = std::move(text);
      break;
  }
  return absl::OkStatus();
}

absl::Status ObjectReader::ReadTextValue(ondemand::value value, std::string_view separator,
                                         size_t depth, std::string* text) {
  ondemand::json_type type;
  if (const auto error = value.type().get(type)) return Fault(error);
  if (type == ondemand::json_type::object) {
    ++result_.num_ignored_values;
    // Read all the same, so that what is wrong inside is found.
    discarding_ = true;
    const absl::Status read = ReadColumn("", value, depth);
    discarding_ = false;
    return read;
  }
  if (type == ondemand::json_type::array) {
    if (depth > kMaxJsonDepth) return TooDeep();
    ondemand::array array;
    if (const auto error = value.get_array().get(array)) return Fault(error);
    for (auto entry : array) {
      ondemand::value element;
      if (const auto error = entry.get(element)) return Fault(error);
      RETURN_IF_ERROR(ReadTextValue(element, separator, depth + 1, text));
    }
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(Scalar scalar, ReadScalar(value, type));
  if (!scalar.value.has_value()) return absl::OkStatus();
  std::string part = ToText(*std::move(scalar.value), scalar.token);
  if (text->empty()) {
    *text = std::move(part);
  } else {
    text->append(separator).append(part);
  }
  return absl::OkStatus();
}

absl::Status ObjectReader::ReadColumn(const std::string& path, ondemand::value value,
                                      size_t depth) {
  ondemand::json_type type;
  if (const auto error = value.type().get(type)) return Fault(error);
  if (type == ondemand::json_type::object) {
    if (depth > kMaxJsonDepth) return TooDeep();
    ondemand::object object;
    if (const auto error = value.get_object().get(object)) return Fault(error);
    for (auto entry : object) {
      ondemand::field field;
      if (const auto error = std::move(entry).get(field)) return Fault(error);
      ASSIGN_OR_RETURN(const std::string name, ReadString(field.key()));
      RETURN_IF_ERROR(ReadColumn(MemberPath(path, name), field.value(), depth + 1));
    }
    return absl::OkStatus();
  }
  if (type == ondemand::json_type::array) {
    if (depth > kMaxJsonDepth) return TooDeep();
    ondemand::array array;
    if (const auto error = value.get_array().get(array)) return Fault(error);
    for (auto entry : array) {
      ondemand::value element;
      if (const auto error = entry.get(element)) return Fault(error);
      RETURN_IF_ERROR(ReadColumn(path, element, depth + 1));
    }
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(Scalar scalar, ReadScalar(value, type));
  if (!scalar.value.has_value()) return absl::OkStatus();
  return AddValue(path, *std::move(scalar.value));
}

absl::Status ObjectReader::AddValue(const std::string& path, FieldValue value) {
  if (discarding_) return absl::OkStatus();
  if (path.empty()) {
    ++result_.num_bad_names;
    return absl::OkStatus();
  }
  if (++num_values_ > kMaxValues) {
    return Fault(StrCat("more than ", kMaxValues, " values"));
  }
  std::vector<Field>& fields = result_.document.fields;
  const auto same = [&](const Field& field) { return field.name == path; };
  auto field = std::find_if(fields.rbegin(), fields.rend(), same);
  if (field != fields.rend()) {
    field->values.push_back(std::move(value));
    return absl::OkStatus();
  }
  if (fields.size() == kMaxFields) {
    return Fault(StrCat("more than ", kMaxFields, " columns"));
  }
  fields.push_back({.name = path, .values = {}});
  fields.back().values.push_back(std::move(value));
  owners_.push_back(member_);
  return absl::OkStatus();
}

void ObjectReader::ForgetColumnsOf(const std::string& member) {
  std::vector<Field>& fields = result_.document.fields;
  for (size_t i = owners_.size(); i-- > 0;) {
    if (owners_[i] != member) continue;
    fields.erase(fields.begin() + static_cast<std::ptrdiff_t>(i));
    owners_.erase(owners_.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

}  // namespace

struct JsonDocumentParser::Impl {
  ondemand::parser parser;
};

JsonDocumentParser::JsonDocumentParser() : impl_(std::make_unique<Impl>()) {}
JsonDocumentParser::~JsonDocumentParser() = default;

absl::StatusOr<JsonDocument> JsonDocumentParser::Parse(std::string_view json) {
  const bool large = json.size() > kKeptCapacity;
  if (!large && impl_->parser.capacity() == 0) {
    if (const auto error = impl_->parser.allocate(kKeptCapacity)) return Fault(error);
  }
  ondemand::parser once;
  ondemand::parser& parser = large ? once : impl_->parser;
  ondemand::document parsed;
  const simdjson::padded_string_view padded(json, json.size() + simdjson::SIMDJSON_PADDING);
  if (const auto error = parser.iterate(padded).get(parsed)) return Fault(error);
  return ObjectReader(json).Read(&parsed);
}

}  // namespace ibid
