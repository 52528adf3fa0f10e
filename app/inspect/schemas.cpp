#include "browse.h"
#include "browsing.h"
#include "words.h"

#include "database/row_index.h"
#include "database/schema_diff.h"
#include "export/described_json.h"
#include "printable.h"

#include <format>
#include <utility>

namespace modelvault::inspect {
namespace {

std::string constraintsText(const std::vector<Constraint> &constraints)
{
    std::string text;
    for (const auto &constraint : constraints)
        text += (text.empty() ? "" : ", ") + constraintText(constraint);
    return text.empty() ? "none" : text;
}

std::string fieldText(const FieldDefinition &field)
{
    auto text = std::format("{:<24}  {}", pathText(field.path), typeText(field.type));
    if (!field.constraints.empty())
        text += "  " + constraintsText(field.constraints);
    return text;
}

void printSchema(const Collection &collection, const SchemaVersion &schema, std::ostream &out)
{
    for (const auto &field : schema.fields)
        out << "    " << fieldText(field) << (field.path.is(collection.primaryField) ? "  primary" : "") << '\n';
    for (const auto &index : schema.indexes)
        out << "    index " << indexText(index) << '\n';
}

std::string changeText(const SchemaChange &change)
{
    switch (change.kind) {
    case SchemaChange::Kind::FieldRemoved:
        return "- " + fieldText(*change.before);
    case SchemaChange::Kind::FieldAdded:
        return "+ " + fieldText(*change.after);
    case SchemaChange::Kind::TypeChanged:
        return std::format("~ {}: {} becomes {}", pathText(change.after->path), typeText(change.before->type),
                           typeText(change.after->type));
    case SchemaChange::Kind::ConstraintsChanged:
        return std::format("~ {}: {} becomes {}", pathText(change.after->path),
                           constraintsText(change.before->constraints), constraintsText(change.after->constraints));
    case SchemaChange::Kind::IndexRemoved:
        return "- index " + indexText(*change.index);
    case SchemaChange::Kind::IndexAdded:
        return "+ index " + indexText(*change.index);
    }
    return {};
}

std::string riskText(ChangeRisk risk)
{
    return risk == ChangeRisk::NeedsMigration ? "needs migration" : std::string(changeRiskName(risk));
}

void printVersions(const Collection &collection, std::ostream &out)
{
    out << printable(collection.name) << ": " << counted(collection.versions.size(), "version") << '\n';
    const SchemaVersion *before = nullptr;
    for (const auto &version : collection.versions) {
        out << std::format("  version {} at {}", version.number, hex(version.place.segmentOffset().value));
        if (before == nullptr) {
            out << '\n';
            printSchema(collection, version, out);
        } else {
            const auto changes = schemaChanges(*before, version);
            out << ": " << (changes.empty() ? "nothing changed" : riskText(riskOf(changes))) << '\n';
            for (const auto &change : changes)
                out << "    " << changeText(change) << "  [" << riskText(change.risk) << "]\n";
        }
        before = &version;
    }
}

} // namespace

ExitCode catalog(const Options &options, Output output)
{
    const auto inspected = inspectRows(options, output);
    if (!inspected)
        return kCannot;
    const auto &snapshot = *inspected->snapshot;
    auto json = Json::array();
    for (const auto &[id, collection] : snapshot.catalog->catalog().collections()) {
        const auto &rows = snapshot.rows->collection(id);
        if (options.json) {
            auto one = described(collection);
            one["rows"] = rows.live.size();
            one["deleted_rows"] = rows.deleted.size();
            one["row_versions"] = rows.versions;
            json.push_back(std::move(one));
            continue;
        }
        output.out << std::format("{}: {}, {} deleted, {}; schema version {}\n", printable(collection.name),
                                  counted(rows.live.size(), "row"), grouped(rows.deleted.size()),
                                  counted(rows.versions, "version"), collection.current().number);
        printSchema(collection, collection.current(), output.out);
    }
    if (options.json)
        output.out << print(json);
    else if (snapshot.catalog->catalog().collections().empty())
        output.out << "no collections\n";
    return inspected->exitCode();
}

ExitCode schema(const Options &options, const std::string &collection, Output output)
{
    const auto inspected = inspectRows(options, output);
    if (!inspected)
        return kCannot;
    const auto &all = inspected->snapshot->catalog->catalog().collections();
    std::vector<const Collection *> wanted;
    if (collection.empty()) {
        for (const auto &[id, one] : all)
            wanted.push_back(&one);
    } else if (const auto *one = collectionNamed(options, *inspected, collection, output)) {
        wanted.push_back(one);
    } else {
        return kCannot;
    }
    auto json = Json::array();
    for (const auto *one : wanted) {
        if (!options.json) {
            printVersions(*one, output.out);
            continue;
        }
        auto versions = Json::array();
        const SchemaVersion *before = nullptr;
        for (const auto &version : one->versions) {
            versions.push_back(described(version, before));
            before = &version;
        }
        json.push_back({{"id", one->id}, {"name", one->name}, {"versions", std::move(versions)}});
    }
    if (options.json)
        output.out << print(json);
    else if (wanted.empty())
        output.out << "no collections\n";
    return inspected->exitCode();
}

} // namespace modelvault::inspect
