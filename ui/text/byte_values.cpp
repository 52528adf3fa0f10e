#include "text/byte_values.h"

#include "text/words.h"
#include "utf8.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <chrono>
#include <cmath>
#include <concepts>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace modelvault::ui {
namespace {

using Bytes = std::span<const std::byte>;
using Value = std::expected<QString, QString>;

QString tr(const char *text)
{
    return QCoreApplication::translate("ByteValues", text);
}

std::unexpected<QString> tooFew(Bytes bytes)
{
    if (bytes.empty())
        return std::unexpected(tr("no bytes are left"));
    return std::unexpected(bytes.size() == 1 ? tr("only 1 byte is left")
                                             : tr("only %1 bytes are left").arg(bytes.size()));
}

template <std::unsigned_integral Number>
std::optional<Number> numberOf(Bytes bytes, ByteOrder order)
{
    if (bytes.size() < sizeof(Number))
        return std::nullopt;
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < sizeof(Number); ++i)
        number =
            number << 8U | std::to_integer<std::uint8_t>(bytes[order == ByteOrder::Big ? i : sizeof(Number) - 1 - i]);
    return static_cast<Number>(number);
}

QString bits(std::byte byte)
{
    return QStringLiteral("%1").arg(std::to_integer<unsigned>(byte), 8, 2, QLatin1Char('0'));
}

template <std::integral Integer>
Value integer(Bytes bytes, ByteOrder order)
{
    const auto number = numberOf<std::make_unsigned_t<Integer>>(bytes, order);
    if (!number)
        return tooFew(bytes);
    // As wide as it gets: QString::number() takes 8 bits for a character.
    using Wide = std::conditional_t<std::is_signed_v<Integer>, qint64, quint64>;
    return QString::number(static_cast<Wide>(static_cast<Integer>(*number)));
}

/// The fewest digits that lead back to the same number.
template <std::floating_point Float>
QString floatText(Float number, std::uint64_t raw)
{
    if (std::isnan(number))
        return tr("NaN, %1").arg(hexText(raw));
    if (std::isinf(number))
        return std::signbit(number) ? tr("-infinity") : tr("infinity");
    std::array<char, 64> text{};
    const auto end = std::to_chars(text.begin(), text.end(), number).ptr;
    return QString::fromLatin1(text.data(), end - text.data());
}

template <std::floating_point Float, std::unsigned_integral Raw>
Value floating(Bytes bytes, ByteOrder order)
{
    static_assert(sizeof(Float) == sizeof(Raw) && std::numeric_limits<Float>::is_iec559);
    const auto raw = numberOf<Raw>(bytes, order);
    if (!raw)
        return tooFew(bytes);
    const auto number = std::bit_cast<Float>(*raw);
    const auto text = floatText(number, *raw);
    return std::fpclassify(number) == FP_SUBNORMAL ? tr("%1 (subnormal)").arg(text) : text;
}

/// IEEE 754 binary16; each is a float, too.
Value half(Bytes bytes, ByteOrder order)
{
    constexpr int kFractionBits = 10;
    constexpr unsigned kMostExponent = 31;
    constexpr int kBias = 15;
    const auto raw = numberOf<std::uint16_t>(bytes, order);
    if (!raw)
        return tooFew(bytes);
    const unsigned fraction = *raw & 0x3ffU;
    const unsigned exponent = *raw >> 10U & kMostExponent;
    float number = 0;
    if (exponent == kMostExponent)
        number = fraction == 0 ? std::numeric_limits<float>::infinity() : std::numeric_limits<float>::quiet_NaN();
    else if (exponent == 0)
        number = std::ldexp(static_cast<float>(fraction), 1 - kBias - kFractionBits);
    else
        number = std::ldexp(static_cast<float>(fraction | 0x400U), static_cast<int>(exponent) - kBias - kFractionBits);
    const auto text = floatText(*raw >> 15U != 0 ? -number : number, *raw);
    return exponent == 0 && fraction != 0 ? tr("%1 (subnormal)").arg(text) : text;
}

