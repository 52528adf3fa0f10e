#pragma once

#include "check/recovery_plan.h"
#include "database/snapshot.h"
#include "error.h"
#include "store/store.h"

#include <QFutureWatcher>
#include <QObject>

#include <memory>
#include <optional>

namespace modelvault::ui {

/// What opening a file would make of it, for the moment and the superblock that somebody asks about; in the background.
/// GUI thread.
class Recovery : public QObject {
    Q_OBJECT

public:
    explicit Recovery(QObject *parent = nullptr);
    ~Recovery() override;

    /// Null for nothing. A log that is not scanned to its end is waited for; another file is looked at as it is.
    void setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot);
    /// Whether somebody looks.
    void setWanted(bool isWanted);
    void setView(const RecoveryView &view);
    [[nodiscard]] const RecoveryView &view() const { return m_view; }

    /// The last one that is ready, which may be of an older view; null while there is none.
    [[nodiscard]] const std::shared_ptr<const RecoveryPlan> &plan() const { return m_plan; }
    /// Why there is none.
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }
    [[nodiscard]] const std::shared_ptr<const Store> &store() const { return m_store; }
    [[nodiscard]] const std::shared_ptr<const Snapshot> &snapshot() const { return m_snapshot; }
    [[nodiscard]] bool isBusy() const { return m_isBusy; }

Q_SIGNALS:
    void changed();

private:
    void start();
    void drop();
    void take();

    std::shared_ptr<const Store> m_store;
    std::shared_ptr<const Snapshot> m_snapshot;
    RecoveryView m_view;
    bool m_isWanted = false;
    bool m_isStale = true; // the plan is of another view or file
    bool m_isBusy = false; // until its result has been taken over
    std::shared_ptr<const RecoveryPlan> m_plan;
    std::optional<Error> m_error;
    QFutureWatcher<Result<std::shared_ptr<const RecoveryPlan>>> m_making;
};

} // namespace modelvault::ui
