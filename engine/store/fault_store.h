#pragma once

#include "store/store.h"

#include <memory>
#include <mutex>

namespace modelvault {

/// For tests: reads and writes of another store that fail on demand, with Io, before they reach it. Truncation and
/// sync() always pass. Demands and counters may be used from any thread; a new demand replaces the one before.
class FaultStore final : public Store {
public:
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
    void failReadsAfter(std::uint64_t count);
    void failOneReadAfter(std::uint64_t count);
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
        [[nodiscard]] Result<void> attempt(Offset offset);
        [[nodiscard]] std::uint64_t count() const;

    private:
        mutable std::mutex m_mutex; // guards all that follows
        std::uint64_t m_count = 0;
        std::uint64_t m_passing = 0;
        std::uint64_t m_failing = 0;
    };

    const std::unique_ptr<Store> m_base;
    Attempts m_writes;
    mutable Attempts m_reads;
};

} // namespace modelvault
