#include "tests/oracle/random_stories.h"

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <utility>

namespace ibid {
namespace {

// Operands of + may be evaluated in any order, and random choices must not be; these come in
// theirs.
std::string InOrder(std::initializer_list<std::string> parts) {
  std::string joined;
  for (const std::string& part : parts) joined += part;
  return joined;
}

// Related forms stand together, so that any run of the list has words with a common stem. The stem
// of "database" is "databas", whose own is "databa".
const char* const kWords[] = {
    "the",      "rebel",     "rebels",
    "said",     "rebelled",  "of",
    "advance",  "advanced",  "city",
    "cities",   "advancing", "paris",
    "al-Assad", "war",       "wars",
    "U.S.",     "caf\u00e9", "cafe",
    "minister", "ministers", "ministry",
    "prime",    "Keating",   "keatings",
    "9/11",     "a",         "\u043c\u043e\u0441\u043a\u0432\u0430",
    "don't",    "x",         "running",
    "databas",  "database",
};
const char* const kSources[] = {"The Wire", "the w\u00edre", "Harbour Times", "Zeta"};
const char* const kDates[] = {"2015-11-13", "2015-11-14T09:30:00", "2015-12-01", "2016-02-29",
                              "2016-03-01"};
const char* const kDateRanges[] = {"2015",
                                   "2015-11",
                                   "2015-11-13",
                                   ">2015-11",
                                   ">=2015-11-14",
                                   "<2016",
                                   "<=2015-12-01",
                                   "2015-11-14..2016-02",
                                   "[2015-11-13 TO 2016-02-29}",
                                   "{2015-11-13 TO *]",
                                   "*",
                                   "2015-11-14T09",
                                   "2016..2015"};
const char* const kNumberRanges[] = {"1", "2..4", ">2", "<=3", ">=2.5", "[1 TO 3}", "*", "-1..1.5"};
const char* const kTextRanges[] = {"zeta",  "\"The Wire\"", "\"harbour times\"",
                                   "*",     "[a TO i]",     "{\"the wire\" TO z}",
                                   ">=the", "nothing"};
const char* const kRegions[] = {"title:", "text:", "quote:", "title,text:"};
const char* const kOperators[] = {" ",     " ",         " AND ",   " OR ", " NOT ",
                                  " XOR ", " AND NOT ", " MAYBE ", " | ",  " FILTER ",
                                  " AND ", " ",         " OR "};

std::string Pick(const char* const* begin, const char* const* end, size_t choice) {
  return begin[choice % static_cast<size_t>(end - begin)];
}

}  // namespace

RandomStories::RandomStories(uint64_t seed, size_t num_words) : random_(seed) {
  const size_t count = std::min(num_words, std::size(kWords));
  const size_t from = Below(std::size(kWords) - count + 1);
  words_.assign(kWords + from, kWords + from + count);
}

RandomStories::RandomStories(uint64_t seed, std::vector<std::string> words)
    : random_(seed), words_(std::move(words)) {}

const std::string& RandomStories::Word() {
  // The smaller of two: the first words come most often.
  return words_[std::min({Below(words_.size()), Below(words_.size()), Below(words_.size() * 2)})];
}

std::string RandomStories::Sentence() {
  std::string sentence;
  const size_t length = 1 + Below(9);
  const size_t quote_at = OneIn(3) ? Below(length) : length;
  const size_t quote_end = quote_at + Below(4);
  for (size_t i = 0; i < length; ++i) {
    std::string word = Word();
    if (i == 0 && word[0] >= 'a' && word[0] <= 'z') word[0] = static_cast<char>(word[0] - 32);
    if (i > 0) sentence += ' ';
    if (i == quote_at) sentence += '"';
    sentence += word;
    if (i == quote_end || (i + 1 == length && i >= quote_at && i < quote_end)) sentence += '"';
  }
  return sentence + (OneIn(4) ? "? " : ". ");
}

Document RandomStories::Story(const std::string& key) {
  Document story{.key = key};
  if (OneIn(12)) return story;  // empty
  if (OneIn(12)) {
    (OneIn(2) ? story.title : story.text) = Word();
    return story;
  }
  if (!OneIn(4)) {
    for (size_t i = 0, n = 1 + Below(4); i < n; ++i) story.title += (i == 0 ? "" : " ") + Word();
  }
  for (size_t i = 0, n = Below(6); i < n; ++i) {
    story.text += Sentence();
    if (OneIn(3)) story.text += "\n\n";
  }
  if (OneIn(15)) {
    for (size_t i = 0; i < 60; ++i) story.text += Word() + ' ';  // longer than norms are exact
  }
  if (!OneIn(3)) story.date = Pick(std::begin(kDates), std::end(kDates), Below(100));
  if (!OneIn(3)) story.source = Pick(std::begin(kSources), std::end(kSources), Below(100));
  if (OneIn(2)) story.fields.push_back({"count", {static_cast<int64_t>(Below(5)) - 1}});
  if (OneIn(2)) {
    story.fields.push_back({"share", {static_cast<double>(Below(9)) / 2.0, 3.5}});
  }
  return story;
}

std::string RandomStories::Distance() {
  switch (Below(9)) {
    case 0:
      return "";
    case 1:
      return "/s";
    case 2:
      return "/p";
    case 3:
      return "/s:" + Number();
    case 4: {
      const size_t least = 1 + Below(3);
      return "/" + std::to_string(least) + ".." + std::to_string(least + Below(4));
    }
    default:
      return "/" + std::to_string(1 + Below(6));
  }
}

std::string RandomStories::Phrase() {
  std::string phrase = OneIn(4) ? "s\"" : OneIn(8) ? "q\"" : "\"";
  for (size_t i = 0, n = 2 + Below(OneIn(4) ? 3 : 2); i < n; ++i)
    phrase += (i > 0 ? " " : "") + Word();
  phrase += '"';
  if (OneIn(3)) phrase += "~" + std::to_string(1 + Below(4));
  if (OneIn(8)) phrase += "*";
  return phrase;
}

std::string RandomStories::Pattern() {
  std::string pattern = "p\"";
  for (size_t i = 0, n = 2 + Below(3); i < n; ++i) {
    if (i > 0) pattern += ' ';
    switch (Below(6)) {
      case 0:
        pattern += "*";
        break;
      case 1:
        pattern += Word().substr(0, 2) + "*";
        break;
      case 2:
        pattern += InOrder({"(", Word(), "|", Word(), ")"});
        break;
      case 3:
        pattern += "rebel~1";
        break;
      default:
        pattern += Word();
    }
  }
  return pattern + (OneIn(3) ? "\"~" + Number() : "\"");
}

std::string RandomStories::Near(size_t depth) {
  const std::string op = OneIn(2) ? " NEAR" : " ADJ";
  if (OneIn(8)) {
    return InOrder({Positional(depth - 1), op, "/=", Number(), " ", Positional(depth - 1)});
  }
  const std::string distance = Distance();
  std::string near = Positional(depth - 1);
  for (size_t i = 0, n = 1 + Below(OneIn(3) ? 3 : 2); i < n; ++i) {
    near += op + distance + " " + Positional(depth - 1);
  }
  return near;
}

std::string RandomStories::LeafWord() {
  switch (Below(20)) {
    case 0:
    case 4:
      return "=" + Word();
    case 5:
      return OneIn(2) ? "~rebel" : "~city";
    case 1:
    case 6:
      return Word().substr(0, 1 + Below(3)) + "*";
    case 2:
      return OneIn(2) ? "rebel?" : "*in*";
    case 3:
    case 7:
      return Word() + "~";
    default:
      return Word();
  }
}

std::string RandomStories::Positional(size_t depth) {
  if (depth == 0) return OneIn(4) ? Phrase() : LeafWord();
  switch (Below(9)) {
    case 0:
      return "(" + Joined(2, depth - 1, " OR ") + ")";
    case 1:
      return "(" + Near(depth) + ")";
    case 2:
      return Pattern();
    case 3:
      return InOrder({"(", Positional(depth - 1), " SYN ", Positional(depth - 1), ")"});
    case 4:
      return InOrder({"(", Positional(0), " AND ", Positional(depth - 1), ")"});
    case 5:
      return InOrder({Pick(std::begin(kRegions), std::end(kRegions) - 1, Below(3)), "(",
                      Positional(depth - 1), ")"});
    case 6:
      return Phrase();
    default:
      return LeafWord();
  }
}

std::string RandomStories::Joined(size_t count, size_t depth, const std::string& separator) {
  std::string joined = Positional(depth);
  for (size_t i = 1; i < count; ++i) joined += separator + Positional(depth);
  return joined;
}

std::string RandomStories::ColumnQuery() {
  switch (Below(4)) {
    case 0:
      return "date:" + Pick(std::begin(kDateRanges), std::end(kDateRanges), Below(100));
    case 1:
      return "count:" + Pick(std::begin(kNumberRanges), std::end(kNumberRanges), Below(100));
    case 2:
      return "share:" + Pick(std::begin(kNumberRanges), std::end(kNumberRanges), Below(100));
    default:
      return "source:" + Pick(std::begin(kTextRanges), std::end(kTextRanges), Below(100));
  }
}

std::string RandomStories::Clauses(size_t depth) {
  std::string list;
  const size_t count = 2 + Below(3);
  for (size_t i = 0; i < count; ++i) {
    list += (i > 0 ? " " : "");
    list += OneIn(3) ? "+" : OneIn(4) ? "-" : "";
    list += AnyQuery(depth - 1);
  }
  if (OneIn(3)) return "(" + list + ")@" + std::to_string(1 + Below(count));
  return "(" + list + ")";
}

std::string RandomStories::AnyQuery(size_t depth) {
  if (depth == 0) return OneIn(10) ? ColumnQuery() : OneIn(40) ? "*" : Positional(0);
  switch (Below(10)) {
    case 0:
    case 1:
      return "(" + Near(depth) + ")";
    case 2:
      return Positional(depth);
    case 3:
      return Clauses(depth);
    case 4:
      return InOrder({"(", AnyQuery(depth - 1), ")^", OneIn(3) ? "=" : "",
                      std::to_string(1 + Below(3)), OneIn(2) ? ".5" : ""});
    case 5:
      return OneIn(2) ? "(NOT " + AnyQuery(depth - 1) + ")" : ColumnQuery();
    case 6:
      return InOrder({Pick(std::begin(kRegions), std::end(kRegions), Below(4)), "(",
                      AnyQuery(depth - 1), ")"});
    default:
      break;
  }
  const std::string op = Pick(std::begin(kOperators), std::end(kOperators), Below(1000));
  std::string query = "(" + AnyQuery(depth - 1);
  for (size_t i = 0, n = 1 + Below(3); i < n; ++i) query += op + AnyQuery(depth - 1);
  return query + ")";
}

}  // namespace ibid
