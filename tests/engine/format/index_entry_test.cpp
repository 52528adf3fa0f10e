#include "format/index_entry.h"

#include "support/results.h"

#include <gtest/gtest.h>

namespace modelvault {
namespace {

using test::outcome;

constexpr Offset kAt{9000};

IndexChanges changes()
{
    return {.entries = {{.collectionId = 1,
                         .kind = IndexKind::Unique,
                         .operation = IndexOperation::Insert,
                         .indexName = "by_title",
                         .indexKey = test::byteVector("Dune"),
                         .primaryKey = test::byteVector("1")},
                        {.collectionId = 9,
                         .kind = IndexKind::NonUnique,
                         .operation = IndexOperation::Delete,
                         .indexName = "x",
                         .indexKey = {},
                         .primaryKey = {}}}};
}

Error fault(std::size_t at, int value)
{
    auto bytes = changes().encode();
    bytes.at(at) = static_cast<std::byte>(value);
    const auto decoded = IndexChanges::decode(bytes, kAt);
    return decoded ? Error{.code = ErrorCode::Cancelled} : decoded.error();
}

TEST(IndexChanges, DecodeAsTheyEncode)
{
    EXPECT_EQ(IndexChanges::decode(changes().encode(), kAt), changes());
    EXPECT_EQ(IndexChanges::decode(IndexChanges{}.encode(), kAt), IndexChanges{});
}

TEST(IndexChanges, OfVersionOneAreAlwaysInserts)
{
    auto old = changes();
    old.payloadVersion = 1;
    const auto bytes = old.encode();
    EXPECT_EQ(bytes.size() + 2, changes().encode().size());
    old.entries.back().operation = IndexOperation::Insert;
    EXPECT_EQ(IndexChanges::decode(bytes, kAt), old);
}

TEST(IndexChanges, EachFieldThatIsCheckedIsRefused)
{
    for (const int version : {0, 3})
        EXPECT_EQ(fault(0, version).code, ErrorCode::UnsupportedVersion);
    for (const std::size_t at : {10U, 11U}) { // kind and operation of the first
        for (const int value : {0, 3}) {
            const auto error = fault(at, value);
            EXPECT_EQ(error.code, ErrorCode::InvalidCatalogPayload);
            EXPECT_EQ(error.offset, kAt + at);
            EXPECT_EQ(error.found, static_cast<std::uint64_t>(value));
        }
    }
}

TEST(IndexChanges, AnIndexHasANameOfUtf8)
{
    for (const auto *name : {"", "\xFF"}) {
        auto unnamed = changes();
        unnamed.entries.back().indexName = name;
        EXPECT_EQ(outcome(IndexChanges::decode(unnamed.encode(), kAt)), "InvalidCatalogPayload");
    }
}

TEST(IndexChanges, EveryByteIsNeededAndNoneFollows)
{
    auto bytes = changes().encode();
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_EQ(outcome(IndexChanges::decode(std::span(bytes).first(size), kAt)), "InvalidCatalogPayload") << size;
    bytes.push_back(std::byte{0});
    EXPECT_EQ(outcome(IndexChanges::decode(bytes, kAt)), "InvalidCatalogPayload");
}

TEST(IndexChanges, ACountThatLiesReservesNothing)
{
    for (std::size_t at = 2; at < 6; ++at) {
        const auto error = fault(at, 0xFF);
        EXPECT_EQ(error.code, ErrorCode::InvalidCatalogPayload);
        EXPECT_EQ(error.offset, kAt + changes().encode().size());
    }
}

} // namespace
} // namespace modelvault
