#include "log/segment_index.h"

#include "format/superblock.h"
#include "log/log_scanner.h"
#include "support/file_builder.h"
#include "support/sanitized.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace modelvault {
namespace {

using test::FileBuilder;

/// A log that has everything that lookups must get right, and what a plain walk says of it.
class LookUp : public testing::Test {
protected:
    void scanned()
    {
        m_store = m_file.store();
        const auto scan = scanLog(*m_store, m_file.length());
        ASSERT_TRUE(scan);
        m_index = scan->index;
        m_reader.emplace(*m_store, m_index);
    }

    void randomLog(unsigned seed)
    {
        std::mt19937 random(seed);
        for (std::uint64_t i = 1; i <= 300; ++i) {
            switch (random() % 6) {
            case 0:
                m_file.publish();
                break;
            case 1:
                m_file.begin(i).append(SegmentType::Record, "x").abort(i);
                break;
            case 2:
                m_file.append(SegmentType::Temp, std::string(random() % 3000, 't'));
                break;
            case 4: // broken off by the next begin
                m_file.begin(i).append(SegmentType::Record, "x");
                break;
            case 3:
                m_file.transaction(static_cast<int>(random() % 1200), 8, i); // longer than a stride now and then
                break;
            default:
                m_file.transaction(1, 20, i);
            }
        }
        m_file.begin(777).append(SegmentType::Record, "open at the end");
    }

    void damage(unsigned seed)
    {
        std::mt19937 random(seed);
        for (int i = 0; i < 40; ++i) {
            const auto segment = m_file.offsets()[1 + random() % (m_file.offsets().size() - 1)];
            m_file.flip(segment + random() % 40);
        }
    }

    struct Expected {
        std::vector<Segment> segments;
        std::vector<Transaction> transactions;
    };

    // The same rules, followed from the beginning without any index.
    Expected plainWalk()
    {
        Expected all;
        TransactionTracker tracker(true);
        LogWalker walker(*m_store, kLogStart, Offset{m_file.length()});
        for (;;) {
            const auto step = *walker.next();
            if (step == LogWalker::Step::End)
                break;
            if (step == LogWalker::Step::Damage)
                continue;
            const SegmentNo no{all.segments.size()};
            std::ignore = tracker.add(no, walker.offset(), walker.header(), walker.payload());
            if (tracker.ended())
                all.transactions.push_back(*tracker.ended());
            Segment segment{.no = no, .offset = walker.offset(), .header = walker.header(), .transaction = {}};
            segment.payloadDamaged = crc32c(walker.payload()) != walker.header().payloadCrc;
            if (tracker.open())
                segment.transaction = tracker.open()->no;
            else if (tracker.ended())
                segment.transaction = tracker.ended()->no;
            all.segments.push_back(segment);
        }
        if (tracker.open()) {
            auto open = *tracker.open();
            open.lastSegment = {all.segments.size() - 1};
            open.end = all.segments.back().end();
            all.transactions.push_back(open);
        }
        return all;
    }

    void expectAgreement()
    {
        const auto all = plainWalk();
        ASSERT_EQ(m_index->segmentCount(), all.segments.size());
        ASSERT_EQ(m_index->transactionCount(), all.transactions.size());
        for (std::uint64_t i = 0; i < all.segments.size(); i += 7) {
            const auto &wanted = all.segments[i];
            const auto byNumber = m_reader->segment({i});
            ASSERT_TRUE(byNumber) << i;
            ASSERT_TRUE(same(*byNumber, wanted)) << i;
            for (const Offset at : {wanted.offset, wanted.end() + ~std::uint64_t{0}}) {
                const auto byOffset = m_reader->segmentAt(at);
                ASSERT_TRUE(byOffset && *byOffset) << i;
                ASSERT_EQ((*byOffset)->no, wanted.no);
            }
            const auto inRange = m_reader->segmentsIn(wanted.end() + ~std::uint64_t{0}, wanted.end());
            ASSERT_TRUE(inRange && inRange->size() == 1) << i;
            ASSERT_TRUE(same(inRange->front(), wanted)) << i;
            ASSERT_EQ(m_reader->firstBehind(wanted.offset).value()->no, wanted.no) << i;
            const auto behind = m_reader->firstBehind(wanted.offset + 1);
            ASSERT_TRUE(behind);
            ASSERT_EQ(behind->has_value(), i + 1 < all.segments.size()) << i;
            if (*behind) {
                ASSERT_EQ((*behind)->no.value, i + 1);
            }
            const auto transaction = m_reader->transactionOf({i});
            ASSERT_TRUE(transaction);
            ASSERT_EQ(transaction->has_value(), wanted.transaction.has_value()) << i;
            if (*transaction) {
                ASSERT_EQ(**transaction, all.transactions[wanted.transaction->value]) << i;
            }
        }
        RisingTransactions rising(*m_reader);
        for (std::uint64_t i = 0; i < all.transactions.size(); ++i) {
            ASSERT_EQ(m_reader->transaction({i}), all.transactions[i]) << i;
            ASSERT_EQ(rising.find({i}), all.transactions[i]) << i;
        }
        if (!all.transactions.empty()) { // back again, and beyond
            EXPECT_EQ(rising.find({0}), all.transactions[0]);
            EXPECT_EQ(rising.find({all.transactions.size()}).error().code, ErrorCode::InvalidInput);
        }
        EXPECT_EQ(m_reader->transactions({0}, ~std::uint64_t{0}), all.transactions);
        expectTypesAgree(all.segments);
    }

