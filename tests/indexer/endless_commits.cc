#include "tests/indexer/endless_commits.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "common/base/strings.h"
#include "ibid/index_writer.h"

namespace ibid {
namespace {

constexpr int kDocumentsKept = 24;

Document StepDocument(std::string key, int64_t step) {
  return MakeDocument(std::move(key), "", StrCat("step ", step, " of the loop, word", step % 7));
}

absl::Status MakeStep(IndexWriter* writer, int64_t step) {
  absl::Status status = writer->Add(StepDocument("last", step)).status();
  if (status.ok() && step % 2 == 1) status = writer->Add(StepDocument("odd", step)).status();
  if (status.ok()) status = writer->Add(StepDocument(StrCat("n", step), step)).status();
  if (status.ok()) status = writer->Delete(StrCat("n", step - kDocumentsKept)).status();
  if (status.ok() && step % 23 == 0) status = writer->MergeToOne();
  return status.ok() ? writer->Commit().status() : status;
}

}  // namespace

std::vector<Document> DocumentsAfter(int64_t step) {
  std::vector<Document> documents = {StepDocument("last", step)};
  documents.push_back(StepDocument("odd", step % 2 == 1 ? step : step - 1));
  for (int64_t n = std::max<int64_t>(1, step - kDocumentsKept + 1); n <= step; ++n) {
    documents.push_back(StepDocument(StrCat("n", n), n));
  }
  return documents;
}

int64_t StepOf(const IndexModel& model) {
  const auto last = model.find("last");
  if (last == model.end()) return 0;
  const size_t word = last->second.find(" 1:");
  return std::strtoll(last->second.c_str() + word + 3, nullptr, 10);
}

void CommitForEver(Env* env, const std::string& dir, int64_t step, bool background, int pipe) {
  WriterOptions options;
  options.background_merges = background;
  options.threads = background ? 2 : 1;
  auto writer = IndexWriter::Open(dir, options, env);
  if (!writer.ok()) _exit(3);
  while (true) {
    ++step;
    if (!MakeStep(writer->get(), step).ok()) _exit(4);
    if (::write(pipe, &step, sizeof(step)) != sizeof(step)) _exit(5);
  }
}

}  // namespace ibid
