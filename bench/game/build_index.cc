// Indexes JSON Lines from standard input for do_query, as the public search-benchmark-game asks of
// an engine (github.com/quickwit-oss/search-benchmark-game): members `id` and `text`, no stemming.
//
//   build_index DIR < corpus.json
//
// DIR must hold no index. Two documents of one id: the last wins.
#include <cstdio>
#include <memory>
#include <string>

#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "ibid/index_writer.h"
#include "indexer/source/source.h"

namespace ibid::bench {
namespace {

absl::StatusOr<CommitInfo> BuildIndex(const std::string& directory) {
  WriterOptions options;
  options.index = IndexOptions{AnalyzerKind::kAlnum, "none", /*store_text=*/false};
  options.must_be_new = true;
  options.holder = "build_index";
  ASSIGN_OR_RETURN(const std::unique_ptr<IndexWriter> writer,
                   IndexWriter::Open(directory, options));
  const SourceOptions source{.format = SourceFormat::kJsonLines, .strict = true};
  SourceCallbacks callbacks;
  callbacks.on_document = [&](Document document) {
    return writer->Add({.key = std::move(document.key), .text = std::move(document.text)}).status();
  };
  RETURN_IF_ERROR(ReadSource("-", source, callbacks));
  RETURN_IF_ERROR(writer->Commit().status());
  RETURN_IF_ERROR(writer->MergeToOne());
  return writer->Commit();
}

}  // namespace
}  // namespace ibid::bench

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: build_index DIR < FILE.jsonl\n");
    return 2;
  }
  const absl::StatusOr<ibid::CommitInfo> info = ibid::bench::BuildIndex(argv[1]);
  if (!info.ok()) {
    const std::string message = ibid::StrCat("build_index: ", ibid::MessageOf(info.status()), "\n");
    std::fputs(message.c_str(), stderr);
    return 5;
  }
  std::fprintf(stderr, "%u documents\n", info->num_docs);
  return 0;
}
