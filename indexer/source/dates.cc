#include "indexer/source/dates.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "common/base/strings.h"
#include "indexer/source/ascii.h"

namespace ibid {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {
    "january", "february", "march",     "april",   "may",      "june",
    "july",    "august",   "september", "october", "november", "december"};
constexpr size_t kMaxDateBytes = 64;

// A run of digits, a run of letters, or one other character.
struct Word {
  std::string_view text;
  bool digits = false;
  bool letters = false;
};

std::vector<Word> CutWords(std::string_view text) {
  std::vector<Word> words;
  for (size_t i = 0; i < text.size();) {
    const char c = text[i];
    size_t end = i + 1;
    Word word{.digits = ascii::IsDigit(c), .letters = ascii::IsAlpha(c)};
    const auto same = [&](char d) {
      return word.digits ? ascii::IsDigit(d) : word.letters && ascii::IsAlpha(d);
    };
    while (end < text.size() && same(text[end])) ++end;
    word.text = text.substr(i, end - i);
    if (c != ' ') words.push_back(word);
    i = end;
  }
  return words;
}

// Reads words from the front; every Take leaves the place unchanged where it returns nothing.
class WordReader {
 public:
  explicit WordReader(std::string_view text) : words_(CutWords(text)) {}

  bool at_end() const { return at_ == words_.size(); }
  size_t place() const { return at_; }
  void GoBack(size_t place) { at_ = place; }

