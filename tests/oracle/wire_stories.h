// The sample stories of corpus/wire as documents.
#ifndef IBID_TESTS_ORACLE_WIRE_STORIES_H_
#define IBID_TESTS_ORACLE_WIRE_STORIES_H_

#include <vector>

#include "ibid/document.h"

namespace ibid {

// In the order of the file; empty where it is not there.
std::vector<Document> WireStories();

}  // namespace ibid

#endif  // IBID_TESTS_ORACLE_WIRE_STORIES_H_
