#include "fuzz/packed_file.h"

#include "format/crc32c.h"
#include "format/segment.h"
#include "format/superblock.h"
#include "format/transaction_marker.h"

#include <algorithm>
#include <cstring>
#include <random>
#include <string_view>

namespace modelvault::fuzz {
namespace {

using Bytes = std::vector<std::byte>;

constexpr std::size_t kLengthAt = 12; // in a segment header
constexpr std::size_t kPayloadCrcAt = 20;

template <class T>
T load(std::span<const std::byte> bytes, std::size_t at)
{
    T value;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

template <class T>
void store(std::span<std::byte> bytes, std::size_t at, T value)
{
    std::memcpy(bytes.data() + at, &value, sizeof value);
}

void repairSlot(std::span<std::byte> slot)
{
    const std::size_t covered = load<std::uint16_t>(slot, 4) == 0 ? 32 : 48;
    store(slot, covered, crc32c(slot.first(covered)));
}

void repairHeader(std::span<std::byte> header)
{
    store(header, SegmentHeader::kChecksumAt, crc32c(header.first(SegmentHeader::kChecksumAt)));
}

void repairSegment(std::span<std::byte> segment)
{
    const auto payload = segment.subspan(SegmentHeader::kSize);
    const auto type = load<std::uint16_t>(segment, 6);
    if (isTransactionMarker(static_cast<SegmentType>(type)) && payload.size() == TransactionMarker::kSize)
        store(payload, TransactionMarker::kChecksumAt, crc32c(payload.first(TransactionMarker::kChecksumAt)));
    store(segment, kPayloadCrcAt, crc32c(payload));
    repairHeader(segment.first(SegmentHeader::kSize));
}

std::size_t findMagic(std::span<const std::byte> bytes, std::size_t from)
{
    const std::string_view text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
    return std::min(text.find("TSG0", from), bytes.size());
}

} // namespace

Bytes packed(std::span<const std::byte> file)
{
    if (file.size() < kLogStart.value)
        return {file.begin(), file.begin() + static_cast<std::ptrdiff_t>(std::min(file.size(), kPackedHead))};
    Bytes input(file.begin(), file.begin() + FileHeader::kSize);
    for (const auto slot : {SuperblockSlot::A, SuperblockSlot::B}) {
        const auto used = file.subspan(Superblock::slotOffset(slot).value, kPackedSlot);
        input.insert(input.end(), used.begin(), used.end());
    }
    const auto log = file.subspan(kLogStart.value);
    input.insert(input.end(), log.begin(), log.end());
    return input;
}

Bytes unpacked(std::span<const std::byte> input)
{
    if (input.size() < kPackedHead)
        return {input.begin(), input.end()};
    Bytes file(kLogStart.value + input.size() - kPackedHead);
    std::ranges::copy(input.first(FileHeader::kSize), file.begin());
    for (const auto slot : {SuperblockSlot::A, SuperblockSlot::B})
        std::ranges::copy(input.subspan(FileHeader::kSize + static_cast<std::size_t>(slot) * kPackedSlot, kPackedSlot),
                          file.begin() + static_cast<std::ptrdiff_t>(Superblock::slotOffset(slot).value));
    std::ranges::copy(input.subspan(kPackedHead), file.begin() + static_cast<std::ptrdiff_t>(kLogStart.value));
    return file;
}

std::vector<PackedSegment> segmentsOf(std::span<const std::byte> input)
{
    std::vector<PackedSegment> segments;
    std::size_t at = kPackedHead;
    while (at < input.size() && input.size() - at >= SegmentHeader::kSize) {
        const auto length = load<std::uint64_t>(input, at + kLengthAt);
        if (load<std::uint32_t>(input, at) == SegmentHeader::kMagic
            && length <= input.size() - at - SegmentHeader::kSize) {
            segments.push_back({at, at + SegmentHeader::kSize + static_cast<std::size_t>(length)});
            at = segments.back().end;
        } else {
            at = findMagic(input, at + 1);
        }
    }
    return segments;
}

void repairChecksums(Bytes &input)
{
    const std::span<std::byte> all = input;
    for (std::size_t i = 0; i < 2 && input.size() >= kPackedHead; ++i)
        repairSlot(all.subspan(FileHeader::kSize + i * kPackedSlot, kPackedSlot));
    for (auto at = std::min(kPackedHead, input.size()); input.size() - at >= SegmentHeader::kSize;) {
        const auto length = load<std::uint64_t>(input, at + kLengthAt);
        const bool isSegment = load<std::uint32_t>(input, at) == SegmentHeader::kMagic;
        if (isSegment && length <= input.size() - at - SegmentHeader::kSize) {
            const auto size = SegmentHeader::kSize + static_cast<std::size_t>(length);
            repairSegment(all.subspan(at, size));
            at += size;
            continue;
        }
        if (isSegment)
            repairHeader(all.subspan(at, SegmentHeader::kSize));
        at = findMagic(input, at + 1);
    }
}

void mutate(Bytes &input, std::size_t most, std::uint32_t seed, const Mutate &mutateBytes, bool repairs)
{
    std::minstd_rand random(seed);
    const auto below = [&random](std::size_t end) {
        return std::uniform_int_distribution<std::size_t>(0, end - 1)(random);
    };
    const auto at = [&input](std::size_t place) { return input.begin() + static_cast<std::ptrdiff_t>(place); };
    const auto segments = segmentsOf(input);
    const auto how = below(8);
    if (segments.empty() || how == 0) {
        const auto size = input.size();
        input.resize(most);
        input.resize(mutateBytes(input.data(), size, most));
    } else if (how < 6) {
        const auto [begin, end] = segments[below(segments.size())];
        const auto payload = begin + SegmentHeader::kSize;
        const auto size = end - payload;
        const auto room = most - std::min(most, input.size()) + size;
        Bytes bytes(at(payload), at(end));
        bytes.resize(room);
        if (room > 0)
            bytes.resize(mutateBytes(bytes.data(), size, room));
        store<std::uint64_t>(input, begin + kLengthAt, bytes.size());
        input.erase(at(payload), at(end));
        input.insert(at(payload), bytes.begin(), bytes.end());
    } else if (how == 6) {
        const auto [begin, end] = segments[below(segments.size())];
        input.erase(at(begin), at(end));
    } else {
        const auto [begin, end] = segments[below(segments.size())];
        const Bytes copy(at(begin), at(end));
        if (input.size() + copy.size() <= most)
            input.insert(at(segments[below(segments.size())].begin), copy.begin(), copy.end());
    }
    if (repairs)
        repairChecksums(input);
}

} // namespace modelvault::fuzz
