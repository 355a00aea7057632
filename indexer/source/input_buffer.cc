#include "indexer/source/input_buffer.h"

#include <algorithm>
#include <cstring>

#include "common/base/status_macros.h"
#include "indexer/source/ascii.h"
#include "indexer/source/json_scanner.h"

namespace ibid {
namespace {

constexpr size_t kChunkBytes = size_t{256} << 10;
// A buffer that grew beyond this for one long piece is given back afterwards.
constexpr size_t kKeptBytes = size_t{4} << 20;

// Where `tag` ends in `text`, searched from `from` on; npos where it is not.
size_t FindTagEnd(std::string_view text, std::string_view tag, size_t from) {
  for (size_t at = text.find('<', from); at != std::string_view::npos;
       at = text.find('<', at + 1)) {
    if (text.size() - at < tag.size()) return std::string_view::npos;
    if (ascii::EqualsIgnoreCase(text.substr(at, tag.size()), tag)) return at + tag.size();
  }
  return std::string_view::npos;
}

}  // namespace

InputBuffer::InputBuffer(ByteStream* stream, size_t max_piece_bytes)
    : stream_(stream), max_piece_bytes_(max_piece_bytes) {}

void InputBuffer::Reserve(size_t num_bytes) {
  const size_t held = end_ - begin_;
  const bool oversized = capacity_ > kKeptBytes && held + num_bytes <= kChunkBytes * 2;
  if (capacity_ - end_ >= num_bytes && capacity_ > 0 && !oversized) return;
  if (held + num_bytes <= capacity_ && !oversized && held <= capacity_ / 2) {
    std::memmove(data_.get(), data_.get() + begin_, held);
  } else {
    const size_t capacity = std::max(held + num_bytes, held * 2);
    auto data = std::make_unique_for_overwrite<char[]>(capacity + kPadding);
    if (held > 0) std::memcpy(data.get(), data_.get() + begin_, held);
    data_ = std::move(data);
    capacity_ = capacity;
  }
  begin_ = 0;
  end_ = held;
}

absl::StatusOr<bool> InputBuffer::Fill() {
  if (!error_.ok()) return error_;
  Reserve(kChunkBytes);
  absl::StatusOr<size_t> n = stream_->Read({data_.get() + end_, kChunkBytes});
  if (!n.ok()) return error_ = n.status();
  end_ += *n;
  std::memset(data_.get() + end_, 0, kPadding);
  return *n > 0;
}

std::string_view InputBuffer::Peek(size_t num_bytes) {
  const size_t wanted = std::min(num_bytes, kMaxPeekBytes);
  while (end_ - begin_ < wanted) {
    absl::StatusOr<bool> more = Fill();
    if (!more.ok() || !*more) break;
  }
  return Held().substr(0, wanted);
}

void InputBuffer::Skip(size_t num_bytes) { Take(0, std::min(num_bytes, end_ - begin_)); }

Piece InputBuffer::Take(size_t num_bytes, size_t num_passed) {
  const std::string_view passed = Held().substr(0, num_passed);
  Piece piece{.bytes = passed.substr(0, num_bytes), .line = line_};
  line_ += static_cast<uint64_t>(std::count(passed.begin(), passed.end(), '\n'));
  begin_ += num_passed;
  return piece;
}

Piece InputBuffer::TakeLine(size_t num_bytes, size_t num_passed) {
  Piece piece{.bytes = Held().substr(0, num_bytes), .line = line_};
  if (!piece.bytes.empty() && piece.bytes.back() == '\r') piece.bytes.remove_suffix(1);
  line_ += num_passed - num_bytes;
  begin_ += num_passed;
  return piece;
}

absl::StatusOr<bool> InputBuffer::SkipSpace() {
  while (true) {
    const std::string_view held = Held();
    const auto* other = std::find_if_not(held.begin(), held.end(), ascii::IsSpace);
    const auto num_spaces = static_cast<size_t>(other - held.begin());
    Take(0, num_spaces);
    if (num_spaces < held.size()) return false;
    ASSIGN_OR_RETURN(const bool more, Fill());
    if (!more) return true;
  }
}

absl::StatusOr<std::optional<Piece>> InputBuffer::ReadLine() {
  size_t searched = 0;
  std::optional<Piece> too_long;
  while (true) {
    const std::string_view held = Held();
    const size_t newline = held.find('\n', searched);
    const bool found = newline != std::string_view::npos;
    size_t length = found ? newline : held.size();
    if (length > max_piece_bytes_ && !too_long.has_value()) {
      too_long = Piece{.line = line_, .too_long = true};
    }
    if (found) {
      const Piece piece = TakeLine(length, newline + 1);
      return too_long.has_value() ? too_long : piece;
    }
    if (too_long.has_value()) Take(0, length);
    searched = Held().size();
    ASSIGN_OR_RETURN(const bool more, Fill());
    if (more) continue;
    if (too_long.has_value()) return too_long;
    length = Held().size();
    if (length == 0) return std::optional<Piece>();
    return TakeLine(length, length);
  }
}

absl::StatusOr<std::optional<Piece>> InputBuffer::ReadThroughTag(std::string_view tag) {
  size_t searched = 0;
  std::optional<Piece> too_long;
  while (true) {
    const std::string_view held = Held();
    const size_t tag_end = FindTagEnd(held, tag, searched);
    if (std::min(tag_end, held.size()) > max_piece_bytes_ && !too_long.has_value()) {
      too_long = Piece{.line = line_, .too_long = true};
    }
    if (tag_end != std::string_view::npos) {
      const Piece piece = Take(tag_end, tag_end);
      return too_long.has_value() ? too_long : piece;
    }
    // The tag may begin in the last bytes that are held.
    const size_t kept = std::min(held.size(), tag.size() - 1);
    if (too_long.has_value()) Take(0, held.size() - kept);
    searched = Held().size() - kept;
    ASSIGN_OR_RETURN(const bool more, Fill());
    if (more) continue;
    const size_t length = Held().size();
    if (length == 0 && !too_long.has_value()) return std::optional<Piece>();
    Piece piece = Take(length, length);
    if (too_long.has_value()) piece = *too_long;
    piece.closed = false;
    return piece;
  }
}

absl::StatusOr<std::optional<Piece>> InputBuffer::ReadJsonValue() {
  JsonScanner scanner;
  size_t scanned = 0;
  std::optional<Piece> too_long;
  while (true) {
    const std::string_view held = Held();
    const size_t end = scanner.Scan(held.substr(scanned));
    const bool found = end != JsonScanner::kNotYet;
    const size_t length = found ? scanned + end : held.size();
    if (length > max_piece_bytes_ && !too_long.has_value()) {
      too_long = Piece{.line = line_, .too_long = true};
    }
    if (found) {
      const Piece piece = Take(length, length);
      return too_long.has_value() ? too_long : piece;
    }
    if (too_long.has_value()) Take(0, length);
    scanned = Held().size();
    ASSIGN_OR_RETURN(const bool more, Fill());
    if (more) continue;
    if (too_long.has_value()) return too_long;
    if (scanned == 0) return std::optional<Piece>();
    return Take(scanned, scanned);
  }
}

absl::StatusOr<Piece> InputBuffer::ReadAll() {
  while (true) {
    if (Held().size() > max_piece_bytes_) return Piece{.line = line_, .too_long = true};
    ASSIGN_OR_RETURN(const bool more, Fill());
    if (more) continue;
    return Take(Held().size(), Held().size());
  }
}

absl::StatusOr<size_t> InputBuffer::Read(std::span<char> out) {
  if (begin_ == end_) {
    ASSIGN_OR_RETURN(const bool more, Fill());
    if (!more) return size_t{0};
  }
  const size_t n = std::min(out.size(), end_ - begin_);
  std::memcpy(out.data(), data_.get() + begin_, n);
  begin_ += n;
  return n;
}

}  // namespace ibid
