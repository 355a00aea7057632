// Ways to make the searcher needlessly slow on purpose: what the guard must notice.
#ifndef IBID_BENCH_GUARD_SPOIL_H_
#define IBID_BENCH_GUARD_SPOIL_H_

namespace ibid::bench {

enum class Spoil {
  kNothing,
  kLoop,    // kernels go over their data once more
  kBounds,  // no bound is looked at: every match is scored
  kDecode,  // frequencies and positions are decoded that no answer needs
};

}  // namespace ibid::bench

#endif  // IBID_BENCH_GUARD_SPOIL_H_
