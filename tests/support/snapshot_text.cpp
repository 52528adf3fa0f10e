#include "support/snapshot_text.h"

#include "database/row_index.h"
#include "log/segment_index.h"
#include "support/results.h"

#include <algorithm>
#include <format>

namespace modelvault::test {
namespace {

class Writer {
public:
    Writer(const Store &store, const Snapshot &snapshot, bool judgesOpen)
        : m_store(store),
          m_snapshot(snapshot),
          m_judgesOpen(judgesOpen)
    { }

    std::string run()
    {
        writeHead();
        writeLog();
        writePages();
        if (m_snapshot.catalog != nullptr)
            writeCatalog();
        if (m_snapshot.rows != nullptr)
            writeRows();
        line("findings of all {}", m_snapshot.findingCount() - withheld(m_snapshot.findings));
        write(m_snapshot.findings);
        return std::move(m_text);
    }

private:
    template <class... Parts>
    void line(std::format_string<Parts...> format, Parts &&...parts)
    {
        m_text += std::format(format, std::forward<Parts>(parts)...) + '\n';
    }

    static std::string text(const Error &error)
    {
        return std::format("{} at {} ({}, {})", errorName(error.code), error.offset.value, error.expected, error.found);
    }

    [[nodiscard]] bool isWithheld(const Finding &finding) const
    {
        const auto &open = m_snapshot.log.index->openTransaction();
        return !m_judgesOpen && open && finding.code == ErrorCode::UncleanLogTail && finding.offset == open->begin;
    }
    [[nodiscard]] std::uint64_t withheld(const std::vector<Finding> &findings) const
    {
        return static_cast<std::uint64_t>(
            std::ranges::count_if(findings, [this](const Finding &finding) { return isWithheld(finding); }));
    }

    void write(const std::vector<Finding> &findings)
    {
        for (const auto &finding : findings) {
            if (!isWithheld(finding))
                line("  {} {} {}+{} ({}, {}) x{}", severityName(finding.severity), errorName(finding.code),
                     finding.offset.value, finding.length, finding.expected, finding.found, finding.count);
        }
    }

    void writeHead()
    {
        const auto &head = m_snapshot.head;
        line("length {}", head.fileLength);
        line("header {}", head.header ? std::to_string(head.header->minor) : text(head.header.error()));
        for (const auto &slot : head.superblocks)
            line("superblock {}",
                 slot ? std::format("{} manifest {} checkpoint {}", slot->generation, slot->manifestOffset.value,
                                    slot->checkpointOffset.value)
                      : text(slot.error()));
        line("selected {}", head.selected ? static_cast<int>(*head.selected) : -1);
    }

    void write(const Transaction &it)
    {
        line("  transaction {} id {} segments {}-{} bytes {}-{} state {}", it.no.value, it.id, it.firstSegment.value,
             it.lastSegment.value, it.begin.value, it.end.value, static_cast<int>(it.state));
    }

    void writeLog()
    {
        const auto &log = m_snapshot.log;
        const auto &index = *log.index;
        line("log covered {} complete {} read to {}", log.covered.value, log.complete, log.readEnd().value);
        for (const auto &fault : {log.firstFault, log.firstWrongMarker})
            line("  fault {}", fault ? std::format("{} {}", fault->segment.value, text(fault->error)) : "none");
        line("index {}-{}", index.begin().value, index.end().value);
        for (std::size_t type = 0; type < kSegmentTypes; ++type)
            line("  type {} x{} {} B", type, index.count(typeAtIndex(type)), index.payloadBytes(typeAtIndex(type)));
        for (std::uint64_t i = 0; i < index.blockCount(); ++i) {
            const auto block = index.block(i);
            line("  block {} x{} {}-{} {} {} {}-{}", block.first.value, block.count, block.begin.value, block.end.value,
                 block.types.to_string(), block.hasDamagedPayloads, block.firstTransaction.value,
                 block.endTransaction.value);
        }
        const LogReader reader(m_store, log.index);
        const auto listed = reader.forEach({0}, [this](const Segment &segment) {
            line("  segment {} at {} type {} +{} crc {} damaged {} in {}", segment.no.value, segment.offset.value,
                 static_cast<int>(segment.header.type), segment.header.payloadLength, segment.header.payloadCrc,
                 segment.payloadDamaged, segment.transaction ? std::to_string(segment.transaction->value) : "-");
            return true;
        });
        line("segments {} {}", index.segmentCount(), outcome(listed));
        const auto transactions = reader.transactions({0}, index.transactionCount());
        line("transactions {} {}", index.transactionCount(), outcome(transactions));
        if (transactions)
            std::ranges::for_each(*transactions, [this](const Transaction &it) { write(it); });
        if (index.openTransaction())
            write(*index.openTransaction());
        line("findings of the log, {} dropped", log.findingsDropped);
        write(log.findings);
    }