    void expectTypesAgree(const std::vector<Segment> &all)
    {
        for (std::size_t i = 0; i < kSegmentTypes; ++i) {
            const auto type = typeAtIndex(i);
            std::vector<SegmentNo> wanted;
            for (const auto &segment : all)
                if (segment.header.type == type)
                    wanted.push_back(segment.no);
            ASSERT_EQ(m_index->count(type), wanted.size());
            const auto found = m_reader->segmentsOfType(type, 0, ~std::uint64_t{0});
            ASSERT_TRUE(found);
            ASSERT_EQ(found->size(), wanted.size());
            for (std::size_t k = 0; k < wanted.size(); ++k)
                ASSERT_EQ((*found)[k].no, wanted[k]);
            if (wanted.size() > 2) {
                const auto some = m_reader->segmentsOfType(type, wanted.size() - 2, 1);
                ASSERT_TRUE(some);
                ASSERT_EQ(some->front().no, wanted[wanted.size() - 2]);
            }
            for (std::uint64_t from = 0; from <= all.size(); from += 97) {
                const auto before = static_cast<std::uint64_t>(std::ranges::lower_bound(wanted, SegmentNo{from}) - wanted.begin());
                ASSERT_EQ(m_reader->countBefore(type, {from}), before) << from;
                const auto next = std::ranges::lower_bound(wanted, SegmentNo{from});
                const auto first = m_reader->firstOfType(type, {from});
                ASSERT_TRUE(first);
                ASSERT_EQ(first->has_value(), next != wanted.end()) << from;
                if (*first) {
                    ASSERT_EQ((*first)->no, *next) << from;
                }
            }
        }
    }

    static bool same(const Segment &a, const Segment &b)
    {
        return a.no == b.no && a.offset == b.offset && a.header == b.header && a.payloadDamaged == b.payloadDamaged
            && a.transaction == b.transaction;
    }

    FileBuilder m_file;
    std::unique_ptr<MemoryStore> m_store;
    std::shared_ptr<const SegmentIndex> m_index;
    std::optional<LogReader> m_reader;
};

TEST_F(LookUp, AgreesWithAPlainWalkOverASoundLog)
{
    randomLog(1);
    scanned();
    expectAgreement();
}

TEST_F(LookUp, AgreesWithAPlainWalkOverADamagedLog)
{
    for (unsigned seed = 0; seed < (test::kSanitized ? 2 : 8); ++seed) {
        m_file = FileBuilder();
        randomLog(seed);
        damage(seed);
        scanned();
        expectAgreement();
    }
}

TEST_F(LookUp, GoesOverLongGapsWithoutSearchingThemAgain)
{
    m_file.append(SegmentType::Record, std::string(5'000'000, 'x')).transaction();
    m_file.flip(m_file.offsets()[1]);
    scanned();
    expectAgreement();
    EXPECT_EQ(m_reader->segmentAt(m_file.offsets()[1] + 1000)->has_value(), false);
    // From inside the gap on: what is found again behind it.
    const auto rest = m_reader->segmentsIn(m_file.offsets()[1] + 1000, {~std::uint64_t{0}});
    ASSERT_TRUE(rest && !rest->empty());
    EXPECT_EQ(rest->front().offset, m_file.offsets()[2]);
    EXPECT_TRUE(m_reader->segmentsIn(m_file.offsets()[1] + 1000, m_file.offsets()[2])->empty());
}

TEST_F(LookUp, NumbersBeyondTheLastAreInvalid)
{
    scanned();
    EXPECT_EQ(m_reader->segment({1}).error().code, ErrorCode::InvalidInput);
    EXPECT_EQ(m_reader->transaction({0}).error().code, ErrorCode::InvalidInput);
    EXPECT_TRUE(m_reader->segments({1}, 5)->empty());
    EXPECT_TRUE(m_reader->segmentsOfType(SegmentType::Record, 0, 5)->empty());
}

TEST_F(LookUp, PlacesOutsideTheLogBelongToNoSegment)
{
    scanned();
    EXPECT_EQ(*m_reader->segmentAt({0}), std::nullopt);
    EXPECT_EQ(*m_reader->segmentAt({8223}), std::nullopt);
    EXPECT_TRUE(m_reader->segmentsIn({0}, kLogStart)->empty());
    EXPECT_EQ(m_reader->segmentsIn({0}, kLogStart + 1)->size(), 1);
    EXPECT_EQ(*m_reader->segmentAt({m_file.length()}), std::nullopt);
    EXPECT_EQ(*m_reader->segmentAt({~std::uint64_t{0}}), std::nullopt);
}

TEST_F(LookUp, SaysThatTheFileChangedWhenTheLogIsNoLongerThere)
{
    randomLog(2);
    scanned();
    ASSERT_TRUE(m_store->truncate(9000));
    EXPECT_EQ(m_reader->segment({m_index->segmentCount() - 1}).error().code, ErrorCode::ChangedMeanwhile);
}

TEST(SegmentIndex, TakesLessThanAByteASegmentInBothShapes)
{
    const auto bytesPerSegment = [](int transactions, int records, bool publish) {
        FileBuilder file;
        for (int i = 0; i < transactions; ++i) {
            file.transaction(records, 4);
            if (publish)
                file.publish();
        }
        const auto store = file.store();
        const auto scan = scanLog(*store, file.length());
        return static_cast<double>(scan->index->memoryBytes()) / static_cast<double>(scan->index->segmentCount());
    };
    EXPECT_LT(bytesPerSegment(50'000, 1, true), 1.0);
    EXPECT_LT(bytesPerSegment(2, 100'000, true), 1.0);
    EXPECT_LT(bytesPerSegment(200, 1'000, true), 1.0) << "a transaction across every stride";
}

} // namespace
} // namespace modelvault
