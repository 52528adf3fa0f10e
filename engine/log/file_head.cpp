#include "log/file_head.h"

#include <algorithm>
#include <vector>

namespace modelvault {

Result<FileHead> readFileHead(const Store &store)
{
    const auto length = store.length();
    if (!length)
        return std::unexpected(length.error());
    std::vector<std::byte> bytes(static_cast<std::size_t>(std::min(*length, kLogStart.value)));
    if (const auto read = store.readExactAt(Offset{0}, bytes); !read)
        return std::unexpected(read.error());

    const std::span<const std::byte> all = bytes;
    const auto slot = [all](SuperblockSlot which) {
        const Offset at = Superblock::slotOffset(which);
        return Superblock::decode(all.subspan(std::min<std::size_t>(at.value, all.size())), at);
    };
    FileHead head;
    head.fileLength = *length;
    head.header = FileHeader::decode(all);
    head.superblocks = {slot(SuperblockSlot::A), slot(SuperblockSlot::B)};
    if (!head.header)
        head.foreign = foreignFormat(all);
    head.selected = selectSuperblock(head.superblocks);
    return head;
}

} // namespace modelvault
