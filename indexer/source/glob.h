// Shell patterns over paths: `*` any run within a name, `?` one character of it, `[a-z]`, `[!a-z]`,
// `\` before a character that stands for itself, `**` any run of names.
//
//   MatchesGlob("*.txt", "notes/a.txt")          // a pattern without '/': the last name
//   MatchesGlob("notes/**/*.txt", "notes/a.txt")  // else the whole path
//
// Time is at most pattern times path, whatever the pattern.
#ifndef IBID_INDEXER_SOURCE_GLOB_H_
#define IBID_INDEXER_SOURCE_GLOB_H_

#include <string_view>

namespace ibid {

bool MatchesGlob(std::string_view pattern, std::string_view path);

}  // namespace ibid

#endif  // IBID_INDEXER_SOURCE_GLOB_H_
