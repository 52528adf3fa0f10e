#include "views/recovery_panel.h"

#include "models/list_limits.h"
#include "text/explain_words.h"
#include "text/finding_words.h"
#include "text/place_request.h"
#include "text/words.h"
#include "views/flow_layout.h"
#include "views/said_tip.h"
#include "views/virtual_table_view.h"

#include <QComboBox>
#include <QFocusEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QScrollArea>
#include <QSlider>
#include <QSplitter>
#include <QTabWidget>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <ranges>
#include <span>
#include <utility>

namespace modelvault::ui {
namespace {

constexpr int kSteps = 10'000; // of the slider
constexpr int kKeptColumn = 1; // of the collections
constexpr int kIdRole = Qt::UserRole + 1;
constexpr auto kPause = std::chrono::milliseconds(150);
constexpr std::size_t kMostKey = 64;   // bytes
constexpr std::size_t kMostValue = 40; // of one of a row
constexpr qsizetype kMostValues = 400;
constexpr int kNotRescuedTab = 2;

std::vector<TextRowModel::Column> keptColumns()
{
    return {{.header = RecoveryPanel::tr("Key"), .sample = QString(12, QLatin1Char('n'))},
            {.header = RecoveryPanel::tr("Values"), .sample = QString(40, QLatin1Char('n'))}};
}

std::vector<TextRowModel::Column> changeColumns()
{
    return {{.header = RecoveryPanel::tr("Collection"), .sample = QString(10, QLatin1Char('n'))},
            {.header = RecoveryPanel::tr("Key"), .sample = QString(10, QLatin1Char('n'))},
            {.header = RecoveryPanel::tr("What Happens"), .sample = QString(16, QLatin1Char('n'))},
            {.header = RecoveryPanel::tr("Txn"), .sample = QStringLiteral("123456"), .isNumber = true},
            {.header = RecoveryPanel::tr("Values That Go"), .sample = QString(24, QLatin1Char('n'))},
            {.header = RecoveryPanel::tr("Values That Are Kept"), .sample = QString(24, QLatin1Char('n'))}};
}

std::vector<TextRowModel::Column> transactionColumns()
{
    return {{.header = RecoveryPanel::tr("Txn"), .sample = QStringLiteral("123456"), .isNumber = true},
            {.header = RecoveryPanel::tr("Id"), .sample = QStringLiteral("123456"), .isNumber = true},
            {.header = RecoveryPanel::tr("State"), .sample = QString(10, QLatin1Char('n'))},
            {.header = RecoveryPanel::tr("Offset"), .sample = QStringLiteral("0x00000000"), .isMonospace = true},
            {.header = RecoveryPanel::tr("Length"), .sample = QStringLiteral("100.0 KiB"), .isNumber = true}};
}

std::vector<TextRowModel::Column> notRescuedColumns()
{
    return {{.header = RecoveryPanel::tr("Offset"), .sample = QStringLiteral("0x00000000"), .isMonospace = true},
            {.header = RecoveryPanel::tr("What Is Wrong"), .sample = QString(50, QLatin1Char('n'))}};
}

/// "title: Dune, year: 1965", cut short.
QString valuesText(const Record &record)
{
    QString text;
    for (const auto &field : record.fields) {
        if (text.size() > kMostValues)
            return text + QChar(0x2026);
        if (!text.isEmpty())
            text += QStringLiteral(", ");
        const bool isNone = heldValue(field.value) == nullptr;
        text +=
            RecoveryPanel::tr("%1: %2").arg(plainText(field.path.text(kMostLabel)),
                                            isNone ? RecoveryPanel::tr("none") : shownValue(field.value, kMostValue));
    }
    return text;
}

QString fateText(const RowChange &change)
{
    if (!change.committed)
        return RecoveryPanel::tr("goes, was never committed");
    switch (change.fate) {
    case RowFate::Lost:
        return RecoveryPanel::tr("is lost");
    case RowFate::TurnsBack:
        return RecoveryPanel::tr("turns back to an earlier version");
    case RowFate::ComesBack:
        return RecoveryPanel::tr("was deleted, comes back");
    }
    return {};
}

/// The rows of a collection, found once by whoever asks first.
struct KeptPlaces {
    std::once_flag once;
    std::vector<RowPlace> places;
};

QString notYetText()
{
    return RecoveryPanel::tr("Known when the file is scanned.");
}

void makeHeading(QLabel &label)
{
    label.setMargin(label.fontMetrics().averageCharWidth() / 2);
    label.setWordWrap(true);
    auto font = label.font();
    font.setBold(true);
    label.setFont(font);
}

/// Of a payload; of length 0 if it is not known.
TextRowModel::Row rowAt(QStringList cells, Offset payload, std::uint64_t length)
{
    return {.cells = std::move(cells), .begin = payload, .end = payload + length};
}

} // namespace

RecoveryPanel::RecoveryPanel(QWidget *parent)
    : QWidget(parent),
      m_kept(keptColumns()),
      m_changes(changeColumns()),
      m_transactions(transactionColumns()),
      m_notRescued(notRescuedColumns()),
      m_verdict(new QLabel(this)),
      m_slider(new QSlider(Qt::Horizontal, this)),
      m_endLine(new QLineEdit(this)),
      m_superblock(new QComboBox(this)),
      m_collections(new QTreeView(this)),
      m_keptHeading(new QLabel(tr("The engine would keep"), this)),
      m_keptTable(nullptr),
      m_lostHeading(new QLabel(tr("It would lose"), this)),
      m_lostTabs(new QTabWidget(this)),
      m_changesTable(nullptr),
      m_transactionsTable(nullptr),
      m_notRescuedTable(nullptr),
      m_keep(new QComboBox(this)),
      m_rescue(new QPushButton(tr("Resc&ue…"), this))
{
    m_verdict->setObjectName(QStringLiteral("recoveryVerdict"));
    m_verdict->setTextFormat(Qt::PlainText);
    m_verdict->setWordWrap(true);
    m_verdict->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_verdict->setMargin(fontMetrics().averageCharWidth());
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPause);
    connect(&m_pause, &QTimer::timeout, this, &RecoveryPanel::ask);
    auto *splitter = new QSplitter(Qt::Horizontal, this);
    splitter->addWidget(makeKept());
    splitter->addWidget(makeLost());
    splitter->setChildrenCollapsible(false);
    splitter->setSizes({400, 500}); // in proportion
    // Its sentences are as high as their words want, which a low window may not have room for.
    auto *all = new QWidget(this);
    auto *layout = new QVBoxLayout(all);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(makeControls());
    layout->addWidget(m_verdict);
    layout->addWidget(splitter, 1);
    auto *area = new QScrollArea(this);
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidgetResizable(true);
    area->setWidget(all);
    auto *whole = new QVBoxLayout(this);
    whole->setContentsMargins({});
    whole->addWidget(area);
    connect(&m_recovery, &Recovery::changed, this, &RecoveryPanel::showPlan);
    showPlan();
}

