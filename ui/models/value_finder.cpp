#include "models/value_finder.h"

#include "database/row_index.h"
#include "database/value_search.h"
#include "jobs/pools.h"
#include "text/explain_words.h"
#include "text/words.h"

#include <QPromise>
#include <QtConcurrentRun>

#include <algorithm>
#include <chrono>
#include <utility>

namespace modelvault::ui {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kTellInterval = std::chrono::milliseconds(50);
constexpr std::size_t kMostKey = 64;

} // namespace

class ValueFinder::Job {
public:
    Job(const Store &store, std::shared_ptr<const Snapshot> snapshot, QPromise<Told> &promise)
        : m_snapshot(std::move(snapshot)),
          m_reader(store, m_snapshot),
          m_promise(promise)
    { }

    void run(std::string_view text)
    {
        const auto read = findValues(
            m_reader, text, [this](ValueHit &&hit) { return add(hit); },
            [this](std::uint64_t done, std::uint64_t total) {
                m_update.share = shareOf(done, total);
                if (Clock::now() >= m_nextTold)
                    tell();
                return !m_promise.isCanceled();
            });
        m_update.share = 1;
        m_update.ended = true;
        if (!read)
            m_update.error = read.error();
        tell();
    }

private:
    bool add(const ValueHit &hit)
    {
        m_update.hits.push_back({.collectionId = hit.collectionId,
                                 .record = hit.record,
                                 .cells = {plainText(m_snapshot->catalog->catalog().find(hit.collectionId)->name),
                                           shownValue(hit.key, kMostKey), plainText(hit.path.text(kMostLabel)),
                                           plainText(hit.text)}});
        m_update.isCut = ++m_count == kMostHits;
        return !m_update.isCut && !m_promise.isCanceled();
    }

    void tell()
    {
        const auto share = m_update.share;
        m_promise.addResult(std::make_shared<const Update>(std::exchange(m_update, {})));
        m_update.share = share;
        m_nextTold = Clock::now() + kTellInterval;
    }

    const std::shared_ptr<const Snapshot> m_snapshot;
    RowReader m_reader;
    QPromise<Told> &m_promise;
    Update m_update;
    std::size_t m_count = 0;
    Clock::time_point m_nextTold;
};

ValueFinder::ValueFinder(QObject *parent) : RowModel(parent)
{
    connect(&m_search, &QFutureWatcherBase::resultsReadyAt, this, &ValueFinder::take);
}

ValueFinder::~ValueFinder()
{
    m_search.cancel();
}

void ValueFinder::setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot)
{
    const bool isSame = m_store == store;
    m_store = std::move(store);
    m_snapshot = snapshot && snapshot->rows && snapshot->catalog ? std::move(snapshot) : nullptr;
    if (!isSame)
        find({});
}

void ValueFinder::drop()
{
    m_search.cancel();
    m_search.setFuture(QFuture<Told>());
    m_isSearching = false;
}

void ValueFinder::find(const QString &text)
{
    drop();
    m_text = text;
    m_hits.clear();
    m_share = 0;
    m_isCut = false;
    m_error.reset();
    if (!text.isEmpty() && m_store && m_snapshot) {
        m_isSearching = true;
        m_search.setFuture(QtConcurrent::run(&searchPool(), [store = m_store, snapshot = m_snapshot,
                                                             wanted = text.toStdString()](QPromise<Told> &promise) {
            Job(*store, snapshot, promise).run(wanted);
        }));
    }
    Q_EMIT wasReset();
    Q_EMIT progressed();
}

void ValueFinder::stop()
{
    if (!m_isSearching)
        return;
    drop();
    m_isCut = true;
    Q_EMIT progressed();
}

void ValueFinder::take(int begin, int end)
{
    const auto before = m_hits.size();
    for (int i = begin; i < end; ++i) {
        const auto update = m_search.resultAt(i);
        m_hits.insert(m_hits.end(), update->hits.begin(), update->hits.end());
        m_share = update->share;
        if (update->ended) {
            m_isSearching = false;
            m_isCut = update->isCut;
            m_error = update->error;
        }
    }
    if (!m_isSearching)
        m_search.setFuture(QFuture<Told>()); // it keeps all that it told
    if (m_hits.size() > before)
        Q_EMIT rowsAppended();
    Q_EMIT progressed();
}

QString ValueFinder::headerText(int column) const
{
    switch (column) {
    case Collection:
        return tr("Collection");
    case Key:
        return tr("Key");
    case Field:
        return tr("Field");
    case Value:
        return tr("Value");
    default:
        return {};
    }
}

Qt::Alignment ValueFinder::alignment(int) const
{
    return Qt::AlignLeft | Qt::AlignVCenter;
}

QString ValueFinder::sampleText(int column) const
{
    return QString(column == Value ? 24 : column == Key ? 8 : 10, QLatin1Char('n'));
}

QVariant ValueFinder::data(std::uint64_t row, int column, int role) const
{
    if (row >= rowCount())
        return {};
    const auto &text = hit(row).cells[column];
    switch (role) {
    case Qt::DisplayRole:
        return text;
    case Qt::ToolTipRole:
        return toolTipText(tr("%1: %2").arg(headerText(column), text));
    default:
        return {};
    }
}

QFuture<QString> ValueFinder::copyText(std::uint64_t first, std::uint64_t last, const QList<int> &columns) const
{
    QString text;
    for (auto row = first; row <= last; ++row) {
        QStringList cells;
        for (const int column : columns)
            cells += hit(row).cells[column];
        text += lineOf(cells);
    }
    return QtFuture::makeReadyValueFuture(text);
}

QFuture<std::optional<std::uint64_t>> ValueFinder::findRow(const QString &typed, std::uint64_t from) const
{
    std::optional<std::uint64_t> found;
    for (std::size_t i = 0; i < m_hits.size() && !found; ++i) {
        const auto row = (from + i) % m_hits.size();
        if (hit(row).cells[Key].startsWith(typed, Qt::CaseInsensitive))
            found = row;
    }
    return QtFuture::makeReadyValueFuture(found);
}

} // namespace modelvault::ui
