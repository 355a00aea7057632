#include "common/format/word_pairs.h"

#include <algorithm>

#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/format/impacts.h"

namespace ibid {
namespace {

// Places of documents that are laid out at a time: two bytes each, to stay in the processor's
// second cache. A document that alone needs more is not laid out but sorted.
constexpr uint64_t kLayoutPlaces = uint64_t{1} << 18;

// Behind a document's last position, none past this: its norm says the length to within the next
// norm, and a title is followed by one free place.
uint64_t PlacesOf(uint8_t norm) {
  return norm == 255 ? UINT64_MAX / 2 : uint64_t{NormToLength(static_cast<uint8_t>(norm + 1))};
}

class WordPairWalk {
 public:
  WordPairWalk(const SegmentReader& segment, std::span<const TermInfo> words,
               const WordPairVisitor& visit)
      : segment_(segment), batch_(&visit) {
    cursors_.reserve(words.size());
    for (const TermInfo& word : words) cursors_.push_back(segment.Postings(word));
  }

  absl::Status Run() {
    for (DocId doc = 0; doc < segment_.num_docs();) {
      ASSIGN_OR_RETURN(const DocId end, PlanLayout(doc));
      RETURN_IF_ERROR(end == doc ? SortDocument(doc) : LayOut(doc, end));
      doc = std::max(end, doc + 1);
    }
    return batch_.Finish();
  }

 private:
  // The documents from `first` on that fit into a layout, with a free place behind each; sets where
  // each begins. `first` where it alone does not fit.
  absl::StatusOr<DocId> PlanLayout(DocId first) {
    begins_.assign(1, 0);
    uint64_t places = 0;
    DocId doc = first;
    for (; doc < segment_.num_docs(); ++doc) {
      ASSIGN_OR_RETURN(const uint8_t norm, segment_.Norm(doc));
      places += std::min(PlacesOf(norm), kLayoutPlaces) + 1;
      if (places > kLayoutPlaces) break;
      begins_.push_back(static_cast<uint32_t>(places));
    }
    return doc;
  }

  absl::Status LayOut(DocId first, DocId end) {
    places_.assign(begins_.back(), 0);
    for (size_t word = 0; word < cursors_.size(); ++word) {
      PostingsCursor& cursor = cursors_[word];
      for (DocId doc = cursor.doc(); doc < end; doc = cursor.Next()) {
        positions_.clear();
        cursor.AppendPositions(&positions_);
        const uint32_t begin = begins_[doc - first];
        const uint32_t size = begins_[doc - first + 1] - begin - 1;
        if (!positions_.empty() && positions_.back() >= size) return TooFar(doc);
        for (const Position position : positions_) {
          places_[begin + position] = static_cast<uint16_t>(word + 1);
        }
      }
      RETURN_IF_ERROR(cursor.status());
    }
    for (DocId doc = first; doc < end; ++doc) {
      const uint32_t begin = begins_[doc - first];
      const uint32_t size = begins_[doc - first + 1] - begin;
      RETURN_IF_ERROR(batch_.AddWords(doc, {places_.data() + begin, size}));
    }
    return absl::OkStatus();
  }

  absl::Status SortDocument(DocId doc) {
    std::vector<std::pair<Position, uint16_t>> places;
    for (size_t word = 0; word < cursors_.size(); ++word) {
      PostingsCursor& cursor = cursors_[word];
      if (cursor.doc() == doc) {
        positions_.clear();
        cursor.AppendPositions(&positions_);
        for (const Position position : positions_) {
          places.emplace_back(position, static_cast<uint16_t>(word));
        }
        cursor.Next();
      }
      RETURN_IF_ERROR(cursor.status());
    }
    std::sort(places.begin(), places.end());
    for (size_t i = 1; i < places.size(); ++i) {
      const auto& [position, word] = places[i - 1];
      if (places[i].first != position + 1) continue;
      RETURN_IF_ERROR(batch_.Add(
          {.doc = doc, .first = word, .second = places[i].second, .position = position}));
    }
    return absl::OkStatus();
  }

  absl::Status TooFar(DocId doc) const {
    return absl::DataLossError(StrCat(segment_.norms().name(), ": document ", doc,
                                      " is shorter by its norm than by a word's positions"));
  }

  const SegmentReader& segment_;
  WordPairBatch batch_;
  std::vector<PostingsCursor> cursors_;
  std::vector<uint32_t> begins_;  // of each document of the layout, and the end of the last
  std::vector<uint16_t> places_;
  std::vector<Position> positions_;
};

}  // namespace

absl::Status WordPairBatch::AddWords(DocId doc, std::span<const uint16_t> words) {
  for (size_t i = 1; i < words.size(); ++i) {
    if (words[i] == 0) {
      ++i;  // nor does a pair begin there
      continue;
    }
    if (words[i - 1] == 0) continue;
    RETURN_IF_ERROR(Add({.doc = doc,
                         .first = static_cast<uint16_t>(words[i - 1] - 1),
                         .second = static_cast<uint16_t>(words[i] - 1),
                         .position = static_cast<Position>(i - 1)}));
  }
  return absl::OkStatus();
}

absl::Status WordPairBatch::Finish() {
  const std::span<const WordPair> pairs = pairs_;
  const absl::Status status = pairs.empty() ? absl::OkStatus() : (*visit_)(pairs);
  pairs_.clear();
  return status;
}

absl::Status ForEachWordPair(const SegmentReader& segment, std::span<const TermInfo> words,
                             const WordPairVisitor& visit) {
  return WordPairWalk(segment, words, visit).Run();
}

}  // namespace ibid
