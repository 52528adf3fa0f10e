#include "models/data_row_model.h"

#include "database/row_index.h"
#include "export/value_text.h"
#include "text/explain_words.h"
#include "text/words.h"

#include <QFont>
#include <QPromise>
#include <QtConcurrentRun>

#include <algorithm>
#include <ranges>
#include <utility>

namespace modelvault::ui {
namespace {

// Read beyond what is visible, so that a few lines of scrolling need nothing new.
constexpr std::uint64_t kMargin = 32;
// Of a value, as a cell shows it.
constexpr std::size_t kMostShown = 256;

QFont italic()
{
    QFont font;
    font.setItalic(true);
    return font;
}

} // namespace

DataRowModel::DataRowModel(QObject *parent)
    : RowModel(parent),
      m_load([this](const Wish &wish) { return load(wish); },
             [this](const std::shared_ptr<const Loaded> &loaded) {
                 m_loaded = *loaded;
                 if (!m_loaded.rows.empty())
                     Q_EMIT rowsChanged(m_loaded.first, m_loaded.first + m_loaded.rows.size() - 1);
             })
{
    connect(&m_search, &QFutureWatcherBase::resultsReadyAt, this, &DataRowModel::takeFound);
}

DataRowModel::~DataRowModel()
{
    m_search.cancel();
}

void DataRowModel::setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot,
                             std::optional<std::uint32_t> collectionId)
{
    const auto *collection = snapshot && snapshot->rows && snapshot->catalog && collectionId
        ? snapshot->catalog->catalog().find(*collectionId)
        : nullptr;
    const bool isSame = m_schema != nullptr && collection != nullptr && m_store == store
        && m_collectionId == collectionId && m_schema->fields == collection->current().fields;
    m_store = std::move(store);
    m_snapshot = std::move(snapshot);
    m_collectionId = collection != nullptr ? collectionId : std::nullopt;
    m_schema = collection != nullptr ? &collection->current() : nullptr;
    if (!isSame) {
        m_conditions.clear();
        m_sorting.reset();
        m_fields.clear();
        for (std::size_t i = 0; m_schema != nullptr && i < m_schema->fields.size(); ++i) {
            const bool isKey = m_schema->fields[i].path.is(collection->primaryField);
            m_fields.insert(isKey ? m_fields.begin() : m_fields.end(), i);
        }
        m_displays.assign(m_fields.size(), ValueDisplay::Usual);
    }
    search();
}

void DataRowModel::setConditions(std::vector<RowCondition> conditions)
{
    if (conditions == m_conditions)
        return;
    m_conditions = std::move(conditions);
    search();
}

void DataRowModel::setSorting(std::optional<Sorting> sorting)
{
    if (sorting == m_sorting)
        return;
    m_sorting = sorting;
    search();
}

/// What is on screen is read again.
void DataRowModel::setDisplay(int column, ValueDisplay display)
{
    m_displays[static_cast<std::size_t>(column)] = display;
    Wish wish{.first = m_loaded.first, .records = {}};
    for (const auto &row : m_loaded.rows)
        wish.records.push_back(row.no);
    if (!wish.records.empty())
        m_load.want(std::move(wish));
}

void DataRowModel::reset()
{
    m_load.drop();
    m_loaded = {};
    Q_EMIT wasReset();
}

/// Begins anew; what was found so far goes.
void DataRowModel::search()
{
    m_search.cancel();
    m_search.setFuture(QFuture<std::shared_ptr<const RowSearchUpdate>>());
    m_isSearching = false;
    m_isStopped = false;
    m_searchError.reset();
    m_searchedShare = 0;
    keepSorted();
    m_found.reset();
    if (m_sorted && m_conditions.empty()) {
        m_found = *m_sorted->rows; // a search that is given up may read them still
        m_sorted->rows = nullptr;
    } else if (m_schema != nullptr && (!m_conditions.empty() || m_sorting)) {
        m_found.emplace();
        m_isSearching = true;
        m_search.setFuture(searchRows(m_store, m_snapshot,
                                      {.collectionId = *m_collectionId,
                                       .schema = m_schema,
                                       .conditions = m_conditions,
                                       .sorting = m_sorting.transform([this](const Sorting &it) {
                                           return std::pair(fieldOf(it.column), it.order);
                                       }),
                                       .sorted = m_sorted ? m_sorted->rows : nullptr}));
    }
    reset();
    Q_EMIT searchProgressed();
}

