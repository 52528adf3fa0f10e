#include "views/document_view.h"

#include "export/unique_names.h"
#include "jobs/save_range.h"
#include "text/finding_words.h"
#include "text/words.h"
#include "views/check_view.h"
#include "views/data_view.h"
#include "views/export_dialog.h"
#include "views/field_tree_view.h"
#include "views/filter_line.h"
#include "views/hex_view.h"
#include "views/log_pane.h"
#include "views/open_with_system.h"
#include "views/overview_view.h"
#include "views/page_map_view.h"
#include "views/pages_pane.h"
#include "views/recovery_panel.h"
#include "views/row_actions.h"
#include "views/save_dialog.h"
#include "views/schema_view.h"
#include "views/selection_bar.h"
#include "views/severity_sign.h"
#include "views/virtual_table_view.h"
#include "views/writing_bar.h"

#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QVBoxLayout>
#include <QtConcurrentRun>

#include <chrono>
#include <utility>

namespace modelvault::ui {
namespace {

/// Gives the bytes the room that a line of them needs and the fields the rest, until the user moves the border.
class BytesSplitter final : public QSplitter {
public:
    BytesSplitter(QWidget *fields, HexView *hex, QWidget *parent) : QSplitter(Qt::Horizontal, parent), m_hex(hex)
    {
        addWidget(fields);
        addWidget(hex);
        setChildrenCollapsible(false);
        connect(this, &QSplitter::splitterMoved, this, [this] { m_isMoved = true; });
    }

protected:
    void resizeEvent(QResizeEvent *event) override
    {
        QSplitter::resizeEvent(event);
        if (m_isMoved)
            return;
        int bytes = 0;
        for (const int inLine : {4, 8, 16}) {
            const int wanted = m_hex->widthFor(inLine);
            if (bytes == 0 || wanted <= width() * 3 / 5)
                bytes = wanted;
        }
        setSizes({std::max(width() - handleWidth() - bytes, 1), bytes});
    }

private:
    HexView *m_hex;
    bool m_isMoved = false;
};

constexpr int kDetailLines = 4;
constexpr int kPagesTab = 1;
constexpr int kLogTab = 2;
constexpr int kDataTab = 3;
// Moves that one comes back from by hand are no places of the history.
constexpr std::uint64_t kSmallMove = 512;
// Where the bytes are not painted after all: windows that are covered, for one.
constexpr auto kLongestScanHold = std::chrono::seconds(2);

bool isNear(Offset one, Offset other)
{
    return std::max(one, other) - std::min(one, other) <= kSmallMove;
}

Severity fateSeverity(FileFate::Kind kind)
{
    switch (kind) {
    case FileFate::Kind::Same:
    case FileFate::Kind::Grown:
        return Severity::Info;
    case FileFate::Kind::Replaced:
    case FileFate::Kind::Gone:
    case FileFate::Kind::Unknown:
        return Severity::Warning;
    case FileFate::Kind::Shrunk:
        return Severity::Error; // what is shown is no longer there
    }
    return Severity::Warning;
}

/// Whether that would not lose what is on screen for nothing.
bool canBeReloaded(FileFate::Kind kind)
{
    return kind != FileFate::Kind::Gone && kind != FileFate::Kind::Unknown;
}

} // namespace

DocumentView::DocumentView(std::unique_ptr<Document> document, BookmarkKeeper &keeper, QWidget *parent)
    : QWidget(parent),
      m_document(std::move(document)),
      m_bookmarks(keeper),
      m_finder(*m_document),
      m_findRow(
          [this](Offset place) {
              return QtConcurrent::run([store = m_document->store(), snapshot = m_document->snapshot(), place] {
                  return std::pair(place, rowAt(*store, snapshot, place));
              });
          },
          [this](const std::pair<Offset, std::optional<RowPlace>> &found) {
              // Somebody may have gone on meanwhile, in the rows too.
              const auto &[place, row] = found;
              if (row && place == m_document->selection().begin && !m_document->isLookingUp())
                  m_data->followRow(row->collectionId, row->last);
          }),
      m_notices(new NoticeBar(this)),
      m_exportBar(new WritingBar(
          m_export, {.name = tr("Export"), .doing = tr("Exporting to %1"), .stop = tr("Stop the export")}, this)),
      m_rescueBar(new WritingBar(
          m_rescue, {.name = tr("Rescue"), .doing = tr("Rescuing to %1"), .stop = tr("Stop the rescue")}, this)),
      m_stack(new QStackedWidget(this)),
      m_message(new QLabel(this)),
      m_retry(nullptr),
      m_views(new QTabWidget(this)),
      m_overview(new OverviewView(this)),
      m_pagesPane(new PagesPane(this)),
      m_pages(m_pagesPane->map()),
      m_logPane(new LogPane(m_segments, this)),
      m_data(new DataView(this)),
      m_schema(new SchemaView(this)),
      m_check(new CheckView(*m_document, this)),
      m_recovery(new RecoveryPanel(this)),
      m_log(m_logPane->table()),
      m_fields(new FieldTreeView(this)),
      m_fieldDetails(new QPlainTextEdit(this)),
      m_hex(new HexView(this)),
      m_selectionBar(new SelectionBar(this))
{
    m_stack->addWidget(makeMessagePage());
    m_stack->addWidget(makeViews());
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(m_notices);
    layout->addWidget(m_exportBar);
    layout->addWidget(m_rescueBar);
    layout->addWidget(m_stack, 1);
    m_notices->setObjectName(QStringLiteral("notices"));

    m_document->holdScans(kLongestScanHold);
    connect(m_hex, &HexView::firstShown, m_document.get(), &Document::startHeldScan);
    connect(m_document.get(), &Document::stateChanged, this, &DocumentView::showState);
    connect(m_document.get(), &Document::opened, this, [this] {
        m_stack->setCurrentIndex(1);
        watchFile();
    });
    connect(&m_watch, &FileWatch::changed, this, &DocumentView::showFate);
    connect(m_document.get(), &Document::snapshotChanged, this, &DocumentView::showSnapshot);
    connect(m_document.get(), &Document::selectionChanged, this, &DocumentView::showSelection);
    connect(m_hex, &HexView::selectionChanged, m_document.get(), [this](Offset begin, Offset end) {
        const QScopedValueRollback stepping(m_isStepping, true);
        m_document->select({begin, end});
    });
    connect(m_pages, &PageMapView::pageSelected, m_document.get(), [this](PageNo page) {
        const auto begin = PageMap::start(page);
        m_document->select({begin, std::min(begin + PageMap::kPageSize, Offset{m_document->fileLength()})});
    });
    connect(m_pages, &PageMapView::byteSelected, m_document.get(), &Document::selectStructureAt);
    connect(m_log, &VirtualTableView::currentRowChanged, m_document.get(), [this](std::uint64_t row) {
        const QScopedValueRollback stepping(m_isStepping, true);
        dropFindSegment(); // an older search must not take the row away
        if (const auto *segment = m_segments.segment(row))
            m_document->select({segment->offset, segment->end()});
        else
            m_document->selectSegment(m_segments.numberAt(row));
    });
    connect(m_log, &VirtualTableView::rowActivated, m_hex, qOverload<>(&QWidget::setFocus));
    connect(m_data, &DataView::recordChosen, m_document.get(), &Document::selectRecord);
    connect(m_data, &DataView::placeChosen, m_document.get(),
            [this](Offset begin, Offset end) { m_document->select({begin, end}); });
    connect(m_check, &CheckView::placeChosen, m_document.get(),
            [this](Offset begin, Offset end) { m_document->select({begin, end}); });
    connect(m_recovery, &RecoveryPanel::placeChosen, m_document.get(),
            [this](Offset begin, Offset end) { m_document->select({begin, end}); });
    connect(m_recovery, &RecoveryPanel::recordChosen, m_document.get(), &Document::selectStructureAt);
    connect(m_check, &CheckView::bytesRequested, m_hex, qOverload<>(&QWidget::setFocus));
    connect(m_check, &CheckView::findingStepRequested, this, &DocumentView::goToFinding);
    connect(m_check, &CheckView::said, this, &DocumentView::said);
    connect(&m_document->check(), &FileCheck::findingsChanged, this, &DocumentView::showFindings);
    connect(m_data->actions(), &RowActions::said, this, &DocumentView::said);
    connect(m_data->actions(), &RowActions::exportRequested, this, &DocumentView::exportRows);
    connect(&m_export, &RowExport::changed, this, &DocumentView::showExport);
    connect(m_recovery, &RecoveryPanel::rescueRequested, this, &DocumentView::rescue);
    connect(&m_rescue, &FileRescue::changed, this, &DocumentView::showRescue);
    connect(m_schema, &SchemaView::placeChosen, m_document.get(),
            [this](Offset begin, Offset end) { m_document->select({begin, end}); });
    connect(m_schema, &SchemaView::rowsRequested, this, &DocumentView::showRows);
    connect(m_hex, &HexView::segmentStepRequested, m_document.get(), &Document::selectNeighbour);
    connect(m_hex, &HexView::saveRequested, this, &DocumentView::saveSelection);
    connect(m_selectionBar, &SelectionBar::selectionTyped, m_document.get(),
            [this](Offset begin, Offset end) { m_document->select({begin, end}); });
    connect(m_overview, &OverviewView::viewRequested, this, [this](OverviewView::Target target) {
        m_views->setCurrentIndex(target == OverviewView::Target::Pages      ? kPagesTab
                                     : target == OverviewView::Target::Data ? kDataTab
                                                                            : kLogTab);
        m_views->currentWidget()->setFocus();
    });
    connect(m_overview, &OverviewView::collectionRequested, this, &DocumentView::showRows);
    connect(&m_space, &SpaceMeasure::changed, this, [this] { m_overview->showSpace(m_space); });
    connect(m_overview, &OverviewView::placeRequested, this, [this](Offset begin, Offset end) {
        m_views->setCurrentIndex(kLogTab);
        m_document->select({begin, end});
    });
    connect(m_document.get(), &Document::lockChanged, this, [this] {
        m_overview->showLock(*m_document);
        showNotices();
    });
    connect(m_document.get(), &Document::notFound, this,
            [this] { Q_EMIT said(tr("There is nothing of that number, as far as the file can be read.")); });
    connect(m_views, &QTabWidget::currentChanged, this, &DocumentView::notePlace);
    connect(m_views, &QTabWidget::currentChanged, this, &DocumentView::findRow);
    connect(m_views, &QTabWidget::currentChanged, this, &DocumentView::measureWhatIsLookedAt);
    followBookmarks();
    tieFields();
    connect(&m_findSegment, &QFutureWatcherBase::finished, this, [this] {
        if (m_findSegment.future().resultCount() == 0)
            return;
        m_isFindingSegment = false;
        if (std::exchange(m_findsAgain, false)) {
            findSegment();
            return;
        }
        const auto found = m_findSegment.result();
        m_log->showRow(found ? m_segments.rowOf(*found) : std::nullopt);
    });
    connect(m_segments.filter(), &SegmentFilter::stateChanged, this, [this] {
        // Where nobody has looked elsewhere meanwhile.
        if (!m_log->currentRow() && m_log->firstVisibleRow() == 0
            && m_segments.filter()->state() != SegmentFilter::State::Running)
            findSegment();
    });
    showState();
}

DocumentView::~DocumentView() = default;

FilterLine *DocumentView::filterLine() const
{
    return m_logPane->filterLine();
}

void DocumentView::typeFilter()
{
    m_views->setCurrentIndex(kLogTab);
    filterLine()->setFocus(Qt::ShortcutFocusReason);
}

QWidget *DocumentView::makeMessagePage()
{
    auto *page = new QWidget(this);
    auto *retry = new QPushButton(tr("Tr&y Again"), page);
    retry->setObjectName(QStringLiteral("tryAgain"));
    connect(retry, &QPushButton::clicked, m_document.get(), &Document::open);
    m_retry = retry;
    m_message->setObjectName(QStringLiteral("message"));
    m_message->setTextFormat(Qt::PlainText);
    m_message->setWordWrap(true);
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto *layout = new QVBoxLayout(page);
    layout->addStretch();
    layout->addWidget(m_message);
    layout->addWidget(retry, 0, Qt::AlignHCenter);
    layout->addStretch();
    return page;
}

/// Fields and bytes of the selection.
QWidget *DocumentView::makeBytesPane()
{
    m_fields->setObjectName(QStringLiteral("fields"));
    m_fields->setAccessibleName(tr("Fields"));
    m_fields->setFrameShape(QFrame::NoFrame);
    m_fields->setMinimumHeight(fontMetrics().height() * 3); // its header and some fields
    m_fieldDetails->setObjectName(QStringLiteral("fieldDetails"));
    m_fieldDetails->setAccessibleName(tr("The selected field"));
    m_fieldDetails->setReadOnly(true);
    m_fieldDetails->setTabChangesFocus(true);
    m_fieldDetails->setFrameShape(QFrame::NoFrame);
    const int margins = 2 * static_cast<int>(m_fieldDetails->document()->documentMargin());
    m_fieldDetails->setMinimumHeight(fontMetrics().lineSpacing() + margins);
    m_fieldDetails->setMaximumHeight(fontMetrics().lineSpacing() * kDetailLines + margins);
    connect(m_fields, &FieldTreeView::coveredChanged, this,
            [this] { m_fieldDetails->setPlainText(m_fields->currentDetails()); });
    auto *fields = new QWidget(this);
    auto *fieldsLayout = new QVBoxLayout(fields);
    fieldsLayout->setContentsMargins({});
    fieldsLayout->setSpacing(0);
    fieldsLayout->addWidget(m_fields, 3);
    fieldsLayout->addWidget(m_fieldDetails, 2);
    auto *splitter = new BytesSplitter(fields, m_hex, this);

    auto *pane = new QWidget(this);
    auto *layout = new QVBoxLayout(pane);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(splitter, 1);
    layout->addWidget(m_selectionBar);
    m_selectionBar->setObjectName(QStringLiteral("selectionBar"));
    return pane;
}

QWidget *DocumentView::makeViews()
{
    m_pages->setDetails(&m_pageDetails);
    m_pages->setSamples(&m_samples);
    m_hex->setObjectName(QStringLiteral("hex"));
    m_hex->setAccessibleName(tr("Hex dump"));
    m_views->setObjectName(QStringLiteral("views"));
    m_views->setDocumentMode(true);
    m_views->addTab(m_overview, tr("Overview"));
    m_views->addTab(m_pagesPane, tr("Pages"));
    m_views->addTab(m_logPane, tr("Log"));
    m_data->setObjectName(QStringLiteral("data"));
    m_views->addTab(m_data, tr("Data"));
    m_schema->setObjectName(QStringLiteral("schema"));
    m_views->addTab(m_schema, tr("Schema"));
    m_check->setObjectName(QStringLiteral("check"));
    m_views->addTab(m_check, tr("Check"));
    m_recovery->setObjectName(QStringLiteral("recovery"));
    m_views->addTab(m_recovery, tr("Recovery"));

    auto *splitter = new QSplitter(Qt::Vertical, this);
    splitter->addWidget(m_views);
    splitter->addWidget(makeBytesPane());
    splitter->setChildrenCollapsible(false);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setSizes({300, 200}); // in proportion
    return splitter;
}

void DocumentView::showState()
{
    if (m_document->state() == Document::State::Scanning) // it is read anew
        watchFile();
    m_segments.filter()->setScanning(m_document->state() == Document::State::Opening
                                     || m_document->state() == Document::State::Scanning);
    // Nobody will see bytes here soon.
    if (m_document->state() == Document::State::Scanning && (!m_hex->isVisible() || window()->isMinimized()))
        m_document->startHeldScan();
    const bool failed = m_document->state() == Document::State::Failed;
    m_retry->setVisible(failed);
    if (failed) {
        watchFile();
        m_message->setText(tr("%1\n\n%2.").arg(pathText(m_document->path()), errorText(m_document->error())));
        m_stack->setCurrentIndex(0);
    } else if (m_document->state() == Document::State::Opening && !m_document->snapshot()) {
        m_message->setText(tr("Opening %1…").arg(pathText(m_document->path())));
        m_stack->setCurrentIndex(0);
    }
    if (m_document->state() == Document::State::Scanning)
        m_logPane->setEmptyText(tr("Looking for segments…"));
    else if (m_document->fileLength() == 0)
        m_logPane->setEmptyText(tr("The file is empty: there is no log."));
    else
        m_logPane->setEmptyText(tr("The log is empty: no segment was found behind the superblocks."));
    if (m_document->state() == Document::State::Scanning)
        m_data->setEmptyText(tr("Reading rows…"));
    else
        m_data->setEmptyText(tr("There are no rows."));
    m_schema->setEmptyText(m_document->state() == Document::State::Scanning ? tr("Reading the schema…")
                                                                            : tr("There are no collections."));
    showNotices();
}

void DocumentView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_watch.start();
    measureWhatIsLookedAt();
}

