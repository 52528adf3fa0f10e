#pragma once

#include "error.h"
#include "format/index_entry.h"

#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace modelvault {

/// The entries of all indexes at one moment, made by applying one change after the other. FORMAT.md, "Index".
class IndexState {
public:
    /// Entries of another kind are another index, also under the same name.
    struct IndexId {
        std::uint32_t collectionId = 0;
        std::string name;
        IndexKind kind = IndexKind::NonUnique;

        auto operator<=>(const IndexId &) const = default;
    };

    /// Both are bytes, kept as text because short ones then take no memory of their own.
    struct Entry {
        std::string key;
        std::string primaryKey;

        auto operator<=>(const Entry &) const = default;
    };

    /// By key, then by primary key, in the order of their bytes. In a unique index no key comes twice.
    using Entries = std::set<Entry>;

    /// UniqueIndexViolation, and then nothing changes: the entry that came first stays. Where the change stands is the
    /// caller's to say.
    [[nodiscard]] Result<void> apply(const IndexEntry &change);

    /// Never with an empty one.
    [[nodiscard]] const std::map<IndexId, Entries> &indexes() const { return m_indexes; }
    /// Of all indexes.
    [[nodiscard]] std::uint64_t entryCount() const;

private:
    std::map<IndexId, Entries> m_indexes;
};

} // namespace modelvault
