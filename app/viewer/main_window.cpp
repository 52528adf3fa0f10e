#include "main_window.h"

#include "dropped_files.h"

#include "format/crc32c.h"
#include "jobs/pools.h"
#include "panels/bookmarks_panel.h"
#include "panels/find_panel.h"
#include "panels/inspector_panel.h"
#include "panels/lock_panel.h"
#include "panels/navigator_panel.h"
#include "text/finding_words.h"
#include "text/place_request.h"
#include "text/words.h"
#include "views/data_view.h"
#include "views/document_view.h"
#include "views/elided_label.h"
#include "views/field_tree_view.h"
#include "views/filter_line.h"
#include "views/hex_view.h"
#include "views/minimap_bar.h"
#include "views/notice_bar.h"
#include "views/open_with_system.h"
#include "views/page_map_view.h"
#include "views/row_actions.h"
#include "views/said_tip.h"
#include "views/spoken_view.h"
#include "views/theme_icon.h"
#include "views/virtual_table_view.h"
#include "views/writing_bar.h"

#include <QAccessible>
#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFile>
#include <QFileDialog>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QMouseEvent>
#include <QPalette>
#include <QProgressBar>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QScrollBar>
#include <QStackedWidget>
#include <QStatusBar>
#include <QStyleHints>
#include <QTabWidget>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>
#include <QtConcurrentRun>
#include <kiconthemes_version.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace modelvault::app {

using namespace modelvault::ui;

namespace {

constexpr int kProgressSteps = 1000;
constexpr int kMessageTime = 6000; // milliseconds
constexpr int kLongestTitle = 40; // of a tab, in characters
constexpr double kShareOfViews = 0.5; // of the width of the window, at least

QLabel *makeStatusLabel(QWidget *parent, const QString &name)
{
    auto *label = new ElidedLabel(parent);
    label->setObjectName(name);
    return label;
}

bool isDark(const QPalette &palette)
{
    return palette.color(QPalette::Window).lightness() < palette.color(QPalette::WindowText).lightness();
}

QPalette lightPalette()
{
    return {QColor(0xef, 0xf0, 0xf1)};
}

QPalette darkPalette()
{
    const QColor text(0xec, 0xec, 0xec);
    const QColor disabled(0x80, 0x80, 0x80);
    QPalette palette(QColor(0x2f, 0x31, 0x34));
    palette.setColor(QPalette::Base, QColor(0x1e, 0x1f, 0x21));
    palette.setColor(QPalette::AlternateBase, QColor(0x26, 0x27, 0x2a));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText}) {
        palette.setColor(role, text);
        palette.setColor(QPalette::Disabled, role, disabled);
    }
    palette.setColor(QPalette::PlaceholderText, QColor(0x9a, 0x9c, 0xa0));
    palette.setColor(QPalette::ToolTipBase, QColor(0x3a, 0x3c, 0x40));
    palette.setColor(QPalette::Highlight, QColor(0x2a, 0x7f, 0xc4));
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::Link, QColor(0x5a, 0xb0, 0xf0));
    return palette;
}

/// Without what only the panel has room for.
QString shortLockText(const Document &document)
{
    if (document.lockState() != LockState::Unlocked)
        return lockStateText(document.lockState(), document.hasOtherNames()).section(QLatin1Char(':'), 0, 0);
    if (!document.blockers().empty())
        return MainWindow::tr("Observing: %1").arg(holderText(document.blockers().front()));
    if (document.lockRefusal())
        return MainWindow::tr("Observing, no shared lock: %1").arg(lockRefusalText(*document.lockRefusal()));
    return MainWindow::tr("Observing without a lock");
}

} // namespace

MainWindow::MainWindow(Options options, QWidget *parent)
    : QMainWindow(parent),
      m_wish(options.lock),
      m_settings(options.remembers),
      m_stack(new QStackedWidget(this)),
      m_tabs(new QTabWidget(this)),
      m_navigator(new NavigatorPanel(this)),
      m_lockPanel(new LockPanel(this)),
      m_inspectorPanel(new InspectorPanel(this)),
      m_bookmarksPanel(new BookmarksPanel(this)),
      m_findPanel(new FindPanel(this)),
      m_recent(new QMenu(tr("Open &Recent"), this)),
      m_goTo(new QLineEdit(this))
{
    setAcceptDrops(true);
    installSpokenViews();
    m_tabs->setObjectName(QStringLiteral("documents"));
    m_tabs->setDocumentMode(true);
    m_tabs->setTabsClosable(true);
    m_tabs->setMovable(true);
    m_stack->addWidget(makeStartPage());
    m_stack->addWidget(m_tabs);
    setCentralWidget(m_stack);
    makePanels();
    makeStatusBar();
    makeActions();
    connect(m_tabs, &QTabWidget::currentChanged, this, &MainWindow::showCurrent);
    connect(m_tabs, &QTabWidget::tabCloseRequested, this, &MainWindow::closeDocument);
    showCurrent();
    const int unit = fontMetrics().averageCharWidth();
    resize(QSize(unit * 196, unit * 116).boundedTo(screen()->availableSize()));
    sizePanels();
    restoreGeometry(m_settings.geometry());
    restoreState(m_settings.windowState());
    // Once the event loop runs: KDE's libraries choose a palette at the start of it.
    QTimer::singleShot(0, this, [this] { applyTheme(m_settings.theme()); });
    showRecentFiles();
    // The side buttons of a mouse go back and forward over any view.
    qApp->installEventFilter(this);
}

