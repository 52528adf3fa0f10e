#include "views/virtual_table_view.h"

#include "text/words.h"

#include "views/severity_sign.h"
#include "views/table_accessible.h"

#include <QApplication>
#include <QClipboard>
#include <QFontDatabase>
#include <QHeaderView>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QStyledItemDelegate>
#include <QToolTip>

#include <algorithm>

namespace modelvault::ui {
namespace {

// Beyond that a clipboard is the wrong way.
constexpr std::uint64_t kMostCopied = 100'000;
constexpr int kMostInMenus = 60; // columns

class SwatchDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        if (index.data(RowModel::FaultRole).toBool())
            option->backgroundBrush = StructurePalette(option->palette).tint(ContentKind::Damaged, true);
        const auto kind = index.data(RowModel::KindRole);
        const auto severity = index.data(RowModel::SeverityRole);
        if (!kind.isValid() && !severity.isValid())
            return;
        const int size = option->fontMetrics.ascent();
        option->features |= QStyleOptionViewItem::HasDecoration;
        option->decorationSize = {size, size};
        option->decorationAlignment = Qt::AlignCenter;
        option->icon = kind.isValid()
            ? StructurePalette(option->palette).icon(static_cast<ContentKind>(kind.toInt()))
            : severityIcon(static_cast<Severity>(severity.toInt()));
    }
};

} // namespace

/// The header of a column that stays where it is, over the header that is scrolled: looks like it, and passes clicks
/// on to it.
class FrozenHeader final : public QWidget {
public:
    explicit FrozenHeader(QHeaderView *header) : QWidget(header->parentWidget()), m_header(header) { hide(); }

    void show(int column, const QRect &geometry)
    {
        m_column = column;
        setGeometry(geometry);
        raise();
        QWidget::show();
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        QStyleOptionHeader option;
        option.initFrom(this);
        option.state |= QStyle::State_Raised;
        option.orientation = Qt::Horizontal;
        option.section = m_column;
        option.position = QStyleOptionHeader::Beginning;
        option.text = m_header->model()->headerData(m_column, Qt::Horizontal).toString();
        option.textAlignment =
            Qt::Alignment(m_header->model()->headerData(m_column, Qt::Horizontal, Qt::TextAlignmentRole).toInt());
        if (m_header->isSortIndicatorShown() && m_header->sortIndicatorSection() == m_column)
            option.sortIndicator = m_header->sortIndicatorOrder() == Qt::AscendingOrder
                                     ? QStyleOptionHeader::SortDown
                                     : QStyleOptionHeader::SortUp;
        style()->drawControl(QStyle::CE_Header, &option, &painter, m_header);
    }
    void mouseReleaseEvent(QMouseEvent *event) override
    {
        if (event->button() == Qt::LeftButton && m_header->sectionsClickable() && rect().contains(event->pos()))
            Q_EMIT m_header->sectionClicked(m_column);
    }
    void contextMenuEvent(QContextMenuEvent *event) override
    {
        Q_EMIT m_header->customContextMenuRequested(event->pos());
    }

private:
    QHeaderView *m_header;
    int m_column = 0;
};

VirtualTableView::VirtualTableView(QWidget *parent)
    : QAbstractScrollArea(parent),
      m_header(new QHeaderView(Qt::Horizontal, this)),
      m_frozenHeader(new FrozenHeader(m_header)),
      m_delegate(new SwatchDelegate(this)),
      m_scroller(new LineScroller(this))
{
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setBackgroundRole(QPalette::Base);
    viewport()->setAutoFillBackground(true);
    m_header->setModel(&m_visible);
    m_header->setSectionsMovable(true);
    m_header->setHighlightSections(false);
    m_header->setStretchLastSection(true);
    m_header->setContextMenuPolicy(Qt::CustomContextMenu);
    m_header->setFocusPolicy(Qt::NoFocus);

    connect(m_header, &QHeaderView::sectionResized, this, [this](int column) {
        // The last one follows the width of the view.
        if (!m_isSizingColumns && m_header->visualIndex(column) != m_header->count() - 1)
            m_columnsChosen = true;
        layOutHeader();
    });
    connect(m_header, &QHeaderView::sectionMoved, this, [this] {
        m_columnsChosen = true;
        showColumns();
    });
    connect(&m_findTyped, &QFutureWatcherBase::finished, this, [this] {
        if (m_findTyped.future().resultCount() == 0)
            return;
        if (const auto row = m_findTyped.result())
            selectRow(*row);
    });
    connect(m_header, &QWidget::customContextMenuRequested, this, &VirtualTableView::showHeaderMenu);
    connect(&m_visible, &QAbstractItemModel::dataChanged, viewport(), qOverload<>(&QWidget::update));
    connect(m_scroller, &LineScroller::topChanged, this, [this] {
        layOutRows();
        viewport()->update();
    });
}

