// Payloads are checked on threads that the caller lends, where nobody catches an exception.

#include "faults/failing_new.h"
#include "log/log_scanner.h"
#include "store/memory_store.h"
#include "support/file_builder.h"
#include "support/results.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <new>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace modelvault {
namespace {

using test::Failing;
using test::FailingNew;
using test::outcome;

/// Threads whose n-th allocation fails.
class StarvedThreads {
public:
    StarvedThreads(std::uint64_t passing, Failing how) : m_passing(passing), m_how(how) { }

    [[nodiscard]] RunTask run()
    {
        return [this](const std::function<void()> &task) {
            m_threads.emplace_back([this, task] {
                const FailingNew failing(m_passing, m_how);
                task();
            });
        };
    }

private:
    const std::uint64_t m_passing;
    const Failing m_how;
    std::vector<std::jthread> m_threads;
};

/// Slow for the thread that made it, so that others get the work.
class SlowForMaker final : public Store {
public:
    explicit SlowForMaker(const Store &base) : m_base(base) { }

    [[nodiscard]] Result<std::uint64_t> length() const override { return m_base.length(); }
    [[nodiscard]] Result<void> readExactAt(Offset offset, std::span<std::byte> into) const override
    {
        if (std::this_thread::get_id() == m_maker)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        return m_base.readExactAt(offset, into);
    }
    [[nodiscard]] Result<void> writeAllAt(Offset, std::span<const std::byte>) override
    {
        return failure(ErrorCode::PermissionDenied);
    }
    [[nodiscard]] Result<void> sync() override { return {}; }
    [[nodiscard]] Result<void> truncate(std::uint64_t) override { return failure(ErrorCode::PermissionDenied); }

private:
    const Store &m_base;
    const std::thread::id m_maker = std::this_thread::get_id();
};

TEST(LentThreads, SayThatTheyHaveNoMemoryInsteadOfCallingPayloadsDamaged)
{
    test::FileBuilder builder;
    builder.transaction(40, LogWalker::kInlinePayload + 1);
    builder.flip(builder.offsets().at(5) + SegmentHeader::kSize);
    const auto store = builder.store();
    const auto length = store->length().value();
    const auto clean = scanLog(*store, length).value();
    ASSERT_EQ(clean.findings.size(), 1U);
    for (std::uint64_t n = 0; n < 60; ++n) {
        for (const auto how : {Failing::Once, Failing::ForEver}) {
            StarvedThreads threads(n, how);
            const auto scan = scanLog(*store, length, {.run = threads.run(), .lentThreads = 2});
            if (scan)
                EXPECT_EQ(scan->findings, clean.findings) << n;
            else
                EXPECT_EQ(outcome(scan), "OutOfMemory") << n;
        }
    }
    StarvedThreads threads(0, Failing::ForEver);
    EXPECT_EQ(outcome(scanLog(SlowForMaker(*store), length, {.run = threads.run(), .lentThreads = 8})), "OutOfMemory");
}

TEST(LentThreads, AreGivenBackWhenTheNextCannotBeHad)
{
    const auto store = test::FileBuilder().store();
    std::vector<std::jthread> threads;
    const RunTask run = [&threads](const std::function<void()> &task) {
        if (threads.size() == 2)
            throw std::bad_alloc();
        threads.emplace_back(task);
    };
    EXPECT_EQ(outcome(scanLog(*store, store->length().value(), {.run = run, .lentThreads = 4})), "OutOfMemory");
    threads.clear(); // waits for them
}

} // namespace
} // namespace modelvault
