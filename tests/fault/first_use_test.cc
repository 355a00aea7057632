// ICU loads its tables when they are first asked for, and what it cannot load for want of memory it
// never tries again. Each malloc of a process's first analysis fails in a process of its own: the
// words are the right ones or there are none, then and when there is memory again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/strings.h"
#include "common/text/analyzer.h"
#include "tests/support/failing_malloc.h"

namespace ibid {
namespace {

constexpr char kRefused[] = "refused";
constexpr unsigned kMostSeconds = 60;

// What `work` gives in a child of this process.
std::string InOwnProcess(const std::function<std::string()>& work) {
  int ends[2];
  if (::pipe(ends) != 0) std::abort();
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(kMostSeconds);  // whoever waits for ever has crashed
    const std::string given = work();
    _exit(::write(ends[1], given.data(), given.size()) == static_cast<ssize_t>(given.size()) ? 0
                                                                                             : 1);
  }
  ::close(ends[1]);
  std::string given;
  char piece[4096];
  for (ssize_t size; (size = ::read(ends[0], piece, sizeof(piece))) > 0;) {
    given.append(piece, static_cast<size_t>(size));
  }
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? given : "crashed";
}

std::string WordsOf(std::string_view text) {
  try {
    const auto analyzer = Analyzer::Create({.language = "english"});
    if (absl::IsResourceExhausted(analyzer.status())) return kRefused;
    if (!analyzer.ok()) return std::string(analyzer.status().message());
    AnalyzedText words;
    (*analyzer)->Analyze(text, &words);
    std::string given;
    for (size_t i = 0; i < words.num_tokens(); ++i) {
      given += StrCat(words.term(i), "/", (*analyzer)->Stem(words.term(i)), " ");
    }
    return given;
  } catch (const std::bad_alloc&) {
    return kRefused;
  }
}

void Sweep(std::string_view text) {
  const std::string expected = InOwnProcess([&] { return WordsOf(text); });
  ASSERT_THAT(expected, testing::Not(testing::AnyOf(kRefused, "crashed", "")));
  const uint64_t total = std::stoull(InOwnProcess([&] {
    const uint64_t before = NumMallocs();
    WordsOf(text);
    return StrCat(NumMallocs() - before);
  }));
  uint64_t num_refused = 0;
  for (const bool for_ever : {false, true}) {
    for (uint64_t number = 0; number < total; ++number) {
      const std::string given = InOwnProcess([&] {
        FailMallocs(number, for_ever);
        const std::string first = WordsOf(text);
        StopFailingMallocs();
        return StrCat(first, "\n", WordsOf(text));
      });
      const size_t line = given.find('\n');
      for (const std::string& words : {given.substr(0, line), given.substr(line + 1)}) {
        EXPECT_THAT(words, testing::AnyOf(expected, kRefused))
            << "malloc " << number << (for_ever ? " and all on" : "");
      }
      num_refused += given.starts_with(kRefused) ? 1 : 0;
    }
  }
  EXPECT_EQ(num_refused > 0, bool{IBID_MALLOC_CAN_FAIL});
  std::printf("figures: first analysis: %llu of malloc, %llu refused\n",
              static_cast<unsigned long long>(total), static_cast<unsigned long long>(num_refused));
}

TEST(FirstUse, WordsAreTheRightOnesOrThereAreNone) {
  Sweep(
      "Cafe\u0301 \ufb01ne nai\u0308ve advancing rebels' \u0130stanbul \u212b "
      "\U0001f600\U0001f44d\U0001f3fd \u0415\u0308\u043b\u043a\u0430 \ud55c\uad6d\uc5b4");
}

}  // namespace
}  // namespace ibid
