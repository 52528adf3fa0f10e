#include "text/place_request.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace modelvault::ui {
namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("PlaceRequest", text);
}

bool isGrouping(QChar c)
{
    return c.isSpace() || c == QLatin1Char('_') || c == QLatin1Char('\'') || c == QLatin1Char(',');
}

struct Word {
    const char *text;
    PlaceRequest::Kind kind;
};
// The words are the same in every language, as they are in the manual.
constexpr std::array kWords{Word{"page", PlaceRequest::Kind::Page}, Word{"segment", PlaceRequest::Kind::Segment},
                            Word{"seg", PlaceRequest::Kind::Segment},
                            Word{"transaction", PlaceRequest::Kind::Transaction},
                            Word{"txn", PlaceRequest::Kind::Transaction}};

std::expected<PlaceRequest, QString> request(PlaceRequest::Kind kind, const QString &number)
{
    return parseNumber(number).transform([kind](std::uint64_t value) { return PlaceRequest{kind, value}; });
}

} // namespace

std::expected<std::uint64_t, QString> parseNumber(const QString &text)
{
    QString digits = text.trimmed().toLower();
    const bool marked = digits.startsWith(QLatin1String("0x"));
    if (marked)
        digits.remove(0, 2);
    digits.removeIf(isGrouping);
    if (digits.isEmpty())
        return std::unexpected(tr("A number is missing."));
    const auto isHexDigit = [](QChar c) {
        return (c >= QLatin1Char('0') && c <= QLatin1Char('9')) || (c >= QLatin1Char('a') && c <= QLatin1Char('f'));
    };
    const auto isDecimal = [](QChar c) { return c >= QLatin1Char('0') && c <= QLatin1Char('9'); };
    if (!std::ranges::all_of(digits, isHexDigit))
        return std::unexpected(tr("“%1” is no number.").arg(text.trimmed()));
    bool fits = false;
    const auto number = digits.toULongLong(&fits, marked || !std::ranges::all_of(digits, isDecimal) ? 16 : 10);
    if (!fits)
        return std::unexpected(tr("“%1” is too large.").arg(text.trimmed()));
    return number;
}

std::expected<PlaceRequest, QString> PlaceRequest::parse(const QString &text)
{
    const QString wanted = text.trimmed().toLower();
    if (wanted.isEmpty())
        return std::unexpected(tr("An offset, or: +n, -n, end-n, page n, seg n, txn n."));
    if (wanted.startsWith(QLatin1Char('+')))
        return request(Kind::Forward, wanted.mid(1));
    if (wanted.startsWith(QLatin1Char('-')) || wanted.startsWith(QChar(0x2212)))
        return request(Kind::Backward, wanted.mid(1));
    if (wanted.startsWith(QLatin1String("end"))) {
        const QString rest = wanted.mid(3).trimmed();
        if (rest.isEmpty())
            return PlaceRequest{Kind::BeforeEnd, 0};
        if (!rest.startsWith(QLatin1Char('-')) && !rest.startsWith(QChar(0x2212)))
            return std::unexpected(tr("Behind “end” only a minus makes sense."));
        return request(Kind::BeforeEnd, rest.mid(1));
    }
    for (const auto &word : kWords) {
        if (wanted.startsWith(QLatin1String(word.text)))
            return request(word.kind, wanted.mid(static_cast<qsizetype>(std::char_traits<char>::length(word.text))));
    }
    return request(Kind::Offset, wanted);
}

} // namespace modelvault::ui
