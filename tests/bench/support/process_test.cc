#include "bench/support/process.h"

#include <gtest/gtest.h>

#include "tests/support/temp_directory.h"

namespace ibid::bench {
namespace {

TEST(Process, AChildIsWaitedForAndItsCostTaken) {
  const auto cost = RunChild({"true"});
  ASSERT_TRUE(cost.ok()) << cost.status().message();
  EXPECT_GT(cost->peak_bytes, 0u);
  EXPECT_GT(cost->wall_seconds, 0);
}

TEST(Process, AChildThatFailsIsAnError) {
  EXPECT_FALSE(RunChild({"false"}).ok());
  EXPECT_FALSE(RunChild({"no-program-of-this-name"}).ok());
}

TEST(Process, AChildAnswersLineByLine) {
  const auto child = ChildProcess::Start({"cat"});
  ASSERT_TRUE(child.ok());
  EXPECT_EQ((*child)->Ask("one").value(), "one");
  EXPECT_EQ((*child)->Ask("two words").value(), "two words");
}

TEST(Process, AChildThatHasEndedIsUnavailable) {
  const auto child = ChildProcess::Start({"true"});
  ASSERT_TRUE(child.ok());
  EXPECT_TRUE(absl::IsUnavailable((*child)->Ask("anybody there?").status()));
}

TEST(Process, KnowsWhichProgramsThereAre) {
  EXPECT_TRUE(HasProgram("sh"));
  EXPECT_FALSE(HasProgram("no-program-of-this-name"));
}

TEST(Process, CountsTheBytesOfFolders) {
  const TempDirectory directory;
  directory.Write("a.txt", "12345");
  directory.Write("below/b.txt", "678");
  EXPECT_EQ(DirectoryBytes(directory.path()), 8u);
  EXPECT_EQ(DirectoryBytes(directory.Path("nothing")), 0u);
}

}  // namespace
}  // namespace ibid::bench
