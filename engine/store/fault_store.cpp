#include "store/fault_store.h"

#include <limits>
#include <utility>

namespace modelvault {
namespace {

constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

} // namespace

FaultStore::FaultStore(std::unique_ptr<Store> base) : m_base(std::move(base)) { }

void FaultStore::failWritesAfter(std::uint64_t count)
{
    m_writes.fail(count, kNever);
}

void FaultStore::failOneWriteAfter(std::uint64_t count)
{
    m_writes.fail(count, 1);
}

void FaultStore::failReadsAfter(std::uint64_t count)
{
    m_reads.fail(count, kNever);
}

void FaultStore::failOneReadAfter(std::uint64_t count)
{
    m_reads.fail(count, 1);
}

void FaultStore::heal()
{
    m_writes.fail(kNever, 0);
    m_reads.fail(kNever, 0);
}

Result<std::uint64_t> FaultStore::length() const
{
    return m_base->length();
}

Result<void> FaultStore::readExactAt(Offset offset, std::span<std::byte> into) const
{
    return m_reads.attempt(offset).and_then([&] { return m_base->readExactAt(offset, into); });
}

Result<void> FaultStore::writeAllAt(Offset offset, std::span<const std::byte> bytes)
{
    return m_writes.attempt(offset).and_then([&] { return m_base->writeAllAt(offset, bytes); });
}

Result<void> FaultStore::sync()
{
    return m_base->sync();
}

Result<void> FaultStore::truncate(std::uint64_t length)
{
    return m_base->truncate(length);
}

void FaultStore::Attempts::fail(std::uint64_t after, std::uint64_t failures)
{
    const std::scoped_lock lock(m_mutex);
    m_passing = after;
    m_failing = failures;
}

Result<void> FaultStore::Attempts::attempt(Offset offset)
{
    const std::scoped_lock lock(m_mutex);
    ++m_count;
    if (m_passing > 0) {
        --m_passing;
        return {};
    }
    if (m_failing == 0)
        return {};
    --m_failing;
    return failure(ErrorCode::Io, offset);
}

std::uint64_t FaultStore::Attempts::count() const
{
    const std::scoped_lock lock(m_mutex);
    return m_count;
}

} // namespace modelvault
