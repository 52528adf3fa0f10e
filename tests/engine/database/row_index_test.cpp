// The rows of a database are what is left when the log is replayed, record by record.

#include "database/row_index.h"

#include "database/row_reader.h"
#include "store/fault_store.h"
#include "support/corpus.h"
#include "support/file_builder.h"
#include "support/results.h"
#include "support/scanned.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <format>
#include <map>
#include <random>

namespace modelvault {
namespace {

using test::FileBuilder;
using test::outcome;
using test::Scanned;

constexpr std::uint32_t kBooks = 1;

/// A database with books: a title, which is the key, and a number.
class RowFile {
public:
    RowFile() { addSchema({.kind = CatalogEntry::Kind::CreateCollection, .name = "books", .primaryField = "title"}); }

    RowFile &put(const std::string &title, std::int64_t number, std::uint8_t operation = RecordHead::Insert)
    {
        file.append(SegmentType::Record, record(title, number, operation).encode());
        return *this;
    }
    RowFile &remove(const std::string &title) { return put(title, 0, RecordHead::Delete); }
    RowFile &autocommit(const std::string &title, std::int64_t number)
    {
        file.begin();
        put(title, number);
        file.commit();
        return *this;
    }
    /// A new version of the schema, with one field more.
    RowFile &addField(const std::string &name)
    {
        m_fields.push_back({.path = {{name}}, .type = optionalNumber()});
        ++m_schemaVersion;
        return addSchema({.kind = CatalogEntry::Kind::NewSchemaVersion});
    }

    FileBuilder file;

private:
    static FieldType optionalNumber()
    {
        FieldType type{.tag = TypeTag::Optional};
        type.inner.push_back({.tag = TypeTag::Int64});
        return type;
    }

    RowFile &addSchema(CatalogEntry entry)
    {
        entry.collectionId = kBooks;
        entry.schemaVersion = m_schemaVersion;
        entry.fields = m_fields;
        file.begin().append(SegmentType::Schema, entry.encode()).commit();
        return *this;
    }

    Record record(const std::string &title, std::int64_t number, std::uint8_t operation) const
    {
        Record made{.head = {.payloadVersion = Record::kVersionPaths,
                             .collectionId = kBooks,
                             .schemaVersion = m_schemaVersion,
                             .operation = operation,
                             .key = {title}},
                    .fields = {}};
        if (operation == RecordHead::Delete)
            return made;
        made.fields.resize(m_fields.size() - 1);
        made.fields[0] = {{{"number"}}, {number}};
        for (std::size_t i = 1; i < made.fields.size(); ++i) {
            made.fields[i].path = m_fields[i + 1].path;
            made.fields[i].value.data.emplace<OptionalValue>();
        }
        return made;
    }

