#include "jobs/range_checksum.h"

#include "format/crc32c.h"
#include "jobs/pools.h"

#include <QPromise>
#include <QtConcurrentRun>

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace modelvault::ui {
namespace {

constexpr std::uint64_t kChunk = 1024 * 1024;

void compute(QPromise<Result<std::uint32_t>> &promise, const Store &store, Offset begin, Offset end)
{
    promise.setProgressRange(0, kChecksumSteps);
    std::vector<std::byte> chunk(static_cast<std::size_t>(std::min(kChunk, end - begin)));
    Crc32c crc;
    for (auto at = begin; at < end;) {
        if (promise.isCanceled())
            return;
        const auto part = std::span(chunk).first(static_cast<std::size_t>(std::min(kChunk, end - at)));
        if (const auto read = store.readExactAt(at, part); !read) {
            promise.addResult(std::unexpected(read.error()));
            return;
        }
        crc.add(part);
        at += part.size();
        const auto share = static_cast<double>(at - begin) / static_cast<double>(end - begin);
        promise.setProgressValue(static_cast<int>(share * kChecksumSteps));
    }
    promise.addResult(crc.value());
}

} // namespace

QFuture<Result<std::uint32_t>> rangeChecksum(std::shared_ptr<const Store> store, Offset begin, Offset end)
{
    return QtConcurrent::run(&filePool(),
                             [store = std::move(store), begin, end](QPromise<Result<std::uint32_t>> &promise) {
                                 compute(promise, store->uncached(), begin, end);
                             });
}

} // namespace modelvault::ui
