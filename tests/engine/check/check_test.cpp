// What a check tells of files that are broken at one place.

#include "check/check.h"

#include "database/database_writer.h"
#include "format/byte_writer.h"
#include "format/checkpoint.h"
#include "format/manifest.h"
#include "store/fault_store.h"
#include "support/checked.h"
#include "support/file_builder.h"
#include "support/results.h"
#include "support/sample_rows.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace modelvault {
namespace {

using test::byteVector;
using test::checked;
using test::countedWord;
using test::createWords;
using test::extendWords;
using test::FileBuilder;
using test::indexChange;
using test::outcome;
using test::Scanned;
using test::told;
using test::word;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

std::string at(std::string_view what, Offset offset)
{
    return std::format("{} {}", what, offset.value);
}

// --- Before the log ---

TEST(Check, ReservedBytesAreWorthKnowing)
{
    FileBuilder builder;
    builder.begin().commit();
    const auto begin = builder.offsets()[1];
    builder.flip({20 + 3});                                       // the header's
    builder.flip(Superblock::slotOffset(SuperblockSlot::A) + 60); // behind what the checksum covers
    builder.flip(begin + 26).repairChecksums(begin, false);
    builder.flip(begin + SegmentHeader::kSize + 23).repairChecksums(begin); // behind the marker's own checksum
    for (const auto depth : {CheckDepth::Quick, CheckDepth::Full})
        EXPECT_THAT(told(checked(builder.bytes(), depth)),
                    ElementsAre("info ReservedNotZero 20", at("info ReservedNotZero", {0x20 + 52}),
                                at("info ReservedNotZero", begin + 25),
                                at("info ReservedNotZero", begin + SegmentHeader::kSize + 22)));
}

TEST(Check, FieldsThatNobodyLooksAtAreToldWhenTheyAreWrong)
{
    FileBuilder builder;
    builder.flip({8}).flip({12}, 0x04); // header size and flags
    const auto report = checked(builder.bytes(), CheckDepth::Quick);
    ASSERT_THAT(told(report), ElementsAre("warning UncheckedFieldWrong 8", "warning UncheckedFieldWrong 12"));
    EXPECT_EQ(report.findings[0].what.expected, 32U);
    EXPECT_EQ(report.findings[0].what.found, 33U);
    EXPECT_EQ(report.findings[1].what.found, 4U);
}

/// Of version 1, with what a change makes of it.
template <class Change>
void changeSuperblock(FileBuilder &builder, SuperblockSlot slot, const Change &change)
{
    auto block = readFileHead(*builder.store()).value().superblocks[static_cast<std::size_t>(slot)].value();
    change(block);
    builder.overwrite(Superblock::slotOffset(slot), block.encode());
}

TEST(Check, PointersOfBothSuperblocksAreFollowed)
{
    FileBuilder builder;
    builder.transaction().publish();
    const auto head = readFileHead(*builder.store()).value();
    const auto used = *head.selected;
    const auto other = used == SuperblockSlot::A ? SuperblockSlot::B : SuperblockSlot::A;
    const auto intoRecord = builder.offsets()[2] + 1;
    for (const auto slot : {used, other})
        changeSuperblock(builder, slot, [&](Superblock &block) { block.manifestOffset = intoRecord; });
    const auto found = told(checked(builder.bytes(), CheckDepth::Quick));
    EXPECT_THAT(found,
                UnorderedElementsAre(at("error BadManifestPointer", Superblock::slotOffset(used) + 16),
                                     at("warning BadManifestPointer", Superblock::slotOffset(other) + 16)));
}

TEST(Check, LengthsInASuperblockAreComparedWithTheSegments)
{
    FileBuilder builder;
    builder.publish();
    const auto slot = *readFileHead(*builder.store()).value().selected;
    changeSuperblock(builder, slot, [](Superblock &block) { block.manifestLength = 19; });
    EXPECT_THAT(told(checked(builder.bytes())),
                ElementsAre(at("warning UncheckedFieldWrong", Superblock::slotOffset(slot) + 24)));
}

TEST(Check, ADamagedManifestIsNoFaultOfThePointer)
{
    FileBuilder builder;
    builder.begin().commit().publish();
    builder.flip(builder.last());
    EXPECT_THAT(told(checked(builder.bytes())), ElementsAre(at("error BadSegmentMagic", builder.last())));
}

TEST(Check, BytesBehindALoneHeaderBelongToNothing)
{
    auto bytes = FileHeader{.minor = 2}.encode();
    EXPECT_THAT(told(checked(bytes)), IsEmpty());
    bytes.resize(100);
    const auto report = checked(bytes);
    ASSERT_THAT(told(report), ElementsAre("error UnsupportedVersion 32"));
    EXPECT_EQ(report.findings.front().what.length, 68U);
}

// --- Segments ---

TEST(Check, AManifestNamesItself)
{
    FileBuilder builder;
    builder.begin().commit();
    builder.append(SegmentType::Manifest, Manifest{.segmentOffset = {9000}, .segmentLength = 50}.encode());
    builder.append(SegmentType::Manifest, "short");
    const auto wrong = builder.offsets()[3];
    EXPECT_THAT(told(checked(builder.bytes(), CheckDepth::Quick)),
                ElementsAre(at("warning InvalidManifestPayload", wrong + SegmentHeader::kSize + 2),
                            at("warning InvalidManifestPayload", builder.last())));
}

TEST(Check, APayloadOverTheLimitStopsOnlyThoseWhoReadIt)
{
    FileBuilder builder;
    builder.begin();
    const Offset oversized{builder.length()};
    builder.appendOversized(SegmentType::Record, kMaxPayload + 1);
    EXPECT_THAT(told(checked(builder.bytes())),
                UnorderedElementsAre(at("error UncleanLogTail", builder.offsets()[1]),
                                     at("warning PayloadOverLimit", oversized)));
}

TEST(Check, SaysWhatAFindingTouches)
{
    FileBuilder builder;
    builder.begin().append(SegmentType::Schema, createWords().encode()).commit();
    auto broken = word("Dune").encode();
    broken.push_back(std::byte{0});
    builder.begin().append(SegmentType::Record, broken);
    const auto record = builder.last();
    builder.commit();
    const auto report = checked(builder.bytes());
    ASSERT_THAT(told(report), ElementsAre(at("error TrailingRecordPayload", record)));
    const auto &finding = report.findings.front();
    EXPECT_EQ(finding.transaction, TransactionNo{1});
    EXPECT_EQ(finding.collection, "words");
    EXPECT_EQ(finding.key, Value{"Dune"});
}

TEST(Check, AnOperationThatIsNoneIsReported)
{
    FileBuilder builder;
    builder.begin().append(SegmentType::Schema, createWords().encode()).commit();
    auto odd = word("a");
    odd.head.operation = 7;
    builder.begin().append(SegmentType::Record, odd.encode());
    const auto record = builder.last();
    builder.commit();
    builder.begin().append(SegmentType::Record, odd.encode()).abort(); // nobody reads that one
    EXPECT_THAT(told(checked(builder.bytes())),
                ElementsAre(at("warning UnknownRecordOperation", record + SegmentHeader::kSize + 10)));
    EXPECT_THAT(told(checked(builder.bytes(), CheckDepth::Quick)), IsEmpty()) << "it reads no records";
}

TEST(Check, TheCatalogIsQuickTheRecordsAreNot)
{
    FileBuilder builder;
    builder.begin().append(SegmentType::Schema, createWords().encode()).commit();
    builder.begin().append(SegmentType::Schema, createWords(3, "gap").encode());
    const auto schema = builder.last();
    builder.append(SegmentType::Record, "??");
    const auto record = builder.last();
    builder.commit();
    EXPECT_THAT(told(checked(builder.bytes(), CheckDepth::Quick)),
                ElementsAre(at("error UnexpectedCollectionId", schema)));
    EXPECT_THAT(told(checked(builder.bytes())),
                ElementsAre(at("error UnexpectedCollectionId", schema), at("error TruncatedRecordPayload", record)));
}

TEST(Check, ADamagedPayloadIsToldOnce)
{
    // By the scan, and by those who would decode it.
    FileBuilder builder;
    builder.append(SegmentType::Checkpoint, "no checkpoint").publish(builder.last(), 13);
    const auto checkpoint = builder.offsets()[1];
    builder.flip(checkpoint + SegmentHeader::kSize);
    const auto found = told(checked(builder.bytes()));
    EXPECT_EQ(std::ranges::count(found, at("error BadSegmentPayloadChecksum", checkpoint)), 1);
    EXPECT_THAT(found, SizeIs(1));
}

// --- Rows ---

/// A database of people: name, mail (unique), town (not unique, optional), kind (an enum).
class CheckRows : public testing::Test {
protected:
    static FieldDefinition field(const char *name, FieldType type, std::vector<Constraint> constraints = {})
    {
        return {.path = {{name}}, .type = std::move(type), .constraints = std::move(constraints)};
    }
    static FieldType kind() { return {.tag = TypeTag::Enum, .inner = {}, .fields = {}, .variants = {"cat", "dog"}}; }

