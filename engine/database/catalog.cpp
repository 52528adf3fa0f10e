#include "database/catalog.h"

#include <algorithm>

namespace modelvault {
namespace {

/// Whether a path repeats another one or is the beginning of one.
bool pathsConflict(const std::vector<FieldDefinition> &fields)
{
    std::vector<const FieldPath *> paths;
    paths.reserve(fields.size());
    for (const auto &field : fields)
        paths.push_back(&field.path);
    // Sorted, those that a path is the beginning of follow it at once.
    std::ranges::sort(paths, [](const auto *left, const auto *right) { return *left < *right; });
    return std::ranges::adjacent_find(paths,
                                      [](const auto *left, const auto *right) { return left->isPrefixOf(*right); })
        != paths.end();
}

bool hasPrimaryField(const std::vector<FieldDefinition> &fields, const std::string &name)
{
    return std::ranges::any_of(fields, [&name](const FieldDefinition &field) { return field.path.is(name); });
}

SchemaVersion schemaOf(const CatalogEntry &entry, const CatalogPlace &place)
{
    return {.number = entry.schemaVersion, .fields = entry.fields, .indexes = entry.indexes, .place = place};
}

} // namespace

Result<void> Catalog::apply(const CatalogEntry &entry, const CatalogPlace &place)
{
    return entry.kind == CatalogEntry::Kind::CreateCollection ? create(entry, place) : change(entry, place);
}

Result<void> Catalog::create(const CatalogEntry &entry, const CatalogPlace &place)
{
    const Offset payload = place.payload;
    if (entry.schemaVersion != 1)
        return failure(ErrorCode::InvalidSchemaVersion, entry.schemaVersionAt(payload), 1, entry.schemaVersion);
    if (entry.collectionId != nextId())
        return failure(ErrorCode::UnexpectedCollectionId, CatalogEntry::collectionIdAt(payload), nextId(),
                       entry.collectionId);
    if (isTaken(entry.name))
        return failure(ErrorCode::DuplicateCollectionName, CatalogEntry::nameAt(payload));
    if (pathsConflict(entry.fields))
        return failure(ErrorCode::InvalidFieldPath, entry.fieldsAt(payload));
    if (!entry.primaryField.empty() && !hasPrimaryField(entry.fields, entry.primaryField))
        return failure(ErrorCode::PrimaryFieldNotFound, entry.fieldsAt(payload));
    m_names.emplace(entry.name, entry.collectionId);
    m_collections.emplace(entry.collectionId,
                          Collection{.id = entry.collectionId,
                                     .name = entry.name,
                                     .primaryField = entry.primaryField,
                                     .versions = {schemaOf(entry, place)}});
    return {};
}

Result<void> Catalog::change(const CatalogEntry &entry, const CatalogPlace &place)
{
    const Offset payload = place.payload;
    const auto *known = find(entry.collectionId);
    if (known == nullptr)
        return failure(ErrorCode::UnknownCollection, CatalogEntry::collectionIdAt(payload));
    if (const auto next = std::uint64_t{known->current().number} + 1; entry.schemaVersion != next)
        return failure(ErrorCode::InvalidSchemaVersion, entry.schemaVersionAt(payload), next, entry.schemaVersion);
    if (pathsConflict(entry.fields))
        return failure(ErrorCode::InvalidFieldPath, entry.fieldsAt(payload));
    if (!known->primaryField.empty() && !hasPrimaryField(entry.fields, known->primaryField))
        return failure(ErrorCode::PrimaryFieldMissingInSchema, entry.fieldsAt(payload));
    // Older versions stay where they are: many transactions may change one large collection.
    const auto own = m_collections.try_emplace(
        entry.collectionId,
        Collection{.id = known->id, .name = known->name, .primaryField = known->primaryField, .versions = {}});
    own.first->second.versions.push_back(schemaOf(entry, place));
    return {};
}

const Collection *Catalog::find(std::uint32_t collectionId) const
{
    if (const auto own = m_collections.find(collectionId); own != m_collections.end())
        return &own->second;
    return m_base != nullptr ? m_base->find(collectionId) : nullptr;
}

const SchemaVersion *Catalog::version(std::uint32_t collectionId, std::uint32_t number) const
{
    if (const auto own = m_collections.find(collectionId); own != m_collections.end()) {
        const auto &versions = own->second.versions;
        const std::uint32_t first = versions.front().number;
        if (number >= first && number - first < versions.size())
            return &versions[number - first];
    }
    return m_base != nullptr ? m_base->version(collectionId, number) : nullptr;
}

std::uint32_t Catalog::nextId() const
{
    const std::uint32_t own = m_collections.empty() ? 1 : m_collections.rbegin()->first + 1;
    return m_base != nullptr ? std::max(own, m_base->nextId()) : own;
}

bool Catalog::isTaken(const std::string &name) const
{
    return m_names.contains(name) || (m_base != nullptr && m_base->isTaken(name));
}

std::optional<SchemaMatch> matchSchema(const Catalog &catalog, std::uint32_t collectionId, std::uint32_t schemaVersion)
{
    const auto *collection = catalog.find(collectionId);
    if (collection == nullptr)
        return std::nullopt;
    const auto *own = catalog.version(collectionId, schemaVersion);
    return SchemaMatch{.collection = collection,
                       .schema = own != nullptr ? own : &collection->current(),
                       .isOwnVersion = own != nullptr};
}

} // namespace modelvault
