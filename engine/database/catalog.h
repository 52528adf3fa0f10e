#pragma once

#include "error.h"
#include "format/catalog_entry.h"
#include "format/record.h"
#include "format/segment.h"
#include "position.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace modelvault {

/// Where a change of the catalog stands.
struct CatalogPlace {
    SegmentNo segment;
    Offset payload; ///< where the entry's first byte lies
    std::optional<TransactionNo> transaction;

    [[nodiscard]] Offset segmentOffset() const { return {payload.value - SegmentHeader::kSize}; }
    bool operator==(const CatalogPlace &) const = default;
};

/// The fields of a collection from one change of its schema to the next.
struct SchemaVersion {
    std::uint32_t number = 1;
    std::vector<FieldDefinition> fields;
    std::vector<IndexDefinition> indexes;
    CatalogPlace place;

    bool operator==(const SchemaVersion &) const = default;
};

struct Collection {
    std::uint32_t id = 0;
    std::string name;
    std::string primaryField; ///< empty: none, and the collection can hold no rows
    /// Numbered 1, 2, 3, …; never empty. In a catalog on top of another one, only those that came there.
    std::vector<SchemaVersion> versions;

    [[nodiscard]] const SchemaVersion &current() const { return versions.back(); }

    bool operator==(const Collection &) const = default;
};

/// Collections with their history, made by applying one catalog entry after the other. FORMAT.md, "Catalog entry".
class Catalog {
public:
    Catalog() = default;
    /// On top of another one, which stays as it is and must live as long.
    explicit Catalog(const Catalog *base) : m_base(base) { }

    /// The errors of "Catalog entry" that decoding alone can't tell, in their order; then nothing changes.
    [[nodiscard]] Result<void> apply(const CatalogEntry &entry, const CatalogPlace &place);

    /// Null if there is none; valid until apply().
    [[nodiscard]] const Collection *find(std::uint32_t collectionId) const;
    /// Null if there is none; valid until apply().
    [[nodiscard]] const SchemaVersion *version(std::uint32_t collectionId, std::uint32_t number) const;
    /// By id. Without those of the catalog below, unless they were changed here.
    [[nodiscard]] const std::map<std::uint32_t, Collection> &collections() const { return m_collections; }

private:
    [[nodiscard]] Result<void> create(const CatalogEntry &entry, const CatalogPlace &place);
    [[nodiscard]] Result<void> change(const CatalogEntry &entry, const CatalogPlace &place);
    [[nodiscard]] std::uint32_t nextId() const;
    [[nodiscard]] bool isTaken(const std::string &name) const;

    const Catalog *m_base = nullptr;
    std::map<std::uint32_t, Collection> m_collections;
    std::map<std::string, std::uint32_t> m_names; // of those created here
};

/// The field list that a record is decoded with.
struct SchemaMatch {
    const Collection *collection = nullptr;
    const SchemaVersion *schema = nullptr;
    bool isOwnVersion = true; ///< false: the record's version is unknown, this is the current one

    [[nodiscard]] RecordLayout layout() const
    {
        return {.fields = schema->fields,
                .primaryField = collection->primaryField,
                .schemaVersion = collection->current().number};
    }
};

/// In the catalog alone; none if there is no such collection. Valid as long as the catalog does not change.
[[nodiscard]] std::optional<SchemaMatch> matchSchema(const Catalog &catalog, std::uint32_t collectionId,
                                                     std::uint32_t schemaVersion);

} // namespace modelvault