void DocumentView::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_watch.stop();
    measureWhatIsLookedAt();
}

/// As it was read just now.
void DocumentView::watchFile()
{
    m_lengthShown = m_document->fileLength();
    m_watch.watch(m_document->store(), m_lengthShown);
}

void DocumentView::showFate()
{
    const auto &fate = m_watch.fate();
    // Bytes that are gone are not shown any longer, wherever they were read before.
    if (m_document->snapshot() && fate.lengthNow < std::exchange(m_lengthShown, fate.lengthNow))
        showSnapshot();
    showNotices();
}

void DocumentView::showNotices()
{
    std::vector<NoticeBar::Notice> notices;
    if (m_document->snapshot()) {
        addFileNotices(notices);
        addScanNotices(notices);
        addLockNotice(notices);
    }
    if (auto notice = exportNotice(m_export, QStringLiteral("export.%1").arg(m_exports)))
        notices.push_back(*std::move(notice));
    if (auto notice = rescueNotice(m_rescue, QStringLiteral("rescue.%1").arg(m_rescues), showsRescued(),
                                   [this](const std::filesystem::path &path) { Q_EMIT openRequested(path); }))
        notices.push_back(*std::move(notice));
    m_notices->setNotices(std::move(notices));
}

/// What became of the file since.
void DocumentView::addFileNotices(std::vector<NoticeBar::Notice> &notices)
{
    if (m_watch.isOverdue())
        notices.push_back({.id = QStringLiteral("file.silent"),
                           .severity = Severity::Warning,
                           .text = tr("The file system does not answer: what you see may be outdated.")});
    const auto &fate = m_watch.fate();
    if (fate.kind == FileFate::Kind::Same)
        return;
    NoticeBar::Notice notice{.id = QStringLiteral("file.%1").arg(static_cast<int>(fate.kind)),
                             .severity = fateSeverity(fate.kind),
                             .text = fileFateText(fate)};
    if (canBeReloaded(fate.kind)) {
        notice.actionText = tr("Reload");
        notice.action = [this] { m_document->open(); };
    }
    notices.push_back(std::move(notice));
}

