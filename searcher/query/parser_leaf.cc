// Words, phrases and ranges, with the fields before them.
#include <algorithm>
#include <utility>

#include "common/base/strings.h"
#include "searcher/query/chars.h"
#include "searcher/query/numbers.h"
#include "searcher/query/parser.h"
#include "searcher/query/phrase.h"
#include "searcher/query/values.h"
#include "searcher/query/words.h"

namespace ibid {
namespace {

constexpr uint64_t kMostEdits = 2;

// One member of a synonym group: a word, or the phrase of several.
Node SynonymMember(std::string_view text, Span span) {
  std::vector<Node> words;
  for (size_t at = 0; at < text.size();) {
    size_t end = at;
    while (end < text.size() && !IsSeparator(CharAt(text, end).code))
      end += CharAt(text, end).bytes;
    const std::string_view word = text.substr(at, end - at);
    if (!HasOnlyPunctuation(word)) words.push_back(MakeWord(std::string(word), false, span));
    at = end < text.size() ? end + CharAt(text, end).bytes : end;
  }
  if (words.size() < 2) return words.empty() ? nullptr : std::move(words.front());
  Node phrase = MakeNode(NodeKind::kPhrase, span);
  phrase->stemmed = true;
  for (Node& word : words) phrase->children.push_back(std::move(word));
  return phrase;
}

}  // namespace

Parser::Suffix Parser::TakeLeafSuffix() {
  Suffix suffix;
  while (const Token* token = Peek()) {
    if (token->kind == TokenKind::kStar && suffix.star == nullptr) {
      suffix.star = token;
    } else if (token->kind == TokenKind::kTilde && suffix.tilde == nullptr) {
      suffix.tilde = token;
    } else {
      break;
    }
    ++next_;
  }
  return suffix;
}

void Parser::NoteIgnoredSuffix(const Token& token) {
  notes_.Warning(token.span, "ignored-suffix",
                 StrCat(TextOf(token.span), " means nothing here; left out"));
}

void Parser::NoteIgnoredSuffixes(const Suffix& suffix) {
  for (const Token* token : {suffix.star, suffix.tilde}) {
    if (token != nullptr) NoteIgnoredSuffix(*token);
  }
}

void Parser::OnLeaf(const Token& token) {
  const Suffix suffix = TakeLeafSuffix();
  const FieldSet* effective = EffectiveFields();
  const bool direct = !pending_fields_.empty();
  Node node = effective == nullptr || effective->columns.empty()
                  ? PlainLeaf(token, suffix)
                  : FieldLeaf(token, suffix, *effective, direct);
  std::vector<FieldSet> fields = std::move(pending_fields_);
  pending_fields_.clear();
  if (!status_.ok()) return;
  if (node == nullptr) {
    notes_.Note(token.span, "empty-phrase", "no word in it; left out");
    return OnNothing();
  }
  Operand operand;
  operand.node = std::move(node);
  operand.clauses = 0;
  Measure(operand);
  operand = Restrict(std::move(operand), fields);
  if (!status_.ok()) return;
  OnOperand(ApplySuffixes(std::move(operand), false));
}

// The fields right before the leaf, else those of the innermost parenthesis that has some.
const FieldSet* Parser::EffectiveFields() const {
  if (!pending_fields_.empty()) return &pending_fields_.back();
  for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame) {
    if (!frame->fields.empty()) return &frame->fields.back();
  }
  return nullptr;
}

Parser::Operand Parser::Restrict(Operand operand, const std::vector<FieldSet>& fields) {
  bool changed = false;
  for (auto set = fields.rbegin(); set != fields.rend() && status_.ok(); ++set) {
    if (set->regions.empty()) continue;
    const size_t most = num_clauses_ + operand.clauses * (set->regions.size() - 1);
    if (most > options_.limits.max_clauses) {
      Fail(LimitError(most, "clauses", options_.limits.max_clauses, "--max-clauses"));
      return operand;
    }
    operand.node = RestrictTo(*operand.node, set->regions);
    Measure(operand);
    changed = true;
  }
  if (changed) operand.open_chain = false;
  return operand;
}

