#include "export/value_text.h"

#include "utf8.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <format>
#include <ranges>
#include <type_traits>

namespace modelvault {
namespace {

constexpr std::int64_t kMicroseconds = 1'000'000;
constexpr std::int64_t kSecondsADay = 86'400;

struct Date {
    std::int64_t year;
    unsigned month;
    unsigned day;
};

// The proleptic Gregorian calendar in eras of 400 years that begin with March. std::chrono ends at year 32767.
constexpr std::int64_t kDaysAnEra = 146'097;
constexpr std::int64_t kDaysTo1970 = 719'468; // from 0000-03-01

constexpr Date dateOf(std::int64_t days)
{
    days += kDaysTo1970;
    const auto era = (days >= 0 ? days : days - (kDaysAnEra - 1)) / kDaysAnEra;
    const auto ofEra = days - era * kDaysAnEra;
    const auto yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36'524 - ofEra / 146'096) / 365;
    const auto ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const auto month = (5 * ofYear + 2) / 153; // counted from March
    const auto day = ofYear - (153 * month + 2) / 5 + 1;
    return {.year = yearOfEra + era * 400 + (month >= 10 ? 1 : 0),
            .month = static_cast<unsigned>(month < 10 ? month + 3 : month - 9),
            .day = static_cast<unsigned>(day)};
}

constexpr std::int64_t daysOf(const Date &date)
{
    const auto year = date.month <= 2 ? date.year - 1 : date.year;
    const auto era = (year >= 0 ? year : year - 399) / 400;
    const auto ofEra = year - era * 400;
    const auto month = static_cast<std::int64_t>(date.month > 2 ? date.month - 3 : date.month + 9);
    const auto ofYear = (153 * month + 2) / 5 + static_cast<std::int64_t>(date.day) - 1;
    return era * kDaysAnEra + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - kDaysTo1970;
}

/// Takes numbers and signs off the beginning of a text.
class Scanner {
public:
    explicit Scanner(std::string_view text) : m_left(text) { }

    [[nodiscard]] bool skip(char sign)
    {
        if (!m_left.starts_with(sign))
            return false;
        m_left.remove_prefix(1);
        return true;
    }
    /// Between `least` and `most` digits.
    [[nodiscard]] std::optional<std::int64_t> digits(std::size_t least, std::size_t most)
    {
        const auto count =
            std::min(most, static_cast<std::size_t>(std::ranges::find_if_not(m_left, isDigit) - m_left.begin()));
        if (count < least)
            return std::nullopt;
        std::int64_t number = 0;
        std::from_chars(m_left.data(), m_left.data() + count, number);
        m_left.remove_prefix(count);
        return number;
    }
    [[nodiscard]] std::string_view left() const { return m_left; }

