// Takes one string field out of a line of JSON, for fitting a model to JSON Lines.
#ifndef IBID_CORPUS_GENERATOR_JSON_LINE_H_
#define IBID_CORPUS_GENERATOR_JSON_LINE_H_

#include <optional>
#include <string>
#include <string_view>

namespace ibid::corpus {

// The value of the string field `name` of the object that `line` holds, unescaped to UTF-8; nothing
// where there is no such field or the line is not a well-formed object. Nested values are skipped.
std::optional<std::string> StringField(std::string_view line, std::string_view name);

}  // namespace ibid::corpus

#endif  // IBID_CORPUS_GENERATOR_JSON_LINE_H_
