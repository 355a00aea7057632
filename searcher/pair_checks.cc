#include "searcher/pair_checks.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/format/word_pairs.h"

namespace ibid {
namespace {

absl::Status Wrong(std::string what) { return absl::DataLossError(std::move(what)); }

// What a list says, in a few bytes: its documents, each as often as its frequency says.
class Fingerprint {
 public:
  void Add(DocId doc) {
    ++places_;
    hash_ = (hash_ ^ doc) * 0x9e3779b97f4a7c15;
    hash_ ^= hash_ >> 29;
  }
  uint64_t places() const { return places_; }
  bool operator==(const Fingerprint&) const = default;

 private:
  uint64_t hash_ = 0;
  uint64_t places_ = 0;
};

// A key of the dictionary of pairs, its words with spaces between.
std::string Quoted(std::string_view key) {
  std::string name(key);
  std::replace(name.begin(), name.end(), '\0', ' ');
  return absl::StrCat("\"", name, "\"");
}

class PairCheck {
 public:
  explicit PairCheck(const SegmentReader& segment)
      : segment_(segment), coverage_(segment.pair_coverage()) {}

  absl::Status Run() {
    if (coverage_.min_doc_freq == 0) {
      if (segment_.pairs().num_terms() == 0) return absl::OkStatus();
      return Wrong("lists where the properties say that there are none");
    }
    RETURN_IF_ERROR(FindWords());
    RETURN_IF_ERROR(FindTriples());
    RETURN_IF_ERROR(ReadPositions());
    return ReadLists();
  }

 private:
  absl::Status FindWords() {
    ASSIGN_OR_RETURN(TermCursor cursor, segment_.terms().Seek(""));
    while (!cursor.at_end()) {
      if (cursor.info().doc_freq >= coverage_.min_doc_freq) {
        if (words_.size() == kMaxPairWords) return Wrong("more words than may have pairs");
        words_.emplace_back(cursor.term());
        infos_.push_back(cursor.info());
      }
      RETURN_IF_ERROR(cursor.Next());
    }
    if (words_.size() == coverage_.num_words) return absl::OkStatus();
    return Wrong(absl::StrCat(words_.size(), " words stand in ", coverage_.min_doc_freq,
                              " documents, properties say ", coverage_.num_words));
  }

  // Which lists of three words there are is the writer's affair; which words they may have is not.
  absl::Status FindTriples() {
    ASSIGN_OR_RETURN(TermCursor cursor, segment_.pairs().Seek(""));
    std::string last;
    while (!cursor.at_end()) {
      if (cursor.term() <= last) return Wrong("lists out of order");
      last = cursor.term();
      if (IsTriple(cursor.term())) {
        const std::optional<uint64_t> triple = NumberOf(cursor.term());
        if (!triple.has_value()) {
          return Wrong(absl::StrCat("a list too many: ", Quoted(cursor.term())));
        }
        triples_.try_emplace(*triple);
      }
      RETURN_IF_ERROR(cursor.Next());
    }
    return absl::OkStatus();
  }

  static bool IsTriple(std::string_view key) {
    return std::count(key.begin(), key.end(), '\0') > 1;
  }

  // As TripleOf; none where it is no list of three words that may have one.
  std::optional<uint64_t> NumberOf(std::string_view key) const {
    size_t numbers[3];
    for (size_t i = 0; i < 3; ++i) {
      const std::string_view word = i < 2 ? key.substr(0, key.find('\0')) : key;
      const auto found = std::lower_bound(words_.begin(), words_.end(), word);
      if (found == words_.end() || *found != word) return std::nullopt;
      numbers[i] = static_cast<size_t>(found - words_.begin());
      key.remove_prefix(std::min(word.size() + 1, key.size()));
    }
    const auto [first, second, third] = numbers;
    if (!coverage_.MayHaveTriple(infos_[first], infos_[second], infos_[third])) return std::nullopt;
    return TripleOf(first, second, third);
  }

