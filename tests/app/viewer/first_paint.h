#pragma once

#include "main_window.h"

#include "models/document.h"
#include "store/raw_file_store.h"
#include "views/document_view.h"
#include "views/hex_view.h"

#include <QEvent>
#include <QObject>
#include <QTabWidget>

#include <functional>

namespace modelvault::test {

/// Notices when the bytes of a file that is about to be opened are painted, and what was read of it by then.
class FirstPaint : public QObject {
public:
    /// `then` is called once, after that paint.
    explicit FirstPaint(const app::MainWindow &window, std::function<void(const ReadStats &)> then = {})
        : m_window(window),
          m_then(std::move(then))
    {
        // Called at once for each new document: nothing of it is painted yet.
        connect(window.findChild<QTabWidget *>(QStringLiteral("documents")), &QTabWidget::currentChanged, this,
                &FirstPaint::watch);
    }

    [[nodiscard]] bool isOver() const { return m_isOver; }
    [[nodiscard]] const ReadStats &reads() const { return m_reads; }

    bool eventFilter(QObject *, QEvent *event) override
    {
        if (event->type() != QEvent::Paint || m_isOver)
            return false;
        if (const auto store = m_window.currentView()->document()->store())
            m_reads = store->readStats();
        return false;
    }

private:
    void watch()
    {
        if (m_window.currentView() == nullptr)
            return;
        auto *hex = m_window.currentView()->hex();
        hex->viewport()->installEventFilter(this);
        connect(hex, &ui::HexView::firstShown, this, [this] {
            m_isOver = true;
            if (const auto then = std::exchange(m_then, {}))
                then(m_reads);
        });
    }

    const app::MainWindow &m_window;
    std::function<void(const ReadStats &)> m_then;
    ReadStats m_reads;
    bool m_isOver = false;
};

} // namespace modelvault::test
