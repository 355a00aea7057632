// Gives back what a container holds. Assigning `{}` to a vector, string or deque does not: it
// assigns an empty list of initial values, and keeps the memory.
#ifndef IBID_COMMON_BASE_RELEASE_H_
#define IBID_COMMON_BASE_RELEASE_H_

namespace ibid {

template <typename Container>
void Release(Container* container) {
  Container().swap(*container);
}

}  // namespace ibid

#endif  // IBID_COMMON_BASE_RELEASE_H_
