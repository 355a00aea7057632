// The three forms a snippet is shown in: highlighted text, HTML, and safe terminal text.
#include <algorithm>
#include <string>
#include <string_view>

#include "ibid/snippet.h"
#include "searcher/result/plain_text.h"

namespace ibid {
namespace {

std::string EscapeHtml(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out.push_back(c);
    }
  }
  return out;
}

// Highlights that do not fit the text, or the one before, are cut to what does.
template <typename Render>
std::string Assemble(const Snippet& snippet, std::string_view open, std::string_view close,
                     const Render& render) {
  const std::string_view text = snippet.text;
  std::string out;
  size_t done = 0;
  for (const auto& [begin, end] : snippet.highlights) {
    const size_t from = std::clamp(begin, done, text.size());
    const size_t to = std::clamp(end, from, text.size());
    if (from == to) continue;
    out += render(text.substr(done, from - done));
    out += open;
    out += render(text.substr(from, to - from));
    out += close;
    done = to;
  }
  return out += render(text.substr(done));
}

}  // namespace

std::string HighlightSnippet(const Snippet& snippet, std::string_view open,
                             std::string_view close) {
  return Assemble(snippet, open, close, [](std::string_view part) { return part; });
}

std::string HighlightSnippetHtml(const Snippet& snippet, std::string_view open,
                                 std::string_view close) {
  return Assemble(snippet, open, close, EscapeHtml);
}

std::string SafeForTerminal(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const plain::CodePoint c = plain::DecodeCodePoint(text, at);
    if (c.value == U'\n' || c.value == U'\t' || plain::IsShown(c.value))
      plain::AppendUtf8(c.value, out);
    at += c.length;
  }
  return out;
}

}  // namespace ibid
