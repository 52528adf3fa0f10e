#pragma once

#include "database/snapshot.h"
#include "jobs/newest_wish.h"
#include "models/schema_picture.h"
#include "position.h"

#include <QStandardItemModel>
#include <QWidget>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

class QComboBox;
class QLabel;
class QPlainTextEdit;
class QTabWidget;

namespace modelvault::ui {

class HintedList;

/// The schemas: collections, the versions that each went through, one of them as a tree and as JSON, and any two side
/// by side.
class SchemaView : public QWidget {
    Q_OBJECT

public:
    explicit SchemaView(QWidget *parent = nullptr);

    /// Null for nothing; one without a catalog shows nothing yet.
    void setSnapshot(const std::shared_ptr<const Snapshot> &snapshot);
    /// Shown while there are no collections.
    void setEmptyText(const QString &text);
    void showCollection(std::uint32_t id);
    /// Places in Collection::versions.
    void compare(std::size_t before, std::size_t after);
    [[nodiscard]] bool isSettled() const { return !m_load.isBusy(); }

    [[nodiscard]] HintedList *collections() const { return m_collections; }
    [[nodiscard]] HintedList *versions() const { return m_versions; }
    [[nodiscard]] QTabWidget *tabs() const { return m_tabs; }
    [[nodiscard]] HintedList *fields() const { return m_fields; }
    [[nodiscard]] HintedList *changes() const { return m_changes; }
    [[nodiscard]] QPlainTextEdit *json() const { return m_json; }
    [[nodiscard]] QComboBox *before() const { return m_before; }
    [[nodiscard]] QComboBox *after() const { return m_after; }

Q_SIGNALS:
    /// The user chose a version: the bytes of its segment.
    void placeChosen(modelvault::Offset begin, modelvault::Offset end);
    /// The user wants to see what a collection holds.
    void rowsRequested(std::uint32_t collectionId);

protected:
    void focusInEvent(QFocusEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    using Picture = std::shared_ptr<const SchemaPicture>;
    struct Wish {
        std::shared_ptr<const CatalogHistory> catalog;
        std::uint32_t collectionId = 0;
        std::optional<std::size_t> before;
        std::optional<std::size_t> after;
    };

    HintedList *makeList(QStandardItemModel &model, const char *name, const QString &accessibleName);
    QWidget *makeComparison();
    void fillCollections();
    void chooseCollection(const QModelIndex &index);
    void chooseVersion(const QModelIndex &index);
    void load();
    void take(const Picture &picture);
    void fillVersions();
    void chooseShown();
    void fillTree(HintedList &list, QStandardItemModel &model, const std::vector<SchemaLine> &lines);
    [[nodiscard]] QList<QStandardItem *> itemsOf(const SchemaLine &line) const;
    void showHints();
    void showUnused();

    std::shared_ptr<const CatalogHistory> m_catalog;
    std::optional<std::uint32_t> m_collectionId;
    // Chosen by the user; else the newest and the one before it.
    std::optional<std::size_t> m_beforeChosen;
    std::optional<std::size_t> m_afterChosen;
    Picture m_picture; // null: nothing to show
    bool m_isFilling = false;
    QString m_emptyText;

    QStandardItemModel m_collectionModel;
    QStandardItemModel m_versionModel;
    QStandardItemModel m_fieldModel;
    QStandardItemModel m_changeModel;
    HintedList *m_collections;
    HintedList *m_versions;
    QLabel *m_leftOut;
    QLabel *m_unused;
    QTabWidget *m_tabs;
    HintedList *m_fields;
    HintedList *m_changes;
    QPlainTextEdit *m_json;
    QComboBox *m_before;
    QComboBox *m_after;
    QLabel *m_summary;
    NewestWish<Wish, Picture> m_load;
};

} // namespace modelvault::ui
