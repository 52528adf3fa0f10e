#include "views/check_view.h"

#include "database/row_index.h"
#include "jobs/save_range.h"
#include "text/finding_words.h"
#include "text/words.h"
#include "views/elided_label.h"
#include "views/save_dialog.h"
#include "views/severity_sign.h"
#include "views/theme_icon.h"
#include "views/virtual_table_view.h"

#include <QApplication>
#include <QClipboard>
#include <QFile>
#include <QFileDialog>
#include <QFocusEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QSplitter>
#include <QTextDocument>
#include <QTextEdit>
#include <QToolButton>
#include <QVBoxLayout>
#include <QtConcurrentRun>

#include <algorithm>
#include <sstream>
#include <utility>

namespace modelvault::ui {
namespace {

constexpr int kSteps = 1000;
// From the gravest on, as the list is.
constexpr std::array kSeverities{Severity::Error, Severity::Warning, Severity::Info};

QString toggleText(Severity severity, std::uint64_t count)
{
    switch (severity) {
    case Severity::Error:
        return CheckView::tr("Errors: %1").arg(groupedText(count));
    case Severity::Warning:
        return CheckView::tr("Warnings: %1").arg(groupedText(count));
    case Severity::Info:
        return CheckView::tr("Info: %1").arg(groupedText(count));
    }
    return {};
}

QString meaningText(Severity severity)
{
    switch (severity) {
    case Severity::Error:
        return CheckView::tr("What the engine stops at, or loses");
    case Severity::Warning:
        return CheckView::tr("What is wrong, but the engine does not look at it");
    case Severity::Info:
        return CheckView::tr("What is merely worth knowing");
    }
    return {};
}

/// The same fault, also in another report.
bool isSame(const CheckFinding &one, const CheckFinding &other)
{
    return one.what.code == other.what.code && one.what.offset == other.what.offset && one.subject == other.subject;
}

QString counted(std::uint64_t count, const QString &one, const QString &many)
{
    return count == 1 ? one : many.arg(groupedText(count));
}

/// Text from a file is shown as it is: all of it is escaped. `gap`: in pixels.
QString detailsHtml(const CheckFinding &finding, int gap)
{
    const auto &what = finding.what;
    QString facts;
    const auto add = [&facts, gap](const QString &name, const QString &value) {
        if (!value.isEmpty())
            facts += QStringLiteral("<tr><td style='padding-right: %1px'>%2</td><td>%3</td></tr>")
                         .arg(QString::number(gap), name.toHtmlEscaped(), value.toHtmlEscaped());
    };
    add(CheckView::tr("Bytes"),
        CheckView::tr("%1 to %2, %3").arg(offsetText(what.offset), offsetText(what.end()), exactSizeText(what.length)));
    add(CheckView::tr("Expected"), expectedText(what));
    add(CheckView::tr("Found"), foundText(what));
    if (what.count > 1)
        add(CheckView::tr("Times"), CheckView::tr("%1, one behind the other").arg(groupedText(what.count)));
    add(CheckView::tr("Concerns"), plainText(finding.subject));
    add(CheckView::tr("Touches"), touchedText(finding));
    add(CheckView::tr("Code"), QString::fromLatin1(errorName(what.code)));
    return QStringLiteral("<p><b>%2</b></p><p>%3</p><table style='margin-top: %1px'>%4</table>")
        .arg(QString::number(gap),
             CheckView::tr("%1: %2").arg(severityText(what.severity), findingText(what)).toHtmlEscaped(),
             explanationText(what.code).toHtmlEscaped(), facts);
}

} // namespace

CheckView::CheckView(Document &document, QWidget *parent)
    : QWidget(parent),
      m_document(document),
      m_run(new QPushButton(this)),
      m_summary(new ElidedLabel(this)),
      m_progress(new QProgressBar(this)),
      m_stop(new QToolButton(this)),
      m_report(new QToolButton(this)),
      m_text(new QLineEdit(this)),
      m_table(new VirtualTableView(this)),
      m_details(new QTextEdit(this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(makeControls());
    layout->addWidget(makeFilters());
    layout->addWidget(makeTable(), 1);

    connect(&m_document.check(), &FileCheck::findingsChanged, this, &CheckView::showFindings);
    connect(&m_document.check(), &FileCheck::progressed, this, &CheckView::showProgress);
    connect(&m_document, &Document::stateChanged, this, &CheckView::showProgress);
    showFindings();
}

/// What was checked, and the way to check it.
QWidget *CheckView::makeControls()
{
    m_run->setObjectName(QStringLiteral("checkEverything"));
    m_run->setToolTip(tr("Hold the file against every rule of the format: also each record, the rules of all rows, "
                         "indexes and checkpoints"));
    connect(m_run, &QPushButton::clicked, &m_document, &Document::checkAll);
    m_summary->setObjectName(QStringLiteral("checkSummary"));
    m_progress->setObjectName(QStringLiteral("checkProgress"));
    m_progress->setRange(0, kSteps);
    m_progress->setTextVisible(false);
    m_progress->setMaximumWidth(fontMetrics().averageCharWidth() * 20);
    m_progress->setAccessibleName(tr("Progress of the check"));
    m_stop->setObjectName(QStringLiteral("stopCheck"));
    m_stop->setText(tr("Stop"));
    connect(m_stop, &QToolButton::clicked, &m_document, &Document::stopCheck);

    m_report->setObjectName(QStringLiteral("checkReport"));
    m_report->setText(tr("Report"));
    m_report->setPopupMode(QToolButton::InstantPopup);
    m_report->setFocusPolicy(Qt::StrongFocus);
    auto *menu = new QMenu(m_report);
    addActions(menu);
    m_report->setMenu(menu);

    auto *controls = new QWidget(this);
    auto *line = new QHBoxLayout(controls);
    const int unit = fontMetrics().averageCharWidth();
    line->setContentsMargins(unit, unit / 2, unit, 0);
    line->addWidget(m_run);
    line->addSpacing(unit);
    line->addWidget(m_summary, 1);
    line->addWidget(m_progress);
    line->addWidget(m_stop);
    line->addWidget(m_report);
    return controls;
}

QWidget *CheckView::makeFilters()
{
    auto *filters = new QWidget(this);
    auto *line = new QHBoxLayout(filters);
    const int unit = fontMetrics().averageCharWidth();
    line->setContentsMargins(unit, unit / 2, unit, unit / 2);
    for (const auto severity : kSeverities) {
        auto *toggle = new QToolButton(filters);
        toggle->setObjectName(QStringLiteral("show%1").arg(QString::fromLatin1(severityName(severity))));
        toggle->setCheckable(true);
        toggle->setChecked(true);
        toggle->setFocusPolicy(Qt::StrongFocus);
        toggle->setIcon(severityIcon(severity));
        toggle->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        toggle->setToolTip(meaningText(severity));
        connect(toggle, &QToolButton::toggled, this, &CheckView::filter);
        m_severities[static_cast<std::size_t>(severity)] = toggle;
        line->addWidget(toggle);
    }
    m_text->setObjectName(QStringLiteral("checkFilter"));
    m_text->setAccessibleName(tr("Filter findings by text"));
    m_text->setPlaceholderText(tr("Filter: part of a finding, a collection, a code, an offset"));
    m_text->setClearButtonEnabled(true);
    connect(m_text, &QLineEdit::textChanged, this, &CheckView::filter);
    connect(m_text, &QLineEdit::returnPressed, m_table, qOverload<>(&QWidget::setFocus));
    line->addWidget(m_text, 1);
    return filters;
}

QWidget *CheckView::makeTable()
{
    m_table->setObjectName(QStringLiteral("findings"));
    m_table->setAccessibleName(tr("Findings"));
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setModel(&m_rows);
    auto *header = m_table->header();
    header->setSectionsClickable(true);
    header->setSortIndicatorShown(true);
    header->setSortIndicator(FindingRowModel::Gravity, Qt::DescendingOrder);
    connect(header, &QHeaderView::sectionClicked, this, [this, header](int column) {
        // By whatever else is clicked on, they are not sorted.
        if (column == FindingRowModel::Gravity || column == FindingRowModel::Place)
            m_rows.setOrder(column == FindingRowModel::Gravity ? FindingRowModel::Order::BySeverity
                                                               : FindingRowModel::Order::ByPlace);
        const bool bySeverity = m_rows.order() == FindingRowModel::Order::BySeverity;
        header->setSortIndicator(bySeverity ? FindingRowModel::Gravity : FindingRowModel::Place,
                                 bySeverity ? Qt::DescendingOrder : Qt::AscendingOrder);
    });
    connect(&m_rows, &RowModel::wasReset, this, [this] {
        m_table->showRow(m_current ? m_rows.rowOf(*m_current) : std::nullopt);
        showEmptyText();
    });
    connect(m_table, &VirtualTableView::currentRowChanged, this, [this](std::uint64_t row) {
        m_current = m_rows.numberAt(row);
        showDetails();
        const auto &what = m_rows.finding(row).what;
        Q_EMIT placeChosen(what.offset, what.end());
    });
    connect(m_table, &VirtualTableView::rowActivated, this, [this](std::uint64_t row) {
        const auto &what = m_rows.finding(row).what;
        Q_EMIT placeChosen(what.offset, what.end()); // again, where somebody looked elsewhere meanwhile
        Q_EMIT bytesRequested();
    });
    connect(m_table, &VirtualTableView::rowMenuRequested, this, [this](QMenu *menu) {
        menu->addAction(tr("Copy &All Rows"), this, [this] {
            if (m_rows.rowCount() == 0)
                return;
            QList<int> columns;
            for (int column = 0; column < FindingRowModel::ColumnCount; ++column)
                columns += column;
            m_rows.copyText(0, m_rows.rowCount() - 1, columns).then(this, [](const QString &text) {
                QApplication::clipboard()->setText(text);
            });
        });
        addActions(menu);
        menu->addSeparator();
        menu->addAction(tr("&Next Finding"), Qt::Key_F8, this, [this] { Q_EMIT findingStepRequested(1); });
        menu->addAction(tr("&Previous Finding"), Qt::SHIFT | Qt::Key_F8, this,
                        [this] { Q_EMIT findingStepRequested(-1); });
    });

    m_details->setObjectName(QStringLiteral("findingDetails"));
    m_details->setAccessibleName(tr("The finding, explained"));
    m_details->setReadOnly(true);
    m_details->setTabChangesFocus(true);
    m_details->setFrameShape(QFrame::NoFrame);
    m_details->document()->setDocumentMargin(fontMetrics().averageCharWidth());
    m_details->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);

    auto *splitter = new QSplitter(Qt::Horizontal, this);
    splitter->addWidget(m_table);
    splitter->addWidget(m_details);
    splitter->setChildrenCollapsible(false);
    splitter->setStretchFactor(0, 5);
    splitter->setStretchFactor(1, 2);
    splitter->setSizes({500, 220}); // in proportion
    return splitter;
}

/// Those of another report. The one that is explained is looked for among them.
void CheckView::showFindings()
{
    const auto &marks = m_document.check().findings();
    const auto &findings = marks->report().findings;
    m_current.reset();
    if (m_explained) {
        const auto same = std::ranges::find_if(
            findings, [this](const CheckFinding &finding) { return isSame(finding, *m_explained); });
        if (same != findings.end())
            m_current = static_cast<std::size_t>(same - findings.begin());
    }
    m_rows.setFindings(marks);
    for (const auto severity : kSeverities)
        m_severities[static_cast<std::size_t>(severity)]->setText(
            toggleText(severity, marks->report().count(severity)));
    showDetails();
    showProgress();
}

void CheckView::showFinding(std::size_t number)
{
    m_current = number;
    m_table->showRow(m_rows.rowOf(number));
    showDetails();
}

void CheckView::showDetails()
{
    const auto &findings = m_document.check().findings()->report().findings;
    m_details->setVisible(!findings.empty());
    if (m_current && *m_current < findings.size()) {
        m_explained = findings[*m_current];
        m_details->setHtml(detailsHtml(*m_explained, fontMetrics().height() / 2));
    } else if (!m_explained || m_document.state() == Document::State::Scanned) { // else it may come back
        m_explained.reset();
        m_details->setPlainText(findings.empty() ? QString() : tr("Choose a finding to see what it means."));
    }
}

void CheckView::filter()
{
    FindingRowModel::Filter filter{.severities = {}, .text = m_text->text().trimmed()};
    for (const auto severity : kSeverities)
        filter.severities[static_cast<std::size_t>(severity)] =
            m_severities[static_cast<std::size_t>(severity)]->isChecked();
    m_rows.setFilter(std::move(filter));
}

void CheckView::showProgress()
{
    const auto &check = m_document.check();
    const bool isUnderWay = check.state() == FileCheck::State::Running || check.state() == FileCheck::State::Waiting;
    if ((isUnderWay && m_run->hasFocus()) || (!isUnderWay && m_stop->hasFocus())) // else it would go anywhere
        m_table->setFocus(Qt::OtherFocusReason);
    m_run->setText(check.state() == FileCheck::State::Done ? tr("Check Again") : tr("Check Everything"));
    m_run->setEnabled(m_document.snapshot() != nullptr && !isUnderWay);
    m_progress->setVisible(isUnderWay);
    m_stop->setVisible(isUnderWay);
    m_progress->setValue(check.state() == FileCheck::State::Running ? static_cast<int>(check.share() * kSteps) : 0);
    m_report->setEnabled(hasReport());
    m_report->setToolTip(hasReport() ? tr("Copy or save what the check found")
                                     : tr("There is a report once everything was checked"));
    m_summary->setText(summaryText());
    m_summary->setToolTip(toolTipText(m_summary->text()));
    showEmptyText();
}

QString CheckView::summaryText() const
{
    const auto &check = m_document.check();
    const auto &report = check.findings()->report();
    if (!m_document.snapshot())
        return {};
    auto counts = countsText(report);
    if (report.dropped > 0)
        counts = tr("%1, and %2 more that are not listed").arg(counts, groupedText(report.dropped));
    switch (check.state()) {
    case FileCheck::State::Scan:
        return m_document.state() == Document::State::Scanning ? tr("The scan goes on. So far: %1.").arg(counts)
                                                               : tr("Found by the scan: %1.").arg(counts);
    case FileCheck::State::Waiting:
        return tr("All will be checked once the file is scanned. So far: %1.").arg(counts);
    case FileCheck::State::Running:
        return tr("Checking everything… So far: %1.").arg(counts);
    case FileCheck::State::Done:
        return tr("Everything was checked: %1.").arg(counts);
    case FileCheck::State::Stopped:
        return tr("Stopped before everything was checked. Found by the scan: %1.").arg(counts);
    case FileCheck::State::Failed:
        return tr("Not everything could be checked: %1. Found before: %2.")
            .arg(check.error() ? errorText(*check.error()) : QString(), counts);
    }
    return {};
}

void CheckView::showEmptyText()
{
    m_table->setEmptyText(emptyText());
}

QString CheckView::emptyText() const
{
    const auto &check = m_document.check();
    const auto &snapshot = m_document.snapshot();
    if (!snapshot)
        return {};
    if (!check.findings()->report().findings.empty())
        return tr("No finding passes the filter.");
    if (m_document.state() == Document::State::Scanning || check.state() == FileCheck::State::Running)
        return tr("Nothing is wrong so far…");
    const auto &index = *snapshot->log.index;
    const auto segments = counted(index.segmentCount(), tr("1 segment"), tr("%1 segments"));
    const auto transactions = counted(index.transactionCount(), tr("1 transaction"), tr("%1 transactions"));
    if (check.state() != FileCheck::State::Done)
        return tr("The scan found nothing wrong in %1 and %2: every checksum is right, and every transaction is "
                  "whole.\n\n\"Check Everything\" also looks at each record, the rules of all rows, indexes and "
                  "checkpoints.")
            .arg(segments, transactions);
    return tr("Nothing is wrong.\n\nHeader and superblocks, %1, %2, %3 of %4, their indexes and checkpoints were held "
              "against every rule of the format.")
        .arg(segments, transactions,
             counted(snapshot->rows ? snapshot->rows->liveCount() : 0, tr("1 row"), tr("%1 rows")),
             counted(snapshot->catalog ? snapshot->catalog->catalog().collections().size() : 0, tr("1 collection"),
                     tr("%1 collections")));
}

bool CheckView::hasReport() const
{
    return m_document.check().state() == FileCheck::State::Done;
}

/// Both in the button's menu and in that of a row.
void CheckView::addActions(QMenu *menu)
{
    auto *markdown = menu->addAction(tr("Copy Report as &Markdown"), this, [this] { copyReport(Format::Markdown); });
    auto *json = menu->addAction(tr("Copy Report as &JSON"), this, [this] { copyReport(Format::Json); });
    auto *save = menu->addAction(themeIcon(QStringLiteral("document-save-as")), tr("&Save Report…"), this,
                                 &CheckView::saveReport);
    for (auto *action : {markdown, json, save})
        connect(menu, &QMenu::aboutToShow, action, [this, action] { action->setEnabled(hasReport()); });
}

std::function<std::string()> CheckView::reportMaker(Format format) const
{
    return [findings = m_document.check().findings(), name = m_document.name(), format] {
        std::ostringstream text;
        const auto &report = findings->report();
        if (format == Format::Json)
            writeJson(report, [](const CheckFinding &finding) { return findingText(finding).toStdString(); }, text);
        else
            writeMarkdown(report, reportWords(report, name), text);
        return std::move(text).str();
    };
}

void CheckView::copyReport(Format format)
{
    if (!hasReport())
        return;
    QtConcurrent::run(reportMaker(format)).then(this, [this](const std::string &text) {
        QApplication::clipboard()->setText(QString::fromStdString(text));
        Q_EMIT said(tr("The report was copied."));
    });
}

void CheckView::saveReport()
{
    if (!hasReport())
        return;
    auto *dialog = makeSaveDialog(this, tr("Save Report"), m_document.path(),
                                  tr("%1-check").arg(m_document.name()) + QStringLiteral(".md"));
    const auto markdown = tr("Markdown (*.md)");
    const auto json = tr("JSON (*.json)");
    dialog->setNameFilters({markdown, json});
    dialog->setDefaultSuffix(QStringLiteral("md"));
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog, json](const QString &chosen) {
        dialog->setDefaultSuffix(chosen == json ? QStringLiteral("json") : QStringLiteral("md"));
    });
    // Of this check, whatever the document shows by then.
    connect(dialog, &QDialog::accepted, this,
            [this, dialog, asMarkdown = reportMaker(Format::Markdown), asJson = reportMaker(Format::Json),
             identity = *m_document.identity()] {
                const auto path = dialog->selectedFiles().constFirst();
                const bool isJson = path.endsWith(QLatin1String(".json"), Qt::CaseInsensitive);
                saveText(isJson ? asJson : asMarkdown, path, identity).then(this, [this, path](const QString &failure) {
                    Q_EMIT said(failure.isEmpty() ? tr("Saved to %1").arg(plainText(path.toStdString()))
                                                  : tr("Not saved: %1").arg(failure));
                });
            });
    dialog->open();
}

void CheckView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_document.checkIfSmall();
}

// Not by a focus proxy: Tab would pass by all else in here.
void CheckView::focusInEvent(QFocusEvent *event)
{
    m_table->setFocus(event->reason());
}

} // namespace modelvault::ui