    static bool isDigit(char sign) { return sign >= '0' && sign <= '9'; }

private:
    std::string_view m_left;
};

template <class Number>
std::optional<Number> wholeNumber(std::string_view text)
{
    Number number{};
    const auto *end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    return parsed.ec == std::errc() && parsed.ptr == end ? std::optional(number) : std::nullopt;
}

std::optional<Date> parseDate(Scanner &scanner)
{
    const bool isNegative = scanner.skip('-');
    const bool isLong = isNegative || scanner.skip('+');
    const auto year = scanner.digits(4, isLong ? 6 : 4);
    const auto month = year && scanner.skip('-') ? scanner.digits(2, 2) : std::nullopt;
    const auto day = month && scanner.skip('-') ? scanner.digits(2, 2) : std::nullopt;
    if (!day || *month < 1 || *month > 12 || *day < 1 || *day > 31)
        return std::nullopt;
    const Date date{.year = isNegative ? -*year : *year,
                    .month = static_cast<unsigned>(*month),
                    .day = static_cast<unsigned>(*day)};
    return dateOf(daysOf(date)).day == date.day ? std::optional(date) : std::nullopt; // no 30 February
}

/// Microseconds of the day.
std::optional<std::int64_t> parseTime(Scanner &scanner)
{
    const auto hour = scanner.digits(2, 2);
    const auto minute = hour && scanner.skip(':') ? scanner.digits(2, 2) : std::nullopt;
    const auto second = minute && scanner.skip(':') ? scanner.digits(2, 2) : std::optional<std::int64_t>(0);
    if (!minute || !second || *hour > 23 || *minute > 59 || *second > 59)
        return std::nullopt;
    std::int64_t fraction = 0;
    if (scanner.skip('.')) {
        const auto before = scanner.left().size();
        const auto digits = scanner.digits(1, 6);
        if (!digits)
            return std::nullopt;
        fraction = *digits;
        for (auto count = before - scanner.left().size(); count < 6; ++count)
            fraction *= 10;
    }
    return ((*hour * 60 + *minute) * 60 + *second) * kMicroseconds + fraction;
}

std::uint8_t nibble(char digit)
{
    if (Scanner::isDigit(digit))
        return static_cast<std::uint8_t>(digit - '0');
    const char lower = static_cast<char>(digit | 0x20);
    return lower >= 'a' && lower <= 'f' ? static_cast<std::uint8_t>(lower - 'a' + 10) : 0xFF;
}

/// The beginning of a text, without half a character at its end.
std::string_view shortened(std::string_view text, std::size_t most)
{
    if (text.size() <= most)
        return text;
    const auto cut = text.substr(0, most);
    const auto whole = validUtf8Prefix(cut);
    return most - whole < 4 ? cut.substr(0, whole) : cut;
}

std::string floatText(double number)
{
    if (std::isnan(number))
        return "NaN";
    if (std::isinf(number))
        return number < 0 ? "-Infinity" : "Infinity";
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    std::string text(digits.data(), end);
    return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

class TextMaker {
public:
    explicit TextMaker(std::size_t most) : m_most(most) { }

    void addAlone(const Value &value)
    {
        if (const auto *text = std::get_if<std::string>(&value.data)) {
            m_text += shortened(*text, m_most);
        } else if (const auto *held = std::get_if<OptionalValue>(&value.data)) {
            if (!held->held.empty())
                addAlone(held->held.front());
        } else {
            add(value);
        }
    }

    /// What JSON has no form for stands in quotes there.
    void addNested(const Value &value)
    {
        const auto tag = value.scalarTag();
        const auto *number = std::get_if<double>(&value.data);
        const bool quoted = tag == TypeTag::Bytes || tag == TypeTag::Uuid || tag == TypeTag::Timestamp
            || (number != nullptr && !std::isfinite(*number));
        m_text += quoted ? "\"" : "";
        add(value);
        m_text += quoted ? "\"" : "";
    }

    [[nodiscard]] std::string take() && { return std::move(m_text); }

private:
    /// As it stands within a list or an object.
    void add(const Value &value)
    {
        std::visit([this](const auto &data) { addData(data); }, value.data);
    }

    void addData(bool it) { m_text += it ? "true" : "false"; }
    void addData(std::int64_t it) { m_text += std::to_string(it); }
    void addData(std::uint64_t it) { m_text += std::to_string(it); }
    void addData(double it) { m_text += floatText(it); }
    void addData(const std::string &it) { addQuoted(it); }
    void addData(const Value::Bytes &it)
    {
        m_text += hexDigits(std::span(it).first(std::min(it.size(), room() / 2 + 1)));
    }
    void addData(const UuidBytes &it) { m_text += uuidText(it); }
    void addData(Timestamp it) { m_text += timestampText(it); }
    void addData(const OptionalValue &it)
    {
        if (it.held.empty())
            m_text += "null";
        else
            addNested(it.held.front());
    }
    void addData(const ListValue &it)
    {
        m_text += '[';
        for (std::size_t i = 0; i < it.values.size() && !isFull(); ++i) {
            m_text += i == 0 ? "" : ", ";
            addNested(it.values[i]);
        }
        m_text += ']';
    }
    void addData(const ObjectValue &it)
    {
        m_text += '{';
        for (std::size_t i = 0; i < it.members.size() && !isFull(); ++i) {
            m_text += i == 0 ? "" : ", ";
            addQuoted(it.members[i].name.str());
            m_text += ": ";
            addNested(it.members[i].value);
        }
        m_text += '}';
    }

    void addQuoted(std::string_view text)
    {
        m_text += '"';
        for (const char sign : shortened(text, room())) {
            if (sign == '"' || sign == '\\')
                m_text += '\\';
            if (const auto code = static_cast<unsigned char>(sign); code < 0x20)
                m_text += std::format("\\u{:04x}", code);
            else
                m_text += sign;
        }
        m_text += '"';
    }

    [[nodiscard]] std::size_t room() const { return m_most - std::min(m_most, m_text.size()); }
    [[nodiscard]] bool isFull() const { return m_text.size() >= m_most; }

    const std::size_t m_most;
    std::string m_text;
};

} // namespace

std::string timestampText(Timestamp time)
{
    const auto floorDivide = [](std::int64_t number, std::int64_t by) {
        return number / by - (number % by < 0 ? 1 : 0);
    };
    const auto seconds = floorDivide(time.microseconds, kMicroseconds);
    const auto fraction = (time.microseconds % kMicroseconds + kMicroseconds) % kMicroseconds;
    const auto days = floorDivide(seconds, kSecondsADay);
    const auto ofDay = seconds - days * kSecondsADay;
    const auto date = dateOf(days);
    const bool usual = date.year >= 0 && date.year <= 9999;
    auto text = usual ? std::format("{:04}", date.year) : std::format("{:+07}", date.year);
    text +=
        std::format("-{:02}-{:02}T{:02}:{:02}:{:02}", date.month, date.day, ofDay / 3600, ofDay / 60 % 60, ofDay % 60);
    return text + (fraction == 0 ? "Z" : std::format(".{:06}Z", fraction));
}

std::optional<Timestamp> parseTimestamp(std::string_view text)
{
    if (const auto number = wholeNumber<std::int64_t>(text))
        return Timestamp{*number};
    Scanner scanner(text);
    const auto date = parseDate(scanner);
    if (!date)
        return std::nullopt;
    std::int64_t ofDay = 0;
    if (scanner.skip('T') || scanner.skip(' ')) {
        const auto time = parseTime(scanner);
        if (!time)
            return std::nullopt;
        ofDay = *time;
        if (scanner.left() == "Z")
            (void)scanner.skip('Z');
    }
    if (!scanner.left().empty())
        return std::nullopt;
    // Years of six digits reach beyond what microseconds can count; the first day that they reach into begins before
    // it.
    auto days = daysOf(*date);
    std::int64_t whole = 0;
    if (days < 0) {
        ++days;
        ofDay -= kSecondsADay * kMicroseconds;
    }
    if (__builtin_mul_overflow(days, kSecondsADay * kMicroseconds, &whole)
        || __builtin_add_overflow(whole, ofDay, &whole))
        return std::nullopt;
    return Timestamp{whole};
}

std::optional<UuidBytes> parseUuid(std::string_view text)
{
    std::string digits;
    std::ranges::copy_if(text, std::back_inserter(digits), [](char sign) { return sign != '-'; });
    const auto bytes = parseHexDigits(digits);
    UuidBytes uuid{};
    if (!bytes || bytes->size() != uuid.size())
        return std::nullopt;
    std::ranges::copy(*bytes, uuid.begin());
    return uuid;
}

std::string hexDigits(std::span<const std::byte> bytes)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const auto byte : bytes) {
        text += kDigits[std::to_integer<unsigned>(byte) >> 4];
        text += kDigits[std::to_integer<unsigned>(byte) & 0xF];
    }
    return text;
}

