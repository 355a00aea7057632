// docs/FORMAT.md as the tests read it.
#ifndef IBID_TESTS_DOCS_FORMAT_DOCUMENT_H_
#define IBID_TESTS_DOCS_FORMAT_DOCUMENT_H_

#include <fstream>
#include <sstream>
#include <string>

#include "gtest/gtest.h"

namespace ibid {

inline std::string ReadFormatDocument() {
  std::ifstream file(IBID_SOURCE_DIR "/docs/FORMAT.md");
  EXPECT_TRUE(file.is_open()) << "docs/FORMAT.md is not there";
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace ibid

#endif  // IBID_TESTS_DOCS_FORMAT_DOCUMENT_H_
