// File systems that a test mounts for itself: seen by its process alone, and gone with it.
#ifndef IBID_TESTS_FAULT_OWN_MOUNTS_H_
#define IBID_TESTS_FAULT_OWN_MOUNTS_H_

#include <string>

namespace ibid {

// Puts this process, which must have one thread, into a mount namespace of its own, as a user
// namespace's root where it is not root. "" or why it may not mount.
std::string EnterOwnMounts();

// A file system in memory at `directory` until this object goes.
class MemoryMount {
 public:
  // `bytes` are rounded up to pages. Fails the test where it cannot be mounted.
  MemoryMount(std::string directory, size_t bytes);
  ~MemoryMount();
  MemoryMount(const MemoryMount&) = delete;
  MemoryMount& operator=(const MemoryMount&) = delete;

  void Resize(size_t bytes) const;

 private:
  std::string directory_;
};

}  // namespace ibid

#endif  // IBID_TESTS_FAULT_OWN_MOUNTS_H_
