// JSON Lines: an object a hit, then a summary a query. docs/CLI.md describes the members.
#include <string>
#include <string_view>

#include "cli/answer_writer.h"
#include "cli/json_writer.h"

namespace ibid::cli {
namespace {

std::string_view SeverityName(NoteSeverity severity) {
  switch (severity) {
    case NoteSeverity::kNote:
      return "note";
    case NoteSeverity::kWarning:
      return "warning";
  }
  return "note";
}

void WriteMatches(const std::vector<Match>& matches, JsonWriter& json) {
  json.Key("matches").BeginArray();
  for (const Match& match : matches) {
    json.BeginObject();
    json.Key("field").String(match.field == Match::FieldId::kTitle ? "title" : "text");
    json.Key("begin").Number(match.byte_begin).Key("end").Number(match.byte_end);
    json.EndObject();
  }
  json.EndArray();
}

// An explanation is as deep as its query at most, which is bounded.
void WriteExplanation(const Explanation& node, JsonWriter& json) {
  json.BeginObject().Key("value").Number(node.value).Key("what").String(node.what);
  if (!node.children.empty()) {
    json.Key("children").BeginArray();
    for (const Explanation& child : node.children) WriteExplanation(child, json);
    json.EndArray();
  }
  json.EndObject();
}

void WriteNotes(const std::vector<QueryNote>& notes, JsonWriter& json) {
  json.Key("notes").BeginArray();
  for (const QueryNote& note : notes) {
    json.BeginObject().Key("severity").String(SeverityName(note.severity));
    json.Key("begin").Number(note.byte_begin).Key("end").Number(note.byte_end);
    json.Key("code").String(note.code).Key("message").String(note.message);
    if (!note.fixit.empty()) json.Key("fixit").String(note.fixit);
    json.EndObject();
  }
  json.EndArray();
}

class JsonAnswerWriter : public AnswerWriter {
 public:
  explicit JsonAnswerWriter(Output& out) : out_(out) {}

  void AddHit(const Answer& answer, const ShownHit& hit) override {
    JsonWriter json;
    json.BeginObject().Key("type").String("hit");
    if (answer.query_id) json.Key("query_id").String(*answer.query_id);
    json.Key("rank").Number(hit.rank).Key("score").Number(hit.hit->score);
    json.Key("key").String(hit.hit->key).Key("title").String(hit.document.title);
    json.Key("date").String(hit.document.date).Key("source").String(hit.document.source);
    json.Key("snippet").String(hit.snippet.text);
    WriteMatches(hit.matches, json);
    if (hit.hit->explanation) {
      json.Key("explanation");
      WriteExplanation(*hit.hit->explanation, json);
    }
    json.EndObject();
    out_.Write(json.TakeLine());
  }

  void End(const Answer& answer) override {
    JsonWriter json;
    json.BeginObject().Key("type").String("summary");
    if (answer.query_id) json.Key("query_id").String(*answer.query_id);
    json.Key("query").String(answer.canonical);
    json.Key("total").BeginObject().Key("value").Number(answer.result.total);
    json.Key("relation").String(answer.result.total_is_exact ? "eq" : "gte").EndObject();
    if (answer.result.partial) json.Key("partial").Bool(true);
    WriteNotes(answer.notes, json);
    json.Key("elapsed_us").Number(answer.elapsed_us).EndObject();
    out_.Write(json.TakeLine());
  }

 private:
  Output& out_;
};

}  // namespace

std::unique_ptr<AnswerWriter> NewJsonAnswerWriter(Output& out) {
  return std::make_unique<JsonAnswerWriter>(out);
}

}  // namespace ibid::cli
