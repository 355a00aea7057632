#include "bench/guard/query_work.h"

#include <algorithm>
#include <limits>
#include <memory>

#include "bench/guard/mini_index.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace ibid::bench {
namespace {

constexpr GuardQuery kAlnumQueries[] = {
    {"term", "the"},
    {"term", "captain"},
    {"term", "melted"},
    {"union", "the castle"},
    {"union", "letter wife"},
    {"union", "of the silence"},
    {"union", "captain horse river"},
    {"union", "the king of the north"},
    {"union", "mechanical imaginary sea"},
    {"union", "old man window morning letter death"},
    {"union", "to be or not to be that is the question"},
    {"intersection", "+the +castle"},
    {"intersection", "+letter +wife"},
    {"intersection", "+of +the +silence"},
    {"intersection", "+captain +horse"},
    {"intersection", "+he +was +not"},
    {"intersection", "+river +melted"},
    {"intersection", "+old +man +sea +death"},
    {"phrase 2", "\"old man\""},
    {"phrase 2", "\"the castle\""},
    {"phrase 2", "\"my wife\""},
    {"phrase 2", "\"great captain\""},
    {"phrase 3", "\"the old man\""},
    {"phrase 3", "\"out of sight\""},
    {"phrase 3", "\"i don t\""},
    {"phrase 4", "\"at the end of\""},
    {"phrase 4", "\"in the middle of\""},
    {"phrase 4", "\"the fact that he\""},
    {"stop phrase", "\"of the\""},
    {"stop phrase", "\"it was\""},
    {"stop phrase", "\"one of the\""},
    {"stop phrase", "\"to be or not to be\""},
    {"stop phrase", "\"that he had\""},
    {"near", "captain NEAR/5 ship"},
    {"near", "the NEAR/3 castle"},
    {"near", "old NEAR/8 wife"},
    {"near", "of NEAR/2 the", true},
    {"near", "old NEAR/6 man NEAR/6 sea"},
    {"adj", "young ADJ/3 man"},
    {"adj", "of ADJ/4 king"},
    {"adj", "the ADJ/3 of ADJ/3 the", true},
    {"sloppy", "\"the old man\"~2"},
    {"sloppy", "\"letter wife\"~4"},
    {"sloppy", "\"the morning of\"~3"},
    {"negated", "castle -the"},
    {"negated", "+the -of"},
    {"negated", "+captain +the -horse"},
    {"negated", "\"old man\" -sea"},
    {"mixed", "+castle the old"},
    {"mixed", "+the captain river"},
    {"mixed", "+\"old man\" sea"},
    {"mixed", "+captain +(ship OR horse) sea"},
    {"mixed", "(castle OR river) AND (king OR captain)"},
    {"mixed", "\"old man\" OR \"of the castle\" OR river"},
    {"mixed", "+\"out of\" +(old NEAR/9 man)"},
    {"filtered", "captain FILTER \"of the\""},
    {"filtered", "(castle OR river) FILTER letter"},
    {"filtered", "title:the AND captain"},
    {"filtered", "(old man sea) FILTER date:2015"},
};

constexpr GuardQuery kStandardQueries[] = {
    {"term", "captain"},
    {"term", "=captain"},
    {"union", "castles river windows"},
    {"intersection", "+walking +horses"},
    {"phrase 2", "\"old man\""},
    {"stem phrase", "s\"great captains\""},
    {"stop phrase", "\"one of the\""},
    {"near", "captain NEAR/s ship"},
    {"near", "king NEAR/p castle"},
    {"wildcard", "capt* AND the"},
    {"quote", "quote:(old AND man)"},
    {"filtered", "title:letter OR text:letter"},
};

constexpr GuardCommand kCommands[] = {
    {"COUNT", 0, true},        {"TOP_10", 10, false},      {"TOP_100", 100, false},
    {"TOP_1000", 1000, false}, {"TOP_10_COUNT", 10, true},
};

SearchOptions OptionsOf(const GuardCommand& command, Spoil spoil) {
  SearchOptions options;
  options.limit = command.limit;
  options.exact_total = command.exact_total;
  options.limits.timeout_seconds = 0;
  options.limits.max_results = std::numeric_limits<size_t>::max();
  if (spoil == Spoil::kBounds) options.prune = false;
  if (spoil == Spoil::kDecode) {
    options.limit = std::max<size_t>(1, options.limit);
    options.exact_total = true;
  }
  return options;
}

Counters CountersOf(const SearchWork& work) {
  return {{"doc_blocks", work.doc_blocks},
          {"freq_blocks", work.freq_blocks},
          {"position_blocks", work.position_blocks},
          {"positions", work.positions},
          {"bytes_decoded", work.bytes_decoded},
          {"postings_tested", work.postings_tested},
          {"ranges_tested", work.ranges_tested},
          {"postings_scored", work.postings_scored},
          {"probes", work.probes},
          {"candidates_verified", work.candidates_verified}};
}

}  // namespace

std::span<const GuardQuery> AlnumQueries() { return kAlnumQueries; }
std::span<const GuardQuery> StandardQueries() { return kStandardQueries; }
std::span<const GuardCommand> GuardCommands() { return kCommands; }

absl::StatusOr<SearchResult> Ask(const Searcher& searcher, const GuardQuery& query,
                                 const GuardCommand& command, Spoil spoil) {
  ParseOptions options;
  options.strict = true;
  ASSIGN_OR_RETURN(const ParsedQuery parsed, ParseQuery(query.text, options));
  ASSIGN_OR_RETURN(SearchResult result, searcher.Search(parsed.query, OptionsOf(command, spoil)));
  if (result.partial) return absl::ResourceExhaustedError(StrCat(query.text, ": partial answer"));
  return result;
}

absl::StatusOr<Baseline> CountWork(const std::string& index_name,
                                   const std::shared_ptr<const IndexReader>& reader,
                                   std::span<const GuardQuery> queries, Spoil spoil) {
  const Searcher searcher(reader);
  Baseline work;
  for (const GuardQuery& query : queries) {
    for (const GuardCommand& command : kCommands) {
      ASSIGN_OR_RETURN(const SearchResult result, Ask(searcher, query, command, spoil));
      work[StrCat(index_name, " ", command.name, " ", query.text)] = CountersOf(result.work);
    }
  }
  return work;
}

absl::StatusOr<Baseline> CountAllWork(Spoil spoil) {
  const std::unique_ptr<Env> env = NewMemoryEnv();
  ASSIGN_OR_RETURN(const auto alnum, MakeMiniIndex(AnalyzerKind::kAlnum, env.get(), "alnum"));
  ASSIGN_OR_RETURN(Baseline work, CountWork("alnum", alnum, kAlnumQueries, spoil));
  ASSIGN_OR_RETURN(const auto standard,
                   MakeMiniIndex(AnalyzerKind::kStandard, env.get(), "standard"));
  ASSIGN_OR_RETURN(const Baseline more, CountWork("standard", standard, kStandardQueries, spoil));
  work.insert(more.begin(), more.end());
  return work;
}

}  // namespace ibid::bench
