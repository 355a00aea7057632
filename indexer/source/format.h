// Which format a file is in, told from its name and its first bytes.
#ifndef IBID_INDEXER_SOURCE_FORMAT_H_
#define IBID_INDEXER_SOURCE_FORMAT_H_

#include <string_view>

#include "indexer/source/source.h"

namespace ibid {

struct FormatGuess {
  SourceFormat format = SourceFormat::kText;  // never kAuto
  bool name_says_lines = false;               // .jsonl, .ndjson
};

// `name` may end in .gz or .zst; `head` is the start of the text, unpacked and in UTF-8. The name
// decides where it is of a known kind, but plain text (.txt) that begins as TREC or Reuters files
// do is read as such, and .sgml and .xml tell nothing: their content decides, else they are read as
// HTML. Other names: the content decides, else it is plain text.
FormatGuess GuessFormat(std::string_view name, std::string_view head);

}  // namespace ibid

#endif  // IBID_INDEXER_SOURCE_FORMAT_H_
