// Quotes that the shell has eaten: `ibid search "prime minister" paris` reaches the program as two
// arguments, and the phrase is lost.
#ifndef IBID_CLI_SHELL_QUOTES_H_
#define IBID_CLI_SHELL_QUOTES_H_

#include <optional>
#include <string>
#include <vector>

namespace ibid::cli {

// What should be typed instead, where it seems that the shell took quotes away: an argument of
// several plain words, without a quote or an operator, that is not the whole query. For a person
// (`for_person`) also where it is.
std::optional<std::string> WithQuotesBack(const std::vector<std::string>& arguments,
                                          bool for_person);

}  // namespace ibid::cli

#endif  // IBID_CLI_SHELL_QUOTES_H_
