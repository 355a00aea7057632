#include "bench/engines/build_child.h"

#include <cstdio>
#include <filesystem>
#include <string_view>

#include "bench/engines/engine.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace ibid::bench {
namespace {

constexpr const char* kFlag = "--build-child";

absl::Status Build(const char* name, const char* words_path, const char* directory) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Engine> engine, MakeEngine(name));
  return engine->Build(words_path, directory);
}

}  // namespace

absl::StatusOr<ChildCost> BuildInChild(const std::string& program, const std::string& engine_name,
                                       const std::string& words_path,
                                       const std::string& directory) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Engine> engine, MakeEngine(engine_name));
  std::filesystem::remove_all(directory);
  RETURN_IF_ERROR(engine->Prepare(directory));
  return RunChild({program, kFlag, engine_name, words_path, directory});
}

bool IsBuildChild(int argc, char** argv) { return argc == 5 && std::string_view(argv[1]) == kFlag; }

int RunBuildChild(char** argv) {
  const absl::Status status = Build(argv[2], argv[3], argv[4]);
  if (status.ok()) return 0;
  std::fprintf(stderr, "%s: %s\n", argv[2], std::string(MessageOf(status)).c_str());
  return 5;
}

}  // namespace ibid::bench
