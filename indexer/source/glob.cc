#include "indexer/source/glob.h"

#include <cstddef>
#include <utility>
#include <vector>

namespace ibid {
namespace {

enum class PartKind { kOne, kAnyInName, kStar, kStarStar, kStarStarSlash, kSet };

// One element of a pattern; `set` is the inside of the brackets, `c` the character of kOne.
struct Part {
  PartKind kind;
  char c = 0;
  std::string_view set;
  bool negated = false;
};

bool SetHas(const Part& part, char c) {
  const std::string_view set = part.set;
  bool has = false;
  for (size_t i = 0; i < set.size(); ++i) {
    const char low = set[i];
    char high = low;
    if (i + 2 < set.size() && set[i + 1] == '-') {
      high = set[i + 2];
      i += 2;
    }
    has = has || (static_cast<unsigned char>(low) <= static_cast<unsigned char>(c) &&
                  static_cast<unsigned char>(c) <= static_cast<unsigned char>(high));
  }
  return has != part.negated && c != '/';
}

// The set that begins at pattern[at] == '[', and where the pattern goes on; without a ']' the
// bracket stands for itself.
std::pair<Part, size_t> ParseSet(std::string_view pattern, size_t at) {
  size_t begin = at + 1;
  const bool negated = begin < pattern.size() && (pattern[begin] == '!' || pattern[begin] == '^');
  if (negated) ++begin;
  const size_t end = pattern.find(']', begin + 1);
  if (end == std::string_view::npos) return {{.kind = PartKind::kOne, .c = '['}, at + 1};
  return {{.kind = PartKind::kSet, .set = pattern.substr(begin, end - begin), .negated = negated},
          end + 1};
}

std::vector<Part> ParseGlob(std::string_view pattern) {
  std::vector<Part> parts;
  for (size_t i = 0; i < pattern.size();) {
    const char c = pattern[i];
    if (c == '[') {
      auto [part, next] = ParseSet(pattern, i);
      parts.push_back(part);
      i = next;
    } else if (c == '*' && pattern.substr(i, 3) == "**/") {
      parts.push_back({.kind = PartKind::kStarStarSlash});
      i += 3;
    } else if (c == '*' && pattern.substr(i, 2) == "**") {
      parts.push_back({.kind = PartKind::kStarStar});
      i += 2;
    } else if (c == '*' || c == '?') {
      parts.push_back({.kind = c == '*' ? PartKind::kStar : PartKind::kAnyInName});
      ++i;
    } else {
      if (c == '\\' && i + 1 < pattern.size()) ++i;
      parts.push_back({.kind = PartKind::kOne, .c = pattern[i]});
      ++i;
    }
  }
  return parts;
}

bool IsRun(PartKind kind) {
  return kind == PartKind::kStar || kind == PartKind::kStarStar || kind == PartKind::kStarStarSlash;
}

// Whether `part` takes the character `c` and stays (a run) or goes on (anything else).
bool Takes(const Part& part, char c) {
  switch (part.kind) {
    case PartKind::kOne:
      return part.c == c;
    case PartKind::kAnyInName:
    case PartKind::kStar:
      return c != '/';
    case PartKind::kStarStar:
    case PartKind::kStarStarSlash:
      return true;
    case PartKind::kSet:
      return SetHas(part, c);
  }
  return false;
}

// Runs may take nothing: where one is reached the next part is too. `**/` may only be left at the
// start of a name, which `at_name` says.
void AddEmptyRuns(const std::vector<Part>& parts, bool at_name, std::vector<bool>* reached) {
  for (size_t i = 0; i < parts.size(); ++i) {
    if (!(*reached)[i] || !IsRun(parts[i].kind)) continue;
    if (parts[i].kind == PartKind::kStarStarSlash && !at_name) continue;
    (*reached)[i + 1] = true;
  }
}

}  // namespace

bool MatchesGlob(std::string_view pattern, std::string_view path) {
  if (pattern.find('/') == std::string_view::npos) path = path.substr(path.rfind('/') + 1);
  const std::vector<Part> parts = ParseGlob(pattern);
  std::vector<bool> reached(parts.size() + 1, false);
  reached[0] = true;
  AddEmptyRuns(parts, true, &reached);
  for (const char c : path) {
    std::vector<bool> next(parts.size() + 1, false);
    for (size_t i = 0; i < parts.size(); ++i) {
      if (reached[i] && Takes(parts[i], c)) next[IsRun(parts[i].kind) ? i : i + 1] = true;
    }
    AddEmptyRuns(parts, c == '/', &next);
    reached = std::move(next);
  }
  return reached[parts.size()];
}

}  // namespace ibid
