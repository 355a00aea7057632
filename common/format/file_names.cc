#include "common/format/file_names.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>

#include "common/base/strings.h"

namespace ibid {
namespace {

constexpr std::string_view kSegmentPrefix = "seg_";
constexpr std::string_view kLiveDocsPrefix = "live_";
constexpr std::string_view kSuffix = ".ibid";
constexpr std::string_view kTempSuffix = ".tmp";
constexpr size_t kIdDigits = 10;
constexpr size_t kMaxGenerationDigits = 18;

// The number that `digits` spells with nothing else; none where it is empty or does not fit.
std::optional<uint64_t> ParseDigits(std::string_view digits) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

// Takes `prefix` and ten digits from the front of `rest`.
std::optional<uint64_t> TakeId(std::string_view prefix, std::string_view* rest) {
  if (!rest->starts_with(prefix) || rest->size() < prefix.size() + kIdDigits) return std::nullopt;
  const std::optional<uint64_t> id = ParseDigits(rest->substr(prefix.size(), kIdDigits));
  if (!id.has_value() || *id == 0) return std::nullopt;
  rest->remove_prefix(prefix.size() + kIdDigits);
  return id;
}

bool IsPlainWord(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

IndexFileName ParseSegment(std::string_view rest) {
  const std::optional<uint64_t> id = TakeId(kSegmentPrefix, &rest);
  if (!id.has_value() || !rest.starts_with(kSuffix)) return {};
  rest.remove_prefix(kSuffix.size());
  if (rest.empty()) return {IndexFileKind::kSegment, *id, 0};
  // seg_0000000007.ibid.norms.tmp: a section on its way.
  if (rest.size() <= kTempSuffix.size() + 1 || rest.front() != '.' ||
      !rest.ends_with(kTempSuffix)) {
    return {};
  }
  const std::string_view word = rest.substr(1, rest.size() - 1 - kTempSuffix.size());
  return IsPlainWord(word) ? IndexFileName{IndexFileKind::kTemporary, *id, 0} : IndexFileName();
}

IndexFileName ParseLiveDocs(std::string_view rest) {
  const std::optional<uint64_t> id = TakeId(kLiveDocsPrefix, &rest);
  if (!id.has_value() || !rest.starts_with('_') || !rest.ends_with(kSuffix)) return {};
  const std::string_view digits = rest.substr(1, rest.size() - 1 - kSuffix.size());
  if (digits.size() > kMaxGenerationDigits || digits.starts_with('0')) return {};
  const std::optional<uint64_t> generation = ParseDigits(digits);
  if (!generation.has_value()) return {};
  return {IndexFileKind::kLiveDocs, *id, *generation};
}

std::string TenDigits(uint64_t number) {
  char text[24];
  std::snprintf(text, sizeof(text), "%010llu", static_cast<unsigned long long>(number));
  return text;
}

}  // namespace

std::string SegmentFileName(uint64_t segment_id) {
  return StrCat(kSegmentPrefix, TenDigits(segment_id), kSuffix);
}

std::string LiveDocsFileName(uint64_t segment_id, uint64_t generation) {
  return StrCat(kLiveDocsPrefix, TenDigits(segment_id), "_", generation, kSuffix);
}

std::string JoinPath(std::string_view directory, std::string_view name) {
  if (directory.empty()) return std::string(name);
  return directory.ends_with('/') ? StrCat(directory, name) : StrCat(directory, "/", name);
}

IndexFileName ParseIndexFileName(std::string_view name) {
  if (name == kManifestName) return {IndexFileKind::kManifest, 0, 0};
  if (name == kManifestTempName) return {IndexFileKind::kManifestTemp, 0, 0};
  if (name == kLockName) return {IndexFileKind::kLock, 0, 0};
  if (name.starts_with(kSegmentPrefix)) return ParseSegment(name);
  if (name.starts_with(kLiveDocsPrefix)) return ParseLiveDocs(name);
  return {};
}

}  // namespace ibid