std::optional<Value::Bytes> parseHexDigits(std::string_view text)
{
    if (text.size() % 2 != 0 || !std::ranges::all_of(text, [](char digit) { return nibble(digit) != 0xFF; }))
        return std::nullopt;
    Value::Bytes bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2)
        bytes.push_back(static_cast<std::byte>(nibble(text[i]) << 4 | nibble(text[i + 1])));
    return bytes;
}

std::optional<Value> parseScalar(TypeTag tag, std::string_view text)
{
    const auto value = [](auto parsed) { return parsed.transform([](auto &&it) { return Value{it}; }); };
    switch (tag) {
    case TypeTag::Bool:
        return text == "true" || text == "1" ? std::optional(Value{true})
            : text == "false" || text == "0" ? std::optional(Value{false})
                                             : std::nullopt;
    case TypeTag::Int64:
        return value(wholeNumber<std::int64_t>(text));
    case TypeTag::Uint64:
        return value(wholeNumber<std::uint64_t>(text));
    case TypeTag::Float64:
        return value(wholeNumber<double>(text));
    case TypeTag::String:
    case TypeTag::Enum:
        return Value{std::string(text)};
    case TypeTag::Bytes:
        return value(parseHexDigits(text));
    case TypeTag::Uuid:
        return value(parseUuid(text));
    case TypeTag::Timestamp:
        return value(parseTimestamp(text));
    case TypeTag::Optional:
    case TypeTag::List:
    case TypeTag::Object:
        break;
    }
    return std::nullopt;
}

std::string valueText(const Value &value, std::size_t most)
{
    TextMaker maker(most);
    maker.addAlone(value);
    return std::move(maker).take();
}

std::string jsonText(const Value &value)
{
    TextMaker maker(std::string::npos);
    maker.addNested(value);
    return std::move(maker).take();
}

} // namespace modelvault
