#include "cli/watch.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "cli/index_report.h"
#include "cli/index_run.h"
#include "cli/json_writer.h"
#include "cli/opened_index.h"
#include "cli/terminal.h"
#include "cli/text_input.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/env/folder_watch.h"

namespace ibid::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kDefaultEverySeconds = 5;
// Changes that come closer together than this are one: programs write, rename and set times.
constexpr double kQuietSeconds = 0.1;
// How often a merge in the background is asked whether it is done, and an interrupt is looked for
// where it cannot wake us.
constexpr double kPollSeconds = 0.2;
// After which a PATH that could not be read is asked for again, where nothing changes below it.
constexpr double kRetrySeconds = 60;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

class Watcher {
 public:
  Watcher(const WatchPlan& plan, Console& console)
      : plan_(plan),
        console_(console),
        every_(plan.command.index_flags.every_seconds.value_or(kDefaultEverySeconds)) {}

  // Ends with Cancelled, or an error.
  absl::Status Run() {
    RETURN_IF_ERROR(Begin());
    while (true) {
      RETURN_IF_ERROR(Wait());
      if (Interrupted().load()) return absl::CancelledError("stopped");
      if (!changes_.empty() && SecondsUntilDue() <= 0) {
        RETURN_IF_ERROR(TakeUp());
      } else if (writer_ != nullptr) {
        RETURN_IF_ERROR(Settle());
      }
      if (!console_.out().ok()) return absl::OkStatus();  // nobody listens any more
    }
  }

  bool begun() const { return run_ != nullptr; }
  IndexCounts counts() const { return run_ ? run_->counts() : IndexCounts(); }

 private:
  absl::Status Begin();
  absl::Status Wait();
  absl::Status TakeUp();
  absl::Status Settle();
  double SecondsUntilDue() const;
  std::string Manifest() const;
  void Print(std::string_view type, Clock::time_point start);

  const WatchPlan& plan_;
  Console& console_;
  const double every_;
  std::unique_ptr<IndexWriter> writer_;  // held while there is something to write
  std::unique_ptr<IndexRun> run_;
  std::unique_ptr<FolderWatch> watch_;
  PathsByRoot changes_;
  PathsByRoot unread_;         // changes of roots that could not be read
  Generation generation_ = 0;  // what the last writer left, and its MANIFEST
  std::string manifest_;
  FolderIdentity folder_;  // of the index
  Clock::time_point first_change_, last_change_, last_commit_;
};

absl::Status Watcher::Begin() {
  const Clock::time_point start = Clock::now();
  // The index first: where it lies inside a root, its folder is to be left out of the watch.
  ASSIGN_OR_RETURN(writer_, plan_.open(/*again=*/false));
  run_ = std::make_unique<IndexRun>(plan_.command.index_flags, plan_.roots, plan_.source, *writer_,
                                    console_);
  absl::StatusOr<std::unique_ptr<FolderWatch>> watch =
      FolderWatch::Open(plan_.roots, {.skip_directories = plan_.source.excluded_directories});
  if (absl::IsNotFound(watch.status())) return absl::UnavailableError(watch.status().message());
  RETURN_IF_ERROR(watch.status());
  watch_ = *std::move(watch);
  // Then the first look: what changes meanwhile is reported.
  RETURN_IF_ERROR(run_->ReadAll());
  RETURN_IF_ERROR(run_->Prune());
  RETURN_IF_ERROR(run_->Commit());
  last_commit_ = Clock::now();
  Print("summary", start);
  const size_t num_folders = watch_->num_folders();
  if (plan_.command.json) {
    JsonWriter json;
    json.BeginObject().Key("type").String("watching").Key("folders").Number(num_folders);
    console_.out().Write(json.EndObject().TakeLine());
  } else if (!console_.quiet()) {
    console_.out().Write(StrCat("watching ", WithCommas(num_folders),
                                num_folders == 1 ? " folder\n" : " folders\n"));
  }
  console_.out().Flush();
  return absl::OkStatus();
}

double Watcher::SecondsUntilDue() const {
  const double settled =
      std::min(kQuietSeconds - SecondsSince(last_change_), every_ - SecondsSince(first_change_));
  return std::max(settled, every_ - SecondsSince(last_commit_));
}

