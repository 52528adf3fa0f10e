#include "main_window.h"

#include "dropped_files.h"

#include "format/crc32c.h"
#include "panels/lock_panel.h"
#include "panels/navigator_panel.h"
#include "text/words.h"
#include "views/document_view.h"

#include <QAction>
#include <QApplication>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QLabel>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <QtConcurrentRun>

#include <algorithm>
#include <utility>

namespace modelvault::app {

using namespace modelvault::ui;

namespace {

constexpr int kProgressSteps = 1000;

QLabel *makeStatusLabel(QWidget *parent, const QString &name)
{
    auto *label = new QLabel(parent);
    label->setObjectName(name);
    label->setTextFormat(Qt::PlainText);
    return label;
}

/// Without what only the panel has room for.
QString shortLockText(const Document &document)
{
    if (document.lockState() != LockState::Unlocked)
        return lockStateText(document.lockState()).section(QLatin1Char(':'), 0, 0);
    if (!document.blockers().empty())
        return MainWindow::tr("Observing: %1").arg(holderText(document.blockers().front()));
    if (document.lockRefusal())
        return MainWindow::tr("Observing, no shared lock: %1").arg(errorText(*document.lockRefusal()));
    return MainWindow::tr("Observing without a lock");
}

} // namespace

MainWindow::MainWindow(LockWish wish, QWidget *parent)
    : QMainWindow(parent),
      m_wish(wish),
      m_stack(new QStackedWidget(this)),
      m_tabs(new QTabWidget(this)),
      m_navigator(new NavigatorPanel(this)),
      m_lockPanel(new LockPanel(this))
{
    setAcceptDrops(true);
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
    resize(unit * 180, unit * 110);
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
    hint->setMaximumWidth(fontMetrics().averageCharWidth() * 70);
    auto *open = new QPushButton(tr("&Open a Database…"), page);
    open->setObjectName(QStringLiteral("openButton"));
    connect(open, &QPushButton::clicked, this, &MainWindow::chooseFiles);
    auto *layout = new QVBoxLayout(page);
    layout->addStretch();
    layout->addWidget(title);
    layout->addWidget(hint, 0, Qt::AlignHCenter);
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
    auto *lock = add(m_lockPanel, tr("Lock"), QStringLiteral("lockDock"), Qt::LeftDockWidgetArea);
    const int unit = fontMetrics().averageCharWidth();
    resizeDocks({navigator, lock}, {unit * 48, unit * 48}, Qt::Horizontal);
    resizeDocks({navigator, lock}, {3, 2}, Qt::Vertical);
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
    auto *file = menuBar()->addMenu(tr("&File"));
    file->addAction(tr("&Open…"), QKeySequence::Open, this, &MainWindow::chooseFiles);
    m_close = file->addAction(tr("&Close"), QKeySequence::Close, this, [this] { closeDocument(m_tabs->currentIndex()); });
    file->addSeparator();
    auto *quit = file->addAction(tr("&Quit"), QKeySequence::Quit, this, &QWidget::close);
    quit->setMenuRole(QAction::QuitRole);

    auto *view = menuBar()->addMenu(tr("&View"));
    for (auto *dock : findChildren<QDockWidget *>())
        view->addAction(dock->toggleViewAction());

    auto *help = menuBar()->addMenu(tr("&Help"));
    help->addAction(tr("&About ModelVault Viewer"), this, &MainWindow::showAbout)->setMenuRole(QAction::AboutRole);
    help->addAction(tr("About &Qt"), qApp, &QApplication::aboutQt)->setMenuRole(QAction::AboutQtRole);
}

void MainWindow::showAbout()
{
    auto *box = new QMessageBox(QMessageBox::Information, tr("About ModelVault Viewer"),
                                tr("ModelVault Viewer %1").arg(QApplication::applicationVersion()), QMessageBox::Close, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(tr("Looks into ModelVault database files, read-only.\n\nQt %1\nChecksums: %2")
                                .arg(QString::fromLatin1(qVersion()), QString::fromUtf8(crc32cMethod())));
    box->open();
}

void MainWindow::chooseFiles()
{
    auto *dialog = new QFileDialog(this, tr("Open Databases"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    dialog->setNameFilters({tr("ModelVault databases (*.mv *.modelvault *.typra)"), tr("All files (*)")});
    // Qt's own dialog does not emit urlsSelected().
    connect(dialog, &QDialog::accepted, this, [this, dialog] { openFiles(localFiles(dialog->selectedUrls())); });
    dialog->open();
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    if (!localFiles(event->mimeData()->urls()).empty()) {
        event->setDropAction(Qt::CopyAction);
        event->accept();
    }
}

void MainWindow::dropEvent(QDropEvent *event)
{
    event->setDropAction(Qt::CopyAction);
    event->accept();
    openFiles(localFiles(event->mimeData()->urls()));
}

void MainWindow::openFile(const std::filesystem::path &path) { openFiles({path}); }

void MainWindow::openFiles(const std::vector<std::filesystem::path> &paths)
{
    struct Found {
        std::filesystem::path path;
        std::optional<FileIdentity> identity;
    };
    if (paths.empty())
        return;
    ++m_pendingOpens;
    QtConcurrent::run([paths] {
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
    addDocument(path);
}

void MainWindow::addDocument(const std::filesystem::path &path)
{
    auto *view = new DocumentView(std::make_unique<Document>(path, m_wish));
    auto *document = view->document();
    const auto refresh = [this, view] {
        if (view == currentView())
            showStatus();
    };
    connect(document, &Document::stateChanged, this, refresh);
    connect(document, &Document::lockChanged, this, refresh);
    connect(document, &Document::snapshotChanged, this, refresh);
    connect(document, &Document::scanProgressed, this, refresh);
    const int index = m_tabs->addTab(view, QString());
    showTabTitle(view);
    m_tabs->setCurrentIndex(index);
    m_stack->setCurrentWidget(m_tabs);
    document->open();
}

void MainWindow::showTabTitle(DocumentView *view)
{
    const int index = m_tabs->indexOf(view);
    // An ampersand in a file's name is no shortcut.
    m_tabs->setTabText(index, view->document()->name().replace(QLatin1Char('&'), QStringLiteral("&&")));
    m_tabs->setTabToolTip(index, toolTipText(pathText(view->document()->path())));
}

void MainWindow::closeDocument(int index)
{
    auto *view = documentView(index);
    if (view == nullptr)
        return;
    m_tabs->removeTab(index);
    showCurrent();
    delete view;
}

int MainWindow::documentCount() const { return m_tabs->count(); }

DocumentView *MainWindow::documentView(int index) const { return qobject_cast<DocumentView *>(m_tabs->widget(index)); }

DocumentView *MainWindow::currentView() const { return documentView(m_tabs->currentIndex()); }

void MainWindow::setCurrentDocument(int index) { m_tabs->setCurrentIndex(index); }

bool MainWindow::isSettled() const
{
    for (int i = 0; i < documentCount(); ++i) {
        if (!documentView(i)->isSettled())
            return false;
    }
    return m_pendingOpens == 0;
}

void MainWindow::showCurrent()
{
    auto *view = currentView();
    auto *document = view != nullptr ? view->document() : nullptr;
    m_stack->setCurrentIndex(document != nullptr ? 1 : 0);
    m_navigator->setDocument(document);
    m_lockPanel->setDocument(document);
    m_close->setEnabled(document != nullptr);
    setWindowTitle(document != nullptr ? tr("%1 – ModelVault Viewer").arg(document->name()) : tr("ModelVault Viewer"));
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
    m_lock->setToolTip(toolTipText(lockStateText(document->lockState())));
    m_size->setText(sizeText(snapshot->fileLength()));
    m_size->setToolTip(toolTipText(exactSizeText(snapshot->fileLength())));
    const auto selected = snapshot->head.selected;
    m_generation->setText(
        selected ? tr("generation %1").arg(snapshot->head.superblocks[static_cast<std::size_t>(*selected)]->generation)
                 : tr("no valid superblock"));
    const auto findings = static_cast<int>(std::min<std::size_t>(snapshot->findings.size(), INT_MAX));
    if (findings == 0)
        m_findings->setText(snapshot->log.complete ? tr("no findings") : QString());
    else
        m_findings->setText(findings == 1 ? tr("1 finding") : tr("%n findings", nullptr, findings));
    QStringList lines;
    for (const auto &finding : std::span(snapshot->findings).first(std::min<std::size_t>(snapshot->findings.size(), 20)))
        lines += tr("%1: %2").arg(offsetText(finding.offset), findingText(finding));
    m_findings->setToolTip(toolTipText(lines.join(QLatin1Char('\n'))));
    if (snapshot->fileLength() > 0) {
        const auto share = static_cast<double>(document->scannedBytes()) / static_cast<double>(snapshot->fileLength());
        m_progress->setValue(static_cast<int>(share * kProgressSteps));
    }
    m_stop->setText(scanning ? tr("Stop") : tr("Scan Again"));
}

} // namespace modelvault::app
