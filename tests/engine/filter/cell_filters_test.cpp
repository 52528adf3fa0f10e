#include "filter/cell_filters.h"

#include <gtest/gtest.h>

namespace modelvault {
namespace {

std::vector<std::string> texts(const std::vector<Filter> &filters)
{
    std::vector<std::string> texts;
    for (const auto &filter : filters)
        texts.push_back(filter.text());
    return texts;
}

using Texts = std::vector<std::string>;

TEST(CellFilters, FindTheLikeOfAHeader)
{
    Segment segment{.no = {41},
                    .offset = {0x2211},
                    .header = {.type = SegmentType::TxnBegin, .payloadLength = 24, .payloadCrc = 0xBEEF},
                    .payloadDamaged = true,
                    .transaction = TransactionNo{11}};
    EXPECT_EQ(texts(filtersLike(segment, FilterField::Number)), (Texts{"number == 41"}));
    EXPECT_EQ(texts(filtersLike(segment, FilterField::Offset)), (Texts{"offset == 0x2211"}));
    EXPECT_EQ(texts(filtersLike(segment, FilterField::Length)), (Texts{"length == 24"}));
    EXPECT_EQ(texts(filtersLike(segment, FilterField::Type)), (Texts{"type == begin"}));
    EXPECT_EQ(texts(filtersLike(segment, FilterField::Transaction)), (Texts{"transaction == 11"}));
    EXPECT_EQ(texts(filtersLike(segment, FilterField::Crc)), (Texts{"crc == bad", "crc == 0xbeef"}));
    segment.transaction.reset();
    EXPECT_EQ(texts(filtersLike(segment, FilterField::Transaction)), (Texts{"not transaction"}));
}

TEST(CellFilters, FindTheLikeOfWhatASegmentHolds)
{
    const auto record = [](std::string collection, Value key) {
        return SegmentSummary{.what = RecordSummary{.collectionId = 3,
                                                    .collection = std::move(collection),
                                                    .operation = RecordHead::Delete,
                                                    .key = std::move(key)},
                              .fault = {}};
    };
    EXPECT_EQ(texts(filtersLike(record("a \"b\"", {std::string("Dune\n")}))),
              (Texts{R"(collection == "a \"b\"")", R"(key == "Dune\n")", "operation == delete"}));
    EXPECT_EQ(texts(filtersLike(record("", {std::string(1000, 'k')}))),
              (Texts{"collection == 3", "operation == delete"}));
    EXPECT_EQ(texts(filtersLike(record("b", {std::int64_t{-4}}))),
              (Texts{"collection == \"b\"", "key == -4", "operation == delete"}));
    EXPECT_EQ(texts(filtersLike({.what = IndexSummaries{.indexes = {{.collectionId = 1, .index = "by_year", .inserted = 1},
                                                                    {.collectionId = 1, .index = "by_title"},
                                                                    {.collectionId = 2, .index = "by_name"}},
                                                        .entries = 3},
                                 .fault = {}})),
              (Texts{"collection == 1", "collection == 2", "operation == insert"}));
    EXPECT_EQ(texts(filtersLike({.what = IndexSummaries{.indexes = {{.collectionId = 1, .index = "x", .deleted = 2}},
                                                        .entries = 2},
                                 .fault = {}})),
              (Texts{"collection == 1", "operation == delete"}));
    EXPECT_EQ(texts(filtersLike({.what = SchemaSummary{.collectionId = 1, .collection = "books"}, .fault = {}})),
              (Texts{"collection == \"books\""}));
    EXPECT_EQ(texts(filtersLike({.what = MarkerSummary{.transactionId = 9}, .fault = {}})), Texts{});
}

TEST(CellFilters, JoinToTheFilterThatIsThere)
{
    const auto join = [](std::string_view base, FilterJoin how, std::string_view other) {
        const auto filter = joined(*Filter::parse(base), how, *Filter::parse(other));
        EXPECT_EQ(Filter::parse(filter.text()), filter);
        return filter.text();
    };
    EXPECT_EQ(join("key", FilterJoin::Only, "number == 1"), "number == 1");
    EXPECT_EQ(join("key", FilterJoin::OnlyNot, "number == 1"), "not number == 1");
    EXPECT_EQ(join("key", FilterJoin::OnlyNot, "not transaction"), "transaction");
    EXPECT_EQ(join("key", FilterJoin::And, "number == 1"), "key and number == 1");
    EXPECT_EQ(join("key and txn", FilterJoin::AndNot, "number == 1"), "key and transaction and not number == 1");
    EXPECT_EQ(join("key or txn", FilterJoin::And, "number == 1"), "(key or transaction) and number == 1");
    EXPECT_EQ(join("key and txn", FilterJoin::Or, "number == 1"), "key and transaction or number == 1");
    EXPECT_EQ(join("", FilterJoin::Or, "number == 1"), "number == 1");
    EXPECT_EQ(join("", FilterJoin::AndNot, "number == 1"), "not number == 1");
}

} // namespace
} // namespace modelvault