MainWindow::~MainWindow()
{
    // Views go before the panels that look at their documents.
    while (documentCount() > 0)
        closeDocument(0);
}

QWidget *MainWindow::makeStartPage()
{
    auto *page = new QWidget(this);
    auto *title = new QLabel(tr("Drop a ModelVault database here"), page);
    auto font = title->font();
    font.setPointSizeF(font.pointSizeF() * 1.6);
    title->setFont(font);
    title->setAlignment(Qt::AlignCenter);
    auto *hint = new QLabel(tr("Files are opened read-only. While one is open, a shared lock keeps other programs from "
                               "writing to it; you can release it at any time."),
                            page);
    hint->setWordWrap(true);
    hint->setAlignment(Qt::AlignCenter);
    hint->setMinimumWidth(fontMetrics().averageCharWidth() * 50);
    hint->setMaximumWidth(fontMetrics().averageCharWidth() * 70);
    auto *open = new QPushButton(tr("&Open a Database…"), page);
    open->setObjectName(QStringLiteral("openButton"));
    connect(open, &QPushButton::clicked, this, &MainWindow::chooseFiles);
    auto *layout = new QVBoxLayout(page);
    layout->addStretch();
    layout->addWidget(title);
    auto *row = new QHBoxLayout; // not by an alignment: that would ask for no height that the width needs
    row->addStretch();
    row->addWidget(hint, 1);
    row->addStretch();
    layout->addLayout(row);
    layout->addSpacing(fontMetrics().height());
    layout->addWidget(open, 0, Qt::AlignHCenter);
    layout->addStretch();
    return page;
}

void MainWindow::makePanels()
{
    const auto add = [this](QWidget *panel, const QString &title, const QString &name, Qt::DockWidgetArea area) {
        auto *dock = new QDockWidget(title, this);
        dock->setObjectName(name);
        dock->setWidget(panel);
        addDockWidget(area, dock);
        return dock;
    };
    auto *navigator = add(m_navigator, tr("Navigator"), QStringLiteral("navigatorDock"), Qt::LeftDockWidgetArea);
    // Its sentences are as high as their words want, which a low window may not have room for.
    auto *lockArea = new QScrollArea(this);
    lockArea->setWidget(m_lockPanel);
    lockArea->setWidgetResizable(true);
    lockArea->setFrameShape(QFrame::NoFrame);
    lockArea->setFocusPolicy(Qt::NoFocus);
    lockArea->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    lockArea->setMinimumWidth(m_lockPanel->minimumSizeHint().width()
                              + lockArea->verticalScrollBar()->sizeHint().width());
    auto *lock = add(lockArea, tr("Lock"), QStringLiteral("lockDock"), Qt::LeftDockWidgetArea);
    m_inspectorDock = add(m_inspectorPanel, tr("Inspector"), QStringLiteral("inspectorDock"), Qt::RightDockWidgetArea);
    m_bookmarksDock = add(m_bookmarksPanel, tr("Bookmarks"), QStringLiteral("bookmarksDock"), Qt::RightDockWidgetArea);
    // Below the views alone: the panels beside them keep their height.
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    m_findPanel->setObjectName(QStringLiteral("findPanel"));
    auto *findArea = new QScrollArea(this); // a low window has no room for all of it
    findArea->setWidget(m_findPanel);
    findArea->setWidgetResizable(true);
    findArea->setFrameShape(QFrame::NoFrame);
    findArea->setFocusPolicy(Qt::NoFocus);
    m_findDock = add(findArea, tr("Find"), QStringLiteral("findDock"), Qt::BottomDockWidgetArea);
    m_findDock->hide();
    resizeDocks({navigator, lock}, {3, 2}, Qt::Vertical);
    m_inspectorPanel->setByteOrder(m_settings.byteOrder());
    connect(m_inspectorPanel, &InspectorPanel::byteOrderChanged, this,
            [this](ByteOrder order) { m_settings.setByteOrder(order); });
    for (std::size_t i = 0; i < FindRequest::kKinds; ++i) {
        const auto kind = static_cast<FindRequest::Kind>(i);
        m_findPanel->setHistory(kind, m_settings.findHistory(kind));
    }
    connect(m_findPanel, &FindPanel::historyChanged, this,
            [this](FindRequest::Kind kind) { m_settings.setFindHistory(kind, m_findPanel->history(kind)); });
    connect(m_navigator, &NavigatorPanel::collectionActivated, this, [this](std::uint32_t collectionId) {
        if (currentView() != nullptr)
            currentView()->showRows(collectionId);
    });
    connect(m_findPanel, &FindPanel::said, this, &MainWindow::say);
    connect(m_findPanel, &FindPanel::left, this, [this] {
        if (currentView() != nullptr)
            currentView()->hex()->setFocus();
    });
}

void MainWindow::sizePanels()
{
    const int unit = fontMetrics().averageCharWidth();
    for (auto *dock : findChildren<QDockWidget *>()) {
        const bool left = dockWidgetArea(dock) == Qt::LeftDockWidgetArea;
        if (!dock->isFloating() && dock != m_findDock)
            resizeDocks({dock}, {left ? unit * 44 : m_inspectorPanel->sizeHint().width()}, Qt::Horizontal);
    }
    // All rows of the inspector, where there is room.
    resizeDocks({m_inspectorDock, m_bookmarksDock}, {3, 1}, Qt::Vertical);
}

