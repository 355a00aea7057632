#include "tests/soak/soak_snapshot.h"

#include <algorithm>
#include <set>
#include <utility>

#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "ibid/snippet.h"
#include "searcher/match/snapshot.h"
#include "tests/oracle/random_stories.h"
#include "tests/oracle/test_index.h"

namespace ibid {
namespace {

constexpr size_t kAllHits = 1000000;

SearchOptions RandomOptions(RandomStories* random) {
  SearchOptions options;
  options.limit = kAllHits;
  options.limits.timeout_seconds = 0;  // this process may be stopped at any moment
  if (random->Below(4) == 0) {
    options.k1 = 0.5f * static_cast<float>(random->Below(5));
    options.b = 0.25f * static_cast<float>(random->Below(5));
  }
  if (random->Below(5) == 0) options.proximity_score = ProximityScore::kFilter;
  if (random->Below(6) == 0) options.query_limits.max_expansions = 2;
  return options;
}

std::string RandomRareQuery(RandomStories* random) {
  const auto word = [random] {
    return RareWord(static_cast<uint32_t>(random->Below(kNumRareWords)));
  };
  const std::string first = word(), second = word();
  switch (random->Below(6)) {
    case 0:
      return "\"" + first + " " + second + "\"~3";
    case 1:
      return first + " NEAR/3 " + second;
    case 2:
      return first + "* ADJ/2 " + second + "*";
    case 3:
      return "(" + first + " OR " + second + ") AND (" + random->AnyQuery(1) + ")";
    case 4:
      return first + "? NOT " + second;
    default:
      return first + " " + second + " end";
  }
}

std::string FirstDifference(const std::string& found, const std::string& expected) {
  size_t at = 0;
  while (at < std::min(found.size(), expected.size()) && found[at] == expected[at]) ++at;
  const size_t from = at > 80 ? at - 80 : 0;
  return StrCat("found ", found.size(), " bytes, expected ", expected.size(), ", at ", at,
                ": found \"", found.substr(from, 160), "\", expected \"",
                expected.substr(from, 160), "\"");
}

std::string Places(const std::vector<Match>& matches) {
  std::string places;
  for (const Match& match : matches) places += StrCat(match.first, "-", match.last, " ");
  return places;
}

std::string Places(const IntervalList& intervals) {
  std::string places;
  for (const Interval& i : intervals) places += StrCat(i.first, "-", i.last, " ");
  return places;
}

std::string WithoutSpaces(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c != ' ' && c != '\n') result += c;
  }
  return result;
}

// Each highlighted piece stands in the document, and where there is a match something is marked.
std::string CheckSnippet(const Document& document, const std::vector<Match>& matches) {
  const Snippet snippet = MakeSnippet(document, matches, {});
  if (matches.empty() != snippet.highlights.empty()) {
    return StrCat(matches.size(), " matches, ", snippet.highlights.size(), " highlights");
  }
  const std::string whole = WithoutSpaces(document.title + "\n" + document.text);
  for (const auto& [begin, end] : snippet.highlights) {
    if (begin >= end || end > snippet.text.size()) return "a highlight outside of the snippet";
    const std::string piece = WithoutSpaces(snippet.text.substr(begin, end - begin));
    if (whole.find(piece) == std::string::npos) return "highlighted: " + piece;
  }
  return "";
}

size_t HeapBytes(const std::vector<OracleHit>& hits) {
  size_t bytes = hits.capacity() * sizeof(OracleHit);
  for (const OracleHit& hit : hits) bytes += hit.matches.capacity() * sizeof(Interval);
  return bytes;
}

std::vector<OracleHit> Slice(const std::vector<OracleHit>& hits, size_t offset, size_t limit) {
  const size_t from = std::min(offset, hits.size());
  const size_t to = std::min(hits.size(), from + limit);
  return {hits.begin() + static_cast<std::ptrdiff_t>(from),
          hits.begin() + static_cast<std::ptrdiff_t>(to)};
}

}  // namespace

std::atomic<uint64_t> SoakSnapshot::bytes_of_answers_ = 0;

