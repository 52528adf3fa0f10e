#pragma once

#include "models/document.h"
#include "models/field_tree_model.h"

#include <QTreeView>

#include <memory>
#include <optional>

namespace modelvault::ui {

/// The fields of the piece of a file where the selection begins. What the user goes to becomes the selection; what
/// others select becomes current here.
class FieldTreeView : public QTreeView {
    Q_OBJECT

public:
    struct Range {
        Offset begin;
        Offset end; ///< exclusive
        bool operator==(const Range &) const = default;
    };

    explicit FieldTreeView(QWidget *parent = nullptr);
    ~FieldTreeView() override;

    /// Null for nothing. showSelection() has to follow.
    void setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot);
    /// Makes the node of that selection current, as soon as its piece is there, without a signal.
    void showSelection(const Document::Selection &selection);

    [[nodiscard]] const FieldTreeModel &fields() const { return m_model; }
    /// Null for none.
    [[nodiscard]] const FieldNode *currentNode() const { return m_model.node(currentIndex()); }
    /// What is said of it, in several lines; empty for none.
    [[nodiscard]] QString currentDetails() const;
    /// The bytes that the checksum of the current node is of.
    [[nodiscard]] std::optional<Range> covered() const;
    [[nodiscard]] bool isSettled() const { return m_model.isSettled(); }
    /// Shown where there is no piece.
    [[nodiscard]] QString emptyText() const;
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    /// By the user.
    void selectionChosen(modelvault::Offset begin, modelvault::Offset end);
    /// To follow a field that points there.
    void targetRequested(modelvault::Offset target);
    void pieceChanged();
    void coveredChanged();

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void changeEvent(QEvent *event) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;

private:
    void choose();
    void follow(const QModelIndex &index);
    void reveal();
    void expandWhatMatters();
    void expandFaults(const FieldNode &node);
    void sizeColumns();
    void fitFields();
    void copyCurrent();
    void copyJson();

    FieldTreeModel m_model;
    Document::Selection m_selection; // that is shown, or will be
    bool m_isRevealing = false;
    bool m_isSizing = false;
    bool m_isSizedByUser = false;
};

} // namespace modelvault::ui
