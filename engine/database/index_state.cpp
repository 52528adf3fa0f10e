#include "database/index_state.h"

#include <span>

namespace modelvault {
namespace {

std::string textOf(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

} // namespace

Result<void> IndexState::apply(const IndexEntry &change)
{
    const bool inserts = change.operation == IndexOperation::Insert;
    IndexId id{.collectionId = change.collectionId, .name = change.indexName, .kind = change.kind};
    auto index = m_indexes.find(id);
    if (index == m_indexes.end()) {
        if (!inserts)
            return {};
        index = m_indexes.try_emplace(std::move(id)).first;
    }

    auto &entries = index->second;
    Entry entry{.key = textOf(change.indexKey), .primaryKey = textOf(change.primaryKey)};
    if (!inserts) {
        entries.erase(entry);
        if (entries.empty())
            m_indexes.erase(index);
        return {};
    }
    if (change.kind == IndexKind::Unique) {
        const auto first = entries.lower_bound(Entry{.key = entry.key, .primaryKey = {}});
        if (first != entries.end() && first->key == entry.key)
            return first->primaryKey == entry.primaryKey ? Result<void>() : failure(ErrorCode::UniqueIndexViolation);
    }
    entries.insert(std::move(entry));
    return {};
}

std::uint64_t IndexState::entryCount() const
{
    std::uint64_t count = 0;
    for (const auto &[id, entries] : m_indexes)
        count += entries.size();
    return count;
}

} // namespace modelvault
