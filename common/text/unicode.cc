#include "common/text/unicode.h"

#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/utf16.h>
#include <unicode/uversion.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <new>
#include <stdexcept>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/text/analyzer.h"
#include "common/text/utf8.h"

namespace ibid {
namespace {

// Marks in a row that are looked at; UAX #15, "Stream-Safe Text Format".
constexpr int kMaxMarks = 30;
// UTF-16 units that are normalised at a time.
constexpr size_t kMaxRunUnits = 512;

UChar32 Icu(char32_t c) { return static_cast<UChar32>(c); }

// Where memory runs out, so that no text is folded or cut otherwise than it should be.
void ThrowIfOutOfMemory(UErrorCode error) {
  if (error == U_MEMORY_ALLOCATION_ERROR) throw std::bad_alloc();
}

void RequireLoaded(const UNormalizer2* table, UErrorCode error) {
  ThrowIfOutOfMemory(error);
  if (U_FAILURE(error)) throw std::runtime_error(absl::StrCat("ICU: ", u_errorName(error)));
  if (table == nullptr) throw std::bad_alloc();
}

// ICU loads its tables when they are first asked for. Those it could not load it never tries again.
const UNormalizer2* CaseFolder() {
  UErrorCode error = U_ZERO_ERROR;
  const UNormalizer2* const folder = unorm2_getNFKCCasefoldInstance(&error);
  RequireLoaded(folder, error);
  return folder;
}

const UNormalizer2* Decomposer() {
  UErrorCode error = U_ZERO_ERROR;
  const UNormalizer2* const decomposer = unorm2_getNFDInstance(&error);
  RequireLoaded(decomposer, error);
  return decomposer;
}

// u_getCombiningClass takes a table that could not be loaded for one of zeros.
uint8_t CombiningClass(UChar32 c) { return unorm2_getCombiningClass(Decomposer(), c); }

bool IsEmoji(char32_t c) {
  if (u_hasBinaryProperty(Icu(c), UCHAR_EMOJI)) return true;
  constexpr UChar32 kGrinningFace = 0x1f600;  // none either where the table could not be loaded
  if (!u_hasBinaryProperty(kGrinningFace, UCHAR_EMOJI)) throw std::bad_alloc();
  return false;
}

bool IsApostrophe(char32_t c) {
  return c == 0x2018 || c == 0x2019 || c == 0x201b || c == 0x02bc || c == 0xff07;
}

bool IsDoubleQuote(char32_t c) {
  return (c >= 0x201c && c <= 0x201f) || c == 0x05f4 || c == 0xff02;
}

// Syllables and the conjoining letters that make them.
bool IsHangul(char32_t c) {
  return (c >= 0xac00 && c <= 0xd7ff) || (c >= 0x1100 && c <= 0x11ff) ||
         (c >= 0xa960 && c <= 0xa97f);
}

// A code point that ICU's word rules leave to a dictionary.
bool NeedsDictionary(char32_t c, int word_break) {
  if (word_break == U_WB_KATAKANA) return true;
  if (u_getIntPropertyValue(Icu(c), UCHAR_LINE_BREAK) == U_LB_COMPLEX_CONTEXT) return true;
  UErrorCode error = U_ZERO_ERROR;
  const UScriptCode script = uscript_getScript(Icu(c), &error);
  return u_isalpha(Icu(c)) && (script == USCRIPT_HAN || script == USCRIPT_HIRAGANA);
}

WordClass ClassOfOther(char32_t c) {
  if (c >= 0x2600 && IsEmoji(c)) return WordClass::kEmoji;
  if (u_isalnum(Icu(c)) || (U_GET_GC_MASK(Icu(c)) & U_GC_N_MASK) != 0) return WordClass::kSingle;
  return WordClass::kSeparator;
}

WordClass ComputeWordClass(char32_t c) {
  if (IsApostrophe(c)) return WordClass::kApostrophe;
  if (c == 0xb7) return WordClass::kMiddleDot;
  if (c == 0x05f4) return WordClass::kGershayim;
  const int word_break = u_getIntPropertyValue(Icu(c), UCHAR_WORD_BREAK);
  switch (word_break) {
    case U_WB_EXTEND:
    case U_WB_FORMAT:
    case U_WB_ZWJ:
      if (u_getIntPropertyValue(Icu(c), UCHAR_LINE_BREAK) == U_LB_COMPLEX_CONTEXT) {
        return WordClass::kDictionary;
      }
      return WordClass::kMark;
    case U_WB_HEBREW_LETTER:
      return WordClass::kHebrew;
    case U_WB_NUMERIC:
      return WordClass::kDigit;
    case U_WB_REGIONAL_INDICATOR:
      return WordClass::kRegional;
    default:
      break;
  }
  if (NeedsDictionary(c, word_break)) return WordClass::kDictionary;
  if (word_break != U_WB_ALETTER) return ClassOfOther(c);
  return IsHangul(c) ? WordClass::kHangul : WordClass::kLetter;
}

// Letters with a stroke and ligatures that have no decomposition (UTR #30's diacritic folding).
std::string_view StrokeFold(char32_t c) {
  switch (c) {
    case 0x00e6:
      return "ae";
    case 0x00f8:
      return "o";
    case 0x0111:
      return "d";
    case 0x0127:
      return "h";
    case 0x0131:
      return "i";
    case 0x0142:
      return "l";
    case 0x0153:
      return "oe";
    case 0x0167:
      return "t";
    default:
      return {};
  }
}

// A mark that only qualifies the letter before it.
bool IsRemovedMark(char32_t c) {
  if (c < 0x300) return false;
  if (c >= 0x1f3fb && c <= 0x1f3ff) return true;  // skin tones
  if ((U_GET_GC_MASK(Icu(c)) & (U_GC_MN_MASK | U_GC_ME_MASK)) == 0) return false;
  if (c == 0x3099 || c == 0x309a) return false;
  UErrorCode error = U_ZERO_ERROR;
  switch (uscript_getScript(Icu(c), &error)) {
    case USCRIPT_INHERITED:
    case USCRIPT_COMMON:
    case USCRIPT_LATIN:
    case USCRIPT_GREEK:
    case USCRIPT_CYRILLIC:
    case USCRIPT_HEBREW:
    case USCRIPT_ARABIC:
    case USCRIPT_SYRIAC:
      return true;
    default:
      return false;
  }
}

// Letters of their own that Unicode happens to decompose: Cyrillic short i, yi and short u.
bool IsKeptWhole(char32_t c) {
  return c == 0x0439 || c == 0x0457 || c == 0x045e || (c >= 0xac00 && c <= 0xd7a3);
}

// The alphabets whose letters fold alone, whatever stands beside them.
bool InSimpleRange(char32_t c) { return (c >= 0xa0 && c < 0x0590) || (c >= 0x1e00 && c < 0x2000); }
constexpr size_t kSimpleSize = 0x2000;

struct BreakIteratorDeleter {
  void operator()(UBreakIterator* breaker) const { ubrk_close(breaker); }
};
using BreakIterator = std::unique_ptr<UBreakIterator, BreakIteratorDeleter>;

class IcuDictionaryBreaker final : public DictionaryBreaker {
 public:
  explicit IcuDictionaryBreaker(BreakIterator breaker) : breaker_(std::move(breaker)) {}

