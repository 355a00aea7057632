#include "indexer/document_order.h"

#include <algorithm>
#include <array>
#include <bit>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <numeric>
#include <span>
#include <thread>
#include <utility>

#include "common/base/memory_guard.h"
#include "common/base/status_macros.h"

namespace ibid {
namespace {

constexpr int kCostBits = 9;  // behind the point of a cost
constexpr int32_t kOneBit = 1 << kCostBits;
// Above so many documents of a part only the most gainful of each half, an eighth of the part, are
// exchanged in one round.
constexpr uint32_t kExchangeAllDocs = 4096;
// A round that exchanges no more than this share of a part is its last.
constexpr uint32_t kIdleShare = 1000;
// Parts below this are not worth a second thread.
constexpr uint32_t kMinSharedDocs = 1 << 14;

// log2 of x >= 1 with `bits` bits behind the point: the binary digits of the logarithm by repeated
// squaring of the mantissa (Knuth, The Art of Computer Programming 1, 1.2.2, exercise 25).
uint64_t Log2Fixed(uint32_t x, int bits) {
  const int whole = std::bit_width(x) - 1;
  uint64_t mantissa = uint64_t{x} << (31 - whole);
  uint64_t log = static_cast<uint64_t>(whole);
  for (int i = 0; i < bits; ++i) {
    mantissa = (mantissa * mantissa) >> 31;
    const uint64_t digit = mantissa >> 32;
    mantissa >>= digit;
    log = log << 1 | digit;
  }
  return log;
}

constexpr uint32_t kTableDocs = 4096;

std::array<int32_t, kTableDocs> MakeStepTable() {
  constexpr int kBits = 28;
  std::array<int32_t, kTableDocs> table{};
  for (uint32_t n = 0; n < kTableDocs; ++n) {
    const uint64_t step = (n + 1) * Log2Fixed(n + 2, kBits) - n * Log2Fixed(n + 1, kBits);
    table[n] = static_cast<int32_t>(step >> (kBits - kCostBits));
  }
  return table;
}

// log2(n + 2) + n log2((n + 2) / (n + 1)), the second part by the logarithm's series.
int32_t StepOfMany(uint32_t n) {
  constexpr uint64_t kLog2E = 739;  // 512 log2(e)
  const uint64_t rest = kLog2E * 2 * n / (2 * uint64_t{n} + 3);
  return static_cast<int32_t>(Log2Fixed(n + 2, kCostBits) + rest);
}

// A part of the documents, at places [begin, end).
struct Part {
  uint32_t begin = 0;
  uint32_t end = 0;
  int threads = 1;

  uint32_t size() const { return end - begin; }
};

// A document that may change its half, and what that gains.
struct Mover {
  int32_t gain = 0;
  uint32_t place = 0;

  bool operator<(const Mover& other) const {
    return gain != other.gain ? gain > other.gain : place < other.place;
  }
};

// The documents in their present order, with their lists of terms side by side in that order, so
// that every pass over a part reads memory from front to back. Parts of one level are disjoint and
// may be worked on by different threads.
struct Documents {
  explicit Documents(ForwardIndex index)
      : num_terms(index.num_terms),
        begins(std::move(index.begins)),
        terms(std::move(index.terms)),
        docs(begins.size() - 1),
        sides(docs.size()),
        gains(docs.size()),
        spare_lengths(docs.size()),
        spare_docs(docs.size()),
        spare_terms(terms.size()) {
    std::iota(docs.begin(), docs.end(), DocId{0});
  }

  std::span<const uint16_t> terms_of(uint32_t place) const {
    return std::span(terms).subspan(begins[place], begins[place + 1] - begins[place]);
  }

  uint32_t num_terms;
  std::vector<uint32_t> begins;
  std::vector<uint16_t> terms;
  std::vector<DocId> docs;
  std::vector<uint8_t> sides;  // by place: 0 left, 1 right
  std::vector<int32_t> gains;  // by place: of changing sides
  std::vector<uint32_t> spare_lengths;
  std::vector<DocId> spare_docs;
  std::vector<uint16_t> spare_terms;
};

// Parts one part at a time. One a thread.
class Bisector {
 public:
  Bisector(Documents* documents, const OrderOptions& options)
      : documents_(*documents), options_(options) {
    for (const int side : {0, 1}) {
      counts_[side].resize(documents->num_terms);
      gains_[side].resize(documents->num_terms);
    }
  }

  // Puts the documents of `part` in order of their halves; gives the place where the right begins.
  uint32_t Bisect(const Part& part) {
    const uint32_t middle = part.begin + part.size() / 2;
    std::fill(documents_.sides.begin() + part.begin, documents_.sides.begin() + middle, 0);
    std::fill(documents_.sides.begin() + middle, documents_.sides.begin() + part.end, 1);
    CountTerms(part);
    for (int round = 0; round < options_.rounds; ++round) {
      WeighTerms();
      WeighDocuments(part);
      const uint32_t exchanged = Exchange(part, round * (kOneBit / 2));
      if (exchanged <= part.size() / kIdleShare) break;
    }
    for (const uint16_t term : touched_) counts_[0][term] = counts_[1][term] = 0;
    Rearrange(part, middle);
    return middle;
  }