/// Why there is less to see than in a sound database.
void DocumentView::addScanNotices(std::vector<NoticeBar::Notice> &notices)
{
    if (const auto &error = m_document->scanError(); error && m_document->state() == Document::State::Stopped)
        notices.push_back({.id = QStringLiteral("scan"),
                           .severity = Severity::Error,
                           .text = tr("The file could not be read to its end: %1.").arg(errorText(*error)),
                           .actionText = tr("Scan Again"),
                           .action = [this] { m_document->scan(); }});
    const auto &head = m_document->snapshot()->head;
    if (head.header)
        return;
    NoticeBar::Notice notice{.id = QStringLiteral("header"),
                             .severity = head.fileLength == 0 ? Severity::Info : Severity::Error,
                             .text = tr("%1.").arg(headerErrorText(head))};
    // Programs are no documents: the system might run them.
    if (head.foreign != ForeignFormat::None && head.foreign != ForeignFormat::Elf) {
        notice.actionText = tr("Open with the System's Program");
        notice.action = [path = m_document->path()] { openWithSystem(path); };
    }
    notices.push_back(std::move(notice));
}

/// Why there is no lock, unless none was wished for.
void DocumentView::addLockNotice(std::vector<NoticeBar::Notice> &notices)
{
    const auto &refusal = m_document->lockRefusal();
    if (!refusal)
        return;
    const bool isHeld = refusal->code == ErrorCode::WouldBlock;
    const auto &blockers = m_document->blockers();
    const auto why = blockers.empty() ? lockRefusalText(*refusal) : holderText(blockers.front());
    notices.push_back({.id = isHeld ? QStringLiteral("lock.held") : QStringLiteral("lock.refused"),
                       .severity = isHeld ? Severity::Info : Severity::Warning,
                       .text = tr("%1. You observe without a lock: the file may change while you look.").arg(why),
                       .actionText = tr("Try Again"),
                       .action = [this] { m_document->takeLock(); }});
}

