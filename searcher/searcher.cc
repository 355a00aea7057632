#include "ibid/searcher.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/memory_guard.h"
#include "common/base/status_macros.h"
#include "common/format/file_names.h"
#include "searcher/match/binder.h"
#include "searcher/match/deadline.h"
#include "searcher/match/matcher.h"
#include "searcher/match/snapshot.h"
#include "searcher/rank/top_k.h"
#include "searcher/topk/query_plan.h"
#include "searcher/topk/segment_ranking.h"

namespace ibid {
namespace {

// Candidates between two looks at the clock.
constexpr uint32_t kCandidatesPerCheck = 1024;

// What a limit, or nothing, has ended: not damage.
bool IsOfALimit(const absl::Status& status) {
  return status.ok() || absl::IsCancelled(status) || absl::IsDeadlineExceeded(status) ||
         absl::IsResourceExhausted(status);
}

// One run of a query over a snapshot.
class Evaluation {
 public:
  Evaluation(const IndexReader::Impl& snapshot, const SearchOptions& options)
      : snapshot_(snapshot),
        options_(options),
        default_parameters_(Bm25Parameters{options.k1, options.b} == Bm25Parameters{}),
        lengths_(default_parameters_
                     ? snapshot.default_lengths
                     : MakeLengthTable({options.k1, options.b}, snapshot.average_length())),
        deadline_(options) {}

  absl::StatusOr<SearchResult> Run(const Query& query) {
    if (Look(0)) return Ended();
    absl::StatusOr<BoundQuery> bound_or = BindQuery(query, snapshot_, options_);
    if (absl::IsDeadlineExceeded(bound_or.status()) && OutOfTime(0)) return std::move(result_);
    ASSIGN_OR_RETURN(BoundQuery owned, std::move(bound_or));
    result_.notes = std::move(owned.notes);
    result_.partial = owned.partial;
    result_.total_is_exact = !owned.partial;
    result_.bound = std::make_shared<const BoundQuery>(std::move(owned));
    const BoundQuery& bound = *result_.bound;
    std::vector<Candidate> candidates;
    for (size_t i = 0; i < snapshot_.segments.size() && !stopped_; ++i) {
      RETURN_IF_ERROR(RunSegment(*bound.root, i, &candidates));
      docs_before_ += snapshot_.segments[i].meta.num_docs;
      last_seen_ = 0;
    }
    RETURN_IF_ERROR(TakeHits(&candidates));
    if (options_.explain) RETURN_IF_ERROR(Explain(*bound.root));
    return std::move(result_);
  }

 private:
  struct Candidate {
    RankedDoc ranked;
    uint32_t segment = 0;
    std::string key;
  };

  // The answer where nothing was looked at.
  absl::StatusOr<SearchResult> Ended() {
    if (cancelled_) return SearchCancelled();
    return std::move(result_);
  }

  MatchContext ContextOf(size_t segment) {
    MatchContext context;
    context.segment = snapshot_.segments[segment].reader.get();
    context.segment_index = segment;
    context.lengths = &lengths_;
    context.max_interval_steps = options_.limits.max_interval_steps;
    context.check_time = [this] { return CheckTime(); };
    return context;
  }

  size_t num_wanted() const { return options_.limit == 0 ? 0 : options_.offset + options_.limit; }

  absl::Status RunSegment(const BoundNode& root, size_t index, std::vector<Candidate>* out) {
    if (Look(0)) return cancelled_ ? SearchCancelled() : absl::OkStatus();
    const SnapshotSegment& segment = snapshot_.segments[index];
    MatchContext context = ContextOf(index);
    context.work = &result_.work;
    TopK top(num_wanted(), &segment.reader->keys(), Floor(*out));
    std::optional<QueryPlan> plan;
    if (options_.prune && (options_.limit == 0 || options_.sort == SortOrder::kScore)) {
      ASSIGN_OR_RETURN(plan, MakeQueryPlan(root, *segment.reader, index));
    }
    absl::Status status;
    in_order_ = !plan.has_value();
    if (plan.has_value()) {
      status = RunPlan(*plan, segment, &context, &top);
    } else {
      RunExhaustively(root, segment, &context, &top);
      status = context.status;
    }
    // Nobody waits for what a limit has left.
    if (IsOfALimit(status) && (cancelled_ || deadline_.IsCancelled())) return SearchCancelled();
    // What was found until the time was over is an answer.
    if (!status.ok() && !stopped_) return status;
    std::vector<RankedDoc> best = top.Take();
    RETURN_IF_ERROR(top.status());
    for (const RankedDoc& ranked : best) {
      out->push_back({ranked, static_cast<uint32_t>(index), std::string()});
    }
    if (out->size() <= num_wanted()) return absl::OkStatus();
    // Of many segments' best only what can still be wanted.
    const double floor = Floor(*out);
    std::erase_if(*out, [floor](const Candidate& c) { return c.ranked.sort_value < floor; });
    return absl::OkStatus();
  }

