#include "screenshots.h"

#include "main_window.h"
#include "text/words.h"
#include "views/document_view.h"

#include <QAction>
#include <QApplication>
#include <QIcon>
#include <QPixmap>
#include <QTabWidget>
#include <QTextStream>

#include <algorithm>

namespace modelvault::app {
namespace {

constexpr auto kTick = std::chrono::milliseconds(50);
// Quiet for so long, nothing will change any more: results pass through the event loop.
constexpr int kSettledTicks = 4;

/// Of a name, what any file system takes.
QString fileNamePart(const QString &name)
{
    QString part;
    for (const auto c : name.left(40))
        part += (c.isLetterOrNumber() && c.unicode() < 128) || c == QLatin1Char('.') ? c : QLatin1Char('-');
    return part;
}

/// A null pixmap too: where a plugin is missing, an icon has a file and no picture.
bool drawsNothing(const QIcon &icon)
{
    constexpr int kSmall = 16;
    const auto image = icon.pixmap(kSmall).toImage().convertToFormat(QImage::Format_Alpha8);
    for (int y = 0; y < image.height(); ++y) {
        const auto *line = image.constScanLine(y);
        if (std::any_of(line, line + image.width(), [](uchar alpha) { return alpha != 0; }))
            return false;
    }
    return true;
}

} // namespace

Screenshots::Screenshots(MainWindow &window, const QString &folder, QObject *parent)
    : QObject(parent),
      m_window(window),
      m_folder(folder)
{
    m_timer.setInterval(kTick);
    connect(&m_timer, &QTimer::timeout, this, &Screenshots::tick);
}

void Screenshots::start()
{
    if (!m_folder.mkpath(QStringLiteral("."))) {
        QTextStream(stderr) << tr("cannot make the folder %1").arg(m_folder.path()) << '\n';
        Q_EMIT finished(false);
        return;
    }
    // The same for every machine, whatever screen it has or lacks.
    const int unit = m_window.fontMetrics().averageCharWidth();
    m_window.resize(unit * 180, unit * 110);
    m_window.sizePanels();
    m_timer.start();
}

void Screenshots::plan()
{
    if (m_window.documentCount() == 0)
        m_shots.push_back({-1, 0, QStringLiteral("start.png")});
    for (int i = 0; i < m_window.documentCount(); ++i) {
        const auto *view = m_window.documentView(i);
        const auto file = QStringLiteral("%1-%2").arg(i + 1).arg(fileNamePart(view->document()->name()));
        if (view->document()->state() == ui::Document::State::Failed) {
            QTextStream(stderr) << tr("cannot open %1: %2")
                                       .arg(ui::pathText(view->document()->path()),
                                            ui::errorText(view->document()->error()))
                                << '\n';
            m_ok = false;
            m_shots.push_back({i, -1, file + QStringLiteral(".png")});
            continue;
        }
        for (int tab = 0; tab < view->views()->count(); ++tab) {
            // Without the count that some have: "Check (2)".
            const auto part = fileNamePart(view->views()->tabText(tab).section(QStringLiteral(" ("), 0, 0).toLower());
            m_shots.push_back({i, tab, QStringLiteral("%1-%2.png").arg(file, part)});
        }
    }
}

void Screenshots::tick()
{
    m_settledTicks = m_window.isSettled() ? m_settledTicks + 1 : 0;
    if (m_settledTicks < kSettledTicks)
        return;
    m_settledTicks = 0;
    if (!m_planned) {
        m_planned = true;
        m_ok = iconsAreDrawn();
        plan();
    } else {
        m_ok = save(m_shots[m_next]) && m_ok;
        ++m_next;
    }
    if (m_next < m_shots.size()) {
        show(m_shots[m_next]);
    } else {
        m_timer.stop();
        Q_EMIT finished(m_ok);
    }
}

void Screenshots::show(const Shot &shot)
{
    if (shot.document < 0)
        return;
    m_window.setCurrentDocument(shot.document);
    if (shot.view >= 0)
        m_window.documentView(shot.document)->views()->setCurrentIndex(shot.view);
}

bool Screenshots::save(const Shot &shot)
{
    const auto path = m_folder.filePath(shot.name);
    if (m_window.grab().save(path)) {
        QTextStream(stdout) << path << '\n';
        return true;
    }
    QTextStream(stderr) << tr("cannot write %1").arg(path) << '\n';
    return false;
}

bool Screenshots::iconsAreDrawn() const
{
    QStringList blank;
    if (drawsNothing(QApplication::windowIcon()))
        blank << tr("the window");
    for (const auto *action : m_window.findChildren<QAction *>()) {
        if (!action->icon().isNull() && drawsNothing(action->icon()))
            blank << action->text();
    }
    for (const auto &name : blank)
        QTextStream(stderr) << tr("the icon of %1 draws nothing").arg(name) << '\n';
    return blank.isEmpty();
}

} // namespace modelvault::app