    void writePages()
    {
        const auto &pages = *m_snapshot.log.pages;
        line("pages {}", pages.pageCount());
        for (std::uint64_t page = 0; page < pages.pageCount(); ++page) {
            std::string kinds;
            for (std::size_t kind = 0; kind < kContentKinds; ++kind)
                kinds += pages.holds({page}, static_cast<ContentKind>(kind)) ? '1' : '0';
            line("  page {} {} {}", page, static_cast<int>(pages.dominant({page})), kinds);
        }
        const auto tally = pages.tally({0}, {pages.pageCount()});
        for (std::size_t kind = 0; kind < kContentKinds; ++kind)
            line("  kind {} x{} {}", kind, tally.dominated[kind], tally.holds[kind]);
    }

    void writeCatalog()
    {
        const auto &catalog = *m_snapshot.catalog;
        for (const auto &change : catalog.changes()) {
            line("change in {} at {} of {} +{} kind {} collection {} version {} counts {} fault {}",
                 change.place.segment.value, change.place.payload.value,
                 change.place.transaction ? std::to_string(change.place.transaction->value) : "-", change.payloadLength,
                 static_cast<int>(change.kind), change.collectionId, change.schemaVersion, change.counts,
                 change.fault ? text(*change.fault) : "none");
            const auto *seen = catalog.collection(change.collectionId, change.place.transaction);
            line("  there {}",
                 seen != nullptr ? std::format("{} version {}", seen->name, seen->current().number) : "nothing");
        }
        for (const auto &[id, collection] : catalog.catalog().collections()) {
            line("collection {} {} key {}", id, collection.name, collection.primaryField);
            for (const auto &version : collection.versions)
                line("  version {} with {} fields at {}", version.number, version.fields.size(),
                     version.place.payload.value);
        }
    }

    void writeRows()
    {
        const auto &rows = *m_snapshot.rows;
        line("rows complete {} live {} keys {} earlier {}", rows.isComplete(), rows.liveCount(), rows.keyCount(),
             rows.earlierVersionCount());
        for (const auto &[id, collection] : rows.collections()) {
            if (collection.versions == 0)
                continue; // looked at, but none counted
            line("rows of {} versions {}", id, collection.versions);
            for (const auto *set : {&collection.live, &collection.deleted}) {
                std::uint64_t n = 0;
                set->forEach([&](RecordNo record) {
                    std::string history;
                    for (auto earlier = rows.earlier(record); earlier; earlier = rows.earlier(*earlier))
                        history += ' ' + std::to_string(earlier->value);
                    line("  {} {} n-th {} below {} before:{}", set == &collection.live ? "live" : "deleted",
                         record.value, set->at(n++).value, set->countBelow(record), history);
                });
            }
        }
        line("findings of rows, {} dropped", rows.findingsDropped());
        write(rows.findings());
    }

    const Store &m_store;
    const Snapshot &m_snapshot;
    const bool m_judgesOpen;
    std::string m_text;
};

} // namespace

std::string snapshotText(const Store &store, const Snapshot &snapshot, bool judgesOpen)
{
    return Writer(store, snapshot, judgesOpen).run();
}

std::string firstDifference(const std::string &left, const std::string &right)
{
    if (left == right)
        return {};
    const auto at = static_cast<std::size_t>(std::mismatch(left.begin(), left.end(), right.begin(), right.end()).first
                                             - left.begin());
    const auto begin = left.rfind('\n', at == 0 ? 0 : at - 1);
    const auto from = begin == std::string::npos ? 0 : begin + 1;
    const auto lineOf = [from](const std::string &text) { return text.substr(from, text.find('\n', from) - from); };
    return lineOf(left) + "\n  but\n" + lineOf(right);
}

} // namespace modelvault::test
