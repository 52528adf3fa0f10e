#pragma once

#include "database/snapshot.h"
#include "log/file_head.h"
#include "log/log_scanner.h"
#include "models/finding_marks.h"
#include "support/corpus.h"
#include "support/file_builder.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

// Snapshots of made-up databases, for tests of what shows them.

namespace modelvault::test {

/// None: header and superblocks are known, the log is not scanned yet.
enum class Scan : std::uint8_t { Whole, None };

/// Of the first `length` bytes, as if there were no more.
[[nodiscard]] inline std::shared_ptr<const Snapshot> snapshotOf(const Store &store, std::uint64_t length,
                                                                Scan scan = Scan::Whole)
{
    auto head = readFileHead(store).value();
    head.fileLength = length;
    auto log =
        scan == Scan::None ? emptyLogScan(length) : scanLog(store, length, {.framed = head.hasTransactions()}).value();
    return makeSnapshot({}, head, std::move(log));
}

[[nodiscard]] inline std::shared_ptr<const Snapshot> snapshotOf(const Store &store)
{
    return snapshotOf(store, store.length().value());
}

/// A file in memory and all that a scan finds in it.
struct ScannedFile {
    explicit ScannedFile(FileBuilder &file) : store(file.store()), snapshot(snapshotOf(*store)) { }
    explicit ScannedFile(std::vector<std::byte> bytes)
        : store(std::make_shared<MemoryStore>(std::move(bytes))),
          snapshot(snapshotOf(*store))
    { }

    std::shared_ptr<const Store> store;
    std::shared_ptr<const Snapshot> snapshot;
};

/// As a check would hand them to views.
[[nodiscard]] inline std::shared_ptr<const ui::FindingMarks> marksOf(const std::vector<Finding> &findings)
{
    auto report = std::make_shared<CheckReport>();
    for (const auto &finding : findings)
        report->findings.push_back({.what = finding});
    return std::make_shared<const ui::FindingMarks>(std::move(report));
}

/// Of the corpus, with its catalog.
[[nodiscard]] inline ScannedFile explainedFile(const std::string &name)
{
    ScannedFile file(corpusFile(name).bytes());
    const auto &head = file.snapshot->head;
    const auto &log = file.snapshot->log;
    file.snapshot = makeSnapshot({}, head, log, CatalogHistory::read(*file.store, log, head.hasTransactions()).value());
    return file;
}

} // namespace modelvault::test
