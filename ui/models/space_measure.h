#pragma once

#include "database/snapshot.h"
#include "database/space_use.h"
#include "error.h"
#include "store/store.h"

#include <QFutureWatcher>
#include <QObject>

#include <memory>
#include <optional>

namespace modelvault::ui {

/// What the bytes of a database are good for: measured in the background once its rows are known and somebody looks.
/// GUI thread.
class SpaceMeasure : public QObject {
    Q_OBJECT

public:
    explicit SpaceMeasure(QObject *parent = nullptr);
    ~SpaceMeasure() override;

    /// Null for nothing. What was measured of another snapshot is forgotten.
    void setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot);
    /// Whether somebody looks.
    void setWanted(bool isWanted);

    /// None until it is measured.
    [[nodiscard]] const std::optional<SpaceUse> &use() const { return m_use; }
    /// Why it never will be.
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }
    [[nodiscard]] const std::shared_ptr<const Snapshot> &snapshot() const { return m_snapshot; }
    [[nodiscard]] bool isMeasuring() const { return m_isMeasuring; }

Q_SIGNALS:
    void changed();

private:
    void start();
    void stop();
    void take();

    std::shared_ptr<const Store> m_store;
    std::shared_ptr<const Snapshot> m_snapshot;
    std::optional<SpaceUse> m_use;
    std::optional<Error> m_error;
    bool m_isWanted = false;
    bool m_isMeasuring = false; // until its result has been taken over
    QFutureWatcher<Result<SpaceUse>> m_measuring;
};

} // namespace modelvault::ui
