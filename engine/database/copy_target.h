#pragma once

#include "error.h"
#include "store/file_handle.h"
#include "store/rename_file.h"

#include <filesystem>

namespace modelvault {

/// Whether something taken from a database may be written under this path, as far as that can be told before any work:
/// OverwritesDatabase if it is that database, by whatever link, or a lock file; as PendingFile::check().
[[nodiscard]] Result<void> checkCopyTarget(const std::filesystem::path &path, Existing existing,
                                           const FileIdentity &database);

} // namespace modelvault
