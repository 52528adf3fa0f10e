#include "views/overview_view.h"

#include "text/words.h"
#include "views/bar_list.h"
#include "views/space_card.h"

#include <QCommandLinkButton>
#include <QFrame>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QStyleOptionButton>
#include <QStylePainter>
#include <QVBoxLayout>

#include <algorithm>
#include <ranges>
#include <utility>

namespace modelvault::ui {
namespace {

constexpr std::size_t kFindingsShown = 5;
constexpr int kTwoColumns = 90; // characters wide

/// Cuts its text short where there is no room for all of it.
class ElidedButton final : public QPushButton {
public:
    using QPushButton::QPushButton;

protected:
    void paintEvent(QPaintEvent *) override
    {
        QStyleOptionButton option;
        initStyleOption(&option);
        const auto room = style()->subElementRect(QStyle::SE_PushButtonContents, &option, this).width();
        option.text = fontMetrics().elidedText(text(), Qt::ElideRight, room);
        QStylePainter(this).drawControl(QStyle::CE_PushButton, option);
    }
};

QString share(std::uint64_t part, std::uint64_t whole)
{
    if (whole == 0)
        return {};
    const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
    return percent > 0 && percent < 0.1 ? OverviewView::tr("below 0.1 %")
                                        : OverviewView::tr("%1 %").arg(percent, 0, 'f', percent < 10 ? 1 : 0);
}

} // namespace

OverviewView::OverviewView(QWidget *parent)
    : QScrollArea(parent),
      m_columns(new QBoxLayout(QBoxLayout::LeftToRight)),
      m_file(makeText("overviewFile")),
      m_segmentsText(makeText("overviewSegmentsText")),
      m_segments(new BarList(this)),
      m_space(new SpaceCard(this)),
      m_transactions(makeText("overviewTransactions")),
      m_findingsText(makeText("overviewFindings")),
      m_findings(new QVBoxLayout),
      m_moreFindings(makeText("overviewMoreFindings")),
      m_lock(makeText("overviewLock"))
{
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    m_segments->setObjectName(QStringLiteral("overviewSegments"));
    m_segments->setAccessibleName(tr("Segments by type"));

    auto *segments = new QWidget(this);
    auto *segmentsLayout = new QVBoxLayout(segments);
    segmentsLayout->setContentsMargins({});
    segmentsLayout->addWidget(m_segmentsText);
    segmentsLayout->addWidget(m_segments);
    auto *findings = new QWidget(this);
    auto *findingsLayout = new QVBoxLayout(findings);
    findingsLayout->setContentsMargins({});
    findingsLayout->addWidget(m_findingsText);
    findingsLayout->addLayout(m_findings);
    findingsLayout->addWidget(m_moreFindings);

    auto *page = new QWidget(this);
    page->setLayout(m_columns);
    auto *left = new QVBoxLayout;
    auto *right = new QVBoxLayout;
    m_columns->addLayout(left, 3);
    m_columns->addLayout(right, 2);
    addCard(left, tr("File"), m_file);
    addCard(left, tr("Segments"), segments);
    addCard(left, tr("Space"), m_space);
    connect(m_space, &SpaceCard::collectionRequested, this, &OverviewView::collectionRequested);
    left->addStretch();
    addCard(right, tr("Transactions"), m_transactions);
    addCard(right, tr("Findings"), findings);
    addCard(right, tr("Lock"), m_lock);
    addCard(right, tr("Where to go"), makeNextSteps());
    right->addStretch();
    setWidget(page);
}

void OverviewView::resizeEvent(QResizeEvent *event)
{
    const bool isNarrow = width() < fontMetrics().averageCharWidth() * kTwoColumns;
    m_columns->setDirection(isNarrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    m_columns->setStretch(0, isNarrow ? 0 : 3);
    m_columns->setStretch(1, isNarrow ? 1 : 2);
    QScrollArea::resizeEvent(event);
}

QLabel *OverviewView::makeText(const char *name)
{
    auto *label = new QLabel(this);
    label->setObjectName(QString::fromLatin1(name));
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

QWidget *OverviewView::addCard(QVBoxLayout *column, const QString &title, QWidget *content)
{
    auto *card = new QFrame(this);
    card->setFrameShape(QFrame::StyledPanel);
    card->setBackgroundRole(QPalette::Base);
    card->setAutoFillBackground(true);
    auto *heading = new QLabel(title, card);
    auto font = heading->font();
    font.setBold(true);
    heading->setFont(font);
    auto *layout = new QVBoxLayout(card);
    layout->addWidget(heading);
    layout->addWidget(content);
    column->addWidget(card);
    return card;
}

QWidget *OverviewView::makeNextSteps()
{
    auto *steps = new QWidget(this);
    auto *layout = new QVBoxLayout(steps);
    layout->setContentsMargins({});
    const auto add = [&](const QString &text, const QString &description, const char *name, Target target) {
        auto *button = new QCommandLinkButton(text, description, steps);
        button->setObjectName(QString::fromLatin1(name));
        connect(button, &QPushButton::clicked, this, [this, target] { Q_EMIT viewRequested(target); });
        layout->addWidget(button);
    };
    add(tr("Walk through the &log"), tr("Every segment with its place, transaction and checksum; its bytes below."),
        "overviewToLog", Target::Log);
    add(tr("Browse the ro&ws"), tr("What is stored, as the application sees it: sorted, filtered, with all versions."),
        "overviewToData", Target::Data);
    add(tr("See the map of &pages"), tr("What each 16 KiB of the file hold, and where damage is."), "overviewToPages",
        Target::Pages);
    return steps;
}

void OverviewView::show(const Document &document)
{
    const auto &snapshot = document.snapshot();
    if (!snapshot)
        return;
    showFile(document, *snapshot);
    showSegments(*snapshot);
    showTransactions(*snapshot);
    showFindings(document);
    showLock(document);
}

void OverviewView::showLock(const Document &document)
{
    m_lock->setText(lockStateText(document.lockState(), document.hasOtherNames()));
}

void OverviewView::showSpace(const SpaceMeasure &measure)
{
    m_space->show(measure);
}

void OverviewView::showFile(const Document &document, const Snapshot &snapshot)
{
    const auto &head = snapshot.head;
    QStringList lines;
    lines += pathText(document.path());
    lines += exactSizeText(snapshot.fileLength());
    if (head.header)
        lines += tr("ModelVault format %1.%2").arg(head.header->major).arg(head.header->minor);
    else
        lines += tr("%1.").arg(headerErrorText(head));
    if (head.selected) {
        const auto &block = *head.superblocks[std::to_underlying(*head.selected)];
        lines += (*head.selected == SuperblockSlot::A ? tr("Generation %1, by superblock A")
                                                      : tr("Generation %1, by superblock B"))
                     .arg(groupedText(block.generation));
    } else if (snapshot.fileLength() > FileHeader::kSize) {
        lines += tr("Neither superblock is valid.");
    }
    m_file->setText(lines.join(QLatin1Char('\n')));
}

void OverviewView::showSegments(const Snapshot &snapshot)
{
    const auto &index = *snapshot.log.index;
    std::uint64_t all = 0;
    std::vector<BarList::Bar> bars;
    for (std::size_t i = 0; i < kSegmentTypes; ++i) {
        const auto type = typeAtIndex(i);
        all += index.count(type) * SegmentHeader::kSize + index.payloadBytes(type);
    }
    for (std::size_t i = 0; i < kSegmentTypes; ++i) {
        const auto type = typeAtIndex(i);
        const auto count = index.count(type);
        const auto bytes = count * SegmentHeader::kSize + index.payloadBytes(type);
        if (count > 0)
            bars.push_back({.parts = {{contentKind(type), bytes}},
                            .name = typeText(type),
                            .text = tr("%1 · %2 · %3").arg(groupedText(count), sizeText(bytes), share(bytes, all)),
                            .details = {}});
    }
    std::ranges::stable_sort(bars, std::ranges::greater(), &BarList::Bar::size);
    m_segmentsText->setText(
        index.segmentCount() == 0
            ? (snapshot.log.complete ? tr("The log is empty.") : tr("Looking for segments…"))
            : tr("%1 segments, %2 with their headers").arg(groupedText(index.segmentCount()), sizeText(all)));
    m_segments->setBars(std::move(bars));
}

void OverviewView::showTransactions(const Snapshot &snapshot)
{
    const auto &index = *snapshot.log.index;
    QStringList lines;
    lines += tr("%1 begun").arg(groupedText(index.transactionCount()));
    const auto commits = index.count(SegmentType::TxnCommit);
    const auto aborts = index.count(SegmentType::TxnAbort);
    lines += tr("%1, %2", "commits, aborts")
                 .arg(commits == 1 ? tr("1 commit") : tr("%1 commits").arg(groupedText(commits)),
                      aborts == 1 ? tr("1 abort") : tr("%1 aborts").arg(groupedText(aborts)));
    if (index.openTransaction() && snapshot.log.complete)
        lines += tr("The last one was never ended: a writer is at work, or was interrupted.");
    if (!snapshot.head.hasTransactions())
        lines = {tr("Files of this format have none: every segment counts.")};
    m_transactions->setText(lines.join(QLatin1Char('\n')));
}

void OverviewView::showFindings(const Document &document)
{
    const auto &report = document.check().findings()->report();
    const auto count = report.findings.size() + report.dropped;
    if (count == 0) {
        m_findingsText->setText(
            report.depth == CheckDepth::Full      ? tr("Nothing is wrong, by any rule of the format.")
                : document.snapshot() && document.snapshot()->log.complete
                ? tr("Every checksum is right, and every transaction is whole.")
                                                    : tr("None so far."));
        m_moreFindings->hide();
        showFirstFindings({});
        return;
    }
    m_findingsText->setText(count == 1 ? tr("1 place is not as it should be:")
                                       : tr("%1 places are not as they should be:").arg(groupedText(count)));
    m_moreFindings->setText(tr("and %1 more: F8 goes from one to the next")
                                .arg(groupedText(count - std::min<std::uint64_t>(count, kFindingsShown))));
    m_moreFindings->setVisible(count > kFindingsShown);
    std::vector<Finding> first;
    for (const auto &finding : report.findings | std::views::take(kFindingsShown))
        first.push_back(finding.what);
    showFirstFindings(first);
}

void OverviewView::showFirstFindings(std::span<const Finding> findings)
{
    if (std::ranges::equal(findings, m_shownFindings)) // buttons that are in use stay
        return;
    m_shownFindings.assign(findings.begin(), findings.end());
    while (auto *item = m_findings->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const auto &finding : findings) {
        auto *button = new ElidedButton(tr("%1  %2").arg(fixedOffsetText(finding.offset), findingText(finding)), this);
        button->setFlat(true);
        // A long finding must not push the other cards out of the view.
        button->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
        button->setToolTip(toolTipText(button->text()));
        button->setStyleSheet(QStringLiteral("text-align: left"));
        connect(button, &QPushButton::clicked, this,
                [this, finding] { Q_EMIT placeRequested(finding.offset, finding.end()); });
        m_findings->addWidget(button);
    }
}

} // namespace modelvault::ui
