#include "indexer/spilled_bytes.h"

#include <gtest/gtest.h>

#include <string>

#include "common/base/strings.h"
#include "tests/support/fault_env.h"

namespace ibid {
namespace {

// Appends pieces of growing size, and reads them back.
void WriteAndRead(size_t memory_bytes, bool expect_file) {
  const auto env = NewMemoryEnv();
  std::string expected;
  {
    SpilledBytes bytes(env.get(), "some.tmp", memory_bytes);
    for (size_t i = 0; i < 300; ++i) {
      const std::string piece(i, static_cast<char>('a' + i % 26));
      expected += piece;
      ASSERT_TRUE(bytes.Append(piece).ok());
      ASSERT_EQ(bytes.size(), expected.size());
    }
    ASSERT_TRUE(bytes.Finish().ok());
    EXPECT_EQ(env->Stat("some.tmp").ok(), expect_file);
    const auto view = bytes.view();
    EXPECT_TRUE(std::string(view.begin(), view.end()) == expected);
  }
  EXPECT_FALSE(env->Stat("some.tmp").ok());
}

TEST(SpilledBytes, AreReadFromMemoryOrFromAFileThatIsRemoved) {
  WriteAndRead(size_t{1} << 20, /*expect_file=*/false);
  WriteAndRead(10'000, /*expect_file=*/true);
  WriteAndRead(0, /*expect_file=*/true);
}

TEST(SpilledBytes, AnyFailingCallIsReportedAndLeavesNoFile) {
  for (uint64_t call = 0;; ++call) {
    ASSERT_LT(call, 1000u);
    const auto base = NewMemoryEnv();
    FaultEnv env(base.get());
    env.FailCall(call, {});
    absl::Status status;
    uint64_t calls = 0;
    {
      SpilledBytes bytes(&env, "some.tmp", 100);
      for (int i = 0; i < 40 && status.ok(); ++i) status = bytes.Append("0123456789");
      if (status.ok()) status = bytes.Finish();
      calls = env.calls();
    }
    if (calls <= call) {
      EXPECT_TRUE(status.ok());
      break;
    }
    EXPECT_TRUE(absl::IsUnavailable(status)) << call << ": " << status;
    EXPECT_FALSE(base->Stat("some.tmp").ok());
  }
}

TEST(SpilledBytes, AFileThatWasChangedIsNotRead) {
  const auto env = NewMemoryEnv();
  SpilledBytes bytes(env.get(), "some.tmp", 4);
  ASSERT_TRUE(bytes.Append("0123").ok());
  ASSERT_TRUE(bytes.Append("4567").ok());
  ASSERT_TRUE(bytes.Append("89").ok());
  ASSERT_TRUE(env->Remove("some.tmp").ok());
  ASSERT_TRUE(env->CreateFile("some.tmp", /*exclusive=*/true).ok());
  EXPECT_TRUE(absl::IsDataLoss(bytes.Finish()));
}

}  // namespace
}  // namespace ibid
