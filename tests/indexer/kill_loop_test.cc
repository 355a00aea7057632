// A writer that is killed at any moment: the index shows the last commit that was acknowledged, or
// the one under way, whole. 300 kills, or as many as $IBID_KILLS says. A kill leaves the system's
// memory of the files as it is, so the loop needs no disk: it runs in /dev/shm unless $TMPDIR says
// otherwise.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "common/base/strings.h"
#include "common/format/manifest.h"
#include "tests/indexer/endless_commits.h"
#include "tests/indexer/index_model.h"
#include "tests/support/temp_directory.h"

namespace ibid {
namespace {

// Starts the child, lets it acknowledge `num_commits` commits, kills it `microseconds` later, and
// gives the last number it wrote, or `step`.
int64_t RunAndKill(const std::string& dir, int64_t step, bool background, uint64_t num_commits,
                   unsigned microseconds) {
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    CommitForEver(Env::Posix(), dir, step, background, ends[1]);
  }
  ::close(ends[1]);
  const auto next = [&] {
    int64_t number = 0;
    const bool more = ::read(ends[0], &number, sizeof(number)) == sizeof(number);
    if (more) step = number;
    return more;
  };
  for (uint64_t i = 0; i < num_commits && next(); ++i) {
  }
  ::usleep(microseconds);
  ::kill(child, SIGKILL);
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the writer failed by itself: " << WEXITSTATUS(status);
  while (next()) {
  }
  ::close(ends[0]);
  return step;
}

uint64_t NumKills() {
  const char* text = std::getenv("IBID_KILLS");
  return text == nullptr ? 300 : std::strtoull(text, nullptr, 10);
}

TEST(KillLoop, NoCommitIsLostAndNoneIsHalfThere) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(StrCat("seed ", seed));
  std::mt19937_64 random(seed);
  if (::access("/dev/shm", W_OK) == 0) ::setenv("TMPDIR", "/dev/shm", /*overwrite=*/0);
  const TempDirectory temp;
  const std::string dir = temp.Path("index");
  int64_t step = 0;
  uint64_t in_flight = 0;
  unsigned delay = 0;  // longest time between an acknowledged commit and the kill, microseconds
  const uint64_t num_kills = NumKills();
  for (uint64_t kill = 0; kill < num_kills; ++kill) {
    // Now and then ten commits tell how long one takes here.
    const auto start = std::chrono::steady_clock::now();
    const uint64_t num_commits = kill % 30 == 0 ? 10 : random() % 3;
    const int64_t acknowledged =
        RunAndKill(dir, step, random() % 2 == 0, num_commits, delay == 0 ? 0 : random() % delay);
    if (kill % 30 == 0) {
      const std::chrono::duration<double, std::micro> ten =
          std::chrono::steady_clock::now() - start;
      delay = static_cast<unsigned>(ten.count() / 8);
    }
    const absl::Status committed = ReadCommittedManifest(Env::Posix(), dir).status();
    if (acknowledged == 0 && absl::IsNotFound(committed)) continue;
    ASSERT_TRUE(committed.ok()) << committed;
    const IndexModel model = ReadModel(Env::Posix(), dir);
    step = StepOf(model);
    ASSERT_TRUE(step == acknowledged || step == acknowledged + 1)
        << "commit " << acknowledged << " was acknowledged, the index shows " << step;
    ASSERT_EQ(model, ExpectedModel(DocumentsAfter(step), IndexOptions{})) << step;
    in_flight += step > acknowledged ? 1 : 0;
  }
  // What the last kill left behind goes when the index is next written.
  OpenWriter(Env::Posix(), dir).reset();
  size_t num_files = 2;  // MANIFEST and LOCK
  for (const SegmentMeta& segment : ManifestOf(Env::Posix(), dir).segments) {
    num_files += segment.live_docs_generation == 0 ? 1 : 2;
  }
  EXPECT_EQ(Env::Posix()->List(dir)->size(), num_files);
  std::printf(
      "figures: kills %llu, commits acknowledged %lld, under way and there %llu, lost 0, bad 0\n",
      static_cast<unsigned long long>(num_kills), static_cast<long long>(step - in_flight),
      static_cast<unsigned long long>(in_flight));
}

}  // namespace
}  // namespace ibid
