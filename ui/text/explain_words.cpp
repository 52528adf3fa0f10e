#include "text/explain_words.h"

#include "explain/decoded_json.h"
#include "export/value_text.h"
#include "text/byte_formats.h"
#include "text/words.h"
#include "utf8.h"

#include <nlohmann/json.hpp>

#include <QCoreApplication>
#include <QDateTime>
#include <QStringList>
#include <QTimeZone>
#include <QUuid>

#include <algorithm>
#include <array>
#include <string_view>

namespace modelvault::ui {
namespace {

constexpr std::size_t kMostQuoted = 60;

QString tr(const char *text)
{
    return QCoreApplication::translate("ExplainWords", text);
}

/// Of the engine's own names, which are ASCII.
QString nameText(std::string_view name)
{
    return QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()));
}

QString quotedText(std::string_view text)
{
    if (text.size() <= kMostQuoted)
        return QLatin1Char('"') + plainText(text) + QLatin1Char('"');
    // Not within a character, where it is text at all.
    return QLatin1Char('"') + plainText(text.substr(0, validUtf8Prefix(text.substr(0, kMostQuoted))))
        + QStringLiteral("\"…");
}

QString bytesText(std::uint64_t count)
{
    return count == 1 ? tr("1 byte") : tr("%1 bytes").arg(groupedText(count));
}

/// The first of them in hex, with their number where there are more.
QString bytesText(const FirstBytes &value)
{
    constexpr std::size_t kMostShown = 16;
    const auto shown = std::span(value.bytes).first(std::min(value.bytes.size(), kMostShown));
    const auto text = formatBytes(ByteFormat::Hex, shown, {});
    return value.length > kMostShown ? tr("%1 … (%2)").arg(text, bytesText(value.length)) : text;
}

QString crcText(std::uint64_t crc)
{
    return QStringLiteral("%1").arg(crc, 8, 16, QLatin1Char('0'));
}

QString uuidText(const UuidBytes &uuid)
{
    return QUuid::fromRfc4122(QByteArrayView(uuid.data(), static_cast<qsizetype>(uuid.size())))
        .toString(QUuid::WithoutBraces);
}

