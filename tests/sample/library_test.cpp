#include "sample/library.h"

#include "sample/cover.h"
#include "store/memory_store.h"
#include "support/results.h"
#include "support/scanned.h"
#include "support/scratch_dir.h"
#include "support/strict_open.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <set>

namespace modelvault::sample {
namespace {

using test::DatabaseState;
using test::Scanned;
using testing::ElementsAre;
using testing::Ge;

std::vector<std::byte> library()
{
    const auto store = writeLibrary(std::make_unique<MemoryStore>()).value();
    const auto all = static_cast<MemoryStore &>(*store).view();
    return {all.begin(), all.end()};
}

const Collection &collectionNamed(const DatabaseState &state, std::string_view name)
{
    return std::ranges::find_if(state.catalog.collections(),
                                [name](const auto &one) { return one.second.name == name; })
        ->second;
}

/// What all rows of a collection have in one field.
std::vector<Value> valuesOf(const DatabaseState &state, std::string_view collection, const std::string &field)
{
    std::vector<Value> values;
    for (const auto &[key, record] : state.rows.at(collectionNamed(state, collection).id))
        for (const auto &[path, value] : record.fields)
            if (path.text() == field)
                values.push_back(value);
    return values;
}

std::set<std::string> textsOf(const DatabaseState &state, std::string_view collection, const std::string &field)
{
    std::set<std::string> texts;
    for (const auto &value : valuesOf(state, collection, field))
        texts.insert(std::get<std::string>(value.data));
    return texts;
}

TEST(Library, IsTheSampleInTheResources)
{
    EXPECT_TRUE(library() == test::readFile(MODELVAULT_SAMPLE))
        << "make it anew: rm resources/sample/library.mv && ./dev make-db --sample resources/sample/library.mv";
}

TEST(Library, OpensCleanlyAndHasTwoThousandRows)
{
    const auto bytes = library();
    EXPECT_LT(bytes.size(), 2'000'000U);
    const Scanned scanned(bytes);
    EXPECT_THAT(scanned.snapshot->findings, testing::IsEmpty());
    for (const auto &change : scanned.catalog().changes())
        EXPECT_FALSE(change.fault);

    const auto state = test::openStrictly(bytes);
    ASSERT_TRUE(state) << test::outcome(state);
    std::size_t rows = 0;
    for (const auto &[collection, ofIt] : state->rows)
        rows += ofIt.size();
    EXPECT_EQ(rows, 2'000U);
}

TEST(Library, HasAllThatCanHappenToADatabase)
{
    const Scanned scanned(library());
    const auto &index = *scanned.snapshot->log.index;
    EXPECT_EQ(index.count(SegmentType::TxnAbort), 1U);
    EXPECT_EQ(index.count(SegmentType::Checkpoint), 1U);

    std::array<std::size_t, 4> operations{};
    std::size_t records = 0;
    std::size_t mostRecords = 0;
    bool isCheckpointBefore = false;
    std::size_t commitsBehindCheckpoint = 0;
    for (const auto &segment : scanned.segments()) {
        const auto type = segment.header.type;
        if (type == SegmentType::TxnBegin)
            records = 0;
        isCheckpointBefore = isCheckpointBefore || type == SegmentType::Checkpoint;
        if (type == SegmentType::TxnCommit) {
            mostRecords = std::max(mostRecords, records);
            commitsBehindCheckpoint += isCheckpointBefore ? 1 : 0;
        }
        if (type != SegmentType::Record)
            continue;
        ++records;
        const auto head = RecordHead::decode(scanned.payload(segment), segment.payloadOffset()).value();
        ++operations.at(head.operation);
        EXPECT_EQ(head.schemaVersion, scanned.catalog().catalog().find(head.collectionId)->current().number)
            << "of another version it would not open";
    }
    EXPECT_THAT(operations, ElementsAre(0, Ge(2'000U), Ge(200U), Ge(20U)));
    EXPECT_GE(mostRecords, 500U) << "a large transaction";
    EXPECT_GE(commitsBehindCheckpoint, 100U);
}

TEST(Library, IsAboutBooksMembersLoansAndBranches)
{
    const auto state = test::openStrictly(library()).value();
    std::vector<std::string> names;
    for (const auto &[id, collection] : state.catalog.collections())
        names.push_back(collection.name);
    EXPECT_THAT(names, ElementsAre("branches", "books", "members", "loans"));
    EXPECT_EQ(collectionNamed(state, "books").versions.size(), 2U);

    EXPECT_THAT(textsOf(state, "loans", "status"), ElementsAre("lost", "open", "overdue", "returned"));
    EXPECT_THAT(textsOf(state, "books", "language"), ElementsAre("de", "en", "es", "fr", "it", "pl"));
    EXPECT_THAT(textsOf(state, "members", "address.town").size(), 6U) << "nested by its path";
    EXPECT_EQ(textsOf(state, "members", "email").size(), state.rows.at(3).size()) << "unique";
}

TEST(Library, LoansAreOfBooksThatWereThereAndOfMembersThatAre)
{
    const auto state = test::openStrictly(library()).value();
    const auto &members = state.rows.at(collectionNamed(state, "members").id);
    for (const auto &member : valuesOf(state, "loans", "member"))
        EXPECT_TRUE(members.contains(keyBytes(member).value()));
    const auto lent = valuesOf(state, "loans", "lent");
    const auto returned = valuesOf(state, "loans", "returned");
    ASSERT_EQ(lent.size(), returned.size());
    for (std::size_t i = 0; i < lent.size(); ++i) {
        const auto &held = std::get<OptionalValue>(returned[i].data).held;
        EXPECT_TRUE(held.empty() || std::get<Timestamp>(held.front().data) > std::get<Timestamp>(lent[i].data));
    }
}

TEST(Library, ValuesKeepTheConstraintsOfTheirFields)
{
    const auto state = test::openStrictly(library()).value();
    for (const auto &[key, record] : state.rows.at(collectionNamed(state, "books").id)) {
        const auto &isbn = std::get<std::string>(record.head.key.data);
        ASSERT_EQ(isbn.size(), 13U);
        int sum = 0;
        for (std::size_t i = 0; i < isbn.size(); ++i)
            sum += (isbn[i] - '0') * (i % 2 == 0 ? 1 : 3);
        EXPECT_EQ(sum % 10, 0) << isbn;
    }
    for (const auto &year : valuesOf(state, "books", "year")) {
        EXPECT_GE(std::get<std::int64_t>(year.data), 1450);
        EXPECT_LE(std::get<std::int64_t>(year.data), 2100);
    }
    for (const auto &title : textsOf(state, "books", "title"))
        EXPECT_THAT(title.size(), testing::AllOf(testing::Ge(1U), testing::Le(200U)));
    for (const auto &email : textsOf(state, "members", "email"))
        EXPECT_THAT(email, testing::MatchesRegex("[a-z]+[.][a-z]+[0-9]+@mail[.]example"));
}

TEST(Cover, IsAPicture)
{
    Random random(1);
    const auto png = makeCover(random);
    const auto bytesAt = [&png](std::size_t from, std::size_t count) {
        return std::string(reinterpret_cast<const char *>(png.data()) + from, count);
    };
    EXPECT_EQ(bytesAt(0, 8), "\x89PNG\r\n\x1a\n");
    EXPECT_EQ(bytesAt(12, 4), "IHDR");
    EXPECT_EQ(bytesAt(png.size() - 12, 12), std::string("\0\0\0\0IEND\xAE\x42\x60\x82", 12)) << "with its known CRC";
    EXPECT_NE(makeCover(random), png);
}

} // namespace
} // namespace modelvault::sample
