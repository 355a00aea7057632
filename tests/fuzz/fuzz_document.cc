// Any bytes as a file of documents, in each format: what comes out has keys, no more bytes than its
// format may make of them, and is accepted or refused by name.
//
// Input: a byte for the format, a byte for the name, then the file.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "indexer/source/byte_stream.h"
#include "indexer/source/open_file.h"
#include "tests/fuzz/fuzz_target.h"

namespace ibid {
namespace {

constexpr SourceFormat kFormats[] = {SourceFormat::kAuto,      SourceFormat::kText,
                                     SourceFormat::kJsonLines, SourceFormat::kTrec,
                                     SourceFormat::kReuters,   SourceFormat::kHtml};
constexpr const char* kNames[] = {"a.txt",  "b.jsonl", "c.json",  "d.sgml",
                                  "e.html", "f",       "g.xml.gz"};

// A file that lies in memory; its bytes come a few at a time where `piece_bytes` says so.
class MemoryFile : public InputStream {
 public:
  MemoryFile(std::string_view bytes, size_t piece_bytes)
      : stream_(bytes), size_(bytes.size()), piece_bytes_(piece_bytes) {}

  absl::StatusOr<size_t> Read(std::span<char> out) override {
    return stream_.Read(out.first(std::min(out.size(), piece_bytes_)));
  }
  FileInfo info() const override {
    return {.type = FileType::kRegular, .size_bytes = size_, .modified_ns = 0};
  }
  absl::Status CheckUnchanged() const override { return absl::OkStatus(); }

 private:
  StringStream stream_;
  size_t size_;
  size_t piece_bytes_;
};

}  // namespace

std::vector<std::string> FuzzSeeds() {
  std::vector<std::string> seeds;
  const std::string_view files[] = {
      "Title: Rain\nDate: 2015-11-13\nSource: Wire\n\nThe rain \"fell\".\n\nIt stopped.\n",
      "{\"id\": \"a\", \"title\": \"Rain\", \"text\": \"It \\u0066ell.\", \"tags\": [\"x\", 3, "
      "2.5]}\n"
      "{\"key\": \"b\", \"body\": {\"deep\": [null, true]}}\n",
      "[{\"id\": 1, \"text\": \"a\"}, {\"id\": 2, \"date\": \"2015-11-13T09:30:00Z\"}]",
      "<DOC>\n<DOCNO> AP-1 </DOCNO>\n<HEAD>Rain</HEAD>\n<TEXT>It fell.</TEXT>\n</DOC>\n<DOC>\n",
      "<!DOCTYPE lewis SYSTEM \"lewis.dtd\">\n<REUTERS NEWID=\"1\" "
      "TOPICS=\"YES\"><DATE>26-FEB-1987 "
      "15:01:01.79</DATE><TOPICS><D>cocoa</D></TOPICS><TEXT>&#2;<TITLE>RAIN &amp; "
      "CO</TITLE><BODY>It "
      "fell.&#3;</BODY></TEXT></REUTERS>",
      "<!doctype html><html><head><title>Rain</title><meta charset=windows-1252><meta "
      "name=date content=2015-11-13></head><body><p>It <b>fell</b>&nbsp;here.<script>x<y</script>"
      "<table><tr><td>a<td>b</table>&#x80;&bogus;</body></html>",
      "\xff\xfe"
      "a\0b\0\n\0c\0"};
  for (uint32_t format = 0; format < 6; ++format) {
    for (uint32_t name = 0; name < 7; ++name) {
      seeds.push_back(FuzzNumber(format, 1) + FuzzNumber(name, 1) + std::string(files[name]));
    }
  }
  return seeds;
}

}  // namespace ibid

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace ibid;
  FuzzInput input(data, size);
  const uint32_t choice = input.Byte();
  const std::string name = kNames[input.Byte() % 7];
  const std::string_view bytes = input.Rest();
  SourceOptions options;
  options.format = kFormats[choice % 6];
  options.strict = choice >= 192;
  SourceCallbacks callbacks;
  callbacks.on_document = [&](const Document& document) {
    Require(!document.key.empty(), "a document without a key");
    return absl::OkStatus();
  };
  callbacks.on_problem = [&](const SourceProblem& problem) {
    Require(!problem.where.empty() && !problem.what.empty(), "a problem without words");
  };
  MemoryFile file(bytes, choice & 64 ? 1 + choice % 13 : size + 1);
  const SourceFile source{.where = name, .key = name};
  const absl::Status read = ReadOpenFile(&file, name, source, options, callbacks);
  Require(read.ok() || (options.strict && absl::IsInvalidArgument(read)), read.ToString());
  return 0;
}
