#pragma once

#include "models/piece_lookup.h"

#include <QAbstractItemModel>

#include <memory>
#include <optional>
#include <utility>

namespace modelvault::ui {

/// The piece of a file that a byte belongs to, as a tree of fields. Looked up in the background; until the next one is
/// there the last one stays. GUI thread.
class FieldTreeModel : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Column { Field, Value, Rule, Place, Length, ColumnCount }; // what is wrong stands where it is seen
    enum Role {
        FaultRole = Qt::UserRole, ///< bool: something is wrong with the field, or inside of it
        TargetRole,               ///< quint64: the offset that the field points to, if it points anywhere
    };

    explicit FieldTreeModel(QObject *parent = nullptr);

    /// As those of PieceLookup.
    void setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot)
    {
        m_lookup.setSource(std::move(store), std::move(snapshot));
    }
    void want(Offset offset) { m_lookup.want(offset); }
    [[nodiscard]] bool shows(Offset offset) const { return m_lookup.shows(offset); }
    [[nodiscard]] bool isScanned(Offset offset) const { return m_lookup.isScanned(offset); }
    [[nodiscard]] bool isSettled() const { return m_lookup.isSettled(); }
    [[nodiscard]] const std::shared_ptr<const FieldPiece> &piece() const { return m_lookup.piece(); }
    [[nodiscard]] const std::optional<Error> &error() const { return m_lookup.error(); }

    /// Null for an invalid index. Lives as long as the piece.
    [[nodiscard]] const FieldNode *node(const QModelIndex &index) const;
    /// Of a node of the piece.
    [[nodiscard]] QModelIndex indexOf(const FieldNode &node) const;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex &child) const override;
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// All that is said of a node of the piece, with its place, in several lines.
    [[nodiscard]] QString details(const FieldNode &node) const;

Q_SIGNALS:
    /// There is another piece, or none.
    void changed();

private:
    [[nodiscard]] QString cellText(const FieldNode &node, int column) const;
    /// Null for the root.
    [[nodiscard]] const FieldNode *parentOf(const FieldNode &node) const;

    PieceLookup m_lookup;
};

} // namespace modelvault::ui
