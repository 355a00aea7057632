// Plain text: an optional head of `name: value` lines, or a `date YYYY-MM-DD` start, then the text.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/text/column_name.h"
#include "indexer/source/ascii.h"
#include "indexer/source/dates.h"
#include "indexer/source/readers.h"

namespace ibid {
namespace {

constexpr size_t kMaxHeadLines = 64;
// Of these bytes at the start at most one in kControlShare may be a control character.
constexpr size_t kControlHeadBytes = size_t{64} << 10;
constexpr size_t kControlShare = 20;

struct HeadLine {
  std::string_view name;  // of a column, or what FitColumnName makes one: a '_' may come first
  std::string_view value;
};

std::optional<HeadLine> ParseHeadLine(std::string_view line) {
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view name = line.substr(0, colon);
  if (!IsColumnName(name.starts_with('_') ? StrCat("f", name) : name)) return std::nullopt;
  return HeadLine{name, ascii::Strip(line.substr(colon + 1))};
}

std::string_view TakeLine(std::string_view* text) {
  const size_t newline = text->find('\n');
  const std::string_view line = text->substr(0, newline);
  text->remove_prefix(newline == std::string_view::npos ? text->size() : newline + 1);
  return line;
}

// Puts one line of the head into its place; false for the name of a further column.
bool SetKnown(const HeadLine& line, Document* document) {
  if (ascii::EqualsIgnoreCase(line.name, "title")) {
    document->title = std::string(line.value);
  } else if (ascii::EqualsIgnoreCase(line.name, "date")) {
    document->date = NormalizeDate(line.value);
  } else if (ascii::EqualsIgnoreCase(line.name, "source")) {
    document->source = std::string(line.value);
  } else {
    return false;
  }
  return true;
}

void AddField(const HeadLine& line, Document* document) {
  const std::string name = FitColumnName(ascii::Lower(line.name));
  auto field = std::find_if(document->fields.begin(), document->fields.end(),
                            [&](const Field& f) { return f.name == name; });
  if (field == document->fields.end()) {
    document->fields.push_back({.name = name, .values = {}});
    field = document->fields.end() - 1;
  }
  field->values.emplace_back(std::string(line.value));
}

// Reads the head into `document` and returns what is behind it; nothing where there is no head.
std::optional<std::string_view> ParseHead(std::string_view text, Document* document) {
  for (size_t num_lines = 0; num_lines <= kMaxHeadLines; ++num_lines) {
    if (num_lines > 0 && text.empty()) return text;
    const std::string_view line = ascii::Strip(TakeLine(&text));
    if (line.empty()) {
      if (num_lines == 0) return std::nullopt;
      return text;
    }
    const std::optional<HeadLine> head = ParseHeadLine(line);
    if (!head.has_value()) return std::nullopt;
    if (SetKnown(*head, document)) continue;
    if (num_lines == 0) return std::nullopt;
    if (!head->value.empty()) AddField(*head, document);
  }
  return std::nullopt;
}

// "date YYYY-MM-DD" and white space or the end: what is behind it.
std::optional<std::string_view> ParseDateStart(std::string_view text, Document* document) {
  constexpr std::string_view kStart = "date ";
  if (!ascii::StartsWithIgnoreCase(text, kStart)) return std::nullopt;
  const std::string_view date = text.substr(kStart.size(), 10);
  if (!IsIsoDate(date)) return std::nullopt;
  const std::string_view rest = text.substr(kStart.size() + date.size());
  if (!rest.empty() && !ascii::IsSpace(rest[0])) {
    return std::nullopt;
  }
  document->date = std::string(date);
  return ascii::StripLeading(rest);
}

// Lines ended by LF only: CRLF loses its CR; CR alone ends lines where there is no LF at all.
void NormalizeLineEnds(std::string* text) {
  if (text->find('\r') == std::string::npos) return;
  if (text->find('\n') == std::string::npos) {
    std::replace(text->begin(), text->end(), '\r', '\n');
    return;
  }
  size_t out = 0;
  for (size_t i = 0; i < text->size(); ++i) {
    if ((*text)[i] == '\r' && i + 1 < text->size() && (*text)[i + 1] == '\n') continue;
    (*text)[out++] = (*text)[i];
  }
  text->resize(out);
}

bool MostlyControls(std::string_view text) {
  text = text.substr(0, kControlHeadBytes);
  const auto num = std::count_if(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == 0x7f || (byte < 0x20 && !ascii::IsSpace(c) && byte != 0x1b);
  });
  return static_cast<size_t>(num) > text.size() / kControlShare;
}

}  // namespace

std::string TooLarge() { return StrCat("larger than ", kMaxDocumentBytes >> 20, " MB"); }

absl::StatusOr<std::optional<std::string_view>> ReadWholeText(InputBuffer* input,
                                                              DocumentSink* sink) {
  const auto skip =
      [sink](std::string_view why) -> absl::StatusOr<std::optional<std::string_view>> {
    RETURN_IF_ERROR(sink->Skip(0, why));
    return std::nullopt;
  };
  const absl::StatusOr<Piece> piece = input->ReadAll();
  if (absl::IsResourceExhausted(piece.status())) return sink->Stop(0, piece.status());
  if (!piece.ok()) {
    RETURN_IF_ERROR(sink->SkipUnknown(0, MessageOf(piece.status())));
    return std::nullopt;
  }
  if (piece->too_long) return skip(TooLarge());
  if (piece->bytes.empty()) {
    RETURN_IF_ERROR(sink->SkipEmptyFile());
    return std::nullopt;
  }
  const size_t nul = piece->bytes.find('\0');
  if (nul != std::string_view::npos) return skip(StrCat("not text (NUL at byte ", nul, ")"));
  if (MostlyControls(piece->bytes)) return skip("not text (control characters)");
  return piece->bytes;
}

absl::Status ReadText(InputBuffer* input, DocumentSink* sink) {
  ASSIGN_OR_RETURN(const std::optional<std::string_view> bytes, ReadWholeText(input, sink));
  if (!bytes.has_value()) return absl::OkStatus();
  std::string text = sink->Decode(*bytes);
  NormalizeLineEnds(&text);
  Document document;
  std::optional<std::string_view> rest = ParseHead(text, &document);
  if (!rest.has_value()) {
    document = Document();
    rest = ParseDateStart(text, &document);
  }
  if (rest.has_value()) text.erase(0, text.size() - rest->size());
  document.text = std::move(text);
  return sink->Emit(std::move(document), 0);
}

}  // namespace ibid
