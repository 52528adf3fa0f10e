#pragma once

#include "error.h"

#include <cstdint>
#include <filesystem>

namespace modelvault {

/// What becomes of a file that has the name already.
enum class Existing : std::uint8_t {
    Keep,    ///< AlreadyExists
    Replace, ///< in one step: the name always leads to one whole file or the other. A symlink is replaced itself.
};

/// Within one folder, or at least one file system. AlreadyExists where there is a file that is to be kept.
[[nodiscard]] Result<void> renameFile(const std::filesystem::path &from, const std::filesystem::path &to,
                                      Existing existing);

/// Returns when the names in it would survive a loss of power, where the file system can promise that.
[[nodiscard]] Result<void> syncFolder(const std::filesystem::path &folder);

} // namespace modelvault