void DocumentView::showSnapshot()
{
    if (m_document->fileLength() != m_watch.fate().lengthRead) // scanned anew
        watchFile();
    m_segments.setSnapshot(m_document->store(), m_document->snapshot());
    showCollections();
    m_pageDetails.setSource(m_document->store(), m_document->snapshot());
    m_samples.setSource(m_document->store(), m_document->snapshot());
    m_space.setSource(m_document->store(), m_document->snapshot());
    m_findRow.drop(); // it is about the older snapshot
    m_data->setSource(m_document->store(), m_document->snapshot());
    m_recovery->setSource(m_document->store(), m_document->snapshot());
    m_schema->setSnapshot(m_document->snapshot());
    m_pages->setPages(m_document->snapshot() ? m_document->snapshot()->log.pages : nullptr);
    m_hex->setSource(m_document->store(), m_document->snapshot());
    m_hex->showSelection(m_document->selection().begin, m_document->selection().end);
    m_fields->setSource(m_document->store(), m_document->snapshot());
    m_fields->showSelection(m_document->selection());
    m_overview->show(*m_document);
    m_selectionBar->show(m_document->selection(), m_hex->cursor(), m_document->fileLength());
    if (!m_log->currentRow())
        findSegment();
    if (!m_history.current())
        notePlace();
}

