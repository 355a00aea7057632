#include "tests/indexer/random_documents.h"

#include <array>
#include <cmath>
#include <random>
#include <string_view>

#include "common/base/strings.h"

namespace ibid {
namespace {

constexpr std::array<std::string_view, 40> kWords = {
    "the",      "rebels",   "rebel",     "advance",        "advanced",  "advancing", "of",
    "a",        "minister", "ministers", "said",           "say",       "says",      "saying",
    "U.S.",     "troops",   "troop",     "market",         "marketing", "markets",   "generously",
    "generous", "general",  "generally", "well-organized", "20,000",    "3.5",       "city",
    "cities",   "fly",      "flies",     "flying",         "was",       "news",      "new",
    "running",  "runs",     "ran",       "universities",   "university"};

class Generator {
 public:
  explicit Generator(uint32_t seed) : random_(seed) {}

  uint32_t Below(uint32_t n) { return static_cast<uint32_t>(random_() % n); }

  std::string Word() {
    if (Below(12) == 0) return StrCat("w", Below(100000));
    const double uniform = (random_() % 1000 + 1) / 1001.0;
    const auto rank = static_cast<size_t>(std::pow(kWords.size(), uniform)) - 1;
    return std::string(kWords[rank % kWords.size()]);
  }

  std::string Text(uint32_t num_words) {
    std::string text;
    for (uint32_t i = 0; i < num_words; ++i) {
      if (Below(20) == 0) text += '"';
      text += Word();
      const uint32_t after = Below(30);
      text += after == 0 ? ". " : after == 1 ? ".\n\n" : after == 2 ? "\" " : " ";
    }
    return text;
  }

  Document Make(size_t number) {
    Document document;
    document.key = StrCat("doc-", number);
    if (Below(5) > 0) document.title = Text(1 + Below(8));
    if (Below(20) > 0) document.text = Text(Below(Below(10) == 0 ? 1500 : 120));
    if (Below(3) > 0) document.date = StrCat("20", 10 + Below(15), "-0", 1 + Below(9), "-11");
    if (Below(3) > 0) document.source = StrCat("Wire ", Below(5));
    if (Below(2) == 0) {
      document.fields.push_back({.name = "pages", .values = {int64_t{Below(40)}}});
    }
    if (Below(4) == 0) {
      document.fields.push_back(
          {.name = "tags", .values = {StrCat("t", Below(9)), StrCat("t", Below(9))}});
    }
    if (Below(9) == 0) document.fields.push_back({.name = "pages", .values = {Below(9) / 2.0}});
    return document;
  }

 private:
  std::mt19937 random_;
};

}  // namespace

std::vector<Document> RandomDocuments(uint32_t seed, size_t count, size_t first) {
  Generator generator(seed);
  std::vector<Document> documents;
  for (size_t i = 0; i < count; ++i) documents.push_back(generator.Make(first + i));
  return documents;
}

}  // namespace ibid
