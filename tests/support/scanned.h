#pragma once

#include "database/replay.h"
#include "database/row_index.h"
#include "database/snapshot.h"
#include "log/segment_index.h"
#include "store/memory_store.h"

#include <memory>
#include <utility>
#include <vector>

namespace modelvault::test {

/// A database in memory, scanned, with its catalog.
struct Scanned {
    explicit Scanned(std::vector<std::byte> bytes)
        : store(std::make_unique<MemoryStore>(std::move(bytes))),
          snapshot(scan(*store))
    { }

    [[nodiscard]] LogReader log() const { return {*store, snapshot->log.index}; }
    [[nodiscard]] const CatalogHistory &catalog() const { return *snapshot->catalog; }
    [[nodiscard]] std::vector<Segment> segments() const
    {
        return log().segments({0}, snapshot->log.index->segmentCount()).value();
    }
    [[nodiscard]] std::span<const std::byte> payload(const Segment &segment) const
    {
        return store->view().subspan(segment.payloadOffset().value, segment.header.payloadLength);
    }

    std::unique_ptr<MemoryStore> store;
    std::shared_ptr<const Snapshot> snapshot;

private:
    static std::shared_ptr<const Snapshot> scan(const Store &store)
    {
        const auto head = readFileHead(store).value();
        auto log = scanLog(store, head.fileLength, {.framed = head.hasTransactions()}).value();
        auto catalog = CatalogHistory::read(store, log, head.hasTransactions()).value();
        const auto start = findReplayStart(store, head, log.readEnd()).value();
        auto rows = indexRows(store, log, catalog, head.hasTransactions(), start.source.from).value();
        return makeSnapshot({}, head, std::move(log), std::move(catalog), std::move(rows));
    }
};

} // namespace modelvault::test
