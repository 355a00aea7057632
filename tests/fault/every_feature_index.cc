#include "tests/fault/every_feature_index.h"

#include <cstdlib>
#include <iostream>
#include <random>
#include <utility>

#include "common/base/strings.h"
#include "common/format/file_names.h"
#include "ibid/document.h"
#include "ibid/index_writer.h"
#include "tests/support/files.h"

namespace ibid {
namespace {

constexpr char kDirectory[] = "index";

void Check(const absl::Status& status) {
  if (status.ok()) return;
  std::cerr << "every feature: " << status << std::endl;
  std::abort();
}

class Stories {
 public:
  explicit Stories(const EveryFeatureOptions& options) : options_(options) {}

  Document Next() {
    const uint32_t number = next_++;
    Document story{.key = StrCat("story/", number * 7919 % 1000, "-", number)};
    if (number % 3 != 0) story.title = StrCat("The rain of ", Word());
    story.text = "Of the rain, ";
    for (uint32_t words = Below(options_.max_text_words); words > 0; --words) {
      story.text += Below(6) == 0 ? "the rain " : Word() + " ";
      if (Below(7) == 0) story.text += "ended. \"It falls,\" she said. ";
      if (Below(20) == 0) story.text += "\n\n";
    }
    if (number % 50 == 7) {
      for (int i = 0; i < 40; ++i) story.text += "rains raining ";
    }
    story.date = StrCat("2015-1", number % 3, "-0", 1 + number % 9);
    if (number % 4 != 0) story.source = number % 8 == 1 ? "The Wire" : "Harbour Times";
    AddFields(number, &story);
    return story;
  }

 private:
  void AddFields(uint32_t number, Document* story) {
    story->fields.push_back({"rank", {static_cast<int64_t>(number % 17) - 3}});
    if (number % 3 == 1) story->fields.push_back({"share", {number / 8.0}});
    if (number % 29 == 2) story->fields.push_back({"seen", {std::string("2014-02-03T04:05:06")}});
    if (number % 2 == 0) {
      story->fields.push_back({"tag", {std::string("Sea"), StrCat("t", number % 5)}});
    }
  }

  uint32_t Below(uint32_t bound) { return static_cast<uint32_t>(random_() % bound); }
  std::string Word() {
    const uint32_t number = Below(1 + Below(options_.rare_words));
    return StrCat("w", std::string(1, static_cast<char>('a' + number % 26)), number);
  }

  EveryFeatureOptions options_;
  std::mt19937 random_{4};
  uint32_t next_ = 0;
};

}  // namespace

IndexFiles MakeEveryFeatureIndex(const EveryFeatureOptions& options, IndexFiles* older) {
  const std::unique_ptr<Env> env = NewMemoryEnv();
  WriterOptions writer_options;
  writer_options.index = IndexOptions{.pairs_percent = 100};
  writer_options.threads = 1;
  auto writer = IndexWriter::Open(kDirectory, writer_options, env.get());
  Check(writer.status());
  Stories stories(options);
  std::vector<std::string> keys;
  const auto add = [&](uint32_t count) {
    for (; count > 0; --count) {
      Document story = stories.Next();
      keys.push_back(story.key);
      Check((*writer)->Add(std::move(story)).status());
    }
    Check((*writer)->Commit().status());
  };
  add(options.first_docs);
  add(options.second_docs);
  Check((*writer)->Delete(keys.front()).status());
  Check((*writer)->Commit().status());
  if (older != nullptr) *older = ReadIndexFiles(env.get(), kDirectory);
  Check((*writer)->Delete(keys[5]).status());
  Check((*writer)->Delete(keys.back()).status());
  Check((*writer)->Commit().status());
  return ReadIndexFiles(env.get(), kDirectory);
}

IndexFiles ReadIndexFiles(Env* env, const std::string& directory) {
  IndexFiles files;
  const auto names = env->List(directory);
  Check(names.status());
  for (const std::string& name : *names) {
    if (name != kLockName) files[name] = ReadFileOrDie(env, JoinPath(directory, name));
  }
  return files;
}

void WriteIndexFiles(Env* env, const std::string& directory, const IndexFiles& files) {
  Check(env->CreateDirectory(directory));
  const auto names = env->List(directory);
  Check(names.status());
  for (const std::string& name : *names) {
    if (!files.contains(name)) Check(env->Remove(JoinPath(directory, name)));
  }
  for (const auto& [name, bytes] : files) WriteFileOrDie(env, JoinPath(directory, name), bytes);
}

const std::vector<std::string>& EveryFeatureQueries() {
  static const std::vector<std::string> queries = {
      "rain",
      "the rain",
      "wa26 OR wb1",
      "rain AND wa0",
      "rain NOT wa0",
      "wa0 XOR wb1",
      "wa0 MAYBE rain",
      "\"the rain\"",
      "\"of the rain\"",
      "\"it falls she\"",
      "\"rain wa0\"~6",
      "wa0 NEAR/4 rain",
      "rain ADJ/2 wb1",
      "wa0 NEAR/s wb1",
      "quote:falls",
      "title:rain",
      "title:wa0 text:wa0",
      "w*",
      "wa?6",
      "wa0~1",
      "raining",
      "date:2015-11",
      "date:>2015-12-03 rain",
      "source:\"the wire\"",
      "rank:3..5",
      "share:>=2.5",
      "tag:sea",
      "seen:2014",
      "wa0^3 wb1",
      "(wa0 OR wc2) AND \"the rain\" NOT rank:1",
  };
  return queries;
}

}  // namespace ibid
