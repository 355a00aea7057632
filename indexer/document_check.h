// What is asked of a document before it may enter an index.
#ifndef IBID_INDEXER_DOCUMENT_CHECK_H_
#define IBID_INDEXER_DOCUMENT_CHECK_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "ibid/document.h"
#include "indexer/hash.h"

namespace ibid {

// InvalidArgument for an empty or too long key and for a document over kMaxDocumentBytes.
absl::Status CheckDocument(const Document& document);

// Replaces malformed UTF-8 in all strings but the key by U+FFFD; the number of such places.
uint64_t RepairText(Document* document);

// A hash of all but the key. Equal documents have equal ones; so have others that somebody chose
// who knows the secret.
uint64_t FingerprintOf(const Document& document, const HashSecret& secret = {});

// About what the document holds in memory; follows from its content alone.
size_t BytesOf(const Document& document);

}  // namespace ibid

#endif  // IBID_INDEXER_DOCUMENT_CHECK_H_
