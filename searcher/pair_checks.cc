#include "searcher/pair_checks.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/format/word_pairs.h"

namespace ibid {
namespace {

absl::Status Wrong(std::string what) { return absl::DataLossError(std::move(what)); }

// What a list says, in a few bytes: places in their order, each mixed into what came before.
class Fingerprint {
 public:
  void Add(DocId doc, uint64_t position) {
    ++places_;
    hash_ = (hash_ ^ (uint64_t{doc} << 32 | position)) * 0x9e3779b97f4a7c15;
    hash_ ^= hash_ >> 29;
  }
  bool empty() const { return places_ == 0; }
  bool operator==(const Fingerprint&) const = default;

 private:
  uint64_t hash_ = 0;
  uint64_t places_ = 0;
};

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

  bool HasPositions(size_t pair) const {
    return coverage_.HasPositions(infos_[pair / words_.size()], infos_[pair % words_.size()]);
  }

  absl::Status ReadPositions() {
    expected_.resize(words_.size() * words_.size());
    return ForEachWordPair(segment_, infos_, [this](std::span<const WordPair> pairs) {
      for (const WordPair& pair : pairs) {
        const size_t number = pair.first * words_.size() + pair.second;
        expected_[number].Add(pair.doc, HasPositions(number) ? pair.position : 0);
      }
      return absl::OkStatus();
    });
  }

  // The pairs in the order of their keys: by first, then by second word.
  absl::Status ReadLists() {
    uint64_t postings_bytes = 0, positions_bytes = 0;
    ASSIGN_OR_RETURN(TermCursor cursor, segment_.pairs().Seek(""));
    for (size_t pair = 0; pair < expected_.size(); ++pair) {
      if (expected_[pair].empty()) continue;
      const std::string name =
          absl::StrCat("\"", words_[pair / words_.size()], " ", words_[pair % words_.size()], "\"");
      const std::string key = PairKey(words_[pair / words_.size()], words_[pair % words_.size()]);
      if (cursor.at_end() || cursor.term() > key) return Wrong(absl::StrCat(name, " has no list"));
      if (cursor.term() < key) return Wrong(absl::StrCat("a list too many before ", name));
      ASSIGN_OR_RETURN(const Fingerprint found, ReadList(cursor.info(), HasPositions(pair)));
      if (!(found == expected_[pair])) {
        return Wrong(absl::StrCat(name, ": its list differs from the positions of its words"));
      }
      postings_bytes += cursor.info().postings_bytes;
      positions_bytes += cursor.info().positions_bytes;
      RETURN_IF_ERROR(cursor.Next());
    }
    if (!cursor.at_end()) return Wrong("a list too many at the end");
    const SegmentProperties& properties = segment_.properties();
    if (postings_bytes != properties.pair_postings_bytes ||
        positions_bytes != properties.pair_positions_bytes) {
      return Wrong(absl::StrCat("lists of ", postings_bytes, " and ", positions_bytes,
                                " bytes, properties say ", properties.pair_postings_bytes, " and ",
                                properties.pair_positions_bytes));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<Fingerprint> ReadList(const TermInfo& info, bool with_positions) {
    Fingerprint found;
    PostingsCursor cursor = segment_.Postings(info);
    for (; cursor.doc() != kNoMoreDocs; cursor.Next()) {
      if (!with_positions) {
        for (uint32_t i = cursor.freq(); i > 0; --i) found.Add(cursor.doc(), 0);
        continue;
      }
      positions_.clear();
      cursor.AppendPositions(&positions_);
      for (const Position position : positions_) found.Add(cursor.doc(), position);
    }
    RETURN_IF_ERROR(cursor.status());
    if (!with_positions && info.positions_bytes > 0) return Wrong("a list with positions too many");
    return found;
  }

  const SegmentReader& segment_;
  const PairCoverage coverage_;
  std::vector<std::string> words_;  // by bytes
  std::vector<TermInfo> infos_;
  std::vector<Fingerprint> expected_;  // by first, second word
  std::vector<Position> positions_;
};

}  // namespace

absl::Status CheckPairs(const SegmentReader& segment) { return PairCheck(segment).Run(); }

}  // namespace ibid
