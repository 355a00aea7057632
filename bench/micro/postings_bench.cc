// The loops that queries spend their time in: cursors over postings, scoring, positions.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "bench/micro/benches.h"
#include "bench/micro/machine_limits.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/format/impacts.h"
#include "common/format/postings_cursor.h"
#include "common/format/postings_writer.h"
#include "common/format/segment_file.h"
#include "ibid/env.h"
#include "searcher/rank/bm25.h"

namespace ibid::bench {
namespace {

constexpr uint32_t kNumDocs = 1 << 21;
constexpr double kAverageLength = 300;
constexpr uint32_t kGaps[] = {2, 16, 256};  // mean distance of documents: N/2, N/16, N/256 of them
constexpr const char* kPath = "segment";

// One term for each of kGaps in a segment in memory; frequencies 1 + geometric of mean 2.
class Postings {
 public:
  static absl::StatusOr<std::unique_ptr<Postings>> Make();

  PostingsCursor Cursor(size_t term) const {
    return PostingsCursor(file_->section(SectionId::kPostings),
                          file_->section(SectionId::kPositions), terms_[term], kNumDocs);
  }
  const TermInfo& term(size_t i) const { return terms_[i]; }
  const std::vector<uint8_t>& norms() const { return norms_; }
  const LengthTable& lengths() const { return lengths_; }

 private:
  void WriteTerm(uint32_t gap, std::mt19937* random, PostingsWriter* writer);

