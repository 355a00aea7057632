// For pipes: one line a hit (rank, score, key, title, context), or just keys, or just counts. With
// several queries, each line begins with the query's id.
#include <string>

#include "cli/answer_writer.h"
#include "cli/text_escape.h"
#include "common/base/strings.h"

namespace ibid::cli {
namespace {

std::string IdColumn(const Answer& answer) {
  return answer.query_id ? StrCat(ColumnKey(*answer.query_id), "\t") : "";
}

class TsvAnswerWriter : public AnswerWriter {
 public:
  TsvAnswerWriter(Output& out, const AnswerStyle& style) : out_(out), raw_(style.raw) {}

  void AddHit(const Answer& answer, const ShownHit& hit) override {
    out_.Write(StrCat(IdColumn(answer), hit.rank, "\t", ShortestFloat(hit.hit->score), "\t",
                      raw_ ? hit.hit->key : ColumnKey(hit.hit->key), "\t",
                      OneLine(hit.document.title), "\t", OneLine(hit.snippet.text), "\n"));
  }

 private:
  Output& out_;
  bool raw_;
};

class KeysAnswerWriter : public AnswerWriter {
 public:
  KeysAnswerWriter(Output& out, const AnswerStyle& style) : out_(out), raw_(style.raw) {}

  bool needs_documents() const override { return false; }

  void AddHit(const Answer& answer, const ShownHit& hit) override {
    out_.Write(StrCat(IdColumn(answer), raw_ ? hit.hit->key : VisibleKey(hit.hit->key), "\n"));
  }

 private:
  Output& out_;
  bool raw_;
};

class CountAnswerWriter : public AnswerWriter {
 public:
  explicit CountAnswerWriter(Output& out) : out_(out) {}

  bool needs_documents() const override { return false; }
  void AddHit(const Answer&, const ShownHit&) override {}
  void End(const Answer& answer) override {
    out_.Write(StrCat(IdColumn(answer), answer.result.total, "\n"));
  }

 private:
  Output& out_;
};

}  // namespace

std::unique_ptr<AnswerWriter> NewTsvAnswerWriter(Output& out, const AnswerStyle& style) {
  return std::make_unique<TsvAnswerWriter>(out, style);
}

std::unique_ptr<AnswerWriter> NewKeysAnswerWriter(Output& out, const AnswerStyle& style) {
  return std::make_unique<KeysAnswerWriter>(out, style);
}

std::unique_ptr<AnswerWriter> NewCountAnswerWriter(Output& out, const AnswerStyle&) {
  return std::make_unique<CountAnswerWriter>(out);
}

}  // namespace ibid::cli
