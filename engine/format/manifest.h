#pragma once

#include "error.h"
#include "format/field_trace.h"
#include "position.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace modelvault {

/// The payload of a Manifest segment: where it lies itself. FORMAT.md, "Manifest".
struct Manifest {
    static constexpr std::uint64_t kSize = 2 + 8 + 8;
    static constexpr std::uint16_t kVersion = 0;

    Offset segmentOffset;
    std::uint64_t segmentLength = 0; ///< header and payload

    /// Of a whole payload that lies at `at`. InvalidManifestPayload (another size), UnsupportedVersion.
    [[nodiscard]] static Result<Manifest> decode(std::span<const std::byte> payload, Offset at,
                                                 FieldTrace *trace = nullptr);
    [[nodiscard]] std::vector<std::byte> encode() const;

    bool operator==(const Manifest &) const = default;
};
static_assert(Manifest::kSize == 18);

} // namespace modelvault
