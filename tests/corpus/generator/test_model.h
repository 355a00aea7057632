// A model small enough to read.
#ifndef IBID_TESTS_CORPUS_GENERATOR_TEST_MODEL_H_
#define IBID_TESTS_CORPUS_GENERATOR_TEST_MODEL_H_

#include <string_view>

namespace ibid::corpus {

inline constexpr std::string_view kTestModel =
    "ibid-corpus-model 1\n"
    "from a test\n"
    "documents 4\n"
    "tokens 100\n"
    "rare 3 500\n"
    "marks 50 5 1 60 10 200\n"
    "document 9:2 12:2\n"
    "paragraph 1:1 2:1\n"
    "sentence 3:1 5:2 17:1\n"
    "words 8\n"
    "<start> 10 0 0\n"
    "<rare> 10 1 300\n"
    "<number> 5 1 0\n"
    "the 40 0 0\n"
    "cat 20 5 0\n"
    "dog 10 2 0\n"
    "old 9 0 0\n"
    "boston 6 1 1000\n"
    "pairs 4\n"
    "0 3:6\n"
    "3 4:15 5:5\n"
    "6 4:4\n"
    "end\n";

}  // namespace ibid::corpus

#endif  // IBID_TESTS_CORPUS_GENERATOR_TEST_MODEL_H_