void DocumentView::measureWhatIsLookedAt()
{
    m_space.setWanted(isVisible() && m_views->currentWidget() == m_overview);
}

void DocumentView::showCollections()
{
    std::vector<std::string> names;
    if (const auto &snapshot = m_document->snapshot(); snapshot && snapshot->catalog) {
        for (const auto &[id, collection] : snapshot->catalog->catalog().collections())
            names.push_back(collection.name);
    }
    filterLine()->setCollections(std::move(names));
}

/// Marks of them in all views, and on the tab how many there are that matter.
void DocumentView::showFindings()
{
    const auto &findings = m_document->check().findings();
    m_segments.setFindings(findings);
    m_pages->setFindings(findings);
    m_hex->setFindings(findings);
    m_overview->showFindings(*m_document);
    const auto &report = findings->report();
    const auto errors = report.count(Severity::Error);
    const auto count = errors + report.count(Severity::Warning);
    const int tab = m_views->indexOf(m_check);
    m_views->setTabText(tab, count == 0 ? tr("Check") : tr("Check (%1)").arg(groupedText(count)));
    m_views->setTabIcon(tab, count == 0 ? QIcon() : severityIcon(errors > 0 ? Severity::Error : Severity::Warning));
    m_views->setTabToolTip(tab, toolTipText(countsText(report)));
}

