#include "database/value_search.h"

#include "export/value_text.h"
#include "out_of_memory.h"

#include <re2/re2.h>

#include <optional>

namespace modelvault {

Result<void> findValues(RowReader &reader, std::string_view text, const std::function<bool(ValueHit &&)> &found,
                        const Progress &progress)
try {
    re2::RE2::Options options(re2::RE2::Quiet);
    options.set_literal(true);
    options.set_case_sensitive(false);
    const re2::RE2 pattern(std::string(text), options);
    std::optional<Error> failed;
    const auto visit = [&](const RowPayload &row, const SchemaMatch &schema) {
        const auto record = row.decoder.decode(row.bytes, row.at);
        if (!record) {
            failed = record.error();
            return false;
        }
        const auto goesOn = [&](const Value &value, const FieldPath &path) {
            const auto *held = heldValue(value);
            if (held == nullptr)
                return true;
            const auto *string = std::get_if<std::string>(&held->data);
            const auto whole = string != nullptr ? std::string() : valueText(*held);
            if (!re2::RE2::PartialMatch(string != nullptr ? *string : whole, pattern))
                return true;
            return found({.collectionId = schema.collection->id,
                          .record = row.no,
                          .key = record->head.key,
                          .path = path,
                          .text = valueText(*held, ValueHit::kMostText)});
        };
        if (!goesOn(record->head.key, {.segments = {SharedText(schema.collection->primaryField)}}))
            return false;
        for (const auto &field : record->fields) {
            if (!goesOn(field.value, field.path))
                return false;
        }
        return true;
    };
    const auto read = reader.scanAll(visit, progress);
    return failed ? std::unexpected(*failed) : read;
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

} // namespace modelvault
