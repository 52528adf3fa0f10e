#include "models/byte_window.h"

#include "log/segment_index.h"
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

void addHead(std::vector<ByteWindow::Span> &spans, const Snapshot &snapshot)
{
    const auto length = snapshot.fileLength();
    const auto add = [&](Offset begin, std::uint64_t size, bool valid) {
        if (begin.value < length)
            spans.push_back({begin,
                             {std::min(begin.value + size, length)},
                             valid ? ContentKind::Head : ContentKind::Damaged,
                             false});
    };
    add({0}, FileHeader::kSize, snapshot.head.header.has_value());
    for (const auto slot : {SuperblockSlot::A, SuperblockSlot::B})
        add(Superblock::slotOffset(slot), Superblock::kSize,
            snapshot.head.superblocks[static_cast<std::size_t>(slot)].has_value());
}

/// What lies between segments that the scan has passed is damage.
void addGap(std::vector<ByteWindow::Span> &spans, Offset begin, Offset end)
{
    if (begin < end)
        spans.push_back({begin, end, ContentKind::Damaged, false});
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
    loaded.spans = spansIn(store, snapshot, range);
    return loaded;
}

std::vector<ByteWindow::Span> ByteWindow::spansIn(const Store &store, const Snapshot &snapshot, Range range)
{
    std::vector<Span> spans;
    if (range.begin < kLogStart)
        addHead(spans, snapshot);
    const auto &index = snapshot.log.index;
    const auto segments = LogReader(store, index).segmentsIn(range.begin, range.end);
    if (!segments) // the file changed: what is known of it no longer holds
        return spans;
    Offset at = std::max(range.begin, kLogStart);
    for (const auto &segment : *segments) {
        addGap(spans, at, segment.offset);
        const auto kind = contentKind(segment.header.type);
        spans.push_back({segment.offset, segment.payloadOffset(), kind, true});
        spans.push_back(
            {segment.payloadOffset(), segment.end(), segment.payloadDamaged ? ContentKind::Damaged : kind, false});
        at = segment.end();
    }
    addGap(spans, at, std::min(range.end, snapshot.log.covered));
    return spans;
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
