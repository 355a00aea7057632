# What a test may take; sanitizers make some of them ten times as long.
set(IBID_TEST_SECONDS 300)
if(IBID_SANITIZE)
  set(IBID_TEST_SECONDS 1800)
endif()

# ibid_add_test(<name> SOURCES file... DEPS target... [LABELS label...])
#
# One GoogleTest program, one CTest entry. Labels: `fast` (default, part of ./check), `long`
# (run by name only).
function(ibid_add_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;LABELS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ibid_warnings ${ARG_DEPS} GTest::gmock GTest::gtest
                                        GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE IBID_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  add_test(NAME ${name} COMMAND ${name})
  if(NOT ARG_LABELS)
    set(ARG_LABELS fast)
  endif()
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${IBID_TEST_SECONDS})
endfunction()

# ibid_add_python_test(<name> SCRIPT file [ARGS arg...] [LABELS label...])
find_package(Python3 REQUIRED COMPONENTS Interpreter)
function(ibid_add_python_test name)
  cmake_parse_arguments(ARG "" "SCRIPT" "ARGS;LABELS" ${ARGN})
  add_test(NAME ${name} COMMAND ${Python3_EXECUTABLE} ${ARG_SCRIPT} ${ARG_ARGS})
  if(NOT ARG_LABELS)
    set(ARG_LABELS fast)
  endif()
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${IBID_TEST_SECONDS})
endfunction()
