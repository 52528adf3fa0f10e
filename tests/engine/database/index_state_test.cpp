#include "database/index_state.h"

#include "support/results.h"

#include <gmock/gmock.h>

namespace modelvault {
namespace {

using test::byteVector;
using test::outcome;
using testing::ElementsAre;

class IndexStates : public testing::Test {
protected:
    std::string_view insert(IndexKind kind, std::string_view key, std::string_view primary, std::string name = "i")
    {
        return apply(IndexOperation::Insert, kind, key, primary, std::move(name));
    }
    std::string_view erase(IndexKind kind, std::string_view key, std::string_view primary)
    {
        return apply(IndexOperation::Delete, kind, key, primary, "i");
    }

    /// "key primary" of each, in their order.
    [[nodiscard]] std::vector<std::string> entries() const
    {
        std::vector<std::string> all;
        for (const auto &[index, entries] : m_state.indexes())
            for (const auto &entry : entries)
                all.push_back(entry.key + ' ' + entry.primaryKey);
        return all;
    }

    IndexState m_state;

private:
    std::string_view apply(IndexOperation operation, IndexKind kind, std::string_view key, std::string_view primary,
                           std::string name)
    {
        return outcome(m_state.apply({.collectionId = 1,
                                      .kind = kind,
                                      .operation = operation,
                                      .indexName = std::move(name),
                                      .indexKey = byteVector(key),
                                      .primaryKey = byteVector(primary)}));
    }
};

TEST_F(IndexStates, ANonUniqueKeyMayLeadToManyRows)
{
    for (const auto *row : {"c", "a", "b", "a"})
        EXPECT_EQ(insert(IndexKind::NonUnique, "oslo", row), "ok");
    EXPECT_EQ(insert(IndexKind::NonUnique, "lima", "z"), "ok");
    EXPECT_THAT(entries(), ElementsAre("lima z", "oslo a", "oslo b", "oslo c"));
    EXPECT_EQ(m_state.entryCount(), 4U);
}

TEST_F(IndexStates, AUniqueKeyBelongsToTheRowThatHadItFirst)
{
    EXPECT_EQ(insert(IndexKind::Unique, "key", "b"), "ok");
    EXPECT_EQ(insert(IndexKind::Unique, "key", "b"), "ok") << "the same again is nothing";
    EXPECT_EQ(insert(IndexKind::Unique, "key", "a"), "UniqueIndexViolation");
    EXPECT_EQ(insert(IndexKind::Unique, "key", "c"), "UniqueIndexViolation");
    EXPECT_THAT(entries(), ElementsAre("key b"));
    EXPECT_EQ(insert(IndexKind::Unique, "ke", "a"), "ok");
    EXPECT_EQ(insert(IndexKind::Unique, "key", "a", "other index"), "ok");
    EXPECT_EQ(insert(IndexKind::NonUnique, "key", "a"), "ok") << "another kind is another index";
}

TEST_F(IndexStates, WhatIsDeletedMakesRoomForAnotherRow)
{
    EXPECT_EQ(erase(IndexKind::Unique, "key", "a"), "ok") << "nothing there";
    EXPECT_EQ(insert(IndexKind::Unique, "key", "a"), "ok");
    EXPECT_EQ(erase(IndexKind::Unique, "key", "b"), "ok") << "not this pair";
    EXPECT_THAT(entries(), ElementsAre("key a"));
    EXPECT_EQ(erase(IndexKind::Unique, "key", "a"), "ok");
    EXPECT_TRUE(m_state.indexes().empty());
    EXPECT_EQ(insert(IndexKind::Unique, "key", "b"), "ok");
    EXPECT_THAT(entries(), ElementsAre("key b"));
}

TEST_F(IndexStates, KeysAreOrderedAsBytesWithoutASign)
{
    EXPECT_EQ(insert(IndexKind::NonUnique, "\xFF", "a"), "ok");
    EXPECT_EQ(insert(IndexKind::NonUnique, "\x01", "a"), "ok");
    EXPECT_EQ(insert(IndexKind::NonUnique, "", "a"), "ok");
    EXPECT_THAT(entries(), ElementsAre(" a", "\x01 a", "\xFF a"));
}

} // namespace
} // namespace modelvault
