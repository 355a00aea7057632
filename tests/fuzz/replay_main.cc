// Runs a fuzz target without libFuzzer:
//
//   replay_NAME [--changes N] [--seed N] [--write DIRECTORY] [FILE | DIRECTORY]...
//
// Runs the target's own seeds, then each of them N times with random changes, then the files given.
// --write: puts the seeds into a directory instead, for libFuzzer to begin with.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz_target.h"
#include "tests/support/mutated.h"

namespace ibid {
namespace {

void RunOne(const std::string& input) {
  // A copy of its own, so that a sanitizer sees a read past its end.
  const std::vector<uint8_t> bytes(input.begin(), input.end());
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

std::string ReadWhole(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

size_t RunChanges(const std::vector<std::string>& seeds, uint32_t changes, uint32_t seed) {
  std::mt19937 random(seed);
  for (const std::string& sound : seeds) {
    for (uint32_t i = 0; i < changes; ++i) RunOne(Mutated(sound, &random));
  }
  return seeds.size() * changes;
}

size_t RunFiles(const std::filesystem::path& path) {
  if (!std::filesystem::is_directory(path)) {
    std::cerr << path.filename().string() << std::endl;  // seen where the next line crashes
    RunOne(ReadWhole(path));
    return 1;
  }
  size_t num_files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    num_files += RunFiles(entry.path());
  }
  return num_files;
}

int WriteSeeds(const std::filesystem::path& directory) {
  std::filesystem::create_directories(directory);
  size_t number = 0;
  for (const std::string& seed : FuzzSeeds()) {
    std::ofstream(directory / ("seed_" + std::to_string(number++)), std::ios::binary) << seed;
  }
  std::cout << number << " seeds\n";
  return number == 0 ? 1 : 0;
}

int Main(const std::vector<std::string>& args) {
  uint32_t changes = 0, seed = 1;
  std::vector<std::string> paths;
  for (size_t i = 0; i < args.size(); ++i) {
    const bool has_value = i + 1 < args.size();
    if (args[i] == "--changes" && has_value) {
      changes = static_cast<uint32_t>(std::stoul(args[++i]));
    } else if (args[i] == "--seed" && has_value) {
      seed = static_cast<uint32_t>(std::stoul(args[++i]));
    } else if (args[i] == "--write" && has_value) {
      return WriteSeeds(args[++i]);
    } else {
      paths.push_back(args[i]);
    }
  }
  const std::vector<std::string> seeds = FuzzSeeds();
  RunOne("");
  for (const std::string& sound : seeds) RunOne(sound);
  const size_t changed = RunChanges(seeds, changes, seed);
  size_t num_files = 0;
  for (const std::string& path : paths) num_files += RunFiles(path);
  std::cout << seeds.size() << " seeds, " << changed << " changes of them (seed " << seed << "), "
            << num_files << " files: no find\n";
  return seeds.empty() ? 1 : 0;
}

}  // namespace
}  // namespace ibid

int main(int argc, char** argv) { return ibid::Main({argv + 1, argv + argc}); }