Node Parser::PlainLeaf(const Token& token, const Suffix& suffix) {
  if (token.kind == TokenKind::kPhrase) return PhraseLeaf(token, suffix);
  if (EffectiveFields() == nullptr) {
    if (Node range = DefaultDateLeaf(token)) {
      if (suffix.tilde != nullptr) NoteIgnoredSuffix(*suffix.tilde);
      return range;
    }
  }
  if (token.kind == TokenKind::kBracket) return BracketAsText(token);
  return WordLeaf(token, suffix);
}

void Parser::NoteReversed(const ColumnRange& range, Span span) {
  if (!range.reversed) return;
  notes_.Warning(span, "reversed-range", "the smaller end comes first: nothing lies between these");
}

// A range without a field whose ends are dates; null for anything else.
Node Parser::DefaultDateLeaf(const Token& token) {
  const Column* column = fields_.default_date();
  if (column == nullptr || token.prefix != 0) return nullptr;
  std::optional<RawRange> range =
      token.kind == TokenKind::kBracket ? *token.range : ReadRange(token.raw);
  if (!range || !LooksLikeDates(*range)) return nullptr;
  ColumnRange made = MakeColumnRange(*column, *std::move(range), token.span);
  NoteReversed(made, token.span);
  return std::move(made.node);
}

Node Parser::BracketAsText(const Token& token) {
  notes_.Warning(token.span, "range-without-column",
                 "a range needs a column, as in date:[2015 TO 2016]; read as words");
  std::vector<Node> words;
  const auto add = [&](std::string text) {
    if (!HasOnlyPunctuation(text)) words.push_back(MakeWord(std::move(text), false, token.span));
  };
  if (token.range->lower) add(token.range->lower->text);
  add("TO");
  if (token.range->upper) add(token.range->upper->text);
  return MakeList(NodeKind::kOr, std::move(words));
}

Node Parser::WordLeaf(const Token& token, const Suffix& suffix) {
  if (token.prefix == '/') return MakeWord(Unescape(token.raw), false, token.span);
  WordText word = ReadWord(token.raw);
  const bool takes_tilde = !word.any && !word.wildcard && token.prefix != '~';
  if (suffix.tilde != nullptr && !takes_tilde) NoteIgnoredSuffix(*suffix.tilde);
  if (word.any) return MakeNode(NodeKind::kAll, token.span);
  if (token.prefix == '~') return SynonymLeaf(word.text, token.span);
  const bool literal = token.prefix == '=';
  if (literal && (word.wildcard || suffix.tilde != nullptr)) {
    notes_.Note(token.span, "ignored-prefix", "= has no effect on a wildcard or fuzzy word");
  }
  if (word.wildcard) return MakeText(NodeKind::kWildcard, std::move(word.text), token.span);
  if (suffix.tilde != nullptr) return FuzzyLeaf(std::move(word.text), token, *suffix.tilde);
  return MakeWord(std::move(word.text), literal, token.span);
}

Node Parser::FuzzyLeaf(std::string text, const Token& token, const Token& tilde) {
  const Span span{token.span.begin, tilde.span.end};
  int edits = DefaultEdits(text);
  if (Contains(tilde.raw, '.')) {
    notes_.Note(tilde.span, "fuzzy-distance",
                StrCat("similarities are not supported; read as ~", edits));
  } else if (!tilde.raw.empty()) {
    const uint64_t typed = ReadCount(tilde.raw).value_or(kMostEdits + 1);
    const bool fits = typed <= kMostEdits;
    edits = fits ? static_cast<int>(typed) : static_cast<int>(kMostEdits);
    if (!fits) notes_.Note(tilde.span, "fuzzy-distance", "at most two edits; read as ~2");
    if (edits == 0) {
      notes_.Note(tilde.span, "fuzzy-distance", "~0 is the word itself");
      return MakeWord(std::move(text), false, span);
    }
  }
  Node node = MakeText(NodeKind::kFuzzy, std::move(text), span);
  node->max_edits = edits;
  return node;
}

