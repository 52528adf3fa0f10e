#include "log/payload_checker.h"

#include "format/crc32c.h"
#include "out_of_memory.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace modelvault {
namespace {

constexpr std::size_t kChunk = 512 * 1024; // fits a core's second-level cache: the checksum reads it from there
/// Made with the first payload a thread checks, kept for its others.
using Buffer = std::unique_ptr<std::byte[]>;

constexpr auto kPoll = std::chrono::milliseconds(10);

} // namespace

struct PayloadChecker::Shared {
    explicit Shared(const Store &from) : store(from) { }

    // Why a payload is bad; nothing if it is right. Cancelled when told to stop.
    std::optional<Error> check(const PayloadCheck &job, Buffer &buffer, const std::function<bool()> &keepGoing)
    {
        if (!buffer)
            buffer = std::make_unique_for_overwrite<std::byte[]>(kChunk);
        Crc32c crc;
        Offset at = job.payloadOffset();
        for (std::uint64_t left = job.header.payloadLength; left > 0;) {
            if (stop || (keepGoing && !keepGoing()))
                return Error{.code = ErrorCode::Cancelled, .offset = at};
            const std::span<std::byte> chunk(buffer.get(),
                                             static_cast<std::size_t>(std::min<std::uint64_t>(left, kChunk)));
            if (const auto read = store.readExactAt(at, chunk); !read) {
                pending -= left;
                return read.error();
            }
            crc.add(chunk);
            at += chunk.size();
            left -= chunk.size();
            pending -= chunk.size();
        }
        if (isRightCrc(job.header.payloadCrc, crc.value()))
            return std::nullopt;
        return Error{.code = ErrorCode::BadSegmentPayloadChecksum,
                     .offset = job.payloadOffset(),
                     .expected = crc.value(),
                     .found = job.header.payloadCrc};
    }

    // A lent thread: takes jobs until there will be no more.
    void work()
    {
        Buffer buffer;
        std::unique_lock lock(mutex);
        for (;;) {
            changed.wait(lock, [this] { return closed || !queue.empty(); });
            if (queue.empty())
                return;
            const PayloadCheck job = queue.front();
            queue.pop_front();
            ++running;
            lock.unlock();
            const auto error = checkLent(job, buffer);
            lock.lock();
            if (error)
                note(job, *error);
            --running;
            changed.notify_all();
        }
    }

    /// Nobody catches anything on a thread that is lent.
    std::optional<Error> checkLent(const PayloadCheck &job, Buffer &buffer)
    try {
        return check(job, buffer, {});
    } catch (const std::bad_alloc &) {
        return outOfMemory().error();
    }

    /// With the mutex held. What there is no memory for is no fault of the payload: the whole job ends with it.
    void note(const PayloadCheck &job, const Error &error)
    try {
        if (error.code == ErrorCode::OutOfMemory)
            isOutOfMemory = true;
        else
            faults.push_back({job, error});
    } catch (const std::bad_alloc &) {
        isOutOfMemory = true;
    }

    /// Lent threads end with the job they are at.
    void close()
    {
        stop = true;
        const std::scoped_lock lock(mutex);
        closed = true;
        queue.clear();
        changed.notify_all();
    }

    // Only used while a job runs; the checker outlives those.
    const Store &store;
    std::atomic<bool> stop = false;
    std::atomic<std::uint64_t> pending = 0;

    std::mutex mutex; // guards all that follows
    std::condition_variable changed;
    std::deque<PayloadCheck> queue;
    std::vector<PayloadFault> faults;
    unsigned running = 0;
    bool closed = false;
    bool isOutOfMemory = false;
};

PayloadChecker::PayloadChecker(const Store &store, RunTask run, unsigned lent, std::function<bool()> keepGoing)
    : m_shared(std::make_shared<Shared>(store.uncached())),
      m_keepGoing(std::move(keepGoing)),
      m_queueLimit(run ? std::size_t{lent} * 2 : 0)
{
    try {
        for (unsigned i = 0; run && i < lent; ++i)
            run([shared = m_shared] { shared->work(); });
    } catch (...) {
        m_shared->close(); // those that run already would wait for ever
        throw;
    }
}

PayloadChecker::~PayloadChecker()
{
    m_shared->close();
    std::unique_lock lock(m_shared->mutex);
    m_shared->changed.wait(lock, [this] { return m_shared->running == 0; });
}

Result<void> PayloadChecker::add(const PayloadCheck &check)
{
    m_shared->pending += check.header.payloadLength;
    bool full = false;
    {
        const std::scoped_lock lock(m_shared->mutex);
        m_shared->queue.push_back(check);
        full = m_shared->queue.size() > m_queueLimit;
    }
    m_shared->changed.notify_one();
    return full ? checkOneHere() : Result<void>();
}

Result<void> PayloadChecker::checkOneHere()
{
    std::unique_lock lock(m_shared->mutex);
    if (m_shared->queue.empty())
        return {};
    const PayloadCheck job = m_shared->queue.front();
    m_shared->queue.pop_front();
    lock.unlock();
    const auto error = m_shared->check(job, m_buffer, m_keepGoing);
    if (!error)
        return {};
    if (error->code == ErrorCode::Cancelled)
        return std::unexpected(*error);
    lock.lock();
    m_shared->note(job, *error);
    return {};
}

Result<void> PayloadChecker::drain()
{
    for (;;) {
        std::unique_lock lock(m_shared->mutex);
        if (m_shared->queue.empty()) {
            if (m_shared->changed.wait_for(lock, kPoll, [this] { return m_shared->running == 0; }))
                return m_shared->isOutOfMemory ? Result<void>(outOfMemory()) : Result<void>();
            lock.unlock();
            if (m_keepGoing && !m_keepGoing())
                return failure(ErrorCode::Cancelled);
            continue;
        }
        lock.unlock();
        if (const auto done = checkOneHere(); !done)
            return done;
    }
}

std::vector<PayloadFault> PayloadChecker::takeFaults()
{
    const std::scoped_lock lock(m_shared->mutex);
    return std::exchange(m_shared->faults, {});
}

std::uint64_t PayloadChecker::pendingBytes() const
{
    return m_shared->pending;
}

} // namespace modelvault
