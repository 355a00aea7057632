#include "cli/index_place.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "cli/text_escape.h"
#include "common/base/strings.h"

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

std::filesystem::path ResolvedPath(const std::string& path) {
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(path, error);
  const std::filesystem::path resolved = std::filesystem::weakly_canonical(absolute, error);
  const std::filesystem::path& place = error ? absolute : resolved;
  return place.has_filename() ? place : place.parent_path();
}

bool LiesInside(const std::filesystem::path& path, const std::filesystem::path& directory) {
  return std::mismatch(directory.begin(), directory.end(), path.begin(), path.end()).first ==
         directory.end();
}

}  // namespace

bool IsInside(const std::string& path, const std::string& directory) {
  return LiesInside(ResolvedPath(path), ResolvedPath(directory));
}

std::string PlaceForIndexing(const std::optional<std::string>& flag) {
  return NamedPlace(flag).value_or(kDefaultName);
}

absl::Status CheckIsNoRoot(const std::string& directory, const std::vector<std::string>& roots) {
  const std::filesystem::path index = ResolvedPath(directory);
  std::error_code error;
  const bool has_index = std::filesystem::exists(index / "MANIFEST", error);
  for (const std::string& root : roots) {
    if (root == "-") continue;
    const std::filesystem::path place = ResolvedPath(root);
    const bool same = place == index;
    if (!same && (has_index || !LiesInside(place, index))) continue;
    return absl::InvalidArgumentError(StrCat(
        VisibleKey(root), same ? " is the place of the index itself" : " lies inside the index",
        " (-i ", VisibleKey(directory), "), where no document is read; nothing was changed\n",
        "do: ",
        has_index ? "name a PATH that holds documents"
                  : StrCat("name another place for the index, as in ibid index -i ",
                           VisibleKey(index.filename().string()), ".ibid ", VisibleKey(root))));
  }
  return absl::OkStatus();
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
