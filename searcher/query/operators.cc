// The operators that are written as words.
#include <algorithm>
#include <string_view>

#include "searcher/query/chars.h"
#include "searcher/query/lexer.h"

namespace ibid {
namespace {

constexpr uint32_t kDefaultDistance = 10;
constexpr uint32_t kManyWords = 1000000000;  // numbers stop growing there; past every limit

struct NamedOperator {
  std::string_view name;
  BinaryOp op;
};

constexpr NamedOperator kNames[] = {
    {"OR", BinaryOp::kOr},         {"AND", BinaryOp::kAnd}, {"&&", BinaryOp::kAnd},
    {"ANDNOT", BinaryOp::kAndNot}, {"XOR", BinaryOp::kXor}, {"FILTER", BinaryOp::kFilter},
    {"MAYBE", BinaryOp::kMaybe},   {"SYN", BinaryOp::kSyn},
};

struct NearName {
  std::string_view name;
  bool ordered;
  bool needs_distance;  // alone, W is an initial and PRE a word
};

constexpr NearName kNearNames[] = {
    {"NEAR", false, false}, {"ADJ", true, false}, {"ONEAR", true, false},
    {"W", false, true},     {"PRE", true, true},
};

std::optional<uint32_t> TakeNumber(std::string_view& text) {
  if (text.empty() || !IsAsciiDigit(text.front())) return std::nullopt;
  uint64_t value = 0;
  while (!text.empty() && IsAsciiDigit(text.front())) {
    value = std::min<uint64_t>(value * 10 + static_cast<uint64_t>(text.front() - '0'), kManyWords);
    text.remove_prefix(1);
  }
  return static_cast<uint32_t>(value);
}

// The n words of NEAR/n leave a gap of n - 1.
uint32_t GapOf(uint32_t distance) { return distance == 0 ? 0 : distance - 1; }

bool ReadRegion(std::string_view text, OperatorText& out) {
  if (text.empty() || (text.front() != 's' && text.front() != 'p')) return false;
  out.token.distance.inside = text.front() == 's' ? RegionKind::kSentence : RegionKind::kParagraph;
  text.remove_prefix(1);
  if (text.empty()) return true;
  if (text.front() != ':') return false;
  text.remove_prefix(1);
  const std::optional<uint32_t> most = TakeNumber(text);
  if (!most || !text.empty()) return false;
  out.largest_distance = *most;
  out.token.distance.max_gap = GapOf(*most);
  if (*most == 0) out.problem = "zero-distance";
  return true;
}

bool ReadNumbers(std::string_view text, OperatorText& out) {
  out.token.exact = !text.empty() && text.front() == '=';
  if (out.token.exact) text.remove_prefix(1);
  std::optional<uint32_t> least = TakeNumber(text);
  if (!least) return false;
  std::optional<uint32_t> most = least;
  const bool is_range = !out.token.exact && text.substr(0, 2) == "..";
  if (is_range) {
    text.remove_prefix(2);
    most = TakeNumber(text);
    if (!most) return false;
  }
  if (!text.empty()) return false;
  if (*least > *most) {
    std::swap(least, most);
    out.problem = "reversed-distance";
  }
  if (*most == 0) out.problem = "zero-distance";
  out.largest_distance = *most;
  out.token.distance.max_gap = GapOf(*most);
  if (is_range || out.token.exact) out.token.distance.min_gap = GapOf(*least);
  return true;
}

std::optional<OperatorText> ReadNear(const NearName& near, std::string_view rest) {
  OperatorText result;
  result.token.kind = TokenKind::kBinary;
  result.token.op = BinaryOp::kNear;
  result.token.ordered = near.ordered;
  if (rest.empty()) {
    if (near.needs_distance) return std::nullopt;
    result.token.distance.max_gap = GapOf(kDefaultDistance);
    return result;
  }
  if (rest.front() != '/') return std::nullopt;
  rest.remove_prefix(1);
  if (ReadRegion(rest, result)) return result;
  result.token.distance = {};
  if (ReadNumbers(rest, result)) return result;
  return std::nullopt;
}

}  // namespace

std::optional<OperatorText> ReadOperator(std::string_view word) {
  for (const NamedOperator& named : kNames) {
    if (word != named.name) continue;
    OperatorText result;
    result.token.kind = TokenKind::kBinary;
    result.token.op = named.op;
    return result;
  }
  if (word == "NOT") {
    OperatorText result;
    result.token.kind = TokenKind::kNot;
    return result;
  }
  for (const NearName& near : kNearNames) {
    if (word.substr(0, near.name.size()) != near.name) continue;
    if (auto found = ReadNear(near, word.substr(near.name.size()))) return found;
  }
  return std::nullopt;
}

bool LooksLikeNear(std::string_view word) {
  for (std::string_view name : {"NEAR/", "ADJ/", "ONEAR/"}) {
    if (word.substr(0, name.size()) == name) return true;
  }
  return false;
}

}  // namespace ibid