/// The panels give up what the views lack in a narrow window.
void MainWindow::leaveRoomForViews()
{
    if (m_stack->width() >= width() * kShareOfViews)
        return;
    for (const auto area : {Qt::LeftDockWidgetArea, Qt::RightDockWidgetArea}) {
        for (auto *dock : findChildren<QDockWidget *>()) {
            const int room = static_cast<int>(width() * (1 - kShareOfViews) / 2);
            if (dockWidgetArea(dock) == area && !dock->isFloating() && dock->isVisible() && dock->width() > room)
                resizeDocks({dock}, {room}, Qt::Horizontal);
        }
    }
}

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    leaveRoomForViews();
}

void MainWindow::makeStatusBar()
{
    m_lock = makeStatusLabel(this, QStringLiteral("lockStatus"));
    m_release = new QToolButton(this);
    m_release->setObjectName(QStringLiteral("releaseStatus"));
    m_release->setText(tr("Release"));
    m_release->setToolTip(tr("Let other programs open this database for writing, and go on observing"));
    m_size = makeStatusLabel(this, QStringLiteral("sizeStatus"));
    m_generation = makeStatusLabel(this, QStringLiteral("generationStatus"));
    m_findings = makeStatusLabel(this, QStringLiteral("findingsStatus"));
    m_progress = new QProgressBar(this);
    m_progress->setObjectName(QStringLiteral("scanProgress"));
    m_progress->setRange(0, kProgressSteps);
    m_progress->setMaximumWidth(fontMetrics().averageCharWidth() * 24);
    m_progress->setFormat(tr("scan %p %"));
    m_progress->setAccessibleName(tr("Progress of the scan"));
    m_stop = new QToolButton(this);
    m_stop->setObjectName(QStringLiteral("stopScan"));

    statusBar()->addWidget(m_lock);
    statusBar()->addWidget(m_release);
    // Not the bar's own messages: those would hide the lock.
    m_message = makeStatusLabel(this, QStringLiteral("messageStatus"));
    statusBar()->addWidget(m_message, 1);
    m_messageTimer.setSingleShot(true);
    m_messageTimer.setInterval(kMessageTime);
    connect(&m_messageTimer, &QTimer::timeout, this, [this] {
        m_message->clear();
        m_message->setToolTip({});
    });
    for (auto *widget : std::initializer_list<QWidget *>{m_size, m_generation, m_findings, m_progress, m_stop})
        statusBar()->addPermanentWidget(widget);

    connect(m_release, &QToolButton::clicked, this, [this] { currentView()->document()->releaseLock(); });
    connect(m_stop, &QToolButton::clicked, this, [this] {
        auto *document = currentView()->document();
        if (document->state() == Document::State::Scanning)
            document->stopScan();
        else
            document->scan();
    });
}

void MainWindow::makeActions()
{
    makeFileMenu();
    makeEditMenu();
    makeGoMenu();
    makeViewMenu();
    makeHelpMenu();
    makeToolBar();
}

void MainWindow::makeFileMenu()
{
    auto *file = menuBar()->addMenu(tr("&File"));
    file->addAction(themeIcon(QStringLiteral("document-open")), tr("&Open…"), QKeySequence::Open, this,
                    &MainWindow::chooseFiles);
    file->addMenu(m_recent);
    auto *reload = file->addAction(themeIcon(QStringLiteral("view-refresh")), tr("Re&load"), QKeySequence::Refresh,
                                   this, [this] { currentView()->document()->open(); });
    auto *folder = file->addAction(tr("Open Containing &Folder"), this,
                                   [this] { openWithSystem(currentView()->document()->path().parent_path()); });
    auto *save = file->addAction(themeIcon(QStringLiteral("document-save-as")), tr("&Save Selection…"),
                                 QKeySequence::Save, this, [this] { currentView()->saveSelection(); });
    auto *payload = file->addAction(tr("Save &Payload…"), Qt::CTRL | Qt::SHIFT | Qt::Key_S, this,
                                    [this] { currentView()->savePayload(); });
    auto *exports = file->addMenu(tr("&Export"));
    exports->setObjectName(QStringLiteral("export"));
    for (const auto scope : RowActions::kScopes) {
        auto *action =
            exports->addAction(RowActions::scopeName(scope), this, [this, scope] { currentView()->exportRows(scope); });
        if (scope == ExportScope::VisibleRows)
            action->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_E);
    }
    file->addSeparator();
    auto *close =
        file->addAction(tr("&Close"), QKeySequence::Close, this, [this] { closeDocument(m_tabs->currentIndex()); });
    auto *quit = file->addAction(tr("&Quit"), QKeySequence::Quit, this, &QWidget::close);
    quit->setMenuRole(QAction::QuitRole);
    m_documentActions = {reload, folder, save, payload, close};
    std::ranges::copy(exports->actions(), std::back_inserter(m_documentActions));
}

