#include "common/text/tokenizer.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "common/text/ascii.h"
#include "common/text/utf8.h"
#include "ibid/limits.h"

namespace ibid {
namespace {

// Offsets are 32 bits wide; a document is far shorter (kMaxDocumentBytes).
constexpr size_t kMaxTextBytes = 0xffffffffu;

// Bytes of text that a part is expected to take, for each of its tokens.
constexpr size_t kBytesAToken = 8;

// CopyLowerRun writes eight bytes at a time.
constexpr size_t kTermRoom = kMaxTermBytes + 8;

char ByteAt(std::string_view text, size_t at) { return at < text.size() ? text[at] : ' '; }

// Whether the byte may begin or go on a word.
bool MayBeWord(char c) { return IsAsciiAlnum(c) || ByteClassOf(c) == ByteClass::kHigh; }

// The bytes of a typographic mark that parts words whatever follows it: the double quotes, dashes
// and the ellipsis of U+2010..202F (not the apostrophes), and the no-break space. 0: none here.
size_t SeparatorMarkBytes(std::string_view text, size_t at) {
  const auto lead = static_cast<uint8_t>(text[at]);
  if (lead == 0xc2) return static_cast<uint8_t>(ByteAt(text, at + 1)) == 0xa0 ? 2 : 0;
  if (lead != 0xe2 || static_cast<uint8_t>(ByteAt(text, at + 1)) != 0x80) return 0;
  switch (static_cast<uint8_t>(ByteAt(text, at + 2))) {
    case 0x93:  // – — “ ” …
    case 0x94:
    case 0x9c:
    case 0x9d:
    case 0xa6:
      return 3;
    default:
      return 0;
  }
}

// Whether the ASCII word [begin, end) stands by itself: what follows cannot join or change it.
bool EndsPlainly(std::string_view text, size_t begin, size_t end) {
  if (end == text.size()) return true;
  const char next = text[end];
  switch (ByteClassOf(next)) {
    case ByteClass::kSeparator:
      return true;
    case ByteClass::kHigh:
      return SeparatorMarkBytes(text, end) != 0;
    default:
      break;
  }
  const char after = ByteAt(text, end + 1);
  if (next == '+') return after != '+';
  if (next == '#') return end - begin > 1;
  if (next == '"') return true;
  return !MayBeWord(after) || (end + 1 < text.size() && SeparatorMarkBytes(text, end + 1) != 0);
}

}  // namespace

void Tokenizer::Begin(std::string_view text) {
  text_ = text.substr(0, kMaxTextBytes);
  cutter_.Begin(text_);
  at_ = 0;
  in_stretch_ = false;
  high_ = false;
  num_cut_ = 0;
}

bool Tokenizer::Cut(size_t max_tokens, AnalyzedText* out) {
  const std::string_view text = text_;
  const size_t wanted = max_tokens - std::min(max_tokens, out->num_tokens());
  TokenWriter writer(text.substr(at_, std::min(wanted, kMaxTextBytes) * kBytesAToken), out);
  size_t at = at_;
  if (in_stretch_) at = CutStretch(at, max_tokens, &writer);
  AsciiBlock block;
  while (at < text.size() && writer.num_tokens() < max_tokens) {
    block.Load(text, at);
    const BlockEnd end = CutBlock(block, at, &writer);
    at = end.at;
    if (end.is_stretch) {
      high_ = true;  // a stretch may hold such bytes
      at = CutStretch(at, max_tokens, &writer);
    } else if (end.is_long_word) {
      at = CutLongWord(at, max_tokens, &writer);
    }
  }
  writer.Finish();
  at_ = std::min(at, text.size());
  return at_ < text.size();
}

// The plain words of the block at `base`, up to the first place that wants more than that.
Tokenizer::BlockEnd Tokenizer::CutBlock(const AsciiBlock& block, size_t base, TokenWriter* writer) {
  TokenWriter::Room room = writer->RoomFor(block.size());
  BlockEnd block_end = {.at = base + AsciiBlock::kBytes};
  for (uint64_t left = block.alnum() | block.high(); left != 0;) {
    const auto begin = static_cast<unsigned>(std::countr_zero(left));
    if ((block.high() >> begin & 1) != 0) {
      high_ = true;
      const size_t mark = SeparatorMarkBytes(text_, base + begin);
      const size_t end = begin + mark;
      if (mark == 0 || end >= AsciiBlock::kBytes) {
        block_end = {.at = base + end, .is_stretch = mark == 0};
        break;
      }
      left = WithoutFirst(left, static_cast<unsigned>(end));
      continue;
    }
    const WordInBlock word = FirstWord(block.alnum() & left);
    if (word.reaches_end()) {
      block_end = {.at = base + begin, .is_long_word = begin == 0};
      break;
    }
    if (!EndsPlainly(text_, base + begin, base + word.end())) {
      block_end = {.at = base + begin, .is_stretch = true};
      break;
    }
    room.Add(block.lower() + begin, word.length, base + begin, base + word.end());
    left = WithoutFirst(left, word.end());
  }
  writer->Take(room);
  return block_end;
}

// A word that fills a block.
size_t Tokenizer::CutLongWord(size_t at, size_t max_tokens, TokenWriter* writer) {
  char* term = writer->TermSpace(kTermRoom);
  const size_t length = CopyLowerRun(text_, at, term, kTermRoom);
  const size_t end = at + length;
  if (!EndsPlainly(text_, at, end)) {
    high_ = true;
    return CutStretch(at, max_tokens, writer);
  }
  const size_t size = std::min(length, kMaxTermBytes);
  num_cut_ += static_cast<uint32_t>(size != length);
  writer->Commit(size, at, end);
  return end;
}

size_t Tokenizer::CutStretch(size_t at, size_t max_tokens, TokenWriter* writer) {
  const size_t end = cutter_.CutStretch(at, max_tokens, writer);
  in_stretch_ = end < text_.size() && ByteClassOf(text_[end]) != ByteClass::kSeparator;
  return end;
}

uint32_t Tokenizer::CountReplacedBytes() const {
  return high_ ? static_cast<uint32_t>(CountMalformedUtf8(text_)) : 0;
}

void Tokenizer::CutPlainly(std::string_view text, AnalyzedText* out) {
  text = text.substr(0, kMaxTextBytes);
  out->Clear();
  TokenWriter writer(text, out);
  cutter_.Begin(text);
  for (size_t at = 0; at < text.size();) {
    at = ByteClassOf(text[at]) == ByteClass::kSeparator ? at + 1
                                                        : cutter_.CutStretch(at, SIZE_MAX, &writer);
  }
  writer.Finish();
  out->num_cut_terms = cutter_.num_cut_terms();
  out->num_replaced_bytes = static_cast<uint32_t>(CountMalformedUtf8(text));
}

}  // namespace ibid