Node Parser::PhraseLeaf(const Token& token, const Suffix& suffix) {
  if (token.synonyms) {
    NoteIgnoredSuffixes(suffix);
    return SynonymLeaf(PhraseValue(token.raw), token.span);
  }
  const auto offset = static_cast<size_t>(token.raw.data() - text_.data());
  Phrase phrase =
      ReadPhrase({token.raw, token.prefix, suffix.star != nullptr, offset, token.span}, notes_);
  const QueryLimits& limits = options_.limits;
  if (phrase.num_words > limits.max_phrase_terms) {
    Fail(LimitError(phrase.num_words, "words in one phrase", limits.max_phrase_terms,
                    "--max-phrase-terms"));
  }
  if (phrase.node == nullptr) return nullptr;
  if (suffix.tilde != nullptr) {
    const std::optional<uint64_t> slop = ReadCount(suffix.tilde->raw);
    if (phrase.node->kind != NodeKind::kPhrase || !slop) {
      NoteIgnoredSuffix(*suffix.tilde);
    } else if (*slop > limits.max_distance) {
      Fail(LimitError(*slop, "words of distance", limits.max_distance, "--max-distance"));
    } else {
      phrase.node->slop = static_cast<uint32_t>(*slop);
    }
  }
  if (token.prefix != 'q') return std::move(phrase.node);
  return RestrictTo(*phrase.node, {RegionKind::kQuotation});
}

Node Parser::SynonymLeaf(std::string_view text, Span span) {
  const auto& groups = options_.synonyms;
  const std::string wanted = LowerAscii(TrimAscii(text));
  const auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& words) {
    return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
      return LowerAscii(TrimAscii(word)) == wanted;
    });
  });
  if (group == groups.end()) {
    notes_.Warning(span, "no-synonyms",
                   groups.empty()
                       ? "no synonyms are given (--synonyms FILE); read as the word alone"
                       : "no synonyms for it; read as the word alone");
    return SynonymMember(text, span);
  }
  std::vector<Node> members;
  for (const std::string& word : *group) {
    if (Node member = SynonymMember(word, span)) members.push_back(std::move(member));
  }
  return members.empty() ? nullptr : MakeList(NodeKind::kSyn, std::move(members));
}

// `token` as a value or range of `column`; null when it is none.
Node Parser::ColumnLeaf(const Token& token, const Column& column) {
  std::optional<RawRange> range;
  std::string value;
  if (token.kind == TokenKind::kBracket) {
    range = *token.range;
  } else if (token.kind == TokenKind::kPhrase) {
    value = PhraseValue(token.raw);
  } else if (ReadWord(token.raw).any) {
    range = RawRange{};
  } else {
    range = ReadRange(token.raw);
    value = std::string(TrimAscii(Unescape(token.raw)));
    if (!range && column.second == ColumnType::kText && ReadWord(token.raw).wildcard) {
      notes_.Note(token.span, "wildcard-in-column",
                  "* means itself in the value of a text column: values match as a whole");
    }
  }
  if (!range && value.empty()) return nullptr;
  if (!range) range = RawRange{Bound{value, true}, Bound{value, true}};
  ColumnRange made = MakeColumnRange(column, *std::move(range), token.span);
  NoteReversed(made, token.span);
  return std::move(made.node);
}

Node Parser::FieldLeaf(const Token& token, const Suffix& suffix, const FieldSet& fields,
                       bool direct) {
  std::vector<Node> parts;
  if (!fields.regions.empty()) {
    if (Node plain = PlainLeaf(token, suffix)) parts.push_back(std::move(plain));
  } else {
    NoteIgnoredSuffixes(suffix);
  }
  for (const Column& column : fields.columns) {
    if (Node leaf = ColumnLeaf(token, column)) {
      parts.push_back(std::move(leaf));
    } else {
      notes_.Warning(token.span, "bad-value",
                     StrCat("not a value of the column ", column.first, "; read as text"));
    }
  }
  if (!parts.empty()) return MakeList(NodeKind::kOr, std::move(parts));
  if (!direct || token.kind != TokenKind::kWord) return PlainLeaf(token, {});
  return MakeWord(StrCat(fields.columns.front().first, ":", Unescape(token.raw)), false,
                  token.span);
}

}  // namespace ibid