  // What the segments so far ask of a document: the value of the last that is wanted.
  double Floor(const std::vector<Candidate>& candidates) const {
    if (num_wanted() == 0 || candidates.size() < num_wanted()) {
      return -std::numeric_limits<double>::infinity();
    }
    std::vector<double> values;
    for (const Candidate& candidate : candidates) values.push_back(candidate.ranked.sort_value);
    const auto last = values.begin() + static_cast<ptrdiff_t>(num_wanted() - 1);
    std::nth_element(values.begin(), last, values.end(), std::greater<>());
    return *last;
  }

  void RunExhaustively(const BoundNode& root, const SnapshotSegment& segment, MatchContext* context,
                       TopK* top) {
    const bool needs_score = options_.limit > 0;
    std::unique_ptr<Matcher> matcher = MakeMatcher(root, context);
    for (DocId doc = matcher->doc(); doc != kNoMoreDocs; doc = matcher->NextGeq(doc + 1)) {
      if (ShouldStop(doc, 1)) break;
      if (!segment.IsLive(doc) || !matcher->Matches() || !context->status.ok()) continue;
      ++result_.total;
      if (!needs_score) continue;
      RankedDoc ranked;
      ranked.doc = doc;
      ranked.score = matcher->Score();
      ++result_.work.postings_scored;
      ranked.sort_value = SortValue(*segment.reader, doc, ranked.score, context);
      // What was given up on the way has scored too little.
      if (context->status.ok()) top->Offer(ranked);
    }
  }

  // Where positions decide, counting and ranking go together; else each has its own way.
  absl::Status RunPlan(const QueryPlan& plan, const SnapshotSegment& segment, MatchContext* context,
                       TopK* top) {
    if (plan.matches_nothing) return absl::OkStatus();
    std::optional<ImpactScale> scale;
    SegmentRanking ranking;
    ranking.context = context;
    ranking.live = segment.live_docs.get();
    ranking.num_deleted = segment.meta.num_deleted;
    ranking.dense_lists = segment.dense_lists.get();
    ranking.range_impacts = segment.range_impacts.get();
    ranking.work = &result_.work;
    ranking.should_stop = [this](DocId doc, uint32_t num_docs) {
      return ShouldStop(doc, num_docs);
    };
    const bool ranks = options_.limit > 0;
    const bool counts = !ranks || options_.exact_total;
    if (counts && !(ranks && plan.needs_positions)) {
      ranking.total = &result_.total;
      RETURN_IF_ERROR(CountPlan(plan, &ranking));
      ranking.total = nullptr;
    }
    if (!ranks || stopped_ || cancelled_) return absl::OkStatus();
    scale.emplace(*segment.reader, &lengths_, default_parameters_, snapshot_.average_length());
    ranking.scale = &*scale;
    ranking.top = top;
    if (counts && plan.needs_positions) ranking.total = &result_.total;
    if (!counts) result_.total_is_exact = false;
    return RankPlan(plan, &ranking);
  }

  // Looks at the clock and at the caller's flag once for each kCandidatesPerCheck documents.
  bool ShouldStop(DocId doc, uint32_t num_docs) {
    if (until_check_ > num_docs) {
      until_check_ -= num_docs;
      return stopped_ || cancelled_;
    }
    return Look(doc);
  }

  // At the beginning of a search and of each segment, too: few candidates bring no other look.
  bool Look(DocId doc) {
    until_check_ = kCandidatesPerCheck;
    last_seen_ = std::max(last_seen_, doc);
    cancelled_ = cancelled_ || deadline_.IsCancelled();
    return cancelled_ || stopped_ || OutOfTime(doc);
  }

  // For work inside one document; the error ends the evaluation of the segment.
  absl::Status CheckTime() {
    if (!ShouldStop(last_seen_, kCandidatesPerCheck)) return absl::OkStatus();
    return cancelled_ ? SearchCancelled() : absl::DeadlineExceededError("query: out of time");
  }