/// Time since 1970 in UTC, with as many digits as the unit has.
template <class Unit>
Value timestamp(Bytes bytes, ByteOrder order)
{
    using namespace std::chrono;
    // What ISO 8601 can write without an agreement on more digits.
    constexpr sys_seconds kFirst = sys_days(January / 1 / 0);
    constexpr sys_seconds kEnd = sys_days(January / 1 / 10'000);
    const auto raw = numberOf<std::uint64_t>(bytes, order);
    if (!raw)
        return tooFew(bytes);
    const Unit sinceEpoch(static_cast<std::int64_t>(*raw));
    const sys_seconds second(floor<seconds>(sinceEpoch));
    if (second < kFirst || second >= kEnd)
        return std::unexpected(tr("not in the years 0000 to 9999"));

    const auto day = floor<days>(second);
    const year_month_day date(day);
    const hh_mm_ss time(second - day);
    auto text = QStringLiteral("%1-%2-%3T%4:%5:%6")
                    .arg(static_cast<int>(date.year()), 4, 10, QLatin1Char('0'))
                    .arg(static_cast<unsigned>(date.month()), 2, 10, QLatin1Char('0'))
                    .arg(static_cast<unsigned>(date.day()), 2, 10, QLatin1Char('0'))
                    .arg(time.hours().count(), 2, 10, QLatin1Char('0'))
                    .arg(time.minutes().count(), 2, 10, QLatin1Char('0'))
                    .arg(time.seconds().count(), 2, 10, QLatin1Char('0'));
    if constexpr (constexpr int kDigits = hh_mm_ss<Unit>::fractional_width; kDigits > 0) {
        const auto fraction = sinceEpoch - duration_cast<Unit>(second.time_since_epoch());
        text += QStringLiteral(".%1").arg(fraction.count(), kDigits, 10, QLatin1Char('0'));
    }
    return text + QLatin1Char('Z');
}

Value uuid(Bytes bytes)
{
    constexpr std::size_t kSize = 16;
    if (bytes.size() < kSize)
        return tooFew(bytes);
    QString text;
    for (std::size_t i = 0; i < kSize; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            text += QLatin1Char('-');
        text += QStringLiteral("%1").arg(std::to_integer<unsigned>(bytes[i]), 2, 16, QLatin1Char('0'));
    }
    return text;
}

/// Whether more bytes could make a character of these.
bool isBeginOfCharacter(std::string_view text)
{
    // Where not every continuation byte may follow, the lowest or the highest one may.
    for (const char continuation : {'\x80', '\xbf'}) {
        std::string longer(text);
        while (longer.size() < 4) {
            longer += continuation;
            if (const auto character = firstUtf8Character(longer); character && character->size > text.size())
                return true;
        }
    }
    return false;
}

Value utf8(Bytes bytes)
{
    if (bytes.empty())
        return tooFew(bytes);
    const std::string_view text(reinterpret_cast<const char *>(bytes.data()), std::min<std::size_t>(bytes.size(), 4));
    const auto character = firstUtf8Character(text);
    if (!character)
        return isBeginOfCharacter(text) ? Value(tooFew(bytes)) : std::unexpected(tr("no UTF-8 character"));
    return QStringLiteral("“%1” U+%2")
        .arg(plainText(text.substr(0, character->size)))
        .arg(static_cast<unsigned>(character->code), 4, 16, QLatin1Char('0'));
}

struct Leb128 {
    std::uint64_t number = 0; ///< sign extended
    std::size_t size = 0;     ///< in bytes
};

/// Of 64 bits. As DWARF, WebAssembly and protocol buffers write them: seven bits a byte, the lowest first.
std::expected<Leb128, QString> leb128(Bytes bytes, bool isSigned)
{
    constexpr std::size_t kMost = 10;
    Leb128 read;
    for (const auto byte : bytes) {
        const auto low = std::to_integer<std::uint64_t>(byte & std::byte{0x7f});
        const bool goesOn = (byte & std::byte{0x80}) != std::byte{0};
        const bool isLast = read.size + 1 == kMost;
        // The tenth holds the 64th bit and, if there is one, its sign.
        const bool fits = !isLast || low == 0 || low == (isSigned ? 0x7f : 1);
        if (isLast && (goesOn || !fits))
            return std::unexpected(tr("more than 64 bits"));
        read.number |= low << 7 * read.size;
        ++read.size;
        if (goesOn)
            continue;
        if (isSigned && (low & 0x40U) != 0 && read.size < kMost)
            read.number |= ~std::uint64_t{0} << 7 * read.size;
        return read;
    }
    return tooFew(bytes);
}

QString leb128Text(const QString &number, std::size_t size)
{
    return size == 1 ? tr("%1 (1 byte)").arg(number) : tr("%1 (%2 bytes)").arg(number).arg(size);
}

Value unsignedLeb128(Bytes bytes)
{
    return leb128(bytes, false).transform([](const Leb128 &read) {
        return leb128Text(QString::number(read.number), read.size);
    });
}

Value signedLeb128(Bytes bytes)
{
    return leb128(bytes, true).transform([](const Leb128 &read) {
        return leb128Text(QString::number(static_cast<std::int64_t>(read.number)), read.size);
    });
}

} // namespace

std::vector<ByteValue> byteValues(std::span<const std::byte> bytes, ByteOrder order)
{
    using namespace std::chrono;
    return {
        {tr("binary"), bytes.empty() ? Value(tooFew(bytes)) : bits(bytes.front())},
        {tr("int8"), integer<std::int8_t>(bytes, order)},
        {tr("uint8"), integer<std::uint8_t>(bytes, order)},
        {tr("int16"), integer<std::int16_t>(bytes, order)},
        {tr("uint16"), integer<std::uint16_t>(bytes, order)},
        {tr("int32"), integer<std::int32_t>(bytes, order)},
        {tr("uint32"), integer<std::uint32_t>(bytes, order)},
        {tr("int64"), integer<std::int64_t>(bytes, order)},
        {tr("uint64"), integer<std::uint64_t>(bytes, order)},
        {tr("float16"), half(bytes, order)},
        {tr("float32"), floating<float, std::uint32_t>(bytes, order)},
        {tr("float64"), floating<double, std::uint64_t>(bytes, order)},
        {tr("time µs"), timestamp<microseconds>(bytes, order)},
        {tr("time ms"), timestamp<milliseconds>(bytes, order)},
        {tr("time s"), timestamp<seconds>(bytes, order)},
        {tr("UUID"), uuid(bytes)},
        {tr("UTF-8"), utf8(bytes)},
        {tr("ULEB128"), unsignedLeb128(bytes)},
        {tr("SLEB128"), signedLeb128(bytes)},
    };
}

} // namespace modelvault::ui