void VirtualTableView::setModel(RowModel *model)
{
    if (m_model)
        m_model->disconnect(this);
    m_model = model;
    m_visible.setSource(model);
    m_columnsSized = false;
    if (model) {
        connect(model, &RowModel::wasReset, this, &VirtualTableView::takeReset);
        connect(model, &RowModel::rowsAppended, this, [this] {
            if (!m_columnsSized)
                sizeColumns();
            layOutRows();
            viewport()->update();
        });
    }
    takeReset();
}

void VirtualTableView::setEmptyText(const QString &text)
{
    m_emptyText = text;
    viewport()->update();
}

void VirtualTableView::takeReset()
{
    m_findTyped.setFuture(QFuture<std::optional<std::uint64_t>>()); // it was about other rows
    m_current.reset();
    m_anchor = 0;
    m_scroller->setTop(0);
    sizeColumns();
    layOutRows();
    viewport()->update();
}

bool VirtualTableView::isSelected(std::uint64_t row) const
{
    const auto selected = selectedRows();
    return selected && row >= selected->first && row <= selected->second;
}

std::optional<std::pair<std::uint64_t, std::uint64_t>> VirtualTableView::selectedRows() const
{
    if (!m_current)
        return std::nullopt;
    return std::pair(std::min(*m_current, m_anchor), std::max(*m_current, m_anchor));
}

void VirtualTableView::showRow(std::optional<std::uint64_t> row)
{
    if (row && *row >= rowCount())
        row.reset();
    m_current = row;
    m_anchor = row.value_or(0);
    if (row)
        m_scroller->ensureVisible(*row);
    viewport()->update();
}

void VirtualTableView::selectRow(std::uint64_t row)
{
    if (row < rowCount())
        goTo(row, false);
}

void VirtualTableView::goTo(std::uint64_t row, bool extend)
{
    if (!extend || !m_current)
        m_anchor = row;
    const bool changed = m_current != row;
    m_current = row;
    m_scroller->ensureVisible(row);
    viewport()->update();
    speakCurrentRow();
    if (changed)
        Q_EMIT currentRowChanged(row);
}

void VirtualTableView::speakCurrentRow()
{
    if (!hasFocus())
        return;
    auto *table = dynamic_cast<TableAccessible *>(QAccessible::queryAccessibleInterface(this));
    if (auto *cell = table != nullptr ? table->focusChild() : nullptr) {
        QAccessibleEvent event(cell, QAccessible::Focus);
        QAccessible::updateAccessibility(&event);
    }
}

QAccessibleInterface *VirtualTableView::makeAccessible()
{
    return new TableAccessible(*this);
}

QString VirtualTableView::spokenText() const
{
    return m_current && m_model ? spokenRow(*m_current) : m_emptyText;
}

QString VirtualTableView::spokenRow(std::uint64_t row) const
{
    if (!m_model || row >= rowCount())
        return {};
    QStringList parts{tr("row %1 of %2").arg(row + 1).arg(rowCount())};
    for (const int column : visibleColumns()) {
        const auto text = m_model->data(row, column, Qt::DisplayRole).toString();
        if (!text.isEmpty())
            parts += tr("%1 %2").arg(m_model->headerText(column), text);
    }
    return parts.join(QStringLiteral(", "));
}

int VirtualTableView::rowHeight() const
{
    return fontMetrics().height() + fontMetrics().height() / 3;
}

void VirtualTableView::layOutRows()
{
    const int height = rowHeight();
    const int whole = std::max(viewport()->height() / height, 1);
    m_scroller->setLines(rowCount(), static_cast<std::uint64_t>(whole));
    m_visible.setWindow(m_scroller->top(), whole + 1);
    prepareVisible();
}

void VirtualTableView::prepareVisible()
{
    if (m_model && m_visible.rowCount() > 0)
        m_model->prepare(m_visible.firstRow(),
                         m_visible.firstRow() + static_cast<std::uint64_t>(m_visible.rowCount()) - 1);
}

QFontMetrics VirtualTableView::columnMetrics(int column) const
{
    return m_model->isMonospace(column) ? QFontMetrics(QFontDatabase::systemFont(QFontDatabase::FixedFont))
                                        : fontMetrics();
}

