// The forms an answer is printed in. One writer prints the answers of all queries of a run.
//
//   std::unique_ptr<AnswerWriter> writer = NewTsvAnswerWriter(out, style);
//   writer->Begin(answer);
//   for (...) writer->AddHit(answer, hit);
//   writer->End(answer);
//
// Belongs to one thread; the Output outlives it.
#ifndef IBID_CLI_ANSWER_WRITER_H_
#define IBID_CLI_ANSWER_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/terminal.h"
#include "ibid/document.h"
#include "ibid/query.h"
#include "ibid/searcher.h"
#include "ibid/snippet.h"

namespace ibid::cli {

// One query with what it found.
struct Answer {
  std::optional<std::string> query_id;  // with --queries
  std::string canonical;
  std::vector<QueryNote> notes;  // of the parser, the searcher and the suggestions
  SearchResult result;
  size_t offset = 0;
  int64_t elapsed_us = 0;  // parsing and searching
};

struct ShownHit {
  size_t rank = 0;  // from 1
  const Hit* hit = nullptr;
  Document document;  // only the key where there is no stored text
  std::vector<Match> matches;
  Snippet snippet;
};

struct AnswerStyle {
  bool color = false;
  bool raw = false;
  bool several_queries = false;
};

class AnswerWriter {
 public:
  virtual ~AnswerWriter() = default;

  // Whether hits need their documents, matches and snippets.
  virtual bool needs_documents() const { return true; }

  virtual void Begin(const Answer&) {}
  virtual void AddHit(const Answer& answer, const ShownHit& hit) = 0;
  virtual void End(const Answer&) {}
};

std::unique_ptr<AnswerWriter> NewTextAnswerWriter(Output& out, const AnswerStyle& style);
std::unique_ptr<AnswerWriter> NewTsvAnswerWriter(Output& out, const AnswerStyle& style);
std::unique_ptr<AnswerWriter> NewJsonAnswerWriter(Output& out);
std::unique_ptr<AnswerWriter> NewTrecAnswerWriter(Output& out);
std::unique_ptr<AnswerWriter> NewKeysAnswerWriter(Output& out, const AnswerStyle& style);   // -l
std::unique_ptr<AnswerWriter> NewCountAnswerWriter(Output& out, const AnswerStyle& style);  // -c

}  // namespace ibid::cli

#endif  // IBID_CLI_ANSWER_WRITER_H_
