#include "models/schema_picture.h"

#include "database/schema_diff.h"
#include "export/described_json.h"
#include "text/schema_words.h"
#include "text/words.h"

#include <QCoreApplication>

#include <algorithm>
#include <set>
#include <utility>

namespace modelvault::ui {
namespace {

using Mark = SchemaLine::Mark;

constexpr std::size_t kMostParts = 100;        // of a type, or constraints, or variants, each a line
constexpr std::size_t kMostIndexes = 5000;     // each a line
constexpr std::uint64_t kMostListed = 500'000; // fields and indexes of all versions in the list: each is compared
constexpr std::size_t kMostJsonParts = 50'000; // of types
constexpr qsizetype kMostJson = 128 * 1024;    // characters: it is laid out and coloured at once

QString tr(const char *text)
{
    return QCoreApplication::translate("SchemaPicture", text);
}

/// What it asks of rows, and why.
QString riskReason(const SchemaChange &change)
{
    const auto risk = riskName(change.risk);
    switch (change.kind) {
    case SchemaChange::Kind::FieldRemoved:
        return tr("%1: what rows hold there has no place any more").arg(risk);
    case SchemaChange::Kind::FieldAdded:
        return change.risk == ChangeRisk::Safe ? tr("%1: rows without it have none").arg(risk)
                                               : tr("%1: rows have no value for it").arg(risk);
    case SchemaChange::Kind::TypeChanged:
        return tr("%1: what rows hold there is of the other type").arg(risk);
    case SchemaChange::Kind::ConstraintsChanged:
        return tr("%1: what rows hold there may not be allowed").arg(risk);
    case SchemaChange::Kind::IndexRemoved:
        return tr("%1: rows stay as they are").arg(risk);
    case SchemaChange::Kind::IndexAdded:
        return change.risk == ChangeRisk::Safe ? tr("%1: rows stay as they are").arg(risk)
                                               : tr("%1: two rows may have the same key").arg(risk);
    }
    return risk;
}

QString changesName(const std::vector<SchemaChange> &changes)
{
    if (changes.empty())
        return tr("nothing changed");
    const auto count = changes.size() == 1 ? tr("1 change") : tr("%1 changes").arg(groupedText(changes.size()));
    return tr("%1: %2").arg(riskName(riskOf(changes)), count);
}

SchemaLine group(const QString &name, std::size_t count, int columns)
{
    SchemaLine line{.mark = Mark::Group, .cells = {tr("%1 (%2)").arg(name, groupedText(count))}};
    while (line.cells.size() < columns)
        line.cells += QString();
    return line;
}

SchemaLine remark(const QString &text)
{
    return {.cells = {text}};
}

/// What is in a type that a line has no room for.
void addParts(const FieldType &type, std::vector<SchemaLine> &into)
{
    const auto &held = heldType(type);
    if (held.tag == TypeTag::List) {
        addParts(held.inner.front(), into);
        return;
    }
    for (std::size_t i = 0; i < std::min(held.fields.size(), kMostParts); ++i) {
        const auto &field = held.fields[i];
        SchemaLine line{.cells = {pathName(field.path), typeName(field.type), QString()}};
        // Objects in objects as deep as anybody reads: the whole is in the JSON.
        for (std::size_t k = 0; k < std::min(heldType(field.type).fields.size(), kMostParts); ++k) {
            const auto &inner = heldType(field.type).fields[k];
            line.below.push_back({.cells = {pathName(inner.path), typeName(inner.type), QString()}});
        }
        into.push_back(std::move(line));
    }
    for (std::size_t i = 0; i < std::min(held.variants.size(), kMostParts); ++i)
        into.push_back({.cells = {variantName(held.variants[i]), tr("variant"), QString()}});
    if (const auto parts = std::max(held.fields.size(), held.variants.size()); parts > kMostParts)
        into.push_back(remark(tr("and %1 more").arg(groupedText(parts - kMostParts))));
}

std::vector<SchemaLine> fieldLines(const Collection &collection, const SchemaVersion &schema)
{
    constexpr int kColumns = 3;
    auto fields = group(tr("Fields"), schema.fields.size(), kColumns);
    for (const auto &field : schema.fields) {
        const bool isKey = field.path.is(collection.primaryField);
        const auto type = typeName(field.type);
        SchemaLine line{.mark = isKey ? Mark::PrimaryKey : Mark::None,
                        .cells = {pathName(field.path), isKey ? tr("%1, primary key").arg(type) : type,
                                  constraintsName(field.constraints)}};
        addParts(field.type, line.below);
        fields.below.push_back(std::move(line));
    }
    auto indexes = group(tr("Indexes"), schema.indexes.size(), kColumns);
    for (std::size_t i = 0; i < std::min(schema.indexes.size(), kMostIndexes); ++i) {
        const auto &index = schema.indexes[i];
        indexes.below.push_back(
            {.mark = index.kind == IndexKind::Unique ? Mark::UniqueIndex : Mark::Index,
             .cells = {plainText(index.name), uniqueName(index.kind), tr("of %1").arg(pathName(index.path))}});
    }
    if (schema.indexes.size() > kMostIndexes)
        indexes.below.push_back(remark(tr("and %1 more").arg(groupedText(schema.indexes.size() - kMostIndexes))));
    std::vector<SchemaLine> lines;
    lines.push_back(std::move(fields));
    lines.push_back(std::move(indexes));
    return lines;
}

SchemaLine changeLine(const SchemaChange &change)
{
    const auto line = [&change](Mark mark, const QString &what, const QString &item, const QString &before,
                                const QString &after) {
        return SchemaLine{.mark = mark, .cells = {what, item, before, after, riskReason(change)}};
    };
    const QString nothing = QStringLiteral("–");
    switch (change.kind) {
    case SchemaChange::Kind::FieldRemoved:
        return line(Mark::Removed, tr("field removed"), pathName(change.before->path), definitionName(*change.before),
                    nothing);
    case SchemaChange::Kind::FieldAdded:
        return line(Mark::Added, tr("field added"), pathName(change.after->path), nothing,
                    definitionName(*change.after));
    case SchemaChange::Kind::TypeChanged:
        return line(Mark::Changed, tr("type changed"), pathName(change.after->path), typeName(change.before->type),
                    typeName(change.after->type));
    case SchemaChange::Kind::ConstraintsChanged: {
        const auto named = [](const FieldDefinition &field) {
            return field.constraints.empty() ? tr("no constraints") : constraintsName(field.constraints);
        };
        return line(Mark::Changed, tr("constraints changed"), pathName(change.after->path), named(*change.before),
                    named(*change.after));
    }
    case SchemaChange::Kind::IndexRemoved:
        return line(Mark::Removed, tr("index removed"), plainText(change.index->name), indexName(*change.index),
                    nothing);
    case SchemaChange::Kind::IndexAdded:
        return line(Mark::Added, tr("index added"), plainText(change.index->name), nothing, indexName(*change.index));
    }
    return {};
}

/// What changed first, then the rest.
std::vector<SchemaLine> changeLines(const std::vector<SchemaChange> &changes, const SchemaVersion &after)
{
    constexpr int kColumns = 5;
    std::set<const void *> changed;
    auto others = group(tr("Changed"), changes.size(), kColumns);
    for (const auto &change : changes) {
        changed.insert(change.after != nullptr ? static_cast<const void *>(change.after) : change.index);
        if (others.below.size() < kMostIndexes)
            others.below.push_back(changeLine(change));
    }
    if (changes.size() > kMostIndexes)
        others.below.push_back(remark(tr("and %1 more").arg(groupedText(changes.size() - kMostIndexes))));
    auto same = group(tr("The same"), 0, kColumns);
    std::size_t count = 0;
    const auto add = [&](const QString &what, const QString &item, const QString &is) {
        if (count++ < kMostIndexes)
            same.below.push_back({.mark = Mark::Same, .cells = {what, item, is, is, QString()}});
    };
    for (const auto &field : after.fields) {
        if (!changed.contains(&field))
            add(tr("field"), pathName(field.path), definitionName(field));
    }
    for (const auto &index : after.indexes) {
        if (!changed.contains(&index))
            add(tr("index"), plainText(index.name), indexName(index));
    }
    if (count > kMostIndexes)
        same.below.push_back(remark(tr("and %1 more").arg(groupedText(count - kMostIndexes))));
    same.cells.front() = group(tr("The same"), count, kColumns).cells.front();
    std::vector<SchemaLine> lines;
    for (auto *part : {&others, &same}) {
        if (!part->below.empty())
            lines.push_back(std::move(*part));
    }
    return lines;
}

std::size_t partsOf(const FieldType &type)
{
    std::size_t parts = 1 + type.variants.size();
    for (const auto &inner : type.inner)
        parts += partsOf(inner);
    for (const auto &field : type.fields)
        parts += partsOf(field.type);
    return parts;
}

QString jsonOf(const SchemaVersion &version, const SchemaVersion *before)
{
    std::size_t parts = version.indexes.size();
    for (const auto &field : version.fields)
        parts += partsOf(field.type) + field.constraints.size();
    for (std::size_t i = 0; before != nullptr && i < before->fields.size(); ++i)
        parts += partsOf(before->fields[i].type) + before->fields[i].constraints.size();
    if (parts > kMostJsonParts)
        return tr("This schema has %1 parts, too many to show here. “mvinspect schema --json” writes them all.")
            .arg(groupedText(parts));
    const auto json = QString::fromStdString(
        described(version, before).dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    if (json.size() <= kMostJson)
        return json;
    return tr("%1…\n\n(the first %2 of %3 characters)")
        .arg(json.first(kMostJson), groupedText(kMostJson), groupedText(static_cast<std::uint64_t>(json.size())));
}

} // namespace

SchemaPicture schemaPicture(const Collection &collection, std::optional<std::size_t> before,
                            std::optional<std::size_t> after, const CatalogHistory &catalog)
{
    const auto &versions = collection.versions;
    SchemaPicture picture;
    picture.after = after.value_or(versions.size() - 1);
    picture.before = before ? before : picture.after > 0 ? std::optional(picture.after - 1) : std::nullopt;

    std::uint64_t listed = 0;
    for (auto i = versions.size(); i-- > 0;) {
        const auto &version = versions[i];
        listed += version.fields.size() + version.indexes.size();
        if (!picture.versions.empty() && (picture.versions.size() == kMostVersions || listed > kMostListed)) {
            picture.leftOut = i == 0 ? tr("The oldest version is left out.")
                                     : tr("The %1 oldest versions are left out.").arg(groupedText(i + 1));
            break;
        }
        const auto *segment = catalog.change(version.place.segment);
        picture.versions.push_back(
            {.version = i,
             .number = groupedText(version.number),
             .name = tr("Version %1").arg(version.number),
             .changes = i == 0 ? tr("the first") : changesName(schemaChanges(versions[i - 1], version)),
             .transaction =
                 version.place.transaction ? groupedText(version.place.transaction->value) : QStringLiteral("–"),
             .place = offsetText(version.place.segmentOffset()),
             .begin = version.place.segmentOffset(),
             .end = version.place.payload + (segment != nullptr ? segment->payloadLength : 0)});
    }
    const auto &shown = versions[picture.after];
    picture.fields = fieldLines(collection, shown);
    picture.json = jsonOf(shown, picture.after > 0 ? &versions[picture.after - 1] : nullptr);
    if (picture.before) {
        const auto changes = schemaChanges(versions[*picture.before], shown);
        picture.changes = changeLines(changes, shown);
        picture.summary = changesName(changes);
    }
    return picture;
}

} // namespace modelvault::ui
