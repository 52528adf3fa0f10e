#pragma once

#include <cstddef>
#include <cstdint>

// What decoders refuse before they allocate anything. FORMAT.md, "Limits".

namespace modelvault {

inline constexpr std::uint64_t kMaxPayload = 64 * 1024 * 1024;
inline constexpr std::uint64_t kMaxValueBytes = 16 * 1024 * 1024; ///< of one string or bytes value
inline constexpr std::uint32_t kMaxListEntries = 1'048'576;       ///< of one decoded list
inline constexpr std::uint32_t kMaxFields = 4'096;                ///< of a schema
inline constexpr std::uint32_t kMaxTypeDepth = 32;                ///< the outermost type is at depth 0
inline constexpr std::uint32_t kMaxNameBytes = 1'023;             ///< of a collection, an index or a primary field
inline constexpr std::uint64_t kMaxValues = 1'048'576;            ///< that one payload decodes to, whatever their bytes

} // namespace modelvault
