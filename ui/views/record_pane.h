#pragma once

#include "database/row_index.h"
#include "database/row_reader.h"
#include "database/snapshot.h"
#include "position.h"
#include "store/store.h"

#include "jobs/newest_wish.h"

#include <QWidget>

#include <memory>
#include <optional>
#include <vector>

class QLabel;
class QPlainTextEdit;
class QTabWidget;
class QTreeWidget;

namespace modelvault::ui {

/// One row in full: its fields with their places in the file, the row as JSON, and every version that it ever had.
class RecordPane : public QWidget {
    Q_OBJECT

public:
    explicit RecordPane(QWidget *parent = nullptr);

    /// Null for nothing.
    void setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot);
    /// The row whose last version that is; none for no row.
    void showRecord(std::optional<RecordNo> record);
    [[nodiscard]] bool isSettled() const { return !m_load.isBusy(); }

    [[nodiscard]] QTreeWidget *fields() const { return m_fields; }
    [[nodiscard]] QTreeWidget *history() const { return m_history; }
    [[nodiscard]] QPlainTextEdit *json() const { return m_json; }

Q_SIGNALS:
    /// The user chose a field or a version: its bytes.
    void placeChosen(modelvault::Offset begin, modelvault::Offset end);

protected:
    void focusInEvent(QFocusEvent *event) override;

private:
    struct Line {
        std::vector<QString> cells;
        Offset begin;
        Offset end; // exclusive; nothing where both are the same
    };
    struct Shown {
        QString title;
        QString fault;
        std::vector<Line> fields;
        std::vector<Line> history;
        QString json;
    };
    using Answer = std::shared_ptr<const Shown>;

    [[nodiscard]] static Shown read(const Store &store, const std::shared_ptr<const Snapshot> &snapshot,
                                    RecordNo record);
    static void addHistory(RowReader &reader, const RowIndex &rows, RowVersion version, std::vector<Line> &history);
    void take(const Shown &shown);
    static void fill(QTreeWidget &tree, const std::vector<Line> &lines);
    void choose(const QTreeWidget &tree);

    std::shared_ptr<const Store> m_store;
    std::shared_ptr<const Snapshot> m_snapshot;
    bool m_isFilling = false;
    QLabel *m_title;
    QTabWidget *m_tabs;
    QTreeWidget *m_fields;
    QPlainTextEdit *m_json;
    QTreeWidget *m_history;
    NewestWish<RecordNo, Answer> m_load;
};

} // namespace modelvault::ui
