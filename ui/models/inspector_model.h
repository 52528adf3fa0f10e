#pragma once

#include "database/snapshot.h"
#include "error.h"
#include "models/byte_window.h"
#include "models/document.h"
#include "store/store.h"
#include "text/byte_values.h"

#include <QAbstractTableModel>
#include <QFutureWatcher>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace modelvault::ui {

/// The bytes at the begin of the selection as every type, and the checksum of the selection, as a table. Bytes are read
/// and checksums are computed in the background. GUI thread.
class InspectorModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum class Column : std::uint8_t { Name, Value };
    static constexpr int kColumns = 2;
    enum Role {
        IsValueRole = Qt::UserRole, ///< whether the text is a value, and not why there is none
    };
    /// Of longer selections the checksum is computed when asked for.
    static constexpr std::uint64_t kMostAtOnce = std::uint64_t{64} << 20U;

    enum class Checksum : std::uint8_t {
        None,    ///< nothing is selected
        Waiting, ///< for startChecksum()
        Running,
        Done, ///< or why it could not be computed
    };

    explicit InspectorModel(QObject *parent = nullptr);
    /// Tells jobs to stop; does not wait for them.
    ~InspectorModel() override;

    /// Null for nothing: then there are no rows. Values of the same store stay until those of the new snapshot are
    /// there.
    void setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot,
                   Document::Selection selection);
    void setSelection(Document::Selection selection);
    void setByteOrder(ByteOrder order);

    [[nodiscard]] ByteOrder byteOrder() const { return m_order; }
    [[nodiscard]] Checksum checksum() const { return m_checksum; }
    /// Of the whole selection, however long; does nothing while it is Running or there is None.
    void startChecksum();
    /// Back to Waiting.
    void stopChecksum();
    /// Nothing is under way.
    [[nodiscard]] bool isSettled() const { return m_bytes.isSettled() && m_checksum != Checksum::Running; }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

Q_SIGNALS:
    void checksumChanged();

private:
    void showBytes();
    void showValues(int first, int last);
    void renewChecksum();
    void beginChecksum();
    void dropChecksum();
    void setChecksum(Checksum checksum);
    [[nodiscard]] ByteValue value(int row) const;
    [[nodiscard]] ByteValue checksumValue() const;

    std::shared_ptr<const Store> m_store;
    std::shared_ptr<const Snapshot> m_snapshot;
    ByteWindow m_bytes;
    Document::Selection m_selection;
    ByteOrder m_order = ByteOrder::Little;
    std::vector<ByteValue> m_values; // none without a file

    Checksum m_checksum = Checksum::None;
    bool m_startsNext = false; // once the job before has noticed that it was cancelled
    QFutureWatcher<Result<std::uint32_t>> m_compute;
    std::optional<Result<std::uint32_t>> m_computed; // when Done
};

} // namespace modelvault::ui
