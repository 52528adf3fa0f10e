#include "browsing.h"

#include "words.h"

#include "export/schema_text.h"
#include "export/value_text.h"
#include "printable.h"

#include <algorithm>
#include <format>
#include <utility>
#include <variant>

namespace modelvault::inspect {
namespace {

constexpr std::size_t kMostBytes = 60; // as inQuotes()

} // namespace

std::optional<Inspected> inspectRows(const Options &options, Output output)
{
    auto inspected = inspectFile(options, Depth::Rows);
    if (!inspected) {
        cannot(options, inspected.error(), output);
        return std::nullopt;
    }
    noteBadHeader(options, inspected->snapshot->head, output.err);
    noteMissingLock(options, inspected->database, output.err);
    return *std::move(inspected);
}

const Collection *collectionNamed(const Options &options, const Inspected &inspected, const std::string &name,
                                  Output output)
{
    constexpr std::size_t kMostTold = 20;
    const auto &collections = inspected.snapshot->catalog->catalog().collections();
    const auto found = std::ranges::find_if(collections, [&name](const auto &it) { return it.second.name == name; });
    if (found != collections.end())
        return &found->second;
    std::string there;
    std::size_t told = 0;
    for (const auto &[id, collection] : collections) {
        there += (there.empty() ? "" : ", ") + (told == kMostTold ? "…" : inQuotes(collection.name));
        if (told++ == kMostTold)
            break;
    }
    cannot(options,
           "there is no collection " + inQuotes(name) + (there.empty() ? ", nor any other" : "; there are: " + there),
           output);
    return nullptr;
}

std::string typeText(const FieldType &type)
{
    return printable(modelvault::typeText(type));
}

std::string constraintText(const Constraint &constraint)
{
    return printable(modelvault::constraintText(constraint));
}

std::string indexText(const IndexDefinition &index)
{
    return std::format("{} {} ({})", indexKindName(std::to_underlying(index.kind)), printable(index.name),
                       pathText(index.path));
}

std::string pathText(const FieldPath &path)
{
    constexpr std::size_t kMost = 200;
    return printable(path.text(kMost));
}

std::string shortText(const Value *value)
{
    value = value != nullptr ? heldValue(*value) : nullptr;
    if (value == nullptr)
        return "none";
    if (const auto *text = std::get_if<std::string>(&value->data))
        return inQuotes(*text);
    const auto text = valueText(*value, kMostBytes + 1);
    if (text.size() <= kMostBytes)
        return printable(text);
    return printable(valueText(*value, kMostBytes)) + "…";
}

Result<std::string> transactionText(const Inspected &inspected, const Segment &segment)
{
    if (!segment.transaction)
        return "no transaction";
    return inspected.log().transaction(*segment.transaction).transform([](const Transaction &transaction) {
        return std::format("transaction {} (id {})", transaction.no.value, transaction.id);
    });
}

} // namespace modelvault::inspect
