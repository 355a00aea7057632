// For people: a few lines a hit, with the matches highlighted.
#include <algorithm>
#include <string>
#include <string_view>

#include "cli/answer_writer.h"
#include "cli/text_escape.h"
#include "common/base/strings.h"

namespace ibid::cli {
namespace {

constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kMatch = "\x1b[1;31m";
constexpr std::string_view kFaint = "\x1b[36m";
constexpr std::string_view kPlain = "\x1b[0m";
constexpr size_t kMaxExplanationLines = 10000;

class TextAnswerWriter : public AnswerWriter {
 public:
  TextAnswerWriter(Output& out, const AnswerStyle& style) : out_(out), style_(style) {}

  void Begin(const Answer& answer) override {
    if (!style_.several_queries) return;
    out_.Write(StrCat(In(kBold, StrCat("== ", OneLine(answer.query_id.value_or("")), ": ",
                                       OneLine(answer.canonical))),
                      "\n"));
  }

  void AddHit(const Answer&, const ShownHit& hit) override {
    const Document& document = hit.document;
    const std::string title = Shown(document.title);
    std::string text = StrCat(hit.rank, "  ", FixedNumber(hit.hit->score, 3), "  ",
                              In(kBold, title.empty() ? VisibleKey(hit.hit->key) : title), "\n");
    text += StrCat("   ", In(kFaint, Origin(document, hit.hit->key)), "\n");
    if (!hit.snippet.text.empty()) {
      text += StrCat(
          "   ", style_.color ? HighlightSnippet(hit.snippet, kMatch, kPlain) : hit.snippet.text,
          "\n");
    }
    if (hit.hit->explanation) AppendExplanation(*hit.hit->explanation, text);
    out_.Write(StrCat(text, "\n"));
  }

  void End(const Answer& answer) override {
    const uint64_t total = answer.result.total;
    const size_t shown = answer.result.hits.size();
    if (total == 0) return;
    std::string line;
    if (shown > 0 && shown < total) {
      line = StrCat(WithCommas(answer.offset + 1), "-", WithCommas(answer.offset + shown), " of ");
    }
    out_.Write(StrCat(line, answer.result.total_is_exact ? "" : "at least ", WithCommas(total),
                      total == 1 ? " document\n" : " documents\n"));
  }

 private:
  std::string In(std::string_view color, std::string_view text) const {
    return style_.color ? StrCat(color, text, kPlain) : std::string(text);
  }

  std::string Shown(const std::string& text) const { return style_.raw ? text : OneLine(text); }

  std::string Origin(const Document& document, const std::string& key) const {
    std::string origin;
    for (const std::string& part : {document.source, document.date}) {
      if (!part.empty()) origin += StrCat(Shown(part), ", ");
    }
    return origin + (style_.raw ? key : VisibleKey(key));
  }

  // Depth first with a stack of its own: an explanation may be as deep as a query.
  void AppendExplanation(const Explanation& root, std::string& text) const {
    std::vector<std::pair<const Explanation*, size_t>> stack = {{&root, 0}};
    for (size_t lines = 0; !stack.empty() && lines < kMaxExplanationLines; ++lines) {
      const auto [node, depth] = stack.back();
      stack.pop_back();
      text += StrCat(std::string(5 + 2 * depth, ' '), FixedNumber(node->value, 4), "  ",
                     OneLine(node->what), "\n");
      for (auto child = node->children.rbegin(); child != node->children.rend(); ++child) {
        stack.push_back({&*child, depth + 1});
      }
    }
  }

  Output& out_;
  AnswerStyle style_;
};

}  // namespace

std::unique_ptr<AnswerWriter> NewTextAnswerWriter(Output& out, const AnswerStyle& style) {
  return std::make_unique<TextAnswerWriter>(out, style);
}

}  // namespace ibid::cli
