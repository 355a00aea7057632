# Everything ibid builds on, found on the system: nothing is downloaded or vendored.
find_package(absl REQUIRED)                              # Status, strings, hash maps
find_package(ICU 72 REQUIRED COMPONENTS uc i18n)         # folding, UAX #29 word breaks
find_package(Stemmer REQUIRED)                           # Snowball
find_package(zstd REQUIRED)                              # stored text, .zst sources
find_package(ZLIB REQUIRED)                              # .gz sources
find_package(Threads REQUIRED)
find_package(simdjson REQUIRED)                          # JSON Lines sources
find_package(LibXml2 REQUIRED)                           # HTML sources
if(IBID_BUILD_CLI)
  find_package(CLI11 REQUIRED)                           # flags
endif()
if(IBID_BUILD_TESTS)
  find_package(GTest REQUIRED)
endif()
if(IBID_BUILD_BENCH)
  find_package(benchmark REQUIRED)
  find_package(SQLite3 REQUIRED)
endif()
if(IBID_BUILD_TESTS OR IBID_BUILD_BENCH)
  find_package(xapian REQUIRED)                          # the yardstick; never in a library
  if(NOT TARGET ibid_xapian)
    add_library(ibid_xapian INTERFACE)
    target_include_directories(ibid_xapian SYSTEM INTERFACE ${XAPIAN_INCLUDE_DIR})
    target_link_libraries(ibid_xapian INTERFACE ${XAPIAN_LIBRARIES})
  endif()
endif()
