#include "searcher/query/phrase.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "searcher/query/chars.h"
#include "searcher/query/words.h"

namespace ibid {
namespace {

constexpr int kMostEdits = 2;

struct Item {
  std::string_view raw;
  Span span;
  bool group = false;  // (a|b) of a pattern
};

// Bytes of the character at `at`, an escape or a doubled quote taken as one.
size_t StepBytes(std::string_view raw, size_t at) {
  if (raw[at] == '\\' && at + 1 < raw.size()) return 1 + CharAt(raw, at + 1).bytes;
  if (raw.substr(at, 2) == "\"\"") return 2;
  return CharAt(raw, at).bytes;
}

size_t GroupEnd(std::string_view raw, size_t open) {
  size_t at = open + 1;
  while (at < raw.size() && raw[at] != ')') at += StepBytes(raw, at);
  return at;
}

size_t ItemEnd(std::string_view raw, size_t begin, bool pattern) {
  size_t at = begin;
  while (at < raw.size() && !IsSeparator(CharAt(raw, at).code)) {
    if (pattern && (raw[at] == '(' || raw[at] == ')' || raw[at] == '|')) break;
    at += StepBytes(raw, at);
  }
  return at;
}

std::vector<Item> SplitItems(std::string_view raw, size_t offset, bool pattern) {
  std::vector<Item> items;
  for (size_t at = 0; at < raw.size();) {
    const Char c = CharAt(raw, at);
    if (IsSeparator(c.code) || (pattern && (c.code == U')' || c.code == U'|'))) {
      at += c.bytes;
      continue;
    }
    if (pattern && c.code == U'(') {
      const size_t end = GroupEnd(raw, at);
      items.push_back({raw.substr(at + 1, end - at - 1), {offset + at, offset + end}, true});
      at = end;
      continue;
    }
    const size_t end = ItemEnd(raw, at, pattern);
    items.push_back({raw.substr(at, end - at), {offset + at, offset + end}, false});
    at = end;
  }
  return items;
}

// "" as typed is one quote: in the escaped form the rest of the code knows.
std::string WithoutDoubling(std::string_view raw) {
  std::string out;
  for (size_t at = 0; at < raw.size();) {
    const size_t bytes = StepBytes(raw, at);
    const bool doubled = bytes == 2 && raw[at] == '"';
    out += doubled ? std::string_view("\\\"") : raw.substr(at, bytes);
    at += bytes;
  }
  return out;
}

// The length of ~, ~1 or ~2 at the end of a pattern's word; 0: none.
size_t FuzzySuffixBytes(std::string_view raw) {
  const size_t digits = !raw.empty() && (raw.back() == '1' || raw.back() == '2') ? 1 : 0;
  const size_t bytes = digits + 1;
  if (raw.size() <= bytes || raw[raw.size() - bytes] != '~') return 0;
  return raw[raw.size() - bytes - 1] == '\\' ? 0 : bytes;
}

// A word of p"...": null for punctuation.
Node PatternWord(std::string_view raw, Span span) {
  const size_t suffix = FuzzySuffixBytes(raw);
  const WordText word = ReadWord(raw.substr(0, raw.size() - suffix));
  if (word.any) return MakeNode(NodeKind::kAnyWord, span);
  if (word.punctuation) return nullptr;
  if (word.wildcard) return MakeText(NodeKind::kWildcard, word.text, span);
  if (suffix == 0) return MakeWord(word.text, true, span);
  Node node = MakeText(NodeKind::kFuzzy, word.text, span);
  node->max_edits = suffix == 2 ? std::min(raw.back() - '0', kMostEdits) : DefaultEdits(word.text);
  return node;
}

Node PatternGroup(const Item& group, size_t& num_words) {
  std::vector<Node> parts;
  for (const Item& item : SplitItems(group.raw, group.span.begin + 1, true)) {
    Node part = PatternWord(WithoutDoubling(item.raw), item.span);
    if (part == nullptr) continue;
    ++num_words;
    if (part->kind == NodeKind::kAnyWord) return part;  // anything: the rest adds nothing
    parts.push_back(std::move(part));
  }
  return parts.empty() ? nullptr : MakeList(NodeKind::kOr, std::move(parts));
}

Node PlainWord(std::string_view raw, bool literal, Span span) {
  std::string text = Unescape(raw);
  if (HasOnlyPunctuation(text)) return nullptr;
  return MakeWord(std::move(text), literal, span);
}

bool HasUnescapedStar(std::string_view raw) {
  for (size_t at = 0; at < raw.size(); at += StepBytes(raw, at)) {
    if (raw[at] == '*') return true;
  }
  return false;
}

// The last word of "big bad wo"* stands for every word that begins with it.
void MakePrefix(QueryNode& word) {
  if (word.kind != NodeKind::kWord) return;
  std::erase_if(word.text, [](char c) { return c == '*' || c == '?'; });
  word.text += '*';
  word.kind = NodeKind::kWildcard;
  word.literal = false;
}

bool AreAllAnyWords(const std::vector<Node>& words) {
  return std::all_of(words.begin(), words.end(),
                     [](const Node& word) { return word->kind == NodeKind::kAnyWord; });
}

std::vector<Node> ReadWords(const PhraseText& phrase, size_t& num_words) {
  const bool pattern = phrase.prefix == 'p';
  std::vector<Node> words;
  for (const Item& item : SplitItems(phrase.raw, phrase.offset, pattern)) {
    Node word;
    if (item.group) {
      word = PatternGroup(item, num_words);
    } else {
      const std::string raw = WithoutDoubling(item.raw);
      word =
          pattern ? PatternWord(raw, item.span) : PlainWord(raw, phrase.prefix != 's', item.span);
      ++num_words;
    }
    if (word != nullptr) words.push_back(std::move(word));
  }
  return words;
}

}  // namespace

Phrase ReadPhrase(const PhraseText& phrase, NoteList& notes) {
  Phrase result;
  const bool pattern = phrase.prefix == 'p';
  std::vector<Node> words = ReadWords(phrase, result.num_words);
  if (!pattern && HasUnescapedStar(phrase.raw)) {
    notes.Note(phrase.span, "wildcard-in-quotes",
               "* means itself between quotes; p\"...\" has wildcards");
  }
  if (words.empty()) return result;
  if (phrase.star) MakePrefix(*words.back());
  if (AreAllAnyWords(words)) {
    notes.Note(phrase.span, "only-any-words", "no word to look for; read as every document");
    result.node = MakeNode(NodeKind::kAll, phrase.span);
    return result;
  }
  if (words.size() == 1) {
    result.node = std::move(words.front());
    return result;
  }
  result.node = MakeNode(NodeKind::kPhrase, phrase.span);
  result.node->stemmed = phrase.prefix == 's';
  for (Node& word : words) result.node->children.push_back(std::move(word));
  result.node->pattern = NeedsPattern(*result.node);
  return result;
}

std::string PhraseValue(std::string_view raw) {
  const std::string value = Unescape(WithoutDoubling(raw));
  return std::string(TrimAscii(value));
}

bool NeedsPattern(const QueryNode& phrase) {
  for (size_t i = 0; i < phrase.children.size(); ++i) {
    const QueryNode& child = *phrase.children[i];
    const bool last = i + 1 == phrase.children.size();
    const bool prefix = last && child.kind == NodeKind::kWildcard &&
                        child.text.find_first_of("*?") == child.text.size() - 1 &&
                        child.text.back() == '*';
    if (child.kind != NodeKind::kWord && !prefix) return true;
  }
  return false;
}

}  // namespace ibid
