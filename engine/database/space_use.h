#pragma once

#include "database/snapshot.h"
#include "error.h"
#include "log/segment_index.h"
#include "position.h"
#include "progress.h"
#include "store/store.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>

namespace modelvault {

/// What bytes of a file are good for, as of the next open. Segments count with their headers.
enum class Liveness : std::uint8_t {
    Live,       ///< records that are the rows
    Superseded, ///< records that count and are no rows any more: earlier versions, deletes and what was deleted
    Dropped,    ///< what never counted: segments of transactions without a commit, or behind what opens read
    Index,
    Checkpoint,
    Overhead, ///< file header, superblocks, schemas, manifests, transaction markers, spilled queries
    Damaged,  ///< no whole segment, or one whose payload's checksum is wrong
};
inline constexpr std::size_t kLivenesses = 7;

/// Bytes [begin, end) of a file that are good for the same.
struct SpacePiece {
    Offset begin;
    Offset end;
    Liveness liveness = Liveness::Overhead;
    /// Of live, superseded and dropped records and of index changes (that of the first entry), if they name one.
    std::optional<std::uint32_t> collectionId;
};

/// Says of any bytes what they are good for. Borrows the store; one thread at a time.
class SpaceReader {
public:
    /// The rows of the snapshot must be known. Neither copied nor moved: it looks into itself.
    SpaceReader(const Store &store, std::shared_ptr<const Snapshot> snapshot);
    SpaceReader(const SpaceReader &) = delete;
    SpaceReader &operator=(const SpaceReader &) = delete;

    /// Calls `visit` with the pieces that have a byte in [begin, end), cut to that stretch, in order and without a gap,
    /// until it returns false. Errors: those of LogReader.
    [[nodiscard]] Result<void> forEach(Offset begin, Offset end, const std::function<bool(const SpacePiece &)> &visit);

private:
    [[nodiscard]] Result<SpacePiece> pieceOf(const Segment &segment, std::span<const std::byte> payload,
                                             RecordNo record);
    [[nodiscard]] Result<bool> counts(const Segment &segment);
    [[nodiscard]] Result<std::span<const std::byte>> beginning(const Segment &segment,
                                                               std::span<const std::byte> payload);

    const Store &m_store;
    const std::shared_ptr<const Snapshot> m_snapshot;
    const LogReader m_log;
    RisingTransactions m_transactions;
    std::array<std::byte, 16> m_beginning{};
};

/// What all bytes of a file are good for, in sums.
struct SpaceUse {
    using Bytes = std::array<std::uint64_t, kLivenesses>; ///< by Liveness

    Bytes all{};
    std::map<std::uint32_t, Bytes> collections; ///< by id; what no catalog knows of is in `all` alone
    std::uint64_t schemas = 0;                  ///< bytes of Overhead that are schemas

    [[nodiscard]] static std::uint64_t of(const Bytes &bytes, Liveness liveness)
    {
        return bytes[static_cast<std::size_t>(liveness)];
    }
    /// About how long the file were if it held nothing but its rows, their index entries and their schemas. Index
    /// entries are taken to be as long for rows that are there as for those that are not.
    [[nodiscard]] std::uint64_t compactedLength() const;
};

/// Reads the log once. Errors: those of LogReader, and Cancelled. `progress` counts bytes of the file.
[[nodiscard]] Result<SpaceUse> measureSpace(const Store &store, const std::shared_ptr<const Snapshot> &snapshot,
                                            const Progress &progress = {});

} // namespace modelvault
