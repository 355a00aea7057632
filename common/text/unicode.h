// What Unicode says of a character, and how text is folded: the only door to ICU.
//
//   WordClassOf(U'é');                       // kLetter
//   TextFolder::Get().Append("Café", &out);  // cafe
//
// Free functions and TextFolder: any thread. DictionaryBreaker: one thread. Where ICU has no memory
// for its tables std::bad_alloc is thrown, by each call from then on: it never tries again.
#ifndef IBID_COMMON_TEXT_UNICODE_H_
#define IBID_COMMON_TEXT_UNICODE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace ibid {

// The part a character plays in finding words; UAX #29's Word_Break with what ibid adds to it.
enum class WordClass : uint8_t {
  kSeparator,   // space, punctuation, symbols, anything not below
  kLetter,      // ALetter, Katakana: joins with letters and digits
  kHebrew,      // a letter that a double quote may join to another
  kHangul,      // joins with its like only: a particle after a Latin name is a word
  kDigit,       // Numeric
  kMark,        // Extend, Format, ZWJ: part of the character before it
  kSingle,      // a word by itself: ideographs without a dictionary, superscripts, fractions
  kEmoji,       // a word together with the emoji that ZWJ joins to it
  kRegional,    // two make a flag, which is a word
  kDictionary,  // scripts without spaces: ICU's dictionaries find their words
  kApostrophe,  // ' and its typographic forms: joins letters
  kMiddleDot,   // U+00B7: joins l and l (Catalan)
  kGershayim,   // U+05F4: joins Hebrew letters, as the straight double quote does
};

// The class of any code point but ASCII's, which the tokenizer has its own table of.
WordClass WordClassOf(char32_t c);

// Whether the word that begins with `c` is written as the middle of a sentence.
bool IsLowercase(char32_t c);
bool IsSpace(char32_t c);

// Folds case, compatibility forms (NFKC_Casefold), accents, apostrophes and double quotes. Marks
// that only qualify a letter are removed (Latin, Greek, Cyrillic, Hebrew, Arabic); those that spell
// (vowel signs of Indic scripts, the voiced mark of kana, the breve of Cyrillic й) stay. After 30
// marks in a row the rest is dropped (UAX #15's stream-safe format), which keeps the work linear.
class TextFolder {
 public:
  static const TextFolder& Get();

  // Appends the folded form of UTF-8 `text`. Stops soon after max_bytes have been appended.
  void Append(std::string_view text, std::string* out, size_t max_bytes = SIZE_MAX) const;

 private:
  TextFolder();
  size_t AppendRun(std::string_view text, size_t at, std::string* out) const;
  void AppendNormalized(std::u16string_view run, std::string* out) const;
  void AppendWithoutMarks(char32_t c, std::string* out) const;
  uint32_t SimpleFold(char32_t c) const;
  bool StandsAlone(std::string_view text, size_t at) const;

  // Folded form of a letter of an alphabet by itself: one or two UTF-16 units (low half first), or
  // 0 where its neighbours matter or it is none.
  std::vector<uint32_t> simple_;
};

// Finds the words of Chinese, Japanese, Thai, Lao, Khmer and Burmese text by ICU's dictionaries.
class DictionaryBreaker {
 public:
  static absl::StatusOr<std::unique_ptr<DictionaryBreaker>> Create();
  virtual ~DictionaryBreaker() = default;

  // The ends of the words of `run` in UTF-16 units, increasing; the last is run.size(). `run` must
  // not change until the next call. std::bad_alloc where ICU reports that it lacks memory, which it
  // does not for its dictionaries (docs/KNOWN_GAPS.md); cuts nothing at any other error.
  virtual const std::vector<uint32_t>& WordEnds(std::u16string_view run) = 0;
};

// As in "72.1".
std::string IcuVersion();

}  // namespace ibid

#endif  // IBID_COMMON_TEXT_UNICODE_H_
