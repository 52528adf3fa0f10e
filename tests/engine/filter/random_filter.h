#pragma once

#include "filter/filter.h"

#include <cstdint>
#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace modelvault::test {

/// Makes filters as parse() would, and picks of anything.
class RandomFilter {
public:
    explicit RandomFilter(unsigned seed) : m_engine(seed) { }

    // Picked now and then, so that some comparison holds.
    std::vector<std::uint64_t> numbers;
    std::vector<std::string> texts;

    std::uint64_t below(std::uint64_t end) { return m_engine() % end; }
    bool chance(std::uint64_t of) { return below(of) == 0; }

    std::uint64_t whole()
    {
        if (!numbers.empty() && !chance(4))
            return numbers[below(numbers.size())];
        const std::uint64_t any[] = {0, 1, below(100), below(UINT64_MAX), UINT64_MAX, std::uint64_t{1} << below(64)};
        return any[below(std::size(any))];
    }
    std::string text()
    {
        if (!texts.empty() && !chance(4))
            return texts[below(texts.size())];
        std::string text;
        for (auto left = below(6); left > 0; --left)
            text += static_cast<char>(below(256));
        return text;
    }
    FilterValue number()
    {
        switch (below(3)) {
        case 0:
            return whole();
        case 1:
            return -static_cast<std::int64_t>(below(INT64_MAX)) - 1;
        default:
            return (static_cast<double>(below(1000)) - 500) * (chance(2) ? 0.125 : 1e30);
        }
    }

    FilterNode node(int depth)
    {
        if (depth == 0 || chance(3))
            return comparison();
        FilterNode node{.kind = static_cast<FilterNode::Kind>(1 + below(3))};
        const auto parts = node.kind == FilterNode::Kind::Not ? 1 : 2 + below(3);
        for (std::uint64_t i = 0; i < parts; ++i)
            node.parts.push_back(this->node(depth - 1));
        return node;
    }

private:
    FilterValue value(FilterField field)
    {
        switch (field) {
        case FilterField::Type:
            return 1 + below(9);
        case FilterField::Operation:
            return below(256);
        case FilterField::Collection:
            return chance(2) ? FilterValue(whole()) : FilterValue(text());
        case FilterField::Key:
            return chance(4) ? FilterValue(chance(2)) : chance(2) ? FilterValue(text()) : number();
        case FilterField::Crc:
            return chance(2) ? FilterValue(whole()) : FilterValue(chance(2) ? PayloadState::Good : PayloadState::Bad);
        default:
            return whole();
        }
    }

    FilterRange range(FilterField field)
    {
        if (!hasOrder(field) || chance(2)) {
            auto one = value(field);
            return {.first = one, .last = one};
        }
        const auto first = whole();
        return {.first = first, .last = first < UINT64_MAX ? first + 1 + below(UINT64_MAX - first) : first};
    }

    FilterNode comparison()
    {
        FilterNode node{.kind = FilterNode::Kind::Comparison};
        node.field = kFilterFields[below(kFilterFields.size())];
        for (;;) {
            node.operation = static_cast<FilterOperator>(below(9));
            const bool isOrder =
                node.operation >= FilterOperator::Less && node.operation <= FilterOperator::GreaterOrEqual;
            if (node.operation == FilterOperator::Exists)
                return node;
            if (node.operation == FilterOperator::In) {
                for (auto left = 1 + below(3); left > 0; --left)
                    node.values.push_back(range(node.field));
                return node;
            }
            if (isOrder && !hasOrder(node.field))
                continue;
            auto one = isOrder ? FilterValue(whole()) : value(node.field);
            if (node.operation == FilterOperator::Contains) {
                if (!isText(node.field))
                    continue;
                one = text();
            }
            node.values = {{.first = one, .last = one}};
            return node;
        }
    }

    std::mt19937_64 m_engine;
};

} // namespace modelvault::test
