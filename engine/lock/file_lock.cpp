#include "lock/file_lock.h"

#include <utility>

namespace modelvault {

FileLock::FileLock(std::shared_ptr<const FileHandle> file, LockMode mode) : m_file(std::move(file)), m_mode(mode) { }

FileLock::~FileLock()
{
    if (m_file)
        release();
}

std::filesystem::path lockFilePath(const std::filesystem::path &database)
{
    auto path = database;
    path += ".writer.lock";
    return path;
}

} // namespace modelvault
