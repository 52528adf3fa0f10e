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
      m_born(other.m_born),
      m_canWrite(other.m_canWrite)
{ }

} // namespace modelvault
