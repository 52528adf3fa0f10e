#include "views/data_view.h"

#include "database/row_index.h"
#include "models/list_limits.h"
#include "text/words.h"
#include "views/column_filters.h"
#include "views/record_pane.h"
#include "views/row_actions.h"
#include "views/value_find_view.h"
#include "views/virtual_table_view.h"

#include <QActionGroup>
#include <QFocusEvent>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QProgressBar>
#include <QScopedValueRollback>
#include <QSplitter>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>
#include <ranges>

namespace modelvault::ui {
namespace {

constexpr int kIdRole = Qt::UserRole + 1;
constexpr int kSteps = 1000;
// In a menu.
constexpr int kMostColumns = 200;

QString faultText(const RowConditionFault &fault)
{
    const auto type = QString::fromLatin1(typeTagName(static_cast<std::uint64_t>(fault.type)));
    switch (fault.kind) {
    case RowConditionFault::Kind::WrongOperand:
        return DataView::tr("This is no value of the type %1.").arg(type);
    case RowConditionFault::Kind::NoOrder:
        return DataView::tr("A value of the type %1 is not more or less than others.").arg(type);
    case RowConditionFault::Kind::BadRegex:
        return DataView::tr("No regular expression: %1").arg(plainText(fault.message));
    }
    return {};
}

} // namespace

DataView::DataView(QWidget *parent)
    : QWidget(parent),
      m_collections(new QTreeView(this)),
      m_values(new ValueFindView(this)),
      m_filters(nullptr),
      m_table(new VirtualTableView(this)),
      m_record(new RecordPane(this)),
      m_actions(new RowActions(*m_table, m_rows, this)),
      m_count(new QLabel(this)),
      m_progress(new QProgressBar(this)),
      m_stop(new QToolButton(this))
{
    m_collectionModel.setHorizontalHeaderLabels({tr("Collection"), tr("Rows"), tr("Versions"), tr("Deleted")});
    m_collections->setObjectName(QStringLiteral("collections"));
    m_collections->setAccessibleName(tr("Collections"));
    m_collections->setModel(&m_collectionModel);
    m_collections->setRootIsDecorated(false);
    m_collections->setUniformRowHeights(true);
    m_collections->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_collections->setFrameShape(QFrame::NoFrame);
    connect(m_collections->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &DataView::chooseCollection);

    auto *splitter = new QSplitter(Qt::Horizontal, this);
    auto *left = new QSplitter(Qt::Vertical, this);
    left->addWidget(m_collections);
    left->addWidget(m_values);
    left->setChildrenCollapsible(false);
    left->setStretchFactor(0, 1);
    splitter->addWidget(left);
    splitter->addWidget(makeGrid());
    splitter->addWidget(m_record);
    splitter->setChildrenCollapsible(false);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 4);
    splitter->setStretchFactor(2, 2);
    splitter->setSizes({230, 430, 260}); // in proportion
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(splitter);

    connect(m_values, &ValueFindView::rowChosen, this, &DataView::showRow);
    connect(m_values->hits(), &VirtualTableView::rowActivated, m_table, qOverload<>(&QWidget::setFocus));
    connect(m_record, &RecordPane::placeChosen, this, &DataView::placeChosen);
    connect(m_table, &VirtualTableView::currentRowChanged, this, [this](std::uint64_t row) {
        const auto record = m_rows.record(row);
        m_record->showRecord(record);
        if (record)
            Q_EMIT recordChosen(*record);
    });
    connect(m_table, &VirtualTableView::rowActivated, this, [this](std::uint64_t row) {
        if (const auto record = m_rows.record(row))
            Q_EMIT recordChosen(*record); // again, where somebody looked elsewhere meanwhile
        m_record->setFocus();
    });
    connect(m_table->header(), &QHeaderView::sectionClicked, this, &DataView::sortBy);
    connect(&m_rows, &DataRowModel::searchProgressed, this, &DataView::showSearch);
    showSearch();
}

