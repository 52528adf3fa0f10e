#pragma once

#ifdef MODELVAULT_FUZZ
#include "format/fuzz_switches.h"
#endif

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace modelvault {

namespace crc32c_detail {

/// Below this size the CRC instruction inline is quicker than any library call.
inline constexpr std::size_t kLibraryFrom = 256;

/// Whether this processor has a CRC-32C instruction; found out once, as the program starts.
extern const bool kHasInstruction;

/// For every size and processor. Works on the raw register, without the inversions at begin and end.
[[nodiscard]] std::uint32_t extendOutOfLine(std::uint32_t state, std::span<const std::byte> bytes);

// Assembly, not intrinsics: those would want every caller compiled for a processor that surely has the instruction.
#if defined(__x86_64__)
#define MODELVAULT_HAS_CRC32C_STEPS 1
inline void step(std::uint64_t &state, std::uint64_t value)
{
    asm("crc32q %1, %0" : "+r"(state) : "rm"(value));
}
inline void step(std::uint32_t &state, std::uint32_t value)
{
    asm("crc32l %1, %0" : "+r"(state) : "rm"(value));
}
inline void step(std::uint32_t &state, std::uint16_t value)
{
    asm("crc32w %1, %0" : "+r"(state) : "rm"(value));
}
inline void step(std::uint32_t &state, std::uint8_t value)
{
    asm("crc32b %1, %0" : "+r"(state) : "qm"(value));
}
#elif defined(__aarch64__)
#define MODELVAULT_HAS_CRC32C_STEPS 1
inline void step(std::uint64_t &state, std::uint64_t value)
{
    auto narrow = static_cast<std::uint32_t>(state);
    asm(".arch_extension crc\n\tcrc32cx %w0, %w0, %x1" : "+r"(narrow) : "r"(value));
    state = narrow;
}
inline void step(std::uint32_t &state, std::uint32_t value)
{
    asm(".arch_extension crc\n\tcrc32cw %w0, %w0, %w1" : "+r"(state) : "r"(value));
}
inline void step(std::uint32_t &state, std::uint16_t value)
{
    asm(".arch_extension crc\n\tcrc32ch %w0, %w0, %w1" : "+r"(state) : "r"(std::uint32_t{value}));
}
inline void step(std::uint32_t &state, std::uint8_t value)
{
    asm(".arch_extension crc\n\tcrc32cb %w0, %w0, %w1" : "+r"(state) : "r"(std::uint32_t{value}));
}
#endif

#ifdef MODELVAULT_HAS_CRC32C_STEPS
/// Needs kHasInstruction.
[[nodiscard]] inline std::uint32_t extendInline(std::uint32_t state, std::span<const std::byte> bytes)
{
    const std::byte *from = bytes.data();
    std::size_t left = bytes.size();
    const auto load = [&from, &left]<class T>(T &value) {
        std::memcpy(&value, from, sizeof value);
        from += sizeof value;
        left -= sizeof value;
    };
    std::uint64_t wide = state;
    while (left >= 8) {
        std::uint64_t value;
        load(value);
        step(wide, value);
    }
    auto narrow = static_cast<std::uint32_t>(wide);
    if (left >= 4) {
        std::uint32_t value;
        load(value);
        step(narrow, value);
    }
    if (left >= 2) {
        std::uint16_t value;
        load(value);
        step(narrow, value);
    }
    if (left >= 1) {
        std::uint8_t value;
        load(value);
        step(narrow, value);
    }
    return narrow;
}
#endif

[[nodiscard]] inline std::uint32_t extend(std::uint32_t state, std::span<const std::byte> bytes)
{
#ifdef MODELVAULT_HAS_CRC32C_STEPS
    if (bytes.size() < kLibraryFrom && kHasInstruction) [[likely]]
        return extendInline(state, bytes);
#endif
    return extendOutOfLine(state, bytes);
}

} // namespace crc32c_detail

/// CRC-32C (Castagnoli) of bytes that come in pieces; of one piece: crc32c(). FORMAT.md, "Conventions".
class Crc32c {
public:
    void add(std::span<const std::byte> bytes) { m_state = crc32c_detail::extend(m_state, bytes); }
    [[nodiscard]] std::uint32_t value() const { return ~m_state; }

private:
    std::uint32_t m_state = ~std::uint32_t{0};
};

[[nodiscard]] inline std::uint32_t crc32c(std::span<const std::byte> bytes)
{
    return ~crc32c_detail::extend(~std::uint32_t{0}, bytes);
}

/// The one place where a stored checksum is held against that of the bytes.
[[nodiscard]] inline bool isRightCrc(std::uint32_t stored, std::uint32_t computed)
{
#ifdef MODELVAULT_FUZZ
    if (fuzz::s_ignoresChecksums)
        return true;
#endif
    return stored == computed;
}

/// How checksums are computed on this processor, for people: "ISA-L 2.31, CRC instruction", "CRC instruction" or
/// "table".
[[nodiscard]] std::string_view crc32cMethod();

} // namespace modelvault
