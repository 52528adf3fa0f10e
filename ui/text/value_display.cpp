#include "text/value_display.h"

#include "text/explain_words.h"
#include "text/words.h"

#include <QCoreApplication>
#include <QDateTime>

#include <algorithm>
#include <string_view>

namespace modelvault::ui {
namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("ValueDisplay", text);
}

constexpr std::int64_t kMicro = 1'000'000;

/// "2026-11-24 10:15:00.25 +01:00"; empty outside the years that Qt can write.
QString localTimeText(std::int64_t microseconds)
{
    const std::int64_t fraction = ((microseconds % kMicro) + kMicro) % kMicro;
    const auto time = QDateTime::fromSecsSinceEpoch((microseconds - fraction) / kMicro);
    if (!time.isValid() || time.date().year() < 1 || time.date().year() > 9999)
        return {};
    auto text = time.toString(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
    if (fraction != 0) {
        auto digits = QStringLiteral("%1").arg(fraction, 6, 10, QLatin1Char('0'));
        while (digits.endsWith(QLatin1Char('0')))
            digits.chop(1);
        text += QLatin1Char('.') + digits;
    }
    const int minutes = time.offsetFromUtc() / 60;
    return text
        + QStringLiteral(" %1%2:%3")
              .arg(minutes < 0 ? QLatin1Char('-') : QLatin1Char('+'))
              .arg(std::abs(minutes) / 60, 2, 10, QLatin1Char('0'))
              .arg(std::abs(minutes) % 60, 2, 10, QLatin1Char('0'));
}

/// Empty for what has no such form.
QString textOf(const Value &held, std::size_t most, ValueDisplay display)
{
    switch (display) {
    case ValueDisplay::Usual:
        break;
    case ValueDisplay::Hexadecimal: {
        const auto *number = std::get_if<std::uint64_t>(&held.data);
        const auto *negative = std::get_if<std::int64_t>(&held.data);
        if (number != nullptr || negative != nullptr)
            return QStringLiteral("0x%1").arg(
                static_cast<qulonglong>(number != nullptr ? *number : static_cast<std::uint64_t>(*negative)), 0, 16);
        break;
    }
    case ValueDisplay::Text:
        if (const auto *bytes = std::get_if<Value::Bytes>(&held.data)) {
            const std::string_view text(reinterpret_cast<const char *>(bytes->data()), std::min(bytes->size(), most));
            return text.size() < bytes->size() ? cutValueText(sizeText(bytes->size()), plainText(text))
                                               : plainText(text);
        }
        break;
    case ValueDisplay::LocalTime:
        if (const auto *time = std::get_if<Timestamp>(&held.data))
            return localTimeText(time->microseconds);
        break;
    case ValueDisplay::Microseconds:
        if (const auto *time = std::get_if<Timestamp>(&held.data))
            return QString::number(time->microseconds);
        break;
    }
    return {};
}

} // namespace

std::vector<ValueDisplay> displaysOf(TypeTag type)
{
    switch (type) {
    case TypeTag::Int64:
    case TypeTag::Uint64:
        return {ValueDisplay::Usual, ValueDisplay::Hexadecimal};
    case TypeTag::Bytes:
        return {ValueDisplay::Usual, ValueDisplay::Text};
    case TypeTag::Timestamp:
        return {ValueDisplay::Usual, ValueDisplay::LocalTime, ValueDisplay::Microseconds};
    default:
        return {ValueDisplay::Usual};
    }
}

QString displayText(ValueDisplay display, TypeTag type)
{
    switch (display) {
    case ValueDisplay::Usual:
        return type == TypeTag::Bytes ? tr("Hex") : type == TypeTag::Timestamp ? tr("UTC") : tr("Decimal");
    case ValueDisplay::Hexadecimal:
        return tr("Hexadecimal");
    case ValueDisplay::Text:
        return tr("Text");
    case ValueDisplay::LocalTime:
        return tr("Local Time");
    case ValueDisplay::Microseconds:
        return tr("Microseconds, as Stored");
    }
    return {};
}

QString displayedValue(const Value &value, std::size_t most, ValueDisplay display)
{
    const auto *held = heldValue(value);
    const auto text = held != nullptr ? textOf(*held, most, display) : QString();
    return text.isEmpty() ? shownValue(value, most) : text;
}

} // namespace modelvault::ui
