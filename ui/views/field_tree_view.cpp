#include "views/field_tree_view.h"

#include "text/explain_words.h"
#include "text/words.h"
#include "views/structure_palette.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QScopedValueRollback>
#include <QSignalBlocker>
#include <QStyledItemDelegate>

#include <algorithm>
#include <array>

namespace modelvault::ui {
namespace {

constexpr int kLeastName = 22; // in characters

/// Marks what is wrong.
class FieldDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        if (!index.data(FieldTreeModel::FaultRole).toBool())
            return;
        const StructurePalette colours(option->palette);
        option->palette.setColor(QPalette::Text, colours.fill(ContentKind::Damaged));
        if (index.column() == FieldTreeModel::Field) {
            option->icon = colours.icon(ContentKind::Damaged);
            option->features |= QStyleOptionViewItem::HasDecoration;
            option->decorationSize = QSize(1, 1) * (option->fontMetrics.height() * 2 / 3);
        }
    }
};

} // namespace

FieldTreeView::FieldTreeView(QWidget *parent) : QTreeView(parent)
{
    setModel(&m_model);
    setItemDelegate(new FieldDelegate(this));
    setUniformRowHeights(true);
    setAllColumnsShowFocus(true);
    setSelectionBehavior(SelectRows);
    setExpandsOnDoubleClick(false); // which follows fields
    setEditTriggers(NoEditTriggers);
    setTextElideMode(Qt::ElideRight);
    setHorizontalScrollMode(ScrollPerPixel);
    header()->setStretchLastSection(true);
    header()->setSectionsMovable(false);
    setIndentation(fontMetrics().averageCharWidth() * 2); // structures lie deep in each other
    connect(header(), &QHeaderView::sectionResized, this, [this](int section) {
        m_isSizedByUser = m_isSizedByUser || (section == FieldTreeModel::Field && !m_isSizing);
    });
    connect(this, &QTreeView::expanded, this, &FieldTreeView::fitFields);
    sizeColumns();
    connect(&m_model, &FieldTreeModel::changed, this, [this] {
        expandWhatMatters();
        reveal();
        viewport()->update(); // the text where there is no tree
        Q_EMIT pieceChanged();
        Q_EMIT coveredChanged();
    });
    // A second click leads there again after another view moved on.
    connect(this, &QTreeView::clicked, this, &FieldTreeView::choose);
    connect(this, &QTreeView::doubleClicked, this, [this](const QModelIndex &index) {
        if (index.data(FieldTreeModel::TargetRole).isValid())
            follow(index);
        else
            setExpanded(index.siblingAtColumn(0), !isExpanded(index.siblingAtColumn(0)));
    });
}

FieldTreeView::~FieldTreeView()
{
    // The model goes before the view, which would tell others of it.
    const QSignalBlocker silent(this);
    setModel(nullptr);
}

void FieldTreeView::setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot)
{
    m_model.setSource(std::move(store), std::move(snapshot));
}

void FieldTreeView::showSelection(const Document::Selection &selection)
{
    // What was chosen here stays current: others may lie on the same bytes.
    if (selection == m_selection && m_model.shows(selection.begin))
        return;
    m_selection = selection;
    m_model.want(selection.begin);
    if (m_model.shows(selection.begin))
        reveal();
}

/// Of the selection, if it lies in the piece that is there.
void FieldTreeView::reveal()
{
    const QScopedValueRollback guard(m_isRevealing, true);
    if (!m_model.shows(m_selection.begin)) {
        setCurrentIndex({});
        return;
    }
    const auto index = m_model.indexOf(m_model.piece()->nodeFor(m_selection.begin, m_selection.end));
    setCurrentIndex(index);
    scrollTo(index); // opens its parents
    fitFields();
}

/// So wide that no name in sight is cut, as far as values keep some room.
void FieldTreeView::fitFields()
{
    if (m_isSizedByUser)
        return;
    const QScopedValueRollback sizing(m_isSizing, true);
    const int least = fontMetrics().averageCharWidth() * kLeastName;
    header()->resizeSection(FieldTreeModel::Field,
                            std::clamp(sizeHintForColumn(FieldTreeModel::Field), least,
                                       std::max(least, viewport()->width() * 3 / 5)));
}

QString FieldTreeView::currentDetails() const
{
    const auto *node = currentNode();
    return node != nullptr ? m_model.details(*node) : QString();
}

void FieldTreeView::expandWhatMatters()
{
    if (!m_model.piece())
        return;
    const auto &root = m_model.piece()->root();
    expand(m_model.indexOf(root));
    // The payload; headers are all alike.
    if (m_model.piece()->segment() && !root.children.empty())
        expand(m_model.indexOf(root.children.back()));
    expandFaults(root);
}

