#pragma once

#include "error.h"
#include "format/field.h"
#include "position.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace modelvault {

/// Names of a file may be megabytes long, and label a million values.
inline constexpr std::size_t kMostLabel = 512;

/// How many bytes of padding are not what they should be.
[[nodiscard]] inline std::uint64_t nonZeroBytes(std::span<const std::byte> padding)
{
    return padding.size() - static_cast<std::uint64_t>(std::ranges::count(padding, std::byte{0}));
}

/// Is told what a decoder reads, field by field, in the order of the file and without gaps. Readers carry a pointer to
/// one, null for those who only want the result.
class FieldTrace {
public:
    FieldTrace() = default;
    FieldTrace(const FieldTrace &) = delete;
    FieldTrace &operator=(const FieldTrace &) = delete;
    virtual ~FieldTrace() = default;

    virtual void field(const Field &field, Offset begin, Offset end, FieldValue value) = 0;
    /// Bytes that nobody looks at: reserved, zero fill.
    virtual void padding(const Field &field, Offset begin, Offset end, std::span<const std::byte> bytes) = 0;
    /// A field that wants more bytes than are there; nothing behind it is read.
    virtual void missing(const Field &field, Offset begin, std::uint64_t wanted, std::uint64_t there) = 0;
    /// A rule for the last field that is known only now.
    virtual void judge(const Rule &rule) = 0;

    /// Fields up to the matching close() belong together.
    virtual void open(std::string_view name) = 0;
    virtual void close() = 0;
    /// Of the innermost open group: which one of many it is, in words or names of the file. More than kMostLabel bytes
    /// need not come whole.
    virtual void label(std::string_view text) = 0;
    /// Of the innermost open group: what it says as a whole.
    virtual void value(FieldKind kind, FieldValue value) = 0;

    /// Why decoding stopped. The field at the error's offset is the one that is wrong.
    virtual void fault(const Error &error) = 0;
};

} // namespace modelvault
