#include "tests/support/fault_env.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"

namespace ibid {
namespace {

absl::Status WriteTwice(Env* env) {
  auto file = env->CreateFile("a", /*exclusive=*/false);
  if (!file.ok()) return file.status();
  for (int i = 0; i < 2; ++i) {
    if (absl::Status status = (*file)->Append("1234"); !status.ok()) return status;
  }
  return (*file)->Close();
}

TEST(FaultEnv, FailsTheChosenCallOnce) {
  const std::unique_ptr<Env> base = NewMemoryEnv();
  FaultEnv env(base.get());
  env.FailCall(1, {.status = absl::UnavailableError("disk")});
  EXPECT_EQ(WriteTwice(&env), absl::UnavailableError("disk"));
  EXPECT_TRUE(WriteTwice(&env).ok());
}

TEST(FaultEnv, FailsForEverFromTheChosenCall) {
  const std::unique_ptr<Env> base = NewMemoryEnv();
  FaultEnv env(base.get());
  env.FailCall(3, {.for_ever = true});
  EXPECT_FALSE(WriteTwice(&env).ok());
  EXPECT_FALSE(WriteTwice(&env).ok());
  env.Reset();
  EXPECT_TRUE(WriteTwice(&env).ok());
}

TEST(FaultEnv, AShortWriteLeavesHalfOfTheData) {
  const std::unique_ptr<Env> base = NewMemoryEnv();
  FaultEnv env(base.get());
  env.FailCall(2, {.short_write = true});
  EXPECT_FALSE(WriteTwice(&env).ok());
  EXPECT_EQ(ReadFileOrDie(base.get(), "a"), "123412");
}

TEST(FaultEnv, CountsAndNamesTheCalls) {
  const std::unique_ptr<Env> base = NewMemoryEnv();
  FaultEnv env(base.get());
  ASSERT_TRUE(WriteTwice(&env).ok());
  EXPECT_EQ(env.calls(), 4u);
  EXPECT_THAT(env.log(), testing::ElementsAre("create a", "append a", "append a", "close a"));
  EXPECT_THAT(env.write_log(), testing::ElementsAre("create a", "append a", "close a"));
}

}  // namespace
}  // namespace ibid
