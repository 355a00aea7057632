// Random damage to a string of bytes.
#ifndef IBID_TESTS_SUPPORT_MUTATED_H_
#define IBID_TESTS_SUPPORT_MUTATED_H_

#include <algorithm>
#include <cstddef>
#include <random>
#include <string>

namespace ibid {

// `bytes` with one to four changes: a byte replaced, a bit flipped, set to an extreme, or a piece
// cut out or doubled.
inline std::string Mutated(std::string bytes, std::mt19937* random) {
  const auto below = [&](size_t n) { return static_cast<size_t>((*random)() % n); };
  for (size_t changes = 1 + below(4); changes > 0 && !bytes.empty(); --changes) {
    const size_t at = below(bytes.size());
    switch (below(8)) {
      case 0:
        bytes[at] = static_cast<char>((*random)());
        break;
      case 1:
      case 2:
        bytes[at] = static_cast<char>(bytes[at] ^ 1 << below(8));
        break;
      case 3:
        bytes[at] = static_cast<char>(0xff);
        break;
      case 4:
        bytes[at] = 0;
        break;
      case 5:  // the end is where most structures have their directories
        bytes[bytes.size() - 1 - below(std::min<size_t>(bytes.size(), 40))] =
            static_cast<char>((*random)());
        break;
      case 6:
        bytes.erase(at, 1 + below(20));
        break;
      default:
        bytes.insert(at, bytes.substr(at, 1 + below(20)));
        break;
    }
  }
  return bytes;
}

}  // namespace ibid

#endif  // IBID_TESTS_SUPPORT_MUTATED_H_
