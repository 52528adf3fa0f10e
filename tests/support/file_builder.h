#pragma once

#include "format/segment.h"
#include "log/log_writer.h"
#include "store/memory_store.h"

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace modelvault::test {

[[nodiscard]] std::span<const std::byte> bytesOf(std::string_view text);

/// Makes databases for tests, and breaks them. A verb that fails fails the test.
class FileBuilder {
public:
    explicit FileBuilder(std::uint16_t minor = FileHeader::kMinorHighest);
    /// From bytes that are there already, a corpus file's say; only the verbs that break things may follow.
    explicit FileBuilder(std::vector<std::byte> bytes);

    FileBuilder &append(SegmentType type, std::string_view payload = {});
    FileBuilder &append(SegmentType type, std::span<const std::byte> payload);
    /// A segment whose payload is longer than today's engine writes; nothing may be appended behind it.
    FileBuilder &appendOversized(SegmentType type, std::size_t payload);
    FileBuilder &begin(std::uint64_t id = 1);
    FileBuilder &commit(std::uint64_t id = 1);
    FileBuilder &abort(std::uint64_t id = 1);
    FileBuilder &publish(Offset checkpoint = {}, std::uint32_t checkpointLength = 0);
    /// A whole transaction with so many records of the given size.
    FileBuilder &transaction(int records = 1, std::size_t payload = 16, std::uint64_t id = 1);

    FileBuilder &appendRaw(std::string_view bytes);
    FileBuilder &appendZeros(std::size_t count);
    FileBuilder &flip(Offset at, std::uint8_t bits = 0x01);
    FileBuilder &overwrite(Offset at, std::span<const std::byte> bytes);
    /// Drops everything from `length` on.
    FileBuilder &cut(std::uint64_t length);
    /// Makes the checksums of the header, and of the payload if asked, those of the bytes that are there now.
    FileBuilder &repairChecksums(Offset segment, bool payloadToo = true);

    /// Where the segments appended so far begin, the first manifest included.
    [[nodiscard]] const std::vector<Offset> &offsets() const { return m_offsets; }
    [[nodiscard]] Offset last() const { return m_offsets.back(); }
    [[nodiscard]] std::uint64_t length();

    [[nodiscard]] std::vector<std::byte> bytes();
    [[nodiscard]] std::unique_ptr<MemoryStore> store();

private:
    MemoryStore &memory();
    void note(const Result<Offset> &appended);

    std::optional<LogWriter> m_writer;
    std::unique_ptr<MemoryStore> m_given;
    std::vector<Offset> m_offsets;
};

} // namespace modelvault::test
