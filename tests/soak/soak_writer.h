// The writer of a soak: opens the index, changes and commits it for ever, and after a failure opens
// it anew, comparing with the model at each step.
#ifndef IBID_TESTS_SOAK_SOAK_WRITER_H_
#define IBID_TESTS_SOAK_SOAK_WRITER_H_

#include <cstdint>
#include <memory>
#include <random>
#include <string>

#include "absl/status/status.h"
#include "ibid/index_writer.h"
#include "tests/soak/random_fault_env.h"
#include "tests/soak/soak_board.h"
#include "tests/soak/soak_model.h"

namespace ibid {

struct SoakPlace {
  std::string index;        // the index's directory
  std::string generations;  // that of Generations
};

struct SoakWriterOptions {
  size_t num_keys = 10000;
  uint64_t one_call_in = 10000;         // fails
  unsigned pause_microseconds = 10000;  // between commits: readers need processors, too
  bool own_process = false;             // its descriptors can be told from others'
  uint64_t seed = 1;
};

class SoakWriter {
 public:
  SoakWriter(const SoakPlace& place, const SoakWriterOptions& options, SoakBoard* board);

  // Until board->stop.
  void Run();

 private:
  // The writer lives until stop or a failure, which it gives.
  absl::Status Live();
  absl::Status Open();
  void ReportCalls();
  void CheckFilesAndDescriptors(uint64_t faults_before);
  absl::Status Fill();
  absl::Status ChangeAndCommit();
  absl::Status ChangeOne();
  absl::Status Add(size_t number, uint32_t version);
  absl::Status Delete(size_t number);
  absl::Status DeleteByQuery();
  absl::Status Commit();
  // A writer that failed takes no further work.
  void CheckThatItStays(const absl::Status& failure);
  size_t Below(size_t bound) { return random_() % bound; }

  const SoakPlace place_;
  const SoakWriterOptions options_;
  SoakBoard* const board_;
  const Generations generations_;
  std::mt19937_64 random_;
  RandomFaultEnv env_;
  DocumentCache documents_;
  std::unique_ptr<IndexWriter> writer_;
  Versions committed_, pending_;
  uint64_t reported_calls_ = 0, reported_faults_ = 0;
};

// Generations behind which the model of an older one is forgotten.
inline constexpr uint64_t kGenerationsRemembered = 2000;

}  // namespace ibid

#endif  // IBID_TESTS_SOAK_SOAK_WRITER_H_