QWidget *DataView::makeGrid()
{
    m_table->setObjectName(QStringLiteral("rows"));
    m_table->setAccessibleName(tr("Rows"));
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setModel(&m_rows);
    m_table->header()->setSectionsClickable(true);
    m_filters = new ColumnFilters(m_table, this);
    connect(m_filters, &ColumnFilters::changed, this, &DataView::filter);
    m_table->setFirstColumnFrozen(true);
    connect(m_table, &VirtualTableView::columnMenuRequested, this, &DataView::addDisplays);

    m_count->setObjectName(QStringLiteral("rowCount"));
    m_count->setTextFormat(Qt::PlainText);
    m_count->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred); // gives way in a small window
    m_progress->setRange(0, kSteps);
    m_progress->setTextVisible(false);
    m_progress->setMinimumWidth(fontMetrics().averageCharWidth() * 4);
    m_progress->setMaximumWidth(fontMetrics().averageCharWidth() * 20);
    m_progress->setAccessibleName(tr("Progress of the filter"));
    m_stop->setObjectName(QStringLiteral("stopRows"));
    m_stop->setText(tr("Stop"));
    connect(m_stop, &QToolButton::clicked, &m_rows, &DataRowModel::stopSearch);
    auto *columns = new QToolButton(this);
    columns->setObjectName(QStringLiteral("columns"));
    columns->setText(tr("Col&umns"));
    columns->setToolTip(tr("Which columns are shown, how, and which one sorts the rows"));
    columns->setPopupMode(QToolButton::InstantPopup);
    columns->setMinimumWidth(fontMetrics().averageCharWidth() * 4); // its menu has the rest
    auto *columnsMenu = new QMenu(columns);
    connect(columnsMenu, &QMenu::aboutToShow, this, [this, columnsMenu] { fillColumnsMenu(*columnsMenu); });
    columns->setMenu(columnsMenu);
    auto *line = new QHBoxLayout;
    line->setContentsMargins(fontMetrics().averageCharWidth(), 0, fontMetrics().averageCharWidth(), 0);
    line->addWidget(m_count, 1);
    line->addWidget(m_progress);
    line->addWidget(m_stop);
    line->addWidget(columns);
    line->addWidget(m_actions->makeExportButton(this));

    auto *grid = new QWidget(this);
    auto *layout = new QVBoxLayout(grid);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(m_filters);
    layout->addWidget(m_table, 1);
    layout->addLayout(line);
    return grid;
}

void DataView::setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot)
{
    m_store = std::move(store);
    m_snapshot = std::move(snapshot);
    m_record->setSource(m_store, m_snapshot);
    m_values->setSource(m_store, m_snapshot);
    showCollections();
    showRows();
}

void DataView::setEmptyText(const QString &text)
{
    m_emptyText = text;
    showEmptyText();
}

void DataView::showEmptyText()
{
    m_table->setEmptyText(m_rows.isSearching()               ? tr("Looking for rows…")
                              : !m_rows.conditions().empty() ? tr("No row passes the filters.")
                                                             : m_emptyText);
}

