# Installs ibid::searcher and ibid::indexer with their public headers, a CMake package, pkg-config
# files and, where it is built, the program.
include(CMakePackageConfigHelpers)

set(ibid_rooms ibid_base ibid_env ibid_codec ibid_format ibid_text)
install(TARGETS ibid_searcher ibid_indexer ${ibid_rooms}
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
              ${CMAKE_CURRENT_BINARY_DIR}/ibidConfigVersion.cmake cmake/FindStemmer.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/ibid)
if(IBID_BUILD_CLI)
  install(TARGETS ibid RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
