#include "corpus/generator/text_generator.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "common/base/strings.h"

namespace ibid::corpus {
namespace {

// Stands in a row for "any word, by its frequency"; kStart is never a successor.
constexpr uint32_t kFallback = kStart;

constexpr uint32_t kTitleMinWords = 3;
constexpr uint32_t kTitleMaxWords = 9;

constexpr std::array<std::string_view, 16> kSources = {
    "Alder Gazette",   "Birch Courier",  "Cedar Herald",  "Dogwood Times",
    "Elm Observer",    "Fir Chronicle",  "Gorse Monitor", "Hazel Post",
    "Ivy Dispatch",    "Juniper Record", "Kale Bulletin", "Larch Journal",
    "Maple Telegraph", "Nettle News",    "Oak Examiner",  "Pine Tribune"};

// A number with zeros before it.
std::string Padded(uint64_t number, size_t digits) {
  const std::string text = StrCat(number);
  return text.size() >= digits ? text : std::string(digits - text.size(), '0') + text;
}

// The day `n` days after 1 January 2000 (Hinnant, "chrono-Compatible Low-Level Date Algorithms").
std::string DayName(uint32_t n) {
  const uint32_t z = n + 730425;  // days since 1 March of year 0
  const uint32_t era = z / 146097;
  const uint32_t day_of_era = z - era * 146097;
  const uint32_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const uint32_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const uint32_t shifted_month = (5 * day_of_year + 2) / 153;
  const uint32_t day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
  const uint32_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  const uint32_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  return StrCat(Padded(year, 4), "-", Padded(month, 2), "-", Padded(day, 2));
}

constexpr uint32_t kNumDays = 25 * 365;

std::unordered_set<std::string> Forms(const Model& model) {
  std::unordered_set<std::string> forms;
  for (const ModelWord& word : model.words) forms.insert(word.form);
  return forms;
}

// What is left of each word's count after the pairs that the model holds: the words that follow
// where it holds none. So every word keeps its frequency.
std::vector<uint64_t> FallbackWeights(const Model& model) {
  std::vector<uint64_t> weights;
  for (const ModelWord& word : model.words) weights.push_back(word.count);
  weights[kStart] = 0;
  for (const auto& row : model.pairs) {
    for (const ModelPair& pair : row) {
      uint64_t& weight = weights[pair.second];
      weight -= std::min(weight, pair.count);
    }
  }
  const bool empty = std::all_of(weights.begin(), weights.end(), [](uint64_t w) { return w == 0; });
  if (!empty) return weights;
  for (size_t i = kStart + 1; i < weights.size(); ++i) weights[i] = model.words[i].count;
  return weights;
}

bool IsLowerAscii(char c) { return c >= 'a' && c <= 'z'; }

}  // namespace

uint64_t MeanDocumentWords(const Model& model) {
  uint64_t documents = 0, words = 0;
  for (uint32_t k = 0; k < kNumLengthBuckets; ++k) {
    const uint64_t twice_middle = uint64_t{BucketBegin(k)} + BucketBegin(k + 1) - 1;
    // Counts are scaled down so that the sum cannot overflow.
    const uint64_t count = model.document_lengths[k];
    documents += count;
    words += count / 2 * twice_middle + count % 2 * (twice_middle / 2);
  }
  return std::max<uint64_t>(1, (words + documents / 2) / documents);
}

TextGenerator::TextGenerator(const Model& model, const GeneratorOptions& options)
    : random_(options.seed),
      options_(options),
      marks_(model.marks),
      taken_(Forms(model)),
      rare_(model.rare_theta, model.rare_discount,
            [this](const std::string& form) { return taken_.count(form) != 0; }),
      document_lengths_(model.document_lengths),
      paragraph_lengths_(model.paragraph_lengths),
      sentence_lengths_(model.sentence_lengths) {
  if (options.mean_words != 0) {
    stretch_numerator_ = options.mean_words;
    stretch_denominator_ = MeanDocumentWords(model);
  }
  for (const ModelWord& word : model.words) forms_ += word.form;
  size_t offset = 0;
  for (const ModelWord& word : model.words) {
    words_.push_back(
        {std::string_view(forms_).substr(offset, word.form.size()), word.capital_permille});
    offset += word.form.size();
  }
  BuildRows(model);
}

void TextGenerator::BuildRows(const Model& model) {
  const std::vector<uint64_t> weights = FallbackWeights(model);
  std::vector<uint64_t> kept;
  std::vector<uint32_t> values;
  for (uint32_t i = 0; i < weights.size(); ++i) {
    if (weights[i] == 0) continue;
    kept.push_back(weights[i]);
    values.push_back(i);
  }
  fallback_ = BuildAliasColumns(kept, values);
  rows_.resize(model.words.size());
  for (size_t first = 0; first < model.pairs.size(); ++first) {
    if (model.pairs[first].empty()) continue;
    kept.clear();
    values.clear();
    uint64_t rest = model.words[first].count - model.words[first].last_count;
    for (const ModelPair& pair : model.pairs[first]) {
      kept.push_back(pair.count);
      values.push_back(pair.second);
      rest -= pair.count;
    }
    kept.push_back(rest);
    values.push_back(kFallback);
    rows_[first].begin = static_cast<uint32_t>(columns_.size());
    rows_[first].size = static_cast<uint32_t>(kept.size());
    std::ranges::copy(BuildAliasColumns(kept, values), std::back_inserter(columns_));
  }
}

uint32_t TextGenerator::DrawLength(const AliasTable& table) {
  const uint32_t bucket = table.Draw(random_);
  const uint32_t begin = BucketBegin(bucket);
  const uint32_t width = BucketBegin(bucket + 1) - begin;
  return width == 1 ? begin : begin + random_.Below(width);
}

uint32_t TextGenerator::DocumentLength() {
  const uint64_t length = DrawLength(document_lengths_) * stretch_numerator_;
  // What the division leaves is kept on average, so short documents do not all round down.
  const uint64_t noise = stretch_denominator_ == 1 ? 0 : random_.Next() % stretch_denominator_;
  const uint64_t stretched = (length + noise) / stretch_denominator_;
  return static_cast<uint32_t>(std::clamp<uint64_t>(stretched, 1, kMaxLength));
}

uint32_t TextGenerator::DrawSuccessor(uint32_t word) {
  const Row row = rows_[word];
  if (row.size != 0) {
    const std::span<const AliasColumn> columns(columns_.data() + row.begin, row.size);
    const uint32_t next = DrawFrom(columns, random_);
    if (next != kFallback) return next;
  }
  return DrawFrom(fallback_, random_);
}

// Years, small numbers, decimals and thousands, about as news has them.
void TextGenerator::AppendNumber(std::string& out) {
  const uint32_t kind = random_.Below(10);
  const uint32_t number = random_.Below(1000);
  if (kind < 4) {
    out += StrCat(1 + number % 99);
  } else if (kind < 7) {
    out += StrCat(1900 + number % 125);
  } else if (kind == 7) {
    out += StrCat(number / 10, ".", number % 10);
  } else if (kind == 8) {
    out += StrCat(100 + number % 900);
  } else {
    out += StrCat(1 + random_.Below(99), ",", Padded(number, 3));
  }
}

void TextGenerator::AppendWord(uint32_t word, bool first, std::string& out) {
  if (word == kNumber) return AppendNumber(out);
  const size_t begin = out.size();
  uint32_t capital_permille = words_[word].capital_permille;
  if (word == kRare) {
    const uint32_t number = rare_.Draw(random_);
    out += RareWords::Spell(number);
    // An invented word is a name always or never.
    capital_permille = Mix(number) % 1000 < capital_permille ? 1000 : 0;
  } else {
    out += words_[word].form;
  }
  const bool capital = first || (capital_permille != 0 && random_.Chance(capital_permille));
  if (capital && IsLowerAscii(out[begin])) out[begin] = static_cast<char>(out[begin] - 'a' + 'A');
}

void TextGenerator::AppendInnerMark(std::string& out) {
  const uint32_t draw = random_.Below(1000);
  if (draw < marks_.comma) {
    out += ',';
  } else if (draw < marks_.comma + marks_.semicolon) {
    out += ';';
  } else if (draw < marks_.comma + marks_.semicolon + marks_.colon) {
    out += ':';
  }
}

void TextGenerator::AppendSentence(uint32_t length, Style style, std::string& out) {
  const bool quoted = random_.Chance(marks_.quotation);
  if (quoted) out += style.curly ? "“" : "\\\"";
  uint32_t word = kStart;
  for (uint32_t i = 0; i < length; ++i) {
    if (i != 0) {
      AppendInnerMark(out);
      out += ' ';
    }
    word = DrawSuccessor(word);
    AppendWord(word, i == 0, out);
  }
  const uint32_t draw = random_.Below(1000);
  const bool question = draw < marks_.question;
  const bool exclamation = !question && draw < marks_.question + marks_.exclamation;
  out += question ? '?' : exclamation ? '!' : '.';
  if (quoted) out += style.curly ? "”" : "\\\"";
}

void TextGenerator::AppendText(uint32_t length, Style style, std::string& out) {
  uint32_t sentences = 0;  // left in this paragraph
  for (uint32_t left = length; left != 0;) {
    if (left != length) out += sentences == 0 ? "\\n\\n" : " ";
    if (sentences == 0) sentences = DrawLength(paragraph_lengths_);
    const uint32_t words = std::min(left, DrawLength(sentence_lengths_));
    AppendSentence(words, style, out);
    left -= words;
    --sentences;
  }
  num_words_ += length;
}

void TextGenerator::AppendHead(std::string& out) {
  out += StrCat(R"({"id":"doc-)", Padded(num_documents_, 9), R"(","title":")");
  const uint32_t length = kTitleMinWords + random_.Below(kTitleMaxWords - kTitleMinWords + 1);
  uint32_t word = kStart;
  for (uint32_t i = 0; i < length; ++i) {
    if (i != 0) out += ' ';
    word = DrawSuccessor(word);
    AppendWord(word, i == 0, out);
  }
  out += StrCat(R"(","date":")", DayName(random_.Below(kNumDays)));
  out += StrCat(R"(","source":")", kSources[random_.Below(kSources.size())]);
}

void TextGenerator::AppendDocument(std::string& out) {
  ++num_documents_;
  AppendHead(out);
  const uint32_t length = DocumentLength();
  out += StrCat(R"(","words":)", length, R"(,"text":")");
  const Style style{.curly = random_.Chance(500)};
  AppendText(length, style, out);
  out += "\"}\n";
}

}  // namespace ibid::corpus