QByteArray VirtualTableView::saveColumns() const
{
    return m_columnsChosen ? m_header->saveState() : QByteArray();
}

bool VirtualTableView::restoreColumns(const QByteArray &state)
{
    const QScopedValueRollback sizing(m_isSizingColumns, true);
    const int columns = m_header->count();
    const auto before = m_header->saveState();
    if (state.isEmpty() || !m_header->restoreState(state))
        return false;
    if (m_header->count() != columns || m_header->hiddenSectionCount() == columns) {
        m_header->restoreState(before);
        return false;
    }
    m_columnsChosen = true;
    layOutHeader();
    return true;
}

void VirtualTableView::sizeColumns()
{
    if (!m_model || m_columnsChosen)
        return;
    const QScopedValueRollback sizing(m_isSizingColumns, true);
    const int padding = fontMetrics().averageCharWidth() * 3;
    for (int column = 0; column < m_model->columnCount(); ++column) {
        const int text = columnMetrics(column).horizontalAdvance(m_model->sampleText(column));
        m_header->resizeSection(column, std::max(text + padding, m_header->sectionSizeHint(column)));
    }
    m_columnsSized = rowCount() > 0;
}

void VirtualTableView::layOutHeader()
{
    const int height = m_header->sizeHint().height();
    setViewportMargins(0, height, 0, 0);
    const QRect area = viewport()->geometry();
    m_header->setGeometry(area.left(), area.top() - height, area.width(), height);
    auto *bar = horizontalScrollBar();
    bar->setRange(0, std::max(m_header->length() - area.width(), 0));
    bar->setPageStep(area.width());
    bar->setSingleStep(fontMetrics().averageCharWidth());
    m_header->setOffset(bar->value());
    showColumns();
}

void VirtualTableView::setFirstColumnFrozen(bool isFrozen)
{
    m_isFirstFrozen = isFrozen;
    layOutHeader();
}

int VirtualTableView::frozenColumn() const
{
    if (!m_isFirstFrozen || m_header->offset() == 0)
        return -1;
    for (int place = 0; place < m_header->count(); ++place) {
        const int column = m_header->logicalIndex(place);
        // One that takes most of the room would leave none for what is scrolled.
        if (!m_header->isSectionHidden(column))
            return m_header->sectionSize(column) < viewport()->width() * 2 / 3 ? column : -1;
    }
    return -1;
}

std::vector<VirtualTableView::VisibleColumn> VirtualTableView::columnsInSight() const
{
    std::vector<VisibleColumn> columns;
    const int frozen = frozenColumn();
    if (frozen >= 0)
        columns.push_back({.column = frozen, .left = 0, .width = m_header->sectionSize(frozen), .isFrozen = true});
    const auto placeAt = [this](int x) { // the last one where there is none
        const int place = m_header->visualIndexAt(x);
        return place >= 0 ? place : m_header->count() - 1;
    };
    // From right to left in languages that are written so.
    const auto [first, last] = std::minmax({placeAt(0), placeAt(viewport()->width() - 1)});
    for (int place = std::max(first, 0); place <= last; ++place) {
        const int column = m_header->logicalIndex(place);
        const VisibleColumn visible{.column = column,
                                    .left = m_header->sectionViewportPosition(column),
                                    .width = m_header->sectionSize(column)};
        if (column != frozen && visible.width > 0) // else it is hidden
            columns.push_back(visible);
    }
    return columns;
}

void VirtualTableView::showColumns()
{
    layOutFrozenHeader();
    viewport()->update();
    Q_EMIT columnsMoved();
}

void VirtualTableView::layOutFrozenHeader()
{
    const int column = frozenColumn();
    if (column < 0)
        m_frozenHeader->hide();
    else
        m_frozenHeader->show(column, {m_header->x(), m_header->y(), m_header->sectionSize(column), m_header->height()});
}

int VirtualTableView::columnAt(int x) const
{
    const int frozen = frozenColumn();
    return frozen >= 0 && x < m_header->sectionSize(frozen) ? frozen : m_header->logicalIndexAt(x);
}

void VirtualTableView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    layOutHeader();
    layOutRows();
}

void VirtualTableView::scrollContentsBy(int dx, int)
{
    if (dx != 0) {
        m_header->setOffset(horizontalScrollBar()->value());
        showColumns();
    }
}

void VirtualTableView::wheelEvent(QWheelEvent *event)
{
    if (event->angleDelta().y() == 0 || event->modifiers().testFlag(Qt::AltModifier))
        QAbstractScrollArea::wheelEvent(event);
    else
        m_scroller->wheel(event);
}