  // More is better, whatever the order; equal values go by key.
  double SortValue(const SegmentReader& segment, DocId doc, float score, MatchContext* context) {
    switch (options_.sort) {
      case SortOrder::kScore:
        return score;
      case SortOrder::kKey:
        return 0.0;
      case SortOrder::kDateAscending:
      case SortOrder::kDateDescending:
        break;
    }
    const ColumnReader* dates = segment.columns().Find("date");
    constexpr double kWithoutDate = -std::numeric_limits<double>::infinity();
    if (dates == nullptr || dates->type() != StoredColumnType::kDate) return kWithoutDate;
    const absl::StatusOr<uint32_t> count = dates->NumValues(doc);
    if (!count.ok()) context->Fail(count.status());
    if (!count.ok() || *count == 0) return kWithoutDate;
    const absl::StatusOr<int64_t> seconds = dates->Integer(doc, 0);
    if (!seconds.ok()) {
      context->Fail(seconds.status());
      return kWithoutDate;
    }
    const double value = static_cast<double>(*seconds);
    return options_.sort == SortOrder::kDateDescending ? value : -value;
  }

  bool OutOfTime(DocId doc) {
    if (!deadline_.IsOver()) return false;
    stopped_ = true;
    result_.partial = true;
    if (explaining_) {
      AddTimeNote("some hits are not explained");
      return true;
    }
    result_.total_is_exact = false;
    const double seen = 100.0 * (static_cast<double>(docs_before_) + doc) /
                        static_cast<double>(std::max<uint64_t>(1, snapshot_.num_docs));
    AddTimeNote(in_order_ ? absl::StrFormat("results are from %.0f %% of the documents", seen)
                          : std::string("some documents were not looked at"));
    return true;
  }

  void AddTimeNote(const std::string& consequence) {
    result_.notes.push_back(
        {NoteSeverity::kWarning, 0, 0, "timeout",
         absl::StrFormat("stopped after %.1f s; %s", deadline_.Elapsed(), consequence), ""});
  }

  // Merges the segments' best; keys are fetched for hits, and where they decide.
  absl::Status TakeHits(std::vector<Candidate>* candidates) {
    const size_t wanted = num_wanted();
    if (!result_.total_is_exact) {
      result_.total = std::max<uint64_t>(result_.total, candidates->size());
    }
    const auto is_better = [](const Candidate& a, const Candidate& b) {
      return a.ranked.sort_value > b.ranked.sort_value;
    };
    // Each segment's are in order already.
    if (!std::is_sorted(candidates->begin(), candidates->end(), is_better)) {
      std::stable_sort(candidates->begin(), candidates->end(), is_better);
    }
    for (auto begin = candidates->begin(); begin != candidates->end();) {
      const auto end = std::find_if(begin, candidates->end(), [begin](const Candidate& c) {
        return c.ranked.sort_value != begin->ranked.sort_value;
      });
      if (begin->segment != (end - 1)->segment) RETURN_IF_ERROR(SortByKey(begin, end));
      begin = end;
    }
    for (size_t i = options_.offset; i < std::min(wanted, candidates->size()); ++i) {
      Candidate& candidate = (*candidates)[i];
      if (options_.keys && candidate.key.empty()) RETURN_IF_ERROR(FetchKey(&candidate));
      if (!options_.keys) candidate.key.clear();
      result_.hits.push_back({std::move(candidate.key), candidate.ranked.score, candidate.segment,
                              candidate.ranked.doc, std::nullopt, snapshot_.serial});
    }
    return absl::OkStatus();
  }

  absl::Status FetchKey(Candidate* candidate) const {
    const KeysReader& keys = snapshot_.segments[candidate->segment].reader->keys();
    ASSIGN_OR_RETURN(candidate->key, keys.Key(candidate->ranked.doc));
    return absl::OkStatus();
  }

  absl::Status SortByKey(std::vector<Candidate>::iterator begin,
                         std::vector<Candidate>::iterator end) const {
    for (auto it = begin; it != end; ++it) RETURN_IF_ERROR(FetchKey(&*it));
    std::sort(begin, end, [](const Candidate& a, const Candidate& b) { return a.key < b.key; });
    return absl::OkStatus();
  }

