#include "filter/cell_filters.h"

#include "filter/filter_value.h"

#include <algorithm>
#include <utility>

namespace modelvault {
namespace {

constexpr std::size_t kLongestKey = 256; // in bytes

Filter like(FilterField field, FilterValue value)
{
    return Filter({.kind = FilterNode::Kind::Comparison,
                   .field = field,
                   .operation = FilterOperator::Equal,
                   .values = {{.first = value, .last = value}},
                   .parts = {}});
}

Filter likeCollection(const std::string &name, std::uint32_t id)
{
    return like(FilterField::Collection, name.empty() ? FilterValue(std::uint64_t{id}) : FilterValue(name));
}

FilterNode opposite(FilterNode node)
{
    if (node.kind == FilterNode::Kind::Not)
        return std::move(node.parts.front());
    FilterNode opposite{.kind = FilterNode::Kind::Not};
    opposite.parts.push_back(std::move(node));
    return opposite;
}

} // namespace

std::vector<Filter> filtersLike(const Segment &segment, FilterField field)
{
    switch (field) {
    case FilterField::Number:
        return {like(field, segment.no.value)};
    case FilterField::Offset:
        return {like(field, segment.offset.value)};
    case FilterField::Length:
        return {like(field, segment.header.payloadLength)};
    case FilterField::Type:
        return {like(field, static_cast<std::uint64_t>(segment.header.type))};
    case FilterField::Transaction:
        if (segment.transaction)
            return {like(field, segment.transaction->value)};
        return {Filter(opposite({.kind = FilterNode::Kind::Comparison, .field = field}))};
    case FilterField::Crc:
        return {like(field, segment.payloadDamaged ? PayloadState::Bad : PayloadState::Good),
                like(field, std::uint64_t{segment.header.payloadCrc})};
    case FilterField::Collection:
    case FilterField::Operation:
    case FilterField::Key:
        break;
    }
    return {};
}

std::vector<Filter> filtersLike(const SegmentSummary &summary)
{
    std::vector<Filter> filters;
    if (const auto *record = std::get_if<RecordSummary>(&summary.what)) {
        filters.push_back(likeCollection(record->collection, record->collectionId));
        auto key = filterValueOf(record->key);
        const auto *text = key ? std::get_if<std::string>(&*key) : nullptr;
        if (key && (text == nullptr || text->size() <= kLongestKey))
            filters.push_back(like(FilterField::Key, *std::move(key)));
        filters.push_back(like(FilterField::Operation, std::uint64_t{record->operation}));
    } else if (const auto *indexes = std::get_if<IndexSummaries>(&summary.what)) {
        for (const auto &index : indexes->indexes) {
            if (auto filter = likeCollection(index.collection, index.collectionId);
                !std::ranges::contains(filters, filter))
                filters.push_back(std::move(filter));
        }
        if (std::ranges::any_of(indexes->indexes, &IndexSummary::inserted))
            filters.push_back(like(FilterField::Operation, std::uint64_t{RecordHead::Insert}));
        if (std::ranges::any_of(indexes->indexes, &IndexSummary::deleted))
            filters.push_back(like(FilterField::Operation, std::uint64_t{RecordHead::Delete}));
    } else if (const auto *schema = std::get_if<SchemaSummary>(&summary.what)) {
        filters.push_back(likeCollection(schema->collection, schema->collectionId));
    }
    return filters;
}

Filter joined(const Filter &base, FilterJoin how, const Filter &other)
{
    const bool isNegated = how == FilterJoin::OnlyNot || how == FilterJoin::AndNot;
    auto added = isNegated ? opposite(other.root()) : other.root();
    if (how == FilterJoin::Only || how == FilterJoin::OnlyNot || base.passesAll())
        return Filter(std::move(added));
    const auto kind = how == FilterJoin::Or ? FilterNode::Kind::Or : FilterNode::Kind::And;
    FilterNode all{.kind = kind};
    if (base.root().kind == kind)
        all.parts = base.root().parts;
    else
        all.parts.push_back(base.root());
    all.parts.push_back(std::move(added));
    return Filter(std::move(all));
}

} // namespace modelvault
