// Text from documents and file names, made fit for one place in a line of output.
//
// Pure functions over any bytes; the results are valid UTF-8 without control characters.
#ifndef IBID_CLI_TEXT_ESCAPE_H_
#define IBID_CLI_TEXT_ESCAPE_H_

#include <string>
#include <string_view>

namespace ibid::cli {

// One line: every run of white space is one space, control characters are left out.
std::string OneLine(std::string_view text);

// A key for people and for `-l`: control characters and malformed bytes as %XX.
std::string VisibleKey(std::string_view key);

// A key for columns of TSV and TREC output: as VisibleKey, and white space and '%' as %XX too, so
// that it can be read back.
std::string ColumnKey(std::string_view key);

// The shortest decimal text that reads back as the same float.
std::string ShortestFloat(float value);

// With `digits` digits after the point.
std::string FixedNumber(double value, int digits);

}  // namespace ibid::cli

#endif  // IBID_CLI_TEXT_ESCAPE_H_