void VirtualTableView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        sizeColumns();
        layOutHeader();
        layOutRows();
    }
}

QRect VirtualTableView::rowRect(std::uint64_t row) const
{
    const auto top = m_scroller->top();
    if (row < top || row - top >= static_cast<std::uint64_t>(m_visible.rowCount()))
        return {};
    return {0, static_cast<int>(row - top) * rowHeight(), viewport()->width(), rowHeight()};
}

QRect VirtualTableView::cellRect(int line, int column) const
{
    const auto columns = columnsInSight();
    const auto place = std::ranges::find(columns, column, &VisibleColumn::column);
    if (place == columns.end())
        return {};
    const bool isHeader = line < 0;
    const QRect area = isHeader ? m_header->geometry() : viewport()->geometry();
    const QRect row = isHeader ? QRect(0, 0, area.width(), area.height())
                               : QRect(0, line * rowHeight(), area.width(), rowHeight());
    const QRect cell(place->left, row.top(), place->width, row.height());
    const int frozen = !columns.front().isFrozen || place->isFrozen ? 0 : columns.front().width;
    return cell.intersected({frozen, 0, area.width() - frozen, area.height()}).translated(area.topLeft());
}

int VirtualTableView::lineAt(const QPoint &position) const
{
    const int y = position.y() - viewport()->geometry().top();
    return y < 0 ? -1 : y / rowHeight();
}

std::optional<std::uint64_t> VirtualTableView::rowAt(int y) const
{
    if (rowCount() == 0)
        return std::nullopt;
    const auto line = static_cast<std::uint64_t>(std::max(y, 0) / rowHeight());
    return m_scroller->top() + line < rowCount() ? std::optional(m_scroller->top() + line) : std::nullopt;
}

void VirtualTableView::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    if (m_visible.rowCount() == 0) {
        painter.setPen(palette().color(QPalette::PlaceholderText));
        painter.drawText(viewport()->rect().adjusted(rowHeight(), 0, -rowHeight(), 0),
                         Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
        return;
    }
    const auto columns = columnsInSight();
    for (int line = 0; line < m_visible.rowCount(); ++line) {
        const auto row = m_visible.firstRow() + static_cast<std::uint64_t>(line);
        paintRow(painter, row, rowRect(row), columns);
    }
}

void VirtualTableView::paintRow(QPainter &painter, std::uint64_t row, const QRect &rect,
                                std::span<const VisibleColumn> columns)
{
    QStyleOptionViewItem option;
    option.initFrom(this);
    option.widget = this;
    option.font = font();
    option.fontMetrics = fontMetrics();
    option.textElideMode = Qt::ElideRight;
    option.showDecorationSelected = true;
    option.state.setFlag(QStyle::State_Selected, isSelected(row));
    option.state.setFlag(QStyle::State_Active, isActiveWindow());
    option.state.setFlag(QStyle::State_MouseOver, false);
    option.state.setFlag(QStyle::State_HasFocus, false);
    if (row % 2 == 1)
        painter.fillRect(rect, palette().alternateBase());

    const int line = static_cast<int>(row - m_visible.firstRow());
    const auto paintCell = [&](const VisibleColumn &visible) {
        option.rect = {visible.left, rect.top(), visible.width, rect.height()};
        m_delegate->paint(&painter, option, m_visible.index(line, visible.column));
    };
    if (!columns.empty() && columns.front().isFrozen) {
        const auto &frozen = columns.front();
        columns = columns.subspan(1);
        paintCell(frozen);
        painter.setPen(palette().color(QPalette::Mid));
        painter.drawLine(frozen.width - 1, rect.top(), frozen.width - 1, rect.bottom());
        painter.save();
        painter.setClipRect(rect.adjusted(frozen.width, 0, 0, 0));
        std::ranges::for_each(columns, paintCell);
        painter.restore();
    } else {
        std::ranges::for_each(columns, paintCell);
    }
    if (row == m_current && hasFocus()) {
        QStyleOptionFocusRect focus;
        focus.initFrom(this);
        focus.rect = rect;
        focus.backgroundColor = palette().color(QPalette::Highlight);
        style()->drawPrimitive(QStyle::PE_FrameFocusRect, &focus, &painter, this);
    }
}

