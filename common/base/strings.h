// Joins strings and numbers into messages. Stands in for absl::StrCat, which in Debian's Abseil
// does not take std::string_view.
//
//   return absl::DataLossError(StrCat(name, ": ", WithCommas(size), " bytes, manifest says ", n));
//
// Pure functions; thread-safe.
#ifndef IBID_COMMON_BASE_STRINGS_H_
#define IBID_COMMON_BASE_STRINGS_H_

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace ibid {

// One argument of StrCat: lives for the call only. Characters and bools are refused.
class StrPiece {
 public:
  StrPiece(const char* text) : view_(text) {}         // NOLINT: implicit on purpose
  StrPiece(std::string_view text) : view_(text) {}    // NOLINT
  StrPiece(const std::string& text) : view_(text) {}  // NOLINT
#if !defined(ABSL_USES_STD_STRING_VIEW)
  StrPiece(absl::string_view text) : view_(text.data(), text.size()) {}  // NOLINT
#endif
  template <std::integral T>
  requires(!std::same_as<T, bool> && !std::same_as<T, char>) StrPiece(T number)  // NOLINT
      : view_(digits_,
              static_cast<size_t>(std::to_chars(digits_, digits_ + sizeof(digits_), number).ptr -
                                  digits_)) {}
  StrPiece(const StrPiece&) = delete;
  StrPiece& operator=(const StrPiece&) = delete;

  std::string_view view() const { return view_; }

 private:
  char digits_[20];
  std::string_view view_;
};

std::string StrCatPieces(std::initializer_list<std::string_view> pieces);

template <typename... Parts>
std::string StrCat(const Parts&... parts) {
  return StrCatPieces({StrPiece(parts).view()...});
}

// "114,688".
std::string WithCommas(uint64_t number);

// "812 bytes", "3.1 MB": powers of ten, one decimal from kB on.
std::string HumanBytes(uint64_t bytes);

// Eight lower-case hexadecimal digits.
std::string Hex8(uint32_t number);

// What follows the last '/', or all of it.
std::string_view BaseName(std::string_view path);

// The status's message; valid while the status lives.
inline std::string_view MessageOf(const absl::Status& status) {
  return {status.message().data(), status.message().size()};
}

}  // namespace ibid

#endif  // IBID_COMMON_BASE_STRINGS_H_
