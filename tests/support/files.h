// Whole files of an Env as strings, and the damages that tests do to them.
#ifndef IBID_TESTS_SUPPORT_FILES_H_
#define IBID_TESTS_SUPPORT_FILES_H_

#include <functional>
#include <string>
#include <string_view>

#include "ibid/env.h"

namespace ibid {

// The bytes of the file; fails the test where it cannot be read.
std::string ReadFileOrDie(Env* env, const std::string& path);

// Replaces the file by `bytes`, or makes it.
void WriteFileOrDie(Env* env, const std::string& path, std::string_view bytes);

// Calls `check` with every version of `bytes` that has one byte changed (all bits, the lowest bit,
// or set to zero where it is not) or that is cut short, and what was done. Stops at the first
// version for which `check` returns false, and returns what was done; "" if there is none.
std::string FirstDamage(const std::string& bytes,
                        const std::function<bool(const std::string& damaged)>& check);

}  // namespace ibid

#endif  // IBID_TESTS_SUPPORT_FILES_H_
