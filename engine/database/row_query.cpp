#include "database/row_query.h"

#include "export/value_text.h"
#include "out_of_memory.h"

#include <re2/re2.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <compare>
#include <map>
#include <numeric>

namespace modelvault {
namespace {

constexpr std::size_t kBatch = 4096;
constexpr auto kLongestWait = std::chrono::milliseconds(50);
// The clock is asked after so many rows, and after each long one.
constexpr std::uint64_t kRowsATime = 16;
constexpr std::size_t kLongRow = 4096;
constexpr std::int64_t kMostRegexMemory = 16 << 20;

/// NaN is more than all other floats, so that there is an order. Values of other types, which an older schema may have
/// had, are neither less nor more, nor the same.
std::partial_ordering compare(const Value &a, const Value &b)
{
    const auto *x = std::get_if<double>(&a.data);
    const auto *y = std::get_if<double>(&b.data);
    if (x != nullptr && y != nullptr) {
        if (std::isnan(*x) || std::isnan(*y))
            return std::isnan(*x) <=> std::isnan(*y);
        return *x <=> *y;
    }
    return std::visit(
        [](const auto &left, const auto &right) -> std::partial_ordering {
            using Left = std::remove_cvref_t<decltype(left)>;
            if constexpr (std::is_same_v<Left, std::remove_cvref_t<decltype(right)>> && std::three_way_comparable<Left>)
                return left <=> right;
            else
                return std::partial_ordering::unordered;
        },
        a.data, b.data);
}

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(' ');
    return first == std::string_view::npos ? std::string_view()
                                           : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// Where a field of the current schema stands in the schema versions that records were written with.
class FieldPlaces {
public:
    explicit FieldPlaces(const FieldPath &path) : m_path(path) { }

    /// None if that version does not have it.
    [[nodiscard]] std::optional<std::size_t> in(const RecordDecoder &decoder)
    {
        if (m_last == &decoder)
            return m_place;
        const auto fields = decoder.layout().fields;
        const auto found = std::ranges::find(fields, m_path, &FieldDefinition::path);
        m_last = &decoder;
        m_place =
            found != fields.end() ? std::optional(static_cast<std::size_t>(found - fields.begin())) : std::nullopt;
        return m_place;
    }

    /// None also for what the row does not have.
    [[nodiscard]] Result<std::optional<Value>> valueOf(const RowPayload &row)
    {
        const auto place = in(row.decoder);
        return place ? row.decoder.value(row.bytes, row.at, *place) : std::optional<Value>();
    }

private:
    FieldPath m_path;
    const RecordDecoder *m_last = nullptr;
    std::optional<std::size_t> m_place;
};

} // namespace

std::optional<RowCondition> parseCondition(std::size_t field, std::string_view typed)
{
    using Test = RowCondition::Test;
    static constexpr std::array<std::pair<std::string_view, Test>, 8> kSigns{{{"!=", Test::NotEqual},
                                                                              {"≠", Test::NotEqual},
                                                                              {"<=", Test::LessOrEqual},
                                                                              {">=", Test::GreaterOrEqual},
                                                                              {"=", Test::Equal},
                                                                              {"<", Test::Less},
                                                                              {">", Test::Greater},
                                                                              {"~", Test::Matches}}};
    typed = trimmed(typed);
    if (typed.empty())
        return std::nullopt;
    if (typed == "is none")
        return RowCondition{.field = field, .test = Test::IsNone, .operand = {}};
    for (const auto &[sign, test] : kSigns) {
        if (typed.starts_with(sign))
            return RowCondition{
                .field = field, .test = test, .operand = std::string(trimmed(typed.substr(sign.size())))};
    }
    return RowCondition{.field = field, .test = Test::Contains, .operand = std::string(typed)};
}

class RowFilter::Condition {
public:
    static std::expected<Condition, RowConditionFault> make(const SchemaVersion &schema, const RowCondition &condition)
    {
        using Test = RowCondition::Test;
        const auto &definition = schema.fields[condition.field];
        const auto tag = heldType(definition.type).tag;
        Condition made(definition.path, condition.test);
        switch (condition.test) {
        case Test::IsNone:
            return made;
        case Test::Matches:
        case Test::Contains: {
            RE2::Options options(RE2::Quiet);
            options.set_max_mem(kMostRegexMemory);
            options.set_case_sensitive(condition.test == Test::Matches);
            options.set_literal(condition.test == Test::Contains);
            made.m_regex = std::make_unique<RE2>(condition.operand, options);
            if (!made.m_regex->ok())
                return std::unexpected(RowConditionFault{
                    .kind = RowConditionFault::Kind::BadRegex, .type = tag, .message = made.m_regex->error()});
            return made;
        }
        default:
            break;
        }
        if (tag == TypeTag::List || tag == TypeTag::Object) {
            if (condition.test != Test::Equal && condition.test != Test::NotEqual)
                return std::unexpected(
                    RowConditionFault{.kind = RowConditionFault::Kind::NoOrder, .type = tag, .message = {}});
            made.m_text = condition.operand;
            return made;
        }
        made.m_operand = parseScalar(tag, condition.operand);
        if (!made.m_operand)
            return std::unexpected(
                RowConditionFault{.kind = RowConditionFault::Kind::WrongOperand, .type = tag, .message = {}});
        return made;
    }

