// What goes into an index and comes back out.
#ifndef IBID_DOCUMENT_H_
#define IBID_DOCUMENT_H_

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace ibid {

// One value of a column. Strings that look like a date become dates when the column is one.
using FieldValue = std::variant<std::string, int64_t, double>;

// A named column beside title and text: one value, or several. Fields named "title", "text" or
// "quote" are kept and given back, but no query finds them: there these names mean parts of the
// text (docs/QUERY_SYNTAX.md).
struct Field {
  std::string name;  // [A-Za-z][A-Za-z0-9_.-]*, at most 255 bytes
  std::vector<FieldValue> values;

  bool operator==(const Field&) const = default;
};

// A document. All strings but the key are UTF-8; bytes that are not become U+FFFD when it is
// indexed.
struct Document {
  std::string key;     // The user's own name for it, unique in the index, not empty; any bytes.
  std::string title;   // Searched, positions before the text's.
  std::string text;    // Searched.
  std::string date;    // "YYYY-MM-DD" or "YYYY-MM-DDThh:mm:ss" (UTC), or empty.
  std::string source;  // The outlet, or empty.
  std::vector<Field> fields;  // Further columns, in the order given.

  bool operator==(const Document&) const = default;
};

}  // namespace ibid

#endif  // IBID_DOCUMENT_H_
