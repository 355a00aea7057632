// The one table of verbs and flags, as a CLI11 application.
#ifndef IBID_CLI_FLAG_TABLE_H_
#define IBID_CLI_FLAG_TABLE_H_

#include <CLI/App.hpp>

#include "cli/flags.h"

namespace ibid::cli {

// Adds every verb, with help and examples; parsing fills `command`, which must outlive `app`.
void DefineVerbs(CLI::App& app, Command& command);

}  // namespace ibid::cli

#endif  // IBID_CLI_FLAG_TABLE_H_
