#include "indexer/source/encoding.h"

#include <array>

#include "common/base/status_macros.h"
#include "common/text/analyzer.h"
#include "common/text/utf8.h"
#include "indexer/source/ascii.h"

namespace ibid {
namespace {

constexpr size_t kRawBytes = size_t{64} << 10;

// Bytes 0x80 to 0x9f of Windows-1252; the rest are the code points of their own number.
constexpr std::array<char16_t, 32> kWindows1252 = {
    0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178};

char32_t FromWindows1252(uint8_t byte) {
  return byte >= 0x80 && byte < 0xa0 ? kWindows1252[byte - 0x80u] : byte;
}

bool IsLetterByte(uint8_t byte) {
  return ascii::IsAlpha(static_cast<char>(byte)) || (byte >= 0xc0 && byte != 0xd7 && byte != 0xf7);
}

// Whether the byte at `at`, 0x80 or above, is what a Windows-1252 text has in such a place: a
// letter beside a letter, or a mark. 0xfe and 0xff are commonest in data that is no text.
bool SensibleInWindows1252(std::string_view text, size_t at) {
  const auto byte = static_cast<uint8_t>(text[at]);
  if (byte >= 0xfe) return false;
  if (byte < 0xa0) return kWindows1252[byte - 0x80u] != 0xfffd;
  if (!IsLetterByte(byte)) return true;
  const bool after = at > 0 && IsLetterByte(static_cast<uint8_t>(text[at - 1]));
  const bool before = at + 1 < text.size() && IsLetterByte(static_cast<uint8_t>(text[at + 1]));
  return after || before;
}

bool LooksLikeWindows1252(std::string_view text) {
  uint64_t well_formed = 0;
  uint64_t sensible = 0;
  for (size_t i = 0; i < text.size();) {
    const CodePoint c = DecodeUtf8(text, i);
    if (c.malformed) {
      for (size_t j = i; j < i + c.num_bytes; ++j) sensible += SensibleInWindows1252(text, j);
    } else if (c.num_bytes > 1) {
      ++well_formed;
    }
    i += c.num_bytes;
  }
  return sensible > well_formed;
}

}  // namespace

ByteOrderMark DetectByteOrderMark(std::string_view head) {
  using std::string_view_literals::operator""sv;
  if (head.starts_with("\xef\xbb\xbf")) return ByteOrderMark::kUtf8;
  if (head.starts_with("\xff\xfe\0\0"sv)) return ByteOrderMark::kUtf32;
  if (head.starts_with("\0\0\xfe\xff"sv)) return ByteOrderMark::kUtf32;
  if (head.starts_with("\xff\xfe")) return ByteOrderMark::kUtf16Little;
  if (head.starts_with("\xfe\xff")) return ByteOrderMark::kUtf16Big;
  return ByteOrderMark::kNone;
}

size_t ByteOrderMarkBytes(ByteOrderMark mark) {
  switch (mark) {
    case ByteOrderMark::kNone:
      return 0;
    case ByteOrderMark::kUtf8:
      return 3;
    case ByteOrderMark::kUtf16Little:
    case ByteOrderMark::kUtf16Big:
      return 2;
    case ByteOrderMark::kUtf32:
      return 4;
  }
  return 0;
}

std::string DecodeWindows1252(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() + bytes.size() / 8);
  for (const char c : bytes) {
    if (ascii::IsAscii(c)) {
      text.push_back(c);
    } else {
      AppendUtf8(FromWindows1252(static_cast<uint8_t>(c)), &text);
    }
  }
  return text;
}

DecodedText DecodeText(std::string_view bytes) {
  if (DetectByteOrderMark(bytes) == ByteOrderMark::kUtf8) bytes.remove_prefix(3);
  DecodedText result;
  if (IsValidUtf8(bytes)) {
    result.text.assign(bytes);
  } else if (LooksLikeWindows1252(bytes)) {
    result.text = DecodeWindows1252(bytes);
    result.windows_1252 = true;
  } else {
    result.text = ReplaceMalformedUtf8(bytes, &result.num_replaced);
  }
  return result;
}

Utf16Stream::Utf16Stream(ByteStream* input, ByteOrderMark mark)
    : input_(input), big_(mark == ByteOrderMark::kUtf16Big), raw_(kRawBytes, '\0') {}

absl::StatusOr<size_t> Utf16Stream::Read(std::span<char> out) {
  while (decoded_at_ == decoded_.size() && !at_end_) {
    ASSIGN_OR_RETURN(const size_t n, input_->Read({raw_.data(), raw_.size()}));
    decoded_.clear();
    decoded_at_ = 0;
    at_end_ = n == 0;
    Decode({raw_.data(), n}, at_end_);
  }
  const size_t n = std::min(out.size(), decoded_.size() - decoded_at_);
  if (n > 0) std::memcpy(out.data(), decoded_.data() + decoded_at_, n);
  decoded_at_ += n;
  return n;
}

void Utf16Stream::Decode(std::string_view bytes, bool at_end) {
  for (const char c : bytes) {
    const auto byte = static_cast<uint8_t>(c);
    if (odd_byte_ < 0) {
      odd_byte_ = byte;
      continue;
    }
    const auto first = static_cast<uint8_t>(odd_byte_);
    odd_byte_ = -1;
    PutUnit(static_cast<char16_t>(big_ ? first << 8 | byte : byte << 8 | first));
  }
  if (!at_end) return;
  if (high_ != 0) PutReplacement();
  if (odd_byte_ >= 0) PutReplacement();
  high_ = 0;
  odd_byte_ = -1;
}

void Utf16Stream::PutUnit(char16_t unit) {
  const bool is_high = unit >= 0xd800 && unit < 0xdc00;
  const bool is_low = unit >= 0xdc00 && unit < 0xe000;
  if (high_ != 0) {
    const char32_t high = high_;
    high_ = 0;
    if (is_low) {
      AppendUtf8(0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00u), &decoded_);
      return;
    }
    PutReplacement();
  }
  if (is_high) {
    high_ = unit;
  } else if (is_low) {
    PutReplacement();
  } else {
    AppendUtf8(unit, &decoded_);
  }
}

void Utf16Stream::PutReplacement() {
  AppendUtf8(kReplacementCharacter, &decoded_);
  ++num_replaced_;
}

}  // namespace ibid