  std::unique_ptr<Env> env_ = NewMemoryEnv();
  std::vector<uint8_t> norms_;
  LengthTable lengths_;
  std::vector<TermInfo> terms_;
  std::unique_ptr<SegmentFile> file_;
};

void Postings::WriteTerm(uint32_t gap, std::mt19937* random, PostingsWriter* writer) {
  writer->BeginTerm(/*with_positions=*/true);
  std::vector<Position> positions;
  for (uint32_t doc = (*random)() % gap; doc < kNumDocs; doc += 1 + (*random)() % (2 * gap - 1)) {
    positions.clear();
    Position position = (*random)() % 200;
    do {
      positions.push_back(position);
      position += 1 + (*random)() % 100;
    } while ((*random)() % 2 == 0);
    writer->Add(doc, positions);
  }
  terms_.push_back(writer->FinishTerm());
}

absl::StatusOr<std::unique_ptr<Postings>> Postings::Make() {
  auto made = std::make_unique<Postings>();
  std::mt19937 random(1);
  made->norms_.resize(kNumDocs);
  for (uint8_t& norm : made->norms_) norm = LengthToNorm(20 + random() % 600);
  made->lengths_ = MakeLengthTable(Bm25Parameters(), kAverageLength);
  Env* env = made->env_.get();
  SectionBuffer postings(env, "postings.tmp"), positions(env, "positions.tmp");
  PostingsWriter writer(&postings, &positions, made->norms_, made->lengths_);
  for (const uint32_t gap : kGaps) made->WriteTerm(gap, &random, &writer);
  ASSIGN_OR_RETURN(const auto file, SegmentFileWriter::Create(env, kPath, 1));
  RETURN_IF_ERROR(file->AddSection(SectionId::kPostings, std::move(postings)));
  RETURN_IF_ERROR(file->AddSection(SectionId::kPositions, std::move(positions)));
  ASSIGN_OR_RETURN(const SegmentFileInfo info, file->Finish(/*sync=*/false));
  ASSIGN_OR_RETURN(made->file_, SegmentFile::Open(env, kPath, 1, info));
  RETURN_IF_ERROR(made->file_->VerifyAll());
  return made;
}

const Postings& SharedPostings() {
  static const std::unique_ptr<Postings> postings = [] {
    auto made = Postings::Make();
    if (made.ok()) return *std::move(made);
    std::fprintf(stderr, "%s\n", std::string(MessageOf(made.status())).c_str());
    std::abort();
  }();
  return *postings;
}

void Next(benchmark::State& state, size_t term) {
  const Postings& postings = SharedPostings();
  Meter meter(state);
  for (auto _ : state) {
    PostingsCursor cursor = postings.Cursor(term);
    uint64_t sum = 0;
    for (DocId doc = cursor.doc(); doc != kNoMoreDocs; doc = cursor.Next()) sum += doc;
    benchmark::DoNotOptimize(sum);
  }
  meter.CountItems("postings", postings.term(term).doc_freq);
  meter.CountBytes(static_cast<double>(postings.term(term).postings_bytes));
}

void NextWithFreqs(benchmark::State& state, size_t term) {
  const Postings& postings = SharedPostings();
  Meter meter(state);
  for (auto _ : state) {
    PostingsCursor cursor = postings.Cursor(term);
    uint64_t sum = 0;
    for (; cursor.doc() != kNoMoreDocs; cursor.Next()) sum += cursor.freq();
    benchmark::DoNotOptimize(sum);
  }
  meter.CountItems("postings", postings.term(term).doc_freq);
}

void Blocks(benchmark::State& state, size_t term) {
  const Postings& postings = SharedPostings();
  Meter meter(state);
  for (auto _ : state) {
    PostingsCursor cursor = postings.Cursor(term);
    uint64_t sum = 0;
    while (cursor.doc() != kNoMoreDocs) {
      const PostingsCursor::Block block = cursor.CurrentBlock();
      sum += block.docs[0] + block.freqs[block.size - 1];
      cursor.NextBlock();
    }
    benchmark::DoNotOptimize(sum);
  }
  meter.CountItems("postings", postings.term(term).doc_freq);
}

// Moves by `step` documents: most of a dense list is jumped over.
void NextGeq(benchmark::State& state, size_t term, uint32_t step) {
  const Postings& postings = SharedPostings();
  Meter meter(state);
  for (auto _ : state) {
    PostingsCursor cursor = postings.Cursor(term);
    uint64_t sum = 0;
    for (uint64_t target = 0; target < kNumDocs; target += step) {
      sum += cursor.NextGeq(static_cast<DocId>(target));
    }
    benchmark::DoNotOptimize(sum);
  }
  meter.CountItems("seeks", kNumDocs / step);
}

void Score(benchmark::State& state, size_t term) {
  const Postings& postings = SharedPostings();
  const float weight = ClauseWeight(Idf(kNumDocs, postings.term(term).doc_freq), 1);
  Meter meter(state);
  for (auto _ : state) {
    PostingsCursor cursor = postings.Cursor(term);
    float best = 0;
    while (cursor.doc() != kNoMoreDocs) {
      const PostingsCursor::Block block = cursor.CurrentBlock();
      for (uint32_t i = block.index; i < block.size; ++i) {
        const float k = postings.lengths()[postings.norms()[block.docs[i]]];
        const float score = Bm25(weight, static_cast<float>(block.freqs[i]), k);
        best = score > best ? score : best;
      }
      cursor.NextBlock();
    }
    benchmark::DoNotOptimize(best);
  }
  meter.CountItems("postings", postings.term(term).doc_freq);
}

// Every `step`-th document's positions.
void DecodePositions(benchmark::State& state, size_t term, uint32_t step) {
  const Postings& postings = SharedPostings();
  std::vector<Position> positions;
  uint64_t decoded = 0;
  Meter meter(state);
  for (auto _ : state) {
    PostingsCursor cursor = postings.Cursor(term);
    decoded = 0;
    uint32_t place = 0;
    for (; cursor.doc() != kNoMoreDocs; cursor.Next()) {
      if (place++ % step != 0) continue;
      positions.clear();
      cursor.AppendPositions(&positions);
      decoded += positions.size();
    }
    benchmark::DoNotOptimize(positions.data());
  }
  meter.CountItems("positions", static_cast<double>(decoded));
  if (step == 1) meter.CountBytes(static_cast<double>(postings.term(term).positions_bytes));
}

}  // namespace

void RegisterPostingsBenches() {
  for (size_t term = 0; term < std::size(kGaps); ++term) {
    const std::string end = "/1_in_" + std::to_string(kGaps[term]);
    benchmark::RegisterBenchmark(("cursor_next" + end).c_str(), Next, term);
    benchmark::RegisterBenchmark(("cursor_next_freq" + end).c_str(), NextWithFreqs, term);
    benchmark::RegisterBenchmark(("cursor_blocks" + end).c_str(), Blocks, term);
    for (const uint32_t step : {100, 10000}) {
      benchmark::RegisterBenchmark(
          ("cursor_next_geq" + end + "/by_" + std::to_string(step)).c_str(), NextGeq, term, step);
    }
    benchmark::RegisterBenchmark(("score_blocks" + end).c_str(), Score, term);
    for (const uint32_t step : {1, 16}) {
      benchmark::RegisterBenchmark(("positions" + end + "/every_" + std::to_string(step)).c_str(),
                                   DecodePositions, term, step);
    }
  }
}

}  // namespace ibid::bench
