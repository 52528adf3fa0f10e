#include "filter/filter_matcher.h"

#include "filter/filter_value.h"
#include "format/catalog_entry.h"
#include "format/index_entry.h"
#include "format/limits.h"
#include "format/record.h"

#include <algorithm>
#include <string_view>

namespace modelvault {
namespace {

Truth truth(bool is)
{
    return is ? Truth::True : Truth::False;
}

Truth opposite(Truth of)
{
    return of == Truth::Unknown ? of : truth(of == Truth::False);
}

/// Whether payloads of that type may say something about that field.
bool maySay(SegmentType type, FilterField field)
{
    switch (type) {
    case SegmentType::Record:
        return true;
    case SegmentType::Index:
        return field != FilterField::Key;
    case SegmentType::Schema:
        return field == FilterField::Collection;
    default:
        return false;
    }
}

/// Whether `order`, in which something stands to the value of a comparison, is one that it wants.
bool fits(FilterOperator operation, std::partial_ordering order)
{
    switch (operation) {
    case FilterOperator::Less:
        return order < 0;
    case FilterOperator::LessOrEqual:
        return order <= 0;
    case FilterOperator::Greater:
        return order > 0;
    case FilterOperator::GreaterOrEqual:
        return order >= 0;
    default: // NotEqual is the opposite of Equal, in the end
        return order == 0;
    }
}

bool valueFits(const FilterNode &node, const FilterValue &value)
{
    if (node.operation == FilterOperator::Contains)
        return filterText(value).contains(std::get<std::string>(node.values.front().first));
    return std::ranges::any_of(node.values, [&](const FilterRange &range) {
        if (node.operation == FilterOperator::In)
            return compare(value, range.first) >= 0 && compare(value, range.last) <= 0;
        return fits(node.operation, compare(value, range.first));
    });
}

} // namespace

FilterMatcher::FilterMatcher(const Store &store, const Filter &filter, const CatalogHistory *catalog)
    : m_loader(store),
      m_catalog(catalog),
      m_root(prepared(filter.root()))
{ }

FilterMatcher::Step FilterMatcher::prepared(const FilterNode &node)
{
    Step step{.kind = node.kind};
    for (const auto &part : node.parts)
        step.parts.push_back(prepared(part));
    if (node.kind != FilterNode::Kind::Comparison)
        return step;
    step.field = node.field;
    step.node = &node;
    step.isNegated = node.operation == FilterOperator::NotEqual;
    step.isExists = node.operation == FilterOperator::Exists;
    addNumbers(step, node);
    return step;
}

void FilterMatcher::addNumbers(Step &step, const FilterNode &node)
{
    for (const auto &range : node.values) {
        step.asksForNames |= std::holds_alternative<std::string>(range.first);
        if (const auto *state = std::get_if<PayloadState>(&range.first))
            (*state == PayloadState::Good ? step.wantsGood : step.wantsBad) = true;
        const auto *first = std::get_if<std::uint64_t>(&range.first);
        const auto *last = std::get_if<std::uint64_t>(&range.last);
        if (first == nullptr || last == nullptr)
            continue;
        switch (node.operation) {
        case FilterOperator::Less:
            if (*first > 0)
                step.numbers.push_back({0, *first - 1});
            break;
        case FilterOperator::LessOrEqual:
            step.numbers.push_back({0, *first});
            break;
        case FilterOperator::Greater:
            if (*first < UINT64_MAX)
                step.numbers.push_back({*first + 1, UINT64_MAX});
            break;
        case FilterOperator::GreaterOrEqual:
            step.numbers.push_back({*first, UINT64_MAX});
            break;
        default:
            step.numbers.push_back({*first, *last});
            break;
        }
    }
    if (step.isExists)
        step.numbers.push_back({0, UINT64_MAX});
}

/// `ask(comparison)` answers for a comparison that is not negated.
template <class Ask>
Truth FilterMatcher::evaluate(const Step &step, const Ask &ask)
{
    switch (step.kind) {
    case FilterNode::Kind::Comparison:
        return step.isNegated ? opposite(ask(step)) : ask(step);
    case FilterNode::Kind::Not:
        return opposite(evaluate(step.parts.front(), ask));
    case FilterNode::Kind::And:
    case FilterNode::Kind::Or:
        break;
    }
    const bool isAnd = step.kind == FilterNode::Kind::And;
    const auto settles = truth(!isAnd); // whatever the other parts are
    auto all = truth(isAnd);
    for (const auto &part : step.parts) {
        const auto one = evaluate(part, ask);
        if (one == settles)
            return one;
        if (one == Truth::Unknown)
            all = one;
    }
    return all;
}

bool FilterMatcher::isIn(const Step &step, std::uint64_t number)
{
    return std::ranges::any_of(
        step.numbers, [number](const NumberRange &range) { return number >= range.first && number <= range.last; });
}

/// Whether all of the numbers from `first` to `last`, inclusive, are.
Truth FilterMatcher::areIn(const Step &step, std::uint64_t first, std::uint64_t last)
{
    auto all = Truth::False;
    for (const auto &range : step.numbers) {
        if (first >= range.first && last <= range.last)
            return Truth::True;
        if (first <= range.last && last >= range.first)
            all = Truth::Unknown;
    }
    return all;
}

Truth FilterMatcher::blockFits(const Step &step, const SegmentIndex::Block &block)
{
    const auto most = block.count - 1;
    switch (step.field) {
    case FilterField::Number:
        return areIn(step, block.first.value, block.first.value + most);
    case FilterField::Offset:
        return areIn(step, block.begin.value, block.end.value - SegmentHeader::kSize);
    case FilterField::Transaction: {
        if (block.firstTransaction >= block.endTransaction)
            return Truth::False;
        const auto fit = areIn(step, block.firstTransaction.value, block.endTransaction.value - 1);
        return fit == Truth::True ? Truth::Unknown : fit; // some may lie in none
    }
    case FilterField::Type:
    case FilterField::Collection:
    case FilterField::Operation:
    case FilterField::Key: {
        bool all = true;
        bool any = false;
        for (std::size_t i = 0; i < kSegmentTypes; ++i) {
            if (!block.types[i])
                continue;
            const bool one = step.field == FilterField::Type ? isIn(step, i + 1) : maySay(typeAtIndex(i), step.field);
            all &= one && step.field == FilterField::Type;
            any |= one;
        }
        return all ? Truth::True : any ? Truth::Unknown : Truth::False;
    }
    case FilterField::Crc:
        if (step.isExists || (step.wantsGood && (step.wantsBad || !block.hasDamagedPayloads)))
            return Truth::True;
        return step.numbers.empty() && !block.hasDamagedPayloads ? Truth::False : Truth::Unknown;
    case FilterField::Length:
        break;
    }
    return step.isExists ? Truth::True : Truth::Unknown;
}

Truth FilterMatcher::headerFits(const Step &step, const Segment &segment)
{
    switch (step.field) {
    case FilterField::Number:
        return truth(isIn(step, segment.no.value));
    case FilterField::Offset:
        return truth(isIn(step, segment.offset.value));
    case FilterField::Length:
        return truth(isIn(step, segment.header.payloadLength));
    case FilterField::Type:
        return truth(isIn(step, static_cast<std::uint64_t>(segment.header.type)));
    case FilterField::Transaction:
        return truth(segment.transaction && isIn(step, segment.transaction->value));
    case FilterField::Crc:
        return truth((segment.payloadDamaged ? step.wantsBad : step.wantsGood)
                     || isIn(step, segment.header.payloadCrc));
    case FilterField::Collection:
    case FilterField::Operation:
    case FilterField::Key:
        break;
    }
    const bool mayFit = maySay(segment.header.type, step.field) && segment.header.payloadLength <= kMaxPayload;
    return mayFit ? Truth::Unknown : Truth::False;
}

bool FilterMatcher::collectionFits(const Step &step, const Segment &segment, const Content &content) const
{
    return std::ranges::any_of(content.changes, [&](const Content::Change &change) {
        if (isIn(step, change.collectionId))
            return true;
        if (!step.asksForNames)
            return false;
        if (content.newName)
            return valueFits(*step.node, *content.newName);
        const auto *known =
            m_catalog != nullptr ? m_catalog->collection(change.collectionId, segment.transaction) : nullptr;
        return known != nullptr && valueFits(*step.node, known->name);
    });
}

bool FilterMatcher::contentFits(const Step &step, const Segment &segment, const Content &content) const
{
    switch (step.field) {
    case FilterField::Collection:
        return collectionFits(step, segment, content);
    case FilterField::Operation:
        return std::ranges::any_of(content.changes, [&step](const Content::Change &change) {
            return change.operation && isIn(step, *change.operation);
        });
    case FilterField::Key: {
        const auto value = content.key ? filterValueOf(*content.key) : std::nullopt;
        return content.key && (step.isExists || (value && valueFits(*step.node, *value)));
    }
    default:
        return false;
    }
}

Truth FilterMatcher::ofBlock(const SegmentIndex::Block &block) const
{
    return evaluate(m_root, [&block](const Step &step) { return blockFits(step, block); });
}

Truth FilterMatcher::ofHeader(const Segment &segment) const
{
    return evaluate(m_root, [&segment](const Step &step) { return headerFits(step, segment); });
}

Result<bool> FilterMatcher::passes(const Segment &segment, std::span<const std::byte> payload)
{
    if (const auto header = ofHeader(segment); header != Truth::Unknown)
        return header == Truth::True;
    const auto content = contentOf(segment, payload);
    if (!content)
        return std::unexpected(content.error());
    return evaluate(m_root,
                    [&](const Step &step) {
                        const auto header = headerFits(step, segment);
                        return header == Truth::Unknown ? truth(contentFits(step, segment, *content)) : header;
                    })
        == Truth::True;
}

Result<FilterMatcher::Content> FilterMatcher::contentOf(const Segment &segment, std::span<const std::byte> payload)
{
    const auto beginning = m_loader.beginning(segment, payload);
    if (!beginning)
        return std::unexpected(beginning.error());
    auto content = decode(segment.header.type, *beginning);
    if (!content && beginning->size() < segment.header.payloadLength) {
        const auto whole = m_loader.whole(segment);
        if (!whole)
            return std::unexpected(whole.error());
        content = decode(segment.header.type, *whole);
    }
    return content ? content : Content{};
}

Result<FilterMatcher::Content> FilterMatcher::decode(SegmentType type, std::span<const std::byte> payload)
{
    switch (type) {
    case SegmentType::Record:
        return RecordHead::decode(payload, {}).transform([](RecordHead head) {
            return Content{.changes = {{.collectionId = head.collectionId, .operation = head.operation}},
                           .newName = {},
                           .key = std::move(head.key)};
        });
    case SegmentType::Index:
        return IndexChanges::decode(payload, {}).transform([](const IndexChanges &index) {
            Content content;
            for (const auto &entry : index.entries) {
                const std::uint8_t operation =
                    entry.operation == IndexOperation::Insert ? RecordHead::Insert : RecordHead::Delete;
                if (content.changes.empty() || content.changes.back().collectionId != entry.collectionId
                    || content.changes.back().operation != operation)
                    content.changes.push_back({.collectionId = entry.collectionId, .operation = operation});
            }
            return content;
        });
    case SegmentType::Schema:
        return CatalogEntry::decode(payload, {}).transform([](CatalogEntry entry) {
            Content content{
                .changes = {{.collectionId = entry.collectionId, .operation = {}}}, .newName = {}, .key = {}};
            if (entry.kind == CatalogEntry::Kind::CreateCollection)
                content.newName = std::move(entry.name);
            return content;
        });
    default:
        return Content{};
    }
}

} // namespace modelvault
