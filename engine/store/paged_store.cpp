#include "store/paged_store.h"

#include "out_of_memory.h"
#include "store/range.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace modelvault {
namespace {

/// How often a page is read anew when the store below became shorter while it was read.
constexpr int kLoadAttempts = 3;

PagerOptions sane(PagerOptions options)
{
    return {.pageSize = std::max(options.pageSize, PagerOptions::kMinPageSize),
            .pages = std::max<std::size_t>(options.pages, 1)};
}

} // namespace

PagedStore::PagedStore(std::unique_ptr<Store> base, PagerOptions options)
    : m_base(std::move(base)),
      m_options(sane(options))
{ }

PagerStats PagedStore::stats() const
{
    const std::scoped_lock lock(m_mutex);
    return {.hits = m_hits, .misses = m_misses, .evictions = m_evictions, .residentBytes = m_residentBytes};
}

void PagedStore::invalidate(Offset from, Offset end) const
{
    if (from < end)
        drop(pageAt(from), pageAt({end.value - 1}));
}

Result<std::uint64_t> PagedStore::length() const
{
    return m_base->length();
}

Result<void> PagedStore::readExactAt(Offset offset, std::span<std::byte> into) const
try {
    if (into.empty())
        return m_base->readExactAt(offset, into);
    for (std::size_t done = 0; done < into.size();) {
        const auto number = pageAt(offset + done);
        const auto within = static_cast<std::size_t>(offset + done - startOf(number));
        const auto wanted = std::min(into.size() - done, m_options.pageSize - within);
        const auto page = this->page(number);
        if (!page)
            return std::unexpected(page.error());
        const auto there = static_cast<std::size_t>(bytesThere({within}, wanted, (*page)->size()));
        if (there < wanted)
            return failure(ErrorCode::UnexpectedEof, offset, into.size(), done + there);
        std::ranges::copy(std::span(**page).subspan(within, wanted), into.subspan(done).begin());
        done += wanted;
    }
    return {};
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

// Pages are dropped after the store below has changed, so that one that was read while it changed goes too; after a
// failure as well, as part of the bytes may have been written.
Result<void> PagedStore::writeAllAt(Offset offset, std::span<const std::byte> bytes)
{
    if (const auto fits = checkWrite(offset, bytes.size()); !fits)
        return fits;
    auto written = m_base->writeAllAt(offset, bytes);
    if (!bytes.empty())
        drop(pageAt(offset), pageAt(offset + (bytes.size() - 1)));
    return written;
}

Result<void> PagedStore::sync()
{
    return m_base->sync();
}

Result<void> PagedStore::truncate(std::uint64_t length)
{
    auto truncated = m_base->truncate(length);
    invalidate({length});
    return truncated;
}

/// Empty if the store ends before the page.
Result<PagedStore::Page> PagedStore::page(PageNo number) const
{
    auto cached = lookUp(number);
    if (cached.page) {
        const auto current = isCurrent(number, cached.page);
        if (!current)
            return std::unexpected(current.error());
        if (*current) {
            ++m_hits;
            return cached.page;
        }
        drop(number, number);
        cached = lookUp(number);
    }
    ++m_misses;
    auto loaded = load(number);
    if (loaded)
        keep(number, *loaded, cached.epoch);
    return loaded;
}

Result<bool> PagedStore::isCurrent(PageNo number, const Page &page) const
{
    if (page->size() == m_options.pageSize)
        return true;
    return m_base->length().transform(
        [&](std::uint64_t length) { return length == (startOf(number) + page->size()).value; });
}

Result<PagedStore::Page> PagedStore::load(PageNo number) const
{
    for (int attempt = 1;; ++attempt) {
        const auto length = m_base->length();
        if (!length)
            return std::unexpected(length.error());
        const auto size = static_cast<std::size_t>(bytesThere(startOf(number), m_options.pageSize, *length));
        auto bytes = std::make_shared<std::vector<std::byte>>(size);
        if (size == 0)
            return bytes;
        const auto read = m_base->readExactAt(startOf(number), *bytes);
        if (read)
            return bytes;
        if (read.error().code != ErrorCode::UnexpectedEof || attempt == kLoadAttempts)
            return std::unexpected(read.error());
    }
}

PagedStore::LookUp PagedStore::lookUp(PageNo number) const
{
    const std::scoped_lock lock(m_mutex);
    const auto cached = m_cache.find(number);
    if (cached == m_cache.end())
        return {.page = nullptr, .epoch = m_epoch};
    m_recency.splice(m_recency.begin(), m_recency, cached->second.place);
    return {.page = cached->second.page, .epoch = m_epoch};
}

/// In place of what was cached for that page; not if pages were dropped since `epoch`, as this one may be from before.
void PagedStore::keep(PageNo number, Page page, std::uint64_t epoch) const
{
    const std::scoped_lock lock(m_mutex);
    if (epoch != m_epoch)
        return;
    if (const auto previous = m_cache.find(number); previous != m_cache.end())
        forget(previous);
    if (page->empty())
        return;
    // What may throw comes first: the two agree with each other also when there is no memory left.
    Recency place{number};
    const auto size = page->size();
    m_cache.emplace(number, Cached{.page = std::move(page), .place = place.begin()});
    m_recency.splice(m_recency.begin(), place);
    m_residentBytes += size;
    if (m_cache.size() > m_options.pages) {
        forget(m_cache.find(m_recency.back()));
        ++m_evictions;
    }
    checkInvariants();
}

void PagedStore::drop(PageNo first, PageNo last) const
{
    const std::scoped_lock lock(m_mutex);
    ++m_epoch;
    for (auto cached = m_cache.lower_bound(first); cached != m_cache.end() && cached->first <= last;)
        cached = forget(cached);
    checkInvariants();
}

PagedStore::Cache::iterator PagedStore::forget(Cache::iterator cached) const
{
    m_residentBytes -= cached->second.page->size();
    m_recency.erase(cached->second.place);
    return m_cache.erase(cached);
}

void PagedStore::checkInvariants() const
{
    assert(m_cache.size() == m_recency.size());
    assert(m_cache.size() <= m_options.pages);
    assert(m_residentBytes <= m_cache.size() * m_options.pageSize);
    assert(m_residentBytes >= m_cache.size());
}

} // namespace modelvault
