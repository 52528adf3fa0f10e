#pragma once

#include "format/catalog_entry.h"
#include "format/index_entry.h"
#include "format/record.h"
#include "support/results.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Payloads for tests: a collection whose rows have a text as key and, since its second version, a number.

namespace modelvault::test {

[[nodiscard]] inline CatalogEntry createWords(std::uint32_t id = 1, std::string name = "words")
{
    return {.collectionId = id,
            .name = std::move(name),
            .fields = {{{{"word"}}, {.tag = TypeTag::String}, {}}},
            .indexes = {},
            .primaryField = "word"};
}

/// The `version`-th list of fields, which has the number too.
[[nodiscard]] inline CatalogEntry extendWords(std::uint32_t version = 2, std::uint32_t id = 1)
{
    return {.kind = CatalogEntry::Kind::NewSchemaVersion,
            .collectionId = id,
            .schemaVersion = version,
            .fields = {{{{"word"}}, {.tag = TypeTag::String}, {}}, {{{"count"}}, {.tag = TypeTag::Uint64}, {}}},
            .indexes = {}};
}

/// Of version 1.
[[nodiscard]] inline Record word(std::string key, RecordHead::Operation operation = RecordHead::Insert)
{
    return {.head = {.payloadVersion = 2,
                     .collectionId = 1,
                     .schemaVersion = 1,
                     .operation = operation,
                     .key = {std::move(key)}},
            .fields = {}};
}

/// Of version 2 and on.
[[nodiscard]] inline Record countedWord(std::string key, std::uint64_t count, std::uint32_t version = 2)
{
    auto record = word(std::move(key));
    record.head.schemaVersion = version;
    auto &field = record.fields.emplace_back();
    field.path = {{"count"}};
    field.value.data = count;
    return record;
}

[[nodiscard]] inline IndexChanges indexChange(IndexKind kind, std::string_view key, std::string_view primary,
                                              IndexOperation operation = IndexOperation::Insert)
{
    return {.entries = {{.collectionId = 1,
                         .kind = kind,
                         .operation = operation,
                         .indexName = "i",
                         .indexKey = byteVector(key),
                         .primaryKey = byteVector(primary)}}};
}

} // namespace modelvault::test
