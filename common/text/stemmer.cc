#include "common/text/stemmer.h"

#include <libstemmer.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/text/analyzer.h"
#include "ibid/limits.h"

namespace ibid {
namespace {

struct StemmerDeleter {
  void operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }
};

// libstemmer does not say its version in its header; 2.2 is the one whose stems are indexed.
constexpr std::string_view kSnowballVersion = "2.2";

}  // namespace

struct Stemmer::State {
  std::string language;
  std::unique_ptr<sb_stemmer, StemmerDeleter> stemmer;  // null where memory ran out

  // Snowball says of no stemmer only that there is none; the languages are known to it.
  void Renew() {
    stemmer.reset(sb_stemmer_new(language.c_str(), "UTF_8"));
    if (stemmer == nullptr) throw std::bad_alloc();
  }
};

Stemmer::Stemmer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Stemmer::~Stemmer() = default;

absl::StatusOr<std::unique_ptr<Stemmer>> Stemmer::Create(std::string_view language) {
  // libstemmer also takes codes ("en") that the list does not name; an index names one thing.
  const std::vector<std::string> names = StemmerLanguages();
  if (!std::binary_search(names.begin(), names.end(), language)) {
    return absl::InvalidArgumentError(absl::StrCat("unknown language \"", std::string(language),
                                                   "\"; one of: none, ",
                                                   absl::StrJoin(names, ", ")));
  }
  auto state = std::make_unique<State>();
  state->language = language;
  state->Renew();
  return std::make_unique<Stemmer>(std::move(state));
}

std::string_view Stemmer::Stem(std::string_view term) {
  if (state_->stemmer == nullptr) state_->Renew();
  errno = 0;
  const sb_symbol* stem =
      sb_stemmer_stem(state_->stemmer.get(), reinterpret_cast<const sb_symbol*>(term.data()),
                      static_cast<int>(term.size()));
  if (stem == nullptr && errno == ENOMEM) {  // what the stemmer holds is then no longer to be used
    state_->stemmer = nullptr;
    throw std::bad_alloc();
  }
  if (stem == nullptr) return term;  // what Snowball refuses for reasons of its own
  const auto length = static_cast<size_t>(sb_stemmer_length(state_->stemmer.get()));
  // A few stemmers lengthen some words (Turkish, Serbian): what is no term is no stem.
  if (length == 0 || length > kMaxTermBytes) return term;
  return std::string_view(reinterpret_cast<const char*>(stem), length);
}

std::vector<std::string> StemmerLanguages() {
  std::vector<std::string> names;
  for (const char** name = sb_stemmer_list(); *name != nullptr; ++name) names.emplace_back(*name);
  std::sort(names.begin(), names.end());
  return names;
}

std::string SnowballVersion() { return std::string(kSnowballVersion); }

}  // namespace ibid