  // The hits of each segment in the order of their documents, so that one matcher does for all.
  absl::Status Explain(const BoundNode& root) {
    explaining_ = true;
    std::vector<Hit*> hits;
    for (Hit& hit : result_.hits) hits.push_back(&hit);
    std::sort(hits.begin(), hits.end(), [](const Hit* a, const Hit* b) {
      return a->segment != b->segment ? a->segment < b->segment : a->doc < b->doc;
    });
    MatchContext context;
    std::unique_ptr<Matcher> matcher;
    for (const Hit* before = nullptr; Hit * hit : hits) {
      if (before == nullptr || before->segment != hit->segment) {
        matcher.reset();
        context = ContextOf(hit->segment);
        matcher = MakeMatcher(root, &context);
      }
      before = hit;
      if (ShouldStop(hit->doc, kCandidatesPerCheck)) break;
      if (matcher->NextGeq(hit->doc) == hit->doc && matcher->Matches()) {
        Explanation explanation = matcher->Explain();
        if (context.status.ok()) hit->explanation = std::move(explanation);
      }
      if (stopped_ || cancelled_) break;
      RETURN_IF_ERROR(context.status);
    }
    return cancelled_ ? SearchCancelled() : absl::OkStatus();
  }

  const IndexReader::Impl& snapshot_;
  const SearchOptions& options_;
  bool default_parameters_;
  LengthTable lengths_;
  Deadline deadline_;
  SearchResult result_;
  uint64_t docs_before_ = 0;
  DocId last_seen_ = 0;   // of the present segment, at a look at the clock
  bool in_order_ = true;  // documents are looked at once, one after another
  uint32_t until_check_ = kCandidatesPerCheck;
  bool stopped_ = false;
  bool cancelled_ = false;
  bool explaining_ = false;  // all hits are known
};

absl::Status ValidateTime(const SearchOptions& options) {
  if (!std::isnan(options.limits.timeout_seconds)) return absl::OkStatus();
  return absl::InvalidArgumentError("timeout_seconds: a number expected");
}

absl::Status ValidateOptions(const SearchOptions& options) {
  RETURN_IF_ERROR(ValidateTime(options));
  if (!(options.k1 >= 0.0f) || !std::isfinite(options.k1)) {
    return absl::InvalidArgumentError("k1: a finite number >= 0 expected");
  }
  if (!(options.b >= 0.0f && options.b <= 1.0f)) {
    return absl::InvalidArgumentError("b: a number from 0 to 1 expected");
  }
  if (options.offset > options.limits.max_results ||
      options.limit > options.limits.max_results - options.offset) {
    return absl::InvalidArgumentError(absl::StrCat(
        "limit plus offset: at most ", options.limits.max_results, " results (limit max_results)"));
  }
  return absl::OkStatus();
}

// For work on one hit, of which a part would be no answer.
absl::Status CheckDeadline(const Deadline& deadline) {
  if (deadline.IsCancelled()) return SearchCancelled();
  if (!deadline.IsOver()) return absl::OkStatus();
  return absl::DeadlineExceededError("query: the time was over before its matches were found");
}

// Positions of one field to the bytes they cover.
absl::Status AppendFieldMatches(Analyzer* analyzer, std::string_view text, Match::FieldId field,
                                Position begin, const IntervalList& intervals,
                                const Deadline& deadline, std::vector<Match>* out) {
  RETURN_IF_ERROR(CheckDeadline(deadline));
  AnalyzedText analyzed;
  analyzer->Analyze(text, &analyzed);
  RETURN_IF_ERROR(CheckDeadline(deadline));
  const Position end = begin + static_cast<Position>(analyzed.num_tokens());
  for (const Interval& interval : intervals) {
    if (interval.last < begin || interval.first >= end) continue;
    const Position first = std::max(interval.first, begin) - begin;
    const Position last = std::min(interval.last, end - 1) - begin;
    out->push_back(
        {field, interval.first, interval.last, analyzed.begins[first], analyzed.ends[last]});
  }
  return absl::OkStatus();
}

}  // namespace

Searcher::Searcher(std::shared_ptr<const IndexReader> reader) : reader_(std::move(reader)) {}
Searcher::~Searcher() = default;

absl::StatusOr<SearchResult> Searcher::Search(const Query& query,
                                              const SearchOptions& options) const {
  RETURN_IF_ERROR(ValidateOptions(options));
  return GuardMemory("searching", [&] { return Evaluation(reader_->impl(), options).Run(query); });
}

namespace {

absl::Status CheckHit(const IndexReader::Impl& snapshot, const Hit& hit) {
  if ((hit.snapshot == 0 || hit.snapshot == snapshot.serial) &&
      hit.segment < snapshot.segments.size() &&
      hit.doc < snapshot.segments[hit.segment].meta.num_docs) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError("the hit is not of this searcher's snapshot");
}

absl::StatusOr<Document> StoredDocument(const IndexReader::Impl& snapshot, const Hit& hit) {
  if (!snapshot.manifest.options.store_text) {
    return absl::FailedPreconditionError(
        absl::StrCat(snapshot.directory, ": this index was made without stored text (--no-store)"));
  }
  RETURN_IF_ERROR(CheckHit(snapshot, hit));
  const SnapshotSegment& segment = snapshot.segments[hit.segment];
  ASSIGN_OR_RETURN(const std::string record, segment.reader->stored().Get(hit.doc));
  ASSIGN_OR_RETURN(Document document,
                   DecodeStoredDocument(record, SegmentFileName(segment.meta.id)));
  document.key = hit.key;
  if (document.key.empty()) {
    ASSIGN_OR_RETURN(document.key, segment.reader->keys().Key(hit.doc));
  }
  return document;
}

absl::StatusOr<std::vector<Match>> MatchesOf(const IndexReader::Impl& snapshot,
                                             const SearchResult& result, const Hit& hit,
                                             const Document& document, const SearchOptions& options,
                                             const Deadline& deadline) {
  RETURN_IF_ERROR(CheckHit(snapshot, hit));
  if (result.bound == nullptr || result.bound->snapshot != snapshot.serial) {
    return absl::InvalidArgumentError("the result is not of this searcher's snapshot");
  }
  const BoundQuery& bound = *result.bound;
  const LengthTable lengths = MakeLengthTable({options.k1, options.b}, snapshot.average_length());
  MatchContext context;
  context.segment = snapshot.segments[hit.segment].reader.get();
  context.segment_index = hit.segment;
  context.lengths = &lengths;
  context.max_interval_steps = options.limits.max_interval_steps;
  context.check_time = [&deadline] { return CheckDeadline(deadline); };
  RETURN_IF_ERROR(CheckDeadline(deadline));
  IntervalList intervals;
  std::unique_ptr<Matcher> matcher = MakeMatcher(*bound.root, &context);
  if (matcher->NextGeq(hit.doc) == hit.doc && matcher->Matches()) {
    matcher->AppendMatches(&intervals);
  }
  RETURN_IF_ERROR(context.status);
  RETURN_IF_ERROR(CheckDeadline(deadline));
  std::sort(intervals.begin(), intervals.end(), [](const Interval& a, const Interval& b) {
    return a.first != b.first ? a.first < b.first : a.last < b.last;
  });
  intervals.erase(std::unique(intervals.begin(), intervals.end(),
                              [](const Interval& a, const Interval& b) {
                                return a.first == b.first && a.last == b.last;
                              }),
                  intervals.end());
  ASSIGN_OR_RETURN(const uint32_t title_tokens, context.segment->regions().TitleTokens(hit.doc));
  ASSIGN_OR_RETURN(const auto analyzer, snapshot.BorrowAnalyzer());
  std::vector<Match> matches;
  RETURN_IF_ERROR(AppendFieldMatches(analyzer.get(), document.title, Match::FieldId::kTitle, 0,
                                     intervals, deadline, &matches));
  RETURN_IF_ERROR(AppendFieldMatches(analyzer.get(), document.text, Match::FieldId::kText,
                                     title_tokens == 0 ? 0 : title_tokens + 1, intervals, deadline,
                                     &matches));
  return matches;
}

}  // namespace

absl::StatusOr<Document> Searcher::GetDocument(const Hit& hit) const {
  return GuardMemory("reading a document", [&] { return StoredDocument(reader_->impl(), hit); });
}

absl::StatusOr<std::vector<Match>> Searcher::Matches(const Query& query, const Hit& hit,
                                                     const Document& document,
                                                     const SearchOptions& options) const {
  RETURN_IF_ERROR(ValidateTime(options));
  const Deadline deadline(options);
  return GuardMemory("looking for matches", [&]() -> absl::StatusOr<std::vector<Match>> {
    RETURN_IF_ERROR(CheckDeadline(deadline));
    ASSIGN_OR_RETURN(BoundQuery bound, BindQuery(query, reader_->impl(), options));
    SearchResult result;
    result.bound = std::make_shared<const BoundQuery>(std::move(bound));
    return MatchesOf(reader_->impl(), result, hit, document, options, deadline);
  });
}

absl::StatusOr<std::vector<Match>> Searcher::Matches(const SearchResult& result, const Hit& hit,
                                                     const Document& document,
                                                     const SearchOptions& options) const {
  RETURN_IF_ERROR(ValidateTime(options));
  const Deadline deadline(options);
  return GuardMemory("looking for matches", [&] {
    return MatchesOf(reader_->impl(), result, hit, document, options, deadline);
  });
}

}  // namespace ibid
