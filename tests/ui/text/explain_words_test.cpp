#include "text/explain_words.h"

#include "text/words.h"

#include <QLocale>
#include <QTest>

#include <array>
#include <limits>
#include <memory>
#include <string>

namespace modelvault::ui {

class ExplainWordsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void summaries();
    void summariesOfUnknownThings();
    void keys_data();
    void keys();
    void values_data();
    void values();
    void theSizeOfALongValueComesFirst();
    void titlesAreHarmless();
    void rules();
    void faults();
    void details();
    void paths();
    void summariesOfWhatIsWrong();
    void bytesAndPadding();
    void keysAndPointers();
};

namespace {

SegmentSummary summary(auto what)
{
    return {.what = what, .fault = {}};
}

FieldNode field(FieldKind kind, FieldValue value)
{
    return {.role = FieldNode::Role::Field, .kind = kind, .name = "value", .begin = {8}, .end = {12}, .value = value};
}

} // namespace

void ExplainWordsTest::summaries()
{
    QCOMPARE(summaryText({}), QString());
    QCOMPARE(summaryText(summary(RecordSummary{1, "books", RecordHead::Insert, {std::string("Dune")}})),
             QStringLiteral("books \"Dune\" insert"));
    QCOMPARE(summaryText(summary(IndexSummaries{{{1, "books", "by_year", 2, 1}, {1, "books", "by_name", 0, 1}}, 4})),
             QStringLiteral("by_year + 2 − 1, by_name − 1"));
    QCOMPARE(summaryText(summary(IndexSummaries{{{1, "books", "by_year", 2, 1}}, 9})),
             QStringLiteral("by_year + 2 − 1, …"));
    QCOMPARE(summaryText(summary(SchemaSummary{{}, 1, "books", 2, 1})), QStringLiteral("books version 2, 1 field"));
    QCOMPARE(summaryText(summary(MarkerSummary{7})), QStringLiteral("id 7"));
    QCOMPARE(summaryText(summary(CheckpointSummary{{0x2020}, 1, 5})),
             QStringLiteral("1 schema, 5 records, then the log from 0x2020"));
    QCOMPARE(summaryText({.what = {}, .fault = Error{.code = ErrorCode::InvalidTxnPayload}}),
             QStringLiteral("✘ does not decode: A wrong transaction marker"));
}

void ExplainWordsTest::summariesOfWhatIsWrong()
{
    auto broken = summary(RecordSummary{1, "books", RecordHead::Insert, {std::string("zz")}});
    broken.fault = Error{.code = ErrorCode::InvalidTxnPayload};
    QCOMPARE(summaryText(broken),
             QStringLiteral("✘ does not decode: A wrong transaction marker (books \"zz\" insert)"));
    broken.fault = Error{.code = ErrorCode::BadSegmentPayloadChecksum};
    QCOMPARE(summaryText(broken), QStringLiteral("✘ of damaged bytes: books \"zz\" insert"));
    broken.what = std::monostate();
    QCOMPARE(summaryText(broken), QStringLiteral("✘ damaged bytes"));
}

void ExplainWordsTest::bytesAndPadding()
{
    std::vector<std::byte> bytes(17, std::byte{0xA5});
    QCOMPARE(fieldValueText(field(FieldKind::Bytes, FirstBytes::of(std::span(bytes).first(2)))),
             QStringLiteral("a5 a5"));
    const auto preview = fieldValueText(field(FieldKind::Bytes, FirstBytes::of(bytes)));
    QVERIFY(preview.startsWith(QStringLiteral("a5 a5 ")));
    QVERIFY(preview.endsWith(QStringLiteral("a5 … (17 bytes)")));
    FieldNode zeros{.role = FieldNode::Role::Padding, .name = "reserved", .begin = {4}, .end = {8}};
    QCOMPARE(fieldValueText(zeros), QStringLiteral("zeros"));
    zeros.found = 1;
    zeros.value = FirstBytes::of(std::span(bytes).first(4));
    QCOMPARE(fieldValueText(zeros), QStringLiteral("a5 a5 a5 a5"));
}

void ExplainWordsTest::keysAndPointers()
{
    auto key = field(FieldKind::Number, std::int64_t{7});
    key.rule = unchecked({.kind = Rule::Kind::Key, .lowest = std::to_underlying(TypeTag::Int64)});
    QCOMPARE(fieldRuleText(key), QStringLiteral("key of type int64, not checked by the engine"));
    QCOMPARE(fieldFaultText(key), QString());
    key.value = FirstBytes{};
    QCOMPARE(fieldFaultText(key), QStringLiteral("These bytes are no such key"));
    auto pointer = field(FieldKind::Place, std::uint64_t{4000});
    pointer.rule = {.kind = Rule::Kind::SegmentAt, .lowest = std::to_underlying(SegmentType::Manifest)};
    pointer.verdict = Verdict::Wrong;
    pointer.error = ErrorCode::BadManifestPointer;
    pointer.expected = pointer.rule.lowest;
    QVERIFY(fieldFaultText(pointer).endsWith(QStringLiteral("expected: manifest, found: no segment")));
    auto type = field(FieldKind::Number, std::uint64_t{42});
    type.rule = between(1, 9);
    type.verdict = Verdict::Wrong;
    type.expected = 9;
    type.found = 42;
    QVERIFY(fieldFaultText(type).endsWith(QStringLiteral("expected 1 to 9, found 42")));
}

