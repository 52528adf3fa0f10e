#include "tail.h"

#include "segment_lines.h"
#include "stop_on_signal.h"
#include "words.h"

#include "database/follower.h"
#include "printable.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

namespace modelvault::inspect {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kBusy(100); // from one look to the next, while there is something new
constexpr milliseconds kIdle(1000);
/// A file that is replaced may have no name for a moment: that is nothing to tell.
constexpr milliseconds kGoneFor(1000);

bool isStopped()
{
    return !StopOnSignal::progress()(0, 0);
}

void waitUnlessStopped(milliseconds wait)
{
    constexpr milliseconds kPart(50);
    for (; wait > milliseconds::zero() && !isStopped(); wait -= kPart)
        std::this_thread::sleep_for(std::min(wait, kPart));
}

class Tail {
public:
    Tail(const Options &options, const TailWish &wish, Filter filter, Output output)
        : m_options(options),
          m_wish(wish),
          m_filter(std::move(filter)),
          m_output(output)
    { }

    ExitCode run()
    {
        const auto opened = open();
        if (isStopped())
            return kClean;
        if (!opened)
            return cannot(m_options, opened.error(), m_output);
        if (!m_options.json)
            m_output.out << kSegmentColumns;
        for (auto wait = kBusy; m_output.out.good() && list();) {
            m_output.out.flush();
            waitUnlessStopped(wait);
            if (isStopped())
                break;
            wait = look() ? kBusy : std::min(wait * 2, kIdle);
        }
        return m_output.out.good() ? m_code : kCannot;
    }

private:
    /// Opens what the path names now, and begins with the last of its segments.
    Result<void> open()
    {
        auto opened = openDatabase(m_options.file, m_options.lock);
        if (!opened)
            return std::unexpected(opened.error());
        const std::shared_ptr<const FileStore> store = opened->store;
        auto follower = begin(store);
        if (!follower)
            return std::unexpected(follower.error());
        noteBadHeader(m_options, follower->snapshot()->head, m_output.err);
        noteMissingLock(m_options, *opened, m_output.err);
        m_store = opened->store;
        m_follower.emplace(*std::move(follower));
        beginAtLast();
        return {};
    }

    Result<Follower> begin(const std::shared_ptr<const FileStore> &store) const
    {
        // Under a lock nobody can be writing.
        const bool isLocked = store->lockState() != LockState::Unlocked;
        const auto patience = isLocked ? FollowerOptions::Duration::zero() : FollowerOptions().patience;
        return Follower::start(store, store->identity(), {.withRows = false, .patience = patience}, Clock::now(),
                               StopOnSignal::progress());
    }

    void beginAtLast()
    {
        const auto end = endOfEnded();
        m_next = {end.value - std::min(end.value, m_wish.last)};
        m_last.reset();
    }

    /// The first segment that is not of a transaction that has ended.
    [[nodiscard]] SegmentNo endOfEnded() const
    {
        const auto &index = *m_follower->snapshot()->log.index;
        const auto &open = index.openTransaction();
        return open ? open->firstSegment : SegmentNo{index.segmentCount()};
    }

    /// Those that were not listed yet. False if that went wrong for good.
    bool list()
    {
        const auto &snapshot = *m_follower->snapshot();
        const auto end = endOfEnded();
        if (m_next >= end)
            return true;
        SegmentLines lines(*m_store, m_filter, snapshot.catalog.get(), m_wish.what, m_options.json);
        const LogReader log(*m_store, snapshot.log.index);
        const auto listed = log.forEachWithPayload(m_next, [&](const Segment &segment, auto payload) {
            if (segment.no >= end)
                return false;
            if (const auto line = lines.of(segment, payload); line && *line)
                m_output.out << (*line)->text << (m_options.json ? "\n" : "");
            m_next = {segment.no.value + 1};
            m_last = segment;
            return m_output.out.good();
        });
        // What was there a moment ago and is no longer, the next look tells of.
        if (listed || listed.error().code == ErrorCode::ChangedMeanwhile)
            return true;
        m_code = cannot(m_options, listed.error(), m_output);
        return false;
    }

