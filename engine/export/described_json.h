#pragma once

#include "database/catalog.h"
#include "database/index_state.h"
#include "format/field_type.h"
#include "format/record.h"
#include "format/value.h"

#include <nlohmann/json.hpp>

// Schemas, rows and index entries as JSON that loses nothing: what JSON has no type for is an object whose only key
// begins with a dollar sign. The keys of a row are sorted, those of all else are in a fixed order.
//
//     {"$i64":"-5"} {"$u64":"5"} {"$ts":"0"} {"$f64":"3ff0000000000000"} {"$bytes":"00ff"} {"$uuid":"8-4-4-4-12"}
//
// Integers and microseconds are decimal, floats the digits of their bits, as not every reader of JSON keeps 64 bits.
// Strings are as they are in the file, which decoders let through only as UTF-8.

namespace modelvault {

/// "int64", {"optional":T}, {"list":T}, {"object":[{"path":[…],"type":T}]}, {"enum":[…]}.
[[nodiscard]] nlohmann::ordered_json described(const FieldType &type);
/// {"min_i64":"-4"}, {"min_f64":"<bits>"}, {"min_length":1}, {"regex":"…"}, {"email":true}.
[[nodiscard]] nlohmann::ordered_json described(const Constraint &constraint);
[[nodiscard]] nlohmann::ordered_json described(const FieldDefinition &field);
[[nodiscard]] nlohmann::ordered_json described(const IndexDefinition &index);
/// Where it stands and what it holds; with what it changed of the version before it, if there is one.
[[nodiscard]] nlohmann::ordered_json described(const SchemaVersion &version, const SchemaVersion *before);
/// With its current fields and indexes.
[[nodiscard]] nlohmann::ordered_json described(const Collection &collection);
[[nodiscard]] nlohmann::ordered_json described(const IndexState::IndexId &index, const IndexState::Entry &entry);

[[nodiscard]] nlohmann::json described(const Value &value);
/// A row as its last record has it; fields with longer paths lie in nested objects.
[[nodiscard]] nlohmann::json describedRow(const std::string &primaryField, const Record &record);

} // namespace modelvault
