// ibid-guard: whether queries and kernels still cost what was last accepted (docs/BENCHMARKS.md).
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <iostream>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/guard/baseline.h"
#include "bench/guard/frozen_kernels.h"
#include "bench/guard/instructions.h"
#include "bench/guard/paired.h"
#include "bench/guard/query_work.h"
#include "bench/guard/spoil.h"
#include "bench/support/process.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace ibid::bench {
namespace {

constexpr const char* kUsage = R"(usage:
  ibid-guard               all three of these
  ibid-guard work          work counters of queries, against bench/guard/baseline/work.json
  ibid-guard instructions  instructions of kernels and queries (callgrind), against the baseline of
                           this compiler and its options
  ibid-guard paired        times of kernels against frozen copies of them, in this process

  --update                 keep what is measured as the new baseline (work, instructions)
  --kernels portable|avx2  only these (instructions, paired)
  --baselines DIR          those kept there (default: bench/guard/baseline of the source tree)
  --gate RATIO             what a kernel may take of its frozen copy's time (paired; default 1.10)
  --spoil loop|bounds|decode
                           be slow on purpose, to see that it is noticed

Exit code 0: as kept. 1: dearer, or cheaper than the baseline says. 3: something cannot be measured
here or has no baseline.
)";

constexpr int kDiffers = 1, kBadUsage = 2, kCannotMeasure = 3, kFailed = 4;

struct Options {
  std::string verb, directory;
  std::string spoil_name = "nothing", kernels, baselines = IBID_GUARD_BASELINES;
  Spoil spoil = Spoil::kNothing;
  bool update = false;
  double gate = kPairedGate;
};

absl::StatusOr<Spoil> SpoilOf(const std::string& name) {
  if (name == "nothing") return Spoil::kNothing;
  if (name == "loop") return Spoil::kLoop;
  if (name == "bounds") return Spoil::kBounds;
  if (name == "decode") return Spoil::kDecode;
  return absl::InvalidArgumentError(StrCat("--spoil ", name, "?"));
}

absl::StatusOr<Options> ParseOptions(const std::vector<std::string>& args) {
  Options options;
  for (size_t i = 0; i < args.size(); ++i) {
    if (args[i] == "--update") {
      options.update = true;
    } else if (args[i] == "--spoil" && i + 1 < args.size()) {
      options.spoil_name = args[++i];
      ASSIGN_OR_RETURN(options.spoil, SpoilOf(options.spoil_name));
    } else if (args[i] == "--gate" && i + 1 < args.size()) {
      const std::string& text = args[++i];
      const char* end = text.data() + text.size();
      const auto [stop, error] = std::from_chars(text.data(), end, options.gate);
      if (error != std::errc() || stop != end || !(options.gate >= 1)) {
        return absl::InvalidArgumentError("--gate needs a number, 1 or more");
      }
    } else if (args[i] == "--kernels" && i + 1 < args.size()) {
      options.kernels = args[++i];
    } else if (args[i] == "--baselines" && i + 1 < args.size()) {
      options.baselines = args[++i];
    } else if (args[i].starts_with("-") || !options.directory.empty()) {
      return absl::InvalidArgumentError(StrCat(args[i], "?"));
    } else {
      (options.verb.empty() ? options.verb : options.directory) = args[i];
    }
  }
  return options;
}

std::vector<std::string> SetsOf(const Options& options) {
  std::vector<std::string> sets = SetsToCount();
  if (!options.kernels.empty())
    std::erase_if(sets, [&](const auto& s) { return s != options.kernels; });
  return sets;
}

// What is kept in a file of the baselines, less what is not measured now: instructions of other
// sets of kernels. All where `sets` is empty.
struct Kept {
  std::string folder, file;
  std::vector<std::string> sets;

  std::string path() const { return StrCat(folder, "/", file); }
  bool Measures(const std::string& name) const {
    return sets.empty() || std::any_of(sets.begin(), sets.end(), [&](const std::string& set) {
             return name.starts_with(set + ' ');
           });
  }
};

// Entries that differ by no more than half the tolerance stay, so that many small rises do not add
// up. Half: one kept at the edge would fail on a machine whose C library takes other copy loops.
absl::StatusOr<int> Update(const Baseline& measured, const Kept& kept, double tolerance) {
  absl::StatusOr<Baseline> entries = ReadBaseline(kept.path());
  if (!entries.ok()) entries = Baseline{};
  Baseline before = *entries;
  std::erase_if(before, [&](const auto& entry) { return !kept.Measures(entry.first); });
  std::set<std::string> changed;
  for (const Change& change : Compare(before, measured, tolerance / 2)) changed.insert(change.name);
  for (const std::string& name : changed) {
    entries->erase(name);
    if (const auto now = measured.find(name); now != measured.end()) entries->insert(*now);
  }
  RETURN_IF_ERROR(WriteTextFile(kept.path(), FormatBaseline(*entries)));
  std::cout << measured.size() << " entries measured, " << changed.size() << " changed in "
            << kept.path() << '\n';
  return 0;
}

