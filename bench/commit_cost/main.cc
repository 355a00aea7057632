// ibid-commit-cost: what a commit of a few documents costs in a large index, in ibid and Xapian.
#include <xapian.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/support/latency.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "corpus/generator/model.h"
#include "corpus/generator/text_generator.h"
#include "ibid/index_writer.h"

namespace ibid::bench {
namespace {

constexpr const char* kUsage =
    R"(usage: ibid-commit-cost WORKDIR [DOCUMENTS [BATCH [COMMITS [WORDS]]]]

  Builds an index of DOCUMENTS (1,000,000) generated documents of WORDS (50) words in WORKDIR/ibid and
  WORKDIR/xapian, where they are not there yet. Then makes COMMITS (40) commits of BATCH (1,000)
  documents each in either, new ones and replaced ones, and prints how long additions and commit took.
  Both keep the text, have positions, and force each commit to disk.
)";

struct Workload {
  std::string directory;
  uint64_t num_documents = 1000000;
  uint64_t batch = 1000;
  uint64_t commits = 40;
  uint32_t words = 50;
};

absl::StatusOr<corpus::Model> DefaultModel() {
  std::ifstream file(IBID_DEFAULT_CORPUS_MODEL, std::ios::binary);
  return corpus::ParseModel(std::string(std::istreambuf_iterator<char>(file), {}));
}

class Texts {
 public:
  Texts(const corpus::Model& model, const Workload& workload, uint64_t seed)
      : generator_(model, {.seed = seed, .mean_words = workload.words}) {}

  // As JSON spells it, which is near enough.
  std::string_view Next() {
    line_.clear();
    generator_.AppendDocument(line_);
    constexpr std::string_view kText = "\"text\":\"";
    const size_t begin = line_.find(kText) + kText.size();
    return std::string_view(line_).substr(begin, line_.rfind('"') - begin);
  }

 private:
  corpus::TextGenerator generator_;
  std::string line_;
};

std::string KeyOf(uint64_t number) { return StrCat("story/", number); }

double MillisecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

// One of the two sides.
class Side {
 public:
  virtual ~Side() = default;
  virtual std::string name() const = 0;
  virtual absl::Status Put(const std::string& key, std::string_view text, bool is_new) = 0;
  virtual absl::Status Commit() = 0;
};

class IbidSide : public Side {
 public:
  static absl::StatusOr<std::unique_ptr<Side>> Open(const std::string& dir, bool background) {
    auto side = std::make_unique<IbidSide>();
    WriterOptions options;
    options.background_merges = side->background_ = background;
    ASSIGN_OR_RETURN(side->writer_, IndexWriter::Open(dir, options));
    return std::unique_ptr<Side>(std::move(side));
  }
  std::string name() const override {
    return background_ ? "ibid, merges in the background" : "ibid, merges in the commit";
  }
  absl::Status Put(const std::string& key, std::string_view text, bool) override {
    Document document;
    document.key = key;
    document.text = text;
    return writer_->Add(std::move(document)).status();
  }
  absl::Status Commit() override { return writer_->Commit().status(); }

 private:
  std::unique_ptr<IndexWriter> writer_;
  bool background_ = false;
};

class XapianSide : public Side {
 public:
  explicit XapianSide(const std::string& dir)
      : database_(dir, Xapian::DB_CREATE_OR_OPEN | Xapian::DB_BACKEND_GLASS) {}
  std::string name() const override { return StrCat("Xapian ", Xapian::version_string()); }
  absl::Status Put(const std::string& key, std::string_view text, bool is_new) override {
    Xapian::Document document;
    generator_.set_document(document);
    generator_.index_text(std::string(text));
    document.set_data(std::string(text));
    const std::string id = "Q" + key;
    document.add_boolean_term(id);
    if (is_new) {
      database_.add_document(document);
    } else {
      database_.replace_document(id, document);
    }
    return absl::OkStatus();
  }
  absl::Status Commit() override {
    database_.commit();
    return absl::OkStatus();
  }

