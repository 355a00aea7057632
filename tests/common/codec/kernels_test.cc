#include "common/codec/kernels.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ibid {
namespace {

TEST(Kernels, TheScalarSetRunsEverywhere) {
  ASSERT_FALSE(RunnableKernels().empty());
  EXPECT_STREQ(RunnableKernels().front()->name, "scalar");
}

TEST(Kernels, ASetIsChosenByItsName) {
  for (const KernelSet* set : RunnableKernels()) EXPECT_EQ(&ChooseKernels(set->name), set);
}

TEST(Kernels, AnUnknownNameGivesTheBestSet) {
  const KernelSet* best = RunnableKernels().back();
  EXPECT_EQ(&ChooseKernels(""), best);
  EXPECT_EQ(&ChooseKernels("avx1024"), best);
  EXPECT_EQ(&ChooseKernels("AVX2 "), best);
}

TEST(Kernels, TheChoiceNeverChanges) { EXPECT_EQ(&Kernels(), &Kernels()); }

}  // namespace
}  // namespace ibid