  absl::Status ReadPositions() {
    pairs_.resize(words_.size() * words_.size());
    WordPair before = {.doc = kNoMoreDocs};
    return ForEachWordPair(segment_, infos_, [&](std::span<const WordPair> pairs) {
      for (const WordPair& pair : pairs) {
        pairs_[pair.first * words_.size() + pair.second].Add(pair.doc);
        if (before.doc == pair.doc && before.position + 1 == pair.position) {
          const auto triple = triples_.find(TripleOf(before.first, pair.first, pair.second));
          if (triple != triples_.end()) triple->second.Add(pair.doc);
        }
        before = pair;
      }
      return absl::OkStatus();
    });
  }

  static uint64_t TripleOf(uint64_t first, uint64_t second, uint64_t third) {
    return (first * kMaxPairWords + second) * kMaxPairWords + third;
  }

  // The key of the next pair from number `*pair` on that must have a list; empty past the last.
  std::string NextKey(size_t* pair) const {
    for (; *pair < pairs_.size(); ++*pair) {
      const size_t first = *pair / words_.size(), second = *pair % words_.size();
      if (pairs_[*pair].places() == 0 || !coverage_.Covers(infos_[first], infos_[second])) continue;
      return PairKey(words_[first], words_[second]);
    }
    return "";
  }

  // The dictionary is in the order of the numbers: by first, then by second word.
  absl::Status ReadLists() {
    uint64_t postings_bytes = 0;
    size_t pair = 0;
    ASSIGN_OR_RETURN(TermCursor cursor, segment_.pairs().Seek(""));
    for (; !cursor.at_end(); ++pair) {
      const std::string key = NextKey(&pair);
      while (!cursor.at_end() && IsTriple(cursor.term()) && (key.empty() || cursor.term() < key)) {
        const std::optional<uint64_t> triple = NumberOf(cursor.term());
        if (!triple.has_value()) return Wrong("lists that change while they are read");
        RETURN_IF_ERROR(Compare(cursor, triples_[*triple]));
        postings_bytes += cursor.info().postings_bytes;
        RETURN_IF_ERROR(cursor.Next());
      }
      if (key.empty()) break;
      if (cursor.at_end() || cursor.term() > key) return Wrong(Quoted(key) + " has no list");
      if (cursor.term() < key) return Wrong("a list too many before " + Quoted(key));
      RETURN_IF_ERROR(Compare(cursor, pairs_[pair]));
      postings_bytes += cursor.info().postings_bytes;
      RETURN_IF_ERROR(cursor.Next());
    }
    if (!cursor.at_end()) return Wrong("a list too many at the end");
    if (const std::string key = NextKey(&pair); !key.empty()) {
      return Wrong(Quoted(key) + " has no list");
    }
    const uint64_t expected = segment_.properties().pair_postings_bytes;
    if (postings_bytes == expected) return absl::OkStatus();
    return Wrong(absl::StrCat("lists of ", postings_bytes, " bytes, properties say ", expected));
  }

  absl::Status Compare(const TermCursor& cursor, const Fingerprint& expected) const {
    Fingerprint found;
    if (cursor.info().positions_bytes > 0 || cursor.info().inlined) {
      return Wrong("a list with positions");
    }
    PostingsCursor postings = segment_.Postings(cursor.info());
    while (postings.doc() != kNoMoreDocs && postings.freq() <= expected.places() - found.places()) {
      for (uint32_t i = postings.freq(); i > 0; --i) found.Add(postings.doc());
      postings.Next();
    }
    RETURN_IF_ERROR(postings.status());
    if (postings.doc() == kNoMoreDocs && found == expected) return absl::OkStatus();
    return Wrong(Quoted(cursor.term()) + ": its list differs from the positions of its words");
  }

  const SegmentReader& segment_;
  const PairCoverage coverage_;
  std::vector<std::string> words_;  // by bytes
  std::vector<TermInfo> infos_;
  std::vector<Fingerprint> pairs_;                     // by first, second word
  std::unordered_map<uint64_t, Fingerprint> triples_;  // that there are lists of, by TripleOf
};

}  // namespace

absl::Status CheckPairs(const SegmentReader& segment) { return PairCheck(segment).Run(); }

}  // namespace ibid
