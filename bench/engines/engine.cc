#include "bench/engines/engine.h"

#include <filesystem>
#include <map>

#include "bench/support/process.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace ibid::bench {

namespace {

bool IsFresh(const Engine& engine, const std::string& finished) {
  if (!std::filesystem::exists(finished)) return false;
  if (!engine.ChangesWithProgram()) return true;
  std::error_code error;
  const auto program = std::filesystem::last_write_time("/proc/self/exe", error);
  return !error && std::filesystem::last_write_time(finished) > program;
}

}  // namespace

uint64_t MixDocument(uint64_t document) {
  uint64_t mixed = document + 0x9e3779b97f4a7c15u;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
  return mixed ^ (mixed >> 31);
}

void DocumentSet::Add(uint64_t document) {
  size += 1;
  fingerprint += MixDocument(document);
}

absl::StatusOr<std::unique_ptr<Engine>> MakeEngine(std::string_view name) {
  if (name == "ibid") return MakeIbidEngine();
  if (name == "xapian") return MakeXapianEngine();
  if (name == "fts5") return MakeFts5Engine();
  if (name == "lucene") return MakeLuceneEngine();
  return absl::InvalidArgumentError(
      StrCat("'", name, "' is no engine; there are ibid, xapian, fts5, lucene"));
}

absl::Status BuildAndOpen(Engine* engine, const std::string& words_path,
                          const std::string& directory) {
  const std::string finished = directory + ".finished";
  if (IsFresh(*engine, finished)) {
    const absl::Status opened = engine->Open(directory);
    if (!absl::IsFailedPrecondition(opened)) return opened;
  }
  std::filesystem::remove_all(directory);
  std::filesystem::remove(finished);
  RETURN_IF_ERROR(engine->Prepare(directory));
  RETURN_IF_ERROR(engine->Build(words_path, directory));
  RETURN_IF_ERROR(WriteTextFile(finished, engine->version() + "\n"));
  return engine->Open(directory);
}

std::vector<std::pair<std::string, uint64_t>> FileBytes(
    const std::string& directory, std::string (*kind)(const std::string& file_name)) {
  std::map<std::string, uint64_t> sizes;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.is_regular_file()) sizes[kind(entry.path().filename())] += entry.file_size();
  }
  return {sizes.begin(), sizes.end()};
}

}  // namespace ibid::bench
