#pragma once

#include "error.h"
#include "format/segment.h"
#include "position.h"
#include "progress.h"
#include "store/store.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace modelvault {

/// A payload whose checksum is still to be compared.
struct PayloadCheck {
    SegmentNo no;
    Offset segment;
    SegmentHeader header;

    [[nodiscard]] Offset payloadOffset() const { return segment + SegmentHeader::kSize; }
};

struct PayloadFault {
    PayloadCheck check;
    Error error; ///< BadSegmentPayloadChecksum, or why it could not be read
};

/// Reads long payloads and compares their checksums, on threads that the caller lends as well as on its own.
/// One thread calls; it may be any.
class PayloadChecker {
public:
    /// Borrows the store. `lent`: how many tasks to hand to `run`; 0 or an empty `run`: all is done in add().
    /// `keepGoing` is asked now and then, on the calling thread only.
    PayloadChecker(const Store &store, RunTask run, unsigned lent, std::function<bool()> keepGoing);
    /// Drops what is not checked yet and waits for what is being read.
    ~PayloadChecker();
    PayloadChecker(const PayloadChecker &) = delete;
    PayloadChecker &operator=(const PayloadChecker &) = delete;

    /// Checks it soon, or now where enough wait already. Cancelled if `keepGoing` says so.
    [[nodiscard]] Result<void> add(const PayloadCheck &check);
    /// Returns when all that was added is checked. OutOfMemory if there was too little for any of it.
    [[nodiscard]] Result<void> drain();
    /// Those found since the last call, in no order.
    [[nodiscard]] std::vector<PayloadFault> takeFaults();
    /// Bytes that were added and are not read yet.
    [[nodiscard]] std::uint64_t pendingBytes() const;

private:
    struct Shared;

    [[nodiscard]] Result<void> checkOneHere();

    std::shared_ptr<Shared> m_shared; // outlives this object in tasks that have not run yet
    std::function<bool()> m_keepGoing;
    std::unique_ptr<std::byte[]> m_buffer; // of this thread
    std::size_t m_queueLimit;
};

} // namespace modelvault
