#pragma once

#include "error.h"
#include "format/file_header.h"
#include "format/segment.h"
#include "format/superblock.h"
#include "position.h"
#include "store/store.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace modelvault {

/// Appends segments to a database and publishes them, as the engine does: for tests, sample data, benchmarks and for
/// copies; the viewer never writes to the file it shows. FORMAT.md, "Writing".
///
/// Segments gather in memory until they are many, or until flush() or publish(): what was not flushed when the writer
/// goes is lost. After an error the store may hold a part of what was appended.
class LogWriter {
public:
    /// Makes an empty database of an empty store: header, superblocks, a first manifest. InvalidInput if the store
    /// holds bytes already.
    [[nodiscard]] static Result<LogWriter> create(std::unique_ptr<Store> store,
                                                  std::uint16_t minor = FileHeader::kMinorHighest);
    /// Goes on behind the last byte of an existing database; the caller has cut an unclean tail. The header's error,
    /// TruncatedSuperblock if the file ends before the log, BadSuperblockChecksum if neither slot is valid.
    [[nodiscard]] static Result<LogWriter> open(std::unique_ptr<Store> store);

    /// Returns where the segment's header will lie. PayloadOverLimit for what the engine would not read, and then
    /// nothing is appended.
    [[nodiscard]] Result<Offset> append(SegmentType type, std::span<const std::byte> payload);
    [[nodiscard]] Result<Offset> begin(std::uint64_t id) { return appendMarker(SegmentType::TxnBegin, id); }
    [[nodiscard]] Result<Offset> commit(std::uint64_t id) { return appendMarker(SegmentType::TxnCommit, id); }
    [[nodiscard]] Result<Offset> abort(std::uint64_t id) { return appendMarker(SegmentType::TxnAbort, id); }
    /// Appends a manifest, then writes the superblock slot that is not current, one generation on. `checkpoint` is
    /// where the newest checkpoint's header lies; kept from the last publish where it is 0.
    [[nodiscard]] Result<void> publish(Offset checkpoint = {}, std::uint32_t checkpointLength = 0);
    /// Hands everything appended so far to the store.
    [[nodiscard]] Result<void> flush();

    [[nodiscard]] Store &store() { return *m_store; }
    [[nodiscard]] std::unique_ptr<Store> takeStore() && { return std::move(m_store); }
    /// Where the next segment will lie.
    [[nodiscard]] Offset end() const { return m_flushed + m_pending.size(); }

private:
    LogWriter(std::unique_ptr<Store> store, Offset end) : m_store(std::move(store)), m_flushed(end) { }

    [[nodiscard]] Result<Offset> appendMarker(SegmentType type, std::uint64_t id);

    std::unique_ptr<Store> m_store;
    Offset m_flushed;
    std::vector<std::byte> m_pending; // goes to m_flushed
    Superblock m_current;
    SuperblockSlot m_currentSlot = SuperblockSlot::A;
};

} // namespace modelvault