    std::uint32_t m_schemaVersion = 1;
    std::vector<FieldDefinition> m_fields{{.path = {{"title"}}, .type = {.tag = TypeTag::String}},
                                          {.path = {{"number"}}, .type = {.tag = TypeTag::Int64}}};
};

std::map<std::string, std::int64_t> numbersOf(const Scanned &scanned)
{
    std::map<std::string, std::int64_t> numbers;
    RowReader reader(*scanned.store, scanned.snapshot);
    scanned.snapshot->rows->collection(kBooks).live.forEach([&](RecordNo record) {
        const auto row = reader.read(record).value();
        numbers[std::get<std::string>(row.record.head.key.data)] =
            std::get<std::int64_t>(row.value({{"number"}})->data);
    });
    return numbers;
}

using Numbers = std::map<std::string, std::int64_t>;

TEST(RowIndex, HasTheLastVersionOfEachRow)
{
    RowFile rows;
    rows.autocommit("Dune", 1).autocommit("Emma", 2).autocommit("Dune", 3);
    const Scanned scanned(rows.file.bytes());
    EXPECT_EQ(numbersOf(scanned), (Numbers{{"Dune", 3}, {"Emma", 2}}));
    EXPECT_EQ(scanned.snapshot->rows->collection(kBooks).versions, 3U);
    EXPECT_TRUE(scanned.snapshot->rows->isComplete());
    EXPECT_TRUE(scanned.snapshot->rows->findings().empty());
}

TEST(RowIndex, KeepsDeletedRowsApartWithTheirHistory)
{
    RowFile rows;
    rows.autocommit("Dune", 1).autocommit("Emma", 2);
    rows.file.begin();
    rows.remove("Dune");
    rows.file.commit();
    const Scanned scanned(rows.file.bytes());
    const auto &books = scanned.snapshot->rows->collection(kBooks);
    EXPECT_EQ(numbersOf(scanned), (Numbers{{"Emma", 2}}));
    EXPECT_EQ(books.deleted.size(), 1U);

    const auto last = scanned.snapshot->rows->last(kBooks, test::bytesOf("Dune"));
    ASSERT_TRUE(last);
    EXPECT_TRUE(books.deleted.contains(*last));
    const auto history = RowReader(*scanned.store, scanned.snapshot).history(*last, 10).value();
    ASSERT_EQ(history.size(), 2U);
    EXPECT_EQ(history[0].record.head.operation, RecordHead::Delete);
    EXPECT_EQ(history[1].record.head.operation, RecordHead::Insert);
    EXPECT_EQ(history[1].segment.transaction, TransactionNo{1});
    EXPECT_FALSE(scanned.snapshot->rows->last(kBooks, test::bytesOf("Ulysses")));
    EXPECT_FALSE(scanned.snapshot->rows->last(kBooks + 1, test::bytesOf("Dune")));
}

TEST(RowIndex, KnowsTheVersionOfAnEarlierMoment)
{
    RowFile rows;
    rows.autocommit("Dune", 1).autocommit("Dune", 2).autocommit("Dune", 3);
    const Scanned scanned(rows.file.bytes());
    RowReader reader(*scanned.store, scanned.snapshot);
    const auto last = scanned.snapshot->rows->last(kBooks, test::bytesOf("Dune")).value();
    const auto numberBefore = [&](Offset end) -> std::optional<std::int64_t> {
        const auto version = reader.versionBefore(last, end).value();
        if (!version)
            return std::nullopt;
        return std::get<std::int64_t>(reader.read(*version).value().value({{"number"}})->data);
    };
    const auto history = reader.history(last, 10).value();
    EXPECT_EQ(numberBefore(history[0].segment.end()), 3);
    EXPECT_EQ(numberBefore({history[0].segment.end().value - 1}), 2);
    EXPECT_EQ(numberBefore(history[1].segment.offset), 1);
    EXPECT_EQ(numberBefore(history[2].segment.offset), std::nullopt);
}

TEST(RowIndex, LeavesOutWhatIsNotCommitted)
{
    RowFile rows;
    rows.autocommit("Dune", 1);
    rows.file.begin();
    rows.put("Dune", 2).put("Emma", 2);
    rows.file.abort();
    rows.file.begin();
    rows.put("Dune", 3);
    EXPECT_EQ(numbersOf(Scanned(rows.file.bytes())), (Numbers{{"Dune", 1}}));
    rows.file.commit();
    EXPECT_EQ(numbersOf(Scanned(rows.file.bytes())), (Numbers{{"Dune", 3}}));
}

TEST(RowIndex, CountsWhatComesBeforeTheFirstFaultOfTheLog)
{
    RowFile rows;
    rows.autocommit("Dune", 1);
    const auto intact = rows.file.length();
    rows.autocommit("Emma", 2);
    rows.file.flip(Offset{intact}).publish();
    EXPECT_EQ(numbersOf(Scanned(rows.file.bytes())), (Numbers{{"Dune", 1}}));
}

TEST(RowIndex, ReplaysLongTransactionsWithoutHoldingThem)
{
    for (const bool commits : {true, false}) {
        RowFile rows;
        rows.autocommit("0", -1);
        rows.file.begin();
        for (int i = 0; i < 10'000; ++i)
            rows.put(std::to_string(i % 6'000), i);
        if (commits)
            rows.file.commit();
        else
            rows.file.abort();
        rows.autocommit("last", 7);
        const Scanned scanned(rows.file.bytes());
        const auto &books = scanned.snapshot->rows->collection(kBooks);
        EXPECT_EQ(books.live.size(), commits ? 6'001U : 2U);
        EXPECT_EQ(books.versions, commits ? 10'002U : 2U);
        const auto first = scanned.snapshot->rows->last(kBooks, test::bytesOf("0")).value();
        EXPECT_EQ(RowReader(*scanned.store, scanned.snapshot).history(first, 10)->size(), commits ? 3U : 1U);
    }
}

TEST(RowIndex, OfARecordThatDoesNotDecodeSaysWhereAndLeavesTheRowAsItWas)
{
    RowFile rows;
    rows.autocommit("Dune", 1).autocommit("Emma", 2);
    rows.file.begin();
    rows.put("Dune", 3);
    const auto broken = rows.file.last();
    rows.file.flip(broken + SegmentHeader::kSize + 11, 0xFF).repairChecksums(broken); // the key's tag
    rows.file.commit();
    const Scanned scanned(rows.file.bytes());
    EXPECT_EQ(numbersOf(scanned), (Numbers{{"Dune", 1}, {"Emma", 2}}));
    const auto &findings = scanned.snapshot->rows->findings();
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(errorName(findings.front().code), "RecordPayloadTypeMismatch");
    EXPECT_EQ(findings.front().offset, broken);
    EXPECT_EQ(scanned.snapshot->findings, findings) << "and the snapshot says it too";
}

TEST(RowIndex, ShowsRowsOfOlderSchemasAndSaysThatTheEngineRefusesThem)
{
    RowFile rows;
    rows.autocommit("Dune", 1).addField("pages").autocommit("Emma", 2);
    const Scanned scanned(rows.file.bytes());
    EXPECT_EQ(numbersOf(scanned), (Numbers{{"Dune", 1}, {"Emma", 2}}));
    const auto &findings = scanned.snapshot->rows->findings();
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(errorName(findings.front().code), "InvalidSchemaVersion");
    EXPECT_EQ(findings.front().expected, 2U);
    EXPECT_EQ(findings.front().found, 1U);
}

TEST(RowIndex, DoesNotBlameWhatACheckpointStandsFor)
{
    RowFile rows;
    rows.autocommit("Dune", 1).addField("pages");
    const auto checkpoint = rows.file.length();
    rows.autocommit("Emma", 2);
    rows.file.begin();
    rows.put("Dune", 3);
    const auto last = rows.file.last();
    rows.file.commit();
    const Scanned scanned(rows.file.bytes());
    const auto &snapshot = *scanned.snapshot;
    const auto from = [&](Offset judged) {
        return indexRows(*scanned.store, snapshot.log, snapshot.catalog, true, judged).value()->findings();
    };
    EXPECT_EQ(from({}).size(), 1U);
    EXPECT_TRUE(from({checkpoint}).empty());

    rows.file.flip(last + SegmentHeader::kSize + 11, 0xFF).repairChecksums(last); // the key's tag
    const Scanned broken(rows.file.bytes());
    const auto findings = indexRows(*broken.store, broken.snapshot->log, broken.snapshot->catalog, true,
                                    {broken.snapshot->fileLength()});
    ASSERT_EQ(findings.value()->findings().size(), 1U);
    EXPECT_EQ(findings.value()->findings().front().severity, Severity::Warning);
}

TEST(RowIndex, GivesWhatItFoundSoFarWhileItGoesOn)
{
    RowFile rows;
    for (int i = 0; i < 20'000; ++i)
        rows.autocommit(std::to_string(i % 9'000), i);
    const Scanned scanned(rows.file.bytes());
    const auto &snapshot = *scanned.snapshot;
    RowIndexBuilder builder(*scanned.store, snapshot.log, snapshot.catalog, true);
    std::vector<std::shared_ptr<const RowIndex>> partial;
    ASSERT_TRUE(builder.run([&](std::uint64_t, std::uint64_t) {
        partial.push_back(builder.result());
        return true;
    }));
    const auto whole = builder.result();
    ASSERT_GE(partial.size(), 3U);
    EXPECT_FALSE(partial.back()->isComplete());
    for (const auto &part : partial) {
        const auto &books = part->collection(kBooks);
        EXPECT_LE(books.versions, 20'000U);
        EXPECT_EQ(books.live.size(), std::min<std::uint64_t>(books.versions, 9'000)) << "later changes don't show";
        EXPECT_EQ(part->keyCount() + part->earlierVersionCount(), books.versions);
        for (std::uint64_t i = 0; i < books.live.size(); i += 997)
            EXPECT_EQ(books.live.countBelow(books.live.at(i)), i);
    }
    EXPECT_EQ(whole->collection(kBooks).versions, 20'000U);
}

TEST(RowIndex, CanBeStoppedAndPassesOnWhatTheStoreSays)
{
    RowFile rows;
    for (int i = 0; i < 20'000; ++i)
        rows.autocommit(std::to_string(i), i);
    const Scanned scanned(rows.file.bytes());
    const auto &snapshot = *scanned.snapshot;
    const auto never = [](std::uint64_t, std::uint64_t) { return false; };
    EXPECT_EQ(outcome(indexRows(*scanned.store, snapshot.log, snapshot.catalog, true, {}, never)), "Cancelled");
    RowReader reader(*scanned.store, scanned.snapshot);
    const auto &live = snapshot.rows->collection(kBooks).live;
    const auto visit = [](const RowPayload &) { return true; };
    EXPECT_EQ(outcome(reader.scan(live, visit, never)), "Cancelled");

    auto bytes = rows.file.bytes();
    bytes.resize(bytes.size() / 2);
    const MemoryStore shorter(std::move(bytes));
    EXPECT_NE(outcome(indexRows(shorter, snapshot.log, snapshot.catalog, true)), "ok");
    EXPECT_NE(outcome(RowReader(shorter, scanned.snapshot).scan(live, visit)), "ok");
    EXPECT_NE(outcome(RowReader(shorter, scanned.snapshot).read(live.at(live.size() - 1))), "ok");
}

TEST(RowIndex, TakesAtMost32BytesAKeyAnd5ForEachEarlierVersion)
{
    for (const std::uint64_t keys : {5'000U, 20'000U, 66'000U}) {
        for (const std::uint64_t versions : {1U, 4U}) {
            RowFile rows;
            rows.file.begin();
            for (std::uint64_t i = 0; i < keys * versions; ++i)
                rows.put(std::format("a key of a usual length {}", i % keys), 1);
            rows.file.commit();
            const Scanned scanned(rows.file.bytes());
            const auto &index = *scanned.snapshot->rows;
            ASSERT_EQ(index.keyCount(), keys);
            ASSERT_EQ(index.earlierVersionCount(), keys * (versions - 1));
            constexpr std::uint64_t kChunks = 100'000; // those begun and not full
            EXPECT_LE(index.memoryBytes(), kChunks + 32 * keys + 5 * keys * (versions - 1)) << keys << ' ' << versions;
        }
    }
}

TEST(RowReader, GoesThroughTheRowsInTheOrderOfTheLog)
{
    RowFile rows;
    const std::string large(100'000, 'x'); // longer than what the walk brings along
    rows.autocommit("Dune", 1).autocommit(large, 2).autocommit("Emma", 3).autocommit("Dune", 4);
    const Scanned scanned(rows.file.bytes());
    RowReader reader(*scanned.store, scanned.snapshot);
    std::vector<std::int64_t> numbers;
    ASSERT_TRUE(reader.scan(scanned.snapshot->rows->collection(kBooks).live, [&](const RowPayload &row) {
        const auto value = row.decoder.value(row.bytes, row.at, 1);
        numbers.push_back(std::get<std::int64_t>(value.value().value().data));
        return numbers.size() < 3;
    }));
    EXPECT_EQ(numbers, (std::vector<std::int64_t>{2, 3, 4}));
}

/// The replay that is plain to see: a map from keys to the records that they had, oldest first.
using PlainRows = std::map<std::pair<std::uint32_t, std::vector<std::byte>>, std::vector<RecordNo>>;

PlainRows plainReplay(const Scanned &scanned)
{
    PlainRows rows;
    std::uint64_t next = 0;
    const auto &head = scanned.snapshot->head;
    const auto end = scanned.snapshot->log.readEnd();
    for (const auto &segment : scanned.segments()) {
        if (segment.header.type != SegmentType::Record)
            continue;
        const RecordNo no{next++};
        const auto transaction =
            segment.transaction.transform([&](TransactionNo it) { return scanned.log().transaction(it).value(); });
        const bool counts = head.hasTransactions()
            ? transaction && transaction->state == TransactionState::Committed && transaction->end <= end
            : segment.end() <= end;
        const auto &catalog = scanned.catalog().catalog();
        const auto decoded = Record::decode(
            scanned.payload(segment), segment.payloadOffset(), [&](std::uint32_t collection, std::uint32_t version) {
                return matchSchema(catalog, collection, version).transform(&SchemaMatch::layout);
            });
        if (counts && decoded && !catalog.find(decoded->head.collectionId)->primaryField.empty())
            rows[{decoded->head.collectionId, keyBytes(decoded->head.key).value()}].push_back(no);
    }
    return rows;
}

void expectPlainRows(const Scanned &scanned)
{
    const auto plain = plainReplay(scanned);
    const auto &index = *scanned.snapshot->rows;
    EXPECT_EQ(index.keyCount(), plain.size());
    std::uint64_t live = 0;
    std::uint64_t written = 0;
    for (const auto &[id, collection] : index.collections()) {
        live += collection.live.size();
        written += collection.versions;
    }
    EXPECT_EQ(index.liveCount(), live);
    EXPECT_EQ(index.versionCount(), written);
    RowReader reader(*scanned.store, scanned.snapshot);
    for (const auto &[key, versions] : plain) {
        const auto last = index.last(key.first, key.second);
        ASSERT_TRUE(last);
        std::vector<RecordNo> chain;
        for (auto record = last; record; record = index.earlier(*record))
            chain.insert(chain.begin(), *record);
        EXPECT_EQ(chain, versions);
        const auto row = reader.read(*last);
        ASSERT_TRUE(row);
        const auto &rows = index.collection(key.first);
        EXPECT_EQ(rows.deleted.contains(*last), row->record.head.operation == RecordHead::Delete);
        EXPECT_NE(rows.deleted.contains(*last), rows.live.contains(*last));
    }
}

TEST(RowIndex, IsWhatAPlainReplayGivesForRandomLogs)
{
    for (unsigned seed = 0; seed < 40; ++seed) {
        std::minstd_rand random(seed + 1);
        RowFile rows;
        for (int transaction = 0; transaction < 60; ++transaction) {
            rows.file.begin();
            for (auto left = random() % 40; left > 0; --left) {
                const auto key = std::to_string(random() % 200);
                if (random() % 4 == 0)
                    rows.remove(key);
                else
                    rows.put(key, static_cast<std::int64_t>(random()));
            }
            if (random() % 5 == 0)
                rows.file.abort();
            else
                rows.file.commit();
        }
        if (seed % 4 == 3)
            rows.file.flip(Offset{kLogStart.value + random() % (rows.file.length() - kLogStart.value)});
        expectPlainRows(Scanned(rows.file.bytes()));
    }
}

class CorpusRows : public testing::TestWithParam<std::string> { };

TEST_P(CorpusRows, AreThoseOfAPlainReplay)
{
    expectPlainRows(Scanned(test::corpusFile(GetParam()).bytes()));
}

INSTANTIATE_TEST_SUITE_P(, CorpusRows, testing::ValuesIn(test::corpusNames()), [](const auto &corpus) {
    std::string name = corpus.param;
    std::ranges::replace(name, '-', '_');
    return name;
});

} // namespace
} // namespace modelvault