void MainWindow::makeEditMenu()
{
    auto *edit = menuBar()->addMenu(tr("&Edit"));
    auto *find = edit->addAction(themeIcon(QStringLiteral("edit-find")), tr("&Find…"), QKeySequence::Find, this,
                                 &MainWindow::showFind);
    auto *next = edit->addAction(tr("Find &Next"), Qt::Key_F3, this, [this] { findStep(1); });
    auto *previous = edit->addAction(tr("Find &Previous"), Qt::SHIFT | Qt::Key_F3, this, [this] { findStep(-1); });
    m_documentActions.insert(m_documentActions.end(), {find, next, previous});
    edit->addSeparator();
    auto *bytes = edit->addMenu(tr("Copy &Bytes As"));
    bytes->setObjectName(QStringLiteral("copyBytes"));
    for (const auto format : kByteFormats)
        m_documentActions.push_back(
            bytes->addAction(formatName(format), this, [this, format] { currentView()->hex()->copy(format); }));
    m_documentActions.push_back(
        bytes->addAction(tr("&JSON of the Field"), this, [this] { currentView()->hex()->copyField(); }));
    m_documentActions.push_back(
        edit->addAction(tr("Copy &Offset"), this, [this] { currentView()->hex()->copyOffset(); }));
    auto *copies = edit->addMenu(tr("&Copy Rows As"));
    copies->setObjectName(QStringLiteral("copyRows"));
    for (const auto format : RowActions::kFormats)
        m_documentActions.push_back(copies->addAction(
            RowActions::formatName(format), this, [this, format] { currentView()->data()->actions()->copy(format); }));
}

void MainWindow::makeGoMenu()
{
    auto *go = menuBar()->addMenu(tr("&Go"));
    m_back = go->addAction(themeIcon(QStringLiteral("go-previous")), tr("&Back"), Qt::ALT | Qt::Key_Left, this,
                           [this] { currentView()->goBack(); });
    m_forward = go->addAction(themeIcon(QStringLiteral("go-next")), tr("&Forward"), Qt::ALT | Qt::Key_Right, this,
                              [this] { currentView()->goForward(); });
    go->addSeparator();
    auto *place = go->addAction(tr("&Go To…"), Qt::CTRL | Qt::Key_G, this, [this] {
        m_goTo->setFocus();
        m_goTo->selectAll();
    });
    auto *filter = go->addAction(themeIcon(QStringLiteral("view-filter")), tr("Filter Seg&ments"),
                                 Qt::CTRL | Qt::SHIFT | Qt::Key_F, this, [this] { currentView()->typeFilter(); });
    auto *next = go->addAction(tr("&Next Segment"), Qt::CTRL | Qt::Key_PageDown, this,
                               [this] { currentView()->document()->selectNeighbour(1); });
    auto *previous = go->addAction(tr("&Previous Segment"), Qt::CTRL | Qt::Key_PageUp, this,
                                   [this] { currentView()->document()->selectNeighbour(-1); });
    auto *nextFinding = go->addAction(tr("Next F&inding"), Qt::Key_F8, this, [this] { currentView()->goToFinding(1); });
    auto *previousFinding = go->addAction(tr("Previous Fin&ding"), Qt::SHIFT | Qt::Key_F8, this,
                                          [this] { currentView()->goToFinding(-1); });
    go->addSeparator();
    auto *bookmark = go->addAction(themeIcon(QStringLiteral("bookmark-new")), tr("Bookmark &Selection"),
                                   Qt::CTRL | Qt::Key_B, this, [this] { currentView()->makeBookmark(); });
    auto *nextBookmark = go->addAction(tr("Nex&t Bookmark"), Qt::ALT | Qt::Key_PageDown, this,
                                       [this] { currentView()->stepToBookmark(1); });
    auto *previousBookmark = go->addAction(tr("P&revious Bookmark"), Qt::ALT | Qt::Key_PageUp, this,
                                           [this] { currentView()->stepToBookmark(-1); });
    go->addSeparator();
    auto *nextFile = go->addAction(tr("Next Fi&le"), Qt::CTRL | Qt::SHIFT | Qt::Key_PageDown, this,
                                   [this] { showNeighbour(1); });
    auto *previousFile = go->addAction(tr("Previo&us File"), Qt::CTRL | Qt::SHIFT | Qt::Key_PageUp, this,
                                       [this] { showNeighbour(-1); });
    go->addAction(tr("Ne&xt Panel"), Qt::Key_F6, this, [this] { focusNextPane(1); });
    go->addAction(tr("Pre&vious Panel"), Qt::SHIFT | Qt::Key_F6, this, [this] { focusNextPane(-1); });
    m_documentActions.insert(
        m_documentActions.end(),
        {place, filter, next, previous, nextFinding, previousFinding, bookmark, nextBookmark, previousBookmark, nextFile,
         previousFile});
}

void MainWindow::showNeighbour(int step)
{
    const int count = documentCount();
    if (count == 0)
        return;
    m_tabs->setCurrentIndex((m_tabs->currentIndex() + step + count) % count);
    currentView()->views()->currentWidget()->setFocus();
}

void MainWindow::makeViewMenu()
{
    auto *view = menuBar()->addMenu(tr("&View"));
    const QStringList names{tr("&Overview"), tr("&Pages"), tr("&Log"),     tr("&Data"),
                            tr("&Schema"),   tr("&Check"), tr("&Recovery")};
    for (int i = 0; i < names.size(); ++i) {
        m_documentActions.push_back(
            view->addAction(names[i], QKeySequence(Qt::ALT | static_cast<Qt::Key>(Qt::Key_1 + i)), this, [this, i] {
                currentView()->views()->setCurrentIndex(i);
                currentView()->views()->currentWidget()->setFocus();
            }));
    }
    view->addSeparator();
    makeHexMenu(view);
    makePagesMenu(view);
    makeMinimapMenu(view);
    auto *themes = view->addMenu(tr("&Theme"));
    auto *group = new QActionGroup(this);
    for (const auto &[theme, name] : {std::pair{Theme::System, tr("As the &System")},
                                      std::pair{Theme::Light, tr("&Light")}, std::pair{Theme::Dark, tr("&Dark")}}) {
        auto *action = themes->addAction(name, this, [this, theme = theme] {
            m_settings.setTheme(theme);
            applyTheme(theme);
        });
        action->setCheckable(true);
        action->setChecked(m_settings.theme() == theme);
        group->addAction(action);
    }
    view->addSeparator();
    for (auto *dock : findChildren<QDockWidget *>())
        view->addAction(dock->toggleViewAction());
}

