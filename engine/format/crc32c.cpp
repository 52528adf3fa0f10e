#include "format/crc32c.h"

#include <algorithm>
#include <array>

#ifdef MODELVAULT_WITH_ISAL
#include <isa-l.h>
#endif
#if defined(__aarch64__) && defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace modelvault {
namespace crc32c_detail {
namespace {

bool hasInstruction()
{
#if defined(__x86_64__)
    __builtin_cpu_init(); // this may run before the constructor that otherwise does it
    return __builtin_cpu_supports("sse4.2") != 0;
#elif defined(__aarch64__) && defined(__linux__)
    return (getauxval(AT_HWCAP) & HWCAP_CRC32) != 0;
#elif defined(__aarch64__) && defined(__APPLE__)
    return true;
#else
    return false;
#endif
}

constexpr std::array<std::uint32_t, 256> makeTable()
{
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        std::uint32_t state = i;
        for (int bit = 0; bit < 8; ++bit)
            state = (state & 1) != 0 ? (state >> 1) ^ 0x82F63B78U : state >> 1;
        table[i] = state;
    }
    return table;
}

[[maybe_unused]] std::uint32_t extendByTable(std::uint32_t state, std::span<const std::byte> bytes)
{
    static constexpr auto kTable = makeTable();
    for (const std::byte byte : bytes)
        state = kTable[(state ^ std::to_integer<std::uint32_t>(byte)) & 0xFF] ^ (state >> 8);
    return state;
}

} // namespace

const bool kHasInstruction = hasInstruction();

std::uint32_t extendOutOfLine(std::uint32_t state, std::span<const std::byte> bytes)
{
#ifdef MODELVAULT_WITH_ISAL
    // Its length is an int, and its pointer not const although it only reads.
    constexpr std::size_t kMost = std::size_t{1} << 30;
    while (!bytes.empty()) {
        const auto piece = bytes.first(std::min(bytes.size(), kMost));
        auto *data = reinterpret_cast<unsigned char *>(const_cast<std::byte *>(piece.data()));
        state = crc32_iscsi(data, static_cast<int>(piece.size()), state);
        bytes = bytes.subspan(piece.size());
    }
    return state;
#else
#ifdef MODELVAULT_HAS_CRC32C_STEPS
    if (kHasInstruction)
        return extendInline(state, bytes);
#endif
    return extendByTable(state, bytes);
#endif
}

} // namespace crc32c_detail

std::string_view crc32cMethod()
{
#ifdef MODELVAULT_WITH_ISAL
#define MODELVAULT_TEXT_OF(number) #number
#define MODELVAULT_VERSION_OF(major, minor) MODELVAULT_TEXT_OF(major) "." MODELVAULT_TEXT_OF(minor)
#define MODELVAULT_ISAL "ISA-L " MODELVAULT_VERSION_OF(ISAL_MAJOR_VERSION, ISAL_MINOR_VERSION)
    return crc32c_detail::kHasInstruction ? MODELVAULT_ISAL ", CRC instruction" : MODELVAULT_ISAL;
#else
    return crc32c_detail::kHasInstruction ? "CRC instruction" : "table";
#endif
}

} // namespace modelvault