void DataView::showCollections()
{
    const QScopedValueRollback filling(m_isFillingCollections, true);
    std::vector<const Collection *> collections;
    if (m_snapshot && m_snapshot->catalog && m_snapshot->rows) {
        const auto &all = m_snapshot->catalog->catalog().collections();
        for (const auto &collection : all | std::views::values | std::views::take(kMostListedCollections))
            collections.push_back(&collection);
    }
    m_collectionModel.setRowCount(static_cast<int>(collections.size()));
    QModelIndex chosen;
    for (int row = 0; row < m_collectionModel.rowCount(); ++row) {
        const auto &collection = *collections[static_cast<std::size_t>(row)];
        const auto &rows = m_snapshot->rows->collection(collection.id);
        const QStringList texts{plainText(collection.name), groupedText(rows.live.size()), groupedText(rows.versions),
                                groupedText(rows.deleted.size())};
        for (int column = 0; column < texts.size(); ++column) {
            const auto index = m_collectionModel.index(row, column);
            if (index.data().toString() == texts[column])
                continue;
            m_collectionModel.setData(index, texts[column]);
            m_collectionModel.setData(index, toolTipText(texts[column]), Qt::ToolTipRole);
            if (column > 0)
                m_collectionModel.setData(index, QVariant(Qt::AlignRight | Qt::AlignVCenter), Qt::TextAlignmentRole);
        }
        const auto first = m_collectionModel.index(row, 0);
        m_collectionModel.setData(first, collection.id, kIdRole);
        if (m_collectionId == collection.id)
            chosen = first;
    }
    if (!chosen.isValid() && !collections.empty()) {
        chosen = m_collectionModel.index(0, 0);
        m_collectionId = collections.front()->id;
    } else if (!chosen.isValid() && m_snapshot && m_snapshot->rows) {
        m_collectionId.reset(); // else what was chosen may come back
    }
    m_collections->setCurrentIndex(chosen);
    for (int column = 0; column < m_collectionModel.columnCount(); ++column)
        m_collections->resizeColumnToContents(column);
}

void DataView::chooseCollection(const QModelIndex &index)
{
    if (!index.isValid() || m_isFillingCollections)
        return;
    m_collectionId = index.siblingAtColumn(0).data(kIdRole).toUInt();
    showRows();
}

void DataView::showCollection(std::uint32_t id)
{
    const auto found = m_collectionModel.match(m_collectionModel.index(0, 0), kIdRole, id, 1, Qt::MatchExactly);
    if (!found.isEmpty())
        m_collections->setCurrentIndex(found.front());
}

void DataView::followRow(std::uint32_t collectionId, RecordNo record)
{
    showCollection(collectionId);
    const auto row = m_rows.collectionId() == collectionId ? m_rows.rowOf(record) : std::nullopt;
    if (!row || row == m_table->currentRow())
        return;
    m_table->showRow(row);
    m_record->showRecord(record);
}

/// Filters that hide it are taken away.
void DataView::showRow(std::uint32_t collectionId, RecordNo record)
{
    showCollection(collectionId);
    if (m_rows.collectionId() != collectionId)
        return;
    if (!m_rows.rowOf(record)) {
        m_filters->clear();
        m_rows.setConditions({});
        m_rows.setSorting(std::nullopt);
    }
    if (const auto row = m_rows.rowOf(record))
        m_table->selectRow(*row);
}

void DataView::showRows()
{
    const auto before = m_rows.collectionId();
    m_rows.setSource(m_store, m_snapshot, m_collectionId);
    if (before != m_rows.collectionId()) {
        m_filters->clear();
        m_record->showRecord(std::nullopt);
    }
    showSearch();
}

/// Rising, falling, and as they stand in the log again.
void DataView::sortBy(int column)
{
    const auto &now = m_rows.sorting();
    if (!now || now->column != column)
        m_rows.setSorting(DataRowModel::Sorting{.column = column, .order = RowOrder::Rising});
    else if (now->order == RowOrder::Rising)
        m_rows.setSorting(DataRowModel::Sorting{.column = column, .order = RowOrder::Falling});
    else
        m_rows.setSorting(std::nullopt);
}

void DataView::showSorting()
{
    const auto &sorting = m_rows.sorting();
    m_table->header()->setSortIndicatorShown(sorting.has_value());
    if (sorting)
        m_table->header()->setSortIndicator(
            sorting->column, sorting->order == RowOrder::Rising ? Qt::AscendingOrder : Qt::DescendingOrder);
}