 private:
  Xapian::WritableDatabase database_;
  Xapian::TermGenerator generator_;
};

absl::StatusOr<std::unique_ptr<Side>> OpenSide(const Workload& workload, int which) {
  if (which == 2) return std::make_unique<XapianSide>(workload.directory + "/xapian");
  return IbidSide::Open(workload.directory + "/ibid", which == 1);
}

absl::Status Build(const corpus::Model& model, const Workload& workload, int which) {
  const std::string dir = workload.directory + (which == 2 ? "/xapian" : "/ibid");
  if (std::filesystem::exists(dir)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::unique_ptr<Side> side, OpenSide(workload, which));
  Texts texts(model, workload, 1);
  const auto start = std::chrono::steady_clock::now();
  for (uint64_t i = 0; i < workload.num_documents; ++i) {
    RETURN_IF_ERROR(side->Put(KeyOf(i), texts.Next(), /*is_new=*/true));
  }
  RETURN_IF_ERROR(side->Commit());
  std::printf("%-32s built in %.1f s\n", side->name().c_str(), MillisecondsSince(start) / 1000);
  return absl::OkStatus();
}

// `replace`: documents that are there, at random; else new ones.
absl::Status Measure(const corpus::Model& model, const Workload& workload, int which,
                     bool replace) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Side> side, OpenSide(workload, which));
  Texts texts(model, workload, 100 + static_cast<uint64_t>(which));
  std::mt19937_64 random(which);
  uint64_t next = workload.num_documents * static_cast<uint64_t>(which + 1);
  std::vector<double> commits, both;
  for (uint64_t i = 0; i < workload.commits; ++i) {
    std::vector<std::string> batch;
    for (uint64_t n = 0; n < workload.batch; ++n) batch.emplace_back(texts.Next());
    const auto start = std::chrono::steady_clock::now();
    for (const std::string& text : batch) {
      const uint64_t number = replace ? random() % workload.num_documents : next++;
      RETURN_IF_ERROR(side->Put(KeyOf(number), text, !replace));
    }
    const auto added = std::chrono::steady_clock::now();
    RETURN_IF_ERROR(side->Commit());
    commits.push_back(MillisecondsSince(added));
    both.push_back(MillisecondsSince(start));
  }
  const LatencySummary commit = Summarise(commits);
  const LatencySummary all = Summarise(both);
  std::printf("%-32s %-9s %10.1f %10.1f %10.1f %14.1f %10.1f %10.1f\n", side->name().c_str(),
              replace ? "replaced" : "new", commit.p50, commit.mean, commit.max, all.p50, all.mean,
              all.max);
  std::fflush(stdout);
  return absl::OkStatus();
}

absl::Status Run(const Workload& workload) {
  std::filesystem::create_directories(workload.directory);
  ASSIGN_OR_RETURN(const corpus::Model model, DefaultModel());
  for (const int which : {0, 2}) RETURN_IF_ERROR(Build(model, workload, which));
  std::printf("commits of %s documents into %s, in milliseconds\n",
              WithCommas(workload.batch).c_str(), WithCommas(workload.num_documents).c_str());
  std::printf("%-32s %-9s %10s %10s %10s %14s %10s %10s\n", "", "", "commit p50", "mean", "max",
              "with adds p50", "mean", "max");
  for (const bool replace : {false, true}) {
    for (const int which : {0, 1, 2}) RETURN_IF_ERROR(Measure(model, workload, which, replace));
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace ibid::bench

int main(int argc, char** argv) {
  if (argc == 2 && std::string_view(argv[1]) == "--help") {
    std::fputs(ibid::bench::kUsage, stdout);
    return 0;
  }
  if (argc < 2 || argc > 6 || argv[1][0] == '-') {
    std::fputs(ibid::bench::kUsage, stderr);
    return 2;
  }
  ibid::bench::Workload workload;
  workload.directory = argv[1];
  if (argc > 2) workload.num_documents = std::strtoull(argv[2], nullptr, 10);
  if (argc > 3) workload.batch = std::strtoull(argv[3], nullptr, 10);
  if (argc > 4) workload.commits = std::strtoull(argv[4], nullptr, 10);
  if (argc > 5) workload.words = static_cast<uint32_t>(std::strtoul(argv[5], nullptr, 10));
  try {
    const absl::Status status = ibid::bench::Run(workload);
    if (status.ok()) return 0;
    std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  } catch (const Xapian::Error& error) {
    std::fprintf(stderr, "%s\n", error.get_description().c_str());
  }
  return 1;
}
