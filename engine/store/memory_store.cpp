#include "store/memory_store.h"

#include "store/range.h"

#include <algorithm>
#include <new>
#include <utility>

namespace modelvault {

MemoryStore::MemoryStore(std::vector<std::byte> bytes) : m_bytes(std::move(bytes)) { }

Result<std::uint64_t> MemoryStore::length() const
{
    return m_bytes.size();
}

Result<void> MemoryStore::readExactAt(Offset offset, std::span<std::byte> into) const
{
    return checkRead(offset, into.size(), m_bytes.size()).transform([&] {
        std::ranges::copy(view().subspan(static_cast<std::size_t>(offset.value), into.size()), into.begin());
    });
}

Result<void> MemoryStore::writeAllAt(Offset offset, std::span<const std::byte> bytes)
{
    if (const auto fits = checkWrite(offset, bytes.size()); !fits || bytes.empty())
        return fits;
    const auto end = (offset + bytes.size()).value;
    if (end > m_bytes.size()) {
        if (const auto grown = truncate(end); !grown)
            return grown;
    }
    std::ranges::copy(bytes, std::span(m_bytes).subspan(static_cast<std::size_t>(offset.value)).begin());
    return {};
}

Result<void> MemoryStore::sync()
{
    return {};
}

Result<void> MemoryStore::truncate(std::uint64_t length)
{
    if (length > m_bytes.max_size())
        return failure(ErrorCode::NoSpace, Offset{length}, length, m_bytes.max_size());
    try {
        m_bytes.resize(static_cast<std::size_t>(length));
    } catch (const std::bad_alloc &) {
        return failure(ErrorCode::NoSpace, Offset{length}, length, m_bytes.size());
    }
    return {};
}

} // namespace modelvault
