#pragma once

#include "models/row_model.h"
#include "models/visible_rows_model.h"
#include "views/line_scroller.h"
#include "views/spoken_view.h"
#include "views/structure_palette.h"

#include <QAbstractScrollArea>
#include <QByteArray>
#include <QElapsedTimer>
#include <QFutureWatcher>
#include <QPointer>
#include <QString>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>
#include <utility>

class QAction;
class QHeaderView;
class QMenu;
class QStyledItemDelegate;
class QStyleOptionViewItem;

namespace modelvault::ui {

class FrozenHeader;

/// A table over a RowModel: any number of rows, of which only the visible ones are looked at. Rows are selected as one
/// stretch, by mouse or keyboard; columns can be resized, moved and hidden.
class VirtualTableView : public QAbstractScrollArea, public SpokenView {
    Q_OBJECT

public:
    explicit VirtualTableView(QWidget *parent = nullptr);

    /// Does not own it. Null for nothing.
    void setModel(RowModel *model);
    [[nodiscard]] RowModel *model() const { return m_model; }
    /// Shown where there are no rows.
    void setEmptyText(const QString &text);

    /// The row of the cursor.
    [[nodiscard]] std::optional<std::uint64_t> currentRow() const { return m_current; }
    /// Selects that row alone and scrolls to it, without a signal: for what follows another view.
    void showRow(std::optional<std::uint64_t> row);
    /// Selects that row alone and says so, as the user would.
    void selectRow(std::uint64_t row);
    [[nodiscard]] bool isSelected(std::uint64_t row) const;
    /// The first and the last of them; none while there is no cursor.
    [[nodiscard]] std::optional<std::pair<std::uint64_t, std::uint64_t>> selectedRows() const;
    /// As they stand beside each other.
    [[nodiscard]] QList<int> visibleColumns() const;
    [[nodiscard]] std::uint64_t firstVisibleRow() const { return m_scroller->top(); }
    [[nodiscard]] QHeaderView *header() const { return m_header; }
    /// The first column in sight stays at the left edge while the others are scrolled.
    void setFirstColumnFrozen(bool isFrozen);
    /// The column that is drawn over the others now, as it was scrolled out of its place; -1 if there is none.
    [[nodiscard]] int frozenColumn() const;
    struct VisibleColumn {
        int column; ///< as the model counts them
        int left;   ///< in pixels, from that of the view; below 0 where its beginning is scrolled out
        int width;
        bool isFrozen = false; ///< drawn over the others
    };
    /// Those that have a pixel in sight, in the order in which they stand, the frozen one first: a table may have
    /// thousands of others.
    [[nodiscard]] std::vector<VisibleColumn> columnsInSight() const;
    /// An action that shows or hides a column: added to the menu under that text.
    QAction *addShowAction(QMenu &menu, int column, const QString &text);
    /// Widths, order and visibility of columns as the user chose them, for restoreColumns(); empty if they are as sized
    /// by the view.
    [[nodiscard]] QByteArray saveColumns() const;
    /// False for what is no such state, or of another table: all stays as it is.
    bool restoreColumns(const QByteArray &state);
    [[nodiscard]] QString spokenText() const override;
    /// The row's number and what stands in its columns.
    [[nodiscard]] QString spokenRow(std::uint64_t row) const;
    [[nodiscard]] QAccessibleInterface *makeAccessible() override;
    [[nodiscard]] const VisibleRowsModel &rowsOnScreen() const { return m_visible; }
    /// What is visible of a cell, in the widget's coordinates. `line` counts from the first row on screen; -1 for the
    /// column's header.
    [[nodiscard]] QRect cellRect(int line, int column) const;
    /// The line there, which may be behind the last one; -1 on the headers. In the widget's coordinates.
    [[nodiscard]] int lineAt(const QPoint &position) const;
    /// Of the part of a row that is visible, in the viewport's coordinates; empty if there is none.
    [[nodiscard]] QRect rowRect(std::uint64_t row) const;

Q_SIGNALS:
    /// The user went to another row.
    void currentRowChanged(std::uint64_t row);
    /// Double click or Return.
    void rowActivated(std::uint64_t row);
    /// A menu about a row opens: others may add to it. `column` is -1 if it was asked for by the keyboard.
    void rowMenuRequested(QMenu *menu, std::uint64_t row, int column);
    /// columnsInSight() are others, or stand elsewhere.
    void columnsMoved();
    /// A menu about columns opens, asked for on one of them: others may add to it.
    void columnMenuRequested(QMenu *menu, int column);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool viewportEvent(QEvent *event) override;

private:
    [[nodiscard]] std::uint64_t rowCount() const { return m_model ? m_model->rowCount() : 0; }
    [[nodiscard]] int rowHeight() const;
    [[nodiscard]] std::optional<std::uint64_t> rowAt(int y) const;
    void paintRow(QPainter &painter, std::uint64_t row, const QRect &rect, std::span<const VisibleColumn> columns);
    [[nodiscard]] bool goByKey(int key, bool extend);
    [[nodiscard]] bool typeAhead(const QString &text);
    void goTo(std::uint64_t row, bool extend);
    void speakCurrentRow();
    void takeReset();
    void layOutRows();
    void layOutHeader();
    void sizeColumns();
    [[nodiscard]] QFontMetrics columnMetrics(int column) const;
    void prepareVisible();
    void copySelection();
    void copy(std::uint64_t first, std::uint64_t last, const QList<int> &columns);
    void showHeaderMenu(const QPoint &at);
    [[nodiscard]] QList<int> columnsInMenus() const;
    void addColumnsMenu(QMenu &menu);
    [[nodiscard]] int columnAt(int x) const;
    void showColumns();
    void layOutFrozenHeader();

    QPointer<RowModel> m_model;
    VisibleRowsModel m_visible;
    QHeaderView *m_header;
    FrozenHeader *m_frozenHeader;
    bool m_isFirstFrozen = false;
    QStyledItemDelegate *m_delegate;
    LineScroller *m_scroller;
    QString m_emptyText;
    std::optional<std::uint64_t> m_current;
    std::uint64_t m_anchor = 0; // the other end of the selection
    bool m_columnsSized = false;
    bool m_columnsChosen = false; // by the user, now or in an earlier run
    bool m_isSizingColumns = false;
    QString m_typed;
    std::uint64_t m_typedFrom = 0; // where the search for it begins
    QElapsedTimer m_lastTyped;
    QFutureWatcher<std::optional<std::uint64_t>> m_findTyped;
};

} // namespace modelvault::ui
