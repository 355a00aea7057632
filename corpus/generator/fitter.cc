#include "corpus/generator/fitter.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "common/base/strings.h"

namespace ibid::corpus {
namespace {

constexpr size_t kMaxFormBytes = 40;  // longer tokens are not words

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsAsciiLetter(char c) { return IsUpper(c) || (c >= 'a' && c <= 'z'); }
bool IsSpace(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

bool Starts(std::string_view text, size_t at, std::string_view prefix) {
  return text.substr(at, prefix.size()) == prefix;
}

// The bytes of a letter or digit at `at`; 0 if there is none. Everything outside ASCII is a letter
// but general punctuation (U+2000 to U+206F) and Latin-1's signs.
size_t LetterBytes(std::string_view text, size_t at) {
  if (at >= text.size()) return 0;
  const char c = text[at];
  if (IsAsciiLetter(c) || IsDigit(c)) return 1;
  const auto byte = static_cast<unsigned char>(c);
  if (byte < 0x80 || byte == 0xc2 || Starts(text, at, "\xe2\x80") || Starts(text, at, "\xe2\x81")) {
    return 0;
  }
  return 1;
}

// The bytes of an apostrophe at `at`, straight or curly; 0 if there is none.
size_t ApostropheBytes(std::string_view text, size_t at) {
  if (Starts(text, at, "'")) return 1;
  return Starts(text, at, "’") ? 3 : 0;
}

size_t NumberEnd(std::string_view text, size_t at) {
  while (true) {
    if (LetterBytes(text, at) != 0) {
      ++at;
    } else if (at + 1 < text.size() && (text[at] == '.' || text[at] == ',') &&
               IsDigit(text[at + 1])) {
      at += 2;
    } else {
      return at;
    }
  }
}

// Letters, digits and apostrophes between them.
size_t WordEnd(std::string_view text, size_t at) {
  const size_t begin = at;
  while (at < text.size()) {
    const size_t apostrophe = ApostropheBytes(text, at);
    const bool inner = at != begin && apostrophe != 0 && LetterBytes(text, at + apostrophe) != 0;
    if (!inner && LetterBytes(text, at) == 0) break;
    at += inner ? apostrophe : 1;
  }
  return at;
}

// Whether the full stop behind `token` may end a sentence: not after initials and titles.
bool MayEndSentence(std::string_view token) {
  constexpr std::array<std::string_view, 12> kAbbreviations = {
      "Mr", "Mrs", "Ms", "Dr", "St", "Prof", "Gen", "Col", "Capt", "No", "vol", "p"};
  if (token.size() == 1 && IsUpper(token[0])) return false;
  return std::ranges::find(kAbbreviations, token) == kAbbreviations.end();
}

// Whether a sentence begins behind the mark at `at`: spaces or closing quotes, then anything but a
// small letter.
bool SentenceFollows(std::string_view text, size_t at) {
  size_t next = at + 1;
  while (next < text.size() && (text[next] == '"' || text[next] == '\'' || text[next] == ')' ||
                                Starts(text, next, "”") || Starts(text, next, "’"))) {
    next += static_cast<unsigned char>(text[next]) < 0x80 ? 1 : 3;
  }
  if (next < text.size() && !IsSpace(text[next])) return false;
  while (next < text.size() && IsSpace(text[next])) ++next;
  return next >= text.size() || text[next] < 'a' || text[next] > 'z';
}

uint32_t Permille(uint64_t part, uint64_t whole) {
  return whole == 0 ? 0 : static_cast<uint32_t>(std::min<uint64_t>(1000, part * 1000 / whole));
}

// The expected number of different words after n tokens of the process in rare_words.h.
double ExpectedWords(double theta, double discount, uint64_t n) {
  double words = 0;
  for (uint64_t i = 0; i < n;) {
    const uint64_t step = std::min(n - i, 1 + i / 256);
    const double at = static_cast<double>(i);
    words += static_cast<double>(step) * (theta + discount * words) / (theta + at);
    i += step;
  }
  return words;
}

// The theta with which `discount` leads to `words` different words after n tokens.
uint64_t FitTheta(double discount, uint64_t n, uint64_t words) {
  uint64_t low = 1, high = uint64_t{1} << 32;
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    const double expected = ExpectedWords(static_cast<double>(middle), discount, n);
    if (expected < static_cast<double>(words)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

}  // namespace

Fitter::Fitter()
    : document_lengths_(kNumLengthBuckets),
      paragraph_lengths_(kNumLengthBuckets),
      sentence_lengths_(kNumLengthBuckets) {
  for (const char* form : {"<start>", "<rare>", "<number>"}) WordId(form);
}

uint32_t Fitter::WordId(const std::string& form) {
  const auto [it, added] = ids_.try_emplace(form, static_cast<uint32_t>(words_.size()));
  if (added) words_.push_back({.form = form});
  return it->second;
}

void Fitter::AddToken(std::string_view token, bool number) {
  if (token.size() > kMaxFormBytes) return;
  if (sentence_words_ == 0) {
    stream_.push_back(kStart);
    ++words_[kStart].count;
  }
  std::string form;
  for (size_t i = 0; i < token.size(); ++i) {
    const bool curly = ApostropheBytes(token, i) == 3;
    const char c = curly ? '\'' : token[i];
    form += IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c;
    if (curly) i += 2;
  }
  const uint32_t id = number ? kNumber : WordId(form);
  WordCounts& word = words_[id];
  ++word.count;
  if (sentence_words_ != 0) {
    ++word.inside;
    if (IsUpper(token[0])) ++word.capital;
  }
  stream_.push_back(id);
  ++num_tokens_;
  ++sentence_words_;
  ++document_words_;
}

void Fitter::EndSentence() {
  if (sentence_words_ == 0) return;
  ++words_[stream_.back()].last;
  ++sentence_lengths_[LengthBucket(sentence_words_)];
  ++num_sentences_;
  ++paragraph_sentences_;
  sentence_words_ = 0;
}

// Counts what stands between two tokens at `at` and returns its bytes; `token` is the one before.
size_t Fitter::AddSeparator(std::string_view text, size_t at, std::string_view token) {
  const char c = text[at];
  const bool stop = c == '.' || c == '?' || c == '!';
  if (stop && SentenceFollows(text, at) && (c != '.' || MayEndSentence(token))) {
    if (c == '?' && sentence_words_ != 0) ++marks_.question;
    if (c == '!' && sentence_words_ != 0) ++marks_.exclamation;
    EndSentence();
  }
  if (c == ',') ++marks_.comma;
  if (c == ';') ++marks_.semicolon;
  if (c == ':') ++marks_.colon;
  if (c == '"') ++marks_.straight_quote;
  if (Starts(text, at, "“")) ++marks_.opening_quote;
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0xe2 ? 3 : byte == 0xc2 ? 2 : 1;
}

void Fitter::AddParagraph(std::string_view text) {
  std::string_view token;
  for (size_t i = 0; i < text.size();) {
    const bool number = IsDigit(text[i]);
    const size_t end = number ? NumberEnd(text, i) : WordEnd(text, i);
    if (end == i) {
      i += AddSeparator(text, i, token);
      continue;
    }
    token = text.substr(i, end - i);
    AddToken(token, number);
    i = end;
  }
  EndSentence();
  if (paragraph_sentences_ != 0) ++paragraph_lengths_[LengthBucket(paragraph_sentences_)];
  paragraph_sentences_ = 0;
}

void Fitter::AddDocument(std::string_view text) {
  const std::string_view blank_line = "\n\n";
  const bool blank_lines = text.find(blank_line) != std::string_view::npos;
  const std::string_view separator = blank_lines ? blank_line : blank_line.substr(1);
  while (!text.empty()) {
    const size_t end = text.find(separator);
    AddParagraph(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + separator.size());
  }
  if (document_words_ == 0) return;
  ++document_lengths_[LengthBucket(document_words_)];
  ++num_documents_;
  document_words_ = 0;
}

std::vector<uint32_t> Fitter::ModelIds(const FitOptions& options, Model& model) const {
  std::vector<uint32_t> order;
  for (uint32_t i = kNumSpecialWords; i < words_.size(); ++i) order.push_back(i);
  std::ranges::sort(order, [this](uint32_t a, uint32_t b) {
    if (words_[a].count != words_[b].count) return words_[a].count > words_[b].count;
    return words_[a].form < words_[b].form;
  });
  std::vector<uint32_t> ids(words_.size(), kRare);
  WordCounts rare = words_[kRare];
  for (size_t i = options.max_words; i < order.size(); ++i) {
    const WordCounts& word = words_[order[i]];
    rare.count += word.count;
    rare.last += word.last;
    rare.inside += word.inside;
    rare.capital += word.capital;
  }
  order.resize(std::min<size_t>(order.size(), options.max_words));
  const auto add = [&model](const WordCounts& word) {
    model.words.push_back({word.form, word.count, word.last, Permille(word.capital, word.inside)});
  };
  add(words_[kStart]);
  add(rare);
  add(words_[kNumber]);
  ids[kStart] = kStart;
  ids[kNumber] = kNumber;
  for (const uint32_t id : order) {
    ids[id] = static_cast<uint32_t>(model.words.size());
    add(words_[id]);
  }
  return ids;
}

void Fitter::FitPairs(const FitOptions& options, const std::vector<uint32_t>& ids,
                      Model& model) const {
  absl::flat_hash_map<uint64_t, uint64_t> counts;
  for (size_t i = 1; i < stream_.size(); ++i) {
    if (stream_[i] == kStart) continue;
    ++counts[uint64_t{ids[stream_[i - 1]]} << 32 | ids[stream_[i]]];
  }
  std::vector<std::pair<uint64_t, uint64_t>> order(counts.begin(), counts.end());
  std::ranges::sort(order, [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  order.resize(std::min<size_t>(order.size(), options.max_pairs));
  std::ranges::sort(order);
  model.pairs.resize(model.words.size());
  for (const auto& [pair, count] : order) {
    model.pairs[pair >> 32].push_back({static_cast<uint32_t>(pair), count});
  }
}

// The rare tokens of the text in its order say how many different ones there were at the half and
// at the end; of all discounts the one is taken that comes through both points.
void Fitter::FitRareWords(const std::vector<uint32_t>& ids, Model& model) const {
  const uint64_t n = model.words[kRare].count;
  if (n < 2) return;
  std::vector<bool> seen(words_.size());
  uint64_t tokens = 0, words = 0, words_at_half = 0;
  for (const uint32_t id : stream_) {
    if (ids[id] != kRare) continue;
    ++tokens;
    if (!seen[id]) ++words;
    seen[id] = true;
    if (tokens == n / 2) words_at_half = words;
  }
  double best = -1;
  for (uint32_t discount = 0; discount <= 950; discount += 50) {
    const double d = static_cast<double>(discount) / 1000;
    const uint64_t theta = FitTheta(d, n, words);
    const double at_half = ExpectedWords(static_cast<double>(theta), d, n / 2);
    const double difference = at_half - static_cast<double>(words_at_half);
    const double error = difference < 0 ? -difference : difference;
    if (best >= 0 && error >= best) continue;
    best = error;
    model.rare_theta = theta;
    model.rare_discount = discount;
  }
}

absl::StatusOr<Model> Fitter::Fit(const FitOptions& options) const {
  if (num_documents_ == 0) return absl::InvalidArgumentError("no document has a word");
  if (options.max_words > kMaxModelWords - kNumSpecialWords || options.max_pairs > kMaxModelPairs) {
    return absl::InvalidArgumentError(StrCat("at most ", kMaxModelWords - kNumSpecialWords,
                                             " words and ", kMaxModelPairs, " pairs fit a model"));
  }
  Model model;
  model.from = options.from;
  model.documents = num_documents_;
  model.tokens = num_tokens_;
  model.document_lengths = document_lengths_;
  model.paragraph_lengths = paragraph_lengths_;
  model.sentence_lengths = sentence_lengths_;
  model.marks = {Permille(marks_.comma, num_tokens_),
                 Permille(marks_.semicolon, num_tokens_),
                 Permille(marks_.colon, num_tokens_),
                 Permille(marks_.question, num_sentences_),
                 Permille(marks_.exclamation, num_sentences_),
                 Permille(marks_.opening_quote + marks_.straight_quote / 2, num_sentences_)};
  const std::vector<uint32_t> ids = ModelIds(options, model);
  FitPairs(options, ids, model);
  FitRareWords(ids, model);
  return model;
}

}  // namespace ibid::corpus
