#pragma once

#include "error.h"
#include "format/field_trace.h"
#include "position.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace modelvault {

/// The payload of a Checkpoint segment: payloads of other segments, put together. FORMAT.md, "Checkpoint".
struct Checkpoint {
    static constexpr std::uint16_t kVersion = 0;

    /// The payload of a catalog entry, a record or index changes.
    struct Part {
        Offset at;
        std::span<const std::byte> bytes; ///< borrowed from the payload that was decoded
    };

    Offset replayFrom; ///< where the log begins that is not in the checkpoint
    std::vector<Part> catalogEntries;
    std::vector<Part> records;
    Part indexChanges;

    /// Of a whole payload that lies at `at`; the parts are not looked into. UnsupportedVersion,
    /// InvalidCheckpointPayload (bytes missing or left over).
    [[nodiscard]] static Result<Checkpoint> decode(std::span<const std::byte> payload, Offset at,
                                                   FieldTrace *trace = nullptr);
    [[nodiscard]] std::vector<std::byte> encode() const;
};

} // namespace modelvault