void VirtualTableView::keyPressEvent(QKeyEvent *event)
{
    const bool extend = event->modifiers().testFlag(Qt::ShiftModifier);
    if (event->matches(QKeySequence::Copy)) {
        copySelection();
    } else if (event->matches(QKeySequence::SelectAll) && rowCount() > 0) {
        m_anchor = 0;
        m_current = rowCount() - 1;
        viewport()->update();
    } else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && m_current) {
        Q_EMIT rowActivated(*m_current);
    } else if (!goByKey(event->key(), extend) && !typeAhead(event->text())) {
        QAbstractScrollArea::keyPressEvent(event);
    }
}

/// What is typed without a pause is one text; each time it grows, the row that it means is looked for.
bool VirtualTableView::typeAhead(const QString &text)
{
    if (!m_model || text.isEmpty() || !text.front().isPrint())
        return false;
    const bool goesOn = m_lastTyped.isValid() && m_lastTyped.elapsed() < QApplication::keyboardInputInterval();
    m_typed = goesOn ? m_typed + text : text;
    if (!goesOn)
        m_typedFrom = m_current ? *m_current + 1 : 0;
    m_lastTyped.start();
    if (m_typed.trimmed().isEmpty())
        return false;
    m_findTyped.setFuture(m_model->findRow(m_typed.trimmed(), m_typedFrom));
    return true;
}

bool VirtualTableView::goByKey(int key, bool extend)
{
    if (rowCount() == 0)
        return false;
    const std::uint64_t last = rowCount() - 1;
    const std::uint64_t here = m_current.value_or(m_scroller->top());
    const std::uint64_t page = m_scroller->visible();
    switch (key) {
    case Qt::Key_Up:
        goTo(m_current && here > 0 ? here - 1 : here, extend);
        return true;
    case Qt::Key_Down:
        goTo(m_current ? std::min(here + 1, last) : here, extend);
        return true;
    case Qt::Key_PageUp:
        goTo(here - std::min(here, page), extend);
        return true;
    case Qt::Key_PageDown:
        goTo(here + std::min(page, last - here), extend);
        return true;
    case Qt::Key_Home:
        goTo(0, extend);
        return true;
    case Qt::Key_End:
        goTo(last, extend);
        return true;
    case Qt::Key_Left:
    case Qt::Key_Right: {
        auto *bar = horizontalScrollBar();
        bar->setValue(bar->value() + (key == Qt::Key_Left ? -1 : 1) * bar->singleStep() * 3);
        return true;
    }
    default:
        return false;
    }
}

void VirtualTableView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton && event->button() != Qt::RightButton)
        return;
    const auto row = rowAt(event->position().toPoint().y());
    if (!row || (event->button() == Qt::RightButton && isSelected(*row)))
        return;
    goTo(*row, event->modifiers().testFlag(Qt::ShiftModifier));
}

void VirtualTableView::mouseMoveEvent(QMouseEvent *event)
{
    if (!event->buttons().testFlag(Qt::LeftButton) || !m_current)
        return;
    const int y = event->position().toPoint().y();
    if (y < 0)
        m_scroller->scrollBy(-1);
    else if (y >= viewport()->height())
        m_scroller->scrollBy(1);
    if (const auto row = rowAt(std::clamp(y, 0, viewport()->height() - 1)))
        goTo(*row, true);
}

void VirtualTableView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (const auto row = rowAt(event->position().toPoint().y()); row && event->button() == Qt::LeftButton)
        Q_EMIT rowActivated(*row);
}

void VirtualTableView::contextMenuEvent(QContextMenuEvent *event)
{
    if (!m_current)
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("&Copy Rows"), QKeySequence::Copy, this, &VirtualTableView::copySelection);
    const bool byMouse = event->reason() == QContextMenuEvent::Mouse;
    const int column = byMouse ? columnAt(event->pos().x()) : -1;
    if (column >= 0) {
        menu->addAction(tr("Copy C&ell"), this, [this, row = *m_current, column] { copy(row, row, {column}); });
    } else {
        auto *cells = menu->addMenu(tr("Copy C&ell"));
        cells->setObjectName(QStringLiteral("copyCell"));
        for (const int each : columnsInMenus())
            cells->addAction(menuText(m_model->headerText(each)), this,
                             [this, row = *m_current, each] { copy(row, row, {each}); });
    }
    addColumnsMenu(*menu);
    Q_EMIT rowMenuRequested(menu, *m_current, column);
    menu->popup(byMouse ? event->globalPos() : viewport()->mapToGlobal(rowRect(*m_current).bottomLeft()));
}

