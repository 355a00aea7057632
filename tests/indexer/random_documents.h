// Random documents: stories of common and rare words with sentences, quotations and columns.
#ifndef IBID_TESTS_INDEXER_RANDOM_DOCUMENTS_H_
#define IBID_TESTS_INDEXER_RANDOM_DOCUMENTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "ibid/document.h"

namespace ibid {

// Keys are "doc-<number>", from `first` on. The same arguments give the same documents.
std::vector<Document> RandomDocuments(uint32_t seed, size_t count, size_t first = 0);

}  // namespace ibid

#endif  // IBID_TESTS_INDEXER_RANDOM_DOCUMENTS_H_
