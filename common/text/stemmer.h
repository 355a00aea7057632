// Snowball's stemmers: the only door to libstemmer. Nothing is cached: the indexer asks once for
// each distinct term of a unit of documents.
//
//   ASSIGN_OR_RETURN(auto stemmer, Stemmer::Create("english"));
//   stemmer->Stem("advanced");   // "advanc"
//
// Where Snowball has no memory, std::bad_alloc is thrown, as where C++ has none. Not thread-safe.
#ifndef IBID_COMMON_TEXT_STEMMER_H_
#define IBID_COMMON_TEXT_STEMMER_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace ibid {

class Stemmer {
 public:
  struct State;

  // InvalidArgument, with the list of stemmers, where Snowball has none of that name.
  static absl::StatusOr<std::unique_ptr<Stemmer>> Create(std::string_view language);

  explicit Stemmer(std::unique_ptr<State> state);
  ~Stemmer();

  // The stem of a folded term. Valid until the next call, and while `term` is.
  std::string_view Stem(std::string_view term);

 private:
  std::unique_ptr<State> state_;
};

// As in "2.2".
std::string SnowballVersion();

}  // namespace ibid

#endif  // IBID_COMMON_TEXT_STEMMER_H_
