#include "store/file_store.h"

#include <cassert>
#include <utility>

namespace modelvault {

Result<std::unique_ptr<FileStore>> FileStore::openLocked(const std::filesystem::path &path, FileMode mode,
                                                         PagerOptions options)
{
    if (mode == FileMode::ReadOnly) {
        return openForReading(path).transform([&](ReaderFile &&opened) {
            auto store = std::unique_ptr<FileStore>(new FileStore(path, std::move(opened.database), options));
            store->m_shared.emplace(std::move(opened.lock));
            return store;
        });
    }
    return openForWriting(path).transform([&](WriterFile &&opened) {
        auto store = std::unique_ptr<FileStore>(new FileStore(path, std::move(opened.database), options));
        store->m_writer.emplace(std::move(opened.locks));
        return store;
    });
}

Result<std::unique_ptr<FileStore>> FileStore::openUnlocked(const std::filesystem::path &path, PagerOptions options)
{
    return FileHandle::open(path, OpenMode::Read).transform([&](FileHandle &&file) {
        return std::unique_ptr<FileStore>(
            new FileStore(path, std::make_shared<const FileHandle>(std::move(file)), options));
    });
}

std::unique_ptr<FileStore> FileStore::fromOpenFile(FileHandle file, PagerOptions options)
{
    return std::unique_ptr<FileStore>(new FileStore({}, std::make_shared<const FileHandle>(std::move(file)), options));
}

FileStore::FileStore(std::filesystem::path path, std::shared_ptr<const FileHandle> file, PagerOptions options)
    : FileStore(std::move(path), file, std::make_unique<RawFileStore>(file), options)
{ }

FileStore::FileStore(std::filesystem::path path, std::shared_ptr<const FileHandle> file,
                     std::unique_ptr<RawFileStore> raw, PagerOptions options)
    : m_path(std::move(path)),
      m_file(std::move(file)),
      m_raw(*raw),
      m_paged(std::move(raw), options)
{ }

FileStore::~FileStore() = default;

FileIdentity FileStore::identity() const
{
    return m_file->identity();
}

FileOrigin FileStore::origin() const
{
    return m_file->origin();
}

bool FileStore::isPathStillThisFile() const
{
    return !m_path.empty() && identityOf(m_path) == identity();
}

LockState FileStore::lockState() const
{
    checkInvariants();
    if (m_writer)
        return m_writer->lockFile->isHeld() ? LockState::Writer : LockState::DatabaseOnly;
    if (!m_shared || !m_shared->isHeld())
        return LockState::Unlocked;
    return m_shared->isWithWriter() ? LockState::WithWriter : LockState::Shared;
}

Result<void> FileStore::takeSharedLock()
{
    if (m_path.empty() || m_writer)
        return failure(ErrorCode::InvalidInput);
    if (lockState() != LockState::Unlocked)
        return {};
    return modelvault::takeSharedLock(m_path, identity()).transform([this](SharedLock &&lock) {
        m_shared.emplace(std::move(lock));
    });
}

void FileStore::releaseSharedLock()
{
    m_shared.reset();
}

void FileStore::releaseWriterLock()
{
    if (m_writer)
        m_writer->lockFile->release();
}

Result<std::uint64_t> FileStore::length() const
{
    return m_paged.length();
}

Result<void> FileStore::readExactAt(Offset offset, std::span<std::byte> into) const
{
    return m_paged.readExactAt(offset, into);
}

Result<void> FileStore::writeAllAt(Offset offset, std::span<const std::byte> bytes)
{
    return m_paged.writeAllAt(offset, bytes);
}

Result<void> FileStore::sync()
{
    return m_paged.sync();
}

Result<void> FileStore::truncate(std::uint64_t length)
{
    return m_paged.truncate(length);
}

void FileStore::checkInvariants() const
{
    assert(!m_writer || !m_shared);
    assert(!m_writer || m_file->canWrite());
    assert(!m_writer || m_writer->database.mode() == LockMode::Exclusive);
    assert(m_path.empty() ? !m_writer && !m_shared : true);
}

} // namespace modelvault