    CheckRows()
    {
        const FieldType text{.tag = TypeTag::String};
        m_people = m_writer
                       .createCollection(
                           "people",
                           {field("name", text, {{ConstraintKind::MaxLength, std::uint64_t{5}}}), field("mail", text),
                            field("town", {.tag = TypeTag::Optional, .inner = {text}}), field("kind", kind())},
                           {{.kind = IndexKind::Unique, .path = {{"mail"}}, .name = "by_mail"},
                            {.kind = IndexKind::NonUnique, .path = {{"town"}}, .name = "by_town"}},
                           "name")
                       .value();
    }

    void write(const std::string &name, const std::string &mail, const std::string &town = {},
               const std::string &kindOf = "cat")
    {
        OptionalValue there;
        if (!town.empty())
            there.held.push_back({town});
        const RowValues row{{name}, {mail}, {there}, {kindOf}};
        EXPECT_EQ(outcome(m_writer.write(m_people, row)), "ok");
    }

    std::vector<std::byte> bytes()
    {
        const auto all = static_cast<MemoryStore &>(m_writer.store()).view();
        return {all.begin(), all.end()};
    }
    /// The file with a segment of that type, the n-th, changed.
    FileBuilder broken(SegmentType type, std::uint64_t nth, std::size_t at, std::uint8_t bits = 1)
    {
        const Scanned file(bytes());
        m_broken = file.log().segmentsOfType(type, nth, 1).value().at(0);
        FileBuilder builder(bytes());
        builder.flip(m_broken.payloadOffset() + at, bits).repairChecksums(m_broken.offset);
        return builder;
    }
    [[nodiscard]] Offset segment(SegmentType type, std::uint64_t nth)
    {
        return Scanned(bytes()).log().segmentsOfType(type, nth, 1).value().at(0).offset;
    }

