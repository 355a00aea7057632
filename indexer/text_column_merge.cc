#include "indexer/text_column_merge.h"

#include <algorithm>
#include <compare>
#include <string>
#include <string_view>
#include <utility>

#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace ibid {
namespace {

// Bytes of texts after which pages are let go.
constexpr size_t kLetGoBytes = size_t{4} << 20;

// The first eight bytes as a number: where two differ, the texts compare as they do.
uint64_t PrefixOf(std::string_view text) {
  uint64_t prefix = 0;
  const size_t size = std::min<size_t>(text.size(), 8);
  for (size_t i = 0; i < size; ++i) prefix = prefix << 8 | static_cast<uint8_t>(text[i]);
  return size == 0 ? 0 : prefix << 8 * (8 - size);
}

class Merger {
 public:
  Merger(const std::vector<TextSource>& sources, const std::function<void()>& let_go,
         OrdinalMaps* maps, FrontCodedWriter* out)
      : sources_(sources), let_go_(let_go), maps_(maps), out_(out) {}

  absl::StatusOr<uint32_t> Run() {
    for (uint32_t i = 0; i < sources_.size(); ++i) {
      cursors_.emplace_back(&sources_[i].column->texts());
      ASSIGN_OR_RETURN(const bool more, Next(i));
      if (!more) continue;
      heap_.push_back({.prefix = PrefixOf(cursors_[i].string()), .source = i});
    }
    for (size_t i = heap_.size() / 2; i-- > 0;) SiftDown(i);
    while (!heap_.empty()) RETURN_IF_ERROR(TakeFirst());
    return num_texts_;
  }

 private:
  struct Head {
    uint64_t prefix;
    uint32_t source;
  };

  absl::StatusOr<bool> Next(uint32_t source) {
    const std::vector<bool>& used = sources_[source].used;
    FrontCodedCursor& cursor = cursors_[source];
    while (true) {
      ASSIGN_OR_RETURN(const bool more, cursor.Next());
      if (!more || used.empty() || used[cursor.ordinal()]) return more;
    }
  }

  absl::Status TakeFirst() {
    const uint32_t source = heap_.front().source;
    const FrontCodedCursor& cursor = cursors_[source];
    RETURN_IF_ERROR(Put(cursor.string(), cursor.original(), source));
    RETURN_IF_ERROR(maps_->Add(source, cursor.ordinal(), num_texts_ - 1));
    ASSIGN_OR_RETURN(const bool more, Next(source));
    if (more) {
      heap_.front().prefix = PrefixOf(cursor.string());
    } else {
      heap_.front() = heap_.back();
      heap_.pop_back();
    }
    SiftDown(0);
    return absl::OkStatus();
  }

  // The text, unless it is the last one again.
  absl::Status Put(std::string_view folded, std::string_view original, uint32_t source) {
    if (num_texts_ > 0) {
      auto order = folded <=> std::string_view(folded_);
      if (order == 0) order = original <=> std::string_view(original_);
      if (order == 0) return absl::OkStatus();
      if (order < 0) {
        return absl::DataLossError(
            StrCat("column ", sources_[source].column->name(), ": the texts are not sorted"));
      }
    }
    if (num_texts_ == UINT32_MAX - 1) {
      return absl::ResourceExhaustedError(
          StrCat("column ", sources_[source].column->name(), ": too many different texts"));
    }
    out_->Add(folded, original);
    folded_ = folded;
    original_ = original;
    ++num_texts_;
    read_bytes_ += folded.size() + original.size();
    if (read_bytes_ < kLetGoBytes) return absl::OkStatus();
    read_bytes_ = 0;
    let_go_();
    return absl::OkStatus();
  }

  bool Before(const Head& a, const Head& b) const {
    if (a.prefix != b.prefix) return a.prefix < b.prefix;
    const FrontCodedCursor& first = cursors_[a.source];
    const FrontCodedCursor& second = cursors_[b.source];
    const auto order = first.string() <=> second.string();
    return order != 0 ? order < 0 : first.original() < second.original();
  }

  void SiftDown(size_t at) {
    while (true) {
      size_t least = 2 * at + 1;
      if (least >= heap_.size()) return;
      if (least + 1 < heap_.size() && Before(heap_[least + 1], heap_[least])) ++least;
      if (!Before(heap_[least], heap_[at])) return;
      std::swap(heap_[least], heap_[at]);
      at = least;
    }
  }

  const std::vector<TextSource>& sources_;
  const std::function<void()>& let_go_;
  OrdinalMaps* maps_;
  FrontCodedWriter* out_;
  std::vector<FrontCodedCursor> cursors_;
  std::vector<Head> heap_;  // the least text first
  std::string folded_;      // the last one
  std::string original_;
  uint32_t num_texts_ = 0;
  size_t read_bytes_ = 0;
};

}  // namespace

absl::StatusOr<uint32_t> MergeTexts(const std::vector<TextSource>& sources,
                                    const std::function<void()>& let_go, OrdinalMaps* maps,
                                    FrontCodedWriter* out) {
  return Merger(sources, let_go, maps, out).Run();
}

}  // namespace ibid
