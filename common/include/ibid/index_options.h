// Choices that are made once, when an index is created, and kept in it.
#ifndef IBID_INDEX_OPTIONS_H_
#define IBID_INDEX_OPTIONS_H_

#include <string>

namespace ibid {

// How text becomes terms.
enum class AnalyzerKind {
  kStandard,  // UAX #29 words, case and accents folded, possessives removed (docs/ANALYSIS.md)
  kAlnum,     // runs of ASCII letters and digits, lower-cased; for comparisons with other engines
};

struct IndexOptions {
  AnalyzerKind analyzer = AnalyzerKind::kStandard;
  // A Snowball stemmer ("english", "german", ...), or "none". kAlnum always has "none".
  std::string language = "english";
  // Keep title, text and columns so that they can be shown, highlighted and re-indexed.
  bool store_text = true;
  // Lists of two and three frequent words side by side, which make phrases of such words fast, may
  // take so many hundredths of the positional index (dictionaries, postings, positions, norms); 0
  // to 100, 0: none.
  int pairs_percent = 10;

  bool operator==(const IndexOptions&) const = default;
};

}  // namespace ibid

#endif  // IBID_INDEX_OPTIONS_H_
