#include "store/raw_file_store.h"

#include "store/range.h"
#include "store/transfer.h"

#include <utility>

namespace modelvault {

RawFileStore::RawFileStore(FileHandle file) : RawFileStore(std::make_shared<const FileHandle>(std::move(file))) { }

RawFileStore::RawFileStore(std::shared_ptr<const FileHandle> file) : m_file(std::move(file)) { }

ReadStats RawFileStore::readStats() const
{
    return {.calls = m_readCalls.load(std::memory_order_relaxed), .bytes = m_readBytes.load(std::memory_order_relaxed)};
}

Result<std::uint64_t> RawFileStore::length() const
{
    return m_file->length();
}

Result<void> RawFileStore::readExactAt(Offset offset, std::span<std::byte> into) const
{
    if (into.empty())
        return length().and_then([&](std::uint64_t length) { return checkRead(offset, 0, length); });
    const auto moved = transfer(offset, into, [this](Offset at, auto part) {
        m_readCalls.fetch_add(1, std::memory_order_relaxed);
        auto some = m_file->readSome(at, part);
        m_readBytes.fetch_add(some.value_or(0), std::memory_order_relaxed);
        return some;
    });
    if (!moved)
        return std::unexpected(moved.error());
    if (*moved < into.size())
        return failure(ErrorCode::UnexpectedEof, offset, into.size(), *moved);
    return {};
}

Result<void> RawFileStore::writeAllAt(Offset offset, std::span<const std::byte> bytes)
{
    if (const auto allowed = checkCanWrite(offset).and_then([&] { return checkWrite(offset, bytes.size()); }); !allowed)
        return allowed;
    const auto moved = transfer(offset, bytes, [this](Offset at, auto part) { return m_file->writeSome(at, part); });
    if (!moved)
        return std::unexpected(moved.error());
    if (*moved < bytes.size())
        return failure(ErrorCode::Io, offset, bytes.size(), *moved);
    return {};
}

Result<void> RawFileStore::sync()
{
    return m_file->canWrite() ? m_file->sync() : Result<void>();
}

Result<void> RawFileStore::truncate(std::uint64_t length)
{
    return checkCanWrite(Offset{length}).and_then([&] { return m_file->truncate(length); });
}

Result<void> RawFileStore::checkCanWrite(Offset offset) const
{
    if (!m_file->canWrite())
        return failure(ErrorCode::PermissionDenied, offset);
    return {};
}

} // namespace modelvault
