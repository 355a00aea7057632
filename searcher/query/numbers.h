// Plain numbers in the text of a query.
#ifndef IBID_SEARCHER_QUERY_NUMBERS_H_
#define IBID_SEARCHER_QUERY_NUMBERS_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace ibid {

// All of `text`, as in "2", "-0.5", "+1e6"; a magnitude past a double's is infinity.
std::optional<double> ReadDouble(std::string_view text);

// All of `text`, digits only; a number past 64 bits is the largest one.
std::optional<uint64_t> ReadCount(std::string_view text);

}  // namespace ibid

#endif  // IBID_SEARCHER_QUERY_NUMBERS_H_
