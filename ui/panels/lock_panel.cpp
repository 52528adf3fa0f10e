#include "panels/lock_panel.h"

#include "jobs/pools.h"
#include "lock/file_lock.h"
#include "text/words.h"

#include <QFocusEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <QtConcurrentRun>

#include <chrono>
#include <utility>

namespace modelvault::ui {
namespace {

constexpr int kLeastRows = 5; // with the header
constexpr auto kRefresh = std::chrono::seconds(1);

QLabel *makeLabel(QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText); // names of programs and files are never markup
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

QString commandLineText(const LockHolder &holder)
{
    QStringList words;
    for (const auto &argument : holder.commandLine)
        words += plainText(argument);
    return words.join(QLatin1Char(' '));
}

QString programText(const LockHolder &holder)
{
    const QString name = holder.isThisProcess ? LockPanel::tr("this program")
        : holder.program.empty()              ? LockPanel::tr("unknown")
                                              : plainText(holder.program);
    return holder.processId == 0 ? name : LockPanel::tr("%1 (%2)").arg(name, QString::number(holder.processId));
}

QString lockText(const LockHolder &holder)
{
    const bool shared = holder.mode == LockMode::Shared;
    const QString text = holder.target == LockHolder::Target::Database
        ? (shared ? LockPanel::tr("shared, database") : LockPanel::tr("exclusive, database"))
        : (shared ? LockPanel::tr("shared, lock file") : LockPanel::tr("exclusive, lock file"));
    return text + evidenceText(holder);
}

} // namespace

LockPanel::LockPanel(QWidget *parent)
    : QWidget(parent),
      m_state(makeLabel(this)),
      m_refusal(makeLabel(this)),
      m_lockFile(makeLabel(this)),
      m_release(new QPushButton(tr("&Release"), this)),
      m_take(new QPushButton(this)),
      m_list(new QTreeWidget(this)),
      m_hint(makeLabel(this))
{
    m_state->setObjectName(QStringLiteral("lockState"));
    m_refusal->setObjectName(QStringLiteral("lockRefusal"));
    m_release->setObjectName(QStringLiteral("releaseLock"));
    m_take->setObjectName(QStringLiteral("takeLock"));
    m_list->setObjectName(QStringLiteral("lockHolders"));
    m_list->setHeaderLabels({tr("Program (process)"), tr("Lock")});
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->header()->setStretchLastSection(false); // a scroll bar rather than a text cut short
    m_list->setMinimumHeight(fontMetrics().height() * kLeastRows);
    m_list->setAccessibleName(tr("Programs that hold locks"));
    m_release->setToolTip(tr("Let other programs open this database for writing, and go on observing"));
    m_take->setToolTip(tr("Keep other programs from opening this database for writing while you look"));

    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_release);
    buttons->addWidget(m_take);
    buttons->addStretch();
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_state);
    layout->addWidget(m_refusal);
    layout->addLayout(buttons);
    layout->addWidget(m_lockFile);
    layout->addWidget(m_hint);
    layout->addWidget(m_list, 1);

    m_timer.setInterval(kRefresh);
    connect(&m_timer, &QTimer::timeout, this, &LockPanel::lookUpHolders);
    connect(&m_lookUp, &QFutureWatcherBase::finished, this, [this] {
        if (m_lookUp.future().resultCount() == 0)
            return;
        if (std::exchange(m_looksAgain, false)) {
            lookUpHolders();
            return;
        }
        auto holders = m_lookUp.result();
        if (holders == m_holders && m_isListed) // rows that are in use stay
            return;
        m_holders = std::move(holders);
        showHolders();
    });
    connect(m_release, &QPushButton::clicked, this, [this] { m_document->releaseLock(); });
    connect(m_take, &QPushButton::clicked, this, [this] { m_document->takeLock(); });
    showLock();
}

void LockPanel::setDocument(Document *document)
{
    if (m_document)
        m_document->disconnect(this);
    m_document = document;
    m_holders = {};
    m_lookUp.setFuture(QFuture<LockHolders>()); // what is under way is about the other file
    if (document) {
        connect(document, &Document::lockChanged, this, &LockPanel::showLock);
        connect(document, &QObject::destroyed, this, [this] { setDocument(nullptr); });
    }
    showLock();
    showHolders();
}

void LockPanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_timer.start();
    lookUpHolders();
}

void LockPanel::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_timer.stop();
}

void LockPanel::lookUpHolders()
{
    if (!m_document || !isVisible())
        return;
    if (m_lookUp.isRunning()) { // what it finds may be of before the lock changed
        m_looksAgain = true;
        return;
    }
    m_lookUp.setFuture(QtConcurrent::run(&filePool(), [path = m_document->path()] { return lockHolders(path); }));
}

void LockPanel::showLock()
{
    const bool open = m_document && m_document->store() != nullptr;
    const auto state = open ? m_document->lockState() : LockState::Unlocked;
    const auto refusal = open ? m_document->lockRefusal() : std::nullopt;
    // The whole window is laid out for each label that comes: once for all is enough.
    layout()->setEnabled(false);
    m_state->setText(open ? lockStateText(state, m_document->hasOtherNames()) : tr("No database is open."));
    m_refusal->setVisible(refusal.has_value());
    if (refusal)
        m_refusal->setText(tr("No shared lock: %1.").arg(lockRefusalText(*refusal)));
    m_release->setEnabled(open && state == LockState::Shared);
    m_take->setEnabled(open && state == LockState::Unlocked);
    m_take->setText(refusal ? tr("Re&try") : tr("&Take Shared Lock"));
    m_lockFile->setVisible(open);
    if (open)
        m_lockFile->setText(tr("Lock file: %1").arg(pathText(lockFilePath(m_document->path()))));
    layout()->setEnabled(true);
    lookUpHolders();
}

void LockPanel::showHolders()
{
    m_isListed = m_document != nullptr;
    layout()->setEnabled(false); // as above
    m_list->clear();
    for (const auto &holder : m_holders.holders) {
        auto *item = new QTreeWidgetItem(m_list);
        item->setText(0, programText(holder));
        item->setText(1, lockText(holder));
        for (int column = 0; column < m_list->columnCount(); ++column)
            item->setToolTip(column, toolTipText(commandLineText(holder)));
    }
    for (int column = 0; column < m_list->columnCount(); ++column)
        m_list->resizeColumnToContents(column);
    if (!m_document || m_document->store() == nullptr)
        m_hint->clear();
    else if (!m_holders.isComplete)
        m_hint->setText(tr("Not every process could be looked at: there may be others."));
    else
        m_hint->setText(m_holders.holders.empty() ? tr("Nobody that can be seen from here holds a lock.") : QString());
    m_hint->setVisible(!m_hint->text().isEmpty());
    layout()->setEnabled(true);
}

// Not by a focus proxy: Tab would pass by all else in here.
void LockPanel::focusInEvent(QFocusEvent *event)
{
    m_list->setFocus(event->reason());
}

} // namespace modelvault::ui
