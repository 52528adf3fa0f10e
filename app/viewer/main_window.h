#pragma once

#include "database/open_database.h"
#include "models/document.h"
#include "settings.h"
#include "store/file_handle.h"

#include <QMainWindow>
#include <QTimer>

#include <filesystem>
#include <functional>
#include <vector>

class QAction;
class QDockWidget;
class QLabel;
class QLineEdit;
class QMenu;
class QProgressBar;
class QStackedWidget;
class QTabWidget;
class QToolButton;

namespace modelvault::ui {
class BookmarksPanel;
class DocumentView;
class FindPanel;
class InspectorPanel;
class LockPanel;
class NavigatorPanel;
} // namespace modelvault::ui

namespace modelvault::app {

/// The window: databases in tabs, panels around them, the lock and the scan in the status bar.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    struct Options {
        LockWish lock = LockWish::Shared;
        bool remembers = true; ///< uses and changes the settings
    };

    explicit MainWindow(Options options, QWidget *parent = nullptr);
    ~MainWindow() override;

    /// In the background. A database that is open already, under whatever path, is brought to the front instead.
    void openFile(const std::filesystem::path &path);
    void openFiles(const std::vector<std::filesystem::path> &paths);

    [[nodiscard]] int documentCount() const;
    /// Null for none.
    [[nodiscard]] ui::DocumentView *documentView(int index) const;
    [[nodiscard]] ui::DocumentView *currentView() const;
    void setCurrentDocument(int index);
    /// Gives the panels beside the views the widths that they have at first.
    void sizePanels();
    void leaveRoomForViews();
    void showNeighbour(int step);
    /// All that was asked for is on screen.
    [[nodiscard]] bool isSettled() const;

protected:
    void closeEvent(QCloseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    [[nodiscard]] bool takeDrag(QEvent *event);
    void makeActions();
    void makeFileMenu();
    void makeEditMenu();
    void makeGoMenu();
    void makeViewMenu();
    void makeHexMenu(QMenu *view);
    void makePagesMenu(QMenu *view);
    void makeMinimapMenu(QMenu *view);
    void makeHelpMenu();
    void makeToolBar();
    void makePanels();
    void makeStatusBar();
    QWidget *makeStartPage();
    void chooseFiles();
    void closeDocument(int index);
    void showFile(const std::filesystem::path &path, std::optional<FileIdentity> identity);
    void addDocument(const std::filesystem::path &path, std::optional<FileIdentity> identity);
    void showCurrent();
    void showStatus();
    void showTabTitle(ui::DocumentView *view);
    void showAbout();
    void say(const QString &text);

    void showFind();
    void findStep(int direction);
    void goTo();
    void focusNextPane(int step);
    void showRecentFiles();
    void showHistory();
    void applyTheme(Theme theme);
    void changeHexOptions(const std::function<void(ui::HexView::Options &)> &change);

    const LockWish m_wish;
    Settings m_settings;
    int m_pendingOpens = 0;
    bool m_hasOwnPalette = false;

    QStackedWidget *m_stack;
    QTabWidget *m_tabs;
    ui::NavigatorPanel *m_navigator;
    ui::LockPanel *m_lockPanel;
    ui::InspectorPanel *m_inspectorPanel;
    QDockWidget *m_inspectorDock;
    ui::BookmarksPanel *m_bookmarksPanel;
    QDockWidget *m_bookmarksDock;
    ui::FindPanel *m_findPanel;
    QDockWidget *m_findDock;
    std::vector<QAction *> m_documentActions; // that need a database
    QMenu *m_recent;
    QAction *m_back;
    QAction *m_forward;
    QLineEdit *m_goTo;

    QLabel *m_lock;
    QToolButton *m_release;
    QLabel *m_message;
    QTimer m_messageTimer;
    QLabel *m_size;
    QLabel *m_generation;
    QLabel *m_findings;
    QProgressBar *m_progress;
    QToolButton *m_stop;
};

} // namespace modelvault::app
