#include "filter/filter_value.h"

#include <cmath>
#include <concepts>
#include <format>
#include <limits>
#include <type_traits>
#include <utility>

namespace modelvault {
namespace {

template <class T>
concept Whole = std::same_as<T, std::uint64_t> || std::same_as<T, std::int64_t>;
template <class T>
concept Number = Whole<T> || std::same_as<T, double>;

std::partial_ordering compareNumbers(Whole auto one, Whole auto other)
{
    return std::cmp_less(one, other) ? std::partial_ordering::less
        : std::cmp_equal(one, other) ? std::partial_ordering::equivalent
                                     : std::partial_ordering::greater;
}

/// Without rounding: not every whole number has a double of its own.
template <Whole T>
std::partial_ordering compareNumbers(T one, double other)
{
    const double behindLast = std::ldexp(1.0, std::numeric_limits<T>::digits);
    if (std::isnan(other))
        return std::partial_ordering::unordered;
    if (other >= behindLast)
        return std::partial_ordering::less;
    if (other < (std::is_signed_v<T> ? -behindLast : 0.0))
        return std::partial_ordering::greater;
    const double whole = std::trunc(other);
    const auto order = compareNumbers(one, static_cast<T>(whole));
    return order != 0 ? order : whole <=> other;
}

std::partial_ordering compareNumbers(double one, Whole auto other)
{
    return 0 <=> compareNumbers(other, one);
}

std::partial_ordering compareNumbers(double one, double other)
{
    return one <=> other;
}

} // namespace

std::partial_ordering compare(const FilterValue &one, const FilterValue &other)
{
    return std::visit(
        []<class One, class Other>(const One &a, const Other &b) -> std::partial_ordering {
            if constexpr (Number<One> && Number<Other>)
                return compareNumbers(a, b);
            else if constexpr (std::same_as<One, std::string> && std::same_as<Other, std::string>)
                return a <=> b;
            else if constexpr (std::same_as<One, Other>)
                return a == b ? std::partial_ordering::equivalent : std::partial_ordering::unordered;
            else
                return std::partial_ordering::unordered;
        },
        one, other);
}

bool isNumber(const FilterValue &value)
{
    return std::visit([]<class T>(const T &) { return Number<T>; }, value);
}

std::string filterText(const FilterValue &value)
{
    return std::visit(
        []<class T>(const T &it) -> std::string {
            if constexpr (Number<T> || std::same_as<T, bool>)
                return std::format("{}", it);
            else if constexpr (std::same_as<T, std::string>)
                return it;
            else
                return {};
        },
        value);
}

std::optional<FilterValue> filterValueOf(const Value &key)
{
    // As the parser has them: signed only below zero.
    const auto whole = [](std::int64_t it) {
        return it < 0 ? FilterValue(it) : FilterValue(static_cast<std::uint64_t>(it));
    };
    return std::visit(
        [&whole]<class T>(const T &it) -> std::optional<FilterValue> {
            if constexpr (std::same_as<T, std::int64_t>)
                return whole(it);
            else if constexpr (std::same_as<T, Timestamp>)
                return whole(it.microseconds);
            else if constexpr (std::same_as<T, Value::Bytes>)
                return std::string(reinterpret_cast<const char *>(it.data()), it.size());
            else if constexpr (std::same_as<T, UuidBytes>)
                return uuidText(it);
            else if constexpr (std::constructible_from<FilterValue, T>)
                return FilterValue(it);
            else
                return std::nullopt;
        },
        key.data);
}

} // namespace modelvault
