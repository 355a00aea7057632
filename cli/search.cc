// ibid search QUERY...
#include <algorithm>
#include <bit>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/answer_writer.h"
#include "cli/opened_index.h"
#include "cli/query_list.h"
#include "cli/query_notes.h"
#include "cli/shell_quotes.h"
#include "cli/suggest.h"
#include "cli/terminal.h"
#include "cli/text_escape.h"
#include "cli/verbs.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "ibid/query.h"
#include "ibid/searcher.h"

namespace ibid::cli {
namespace {

using Clock = std::chrono::steady_clock;

int64_t MicrosecondsSince(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start).count();
}

SortOrder SortOrderOf(const std::string& name) {
  if (name == "date") return SortOrder::kDateAscending;
  if (name == "-date") return SortOrder::kDateDescending;
  return name == "key" ? SortOrder::kKey : SortOrder::kScore;
}

SearchOptions SearchOptionsOf(const SearchFlags& flags) {
  SearchOptions options = flags.options;
  options.sort = SortOrderOf(flags.sort);
  options.proximity_score =
      flags.prox_score == "filter" ? ProximityScore::kFilter : ProximityScore::kDistance;
  if (flags.count || flags.quiet) options.limit = 0;
  options.cancelled = &Interrupted();
  return options;
}

// The form of the answer: what was asked for, else text for a terminal or an explanation.
std::string FormatOf(const Command& command) {
  const SearchFlags& flags = command.search;
  if (command.json) return "json";
  if (flags.format) return *flags.format;
  return flags.options.explain || IsTerminal(Stream::kOutput) ? "text" : "tsv";
}

// Null for -q.
std::unique_ptr<AnswerWriter> WriterOf(const Command& command, Output& out) {
  const SearchFlags& flags = command.search;
  const AnswerStyle style{.color = WantColor(flags.color),
                          .raw = flags.raw,
                          .several_queries = flags.queries_file.has_value()};
  const std::string format = FormatOf(command);
  if (flags.quiet) return nullptr;
  if (format == "json") return NewJsonAnswerWriter(out);
  if (flags.count) return NewCountAnswerWriter(out, style);
  if (flags.keys_only) return NewKeysAnswerWriter(out, style);
  if (format == "trec") return NewTrecAnswerWriter(out);
  return format == "text" ? NewTextAnswerWriter(out, style) : NewTsvAnswerWriter(out, style);
}

// Runs the queries of one command, one after another.
class SearchRun {
 public:
  SearchRun(const Command& command, const OpenedIndex& index, Console& console)
      : flags_(command.search),
        index_(index),
        console_(console),
        searcher_(index.reader),
        options_(SearchOptionsOf(command.search)),
        writer_(WriterOf(command, console.out())),
        people_(FormatOf(command) == "text") {
    parse_options_.all_words = flags_.all_words;
    parse_options_.strict = flags_.strict;
    parse_options_.columns = index.reader->columns();
    parse_options_.limits = options_.query_limits;
  }

  ExitCode Run(const Command& command) {
    absl::StatusOr<std::vector<QueryText>> queries = QueriesOf(command);
    if (!queries.ok()) return console_.Fail(queries.status());
    auto synonyms = SynonymsOf(flags_);
    if (!synonyms.ok()) return console_.Fail(synonyms.status());
    parse_options_.synonyms = *std::move(synonyms);
    for (const QueryText& query : *queries) {
      const std::optional<ExitCode> stop = RunQuery(query);
      if (stop) return *stop;
      if (!console_.out().ok()) break;
    }
    if (!found_ && !partial_ && !flags_.queries_file) NoteLostQuotes(command.arguments);
    if (partial_ && !flags_.allow_partial) return kLimit;
    return found_ ? kFound : kNothingFound;
  }

 private:
  void NoteLostQuotes(const std::vector<std::string>& arguments) {
    const std::optional<std::string> better = WithQuotesBack(arguments, people_);
    if (better && !flags_.quiet) {
      console_.Note(
          StrCat("quotes that the shell takes away make no phrase; for one, type ", *better));
    }
  }

  // An exit code where the run must stop.
  std::optional<ExitCode> RunQuery(const QueryText& query) {
    const Clock::time_point start = Clock::now();
    absl::StatusOr<ParsedQuery> parsed = ParseQuery(query.text, parse_options_);
    if (!parsed.ok()) {
      return console_.Fail(Located(query, parsed.status()),
                           DetailsOfBadQuery(query.text, parse_options_));
    }
    const int64_t parse_us = MicrosecondsSince(start);
    absl::StatusOr<SearchResult> result = searcher_.Search(parsed->query, options_);
    Answer answer{.query_id = query.id,
                  .canonical = parsed->canonical,
                  .notes = std::move(parsed->notes),
                  .offset = options_.offset,
                  .elapsed_us = MicrosecondsSince(start)};
    if (!result.ok()) return FailOn(index_.directory, Located(query, result.status()), console_);
    if (const QueryNote* note = NoteOfLoss(result->notes);
        flags_.strict && note != nullptr && !result->partial) {
      return console_.Fail(Located(query, absl::InvalidArgumentError(note->message)));
    }
    answer.result = *std::move(result);
    const absl::Status written = Answered(query, parsed->query, std::move(answer));
    if (!written.ok()) return FailOn(index_.directory, Located(query, written), console_);
    if (flags_.stats) ShowStats(parse_us, MicrosecondsSince(start));
    return std::nullopt;
  }

  static absl::Status Located(const QueryText& query, const absl::Status& status) {
    if (query.where.empty()) return status;
    return absl::Status(status.code(), StrCat(query.where, ": ", MessageOf(status)));
  }

