#include "text/filter_words.h"

#include <QCoreApplication>

namespace modelvault::ui {
namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("FilterWords", text);
}

} // namespace

QString filterErrorText(const FilterError &error)
{
    using Code = FilterError::Code;
    const auto name = filterFieldName(error.field); // a word of the language, which is not translated
    const auto field = QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()));
    switch (error.code) {
    case Code::UnexpectedCharacter:
        return tr("A character that means nothing here");
    case Code::UnterminatedText:
        return tr("This text has no closing quote");
    case Code::BadEscape:
        return tr("Only \\\" \\\\ \\n \\r \\t \\xff and \\u{202e} may follow a backslash");
    case Code::BadNumber:
        return tr("This is no number");
    case Code::NumberTooLarge:
        return tr("This number is too large");
    case Code::FieldExpected:
        return tr("A field has to stand here, such as type, key or collection");
    case Code::UnknownField:
        return tr("There is no such field");
    case Code::ComparisonExpected:
        return tr("A comparison has to stand here, such as == or in");
    case Code::AndOrExpected:
        return tr("“and” or “or” is missing here");
    case Code::ValueExpected:
        return tr("A value to compare the %1 with is missing").arg(field);
    case Code::WholeNumberExpected:
        return tr("The %1 is a whole number").arg(field);
    case Code::TextExpected:
        return tr("Only text can be contained");
    case Code::TextOrIdExpected:
        return tr("A collection is a name or an id");
    case Code::UnknownType:
        return tr("There is no such type of segment");
    case Code::UnknownOperation:
        return tr("An operation is insert, replace, delete or a number up to 255");
    case Code::UnknownCrc:
        return tr("The crc is good, bad or a number");
    case Code::NoOrder:
        return tr("The %1 has no order here: use ==, != or in").arg(field);
    case Code::NotText:
        return tr("The %1 is no text that could contain another").arg(field);
    case Code::RangeOfTwoKinds:
        return tr("Both ends of a range have to be numbers, or text");
    case Code::RangeBackwards:
        return tr("This range ends before it begins");
    case Code::CommaOrBraceExpected:
        return tr("A comma or } is missing here");
    case Code::ParenthesisExpected:
        return tr("A ) is missing");
    case Code::ParenthesisUnexpected:
        return tr("This ) closes nothing");
    case Code::TooDeep:
        return tr("Parentheses and “not” are nested more than %1 times").arg(Filter::kMostNested);
    case Code::TooLong:
        return tr("A filter has at most %1 bytes").arg(Filter::kMostBytes);
    }
    return {};
}

} // namespace modelvault::ui