std::string SoakSnapshot::CompareDocuments(DocumentCache* documents,
                                           std::vector<OracleDocument>* all) const {
  std::vector<bool> seen(versions_.size());
  for (const SnapshotSegment& segment : reader_->impl().segments) {
    for (DocId doc = 0; doc < segment.meta.num_docs; ++doc) {
      const auto record = segment.reader->stored().Get(doc);
      const auto key = segment.reader->keys().Key(doc);
      if (!record.ok() || !key.ok()) {
        return StrCat(record.status().ToString(), " ", key.status().ToString());
      }
      auto document = DecodeStoredDocument(*record, "segment");
      if (!document.ok()) return document.status().ToString();
      document->key = *key;
      const std::optional<size_t> number = NumberOfKey(document->key);
      if (!number.has_value() || *number >= versions_.size()) return "foreign key " + document->key;
      if (segment.IsLive(doc)) {
        if (seen[*number]) return document->key + " is there twice";
        seen[*number] = true;
        const uint32_t version = versions_[*number];
        if (version == 0) return document->key + " was deleted and is there";
        if (*document != documents->Get(*number, version)) {
          return StrCat(document->key, " is not of version ", version, ": ", document->text);
        }
      }
      all->push_back({*std::move(document), segment.IsLive(doc)});
    }
  }
  for (size_t number = 0; number < seen.size(); ++number) {
    if (versions_[number] != 0 && !seen[number]) return SoakKey(number) + " is missing";
  }
  if (reader_->num_docs() != NumLive(versions_)) return "num_docs is wrong";
  return "";
}

std::string SoakSnapshot::Prepare(uint64_t seed, size_t num_questions, DocumentCache* documents) {
  std::vector<OracleDocument> all;
  if (std::string problem = CompareDocuments(documents, &all); !problem.empty()) return problem;
  const NaiveEngine oracle(reader_->options(), std::move(all), reader_->columns());
  RandomStories random(seed, /*num_words=*/100);
  for (size_t i = 0; i < num_questions; ++i) {
    SoakQuestion question;
    question.text =
        random.Below(4) == 0 ? RandomRareQuery(&random) : random.AnyQuery(random.Below(3));
    question.query = ParseFor(*reader_, question.text);
    question.options = RandomOptions(&random);
    question.expected = oracle.Search(question.query, question.options);
    for (size_t hit = kPlacesCompared; hit < question.expected.size(); ++hit) {
      question.expected[hit].matches = IntervalList();
    }
    question.expected.shrink_to_fit();
    own_bytes_of_answers_ += HeapBytes(question.expected);
    questions_.push_back(std::move(question));
  }
  bytes_of_answers_ += own_bytes_of_answers_;
  return "";
}

std::string SoakSnapshot::ComparePlaces(const SoakQuestion& question,
                                        const SearchResult& found) const {
  for (size_t i = 0; i < std::min(found.hits.size(), kPlacesCompared); ++i) {
    const Hit& hit = found.hits[i];
    const auto document = searcher_.GetDocument(hit);
    if (!document.ok()) return document.status().ToString();
    const auto matches = i % 2 == 0
                             ? searcher_.Matches(found, hit, *document, question.options)
                             : searcher_.Matches(question.query, hit, *document, question.options);
    if (!matches.ok()) return matches.status().ToString();
    const std::string places = Places(*matches), expected = Places(question.expected[i].matches);
    if (places != expected) return StrCat(hit.key, ": places ", FirstDifference(places, expected));
    std::string problem = CheckSnippet(*document, *matches);
    if (!problem.empty()) return StrCat("snippet of ", hit.key, ": ", problem);
  }
  return "";
}

std::string SoakSnapshot::AskAll(const SoakQuestion& question) const {
  const auto found = searcher_.Search(question.query, question.options);
  if (!found.ok()) return found.status().ToString();
  const std::string lines = HitLines(found->hits), expected = HitLines(question.expected);
  if (lines != expected) return FirstDifference(lines, expected);
  if (found->total != question.expected.size()) return StrCat("total ", found->total);
  return ComparePlaces(question, *found);
}

