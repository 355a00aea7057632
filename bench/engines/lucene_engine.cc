#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <utility>

#include "bench/engines/engine.h"
#include "bench/support/process.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace ibid::bench {
namespace {

// Debian's package names its jars by another version than Lucene's own.
constexpr const char* kJarFolder = "/usr/share/java";
constexpr const char* kJarPrefixes[] = {"lucene-core-8", "lucene-analyzers-common-8"};
constexpr const char* kNote =
    "Lucene is left out: it needs a JDK and Lucene 8 (Debian: openjdk-17-jdk-headless, "
    "liblucene8-java)";
constexpr size_t kWarmUpAnswers = 5000;  // until the JIT compiler has compiled what is hot

std::string FindJars() {
  std::string jars;
  for (const char* prefix : kJarPrefixes) {
    std::string found;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(kJarFolder, error)) {
      const std::string file = entry.path().filename();
      if (file.starts_with(prefix) && file.ends_with(".jar")) found = std::max(found, file);
    }
    if (found.empty()) return "";
    jars += StrCat(":", kJarFolder, "/", found);
  }
  return jars;
}

std::vector<std::string_view> SplitTabs(std::string_view line) {
  std::vector<std::string_view> fields;
  for (size_t at = 0; at <= line.size();) {
    const size_t end = std::min(line.find('\t', at), line.size());
    fields.push_back(line.substr(at, end - at));
    at = end + 1;
  }
  return fields;
}

template <typename Number>
absl::StatusOr<Number> Parse(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size()) return number;
  return absl::InternalError(StrCat("Lucene answered '", text, "'"));
}

class LuceneEngine : public Engine {
 public:
  explicit LuceneEngine(std::string jars) : jars_(std::move(jars)) {}

  std::string name() const override { return "lucene"; }
  std::string version() const override { return version_; }
  bool Supports(const BenchQuery&) const override { return true; }
  bool ScoresAsIbid() const override { return true; }
  size_t warm_up_answers() const override { return kWarmUpAnswers; }

  absl::Status Prepare(const std::string& directory) override {
    const std::string classes = Classes(directory);
    const std::string compiled = classes + "/LuceneDriver.class";
    std::error_code none;
    if (std::filesystem::exists(compiled) &&
        std::filesystem::last_write_time(compiled, none) >
            std::filesystem::last_write_time(IBID_LUCENE_DRIVER, none)) {
      return absl::OkStatus();
    }
    std::filesystem::create_directories(classes);
    return RunChild({"javac", "-nowarn", "-cp", jars_, "-d", classes, IBID_LUCENE_DRIVER}).status();
  }

  absl::Status Build(const std::string& words_path, const std::string& directory) override {
    std::vector<std::string> command = Java(directory);
    command.insert(command.end(), {"build", words_path, directory});
    return RunChild(command).status();
  }

  absl::Status Open(const std::string& directory) override {
    RETURN_IF_ERROR(Prepare(directory));
    directory_ = directory;
    std::vector<std::string> command = Java(directory);
    command.insert(command.end(), {"serve", directory});
    ASSIGN_OR_RETURN(server_, ChildProcess::Start(command));
    ASSIGN_OR_RETURN(version_, server_->Ask("version"));
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<std::pair<std::string, uint64_t>>> StructureBytes() override {
    return FileBytes(directory_, [](const std::string& file) {
      return file.substr(std::min(file.size(), file.rfind('.') + 1));
    });
  }

  absl::StatusOr<Answer> Count(const BenchQuery& query) override {
    return Ask(StrCat("count\t", FormatBenchQuery(query)));
  }

  absl::StatusOr<Answer> TopK(const BenchQuery& query, size_t k, bool with_total) override {
    return Ask(StrCat("top\t", k, "\t", with_total ? 1 : 0, "\t", FormatBenchQuery(query)));
  }

  absl::StatusOr<DocumentSet> Documents(const BenchQuery& query) override {
    ASSIGN_OR_RETURN(const std::string line,
                     server_->Ask(StrCat("docs\t", FormatBenchQuery(query))));
    const std::vector<std::string_view> fields = SplitTabs(line);
    if (fields.size() != 2) return absl::InternalError(StrCat("Lucene answered '", line, "'"));
    DocumentSet documents;
    ASSIGN_OR_RETURN(documents.size, Parse<uint64_t>(fields[0]));
    ASSIGN_OR_RETURN(documents.fingerprint, Parse<uint64_t>(fields[1]));
    return documents;
  }

 private:
  // Classes lie beside the index.
  static std::string Classes(const std::string& directory) { return directory + ".classes"; }

  std::vector<std::string> Java(const std::string& directory) const {
    return {"java", "-XX:+UseSerialGC",         "-Xms1g",      "-Xmx2g", "-XX:-UsePerfData",
            "-cp",  Classes(directory) + jars_, "LuceneDriver"};
  }

  absl::StatusOr<Answer> Ask(const std::string& request) {
    ASSIGN_OR_RETURN(const std::string line, server_->Ask(request));
    const std::vector<std::string_view> fields = SplitTabs(line);
    if (fields.size() < 2) return absl::InternalError(StrCat("Lucene answered '", line, "'"));
    Answer answer;
    ASSIGN_OR_RETURN(const uint64_t nanoseconds, Parse<uint64_t>(fields[0]));
    answer.seconds = static_cast<double>(nanoseconds) * 1e-9;
    ASSIGN_OR_RETURN(answer.total, Parse<uint64_t>(fields[1]));
    for (size_t i = 2; i < fields.size(); ++i) {
      ASSIGN_OR_RETURN(const float score, Parse<float>(fields[i]));
      answer.scores.push_back(score);
    }
    return answer;
  }

  std::string jars_;
  std::string directory_;
  std::string version_ = "8";
  std::unique_ptr<ChildProcess> server_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Engine>> MakeLuceneEngine() {
  std::string jars = FindJars();
  if (jars.empty() || !HasProgram("javac") || !HasProgram("java"))
    return absl::NotFoundError(kNote);
  return std::make_unique<LuceneEngine>(std::move(jars));
}

}  // namespace ibid::bench