void DocumentView::showSelection()
{
    const auto selection = m_document->selection();
    m_hex->showSelection(selection.begin, selection.end);
    m_fields->showSelection(selection);
    m_pages->showSelection(selection.begin, selection.end);
    m_selectionBar->show(selection, m_hex->cursor(), m_document->fileLength());
    notePlace();
    findSegment();
    findRow();
}

/// The row whose record is selected, where rows are looked at.
void DocumentView::findRow()
{
    if (m_document->snapshot() && m_views->currentWidget() == m_data)
        m_findRow.want(m_document->selection().begin);
}

void DocumentView::tieFields()
{
    connect(m_fields, &FieldTreeView::selectionChosen, m_document.get(), [this](Offset begin, Offset end) {
        const QScopedValueRollback stepping(m_isStepping, true);
        m_document->select({begin, end});
    });
    connect(m_fields, &FieldTreeView::targetRequested, this, &DocumentView::followField);
    connect(m_fields, &FieldTreeView::pieceChanged, this, [this] { m_hex->setFields(m_fields->fields().piece()); });
    connect(m_fields, &FieldTreeView::coveredChanged, this, [this] {
        const auto covered = m_fields->covered().value_or(FieldTreeView::Range{});
        m_hex->setCovered(covered.begin, covered.end);
    });
}

void DocumentView::followField(Offset target)
{
    if (target.value >= m_document->fileLength())
        Q_EMIT said(tr("%1 lies behind the end of the file.").arg(offsetText(target)));
    else
        m_document->selectStructureAt(target);
}

/// The row of the segment that the selection begins in.
void DocumentView::findSegment()
{
    if (!m_document->snapshot())
        return;
    const auto place = m_document->selection().begin;
    const auto row = m_log->currentRow();
    const auto *current = row ? m_segments.segment(*row) : nullptr;
    if (current != nullptr && current->offset <= place && place < current->end()) {
        dropFindSegment(); // an older search must not move on
        return;
    }
    if (m_isFindingSegment) { // one at a time: on slow storage a held key would queue dozens
        m_findsAgain = true;
        return;
    }
    m_isFindingSegment = true;
    m_findSegment.setFuture(QtConcurrent::run(
        [store = m_document->store(), index = m_document->snapshot()->log.index, place]() -> std::optional<SegmentNo> {
            const auto found = LogReader(*store, index).segmentAt(place);
            return found && *found ? std::optional((*found)->no) : std::nullopt;
        }));
}

void DocumentView::dropFindSegment()
{
    m_isFindingSegment = m_findsAgain = false;
    m_findSegment.setFuture(QFuture<std::optional<SegmentNo>>());
}

void DocumentView::notePlace()
{
    const Place here{m_views->currentIndex(), m_document->selection()};
    if (m_showingPlace || !m_document->snapshot())
        return;
    const auto before = m_history.current();
    if (before && before->view == here.view && m_isStepping
        && isNear(before->selection.begin, here.selection.begin))
        m_history.replace(here);
    else
        m_history.visit(here);
    Q_EMIT historyChanged();
}

void DocumentView::goBack()
{
    showPlace(m_history.back());
}

void DocumentView::goForward()
{
    showPlace(m_history.forward());
}

void DocumentView::showPlace(const std::optional<Place> &place)
{
    if (!place)
        return;
    m_showingPlace = true;
    const bool hadFocus = m_views->isAncestorOf(focusWidget());
    m_views->setCurrentIndex(place->view);
    if (hadFocus)
        m_views->currentWidget()->setFocus();
    m_document->select(place->selection);
    m_showingPlace = false;
    Q_EMIT historyChanged();
}