/// For each column a menu of its own: what its header does for the mouse.
void DataView::fillColumnsMenu(QMenu &menu)
{
    menu.clear();
    auto *header = m_table->header();
    const int count = std::min(header->count(), kMostColumns);
    for (int place = 0; place < count; ++place) {
        const int column = header->logicalIndex(place);
        auto *choices = menu.addMenu(menuText(m_rows.headerText(column)));
        m_table->addShowAction(*choices, column, tr("&Show"));
        choices->addSeparator();
        auto *group = new QActionGroup(choices);
        const auto add = [&](const QString &text, std::optional<DataRowModel::Sorting> sorting) {
            auto *action = choices->addAction(text, this, [this, sorting] { m_rows.setSorting(sorting); });
            action->setCheckable(true);
            action->setChecked(m_rows.sorting() == sorting);
            group->addAction(action);
        };
        add(tr("Sort &Rising"), DataRowModel::Sorting{.column = column, .order = RowOrder::Rising});
        add(tr("Sort &Falling"), DataRowModel::Sorting{.column = column, .order = RowOrder::Falling});
        add(tr("In the Order of the &Log"), std::nullopt);
        addDisplays(choices, column);
    }
    if (count < header->count())
        menu.addAction(tr("The others in the menu of the header"))->setEnabled(false);
}

/// To the menu of a column.
void DataView::addDisplays(QMenu *menu, int column)
{
    const auto type = m_rows.tagOf(column);
    const auto displays = displaysOf(type);
    if (displays.size() < 2)
        return;
    menu->addSeparator();
    auto *choices = menu->addMenu(tr("Show &As"));
    auto *group = new QActionGroup(choices);
    for (const auto display : displays) {
        auto *action = choices->addAction(displayText(display, type), this,
                                          [this, column, display] { m_rows.setDisplay(column, display); });
        action->setCheckable(true);
        action->setChecked(m_rows.display(column) == display);
        group->addAction(action);
    }
}

/// What can't be asked says why, and the others are asked without it.
void DataView::filter()
{
    if (m_rows.schema() == nullptr)
        return;
    std::vector<RowCondition> conditions;
    auto columns = m_filters->columnsWithText();
    std::ranges::sort(columns);
    for (int column = 0; column < m_rows.columnCount(); ++column)
        m_filters->setFault(column, {});
    for (const int column : columns) {
        const auto condition = parseCondition(m_rows.fieldOf(column), m_filters->text(column).toStdString());
        if (!condition)
            continue;
        const auto made = RowFilter::make(*m_rows.schema(), {*condition});
        m_filters->setFault(column, made ? QString() : faultText(made.error()));
        if (made)
            conditions.push_back(*condition);
    }
    m_rows.setConditions(std::move(conditions));
}

void DataView::showSearch()
{
    const auto all = m_rows.allRows();
    if (!m_rows.isSearching() && m_stop->hasFocus()) // else the focus would go anywhere
        m_table->setFocus(Qt::OtherFocusReason);
    m_progress->setVisible(m_rows.isSearching());
    m_stop->setVisible(m_rows.isSearching());
    m_progress->setValue(static_cast<int>(m_rows.searchedShare() * kSteps));
    if (!m_rows.collectionId())
        m_count->setText({});
    else if (m_rows.searchError())
        m_count->setText(tr("Stopped: %1").arg(errorText(*m_rows.searchError())));
    else if (m_rows.isStopped())
        m_count->setText(
            tr("%1 of %2 rows, stopped before the end").arg(groupedText(m_rows.rowCount()), groupedText(all)));
    else if (!m_rows.conditions().empty())
        m_count->setText(tr("%1 of %2 rows").arg(groupedText(m_rows.rowCount()), groupedText(all)));
    else
        m_count->setText(all == 1 ? tr("1 row") : tr("%1 rows").arg(groupedText(all)));
    showSorting(); // a sort that was stopped is none
    showEmptyText();
}

bool DataView::isSettled() const
{
    return m_rows.isSettled() && m_record->isSettled() && m_actions->isSettled() && !m_values->finder().isSearching();
}

// Not by a focus proxy: Tab would pass by all else in here.
void DataView::focusInEvent(QFocusEvent *event)
{
    m_table->setFocus(event->reason());
}

} // namespace modelvault::ui
