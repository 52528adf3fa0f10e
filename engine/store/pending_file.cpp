#include "store/pending_file.h"

#include <format>
#include <random>
#include <system_error>
#include <utility>

namespace modelvault {
namespace {

/// How many names are tried before it is believed that none is left.
constexpr int kAttempts = 16;

std::optional<FileKind> kindOf(std::filesystem::file_type type)
{
    using Type = std::filesystem::file_type;
    switch (type) {
    case Type::none: // can't be told: what comes next fails
    case Type::not_found:
    case Type::regular:
        return std::nullopt;
    case Type::fifo:
        return FileKind::Pipe;
    case Type::block:
    case Type::character:
        return FileKind::Device;
    case Type::socket:
        return FileKind::Socket;
    case Type::symlink:
        return FileKind::Symlink;
    default:
        return FileKind::Other;
    }
}

/// Short, however long the target's name is.
std::string newName()
{
    std::random_device random;
    return std::format(".modelvault-{:08x}{:08x}.part", random(), random());
}

} // namespace

Result<void> PendingFile::check(const std::filesystem::path &target, Existing existing)
{
    std::error_code error;
    const auto status = std::filesystem::symlink_status(target, error);
    if (status.type() == std::filesystem::file_type::directory)
        return failure(ErrorCode::IsDirectory);
    if (std::filesystem::exists(status) && existing == Existing::Keep)
        return failure(ErrorCode::AlreadyExists);
    if (const auto kind = kindOf(status.type()))
        return failure(ErrorCode::NotARegularFile, {}, 0, std::to_underlying(*kind));
    return {};
}

Result<PendingFile> PendingFile::create(std::filesystem::path target, Existing existing)
{
    if (const auto free = check(target, existing); !free)
        return std::unexpected(free.error());
    std::error_code error;
    const auto folder = std::filesystem::absolute(target, error).parent_path();
    if (error)
        return std::unexpected(systemError(error.value()));
    for (int attempt = 1;; ++attempt) {
        auto temporary = folder / newName();
        auto file = FileHandle::open(temporary, OpenMode::CreateNew);
        if (file)
            return PendingFile(std::move(target), std::move(temporary), existing, *std::move(file));
        if (file.error().code != ErrorCode::AlreadyExists || attempt == kAttempts)
            return std::unexpected(file.error());
    }
}

PendingFile::PendingFile(std::filesystem::path target, std::filesystem::path temporary, Existing existing,
                         FileHandle file)
    : m_target(std::move(target)),
      m_temporary(std::move(temporary)),
      m_existing(existing),
      m_file(std::move(file))
{ }

PendingFile::PendingFile(PendingFile &&other) noexcept
    : m_target(std::move(other.m_target)),
      m_temporary(std::exchange(other.m_temporary, {})),
      m_existing(other.m_existing),
      m_file(std::move(other.m_file))
{ }

PendingFile::~PendingFile()
{
    if (m_temporary.empty())
        return;
    std::error_code ignored; // nobody is left to be told
    std::filesystem::remove(m_temporary, ignored);
}

Result<void> PendingFile::seal()
{
    if (!m_file)
        return {};
    const auto synced = m_file->sync();
    if (synced)
        m_file.reset();
    return synced;
}

Result<void> PendingFile::place()
{
    if (const auto sealed = seal(); !sealed)
        return sealed;
    if (const auto free = check(m_target, m_existing); !free)
        return free;
    if (const auto renamed = renameFile(m_temporary, m_target, m_existing); !renamed)
        return renamed;
    const auto folder = std::exchange(m_temporary, {}).parent_path();
    return syncFolder(folder);
}

} // namespace modelvault
