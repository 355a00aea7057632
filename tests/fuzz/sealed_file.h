// A segment file in memory that holds given sections under right checksums, so that an input
// reaches the decoders behind them.
#ifndef IBID_TESTS_FUZZ_SEALED_FILE_H_
#define IBID_TESTS_FUZZ_SEALED_FILE_H_

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "common/format/manifest.h"
#include "common/format/segment_file.h"
#include "ibid/env.h"

namespace ibid {

// Writes <dir>/seg_<id>.ibid. Ends the process where that fails.
SegmentFileInfo WriteSealedFile(Env* env, const std::string& dir, uint64_t segment_id,
                                const std::map<SectionId, std::string>& sections);

// Lives as long as the Sections it gives.
class SealedFile {
 public:
  explicit SealedFile(const std::map<SectionId, std::string>& sections);
  SealedFile(SectionId id, std::string_view bytes);

  Section section(SectionId id) const { return file_->section(id); }

 private:
  std::unique_ptr<Env> env_ = NewMemoryEnv();
  std::unique_ptr<SegmentFile> file_;
};

// The bytes of each section of an open file.
std::map<SectionId, std::string> SectionsOf(const SegmentFile& file);

// A segment of random content with every structure in it, as sections.
std::map<SectionId, std::string> RandomSections(uint32_t seed, uint32_t num_docs,
                                                uint32_t num_terms);

}  // namespace ibid

#endif  // IBID_TESTS_FUZZ_SEALED_FILE_H_