QWidget *RecoveryPanel::makeControls()
{
    m_slider->setObjectName(QStringLiteral("recoveryEnd"));
    m_slider->setRange(0, kSteps);
    m_slider->setPageStep(kSteps / 20);
    m_slider->setAccessibleName(tr("As if the file ended there"));
    m_endLine->setObjectName(QStringLiteral("recoveryEndOffset"));
    m_endLine->setAccessibleName(tr("Offset at which the file would end"));
    m_endLine->setMaximumWidth(fontMetrics().averageCharWidth() * 20);
    m_superblock->setObjectName(QStringLiteral("recoverySuperblock"));
    m_superblock->setAccessibleName(tr("Superblock that is gone by"));
    m_superblock->addItem(tr("the newest one"));
    m_superblock->addItem(tr("A"));
    m_superblock->addItem(tr("B"));
    connect(m_slider, &QSlider::valueChanged, this, [this](int value) {
        const auto length = m_recovery.snapshot() ? m_recovery.snapshot()->fileLength() : 0;
        m_end = value == kSteps
            ? std::nullopt
            : std::optional(Offset{static_cast<std::uint64_t>(static_cast<double>(length) * value / kSteps)});
        showEnd();
        m_pause.start();
    });
    connect(m_endLine, &QLineEdit::returnPressed, this, [this] {
        const auto typed = parseNumber(m_endLine->text());
        if (typed)
            setEnd(Offset{*typed});
        else
            sayAt(m_endLine, m_endLine->rect().bottomLeft(), typed.error());
    });
    connect(m_superblock, &QComboBox::currentIndexChanged, this, &RecoveryPanel::ask);

    auto *asItIs = new QToolButton(this);
    asItIs->setObjectName(QStringLiteral("recoveryAsItIs"));
    asItIs->setText(tr("As It Is"));
    asItIs->setToolTip(tr("The whole file, by the superblock that opens choose"));
    connect(asItIs, &QToolButton::clicked, this, [this] {
        m_superblock->setCurrentIndex(0);
        setEnd(std::nullopt);
    });
    auto *endLabel = new QLabel(tr("As if the file en&ded at"), this);
    endLabel->setBuddy(m_slider);
    auto *blockLabel = new QLabel(tr("Going by super&block"), this);
    blockLabel->setBuddy(m_superblock);
    auto *controls = new QWidget(this);
    auto *where = new QHBoxLayout;
    where->addWidget(endLabel);
    where->addWidget(m_slider, 1);
    where->addWidget(m_endLine);
    auto *by = new FlowLayout;
    by->setSpacing(fontMetrics().averageCharWidth());
    auto *block = new QWidget(this);
    auto *blockLayout = new QHBoxLayout(block);
    blockLayout->setContentsMargins({});
    blockLayout->addWidget(blockLabel);
    blockLayout->addWidget(m_superblock);
    blockLayout->addWidget(asItIs);
    by->addWidget(block);
    by->addWidget(makeRescue());
    auto *layout = new QVBoxLayout(controls);
    layout->setContentsMargins(fontMetrics().averageCharWidth(), fontMetrics().height() / 4,
                               fontMetrics().averageCharWidth(), 0);
    layout->addLayout(where);
    layout->addLayout(by);
    return controls;
}

