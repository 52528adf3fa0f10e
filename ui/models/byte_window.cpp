#include "models/byte_window.h"

#include "store/paged_store.h"

#include <QtConcurrentRun>

#include <algorithm>

namespace modelvault::ui {
namespace {

// Read around what is asked for, so that scrolling finds most lines there. Not the first time, when it is waited for:
// then only the rest of the page, which the store reads anyway.
constexpr std::uint64_t kMargin = PagerOptions().pageSize;

std::uint64_t firstMargin(Offset end)
{
    return kMargin - 1 - (end.value - 1) % kMargin;
}

} // namespace

ByteWindow::ByteWindow(QObject *parent) : QObject(parent)
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

void ByteWindow::setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot)
{
    if (m_store != store)
        m_loaded = {};
    m_store = std::move(store);
    m_snapshot = std::move(snapshot);
    refresh();
}

void ByteWindow::refresh()
{
    m_stale = true;
    drop();
}

void ByteWindow::drop()
{
    m_wanted.reset();
    m_loading.reset();
    m_load.setFuture(QFuture<Loaded>());
}

bool ByteWindow::covers(Range outer, Range inner)
{
    return outer.begin <= inner.begin && inner.end <= outer.end;
}

void ByteWindow::want(Offset begin, Offset end)
{
    const auto length = m_store ? m_snapshot->fileLength() : 0;
    end = std::min(end, Offset{length});
    if (begin >= end)
        return;
    if (!m_stale && covers(m_loaded.range, {begin, end})) {
        drop(); // it would take the place of what is wanted now
        return;
    }
    if (m_loading && covers(*m_loading, {begin, end})) {
        m_wanted.reset();
        return;
    }
    const bool isFirst = m_loaded.range.begin == m_loaded.range.end;
    const auto before = isFirst ? 0 : kMargin;
    const auto behind = isFirst ? firstMargin(end) : kMargin;
    const Range range{{begin.value - std::min(begin.value, before)},
                      {end.value + std::min(length - end.value, behind)}};
    if (m_loading)
        m_wanted = range;
    else
        start(range);
}

void ByteWindow::start(Range range)
{
    m_loading = range;
    m_load.setFuture(
        QtConcurrent::run([store = m_store, snapshot = m_snapshot, range] { return load(*store, *snapshot, range); }));
}

ByteWindow::Loaded ByteWindow::load(const Store &store, const Snapshot &snapshot, Range range)
{
    Loaded loaded{.range = range, .bytes = std::vector<std::byte>(static_cast<std::size_t>(range.end - range.begin))};
    if (!store.readExactAt(range.begin, loaded.bytes)) {
        // As much as there is, if the file became shorter; nothing if it can't be read at all.
        const auto length = store.length().value_or(0);
        const auto readable = std::clamp(length, range.begin.value, range.end.value) - range.begin.value;
        loaded.bytes.resize(static_cast<std::size_t>(readable));
        if (!store.readExactAt(range.begin, loaded.bytes))
            loaded.bytes.clear();
    }
    loaded.spans = structureSpans(store, snapshot, range.begin, range.end);
    return loaded;
}

ByteWindow::State ByteWindow::state(Offset offset) const
{
    if (offset < m_loaded.range.begin || offset >= m_loaded.range.end)
        return State::Pending;
    return offset - m_loaded.range.begin < m_loaded.bytes.size() ? State::Loaded : State::Unreadable;
}

std::byte ByteWindow::at(Offset offset) const
{
    return m_loaded.bytes[static_cast<std::size_t>(offset - m_loaded.range.begin)];
}

} // namespace modelvault::ui
