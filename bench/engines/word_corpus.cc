#include "bench/engines/word_corpus.h"

#include <algorithm>
#include <filesystem>

#include "bench/support/process.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/text/ascii.h"
#include "indexer/source/source.h"

namespace ibid::bench {
namespace {

void AppendWords(std::string_view text, std::string* out) {
  for (size_t at = 0; at < text.size();) {
    if (!IsAsciiAlnum(text[at])) {
      ++at;
      continue;
    }
    char word[kMaxWordBytes + 8];
    const size_t length = CopyLowerRun(text, at, word, sizeof(word));
    if (!out->empty()) *out += ' ';
    size_t copied = std::min(length, kMaxWordBytes);
    if (length <= sizeof(word)) {
      out->append(word, copied);
    } else {
      for (size_t i = 0; i < copied; ++i) *out += AsciiLower(text[at + i]);
    }
    at += length;
  }
}

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> items;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find(separator, at), text.size());
    if (end > at) items.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return items;
}

}  // namespace

std::string WordsOf(std::string_view text) {
  std::string words;
  AppendWords(text, &words);
  return words;
}

std::vector<std::string> SplitWords(std::string_view words) { return Split(words, ' '); }

std::vector<std::string> SplitList(std::string_view list) { return Split(list, ','); }

absl::StatusOr<CorpusInfo> WriteWordCorpus(const std::vector<std::string>& sources,
                                           const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  if (!file) return absl::UnavailableError(StrCat(path, ": cannot be written"));
  CorpusInfo info;
  SourceCallbacks callbacks;
  callbacks.on_document = [&](const Document& document) {
    std::string words;
    AppendWords(document.title, &words);
    AppendWords(document.text, &words);
    if (words.empty()) return absl::OkStatus();
    info.num_docs += 1;
    info.num_words += static_cast<uint64_t>(std::count(words.begin(), words.end(), ' ')) + 1;
    words += '\n';
    info.num_bytes += words.size();
    file << words;
    return absl::OkStatus();
  };
  for (const std::string& source : sources) RETURN_IF_ERROR(ReadSource(source, {}, callbacks));
  file.flush();
  if (!file) return absl::UnavailableError(StrCat(path, ": cannot be written"));
  if (info.num_docs == 0) return absl::NotFoundError("no documents with words");
  return info;
}

absl::Status MakeWordCorpusOnce(const std::vector<std::string>& sources, const std::string& path) {
  if (std::filesystem::exists(path)) return absl::OkStatus();
  if (sources.empty()) return absl::InvalidArgumentError("CORPUS is missing");
  RETURN_IF_ERROR(WriteWordCorpus(sources, path + ".part").status());
  std::string name;
  for (const std::string& source : sources) {
    name += name.empty() ? "" : " ";
    name += BaseName(source);
  }
  RETURN_IF_ERROR(WriteTextFile(path + ".name", name + "\n"));
  std::filesystem::rename(path + ".part", path);
  return absl::OkStatus();
}

std::string WordCorpusName(const std::string& path) {
  std::ifstream file(path + ".name");
  std::string name;
  std::getline(file, name);
  return name;
}

absl::StatusOr<CorpusInfo> DescribeWordCorpus(const std::string& path) {
  ASSIGN_OR_RETURN(WordCorpusReader reader, WordCorpusReader::Open(path));
  CorpusInfo info;
  while (const std::string* words = reader.Next()) {
    info.num_docs += 1;
    info.num_words += static_cast<uint64_t>(std::count(words->begin(), words->end(), ' ')) + 1;
  }
  info.num_bytes = reader.offset();
  return info;
}

absl::StatusOr<WordCorpusReader> WordCorpusReader::Open(const std::string& path) {
  WordCorpusReader reader;
  reader.file_.open(path, std::ios::binary);
  if (!reader.file_) return absl::NotFoundError(StrCat(path, ": cannot be read"));
  return reader;
}

const std::string* WordCorpusReader::Next() {
  if (!std::getline(file_, line_)) return nullptr;
  offset_ += line_.size() + 1;
  return &line_;
}

const std::string* WordCorpusReader::At(uint64_t offset) {
  file_.clear();
  file_.seekg(static_cast<std::streamoff>(offset));
  offset_ = offset;
  return Next();
}

}  // namespace ibid::bench
