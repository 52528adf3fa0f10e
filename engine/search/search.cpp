#include "search/search.h"

#include "out_of_memory.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <vector>

namespace modelvault {
namespace {

constexpr std::uint64_t kBackStep = 1024 * 1024;
constexpr std::size_t kHitsAtOnce = 4096;
constexpr unsigned kHitsBetweenQuestions = 256;

constexpr Offset roundedUp(Offset at, std::uint64_t unit)
{
    return {(at.value / unit + 1) * unit};
}

/// A part of the file in memory, moved along it; what is there already is not read again.
class Window {
public:
    explicit Window(const Store &store) : m_store(store.uncached()) { }

    [[nodiscard]] Result<void> load(Offset begin, Offset end);
    [[nodiscard]] Offset begin() const { return m_begin; }
    [[nodiscard]] std::span<const std::byte> bytes() const { return std::span(m_bytes).first(m_size); }

private:
    const Store &m_store;
    std::vector<std::byte> m_bytes;
    std::size_t m_size = 0;
    Offset m_begin;
};

Result<void> Window::load(Offset begin, Offset end)
{
    std::size_t kept = 0;
    if (m_begin <= begin && begin < m_begin + m_size) {
        const auto dropped = static_cast<std::size_t>(begin - m_begin);
        kept = m_size - dropped;
        std::memmove(m_bytes.data(), m_bytes.data() + dropped, kept);
    }
    m_begin = begin;
    m_size = kept;
    const auto wanted = static_cast<std::size_t>(end - begin);
    if (wanted <= kept)
        return {};
    if (m_bytes.size() < wanted)
        m_bytes.resize(wanted);
    if (const auto read = m_store.readExactAt(begin + kept, std::span(m_bytes).subspan(kept, wanted - kept)); !read)
        return read;
    m_size = wanted;
    return {};
}

class Search {
public:
    Search(const Store &store, std::uint64_t fileLength, SearchRange range, const SearchPattern &pattern,
           std::uint64_t chunk)
        : m_range(range),
          m_fileEnd{fileLength},
          m_pattern(pattern),
          m_chunk(std::max<std::uint64_t>(chunk, 1)),
          m_window(store),
          m_known(pattern.needles().size())
    { }

    /// Finds hits that begin in [from, to). `take` gets each, `step` is asked now and then with the place reached;
    /// false of `take` ends the search, false of `step` fails with Cancelled.
    template <class Take, class Step>
    [[nodiscard]] Result<void> run(Offset from, Offset to, const Take &take, const Step &step);

private:
    /// What is known of a needle: none begins before `at`; one does at it, or `at` was not looked at yet.
    struct Known {
        Offset at;
        bool isHit = false;
    };

    [[nodiscard]] Offset reach(Offset startsEnd) const;
    [[nodiscard]] Offset viewEnd(Offset startsEnd) const;
    [[nodiscard]] std::optional<Hit> find(Offset from, Offset to);
    [[nodiscard]] std::optional<Hit> findNeedle(Offset from, Offset to);
    [[nodiscard]] std::optional<Hit> findRegex(Offset from, Offset to);

