#pragma once

#include "error.h"
#include "format/field_type.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace modelvault {

enum class IndexOperation : std::uint8_t { Insert = 1, Delete = 2 };
/// "insert", "delete": stable, never translated; empty for a number that is none.
[[nodiscard]] std::string_view indexOperationName(std::uint64_t operation);

/// One change of one index entry.
struct IndexEntry {
    std::uint32_t collectionId = 0;
    IndexKind kind = IndexKind::NonUnique;
    IndexOperation operation = IndexOperation::Insert;
    std::string indexName;
    std::vector<std::byte> indexKey;   ///< key bytes of the field
    std::vector<std::byte> primaryKey; ///< key bytes of the row

    bool operator==(const IndexEntry &) const = default;
};

/// The payload of an Index segment. FORMAT.md, "Index".
struct IndexChanges {
    static constexpr std::uint16_t kVersionHighest = 2;
    static constexpr std::uint16_t kVersionWithOperation = 2;

    std::uint16_t payloadVersion = kVersionHighest;
    std::vector<IndexEntry> entries;

    /// Of a whole payload that lies at `at`. UnsupportedVersion, InvalidCatalogPayload.
    [[nodiscard]] static Result<IndexChanges> decode(std::span<const std::byte> payload, Offset at,
                                                     FieldTrace *trace = nullptr);
    /// The collection of the first entry, from as many bytes of the payload as there are; none if there is none.
    [[nodiscard]] static std::optional<std::uint32_t> peekCollection(std::span<const std::byte> payload);
    [[nodiscard]] std::vector<std::byte> encode() const;

    bool operator==(const IndexChanges &) const = default;
};

} // namespace modelvault
