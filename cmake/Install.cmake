# Installs ibid::searcher and ibid::indexer with their public headers, a CMake package, pkg-config
# files and, where it is built, the program.
include(CMakePackageConfigHelpers)

set(ibid_rooms ibid_base ibid_env ibid_codec ibid_format ibid_text)
set(ibid_installed ibid_headers ibid_searcher ibid_indexer)
if(NOT BUILD_SHARED_LIBS)
  list(APPEND ibid_installed ${ibid_rooms})
endif()
install(TARGETS ${ibid_installed}
        EXPORT ibidTargets
        FILE_SET HEADERS
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
        RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(EXPORT ibidTargets NAMESPACE ibid:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/ibid)

configure_package_config_file(cmake/ibidConfig.cmake.in ibidConfig.cmake
                              INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/ibid)
write_basic_package_version_file(ibidConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/ibidConfig.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/ibidConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/ibid)

# What a program must link beside the library itself: with a shared one only what the headers show.
set(ibid_pc_requires "absl_status absl_statusor")
set(ibid_pc_libs "")
if(NOT BUILD_SHARED_LIBS)
  string(APPEND ibid_pc_requires " absl_strings absl_str_format absl_hash icu-i18n icu-uc"
                                 " libzstd")
  foreach(room text format codec env base)
    string(APPEND ibid_pc_libs " -libid_${room}")
  endforeach()
  string(APPEND ibid_pc_libs " -lstemmer -pthread")
  install(FILES cmake/FindStemmer.cmake DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/ibid)
endif()
file(RELATIVE_PATH ibid_pc_up "/p/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/p")
foreach(library searcher indexer)
  set(ibid_pc_name ${library})
  configure_file(cmake/ibid.pc.in ibid-${library}.pc @ONLY)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/ibid-${library}.pc
          DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()

if(IBID_BUILD_CLI)
  set_target_properties(ibid PROPERTIES INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")
  install(TARGETS ibid RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