  const std::vector<uint32_t>& WordEnds(std::u16string_view run) override {
    ends_.clear();
    UErrorCode error = U_ZERO_ERROR;
    ubrk_setText(breaker_.get(), run.data(), static_cast<int32_t>(run.size()), &error);
    ThrowIfOutOfMemory(error);
    if (U_SUCCESS(error)) {
      for (int32_t end = ubrk_next(breaker_.get()); end != UBRK_DONE;
           end = ubrk_next(breaker_.get())) {
        ends_.push_back(static_cast<uint32_t>(end));
      }
    }
    const auto size = static_cast<uint32_t>(run.size());
    if (ends_.empty() || ends_.back() != size) ends_.push_back(size);
    return ends_;
  }

 private:
  BreakIterator breaker_;
  std::vector<uint32_t> ends_;
};

}  // namespace

WordClass WordClassOf(char32_t c) {
  // Every plane that holds characters of text: each class is asked of ICU once. 0: not yet.
  constexpr size_t kTableSize = 0x32000;
  static std::array<std::atomic<uint8_t>, kTableSize> table;
  if (c >= kTableSize) return ComputeWordClass(c);
  const uint8_t known = table[c].load(std::memory_order_relaxed);
  if (known != 0) return static_cast<WordClass>(known - 1);
  const WordClass computed = ComputeWordClass(c);
  table[c].store(static_cast<uint8_t>(static_cast<uint8_t>(computed) + 1),
                 std::memory_order_relaxed);
  return computed;
}

bool IsLowercase(char32_t c) { return u_hasBinaryProperty(Icu(c), UCHAR_LOWERCASE) != 0; }
bool IsSpace(char32_t c) { return u_isUWhiteSpace(Icu(c)) != 0; }

const TextFolder& TextFolder::Get() {
  static const TextFolder folder;
  return folder;
}

TextFolder::TextFolder() : simple_(kSimpleSize, 0) {
  std::string folded;
  for (char32_t c = 0x80; c < kSimpleSize; ++c) {
    if (!InSimpleRange(c) || CombiningClass(Icu(c)) != 0) continue;
    const auto unit = static_cast<char16_t>(c);
    folded.clear();
    AppendNormalized(std::u16string_view(&unit, 1), &folded);
    uint32_t packed = 0;
    int units = 0;
    bool fits = !folded.empty();
    for (size_t at = 0; at < folded.size(); ++units) {
      const CodePoint part = DecodeUtf8(folded, at);
      fits = fits && units < 2 && part.value < 0x10000 && CombiningClass(Icu(part.value)) == 0;
      if (fits) packed |= static_cast<uint32_t>(part.value) << (16 * units);
      at += part.num_bytes;
    }
    if (fits) simple_[c] = packed;
  }
}

uint32_t TextFolder::SimpleFold(char32_t c) const {
  if (c < 0x80) return static_cast<uint32_t>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  if (c < kSimpleSize) return simple_[c];
  if (c == 0x2018 || c == 0x2019 || c == 0x201b) return '\'';
  return c >= 0x201c && c <= 0x201f ? '"' : 0;
}

// Whether the character at `at` cannot combine with one before it: ASCII or a letter by itself.
bool TextFolder::StandsAlone(std::string_view text, size_t at) const {
  if (at >= text.size() || static_cast<uint8_t>(text[at]) < 0x80) return true;
  return SimpleFold(DecodeNonAscii(text, at).value) != 0;
}

void TextFolder::Append(std::string_view text, std::string* out, size_t max_bytes) const {
  const size_t start = out->size();
  for (size_t at = 0; at < text.size() && out->size() - start <= max_bytes;) {
    const CodePoint c = DecodeUtf8(text, at);
    const uint32_t folded = SimpleFold(c.value);
    const bool alone = folded != 0 || c.value == 0;
    if (!alone || !StandsAlone(text, at + c.num_bytes)) {
      at = AppendRun(text, at, out);
      continue;
    }
    AppendUtf8(folded & 0xffff, out);
    if (folded >> 16 != 0) AppendUtf8(folded >> 16, out);
    at += c.num_bytes;
  }
}

// Folds from `at` up to a character that stands alone, or a run that is long enough.
size_t TextFolder::AppendRun(std::string_view text, size_t at, std::string* out) const {
  char16_t units[kMaxRunUnits + 2];
  size_t size = 0;
  int marks = 0;
  bool first = true;
  while (at < text.size()) {
    const CodePoint c = DecodeUtf8(text, at);
    const bool is_mark = c.value >= 0x300 && (U_GET_GC_MASK(Icu(c.value)) & U_GC_M_MASK) != 0;
    if (!first && !is_mark && (SimpleFold(c.value) != 0 || size >= kMaxRunUnits)) break;
    first = false;
    at += c.num_bytes;
    marks = is_mark ? marks + 1 : 0;
    if (marks > kMaxMarks || size >= kMaxRunUnits) continue;
    if (c.value < 0x10000) {
      units[size++] = static_cast<char16_t>(c.value);
    } else {
      units[size++] = static_cast<char16_t>(U16_LEAD(c.value));
      units[size++] = static_cast<char16_t>(U16_TRAIL(c.value));
    }
  }
  AppendNormalized(std::u16string_view(units, size), out);
  return at;
}

void TextFolder::AppendNormalized(std::u16string_view run, std::string* out) const {
  std::array<char16_t, 256> small;
  std::vector<char16_t> large;
  const char16_t* from = small.data();
  UErrorCode error = U_ZERO_ERROR;
  const auto run_size = static_cast<int32_t>(run.size());
  const auto capacity = static_cast<int32_t>(small.size());
  const int32_t length =
      unorm2_normalize(CaseFolder(), run.data(), run_size, small.data(), capacity, &error);
  if (error == U_BUFFER_OVERFLOW_ERROR) {
    error = U_ZERO_ERROR;
    large.resize(static_cast<size_t>(length));
    unorm2_normalize(CaseFolder(), run.data(), run_size, large.data(), length, &error);
    from = large.data();
  }
  ThrowIfOutOfMemory(error);
  auto size = static_cast<size_t>(length);
  if (U_FAILURE(error)) {
    from = run.data();
    size = run.size();
  }
  for (size_t i = 0; i < size;) {
    UChar32 c;
    U16_NEXT(from, i, size, c);
    AppendWithoutMarks(U_IS_SURROGATE(c) ? kReplacementCharacter : static_cast<char32_t>(c), out);
  }
}

void TextFolder::AppendWithoutMarks(char32_t c, std::string* out) const {
  if (IsApostrophe(c)) return out->push_back('\'');
  if (IsDoubleQuote(c)) return out->push_back('"');
  if (IsRemovedMark(c)) return;
  if (const std::string_view plain = StrokeFold(c); !plain.empty()) {
    out->append(plain);
    return;
  }
  if (c < 0x80 || IsKeptWhole(c)) return AppendUtf8(c, out);
  char16_t parts[32];
  UErrorCode error = U_ZERO_ERROR;
  const int32_t length = unorm2_getDecomposition(Decomposer(), Icu(c), parts, 32, &error);
  ThrowIfOutOfMemory(error);
  if (length <= 0 || U_FAILURE(error)) return AppendUtf8(c, out);
  const size_t before = out->size();
  bool removed = false;
  const auto size = static_cast<size_t>(length);
  for (size_t i = 0; i < size;) {
    UChar32 part;
    U16_NEXT(parts, i, size, part);
    const auto value = static_cast<char32_t>(part);
    if (IsRemovedMark(value)) {
      removed = true;
      continue;
    }
    const std::string_view plain = StrokeFold(value);
    if (plain.empty()) AppendUtf8(value, out);
    out->append(plain);
  }
  if (removed) return;
  out->resize(before);
  AppendUtf8(c, out);
}

std::string FoldText(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  TextFolder::Get().Append(text, &out);
  return out;
}

absl::StatusOr<std::unique_ptr<DictionaryBreaker>> DictionaryBreaker::Create() {
  UErrorCode error = U_ZERO_ERROR;
  BreakIterator breaker(ubrk_open(UBRK_WORD, "root", nullptr, 0, &error));
  ThrowIfOutOfMemory(error);
  if (U_FAILURE(error)) {
    return absl::InternalError(absl::StrCat("ICU has no word breaker: ", u_errorName(error)));
  }
  return std::make_unique<IcuDictionaryBreaker>(std::move(breaker));
}

std::string IcuVersion() {
  UVersionInfo version;
  u_getVersion(version);
  return absl::StrCat(static_cast<int>(version[0]), ".", static_cast<int>(version[1]));
}

}  // namespace ibid
