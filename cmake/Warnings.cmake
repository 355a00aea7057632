# Warnings for every target of the project; errors only where IBID_WERROR asks for it.
add_library(ibid_warnings INTERFACE)
target_compile_options(ibid_warnings INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor
                                               -Woverloaded-virtual -Wcast-qual -Wimplicit-fallthrough
                                               -Wno-missing-field-initializers)  # {.key = "a"}
# g++ 12 sees overlapping copies in std::string operator+ that are not there (GCC bug 105651).
target_compile_options(ibid_warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
# ... and, in instrumented code, uninitialised parts of std::function in <regex> (GCC bug 105562).
if(IBID_SANITIZE)
  target_compile_options(ibid_warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endif()
if(IBID_WERROR)
  target_compile_options(ibid_warnings INTERFACE -Werror)
endif()

# Scores are bit-equal on every machine: no fused multiply-add, no fast-math.
add_compile_options(-ffp-contract=off)
