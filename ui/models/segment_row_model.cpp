#include "models/segment_row_model.h"

#include "log/page_map.h"
#include "text/words.h"
#include "views/structure_palette.h"

#include <QGuiApplication>
#include <QtConcurrentRun>

#include <algorithm>

namespace modelvault::ui {
namespace {

// Looked up beyond what is visible, so that a few lines of scrolling need no new walk.
constexpr quint64 kMargin = 256;

bool continues(const Snapshot *older, const Snapshot *newer)
{
    return older != nullptr && newer != nullptr && older->identity == newer->identity
        && newer->log.index->segmentCount() >= older->log.index->segmentCount()
        && newer->log.index->end() >= older->log.index->end();
}

} // namespace

SegmentRowModel::SegmentRowModel(QObject *parent) : RowModel(parent)
{
    connect(&m_load, &QFutureWatcherBase::finished, this, [this] {
        if (m_load.future().resultCount() == 0)
            return;
        m_loaded = m_load.result();
        if (!m_loaded.segments.empty())
            Q_EMIT rowsChanged(m_loaded.first, m_loaded.first + m_loaded.segments.size() - 1);
        if (const auto wanted = std::exchange(m_wanted, std::nullopt))
            prepare(wanted->first, wanted->second);
    });
}

void SegmentRowModel::setSnapshot(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot)
{
    const bool appends = m_store == store && continues(m_snapshot.get(), snapshot.get());
    m_store = std::move(store);
    m_snapshot = std::move(snapshot);
    // What is loaded may have learned that a payload is damaged.
    m_loaded = {};
    m_wanted.reset();
    m_load.setFuture(QFuture<Loaded>());
    if (appends)
        Q_EMIT rowsAppended();
    else
        Q_EMIT wasReset();
}

const Segment *SegmentRowModel::segment(quint64 row) const
{
    const auto into = row - m_loaded.first;
    return row >= m_loaded.first && into < m_loaded.segments.size() ? &m_loaded.segments[into] : nullptr;
}

quint64 SegmentRowModel::rowCount() const { return m_snapshot ? m_snapshot->log.index->segmentCount() : 0; }

int SegmentRowModel::columnCount() const { return ColumnCount; }

QString SegmentRowModel::headerText(int column) const
{
    switch (column) {
    case Number:
        return tr("#");
    case Place:
        return tr("Offset");
    case Type:
        return tr("Type");
    case PayloadLength:
        return tr("Payload");
    case InTransaction:
        return tr("Transaction");
    case Checksum:
        return tr("CRC");
    default:
        return {};
    }
}

Qt::Alignment SegmentRowModel::alignment(int column) const
{
    const bool number = column == Number || column == PayloadLength || column == InTransaction || column == Place;
    return Qt::AlignVCenter | (number ? Qt::AlignRight : Qt::AlignLeft);
}

QString SegmentRowModel::sampleText(int column) const
{
    const auto count = std::max<quint64>(rowCount(), 10'000);
    switch (column) {
    case Number:
    case InTransaction:
        return groupedText(count);
    case Place:
        return hexText(std::max<std::uint64_t>(m_snapshot ? m_snapshot->fileLength() : 0, 0xFFFFFF));
    case Type:
        return typeText(SegmentType::Checkpoint) + QStringLiteral("mmm");
    case PayloadLength:
        return groupedText(100'000'000);
    case Checksum:
        return tr("damaged");
    default:
        return {};
    }
}

QVariant SegmentRowModel::data(quint64 row, int column, int role) const
{
    const auto *found = segment(row);
    if (found == nullptr)
        return role == Qt::DisplayRole && column == Number && row < rowCount() ? QVariant(groupedText(row)) : QVariant();
    switch (role) {
    case Qt::DisplayRole:
        return text(*found, column);
    case Qt::ToolTipRole:
        return toolTip(*found, column);
    case Qt::DecorationRole:
        if (column == Type)
            return StructurePalette(QGuiApplication::palette()).header(contentKind(found->header.type));
        return {};
    default:
        return {};
    }
}

QString SegmentRowModel::text(const Segment &segment, int column) const
{
    switch (column) {
    case Number:
        return groupedText(segment.no.value);
    case Place:
        return offsetText(segment.offset);
    case Type:
        return typeText(segment.header.type);
    case PayloadLength:
        return groupedText(segment.header.payloadLength);
    case InTransaction:
        return segment.transaction ? groupedText(segment.transaction->value) : QStringLiteral("–");
    case Checksum:
        return segment.payloadDamaged ? tr("✘ damaged") : tr("✔");
    default:
        return {};
    }
}

QString SegmentRowModel::toolTip(const Segment &segment, int column) const
{
    switch (column) {
    case Place:
        return toolTipText(tr("Offset %1, to %2 (decimal)")
                               .arg(groupedText(segment.offset.value), groupedText(segment.end().value)));
    case PayloadLength:
        return toolTipText(exactSizeText(segment.header.payloadLength));
    case Checksum:
        return toolTipText(
            tr("CRC-32C as stored: %1").arg(segment.header.payloadCrc, 8, 16, QLatin1Char('0')));
    default:
        return {};
    }
}

bool SegmentRowModel::isLoaded(quint64 first, quint64 last) const
{
    return segment(first) != nullptr && segment(last) != nullptr;
}

void SegmentRowModel::prepare(quint64 first, quint64 last)
{
    if (rowCount() == 0)
        return;
    last = std::min(last, rowCount() - 1);
    if (first > last || isLoaded(first, last))
        return;
    if (m_load.isRunning())
        m_wanted = {first, last};
    else
        load(first, last);
}

void SegmentRowModel::load(quint64 first, quint64 last)
{
    const auto from = first - std::min(first, kMargin);
    const auto count = last - from + 1 + kMargin;
    m_load.setFuture(QtConcurrent::run([store = m_store, index = m_snapshot->log.index, from, count]() -> Loaded {
        auto found = LogReader(*store, index).segments({from}, count);
        return {from, found ? *std::move(found) : std::vector<Segment>()};
    }));
}

} // namespace modelvault::ui