void ExplainWordsTest::summariesOfUnknownThings()
{
    QCOMPARE(summaryText(summary(RecordSummary{9, "", 77, {true}})), QStringLiteral("collection 9 true operation 77"));
    const auto hostile = summaryText(summary(RecordSummary{1, "a\nb", RecordHead::Insert, {std::string("\x1b[2J\t")}}));
    QVERIFY(!hostile.contains(QLatin1Char('\n')) && !hostile.contains(QChar(0x1b)) && !hostile.contains(u'\t'));
}

void ExplainWordsTest::keys_data()
{
    QTest::addColumn<std::shared_ptr<Value>>("key");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *name, Value key, const char *text) {
        QTest::newRow(name) << std::make_shared<Value>(std::move(key)) << QString::fromUtf8(text);
    };
    row("bool", {false}, "false");
    row("negative", {std::int64_t{-3}}, "-3");
    row("large", {~std::uint64_t{0}}, "18446744073709551615");
    row("float", {0.1}, "0.1");
    row("bytes", {Value::Bytes(2)}, "2 bytes");
    row("byte", {Value::Bytes(1)}, "1 byte");
    row("uuid", {UuidBytes{std::byte{0x01}, std::byte{0x23}}}, "01230000-0000-0000-0000-000000000000");
    row("time", {Timestamp{1'500'000}}, "1970-01-01 00:00:01.500000 UTC");
    row("before 1970", {Timestamp{-1}}, "1969-12-31 23:59:59.999999 UTC");
    row("beyond years", {Timestamp{std::numeric_limits<std::int64_t>::min()}}, "-9223372036854775808 µs since 1970");
    row("long", {std::string(61, 'x')}, ("\"" + std::string(60, 'x') + "\"…").c_str());
    row("long, cut before a character", {std::string(59, 'x') + "éé"}, ("\"" + std::string(59, 'x') + "\"…").c_str());
}

void ExplainWordsTest::keys()
{
    QFETCH(const std::shared_ptr<Value>, key);
    QFETCH(const QString, text);
    QCOMPARE(summaryText(summary(RecordSummary{1, "t", RecordHead::Delete, *key})),
             QStringLiteral("t %1 delete").arg(text));
}

void ExplainWordsTest::values_data()
{
    QTest::addColumn<std::shared_ptr<FieldNode>>("node");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *name, FieldNode node, const char *text) {
        QTest::newRow(name) << std::make_shared<FieldNode>(std::move(node)) << QString::fromUtf8(text);
    };
    row("nothing", field(FieldKind::Number, {}), "");
    row("absent", field(FieldKind::None, {}), "none");
    row("number", field(FieldKind::Number, std::uint64_t{12345}), "12345");
    row("magic", field(FieldKind::Magic, std::uint64_t{0x30424454}), "\"TDB0\"");
    row("checksum", field(FieldKind::Checksum, std::uint64_t{0xab}), "000000ab");
    row("place", field(FieldKind::Place, std::uint64_t{0x2020}), "0x2020");
    row("time", field(FieldKind::Timestamp, std::int64_t{0}), "1970-01-01 00:00:00.000000 UTC");
    row("text", field(FieldKind::Text, std::string("a\"b\n")), "\"a\"b␊\"");
    auto named = field(FieldKind::Number, std::uint64_t{1});
    named.valueName = "insert";
    row("enumerated", named, "1 (insert)");
    auto list = field(FieldKind::Count, std::uint64_t{3});
    row("count", list, "3");
    list.role = FieldNode::Role::Structure;
    row("list", list, "3 values");
}

void ExplainWordsTest::values()
{
    QFETCH(const std::shared_ptr<FieldNode>, node);
    QFETCH(const QString, text);
    QCOMPARE(fieldValueText(*node), text);
}