 private:
  void CountTerms(const Part& part) {
    touched_.clear();
    for (uint32_t place = part.begin; place < part.end; ++place) {
      std::vector<uint32_t>& counts = counts_[documents_.sides[place]];
      for (const uint16_t term : documents_.terms_of(place)) {
        if (counts_[0][term] + counts_[1][term] == 0) touched_.push_back(term);
        ++counts[term];
      }
    }
  }

  // What a document of each half gains by each of its terms where it moves to the other.
  void WeighTerms() {
    for (const uint16_t term : touched_) {
      const uint32_t left = counts_[0][term];
      const uint32_t right = counts_[1][term];
      gains_[0][term] = left == 0 ? 0 : GapCostStep(right) - GapCostStep(left - 1);
      gains_[1][term] = right == 0 ? 0 : GapCostStep(left) - GapCostStep(right - 1);
    }
  }

  void WeighDocuments(const Part& part) {
    if (part.threads <= 1 || part.size() < kMinSharedDocs) return WeighPlaces(part.begin, part.end);
    const auto threads = static_cast<uint32_t>(part.threads);
    std::vector<std::jthread> helpers;
    for (uint32_t i = 0; i < threads; ++i) {
      const auto border = [&](uint32_t n) {
        return part.begin + static_cast<uint32_t>(uint64_t{part.size()} * n / threads);
      };
      const uint32_t begin = border(i);
      const uint32_t end = border(i + 1);
      if (i + 1 == threads) {
        WeighPlaces(begin, end);
      } else {
        helpers.emplace_back([this, begin, end] { WeighPlaces(begin, end); });
      }
    }
  }

  void WeighPlaces(uint32_t begin, uint32_t end) {
    for (uint32_t place = begin; place < end; ++place) {
      const int32_t* gains = gains_[documents_.sides[place]].data();
      int32_t sum = 0;
      for (const uint16_t term : documents_.terms_of(place)) sum += gains[term];
      documents_.gains[place] = sum;
    }
  }

  // Exchanges the documents of the halves pair by pair, those that gain most first, while both
  // together gain more than `least`. Gives the number of pairs.
  uint32_t Exchange(const Part& part, int32_t least) {
    CollectMovers(part, least);
    const size_t pairs = std::min(movers_[0].size(), movers_[1].size());
    uint32_t exchanged = 0;
    for (; exchanged < pairs; ++exchanged) {
      const Mover& left = movers_[0][exchanged];
      const Mover& right = movers_[1][exchanged];
      if (int64_t{left.gain} + right.gain <= least) break;
      Move(left.place);
      Move(right.place);
    }
    return exchanged;
  }

  // Those that may be in a pair worth exchanging, by gain.
  void CollectMovers(const Part& part, int32_t least) {
    int64_t best[2] = {INT32_MIN, INT32_MIN};
    for (uint32_t place = part.begin; place < part.end; ++place) {
      int64_t& side = best[documents_.sides[place]];
      side = std::max<int64_t>(side, documents_.gains[place]);
    }
    for (std::vector<Mover>& movers : movers_) movers.clear();
    for (uint32_t place = part.begin; place < part.end; ++place) {
      const int side = documents_.sides[place];
      const int32_t gain = documents_.gains[place];
      if (gain + best[1 - side] > least) movers_[side].push_back({.gain = gain, .place = place});
    }
    const size_t most = part.size() > kExchangeAllDocs ? part.size() / 8 : part.size();
    for (std::vector<Mover>& movers : movers_) {
      if (movers.size() > most) {
        std::nth_element(movers.begin(), movers.begin() + static_cast<ptrdiff_t>(most),
                         movers.end());
        movers.resize(most);
      }
      std::sort(movers.begin(), movers.end());
    }
  }

  void Move(uint32_t place) {
    uint8_t& side = documents_.sides[place];
    for (const uint16_t term : documents_.terms_of(place)) {
      --counts_[side][term];
      ++counts_[1 - side][term];
    }
    side = 1 - side;
  }

