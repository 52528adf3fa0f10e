#include "models/data_row_model.h"

#include "database/row_index.h"
#include "export/value_text.h"
#include "jobs/pools.h"
#include "text/words.h"

#include <QFont>
#include <QPromise>
#include <QtConcurrentRun>

#include <algorithm>
#include <span>
#include <utility>

namespace modelvault::ui {
namespace {

// Read beyond what is visible, so that a few lines of scrolling need nothing new.
constexpr std::uint64_t kMargin = 32;
// Of a value, as a cell shows it.
constexpr std::size_t kMostShown = 256;
// Rows that are copied at once: their texts have to fit memory.
constexpr std::uint64_t kMostCopied = 1'000'000;

const FieldType &heldType(const FieldType &type)
{
    return type.tag == TypeTag::Optional ? heldType(type.inner.front()) : type;
}

bool isNone(const std::optional<Value> &value)
{
    const auto *held = value ? &*value : nullptr;
    while (held != nullptr) {
        const auto *optional = std::get_if<OptionalValue>(&held->data);
        if (optional == nullptr)
            return false;
        held = optional->held.empty() ? nullptr : &optional->held.front();
    }
    return true;
}

QFont italic()
{
    QFont font;
    font.setItalic(true);
    return font;
}

/// With its size where it is cut.
QString shownText(const Value &value)
{
    auto text = plainText(valueText(value, kMostShown));
    if (const auto *string = std::get_if<std::string>(&value.data); string != nullptr && string->size() > kMostShown)
        text += DataRowModel::tr("… (%1)").arg(sizeText(string->size()));
    else if (const auto *bytes = std::get_if<Value::Bytes>(&value.data);
             bytes != nullptr && bytes->size() * 2 > kMostShown)
        text = text.left(static_cast<qsizetype>(kMostShown))
             + DataRowModel::tr("… (%1)").arg(sizeText(bytes->size()));
    else if (text.size() >= static_cast<qsizetype>(kMostShown))
        text += QChar(0x2026);
    return text;
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
    m_collection = collection;
    m_schema = collection != nullptr ? &collection->current() : nullptr;
    if (!isSame) {
        m_conditions.clear();
        m_sorting.reset();
        m_fields.clear();
        for (std::size_t i = 0; m_schema != nullptr && i < m_schema->fields.size(); ++i) {
            const auto &path = m_schema->fields[i].path;
            const bool isKey = path.segments.size() == 1 && path.segments.front().str() == collection->primaryField;
            m_fields.insert(isKey ? m_fields.begin() : m_fields.end(), i);
        }
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
    m_search.setFuture(QFuture<std::shared_ptr<const Found>>());
    m_isSearching = false;
    m_searchError.reset();
    m_searchedShare = 0;
    m_found.reset();
    if (m_schema != nullptr && (!m_conditions.empty() || m_sorting)) {
        m_found.emplace();
        m_isSearching = true;
        // The schema lives in the snapshot, which the job shares.
        const auto job = [store = m_store, snapshot = m_snapshot, schema = m_schema, id = *m_collectionId,
                          conditions = m_conditions,
                          sorting = m_sorting.transform([this](const Sorting &it) {
                              return std::pair(fieldOf(it.column), it.order);
                          })](QPromise<std::shared_ptr<const Found>> &promise) {
            const auto &live = snapshot->rows->collection(id).live;
            RowReader reader(*store, snapshot);
            std::vector<RecordNo> passed;
            double from = 0;
            const double part = sorting && !conditions.empty() ? 0.5 : 1;
            const auto progress = [&](std::uint64_t done, std::uint64_t total) {
                const auto share = from + part * static_cast<double>(done) / static_cast<double>(std::max<std::uint64_t>(total, 1));
                promise.addResult(std::make_shared<const Found>(Found{.share = share}));
                return !promise.isCanceled();
            };
            const auto end = [&promise](std::vector<RecordNo> rows, const Result<void> &result) {
                Found last{.rows = std::move(rows), .share = 1, .ended = true};
                if (!result && result.error().code != ErrorCode::Cancelled)
                    last.error = result.error();
                promise.addResult(std::make_shared<const Found>(std::move(last)));
            };
            if (!conditions.empty()) {
                auto filter = RowFilter::make(*schema, conditions);
                if (!filter)
                    return end({}, failure(ErrorCode::InvalidInput));
                const auto found = [&](std::span<const RecordNo> rows) {
                    if (sorting)
                        passed.insert(passed.end(), rows.begin(), rows.end());
                    else
                        promise.addResult(std::make_shared<const Found>(Found{.rows = {rows.begin(), rows.end()}}));
                    return !promise.isCanceled();
                };
                const auto filtered = filterRows(reader, live, *filter, found, progress);
                if (!filtered || !sorting)
                    return end({}, filtered);
                from = part;
            }
            auto sorted = sortRows(reader, live, *schema, sorting->first, sorting->second,
                                   conditions.empty() ? std::nullopt
                                                      : std::optional(std::span<const RecordNo>(passed)),
                                   progress);
            if (sorted)
                end(*std::move(sorted), {});
            else
                end({}, std::unexpected(sorted.error()));
        };
        m_search.setFuture(QtConcurrent::run(&scanPool(), job));
    }
    reset();
    Q_EMIT searchProgressed();
}

void DataRowModel::stopSearch()
{
    if (!m_isSearching)
        return;
    m_search.cancel();
    m_search.setFuture(QFuture<std::shared_ptr<const Found>>());
    m_isSearching = false;
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
        }
    }
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
             : role == Qt::ToolTipRole                ? QVariant(toolTipText(found->fault))
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
    if (loaded(first) != nullptr && loaded(last) != nullptr)
        return;
    Wish wish{.first = first - std::min(first, kMargin), .records = {}};
    for (auto row = wish.first; row <= last + std::min(kMargin, rowCount() - 1 - last); ++row)
        wish.records.push_back(*record(row));
    m_load.want(std::move(wish));
}

QFuture<std::shared_ptr<const DataRowModel::Loaded>> DataRowModel::load(const Wish &wish) const
{
    std::vector<FieldPath> paths;
    for (const auto field : m_fields)
        paths.push_back(m_schema->fields[field].path);
    return QtConcurrent::run([store = m_store, snapshot = m_snapshot, wish, paths = std::move(paths)] {
        RowReader reader(*store, snapshot);
        Loaded loaded{.first = wish.first, .rows = {}};
        for (const auto record : wish.records) {
            LoadedRow row{.no = record, .cells = {}, .fault = {}};
            if (const auto read = reader.read(record)) {
                for (const auto &path : paths) {
                    const auto value = read->value(path);
                    row.cells.push_back({.text = value ? shownText(*value) : QString(), .isNone = isNone(value)});
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
    for (auto row = first; row <= last && records.size() < kMostCopied; ++row)
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
                const auto value = row ? row->value(path) : std::nullopt;
                cells += value ? plainText(valueText(*value)) : QString();
            }
            text += cells.join(QLatin1Char('\t')) + QLatin1Char('\n');
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
    const auto &live = m_snapshot->rows->collection(*m_collectionId).live;
    if (!record || !live.contains(*record))
        return nothing;
    if (!m_found)
        return QtFuture::makeReadyValueFuture(std::optional(live.countBelow(*record)));
    const auto found = std::ranges::find(*m_found, *record);
    return found == m_found->end()
             ? nothing
             : QtFuture::makeReadyValueFuture(std::optional(static_cast<std::uint64_t>(found - m_found->begin())));
}

} // namespace modelvault::ui
