// A logarithm whose bits do not depend on compiler, library or machine.
#ifndef IBID_COMMON_BASE_PORTABLE_LOG_H_
#define IBID_COMMON_BASE_PORTABLE_LOG_H_

namespace ibid {

// The natural logarithm of a normal x > 0, to within 2 units in the last place, by IEEE additions,
// multiplications and divisions alone.
double PortableLog(double x);

}  // namespace ibid

#endif  // IBID_COMMON_BASE_PORTABLE_LOG_H_
