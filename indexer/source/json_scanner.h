// Finds where a JSON value ends, chunk by chunk, without understanding it.
//
//   size_t end = scanner.Scan(chunk);   // kNotYet: give the next chunk
//
// Counts brackets outside strings. Whether the value is JSON at all is for the parser to say.
#ifndef IBID_INDEXER_SOURCE_JSON_SCANNER_H_
#define IBID_INDEXER_SOURCE_JSON_SCANNER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ibid {

class JsonScanner {
 public:
  static constexpr size_t kNotYet = static_cast<size_t>(-1);

  // The offset in `chunk` one past the value's end. A value that is no object or array ends before
  // the first ',', ']', '}' or line feed outside a string, but is never empty.
  size_t Scan(std::string_view chunk) {
    for (size_t i = 0; i < chunk.size(); ++i, ++num_seen_) {
      if (in_string_) {
        PassInString(chunk[i]);
        continue;
      }
      switch (chunk[i]) {
        case '"':
          in_string_ = true;
          break;
        case '{':
        case '[':
          ++depth_;
          break;
        case '}':
        case ']':
          if (depth_ == 0) return EndAt(i);
          if (--depth_ == 0) return i + 1;
          break;
        case ',':
        case '\n':
          if (depth_ == 0) return EndAt(i);
          break;
        default:
          break;
      }
    }
    return kNotYet;
  }

  // Open brackets at the place reached.
  uint64_t depth() const { return depth_; }
  bool in_string() const { return in_string_; }

 private:
  void PassInString(char c) {
    if (escaped_) {
      escaped_ = false;
    } else if (c == '\\') {
      escaped_ = true;
    } else if (c == '"') {
      in_string_ = false;
    }
  }
  size_t EndAt(size_t i) const { return num_seen_ == 0 ? i + 1 : i; }

  uint64_t depth_ = 0;
  uint64_t num_seen_ = 0;
  bool in_string_ = false;
  bool escaped_ = false;
};

}  // namespace ibid

#endif  // IBID_INDEXER_SOURCE_JSON_SCANNER_H_
