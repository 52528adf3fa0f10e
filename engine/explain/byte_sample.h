#pragma once

#include "database/snapshot.h"
#include "database/space_use.h"
#include "error.h"
#include "explain/explainer.h"
#include "explain/field_tree.h"
#include "position.h"
#include "store/store.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace modelvault {

/// What the bytes of a field are, whatever structure it belongs to.
enum class ByteClass : std::uint8_t {
    Framing, ///< magics, versions, lengths, counts, offsets: what holds the rest together
    Checksum,
    Number, ///< with booleans, floats and times
    Text,
    Bytes, ///< and UUIDs
    Padding,
    Unexplained,
};
inline constexpr std::size_t kByteClasses = 7;

/// Of a leaf of a tree of fields.
[[nodiscard]] ByteClass byteClass(const FieldNode &leaf);

/// What some bytes of a file look like.
struct ByteSample {
    std::array<std::uint64_t, kByteClasses> classes{}; ///< bytes of each
    SpaceUse::Bytes uses{};                            ///< bytes of each liveness; 0 while rows are not known
    /// Shannon's, in bits a byte: 0 where all are the same, 8 for noise. Of few bytes no more than log2 of their number.
    double entropy = 0;

    [[nodiscard]] std::uint64_t bytes() const;
    /// Of most of the bytes; the first of those that are level.
    [[nodiscard]] ByteClass mostly() const;
    /// What most of the bytes are good for, of equals the first; none while rows are not known.
    [[nodiscard]] std::optional<Liveness> mostlyFor() const;

    bool operator==(const ByteSample &) const = default;
};

/// In bits a byte; 0 for none.
[[nodiscard]] double entropyOf(std::span<const std::byte> bytes);

/// Bytes [begin, end) of a file.
struct ByteStretch {
    Offset begin;
    Offset end;

    [[nodiscard]] std::uint64_t length() const { return end - begin; }
    bool operator==(const ByteStretch &) const = default;
};

/// Says what stretches of a file look like. Borrows the store; one thread at a time.
class ByteSampler {
public:
    ByteSampler(const Store &store, std::shared_ptr<const Snapshot> snapshot);

    /// One for each of some stretches that follow each other without a gap, within the file. Reads them at once: a few
    /// hundred KiB in all, no more. The errors of the store, of Explainer::forEach() and of LogReader.
    [[nodiscard]] Result<std::vector<ByteSample>> sample(std::span<const ByteStretch> stretches);

private:
    const Store &m_store;
    const Explainer m_explainer;
    std::optional<SpaceReader> m_space; // once rows are known
};

} // namespace modelvault
