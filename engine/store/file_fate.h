#pragma once

#include "error.h"
#include "store/file_store.h"

#include <cstdint>

namespace modelvault {

/// What became of an open file since it was read, as far as its path and its length tell.
struct FileFate {
    enum class Kind : std::uint8_t {
        Same, ///< or written anew in place with as many bytes: that can't be told from here
        Grown,
        Shrunk,
        Replaced, ///< the path names another file
        Gone,     ///< the path names no file
        Unknown,  ///< file or path can't be looked at: `error` says why
    };

    Kind kind = Kind::Same;
    std::uint64_t lengthRead = 0;
    std::uint64_t lengthNow = 0; ///< of the file that is open, whatever the path names; lengthRead if Unknown
    Error error{};

    bool operator==(const FileFate &) const = default;
};

/// Asks for lengths and identities only: reads nothing, locks nothing, opens nothing. May take as long as the file
/// system does to answer. `lengthRead`: of the file when it was read, in bytes.
[[nodiscard]] FileFate fateOf(const FileStore &store, std::uint64_t lengthRead);

} // namespace modelvault