  bool Take(std::string_view word) {
    if (at_end() || !ascii::EqualsIgnoreCase(words_[at_].text, word)) return false;
    ++at_;
    return true;
  }
  std::optional<int> TakeNumber(size_t min_digits, size_t max_digits) {
    if (at_end() || !words_[at_].digits) return std::nullopt;
    const std::string_view text = words_[at_].text;
    int value = 0;
    if (text.size() < min_digits || text.size() > max_digits) return std::nullopt;
    std::from_chars(text.data(), text.data() + text.size(), value);
    ++at_;
    return value;
  }
  // 1 to 12 of a month's name or its first three letters (and "Sept").
  std::optional<int> TakeMonth() {
    if (at_end() || !words_[at_].letters || words_[at_].text.size() < 3) return std::nullopt;
    for (size_t i = 0; i < kMonths.size(); ++i) {
      const std::string_view text = words_[at_].text;
      if (text.size() != 3 && text.size() != kMonths[i].size() && text.size() != 4) continue;
      if (!ascii::StartsWithIgnoreCase(kMonths[i], text)) continue;
      ++at_;
      Take(".");
      return static_cast<int>(i) + 1;
    }
    return std::nullopt;
  }
  bool TakeWeekday() {
    constexpr std::array<std::string_view, 7> kDays = {
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
    for (const std::string_view day : kDays) {
      if (at_end() || words_[at_].text.size() < 3) return false;
      if (!ascii::StartsWithIgnoreCase(day, words_[at_].text)) continue;
      ++at_;
      Take(",");
      return true;
    }
    return false;
  }

 private:
  std::vector<Word> words_;
  size_t at_ = 0;
};

std::optional<absl::CivilDay> MakeDay(int year, int month, int day) {
  const absl::CivilDay date(year, month, day);
  if (year < 1 || year > 9999 || date.year() != year || date.month() != month) return std::nullopt;
  if (date.day() != day) return std::nullopt;
  return date;
}

// 2026-01-02, 2026/01/02, 20260102
std::optional<absl::CivilDay> TakeNumericDay(WordReader* in) {
  if (const auto packed = in->TakeNumber(8, 8)) {
    return MakeDay(*packed / 10000, *packed / 100 % 100, *packed % 100);
  }
  const auto year = in->TakeNumber(4, 4);
  if (!year.has_value() || !(in->Take("-") || in->Take("/"))) return std::nullopt;
  const auto month = in->TakeNumber(1, 2);
  if (!month.has_value() || !(in->Take("-") || in->Take("/"))) return std::nullopt;
  const auto day = in->TakeNumber(1, 2);
  if (!day.has_value()) return std::nullopt;
  return MakeDay(*year, *month, *day);
}

// Thu, 2 Jan 2026; 26-FEB-1987; January 2, 2026
std::optional<absl::CivilDay> TakeNamedDay(WordReader* in) {
  in->TakeWeekday();
  auto day = in->TakeNumber(1, 2);
  in->Take("-");
  const auto month = in->TakeMonth();
  in->Take("-");
  if (!day.has_value()) {
    day = in->TakeNumber(1, 2);
    in->Take(",");
  }
  const auto year = in->TakeNumber(4, 4);
  if (!day.has_value() || !month.has_value() || !year.has_value()) return std::nullopt;
  return MakeDay(*year, *month, *day);
}

// Seconds east of UTC of "Z", "GMT", "+01:00", "+0100"; nothing where none of them is there.
std::optional<int64_t> TakeZone(WordReader* in) {
  if (in->Take("Z") || in->Take("UTC") || in->Take("GMT")) return 0;
  const bool west = in->Take("-");
  if (!west && !in->Take("+")) return std::nullopt;
  auto hours = in->TakeNumber(2, 2);
  int minutes = 0;
  if (hours.has_value()) {
    if (in->Take(":")) minutes = in->TakeNumber(2, 2).value_or(99);
  } else if (const auto both = in->TakeNumber(4, 4)) {
    hours = *both / 100;
    minutes = *both % 100;
  }
  if (!hours.has_value() || *hours > 23 || minutes > 59) return std::nullopt;
  return (west ? -1 : 1) * (int64_t{*hours} * 3600 + int64_t{minutes} * 60);
}

// 03:04, 03:04:05, 03:04:05.678 and a zone, as seconds since midnight UTC; may leave the day.
std::optional<int64_t> TakeTime(WordReader* in) {
  const auto hour = in->TakeNumber(1, 2);
  if (!hour.has_value() || !in->Take(":")) return std::nullopt;
  const auto minute = in->TakeNumber(2, 2);
  if (!minute.has_value()) return std::nullopt;
  int second = 0;
  if (in->Take(":")) {
    const auto given = in->TakeNumber(2, 2);
    if (!given.has_value()) return std::nullopt;
    second = *given;
    if (in->Take(".") && !in->TakeNumber(1, 9).has_value()) return std::nullopt;
  }
  if (*hour > 23 || *minute > 59 || second > 60) return std::nullopt;
  const int64_t seconds =
      int64_t{*hour} * 3600 + int64_t{*minute} * 60 + (second == 60 ? 59 : second);
  return seconds - TakeZone(in).value_or(0);
}

std::optional<std::string> ParseDate(std::string_view text) {
  WordReader in(text);
  std::optional<absl::CivilDay> day = TakeNumericDay(&in);
  if (!day.has_value()) {
    in.GoBack(0);
    day = TakeNamedDay(&in);
  }
  if (!day.has_value()) return std::nullopt;
  if (in.at_end()) {
    return absl::StrFormat("%04d-%02d-%02d", day->year(), day->month(), day->day());
  }
  if (!in.Take("T")) in.Take(",");
  const auto seconds = TakeTime(&in);
  if (!seconds.has_value() || !in.at_end()) return std::nullopt;
  const absl::CivilSecond time = absl::CivilSecond(*day) + *seconds;
  if (time.year() < 1 || time.year() > 9999) return std::nullopt;
  return absl::StrFormat("%04d-%02d-%02dT%02d:%02d:%02d", time.year(), time.month(), time.day(),
                         time.hour(), time.minute(), time.second());
}

}  // namespace

std::string NormalizeDate(std::string_view text) {
  text = ascii::Strip(text);
  if (text.size() > kMaxDateBytes) return std::string(text);
  return ParseDate(text).value_or(std::string(text));
}

bool IsIsoDate(std::string_view text) {
  return text.size() == 10 && text[4] == '-' && text[7] == '-' && ParseDate(text) == text;
}

}  // namespace ibid
