#include "explain/explainer.h"

#include "format/byte_writer.h"
#include "format/checkpoint.h"
#include "format/index_entry.h"
#include "format/record.h"
#include "support/corpus.h"
#include "support/file_builder.h"
#include "support/scanned.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>

namespace modelvault {
namespace {

using test::FileBuilder;
using test::Scanned;
using testing::ElementsAre;

std::vector<std::byte> bytesOf(FileBuilder &file)
{
    return file.bytes();
}

CatalogEntry books()
{
    return {.collectionId = 1,
            .name = "books",
            .schemaVersion = 1,
            .fields = {{{{"title"}}, {.tag = TypeTag::String}, {}}, {{{"year"}}, {.tag = TypeTag::Int64}, {}}},
            .indexes = {},
            .primaryField = "title"};
}

Record dune(std::uint32_t schemaVersion = 1)
{
    return {.head = {.payloadVersion = Record::kVersionValues,
                     .collectionId = 1,
                     .schemaVersion = schemaVersion,
                     .operation = RecordHead::Insert,
                     .key = {std::string("Dune")}},
            .fields = {{{{"year"}}, {std::int64_t{1965}}}}};
}

std::vector<FieldNode> pieces(const Scanned &file)
{
    std::vector<FieldNode> found;
    const auto done = Explainer(*file.store, file.snapshot)
                          .forEach(Offset{0}, Offset{file.snapshot->fileLength()}, [&found](FieldNode node) {
                              found.push_back(std::move(node));
                              return true;
                          });
    EXPECT_TRUE(done);
    return found;
}

/// Fails unless the leaves follow each other without gap, and structures are as long as their children.
Offset tiles(const FieldNode &node, Offset from)
{
    EXPECT_EQ(node.begin, from) << node.name;
    if (!node.isLeaf()) {
        for (const auto &child : node.children)
            from = tiles(child, from);
        EXPECT_EQ(node.end, from) << node.name;
    }
    EXPECT_TRUE(!node.isLeaf() || node.children.empty());
    EXPECT_LE(node.begin, node.end);
    return node.end;
}

void expectTiled(const std::vector<std::byte> &bytes)
{
    const Scanned file(bytes);
    Offset reached{0};
    for (const auto &piece : pieces(file))
        reached = tiles(piece, reached);
    EXPECT_EQ(reached, Offset{bytes.size()});

    const auto covered = coverage({*file.store, file.snapshot});
    ASSERT_TRUE(covered);
    std::uint64_t sum = 0;
    for (const auto &[name, part] : *covered)
        sum += part.named + part.padding + part.unexplained;
    EXPECT_EQ(sum, bytes.size());
}

/// "record / value / text", with labels.
std::string pathText(const Scanned &file, Offset offset)
{
    const auto piece = Explainer(*file.store, file.snapshot).at(offset);
    if (!piece)
        return std::string(errorName(piece.error().code));
    std::string text;
    for (const auto *node : pathTo(*piece, offset))
        text += (text.empty() ? "" : " / ") + std::string(node->name) + (node->label.empty() ? "" : " " + node->label);
    return text;
}

FieldNode leafAt(const Scanned &file, Offset offset)
{
    const auto piece = Explainer(*file.store, file.snapshot).at(offset);
    EXPECT_TRUE(piece);
    return *pathTo(*piece, offset).back();
}

class ExplainedCorpus : public testing::TestWithParam<std::string> { };

TEST_P(ExplainedCorpus, EveryByteBelongsToOneLeaf)
{
    expectTiled(test::corpusFile(GetParam()).bytes());
}

TEST_P(ExplainedCorpus, NothingOfASoundFileIsUnexplained)
{
    if (!GetParam().starts_with("valid-") && !GetParam().starts_with("legacy-"))
        return;
    const Scanned file(test::corpusFile(GetParam()).bytes());
    const auto covered = coverage({*file.store, file.snapshot});
    ASSERT_TRUE(covered);
    for (const auto &[name, part] : *covered)
        EXPECT_EQ(part.unexplained, 0U) << name;
    for (const auto &piece : pieces(file))
        EXPECT_FALSE(piece.error) << piece.name << " at " << piece.begin.value;
}

TEST_P(ExplainedCorpus, APayloadThatTheReferenceRefusesHasTheErrorThatItNames)
{
    const auto &name = GetParam();
    const bool refused = (name.starts_with("damaged-record-") && name != "damaged-record-payload-bit")
        || name.starts_with("damaged-catalog-")
        || (name.starts_with("damaged-index-") && name != "damaged-index-unique-violation");
    if (!refused)
        return;
    const auto corpus = test::corpusFile(name);
    const Scanned file(corpus.bytes());
    std::vector<std::string_view> errors;
    for (const auto &piece : pieces(file))
        if (piece.error)
            errors.push_back(errorName(*piece.error));
    EXPECT_THAT(errors, ElementsAre(corpus.said.at("strict_open").at("error").get<std::string>()));
}

TEST_P(ExplainedCorpus, FlipsAndCutsAnywhereStillTile)
{
    const auto whole = test::corpusFile(GetParam()).bytes();
    if (whole.size() < 32)
        return;
    std::minstd_rand random(static_cast<unsigned>(whole.size()));
    for (int round = 0; round < 4; ++round) {
        auto bytes = whole;
        for (int flips = 0; flips < 1 + 8 * round; ++flips)
            bytes[random() % bytes.size()] ^= static_cast<std::byte>(1U << random() % 8);
        if (round % 2 == 1)
            bytes.resize(random() % bytes.size());
        expectTiled(bytes);
    }
}

TEST_P(ExplainedCorpus, PayloadsThatLieUnderRightChecksumsStillTile)
{
    const auto whole = test::corpusFile(GetParam()).bytes();
    const Scanned sound(whole);
    std::minstd_rand random(static_cast<unsigned>(whole.size()));
    for (int round = 0; round < 4; ++round) {
        FileBuilder file(whole);
        for (const auto &segment : sound.segments()) {
            if (segment.header.payloadLength == 0 || segment.header.payloadLength > 10'000)
                continue;
            for (int flips = 0; flips <= round; ++flips)
                file.flip(segment.payloadOffset() + random() % segment.header.payloadLength,
                          static_cast<std::uint8_t>(1U << random() % 8));
            file.repairChecksums(segment.offset);
        }
        expectTiled(bytesOf(file));
    }
}

INSTANTIATE_TEST_SUITE_P(, ExplainedCorpus, testing::ValuesIn(test::corpusNames()), [](const auto &corpus) {
    std::string name = corpus.param;
    std::ranges::replace(name, '-', '_');
    return name;
});

TEST(Explainer, FindsTheFieldOfAnyByte)
{
    FileBuilder builder;
    builder.begin().append(SegmentType::Schema, books().encode()).append(SegmentType::Record, dune().encode()).commit();
    const Scanned file(builder.bytes());
    const Offset record = builder.offsets()[3] + SegmentHeader::kSize;

    EXPECT_EQ(pathText(file, Offset{0}), "file header / magic");
    EXPECT_EQ(pathText(file, Offset{31}), "file header / reserved");
    EXPECT_EQ(pathText(file, Offset{32 + 4095}), "superblock A / unused");
    EXPECT_EQ(pathText(file, Offset{0x1020 + 16}), "superblock B / manifest offset");
    EXPECT_EQ(pathText(file, builder.offsets()[1] + 6), "segment txn_begin / segment header / type");
    EXPECT_EQ(pathText(file, record), "segment record / record books / payload version");
    EXPECT_EQ(pathText(file, record + 16), "segment record / record books / primary key / text");
    EXPECT_EQ(pathText(file, record + 25), "segment record / record books / value year / value");
    EXPECT_EQ(pathText(file, Offset{builder.length()}), "InvalidInput");

    EXPECT_EQ(leafAt(file, record + 10).valueName, "insert");
    EXPECT_EQ(std::get<std::string>(leafAt(file, record + 16).value), "Dune");
    EXPECT_EQ(std::get<std::int64_t>(leafAt(file, record + 25).value), 1965);
}

TEST(Explainer, ValuesSayWhatTheyAreAsAWhole)
{
    auto entry = books();
    FieldType optional{.tag = TypeTag::Optional};
    optional.inner.push_back({.tag = TypeTag::String});
    FieldType list{.tag = TypeTag::List};
    list.inner.push_back(optional);
    entry.fields[1].type = list;
    auto record = dune();
    OptionalValue some;
    some.held.push_back({std::string("x")});
    record.fields.front().value = {ListValue{.values = {{OptionalValue{}}, {some}}}};
    FileBuilder builder;
    builder.begin().append(SegmentType::Schema, entry.encode()).append(SegmentType::Record, record.encode()).commit();
    const Scanned file(builder.bytes());
    const auto piece = Explainer(*file.store, file.snapshot).at(builder.offsets()[3]);
    ASSERT_TRUE(piece);
    const auto &year = piece->children[1].children.back();
    EXPECT_EQ(year.kind, FieldKind::Count);
    EXPECT_EQ(std::get<std::uint64_t>(year.value), 2U);
    ASSERT_EQ(year.children.size(), 3U);
    EXPECT_EQ(year.children[1].kind, FieldKind::None);
    EXPECT_EQ(year.children[2].label, "1");
    EXPECT_EQ(std::get<std::string>(year.children[2].value), "x");
}

CatalogEntry booksWithIndexes()
{
    auto entry = books();
    entry.payloadVersion = 4;
    FieldType some{.tag = TypeTag::Optional};
    some.inner.push_back({.tag = TypeTag::Int64});
    entry.fields[1].type = some;
    entry.indexes = {{.kind = IndexKind::NonUnique, .path = {{"year"}}, .name = "by_year"},
                     {.kind = IndexKind::Unique, .path = {{"title"}}, .name = "by_title"}};
    return entry;
}

IndexEntry indexEntry(std::string index, IndexKind kind, const Value &key, const Value &primary)
{
    return {.collectionId = 1,
            .kind = kind,
            .indexName = std::move(index),
            .indexKey = *keyBytes(key),
            .primaryKey = *keyBytes(primary)};
}

/// The n-th entry's field of that name, of the index changes in a piece.
const FieldNode &keyOf(const FieldNode &changes, std::size_t entry, std::string_view name)
{
    const auto &fields = changes.children.at(2 + entry).children;
    return *std::ranges::find(fields, name, &FieldNode::name);
}

const IndexChanges kChanges{
    .entries = {
        indexEntry("by_year", IndexKind::NonUnique, {std::int64_t{1965}}, {std::string("Dune")}),
        indexEntry("by_title", IndexKind::Unique, {std::string("Dune")}, {std::string("Dune")}),
        indexEntry("by_nothing", IndexKind::Unique, {std::int64_t{1}}, {std::string("Dune")}),
        indexEntry("by_year", IndexKind::NonUnique, {std::string("abc")}, {std::string("Dune")}),
    }};

/// As the catalog of kChanges says it.
void expectKeysRead(const FieldNode &changes)
{
    const auto &year = keyOf(changes, 0, "index key");
    EXPECT_EQ(std::get<std::int64_t>(year.value), 1965);
    EXPECT_EQ(year.rule.kind, Rule::Kind::Key);
    EXPECT_EQ(year.rule.lowest, std::to_underlying(TypeTag::Int64));
    const auto &raw = std::get<FirstBytes>(year.children.back().value);
    EXPECT_EQ(raw.bytes, *keyBytes({std::int64_t{1965}})) << "the bytes stay beside it";
    EXPECT_EQ(std::get<std::string>(keyOf(changes, 0, "primary key").value), "Dune");
    EXPECT_EQ(std::get<std::string>(keyOf(changes, 1, "index key").value), "Dune");

    const auto &unknown = keyOf(changes, 2, "index key");
    EXPECT_EQ(unknown.rule.kind, Rule::Kind::UnknownKey) << "the schema has no such index";
    EXPECT_TRUE(std::holds_alternative<FirstBytes>(unknown.value));
    EXPECT_EQ(std::get<std::string>(keyOf(changes, 2, "primary key").value), "Dune") << "but such rows";

    const auto &broken = keyOf(changes, 3, "index key");
    EXPECT_TRUE(broken.isNoKey()) << "three bytes are no int64";
    EXPECT_EQ(std::get<FirstBytes>(broken.value).length, 3U);
    EXPECT_EQ(broken.verdict, Verdict::NotChecked) << "the engine takes it";
    EXPECT_FALSE(keyOf(changes, 0, "index key").isNoKey());
    EXPECT_FALSE(changes.error);
}

TEST(Explainer, KeysOfIndexEntriesAreReadAsTheTypesThatTheCatalogSays)
{
    FileBuilder builder;
    builder.begin()
        .append(SegmentType::Schema, booksWithIndexes().encode())
        .append(SegmentType::Index, kChanges.encode())
        .commit();
    const Scanned file(builder.bytes());
    const auto segment = Explainer(*file.store, file.snapshot).at(builder.offsets()[3]);
    expectKeysRead(segment->children.back());

    // Without a catalog they are bytes, and the tree says why.
    auto without = *file.snapshot;
    without.catalog.reset();
    const auto plain = Explainer(*file.store, std::make_shared<const Snapshot>(without)).at(builder.offsets()[3]);
    EXPECT_EQ(keyOf(plain->children.back(), 0, "index key").rule.kind, Rule::Kind::UnknownKey);
    EXPECT_EQ(keyOf(plain->children.back(), 0, "primary key").rule.kind, Rule::Kind::UnknownKey);
}

TEST(Explainer, KeysAreReadAsTheSchemaOfTheirTimeHasThem)
{
    auto later = booksWithIndexes();
    later.kind = CatalogEntry::Kind::NewSchemaVersion;
    later.schemaVersion = 2;
    later.fields[1].type = {.tag = TypeTag::Timestamp};
    FileBuilder builder;
    builder.begin()
        .append(SegmentType::Schema, booksWithIndexes().encode())
        .append(SegmentType::Index, kChanges.encode())
        .append(SegmentType::Schema, later.encode())
        .append(SegmentType::Index, kChanges.encode())
        .commit();
    const Scanned file(builder.bytes());
    const auto kindOfYear = [&](std::size_t segment) {
        const auto piece = Explainer(*file.store, file.snapshot).at(builder.offsets()[segment]);
        return keyOf(piece->children.back(), 0, "index key").kind;
    };
    EXPECT_EQ(kindOfYear(3), FieldKind::Number);
    EXPECT_EQ(kindOfYear(5), FieldKind::Timestamp);
}

TEST(Explainer, KeysInACheckpointAreReadWithItsOwnCatalog)
{
    const auto entry = booksWithIndexes().encode();
    const auto changes = kChanges.encode();
    const Checkpoint checkpoint{.replayFrom = {9000},
                                .catalogEntries = {{.at = {}, .bytes = entry}},
                                .records = {},
                                .indexChanges = {.at = {}, .bytes = changes}};
    FileBuilder builder;
    builder.append(SegmentType::Checkpoint, checkpoint.encode());
    const Scanned file(builder.bytes());
    const auto piece = Explainer(*file.store, file.snapshot).at(builder.offsets()[1]);
    expectKeysRead(piece->children.back().children.back().children.back());
}

TEST(Explainer, BytesShowHowTheyBegin)
{
    FileBuilder builder;
    const std::string spilled(1000, 's');
    builder.append(SegmentType::Temp, spilled).flip(Offset{20}, 0x41);
    const Scanned file(builder.bytes());
    const auto leaf = leafAt(file, builder.last() + SegmentHeader::kSize);
    const auto &first = std::get<FirstBytes>(leaf.value);
    EXPECT_EQ(first.bytes, std::vector<std::byte>(FirstBytes::kMost, std::byte{'s'}));
    EXPECT_EQ(first.length, 1000U);
    EXPECT_FALSE(first.isAll());

    EXPECT_TRUE(std::holds_alternative<std::monostate>(leafAt(file, Offset{32 + 4000}).value)) << "zeros";
    EXPECT_EQ(std::get<FirstBytes>(leafAt(file, Offset{20}).value).bytes.front(), std::byte{0x41});
}

TEST(Explainer, FieldsThatPointSomewhereSayWhere)
{
    FileBuilder builder;
    builder.publish();
    const Scanned file(builder.bytes());
    EXPECT_EQ(leafAt(file, Offset{32 + 16}).target(), builder.last());
    EXPECT_EQ(leafAt(file, Offset{32 + 36}).target(), std::nullopt) << "no checkpoint";
    EXPECT_EQ(leafAt(file, builder.last() + SegmentHeader::kSize + 2).target(), builder.last());
    EXPECT_EQ(leafAt(file, Offset{32 + 8}).target(), std::nullopt) << "a generation is no place";
}

/// Where slot B, which counts, has the pointers to manifest and checkpoint.
constexpr Offset kManifestPointer{0x1020 + 16};
constexpr Offset kCheckpointPointer{0x1020 + 36};

Superblock newest(Offset manifest, Offset checkpoint = {})
{
    Superblock block;
    block.generation = 99;
    block.manifestOffset = manifest;
    block.checkpointOffset = checkpoint;
    block.checkpointLength = checkpoint == Offset{} ? 0 : 24;
    return block;
}

/// A file whose slot B says so.
std::vector<std::byte> pointingTo(Offset manifest, Offset checkpoint = {})
{
    FileBuilder builder;
    builder.begin().commit().publish().overwrite(Offset{0x1020}, newest(manifest, checkpoint).encode());
    return builder.bytes();
}

TEST(Explainer, APointerToWhereNoSuchSegmentBeginsIsWrong)
{
    FileBuilder plain;
    plain.begin().commit().publish();
    const Offset marker = plain.offsets()[1];

    const auto right = leafAt(Scanned(pointingTo(plain.last())), kManifestPointer);
    EXPECT_EQ(right.verdict, Verdict::Right);

    for (const auto &[target, found] :
         {std::pair(marker, SegmentType::TxnBegin), std::pair(marker + 1, SegmentType{}),
          std::pair(Offset{1}, SegmentType{}), std::pair(Offset{UINT64_MAX - 8}, SegmentType{})}) {
        const Scanned file(pointingTo(target));
        const auto pointer = leafAt(file, kManifestPointer);
        EXPECT_EQ(pointer.verdict, Verdict::Wrong) << target.value;
        EXPECT_EQ(pointer.error, ErrorCode::BadManifestPointer);
        EXPECT_EQ(pointer.expected, std::to_underlying(SegmentType::Manifest));
        EXPECT_EQ(pointer.found, std::to_underlying(found));
        EXPECT_EQ(pieces(file)[2].error, ErrorCode::BadManifestPointer);
    }

    const Scanned file(pointingTo(plain.last(), marker));
    EXPECT_EQ(leafAt(file, kManifestPointer).verdict, Verdict::Right);
    EXPECT_EQ(leafAt(file, kCheckpointPointer).error, ErrorCode::BadCheckpointPointer);
}

TEST(Explainer, APointerThatNobodyFollowsIsToldNotBlamed)
{
    auto bytes = pointingTo({});
    auto old = newest({1'000'000});
    old.generation = 5;
    std::ranges::copy(old.encode(), bytes.begin() + 32);
    const Scanned file(bytes);
    const auto pointer = leafAt(file, Offset{32 + 16});
    EXPECT_EQ(pointer.verdict, Verdict::NotChecked);
    EXPECT_EQ(pointer.expected, std::to_underlying(SegmentType::Manifest));
    EXPECT_EQ(pointer.found, 0U);
    EXPECT_FALSE(pieces(file)[1].error);
    EXPECT_EQ(leafAt(file, kManifestPointer).rule.kind, Rule::Kind::None) << "0 points nowhere";
}

TEST(Explainer, AChecksumSaysWhatItCoversAndWhetherItIsRight)
{
    FileBuilder builder;
    builder.begin().append(SegmentType::Schema, books().encode()).commit();
    const Offset schema = builder.offsets()[2];
    auto crc = leafAt(Scanned(builder.bytes()), schema + 20);
    EXPECT_EQ(crc.rule.kind, Rule::Kind::Checksum);
    EXPECT_EQ(crc.rule.coversBegin, schema + SegmentHeader::kSize);
    EXPECT_EQ(crc.rule.coversEnd, schema + (SegmentHeader::kSize + books().encode().size()));
    EXPECT_EQ(crc.verdict, Verdict::Right);

    builder.flip(schema + (SegmentHeader::kSize + 12));
    const Scanned damaged(builder.bytes());
    crc = leafAt(damaged, schema + 20);
    EXPECT_EQ(crc.verdict, Verdict::Wrong);
    EXPECT_EQ(crc.error, ErrorCode::BadSegmentPayloadChecksum);
    EXPECT_NE(crc.expected, crc.found);
    EXPECT_EQ(Explainer(*damaged.store, damaged.snapshot).at(schema)->error, ErrorCode::BadSegmentPayloadChecksum);
    EXPECT_EQ(leafAt(damaged, schema + 28).verdict, Verdict::Right) << "the header's own";
}

TEST(Explainer, WrongFieldsOfSuperblocksAndHeadersAreFound)
{
    FileBuilder builder;
    builder.flip(Offset{6}, 0x80).flip(Offset{32 + 8}).flip(Offset{0x1020 + 4}, 0x80);
    const Scanned file(builder.bytes());
    EXPECT_EQ(leafAt(file, Offset{4}).verdict, Verdict::Right);
    EXPECT_EQ(leafAt(file, Offset{6}).verdict, Verdict::Wrong);
    EXPECT_EQ(leafAt(file, Offset{6}).found, 0x86U);
    EXPECT_EQ(leafAt(file, Offset{32 + 8}).verdict, Verdict::NotChecked) << "any generation will do";
    EXPECT_EQ(leafAt(file, Offset{32 + 48}).verdict, Verdict::Wrong) << "but the checksum tells";
    EXPECT_EQ(leafAt(file, Offset{0x1020 + 4}).verdict, Verdict::Wrong);
    const auto all = pieces(file);
    EXPECT_EQ(all[0].error, ErrorCode::UnsupportedVersion);
    EXPECT_EQ(all[1].error, ErrorCode::BadSuperblockChecksum);
    EXPECT_EQ(all[2].error, ErrorCode::UnsupportedVersion);
}

TEST(Explainer, BehindAWrongMagicNothingIsKnown)
{
    FileBuilder builder;
    builder.flip(Offset{0}).flip(Offset{0x1020});
    const Scanned file(builder.bytes());
    EXPECT_EQ(pieces(file)[0].error, ErrorCode::BadMagic);
    EXPECT_EQ(leafAt(file, Offset{0}).verdict, Verdict::Wrong);
    EXPECT_EQ(leafAt(file, Offset{4}).role, FieldNode::Role::Unexplained);
    EXPECT_EQ(leafAt(file, Offset{32 + 4}).name, "version") << "the superblock between them is whole";
    EXPECT_EQ(pieces(file)[2].error, ErrorCode::BadSuperblockMagic);
    EXPECT_EQ(leafAt(file, Offset{0x1020}).verdict, Verdict::Wrong);
    EXPECT_EQ(leafAt(file, Offset{0x1020 + 4000}).role, FieldNode::Role::Unexplained);

    const Scanned noise(test::corpusFile("damaged-noise").bytes());
    const auto covered = coverage({*noise.store, noise.snapshot});
    ASSERT_TRUE(covered);
    for (const auto &[name, part] : *covered) {
        EXPECT_GT(part.unexplained, 0U) << name;
        EXPECT_EQ(part.padding, 0U) << name;
    }
}

TEST(Explainer, WhatNobodyChecksIsToldNotBlamed)
{
    FileBuilder builder;
    builder.flip(Offset{8}).flip(Offset{20}).flip(Offset{32 + 4000});
    const Scanned file(builder.bytes());
    const auto size = leafAt(file, Offset{8});
    EXPECT_EQ(size.verdict, Verdict::NotChecked);
    EXPECT_EQ(size.expected, 32U);
    EXPECT_EQ(size.found, 33U);
    const auto reserved = leafAt(file, Offset{20});
    EXPECT_EQ(reserved.role, FieldNode::Role::Padding);
    EXPECT_EQ(reserved.found, 1U) << "bytes that are not zero";
    EXPECT_EQ(leafAt(file, Offset{32 + 4000}).found, 1U);
    for (const auto &piece : pieces(file))
        EXPECT_FALSE(piece.error);
}

TEST(Explainer, ARecordThatDoesNotFitItsSchemaIsWrongAtOneField)
{
    auto record = dune().encode();
    record[24] = std::byte{7}; // the year's tag
    FileBuilder builder;
    builder.begin().append(SegmentType::Schema, books().encode()).append(SegmentType::Record, record).commit();
    const Scanned file(builder.bytes());
    const Offset payload = builder.offsets()[3] + SegmentHeader::kSize;
    const auto tag = leafAt(file, payload + 24);
    EXPECT_EQ(tag.verdict, Verdict::Wrong);
    EXPECT_EQ(tag.error, ErrorCode::RecordPayloadTypeMismatch);
    EXPECT_EQ(tag.expected, 1U);
    EXPECT_EQ(tag.found, 7U);
    EXPECT_EQ(leafAt(file, payload + 25).role, FieldNode::Role::Unexplained);
    EXPECT_EQ(leafAt(file, payload + 16).verdict, Verdict::Right) << "what lies before it";
}

TEST(Explainer, AFieldThatWantsMoreThanThereIsTakesNothing)
{
    auto record = dune().encode();
    record[12] = std::byte{0xF0}; // the length of the key
    FileBuilder builder;
    builder.begin().append(SegmentType::Schema, books().encode()).append(SegmentType::Record, record).commit();
    const Scanned file(builder.bytes());
    const auto text = leafAt(file, builder.offsets()[3] + (SegmentHeader::kSize + 16));
    EXPECT_EQ(text.role, FieldNode::Role::Unexplained);
    EXPECT_EQ(text.name, "text");
    EXPECT_EQ(text.error, ErrorCode::TruncatedRecordPayload);
    EXPECT_EQ(text.expected, 0xF0U);
    EXPECT_EQ(text.found, record.size() - 16);
    EXPECT_EQ(text.end, builder.offsets()[4]);
}

TEST(Explainer, AFieldOfWhichNoByteIsThereIsShownToo)
{
    auto record = dune().encode();
    record.resize(20); // up to the count
    FileBuilder builder;
    builder.begin().append(SegmentType::Schema, books().encode()).append(SegmentType::Record, record).commit();
    const Scanned file(builder.bytes());
    const auto piece = Explainer(*file.store, file.snapshot).at(builder.offsets()[3]);
    ASSERT_TRUE(piece);
    const auto &count = piece->children[1].children.back();
    EXPECT_EQ(count.name, "count");
    EXPECT_EQ(count.length(), 0U);
    EXPECT_EQ(count.error, ErrorCode::TruncatedRecordPayload);
    EXPECT_EQ(count.expected, 4U);
}

TEST(Explainer, ARecordOfAnotherSchemaVersionIsDecodedWithItsOwnAndMarked)
{
    auto second = books();
    second.kind = CatalogEntry::Kind::NewSchemaVersion;
    second.schemaVersion = 2;
    second.fields.push_back({{{"note"}}, {.tag = TypeTag::String}, {}});
    FileBuilder builder;
    builder.begin().append(SegmentType::Schema, books().encode()).append(SegmentType::Record, dune().encode()).commit();
    builder.begin().append(SegmentType::Schema, second.encode()).commit();
    const Scanned file(builder.bytes());
    const Offset record = builder.offsets()[3];
    const auto version = leafAt(file, record + (SegmentHeader::kSize + 6));
    EXPECT_EQ(version.verdict, Verdict::Wrong);
    EXPECT_EQ(version.expected, 2U);
    EXPECT_EQ(pathText(file, record + (SegmentHeader::kSize + 25)),
              "segment record / record books / value year / value");
    EXPECT_EQ(Explainer(*file.store, file.snapshot).at(record)->error, ErrorCode::InvalidSchemaVersion);
}

/// The field of that name in the piece that begins at `offset`.
FieldNode fieldAt(const Scanned &file, Offset offset, std::string_view name)
{
    const auto piece = Explainer(*file.store, file.snapshot).at(offset);
    if (!piece)
        return {};
    for (const auto &part : piece->children)
        if (const auto field = std::ranges::find(part.children, name, &FieldNode::name); field != part.children.end())
            return *field;
    return {};
}

TEST(Explainer, ACommitOfAnotherIdIsWrongAtItsId)
{
    FileBuilder builder;
    builder.begin(7).append(SegmentType::Temp, "x").commit(8);
    const Scanned file(builder.bytes());
    const auto id = fieldAt(file, builder.last(), "transaction id");
    EXPECT_EQ(id.verdict, Verdict::Wrong);
    EXPECT_EQ(id.expected, 7U);
    EXPECT_EQ(id.found, 8U);
    EXPECT_EQ(id.rule, mustBe(7));
    EXPECT_EQ(id.error, ErrorCode::InvalidTxnPayload);
    EXPECT_EQ(Explainer(*file.store, file.snapshot).at(builder.last())->error, ErrorCode::InvalidTxnPayload);
}

TEST(Explainer, SegmentsOutOfPlaceAreWrongAtTheirType)
{
    FileBuilder builder;
    builder.commit().begin(1).begin(2).commit(2);
    builder.append(SegmentType::Index, IndexChanges{}.encode()).append(SegmentType::Index, IndexChanges{}.encode());
    const Scanned file(builder.bytes());
    const auto at = builder.offsets();
    const auto ruleOf = [&](std::size_t segment) { // counted from the first manifest
        const auto type = fieldAt(file, at[segment], "type");
        EXPECT_EQ(type.verdict == Verdict::Wrong, type.error.has_value());
        return type.verdict == Verdict::Wrong ? type.rule.kind : Rule::Kind::None;
    };
    EXPECT_EQ(ruleOf(1), Rule::Kind::InTransaction) << "a commit of nothing";
    EXPECT_EQ(ruleOf(2), Rule::Kind::None);
    EXPECT_EQ(ruleOf(3), Rule::Kind::NoTransaction) << "a begin in a transaction";
    EXPECT_EQ(ruleOf(4), Rule::Kind::None);
    EXPECT_EQ(ruleOf(5), Rule::Kind::InTransaction) << "data outside of transactions";
    EXPECT_EQ(ruleOf(6), Rule::Kind::InTransaction) << "and more of it, told in one finding";

    const auto covered = coverage({*file.store, file.snapshot});
    ASSERT_TRUE(covered);
    EXPECT_EQ(covered->at("segment header").faults, 4U);
}

TEST(Explainer, WhatTheNextWriterCutsIsSaidToLieBehindTheSafeEnd)
{
    FileBuilder builder;
    builder.transaction().begin().append(SegmentType::Temp, "x");
    const Scanned file(builder.bytes());
    const auto at = builder.offsets();
    const auto said = [&](Offset offset) { return Explainer(*file.store, file.snapshot).at(offset)->valueName; };
    EXPECT_EQ(said(at[0]), "");
    EXPECT_EQ(said(at[at.size() - 3]), "");
    EXPECT_EQ(said(at[at.size() - 2]), "behind the safe end");
    EXPECT_EQ(said(at.back()), "behind the safe end");
}

TEST(Explainer, ARecordOfNoCollectionIsReadAsFarAsItsKey)
{
    auto record = dune();
    record.head.collectionId = 9;
    FileBuilder builder;
    builder.begin().append(SegmentType::Record, record.encode()).commit();
    const Scanned file(builder.bytes());
    const Offset payload = builder.offsets()[2] + SegmentHeader::kSize;
    const auto collection = leafAt(file, payload + 2);
    EXPECT_EQ(collection.error, ErrorCode::UnknownCollection);
    EXPECT_EQ(collection.expected, collection.found) << "no id would be the right one";
    EXPECT_EQ(leafAt(file, payload + 10).valueName, "insert");
    EXPECT_EQ(pathText(file, payload + 16), "segment record / record / primary key / text");
    EXPECT_EQ(leafAt(file, payload + 16).value, FieldValue(std::string("Dune")));
    EXPECT_EQ(leafAt(file, payload + 20).role, FieldNode::Role::Unexplained);
}

TEST(Explainer, AnEntryThatBreaksARuleOfTheCatalogIsWrongAtItsField)
{
    FileBuilder builder;
    auto again = books();
    again.collectionId = 2;
    builder.begin().append(SegmentType::Schema, books().encode()).append(SegmentType::Schema, again.encode()).commit();
    const Scanned file(builder.bytes());
    const auto piece = Explainer(*file.store, file.snapshot).at(builder.offsets()[3] + (SegmentHeader::kSize + 8));
    ASSERT_TRUE(piece);
    EXPECT_EQ(piece->error, ErrorCode::DuplicateCollectionName);
    const auto path = pathTo(*piece, builder.offsets()[3] + (SegmentHeader::kSize + 8));
    ASSERT_EQ(path.size(), 4U);
    EXPECT_EQ(path[2]->name, "name");
    EXPECT_EQ(path[2]->verdict, Verdict::Wrong);
}

TEST(Explainer, LooksIntoTheCheckpointWithTheCatalogThatItHolds)
{
    const auto catalog = books().encode();
    const auto record = dune().encode();
    auto other = dune();
    other.head.collectionId = 9;
    const auto stray = other.encode();
    const auto index = IndexChanges{}.encode();
    const Checkpoint checkpoint{.replayFrom = kLogStart,
                                .catalogEntries = {{.at = {}, .bytes = catalog}},
                                .records = {{.at = {}, .bytes = record}, {.at = {}, .bytes = stray}},
                                .indexChanges = {.at = {}, .bytes = index}};
    FileBuilder builder;
    builder.append(SegmentType::Checkpoint, checkpoint.encode());
    const Scanned file(builder.bytes());
    const Offset payload = builder.last() + SegmentHeader::kSize;
    const auto decoded = Checkpoint::decode(file.payload(file.segments().back()), payload);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(pathText(file, decoded->records[0].at + 25),
              "segment checkpoint / checkpoint / records / record / record books / value year / value");
    EXPECT_EQ(leafAt(file, decoded->records[1].at + 2).error, ErrorCode::UnknownCollection);
    EXPECT_EQ(pathText(file, decoded->indexChanges.at + 2),
              "segment checkpoint / checkpoint / index entries / index changes / count");
    EXPECT_EQ(leafAt(file, payload + 2).target(), kLogStart);
    expectTiled(builder.bytes());
}

TEST(Explainer, ATornSegmentShowsItsHeader)
{
    FileBuilder builder;
    builder.begin().append(SegmentType::Record, std::string(100, 'r'));
    const Offset torn = builder.last();
    builder.cut(torn.value + 50);
    const Scanned file(builder.bytes());
    EXPECT_EQ(pathText(file, torn + 12), "damage / segment header / payload length");
    const auto length = leafAt(file, torn + 12);
    EXPECT_EQ(length.verdict, Verdict::Wrong);
    EXPECT_EQ(length.error, ErrorCode::SegmentPayloadPastEof);
    EXPECT_EQ(length.expected, 18U);
    EXPECT_EQ(length.found, 100U);
    EXPECT_EQ(leafAt(file, torn + 40).role, FieldNode::Role::Unexplained);
}

TEST(Explainer, AHeaderWithAWrongChecksumIsShownAndWhatIsNoHeaderIsNot)
{
    FileBuilder builder;
    builder.begin().append(SegmentType::Record, "record").commit();
    builder.flip(builder.offsets()[2] + 9);
    builder.appendRaw("something else");
    const Scanned file(builder.bytes());
    EXPECT_EQ(leafAt(file, builder.offsets()[2] + 9).verdict, Verdict::Wrong);
    EXPECT_EQ(leafAt(file, builder.offsets()[2] + 28).name, "header CRC");
    EXPECT_EQ(pathText(file, Offset{builder.length() - 1}), "damage / unexplained");
    EXPECT_EQ(leafAt(file, Offset{builder.length() - 1}).error, ErrorCode::TruncatedSegmentHeader);
}

TEST(Explainer, ALongPayloadIsNotDecoded)
{
    FileBuilder builder;
    const Offset segment{builder.length()};
    builder.appendOversized(SegmentType::Record, kMaxPayload + 1);
    const Scanned file(builder.bytes());
    const auto leaf = leafAt(file, segment + SegmentHeader::kSize);
    EXPECT_EQ(leaf.role, FieldNode::Role::Unexplained);
    EXPECT_EQ(leaf.error, ErrorCode::PayloadOverLimit);
    EXPECT_EQ(leaf.length(), kMaxPayload + 1);
    EXPECT_EQ(leafAt(file, segment + 20).verdict, Verdict::Right) << "the scan has compared its checksum";
}

TEST(Explainer, OfAPayloadWithVeryManyFieldsThoseAskedForAreShown)
{
    auto entry = books();
    FieldType list{.tag = TypeTag::List};
    list.inner.push_back({.tag = TypeTag::Bool});
    entry.fields[1].type = list;
    auto record = dune();
    record.fields.front().value = {ListValue{.values = std::vector<Value>(100'000, Value{true})}};
    FileBuilder builder;
    builder.begin().append(SegmentType::Schema, entry.encode()).append(SegmentType::Record, record.encode()).commit();
    const Scanned file(builder.bytes());
    const Offset payload = builder.offsets()[3] + SegmentHeader::kSize;
    const Offset last = builder.offsets()[4];

    const auto piece = Explainer(*file.store, file.snapshot).explain(file.segments()[3]);
    tiles(piece, builder.offsets()[3]);
    EXPECT_LT(piece.children[1].children.back().children.size(), ExplainFocus{}.nodes);
    EXPECT_EQ(pathTo(piece, Offset{last.value - 1}).back()->role, FieldNode::Role::More);
    EXPECT_EQ(pathText(file, Offset{last.value - 1}),
              "segment record / record books / value year / value 99999 / value");
    EXPECT_EQ(pathText(file, payload + 28), "segment record / record books / value year / value 0 / type tag");
    const auto all = coverage({*file.store, file.snapshot});
    ASSERT_TRUE(all);
    EXPECT_EQ(all->at("record").named, last - payload) << "what is gathered has a name too";
}

TEST(Explainer, StopsWhenItIsTold)
{
    FileBuilder builder;
    builder.transaction(5);
    const Scanned file(builder.bytes());
    int seen = 0;
    const auto done =
        Explainer(*file.store, file.snapshot).forEach(Offset{0}, Offset{builder.length()}, [&seen](const FieldNode &) {
            return ++seen < 5;
        });
    EXPECT_TRUE(done);
    EXPECT_EQ(seen, 5);
    const auto stopped = coverage({*file.store, file.snapshot}, [](std::uint64_t, std::uint64_t) { return false; });
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
}

TEST(Explainer, OfARangeTellsThePiecesThatItMeets)
{
    FileBuilder builder;
    builder.transaction(1).publish().transaction(1);
    const auto &at = builder.offsets();
    builder.flip(at[6]); // the magic of the second record
    const Scanned file(builder.bytes());
    const auto names = [&file](Offset begin, Offset end) {
        std::vector<std::string> found;
        EXPECT_TRUE(Explainer(*file.store, file.snapshot).forEach(begin, end, [&found](const FieldNode &node) {
            found.push_back(node.label.empty() ? std::string(node.name) : node.label);
            return true;
        }));
        return found;
    };
    EXPECT_THAT(names(Offset{0}, Offset{33}), ElementsAre("file header", "A"));
    EXPECT_THAT(names(Offset{0x1020}, kLogStart + 1), ElementsAre("B", "manifest"));
    EXPECT_THAT(names(at[2] + 5, at[3] + 1), ElementsAre("record", "txn_commit"));
    EXPECT_THAT(names(at[1], at[1]), ElementsAre());
    EXPECT_THAT(names(at[6] + 40, at[7] + 1), ElementsAre("damage", "txn_commit"));
    EXPECT_THAT(names(at[5], at[6] + 1), ElementsAre("txn_begin", "damage"));
}

TEST(Explainer, OfAScanUnderWaySaysWhatIsNotScannedYet)
{
    FileBuilder builder;
    builder.begin().append(SegmentType::Schema, books().encode()).append(SegmentType::Record, dune().encode()).commit();
    const auto store = builder.store();
    const auto head = readFileHead(*store).value();
    const auto snapshot = makeSnapshot({}, head, emptyLogScan(head.fileLength));
    const auto piece = Explainer(*store, snapshot).at(builder.last());
    ASSERT_TRUE(piece);
    EXPECT_EQ(piece->name, "not scanned");
    EXPECT_EQ(piece->begin, kLogStart);
    EXPECT_EQ(piece->end, Offset{head.fileLength});
    EXPECT_FALSE(piece->error);
}

} // namespace
} // namespace modelvault
