#include "models/page_details.h"

#include "models/structure_spans.h"

#include <QtConcurrentRun>

#include <algorithm>
#include <utility>

namespace modelvault::ui {
namespace {

/// Bytes of the file on a page.
std::uint64_t bytesOn(PageNo page, std::uint64_t fileLength)
{
    const auto begin = PageMap::start(page).value;
    return std::min(PageMap::kPageSize, fileLength - std::min(begin, fileLength));
}

} // namespace

PageDetails::PageDetails(QObject *parent) : QObject(parent)
{
    connect(&m_load, &QFutureWatcherBase::finished, this, [this] {
        m_loading.reset();
        if (m_load.future().resultCount() == 0)
            return;
        m_stale = false;
        m_loaded = m_load.result();
        if (const auto wanted = std::exchange(m_wanted, std::nullopt))
            start(*wanted);
        Q_EMIT changed();
    });
}

void PageDetails::setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot)
{
    if (m_store != store)
        m_loaded = {};
    m_store = std::move(store);
    m_snapshot = std::move(snapshot);
    m_stale = true;
    drop();
}

void PageDetails::drop()
{
    m_wanted.reset();
    m_loading.reset();
    m_load.setFuture(QFuture<Loaded>());
}

void PageDetails::want(PageNo first, PageNo end, int side)
{
    const auto pages = m_snapshot ? m_snapshot->log.pages->pageCount() : 0;
    end.value = std::min({end.value, pages, first.value + kMostPages});
    if (!m_store || first >= end)
        return;
    const Wish wish{first, end, side};
    if (!m_stale && m_loaded.covers(wish)) {
        drop(); // it would take the place of what is wanted now
        return;
    }
    if (m_loading && m_loading->covers(wish)) {
        m_wanted.reset();
        return;
    }
    if (m_loading)
        m_wanted = wish;
    else
        start(wish);
}

void PageDetails::start(Wish wish)
{
    m_loading = wish;
    m_load.setFuture(
        QtConcurrent::run([store = m_store, snapshot = m_snapshot, wish] { return load(*store, *snapshot, wish); }));
}

PageDetails::Loaded PageDetails::load(const Store &store, const Snapshot &snapshot, Wish wish)
{
    const auto perCell =
        PageMap::kPageSize / (static_cast<std::uint64_t>(wish.side) * static_cast<unsigned>(wish.side));
    Loaded loaded{wish, {}};
    for (auto page = wish.first; page < wish.end; ++page.value)
        loaded.pages.emplace_back((bytesOn(page, snapshot.fileLength()) + perCell - 1) / perCell);

    const auto begin = PageMap::start(wish.first);
    const Offset end{std::min(PageMap::start(wish.end).value, snapshot.fileLength())};
    const auto cellsPerPage = PageMap::kPageSize / perCell;
    for (const auto &span : structureSpans(store, snapshot, begin, end)) {
        const auto from = std::max(span.begin, begin);
        const auto to = std::min(span.end, end);
        if (from >= to)
            continue;
        const auto last = (to - begin - 1) / perCell;
        for (auto cell = (from - begin) / perCell; cell <= last; ++cell) {
            auto &place = loaded.pages[cell / cellsPerPage][cell % cellsPerPage];
            if (place.kind == ContentKind::NotScanned || span.kind == ContentKind::Damaged)
                place = {span.kind, span.isHeader};
        }
    }
    return loaded;
}

const PageDetails::Cells *PageDetails::cells(PageNo page) const
{
    const auto into = page.value - m_loaded.first.value;
    return page >= m_loaded.first && into < m_loaded.pages.size() ? &m_loaded.pages[into] : nullptr;
}

QFuture<std::optional<PageDetails::Summary>> PageDetails::summary(PageNo page) const
{
    if (!m_store)
        return QtFuture::makeReadyValueFuture(std::optional<Summary>());
    return QtConcurrent::run([store = m_store, index = m_snapshot->log.index, page]() -> std::optional<Summary> {
        Summary summary;
        const auto done = LogReader(*store, index).forEachFrom(PageMap::start(page), [&](const Segment &segment) {
            if (segment.offset >= PageMap::start({page.value + 1}))
                return false;
            if (!summary.first)
                summary.first = segment.no;
            summary.last = segment.no;
            ++summary.counts[typeIndex(segment.header.type)];
            return true;
        });
        return done ? std::optional(summary) : std::nullopt;
    });
}

} // namespace modelvault::ui
