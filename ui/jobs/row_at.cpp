#include "jobs/row_at.h"

#include "database/row_reader.h"

namespace modelvault::ui {

std::optional<RowPlace> rowAt(const Store &store, const std::shared_ptr<const Snapshot> &snapshot, Offset offset)
{
    if (!snapshot->rows || !snapshot->catalog)
        return std::nullopt;
    const LogReader log(store, snapshot->log.index);
    const auto segment = log.segmentAt(offset);
    if (!segment || !*segment || (*segment)->header.type != SegmentType::Record)
        return std::nullopt;
    const auto record = log.countBefore(SegmentType::Record, (*segment)->no);
    if (!record)
        return std::nullopt;
    const auto version = RowReader(store, snapshot).read({*record});
    if (!version)
        return std::nullopt;
    const auto &head = version->record.head;
    const auto key = keyBytes(head.key);
    const auto last = key ? snapshot->rows->last(head.collectionId, *key) : std::nullopt;
    return last ? std::optional(RowPlace{.collectionId = head.collectionId, .last = *last}) : std::nullopt;
}

} // namespace modelvault::ui
