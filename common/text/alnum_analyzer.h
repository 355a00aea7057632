// The plain analysis that comparisons with other engines use: runs of ASCII letters and digits in
// lower case; every other byte parts words. One sentence, one paragraph, no stemmer.
//
//   std::unique_ptr<Analyzer> analyzer = MakeAlnumAnalyzer();
//
// Threads and lifetime as Analyzer says.
#ifndef IBID_COMMON_TEXT_ALNUM_ANALYZER_H_
#define IBID_COMMON_TEXT_ALNUM_ANALYZER_H_

#include <memory>

#include "common/text/analyzer.h"

namespace ibid {

std::unique_ptr<Analyzer> MakeAlnumAnalyzer();

}  // namespace ibid

#endif  // IBID_COMMON_TEXT_ALNUM_ANALYZER_H_
