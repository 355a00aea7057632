#include "indexer/pending_documents.h"

#include <gtest/gtest.h>

#include <string>

#include "common/base/strings.h"

namespace ibid {
namespace {

TEST(PendingDocuments, FindsWhatWasAddedUntilItIsRemoved) {
  PendingDocuments pending;
  EXPECT_EQ(pending.Find("a"), std::nullopt);
  const uint32_t a = pending.Add("a", 1);
  const uint32_t b = pending.Add("b", 2);
  EXPECT_EQ(pending.Find("a"), a);
  EXPECT_EQ(pending.fingerprint(b), 2u);
  pending.Remove(a);
  EXPECT_EQ(pending.Find("a"), std::nullopt);
  EXPECT_FALSE(pending.IsLive(a));
  EXPECT_TRUE(pending.IsLive(b));
  EXPECT_EQ(pending.num_live(), 1u);
  EXPECT_EQ(pending.size(), 2u);
}

TEST(PendingDocuments, AKeyMayComeBackUnderANewNumber) {
  PendingDocuments pending;
  const uint32_t first = pending.Add("a", 1);
  pending.Remove(first);
  const uint32_t second = pending.Add("a", 2);
  EXPECT_NE(first, second);
  EXPECT_EQ(pending.Find("a"), second);
  EXPECT_EQ(pending.key(first), "a");
}

TEST(PendingDocuments, KeepsManyAndLongKeys) {
  PendingDocuments pending;
  for (int i = 0; i < 20000; ++i) pending.Add(StrCat(std::string(i % 300 + 1, 'k'), i), 0);
  for (int i = 0; i < 20000; ++i) {
    ASSERT_EQ(pending.Find(StrCat(std::string(i % 300 + 1, 'k'), i)), static_cast<uint32_t>(i));
  }
  pending.Clear();
  EXPECT_EQ(pending.size(), 0u);
  EXPECT_EQ(pending.Find("k0"), std::nullopt);
}

}  // namespace
}  // namespace ibid
