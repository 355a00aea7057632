// ibid analyze TEXT... | -
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "cli/json_writer.h"
#include "cli/opened_index.h"
#include "cli/text_escape.h"
#include "cli/text_input.h"
#include "cli/verbs.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/text/analyzer.h"
#include "ibid/limits.h"

namespace ibid::cli {
namespace {

// Flags first; then what the index was made with, where there is one; then the defaults.
// Those of the index, if there is one; of one that was named, or is damaged, the error.
absl::StatusOr<IndexOptions> OptionsFor(const Command& command) {
  IndexOptions options;
  const OpenedIndex index = OpenIndex(command);
  if (index.status.ok()) {
    options = index.reader->options();
  } else if (command.index || !absl::IsNotFound(index.status)) {
    return index.status;
  }
  if (command.analyze.analyzer) {
    const bool alnum = *command.analyze.analyzer == "alnum";
    options.analyzer = alnum ? AnalyzerKind::kAlnum : AnalyzerKind::kStandard;
  }
  if (command.analyze.language) options.language = *command.analyze.language;
  if (options.analyzer == AnalyzerKind::kAlnum) options.language = "none";
  return options;
}

absl::StatusOr<std::string> TextOf(const Command& command) {
  if (command.arguments.size() == 1 && command.arguments[0] == "-") {
    return ReadWholeFile("-", kMaxDocumentBytes);
  }
  std::string text;
  for (const std::string& word : command.arguments) {
    text += StrCat(text.empty() ? "" : " ", word);
  }
  return text;
}

// Where token i lies: numbers from 1, 0 for a token outside any quotation.
struct Regions {
  size_t sentence = 1;
  size_t paragraph = 1;
  size_t quotation = 0;
};

// Walks the region lists beside the tokens.
class RegionWalk {
 public:
  explicit RegionWalk(const AnalyzedText& words) : words_(words) {}

  Regions At(uint32_t token) {
    while (sentence_ < words_.sentence_ends.size() && words_.sentence_ends[sentence_] <= token) {
      ++sentence_;
    }
    while (paragraph_ < words_.paragraph_ends.size() &&
           words_.paragraph_ends[paragraph_] <= token) {
      ++paragraph_;
    }
    while (quotation_ < words_.quotations.size() && words_.quotations[quotation_].end <= token) {
      ++quotation_;
    }
    const bool quoted =
        quotation_ < words_.quotations.size() && words_.quotations[quotation_].begin <= token;
    return {sentence_ + 1, paragraph_ + 1, quoted ? quotation_ + 1 : 0};
  }

 private:
  const AnalyzedText& words_;
  size_t sentence_ = 0, paragraph_ = 0, quotation_ = 0;
};

std::string TokenLine(const AnalyzedText& words, uint32_t i, const Regions& regions,
                      std::string_view stem, bool as_json) {
  if (!as_json) {
    return StrCat(i, "\t", words.begins[i], "-", words.ends[i], "\t", ColumnKey(words.term(i)),
                  "\t", ColumnKey(stem), "\t", regions.sentence, "\t", regions.paragraph, "\t",
                  regions.quotation == 0 ? "-" : StrCat(regions.quotation), "\n");
  }
  JsonWriter json;
  json.BeginObject().Key("position").Number(i);
  json.Key("begin").Number(words.begins[i]).Key("end").Number(words.ends[i]);
  json.Key("term").String(words.term(i)).Key("stem").String(stem);
  json.Key("sentence").Number(regions.sentence).Key("paragraph").Number(regions.paragraph);
  if (regions.quotation != 0) json.Key("quotation").Number(regions.quotation);
  json.EndObject();
  return json.TakeLine();
}

absl::Status PrintTokens(const Command& command, Console& console) {
  ASSIGN_OR_RETURN(const IndexOptions options, OptionsFor(command));
  ASSIGN_OR_RETURN(const std::unique_ptr<Analyzer> analyzer, Analyzer::Create(options));
  ASSIGN_OR_RETURN(const std::string text, TextOf(command));
  AnalyzedText words;
  analyzer->Analyze(text, &words);
  if (!command.json) {
    console.out().Write("position\tbytes\tterm\tstem\tsentence\tparagraph\tquotation\n");
  }
  RegionWalk walk(words);
  for (uint32_t i = 0; i < words.num_tokens() && console.out().ok(); ++i) {
    const std::string_view stem = analyzer->Stem(words.term(i));
    console.out().Write(TokenLine(words, i, walk.At(i), stem, command.json));
  }
  return absl::OkStatus();
}

}  // namespace

ExitCode RunAnalyze(const Command& command, Console& console) {
  const absl::Status status = PrintTokens(command, console);
  return status.ok() ? kFound : console.Fail(status);
}

}  // namespace ibid::cli
