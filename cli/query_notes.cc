#include "cli/query_notes.h"

#include "absl/status/statusor.h"

namespace ibid::cli {

ErrorDetails DetailsOfBadQuery(const std::string& text, const ParseOptions& options) {
  ParseOptions lenient = options;
  lenient.strict = false;
  const absl::StatusOr<ParsedQuery> parsed = ParseQuery(text, lenient);
  if (!parsed.ok()) return {};
  for (const QueryNote& note : parsed->notes) {
    if (note.severity == NoteSeverity::kNote) continue;
    const std::string shown = FormatNote(text, note);
    return {.display = shown.substr(std::min(shown.find('\n') + 1, shown.size())),
            .offset = note.byte_begin};
  }
  return {};
}

}  // namespace ibid::cli
