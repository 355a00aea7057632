// Answers queries from standard input, one a line, as the public search-benchmark-game asks of an
// engine (github.com/quickwit-oss/search-benchmark-game):
//
//   do_query DIR
//   COUNT<TAB>+a +b            the number of documents
//   TOP_10<TAB>"a b"           1, when the ten best are known
//   TOP_10_COUNT<TAB>a b       the ten best, and the number of documents
//
// Any k from 1 to 1,000,000. Commands and queries of other forms give UNSUPPORTED. Each answer is
// written at once.
#include <cstdio>
#include <iostream>
#include <string>
#include <string_view>

#include "bench/engines/bench_query.h"
#include "bench/engines/engine.h"
#include "bench/engines/measure.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace ibid::bench {
namespace {

// FailedPrecondition for what is not supported; other errors are ours.
absl::StatusOr<uint64_t> AnswerLine(Engine* engine, std::string_view line) {
  const size_t tab = line.find('\t');
  if (tab == std::string_view::npos) return absl::FailedPreconditionError("no tab");
  const absl::StatusOr<Command> command = ParseCommand(line.substr(0, tab));
  const absl::StatusOr<BenchQuery> query = ParseBenchQuery(line.substr(tab + 1));
  if (!command.ok()) return absl::FailedPreconditionError("command");
  if (!query.ok() || query->near > 0) return absl::FailedPreconditionError("query");
  if (command->k == 0) {
    ASSIGN_OR_RETURN(const Answer answer, engine->Count(*query));
    return answer.total;
  }
  ASSIGN_OR_RETURN(const Answer answer, engine->TopK(*query, command->k, command->with_total));
  return command->with_total ? answer.total : 1;
}

int Serve(const std::string& directory) {
  const std::unique_ptr<Engine> engine = MakeIbidEngine();
  absl::Status status = engine->Open(directory);
  for (std::string line; status.ok() && std::getline(std::cin, line);) {
    const absl::StatusOr<uint64_t> answer = AnswerLine(engine.get(), line);
    if (answer.ok()) {
      std::printf("%llu\n", static_cast<unsigned long long>(*answer));
    } else if (absl::IsFailedPrecondition(answer.status())) {
      std::puts("UNSUPPORTED");
    } else {
      status = answer.status();
    }
    std::fflush(stdout);
  }
  if (status.ok()) return 0;
  const std::string message = StrCat("do_query: ", MessageOf(status), "\n");
  std::fputs(message.c_str(), stderr);
  return absl::IsNotFound(status) ? 3 : 5;
}

}  // namespace
}  // namespace ibid::bench

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: do_query DIR < QUERIES\n");
    return 2;
  }
  return ibid::bench::Serve(argv[1]);
}