// Prints what differs; the exit code.
absl::StatusOr<int> Judge(const Baseline& measured, const Kept& kept, double tolerance,
                          const std::string& verb) {
  ASSIGN_OR_RETURN(Baseline entries, ReadBaseline(kept.path()));
  const size_t left_out =
      std::erase_if(entries, [&](const auto& entry) { return !kept.Measures(entry.first); });
  if (left_out > 0) std::cout << verb << ": " << left_out << " entries are not measured here\n";
  const std::vector<Change> changes = Compare(entries, measured, tolerance);
  bool rises = false;
  for (const Change& change : changes) {
    std::cout << Describe(change);
    rises |= change.kind == Change::Kind::kRise;
  }
  std::cout << verb << ": " << measured.size() << " entries measured, " << changes.size()
            << " differ from " << kept.path() << '\n';
  if (changes.empty()) return 0;
  std::cout
      << (rises ? "Something is dearer than it was. Mend it, or, where it is worth it, accept it:"
                : "Nothing is dearer. Lower the baseline, so that it stays so:")
      << "\n  ibid-guard " << verb << " --update\n";
  return kDiffers;
}

int JudgePairs(const std::vector<PairedResult>& results, double gate) {
  int differ = 0;
  for (const PairedResult& result : results) {
    const bool slower = result.ratio > gate, faster = result.ratio < 1 / gate;
    differ += slower ? 1 : 0;
    std::printf("%-30s %.3f%s\n", result.name.c_str(), result.ratio,
                slower   ? "  slower than its frozen copy"
                : faster ? "  faster: freeze it anew (docs/BENCHMARKS.md)"
                         : "");
  }
  std::printf("paired: %zu kernels timed, %d slower than %.2f of the frozen copy's time\n",
              results.size(), differ, gate);
  return differ == 0 ? 0 : kDiffers;
}

absl::StatusOr<int> GuardWork(const Options& options) {
  const Kept kept{options.baselines, "work.json", {}};
  ASSIGN_OR_RETURN(const Baseline work, CountAllWork(options.spoil));
  return options.update ? Update(work, kept, kWorkTolerance)
                        : Judge(work, kept, kWorkTolerance, "work");
}

absl::StatusOr<int> GuardInstructions(const Options& options, const std::string& program) {
  const Kept kept{options.baselines, StrCat("instructions-", BuildName(), ".json"),
                  SetsOf(options)};
  if (kept.sets.empty()) return absl::UnavailableError("this processor does not run such kernels");
  if (!options.update && absl::IsNotFound(ReadBaseline(kept.path()).status())) {
    return absl::UnavailableError(
        StrCat("instructions are not guarded: there is no ", kept.path(),
               ", the baseline for this compiler and its options. Add it: "
               "ibid-guard instructions --update"));
  }
  ASSIGN_OR_RETURN(const Baseline counts,
                   CountInstructions(program, kept.sets, options.spoil_name));
  return options.update ? Update(counts, kept, kInstructionTolerance)
                        : Judge(counts, kept, kInstructionTolerance, "instructions");
}

absl::StatusOr<int> GuardTimes(const Options& options) {
  if (options.update) return 0;  // the frozen copies are its baseline
  for (const std::string& set : SetsOf(options)) {
    if (FrozenKernels(set) != nullptr) continue;
    return absl::InternalError(
        StrCat("the frozen copies of ", set, " lack a kernel: run bench/guard/freeze.py"));
  }
  return JudgePairs(PairKernels(SetsOf(options), options.spoil, {.gate = options.gate}),
                    options.gate);
}

absl::StatusOr<int> Run(const Options& options, const std::string& program) {
  if (options.update && options.spoil != Spoil::kNothing) {
    return absl::InvalidArgumentError("--update and --spoil do not go together");
  }
  if (options.verb == "work") return GuardWork(options);
  if (options.verb == "instructions") return GuardInstructions(options, program);
  if (options.verb == "paired") return GuardTimes(options);
  if (options.verb == "measure" && !options.directory.empty()) {
    RETURN_IF_ERROR(MeasureForInstructions(options.directory, options.spoil));
    return 0;
  }
  if (!options.verb.empty()) {
    return absl::InvalidArgumentError("work, instructions or paired? See --help");
  }
  ASSIGN_OR_RETURN(const int work, GuardWork(options));
  ASSIGN_OR_RETURN(const int times, GuardTimes(options));
  const absl::StatusOr<int> instructions = GuardInstructions(options, program);
  return std::max(work, times) > 0 ? kDiffers : instructions;
}

int Main(const std::string& program, const std::vector<std::string>& args) {
  for (const std::string& arg : args) {
    if (arg != "--help" && arg != "-h") continue;
    std::cout << kUsage;
    return 0;
  }
  const absl::StatusOr<Options> options = ParseOptions(args);
  const absl::StatusOr<int> code =
      options.ok() ? Run(*options, program) : absl::StatusOr<int>(options.status());
  if (code.ok()) return *code;
  std::cerr << "ibid-guard: " << MessageOf(code.status()) << '\n';
  if (absl::IsInvalidArgument(code.status())) return kBadUsage;
  return absl::IsUnavailable(code.status()) ? kCannotMeasure : kFailed;
}

}  // namespace
}  // namespace ibid::bench

int main(int argc, char** argv) {
  return ibid::bench::Main(argv[0], std::vector<std::string>(argv + 1, argv + argc));
}
