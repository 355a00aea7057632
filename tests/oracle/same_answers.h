// Whether the engine answers a query as the brute-force engine does.
#ifndef IBID_TESTS_ORACLE_SAME_ANSWERS_H_
#define IBID_TESTS_ORACLE_SAME_ANSWERS_H_

#include <memory>
#include <string>

#include "ibid/index_reader.h"
#include "ibid/searcher.h"
#include "tests/oracle/naive_engine.h"

namespace ibid {

// Fails the test (fatally) unless documents, order, bits of scores, totals and, of the first hits,
// places in the text are equal, and the scores near the formula in double precision.
void ExpectSameAnswers(const std::shared_ptr<const IndexReader>& reader, const NaiveEngine& oracle,
                       const std::string& text, const SearchOptions& options);

}  // namespace ibid

#endif  // IBID_TESTS_ORACLE_SAME_ANSWERS_H_
