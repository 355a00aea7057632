// What every Env promises, held against the file system and the one in memory.
#include "ibid/env.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"
#include "tests/support/temp_directory.h"

namespace ibid {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr auto kNotFound = absl::StatusCode::kNotFound;
constexpr auto kAlreadyExists = absl::StatusCode::kAlreadyExists;

enum class Kind { kPosix, kMemory };

class EveryEnv : public testing::TestWithParam<Kind> {
 protected:
  EveryEnv() {
    if (GetParam() == Kind::kPosix) return;
    memory_ = NewMemoryEnv();
    env_ = memory_.get();
    root_ = "/data";
    EXPECT_TRUE(env_->CreateDirectory(root_).ok());
  }
  std::string Path(const std::string& name) const { return root_ + "/" + name; }
  void Write(const std::string& name, std::string_view bytes) {
    WriteFileOrDie(env_, Path(name), bytes);
  }
  std::string Read(const std::string& name) { return ReadFileOrDie(env_, Path(name)); }
  std::vector<std::string> Names() { return *env_->List(root_); }

  TempDirectory directory_;
  std::unique_ptr<Env> memory_;
  Env* env_ = Env::Posix();
  std::string root_ = directory_.path();
};

TEST_P(EveryEnv, AFileHoldsWhatWasAppended) {
  auto file = env_->CreateFile(Path("a"), /*exclusive=*/true);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_TRUE((*file)->Append("rebels ").ok());
  EXPECT_TRUE((*file)->Append("").ok());
  EXPECT_TRUE((*file)->Append("advance").ok());
  EXPECT_TRUE((*file)->Sync().ok());
  EXPECT_TRUE((*file)->Close().ok());
  EXPECT_FALSE((*file)->Close().ok());
  EXPECT_EQ(Read("a"), "rebels advance");
}

TEST_P(EveryEnv, AnEmptyFileCanBeRead) {
  Write("a", "");
  const auto file = env_->OpenReadable(Path("a"));
  ASSERT_TRUE(file.ok());
  EXPECT_TRUE((*file)->bytes().empty());
  (*file)->WillNeed(0, 10);
  (*file)->DontNeed(0, 10);
}

TEST_P(EveryEnv, HintsChangeNoByte) {
  const std::string bytes(100001, 'x');
  Write("a", bytes);
  const auto file = env_->OpenReadable(Path("a"));
  ASSERT_TRUE(file.ok());
  (*file)->WillNeed(5000, 20000);
  (*file)->DontNeed(0, 100001);
  (*file)->DontNeed(99999, SIZE_MAX);
  (*file)->WillNeed(200000, SIZE_MAX);
  EXPECT_EQ(std::string((*file)->bytes().begin(), (*file)->bytes().end()), bytes);
}

TEST_P(EveryEnv, ExclusiveCreationRefusesAnExistingFile) {
  Write("a", "old");
  EXPECT_EQ(env_->CreateFile(Path("a"), true).status(),
            absl::AlreadyExistsError("create " + Path("a") + ": File exists"));
  EXPECT_EQ(Read("a"), "old");
  Write("a", "");
  EXPECT_EQ(Read("a"), "");
}

TEST_P(EveryEnv, MissingFilesAreNotFoundByName) {
  EXPECT_EQ(env_->OpenReadable(Path("no")).status(),
            absl::NotFoundError("open " + Path("no") + ": No such file or directory"));
  EXPECT_EQ(env_->Stat(Path("no")).status().code(), kNotFound);
  EXPECT_EQ(env_->Remove(Path("no")).code(), kNotFound);
  EXPECT_EQ(env_->Rename(Path("no"), Path("b")).code(), kNotFound);
  EXPECT_EQ(env_->List(Path("no")).status().code(), kNotFound);
  EXPECT_EQ(env_->SyncDirectory(Path("no")).code(), kNotFound);
  EXPECT_EQ(env_->RemoveDirectory(Path("no")).code(), kNotFound);
  EXPECT_EQ(env_->CreateFile(Path("no/a"), false).status().code(), kNotFound);
  EXPECT_EQ(env_->CreateDirectory(Path("no/a")).code(), kNotFound);
  EXPECT_EQ(env_->Lock(Path("no/a"), "me").status().code(), kNotFound);
}

TEST_P(EveryEnv, ARemovedOrReplacedFileStaysReadableWhileOpen) {
  Write("a", "one");
  Write("b", "two");
  const auto a = env_->OpenReadable(Path("a"));
  const auto b = env_->OpenReadable(Path("b"));
  ASSERT_TRUE(a.ok() && b.ok());
  ASSERT_TRUE(env_->Rename(Path("a"), Path("b")).ok());
  EXPECT_EQ(Read("b"), "one");
  ASSERT_TRUE(env_->Remove(Path("b")).ok());
  EXPECT_EQ(std::string((*a)->bytes().begin(), (*a)->bytes().end()), "one");
  EXPECT_EQ(std::string((*b)->bytes().begin(), (*b)->bytes().end()), "two");
  EXPECT_THAT(Names(), ElementsAre());
}

TEST_P(EveryEnv, DirectoriesAreMadeListedAndRemoved) {
  EXPECT_TRUE(env_->CreateDirectory(Path("d")).ok());
  EXPECT_TRUE(env_->CreateDirectory(Path("d")).ok());
  Write("d/b", "");
  Write("a", "12345");
  EXPECT_THAT(Names(), ElementsAre("a", "d"));
  EXPECT_EQ(env_->CreateDirectory(Path("a")).code(), kAlreadyExists);
  EXPECT_FALSE(env_->RemoveDirectory(Path("d")).ok());
  EXPECT_TRUE(env_->SyncDirectory(Path("d")).ok());
  EXPECT_EQ(env_->Stat(Path("d"))->type, FileType::kDirectory);
  EXPECT_EQ(env_->Stat(Path("a"))->type, FileType::kRegular);
  EXPECT_EQ(env_->Stat(Path("a"))->size_bytes, 5u);
  EXPECT_FALSE(env_->OpenReadable(Path("d")).ok());
  EXPECT_FALSE(env_->Remove(Path("d")).ok());
  ASSERT_TRUE(env_->Remove(Path("d/b")).ok());
  EXPECT_TRUE(env_->RemoveDirectory(Path("d")).ok());
  EXPECT_THAT(Names(), ElementsAre("a"));
}

TEST_P(EveryEnv, NamesAreSortedByBytes) {
  for (const char* name : {"b", "a", "B", "\xc3\xa9", "a.b"}) Write(name, "");
  EXPECT_THAT(Names(), ElementsAre("B", "a", "a.b", "b", "\xc3\xa9"));
}

TEST_P(EveryEnv, ALockHasOneHolderWhoIsNamed) {
  {
    const auto lock = env_->Lock(Path("LOCK"), "process 2817 (ibid index)");
    ASSERT_TRUE(lock.ok()) << lock.status();
    EXPECT_EQ(env_->Lock(Path("LOCK"), "me").status(),
              absl::AbortedError(root_ + ": being written by process 2817 (ibid index)"));
  }
  EXPECT_TRUE(env_->Lock(Path("LOCK"), "me").ok());
  EXPECT_THAT(Names(), ElementsAre("LOCK"));
}

TEST_P(EveryEnv, AHoldersControlCharactersAreLeftOut) {
  const auto lock = env_->Lock(Path("LOCK"), "\x1b[2Jprocess\n1\x7f" + std::string(1000, 'x'));
  ASSERT_TRUE(lock.ok());
  const absl::Status status = env_->Lock(Path("LOCK"), "me").status();
  EXPECT_THAT(std::string(status.message()), HasSubstr(": being written by [2Jprocess1xx"));
  EXPECT_LT(status.message().size(), root_.size() + 300);
}

INSTANTIATE_TEST_SUITE_P(Env, EveryEnv, testing::Values(Kind::kPosix, Kind::kMemory),
                         [](const auto& param) {
                           return param.param == Kind::kPosix ? "Posix" : "Memory";
                         });

}  // namespace
}  // namespace ibid
