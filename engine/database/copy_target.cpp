#include "database/copy_target.h"

#include "lock/file_lock.h"
#include "store/pending_file.h"

namespace modelvault {

Result<void> checkCopyTarget(const std::filesystem::path &path, Existing existing, const FileIdentity &database)
{
    const auto identity = identityOf(path);
    const bool isLockFile = path.filename().native().ends_with(lockFilePath({}).native());
    if (isLockFile || (identity && *identity == database))
        return failure(ErrorCode::OverwritesDatabase);
    return PendingFile::check(path, existing);
}

} // namespace modelvault
