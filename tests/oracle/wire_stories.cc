#include "tests/oracle/wire_stories.h"

#include <simdjson.h>

#include <fstream>
#include <string>
#include <string_view>

namespace ibid {

std::vector<Document> WireStories() {
  std::ifstream file(std::string(IBID_SOURCE_DIR) + "/corpus/wire.jsonl");
  std::vector<Document> stories;
  simdjson::dom::parser parser;
  for (std::string line; std::getline(file, line);) {
    const simdjson::dom::element object = parser.parse(line);
    const auto member = [&object](const char* name) {
      return std::string(std::string_view(object[name]));
    };
    stories.push_back({.key = member("id"),
                       .title = member("title"),
                       .text = member("text"),
                       .date = member("date"),
                       .source = member("source")});
  }
  return stories;
}

}  // namespace ibid