void FieldTreeView::expandFaults(const FieldNode &node)
{
    if (!node.error || node.isLeaf())
        return;
    expand(m_model.indexOf(node));
    for (const auto &child : node.children)
        expandFaults(child);
}

void FieldTreeView::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QTreeView::currentChanged(current, previous);
    if (!m_isRevealing)
        choose();
    Q_EMIT coveredChanged();
}

/// What is current becomes the selection.
void FieldTreeView::choose()
{
    const auto *node = currentNode();
    if (node == nullptr)
        return;
    auto [begin, end] = std::pair(node->begin, node->end);
    if (begin == end) { // where its bytes would be
        begin = std::min(begin, m_model.piece()->root().end + ~std::uint64_t{0});
        end = begin + 1;
    }
    m_selection = {begin, end};
    Q_EMIT selectionChosen(begin, end);
}

void FieldTreeView::follow(const QModelIndex &index)
{
    if (const auto target = index.data(FieldTreeModel::TargetRole); target.isValid())
        Q_EMIT targetRequested({target.toULongLong()});
}

std::optional<FieldTreeView::Range> FieldTreeView::covered() const
{
    const auto *node = currentNode();
    if (node == nullptr || node->rule.kind != Rule::Kind::Checksum)
        return std::nullopt;
    return Range{node->rule.coversBegin, node->rule.coversEnd};
}

void FieldTreeView::keyPressEvent(QKeyEvent *event)
{
    const bool isReturn = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (isReturn && currentIndex().data(FieldTreeModel::TargetRole).isValid())
        follow(currentIndex());
    else if (event->matches(QKeySequence::Copy))
        copyCurrent();
    else
        QTreeView::keyPressEvent(event);
}

void FieldTreeView::contextMenuEvent(QContextMenuEvent *event)
{
    const auto index = event->reason() == QContextMenuEvent::Mouse ? indexAt(event->pos()) : currentIndex();
    if (!index.isValid())
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (const auto target = index.data(FieldTreeModel::TargetRole); target.isValid()) {
        auto *action =
            menu->addAction(tr("&Go to %1").arg(hexText(target.toULongLong())), Qt::Key_Return, this,
                            [this, offset = Offset{target.toULongLong()}] { Q_EMIT targetRequested(offset); });
        action->setObjectName(QStringLiteral("followField"));
        menu->setDefaultAction(action);
    }
    menu->addAction(tr("&Copy"), QKeySequence::Copy, this, &FieldTreeView::copyCurrent);
    menu->addAction(tr("Copy as &JSON"), this, &FieldTreeView::copyJson)->setObjectName(QStringLiteral("copyJson"));
    menu->addSeparator();
    menu->addAction(tr("&Expand All"), this, [this, index] { expandRecursively(index.siblingAtColumn(0)); });
    menu->popup(event->reason() == QContextMenuEvent::Mouse ? event->globalPos()
                                                            : viewport()->mapToGlobal(visualRect(index).bottomLeft()));
}

void FieldTreeView::copyCurrent()
{
    if (const auto *node = currentNode())
        QApplication::clipboard()->setText(m_model.details(*node));
}

void FieldTreeView::copyJson()
{
    if (const auto *node = currentNode())
        QApplication::clipboard()->setText(fieldJson(*node));
}

void FieldTreeView::sizeColumns()
{
    const QScopedValueRollback sizing(m_isSizing, true);
    const int unit = fontMetrics().averageCharWidth();
    header()->resizeSection(FieldTreeModel::Field, unit * 28);
    header()->resizeSection(FieldTreeModel::Value, unit * 16);
    header()->resizeSection(FieldTreeModel::Rule, unit * 24);
    header()->resizeSection(FieldTreeModel::Place, unit * 12);
    header()->resizeSection(FieldTreeModel::Length, unit * 8);
}

QSize FieldTreeView::sizeHint() const
{
    return {fontMetrics().averageCharWidth() * 56, fontMetrics().height() * 12};
}

void FieldTreeView::changeEvent(QEvent *event)
{
    QTreeView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        sizeColumns();
}

QString FieldTreeView::emptyText() const
{
    if (m_model.error())
        return tr("These bytes can't be explained: %1.").arg(errorText(*m_model.error()));
    if (!m_model.isScanned(m_selection.begin))
        return tr("These bytes are not scanned yet.");
    return tr("Select bytes to see the fields that they belong to.");
}

void FieldTreeView::paintEvent(QPaintEvent *event)
{
    QTreeView::paintEvent(event);
    if (m_model.piece())
        return;
    QPainter painter(viewport());
    painter.setPen(palette().color(QPalette::PlaceholderText));
    const int margin = fontMetrics().height();
    painter.drawText(viewport()->rect().adjusted(margin, 0, -margin, 0), Qt::AlignCenter | Qt::TextWordWrap,
                     emptyText());
}

} // namespace modelvault::ui
