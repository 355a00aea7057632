#include "common/text/stemmer.h"

#include <libstemmer.h>

#include <algorithm>
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
  std::unique_ptr<sb_stemmer, StemmerDeleter> stemmer;
};

Stemmer::Stemmer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Stemmer::~Stemmer() = default;

absl::StatusOr<std::unique_ptr<Stemmer>> Stemmer::Create(std::string_view language) {
  // libstemmer also takes codes ("en") that the list does not name; an index names one thing.
  const std::vector<std::string> names = StemmerLanguages();
  auto state = std::make_unique<State>();
  if (std::binary_search(names.begin(), names.end(), language)) {
    state->stemmer.reset(sb_stemmer_new(std::string(language).c_str(), "UTF_8"));
  }
  if (state->stemmer == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat("unknown language \"", std::string(language),
                                                   "\"; one of: none, ",
                                                   absl::StrJoin(names, ", ")));
  }
  return std::make_unique<Stemmer>(std::move(state));
}

std::string_view Stemmer::Stem(std::string_view term) {
  const sb_symbol* stem =
      sb_stemmer_stem(state_->stemmer.get(), reinterpret_cast<const sb_symbol*>(term.data()),
                      static_cast<int>(term.size()));
  if (stem == nullptr) return term;  // out of memory inside Snowball
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