/// Of what was found for an earlier wish, what the one that holds now still needs.
void DataRowModel::keepSorted()
{
    if (!m_sorted)
        return;
    const bool holds =
        m_sorted->snapshot == m_snapshot && m_sorted->collectionId == m_collectionId && m_sorted->sorting == m_sorting;
    if (!holds)
        m_sorted.reset();
    else if (m_sorted->rows == nullptr)
        m_sorted->rows = std::make_shared<const std::vector<RecordNo>>(*std::move(m_found));
}

void DataRowModel::stopSearch()
{
    if (!m_isSearching)
        return;
    // Rows that were not sorted yet have no order to show.
    if (m_sorting) {
        setSorting(std::nullopt);
        return;
    }
    m_search.cancel();
    m_search.setFuture(QFuture<std::shared_ptr<const RowSearchUpdate>>());
    m_isSearching = false;
    m_isStopped = true;
    Q_EMIT searchProgressed();
}

void DataRowModel::takeFound(int begin, int end)
{
    bool appended = false;
    for (int i = begin; i < end; ++i) {
        const auto found = m_search.resultAt(i);
        m_searchedShare = std::max(m_searchedShare, found->share);
        m_found->insert(m_found->end(), found->rows.begin(), found->rows.end());
        appended |= !found->rows.empty();
        if (found->ended) {
            m_isSearching = false;
            m_searchError = found->error;
            if (m_sorting && m_conditions.empty() && !m_searchError)
                m_sorted = {.snapshot = m_snapshot, .collectionId = *m_collectionId, .sorting = *m_sorting, .rows = {}};
        }
    }
    if (!m_isSearching)
        m_search.setFuture(QFuture<std::shared_ptr<const RowSearchUpdate>>()); // it keeps all that it told
    if (appended)
        Q_EMIT rowsAppended();
    Q_EMIT searchProgressed();
}

std::uint64_t DataRowModel::allRows() const
{
    return m_collectionId ? m_snapshot->rows->collection(*m_collectionId).live.size() : 0;
}

std::uint64_t DataRowModel::rowCount() const
{
    return m_found ? m_found->size() : allRows();
}

std::optional<RecordNo> DataRowModel::record(std::uint64_t row) const
{
    if (row >= rowCount())
        return std::nullopt;
    return m_found ? (*m_found)[static_cast<std::size_t>(row)]
                   : m_snapshot->rows->collection(*m_collectionId).live.at(row);
}

int DataRowModel::columnCount() const
{
    return static_cast<int>(m_fields.size());
}

TypeTag DataRowModel::tagOf(int column) const
{
    return heldType(definition(column).type).tag;
}

QString DataRowModel::headerText(int column) const
{
    return plainText(definition(column).path.text());
}

Qt::Alignment DataRowModel::alignment(int column) const
{
    const auto tag = tagOf(column);
    const bool isNumber = tag == TypeTag::Int64 || tag == TypeTag::Uint64 || tag == TypeTag::Float64;
    return Qt::AlignVCenter | (isNumber ? Qt::AlignRight : Qt::AlignLeft);
}

bool DataRowModel::isMonospace(int column) const
{
    const auto tag = tagOf(column);
    return tag == TypeTag::Bytes || tag == TypeTag::Uuid;
}

QString DataRowModel::sampleText(int column) const
{
    switch (tagOf(column)) {
    case TypeTag::Bool:
        return QStringLiteral("false");
    case TypeTag::Int64:
    case TypeTag::Uint64:
    case TypeTag::Float64:
        return QStringLiteral("1234567890");
    case TypeTag::Uuid:
        return QString(36, QLatin1Char('0'));
    case TypeTag::Timestamp:
        return QStringLiteral("2026-01-01T00:00:00Z");
    default:
        return QString(18, QLatin1Char('m'));
    }
}

const DataRowModel::LoadedRow *DataRowModel::loaded(std::uint64_t row) const
{
    const auto into = row - m_loaded.first;
    return row >= m_loaded.first && into < m_loaded.rows.size() ? &m_loaded.rows[into] : nullptr;
}

