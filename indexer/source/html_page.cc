#include "indexer/source/html_page.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>

#include <algorithm>
#include <array>
#include <climits>
#include <exception>
#include <memory>
#include <new>
#include <optional>

#include "indexer/source/ascii.h"
#include "indexer/source/dates.h"
#include "indexer/source/html_cost.h"
#include "indexer/source/markup.h"

namespace ibid {
namespace {

// How much of a page is searched for the name of its encoding.
constexpr size_t kCharsetHeadBytes = 4096;
constexpr size_t kMaxTitleBytes = size_t{64} << 10;

constexpr std::array<std::string_view, 5> kHiddenElements = {"noscript", "script", "style", "svg",
                                                             "template"};

bool IsHidden(std::string_view name) {
  return std::find(kHiddenElements.begin(), kHiddenElements.end(), name) != kHiddenElements.end();
}

// Text laid out from pieces: white space runs become one blank, breaks are kept apart.
class TextLayout {
 public:
  void Add(std::string_view piece, bool keep_space) {
    for (size_t at = 0; at < piece.size();) {
      const size_t space = SpaceBytes(piece, at);
      if (space == 0) {
        Put(piece[at]);
        ++at;
        continue;
      }
      if (keep_space && piece[at] == '\n') {
        num_breaks_ = std::min(num_breaks_ + 1, 2);
      } else if (keep_space) {
        indent_ += ' ';
      } else {
        blank_ = true;
      }
      at += space;
    }
  }
  // 1: a new line; 2: a new paragraph.
  void Break(int num_lines) {
    num_breaks_ = std::max(num_breaks_, num_lines);
    indent_.clear();
  }
  void Blank() { blank_ = true; }
  std::string Take() { return std::move(text_); }
  size_t size() const { return text_.size(); }

 private:
  // Of the white space at piece[at]: ASCII's, and the no-break space.
  static size_t SpaceBytes(std::string_view piece, size_t at) {
    if (ascii::IsSpace(piece[at])) return 1;
    return piece.substr(at, 2) == "\xc2\xa0" ? 2 : 0;
  }
  void Put(char c) {
    if (!text_.empty() && num_breaks_ > 0) {
      text_.append(static_cast<size_t>(num_breaks_), '\n');
    } else if (!text_.empty() && blank_ && indent_.empty()) {
      text_.push_back(' ');
    }
    if (!indent_.empty() && !text_.empty()) text_.append(indent_);
    indent_.clear();
    num_breaks_ = 0;
    blank_ = false;
    text_.push_back(c);
  }

  std::string text_;
  std::string indent_;
  int num_breaks_ = 0;
  bool blank_ = false;
};

// What libxml2 calls while it reads. Exceptions may not pass through C code: one is kept, and goes
// on where the parser has returned.
class PageBuilder {
 public:
  explicit PageBuilder(htmlParserCtxtPtr context) : context_(context) {}

  void Start(std::string_view name, const xmlChar** attributes) {
    if (++depth_ > kMaxHtmlDepth) {
      too_deep_ = true;
      xmlStopParser(context_);
      return;
    }
    if (hidden_ > 0 || IsHidden(name)) ++hidden_;
    if (name == "meta") return TakeMeta(attributes);
    if (name == "title" && !title_done_ && hidden_ == 0) in_title_ = true;
    if (name == "pre" || name == "textarea") ++preformatted_;
    Separate(name);
  }
  void End(std::string_view name) {
    --depth_;
    if (hidden_ > 0) --hidden_;
    if (name == "title" && in_title_) {
      in_title_ = false;
      title_done_ = true;
    }
    if ((name == "pre" || name == "textarea") && preformatted_ > 0) --preformatted_;
    Separate(name);
  }
  void Text(std::string_view text) {
    if (hidden_ > 0) return;
    if (in_title_) {
      if (title_.size() < kMaxTitleBytes) title_.Add(text, false);
    } else {
      text_.Add(text, preformatted_ > 0);
    }
  }

  // Calls `function`; an exception ends the page.
  template <typename Function>
  void Guard(Function&& function) {
    if (exception_ != nullptr) return;
    try {
      function();
    } catch (...) {
      exception_ = std::current_exception();
      xmlStopParser(context_);
    }
  }

  // Rethrows what Guard kept.
  HtmlPage Take() {
    if (exception_ != nullptr) std::rethrow_exception(exception_);
    return {.title = title_.Take(),
            .text = text_.Take(),
            .date = std::move(date_),
            .source = std::move(source_),
            .too_deep = too_deep_};
  }

 private:
  void Separate(std::string_view name) {
    if (IsBlockElement(name)) {
      text_.Break(2);
    } else if (IsLineElement(name)) {
      text_.Break(1);
    } else if (name == "td" || name == "th" || name == "img") {
      text_.Blank();
    }
  }
  void TakeMeta(const xmlChar** attributes) {
    std::string_view name;
    std::string_view content;
    for (; attributes != nullptr && attributes[0] != nullptr; attributes += 2) {
      if (attributes[1] == nullptr) continue;
      const std::string_view key = reinterpret_cast<const char*>(attributes[0]);
      const std::string_view value = reinterpret_cast<const char*>(attributes[1]);
      if (key == "name" || key == "property") name = value;
      if (key == "content") content = value;
    }
    for (const std::string_view known :
         {"date", "dc.date", "dcterms.date", "pubdate", "article:published_time"}) {
      if (!date_.empty() || !ascii::EqualsIgnoreCase(name, known)) continue;
      const std::string date = NormalizeDate(content);
      if (IsIsoDate(std::string_view(date).substr(0, 10))) date_ = date;
    }
    if (source_.empty() && ascii::EqualsIgnoreCase(name, "og:site_name")) source_ = content;
  }

