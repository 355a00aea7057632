#include "tests/soak/soak_board.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <new>

namespace ibid {

void SoakBoard::Problem(std::string_view what) {
  const uint64_t before = problems.fetch_add(1);
  if (before < 20) {
    std::fprintf(stderr, "soak, process %d: %.*s\n", static_cast<int>(::getpid()),
                 static_cast<int>(std::min<size_t>(what.size(), 4000)), what.data());
  }
  if (!has_first.exchange(true)) {
    const size_t length = std::min(what.size(), sizeof(first_problem) - 1);
    std::copy_n(what.data(), length, first_problem);
  }
}

SoakBoard* NewSharedBoard() {
  void* memory =
      ::mmap(nullptr, sizeof(SoakBoard), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) std::abort();
  return ::new (memory) SoakBoard;
}

}  // namespace ibid
