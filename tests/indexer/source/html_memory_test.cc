// Pages where memory runs out: whichever allocation fails, the caller learns of it.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdlib>
#include <new>
#include <string>

#include "indexer/source/html_page.h"

namespace {

// Of this thread: how many more allocations succeed; negative: all.
thread_local long allocations_left = -1;

void* Allocate(std::size_t size) {
  if (allocations_left == 0) throw std::bad_alloc();
  if (allocations_left > 0) --allocations_left;
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t size) { return Allocate(size); }
void* operator new[](std::size_t size) { return Allocate(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace ibid {
namespace {

TEST(HtmlMemory, EveryAllocationThatFailsWhileAPageIsReadEndsInAnException) {
  std::string html =
      "<html><head><title>A title long enough for the heap to be asked</title>"
      "<meta name=date content=2024-11-27></head><body>";
  for (int i = 0; i < 50; ++i) html += "<p>Paragraphs of some words, one after another.</p>\n";
  const std::string expected = ExtractPage(html).text;
  long num_failed = 0;
  for (long allowed = 0;; ++allowed) {
    ASSERT_LT(allowed, 10000);
    bool failed = false;
    std::string text;
    allocations_left = allowed;
    try {
      text = ExtractPage(html).text;
    } catch (const std::bad_alloc&) {
      failed = true;
    }
    allocations_left = -1;
    if (!failed) {
      EXPECT_EQ(text, expected);
      break;
    }
    ++num_failed;
  }
  EXPECT_GT(num_failed, 5);
}

}  // namespace
}  // namespace ibid