QVariant DataRowModel::data(std::uint64_t row, int column, int role) const
{
    const auto *found = loaded(row);
    if (found == nullptr)
        return {};
    if (found->cells.empty())
        return role == Qt::DisplayRole && column == 0 ? QVariant(tr("unreadable"))
            : role == Qt::ToolTipRole                 ? QVariant(toolTipText(found->fault))
                                                      : QVariant();
    const auto &cell = found->cells[static_cast<std::size_t>(column)];
    switch (role) {
    case Qt::DisplayRole:
        return cell.isNone ? tr("none") : cell.text;
    case Qt::ToolTipRole:
        return toolTipText(tr("%1: %2").arg(headerText(column), cell.isNone ? tr("none") : cell.text));
    case Qt::FontRole:
        return cell.isNone ? QVariant(italic()) : QVariant();
    case IsNoneRole:
        return cell.isNone;
    default:
        return {};
    }
}

void DataRowModel::prepare(std::uint64_t first, std::uint64_t last)
{
    if (rowCount() == 0 || first >= rowCount())
        return;
    last = std::min(last, rowCount() - 1);
    if (loaded(first) != nullptr && loaded(last) != nullptr) {
        m_load.drop(); // its rows would take the place of what is wanted now
        return;
    }
    Wish wish{.first = first - std::min(first, kMargin), .records = {}};
    for (auto row = wish.first; row <= last + std::min(kMargin, rowCount() - 1 - last); ++row)
        wish.records.push_back(*record(row));
    m_load.want(std::move(wish));
}

QFuture<std::shared_ptr<const DataRowModel::Loaded>> DataRowModel::load(const Wish &wish) const
{
    // The schema lives in the snapshot.
    return QtConcurrent::run(
        [store = m_store, snapshot = m_snapshot, schema = m_schema, fields = m_fields, displays = m_displays, wish] {
            RowReader reader(*store, snapshot);
            Loaded loaded{.first = wish.first, .rows = {}};
            for (const auto record : wish.records) {
                LoadedRow row{.no = record, .cells = {}, .fault = {}};
                if (const auto read = reader.read(record)) {
                    for (const auto &[field, display] : std::views::zip(fields, displays)) {
                        const auto *value = read->value(schema->fields[field].path, field);
                        row.cells.push_back(
                            {.text = value != nullptr ? displayedValue(*value, kMostShown, display) : QString(),
                             .isNone = value == nullptr || heldValue(*value) == nullptr});
                    }
                } else {
                    row.fault = errorText(read.error());
                }
                loaded.rows.push_back(std::move(row));
            }
            return std::shared_ptr<const Loaded>(std::make_shared<const Loaded>(std::move(loaded)));
        });
}

QFuture<QString> DataRowModel::copyText(std::uint64_t first, std::uint64_t last, const QList<int> &columns) const
{
    std::vector<RecordNo> records;
    for (auto row = first; row <= last; ++row)
        records.push_back(*record(row));
    std::vector<FieldPath> paths;
    for (const int column : columns)
        paths.push_back(definition(column).path);
    return QtConcurrent::run([store = m_store, snapshot = m_snapshot, records = std::move(records),
                              paths = std::move(paths)](QPromise<QString> &promise) {
        RowReader reader(*store, snapshot);
        QString text;
        for (const auto record : records) {
            if (promise.isCanceled())
                return;
            const auto row = reader.read(record);
            QStringList cells;
            for (const auto &path : paths) {
                const auto *value = row ? row->value(path) : nullptr;
                cells += value != nullptr ? plainText(valueText(*value)) : QString();
            }
            text += lineOf(cells);
        }
        promise.addResult(text);
    });
}

QFuture<std::optional<std::uint64_t>> DataRowModel::findRow(const QString &typed, std::uint64_t /*from*/) const
{
    const auto nothing = QtFuture::makeReadyValueFuture(std::optional<std::uint64_t>());
    if (m_schema == nullptr || m_fields.empty())
        return nothing;
    const auto key = parseScalar(tagOf(0), typed.toStdString());
    const auto bytes = key ? keyBytes(*key) : std::nullopt;
    const auto record = bytes ? m_snapshot->rows->last(*m_collectionId, *bytes) : std::nullopt;
    return record ? QtFuture::makeReadyValueFuture(rowOf(*record)) : nothing;
}

std::optional<std::uint64_t> DataRowModel::rowOf(RecordNo record) const
{
    const auto &live = m_snapshot->rows->collection(*m_collectionId).live;
    if (!live.contains(record))
        return std::nullopt;
    if (!m_found)
        return live.countBelow(record);
    const auto found = std::ranges::find(*m_found, record);
    return found != m_found->end() ? std::optional(static_cast<std::uint64_t>(found - m_found->begin())) : std::nullopt;
}

} // namespace modelvault::ui