/// As they stand; of very many, those in sight.
QList<int> VirtualTableView::columnsInMenus() const
{
    const auto all = visibleColumns();
    if (all.size() <= kMostInMenus)
        return all;
    QList<int> columns;
    for (const auto &each : columnsInSight())
        columns += each.column;
    return columns;
}

/// What the mouse does on the header.
void VirtualTableView::addColumnsMenu(QMenu &menu)
{
    auto *columns = menu.addMenu(tr("C&olumns"));
    columns->setObjectName(QStringLiteral("columns"));
    const int step = 4 * fontMetrics().averageCharWidth();
    const auto shown = columnsInMenus();
    for (const int column : shown) {
        auto *one = columns->addMenu(menuText(m_model->headerText(column)));
        const auto add = [&](const QString &text, auto change) {
            return one->addAction(text, this, [this, column, change] {
                change(column);
                layOutHeader();
            });
        };
        add(tr("&Wider"), [this, step](int it) { m_header->resizeSection(it, m_header->sectionSize(it) + step); });
        add(tr("&Narrower"), [this, step](int it) {
            m_header->resizeSection(it, std::max(m_header->sectionSize(it) - step, m_header->minimumSectionSize()));
        });
        const auto at = shown.indexOf(column);
        const auto moveTo = [this](int it, int neighbour) {
            m_header->moveSection(m_header->visualIndex(it), m_header->visualIndex(neighbour));
        };
        if (at > 0)
            add(tr("Move &Left"), [moveTo, to = shown[at - 1]](int it) { moveTo(it, to); });
        if (at + 1 < shown.size())
            add(tr("Move &Right"), [moveTo, to = shown[at + 1]](int it) { moveTo(it, to); });
        addShowAction(*one, column, tr("&Shown"));
    }
    bool isSeparated = false;
    for (int column = 0; column < std::min(m_model->columnCount(), kMostInMenus); ++column) {
        if (!m_header->isSectionHidden(column))
            continue;
        if (!std::exchange(isSeparated, true))
            columns->addSeparator();
        addShowAction(*columns, column, menuText(m_model->headerText(column)));
    }
}

QAction *VirtualTableView::addShowAction(QMenu &menu, int column, const QString &text)
{
    auto *action = menu.addAction(text);
    const bool isShown = !m_header->isSectionHidden(column);
    action->setCheckable(true);
    action->setChecked(isShown);
    action->setEnabled(!isShown || m_header->count() - m_header->hiddenSectionCount() > 1);
    connect(action, &QAction::toggled, this, [this, column](bool isOn) {
        m_columnsChosen = true;
        m_header->setSectionHidden(column, !isOn);
        layOutHeader();
    });
    return action;
}

void VirtualTableView::showHeaderMenu(const QPoint &at)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (int column = 0; m_model && column < m_model->columnCount(); ++column)
        addShowAction(*menu, column, menuText(m_model->headerText(column)));
    if (const int column = columnAt(at.x()); m_model && column >= 0)
        Q_EMIT columnMenuRequested(menu, column);
    menu->popup(m_header->mapToGlobal(at));
}

QList<int> VirtualTableView::visibleColumns() const
{
    QList<int> columns;
    for (int place = 0; place < m_header->count(); ++place) {
        if (const int column = m_header->logicalIndex(place); !m_header->isSectionHidden(column))
            columns += column;
    }
    return columns;
}

void VirtualTableView::copySelection()
{
    if (!m_current)
        return;
    const auto [first, last] = *selectedRows();
    if (last - first >= kMostCopied) {
        QToolTip::showText(viewport()->mapToGlobal(rowRect(*m_current).bottomLeft()),
                           tr("Too much for the clipboard: at most 100,000 rows are copied at a time."), this);
        return;
    }
    copy(first, last, visibleColumns());
}

void VirtualTableView::copy(std::uint64_t first, std::uint64_t last, const QList<int> &columns)
{
    if (!m_model || last >= rowCount())
        return;
    m_model->copyText(first, last, columns).then(this, [](const QString &text) {
        QApplication::clipboard()->setText(text);
    });
}

void VirtualTableView::focusInEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void VirtualTableView::focusOutEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

bool VirtualTableView::viewportEvent(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QAbstractScrollArea::viewportEvent(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const auto row = rowAt(help->pos().y());
    const int column = columnAt(help->pos().x());
    const auto text = row && column >= 0 ? m_model->data(*row, column, Qt::ToolTipRole).toString() : QString();
    QToolTip::showText(help->globalPos(), text, this);
    return true;
}

} // namespace modelvault::ui
