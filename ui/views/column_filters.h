#pragma once

#include <QHash>
#include <QString>
#include <QTimer>
#include <QWidget>

class QLineEdit;

namespace modelvault::ui {

class VirtualTableView;

/// A row of lines above the header of a table, one a column, in which what the column has to be is typed. Only those of
/// columns in sight exist: a table may have thousands.
class ColumnFilters : public QWidget {
    Q_OBJECT

public:
    /// Borrows the table, which is as wide as this.
    explicit ColumnFilters(VirtualTableView *table, QWidget *parent = nullptr);

    /// Forgets what was typed.
    void clear();
    /// What is typed for a column, empty for nothing.
    [[nodiscard]] QString text(int column) const { return m_texts.value(column); }
    [[nodiscard]] QList<int> columnsWithText() const { return m_texts.keys(); }
    void setText(int column, const QString &text);
    /// Why what is typed for a column can't be asked; empty: it can.
    void setFault(int column, const QString &reason);
    [[nodiscard]] QString fault(int column) const { return m_faults.value(column); }
    /// The line of a column, brought into sight by nobody: null if it is not there.
    [[nodiscard]] QLineEdit *line(int column) const { return m_lines.value(column); }

Q_SIGNALS:
    /// After a pause in typing, or Return.
    void changed();

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void layOut();
    QLineEdit *makeLine(int column);
    void showFault(int column);

    VirtualTableView *m_table;
    QHash<int, QLineEdit *> m_lines;
    QHash<int, QString> m_texts; // those that are not empty
    QHash<int, QString> m_faults;
    QTimer m_pause;
};

} // namespace modelvault::ui
