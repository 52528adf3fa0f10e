#pragma once

#include "database/snapshot.h"
#include "error.h"
#include "models/field_piece.h"
#include "store/store.h"

#include <QFutureWatcher>
#include <QObject>

#include <memory>
#include <optional>

namespace modelvault::ui {

/// Explains the piece of a file that a byte belongs to, in the background; until the next one is there the last one
/// stays. GUI thread.
class PieceLookup : public QObject {
    Q_OBJECT

public:
    explicit PieceLookup(QObject *parent = nullptr);

    /// Null for nothing. A piece of the same store stays, until want() finds that the snapshot knows more of it.
    void setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot);
    /// Asks for the piece of that byte; changed() tells when it is there, unless shows() says that it is already. Newer
    /// wishes replace older ones. There is no piece for bytes that are not scanned yet.
    void want(Offset offset);
    /// Whether what the byte is is part of the piece.
    [[nodiscard]] bool shows(Offset offset) const;
    /// Whether the scan has come that far: before, nobody knows what a byte is.
    [[nodiscard]] bool isScanned(Offset offset) const;
    /// Nothing is being looked up.
    [[nodiscard]] bool isSettled() const { return !m_loading; }

    /// Null if there is none.
    [[nodiscard]] const std::shared_ptr<const FieldPiece> &piece() const { return m_piece; }
    /// Why there is none, if it could not be looked up.
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }

Q_SIGNALS:
    void aboutToChange();
    /// There is another piece, or none.
    void changed();

private:
    struct Loaded {
        std::shared_ptr<const FieldPiece> piece;
        std::optional<Error> error;
    };

    [[nodiscard]] static Loaded load(const std::shared_ptr<const Store> &store,
                                     const std::shared_ptr<const Snapshot> &snapshot, Offset offset);
    void start(Offset offset);
    void take(Loaded loaded);
    /// Forgets what is under way.
    void drop();

    std::shared_ptr<const Store> m_store;
    std::shared_ptr<const Snapshot> m_snapshot;
    std::shared_ptr<const FieldPiece> m_piece;
    std::optional<Error> m_error;
    bool m_stale = false;            // m_piece is of a snapshot that knew less
    std::optional<Offset> m_loading; // until its piece has been taken over
    std::optional<Offset> m_wanted;  // while another is under way
    QFutureWatcher<Loaded> m_load;
};

} // namespace modelvault::ui
