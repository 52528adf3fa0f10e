#include "models/segment_row_model.h"

#include "database/segment_summary.h"
#include "filter/cell_filters.h"
#include "log/page_map.h"
#include "text/explain_words.h"
#include "text/finding_words.h"
#include "text/words.h"

#include <QPromise>
#include <QtConcurrentRun>

#include <algorithm>
#include <tuple>

namespace modelvault::ui {
namespace {

// Looked up beyond what is visible, so that a few lines of scrolling need no new walk.
constexpr std::uint64_t kMargin = 256;
// Of segments that pass a filter, each may need a walk of its own.
constexpr std::uint64_t kFilteredMargin = 32;
constexpr std::size_t kMostTold = 5; // findings in a tool tip

bool continues(const Snapshot *older, const Snapshot *newer)
{
    return older != nullptr && newer != nullptr && older->identity == newer->identity
        && newer->log.index->segmentCount() >= older->log.index->segmentCount()
        && newer->log.index->end() >= older->log.index->end();
}

std::optional<FilterField> fieldOf(int column)
{
    switch (column) {
    case SegmentRowModel::Number:
        return FilterField::Number;
    case SegmentRowModel::Place:
        return FilterField::Offset;
    case SegmentRowModel::Type:
        return FilterField::Type;
    case SegmentRowModel::PayloadLength:
        return FilterField::Length;
    case SegmentRowModel::InTransaction:
        return FilterField::Transaction;
    case SegmentRowModel::Checksum:
        return FilterField::Crc;
    default:
        return std::nullopt;
    }
}

QString cellText(const Segment &segment, int column)
{
    switch (column) {
    case SegmentRowModel::Number:
        return groupedText(segment.no.value);
    case SegmentRowModel::Place:
        return fixedOffsetText(segment.offset);
    case SegmentRowModel::Type:
        return typeText(segment.header.type);
    case SegmentRowModel::PayloadLength:
        return groupedText(segment.header.payloadLength);
    case SegmentRowModel::InTransaction:
        return segment.transaction ? groupedText(segment.transaction->value) : QStringLiteral("–");
    case SegmentRowModel::Checksum:
        return segment.payloadDamaged ? SegmentRowModel::tr("✘ damaged") : SegmentRowModel::tr("✔");
    default:
        return {};
    }
}

QString cellToolTip(const Segment &segment, int column)
{
    switch (column) {
    case SegmentRowModel::Place:
        return toolTipText(SegmentRowModel::tr("Offset %1, to %2 (decimal)")
                               .arg(groupedText(segment.offset.value), groupedText(segment.end().value)));
    case SegmentRowModel::PayloadLength:
        return toolTipText(exactSizeText(segment.header.payloadLength));
    case SegmentRowModel::Checksum:
        return toolTipText(
            SegmentRowModel::tr("CRC-32C as stored: %1").arg(segment.header.payloadCrc, 8, 16, QLatin1Char('0')));
    default:
        return {};
    }
}

/// As other programs read it: no grouping, no signs.
QString copiedText(const Segment &segment, int column)
{
    switch (column) {
    case SegmentRowModel::Number:
        return QString::number(segment.no.value);
    case SegmentRowModel::PayloadLength:
        return QString::number(segment.header.payloadLength);
    case SegmentRowModel::InTransaction:
        return segment.transaction ? QString::number(segment.transaction->value) : QString();
    case SegmentRowModel::Checksum:
        return segment.payloadDamaged ? QStringLiteral("damaged") : QStringLiteral("ok");
    default:
        return cellText(segment, column);
    }
}

} // namespace

SegmentRowModel::SegmentRowModel(QObject *parent) : RowModel(parent)
{
    connect(&m_load, &QFutureWatcherBase::finished, this, [this] {
        m_isLoading = false;
        if (m_load.future().resultCount() == 0)
            return;
        m_loaded = m_load.result();
        if (m_loaded.first < m_loaded.end)
            Q_EMIT rowsChanged(m_loaded.first, m_loaded.end - 1);
        if (const auto wanted = std::exchange(m_wanted, std::nullopt))
            prepare(wanted->first, wanted->second);
        else
            summarize();
    });
    connect(&m_filter, &SegmentFilter::restarted, this, [this] {
        drop();
        Q_EMIT wasReset();
    });
    connect(&m_filter, &SegmentFilter::hitsAdded, this, &RowModel::rowsAppended);
    connect(&m_summarizing, &QFutureWatcherBase::resultsReadyAt, this, &SegmentRowModel::takeSummaries);
    connect(&m_summarizing, &QFutureWatcherBase::finished, this, [this] {
        m_isSummarizing = false;
        if (std::exchange(m_isSummaryOutdated, false))
            summarize();
    });
}

SegmentRowModel::~SegmentRowModel()
{
    m_summarizing.cancel();
}

void SegmentRowModel::setSnapshot(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot)
{
    const bool appends = m_store == store && continues(m_snapshot.get(), snapshot.get());
    m_store = std::move(store);
    m_snapshot = std::move(snapshot);
    // What is loaded may have learned that a payload is damaged; names come with the catalog.
    drop();
    m_filter.setSource(m_store, m_snapshot, appends);
    if (appends)
        Q_EMIT rowsAppended();
    else
        Q_EMIT wasReset();
}

void SegmentRowModel::drop()
{
    m_loaded = {};
    dropLoad();
    m_asked.reset();
    m_what.clear();
    m_summarizing.cancel();
    m_summarizing.setFuture(QFuture<Summarized>());
    m_isSummarizing = false;
    m_isSummaryOutdated = false;
}

SegmentRowModel::Content SegmentRowModel::whatOf(const Store &store, const Snapshot &snapshot, const Segment &segment)
{
    const auto summary = modelvault::summarize(store, segment, snapshot.catalog.get());
    if (!summary)
        return {.text = tr("unreadable: %1").arg(errorText(summary.error())), .filters = {}, .isFaulty = true};
    return {.text = summaryText(*summary),
            .filters = modelvault::filtersLike(*summary),
            .isFaulty = summary->fault.has_value()};
}

SegmentNo SegmentRowModel::numberAt(std::uint64_t row) const
{
    return m_filter.isOff() ? SegmentNo{row} : m_filter.hits().at(row);
}

std::vector<SegmentNo> SegmentRowModel::numbersAt(std::uint64_t first, std::uint64_t last) const
{
    if (!m_filter.isOff())
        return m_filter.hits().at(first, last);
    std::vector<SegmentNo> numbers;
    for (auto row = first; row <= last; ++row)
        numbers.push_back({row});
    return numbers;
}

std::optional<std::uint64_t> SegmentRowModel::rowOf(SegmentNo no) const
{
    if (!m_filter.isOff())
        return m_filter.hits().rowOf(no);
    return no.value < rowCount() ? std::optional(no.value) : std::nullopt;
}

std::vector<Filter> SegmentRowModel::filtersLike(std::uint64_t row, int column) const
{
    const auto *found = segment(row);
    const auto what = m_what.find(row);
    if (column == What && what != m_what.end() && !what->second.filters.empty())
        return what->second.filters;
    if (column == What) // of markers and manifests, which have nothing else in common
        return found != nullptr ? modelvault::filtersLike(*found, FilterField::Type) : std::vector<Filter>();
    const auto field = fieldOf(column);
    return found != nullptr && field ? modelvault::filtersLike(*found, *field) : std::vector<Filter>();
}

const Segment *SegmentRowModel::segment(std::uint64_t row) const
{
    const auto into = row - m_loaded.first;
    return row >= m_loaded.first && into < m_loaded.segments.size() ? &m_loaded.segments[into] : nullptr;
}

std::uint64_t SegmentRowModel::segmentCount() const
{
    return m_snapshot ? m_snapshot->log.index->segmentCount() : 0;
}

std::uint64_t SegmentRowModel::rowCount() const
{
    return m_filter.isOff() ? segmentCount() : m_filter.hits().count();
}

int SegmentRowModel::columnCount() const
{
    return ColumnCount;
}

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
        return tr("Txn");
    case Checksum:
        return tr("CRC");
    case What:
        return tr("What");
    default:
        return {};
    }
}

