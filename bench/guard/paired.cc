#include "bench/guard/paired.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "bench/guard/frozen_kernels.h"
#include "bench/guard/kernel_cases.h"
#include "common/base/strings.h"
#include "common/codec/kernels.h"

namespace ibid::bench {
namespace {

double SecondsOf(const std::function<void()>& run, int calls,
                 const std::function<double()>& clock) {
  const double started = clock();
  for (int i = 0; i < calls; ++i) run();
  return clock() - started;
}

// How many calls take a round's time. An interruption may make a call seem as long as a round,
// whose rounds would then be little more than what the clock itself takes: the least of several
// counts.
int CallsFor(const std::function<void()>& run, const PairedOptions& options) {
  constexpr int kTries = 5;
  for (int calls = 1; calls < (1 << 20); calls *= 2) {
    double least = SecondsOf(run, calls, options.clock);
    for (int i = 1; i < kTries; ++i) least = std::min(least, SecondsOf(run, calls, options.clock));
    if (least >= options.round_seconds) return calls;
  }
  return 1 << 20;
}

// One pair, whose rounds may be taken at several times.
class Pair {
 public:
  Pair(std::string name, std::function<void()> now, std::function<void()> frozen)
      : name_(std::move(name)), now_(std::move(now)), frozen_(std::move(frozen)) {}

  void TakeRounds(const PairedOptions& options) {
    if (calls_ == 0) calls_ = CallsFor(frozen_, options);
    const auto lower = [&](const std::function<void()>& run, double* least) {
      *least = std::min(*least, SecondsOf(run, calls_, options.clock));
    };
    for (int round = 0; round < options.rounds; ++round) {
      const bool swapped = round % 2 != 0;  // neither always follows the other
      if (swapped) lower(frozen_, &least_frozen_);
      lower(now_, &least_now_);
      if (!swapped) lower(frozen_, &least_frozen_);
    }
  }
  double ratio() const { return least_now_ / least_frozen_; }
  const std::string& name() const { return name_; }

 private:
  std::string name_;
  std::function<void()> now_, frozen_;
  int calls_ = 0;
  double least_now_ = std::numeric_limits<double>::infinity();
  double least_frozen_ = std::numeric_limits<double>::infinity();
};

// Rounds of all pairs, then again of those that are above the gate.
void TakeRoundsOfAll(const PairedOptions& options, std::vector<Pair>* pairs) {
  for (Pair& pair : *pairs) pair.TakeRounds(options);
  for (int attempt = 1; attempt < options.attempts; ++attempt) {
    for (Pair& pair : *pairs) {
      if (pair.ratio() > options.gate) pair.TakeRounds(options);
    }
  }
}

}  // namespace

double PairedRatio(const std::function<void()>& now, const std::function<void()>& frozen,
                   const PairedOptions& options) {
  std::vector<Pair> pairs;
  pairs.emplace_back("", now, frozen);
  TakeRoundsOfAll(options, &pairs);
  return pairs[0].ratio();
}

std::vector<PairedResult> PairKernels(const std::vector<std::string>& sets, Spoil spoil,
                                      const PairedOptions& options) {
  const auto data = MakeKernelData();
  std::vector<PairedResult> results;
  for (const std::string& name : sets) {
    const KernelSet* set = &ChooseKernels(name);
    const KernelSet* frozen_set = FrozenKernels(set->name);
    if (frozen_set == nullptr) continue;
    const KernelSet& measured = spoil == Spoil::kLoop ? SlowedKernels(*set) : *set;
    const std::vector<KernelCase> now = MakeKernelCases(measured, data);
    const std::vector<KernelCase> frozen = MakeKernelCases(*frozen_set, data);
    std::vector<Pair> pairs;
    for (size_t i = 0; i < now.size(); ++i) {
      pairs.emplace_back(StrCat(set->name, " ", now[i].name), now[i].run, frozen[i].run);
    }
    TakeRoundsOfAll(options, &pairs);
    for (const Pair& pair : pairs) results.push_back({pair.name(), pair.ratio()});
  }
  return results;
}

}  // namespace ibid::bench
