// ibid-make-corpus: fits a model to real text and writes any amount of text that resembles it.
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "corpus/generator/fitter.h"
#include "corpus/generator/json_line.h"
#include "corpus/generator/model.h"
#include "corpus/generator/text_generator.h"

namespace ibid::corpus {
namespace {

constexpr std::string_view kUsage = R"(usage:
  ibid-make-corpus fit TEXT.jsonl [--words N] [--pairs N] [--from WORDS] > MODEL
      Fits a model to the `text` fields of JSON Lines ("-": standard input).
      --words N    frequent words to keep (default 60000)
      --pairs N    frequent pairs of neighbours to keep (default 500000)
      --from TEXT  what the model says it was fitted to (default: the file's name)

  ibid-make-corpus generate (--docs N | --bytes N) [--model MODEL] [--seed N] [--mean-words N]
      Writes JSON Lines with id, title, date, source, words and text to standard output.
      --docs N        as many documents
      --bytes N       documents until N bytes are reached
      --model MODEL   a model that `fit` wrote (default: the one that came with ibid)
      --seed N        the same seed gives the same text on every machine (default 1)
      --mean-words N  stretches the documents to this mean length

  ibid-make-corpus describe [--model MODEL]
      Prints what a model holds.
)";

constexpr size_t kFlushBytes = size_t{1} << 20;

struct Options {
  std::string verb;
  std::string input;
  std::string model = IBID_DEFAULT_CORPUS_MODEL;
  std::string from;
  uint64_t words = FitOptions().max_words;
  uint64_t pairs = FitOptions().max_pairs;
  uint64_t docs = 0;
  uint64_t bytes = 0;
  uint64_t seed = 1;
  uint64_t mean_words = 0;
};

// Sets `number`; false where the text is not one.
bool ParseNumber(std::string_view text, uint64_t& number) {
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end;
}

absl::StatusOr<Options> ParseOptions(const std::vector<std::string>& args) {
  Options options;
  for (size_t i = 0; i < args.size(); ++i) {
    if (args[i].empty() || args[i][0] != '-' || args[i] == "-") {
      std::string& place = options.verb.empty() ? options.verb : options.input;
      if (!place.empty()) return absl::InvalidArgumentError(StrCat("'", args[i], "'?"));
      place = args[i];
      continue;
    }
    const std::string name = args[i].substr(args[i].find_first_not_of('-'));
    if (++i == args.size()) {
      return absl::InvalidArgumentError(StrCat("--", name, " needs a value"));
    }
    uint64_t* number = name == "words"        ? &options.words
                       : name == "pairs"      ? &options.pairs
                       : name == "docs"       ? &options.docs
                       : name == "bytes"      ? &options.bytes
                       : name == "seed"       ? &options.seed
                       : name == "mean-words" ? &options.mean_words
                                              : nullptr;
    std::string* text = name == "model" ? &options.model : name == "from" ? &options.from : nullptr;
    if (number == nullptr && text == nullptr) {
      return absl::InvalidArgumentError(StrCat("unknown option --", name));
    }
    if (text != nullptr) *text = args[i];
    if (number != nullptr && !ParseNumber(args[i], *number)) {
      return absl::InvalidArgumentError(StrCat("--", name, " needs a number"));
    }
  }
  return options;
}

absl::StatusOr<Model> LoadModel(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(StrCat(path, ": cannot be read"));
  const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  absl::StatusOr<Model> model = ParseModel(bytes);
  if (model.ok()) return model;
  return absl::InvalidArgumentError(StrCat(path, ": ", MessageOf(model.status())));
}

absl::Status WriteOut(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size()) return absl::OkStatus();
  return absl::UnavailableError("standard output: cannot be written");
}

absl::Status RunFit(const Options& options) {
  if (options.input.empty()) return absl::InvalidArgumentError("fit needs a file");
  std::ifstream file;
  if (options.input != "-") file.open(options.input, std::ios::binary);
  if (!file) return absl::NotFoundError(StrCat(options.input, ": cannot be read"));
  std::istream& in = options.input == "-" ? std::cin : file;
  Fitter fitter;
  uint64_t bad_lines = 0;
  for (std::string line; std::getline(in, line);) {
    const std::optional<std::string> text = StringField(line, "text");
    if (text) fitter.AddDocument(*text);
    bad_lines += text ? 0 : 1;
  }
  if (bad_lines != 0) std::cerr << bad_lines << " lines without a `text` field left out\n";
  const std::string name = options.input.substr(options.input.find_last_of('/') + 1);
  const FitOptions fit{.max_words = static_cast<uint32_t>(std::min<uint64_t>(options.words, ~0u)),
                       .max_pairs = static_cast<uint32_t>(std::min<uint64_t>(options.pairs, ~0u)),
                       .from = options.from.empty() ? name : options.from};
  ASSIGN_OR_RETURN(Model model, fitter.Fit(fit));
  return WriteOut(FormatModel(model));
}

absl::Status RunGenerate(const Options& options) {
  if ((options.docs == 0) == (options.bytes == 0)) {
    return absl::InvalidArgumentError("generate needs either --docs or --bytes");
  }
  if (options.mean_words > kMaxLength) {
    return absl::InvalidArgumentError(StrCat("--mean-words: at most ", kMaxLength));
  }
  ASSIGN_OR_RETURN(Model model, LoadModel(options.model));
  TextGenerator generator(
      model, {.seed = options.seed, .mean_words = static_cast<uint32_t>(options.mean_words)});
  std::string buffer;
  uint64_t written = 0;
  const auto more = [&] {
    return options.docs != 0 ? generator.num_documents() < options.docs
                             : written + buffer.size() < options.bytes;
  };
  while (more()) {
    generator.AppendDocument(buffer);
    if (buffer.size() < kFlushBytes) continue;
    RETURN_IF_ERROR(WriteOut(buffer));
    written += buffer.size();
    buffer.clear();
  }
  RETURN_IF_ERROR(WriteOut(buffer));
  written += buffer.size();
  std::cerr << generator.num_documents() << " documents, " << generator.num_words() << " words, "
            << generator.num_rare_words() << " of them invented, " << written << " bytes\n";
  return absl::OkStatus();
}

absl::Status RunDescribe(const Options& options) {
  ASSIGN_OR_RETURN(Model model, LoadModel(options.model));
  size_t num_pairs = 0;
  for (const auto& row : model.pairs) num_pairs += row.size();
  return WriteOut(StrCat("from: ", model.from, "\ndocuments: ", model.documents, "\ntokens: ",
                         model.tokens, "\nwords: ", model.words.size() - kNumSpecialWords,
                         "\npairs: ", num_pairs, "\nmean document: ", MeanDocumentWords(model),
                         " words\nrare tokens: ", model.words[kRare].count, " (theta ",
                         model.rare_theta, ", discount ", model.rare_discount, " permille)\n"));
}

absl::Status Run(const Options& options) {
  if (options.verb == "fit") return RunFit(options);
  if (options.verb == "generate") return RunGenerate(options);
  if (options.verb == "describe") return RunDescribe(options);
  return absl::InvalidArgumentError("the verbs are fit, generate and describe; see --help");
}

int Main(const std::vector<std::string>& args) {
  for (const std::string& arg : args) {
    if (arg != "--help" && arg != "-h") continue;
    std::cout << kUsage;
    return 0;
  }
  const absl::StatusOr<Options> options = ParseOptions(args);
  const absl::Status status = options.ok() ? Run(*options) : options.status();
  const bool flushed = std::fflush(stdout) == 0;
  if (status.ok() && flushed) return 0;
  std::cerr << "ibid-make-corpus: " << (status.ok() ? "cannot write" : MessageOf(status)) << "\n";
  return absl::IsInvalidArgument(status) ? 2 : 5;
}

}  // namespace
}  // namespace ibid::corpus

int main(int argc, char** argv) {
  return ibid::corpus::Main(std::vector<std::string>(argv + 1, argv + argc));
}
