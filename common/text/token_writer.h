// Appends tokens to an AnalyzedText without a capacity check for every byte.
//
//   TokenWriter writer(text, out);    // behind the tokens that are there
//   char* to = writer.TermSpace(4);   // ... write at most 4 bytes ...
//   writer.Commit(4, begin, end);
//   writer.Finish();
//
// `text` is what the tokens will be made of: room is guessed from it. Until Finish `out` is not to
// be used. Not thread-safe.
#ifndef IBID_COMMON_TEXT_TOKEN_WRITER_H_
#define IBID_COMMON_TEXT_TOKEN_WRITER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "common/text/analyzer.h"

namespace ibid {

class TokenWriter {
 public:
  TokenWriter(std::string_view text, AnalyzedText* out)
      : out_(out), terms_used_(out->terms.size()), num_tokens_(out->num_tokens()) {
    ResizeTokens(num_tokens_ + FirstCapacity(text));
    ResizeTerms(terms_used_ + text.size() + 320);
  }

  size_t num_tokens() const { return num_tokens_; }

  // Room for a term of `bytes`; valid until the next call.
  char* TermSpace(size_t bytes) {
    if (terms_used_ + bytes > terms_capacity_) ResizeTerms(terms_capacity_ * 2 + bytes);
    return terms_ + terms_used_;
  }

  // Makes the first `term_bytes` of the room a token that covers text [begin, end).
  void Commit(size_t term_bytes, size_t begin, size_t end) {
    if (num_tokens_ == tokens_capacity_) ResizeTokens(tokens_capacity_ + tokens_capacity_ / 2);
    terms_used_ += term_bytes;
    term_ends_[num_tokens_] = static_cast<uint32_t>(terms_used_);
    begins_[num_tokens_] = static_cast<uint32_t>(begin);
    ends_[num_tokens_] = static_cast<uint32_t>(end);
    ++num_tokens_;
  }

  // Room for some tokens of one block of text, written without asking each time:
  //
  //   TokenWriter::Room room = writer.RoomFor(kBytes);   // until the next call
  //   room.Add(word, 3, begin, begin + 3);               // words of up to kBytes in all
  //   writer.Take(room);
  struct Room {
    char* terms;
    size_t terms_used;
    uint32_t* term_ends;
    uint32_t* begins;
    uint32_t* ends;

    // `word` has room for reading in whole 16 bytes.
    void Add(const char* word, size_t length, size_t begin, size_t end) {
      std::memcpy(terms + terms_used, word, 16);
      for (size_t at = 16; at < length; at += 16) {
        std::memcpy(terms + terms_used + at, word + at, 16);
      }
      terms_used += length;
      *term_ends++ = static_cast<uint32_t>(terms_used);
      *begins++ = static_cast<uint32_t>(begin);
      *ends++ = static_cast<uint32_t>(end);
    }
  };
  // For the words of a block of `bytes`: between two of them is a byte at least.
  Room RoomFor(size_t bytes) {
    TermSpace(bytes + 16);
    const size_t most = bytes / 2 + 1;
    if (num_tokens_ + most > tokens_capacity_) {
      ResizeTokens(tokens_capacity_ + tokens_capacity_ / 2 + most);
    }
    return {terms_, terms_used_, term_ends_ + num_tokens_, begins_ + num_tokens_,
            ends_ + num_tokens_};
  }
  void Take(const Room& room) {
    terms_used_ = room.terms_used;
    num_tokens_ = static_cast<size_t>(room.term_ends - term_ends_);
  }

  void Finish() {
    ResizeTokens(num_tokens_);
    ResizeTerms(terms_used_);
  }

 private:
  // English has a token about every six bytes; more grow the buffers, which takes them twice while
  // it is done. Of a large text the blanks are counted instead.
  static size_t FirstCapacity(std::string_view text) {
    constexpr size_t kLarge = size_t{1} << 20;
    const size_t usual = text.size() / 5 + 8;
    if (text.size() < kLarge) return usual;
    const auto num_blanks = std::count_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) <= ' '; });
    return std::max(usual, static_cast<size_t>(num_blanks) + 8);
  }

  void ResizeTokens(size_t capacity) {
    out_->term_ends.resize(capacity);
    out_->begins.resize(capacity);
    out_->ends.resize(capacity);
    term_ends_ = out_->term_ends.data();
    begins_ = out_->begins.data();
    ends_ = out_->ends.data();
    tokens_capacity_ = capacity;
  }

  void ResizeTerms(size_t capacity) {
    out_->terms.resize(capacity);
    terms_ = out_->terms.data();
    terms_capacity_ = capacity;
  }

  AnalyzedText* out_;
  size_t terms_used_;
  size_t num_tokens_;
  char* terms_ = nullptr;
  uint32_t* term_ends_ = nullptr;
  uint32_t* begins_ = nullptr;
  uint32_t* ends_ = nullptr;
  size_t terms_capacity_ = 0;
  size_t tokens_capacity_ = 0;
};

}  // namespace ibid

#endif  // IBID_COMMON_TEXT_TOKEN_WRITER_H_
