#pragma once

#include "check/rescue.h"
#include "models/recovery.h"
#include "models/text_row_model.h"

#include <QStandardItemModel>
#include <QTimer>
#include <QWidget>

#include <cstdint>
#include <memory>
#include <optional>

class QComboBox;
class QLabel;
class QLayout;
class QLineEdit;
class QPushButton;
class QSlider;
class QTabWidget;
class QTreeView;

namespace modelvault::ui {

class VirtualTableView;

/// What opening a file would make of it: what the engine would keep at the left, what it would take away at the right;
/// as the file is, as if it ended earlier, and as seen by the other superblock. Computed, never done.
class RecoveryPanel : public QWidget {
    Q_OBJECT

public:
    explicit RecoveryPanel(QWidget *parent = nullptr);

    /// Null for nothing.
    void setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot);
    [[nodiscard]] const Recovery &recovery() const { return m_recovery; }
    [[nodiscard]] QTreeView *collections() const { return m_collections; }
    [[nodiscard]] VirtualTableView *keptRows() const { return m_keptTable; }
    [[nodiscard]] VirtualTableView *changedRows() const { return m_changesTable; }
    [[nodiscard]] VirtualTableView *lostTransactions() const { return m_transactionsTable; }
    [[nodiscard]] VirtualTableView *notRescued() const { return m_notRescuedTable; }
    /// What a rescue of this file left out; null for none.
    void setRescued(std::shared_ptr<const RescueReport> report);
    /// As if the file ended there; none: as it is.
    void setEnd(std::optional<Offset> end);
    [[nodiscard]] bool isSettled() const;

Q_SIGNALS:
    /// The user chose a row that is kept or a transaction: its bytes.
    void placeChosen(modelvault::Offset begin, modelvault::Offset end);
    /// The user chose a row that changes: a byte of the record behind the cut.
    void recordChosen(modelvault::Offset at);
    /// Of the whole file, whatever end and superblock are looked at.
    void rescueRequested(modelvault::RescueKeep keep);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;

private:
    QWidget *makeControls();
    QWidget *makeKept();
    QWidget *makeLost();
    VirtualTableView *makeTable(TextRowModel &model, const char *name, const QString &accessibleName);
    void showPlan();
    void showEnd();
    void showVerdict();
    void showCollections();
    void showKept();
    void showLost();
    void ask();
    [[nodiscard]] QLayout *makeRescue();

    Recovery m_recovery;
    std::shared_ptr<const RecoveryPlan> m_shown;
    QStandardItemModel m_collectionModel;
    bool m_isFilling = false;
    TextRowModel m_kept;
    TextRowModel m_changes;
    TextRowModel m_transactions;
    TextRowModel m_notRescued;
    std::optional<Offset> m_end; // typed or slid to
    QTimer m_pause;              // a slider says each pixel

    QLabel *m_verdict;
    QSlider *m_slider;
    QLineEdit *m_endLine;
    QComboBox *m_superblock;
    QTreeView *m_collections;
    VirtualTableView *m_keptTable;
    QTabWidget *m_lostTabs;
    VirtualTableView *m_changesTable;
    VirtualTableView *m_transactionsTable;
    VirtualTableView *m_notRescuedTable;
    QComboBox *m_keep;
    QPushButton *m_rescue;
};

} // namespace modelvault::ui