void MainWindow::makeHexMenu(QMenu *view)
{
    using HexOptions = HexView::Options;
    auto *hex = view->addMenu(tr("&Hex View"));
    const auto addChoice = [this](QMenu *menu, const QString &title, const QList<int> &values, const auto &nameOf,
                                  auto get, auto set) {
        auto *choices = menu->addMenu(title);
        auto *group = new QActionGroup(this);
        for (const int value : values) {
            auto *action = choices->addAction(nameOf(value), this, [this, set, value] {
                changeHexOptions([&](HexOptions &options) { set(options, value); });
            });
            action->setCheckable(true);
            group->addAction(action);
        }
        connect(choices, &QMenu::aboutToShow, this, [this, group, values, get] {
            for (qsizetype i = 0; i < values.size(); ++i)
                group->actions().at(i)->setChecked(get(m_settings.hexOptions()) == values[i]);
        });
        return choices;
    };
    const auto number = [](int value) { return QString::number(value); };
    auto *bytes = addChoice(
        hex, tr("&Bytes in a Line"), {0, 4, 8, 16, 24, 32, 48, 64},
        [&](int value) { return value == 0 ? tr("As Many as &Fit") : number(value); },
        [](const HexOptions &options) { return options.bytesPerLine; },
        [](HexOptions &options, int value) { options.bytesPerLine = value; });
    bytes->addAction(tr("&Other…"), this, [this] {
        auto *dialog = new QInputDialog(this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setWindowTitle(tr("Bytes in a Line"));
        dialog->setLabelText(tr("Bytes in a line of the hex view:"));
        dialog->setInputMode(QInputDialog::IntInput);
        dialog->setIntRange(1, HexView::kMostBytesPerLine);
        dialog->setIntValue(std::max(m_settings.hexOptions().bytesPerLine, 1));
        connect(dialog, &QInputDialog::intValueSelected, this, [this](int value) {
            changeHexOptions([value](HexOptions &options) { options.bytesPerLine = value; });
        });
        dialog->open();
    });
    addChoice(
        hex, tr("&Group"), {1, 2, 4, 8}, number, [](const HexOptions &options) { return options.groupSize; },
        [](HexOptions &options, int value) { options.groupSize = value; });
    addChoice(
        hex, tr("&Addresses"), {0, 1}, [](int value) { return value == 0 ? tr("&Hexadecimal") : tr("&Decimal"); },
        [](const HexOptions &options) { return static_cast<int>(options.addresses); },
        [](HexOptions &options, int value) { options.addresses = static_cast<HexLayout::Addresses>(value); });
    addChoice(
        hex, tr("&Text"), {0, 1}, [](int value) { return value == 0 ? tr("&ASCII") : tr("&UTF-8"); },
        [](const HexOptions &options) { return static_cast<int>(options.text); },
        [](HexOptions &options, int value) { options.text = static_cast<HexView::TextEncoding>(value); });
    hex->addSeparator();
    const auto addZoom = [&](const QString &name, int by) {
        hex->addAction(name, this, [this, by] {
            changeHexOptions([by](HexOptions &options) { options.zoom = by == 0 ? 0 : options.zoom + by; });
        });
    };
    addZoom(tr("&Larger"), 1);
    addZoom(tr("&Smaller"), -1);
    addZoom(tr("&Usual Size"), 0);
}

void MainWindow::makePagesMenu(QMenu *view)
{
    auto *menu = view->addMenu(tr("Page &Map"));
    const auto add = [&](const QString &name, void (PageMapView::*zoom)()) {
        m_documentActions.push_back(menu->addAction(name, this, [this, zoom] { (currentView()->pages()->*zoom)(); }));
    };
    add(tr("&Larger Cells"), &PageMapView::zoomIn);
    add(tr("&Smaller Cells"), &PageMapView::zoomOut);
    add(tr("Whole &File"), &PageMapView::zoomToFit);
    add(tr("One &Page"), &PageMapView::zoomToPage);
}

void MainWindow::makeMinimapMenu(QMenu *view)
{
    auto *menu = view->addMenu(tr("Map &Beside the Bytes"));
    menu->setObjectName(QStringLiteral("minimapColours"));
    auto *group = new QActionGroup(this);
    for (const auto colours : MinimapBar::kColours) {
        auto *action = menu->addAction(mapColoursText(colours), this,
                                       [this, colours] { currentView()->hex()->minimap()->setColours(colours); });
        action->setCheckable(true);
        group->addAction(action);
        m_documentActions.push_back(action);
    }
    connect(menu, &QMenu::aboutToShow, this, [this, group] {
        for (std::size_t i = 0; currentView() != nullptr && i < MinimapBar::kColours.size(); ++i)
            group->actions()
                .at(static_cast<qsizetype>(i))
                ->setChecked(currentView()->hex()->minimap()->colours() == MinimapBar::kColours[i]);
    });
}

void MainWindow::changeHexOptions(const std::function<void(HexView::Options &)> &change)
{
    auto options = m_settings.hexOptions();
    if (currentView() != nullptr)
        options = currentView()->hex()->options();
    change(options);
    m_settings.setHexOptions(options);
    for (int i = 0; i < documentCount(); ++i)
        documentView(i)->hex()->setOptions(options);
}

void MainWindow::applyTheme(Theme theme)
{
    constexpr Qt::ColorScheme kSchemes[]{Qt::ColorScheme::Unknown, Qt::ColorScheme::Light, Qt::ColorScheme::Dark};
    QGuiApplication::styleHints()->setColorScheme(kSchemes[static_cast<int>(theme)]);
    if (theme == Theme::System) {
        if (m_hasOwnPalette)
            QApplication::setPalette(QPalette());
        m_hasOwnPalette = false;
        return;
    }
    // Platforms without a theme of their own take the wish and do not follow it.
    if (isDark(QApplication::palette()) != (theme == Theme::Dark)) {
        QApplication::setPalette(theme == Theme::Dark ? darkPalette() : lightPalette());
        m_hasOwnPalette = true;
    }
}

void MainWindow::makeHelpMenu()
{
    auto *help = menuBar()->addMenu(tr("&Help"));
    help->addAction(tr("&About ModelVault Viewer"), this, &MainWindow::showAbout)->setMenuRole(QAction::AboutRole);
    help->addAction(tr("About &Qt"), qApp, &QApplication::aboutQt)->setMenuRole(QAction::AboutQtRole);
}

void MainWindow::makeToolBar()
{
    auto *bar = addToolBar(tr("Go"));
    bar->setObjectName(QStringLiteral("goBar"));
    bar->addAction(m_back);
    bar->addAction(m_forward);
    m_goTo->setObjectName(QStringLiteral("goTo"));
    m_goTo->setAccessibleName(tr("Go to"));
    m_goTo->setPlaceholderText(tr("Go to: 0x2020, +16, end-64, page 7, seg 41, txn 9"));
    m_goTo->setClearButtonEnabled(true);
    m_goTo->setMaximumWidth(fontMetrics().averageCharWidth() * 64);
    bar->addWidget(m_goTo);
    connect(m_goTo, &QLineEdit::returnPressed, this, &MainWindow::goTo);
}

void MainWindow::showFind()
{
    m_findDock->show();
    m_findDock->raise();
    m_findPanel->focusPattern();
}

void MainWindow::findStep(int direction)
{
    if (!m_findPanel->step(direction)) // there is nothing to look for yet
        showFind();
}

void MainWindow::say(const QString &text)
{
    m_message->setText(text);
    m_message->setToolTip(toolTipText(text));
    m_messageTimer.start();
    QAccessibleAnnouncementEvent event(m_message, text);
    event.setPoliteness(QAccessible::AnnouncementPoliteness::Polite);
    QAccessible::updateAccessibility(&event);
}

void MainWindow::goTo()
{
    if (currentView() == nullptr)
        return;
    const auto place = PlaceRequest::parse(m_goTo->text());
    if (!place) {
        sayAt(m_goTo, QPoint(0, m_goTo->height() / 2), place.error());
        return;
    }
    currentView()->document()->goTo(*place);
}

/// Round the navigator, the notices, an export, the current view, the bytes, finding, the inspector, bookmarks and the
/// lock panel, as far as they can be seen.
void MainWindow::focusNextPane(int step)
{
    QList<QWidget *> panes{m_navigator};
    if (auto *view = currentView())
        panes += {view->notices(), view->exportBar(), view->rescueBar(), view->views(), view->fields(), view->hex()};
    panes += {m_findPanel, m_inspectorPanel, m_bookmarksPanel, m_lockPanel};
    panes.removeIf([](const QWidget *pane) { return !pane->isVisible(); });
    if (panes.isEmpty())
        return;
    const auto *focus = focusWidget();
    const auto at =
        std::ranges::find_if(panes, [&](const QWidget *pane) { return pane == focus || pane->isAncestorOf(focus); });
    const auto here = at == panes.end() ? (step > 0 ? -1 : 0) : at - panes.begin();
    auto *next = panes[(here + step + panes.size()) % panes.size()];
    if (currentView() != nullptr && next == currentView()->views())
        next = currentView()->views()->currentWidget();
    next->setFocus(Qt::ShortcutFocusReason);
}

void MainWindow::showRecentFiles()
{
    m_recent->clear();
    const auto files = m_settings.recentFiles();
    for (const auto &path : files) {
        auto *action = m_recent->addAction(menuText(pathText(path)), this, [this, path] { openFile(path); });
        action->setObjectName(QStringLiteral("recentFile"));
    }
    m_recent->setEnabled(!files.empty());
    if (files.empty())
        return;
    m_recent->addSeparator();
    m_recent->addAction(tr("&Clear"), this, [this] {
        m_settings.clearRecentFiles();
        showRecentFiles();
    });
}

void MainWindow::showHistory()
{
    const auto *view = currentView();
    m_back->setEnabled(view != nullptr && view->canGoBack());
    m_forward->setEnabled(view != nullptr && view->canGoForward());
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    m_settings.setWindow(saveGeometry(), saveState());
    QMainWindow::closeEvent(event);
}

bool MainWindow::eventFilter(QObject *watched, QEvent *event)
{
    // A quick second press comes as a double click.
    const bool pressed = event->type() == QEvent::MouseButtonPress || event->type() == QEvent::MouseButtonDblClick;
    const bool isPartOfThis = watched->isWidgetType() && static_cast<QWidget *>(watched)->window() == this;
    if (isPartOfThis && takeDrag(event))
        return true;
    if (pressed && isPartOfThis) {
        const auto button = static_cast<QMouseEvent *>(event)->button();
        if (button == Qt::BackButton || button == Qt::ForwardButton) {
            (button == Qt::BackButton ? m_back : m_forward)->trigger();
            return true;
        }
    }
    return QMainWindow::eventFilter(watched, event);
}

/// Files are opened wherever they are dropped: a line to type in would take their names for text.
bool MainWindow::takeDrag(QEvent *event)
{
    const bool isOnItsWay = event->type() == QEvent::DragEnter || event->type() == QEvent::DragMove;
    if (!isOnItsWay && event->type() != QEvent::Drop)
        return false;
    auto *drag = static_cast<QDropEvent *>(event);
    const auto files = localFiles(drag->mimeData()->urls());
    if (files.empty())
        return false;
    drag->setDropAction(Qt::CopyAction);
    drag->accept();
    if (!isOnItsWay)
        openFiles(files);
    return true;
}

void MainWindow::showAbout()
{
    auto *box =
        new QMessageBox(QMessageBox::Information, tr("About ModelVault Viewer"),
                        tr("ModelVault Viewer %1").arg(QApplication::applicationVersion()), QMessageBox::Close, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(
        tr("Looks into ModelVault database files, read-only.\n\nQt %1\nKDE Frameworks %2\nChecksums: %3")
            .arg(QString::fromLatin1(qVersion()), QStringLiteral(KICONTHEMES_VERSION_STRING),
                 QString::fromUtf8(crc32cMethod())));
    box->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    box->open();
}

void MainWindow::chooseFiles()
{
    auto *dialog = new QFileDialog(this, tr("Open Databases"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    const auto recent = m_settings.recentFiles();
    const auto near = currentView() != nullptr ? currentView()->document()->path()
        : recent.empty()                       ? std::filesystem::path()
                                               : recent.front();
    if (!near.empty())
        dialog->setDirectory(QFile::decodeName(near.parent_path().string().c_str()));
    dialog->setNameFilters({tr("ModelVault databases (*.mv *.modelvault *.typra)"), tr("All files (*)")});
    // Qt's own dialog does not emit urlsSelected().
    connect(dialog, &QDialog::accepted, this, [this, dialog] { openFiles(localFiles(dialog->selectedUrls())); });
    dialog->open();
}

void MainWindow::openFile(const std::filesystem::path &path)
{
    openFiles({path});
}

void MainWindow::openFiles(const std::vector<std::filesystem::path> &paths)
{
    struct Found {
        std::filesystem::path path;
        std::optional<FileIdentity> identity;
    };
    if (paths.empty())
        return;
    ++m_pendingOpens;
    QtConcurrent::run(&filePool(), [paths] {
        std::vector<Found> files;
        for (const auto &path : paths) {
            std::error_code failed;
            auto absolute = std::filesystem::absolute(path, failed);
            const auto identity = identityOf(path);
            files.push_back({failed ? path : std::move(absolute), identity ? std::optional(*identity) : std::nullopt});
        }
        return files;
    }).then(this, [this](const std::vector<Found> &files) {
        --m_pendingOpens;
        for (const auto &file : files)
            showFile(file.path, file.identity);
    });
}

void MainWindow::showFile(const std::filesystem::path &path, std::optional<FileIdentity> identity)
{
    for (int i = 0; i < documentCount(); ++i) {
        auto *document = documentView(i)->document();
        const auto open = document->identity();
        const bool isSame = open && identity ? *open == *identity : document->path() == path;
        if (!isSame)
            continue;
        setCurrentDocument(i);
        if (document->state() == Document::State::Failed)
            document->open();
        return;
    }
    addDocument(path, identity);
}

void MainWindow::addDocument(const std::filesystem::path &path, std::optional<FileIdentity> identity)
{
    auto *view = new DocumentView(std::make_unique<Document>(path, m_wish), m_settings);
    auto *document = view->document();
    document->expect(identity);
    view->hex()->setOptions(m_settings.hexOptions());
    view->log()->restoreColumns(m_settings.logColumns());
    view->filterLine()->setHistory(m_settings.filters());
    connect(view->filterLine(), &FilterLine::historyChanged, this, [this](const QStringList &filters) {
        m_settings.setFilters(filters);
        for (int i = 0; i < documentCount(); ++i)
            documentView(i)->filterLine()->setHistory(filters);
    });
    connect(view->hex(), &HexView::optionsChanged, this,
            [this, view] { m_settings.setHexOptions(view->hex()->options()); });
    connect(view, &DocumentView::historyChanged, this, &MainWindow::showHistory);
    connect(view, &DocumentView::bookmarkMade, this, [this](const QModelIndex &index) {
        m_bookmarksDock->show();
        m_bookmarksDock->raise();
        m_bookmarksPanel->editName(index);
    });
    connect(view, &DocumentView::said, this, &MainWindow::say);
    connect(view, &DocumentView::openRequested, this, &MainWindow::openFile);
    connect(document, &Document::found, this, [this, view] {
        if (m_goTo->hasFocus())
            view->hex()->setFocus();
    });
    connect(document, &Document::opened, this, [this, document] {
        m_settings.addRecentFile(document->path());
        showRecentFiles();
    });
    const auto refresh = [this, view] {
        if (view == currentView())
            showStatus();
    };
    connect(document, &Document::stateChanged, this, refresh);
    connect(document, &Document::lockChanged, this, refresh);
    connect(document, &Document::snapshotChanged, this, refresh);
    connect(document, &Document::scanProgressed, this, refresh);
    connect(&document->check(), &FileCheck::findingsChanged, this, refresh);
    const int index = m_tabs->addTab(view, QString());
    showTabTitle(view);
    m_tabs->setCurrentIndex(index);
    m_stack->setCurrentWidget(m_tabs);
    document->open();
}

void MainWindow::showTabTitle(DocumentView *view)
{
    const int index = m_tabs->indexOf(view);
    const auto name = fontMetrics().elidedText(view->document()->name(), Qt::ElideMiddle,
                                               fontMetrics().averageCharWidth() * kLongestTitle);
    m_tabs->setTabText(index, menuText(name)); // an ampersand in a file's name is no shortcut
    m_tabs->setTabToolTip(index, toolTipText(pathText(view->document()->path())));
}

void MainWindow::closeDocument(int index)
{
    auto *view = documentView(index);
    if (view == nullptr)
        return;
    m_settings.setLogColumns(view->log()->saveColumns());
    m_tabs->removeTab(index);
    showCurrent();
    delete view;
}

int MainWindow::documentCount() const
{
    return m_tabs->count();
}

DocumentView *MainWindow::documentView(int index) const
{
    return qobject_cast<DocumentView *>(m_tabs->widget(index));
}

DocumentView *MainWindow::currentView() const
{
    return documentView(m_tabs->currentIndex());
}

void MainWindow::setCurrentDocument(int index)
{
    m_tabs->setCurrentIndex(index);
}

bool MainWindow::isSettled() const
{
    for (int i = 0; i < documentCount(); ++i) {
        if (!documentView(i)->isSettled())
            return false;
    }
    return m_pendingOpens == 0 && m_inspectorPanel->isSettled();
}

void MainWindow::showCurrent()
{
    auto *view = currentView();
    auto *document = view != nullptr ? view->document() : nullptr;
    m_stack->setCurrentIndex(document != nullptr ? 1 : 0);
    m_navigator->setDocument(document);
    m_lockPanel->setDocument(document);
    m_inspectorPanel->setDocument(document);
    m_bookmarksPanel->setDocument(document, view != nullptr ? view->bookmarks() : nullptr);
    m_findPanel->setDocument(document, view != nullptr ? view->finder() : nullptr);
    for (auto *action : m_documentActions)
        action->setEnabled(document != nullptr);
    m_goTo->setEnabled(document != nullptr);
    showHistory();
    // Titles take [*] for a mark of their own, and two of it for the characters.
    const auto name =
        document != nullptr ? document->name().replace(QLatin1String("[*]"), QLatin1String("[*][*]")) : QString();
    setWindowTitle(document != nullptr ? tr("%1 – ModelVault Viewer").arg(name) : tr("ModelVault Viewer"));
    showStatus();
}

void MainWindow::showStatus()
{
    auto *view = currentView();
    const auto *document = view != nullptr ? view->document() : nullptr;
    const auto snapshot = document != nullptr ? document->snapshot() : nullptr;
    const bool scanning = snapshot && document->state() == Document::State::Scanning;
    const bool stopped = snapshot && document->state() == Document::State::Stopped;
    for (auto *widget : std::initializer_list<QWidget *>{m_lock, m_size, m_generation, m_findings})
        widget->setVisible(snapshot != nullptr);
    m_release->setVisible(snapshot && document->lockState() == LockState::Shared);
    m_progress->setVisible(scanning || stopped);
    m_stop->setVisible(scanning || stopped);
    if (!snapshot)
        return;

    m_lock->setText(shortLockText(*document));
    m_lock->setToolTip(toolTipText(lockStateText(document->lockState(), document->hasOtherNames())));
    m_size->setText(sizeText(snapshot->fileLength()));
    m_size->setToolTip(toolTipText(exactSizeText(snapshot->fileLength())));
    const auto selected = snapshot->head.selected;
    m_generation->setText(
        selected ? tr("generation %1").arg(snapshot->head.superblocks[static_cast<std::size_t>(*selected)]->generation)
                 : tr("no valid superblock"));
    const auto &findings = document->check().findings()->report().findings;
    const auto count = static_cast<int>(std::min<std::size_t>(findings.size(), INT_MAX));
    if (count == 0)
        m_findings->setText(document->check().findings()->report().depth == CheckDepth::Full ? tr("no findings")
                                : snapshot->log.complete                                     ? tr("no findings in the log")
                                                                                             : QString());
    else
        m_findings->setText(count == 1 ? tr("1 finding") : tr("%n findings", nullptr, count));
    QStringList lines;
    for (const auto &finding : std::span(findings).first(std::min<std::size_t>(findings.size(), 20)))
        lines += tr("%1: %2").arg(offsetText(finding.what.offset), findingText(finding));
    m_findings->setToolTip(toolTipText(lines.join(QLatin1Char('\n'))));
    m_progress->setValue(static_cast<int>(document->scannedShare() * kProgressSteps));
    m_stop->setText(scanning ? tr("Stop") : tr("Scan Again"));
    m_stop->setToolTip(stopped && document->scanError() ? toolTipText(errorText(*document->scanError())) : QString());
}

} // namespace modelvault::app
