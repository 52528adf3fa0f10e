#pragma once

#include <QDir>
#include <QObject>
#include <QTimer>

#include <vector>

namespace modelvault::app {

class MainWindow;

/// Writes a picture of the window for each view of each database, one after the other, each once all of it is there;
/// one alone for what could not be opened. Icons that are missing are a failure too.
class Screenshots : public QObject {
    Q_OBJECT

public:
    /// Borrows the window. The folder is made if it is not there.
    Screenshots(MainWindow &window, const QString &folder, QObject *parent = nullptr);

    void start();

Q_SIGNALS:
    /// `ok`: all was opened and all was written; stderr says what was not.
    void finished(bool ok);

private:
    struct Shot {
        int document; ///< -1: the start page
        int view;     ///< -1: in place of them all, why there are none
        QString name;
    };

    void tick();
    void plan();
    void show(const Shot &shot);
    [[nodiscard]] bool save(const Shot &shot);
    /// Whether each icon of the window draws something; stderr names those that don't.
    [[nodiscard]] bool iconsAreDrawn() const;

    MainWindow &m_window;
    QDir m_folder;
    QTimer m_timer;
    std::vector<Shot> m_shots;
    std::size_t m_next = 0;
    bool m_planned = false;
    int m_settledTicks = 0;
    bool m_ok = true;
};

} // namespace modelvault::app
