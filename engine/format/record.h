#pragma once

#include "error.h"
#include "format/field_type.h"
#include "format/value.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace modelvault {

/// What a record is decoded with: the field list of one schema version. Borrowed.
struct RecordLayout {
    std::span<const FieldDefinition> fields;
    std::string_view primaryField;   ///< empty: the collection has none, and its records mean nothing
    std::uint32_t schemaVersion = 0; ///< the collection's current one, which the engine wants each record to have
};

/// What stands before the values, and can be read without knowing the collection.
struct RecordHead {
    enum Operation : std::uint8_t { Insert = 1, Replace = 2, Delete = 3 };

    std::uint16_t payloadVersion = 0;
    std::uint32_t collectionId = 0;
    std::uint32_t schemaVersion = 0;
    std::uint8_t operation = Insert; ///< others than the three are inserts to the engine
    Value key;                       ///< a scalar

    /// Of the first bytes of a payload that lies at `at`: as far as the key. TruncatedRecordPayload,
    /// UnknownRecordPayloadVersion, RecordPayloadTypeMismatch, InvalidRecordUtf8.
    [[nodiscard]] static Result<RecordHead> decode(std::span<const std::byte> payload, Offset at);

    bool operator==(const RecordHead &) const = default;
};
/// "insert": stable, never translated; empty for a number that is none.
[[nodiscard]] std::string_view recordOperationName(std::uint64_t operation);

/// A record without its values.
struct RecordOutline {
    std::uint16_t payloadVersion = 0;
    std::uint32_t collectionId = 0;
    std::uint32_t schemaVersion = 0;
    std::uint8_t operation = RecordHead::Insert;
    std::span<const std::byte> keyBytes; ///< as keyBytes() of the key; borrowed from the payload

    /// What a decoder is chosen by: the first three alone. None where the payload is too short for them.
    [[nodiscard]] static std::optional<RecordOutline> peek(std::span<const std::byte> payload);
};

struct RecordField {
    FieldPath path;
    Value value;

    bool operator==(const RecordField &) const = default;
};

/// The payload of a Record segment: one operation on one row. FORMAT.md, "Record".
struct Record {
    static constexpr std::uint16_t kVersionScalars = 1;
    static constexpr std::uint16_t kVersionValues = 2;
    static constexpr std::uint16_t kVersionPaths = 3;

    /// The layout for a collection and the schema version that the record names, or none if there is no such
    /// collection.
    using LayoutOf =
        std::function<std::optional<RecordLayout>(std::uint32_t collectionId, std::uint32_t schemaVersion)>;

    RecordHead head;
    std::vector<RecordField> fields; ///< without the key, in the order of the payload

    /// Of a whole payload that lies at `at`. The errors of "Record" in FORMAT.md, but for InvalidSchemaVersion, which
    /// is the caller's to find: a record of another schema version decodes.
    [[nodiscard]] static Result<Record> decode(std::span<const std::byte> payload, Offset at, const LayoutOf &layoutOf,
                                               FieldTrace *trace = nullptr);
    [[nodiscard]] std::vector<std::byte> encode() const;

    bool operator==(const Record &) const = default;
};

/// Decodes the records of one schema version of one collection: prepared once, for loops over many of them. Borrows
/// the layout's fields. Const and without state: any number of threads.
class RecordDecoder {
public:
    explicit RecordDecoder(const RecordLayout &layout);

    /// Of whole payloads that lie at `at`; the errors are those of Record::decode(). Whether the collection and the
    /// schema version are those of the layout is the caller's to know.
    [[nodiscard]] Result<Record> decode(std::span<const std::byte> payload, Offset at) const;
    /// All the rules, and no value is made.
    [[nodiscard]] Result<RecordOutline> check(std::span<const std::byte> payload, Offset at) const;
    /// What a record says for one field of the layout's list, the key too. None for a delete, and for what the payload
    /// version has no place for.
    [[nodiscard]] Result<std::optional<Value>> value(std::span<const std::byte> payload, Offset at,
                                                     std::size_t field) const;

    [[nodiscard]] const RecordLayout &layout() const { return m_layout; }

private:
    friend struct Record;
    class Values;

    void readAll(PayloadReader &reader, Record &record) const;
    [[nodiscard]] std::optional<TypeTag> keyTag() const;

    RecordLayout m_layout;
    const FieldDefinition *m_primary = nullptr;    // the key's; null if the layout has none
    std::vector<const FieldDefinition *> m_fields; // but for the key's, in the order of the schema
    std::vector<const FieldDefinition *> m_top;    // those of them that older payload versions have a place for
    std::vector<std::size_t> m_byPath;             // places in m_fields
};

} // namespace modelvault
