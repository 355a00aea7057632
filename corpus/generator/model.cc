#include "corpus/generator/model.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <utility>

#include "absl/status/status.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace ibid::corpus {
namespace {

constexpr std::string_view kMagic = "ibid-corpus-model 1";

std::vector<std::string_view> Split(std::string_view line) {
  std::vector<std::string_view> fields;
  while (!line.empty()) {
    const size_t end = std::min(line.find(' '), line.size());
    fields.push_back(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return fields;
}

// Reads the lines of a model file and remembers where it is for messages.
class LineReader {
 public:
  explicit LineReader(std::string_view bytes) : rest_(bytes) {}

  absl::StatusOr<std::string_view> Line() {
    if (rest_.empty()) return Error("expected a line, found the end of the file");
    ++number_;
    const size_t end = rest_.find('\n');
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    return line;
  }

  // The rest of a line that begins with `name` and a space.
  absl::StatusOr<std::string_view> Named(std::string_view name) {
    ASSIGN_OR_RETURN(std::string_view line, Line());
    if (!line.starts_with(name)) return Error(StrCat("expected '", name, "'"));
    line.remove_prefix(name.size());
    if (line.starts_with(' ')) line.remove_prefix(1);
    return line;
  }

  absl::StatusOr<uint64_t> Number(std::string_view text, uint64_t limit) const {
    uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value > limit) {
      return Error(StrCat("expected a number up to ", limit, ", found '", text, "'"));
    }
    return value;
  }

  absl::StatusOr<std::vector<uint64_t>> Numbers(std::string_view name, size_t count,
                                                uint64_t limit) {
    ASSIGN_OR_RETURN(std::string_view line, Named(name));
    std::vector<uint64_t> values;
    for (std::string_view field : Split(line)) {
      ASSIGN_OR_RETURN(uint64_t value, Number(field, limit));
      values.push_back(value);
    }
    if (values.size() != count) {
      return Error(StrCat("expected ", count, " numbers after '", name, "'"));
    }
    return values;
  }

  absl::Status Error(std::string_view what) const {
    return absl::InvalidArgumentError(StrCat("model line ", number_, ": ", what));
  }

 private:
  std::string_view rest_;
  size_t number_ = 0;
};

// True for what may stand in a JSON string as it is.
bool IsForm(std::string_view form) {
  const auto plain = [](char c) {
    return static_cast<unsigned char>(c) > ' ' && c != '"' && c != '\\' && c != '\x7f';
  };
  return !form.empty() && std::all_of(form.begin(), form.end(), plain);
}

// "<key>:<count>" with key < key_limit.
absl::StatusOr<std::pair<uint32_t, uint64_t>> ParseCount(const LineReader& reader,
                                                         std::string_view field,
                                                         uint32_t key_limit) {
  const size_t colon = field.find(':');
  if (colon == std::string_view::npos) return reader.Error("expected <number>:<count>");
  ASSIGN_OR_RETURN(uint64_t key, reader.Number(field.substr(0, colon), key_limit - 1));
  ASSIGN_OR_RETURN(uint64_t count, reader.Number(field.substr(colon + 1), kMaxCount));
  return std::pair(static_cast<uint32_t>(key), count);
}

absl::StatusOr<LengthCounts> ParseLengths(LineReader& reader, std::string_view name) {
  ASSIGN_OR_RETURN(std::string_view line, reader.Named(name));
  LengthCounts counts(kNumLengthBuckets);
  uint64_t sum = 0;
  for (std::string_view field : Split(line)) {
    ASSIGN_OR_RETURN(auto entry, ParseCount(reader, field, kNumLengthBuckets));
    counts[entry.first] = entry.second;
    sum += entry.second;
  }
  if (sum == 0 || sum > kMaxCount || counts[0] != 0) {
    return reader.Error(StrCat("no usable lengths of a ", name));
  }
  return counts;
}

absl::Status ParseWords(LineReader& reader, Model& model) {
  ASSIGN_OR_RETURN(auto sizes, reader.Numbers("words", 1, kMaxModelWords));
  if (sizes[0] < kNumSpecialWords) return reader.Error("the special words are missing");
  uint64_t sum = 0;
  for (uint64_t i = 0; i < sizes[0]; ++i) {
    ASSIGN_OR_RETURN(std::string_view line, reader.Line());
    const std::vector<std::string_view> fields = Split(line);
    if (fields.size() != 4 || !IsForm(fields[0])) {
      return reader.Error("expected <form> <count> <last> <capital>");
    }
    ModelWord word{.form = std::string(fields[0])};
    ASSIGN_OR_RETURN(word.count, reader.Number(fields[1], kMaxCount));
    ASSIGN_OR_RETURN(word.last_count, reader.Number(fields[2], word.count));
    ASSIGN_OR_RETURN(uint64_t capital, reader.Number(fields[3], 1000));
    word.capital_permille = static_cast<uint32_t>(capital);
    sum += word.count;
    if (sum > kMaxCount) return reader.Error("more words than a model may count");
    model.words.push_back(std::move(word));
  }
  if (sum == 0 || sum == model.words[kStart].count) return reader.Error("no word has a count");
  return absl::OkStatus();
}

absl::Status ParsePairRow(LineReader& reader, std::string_view line, Model& model,
                          int64_t& previous) {
  const std::vector<std::string_view> fields = Split(line);
  if (fields.empty()) return reader.Error("expected a row of pairs or 'end'");
  const auto num_words = static_cast<uint32_t>(model.words.size());
  ASSIGN_OR_RETURN(uint64_t first, reader.Number(fields[0], num_words - 1));
  if (static_cast<int64_t>(first) <= previous) return reader.Error("rows out of order");
  previous = static_cast<int64_t>(first);
  const uint64_t followed = model.words[first].count - model.words[first].last_count;
  uint64_t sum = 0;
  uint32_t last = kStart;  // which is never a successor
  for (size_t i = 1; i < fields.size(); ++i) {
    ASSIGN_OR_RETURN(auto entry, ParseCount(reader, fields[i], num_words));
    if (entry.first <= last) return reader.Error("words after a word out of order");
    last = entry.first;
    sum += entry.second;
    if (sum > followed) return reader.Error("more pairs than words");
    model.pairs[first].push_back({entry.first, entry.second});
  }
  return absl::OkStatus();
}

absl::Status ParsePairs(LineReader& reader, Model& model) {
  ASSIGN_OR_RETURN(auto sizes, reader.Numbers("pairs", 1, kMaxModelPairs));
  model.pairs.resize(model.words.size());
  int64_t previous = -1;
  uint64_t num_pairs = 0;
  while (true) {
    ASSIGN_OR_RETURN(std::string_view line, reader.Line());
    if (line == "end") break;
    RETURN_IF_ERROR(ParsePairRow(reader, line, model, previous));
    num_pairs += model.pairs[static_cast<size_t>(previous)].size();
  }
  if (num_pairs != sizes[0]) return reader.Error("the pairs are not as many as promised");
  return absl::OkStatus();
}

void AppendLengths(std::string& out, std::string_view name, const LengthCounts& counts) {
  out += StrCat(name);
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] != 0) out += StrCat(" ", i, ":", counts[i]);
  }
  out += StrCat("\n");
}

}  // namespace