QWidget *RecoveryPanel::makeRescue()
{
    m_keep->setObjectName(QStringLiteral("rescueKeep"));
    m_keep->setAccessibleName(tr("What a rescue writes to the new file"));
    m_keep->addItem(tr("everything that decodes"), QVariant::fromValue(RescueKeep::All));
    m_keep->addItem(tr("what the engine would keep"), QVariant::fromValue(RescueKeep::Engine));
    m_rescue->setObjectName(QStringLiteral("rescue"));
    m_rescue->setToolTip(tr("Writes a new, clean database from the whole of this file, which stays as it is"));
    connect(m_rescue, &QPushButton::clicked, this,
            [this] { Q_EMIT rescueRequested(m_keep->currentData().value<RescueKeep>()); });
    auto *rescue = new QWidget(this);
    auto *layout = new QHBoxLayout(rescue);
    layout->setContentsMargins({});
    layout->addWidget(m_keep);
    layout->addWidget(m_rescue);
    return rescue;
}

VirtualTableView *RecoveryPanel::makeTable(TextRowModel &model, const char *name, const QString &accessibleName)
{
    auto *table = new VirtualTableView(this);
    table->setObjectName(QString::fromLatin1(name));
    table->setAccessibleName(accessibleName);
    table->setFrameShape(QFrame::NoFrame);
    table->setModel(&model);
    connect(table, &VirtualTableView::currentRowChanged, this, [this, &model](std::uint64_t row) {
        const auto *found = model.row(row);
        if (found != nullptr && found->begin < found->end)
            Q_EMIT placeChosen(found->begin, found->end);
        else if (found != nullptr)
            Q_EMIT recordChosen(found->begin);
    });
    return table;
}

