#include "models/byte_samples.h"

#include <QPromise>
#include <QtConcurrentRun>

#include <algorithm>
#include <chrono>
#include <span>
#include <utility>

namespace modelvault::ui {
namespace {

// Stretches that follow each other are read at once, up to so many bytes.
constexpr std::uint64_t kMostAtOnce = 64 * 1024;

using Clock = std::chrono::steady_clock;
// Each time, maps are painted anew.
constexpr auto kTellInterval = std::chrono::milliseconds(50);

/// The part of a stretch that stands for it.
ByteStretch read(const ByteStretch &stretch)
{
    if (stretch.length() <= ByteSamples::kMostBytes)
        return stretch;
    const auto page = (stretch.begin.value + stretch.length() / 2) / ByteSamples::kMostBytes;
    const Offset begin{std::max(page * ByteSamples::kMostBytes, stretch.begin.value)};
    return {begin, std::min(begin + ByteSamples::kMostBytes, stretch.end)};
}

/// How many of the stretches, from the first on, are read at once.
std::size_t runLength(std::span<const ByteStretch> stretches)
{
    std::size_t count = 1;
    while (count < stretches.size() && stretches[count].begin == stretches[count - 1].end
           && stretches[count].end - stretches.front().begin <= kMostAtOnce)
        ++count;
    return count;
}

} // namespace

ByteSamples::ByteSamples(QObject *parent) : QObject(parent)
{
    connect(&m_sampling, &QFutureWatcherBase::resultsReadyAt, this, &ByteSamples::take);
    connect(&m_sampling, &QFutureWatcherBase::finished, this, [this] { m_isSampling = false; });
}

ByteSamples::~ByteSamples()
{
    m_sampling.cancel();
}

void ByteSamples::setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot)
{
    m_sampling.cancel();
    m_sampling.setFuture(QFuture<Sampled>());
    m_isSampling = false;
    m_store = std::move(store);
    m_snapshot = std::move(snapshot);
    m_known.clear();
}

void ByteSamples::want(std::vector<ByteStretch> stretches)
{
    m_sampling.cancel();
    m_sampling.setFuture(QFuture<Sampled>());
    m_isSampling = false;
    if (m_known.size() > kMostKept)
        m_known.clear();
    std::ranges::transform(stretches, stretches.begin(), [this](const ByteStretch &stretch) { return clipped(stretch); });
    std::erase_if(stretches, [this](const ByteStretch &stretch) {
        return stretch.begin >= stretch.end || m_known.contains({stretch.begin.value, stretch.end.value});
    });
    if (!m_store || stretches.empty())
        return;
    m_isSampling = true;
    const auto job = [store = m_store, snapshot = m_snapshot,
                      stretches = std::move(stretches)](QPromise<Sampled> &promise) {
        ByteSampler sampler(*store, snapshot);
        std::vector<ByteStretch> parts(stretches.size());
        std::ranges::transform(stretches, parts.begin(), read);
        Sampled sampled;
        auto nextTold = Clock::now();
        for (std::size_t at = 0; at < parts.size() && !promise.isCanceled();) {
            const auto run = std::span(parts).subspan(at, runLength(std::span(parts).subspan(at)));
            const auto samples = sampler.sample(run);
            for (std::size_t i = 0; i < run.size(); ++i)
                sampled.emplace_back(stretches[at + i], samples ? std::optional((*samples)[i]) : std::nullopt);
            at += run.size();
            if (at == parts.size() || Clock::now() >= nextTold) {
                promise.addResult(std::exchange(sampled, {}));
                nextTold = Clock::now() + kTellInterval;
            }
        }
    };
    m_sampling.setFuture(QtConcurrent::run(job));
}

void ByteSamples::take(int begin, int end)
{
    for (int i = begin; i < end; ++i) {
        for (const auto &[stretch, sample] : m_sampling.resultAt(i))
            m_known.insert({stretch.begin.value, stretch.end.value}, sample);
    }
    Q_EMIT changed();
}

std::optional<ByteSample> ByteSamples::sample(const ByteStretch &stretch) const
{
    const auto known = clipped(stretch);
    return m_known.value({known.begin.value, known.end.value});
}

ByteStretch ByteSamples::clipped(const ByteStretch &stretch) const
{
    const Offset end{m_snapshot ? m_snapshot->fileLength() : 0};
    return {std::min(stretch.begin, end), std::min(stretch.end, end)};
}

} // namespace modelvault::ui