std::string SoakSnapshot::AskSome(const SoakQuestion& question, std::mt19937_64* random) const {
  SearchOptions options = question.options;
  options.limit = (*random)() % 30;
  options.offset = (*random)() % 3 == 0 ? (*random)() % 40 : 0;
  options.prune = (*random)() % 4 != 0;
  options.exact_total = (*random)() % 2 == 0;
  options.explain = (*random)() % 4 == 0;
  const auto found = searcher_.Search(question.query, options);
  if (!found.ok()) return found.status().ToString();
  const std::string lines = HitLines(found->hits);
  const std::string expected = HitLines(Slice(question.expected, options.offset, options.limit));
  if (lines != expected) {
    return StrCat(options.limit, " from ", options.offset, ": ", FirstDifference(lines, expected));
  }
  const uint64_t total = question.expected.size();
  const bool right = found->total_is_exact ? found->total == total : found->total <= total;
  if (!right) return StrCat("total ", found->total, ", expected ", total);
  if (options.exact_total && !found->total_is_exact && !found->partial) return "total not exact";
  return "";
}

std::string SoakSnapshot::AskByKey(const SoakQuestion& question) const {
  SearchOptions options = question.options;
  options.sort = SortOrder::kKey;
  const auto found = searcher_.Search(question.query, options);
  if (!found.ok()) return found.status().ToString();
  std::vector<std::string> expected;
  for (const OracleHit& hit : question.expected) expected.push_back(hit.key);
  std::sort(expected.begin(), expected.end());
  if (found->hits.size() != expected.size()) return StrCat(found->hits.size(), " hits by key");
  for (size_t i = 0; i < expected.size(); ++i) {
    if (found->hits[i].key != expected[i]) return StrCat("hit by key ", i, " is ", expected[i]);
  }
  return "";
}

std::string SoakSnapshot::Ask(std::mt19937_64* random) const {
  if (questions_.empty()) return "";
  const SoakQuestion& question = questions_[(*random)() % questions_.size()];
  std::string problem;
  switch ((*random)() % 8) {
    case 0:
      problem = AskAll(question);
      break;
    case 1:
      problem = AskByKey(question);
      break;
    default:
      problem = AskSome(question, random);
  }
  if (problem.empty()) return "";
  return StrCat("generation ", generation(), ": ", question.text, ": ", problem);
}

std::string SoakSnapshot::LookUp(std::mt19937_64* random) const {
  const size_t number = (*random)() % versions_.size();
  const auto document = reader_->GetDocument(SoakKey(number));
  if (!document.ok()) return document.status().ToString();
  if (document->has_value() != (versions_[number] != 0)) {
    return StrCat(SoakKey(number), " of version ", versions_[number], ": found ",
                  int{document->has_value()});
  }
  if (document->has_value() && **document != SoakDocument(number, versions_[number])) {
    return StrCat(SoakKey(number), " is not of version ", versions_[number]);
  }
  return "";
}

std::string SoakSnapshot::AskOfModel(std::mt19937_64* random) const {
  std::string problem;
  for (int i = 0; i < 4 && problem.empty(); ++i) problem = LookUp(random);
  if (!problem.empty()) return StrCat("generation ", generation(), ": ", problem);
  const auto first = static_cast<uint32_t>((*random)() % kNumRareWords);
  const auto second = static_cast<uint32_t>((*random)() % kNumRareWords);
  const std::vector<size_t> with_first = WithRareWord(versions_, first);
  const std::vector<size_t> with_second = WithRareWord(versions_, second);
  std::set<std::string> expected;
  std::vector<size_t> numbers;
  const char* op = " OR ";
  switch ((*random)() % 3) {
    case 0:
      std::set_union(with_first.begin(), with_first.end(), with_second.begin(), with_second.end(),
                     std::back_inserter(numbers));
      break;
    case 1:
      op = " AND ";
      std::set_intersection(with_first.begin(), with_first.end(), with_second.begin(),
                            with_second.end(), std::back_inserter(numbers));
      break;
    default:
      op = " NOT ";
      std::set_difference(with_first.begin(), with_first.end(), with_second.begin(),
                          with_second.end(), std::back_inserter(numbers));
  }
  for (const size_t number : numbers) expected.insert(SoakKey(number));
  const std::string text = RareWord(first) + op + RareWord(second);
  SearchOptions options;
  options.limit = kAllHits;
  options.limits.timeout_seconds = 0;
  const auto found = searcher_.Search(ParseFor(*reader_, text), options);
  if (!found.ok()) return StrCat(text, ": ", found.status().ToString());
  std::set<std::string> keys;
  for (const Hit& hit : found->hits) keys.insert(hit.key);
  if (keys == expected) return "";
  return StrCat("generation ", generation(), ": ", text, ": ", keys.size(), " documents, expected ",
                expected.size());
}

}  // namespace ibid