  absl::Status Answered(const QueryText& query, const Query& parsed, Answer answer) {
    found_ = found_ || answer.result.total > 0;
    partial_ = partial_ || answer.result.partial;
    last_total_ = answer.result.total;
    last_search_us_ = answer.elapsed_us;
    for (QueryNote& note : answer.result.notes) answer.notes.push_back(std::move(note));
    if (answer.result.total == 0 && !flags_.quiet) {
      RETURN_IF_ERROR(AddSuggestions(parsed, answer));
    }
    if (!flags_.quiet) ShowNotes(query, answer);
    if (flags_.prove) RETURN_IF_ERROR(Prove(parsed, answer.result));
    return writer_ ? WriteAnswer(answer) : absl::OkStatus();
  }

  absl::Status AddSuggestions(const Query& parsed, Answer& answer) {
    ASSIGN_OR_RETURN(const std::vector<Suggestion> suggestions,
                     SuggestTerms(index_.reader, parsed));
    for (const Suggestion& suggestion : suggestions) {
      answer.notes.push_back({.code = "unknown-word", .message = SuggestionText(suggestion)});
    }
    return absl::OkStatus();
  }

  // On standard error; JSON has the notes in its summary.
  void ShowNotes(const QueryText& query, const Answer& answer) {
    if (console_.json()) return;
    if (flags_.show_query) console_.Show(StrCat("query: ", answer.canonical, "\n"));
    for (const QueryNote& note : answer.notes) {
      if (note.byte_end > note.byte_begin) {
        console_.Show(FormatNote(query.text, note));
      } else if (note.severity == NoteSeverity::kNote) {
        console_.Note(note.message);
      } else {
        console_.Warning("", note.message);
      }
    }
    if (answer.result.total == 0 && people_) console_.Say("no document matches");
  }

  absl::Status WriteAnswer(const Answer& answer) {
    writer_->Begin(answer);
    for (size_t i = 0; i < answer.result.hits.size() && console_.out().ok(); ++i) {
      if (Interrupted()) return absl::CancelledError("stopped");
      ShownHit shown{.rank = answer.offset + i + 1, .hit = &answer.result.hits[i]};
      if (writer_->needs_documents()) RETURN_IF_ERROR(AddDocument(answer, shown));
      writer_->AddHit(answer, shown);
    }
    writer_->End(answer);
    return absl::OkStatus();
  }

  absl::Status AddDocument(const Answer& answer, ShownHit& shown) {
    if (!index_.reader->options().store_text) return absl::OkStatus();
    ASSIGN_OR_RETURN(shown.document, searcher_.GetDocument(*shown.hit));
    SearchOptions options = options_;
    options.limits.timeout_seconds = 0;  // a hit is shown with all of its matches
    ASSIGN_OR_RETURN(shown.matches,
                     searcher_.Matches(answer.result, *shown.hit, shown.document, options));
    shown.snippet =
        MakeSnippet(shown.document, shown.matches, {.context_words = flags_.context_words});
    return absl::OkStatus();
  }

  // --prove: the same search without short cuts gives the same hits, bit for bit.
  absl::Status Prove(const Query& parsed, const SearchResult& result) {
    SearchOptions exhaustive = options_;
    exhaustive.prune = false;
    ASSIGN_OR_RETURN(const SearchResult all, searcher_.Search(parsed, exhaustive));
    if (result.partial || all.partial) {
      console_.Warning("", "nothing is proven: a limit cut the answer");
      return absl::OkStatus();
    }
    const auto same = [](const Hit& a, const Hit& b) {
      return a.key == b.key && std::bit_cast<uint32_t>(a.score) == std::bit_cast<uint32_t>(b.score);
    };
    if (all.total != result.total || !std::equal(all.hits.begin(), all.hits.end(),
                                                 result.hits.begin(), result.hits.end(), same)) {
      return absl::InternalError("the exhaustive search gives other hits");
    }
    console_.Show(StrCat("proven: ", result.hits.size(), " of ", WithCommas(result.total),
                         " hits equal those of an exhaustive search, bit for bit\n"));
    return absl::OkStatus();
  }

  void ShowStats(int64_t parse_us, int64_t all_us) {
    const auto ms = [](int64_t us) { return FixedNumber(static_cast<double>(us) / 1000, 3); };
    WriteToStandardError(StrCat("stats: ", WithCommas(index_.reader->num_docs()), " documents, ",
                                WithCommas(last_total_), " matched; parse ", ms(parse_us),
                                " ms, search ", ms(last_search_us_ - parse_us), " ms, output ",
                                ms(all_us - last_search_us_), " ms\n"));
  }

  const SearchFlags& flags_;
  const OpenedIndex& index_;
  Console& console_;
  Searcher searcher_;
  SearchOptions options_;
  ParseOptions parse_options_;
  std::unique_ptr<AnswerWriter> writer_;
  bool people_;
  bool found_ = false;
  bool partial_ = false;
  uint64_t last_total_ = 0;
  int64_t last_search_us_ = 0;
};

}  // namespace

ExitCode RunSearch(const Command& command, Console& console) {
  const OpenedIndex index = OpenIndex(command);
  if (!index.status.ok()) return FailOn(index.directory, index.status, console);
  if (index.reader->Info().analysis_differs && !command.search.quiet) {
    console.Warning(VisibleKey(index.directory),
                    "made with other library versions than this program's: words may not match "
                    "(ibid info)");
  }
  return SearchRun(command, index, console).Run(command);
}

}  // namespace ibid::cli
