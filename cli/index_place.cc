#include "cli/index_place.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace ibid::cli {
namespace {

constexpr char kDefaultName[] = ".ibid";

std::string WithoutTrailingSlashes(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

std::optional<std::string> NamedPlace(const std::optional<std::string>& flag) {
  if (flag) return WithoutTrailingSlashes(*flag);
  const char* variable = std::getenv("IBID_INDEX");
  if (variable != nullptr && *variable != '\0') return WithoutTrailingSlashes(variable);
  return std::nullopt;
}

}  // namespace

std::string PlaceForIndexing(const std::optional<std::string>& flag) {
  return NamedPlace(flag).value_or(kDefaultName);
}

absl::StatusOr<std::string> PlaceOfExisting(const std::optional<std::string>& flag) {
  if (std::optional<std::string> named = NamedPlace(flag)) return *std::move(named);
  std::error_code error;
  if (std::filesystem::is_directory(kDefaultName, error)) return std::string(kDefaultName);
  std::filesystem::path directory = std::filesystem::current_path(error);
  while (!error && directory.has_relative_path()) {
    directory = directory.parent_path();
    if (std::filesystem::is_directory(directory / kDefaultName, error)) {
      return (directory / kDefaultName).string();
    }
    error.clear();
  }
  return absl::NotFoundError(".ibid: no index here or in a directory above");
}

}  // namespace ibid::cli
