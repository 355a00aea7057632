#include "searcher/query/printer.h"

#include <charconv>
#include <cstddef>
#include <limits>

#include "common/base/strings.h"
#include "searcher/query/escape.h"

namespace ibid {
namespace {

std::string_view RegionName(RegionKind region) {
  switch (region) {
    case RegionKind::kTitle:
      return "title";
    case RegionKind::kText:
      return "text";
    case RegionKind::kQuotation:
      return "quote";
    case RegionKind::kSentence:
      return "s";
    case RegionKind::kParagraph:
      return "p";
  }
  return "";
}

// Shortest decimal that reads back as the same number, without an exponent.
std::string PrintNumber(double number) {
  constexpr size_t kLongest = 800;  // the smallest subnormal written out
  char buffer[kLongest];
  const auto result = std::to_chars(buffer, buffer + kLongest, number, std::chars_format::fixed);
  return std::string(buffer, result.ptr);
}

std::string PrintDistance(const QueryNode& near) {
  const Distance& distance = near.distance;
  std::string out = near.ordered ? "ADJ/" : "NEAR/";
  if (distance.inside) {
    out += StrCat(RegionName(*distance.inside));
    if (distance.max_gap) out += StrCat(":", *distance.max_gap + 1);
    return out;
  }
  const uint32_t most = distance.max_gap.value_or(0) + 1;
  const uint32_t least = distance.min_gap + 1;
  if (least == 1) {
    out += StrCat(most);
  } else if (least == most && near.children.size() == 2) {
    out += StrCat("=", most);
  } else {
    out += StrCat(least, "..", most);
  }
  return out;
}

// An AND inside NEAR: any distance, any order.
bool IsAnywhere(const QueryNode& node) {
  return node.kind == NodeKind::kNear && !node.distance.max_gap && !node.distance.inside;
}

class Printer {
 public:
  std::string Run(const QueryNode& node) && {
    Print(node);
    return std::move(out_);
  }

 private:
  void Print(const QueryNode& node);
  void PrintOperand(const QueryNode& node);
  void PrintList(const QueryNode& node, std::string_view separator);
  void PrintClauses(const QueryNode& node);
  void PrintAtLeast(const QueryNode& node);
  void PrintPhrase(const QueryNode& phrase);
  void PrintPatternItem(const QueryNode& item);
  void PrintRange(const QueryNode& range);
  void PrintRegion(const QueryNode& region);
  void PrintBoost(const QueryNode& boost);
  void PrintOr(const QueryNode& node);

  void Append(std::string_view text) { out_ += text; }

