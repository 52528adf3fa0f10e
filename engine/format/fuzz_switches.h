#pragma once

// Builds for fuzzers only (MODELVAULT_FUZZ): set once, before anything is decoded.

namespace modelvault::fuzz {

/// Takes every checksum for right: no mutation gets past one else.
inline bool s_ignoresChecksums = false;

/// Decoding a transaction marker whose id has a top byte ends the program, behind the three checksums of header, payload
/// and marker: a fuzzer that does not find that would find nothing else there.
inline bool s_hasPlantedBug = false;

} // namespace modelvault::fuzz
