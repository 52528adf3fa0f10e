#pragma once

#include "error.h"
#include "format/field_type.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace modelvault {

/// The payload of a Schema segment: one change of the catalog. FORMAT.md, "Catalog entry".
struct CatalogEntry {
    static constexpr std::uint16_t kVersionHighest = 4;
    static constexpr std::uint16_t kVersionWithPrimaryField = 2;
    static constexpr std::uint16_t kVersionWithConstraints = 3;
    static constexpr std::uint16_t kVersionWithIndexes = 4;

    enum class Kind : std::uint16_t { CreateCollection = 1, NewSchemaVersion = 2 };

    std::uint16_t payloadVersion = kVersionHighest;
    Kind kind = Kind::CreateCollection;
    std::uint32_t collectionId = 0;
    std::string name; ///< of the collection; empty for a new schema version
    std::uint32_t schemaVersion = 1;
    std::vector<FieldDefinition> fields;
    std::vector<IndexDefinition> indexes;
    std::string primaryField; ///< empty: none; always empty for a new schema version

    /// Of a whole payload that lies at `at`: what decoding alone can tell. InvalidFieldPath, InvalidCatalogPayload.
    [[nodiscard]] static Result<CatalogEntry> decode(std::span<const std::byte> payload, Offset at,
                                                     FieldTrace *trace = nullptr);
    /// What the payload version has no place for is left out.
    [[nodiscard]] std::vector<std::byte> encode() const;

    /// Where fields of this entry lie in a payload that begins at `payload`: for errors that are found later.
    [[nodiscard]] static Offset collectionIdAt(Offset payload) { return payload + 4; }
    [[nodiscard]] static Offset nameAt(Offset payload) { return payload + 8; }
    [[nodiscard]] Offset schemaVersionAt(Offset payload) const
    {
        return payload + (kind == Kind::CreateCollection ? 8 + 4 + name.size() : 8);
    }
    [[nodiscard]] Offset fieldsAt(Offset payload) const { return schemaVersionAt(payload) + 4; }

    bool operator==(const CatalogEntry &) const = default;
};
/// "create_collection", "new_schema_version": stable, never translated; empty for a number that is none.
[[nodiscard]] std::string_view catalogEntryKindName(std::uint64_t kind);

} // namespace modelvault
