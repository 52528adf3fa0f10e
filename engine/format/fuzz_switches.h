#pragma once

#include <cstdint>

// Builds for fuzzers only (MODELVAULT_FUZZ): set once, before anything is decoded.

namespace modelvault::fuzz {

/// Takes every checksum for right: no mutation gets past one else.
inline bool s_ignoresChecksums = false;

/// Decoding a transaction marker of this id ends the program, behind the three checksums of header, payload and marker:
/// a fuzzer that does not find that would find nothing else there.
inline bool s_hasPlantedBug = false;
inline constexpr std::uint64_t kPlantedId = 0x6d76'6275'6721;

} // namespace modelvault::fuzz
