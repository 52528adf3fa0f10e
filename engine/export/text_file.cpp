#include "export/text_file.h"

#include "store/transfer.h"

#include <span>

namespace modelvault {

Result<void> TextFile::flush()
{
    const auto bytes = std::as_bytes(std::span(m_text));
    const auto moved = transfer(m_end, bytes, [this](Offset at, auto part) { return m_file.writeSome(at, part); });
    if (!moved)
        return std::unexpected(moved.error());
    if (*moved < bytes.size())
        return failure(ErrorCode::Io, m_end, bytes.size(), *moved);
    m_end += bytes.size();
    m_text.clear();
    return {};
}

} // namespace modelvault