void DocumentView::followBookmarks()
{
    connect(m_document.get(), &Document::opened, this, [this] {
        m_bookmarks.setFileLength(m_document->fileLength());
        m_bookmarks.open(m_document->store()->origin(), m_document->path());
    });
    connect(m_document.get(), &Document::snapshotChanged, this,
            [this] { m_bookmarks.setFileLength(m_document->fileLength()); });
    connect(m_document.get(), &Document::stateChanged, this, [this] {
        if (m_document->state() == Document::State::Failed)
            m_bookmarks.close();
    });
    connect(&m_bookmarks, &Bookmarks::changed, this, [this] { m_hex->setBookmarks(m_bookmarks.list()); });
    connect(m_hex, &HexView::bookmarkRequested, this, &DocumentView::makeBookmark);
}

void DocumentView::makeBookmark()
{
    if (!m_document->store())
        return;
    const auto [begin, end] = m_document->selection();
    const auto kind = m_hex->kindAt(begin);
    const auto what = !kind || *kind == ContentKind::NotScanned ? tr("bytes") : kindText(*kind);
    const auto index = m_bookmarks.add(begin, end, tr("%1 at %2").arg(what, offsetText(begin)));
    if (index.isValid())
        Q_EMIT bookmarkMade(index);
    else if (begin >= end)
        Q_EMIT said(tr("Nothing is selected: there is nothing to remember."));
    else
        Q_EMIT said(tr("There are %1 bookmarks already: remove some first.").arg(Bookmarks::kMost));
}

void DocumentView::stepToBookmark(int step)
{
    const auto [begin, end] = m_document->selection();
    const auto index = step > 0 ? m_bookmarks.next(begin, end) : m_bookmarks.previous(begin, end);
    if (!index.isValid()) {
        Q_EMIT said(step > 0 ? tr("There is no bookmark behind this place.")
                             : tr("There is no bookmark before this place."));
        return;
    }
    const auto &bookmark = m_bookmarks.bookmark(index);
    m_document->select({bookmark.begin, std::min(bookmark.end, Offset{m_document->fileLength()})});
}

void DocumentView::goToFinding(int step)
{
    if (!m_document->snapshot())
        return;
    const auto &findings = m_document->check().findings()->report().findings;
    const Offset last{m_document->fileLength() == 0 ? 0 : m_document->fileLength() - 1};
    const auto placeOf = [last](const CheckFinding &finding) { return std::min(finding.what.offset, last); };
    const auto here = m_document->selection().begin;
    const auto current = m_check->currentFinding();
    // Several may begin at one place: from the one that was shown last, where it is still selected.
    const auto next = current && placeOf(findings[*current]) == here
        ? findings.begin() + static_cast<std::ptrdiff_t>(*current) + (step > 0 ? 1 : 0)
        : step > 0 ? std::ranges::upper_bound(findings, here, {}, placeOf)
                   : std::ranges::lower_bound(findings, here, {}, placeOf);
    if (next == (step > 0 ? findings.end() : findings.begin())) {
        Q_EMIT said(findings.empty() ? tr("There are no findings.")
                        : step > 0   ? tr("There is no finding behind this place.")
                                     : tr("There is no finding before this place."));
        return;
    }
    const auto &finding = step > 0 ? *next : *std::prev(next);
    const auto number = static_cast<std::size_t>(&finding - findings.data());
    m_document->select({finding.what.offset, finding.what.end()});
    m_check->showFinding(number);
    Q_EMIT said(
        tr("Finding %1 of %2: %3").arg(groupedText(number + 1), groupedText(findings.size()), findingText(finding)));
}

void DocumentView::savePayload()
{
    if (!m_document->snapshot())
        return;
    const auto before = m_document->selection();
    QtConcurrent::run([store = m_document->store(), index = m_document->snapshot()->log.index, before] {
        return LogReader(*store, index).segmentAt(before.begin);
    }).then(this, [this, before, store = m_document->store()](const Result<std::optional<Segment>> &found) {
        if (m_document->selection() != before || m_document->store() != store)
            return; // an older wish does not undo a newer one
        if (!found || !*found) {
            Q_EMIT said(tr("No segment lies here: there is no payload to save."));
            return;
        }
        m_document->select({(*found)->payloadOffset(), (*found)->end()});
        saveSelection();
    });
}

