#include "store/fault_store.h"

#include "store/range.h"

#include <algorithm>
#include <cerrno>
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

void FaultStore::failReadsAfter(std::uint64_t count, ReadFault fault)
{
    demand(fault == ReadFault::Io ? Demand::Io : Demand::Short, count, kNever);
}

void FaultStore::failOneReadAfter(std::uint64_t count, ReadFault fault)
{
    demand(fault == ReadFault::Io ? Demand::Io : Demand::Short, count, 1);
}

void FaultStore::cutAfterReads(std::uint64_t count, std::uint64_t length)
{
    demand(Demand::Cut, count, kNever, length);
}

void FaultStore::vanishAfterReads(std::uint64_t count)
{
    demand(Demand::Vanish, count, kNever);
}

void FaultStore::demand(Demand demand, std::uint64_t count, std::uint64_t failures, std::uint64_t length)
{
    m_demand = demand;
    m_cutLength = length;
    m_reads.fail(count, failures);
}

void FaultStore::heal()
{
    m_writes.fail(kNever, 0);
    m_reads.fail(kNever, 0);
}

Result<std::uint64_t> FaultStore::length() const
{
    if (m_reads.failsNow() && m_demand == Demand::Vanish)
        return std::unexpected(systemError(ENODEV));
    const auto length = m_base->length();
    if (length && m_reads.failsNow() && m_demand == Demand::Cut)
        return std::min(*length, m_cutLength.load());
    return length;
}

Result<void> FaultStore::readExactAt(Offset offset, std::span<std::byte> into) const
{
    if (m_reads.attempt())
        return m_base->readExactAt(offset, into);
    switch (m_demand) {
    case Demand::Io:
        return std::unexpected(systemError(EIO, offset));
    case Demand::Vanish:
        return std::unexpected(systemError(ENODEV, offset));
    case Demand::Short: {
        const auto half = into.first(into.size() / 2);
        const auto read = m_base->readExactAt(offset, half);
        return read ? failure(ErrorCode::UnexpectedEof, offset, into.size(), half.size()) : read;
    }
    case Demand::Cut:
        break;
    }
    const auto length = this->length();
    if (!length)
        return std::unexpected(length.error());
    const auto there = checkRead(offset, into.size(), *length);
    return there ? m_base->readExactAt(offset, into) : there;
}

Result<void> FaultStore::writeAllAt(Offset offset, std::span<const std::byte> bytes)
{
    return m_writes.attempt() ? m_base->writeAllAt(offset, bytes) : std::unexpected(systemError(EIO, offset));
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

bool FaultStore::Attempts::attempt()
{
    const std::scoped_lock lock(m_mutex);
    ++m_count;
    if (m_passing > 0) {
        --m_passing;
        return true;
    }
    if (m_failing == 0)
        return true;
    if (m_failing != kNever)
        --m_failing;
    return false;
}

bool FaultStore::Attempts::failsNow() const
{
    const std::scoped_lock lock(m_mutex);
    return m_passing == 0 && m_failing > 0;
}

std::uint64_t FaultStore::Attempts::count() const
{
    const std::scoped_lock lock(m_mutex);
    return m_count;
}

} // namespace modelvault
