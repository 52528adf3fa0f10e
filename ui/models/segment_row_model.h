#pragma once

#include "models/row_model.h"

#include "database/snapshot.h"
#include "log/segment_index.h"
#include "store/store.h"

#include <QFutureWatcher>
#include <QPalette>

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace modelvault::ui {

/// The segments of the log as rows. Only those around what is visible are known; prepare() has others looked up in the
/// background.
class SegmentRowModel : public RowModel {
    Q_OBJECT

public:
    enum Column { Number, Place, Type, PayloadLength, InTransaction, Checksum, ColumnCount };

    explicit SegmentRowModel(QObject *parent = nullptr);

    /// A longer snapshot of the same file appends rows, anything else resets. Null for nothing.
    void setSnapshot(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot);
    /// Null if it is not loaded.
    [[nodiscard]] const Segment *segment(quint64 row) const;

    [[nodiscard]] quint64 rowCount() const override;
    [[nodiscard]] int columnCount() const override;
    [[nodiscard]] QString headerText(int column) const override;
    [[nodiscard]] Qt::Alignment alignment(int column) const override;
    [[nodiscard]] QString sampleText(int column) const override;
    [[nodiscard]] QVariant data(quint64 row, int column, int role) const override;
    void prepare(quint64 first, quint64 last) override;

private:
    struct Loaded {
        quint64 first = 0;
        std::vector<Segment> segments;
    };

    [[nodiscard]] bool isLoaded(quint64 first, quint64 last) const;
    void load(quint64 first, quint64 last);
    [[nodiscard]] QString text(const Segment &segment, int column) const;
    [[nodiscard]] QString toolTip(const Segment &segment, int column) const;

    std::shared_ptr<const Store> m_store;
    std::shared_ptr<const Snapshot> m_snapshot;
    Loaded m_loaded;
    std::optional<std::pair<quint64, quint64>> m_wanted; // while another load is under way
    QFutureWatcher<Loaded> m_load;
};

} // namespace modelvault::ui
