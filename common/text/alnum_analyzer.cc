#include "common/text/alnum_analyzer.h"

#include <algorithm>

#include "common/text/ascii.h"
#include "common/text/ascii_block.h"
#include "common/text/token_writer.h"
#include "ibid/limits.h"

namespace ibid {
namespace {

constexpr size_t kMaxTextBytes = 0xffffffffu;

// Tokens of a part, and bytes of text that it is expected to take for each.
constexpr size_t kPartTokens = size_t{1} << 15;
constexpr size_t kBytesAToken = 8;

// CopyLowerRun writes eight bytes at a time.
constexpr size_t kTermRoom = kMaxTermBytes + 8;

class AlnumAnalyzer final : public Analyzer {
 public:
  void Analyze(std::string_view text, AnalyzedText* out) override {
    out->Clear();
    text = text.substr(0, kMaxTextBytes);
    Cut(text, 0, SIZE_MAX, out);
    EndRegions(out->num_tokens(), out);
  }

  uint32_t AnalyzeInParts(std::string_view text, AnalyzedText* out,
                          const PartVisitor& visit) override {
    out->Clear();
    text = text.substr(0, kMaxTextBytes);
    AnalyzedText part;
    size_t num_tokens = 0;
    for (size_t at = 0; at < text.size();) {
      part.Clear();
      at = Cut(text, at, kPartTokens, &part);
      visit(part, 0);
      num_tokens += part.num_tokens();
      out->num_cut_terms += part.num_cut_terms;
    }
    EndRegions(num_tokens, out);
    return static_cast<uint32_t>(num_tokens);
  }

  std::string_view Stem(std::string_view term) override { return term; }
  bool has_stemmer() const override { return false; }

 private:
  // One sentence and one paragraph.
  static void EndRegions(size_t num_tokens, AnalyzedText* out) {
    if (num_tokens == 0) return;
    out->sentence_ends.push_back(static_cast<uint32_t>(num_tokens));
    out->paragraph_ends.push_back(static_cast<uint32_t>(num_tokens));
  }

  // From `at` on until there are `max_tokens` or some more; gives the place behind the last.
  static size_t Cut(std::string_view text, size_t at, size_t max_tokens, AnalyzedText* out) {
    TokenWriter writer(text.substr(at, std::min(max_tokens, kMaxTextBytes) * kBytesAToken), out);
    AsciiBlock block;
    while (at < text.size() && writer.num_tokens() < max_tokens) {
      block.Load(text, at);
      const size_t end = CutBlock(block, at, &writer);
      at = end != at ? end : CutLongWord(text, at, &writer, out);
    }
    writer.Finish();
    return std::min(at, text.size());
  }

  // The words of the block at `base`; gives where the next block is to begin: `base` where a word
  // fills this one.
  static size_t CutBlock(const AsciiBlock& block, size_t base, TokenWriter* writer) {
    TokenWriter::Room room = writer->RoomFor(block.size());
    size_t end = base + AsciiBlock::kBytes;
    for (uint64_t left = block.alnum(); left != 0;) {
      const WordInBlock word = FirstWord(left);
      if (word.reaches_end()) {
        end = base + word.begin;
        break;
      }
      room.Add(block.lower() + word.begin, word.length, base + word.begin, base + word.end());
      left = WithoutFirst(left, word.end());
    }
    writer->Take(room);
    return end;
  }

  static size_t CutLongWord(std::string_view text, size_t at, TokenWriter* writer,
                            AnalyzedText* out) {
    const size_t length = CopyLowerRun(text, at, writer->TermSpace(kTermRoom), kTermRoom);
    out->num_cut_terms += static_cast<uint32_t>(length > kMaxTermBytes);
    writer->Commit(std::min(length, kMaxTermBytes), at, at + length);
    return at + length;
  }
};

}  // namespace

std::unique_ptr<Analyzer> MakeAlnumAnalyzer() { return std::make_unique<AlnumAnalyzer>(); }

}  // namespace ibid
