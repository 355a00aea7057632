// From tokens to a tree, without recursion: an operator-precedence parser with one frame for each
// open parenthesis.
#ifndef IBID_SEARCHER_QUERY_PARSER_H_
#define IBID_SEARCHER_QUERY_PARSER_H_

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "searcher/query/fields.h"
#include "searcher/query/lexer.h"
#include "searcher/query/notes.h"
#include "searcher/query/tree.h"
#include "searcher/query/values.h"

namespace ibid {

class Parser {
 public:
  // All must outlive the parser.
  Parser(std::string_view text, const std::vector<Token>& tokens, const FieldTable& fields,
         const ParseOptions& options, NoteList& notes);

  // Null: nothing to search for. Errors: InvalidArgument past a limit.
  absl::StatusOr<Node> Run();

 private:
  enum class Sign { kNone, kPlus, kMinus };

  struct Operand {
    Node node;
    Sign sign = Sign::kNone;   // a sign or NOT before it that nothing has used yet
    bool open_chain = false;   // NEARs without parentheses: a further one may join
    bool exact_chain = false;  // the chain is one of /=n
    bool is_explicit = false;  // joined by operators without parentheses
    size_t clauses = 1;
    size_t depth = 1;
  };

  struct Operator {
    const Token* token = nullptr;
    int level = 0;
    bool unary = false;
  };

  // One open parenthesis, or the whole query.
  struct Frame {
    Span span;
    size_t operand_base = 0;
    size_t operator_base = 0;
    std::vector<FieldSet> fields;  // before the parenthesis, outermost first
    std::vector<Operand> clauses;  // finished ones
  };

  // parser.cc
  void Step(const Token& token);
  void OnOpen(const Token& token);
  void OnClose(const Token& token);
  void OnBinary(const Token& token);
  void OnNot(const Token& token);
  void OnUnary(const Token& token);
  void OnField(const Token& token);
  void OnOperand(Operand operand);
  void OnNothing();  // a group or phrase without a word
  void DropDanglingOperators();
  void NoteDangling(const Operator& op);
  void FinishClause();
  std::optional<Operand> CloseFrame();
  void Fail(absl::Status status);
  void Measure(Operand& operand);  // clauses and depth anew, checked
  void CheckDepth(const Operand& operand);

  // parser_clauses.cc: a list of clauses becomes one operand.
  std::optional<Operand> CombineClauses(Frame& frame, std::optional<uint32_t> at_least);
  Operand CombineSigned(std::vector<Operand> clauses, std::optional<uint32_t> at_least);
  Operand ApplyAtLeast(Operand operand, uint32_t at_least, Span span);
  void NoteMixed(const std::vector<Operand>& clauses);

  // parser_operators.cc: reducing operators, suffixes.
  void ReduceTo(int level);
  void ReduceTop();
  void ReduceUnary(const Token& token);
  void ReduceBinary(const Token& token);
  Operand ResolveSign(Operand operand);
  Operand JoinList(NodeKind kind, Operand left, Operand right);
  Operand JoinNear(const Token& token, Operand left, Operand right);
  Operand JoinSyn(const Token& token, Operand left, Operand right);
  bool JoinsChain(const Token& token, const Operand& left);
  bool MakePositional(const Token& token, Operand& left, Operand& right);
  void NoteRepairs(const Token& token, const PositionalRepairs& repairs);
  Operand ApplyBoost(Operand operand, const Token& token);
  Operand ApplySuffixes(Operand operand, bool group);

  // parser_leaf.cc: words, phrases, ranges with their fields.
  struct Suffix {
    const Token* star = nullptr;
    const Token* tilde = nullptr;
  };
  Suffix TakeLeafSuffix();
  void OnLeaf(const Token& token);
  Node PlainLeaf(const Token& token, const Suffix& suffix);
  Node WordLeaf(const Token& token, const Suffix& suffix);
  Node PhraseLeaf(const Token& token, const Suffix& suffix);
  Node FuzzyLeaf(std::string text, const Token& token, const Token& tilde);
  Node BracketAsText(const Token& token);
  Node SynonymLeaf(std::string_view text, Span span);
  Node ColumnLeaf(const Token& token, const Column& column);
  Node DefaultDateLeaf(const Token& token);
  Node FieldLeaf(const Token& token, const Suffix& suffix, const FieldSet& fields, bool direct);
  const FieldSet* EffectiveFields() const;
  Operand Restrict(Operand operand, const std::vector<FieldSet>& fields);
  void NoteReversed(const ColumnRange& range, Span span);
  void NoteIgnoredSuffix(const Token& token);
  void NoteIgnoredSuffixes(const Suffix& suffix);

  const Token* Peek() const { return next_ < tokens_.size() ? &tokens_[next_] : nullptr; }
  std::string_view TextOf(Span span) const {
    return text_.substr(span.begin, span.end - span.begin);
  }

  std::string_view text_;
  const std::vector<Token>& tokens_;
  const FieldTable& fields_;
  const ParseOptions& options_;
  NoteList& notes_;
  size_t next_ = 0;
  std::vector<Frame> frames_;
  std::vector<Operand> operands_;
  std::vector<Operator> operators_;
  std::vector<FieldSet> pending_fields_;
  bool want_operand_ = true;
  bool noted_mixed_ = false;
  size_t num_clauses_ = 0;
  absl::Status status_;
};

}  // namespace ibid

#endif  // IBID_SEARCHER_QUERY_PARSER_H_
