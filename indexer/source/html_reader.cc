// HTML: one page a file.
#include <iconv.h>

#include <array>
#include <cerrno>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/text/analyzer.h"
#include "indexer/source/html_page.h"
#include "indexer/source/readers.h"

namespace ibid {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

bool IsOneOf(std::string_view name, std::initializer_list<std::string_view> names) {
  for (const std::string_view other : names) {
    if (name == other) return true;
  }
  return false;
}

bool IsPlainName(std::string_view charset) {
  return !charset.empty() && charset.size() < 64 &&
         charset.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.:") ==
             std::string_view::npos;
}

// Converts by the C library's tables; nothing where it does not know the encoding.
class Converter {
 public:
  explicit Converter(std::string_view charset)
      : handle_(iconv_open("UTF-8", std::string(charset).c_str())) {}
  ~Converter() {
    if (known()) iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  bool known() const { return handle_ != reinterpret_cast<iconv_t>(-1); }

  DecodedText Convert(std::string bytes) {
    DecodedText result;
    char* in = bytes.data();
    size_t in_left = bytes.size();
    std::array<char, 16384> block;
    while (in_left > 0) {
      char* out = block.data();
      size_t out_left = block.size();
      const bool failed = iconv(handle_, &in, &in_left, &out, &out_left) == static_cast<size_t>(-1);
      const int why = errno;
      result.text.append(block.data(), block.size() - out_left);
      if (!failed || why == E2BIG) continue;
      result.text.append(kReplacement);
      ++result.num_replaced;
      ++in;
      --in_left;
    }
    return result;
  }

 private:
  iconv_t handle_;
};

// The page in UTF-8: by the encoding it names unless it is UTF-8 anyway.
std::string DecodePage(std::string_view bytes, DocumentSink* sink) {
  const std::string charset = DeclaredCharset(bytes);
  const bool escapes = charset.starts_with("iso-2022");  // its bytes look like ASCII
  if (!IsPlainName(charset) || (!escapes && IsValidUtf8(bytes))) return sink->Decode(bytes);
  if (IsOneOf(charset, {"utf-8", "utf8", "utf-16", "utf-16le", "utf-16be"})) {
    return sink->Decode(bytes);
  }
  if (IsOneOf(charset, {"iso-8859-1", "iso8859-1", "latin1", "latin-1", "us-ascii", "ascii",
                        "windows-1252", "cp1252"})) {
    return DecodeWindows1252(bytes);
  }
  Converter converter(charset == "shift_jis" || charset == "x-sjis" ? "cp932" : charset);
  if (!converter.known()) return sink->Decode(bytes);
  DecodedText decoded = converter.Convert(std::string(bytes));
  sink->CountReplaced(decoded.num_replaced);
  // The tables of the C library are trusted for their letters, not for being well-formed.
  uint64_t num_malformed = 0;
  if (!IsValidUtf8(decoded.text)) return ReplaceMalformedUtf8(decoded.text, &num_malformed);
  return std::move(decoded.text);
}

}  // namespace

absl::Status ReadHtml(InputBuffer* input, DocumentSink* sink) {
  ASSIGN_OR_RETURN(const std::optional<std::string_view> bytes, ReadWholeText(input, sink));
  if (!bytes.has_value()) return absl::OkStatus();
  HtmlPage page = ExtractPage(DecodePage(*bytes, sink));
  if (page.too_deep) {
    sink->Warn(
        0, StrCat("elements nested deeper than ", kMaxHtmlDepth, ": read by leaving out the tags"));
  }
  if (page.too_costly) {
    sink->Warn(0, "more marks than can be read in reasonable time: read by leaving out the tags");
  }
  Document document{.key = "",
                    .title = std::move(page.title),
                    .text = std::move(page.text),
                    .date = std::move(page.date),
                    .source = std::move(page.source),
                    .fields = {}};
  return sink->Emit(std::move(document), 0);
}

}  // namespace ibid