QString timeText(std::int64_t microseconds)
{
    constexpr std::int64_t kInSecond = 1'000'000;
    // Down, also before 1970.
    auto seconds = microseconds / kInSecond;
    auto rest = microseconds % kInSecond;
    if (rest < 0) {
        --seconds;
        rest += kInSecond;
    }
    const auto time = QDateTime::fromSecsSinceEpoch(seconds, QTimeZone::utc());
    constexpr int kLastShortYear = 9999;
    if (!time.isValid() || time.date().year() < 1 || time.date().year() > kLastShortYear)
        return tr("%1 µs since 1970").arg(microseconds);
    return QStringLiteral("%1.%2 UTC")
        .arg(time.toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")))
        .arg(rest, 6, 10, QLatin1Char('0'));
}

QString floatText(double value)
{
    return QString::number(value, 'g', QLocale::FloatingPointShortest);
}

QString boolText(bool value)
{
    return value ? QStringLiteral("true") : QStringLiteral("false");
}

QString whatText(std::monostate)
{
    return {};
}

QString whatText(const RecordSummary &record)
{
    return QStringList{collectionText(record.collection, record.collectionId), keyText(record.key),
                       operationText(record.operation)}
        .join(QLatin1Char(' '));
}

QString whatText(const IndexSummaries &all)
{
    QStringList parts;
    std::uint64_t told = 0;
    for (const auto &index : all.indexes) {
        auto part = plainText(index.index);
        if (index.inserted > 0)
            part += QStringLiteral(" + ") + groupedText(index.inserted);
        if (index.deleted > 0)
            part += QStringLiteral(" − ") + groupedText(index.deleted);
        parts += part;
        told += index.inserted + index.deleted;
    }
    if (told < all.entries)
        parts += QStringLiteral("…");
    return parts.join(QStringLiteral(", "));
}

QString whatText(const SchemaSummary &schema)
{
    const auto fields = schema.fields == 1 ? tr("1 field") : tr("%1 fields").arg(groupedText(schema.fields));
    return tr("%1 version %2, %3")
        .arg(collectionText(schema.collection, schema.collectionId), QString::number(schema.schemaVersion), fields);
}

QString whatText(MarkerSummary marker)
{
    return tr("id %1").arg(marker.transactionId);
}

QString whatText(const CheckpointSummary &checkpoint)
{
    return tr("%1, %2, then the log from %3")
        .arg(checkpoint.catalogEntries == 1 ? tr("1 schema")
                                            : tr("%1 schemas").arg(groupedText(checkpoint.catalogEntries)),
             checkpoint.records == 1 ? tr("1 record") : tr("%1 records").arg(groupedText(checkpoint.records)),
             offsetText(checkpoint.replayFrom));
}

QString magicText(std::uint64_t value)
{
    std::array<char, 4> letters{};
    for (std::size_t i = 0; i < letters.size(); ++i)
        letters[i] = static_cast<char>(value >> (8 * i) & 0xFF);
    return QLatin1Char('"') + plainText({letters.data(), letters.size()}) + QLatin1Char('"');
}

QString numberText(FieldKind kind, std::uint64_t value)
{
    switch (kind) {
    case FieldKind::Magic:
        return magicText(value);
    case FieldKind::Checksum:
        return crcText(value);
    case FieldKind::Place:
        return hexText(value);
    default:
        return QString::number(value);
    }
}

/// Which of a record's values it is, from 1; none for what is no value of a record, and behind those that are not
/// built.
std::optional<std::size_t> fieldNumber(const FieldNode &record, const FieldNode &value)
{
    if (record.name != "record" || value.name != "value")
        return std::nullopt;
    std::size_t number = 1;
    for (const auto &sibling : record.children) {
        if (&sibling == &value)
            return number;
        if (sibling.role == FieldNode::Role::More)
            return std::nullopt;
        number += sibling.name == "value" ? 1U : 0U;
    }
    return std::nullopt;
}

/// "expected 4, found 3", where both are known.
QString numbersText(const FieldNode &node)
{
    if (node.expected == node.found)
        return {};
    const auto &rule = node.rule;
    if (rule.kind == Rule::Kind::SegmentAt)
        return tr("expected: %1, found: %2")
            .arg(typeText(static_cast<SegmentType>(node.expected)),
                 node.found == 0 ? tr("no segment") : typeText(static_cast<SegmentType>(node.found)));
    const bool isRange = rule.kind == Rule::Kind::Between && rule.lowest != rule.highest
        && (node.expected == rule.lowest || node.expected == rule.highest);
    const auto wanted = isRange
        ? tr("%1 to %2").arg(numberText(node.kind, rule.lowest), numberText(node.kind, rule.highest))
        : numberText(node.kind, node.expected);
    return tr("expected %1, found %2").arg(wanted, numberText(node.kind, node.found));
}

} // namespace

QString keyText(const Value &key)
{
    struct Text {
        QString operator()(bool it) const { return boolText(it); }
        QString operator()(std::int64_t it) const { return QString::number(it); }
        QString operator()(std::uint64_t it) const { return QString::number(it); }
        QString operator()(double it) const { return floatText(it); }
        QString operator()(const std::string &it) const { return quotedText(it); }
        QString operator()(const Value::Bytes &it) const { return bytesText(it.size()); }
        QString operator()(const UuidBytes &it) const { return uuidText(it); }
        QString operator()(Timestamp it) const { return timeText(it.microseconds); }
        // No keys.
        QString operator()(const OptionalValue &) const { return {}; }
        QString operator()(const ListValue &) const { return {}; }
        QString operator()(const ObjectValue &) const { return {}; }
    };
    return std::visit(Text{}, key.data);
}

