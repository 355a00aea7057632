// Pages where memory runs out: whichever allocation fails, the caller learns of it.
#include <gtest/gtest.h>

#include <cstdint>
#include <new>
#include <string>

#include "indexer/source/html_page.h"
#include "tests/support/counted_new.h"

namespace ibid {
namespace {

TEST(HtmlMemory, EveryAllocationThatFailsWhileAPageIsReadEndsInAnException) {
  std::string html =
      "<html><head><title>A title long enough for the heap to be asked</title>"
      "<meta name=date content=2024-11-27></head><body>";
  for (int i = 0; i < 50; ++i) html += "<p>Paragraphs of some words, one after another.</p>\n";
  const std::string expected = ExtractPage(html).text;
  uint64_t num_failed = 0;
  for (uint64_t allowed = 0;; ++allowed) {
    ASSERT_LT(allowed, 10000u);
    bool failed = false;
    std::string text;
    FailAllocations(allowed, /*for_ever=*/true);
    try {
      text = ExtractPage(html).text;
    } catch (const std::bad_alloc&) {
      failed = true;
    }
    StopFailing();
    if (!failed) {
      EXPECT_EQ(text, expected);
      break;
    }
    ++num_failed;
  }
  EXPECT_GT(num_failed, 5u);
}

}  // namespace
}  // namespace ibid
