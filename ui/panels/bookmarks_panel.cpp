#include "panels/bookmarks_panel.h"

#include "text/words.h"
#include "views/hinted_list.h"

#include <QAction>
#include <QApplication>
#include <QFocusEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QLabel>
#include <QMenu>
#include <QStyledItemDelegate>
#include <QToolButton>
#include <QToolTip>
#include <QVBoxLayout>

#include <algorithm>

namespace modelvault::ui {
namespace {

// In characters.
constexpr int kLeastWidth = 26;
constexpr int kWidestRemoved = 20; // of a name

/// Grey for what lies behind the end of the file.
class BookmarkDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        if (index.data(Bookmarks::BehindEndRole).toBool())
            option->palette.setBrush(QPalette::Text, option->palette.brush(QPalette::PlaceholderText));
    }
};

} // namespace

BookmarksPanel::BookmarksPanel(QWidget *parent)
    : QWidget(parent),
      m_list(new HintedList(this)),
      m_removedLine(new QWidget(this)),
      m_removed(new QLabel(m_removedLine))
{
    m_list->setObjectName(QStringLiteral("bookmarks"));
    m_list->setAccessibleName(tr("Bookmarks"));
    m_list->setItemDelegate(new BookmarkDelegate(m_list));
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setAllColumnsShowFocus(true);
    m_list->setTextElideMode(Qt::ElideRight);
    m_list->setEditTriggers(QAbstractItemView::DoubleClicked);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_removedLine->setObjectName(QStringLiteral("removedBookmark"));
    m_removed->setTextFormat(Qt::PlainText);
    m_removed->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred); // long names do not widen the panel
    addActions();
    auto *undo = new QToolButton(m_removedLine);
    undo->setObjectName(QStringLiteral("undoRemove"));
    undo->setText(tr("Undo"));
    undo->setToolTip(tr("Bring the bookmark back (%1)").arg(m_undo->shortcut().toString(QKeySequence::NativeText)));
    connect(undo, &QToolButton::clicked, this, &BookmarksPanel::restore);

    auto *line = new QHBoxLayout(m_removedLine);
    line->setContentsMargins(fontMetrics().averageCharWidth(), 0, 0, 0);
    line->addWidget(m_removed, 1);
    line->addWidget(undo);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(m_list, 1);
    layout->addWidget(m_removedLine);
    setMinimumWidth(fontMetrics().averageCharWidth() * kLeastWidth);

    connect(m_list, &QTreeView::clicked, this, &BookmarksPanel::choose);
    connect(m_list, &QTreeView::activated, this, &BookmarksPanel::choose);
    connect(m_list, &QWidget::customContextMenuRequested, this, &BookmarksPanel::showMenu);
    connect(m_list->itemDelegate(), &QAbstractItemDelegate::closeEditor, this, [this] {
        // A click elsewhere has chosen where the focus goes.
        if (m_focusBefore && m_list->hasFocus())
            m_focusBefore->setFocus(Qt::OtherFocusReason);
        m_focusBefore.clear();
    });
    setDocument(nullptr, nullptr);
}

void BookmarksPanel::addActions()
{
    const auto add = [this](const QString &text, const QKeySequence &keys, auto slot) {
        auto *action = new QAction(text, m_list);
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this, slot);
        m_list->addAction(action);
        return action;
    };
    m_go = add(tr("&Go There"), {}, [this] { choose(m_list->currentIndex()); });
    m_rename = add(tr("Re&name"), Qt::Key_F2, [this] {
        if (const auto index = m_list->currentIndex(); index.isValid())
            m_list->edit(index.siblingAtColumn(static_cast<int>(Bookmarks::Column::Name)));
    });
    m_remove = add(tr("&Remove"), QKeySequence::Delete, [this] { remove(); });
    m_undo = add(tr("&Undo Remove"), QKeySequence::Undo, [this] { restore(); });
}

