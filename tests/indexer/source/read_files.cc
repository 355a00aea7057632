#include "tests/indexer/source/read_files.h"

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <random>
#include <utility>

#include "common/base/strings.h"

namespace ibid {
namespace {

std::string Shown(const std::string& text) {
  std::string shown = "`";
  for (const char c : text) {
    if (c == '\n') {
      shown += "\\n";
    } else if (c == '\t') {
      shown += "\\t";
    } else {
      shown += c;
    }
  }
  return shown + "`";
}

std::string Shown(const FieldValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return Shown(*text);
  if (const auto* integer = std::get_if<int64_t>(&value)) return std::to_string(*integer);
  std::string real = std::to_string(std::get<double>(value));
  return real.substr(0, real.find_last_not_of('0') + 1);
}

std::string Describe(const Document& document) {
  std::string text = StrCat("key ", Shown(document.key));
  const std::pair<const char*, const std::string*> parts[] = {{"title", &document.title},
                                                              {"text", &document.text},
                                                              {"date", &document.date},
                                                              {"source", &document.source}};
  for (const auto& [name, value] : parts) {
    if (!value->empty()) text += StrCat(" ", name, " ", Shown(*value));
  }
  for (const Field& field : document.fields) {
    text += StrCat(" ", field.name);
    for (const FieldValue& value : field.values) text += StrCat(" ", Shown(value));
  }
  return text;
}

}  // namespace

TemporaryFiles::TemporaryFiles() {
  static std::atomic<int> number{0};
  std::random_device random;
  root_ = StrCat(testing::TempDir(), "ibid_source_", random(), "_", number++);
  std::filesystem::create_directories(root_);
}

TemporaryFiles::~TemporaryFiles() {
  std::error_code ignored;
  std::filesystem::remove_all(root_, ignored);
}

std::string TemporaryFiles::Write(const std::string& name, std::string_view content) const {
  const std::string path = StrCat(root_, "/", name);
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary)
      .write(content.data(), static_cast<std::streamsize>(content.size()));
  return path;
}

Found Read(const std::string& path, const SourceOptions& options) {
  Found found;
  SourceCallbacks callbacks;
  callbacks.on_document = [&found](Document document) {
    found.documents.push_back(std::move(document));
    return absl::OkStatus();
  };
  callbacks.on_problem = [&found, &path](const SourceProblem& problem) {
    std::string_view where = problem.where;
    if (where.starts_with(path + "/")) where.remove_prefix(path.size() + 1);
    found.problems.push_back(StrCat(where, ": ", problem.what));
    found.num_skipped += problem.kind != ProblemKind::kWarning ? 1u : 0u;
  };
  callbacks.on_bytes = [&found](uint64_t num_bytes) { found.num_bytes += num_bytes; };
  found.status = ReadSource(path, options, callbacks);
  return found;
}

Found ReadFile(const std::string& name, std::string_view content, const SourceOptions& options) {
  const TemporaryFiles files;
  files.Write(name, content);
  return Read(files.root(), options);
}

Document ReadOne(const std::string& name, std::string_view content) {
  const Found found = ReadFile(name, content);
  EXPECT_TRUE(found.status.ok()) << found.status;
  EXPECT_EQ(found.documents.size(), 1u) << Describe(found);
  return found.documents.empty() ? Document() : found.documents[0];
}

std::string Describe(const Found& found) {
  std::string text;
  for (const Document& document : found.documents) {
    text += StrCat(text.empty() ? "" : " / ", Describe(document));
  }
  for (const std::string& problem : found.problems) {
    text += StrCat(text.empty() ? "" : " / ", problem);
  }
  return text;
}

std::string Gzip(std::string_view bytes) {
  z_stream deflater = {};
  EXPECT_EQ(deflateInit2(&deflater, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string input(bytes);
  std::string packed(deflateBound(&deflater, input.size()), '\0');
  deflater.next_in = reinterpret_cast<Bytef*>(input.data());
  deflater.avail_in = static_cast<uInt>(input.size());
  deflater.next_out = reinterpret_cast<Bytef*>(packed.data());
  deflater.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&deflater, Z_FINISH), Z_STREAM_END);
  packed.resize(deflater.total_out);
  deflateEnd(&deflater);
  return packed;
}

std::string Zstd(std::string_view bytes) {
  std::string packed(ZSTD_compressBound(bytes.size()), '\0');
  const size_t n = ZSTD_compress(packed.data(), packed.size(), bytes.data(), bytes.size(), 3);
  EXPECT_EQ(ZSTD_isError(n), 0u);
  packed.resize(n);
  return packed;
}

}  // namespace ibid
