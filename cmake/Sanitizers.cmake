# IBID_SANITIZE=address,undefined and IBID_COVERAGE (clang) instrument every target.
if(IBID_SANITIZE)
  add_compile_options(-fsanitize=${IBID_SANITIZE} -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${IBID_SANITIZE})
endif()
if(IBID_COVERAGE)
  add_compile_options(-fprofile-instr-generate -fcoverage-mapping)
  add_link_options(-fprofile-instr-generate)
endif()
# What libFuzzer sees is what is instrumented: the rooms, not the targets alone.
if(IBID_BUILD_FUZZERS)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