    /// Whether something happened.
    bool look()
    {
        const auto now = Clock::now();
        const auto update = m_follower->refresh(lookAt(*m_store), now, StopOnSignal::progress());
        if (!update) {
            if (update.error().code != ErrorCode::Cancelled && std::exchange(m_error, update.error()) != update.error())
                say("error", words(update.error()));
            return false;
        }
        m_error.reset();
        if (update->kind == Follower::Update::Kind::StartOver)
            return startOver(update->reason);
        notePath(update->isPathGone, now);
        return update->kind == Follower::Update::Kind::Next;
    }

    void notePath(bool isGone, Clock::time_point now)
    {
        if (!isGone) {
            if (std::exchange(m_isDeleted, false))
                say("back", "it is back");
            m_goneSince.reset();
            return;
        }
        if (!m_goneSince)
            m_goneSince = now;
        if (!m_isDeleted && now - *m_goneSince >= kGoneFor) {
            m_isDeleted = true;
            say("deleted", "it was deleted; waiting for it to come back");
        }
    }

    bool startOver(StartOverReason reason)
    {
        if (reason == StartOverReason::Replaced) {
            if (const auto opened = open(); !opened) {
                // Just now it may be gone again, or have no bytes yet.
                notePath(opened.error().code == ErrorCode::NotFound, Clock::now());
                if (opened.error().code != ErrorCode::NotFound
                    && std::exchange(m_error, opened.error()) != opened.error())
                    say("error", words(opened.error()));
                return false;
            }
            m_goneSince.reset();
            const auto count = counted(m_follower->snapshot()->log.index->segmentCount(), "segment");
            if (std::exchange(m_isDeleted, false))
                say("back", "it is back, with " + count);
            else
                say("replaced", "another file has taken its place, with " + count);
            return true;
        }
        auto begun = begin(m_store);
        if (!begun)
            return false;
        m_follower.emplace(*std::move(begun));
        switch (reason) {
        case StartOverReason::Shrank:
            say("shrank", "it became shorter: " + size(m_follower->snapshot()->fileLength()));
            break;
        case StartOverReason::FormatChanged:
            say("format_changed", "its format was raised");
            break;
        default:
            say("rewritten", "it was written anew in place");
        }
        if (!isLastStillThere())
            beginAtLast();
        return true;
    }

    /// Then the list goes on behind it.
    [[nodiscard]] bool isLastStillThere() const
    {
        if (!m_last)
            return true;
        const LogReader log(*m_store, m_follower->snapshot()->log.index);
        const auto found = m_last->no < endOfEnded() ? log.segment(m_last->no) : failure(ErrorCode::InvalidInput);
        return found && found->offset == m_last->offset && found->header == m_last->header;
    }

    void say(std::string_view event, const std::string &what)
    {
        if (m_options.json) {
            m_output.out << compact({{"event", event}, {"message", what}}) << '\n';
            m_output.out.flush();
        } else {
            m_output.out.flush();
            m_output.err << "mvinspect: " << printable(m_options.file.native()) << ": " << what << '\n';
        }
    }

    const Options &m_options;
    const TailWish &m_wish;
    const Filter m_filter;
    Output m_output;
    ExitCode m_code = kClean;

    std::shared_ptr<const FileStore> m_store;
    std::optional<Follower> m_follower;
    SegmentNo m_next;              // to be listed
    std::optional<Segment> m_last; // that was listed
    std::optional<Clock::time_point> m_goneSince;
    bool m_isDeleted = false;     // and that was said
    std::optional<Error> m_error; // that was said
};

} // namespace

ExitCode tail(const Options &options, const TailWish &wish, Output output)
{
    auto filter = Filter::parse(wish.filter);
    if (!filter) {
        output.err << "mvinspect: --filter: " << words(filter.error(), wish.filter) << '\n';
        return kCannot;
    }
    const StopOnSignal stop;
    return Tail(options, wish, *std::move(filter), output).run();
}

} // namespace modelvault::inspect
