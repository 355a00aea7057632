# ibid_add_library(<name> [API] [SOURCES file...] [PUBLIC_HEADERS file...] [INCLUDE_DIR dir]
#                  [DEPS target...] [PRIVATE_DEPS target...])
#
# One room of the house. Private headers are included from the root of the tree
# ("common/base/varint.h"), public ones from the room's include/ folder ("ibid/types.h").
# common/base, env, codec, format and text are always static and position independent: a shared
# ibid::indexer or ibid::searcher carries what it needs of them.
function(ibid_add_library name)
  cmake_parse_arguments(ARG "API" "INCLUDE_DIR" "SOURCES;PUBLIC_HEADERS;DEPS;PRIVATE_DEPS" ${ARGN})
  if(ARG_API)
    add_library(${name} ${ARG_SOURCES})
  else()
    add_library(${name} STATIC ${ARG_SOURCES})
  endif()
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  if(ARG_PUBLIC_HEADERS)
    if(NOT ARG_INCLUDE_DIR)
      set(ARG_INCLUDE_DIR ${CMAKE_CURRENT_SOURCE_DIR}/include)
    endif()
    list(TRANSFORM ARG_PUBLIC_HEADERS PREPEND ${ARG_INCLUDE_DIR}/)
    target_sources(${name} PUBLIC FILE_SET HEADERS
                   BASE_DIRS ${ARG_INCLUDE_DIR} FILES ${ARG_PUBLIC_HEADERS})
    set_target_properties(${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
  endif()
  target_link_libraries(${name} PUBLIC ${ARG_DEPS} PRIVATE $<BUILD_INTERFACE:ibid_warnings> ${ARG_PRIVATE_DEPS})
  target_compile_features(${name} PUBLIC cxx_std_20)
endfunction()

# ibid_show_common_api(<target>)
#
# The declarations of common/include/ibid that need code (env.h) are defined in ibid_env. A static
# library finds them by linking; a shared one carries them itself, so that one library is enough.
function(ibid_show_common_api target)
  if(BUILD_SHARED_LIBS)
    target_sources(${target} PRIVATE $<TARGET_OBJECTS:ibid_env>)
    set_target_properties(${target} PROPERTIES
      VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
      DEFINE_SYMBOL "")  # the same objects as in a static build, for the compiler's cache
  endif()
endfunction()

# ibid_place_loops_evenly(<target>)
#
# A tight loop's speed must not hang on where the code before it happens to end: on many x86-64
# processors a jump across a 32-byte border is not cached (Intel, "Mitigations for Jump Conditional
# Code Erratum", 2019), which was measured to halve the speed of a loop of four instructions.
function(ibid_place_loops_evenly target)
  target_compile_options(${target} PRIVATE -falign-functions=64)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
    target_compile_options(${target} PRIVATE
      $<$<CXX_COMPILER_ID:GNU>:-Wa,-mbranches-within-32B-boundaries>
      $<$<CXX_COMPILER_ID:Clang>:-mbranches-within-32B-boundaries>)
  endif()
endfunction()
