#pragma once

#include "models/finding_marks.h"

#include "database/snapshot.h"
#include "log/transactions.h"
#include "store/store.h"

#include <QAbstractItemModel>
#include <QFutureWatcher>
#include <QString>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace modelvault::ui {

/// The parts of a database as a tree: header, superblocks, collections with fields and indexes, and the log by
/// transaction. Transactions come in groups of
/// at most kGroup, and groups of groups, so that millions of them stay a tree that a view can hold.
class NavigatorModel : public QAbstractItemModel {
    Q_OBJECT

public:
    static constexpr std::uint64_t kGroup = 1000;

    enum class Kind : std::uint8_t {
        Header,
        Superblock,
        Collections,
        Collection,
        Field,
        Index,
        More, ///< stands for collections or fields that are too many to be listed
        Log,
        Transactions,
        Transaction,
    };

    /// What a node stands for.
    struct Node {
        Kind kind = Kind::Header;
        SuperblockSlot slot = SuperblockSlot::A; ///< of a Superblock
        std::uint64_t first = 0;                 ///< of a Transactions or Transaction node: its first transaction
        std::uint64_t count = 0;                 ///< how many it stands for
        /// Of a Collection, and of what lies below it; as long as the snapshot lives.
        const Collection *collection = nullptr;
        std::size_t part = 0; ///< of a Field or Index: its place in the schema
    };

    explicit NavigatorModel(QObject *parent = nullptr);

    /// Null for nothing. A snapshot of the same store keeps the places of views.
    void setSnapshot(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot);
    /// What marks nodes; null for none.
    void setFindings(std::shared_ptr<const FindingMarks> findings);
    [[nodiscard]] Node node(const QModelIndex &index) const;
    /// The node of a kind that exists once, or of a slot.
    [[nodiscard]] QModelIndex indexOf(Kind kind, SuperblockSlot slot = SuperblockSlot::A) const;
    /// Looks up what the transactions below this node are, in the background; dataChanged() when it is known.
    void prepare(const QModelIndex &index);

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex &index) const override;
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

private:
    // A node's internal id: its level above, its number within that level below. Level 0 are transactions.
    struct Id {
        unsigned level;
        std::uint64_t number;
    };
    static constexpr unsigned kFixedLevel = 255;      // header, superblocks, collections, log: numbered by row
    static constexpr unsigned kCollectionLevel = 254; // numbered by row
    static constexpr unsigned kPartLevel = 253;       // fields, then indexes: by collection and row

    [[nodiscard]] static Id idOf(const QModelIndex &index);
    [[nodiscard]] QModelIndex create(Id id) const;
    [[nodiscard]] std::uint64_t transactionCount() const;
    [[nodiscard]] unsigned topLevel() const;
    [[nodiscard]] Node nodeOf(Id id) const;
    [[nodiscard]] bool remains(Id id) const;
    [[nodiscard]] int collectionRows() const;
    [[nodiscard]] int partRows(std::uint64_t collection) const;
    [[nodiscard]] QString text(const Node &node) const;
    [[nodiscard]] QString collectionsText() const;
    [[nodiscard]] QString collectionText(const Collection &collection) const;
    [[nodiscard]] QString transactionText(std::uint64_t number) const;
    /// The bytes that it stands for, as far as they are known.
    [[nodiscard]] std::optional<std::pair<Offset, Offset>> bytesOf(const Node &node) const;
    struct Faults {
        std::uint64_t count = 0;
        std::optional<Severity> gravest;
    };
    [[nodiscard]] Faults faultsOf(const Node &node) const;
    [[nodiscard]] QString title(const Node &node) const;

    std::shared_ptr<const Store> m_store;
    std::shared_ptr<const Snapshot> m_snapshot;
    std::vector<const Collection *> m_collections; // those listed, in the snapshot

    std::shared_ptr<const FindingMarks> m_findings;

    static constexpr std::size_t kMostKnown = 16;

    // A group of transactions.
    struct Known {
        std::uint64_t first = 0;
        std::vector<Transaction> transactions;
    };
    [[nodiscard]] const Known *knownGroup(std::uint64_t first) const;
    void lookUpNext();

    std::deque<Known> m_known;          // looked up last, the newest at the end
    std::deque<std::uint64_t> m_wanted; // groups still to be looked up
    QFutureWatcher<Known> m_lookUp;
    bool m_isLookingUp = false; // until its result was taken over
};

} // namespace modelvault::ui