void BookmarksPanel::setDocument(Document *document, Bookmarks *bookmarks)
{
    // A name that is being typed belongs to the database shown until now, and stays.
    if (m_bookmarks != bookmarks && m_list->viewport()->isAncestorOf(QApplication::focusWidget()))
        m_list->setFocus(Qt::OtherFocusReason);
    if (m_bookmarks)
        m_bookmarks->disconnect(this);
    m_document = document;
    m_bookmarks = bookmarks;
    m_list->setModel(bookmarks);
    // List and header have made themselves others, and keep the old.
    for (auto *each : m_list->findChildren<QItemSelectionModel *>()) {
        if (each != m_list->selectionModel() && each != m_list->header()->selectionModel())
            delete each;
    }
    if (bookmarks != nullptr) {
        connect(bookmarks, &Bookmarks::changed, this, &BookmarksPanel::showRemoved);
        auto *header = m_list->header();
        header->setStretchLastSection(false);
        header->setSectionResizeMode(QHeaderView::ResizeToContents);
        header->setSectionResizeMode(static_cast<int>(Bookmarks::Column::Name), QHeaderView::Stretch);
        header->setSectionsMovable(false);
    }
    showRemoved();
}

void BookmarksPanel::editName(const QModelIndex &index)
{
    // Asked for while a name is typed: that is taken over first, and the way back stays the same.
    auto *focus = QApplication::focusWidget();
    const QPointer<QWidget> before = m_list->isAncestorOf(focus) ? m_focusBefore.data() : focus;
    m_focusBefore.clear();
    m_list->setFocus(Qt::OtherFocusReason);
    m_focusBefore = before;
    m_list->setCurrentIndex(index);
    m_list->scrollTo(index);
    m_list->edit(index);
}

void BookmarksPanel::choose(const QModelIndex &index)
{
    if (!index.isValid() || !m_bookmarks || !m_document)
        return;
    const auto &bookmark = m_bookmarks->bookmark(index);
    if (m_bookmarks->isBehindEnd(bookmark)) {
        const auto place = m_list->visualRect(index).bottomLeft();
        QToolTip::showText(m_list->viewport()->mapToGlobal(place), index.data(Qt::ToolTipRole).toString(), m_list);
        return;
    }
    m_document->select({bookmark.begin, std::min(bookmark.end, Offset{m_document->fileLength()})});
}

void BookmarksPanel::remove()
{
    if (m_bookmarks)
        m_bookmarks->remove(m_list->currentIndex());
}

void BookmarksPanel::restore()
{
    if (!m_bookmarks)
        return;
    if (const auto index = m_bookmarks->restore(); index.isValid())
        m_list->setCurrentIndex(index);
}

void BookmarksPanel::showRemoved()
{
    const auto removed = m_bookmarks ? m_bookmarks->lastRemoved() : std::nullopt;
    if (!removed && m_removedLine->isAncestorOf(QApplication::focusWidget()))
        m_list->setFocus(Qt::OtherFocusReason);
    m_removedLine->setVisible(removed.has_value());
    m_undo->setEnabled(removed.has_value());
    if (removed) {
        const int wide = fontMetrics().averageCharWidth() * kWidestRemoved;
        m_removed->setText(tr("Removed “%1”").arg(fontMetrics().elidedText(removed->name, Qt::ElideRight, wide)));
        m_removed->setToolTip(toolTipText(removed->name));
    }
    const bool isEmpty = !m_bookmarks || m_bookmarks->list().empty();
    for (auto *action : {m_go, m_rename, m_remove})
        action->setEnabled(!isEmpty);
    m_list->setHeaderHidden(isEmpty);
    m_list->setHint(!m_bookmarks  ? tr("No database is open.")
                        : isEmpty ? tr("Select bytes and press Ctrl+B to remember them here.")
                                  : QString());
}

void BookmarksPanel::showMenu(QPoint at)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addActions(m_list->actions());
    menu->popup(m_list->viewport()->mapToGlobal(at));
}

// Not by a focus proxy: Tab would pass by all else in here.
void BookmarksPanel::focusInEvent(QFocusEvent *event)
{
    m_list->setFocus(event->reason());
}

} // namespace modelvault::ui