    DatabaseWriter m_writer = DatabaseWriter::create(std::make_unique<MemoryStore>()).value();
    std::uint32_t m_people = 0;
    Segment m_broken;
};

TEST_F(CheckRows, OfSoundOnesThereIsNothingToTell)
{
    write("Ann", "a@x", "Oslo");
    write("Bob", "b@x");
    write("Ann", "c@x", "Rome");
    EXPECT_TRUE(m_writer.remove(m_people, {"Bob"}).value());
    EXPECT_THAT(told(checked(bytes())), IsEmpty());
    EXPECT_EQ(outcome(m_writer.checkpoint()), "ok");
    write("Cid", "b@x", "Oslo");
    EXPECT_TRUE(m_writer.remove(m_people, {"Ann"}).value());
    EXPECT_THAT(told(checked(bytes())), IsEmpty());
}

TEST_F(CheckRows, LiveOnesKeepTheirConstraintsAndEnums)
{
    write("Barbara", "b@x", {}, "bird");
    const auto record = segment(SegmentType::Record, 0);
    const auto report = checked(bytes());
    ASSERT_THAT(told(report),
                ElementsAre(at("warning UnknownEnumVariant", record), at("warning ConstraintViolated", record)));
    EXPECT_EQ(report.findings[0].subject, "kind");
    EXPECT_EQ(report.findings[1].subject, "name: max_length");
    EXPECT_EQ(report.findings[1].key, Value{"Barbara"});

    EXPECT_TRUE(m_writer.remove(m_people, {"Barbara"}).value());
    EXPECT_THAT(told(checked(bytes())), IsEmpty()) << "it is no longer there";
}

TEST_F(CheckRows, AreJudgedInACheckpointToo)
{
    write("Barbara", "b@x");
    write("Ann", "a@x", {}, "bird");
    EXPECT_EQ(outcome(m_writer.checkpoint()), "ok");
    write("Ann", "a@x");
    const auto report = checked(bytes());
    ASSERT_THAT(report.findings, SizeIs(1)) << "the other one was replaced";
    EXPECT_EQ(report.findings[0].what.code, ErrorCode::ConstraintViolated);
    EXPECT_GT(report.findings[0].what.offset, segment(SegmentType::Checkpoint, 0));
}

TEST_F(CheckRows, EntriesAndRowsBelongToEachOther)
{
    write("Ann", "a@x", "Oslo");
    const auto index = segment(SegmentType::Index, 0);
    const auto record = segment(SegmentType::Record, 0);
    // The last byte of the payload is that of the primary key of the entry for the town.
    const auto last = Scanned(bytes()).log().segmentAt(index).value()->header.payloadLength - 1;
    auto builder = broken(SegmentType::Index, 0, static_cast<std::size_t>(last));
    const auto report = checked(builder.bytes());
    ASSERT_THAT(told(report),
                UnorderedElementsAre(at("warning IndexEntryStale", index), at("warning IndexEntryMissing", record)));
    EXPECT_THAT(report.findings, Each(Field("subject", &CheckFinding::subject, "by_town")));
    EXPECT_THAT(report.findings, Each(Field("collection", &CheckFinding::collection, "people")));
}

TEST_F(CheckRows, TwoWithOneKeyOfAUniqueIndex)
{
    write("Ann", "a@x");
    write("Bob", "b@x");
    // Bob's record says what Ann's does, while the index has him under his own mail.
    const Scanned file(bytes());
    const auto segment = file.log().segmentsOfType(SegmentType::Record, 1, 1).value().at(0);
    const auto payload = file.payload(segment);
    const std::string_view text(reinterpret_cast<const char *>(payload.data()), payload.size());
    auto builder = broken(SegmentType::Record, 1, text.find("b@x"), 'a' ^ 'b');
    EXPECT_THAT(told(checked(builder.bytes())),
                UnorderedElementsAre(at("warning UniqueIndexViolation", m_broken.offset),
                                     at("warning IndexEntryStale", this->segment(SegmentType::Index, 1))));
}

TEST(Check, EntriesOfAnIndexThatNoSchemaHas)
{
    FileBuilder builder;
    builder.begin().append(SegmentType::Schema, createWords().encode()).commit();
    builder.begin().append(SegmentType::Index, indexChange(IndexKind::NonUnique, "k", "p").encode());
    const auto index = builder.last();
    builder.commit();
    const auto report = checked(builder.bytes());
    ASSERT_THAT(told(report), ElementsAre(at("info IndexEntryUnknown", index)));
    EXPECT_EQ(report.findings[0].subject, "i");
}

// --- Checkpoints ---

TEST_F(CheckRows, ACheckpointSaysWhatTheLogSays)
{
    write("Ann", "a@x", "Oslo");
    write("Bob", "b@x");
    EXPECT_EQ(outcome(m_writer.checkpoint()), "ok");
    const Scanned file(bytes());
    const auto segment = file.log().segmentsOfType(SegmentType::Checkpoint, 0, 1).value().at(0);
    const auto checkpoint = Checkpoint::decode(file.payload(segment), segment.payloadOffset()).value();
    const auto &bob = checkpoint.records[1];
    const std::string_view text(reinterpret_cast<const char *>(bob.bytes.data()), bob.bytes.size());

    auto value = broken(SegmentType::Checkpoint, 0, bob.at - segment.payloadOffset() + text.find("cat"));
    auto report = checked(value.bytes());
    ASSERT_THAT(
        told(report),
        UnorderedElementsAre(at("warning CheckpointDiffers", bob.at), at("warning UnknownEnumVariant", bob.at)));
    EXPECT_EQ(report.findings[0].key, Value{"Bob"});
    EXPECT_EQ(report.findings[0].what.length, bob.bytes.size());

    // Another key: one row too many there, and one too few.
    auto key = broken(SegmentType::Checkpoint, 0, bob.at - segment.payloadOffset() + text.find("Bob"));
    const auto record = this->segment(SegmentType::Record, 1);
    const auto differing = told(checked(key.bytes()));
    EXPECT_THAT(
        differing,
        testing::IsSupersetOf({at("warning CheckpointDiffers", bob.at), at("warning CheckpointDiffers", record)}));

    auto index =
        broken(SegmentType::Checkpoint, 0,
               checkpoint.indexChanges.at - segment.payloadOffset() + checkpoint.indexChanges.bytes.size() - 1);
    EXPECT_THAT(told(checked(index.bytes())),
                testing::Contains(at("warning CheckpointDiffers", checkpoint.indexChanges.at)));
}

TEST_F(CheckRows, ACheckpointMayHaveConvertedThem)
{
    write("Ann", "a@x", "Oslo");
    const FieldType text{.tag = TypeTag::String};
    EXPECT_TRUE(m_writer.changeCollection(m_people,
                                          {field("name", text), field("mail", text),
                                           field("age", {.tag = TypeTag::Optional, .inner = {{.tag = TypeTag::Int64}}}),
                                           field("kind", kind())},
                                          {{.kind = IndexKind::Unique, .path = {{"mail"}}, .name = "by_mail"}}));
    EXPECT_THAT(told(checked(bytes())),
                testing::Contains(at("error InvalidSchemaVersion", segment(SegmentType::Record, 0))));
    EXPECT_EQ(outcome(m_writer.checkpoint()), "ok");
    EXPECT_THAT(told(checked(bytes()), Severity::Warning), IsEmpty());
}

TEST_F(CheckRows, BeforeACheckpointNobodyReads)
{
    write("Ann", "a@x");
    EXPECT_EQ(outcome(m_writer.checkpoint()), "ok");
    auto builder = broken(SegmentType::Record, 0, 0, 0x40); // its version
    EXPECT_THAT(told(checked(builder.bytes())),
                ElementsAre(at("warning UnknownRecordPayloadVersion", m_broken.offset)));
}

TEST_F(CheckRows, WhereACheckpointGoesOn)
{
    write("Ann", "a@x");
    EXPECT_EQ(outcome(m_writer.checkpoint()), "ok");
    const auto from = segment(SegmentType::Checkpoint, 0) + SegmentHeader::kSize + 2;
    auto amid = broken(SegmentType::Checkpoint, 0, 2);
    EXPECT_THAT(told(checked(amid.bytes())), ElementsAre(at("error InvalidCheckpointPayload", from)));
    auto before = broken(SegmentType::Checkpoint, 0, 2);
    for (const auto place : {kLogStart, kLogStart + 1}) {
        ByteWriter writer;
        writer.u64(place.value);
        before.overwrite(from, writer.written()).repairChecksums(m_broken.offset);
        EXPECT_THAT(told(checked(before.bytes())),
                    testing::Contains(at(
                        place == kLogStart ? "warning UncheckedFieldWrong" : "error InvalidCheckpointPayload", from)));
    }
    auto nowhere = broken(SegmentType::Checkpoint, 0, 8);
    EXPECT_THAT(told(checked(nowhere.bytes())), ElementsAre(at("warning UncheckedFieldWrong", from)));
}

// --- How it ends ---

TEST(Check, CanBeStoppedAndPassesOnWhatTheStoreSays)
{
    FileBuilder builder;
    builder.begin().append(SegmentType::Schema, createWords().encode()).commit();
    builder.begin().append(SegmentType::Record, word("a").encode()).commit();
    const Scanned file(builder.bytes());
    const auto never = [](std::uint64_t, std::uint64_t) { return false; };
    EXPECT_EQ(outcome(check(*file.store, *file.snapshot, CheckDepth::Full, never)), "Cancelled");

    std::uint64_t reached = 0;
    const auto rising = [&reached](std::uint64_t done, std::uint64_t total) {
        EXPECT_LE(done, total);
        EXPECT_GE(done, reached);
        reached = done;
        return true;
    };
    EXPECT_EQ(outcome(check(*file.store, *file.snapshot, CheckDepth::Full, rising)), "ok");
    EXPECT_GT(reached, 0U);

    EXPECT_EQ(outcome(file.store->truncate(kLogStart.value)), "ok");
    EXPECT_THAT(outcome(check(*file.store, *file.snapshot, CheckDepth::Full)),
                testing::AnyOf("ChangedMeanwhile", "UnexpectedEof"));
}

} // namespace
} // namespace modelvault
