#include "bench/guard/mini_index.h"

#include <fstream>
#include <iterator>

#include "absl/status/status.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "corpus/generator/json_line.h"
#include "corpus/generator/model.h"
#include "corpus/generator/text_generator.h"
#include "ibid/index_writer.h"

namespace ibid::bench {
namespace {

absl::StatusOr<corpus::Model> DefaultModel() {
  const std::string path = IBID_DEFAULT_CORPUS_MODEL;
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(StrCat(path, ": cannot be read"));
  const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return corpus::ParseModel(bytes);
}

Document DocumentOf(const std::string& line) {
  const auto field = [&line](std::string_view name) {
    return corpus::StringField(line, name).value_or(std::string());
  };
  return {.key = field("id"),
          .title = field("title"),
          .text = field("text"),
          .date = field("date"),
          .source = field("source")};
}

}  // namespace

absl::StatusOr<std::shared_ptr<const IndexReader>> MakeMiniIndex(AnalyzerKind analyzer, Env* env,
                                                                 const std::string& directory) {
  ASSIGN_OR_RETURN(const corpus::Model model, DefaultModel());
  corpus::TextGenerator generator(model, {.seed = kMiniSeed, .mean_words = kMiniMeanWords});
  WriterOptions options;
  const bool stems = analyzer != AnalyzerKind::kAlnum;
  options.index = IndexOptions{analyzer, stems ? "english" : "none", /*store_text=*/false};
  options.must_be_new = true;
  options.threads = 1;
  ASSIGN_OR_RETURN(const std::unique_ptr<IndexWriter> writer,
                   IndexWriter::Open(directory, options, env));
  std::string line;
  for (uint32_t doc = 1; doc <= kMiniDocs; ++doc) {
    line.clear();
    generator.AppendDocument(line);
    RETURN_IF_ERROR(writer->Add(DocumentOf(line)).status());
    if (doc == kMiniDocs / 12 * 11) RETURN_IF_ERROR(writer->Commit().status());
  }
  RETURN_IF_ERROR(writer->Commit().status());
  return IndexReader::Open(directory, env);
}

}  // namespace ibid::bench
