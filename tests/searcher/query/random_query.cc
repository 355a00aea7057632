#include "tests/searcher/query/random_query.h"

#include <iterator>

namespace ibid {
namespace {

const char* const kWords[] = {"paris",
                              "al-Assad's",
                              "U.S.",
                              "9/11",
                              "c++",
                              "20,000",
                              "caf\u00e9",
                              "wom?n",
                              "hol*",
                              "*",
                              "=Keating",
                              "attck~",
                              "roam~2",
                              "http://x.y/z?q=1",
                              "title:x",
                              "date:2015-11",
                              "W",
                              "source:Wire",
                              "quote:\"a b\"",
                              "text,title:sun",
                              "title,date:2015",
                              "date:>=2015-11-13",
                              "[2015 TO 2016}",
                              "2015-11-01..2015-11-30",
                              "source:a..f",
                              "\\AND",
                              "what?",
                              "~us",
                              "source:*",
                              "date:20x"};
const char* const kOperators[] = {" ",        " ",         " AND ",   " OR ",      " NOT ",
                                  " XOR ",    " | ",       " SYN ",   " FILTER ",  " MAYBE ",
                                  " NEAR ",   " NEAR/3 ",  " ADJ/2 ", " NEAR/=2 ", " NEAR/2..5 ",
                                  " NEAR/s ", " ADJ/p:4 ", " W/3 ",   " AND NOT ", " +",
                                  " -",       " && ",      " || "};
const char* const kPieces[] = {"(",           ")",
                               "\"",          "\u201c",
                               "\u201d",      "\u201e",
                               "\u00ab",      "\u00bb",
                               "'",           "*",
                               "?",           "~",
                               "^2",          "^=3",
                               "@2",          ")@2",
                               "[",           "]",
                               "{",           "}",
                               " TO ",        "..",
                               ">=",          "<",
                               "/",           "\\",
                               ":",           "title:",
                               "date:",       "source:",
                               "foo:",        "quote:",
                               "title,text:", "s\"",
                               "p\"",         "q\"",
                               "x\"",         "p\"a (b|c*) * d~1\"",
                               "\"a b\"~2",   "\"a b\"*",
                               "-",           "+",
                               "!",           "=",
                               "|",           "||",
                               "&&",          " AND ",
                               " OR ",        " NOT ",
                               " NEAR/3 ",    " NEAR ",
                               " ADJ/0 ",     " NEAR/=2 ",
                               " SYN ",       " FILTER ",
                               " ",           " ",
                               " ",           "a",
                               "b",           "word",
                               "2015",        "2015-11-13",
                               "-5",          ",",
                               ".",           "\u00e9",
                               "\xff",        "\xe2\x80",
                               "\t",          "\u00a0",
                               "~1",          "~0.8",
                               "\"\"",        "W/2",
                               "PRE/2",       "fn:x(",
                               "://",         "NEAR/x"};

template <size_t N>
std::string Pick(const char* const (&list)[N], size_t number) {
  return list[number % N];
}

}  // namespace

std::string RandomQuery::Word() { return Pick(kWords, Below(std::size(kWords))); }

std::string RandomQuery::Phrase() {
  static const char* const kOpen[] = {"\"", "s\"", "p\"", "q\"", "x\"", "title:\""};
  static const char* const kEnds[] = {"\"", "\"", "\"*", "\"~2", "\"^2"};
  std::string out = Pick(kOpen, Below(std::size(kOpen)));
  for (size_t words = Below(4) + 1; words > 0; --words) out += Word() + (words > 1 ? " " : "");
  return out + Pick(kEnds, Below(std::size(kEnds)));
}

std::string RandomQuery::Leaf() {
  std::string out = Below(4) == 0 ? Phrase() : Word();
  if (Below(8) == 0) out += "^2.5";
  return out;
}

std::string RandomQuery::WellFormed(size_t depth) {
  std::string out;
  for (size_t operands = Below(4) + 1; operands > 0; --operands) {
    if (depth > 0 && Below(3) == 0) {
      static const char* const kFields[] = {
          "", "", "", "title:", "title,text:", "source:", "quote:"};
      static const char* const kEnds[] = {")", ")", ")", ")@2", ")^3", ")^=2"};
      out += Pick(kFields, Below(std::size(kFields))) + "(" + WellFormed(depth - 1) +
             Pick(kEnds, Below(std::size(kEnds)));
    } else {
      out += Leaf();
    }
    if (operands > 1) out += Pick(kOperators, Below(std::size(kOperators)));
  }
  return out;
}

std::string RandomQuery::Pieces(size_t count) {
  std::string out;
  for (; count > 0; --count) out += Pick(kPieces, Below(std::size(kPieces)));
  return out;
}

std::string RandomQuery::Bytes(size_t count) {
  std::string out;
  for (; count > 0; --count) out += static_cast<char>(Below(256));
  return out;
}

}  // namespace ibid
