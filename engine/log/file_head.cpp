#include "log/file_head.h"

#include "out_of_memory.h"

#include <algorithm>
#include <vector>

namespace modelvault {

FileHead decodeFileHead(std::span<const std::byte> bytes, std::uint64_t fileLength)
{
    const auto slot = [bytes](SuperblockSlot which) {
        const Offset at = Superblock::slotOffset(which);
        return Superblock::decode(bytes.subspan(std::min<std::size_t>(at.value, bytes.size())), at);
    };
    FileHead head;
    head.fileLength = fileLength;
    head.header = FileHeader::decode(bytes);
    head.superblocks = {slot(SuperblockSlot::A), slot(SuperblockSlot::B)};
    if (!head.header)
        head.foreign = foreignFormat(bytes);
    head.selected = selectSuperblock(head.superblocks);
    return head;
}

Result<FileHead> readFileHead(const Store &store)
{
    return store.length().and_then([&store](std::uint64_t length) { return readFileHead(store, length); });
}

Result<FileHead> readFileHead(const Store &store, std::uint64_t length)
try {
    std::vector<std::byte> bytes(static_cast<std::size_t>(std::min(length, kLogStart.value)));
    if (const auto read = store.readExactAt(Offset{0}, bytes); !read)
        return std::unexpected(read.error());

    return decodeFileHead(bytes, length);
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

std::vector<HeadSpan> headSpans(const FileHead &head)
{
    std::vector<HeadSpan> spans;
    const auto add = [&](Offset begin, std::uint64_t size, bool decodes) {
        if (begin.value < head.fileLength)
            spans.push_back({begin, {std::min(begin.value + size, head.fileLength)}, decodes});
    };
    add(Offset{0}, FileHeader::kSize, head.header.has_value());
    for (const auto slot : {SuperblockSlot::A, SuperblockSlot::B})
        add(Superblock::slotOffset(slot), Superblock::kSize,
            head.superblocks[static_cast<std::size_t>(slot)].has_value());
    return spans;
}

} // namespace modelvault