QString collectionText(const std::string &name, std::uint32_t id)
{
    return name.empty() ? tr("collection %1").arg(id) : plainText(name);
}

QString summaryText(const SegmentSummary &summary)
{
    const auto what = std::visit([](const auto &it) { return whatText(it); }, summary.what);
    if (!summary.fault)
        return what;
    // What is wrong first: the rest may be cut off.
    if (summary.fault->code == ErrorCode::BadSegmentPayloadChecksum)
        return what.isEmpty() ? tr("✘ damaged bytes") : tr("✘ of damaged bytes: %1").arg(what);
    const auto why = tr("✘ does not decode: %1").arg(errorText(*summary.fault));
    return what.isEmpty() ? why : tr("%1 (%2)").arg(why, what);
}

QString fieldTitle(const FieldNode &node, const FieldNode *parent)
{
    if (const auto number = parent != nullptr ? fieldNumber(*parent, node) : std::nullopt)
        return tr("field %1 %2").arg(*number).arg(quotedText(node.label));
    return node.label.empty() ? nameText(node.name) : nameText(node.name) + QLatin1Char(' ') + quotedText(node.label);
}

QString fieldValueText(const FieldNode &node)
{
    if (node.role == FieldNode::Role::Padding && node.found == 0 && node.length() > 0)
        return tr("zeros");
    struct Text {
        const FieldNode &node;
        QString operator()(std::monostate) const { return node.kind == FieldKind::None ? tr("none") : QString(); }
        QString operator()(bool it) const { return boolText(it); }
        QString operator()(std::uint64_t it) const
        {
            if (node.kind != FieldKind::Count || node.isLeaf())
                return numberText(node.kind, it);
            return it == 1 ? tr("1 value") : tr("%1 values").arg(groupedText(it));
        }
        QString operator()(std::int64_t it) const
        {
            return node.kind == FieldKind::Timestamp ? timeText(it) : QString::number(it);
        }
        QString operator()(double it) const { return floatText(it); }
        QString operator()(const std::string &it) const { return quotedText(it); }
        QString operator()(const UuidBytes &it) const { return uuidText(it); }
        QString operator()(const FirstBytes &it) const { return bytesText(it); }
    };
    const auto text = std::visit(Text{node}, node.value);
    if (node.valueName.empty() || text.isEmpty())
        return node.valueName.empty() ? text : nameText(node.valueName);
    return QStringLiteral("%1 (%2)").arg(text, nameText(node.valueName));
}

QString fieldRuleText(const FieldNode &node)
{
    const auto &rule = node.rule;
    QString text;
    switch (rule.kind) {
    case Rule::Kind::None:
        return {};
    case Rule::Kind::Between:
        text = rule.lowest == rule.highest
            ? tr("must be %1").arg(numberText(node.kind, rule.lowest))
            : tr("must be %1 to %2").arg(numberText(node.kind, rule.lowest), numberText(node.kind, rule.highest));
        break;
    case Rule::Kind::Zero:
        text = tr("must be 0");
        break;
    case Rule::Kind::Checksum:
        text = tr("CRC-32C of %1 to %2").arg(offsetText(rule.coversBegin), offsetText(rule.coversEnd));
        break;
    case Rule::Kind::Utf8:
        text = tr("must be UTF-8");
        break;
    case Rule::Kind::SegmentAt:
        text = tr("must be where a segment of the type %1 begins").arg(typeText(static_cast<SegmentType>(rule.lowest)));
        break;
    case Rule::Kind::Key:
        text = tr("key of type %1").arg(nameText(typeTagName(rule.lowest)));
        break;
    case Rule::Kind::UnknownKey:
        text = tr("key of a type that the catalog does not tell");
        break;
    case Rule::Kind::InTransaction:
        text = tr("must be in a transaction");
        break;
    case Rule::Kind::NoTransaction:
        text = tr("must be outside of transactions");
        break;
    }
    return rule.isChecked ? text : tr("%1, not checked by the engine").arg(text);
}