void ExplainWordsTest::theSizeOfALongValueComesFirst()
{
    QCOMPARE(shownValue({std::string("Dune")}, 4), QStringLiteral("Dune"));
    QCOMPARE(shownValue({std::string(16 << 20, 'a')}, 4), QStringLiteral("(16.0 MiB) aaaa…"));
    QCOMPARE(shownValue({Value::Bytes(3 << 10)}, 4), QStringLiteral("(3.0 KiB) 000000…"));
    ListValue list;
    list.values.assign(1'000, {std::int64_t{7}});
    QCOMPARE(shownValue({list}, 4), QStringLiteral("(%1 values) [7, 7]…").arg(groupedText(1'000)));
    QVERIFY(!cutValue({std::int64_t{1'000'000}}, 4));
}

void ExplainWordsTest::titlesAreHarmless()
{
    auto node = field(FieldKind::Text, {});
    QCOMPARE(fieldTitle(node), QStringLiteral("value"));
    node.label = "<b>\n";
    QCOMPARE(fieldTitle(node), QStringLiteral("value \"<b>␊\""));
}

void ExplainWordsTest::rules()
{
    auto node = field(FieldKind::Number, std::uint64_t{3});
    QCOMPARE(fieldRuleText(node), QString());
    node.rule = between(1, 9);
    QCOMPARE(fieldRuleText(node), QStringLiteral("must be 1 to 9"));
    node.rule = mustBe(4);
    QCOMPARE(fieldRuleText(node), QStringLiteral("must be 4"));
    node.rule = kUncheckedZero;
    QCOMPARE(fieldRuleText(node), QStringLiteral("must be 0, not checked by the engine"));
    node.rule = {.kind = Rule::Kind::Utf8};
    QCOMPARE(fieldRuleText(node), QStringLiteral("must be UTF-8"));
    node.rule = checksumOf({0x20}, {0x40}, 1);
    QCOMPARE(fieldRuleText(node), QStringLiteral("CRC-32C of 0x20 to 0x40"));
}

void ExplainWordsTest::faults()
{
    auto node = field(FieldKind::Checksum, std::uint64_t{3});
    QCOMPARE(fieldFaultText(node), QString());
    node.verdict = Verdict::Wrong;
    QCOMPARE(fieldFaultText(node), QStringLiteral("This breaks a rule"));
    node.error = ErrorCode::BadSegmentPayloadChecksum;
    node.expected = 1;
    node.found = 2;
    QCOMPARE(fieldFaultText(node),
             QStringLiteral("The payload's checksum is wrong: expected 00000001, found 00000002"));
    node.verdict = Verdict::NotChecked;
    QCOMPARE(fieldFaultText(node), QStringLiteral("Something in here is wrong: The payload's checksum is wrong"));
    FieldNode padding{.role = FieldNode::Role::Padding, .name = "reserved"};
    QCOMPARE(fieldFaultText(padding), QString());
    padding.found = 1;
    QCOMPARE(fieldFaultText(padding), QStringLiteral("1 byte is not zero"));
}

void ExplainWordsTest::details()
{
    auto node = field(FieldKind::Place, std::uint64_t{0x2020});
    node.rule = between(0, 1);
    QCOMPARE(fieldDetails(node),
             QStringLiteral("value = 0x2020\n0x8 to 0xc, 4 bytes\nmust be 0x0 to 0x1\nPoints to 0x2020"));
    node.role = FieldNode::Role::Unexplained;
    node.value = {};
    QVERIFY(fieldDetails(node).endsWith(QStringLiteral("\nNothing is known about these bytes")));
    node.role = FieldNode::Role::More;
    QVERIFY(fieldDetails(node).contains(QStringLiteral("\nToo many fields")));
}

void ExplainWordsTest::paths()
{
    const FieldNode root{.name = "segment", .label = "record"};
    auto leaf = field(FieldKind::Text, {});
    leaf.label = "name";
    const std::array path{&root, static_cast<const FieldNode *>(&leaf)};
    QCOMPARE(fieldPathText(path, SegmentNo{41}), QStringLiteral("segment 41 › value \"name\""));
    QCOMPARE(fieldPathText(path, std::nullopt), QStringLiteral("segment \"record\" › value \"name\""));
    QCOMPARE(fieldPathText({}, std::nullopt), QString());

    // Values of a record have their numbers; what they are made of has none.
    FieldNode record{.name = "record", .label = "books"};
    const auto value = [](const char *label) { return FieldNode{.name = "value", .label = label}; };
    record.children = {FieldNode{.name = "primary key"}, value("title"), value("name")};
    record.children.back().children = {value("first")};
    const std::array within{&root, static_cast<const FieldNode *>(&record),
                            static_cast<const FieldNode *>(&record.children[2]),
                            static_cast<const FieldNode *>(&record.children[2].children[0])};
    QCOMPARE(fieldPathText(within, SegmentNo{41}),
             QStringLiteral("segment 41 › record \"books\" › field 2 \"name\" › value \"first\""));
    // Behind fields that are not built nobody knows the number.
    record.children.insert(record.children.begin() + 1, FieldNode{.role = FieldNode::Role::More, .name = "more"});
    const std::array behind{static_cast<const FieldNode *>(&record),
                            static_cast<const FieldNode *>(&record.children[3])};
    QCOMPARE(fieldPathText(behind, std::nullopt), QStringLiteral("record \"books\" › value \"name\""));
}

} // namespace modelvault::ui

QTEST_GUILESS_MAIN(modelvault::ui::ExplainWordsTest)

#include "explain_words_test.moc"
