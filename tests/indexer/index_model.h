// An index as plain values: what a test compares.
#ifndef IBID_TESTS_INDEXER_INDEX_MODEL_H_
#define IBID_TESTS_INDEXER_INDEX_MODEL_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "common/format/manifest.h"
#include "ibid/document.h"
#include "ibid/env.h"
#include "ibid/index_options.h"
#include "ibid/index_writer.h"

namespace ibid {

// One line for everything that an index knows of a document: its terms with their positions, its
// norm, regions, columns and stored form.
using IndexModel = std::map<std::string, std::string>;  // by key

// The live documents of the last commit, every byte of which is verified on the way. Fails the test
// where the index cannot be read.
IndexModel ReadModel(Env* env, const std::string& dir);

// What ReadModel must give for these documents: the analyzer's words and nothing else.
IndexModel ExpectedModel(const std::vector<Document>& documents, const IndexOptions& options);

// The bytes of each section of each segment, by "<number of the segment> <section>".
std::map<std::string, std::string> SectionBytes(Env* env, const std::string& dir);

// "key: stem(freq) ..." of every stem that differs from a document's own words' spelling, found
// through the dictionary of stems.
std::map<std::string, std::map<std::string, uint32_t>> ReadStems(Env* env, const std::string& dir);

Manifest ManifestOf(Env* env, const std::string& dir);

// Shorthands that fail the test where the writer does.
std::unique_ptr<IndexWriter> OpenWriter(Env* env, const std::string& dir,
                                        const WriterOptions& options = {});
AddOutcome AddOrDie(IndexWriter* writer, Document document);
CommitInfo CommitOrDie(IndexWriter* writer);

Document MakeDocument(std::string key, std::string title, std::string text);

}  // namespace ibid

#endif  // IBID_TESTS_INDEXER_INDEX_MODEL_H_
