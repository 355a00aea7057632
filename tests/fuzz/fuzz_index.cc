// A small index with some bytes of several files changed behind right checksums: opened, checked,
// asked, read, written and merged. What check calls sound, everything else must be able to use;
// what check --deep calls sound, too, a merge keeps so.
//
// Input: a byte of choices, the number of changes, the changes, then a query.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "ibid/check_index.h"
#include "ibid/index_reader.h"
#include "ibid/index_writer.h"
#include "ibid/query.h"
#include "ibid/searcher.h"
#include "ibid/snippet.h"
#include "tests/fault/every_feature_index.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/index_parts.h"

namespace ibid {
namespace {

constexpr char kDirectory[] = "index";

IndexParts BaseIndex(const EveryFeatureOptions& options) {
  const std::unique_ptr<Env> env = NewMemoryEnv();
  WriteIndexFiles(env.get(), kDirectory, MakeEveryFeatureIndex(options));
  return TakeApart(env.get(), kDirectory);
}

// Few documents, or enough of them for lists of pairs.
const IndexParts& SmallIndex() {
  static const IndexParts index =
      BaseIndex({.first_docs = 9, .second_docs = 5, .rare_words = 30, .max_text_words = 8});
  return index;
}
const IndexParts& IndexWithPairs() {
  static const IndexParts index =
      BaseIndex({.first_docs = 260, .second_docs = 3, .rare_words = 20, .max_text_words = 2});
  return index;
}

// What may be said of an index that somebody made up: that it is damaged, or too much for a limit.
void RequireNamed(const absl::Status& status, bool is_sound) {
  if (status.ok() || absl::IsResourceExhausted(status)) return;
  Require(absl::IsDataLoss(status) || absl::IsFailedPrecondition(status), status.ToString());
  Require(!is_sound || !absl::IsDataLoss(status),
          "check finds it sound, but: " + std::string(status.message()));
}

void Ask(const IndexReader& reader, const Searcher& searcher, const std::string& text,
         bool is_sound) {
  ParseOptions options;
  options.columns = reader.columns();
  const absl::StatusOr<ParsedQuery> parsed = ParseQuery(text, options);
  if (!parsed.ok()) return;
  SearchOptions search;
  search.limits.timeout_seconds = 1;
  const absl::StatusOr<SearchResult> found = searcher.Search(parsed->query, search);
  RequireNamed(found.status(), is_sound);
  if (!found.ok()) return;
  for (const Hit& hit : found->hits) {
    const absl::StatusOr<Document> document = searcher.GetDocument(hit);
    RequireNamed(document.status(), is_sound);
    if (!document.ok()) return;
    const auto matches = searcher.Matches(*found, hit, *document, search);
    RequireNamed(matches.status(), is_sound);
    if (matches.ok()) HighlightSnippet(MakeSnippet(*document, *matches, {}), "[", "]");
  }
}

void Read(Env* env, const std::string& text, uint32_t choice, bool is_sound) {
  const auto reader = IndexReader::Open(kDirectory, env);
  RequireNamed(reader.status(), is_sound);
  if (!reader.ok()) return;
  const Searcher searcher(*reader);
  const auto& queries = EveryFeatureQueries();
  Ask(**reader, searcher, text, is_sound);
  Ask(**reader, searcher, queries[choice % queries.size()], is_sound);
  Ask(**reader, searcher, queries[choice / 8 % queries.size()], is_sound);
  (*reader)->Info();
  size_t seen = 0;
  RequireNamed((*reader)->ForEachTerm("w", [&](const TermStats&) { return ++seen < 50; }),
               is_sound);
  RequireNamed((*reader)->ForEachPosting("rain", [&](const TermPosting&) { return ++seen < 99; }),
               is_sound);
  RequireNamed((*reader)->GetDocument("story/0-0").status(), is_sound);
}

absl::Status Write(Env* env, bool reorder) {
  WriterOptions options;
  options.create_if_missing = false;
  options.threads = 1;
  const auto writer = IndexWriter::Open(kDirectory, options, env);
  if (!writer.ok()) return writer.status();
  absl::Status status = (*writer)->Add({.key = "new", .text = "The rain of wa0."}).status();
  if (status.ok()) status = (*writer)->Delete("story/838-2").status();
  if (status.ok()) {
    status = (*writer)->MergeToOne(reorder ? DocumentOrder::kBySharedWords : DocumentOrder::kKept);
  }
  if (status.ok()) status = (*writer)->Commit().status();
  return status;
}

// What is wrong with the index; empty where it is sound.
std::string Damage(Env* env, bool deep = false) {
  const absl::StatusOr<CheckReport> report = CheckIndex(kDirectory, env, {}, {.deep = deep});
  RequireNamed(report.status(), false);
  if (!report.ok()) return std::string(report.status().message());
  return report->problems.empty() ? "" : report->problems.front();
}

}  // namespace

std::vector<std::string> FuzzSeeds() {
  std::vector<std::string> seeds;
  for (uint32_t choice = 0; choice < 32; ++choice) {
    std::string seed = FuzzNumber(choice * 8 + choice / 4, 1) + FuzzNumber(choice % 4, 1);
    for (uint32_t change = 0; change < choice % 4; ++change) {
      seed += FuzzNumber(choice * 7 + 2, 1) + FuzzNumber(choice, 1) + FuzzNumber(change * 128, 1) +
              FuzzNumber(choice * 5, 2) + FuzzNumber(2, 1) + "ab";
    }
    seeds.push_back(seed + EveryFeatureQueries()[choice % 30]);
  }
  return seeds;
}

}  // namespace ibid

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace ibid;
  FuzzInput input(data, size);
  const uint32_t choice = input.Byte();
  IndexParts parts = choice % 4 == 3 ? IndexWithPairs() : SmallIndex();
  for (uint32_t changes = input.Byte() % 6; changes > 0; --changes) ChangeParts(&input, &parts);
  const std::string query(input.Rest());
  const std::unique_ptr<Env> env = NewMemoryEnv();
  Seal(std::move(parts), env.get(), kDirectory);
  const bool is_sound = Damage(env.get()).empty();
  Read(env.get(), query, choice, is_sound);
  if (choice % 2 == 0) return 0;
  // Segments may contradict one another in what only the text can decide, as the stem of a word.
  const bool agrees = is_sound && Damage(env.get(), /*deep=*/true).empty();
  const absl::Status written = Write(env.get(), choice % 8 == 1);
  RequireNamed(written, is_sound);
  if (!written.ok() || !agrees) return 0;
  const std::string damage = Damage(env.get());
  Require(damage.empty(), "a sound index was merged into damage: " + damage);
  return 0;
}
