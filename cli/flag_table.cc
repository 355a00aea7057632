#include "cli/flag_table.h"

#include <limits>
#include <string>

#include "cli/verb_builder.h"

namespace ibid::cli {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// The most of anything that is counted.
constexpr uint64_t kMost = 1000000000000;
constexpr uint32_t kMostDistance = std::numeric_limits<uint32_t>::max();
constexpr int kMostThreads = 1024;
constexpr int kMostPairs = 100;

void DefineWait(VerbBuilder& verb, Command& command) {
  verb.Real("--wait", 0, kInfinity, "SECONDS",
            "Wait so long where another writer holds the index (0)",
            [&command](double value) { command.wait_seconds = value; });
}

void DefineIndex(CLI::App& app, Command& command) {
  VerbBuilder verb(app, command,
                   {.name = "index",
                    .usage = "PATH...",
                    .about = "Add files and folders to the index; replace what changed",
                    .examples = "  ibid index stories/\n"
                                "  ibid index -i news.ibid --glob '*.txt' --prune stories/\n"
                                "  ibid index --watch --every 30 stories/\n"
                                "  zcat dump.jsonl.gz | ibid index --format jsonl -\n"});
  IndexFlags& flags = command.index_flags;
  verb.Group("What is read");
  verb.Choice("--format", flags.format, {"auto", "text", "jsonl", "trec", "reuters", "html"},
              "The format of every PATH (default: told from name and content)");
  verb.List("--glob", flags.globs, "PATTERN", "Only files whose path or name matches (repeatable)");
  verb.Value("--files-from", flags.files_from, "FILE", "Read further PATHs from FILE, one a line");
  verb.Value("--key-prefix", flags.key_prefix, "TEXT", "Put TEXT before every key");
  verb.Flag("--strict", flags.strict, "Stop at the first bad document and commit nothing");
  verb.Flag("--dry-run", flags.dry_run, "List what would be read; change nothing");
  verb.Group("The index");
  verb.Flag("--create", flags.create, "Refuse to add to an existing index");
  verb.Flag("--prune", flags.prune, "Remove documents whose files are gone from the named folders");
  verb.Value("--language", flags.language, "NAME",
             "Stemmer of a new index: a Snowball language or none (default: english)");
  verb.Choice("--analyzer", flags.analyzer, {"standard", "alnum"},
              "Analysis of a new index (default: standard)");
  verb.Flag("--no-store", flags.no_store, "Keep no text in a new index: no snippets, no get");
  verb.Number("--pairs", flags.pairs, 0, kMostPairs,
              "Room for lists of word pairs in a new index, per cent of it (default: 10)");
  verb.Group("How");
  verb.ByteSize("--buffer", flags.buffer_bytes, uint64_t{1} << 20, uint64_t{1} << 40,
                "Memory for documents not yet written (default: 256M)");
  verb.Number("--threads", flags.threads, 0, kMostThreads,
              "Threads (default: 0, the machine's cores)");
  DefineWait(verb, command);
  verb.Flag("--watch", flags.watch, "Go on and follow every change of the PATHs (implies --prune)");
  verb.Real("--every", 0, kInfinity, "SECONDS", "With --watch: commit at most so often (5)",
            [&flags](double value) { flags.every_seconds = value; });
  verb.Flag("--quiet", flags.quiet, "Print no summary, no warnings, no progress");
  verb.Choice("--progress", flags.progress, {"auto", "always", "never"},
              "Progress on standard error (default: auto, on a terminal)");
}

void DefineSearchLimits(VerbBuilder& verb, SearchFlags& flags) {
  QueryLimits& query = flags.options.query_limits;
  SearchLimits& search = flags.options.limits;
  verb.Group("Limits");
  verb.Real("--timeout", 0, kInfinity, "SECONDS",
            "Answer with what was found by then (10; 0: none)",
            [&search](double value) { search.timeout_seconds = value; });
  verb.Flag("--allow-partial", flags.allow_partial,
            "Exit with 0 or 1 where a limit cut the answer");
  verb.Number("--max-query-bytes", query.max_query_bytes, size_t{0}, kMost,
              "Bytes of a query (65536)");
  verb.Number("--max-clauses", query.max_clauses, size_t{0}, kMost,
              "Words, phrases, ranges in a query (1024)");
  verb.Number("--max-nesting", query.max_nesting, size_t{1}, kDeepestNesting,
              "Parentheses inside one another (64)");
  verb.Number("--max-phrase-terms", query.max_phrase_terms, size_t{0}, kMost,
              "Words of one phrase or chain (64)");
  verb.Number("--max-expansions", query.max_expansions, size_t{0}, kMost,
              "Terms one wildcard or fuzzy word stands for (1024)");
  verb.Number("--max-query-expansions", search.max_query_expansions, size_t{1}, kMost,
              "Terms all wildcards and fuzzy words stand for together (16384)");
  verb.Number("--max-terms-read", search.max_terms_read, uint64_t{0}, kMost,
              "Terms they are compared with (4000000, or 32 times all terms)");
  verb.Number("--max-distance", query.max_distance, 0u, kMostDistance,
              "The n of NEAR/n and ~n (1000000)");
  verb.Number("--max-results", search.max_results, size_t{0}, kMost,
              "Limit and offset together (1000000)");
  verb.Number("--max-interval-steps", search.max_interval_steps, uint64_t{0}, kMost,
              "Steps of one proximity operator in one document (10000000)");
  verb.ByteSize("--max-memory", search.memory_bytes, uint64_t{1} << 20, uint64_t{1} << 40,
                "Memory for the words of a query (64M)");
}

void DefineSearchRanking(VerbBuilder& verb, SearchFlags& flags) {
  SearchOptions& options = flags.options;
  verb.Group("Ranking");
  verb.Real("--k1", 0, 1000, "NUMBER", "BM25: how fast a word's repeats saturate (1.2)",
            [&options](double value) { options.k1 = static_cast<float>(value); });
  verb.Real("--b", 0, 1, "NUMBER", "BM25: how much long documents are held back (0.75)",
            [&options](double value) { options.b = static_cast<float>(value); });
  verb.Choice("--prox-score", flags.prox_score, {"distance", "filter"},
              "Proximity counts by distance, or only its words as Xapian (distance)");
  verb.Flag("--explain", options.explain, "Show how each score came about");
  verb.Flag("--prove", flags.prove, "Search twice, with and without short cuts, and compare");
}

void DefineSearch(CLI::App& app, Command& command) {
  VerbBuilder verb(app, command,
                   {.name = "search",
                    .usage = "QUERY...",
                    .about = "Find documents, best first",
                    .examples = "  ibid search prime minister paris\n"
                                "  ibid search '\"prime minister\" NEAR/5 paris'\n"
                                "  ibid search -c title:rescue\n"
                                "  ibid search --json -n 100 'hol* AND date:2015-11-13..'\n"
                                "  ibid search -- paris -texas\n"});
  SearchFlags& flags = command.search;
  verb.Group("The query");
  verb.Flag("-a,--all", flags.all_words, "Words side by side must all match (default: any)");
  verb.Flag("--strict", flags.strict, "Refuse a query that would need repair");
  verb.Flag("--show-query", flags.show_query, "Print how the query was read");
  verb.Value("--queries", flags.queries_file, "FILE",
             "Run each line of FILE: id, tab, query (- is standard input)");
  verb.Value("--synonyms", flags.synonyms_file, "FILE", "Groups for ~word, one a line");
  verb.Group("The answer");
  verb.Number("-n,--limit", flags.options.limit, size_t{0}, kMost, "Hits wanted (10)");
  verb.Number("--offset", flags.options.offset, size_t{0}, kMost, "Hits left out in front (0)");
  verb.Choice("--sort", flags.sort, {"score", "date", "-date", "key"}, "The order (score)");
  verb.Flag("-c,--count", flags.count, "Print only the number of matching documents");
  verb.Flag("-l,--keys", flags.keys_only, "Print only the keys of the hits");
  verb.Flag("-q,--quiet", flags.quiet, "Print nothing; the exit code says whether there are hits");
  verb.Number("--context", flags.context_words, size_t{0}, kMost,
              "Words on each side of a match (12)");
  verb.Choice("--format", flags.format, {"text", "tsv", "json", "trec"},
              "Default: text on a terminal, tsv in a pipe");
  verb.Choice("--color", flags.color, {"auto", "always", "never"}, "Highlight matches (auto)");
  verb.Flag("--raw", flags.raw, "Print titles and keys as stored, control characters and all");
  verb.Flag("--stats", flags.stats, "Print times and counts to standard error");
  DefineSearchRanking(verb, flags);
  DefineSearchLimits(verb, flags);
}

void DefineMerge(CLI::App& app, Command& command) {
  VerbBuilder verb(app, command,
                   {.name = "merge",
                    .usage = "",
                    .about = "Rewrite the index as one segment, without deleted documents",
                    .examples = "  ibid merge\n  ibid merge --reorder --buffer 1G\n"});
  MergeFlags& flags = command.merge;
  verb.Flag("--reorder", flags.reorder,
            "Put documents with the same words together: smaller, faster");
  verb.ByteSize("--buffer", flags.buffer_bytes, uint64_t{1} << 20, uint64_t{1} << 40,
                "Memory for --reorder and for columns (256M)");
  verb.Number("--threads", flags.threads, 0, kMostThreads, "0: all cores; no effect on the result");
  verb.Choice("--progress", flags.progress, {"auto", "always", "never"},
              "Show progress (auto: on a terminal)");
  DefineWait(verb, command);
}

void DefineDocuments(CLI::App& app, Command& command) {
  VerbBuilder get(app, command,
                  {.name = "get",
                   .usage = "KEY",
                   .about = "Print a stored document",
                   .examples = "  ibid get ap/story1.txt\n  ibid get --json ap/story1.txt\n"});
  get.Flag("--raw", command.get.raw, "Print the text as stored, control characters and all");
  VerbBuilder remove(app, command,
                     {.name = "delete",
                      .usage = "KEY...",
                      .about = "Remove documents from the index",
                      .examples = "  ibid delete ap/story1.txt\n"
                                  "  ibid delete --query 'date:..2015-01-01'\n"});
  remove.Value("--query", command.remove.query, "QUERY", "Remove every document that matches");
  remove.Flag("--dry-run", command.remove.dry_run, "List the keys; change nothing");
  DefineWait(remove, command);
  DefineMerge(app, command);
}

void DefineInspection(CLI::App& app, Command& command) {
  VerbBuilder info(app, command,
                   {.name = "info",
                    .usage = "",
                    .about = "Print what the index holds and what each part costs",
                    .examples = "  ibid info\n  ibid info --json\n  ibid info --segments\n"});
  info.Flag("--segments", command.info.segments, "Print the segments, one a line");
  VerbBuilder terms(app, command,
                    {.name = "terms",
                     .usage = "[PREFIX]",
                     .about = "List terms: term, documents, occurrences",
                     .examples = "  ibid terms assa\n  ibid terms | sort -k2nr | head\n"});
  terms.Number("-n,--limit", command.list.limit, uint64_t{0}, kMost, "At most N terms (0: all)");
  VerbBuilder postings(app, command,
                       {.name = "postings",
                        .usage = "TERM",
                        .about = "List a term's documents: key, occurrences, positions",
                        .examples = "  ibid postings minister\n"});
  postings.Number("-n,--limit", command.list.limit, uint64_t{0}, kMost,
                  "At most N documents (0: all)");
  VerbBuilder analyze(app, command,
                      {.name = "analyze",
                       .usage = "TEXT...",
                       .about = "Show the terms and regions of a text",
                       .examples = "  ibid analyze 'The U.S. said so.'\n"
                                   "  ibid analyze --language german - < story.txt\n"});
  analyze.Value("--language", command.analyze.language, "NAME", "As of `ibid index`");
  analyze.Choice("--analyzer", command.analyze.analyzer, {"standard", "alnum"},
                 "As of `ibid index`");
  VerbBuilder check(app, command,
                    {.name = "check",
                     .usage = "",
                     .about = "Read every byte of the index and say whether it is sound",
                     .examples = "  ibid check -i news.ibid\n"});
  check.Flag("--quiet", command.check.quiet, "Print only problems");
  check.Flag("--deep", command.check.deep, "Analyse the stored text again and compare");
  VerbBuilder salvage(app, command,
                      {.name = "salvage",
                       .usage = "SOURCE DESTINATION",
                       .about = "Copy what is whole of a damaged index to a new one",
                       .examples = "  ibid salvage news.ibid saved.ibid\n"});
  salvage.Flag("--keys", command.salvage.keys, "Print the keys of lost documents, one a line");
  salvage.Value("--language", command.salvage.language, "NAME",
                "Of an index that lost its MANIFEST (english)");
  salvage.Choice("--analyzer", command.salvage.analyzer, {"standard", "alnum"},
                 "Of an index that lost its MANIFEST (standard)");
}

}  // namespace

void DefineVerbs(CLI::App& app, Command& command) {
  DefineIndex(app, command);
  DefineSearch(app, command);
  DefineDocuments(app, command);
  DefineInspection(app, command);
}

}  // namespace ibid::cli