Qt::Alignment SegmentRowModel::alignment(int column) const
{
    const bool number = column == Number || column == PayloadLength || column == InTransaction;
    return Qt::AlignVCenter | (number ? Qt::AlignRight : Qt::AlignLeft);
}

QString SegmentRowModel::sampleText(int column) const
{
    const auto count = std::max<std::uint64_t>(segmentCount(), 10'000);
    switch (column) {
    case Number:
    case InTransaction:
        return groupedText(count) + QLatin1Char('0');
    case Place:
        return fixedOffsetText({m_snapshot ? m_snapshot->fileLength() : 0});
    case Type:
        return typeText(SegmentType::Checkpoint) + QStringLiteral("mmm");
    case PayloadLength:
        return groupedText(100'000'000);
    case Checksum:
        return tr("damaged");
    case What:
        return tr("people \"somebody\" replace");
    default:
        return {};
    }
}

QVariant SegmentRowModel::data(std::uint64_t row, int column, int role) const
{
    const auto *found = segment(row);
    if (found == nullptr && column == Type && isLost(row))
        return role == Qt::DisplayRole ? QVariant(tr("unreadable"))
            : role == Qt::ToolTipRole
            ? QVariant(toolTipText(tr("This segment is no longer where it was when the file was scanned")))
            : QVariant();
    if (found == nullptr)
        return role == Qt::DisplayRole && column == Number && row < rowCount()
            ? QVariant(groupedText(numberAt(row).value))
            : QVariant();
    if (role == FaultRole) {
        const auto what = m_what.find(row);
        return found->payloadDamaged || (what != m_what.end() && what->second.isFaulty);
    }
    if (column == What)
        return whatCell(row, *found, role);
    switch (role) {
    case Qt::DisplayRole:
        return cellText(*found, column);
    case Qt::ToolTipRole:
        return cellToolTip(*found, column);
    case KindRole:
        return column == Type ? QVariant(static_cast<int>(contentKind(found->header.type))) : QVariant();
    default:
        return {};
    }
}

/// What the segment holds, and what is wrong with it.
QVariant SegmentRowModel::whatCell(std::uint64_t row, const Segment &segment, int role) const
{
    const auto known = m_what.find(row);
    const auto what = known != m_what.end() ? known->second.text : QString();
    switch (role) {
    case Qt::DisplayRole: {
        const auto findings = findingsOf(segment, 1);
        if (findings.empty())
            return known != m_what.end() ? QVariant(what) : QVariant();
        // What can't be read is said already.
        const auto fault = findingText(findings.front()->what);
        return what.isEmpty() || fault.startsWith(what) ? fault : tr("%1 – %2").arg(what, fault);
    }
    case Qt::ToolTipRole: {
        const auto faults = findingLines(findingsOf(segment, kMostTold));
        return toolTipText(faults.isEmpty() ? what : what + QLatin1Char('\n') + faults); // it may be cut off
    }
    case SeverityRole: {
        const auto gravest = m_findings ? m_findings->gravest(segment.offset, segment.end()) : std::nullopt;
        return gravest ? QVariant(static_cast<int>(*gravest)) : QVariant();
    }
    default:
        return {};
    }
}

std::vector<const CheckFinding *> SegmentRowModel::findingsOf(const Segment &segment, std::size_t most) const
{
    return m_findings ? m_findings->findingsIn(segment.offset, segment.end(), most)
                      : std::vector<const CheckFinding *>();
}

void SegmentRowModel::setFindings(std::shared_ptr<const FindingMarks> findings)
{
    m_findings = std::move(findings);
    if (m_loaded.first < m_loaded.end)
        Q_EMIT rowsChanged(m_loaded.first, m_loaded.end - 1);
}

bool SegmentRowModel::isLost(std::uint64_t row) const
{
    return row >= m_loaded.first + m_loaded.segments.size() && row < m_loaded.end;
}

bool SegmentRowModel::isLoaded(std::uint64_t first, std::uint64_t last) const
{
    return first >= m_loaded.first && last < m_loaded.end;
}

void SegmentRowModel::prepare(std::uint64_t first, std::uint64_t last)
{
    if (rowCount() == 0)
        return;
    last = std::min(last, rowCount() - 1);
    if (first > last)
        return;
    m_asked = {first, last};
    if (isLoaded(first, last)) {
        dropLoad(); // its rows would take the place of what is wanted now
        summarize();
    } else if (m_isLoading)
        m_wanted = {first, last};
    else
        load(first, last);
}

QFuture<QString> SegmentRowModel::copyText(std::uint64_t first, std::uint64_t last, const QList<int> &columns) const
{
    return QtConcurrent::run([store = m_store, snapshot = m_snapshot, numbers = numbersAt(first, last), columns] {
        QString text;
        const auto found = LogReader(*store, snapshot->log.index).forEachOf(numbers, [&](const Segment &segment) {
            QStringList cells;
            for (const int column : columns)
                cells += column == What ? whatOf(*store, *snapshot, segment).text : copiedText(segment, column);
            text += lineOf(cells);
        });
        return found ? text : QString();
    });
}

QFuture<std::optional<std::uint64_t>> SegmentRowModel::findRow(const QString &typed, std::uint64_t from) const
{
    using Row = std::optional<std::uint64_t>;
    bool isNumber = false;
    if (const auto number = typed.toULongLong(&isNumber); isNumber)
        return QtFuture::makeReadyValueFuture(rowOf({number}));
    std::vector<SegmentType> types;
    for (std::size_t i = 0; i < kSegmentTypes; ++i) {
        if (const auto type = typeAtIndex(i); typeText(type).startsWith(typed, Qt::CaseInsensitive))
            types.push_back(type);
    }
    if (types.empty() || rowCount() == 0)
        return QtFuture::makeReadyValueFuture(Row());
    if (!m_filter.isOff())
        return findHit(types, from);
    return QtConcurrent::run([store = m_store, index = m_snapshot->log.index, types, from] {
        const LogReader log(*store, index);
        const auto firstFrom = [&](std::uint64_t row) {
            Row nearest;
            for (const auto type : types) {
                const auto found = log.firstOfType(type, {row});
                if (found && *found)
                    nearest = std::min(nearest.value_or((*found)->no.value), (*found)->no.value);
            }
            return nearest;
        };
        const auto behind = firstFrom(from);
        return behind ? behind : firstFrom(0);
    });
}

/// Segment by segment: of those of a type, few may pass the filter.
QFuture<std::optional<std::uint64_t>> SegmentRowModel::findHit(const std::vector<SegmentType> &types,
                                                               std::uint64_t from) const
{
    using Row = std::optional<std::uint64_t>;
    return QtConcurrent::run([store = m_store, index = m_snapshot->log.index, hits = m_filter.hits(), types, from] {
        const LogReader log(*store, index);
        const auto firstFrom = [&](std::uint64_t row) {
            Row found;
            // Where it fails the file has changed: there is no such row then.
            std::ignore = log.forEach(hits.at(row), [&](const Segment &segment) {
                if (std::ranges::contains(types, segment.header.type))
                    found = hits.rowOf(segment.no);
                return !found;
            });
            return found;
        };
        const auto behind = from < hits.count() ? firstFrom(from) : Row();
        return behind ? behind : firstFrom(0);
    });
}

void SegmentRowModel::load(std::uint64_t first, std::uint64_t last)
{
    const auto margin = m_filter.isOff() ? kMargin : kFilteredMargin;
    const auto from = first - std::min(first, margin);
    const auto end = last + 1 + std::min(margin, rowCount() - 1 - last);
    m_isLoading = true;
    m_load.setFuture(QtConcurrent::run(
        [store = m_store, index = m_snapshot->log.index, numbers = numbersAt(from, end - 1), from, end] {
            Loaded loaded{.first = from, .end = end};
            // Where it fails the file has changed: what is whole until there counts.
            std::ignore = LogReader(*store, index).forEachOf(numbers, [&loaded](const Segment &segment) {
                loaded.segments.push_back(segment);
            });
            return loaded;
        }));
}

void SegmentRowModel::summarize()
{
    if (!m_asked)
        return;
    if (m_isSummarizing) { // one payload at a time
        m_isSummaryOutdated = true;
        m_summarizing.cancel();
        return;
    }
    const auto [first, last] = *m_asked;
    std::erase_if(m_what, [first, last](const auto &known) {
        return known.first + kMargin < first || known.first > last + kMargin;
    });
    std::vector<std::pair<std::uint64_t, Segment>> segments;
    for (auto row = first; row <= last; ++row) {
        const auto *found = segment(row);
        if (found != nullptr && !m_what.contains(row))
            segments.emplace_back(row, *found);
    }
    if (segments.empty())
        return;
    m_isSummarizing = true;
    m_summarizing.setFuture(QtConcurrent::run(
        [store = m_store, snapshot = m_snapshot, segments = std::move(segments)](QPromise<Summarized> &promise) {
            for (const auto &[row, segment] : segments) {
                if (promise.isCanceled())
                    return;
                promise.addResult(Summarized{row, whatOf(*store, *snapshot, segment)});
            }
        }));
}

void SegmentRowModel::takeSummaries(int begin, int end)
{
    for (int i = begin; i < end; ++i) {
        auto summarized = m_summarizing.resultAt(i);
        m_what.insert_or_assign(summarized.row, std::move(summarized.what));
        Q_EMIT rowsChanged(summarized.row, summarized.row);
    }
}

void SegmentRowModel::dropLoad()
{
    m_isLoading = false;
    m_wanted.reset();
    m_load.setFuture(QFuture<Loaded>());
}

} // namespace modelvault::ui