absl::Status Watcher::Wait() {
  double seconds = InterruptDescriptor() >= 0 ? -1 : kPollSeconds;
  if (writer_ != nullptr) seconds = writer_->merging() ? kPollSeconds : 0;
  if (!changes_.empty()) {
    seconds = std::max(0.0, SecondsUntilDue());
  } else if (!unread_.empty() && seconds != 0) {
    const double until_retry = std::max(0.0, kRetrySeconds - SecondsSince(last_commit_));
    seconds = seconds < 0 ? until_retry : std::min(seconds, until_retry);
  }
  ASSIGN_OR_RETURN(const std::vector<PathChange> changes,
                   watch_->Wait(seconds, InterruptDescriptor()));
  const bool retry = !unread_.empty() && SecondsSince(last_commit_) >= kRetrySeconds;
  if (changes.empty() && !retry) return absl::OkStatus();
  last_change_ = Clock::now();
  if (changes_.empty()) first_change_ = last_change_;
  for (const PathChange& change : changes) changes_[change.root].insert(change.path);
  if (retry) changes_.merge(unread_);
  return absl::OkStatus();
}

absl::Status Watcher::TakeUp() {
  const Clock::time_point start = Clock::now();
  run_->TakeCounts();
  if (writer_ == nullptr) {
    ASSIGN_OR_RETURN(writer_, plan_.open(/*again=*/true));
    run_->UseWriter(*writer_);
    const Generation found = writer_->generation();
    if (found < generation_ || (found == generation_ && Manifest() != manifest_) ||
        IdentityOf(plan_.directory) != folder_) {
      console_.Warning(plan_.directory, "was put back or removed: everything is read again");
      for (size_t root = 0; root < plan_.roots.size(); ++root) changes_[root].insert("");
    }
  }
  const Generation before = writer_->generation();
  for (auto& [root, paths] : std::exchange(unread_, {})) changes_[root].merge(paths);
  ASSIGN_OR_RETURN(unread_, run_->Update(std::exchange(changes_, {})));
  RETURN_IF_ERROR(run_->Commit());
  last_commit_ = Clock::now();
  const CommitInfo& commit = run_->counts().commit;
  const bool changed = commit.added + commit.replaced + commit.deleted > 0;
  if (changed && commit.generation != before) Print("commit", start);
  return absl::OkStatus();
}

// Nothing to do but to see a merge through; then others may have the index.
absl::Status Watcher::Settle() {
  if (writer_->merging()) RETURN_IF_ERROR(writer_->Commit().status());
  if (writer_->merging()) return absl::OkStatus();
  generation_ = writer_->generation();
  manifest_ = Manifest();
  folder_ = IdentityOf(plan_.directory);
  writer_.reset();
  return absl::OkStatus();
}

// Empty where it cannot be read.
std::string Watcher::Manifest() const {
  constexpr size_t kMostBytes = size_t{64} << 20;
  return ReadWholeFile(StrCat(plan_.directory, "/MANIFEST"), kMostBytes).value_or("");
}

void Watcher::Print(std::string_view type, Clock::time_point start) {
  if (plan_.command.json) {
    const auto elapsed =
        std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
    console_.out().Write(SummaryJson(type, run_->counts(), elapsed.count()));
  } else if (!console_.quiet()) {
    console_.out().Write(SummaryLine(run_->counts()));
  }
  console_.out().Flush();
}

}  // namespace

ExitCode RunWatch(const WatchPlan& plan, Console& console) {
  CatchTermination();
  InterruptDescriptor();
  absl::Status status;
  IndexCounts counts;
  bool begun = false;
  {
    Watcher watcher(plan, console);
    status = watcher.Run();
    counts = watcher.counts();
    begun = watcher.begun();
  }
  if (status.ok()) return kFound;
  if (!begun) return FailOn(plan.directory, status, console);
  if (!absl::IsCancelled(status)) return Stopped(plan.directory, counts, status, console);
  const std::string kept = KeptIn(plan.directory);
  const std::string text = StrCat("stopped: ", kept.empty() ? "nothing" : kept, " kept");
  if (!Terminated().load()) return console.Fail(absl::CancelledError(text));
  console.Say(text);
  return kFound;
}

}  // namespace ibid::cli
