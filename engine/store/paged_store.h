#pragma once

#include "store/store.h"

#include <atomic>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace modelvault {

struct PagerOptions {
    static constexpr std::size_t kMinPageSize = 512;

    std::size_t pageSize = 16 * 1024; ///< bytes; taken as kMinPageSize if smaller
    std::size_t pages = 512;          ///< kept at most; taken as 1 if 0
};

struct PagerStats {
    std::uint64_t hits = 0;   ///< pages served from memory
    std::uint64_t misses = 0; ///< pages read from the store below, successfully or not
    std::uint64_t evictions = 0;
    std::uint64_t residentBytes = 0; ///< cached now

    bool operator==(const PagerStats &) const = default;
};

/// A least-recently-used cache of fixed-size pages over another store (FORMAT.md, "Storage contract").
///
/// What is written or truncated through this store is seen by the next read. What another process does to the bytes
/// below is seen where no page was cached, where the cached page was the last and short one and the length has changed
/// since, and after invalidate().
///
/// No lock is held while the store below reads, so readers wait for each other only for the look-up; two that miss the
/// same page may both read it.
class PagedStore final : public Store {
public:
    explicit PagedStore(std::unique_ptr<Store> base, PagerOptions options = {});

    /// As in force, after raising what was too small.
    [[nodiscard]] const PagerOptions &options() const { return m_options; }
    [[nodiscard]] PagerStats stats() const;
    /// Drops every page that holds such a byte; one that is just being loaded is not kept either.
    void invalidate(Offset from, Offset end = kEndOfOffsets) const override;

    [[nodiscard]] Result<std::uint64_t> length() const override;
    [[nodiscard]] Result<void> readExactAt(Offset offset, std::span<std::byte> into) const override;
    [[nodiscard]] Result<void> writeAllAt(Offset offset, std::span<const std::byte> bytes) override;
    [[nodiscard]] Result<void> sync() override;
    [[nodiscard]] Result<void> truncate(std::uint64_t length) override;
    [[nodiscard]] const Store &uncached() const override { return m_base->uncached(); }

private:
    /// Shared with the readers that copy from it, so that an eviction never pulls it away. Shorter than the page size
    /// only where the store ended when it was read.
    using Page = std::shared_ptr<const std::vector<std::byte>>;
    using Recency = std::list<PageNo>;
    struct Cached {
        Page page;
        Recency::iterator place;
    };
    using Cache = std::map<PageNo, Cached>;
    struct LookUp {
        Page page;               ///< null if not cached
        std::uint64_t epoch = 0; ///< of the cache when it was asked
    };

    [[nodiscard]] PageNo pageAt(Offset offset) const { return {offset.value / m_options.pageSize}; }
    [[nodiscard]] Offset startOf(PageNo number) const { return {number.value * m_options.pageSize}; }

    [[nodiscard]] Result<Page> page(PageNo number) const;
    [[nodiscard]] Result<bool> isCurrent(PageNo number, const Page &page) const;
    [[nodiscard]] Result<Page> load(PageNo number) const;
    [[nodiscard]] LookUp lookUp(PageNo number) const;
    void keep(PageNo number, Page page, std::uint64_t epoch) const;
    void drop(PageNo first, PageNo last) const;
    Cache::iterator forget(Cache::iterator cached) const;
    void checkInvariants() const;

    const std::unique_ptr<Store> m_base;
    const PagerOptions m_options;
    mutable std::atomic<std::uint64_t> m_hits = 0;
    mutable std::atomic<std::uint64_t> m_misses = 0;

    mutable std::mutex m_mutex; // guards all that follows
    mutable Cache m_cache;
    mutable Recency m_recency; // most recently used first
    mutable std::uint64_t m_evictions = 0;
    mutable std::uint64_t m_residentBytes = 0;
    mutable std::uint64_t m_epoch = 0; // raised whenever pages are dropped because their bytes may have changed
};

} // namespace modelvault
