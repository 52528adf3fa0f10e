#pragma once

#include "store/store.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

namespace modelvault {

/// For tests: reads and writes of another store that fail on demand before they reach it, and a store that another
/// program cuts or takes away between two reads. Truncation and sync() always pass. Demands and counters may be used
/// from any thread; a new demand replaces the one before.
class FaultStore final : public Store {
public:
    enum class ReadFault : std::uint8_t {
        Io,    ///< as a medium that can't be read
        Short, ///< UnexpectedEof, with half of the bytes, though the length says otherwise
    };

    explicit FaultStore(std::unique_ptr<Store> base);

    /// Calls of writeAllAt() so far, failed ones too.
    [[nodiscard]] std::uint64_t writeAttempts() const { return m_writes.count(); }
    /// Calls of readExactAt() so far, failed ones too.
    [[nodiscard]] std::uint64_t readAttempts() const { return m_reads.count(); }

    /// `count` more writes pass, and every one after them fails.
    void failWritesAfter(std::uint64_t count);
    /// `count` more writes pass, and the one after them fails.
    void failOneWriteAfter(std::uint64_t count);
    /// As for writes.
    void failReadsAfter(std::uint64_t count, ReadFault fault = ReadFault::Io);
    void failOneReadAfter(std::uint64_t count, ReadFault fault = ReadFault::Io);
    /// `count` more reads pass, and then the store ends at `length`, if it is longer.
    void cutAfterReads(std::uint64_t count, std::uint64_t length);
    /// `count` more reads pass, and then neither bytes nor the length can be had.
    void vanishAfterReads(std::uint64_t count);
    /// Everything passes again; the counters go on.
    void heal();

    [[nodiscard]] Result<std::uint64_t> length() const override;
    [[nodiscard]] Result<void> readExactAt(Offset offset, std::span<std::byte> into) const override;
    [[nodiscard]] Result<void> writeAllAt(Offset offset, std::span<const std::byte> bytes) override;
    [[nodiscard]] Result<void> sync() override;
    [[nodiscard]] Result<void> truncate(std::uint64_t length) override;

private:
    class Attempts {
    public:
        /// Lets `after` more attempts pass and the `failures` after those fail.
        void fail(std::uint64_t after, std::uint64_t failures);
        /// False for one that is to fail.
        [[nodiscard]] bool attempt();
        [[nodiscard]] std::uint64_t count() const;
        /// Whether the next one would fail.
        [[nodiscard]] bool failsNow() const;

    private:
        mutable std::mutex m_mutex; // guards all that follows
        std::uint64_t m_count = 0;
        std::uint64_t m_passing = 0;
        std::uint64_t m_failing = 0;
    };

    enum class Demand : std::uint8_t { Io, Short, Cut, Vanish };

    void demand(Demand demand, std::uint64_t count, std::uint64_t failures, std::uint64_t length = 0);

    const std::unique_ptr<Store> m_base;
    Attempts m_writes;
    mutable Attempts m_reads;
    std::atomic<Demand> m_demand = Demand::Io; // of reads
    std::atomic<std::uint64_t> m_cutLength = 0;
};

} // namespace modelvault