  htmlParserCtxtPtr context_;
  TextLayout title_;
  TextLayout text_;
  std::string date_;
  std::string source_;
  int depth_ = 0;
  int hidden_ = 0;  // elements open since a hidden one, that included
  int preformatted_ = 0;
  bool in_title_ = false;
  bool title_done_ = false;
  bool too_deep_ = false;
  std::exception_ptr exception_;
};

std::string_view View(const xmlChar* text) { return reinterpret_cast<const char*>(text); }

htmlSAXHandler MakeHandler() {
  htmlSAXHandler handler = {};
  handler.startElement = [](void* data, const xmlChar* name, const xmlChar** attributes) {
    auto* builder = static_cast<PageBuilder*>(data);
    builder->Guard([&] { builder->Start(View(name), attributes); });
  };
  handler.endElement = [](void* data, const xmlChar* name) {
    auto* builder = static_cast<PageBuilder*>(data);
    builder->Guard([&] { builder->End(View(name)); });
  };
  const auto text = [](void* data, const xmlChar* bytes, int length) {
    auto* builder = static_cast<PageBuilder*>(data);
    builder->Guard([&] {
      builder->Text({reinterpret_cast<const char*>(bytes), static_cast<size_t>(length)});
    });
  };
  handler.characters = text;
  handler.ignorableWhitespace = text;
  return handler;
}

struct ContextDeleter {
  void operator()(htmlParserCtxt* context) const { htmlFreeParserCtxt(context); }
};

std::optional<HtmlPage> ParsePage(std::string_view utf8) {
  if (utf8.empty() || utf8.size() > INT_MAX) return std::nullopt;
  const std::unique_ptr<htmlParserCtxt, ContextDeleter> context(
      htmlCreateMemoryParserCtxt(utf8.data(), static_cast<int>(utf8.size())));
  if (context == nullptr) throw std::bad_alloc();
  PageBuilder builder(context.get());
  *context->sax = MakeHandler();
  context->userData = &builder;
  htmlCtxtUseOptions(context.get(), HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                        HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
  xmlSwitchEncoding(context.get(), XML_CHAR_ENCODING_UTF8);
  xmlResetLastError();
  htmlParseDocument(context.get());
  // It leaves out what it has no memory for.
  const xmlError* const error = xmlGetLastError();
  if (context->errNo == XML_ERR_NO_MEMORY ||
      (error != nullptr && error->code == XML_ERR_NO_MEMORY)) {
    throw std::bad_alloc();
  }
  return builder.Take();
}

// Whether libxml2 leaves the character at `at` out of a page, which takes it half a microsecond:
// ASCII's control characters, U+FFFE and U+FFFF.
size_t UnreadableBytes(std::string_view utf8, size_t at) {
  const auto byte = static_cast<uint8_t>(utf8[at]);
  if (byte < 0x20) return byte != 0 && byte != '\t' && byte != '\n' && byte != '\r' ? 1 : 0;
  if (byte != 0xef) return 0;
  const std::string_view bytes = utf8.substr(at, 3);
  return bytes == "\xef\xbf\xbe" || bytes == "\xef\xbf\xbf" ? 3 : 0;
}

bool HasUnreadable(std::string_view utf8) {
  for (size_t at = 0; at < utf8.size(); ++at) {
    if (UnreadableBytes(utf8, at) != 0) return true;
  }
  return false;
}

std::string WithoutUnreadable(std::string_view utf8) {
  std::string clean;
  clean.reserve(utf8.size());
  for (size_t at = 0; at < utf8.size();) {
    const size_t bytes = UnreadableBytes(utf8, at);
    if (bytes == 0) clean.push_back(utf8[at]);
    at += std::max<size_t>(bytes, 1);
  }
  return clean;
}

std::string CharsetOfMeta(std::string_view attributes) {
  std::string_view charset = Attribute(attributes, "charset");
  if (charset.empty() &&
      ascii::EqualsIgnoreCase(Attribute(attributes, "http-equiv"), "content-type")) {
    const std::string_view content = Attribute(attributes, "content");
    const std::string lower = ascii::Lower(content);
    const size_t at = lower.find("charset=");
    if (at != std::string::npos) charset = content.substr(at + 8);
  }
  charset = charset.substr(0, charset.find_first_of(" ;,\"'"));
  return ascii::Lower(charset);
}

}  // namespace

HtmlPage ExtractPage(std::string_view utf8) {
  std::string clean;
  if (HasUnreadable(utf8)) {
    clean = WithoutUnreadable(utf8);
    utf8 = clean;
  }
  HtmlPage stripped;
  if (IsCheapHtml(utf8)) {
    std::optional<HtmlPage> page = ParsePage(utf8);
    if (page.has_value() && !page->too_deep) return *std::move(page);
    if (page.has_value()) stripped = *std::move(page);
  } else {
    stripped.too_costly = true;
    const std::optional<Element> title = FindElement(utf8.substr(0, kMaxTitleBytes), "title", 0);
    if (title.has_value()) stripped.title = StripMarkup(title->content);
  }
  stripped.text = StripMarkup(utf8);
  return stripped;
}

std::string DeclaredCharset(std::string_view bytes) {
  const std::string_view head = bytes.substr(0, kCharsetHeadBytes);
  if (head.starts_with("<?xml")) {
    const std::string_view declaration = head.substr(5, head.find("?>"));
    const std::string_view encoding = Attribute(declaration, "encoding");
    if (!encoding.empty()) return ascii::Lower(encoding);
  }
  for (auto tag = FindTag(head, 0, "meta"); tag.has_value();
       tag = FindTag(head, tag->end, "meta")) {
    std::string charset = CharsetOfMeta(tag->attributes);
    if (!charset.empty()) return charset;
  }
  return "";
}

}  // namespace ibid
