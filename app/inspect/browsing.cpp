#include "browsing.h"

#include "words.h"

#include "export/schema_text.h"
#include "export/value_text.h"
#include "printable.h"

#include <algorithm>
#include <format>
#include <map>
#include <utility>
#include <variant>
#include <vector>

namespace modelvault::inspect {
namespace {

constexpr std::size_t kMostBytes = 60; // as inQuotes()

/// By id, those that opens have first.
std::vector<const Collection *> collectionsOf(const CatalogHistory &history, Collections which)
{
    std::vector<const Collection *> found;
    for (const auto &[id, collection] : history.catalog().collections())
        found.push_back(&collection);
    if (which == Collections::Counted)
        return found;
    std::map<std::uint32_t, const Collection *> unseen;
    for (const auto &change : history.changes()) {
        if (!change.fault && !history.catalog().collections().contains(change.collectionId))
            unseen.try_emplace(change.collectionId, history.collection(change.collectionId, change.place.transaction));
    }
    for (const auto &[id, collection] : unseen) {
        if (collection != nullptr)
            found.push_back(collection);
    }
    return found;
}

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
                                  Output output, Collections which)
{
    constexpr std::size_t kMostTold = 20;
    const auto collections = collectionsOf(*inspected.snapshot->catalog, which);
    const auto found = std::ranges::find(collections, name, &Collection::name);
    if (found != collections.end())
        return *found;
    std::string there;
    std::size_t told = 0;
    for (const auto *collection : collections) {
        there += (there.empty() ? "" : ", ") + (told == kMostTold ? "…" : inQuotes(collection->name));
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
