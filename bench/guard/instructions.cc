#include "bench/guard/instructions.h"

#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>

#include "bench/guard/frozen_kernels.h"
#include "bench/guard/kernel_cases.h"
#include "bench/guard/mini_index.h"
#include "bench/guard/query_work.h"
#include "bench/support/process.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/codec/kernels.h"

// What callgrind is told to count: everything below this function, a report a return.
extern "C" __attribute__((noinline, visibility("default"))) void ibid_guard_measured(
    const std::function<void()>& run) {
  run();
  __asm__ volatile("");  // not a jump to `run`: callgrind must see the return
}

namespace ibid::bench {
namespace {

constexpr const char* kNames = "/names";
constexpr const char* kIndex = "/index";
// "GNU C Library Reference Manual", 2.36, "Hardware Capability Tunables".
constexpr const char* kPlainLibc = "glibc.cpu.hwcaps=-AVX,-AVX2,-BMI2,-ERMS,-FSRM,-FMA";

// Removed with everything below it when it goes.
class WorkDirectory {
 public:
  static absl::StatusOr<std::unique_ptr<WorkDirectory>> Make() {
    std::error_code error;
    std::string path = (std::filesystem::temp_directory_path(error) / "ibid-guard-XXXXXX").string();
    if (error || mkdtemp(path.data()) == nullptr) {
      return absl::UnavailableError(StrCat(path, ": cannot be made"));
    }
    return std::make_unique<WorkDirectory>(path);
  }
  explicit WorkDirectory(std::string path) : path_(std::move(path)) {}
  ~WorkDirectory() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  WorkDirectory(const WorkDirectory&) = delete;
  WorkDirectory& operator=(const WorkDirectory&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

absl::Status CountOneSet(const std::string& program, const std::string& spoil_name,
                         const std::string& set, const std::string& directory, Baseline* counts) {
  const std::string out = StrCat(directory, "/callgrind.", set);
  // Valgrind shows every x86-64 processor as the same one, and places all memory alike. What is
  // left is that libc must not ask for more than the oldest has.
  const std::vector<std::string> command = {"env",
                                            StrCat("IBID_KERNELS=", set),
                                            StrCat("GLIBC_TUNABLES=", kPlainLibc),
                                            "valgrind",
                                            "-q",
                                            StrCat("--log-file=", directory, "/valgrind.log"),
                                            "--tool=callgrind",
                                            "--combine-dumps=yes",
                                            StrCat("--callgrind-out-file=", out),
                                            "--toggle-collect=ibid_guard_measured",
                                            "--dump-after=ibid_guard_measured",
                                            program,
                                            "measure",
                                            directory,
                                            "--spoil",
                                            spoil_name};
  RETURN_IF_ERROR(RunChild(command).status());
  ASSIGN_OR_RETURN(const std::vector<uint64_t> totals, ReadCallgrindTotals(out));
  std::ifstream names(directory + kNames);
  size_t part = 0;
  for (std::string name; std::getline(names, name); ++part) {
    if (part == totals.size()) return absl::DataLossError(StrCat(out, ": too few parts"));
    (*counts)[StrCat(set, " ", name)]["instructions"] = totals[part];
  }
  return part > 0 ? absl::OkStatus() : absl::DataLossError(StrCat(out, ": nothing was measured"));
}

using Action = std::function<void()>;

// The first run finds what is cached and is not counted.
void Measure(const std::string& name, const Action& run, std::ofstream* names) {
  run();
  ibid_guard_measured(run);
  *names << name << '\n';
}

}  // namespace

std::string BuildName() {
#if defined(__clang__)
  return StrCat("clang-", __clang_major__, "-", IBID_GUARD_BUILD);
#else
  return StrCat("gcc-", __GNUC__, "-", IBID_GUARD_BUILD);
#endif
}

absl::StatusOr<std::vector<uint64_t>> ReadCallgrindTotals(const std::string& path) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(StrCat(path, ": callgrind wrote nothing"));
  constexpr std::string_view kTotals = "totals: ";
  std::vector<uint64_t> totals;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(kTotals)) continue;
    uint64_t total = 0;
    const char* end = line.data() + line.size();
    const auto [stop, error] = std::from_chars(line.data() + kTotals.size(), end, total);
    if (error != std::errc()) return absl::DataLossError(StrCat(path, ": ", line));
    totals.push_back(total);
  }
  return totals;
}

std::vector<std::string> SetsToCount() {
  std::vector<std::string> sets;
  for (const char* set : {"portable", "avx2"}) {
    if (ChooseKernels(set).name == std::string_view(set)) sets.push_back(set);
  }
  return sets;
}

absl::StatusOr<Baseline> CountInstructions(const std::string& program,
                                           const std::vector<std::string>& sets,
                                           const std::string& spoil_name) {
  if (!HasProgram("valgrind")) {
    return absl::UnavailableError("valgrind is not installed (package valgrind)");
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<WorkDirectory> work, WorkDirectory::Make());
  RETURN_IF_ERROR(
      MakeMiniIndex(AnalyzerKind::kAlnum, Env::Posix(), work->path() + kIndex).status());
  Baseline counts;
  for (const std::string& set : sets) {
    RETURN_IF_ERROR(CountOneSet(program, spoil_name, set, work->path(), &counts));
  }
  return counts;
}

absl::Status MeasureForInstructions(const std::string& directory, Spoil spoil) {
  std::ofstream names(directory + kNames);
  const KernelSet& kernels = spoil == Spoil::kLoop ? SlowedKernels(Kernels()) : Kernels();
  for (const KernelCase& kernel_case : MakeKernelCases(kernels, MakeKernelData())) {
    Measure(StrCat("kernel ", kernel_case.name), kernel_case.run, &names);
  }
  ASSIGN_OR_RETURN(auto reader, IndexReader::Open(directory + kIndex));
  const Searcher searcher(std::move(reader));
  std::map<std::string, std::vector<GuardQuery>> kinds;
  for (const GuardQuery& query : AlnumQueries()) {
    if (!query.is_long) kinds[query.kind].push_back(query);
  }
  absl::Status status;
  for (const GuardCommand& command : GuardCommands()) {
    if (command.limit > 10) continue;
    for (const auto& [kind, queries] : kinds) {
      const auto ask_all = [&, &queries = queries] {
        for (const GuardQuery& query : queries) {
          const auto result = Ask(searcher, query, command, spoil);
          if (!result.ok()) status = result.status();
        }
      };
      Measure(StrCat(command.name, " ", kind), ask_all, &names);
    }
  }
  RETURN_IF_ERROR(status);
  names.close();
  return names ? absl::OkStatus() : absl::UnavailableError(StrCat(directory, ": cannot write"));
}

}  // namespace ibid::bench
