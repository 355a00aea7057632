#include "common/format/word_pairs.h"

#include <algorithm>
#include <utility>

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

// Walks the positions of one word, a block of postings at a time.
class WordPositions {
 public:
  WordPositions(const SegmentReader& segment, const TermInfo& word)
      : cursor_(segment.Postings(word)) {
    Load();
  }

  DocId doc() const { return doc_; }  // kNoMoreDocs at the end
  // Calls `place` with each position of doc(), then moves to the next document. Whether `place`
  // found all of them good.
  template <typename Place>
  bool Next(const Place& place) {
    bool good = true;
    uint64_t position = 0;
    for (uint32_t i = block_.freqs[index_]; i > 0; --i) {
      position += gaps_[gap_++];
      good &= place(position++);
    }
    if (++index_ == block_.size) {
      cursor_.NextBlock();
      index_ = 0;
      Load();
    } else if (index_ == loaded_end_) {
      Load();
    } else {
      doc_ = block_.docs[index_];
    }
    return good;
  }
  const absl::Status& status() const { return cursor_.status(); }

 private:
  // From posting index_ of the block on.
  void Load() {
    doc_ = kNoMoreDocs;
    gap_ = 0;
    gaps_.clear();
    loaded_end_ = index_ + cursor_.AppendBlockGaps(index_, &gaps_);
    if (cursor_.doc() == kNoMoreDocs) return;  // the end, or damage
    block_ = cursor_.CurrentBlock();
    doc_ = block_.docs[index_];
  }

  PostingsCursor cursor_;
  PostingsCursor::Block block_ = {};
  std::vector<uint32_t> gaps_;  // of the block's postings up to loaded_end_
  DocId doc_ = kNoMoreDocs;
  uint32_t index_ = 0;  // of doc_ in block_
  uint32_t loaded_end_ = 0;
  size_t gap_ = 0;  // the first of doc_
};

class WordPairWalk {
 public:
  WordPairWalk(const SegmentReader& segment, std::span<const TermInfo> words,
               const WordPairVisitor& visit)
      : segment_(segment), batch_(&visit) {
    words_.reserve(words.size());
    for (const TermInfo& word : words) words_.emplace_back(segment, word);
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
    for (size_t number = 0; number < words_.size(); ++number) {
      WordPositions& word = words_[number];
      const auto mark = static_cast<uint16_t>(number + 1);
      while (word.doc() < end) {
        const DocId doc = word.doc();
        uint16_t* const places = places_.data() + begins_[doc - first];
        const uint32_t size = begins_[doc - first + 1] - begins_[doc - first] - 1;
        const bool good = word.Next([&](uint64_t position) {
          if (position >= size) return false;
          places[position] = mark;
          return true;
        });
        if (!good) return TooFar(doc);
      }
      RETURN_IF_ERROR(word.status());
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
    for (size_t number = 0; number < words_.size(); ++number) {
      WordPositions& word = words_[number];
      if (word.doc() == doc) {
        word.Next([&](uint64_t position) {
          places.emplace_back(static_cast<Position>(position), static_cast<uint16_t>(number));
          return true;
        });
      }
      RETURN_IF_ERROR(word.status());
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
  std::vector<WordPositions> words_;
  std::vector<uint32_t> begins_;  // of each document of the layout, and the end of the last
  std::vector<uint16_t> places_;
};

}  // namespace

absl::Status WordPairBatch::AddWords(DocId doc, std::span<const uint16_t> words) {
  // Without a branch for each place: whether one begins a pair is hard to foretell.
  for (size_t begin = 0; begin + 1 < words.size();) {
    if (size_ > pairs_.size() / 2) RETURN_IF_ERROR(Finish());
    const size_t end = std::min(words.size() - 1, begin + (pairs_.size() - size_));
    WordPair* out = pairs_.data() + size_;
    for (size_t i = begin; i < end; ++i) {
      *out = {.doc = doc,
              .first = static_cast<uint16_t>(words[i] - 1),
              .second = static_cast<uint16_t>(words[i + 1] - 1),
              .position = static_cast<Position>(i)};
      out += static_cast<size_t>(words[i] != 0) & static_cast<size_t>(words[i + 1] != 0);
    }
    size_ = static_cast<size_t>(out - pairs_.data());
    begin = end;
  }
  return absl::OkStatus();
}

absl::Status WordPairBatch::Finish() {
  const std::span<const WordPair> pairs(pairs_.data(), size_);
  size_ = 0;
  return pairs.empty() ? absl::OkStatus() : (*visit_)(pairs);
}

absl::Status ForEachWordPair(const SegmentReader& segment, std::span<const TermInfo> words,
                             const WordPairVisitor& visit) {
  return WordPairWalk(segment, words, visit).Run();
}

}  // namespace ibid