  // The left half first, each half in the order it had.
  void Rearrange(const Part& part, uint32_t middle) {
    uint32_t to[2] = {part.begin, middle};
    uint32_t left_terms = 0;
    for (uint32_t place = part.begin; place < part.end; ++place) {
      if (documents_.sides[place] == 0) left_terms += static_cast<uint32_t>(LengthAt(place));
    }
    const uint32_t first_term = documents_.begins[part.begin];
    uint32_t term_to[2] = {first_term, first_term + left_terms};
    for (uint32_t place = part.begin; place < part.end; ++place) {
      const uint8_t side = documents_.sides[place];
      const std::span<const uint16_t> terms = documents_.terms_of(place);
      std::copy(terms.begin(), terms.end(), documents_.spare_terms.begin() + term_to[side]);
      term_to[side] += static_cast<uint32_t>(terms.size());
      documents_.spare_docs[to[side]] = documents_.docs[place];
      documents_.spare_lengths[to[side]++] = static_cast<uint32_t>(terms.size());
    }
    uint32_t begin = first_term;
    for (uint32_t place = part.begin; place < part.end; ++place) {
      documents_.docs[place] = documents_.spare_docs[place];
      // The first place's begin stays, and the place behind the part is its neighbour's to write.
      if (place > part.begin) documents_.begins[place] = begin;
      begin += documents_.spare_lengths[place];
    }
    std::copy(documents_.spare_terms.begin() + first_term, documents_.spare_terms.begin() + begin,
              documents_.terms.begin() + first_term);
  }

  size_t LengthAt(uint32_t place) const { return documents_.terms_of(place).size(); }

  Documents& documents_;
  const OrderOptions& options_;
  std::vector<uint32_t> counts_[2];  // documents of each half that have a term; 0 between parts
  std::vector<int32_t> gains_[2];
  std::vector<uint16_t> touched_;  // terms of the part
  std::vector<Mover> movers_[2];
};

// The parts that wait to be parted, taken by any thread.
class PartQueue {
 public:
  PartQueue(uint32_t num_docs, const OrderOptions& options) : options_(options) {
    AddLocked({.begin = 0, .end = num_docs, .threads = options.threads});
    for (uint32_t size = num_docs; size > options.leaf_docs; size = (size + 1) / 2) ++levels_;
    total_ = uint64_t{num_docs} * static_cast<uint64_t>(levels_);
  }

  // Waits for a part; false when there is none and none will come, or after Stop.
  bool Take(Part* part) {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [this] { return !parts_.empty() || busy_ == 0 || stopped_; });
    if (parts_.empty() || stopped_) return false;
    *part = parts_.back();
    parts_.pop_back();
    ++busy_;
    return true;
  }

  // `part` has been parted at `middle`. Gives the share of all work that is done.
  double Done(const Part& part, uint32_t middle) {
    const std::lock_guard lock(mutex_);
    --busy_;
    done_ += part.size();
    const int threads = (part.threads + 1) / 2;
    AddLocked({.begin = middle, .end = part.end, .threads = threads});
    AddLocked({.begin = part.begin, .end = middle, .threads = threads});
    ready_.notify_all();
    return std::min(1.0, static_cast<double>(done_) / static_cast<double>(total_));
  }

  void Stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    ready_.notify_all();
  }

 private:
  void AddLocked(const Part& part) {
    if (part.size() > options_.leaf_docs) parts_.push_back(part);
  }

  const OrderOptions& options_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::vector<Part> parts_;
  int busy_ = 0;
  bool stopped_ = false;
  int levels_ = 0;
  uint64_t done_ = 0;
  uint64_t total_ = 1;
};

absl::Status Work(Documents* documents, const OrderOptions& options, PartQueue* queue,
                  const std::function<void(double)>& progress) {
  const absl::Status status = GuardMemory("ordering documents", [&]() -> absl::Status {
    Bisector bisector(documents, options);
    for (Part part; queue->Take(&part);) {
      const double share = queue->Done(part, bisector.Bisect(part));
      if (progress) progress(share);
    }
    return absl::OkStatus();
  });
  if (!status.ok()) queue->Stop();
  return status;
}

}  // namespace

int32_t GapCostStep(uint32_t docs) {
  static const std::array<int32_t, kTableDocs> table = MakeStepTable();
  return docs < kTableDocs ? table[docs] : StepOfMany(docs);
}

absl::StatusOr<std::vector<DocId>> OrderDocuments(ForwardIndex forward, const OrderOptions& options,
                                                  const std::function<void(double)>& progress) {
  return GuardMemory("ordering documents", [&]() -> absl::StatusOr<std::vector<DocId>> {
    Documents documents(std::move(forward));
    PartQueue queue(static_cast<uint32_t>(documents.docs.size()), options);
    std::vector<absl::Status> statuses(static_cast<size_t>(std::max(options.threads, 1)));
    {
      std::vector<std::jthread> helpers;
      for (size_t i = 1; i < statuses.size(); ++i) {
        helpers.emplace_back([&, i] { statuses[i] = Work(&documents, options, &queue, nullptr); });
      }
      statuses[0] = Work(&documents, options, &queue, progress);
    }
    for (const absl::Status& status : statuses) RETURN_IF_ERROR(status);
    return std::move(documents.docs);
  });
}

}  // namespace ibid