void DocumentView::saveSelection()
{
    const auto selection = m_document->selection();
    if (!m_document->store())
        return;
    if (selection.end <= selection.begin) {
        Q_EMIT said(tr("Nothing is selected: there is nothing to save."));
        return;
    }
    auto *dialog =
        makeSaveDialog(this, tr("Save %1").arg(exactSizeText(selection.end - selection.begin)), m_document->path(),
                       QStringLiteral("%1-%2.bin").arg(m_document->name(), hexText(selection.begin.value)));
    // Of this file, whatever the document shows by then.
    connect(dialog, &QDialog::accepted, this,
            [this, dialog, selection, store = m_document->store(), identity = *m_document->identity()] {
                const auto path = dialog->selectedFiles().constFirst();
                saveRange(store, selection.begin, selection.end, path, identity)
                    .then(this, [this, path](const QString &failure) {
                        const auto shown = plainText(path.toStdString());
                        Q_EMIT said(failure.isEmpty() ? tr("Saved to %1").arg(shown)
                                                      : tr("Not saved: %1").arg(failure));
                    });
            });
    dialog->open();
}

void DocumentView::showRows(std::uint32_t collectionId)
{
    m_data->showCollection(collectionId);
    m_views->setCurrentIndex(kDataTab);
    m_data->setFocus();
}

void DocumentView::exportRows(ExportScope scope)
{
    const auto &rows = m_data->rows();
    auto parts = rowsToExport(scope, rows);
    if (m_export.isRunning()) {
        Q_EMIT said(tr("An export is under way: wait for it, or stop it first."));
        return;
    }
    if (parts.empty()) {
        Q_EMIT said(tr("There are no collections: there is nothing to export."));
        return;
    }
    if (scope == ExportScope::VisibleRows && rows.isSearching()) {
        Q_EMIT said(tr("The rows are still being looked for: what is shown can be exported once they are there."));
        return;
    }
    auto name = m_document->path();
    name.replace_extension();
    if (scope != ExportScope::Everything)
        name += "-" + fileNameFor(rows.snapshot()->catalog->catalog().find(*rows.collectionId())->name);
    auto *dialog = new ExportDialog(name, scope != ExportScope::Everything, this);
    // Of this file, whatever the document shows by then.
    connect(dialog, &QDialog::accepted, this,
            [this, dialog, parts = std::move(parts), store = rows.store(), snapshot = rows.snapshot()]() mutable {
                m_export.start(store, snapshot, std::move(parts), dialog->target());
            });
    dialog->open();
}

/// It has begun, or ended.
void DocumentView::showExport()
{
    if (!m_export.isRunning())
        ++m_exports;
    showNotices();
}

void DocumentView::rescue(RescueKeep keep)
{
    const auto store = m_document->store();
    const auto snapshot = m_document->snapshot();
    if (m_rescue.isRunning()) {
        Q_EMIT said(tr("A rescue is under way: wait for it, or stop it first."));
        return;
    }
    if (!snapshot || !snapshot->log.complete || !snapshot->catalog) {
        Q_EMIT said(tr("The file is still being read: what can be rescued is known after that."));
        return;
    }
    const auto &path = m_document->path();
    auto *dialog =
        makeSaveDialog(this, tr("Rescue to a New File"), path,
                       tr("%1-rescued.mv", "name of a file").arg(QFile::decodeName(path.stem().string().c_str())));
    dialog->setOption(QFileDialog::DontConfirmOverwrite); // what is there stays: the rescue refuses it
    dialog->setNameFilters({tr("ModelVault database (*.mv)"), tr("All files (*)")});
    dialog->setDefaultSuffix(QStringLiteral("mv"));
    // Of this file, whatever the document shows by then.
    connect(dialog, &QDialog::accepted, this, [this, dialog, store, snapshot, keep] {
        if (!m_rescue.isRunning())
            m_rescuedStore = store;
        m_rescue.start(store, snapshot, keep, QFile::encodeName(dialog->selectedFiles().value(0)).toStdString());
    });
    dialog->open();
}

/// Whether the rescue was of the file as it is shown: offsets of one that was reloaded since mean other bytes.
bool DocumentView::showsRescued() const
{
    return m_document->store() == m_rescuedStore.lock();
}

/// It has begun, or ended.
void DocumentView::showRescue()
{
    const auto &outcome = m_rescue.outcome();
    m_recovery->setRescued(outcome && *outcome && showsRescued() ? std::make_shared<const RescueReport>(**outcome)
                                                                 : nullptr);
    if (!m_rescue.isRunning())
        ++m_rescues;
    showNotices();
}

bool DocumentView::isSettled() const
{
    return m_document->isSettled() && m_segments.isSettled() && m_hex->isSettled() && m_pages->isSettled()
        && m_fields->isSettled() && m_data->isSettled() && m_finder.isSettled() && m_schema->isSettled()
        && !m_findRow.isBusy() && !m_export.isRunning() && !m_rescue.isRunning() && !m_space.isMeasuring() && m_recovery->isSettled()
        && !m_isFindingSegment;
}

} // namespace modelvault::ui