    Result<bool> matches(const RowPayload &row)
    {
        using Test = RowCondition::Test;
        const auto found = m_places.valueOf(row);
        if (!found)
            return std::unexpected(found.error());
        const auto *value = *found ? heldValue(**found) : nullptr;
        if (m_test == Test::IsNone)
            return value == nullptr;
        if (value == nullptr)
            return m_test == Test::NotEqual;
        if (m_regex != nullptr) {
            if (const auto *text = std::get_if<std::string>(&value->data))
                return RE2::PartialMatch(*text, *m_regex);
            return RE2::PartialMatch(valueText(*value), *m_regex);
        }
        if (m_text)
            return (valueText(*value) == *m_text) == (m_test == Test::Equal);
        const auto order = compare(*value, *m_operand);
        switch (m_test) {
        case Test::Equal:
            return order == 0;
        case Test::NotEqual:
            return order != 0;
        case Test::Less:
            return order < 0;
        case Test::LessOrEqual:
            return order <= 0;
        case Test::Greater:
            return order > 0;
        default:
            return order >= 0;
        }
    }

private:
    Condition(const FieldPath &path, RowCondition::Test test) : m_places(path), m_test(test) { }

    FieldPlaces m_places;
    RowCondition::Test m_test;
    std::optional<Value> m_operand;
    std::optional<std::string> m_text; // of a list or an object
    std::unique_ptr<RE2> m_regex;
};

RowFilter::RowFilter() = default;
RowFilter::RowFilter(RowFilter &&) noexcept = default;
RowFilter &RowFilter::operator=(RowFilter &&) noexcept = default;
RowFilter::~RowFilter() = default;

std::expected<RowFilter, RowConditionFault> RowFilter::make(const SchemaVersion &schema,
                                                            std::vector<RowCondition> conditions)
{
    RowFilter filter;
    for (const auto &condition : conditions) {
        auto made = Condition::make(schema, condition);
        if (!made)
            return std::unexpected(made.error());
        filter.m_conditions.push_back(std::move(*made));
    }
    return filter;
}

Result<bool> RowFilter::matches(const RowPayload &row)
{
    for (auto &condition : m_conditions) {
        const auto matched = condition.matches(row);
        if (!matched || !*matched)
            return matched;
    }
    return true;
}

Result<void> filterRows(RowReader &reader, const RecordSet &rows, RowFilter &filter, const RowsFound &found,
                        const Progress &progress)
try {
    using Clock = std::chrono::steady_clock;
    std::vector<RecordNo> batch;
    std::optional<Error> failed;
    bool goesOn = true;
    auto toldLast = Clock::now() - kLongestWait;
    std::uint64_t visited = 0;
    const auto tell = [&] {
        goesOn = batch.empty() || found(batch);
        batch.clear();
        toldLast = Clock::now();
    };
    const auto visit = [&](const RowPayload &row) {
        const auto matched = filter.matches(row);
        if (!matched) {
            failed = matched.error();
            return false;
        }
        if (*matched)
            batch.push_back(row.no);
        const bool isFirst = *matched && batch.size() == 1;
        const bool asksClock = ++visited % kRowsATime == 0 || row.bytes.size() >= kLongRow || isFirst;
        if (batch.size() == kBatch || (!batch.empty() && asksClock && Clock::now() - toldLast >= kLongestWait))
            tell();
        return goesOn;
    };
    const auto scanned = reader.scan(rows, visit, progress);
    if (goesOn)
        tell();
    if (failed)
        return std::unexpected(*failed);
    return goesOn ? scanned : failure(ErrorCode::Cancelled);
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

namespace {

/// What rows are sorted by: the value itself where 64 bits hold it, else its first eight bytes and then the text.
struct SortKey {
    std::uint64_t first = 0;
    std::uint32_t row = 0; // in the order of the log
    bool isNone = false;
};

std::uint64_t ordered(std::int64_t number)
{
    return static_cast<std::uint64_t>(number) ^ std::uint64_t{1} << 63;
}

std::uint64_t ordered(double number)
{
    if (std::isnan(number))
        return ~std::uint64_t{0};
    const auto bits = std::bit_cast<std::uint64_t>(number == 0 ? 0.0 : number);
    return bits >> 63 != 0 ? ~bits : bits | std::uint64_t{1} << 63;
}

std::uint64_t firstEight(std::string_view text)
{
    std::uint64_t first = 0;
    for (std::size_t i = 0; i < 8; ++i)
        first = first << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0U);
    return first;
}

std::string_view textOf(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

/// Texts, one behind the other.
class TextPool {
public:
    void add(std::string_view text)
    {
        m_text += text;
        m_ends.push_back(m_text.size());
    }
    [[nodiscard]] std::string_view operator[](std::size_t i) const
    {
        const auto begin = i == 0 ? 0 : m_ends[i - 1];
        return std::string_view(m_text).substr(begin, m_ends[i] - begin);
    }

private:
    std::string m_text;
    std::vector<std::size_t> m_ends;
};

class RowSorter {
public:
    RowSorter(const SchemaVersion &schema, std::size_t field)
        : m_places(schema.fields[field].path),
          m_tag(heldType(schema.fields[field].type).tag),
          m_hasTexts(m_tag == TypeTag::String || m_tag == TypeTag::Enum || m_tag == TypeTag::Bytes
                     || m_tag == TypeTag::Uuid || m_tag == TypeTag::List || m_tag == TypeTag::Object)
    { }

    Result<void> add(const RowPayload &row)
    {
        const auto found = m_places.valueOf(row);
        if (!found)
            return std::unexpected(found.error());
        SortKey key{.row = static_cast<std::uint32_t>(m_rows.size())};
        const auto *value = *found ? heldValue(**found) : nullptr;
        key.isNone = value == nullptr;
        if (m_hasTexts)
            m_texts.add(value != nullptr ? textKey(*value, key) : std::string_view());
        else if (value != nullptr)
            key.first = numberKey(*value);
        m_keys.push_back(key);
        m_rows.push_back(row.no);
        return {};
    }

    std::vector<RecordNo> sorted(RowOrder order)
    {
        const auto rising = [this](const SortKey &a, const SortKey &b) {
            return a.first != b.first ? a.first < b.first : m_hasTexts && m_texts[a.row] < m_texts[b.row];
        };
        const auto nones = std::ranges::stable_partition(m_keys, [](const SortKey &key) { return !key.isNone; });
        const auto values = std::ranges::subrange(m_keys.begin(), nones.begin());
        if (order == RowOrder::Rising)
            std::ranges::stable_sort(values, rising);
        else
            std::ranges::stable_sort(values, [&](const SortKey &a, const SortKey &b) { return rising(b, a); });
        std::vector<RecordNo> rows;
        rows.reserve(m_keys.size());
        for (const auto &key : m_keys)
            rows.push_back(m_rows[key.row]);
        return rows;
    }

private:
    std::string_view textKey(const Value &value, SortKey &key)
    {
        std::string_view text;
        if (const auto *string = std::get_if<std::string>(&value.data))
            text = *string;
        else if (const auto *bytes = std::get_if<Value::Bytes>(&value.data))
            text = textOf(*bytes);
        else if (const auto *uuid = std::get_if<UuidBytes>(&value.data))
            text = textOf(*uuid);
        else
            text = m_scratch = valueText(value, kMostCompared);
        text = text.substr(0, kMostCompared);
        key.first = firstEight(text);
        return text;
    }

    static std::uint64_t numberKey(const Value &value)
    {
        if (const auto *number = std::get_if<std::int64_t>(&value.data))
            return ordered(*number);
        if (const auto *number = std::get_if<std::uint64_t>(&value.data))
            return *number;
        if (const auto *number = std::get_if<double>(&value.data))
            return ordered(*number);
        if (const auto *time = std::get_if<Timestamp>(&value.data))
            return ordered(time->microseconds);
        if (const auto *truth = std::get_if<bool>(&value.data))
            return *truth ? 1 : 0;
        return 0;
    }

    // Of a text; all of those of a column are held.
    static constexpr std::size_t kMostCompared = 4096;

    FieldPlaces m_places;
    const TypeTag m_tag;
    const bool m_hasTexts;
    std::vector<SortKey> m_keys;
    std::vector<RecordNo> m_rows;
    TextPool m_texts;
    std::string m_scratch;
};

} // namespace

Result<std::vector<RecordNo>> sortRows(RowReader &reader, const RecordSet &rows, const SchemaVersion &schema,
                                       std::size_t field, RowOrder order,
                                       std::optional<std::span<const RecordNo>> among, const Progress &progress)
try {
    RowSorter sorter(schema, field);
    std::optional<Error> failed;
    std::size_t next = 0;
    const auto scanned = reader.scan(
        rows,
        [&](const RowPayload &row) {
            if (among) {
                if (next == among->size())
                    return false;
                if ((*among)[next] != row.no)
                    return true;
                ++next;
            }
            if (const auto added = sorter.add(row); !added)
                failed = added.error();
            return !failed;
        },
        progress);
    if (failed || !scanned)
        return std::unexpected(failed ? *failed : scanned.error());
    return sorter.sorted(order);
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

} // namespace modelvault
