#pragma once

#include <QFuture>
#include <QFutureWatcher>

#include <functional>
#include <optional>
#include <utility>

namespace modelvault::ui {

/// Runs one job at a time; of the wishes that come meanwhile only the newest is run behind it. GUI thread.
template <class Wish, class Answer>
class NewestWish {
public:
    using Run = std::function<QFuture<Answer>(const Wish &)>;
    using Take = std::function<void(const Answer &)>;

    /// `run` starts a job; `take` gets each answer, on the GUI thread, before the next job starts.
    NewestWish(Run run, Take take) : m_run(std::move(run)), m_take(std::move(take))
    {
        QObject::connect(&m_watcher, &QFutureWatcherBase::finished, &m_watcher, [this] { finish(); });
    }

    void want(Wish wish)
    {
        if (m_isBusy) {
            m_next = std::move(wish);
            return;
        }
        m_next.reset(); // older: take() may wish for something
        start(wish);
    }
    /// Forgets what is under way and what is to come.
    void drop()
    {
        m_next.reset();
        m_isBusy = false;
        m_watcher.setFuture(QFuture<Answer>());
    }
    [[nodiscard]] bool isBusy() const { return m_isBusy; }

private:
    void start(const Wish &wish)
    {
        m_isBusy = true;
        m_watcher.setFuture(m_run(wish));
    }

    void finish()
    {
        if (m_watcher.future().resultCount() == 0) // of drop()
            return;
        m_isBusy = false;
        m_take(m_watcher.result());
        if (!m_isBusy && m_next)
            start(*std::exchange(m_next, std::nullopt));
    }

    const Run m_run;
    const Take m_take;
    bool m_isBusy = false;
    std::optional<Wish> m_next;
    QFutureWatcher<Answer> m_watcher;
};

} // namespace modelvault::ui