uint32_t LengthBucket(uint32_t length) {
  if (length < 16) return length;
  if (length > kMaxLength) length = kMaxLength;
  const auto octave = static_cast<uint32_t>(std::bit_width(length)) - 5;
  const uint32_t bucket = 16 + 8 * octave + ((length >> (octave + 1)) & 7);
  return bucket < kNumLengthBuckets ? bucket : kNumLengthBuckets - 1;
}

uint32_t BucketBegin(uint32_t bucket) {
  if (bucket < 16) return bucket;
  const uint32_t octave = (bucket - 16) / 8;
  return (8 + (bucket - 16) % 8) << (octave + 1);
}

absl::StatusOr<Model> ParseModel(std::string_view bytes) {
  LineReader reader(bytes);
  Model model;
  ASSIGN_OR_RETURN(std::string_view magic, reader.Line());
  if (magic != kMagic) return reader.Error(StrCat("expected '", kMagic, "'"));
  ASSIGN_OR_RETURN(std::string_view from, reader.Named("from"));
  model.from = std::string(from);
  ASSIGN_OR_RETURN(auto documents, reader.Numbers("documents", 1, kMaxCount));
  ASSIGN_OR_RETURN(auto tokens, reader.Numbers("tokens", 1, kMaxCount));
  model.documents = documents[0];
  model.tokens = tokens[0];
  ASSIGN_OR_RETURN(auto rare, reader.Numbers("rare", 2, kMaxCount));
  if (rare[0] == 0 || rare[1] > 1000) return reader.Error("rare words cannot grow like that");
  model.rare_theta = rare[0];
  model.rare_discount = static_cast<uint32_t>(rare[1]);
  ASSIGN_OR_RETURN(auto m, reader.Numbers("marks", 6, 1000));
  const auto mark = [&m](size_t i) { return static_cast<uint32_t>(m[i]); };
  model.marks = {mark(0), mark(1), mark(2), mark(3), mark(4), mark(5)};
  ASSIGN_OR_RETURN(model.document_lengths, ParseLengths(reader, "document"));
  ASSIGN_OR_RETURN(model.paragraph_lengths, ParseLengths(reader, "paragraph"));
  ASSIGN_OR_RETURN(model.sentence_lengths, ParseLengths(reader, "sentence"));
  RETURN_IF_ERROR(ParseWords(reader, model));
  RETURN_IF_ERROR(ParsePairs(reader, model));
  return model;
}

std::string FormatModel(const Model& model) {
  std::string out =
      StrCat(kMagic, "\nfrom ", model.from, "\ndocuments ", model.documents, "\ntokens ",
             model.tokens, "\nrare ", model.rare_theta, " ", model.rare_discount, "\n");
  const Punctuation& m = model.marks;
  out += StrCat("marks ", m.comma, " ", m.semicolon, " ", m.colon, " ", m.question);
  out += StrCat(" ", m.exclamation, " ", m.quotation, "\n");
  AppendLengths(out, "document", model.document_lengths);
  AppendLengths(out, "paragraph", model.paragraph_lengths);
  AppendLengths(out, "sentence", model.sentence_lengths);
  out += StrCat("words ", model.words.size(), "\n");
  for (const ModelWord& word : model.words) {
    out +=
        StrCat(word.form, " ", word.count, " ", word.last_count, " ", word.capital_permille, "\n");
  }
  size_t num_pairs = 0;
  for (const auto& row : model.pairs) num_pairs += row.size();
  out += StrCat("pairs ", num_pairs, "\n");
  for (size_t first = 0; first < model.pairs.size(); ++first) {
    if (model.pairs[first].empty()) continue;
    out += StrCat(first);
    for (const ModelPair& pair : model.pairs[first]) {
      out += StrCat(" ", pair.second, ":", pair.count);
    }
    out += StrCat("\n");
  }
  out += StrCat("end\n");
  return out;
}

}  // namespace ibid::corpus
