#include "text/find_request.h"

#include "text/words.h"

#include <QCoreApplication>

#include <array>
#include <string>

namespace modelvault::ui {
namespace {

constexpr std::array kNumberTypes = {
    NumberType{"int8", 1, true, false},    NumberType{"uint8", 1, false, false},  NumberType{"int16", 2, true, false},
    NumberType{"uint16", 2, false, false}, NumberType{"int24", 3, true, false},   NumberType{"uint24", 3, false, false},
    NumberType{"int32", 4, true, false},   NumberType{"uint32", 4, false, false}, NumberType{"int40", 5, true, false},
    NumberType{"uint40", 5, false, false}, NumberType{"int48", 6, true, false},   NumberType{"uint48", 6, false, false},
    NumberType{"int56", 7, true, false},   NumberType{"uint56", 7, false, false}, NumberType{"int64", 8, true, false},
    NumberType{"uint64", 8, false, false}, NumberType{"float16", 2, true, true},  NumberType{"float32", 4, true, true},
    NumberType{"float64", 8, true, true}};

QString tr(const char *text)
{
    return QCoreApplication::translate("FindRequest", text);
}

QString rangeText(const NumberType &type)
{
    if (type.isReal)
        return tr("beyond the largest number of %1").arg(QLatin1String(type.name));
    const std::uint64_t most = ~std::uint64_t{0} >> (64 - 8 * type.bytes) >> (type.isSigned ? 1 : 0);
    const auto least = type.isSigned ? QStringLiteral("−") + groupedText(most + 1) : QStringLiteral("0");
    return tr("%1 takes %2 to %3").arg(QLatin1String(type.name), least, groupedText(most));
}

} // namespace

std::span<const NumberType> numberTypes()
{
    return kNumberTypes;
}

SearchPattern::Made FindRequest::compile() const
{
    const std::string bytes = typed.toStdString();
    const auto &type = kNumberTypes[numberType];
    switch (kind) {
    case Kind::Text:
        return SearchPattern::text(bytes, {.encoding = encoding, .matchCase = matchCase});
    case Kind::Hex:
        return SearchPattern::hex(bytes);
    case Kind::Number:
        return type.isReal
            ? SearchPattern::real(bytes, {.bytes = type.bytes, .order = order})
            : SearchPattern::integer(bytes, {.bytes = type.bytes, .isSigned = type.isSigned, .order = order});
    case Kind::Regex:
        break;
    }
    return SearchPattern::regex(bytes, {.matchCase = matchCase, .acrossLines = acrossLines});
}

QString FindRequest::errorText(const PatternError &error) const
{
    // Places are of bytes; people count characters.
    const auto place = groupedText(static_cast<std::uint64_t>(
        QString::fromUtf8(typed.toUtf8().first(static_cast<qsizetype>(error.at))).toUcs4().size() + 1));
    switch (error.fault) {
    case PatternFault::Empty:
        return tr("There is nothing to look for");
    case PatternFault::TooLong:
        return tr("This is too long");
    case PatternFault::NotUtf8:
        return tr("Character %1 can't be encoded").arg(place);
    case PatternFault::NotHex:
        return tr("Character %1 is neither a hexadecimal digit nor ?").arg(place);
    case PatternFault::HalfByte:
        return tr("At character %1 there is only half a byte").arg(place);
    case PatternFault::OnlyWildcards:
        return tr("This would be found everywhere");
    case PatternFault::NotANumber:
        return tr("This is no number");
    case PatternFault::DoesNotFit:
        return tr("This does not fit: %1").arg(rangeText(kNumberTypes[numberType]));
    case PatternFault::NamesLineFeed:
        return tr("No line has a line feed in it: look across lines for it");
    case PatternFault::TooComplex:
        return tr("This expression would take too much memory or time");
    case PatternFault::BadRegex:
        break;
    }
    return plainText(error.detail);
}

} // namespace modelvault::ui
