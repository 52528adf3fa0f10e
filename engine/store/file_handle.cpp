#include "store/file_handle.h"

#include <utility>

namespace modelvault {

FileHandle::FileHandle(Native native, FileIdentity identity, bool canWrite)
    : m_native(native),
      m_identity(identity),
      m_canWrite(canWrite)
{ }

FileHandle::FileHandle(FileHandle &&other) noexcept
    : m_native(std::exchange(other.m_native, kNone)),
      m_identity(other.m_identity),
      m_canWrite(other.m_canWrite)
{ }

FileHandle &FileHandle::operator=(FileHandle &&other) noexcept
{
    std::swap(m_native, other.m_native);
    std::swap(m_identity, other.m_identity);
    std::swap(m_canWrite, other.m_canWrite);
    return *this;
}

} // namespace modelvault
