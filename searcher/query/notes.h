// The notes of one parse, collected in any order and handed out by position.
#ifndef IBID_SEARCHER_QUERY_NOTES_H_
#define IBID_SEARCHER_QUERY_NOTES_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "ibid/query.h"

namespace ibid {

struct Span {
  size_t begin = 0;
  size_t end = 0;
};

class NoteList {
 public:
  // Beyond this many a query says the same over and over; the last one then says so.
  static constexpr size_t kMaxNotes = 32;

  void Note(Span span, std::string_view code, std::string message);     // fine in strict mode
  void Warning(Span span, std::string_view code, std::string message);  // refused in strict mode

  // The same; the whole query's canonical form is added at the end as " read as  ..." and fixit.
  void NoteReadAs(Span span, std::string_view code, std::string message);
  void WarningReadAs(Span span, std::string_view code, std::string message);

  // False once kMaxNotes are held: costly messages need not be made.
  bool wanted() const { return notes_.size() < kMaxNotes; }

  // All notes in order of position.
  std::vector<QueryNote> Finish(std::string_view canonical) &&;

 private:
  void Add(QueryNote note, bool read_as);

  std::vector<QueryNote> notes_;
  size_t num_left_out_ = 0;
  NoteSeverity worst_left_out_ = NoteSeverity::kNote;
};

// What strict parsing answers: the first warning or error, or ok.
absl::Status StrictStatus(std::string_view text, const std::vector<QueryNote>& notes);

// "query: 5,210 clauses, limit 1,024 (--max-clauses)".
absl::Status LimitError(size_t value, std::string_view what, size_t limit, std::string_view flag);

}  // namespace ibid

#endif  // IBID_SEARCHER_QUERY_NOTES_H_
