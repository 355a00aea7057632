#include <xapian.h>

#include <algorithm>
#include <utility>

#include "bench/compare_xapian/engines.h"

namespace ibid::bench {
namespace {

// Positions left free between title and text; larger than any distance asked for.
constexpr Xapian::termpos kFieldGap = 100;
// Longer than any word of the corpora: nothing is left out.
constexpr unsigned kMaxWordBytes = 240;

void Index(const Workload& workload, const std::string& directory, Measured* measured) {
  const std::string loose = directory + ".loose";
  const double cpu = CpuSeconds(), wall = WallSeconds();
  Xapian::WritableDatabase database(loose, Xapian::DB_CREATE_OR_OVERWRITE);
  Xapian::TermGenerator generator;
  generator.set_max_word_length(kMaxWordBytes);
  for (const BenchDocument& document : workload.documents) {
    Xapian::Document entry;
    generator.set_document(entry);
    generator.set_termpos(0);
    generator.index_text(document.title_words);
    generator.increase_termpos(kFieldGap);
    generator.index_text(document.text_words);
    entry.add_boolean_term("Q" + document.document.key);
    entry.set_data(document.document.key + "\n" + document.document.title + "\n" +
                   document.document.text);
    database.add_document(entry);
  }
  database.commit();
  measured->index_cpu_seconds = CpuSeconds() - cpu;
  measured->index_wall_seconds = WallSeconds() - wall;
  database.compact(directory, Xapian::DBCOMPACT_NO_RENUMBER);
  measured->index_bytes = DirectoryBytes(directory);
}

Xapian::Query ToXapian(const BenchQuery& query) {
  const auto words = static_cast<Xapian::termcount>(query.words.size());
  if (query.kind == QueryKind::kPhrase) {
    return {Xapian::Query::OP_PHRASE, query.words.begin(), query.words.end(), words};
  }
  return {Xapian::Query::OP_NEAR, query.words.begin(), query.words.end(),
          query.distance - 1 + words};
}

Measured Run(const Workload& workload, const std::string& directory) {
  Measured measured;
  Index(workload, directory, &measured);
  const Xapian::Database database(directory);
  for (const BenchQuery& query : workload.queries) {
    Xapian::Enquire enquire(database);
    enquire.set_query(ToXapian(query));
    std::vector<std::string> keys;
    const Xapian::MSet all = enquire.get_mset(0, database.get_doccount());
    for (auto it = all.begin(); it != all.end(); ++it) {
      const std::string data = it.get_document().get_data();
      keys.push_back(data.substr(0, data.find('\n')));
    }
    std::sort(keys.begin(), keys.end());
    measured.answers.push_back(std::move(keys));
    double best = 1e9;
    for (int run = 0; run < kRuns; ++run) {
      const double started = WallSeconds();
      Xapian::Enquire again(database);
      again.set_query(ToXapian(query));
      const Xapian::MSet top = again.get_mset(0, 10);
      best = std::min(best, WallSeconds() - started);
    }
    measured.top10_seconds.push_back(best);
  }
  return measured;
}

}  // namespace

std::string XapianVersion() { return Xapian::version_string(); }

absl::StatusOr<Measured> RunXapian(const Workload& workload, const std::string& directory) {
  try {
    return Run(workload, directory);
  } catch (const Xapian::Error& error) {
    return absl::UnavailableError("Xapian: " + error.get_description());
  }
}

}  // namespace ibid::bench