    const SearchRange m_range;
    const Offset m_fileEnd;
    const SearchPattern &m_pattern;
    const std::uint64_t m_chunk;
    Window m_window;
    std::vector<Known> m_known;
    Offset m_view; // where hits that begin in this step may end
};

/// How far hits that begin before `startsEnd` may go.
Offset Search::reach(Offset startsEnd) const
{
    if (m_pattern.compiledRegex() == nullptr)
        return std::min(m_range.end, startsEnd + (m_pattern.longestNeedle() - 1));
    return std::min(m_range.end, roundedUp({startsEnd.value - 1}, kRegexBlock) + kSureRegexHit);
}

/// As reach(), less what cannot matter.
Offset Search::viewEnd(Offset startsEnd) const
{
    const auto end = reach(startsEnd);
    if (!m_pattern.isWithinLines() || end <= startsEnd)
        return end;
    // The line that the last start may lie in ends the view.
    const auto *begin = m_window.bytes().data() + (startsEnd - m_window.begin());
    const auto *feed =
        static_cast<const std::byte *>(std::memchr(begin, '\n', static_cast<std::size_t>(end - startsEnd)));
    return feed == nullptr ? end : startsEnd + static_cast<std::uint64_t>(feed - begin);
}

template <class Take, class Step>
Result<void> Search::run(Offset from, Offset to, const Take &take, const Step &step)
{
    std::ranges::fill(m_known, Known{from});
    const bool isRegex = m_pattern.compiledRegex() != nullptr;
    for (Offset at = from; at < to;) {
        const auto chunkEnd = std::min(to, roundedUp(at, m_chunk));
        // With a byte of context on either side.
        const Offset begin{at.value - (at.value > 0 ? 1 : 0)};
        if (const auto loaded = m_window.load(begin, std::max(chunkEnd, std::min(m_fileEnd, reach(chunkEnd) + 1)));
            !loaded)
            return loaded;
        while (at < chunkEnd) {
            if (!step(at))
                return failure(ErrorCode::Cancelled, at);
            const auto stepEnd = isRegex ? std::min(chunkEnd, roundedUp(at, kRegexBlock)) : chunkEnd;
            m_view = viewEnd(stepEnd);
            for (unsigned hits = 0; at < stepEnd; ++hits) {
                if (hits == kHitsBetweenQuestions)
                    break;
                const auto hit = find(at, stepEnd);
                if (!hit) {
                    at = stepEnd;
                } else if (hit->length == 0) {
                    at = hit->offset + 1;
                } else {
                    if (!take(*hit))
                        return {};
                    at = hit->end();
                }
            }
        }
    }
    return {};
}

std::optional<Hit> Search::find(Offset from, Offset to)
{
    return m_pattern.compiledRegex() != nullptr ? findRegex(from, to) : findNeedle(from, to);
}

std::optional<Hit> Search::findNeedle(Offset from, Offset to)
{
    std::optional<Hit> first;
    const auto text = m_window.bytes().first(static_cast<std::size_t>(m_view - m_window.begin()));
    for (std::size_t i = 0; i < m_known.size(); ++i) {
        const auto &needle = m_pattern.needles()[i];
        auto &known = m_known[i];
        const auto end = first ? first->offset : to;
        if (known.at < from)
            known = {from};
        if (!known.isHit && known.at < end) {
            const auto at = needle.find(text, static_cast<std::size_t>(known.at - m_window.begin()),
                                        static_cast<std::size_t>(end - m_window.begin()));
            known = at ? Known{m_window.begin() + *at, true} : Known{end};
        }
        if (known.isHit && known.at < end)
            first = {known.at, static_cast<std::uint32_t>(needle.size())};
    }
    return first;
}

std::optional<Hit> Search::findRegex(Offset from, Offset to)
{
    const auto bytes = m_window.bytes();
    const absl::string_view text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
    absl::string_view found;
    if (!m_pattern.compiledRegex()->Match(text, static_cast<std::size_t>(from - m_window.begin()),
                                          static_cast<std::size_t>(m_view - m_window.begin()), RE2::UNANCHORED, &found,
                                          1))
        return std::nullopt;
    const Offset at = m_window.begin() + static_cast<std::uint64_t>(found.data() - text.data());
    return at < to ? std::optional(Hit{at, static_cast<std::uint32_t>(found.size())}) : std::nullopt;
}

} // namespace

Result<std::uint64_t> findAll(const Store &store, SearchRange range, const SearchPattern &pattern,
                              const HitsFound &found, const Progress &progress, const SearchOptions &options)
try {
    const auto length = store.length();
    if (!length)
        return std::unexpected(length.error());
    const auto total = range.end - std::min(range.begin, range.end);
    std::uint64_t count = 0;
    std::vector<Hit> batch;
    const auto flush = [&] {
        if (!batch.empty() && found)
            found(batch);
        batch.clear();
    };
    Search search(store, *length, range, pattern, options.chunk);
    const auto done = search.run(
        range.begin, range.end,
        [&](const Hit &hit) {
            ++count;
            batch.push_back(hit);
            if (batch.size() == kHitsAtOnce)
                flush();
            return true;
        },
        [&](Offset reached) {
            flush();
            return !progress || progress(reached - range.begin, total);
        });
    flush();
    if (!done)
        return std::unexpected(done.error());
    if (progress)
        progress(total, total);
    return count;
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

Result<std::optional<Hit>> findNext(const Store &store, SearchRange range, const SearchPattern &pattern, Offset from,
                                    const Progress &progress)
try {
    const auto length = store.length();
    if (!length)
        return std::unexpected(length.error());
    from = std::clamp(from, range.begin, std::max(range.begin, range.end));
    const auto total = range.end - std::min(from, range.end);
    std::optional<Hit> next;
    Search search(store, *length, range, pattern, SearchOptions{}.chunk);
    const auto done = search.run(
        from, range.end,
        [&](const Hit &hit) {
            next = hit;
            return false;
        },
        [&](Offset reached) { return !progress || progress(reached - from, total); });
    if (!done)
        return std::unexpected(done.error());
    return next;
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

Result<std::optional<Hit>> findPrevious(const Store &store, SearchRange range, const SearchPattern &pattern,
                                        Offset before, const Progress &progress)
try {
    const auto length = store.length();
    if (!length)
        return std::unexpected(length.error());
    before = std::clamp(before, range.begin, std::max(range.begin, range.end));
    const auto total = before - range.begin;
    Search search(store, *length, range, pattern, SearchOptions{}.chunk);
    for (Offset end = before; end > range.begin;) {
        const Offset begin = std::max(range.begin, Offset{(end.value - 1) / kBackStep * kBackStep});
        const Offset from{std::max(range.begin.value, begin.value - std::min(begin.value, kSureRegexHit))};
        std::optional<Hit> last;
        const auto done = search.run(
            from, end,
            [&](const Hit &hit) {
                if (hit.offset >= begin)
                    last = hit;
                return true;
            },
            [&](Offset) { return !progress || progress(before - end, total); });
        if (!done)
            return std::unexpected(done.error());
        if (last)
            return last;
        end = begin;
    }
    return std::nullopt;
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

} // namespace modelvault
