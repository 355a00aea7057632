#include "indexer/source/document_sink.h"

#include <utility>

#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "ibid/limits.h"
#include "indexer/source/ascii.h"

namespace ibid {
namespace {

bool IsBlank(std::string_view text) { return ascii::Strip(text).empty(); }

// Why `document` may not be indexed; empty where it may.
std::string Fault(const Document& document) {
  if (IsBlank(document.title) && IsBlank(document.text)) return "neither title nor text";
  if (document.key.size() > kMaxKeyBytes) {
    return StrCat("key of ", document.key.size(), " bytes, limit ", kMaxKeyBytes);
  }
  if (document.fields.size() > kMaxFields) {
    return StrCat(document.fields.size(), " columns, limit ", kMaxFields);
  }
  if (document.title.size() + document.text.size() > kMaxDocumentBytes) {
    return StrCat("larger than ", kMaxDocumentBytes >> 20, " MB");
  }
  return "";
}

std::string Plural(uint64_t n, std::string_view one, std::string_view many) {
  return StrCat(n, " ", n == 1 ? one : many);
}

}  // namespace

std::string DocumentSink::Where(uint64_t line) const {
  return line == 0 ? file_.where : StrCat(file_.where, ":", line);
}

std::string DocumentSink::LineKey(uint64_t line) const { return StrCat(file_.key, "#", line); }

absl::Status DocumentSink::CheckCancelled() const {
  if (callbacks_.cancelled && callbacks_.cancelled()) return absl::CancelledError("stopped");
  return absl::OkStatus();
}

absl::Status DocumentSink::Emit(Document document, uint64_t line) {
  RETURN_IF_ERROR(CheckCancelled());
  if (document.key.empty()) document.key = file_.key;
  if (!options_.key_prefix.empty()) document.key.insert(0, options_.key_prefix);
  if (const std::string fault = Fault(document); !fault.empty()) {
    const bool blank = IsBlank(document.title) && IsBlank(document.text);
    const bool is_file = document.key == StrCat(options_.key_prefix, file_.key);
    return Report(line, "skipped", fault,
                  blank && is_file ? ProblemKind::kEmptyFile : ProblemKind::kSkipped);
  }
  return callbacks_.on_document(std::move(document));
}

absl::Status DocumentSink::Report(uint64_t line, std::string_view verb, std::string_view why,
                                  ProblemKind kind) {
  RETURN_IF_ERROR(CheckCancelled());
  if (options_.strict) return absl::InvalidArgumentError(StrCat(Where(line), ": ", why));
  if (callbacks_.on_problem) {
    callbacks_.on_problem(
        {.where = Where(line), .what = StrCat(verb, ": ", why), .path = file_.key, .kind = kind});
  }
  return absl::OkStatus();
}

absl::Status DocumentSink::Skip(uint64_t line, std::string_view why) {
  return Report(line, "skipped", why, ProblemKind::kSkipped);
}

absl::Status DocumentSink::SkipUnknown(uint64_t line, std::string_view why) {
  return Report(line, "skipped", why, ProblemKind::kUnread);
}

absl::Status DocumentSink::SkipEmptyFile() {
  return Report(0, "skipped", "empty", ProblemKind::kEmptyFile);
}

absl::Status DocumentSink::Stop(uint64_t line, std::string_view why) {
  return Report(line, "stopped", why, ProblemKind::kUnread);
}

absl::Status DocumentSink::Stop(uint64_t line, const absl::Status& fault) {
  if (!absl::IsResourceExhausted(fault)) return Stop(line, MessageOf(fault));
  return absl::ResourceExhaustedError(StrCat(Where(line), ": ", MessageOf(fault)));
}

void DocumentSink::Warn(uint64_t line, std::string_view what) {
  if (!callbacks_.on_problem) return;
  callbacks_.on_problem(
      {.where = Where(line), .what = std::string(what), .kind = ProblemKind::kWarning});
}

std::string DocumentSink::Decode(std::string_view bytes) {
  DecodedText decoded = DecodeText(bytes);
  num_windows_1252_ += decoded.windows_1252;
  num_replaced_ += decoded.num_replaced;
  return std::move(decoded.text);
}

void DocumentSink::Finish() {
  if (num_windows_1252_ > 0) {
    Warn(0, StrCat("not UTF-8: ", Plural(num_windows_1252_, "document", "documents"),
                   " read as Windows-1252"));
  }
  if (num_replaced_ > 0) {
    Warn(0, StrCat(Plural(num_replaced_, "malformed sequence", "malformed sequences"),
                   " read as U+FFFD"));
  }
  if (num_bad_names_ > 0) {
    Warn(0, StrCat(Plural(num_bad_names_, "value", "values"),
                   " left out: the name cannot name a column"));
  }
  if (num_ignored_values_ > 0) {
    Warn(0, StrCat(Plural(num_ignored_values_, "value", "values"),
                   " left out: an object where text is expected"));
  }
}

}  // namespace ibid