QString fieldFaultText(const FieldNode &node)
{
    if (node.role == FieldNode::Role::Padding && node.found != 0)
        return node.found == 1 ? tr("1 byte is not zero") : tr("%1 bytes are not zero").arg(groupedText(node.found));
    if (node.isNoKey())
        return tr("These bytes are no such key");
    QStringList parts;
    if (node.verdict == Verdict::Wrong && node.error)
        parts += errorText(*node.error);
    else if (node.verdict == Verdict::Wrong)
        parts += tr("This breaks a rule");
    else if (node.error)
        return tr("Something in here is wrong: %1").arg(errorText(*node.error));
    if (const auto numbers = numbersText(node); !numbers.isEmpty())
        parts += numbers; // of rules that the engine does not check, too
    return parts.join(QStringLiteral(": "));
}

QString fieldDetails(const FieldNode &node, const FieldNode *parent)
{
    QStringList lines{fieldTitle(node, parent)};
    if (const auto value = fieldValueText(node); !value.isEmpty())
        lines.back() += QStringLiteral(" = ") + value;
    lines += tr("%1 to %2, %3").arg(offsetText(node.begin), offsetText(node.end), bytesText(node.length()));
    for (const auto &more : {fieldRuleText(node), fieldFaultText(node)}) {
        if (!more.isEmpty())
            lines += more;
    }
    if (node.role == FieldNode::Role::More)
        lines += tr("Too many fields to be shown at once; select a byte among them to see those around it");
    else if (node.role == FieldNode::Role::Unexplained && node.verdict != Verdict::Wrong)
        lines += tr("Nothing is known about these bytes");
    if (const auto target = node.target())
        lines += tr("Points to %1").arg(offsetText(*target));
    return lines.join(QLatin1Char('\n'));
}

QString operationText(std::uint8_t operation)
{
    const auto name = recordOperationName(operation);
    return name.empty() ? tr("operation %1").arg(operation) : nameText(name);
}

QString cutValueText(const QString &size, const QString &beginning)
{
    return tr("(%1) %2…").arg(size, beginning);
}

QString shownValue(const Value &value, std::size_t most)
{
    const auto *held = heldValue(value);
    return held != nullptr ? cutValue(*held, most).value_or(plainText(valueText(*held, most))) : QString();
}

std::optional<QString> cutValue(const Value &value, std::size_t most)
{
    const auto *held = heldValue(value);
    if (held == nullptr)
        return std::nullopt;
    std::optional<QString> size;
    if (const auto *string = std::get_if<std::string>(&held->data)) {
        if (string->size() > most)
            size = sizeText(string->size());
    } else if (const auto *bytes = std::get_if<Value::Bytes>(&held->data)) {
        if (bytes->size() * 2 > most)
            size = sizeText(bytes->size());
    } else if (valueText(*held, most).size() >= most) {
        if (const auto *list = std::get_if<ListValue>(&held->data))
            size = tr("%1 values").arg(groupedText(list->values.size()));
        else if (const auto *object = std::get_if<ObjectValue>(&held->data))
            size = tr("%1 fields").arg(groupedText(object->members.size()));
    }
    return size ? std::optional(cutValueText(*size, plainText(valueText(*held, most)))) : std::nullopt;
}

QString fieldJson(const FieldNode &node)
{
    using Json = nlohmann::ordered_json;
    return QString::fromStdString(decodedJson(node).dump(2, ' ', false, Json::error_handler_t::replace));
}

QString fieldPathText(std::span<const FieldNode *const> path, std::optional<SegmentNo> segment)
{
    QStringList titles;
    const FieldNode *parent = nullptr;
    for (const auto *node : path) {
        if (titles.isEmpty() && segment)
            titles += tr("segment %1").arg(groupedText(segment->value));
        else
            titles += fieldTitle(*node, parent);
        parent = node;
    }
    return titles.join(QStringLiteral(" › "));
}

} // namespace modelvault::ui
