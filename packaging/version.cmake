# Writes the file OUTPUT from the template INPUT, with VERSION and the commit that the programs name: from git, in a
# checkout; from what `git archive` put in the place of the format below, in an unpacked source archive; or as COMMIT
# says. Run while building: cmake -D… -P version.cmake.
set(archived "$Format:%H$")
get_filename_component(source "${CMAKE_CURRENT_LIST_DIR}" DIRECTORY)

if(NOT COMMIT AND archived MATCHES "^[0-9a-f]+$")
    set(COMMIT "${archived}")
elseif(NOT COMMIT AND EXISTS "${source}/.git")
    # The checkout may be another user's, as in a container.
    execute_process(COMMAND git -c "safe.directory=${source}" rev-parse HEAD
        WORKING_DIRECTORY "${source}" OUTPUT_VARIABLE COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
if(NOT COMMIT)
    set(COMMIT "unknown")
endif()
configure_file("${INPUT}" "${OUTPUT}" @ONLY)