QWidget *RecoveryPanel::makeKept()
{
    m_collectionModel.setHorizontalHeaderLabels(
        {tr("Collection"), tr("Kept"), tr("Lost"), tr("Turn Back"), tr("Come Back"), tr("Never Committed")});
    m_collections->setObjectName(QStringLiteral("recoveryCollections"));
    m_collections->setAccessibleName(tr("Collections, with the rows that are kept and lost"));
    m_collections->setModel(&m_collectionModel);
    m_collections->setRootIsDecorated(false);
    m_collections->setUniformRowHeights(true);
    m_collections->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_collections->setFrameShape(QFrame::NoFrame);
    connect(m_collections->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        if (!m_isFilling)
            showKept();
    });
    m_keptTable = makeTable(m_kept, "recoveryKept", tr("Rows that are kept"));
    m_keptHeading->setObjectName(QStringLiteral("recoveryKeptHeading"));
    makeHeading(*m_keptHeading);
    auto *parts = new QSplitter(Qt::Vertical, this);
    parts->addWidget(m_collections);
    parts->addWidget(m_keptTable);
    parts->setChildrenCollapsible(false);
    auto *kept = new QWidget(this);
    auto *layout = new QVBoxLayout(kept);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(m_keptHeading);
    layout->addWidget(parts, 1);
    return kept;
}

QWidget *RecoveryPanel::makeLost()
{
    m_changesTable = makeTable(m_changes, "recoveryChanges", tr("Rows that are lost or changed"));
    m_transactionsTable = makeTable(m_transactions, "recoveryTransactions", tr("Transactions that are lost"));
    m_lostTabs->setObjectName(QStringLiteral("recoveryLost"));
    m_lostTabs->setDocumentMode(true);
    m_lostTabs->addTab(m_changesTable, tr("Rows"));
    m_lostTabs->addTab(m_transactionsTable, tr("Transactions"));
    m_notRescuedTable = makeTable(m_notRescued, "recoveryNotRescued", tr("What the rescue left out"));
    m_lostTabs->addTab(m_notRescuedTable, QString());
    setRescued(nullptr);
    makeHeading(*m_lostHeading);
    auto *lost = new QWidget(this);
    auto *layout = new QVBoxLayout(lost);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(m_lostHeading);
    layout->addWidget(m_lostTabs, 1);
    return lost;
}

void RecoveryPanel::setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot)
{
    if (m_recovery.store() != store) {
        setRescued(nullptr);
        m_end.reset();
        m_superblock->setCurrentIndex(0);
    }
    m_recovery.setSource(std::move(store), std::move(snapshot));
}

void RecoveryPanel::setRescued(std::shared_ptr<const RescueReport> report)
{
    const auto count = report ? report->findings.size() : 0;
    m_lostTabs->setTabVisible(kNotRescuedTab, report != nullptr);
    m_lostTabs->setTabText(kNotRescuedTab,
                           tr("Not Rescued (%1)").arg(groupedText(count + (report ? report->findingsDropped : 0))));
    m_notRescuedTable->setEmptyText(tr("Nothing that is damaged was left out."));
    m_notRescued.setRows(
        count,
        [report = std::move(report)](std::uint64_t first,
                                     std::uint64_t wanted) -> Result<std::vector<TextRowModel::Row>> {
            std::vector<TextRowModel::Row> rows;
            for (const auto &finding :
                 std::span(report->findings).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(wanted)))
                rows.push_back({.cells = {fixedOffsetText(finding.what.offset), findingText(finding)},
                                .begin = finding.what.offset,
                                .end = finding.what.end()});
            return rows;
        });
}

void RecoveryPanel::setEnd(std::optional<Offset> end)
{
    const auto length = m_recovery.snapshot() ? m_recovery.snapshot()->fileLength() : 0;
    m_end = end && end->value < length ? end : std::nullopt;
    showEnd();
    ask();
}

void RecoveryPanel::ask()
{
    m_pause.stop();
    const int block = m_superblock->currentIndex();
    m_recovery.setView({.end = m_end,
                        .superblock = block == 0 ? std::nullopt
                            : block == 1         ? std::optional(SuperblockSlot::A)
                                                 : std::optional(SuperblockSlot::B)});
}

void RecoveryPanel::showEnd()
{
    const auto length = m_recovery.snapshot() ? m_recovery.snapshot()->fileLength() : 0;
    const QSignalBlocker quiet(m_slider);
    m_slider->setValue(m_end && length > 0
                           ? static_cast<int>(static_cast<double>(m_end->value) / static_cast<double>(length) * kSteps)
                           : kSteps);
    m_endLine->setText(offsetText(m_end.value_or(Offset{length})));
}

