// Each `kName = value` in docs/FORMAT.md is the constant of that name.
#include <cstdint>
#include <map>
#include <regex>
#include <string>

#include "common/codec/bit_packing.h"
#include "common/format/columns.h"
#include "common/format/front_coded.h"
#include "common/format/live_docs.h"
#include "common/format/packed_offsets.h"
#include "common/format/position_stream.h"
#include "common/format/postings_block.h"
#include "common/format/rice.h"
#include "common/format/rice_block.h"
#include "common/format/segment_file.h"
#include "common/format/skip_data.h"
#include "common/format/stored.h"
#include "common/format/tail_codec.h"
#include "common/format/term_dictionary.h"
#include "common/format/term_record.h"
#include "gtest/gtest.h"
#include "ibid/limits.h"
#include "ibid/types.h"
#include "ibid/version.h"
#include "tests/docs/format_document.h"

namespace ibid {
namespace {

#define IBID_CONSTANT(name) \
  { #name, static_cast < uint64_t>(name) }

const std::map<std::string, uint64_t>& Constants() {
  static const std::map<std::string, uint64_t> constants = {
      IBID_CONSTANT(kFormatVersion),
      IBID_CONSTANT(kOldestReadableFormatVersion),
      IBID_CONSTANT(kBlockLength),
      IBID_CONSTANT(kNoMoreDocs),
      IBID_CONSTANT(kNoMorePositions),
      IBID_CONSTANT(kMaxDocuments),
      IBID_CONSTANT(kMaxTermBytes),
      IBID_CONSTANT(kMaxKeyBytes),
      IBID_CONSTANT(kMaxFields),
      IBID_CONSTANT(kMaxSegmentColumns),
      IBID_CONSTANT(kMaxColumnValues),
      IBID_CONSTANT(kMaxStoredFields),
      IBID_CONSTANT(kMaxRecordBytes),
      IBID_CONSTANT(kMaxDocumentPositions),
      IBID_CONSTANT(kMaxSegments),
      IBID_CONSTANT(kLiveDocsHeaderBytes),
      IBID_CONSTANT(kSegmentHeaderBytes),
      IBID_CONSTANT(kSegmentFooterBytes),
      IBID_CONSTANT(kSectionPadding),
      IBID_CONSTANT(kSectionAlignment),
      IBID_CONSTANT(kFrameBytes),
      IBID_CONSTANT(kMaxSections),
      IBID_CONSTANT(kOffsetsGroup),
      IBID_CONSTANT(kOffsetsDirectoryBytes),
      IBID_CONSTANT(kFrontCodedBlock),
      IBID_CONSTANT(kMaxRiceParameter),
      IBID_CONSTANT(kDictionaryBlockTerms),
      IBID_CONSTANT(kLongLength),
      IBID_CONSTANT(kInlineHead),
      IBID_CONSTANT(kPlaceHead),
      IBID_CONSTANT(kBlockWidthMask),
      IBID_CONSTANT(kBlockHasExceptions),
      IBID_CONSTANT(kBlockIsBitset),
      IBID_CONSTANT(kBlockIsRice),
      IBID_CONSTANT(kMaxRiceBlockWidth),
      IBID_CONSTANT(kMinCodedTail),
      IBID_CONSTANT(kTailVarints),
      IBID_CONSTANT(kSkipGroupBlocks),
      IBID_CONSTANT(kPositionAnchorBlocks),
      IBID_CONSTANT(kPositionAnchorBytes),
      IBID_CONSTANT(kStoredBlockBytes),
  };
  return constants;
}

std::map<std::string, uint64_t> ConstantsOfTheDocument() {
  const std::string document = ReadFormatDocument();
  const std::regex pattern("`(k[A-Z][A-Za-z]*) = ([0-9]+)`");
  std::map<std::string, uint64_t> found;
  for (std::sregex_iterator at(document.begin(), document.end(), pattern), end; at != end; ++at) {
    const uint64_t value = std::stoull((*at)[2]);
    const auto [place, added] = found.emplace((*at)[1], value);
    EXPECT_EQ(place->second, value) << place->first << " has two values";
  }
  return found;
}

TEST(FormatDocument, ItsConstantsAreThoseOfTheCode) {
  const std::map<std::string, uint64_t> found = ConstantsOfTheDocument();
  for (const auto& [name, value] : found) {
    const auto constant = Constants().find(name);
    ASSERT_NE(constant, Constants().end()) << name << " is not compared with the code";
    EXPECT_EQ(value, constant->second) << name;
  }
  for (const auto& [name, value] : Constants()) {
    EXPECT_TRUE(found.contains(name)) << "docs/FORMAT.md does not state " << name << " = " << value;
  }
}

TEST(FormatDocument, ItsSectionsAreThoseOfTheCode) {
  const std::string document = ReadFormatDocument();
  for (uint32_t id = 1; id <= 11; ++id) {
    const std::string row = "| " + std::to_string(id) + " | " +
                            std::string(SectionName(static_cast<SectionId>(id))) + " |";
    EXPECT_NE(document.find(row), std::string::npos) << row;
  }
}

}  // namespace
}  // namespace ibid