  std::string out_;
};

// Kinds that need no parentheses anywhere.
bool IsAtom(const QueryNode& node) {
  switch (node.kind) {
    case NodeKind::kWord:
    case NodeKind::kWildcard:
    case NodeKind::kFuzzy:
    case NodeKind::kRange:
    case NodeKind::kColumn:
    case NodeKind::kAll:
    case NodeKind::kNone:
    case NodeKind::kPhrase:
    case NodeKind::kAnyWord:
    case NodeKind::kRegion:
    case NodeKind::kBoost:
      return true;
    case NodeKind::kOr:
    case NodeKind::kClauses:
      return node.min_should_match > 0;
    default:
      return false;
  }
}

void Printer::PrintOperand(const QueryNode& node) {
  if (IsAtom(node)) return Print(node);
  Append("(");
  Print(node);
  Append(")");
}

void Printer::PrintList(const QueryNode& node, std::string_view separator) {
  for (size_t i = 0; i < node.children.size(); ++i) {
    if (i > 0) Append(separator);
    PrintOperand(*node.children[i]);
  }
}

void Printer::PrintClauses(const QueryNode& node) {
  for (size_t i = 0; i < node.children.size(); ++i) {
    if (i > 0) Append(" ");
    const Occur occur = i < node.occurs.size() ? node.occurs[i] : Occur::kShould;
    if (occur != Occur::kShould) Append(occur == Occur::kMust ? "+" : "-");
    PrintOperand(*node.children[i]);
  }
}

void Printer::PrintAtLeast(const QueryNode& node) {
  Append("(");
  node.kind == NodeKind::kOr ? PrintList(node, " ") : PrintClauses(node);
  out_ += StrCat(")@", node.min_should_match);
}

void Printer::PrintPatternItem(const QueryNode& item) {
  switch (item.kind) {
    case NodeKind::kAnyWord:
      return Append("*");
    case NodeKind::kWildcard:
      return Append(EscapePatternWildcard(item.text));
    case NodeKind::kFuzzy:
      out_ += StrCat(EscapePatternWord(item.text), "~", item.max_edits);
      return;
    case NodeKind::kOr:
      Append("(");
      for (size_t i = 0; i < item.children.size(); ++i) {
        if (i > 0) Append("|");
        PrintPatternItem(*item.children[i]);
      }
      return Append(")");
    default:
      return Append(EscapePatternWord(item.text));
  }
}

void Printer::PrintPhrase(const QueryNode& phrase) {
  if (phrase.stemmed) Append("s");
  if (phrase.pattern) Append("p");
  Append("\"");
  bool prefix = false;
  for (size_t i = 0; i < phrase.children.size(); ++i) {
    const QueryNode& child = *phrase.children[i];
    if (i > 0) Append(" ");
    if (phrase.pattern) {
      PrintPatternItem(child);
      continue;
    }
    prefix = child.kind == NodeKind::kWildcard;  // the last one only
    Append(EscapeQuoted(prefix ? std::string_view(child.text).substr(0, child.text.size() - 1)
                               : std::string_view(child.text)));
  }
  Append(prefix ? "\"*" : "\"");
  if (phrase.slop > 0) out_ += StrCat("~", phrase.slop);
}

void Printer::PrintRange(const QueryNode& range) {
  out_ += StrCat(range.field, ":");
  const auto& lower = range.lower;
  const auto& upper = range.upper;
  if (!lower && !upper) return Append("*");
  const bool plain = (!lower || IsPlainBound(lower->text)) && (!upper || IsPlainBound(upper->text));
  if (plain && !upper) {
    out_ += StrCat(lower->inclusive ? ">=" : ">", lower->text);
  } else if (plain && !lower) {
    out_ += StrCat(upper->inclusive ? "<=" : "<", upper->text);
  } else if (plain && lower->inclusive && upper->inclusive) {
    out_ += StrCat(lower->text);
    if (lower->text != upper->text) out_ += StrCat("..", upper->text);
  } else {
    const auto text = [](const std::optional<Bound>& bound) -> std::string {
      if (!bound) return "*";
      return IsPlainBound(bound->text) ? bound->text : QuoteValue(bound->text);
    };
    out_ += StrCat(lower && !lower->inclusive ? "{" : "[", text(lower), " TO ", text(upper),
                   upper && !upper->inclusive ? "}" : "]");
  }
}

void Printer::PrintRegion(const QueryNode& region) {
  out_ += StrCat(RegionName(region.region), ":");
  const QueryNode& child = *region.children.front();
  if (child.kind != NodeKind::kRegion) return PrintOperand(child);
  Append("(");
  Print(child);
  Append(")");
}

void Printer::PrintBoost(const QueryNode& boost) {
  PrintOperand(*boost.children.front());
  out_ += StrCat(boost.constant ? "^=" : "^", PrintNumber(boost.number));
}

void Printer::PrintOr(const QueryNode& node) {
  node.min_should_match > 0 ? PrintAtLeast(node) : PrintList(node, " ");
}

void Printer::Print(const QueryNode& node) {
  switch (node.kind) {
    case NodeKind::kWord:
      return Append(StrCat(node.literal ? "=" : "", EscapeWord(node.text)));
    case NodeKind::kWildcard:
      return Append(EscapeWildcard(node.text));
    case NodeKind::kFuzzy:
      return Append(StrCat(EscapeWord(node.text), "~", node.max_edits));
    case NodeKind::kRange:
      return PrintRange(node);
    case NodeKind::kColumn:
      return Append(StrCat(node.field, ":", QuoteValue(node.text)));
    case NodeKind::kAll:
    case NodeKind::kAnyWord:
      return Append("*");
    case NodeKind::kNone:
      return;
    case NodeKind::kPhrase:
      return PrintPhrase(node);
    case NodeKind::kNear:
      if (IsAnywhere(node)) return PrintList(node, " AND ");
      return PrintList(node, StrCat(" ", PrintDistance(node), " "));
    case NodeKind::kRegion:
      return PrintRegion(node);
    case NodeKind::kAnd:
      return PrintList(node, " AND ");
    case NodeKind::kOr:
      return PrintOr(node);
    case NodeKind::kXor:
      return PrintList(node, " XOR ");
    case NodeKind::kAndNot:
      return PrintList(node, " AND NOT ");
    case NodeKind::kNot:
      Append("NOT ");
      return PrintOperand(*node.children.front());
    case NodeKind::kFilter:
      return PrintList(node, " FILTER ");
    case NodeKind::kMaybe:
      return PrintList(node, " MAYBE ");
    case NodeKind::kBestOf:
      return PrintList(node, " | ");
    case NodeKind::kSyn:
      return PrintList(node, " SYN ");
    case NodeKind::kClauses:
      return node.min_should_match > 0 ? PrintAtLeast(node) : PrintClauses(node);
    case NodeKind::kBoost:
      return PrintBoost(node);
  }
}

}  // namespace

std::string PrintQuery(const QueryNode& node) { return Printer().Run(node); }

std::string Query::ToString() const { return root_ == nullptr ? "" : PrintQuery(*root_); }

}  // namespace ibid