void RecoveryPanel::showPlan()
{
    const auto &snapshot = m_recovery.snapshot();
    setEnabled(snapshot != nullptr);
    m_rescue->setEnabled(snapshot && snapshot->log.complete && snapshot->catalog);
    if (!m_pause.isActive())
        showEnd();
    showVerdict();
    if (m_shown == m_recovery.plan())
        return;
    m_shown = m_recovery.plan();
    showCollections();
    showKept();
    showLost();
}

void RecoveryPanel::showVerdict()
{
    if (m_recovery.error()) {
        m_verdict->setText(tr("This can't be told: %1.").arg(errorText(*m_recovery.error())));
        return;
    }
    const auto &plan = m_recovery.plan();
    if (!plan) {
        m_verdict->setText(m_recovery.isBusy() ? tr("Computing what an open would do…")
                                               : tr("Known when the file is scanned."));
        return;
    }
    const auto &opens = plan->opens();
    QStringList lines;
    lines += opens.strict
        ? tr("A reader refuses the file: %1, at %2.").arg(errorText(*opens.strict), offsetText(opens.strict->offset))
        : tr("A reader opens the file as it is.");
    const auto &cut = opens.autoTruncate.cut;
    if (opens.autoTruncate.makesNewDatabase)
        lines += tr("A writer makes a new database of it.");
    else if (cut && cut->cause)
        lines += tr("A writer cuts the file at %1 and discards %2, because of what lies at %3: %4.")
                     .arg(offsetText(cut->safeEnd), exactSizeText(plan->discardedBytes()),
                          offsetText(cut->cause->segment), errorText(cut->cause->error));
    else if (cut && !opens.autoTruncate.refusal)
        lines += tr("A writer opens it too, and discards nothing.");
    if (opens.autoTruncate.refusal)
        lines += tr("A writer refuses it: %1, at %2.")
                     .arg(errorText(*opens.autoTruncate.refusal), offsetText(opens.autoTruncate.refusal->offset));
    if (m_recovery.isBusy())
        lines += tr("Computing anew…");
    m_verdict->setText(lines.join(QLatin1Char('\n')));
}

void RecoveryPanel::showCollections()
{
    const QScopedValueRollback filling(m_isFilling, true);
    const auto chosen = m_collections->currentIndex().siblingAtColumn(0).data(kIdRole);
    m_collectionModel.setRowCount(0);
    // An open that is refused keeps nothing; what a rescue could is no promise of the engine.
    const bool isKept = !m_shown || m_shown->keepsRows();
    m_keptHeading->setText(isKept ? tr("The engine would keep")
                                  : tr("The engine refuses the file; a rescue could keep"));
    m_collectionModel.setHorizontalHeaderItem(kKeptColumn, new QStandardItem(isKept ? tr("Kept") : tr("Rescuable")));
    m_collections->setAccessibleName(isKept ? tr("Collections, with the rows that are kept and lost")
                                            : tr("Collections, with the rows that a rescue could keep"));
    m_keptTable->setAccessibleName(isKept ? tr("Rows that are kept") : tr("Rows that a rescue could keep"));
    if (!m_shown)
        return;
    QModelIndex current;
    for (const auto &[id, counts] : m_shown->counts() | std::views::take(kMostListedCollections)) {
        QList<QStandardItem *> line{new QStandardItem(plainText(counts.collection))};
        line.front()->setData(id, kIdRole);
        for (const auto count : {counts.kept, counts.lost, counts.turnBack, counts.comeBack, counts.neverCommitted}) {
            line += new QStandardItem(groupedText(count));
            line.back()->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        }
        m_collectionModel.appendRow(line);
        if (!current.isValid() || chosen == id)
            current = line.front()->index();
    }
    m_collections->setCurrentIndex(current);
    for (int column = 0; column < m_collectionModel.columnCount(); ++column)
        m_collections->resizeColumnToContents(column);
}

