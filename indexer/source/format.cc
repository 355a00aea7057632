#include "indexer/source/format.h"

#include <algorithm>
#include <initializer_list>
#include <string>

#include "common/base/strings.h"
#include "indexer/source/ascii.h"

namespace ibid {
namespace {

constexpr size_t kSignatureBytes = 4096;

bool IsOneOf(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string Extension(std::string_view name) {
  name = name.substr(name.rfind('/') + 1);
  std::string lower = ascii::Lower(name);
  std::string_view rest = lower;
  for (const std::string_view packed : {".gz", ".gzip", ".zst", ".zstd"}) {
    if (!rest.ends_with(packed)) continue;
    rest.remove_suffix(packed.size());
    break;
  }
  const size_t dot = rest.rfind('.');
  return dot == std::string_view::npos ? "" : std::string(rest.substr(dot + 1));
}

// `{"name":` or `[{"name":`.
bool LooksLikeJson(std::string_view head) {
  if (ascii::ConsumePrefix(&head, "[")) head = ascii::StripLeading(head);
  if (!ascii::ConsumePrefix(&head, "{")) return false;
  head = ascii::StripLeading(head);
  if (!ascii::ConsumePrefix(&head, "\"")) return false;
  const size_t quote = head.find('"');
  if (quote == std::string_view::npos) return false;
  head = ascii::StripLeading(head.substr(quote + 1));
  return head.starts_with(":");
}

bool LooksLikeTrec(std::string_view head) {
  return (ascii::StartsWithIgnoreCase(head, "<doc>") ||
          ascii::StartsWithIgnoreCase(head, "<doc ")) &&
         (ascii::Lower(head.substr(0, kSignatureBytes)).find("<docno") != std::string::npos);
}

bool LooksLikeReuters(std::string_view head) {
  return ascii::StartsWithIgnoreCase(head, "<!doctype lewis") ||
         ascii::StartsWithIgnoreCase(head, "<reuters ");
}

bool LooksLikeHtml(std::string_view head) {
  for (const std::string_view start : {"<!doctype html", "<html", "<head", "<body"}) {
    if (ascii::StartsWithIgnoreCase(head, start)) return true;
  }
  return (head.starts_with("<?xml") || head.starts_with("<!--")) &&
         (ascii::Lower(head.substr(0, kSignatureBytes)).find("<html") != std::string::npos);
}

}  // namespace

FormatGuess GuessFormat(std::string_view name, std::string_view head) {
  head = ascii::StripLeading(head);
  const std::string extension = Extension(name);
  if (IsOneOf(extension, {"jsonl", "ndjson"})) return {SourceFormat::kJsonLines, true};
  if (extension == "json") return {SourceFormat::kJsonLines};
  if (IsOneOf(extension, {"html", "htm", "xhtml"})) return {SourceFormat::kHtml};
  if (extension == "trec") return {SourceFormat::kTrec};
  if (LooksLikeReuters(head)) return {SourceFormat::kReuters};
  if (LooksLikeTrec(head)) return {SourceFormat::kTrec};
  if (IsOneOf(extension, {"sgm", "sgml", "xml"})) return {SourceFormat::kHtml};
  if (IsOneOf(extension, {"txt", "text", "md", "markdown", "rst"})) return {SourceFormat::kText};
  if (LooksLikeHtml(head)) return {SourceFormat::kHtml};
  if (LooksLikeJson(head)) return {SourceFormat::kJsonLines};
  return {SourceFormat::kText};
}

absl::StatusOr<SourceFormat> ParseSourceFormat(std::string_view name) {
  if (name == "auto") return SourceFormat::kAuto;
  if (name == "text") return SourceFormat::kText;
  if (name == "jsonl") return SourceFormat::kJsonLines;
  if (name == "trec") return SourceFormat::kTrec;
  if (name == "reuters") return SourceFormat::kReuters;
  if (name == "html") return SourceFormat::kHtml;
  return absl::InvalidArgumentError(StrCat(
      "unknown format \"", name, "\"; the formats are auto, text, jsonl, trec, reuters and html"));
}

}  // namespace ibid
