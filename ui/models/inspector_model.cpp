#include "models/inspector_model.h"

#include "jobs/range_checksum.h"
#include "text/words.h"

#include <QFontDatabase>
#include <QGuiApplication>
#include <QPalette>

#include <algorithm>
#include <utility>

namespace modelvault::ui {

InspectorModel::InspectorModel(QObject *parent) : QAbstractTableModel(parent)
{
    connect(&m_bytes, &ByteWindow::changed, this, &InspectorModel::showBytes);
    connect(&m_compute, &QFutureWatcherBase::progressValueChanged, this, [this] {
        if (m_checksum == Checksum::Running)
            showValues(static_cast<int>(m_values.size()), static_cast<int>(m_values.size()));
    });
    connect(&m_compute, &QFutureWatcherBase::finished, this, [this] {
        if (std::exchange(m_startsNext, false)) {
            beginChecksum();
            return;
        }
        if (m_checksum != Checksum::Running || m_compute.future().resultCount() == 0)
            return;
        m_computed = m_compute.result();
        setChecksum(Checksum::Done);
    });
}

InspectorModel::~InspectorModel()
{
    m_compute.future().cancel();
}

void InspectorModel::setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot,
                               Document::Selection selection)
{
    const bool hasRows = store && snapshot && snapshot->fileLength() > 0;
    const bool isOther = m_store != store || m_selection != selection;
    const bool isReset = hasRows == m_values.empty();
    if (isReset)
        beginResetModel();
    if (m_store != store)
        dropChecksum();
    m_selection = selection;
    m_store = std::move(store);
    m_snapshot = std::move(snapshot);
    m_bytes.setSource(m_store, m_snapshot);
    m_values = hasRows ? byteValues({}, m_order) : std::vector<ByteValue>();
    if (isReset)
        endResetModel();
    showBytes();
    if (isOther || isReset)
        renewChecksum();
}

void InspectorModel::setSelection(Document::Selection selection)
{
    if (m_selection == selection)
        return;
    m_selection = selection;
    showBytes();
    renewChecksum();
}

void InspectorModel::setByteOrder(ByteOrder order)
{
    m_order = order;
    showBytes();
}

void InspectorModel::showBytes()
{
    if (m_values.empty())
        return;
    const auto begin = m_selection.begin;
    const Offset length{m_snapshot->fileLength()};
    const auto end = begin + std::min<std::uint64_t>(kMostValueBytes, length - std::min(begin, length));
    m_bytes.want(begin, end);

    std::vector<std::byte> bytes;
    auto at = begin;
    for (; at < end && m_bytes.state(at) == ByteWindow::State::Loaded; at += 1)
        bytes.push_back(m_bytes.at(at));
    m_values = byteValues(bytes, m_order);
    if (at < end) {
        const bool isPending = m_bytes.state(at) == ByteWindow::State::Pending;
        for (auto &value : m_values) {
            if (isPending)
                value.text = std::unexpected(QStringLiteral("…"));
            else if (bytes.empty())
                value.text = std::unexpected(tr("the bytes can't be read"));
        }
    }
    showValues(0, static_cast<int>(m_values.size()) - 1);
}

void InspectorModel::showValues(int first, int last)
{
    constexpr int kValue = static_cast<int>(Column::Value);
    Q_EMIT dataChanged(index(first, kValue), index(last, kValue));
}

void InspectorModel::renewChecksum()
{
    m_startsNext = false;
    m_compute.future().cancel();
    m_computed.reset();
    if (m_values.empty() || m_selection.begin >= m_selection.end) {
        setChecksum(Checksum::None);
        return;
    }
    setChecksum(Checksum::Waiting);
    if (m_selection.end - m_selection.begin <= kMostAtOnce)
        startChecksum();
}

void InspectorModel::startChecksum()
{
    if (m_checksum == Checksum::None || m_checksum == Checksum::Running)
        return;
    m_computed.reset();
    setChecksum(Checksum::Running);
    // One at a time: where reads hang, a moving selection does not pile up threads.
    if (m_compute.isRunning())
        m_startsNext = true;
    else
        beginChecksum();
}

void InspectorModel::beginChecksum()
{
    m_compute.setFuture(rangeChecksum(m_store, m_selection.begin, m_selection.end));
}

void InspectorModel::stopChecksum()
{
    if (m_checksum != Checksum::Running)
        return;
    m_startsNext = false;
    m_compute.future().cancel();
    setChecksum(Checksum::Waiting);
}

void InspectorModel::dropChecksum()
{
    m_startsNext = false;
    m_compute.future().cancel();
    m_compute.setFuture(QFuture<Result<std::uint32_t>>());
}

void InspectorModel::setChecksum(Checksum checksum)
{
    m_checksum = checksum;
    if (!m_values.empty())
        showValues(static_cast<int>(m_values.size()), static_cast<int>(m_values.size()));
    Q_EMIT checksumChanged();
}

ByteValue InspectorModel::value(int row) const
{
    return static_cast<std::size_t>(row) < m_values.size() ? m_values[static_cast<std::size_t>(row)] : checksumValue();
}

ByteValue InspectorModel::checksumValue() const
{
    const auto name = tr("CRC-32C");
    switch (m_checksum) {
    case Checksum::None:
        return {name, std::unexpected(tr("nothing is selected"))};
    case Checksum::Waiting:
        return {name, std::unexpected(tr("not computed"))};
    case Checksum::Running:
        // Short ones are done before anybody could read this.
        return {name,
                std::unexpected(m_selection.end - m_selection.begin > kMostAtOnce
                                    ? tr("%1 %").arg(m_compute.progressValue() * 100 / kChecksumSteps)
                                    : QStringLiteral("…"))};
    case Checksum::Done:
        if (*m_computed)
            return {name, QStringLiteral("0x%1").arg(**m_computed, 8, 16, QLatin1Char('0'))};
        return {name, std::unexpected(errorText(m_computed->error()))};
    }
    return {};
}

int InspectorModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() || m_values.empty() ? 0 : static_cast<int>(m_values.size()) + 1;
}

int InspectorModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : kColumns;
}

QVariant InspectorModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto shown = value(index.row());
    const bool isName = index.column() == static_cast<int>(Column::Name);
    const auto text = shown.text ? *shown.text : shown.text.error();
    switch (role) {
    case Qt::DisplayRole:
        return isName ? shown.name : text;
    case Qt::ToolTipRole:
        return toolTipText(tr("%1: %2").arg(shown.name, text));
    case Qt::FontRole:
        return isName || !shown.text ? QVariant() : QFontDatabase::systemFont(QFontDatabase::FixedFont);
    case Qt::ForegroundRole:
        return isName || shown.text ? QVariant() : QGuiApplication::palette().brush(QPalette::PlaceholderText);
    case IsValueRole:
        return shown.text.has_value();
    default:
        return {};
    }
}

QVariant InspectorModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return static_cast<Column>(section) == Column::Name ? tr("Type") : tr("Value");
}

} // namespace modelvault::ui