void RecoveryPanel::showKept()
{
    const auto id = m_collections->currentIndex().siblingAtColumn(0).data(kIdRole);
    const auto *counts = m_shown && id.isValid() ? &m_shown->counts().at(id.toUInt()) : nullptr;
    m_keptTable->setEmptyText(!m_shown                         ? notYetText()
                                  : m_shown->kept() == nullptr ? tr("There is no log in the file.")
                                  : !m_shown->keepsRows()      ? tr("No row of this collection could be kept.")
                                                               : tr("No row of this collection is kept."));
    if (counts == nullptr || m_shown->kept() == nullptr) {
        m_kept.setRows(0, {});
        return;
    }
    m_kept.setRows(
        counts->kept,
        [store = m_recovery.store(), plan = m_shown, id = id.toUInt(), known = std::make_shared<KeptPlaces>()](
            std::uint64_t first, std::uint64_t count) -> Result<std::vector<TextRowModel::Row>> {
            std::call_once(known->once, [&] { known->places = plan->kept()->places(id); });
            std::vector<TextRowModel::Row> rows;
            for (auto at = first; at < std::min<std::uint64_t>(first + count, known->places.size()); ++at) {
                const auto &place = known->places[static_cast<std::size_t>(at)];
                const auto row = plan->kept()->row(*store, place);
                if (!row)
                    return std::unexpected(row.error());
                rows.push_back(rowAt({shownValue(row->record.head.key, kMostKey), valuesText(row->record)},
                                     place.payload, place.length));
            }
            return rows;
        });
}

void RecoveryPanel::showLost()
{
    const auto rows = m_shown ? m_shown->changeCount() : 0;
    const auto transactions = m_shown ? m_shown->lostTransactionCount() : 0;
    m_lostHeading->setText(!m_shown || m_shown->opens().autoTruncate.cut ? tr("It would lose")
                                                                         : tr("Behind the damage"));
    m_lostTabs->setTabText(0, tr("Rows (%1)").arg(groupedText(rows)));
    m_lostTabs->setTabText(1, tr("Transactions (%1)").arg(groupedText(transactions)));
    m_changesTable->setEmptyText(m_shown ? tr("No row is lost, and none changes.") : notYetText());
    m_transactionsTable->setEmptyText(m_shown ? tr("No transaction is lost.") : notYetText());
    m_changes.setRows(rows,
                      [store = m_recovery.store(), plan = m_shown](
                          std::uint64_t first, std::uint64_t count) -> Result<std::vector<TextRowModel::Row>> {
                          std::vector<TextRowModel::Row> made;
                          for (auto at = first; at < first + count; ++at) {
                              const auto change = plan->change(*store, at);
                              if (!change)
                                  return std::unexpected(change.error());
                              made.push_back(rowAt(
                                  {change->collection != nullptr ? plainText(change->collection->name) : QString(),
                                   shownValue(change->key, kMostKey), fateText(*change),
                                   change->transaction ? groupedText(change->transaction->value) : QStringLiteral("–"),
                                   change->now ? valuesText(*change->now) : tr("none: it was deleted"),
                                   change->after ? valuesText(*change->after) : tr("none")},
                                  change->payload, 0));
                          }
                          return made;
                      });
    m_transactions.setRows(
        transactions,
        [store = m_recovery.store(), plan = m_shown](std::uint64_t first,
                                                     std::uint64_t count) -> Result<std::vector<TextRowModel::Row>> {
            return plan->lostTransactions(*store, first, count).transform([](const std::vector<Transaction> &found) {
                std::vector<TextRowModel::Row> made;
                for (const auto &it : found)
                    made.push_back({.cells = {groupedText(it.no.value), QString::number(it.id), stateText(it.state),
                                              fixedOffsetText(it.begin), sizeText(it.end - it.begin)},
                                    .begin = it.begin,
                                    .end = it.end});
                return made;
            });
        });
}

bool RecoveryPanel::isSettled() const
{
    return !m_pause.isActive() && !m_recovery.isBusy() && m_kept.isSettled() && m_changes.isSettled()
        && m_transactions.isSettled() && m_notRescued.isSettled();
}

void RecoveryPanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_recovery.setWanted(true);
    showVerdict();
}

void RecoveryPanel::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_recovery.setWanted(false);
}

// Not by a focus proxy: Tab would pass by all else in here.
void RecoveryPanel::focusInEvent(QFocusEvent *event)
{
    m_collections->setFocus(event->reason());
}

} // namespace modelvault::ui
