// TREC run lines: query id, "Q0", document, rank, score, name of the run.
#include <string>

#include "cli/answer_writer.h"
#include "cli/text_escape.h"
#include "common/base/strings.h"

namespace ibid::cli {
namespace {

class TrecAnswerWriter : public AnswerWriter {
 public:
  explicit TrecAnswerWriter(Output& out) : out_(out) {}

  bool needs_documents() const override { return false; }

  void AddHit(const Answer& answer, const ShownHit& hit) override {
    out_.Write(StrCat(ColumnKey(answer.query_id.value_or("1")), " Q0 ", ColumnKey(hit.hit->key),
                      " ", hit.rank, " ", ShortestFloat(hit.hit->score), " ibid\n"));
  }

 private:
  Output& out_;
};

}  // namespace

std::unique_ptr<AnswerWriter> NewTrecAnswerWriter(Output& out) {
  return std::make_unique<TrecAnswerWriter>(out);
}

}  // namespace ibid::cli
