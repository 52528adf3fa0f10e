#pragma once

#include "error.h"
#include "format/field_type.h"
#include "format/index_entry.h"
#include "format/record.h"
#include "format/value.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace modelvault {

/// A row, as it is written: a value for each field of a schema version, in the order of that version.
using RowValues = std::vector<Value>;

/// Makes the records and the index entries of rows that are of one schema version, as the engine does: records of
/// version 3 if a field lies inside another one, else of version 2.
class RowEncoder {
public:
    /// Keeps what it needs. PrimaryFieldNotFound, RecordPayloadTypeMismatch if the primary field is no scalar,
    /// InvalidFieldPath if records have no place for a path.
    [[nodiscard]] static Result<RowEncoder> make(std::uint32_t collectionId, std::uint32_t schemaVersion,
                                                 std::span<const FieldDefinition> fields,
                                                 const std::string &primaryField,
                                                 std::span<const IndexDefinition> indexes);

    [[nodiscard]] std::uint32_t schemaVersion() const { return m_record.head.schemaVersion; }

    /// What would keep the engine from reading the row: number and types of values, UTF-8, limits. Constraints and
    /// the variants of enums do not: a rescued row may breach them. RecordPayloadTypeMismatch, InvalidRecordUtf8,
    /// PayloadOverLimit.
    [[nodiscard]] Result<void> check(std::span<const Value> row) const;
    /// The same for a key that stands alone.
    [[nodiscard]] Result<void> checkKey(const Value &key) const;

    // Of rows and keys that were checked:

    [[nodiscard]] std::vector<std::byte> keyOf(std::span<const Value> row) const;
    [[nodiscard]] std::vector<std::byte> encode(RecordHead::Operation operation, std::span<const Value> row);
    [[nodiscard]] std::vector<std::byte> encodeDelete(const Value &key);
    /// Adds an entry for each index that has a key in this row, in the order of the schema.
    void addIndexEntries(IndexOperation operation, std::span<const Value> row, std::vector<IndexEntry> &into) const;

    /// Back from a payload that encode() made for a row of this version.
    [[nodiscard]] RowValues decode(std::span<const std::byte> payload) const;
    /// A row of `other`, a version of the same collection: what it has no value for is none. RecordPayloadTypeMismatch
    /// where that can't be.
    [[nodiscard]] Result<RowValues> convert(RowValues row, const RowEncoder &other) const;

private:
    /// Where in a row an index finds its key.
    struct KeyPlace {
        std::size_t field = 0;
        std::vector<std::size_t> members; ///< from object to object
    };

    RowEncoder() = default;
    [[nodiscard]] std::optional<KeyPlace> placeOf(const FieldPath &path) const;

    std::vector<FieldDefinition> m_fields;
    std::string m_primaryField;
    std::size_t m_primary = 0; // among the fields
    std::vector<IndexDefinition> m_indexes;
    std::vector<std::optional<KeyPlace>> m_places; // of the indexes; none where no row has a key
    Record m_record;                               // kept from row to row, so that its paths need not be made anew
};

} // namespace modelvault
