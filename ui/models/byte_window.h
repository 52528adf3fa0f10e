#pragma once

#include "models/structure_spans.h"

#include "database/snapshot.h"
#include "store/store.h"

#include <QFutureWatcher>
#include <QObject>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace modelvault::ui {

/// The bytes of a file around what is visible, and what they belong to, read in the background. GUI thread.
class ByteWindow : public QObject {
    Q_OBJECT

public:
    enum class State : std::uint8_t {
        Pending,
        Loaded,
        Unreadable, ///< the file ended before, or the system could not read
    };

    explicit ByteWindow(QObject *parent = nullptr);

    /// Null for nothing. Bytes of the same store stay until those of the new snapshot are there.
    void setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot);
    /// Reads anew, also what is there.
    void refresh();
    /// Asks for [begin, end); changed() tells when they are there. Newer requests replace older ones.
    void want(Offset begin, Offset end);

    [[nodiscard]] State state(Offset offset) const;
    /// Of a Loaded byte.
    [[nodiscard]] std::byte at(Offset offset) const;
    /// In the order of the file; they may reach beyond what is loaded.
    [[nodiscard]] const std::vector<StructureSpan> &spans() const { return m_loaded.spans; }
    /// Nothing is under way.
    [[nodiscard]] bool isSettled() const { return !m_loading; }

Q_SIGNALS:
    void changed();

private:
    struct Range {
        Offset begin;
        Offset end;
    };
    struct Loaded {
        Range range;
        std::vector<std::byte> bytes; // fewer than the range where the file can't be read
        std::vector<StructureSpan> spans;
    };

    [[nodiscard]] static Loaded load(const Store &store, const Snapshot &snapshot, Range range);
    [[nodiscard]] static bool covers(Range outer, Range inner);
    void start(Range range);
    /// Forgets what is under way.
    void drop();

    std::shared_ptr<const Store> m_store;
    std::shared_ptr<const Snapshot> m_snapshot;
    Loaded m_loaded;
    bool m_stale = false;           // m_loaded is of an older snapshot
    std::optional<Range> m_loading; // until its bytes have been taken over
    std::optional<Range> m_wanted;  // while another is under way
    QFutureWatcher<Loaded> m_load;
};

} // namespace modelvault::ui
