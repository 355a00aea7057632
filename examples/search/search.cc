// Searches an index: search INDEX QUERY. Prints each hit with its best stretch and its matches.
#include <iostream>

#include "ibid/searcher.h"
#include "ibid/snippet.h"

namespace {

absl::Status Run(const std::string& directory, const std::string& text) {
  auto reader = ibid::IndexReader::Open(directory);
  if (!reader.ok()) return reader.status();

  auto parsed = ibid::ParseQuery(text, {.columns = (*reader)->columns()});
  if (!parsed.ok()) return parsed.status();
  for (const ibid::QueryNote& note : parsed->notes) std::cerr << ibid::FormatNote(text, note);

  const ibid::Searcher searcher(*reader);
  const ibid::SearchOptions options{.limit = 5};
  auto result = searcher.Search(parsed->query, options);
  if (!result.ok()) return result.status();

  std::cout << result->total << " documents match " << parsed->canonical << '\n';
  for (const ibid::Hit& hit : result->hits) {
    auto document = searcher.GetDocument(hit);
    if (!document.ok()) return document.status();
    auto matches = searcher.Matches(*result, hit, *document, options);
    if (!matches.ok()) return matches.status();
    const ibid::Snippet snippet = ibid::MakeSnippet(*document, *matches, {.context_words = 8});
    std::cout << hit.score << ' ' << hit.key << " (" << matches->size() << " matches)\n  "
              << ibid::HighlightSnippet(snippet, "[", "]") << '\n';
  }
  return absl::OkStatus();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return std::cerr << "usage: search INDEX QUERY\n", 2;
  const absl::Status status = Run(argv[1], argv[2]);
  if (!status.ok()) std::cerr << "error: " << status.message() << '\n';
  return status.ok() ? 0 : 1;
}
