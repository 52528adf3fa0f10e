#include "panels/find_panel.h"

#include "text/words.h"
#include "views/elided_label.h"
#include "views/tint.h"
#include "views/virtual_table_view.h"

#include <QAbstractItemView>
#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QFocusEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QShortcut>
#include <QStackedWidget>
#include <QStringListModel>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace modelvault::ui {
namespace {

constexpr int kProgressSteps = 1000;
constexpr double kLeastSeconds = 0.1; // to tell a rate
// In characters.
constexpr int kLeastPatternWidth = 16;
constexpr int kProgressWidth = 20;

QString hitsText(std::uint64_t count)
{
    return count == 1 ? FindPanel::tr("1 hit") : FindPanel::tr("%1 hits").arg(groupedText(count));
}

/// ", 820 MB/s", in decimal units as drives have them; nothing for what took no time.
QString rateText(std::uint64_t bytes, double seconds)
{
    if (seconds < kLeastSeconds)
        return {};
    const double rate = static_cast<double>(bytes) / seconds / 1e6;
    return rate >= 1000 ? FindPanel::tr(", %1 GB/s").arg(rate / 1000, 0, 'f', 1)
                        : FindPanel::tr(", %1 MB/s").arg(rate, 0, 'f', rate < 10 ? 1 : 0);
}

} // namespace

FindPanel::FindPanel(QWidget *parent) : QWidget(parent), m_pattern(FindRequest().compile())
{
    makePatternLine();
    makeOptions();
    makeWhere();
    m_status = new ElidedLabel(this);
    m_status->setObjectName(QStringLiteral("findStatus"));
    m_progress = new QProgressBar(this);
    m_progress->setObjectName(QStringLiteral("findProgress"));
    m_progress->setAccessibleName(tr("Progress of the search"));
    m_progress->setRange(0, kProgressSteps);
    m_progress->setFormat(tr("%p %"));
    m_progress->setFixedWidth(fontMetrics().averageCharWidth() * kProgressWidth);
    m_stop = new QToolButton(this);
    m_stop->setObjectName(QStringLiteral("stopFind"));
    m_stop->setText(tr("Stop"));
    m_stop->setToolTip(tr("Stop looking and keep what was found"));
    m_list = new VirtualTableView(this);
    m_list->setObjectName(QStringLiteral("hits"));
    m_list->setAccessibleName(tr("Hits"));
    layOut();

    connect(m_stop, &QToolButton::clicked, this, [this] {
        if (m_finder)
            m_finder->stop();
    });
    const auto choose = [this](std::uint64_t row) {
        if (m_finder)
            m_finder->select(m_finder->hits().hit(row));
    };
    connect(m_list, &VirtualTableView::currentRowChanged, this, choose);
    connect(m_list, &VirtualTableView::rowActivated, this, [this, choose](std::uint64_t row) {
        choose(row);
        Q_EMIT left();
    });
    auto *leave = new QShortcut(Qt::Key_Escape, this);
    leave->setContext(Qt::WidgetWithChildrenShortcut);
    connect(leave, &QShortcut::activated, this, &FindPanel::left);
    showKind();
    setDocument(nullptr, nullptr);
}

void FindPanel::makePatternLine()
{
    m_kind = new QComboBox(this);
    m_kind->setObjectName(QStringLiteral("findKind"));
    m_kind->setAccessibleName(tr("What the pattern is"));
    m_kind->addItems({tr("Text"), tr("Hex"), tr("Number"), tr("Regex")}); // as in FindRequest::Kind
    m_typed = new QLineEdit(this);
    m_typed->setObjectName(QStringLiteral("findPattern"));
    m_typed->setAccessibleName(tr("Find"));
    m_typed->setClearButtonEnabled(true);
    m_typed->setMinimumWidth(fontMetrics().averageCharWidth() * kLeastPatternWidth);
    m_typed->installEventFilter(this);
    m_completer = new QCompleter(new QStringListModel(this), this);
    m_completer->setCaseSensitivity(Qt::CaseSensitive);
    m_typed->setCompleter(m_completer);
    const auto addStep = [this](const QString &name, Qt::ArrowType arrow, const QString &what, int direction) {
        auto *button = new QToolButton(this);
        button->setObjectName(name);
        button->setArrowType(arrow);
        button->setAccessibleName(what);
        button->setToolTip(what);
        connect(button, &QToolButton::clicked, this, [this, direction] { step(direction); });
        return button;
    };
    m_previous = addStep(QStringLiteral("findPrevious"), Qt::UpArrow, tr("Previous hit (Shift+F3)"), -1);
    m_next = addStep(QStringLiteral("findNext"), Qt::DownArrow, tr("Next hit (F3)"), 1);
    m_all = new QPushButton(tr("&All Hits"), this);
    m_all->setObjectName(QStringLiteral("findAll"));
    m_all->setToolTip(tr("List every place (Ctrl+Return)"));
    connect(m_kind, &QComboBox::currentIndexChanged, this, &FindPanel::showKind);
    connect(m_typed, &QLineEdit::textChanged, this, &FindPanel::check);
    connect(m_all, &QPushButton::clicked, this, &FindPanel::findAll);
}

void FindPanel::makeOptions()
{
    m_options = new QStackedWidget(this);
    m_options->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    m_options->addWidget(makeTextOptions());
    m_options->addWidget(new QLabel(tr("? stands for any digit"), m_options));
    m_options->addWidget(makeNumberOptions());
    m_options->addWidget(makeRegexOptions());
}

QWidget *FindPanel::makeTextOptions()
{
    auto *page = new QWidget(m_options);
    m_encoding = new QComboBox(page);
    m_encoding->setObjectName(QStringLiteral("findEncoding"));
    m_encoding->setAccessibleName(tr("Encoding"));
    m_encoding->addItems({tr("UTF-8"), tr("UTF-16 LE"), tr("UTF-16 BE"), tr("Any of these")}); // as in TextEncoding
    m_matchCase = new QCheckBox(tr("Match &case"), page);
    m_matchCase->setObjectName(QStringLiteral("findMatchCase"));
    auto *line = new QHBoxLayout(page);
    line->setContentsMargins({});
    line->addWidget(m_encoding);
    line->addWidget(m_matchCase);
    connect(m_encoding, &QComboBox::currentIndexChanged, this, &FindPanel::check);
    connect(m_matchCase, &QCheckBox::toggled, this, &FindPanel::check);
    return page;
}

QWidget *FindPanel::makeNumberOptions()
{
    auto *page = new QWidget(m_options);
    m_numberType = new QComboBox(page);
    m_numberType->setObjectName(QStringLiteral("findNumberType"));
    m_numberType->setAccessibleName(tr("Type of the number"));
    for (const auto &type : numberTypes())
        m_numberType->addItem(QLatin1String(type.name));
    m_numberType->setCurrentText(QStringLiteral("int64"));
    m_order = new QComboBox(page);
    m_order->setObjectName(QStringLiteral("findOrder"));
    m_order->setAccessibleName(tr("Byte order"));
    m_order->addItems({tr("Little Endian"), tr("Big Endian"), tr("Both Orders")}); // as in NumberOrder
    auto *line = new QHBoxLayout(page);
    line->setContentsMargins({});
    line->addWidget(m_numberType);
    line->addWidget(m_order);
    connect(m_numberType, &QComboBox::currentIndexChanged, this, &FindPanel::check);
    connect(m_order, &QComboBox::currentIndexChanged, this, &FindPanel::check);
    return page;
}

QWidget *FindPanel::makeRegexOptions()
{
    auto *page = new QWidget(m_options);
    m_regexCase = new QCheckBox(tr("Match &case"), page);
    m_regexCase->setObjectName(QStringLiteral("findRegexCase"));
    m_regexCase->setChecked(true);
    m_acrossLines = new QCheckBox(tr("Across &lines"), page);
    m_acrossLines->setObjectName(QStringLiteral("findAcrossLines"));
    m_acrossLines->setToolTip(toolTipText(tr("A line feed is a byte as any other; ^ and $ are where the file begins "
                                             "and ends. Else as grep works: no hit has "
                                             "a line feed in it, ^ and $ are at lines' edges.")));
    auto *line = new QHBoxLayout(page);
    line->setContentsMargins({});
    line->addWidget(m_regexCase);
    line->addWidget(m_acrossLines);
    connect(m_regexCase, &QCheckBox::toggled, this, &FindPanel::check);
    connect(m_acrossLines, &QCheckBox::toggled, this, &FindPanel::check);
    return page;
}

void FindPanel::makeWhere()
{
    m_whereLabel = new QLabel(tr("&In:"), this);
    m_where = new QComboBox(this);
    m_where->setObjectName(QStringLiteral("findWhere"));
    m_where->setAccessibleName(tr("Where to look"));
    m_where->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_where->addItems({tr("Whole file"), tr("Selection"), tr("This segment")}); // as in Where
    m_whereLabel->setBuddy(m_where);
    // Chosen once more, it is the selection that is there then.
    connect(m_where, &QComboBox::activated, this, [this] {
        m_selection.reset();
        if (where() == Where::Selection && m_document)
            m_selection = SearchRange{m_document->selection().begin, m_document->selection().end};
        showWhere();
        check();
    });
}

void FindPanel::layOut()
{
    const int space = fontMetrics().averageCharWidth();
    auto *pattern = new QHBoxLayout;
    for (QWidget *widget : std::initializer_list<QWidget *>{m_kind, m_typed, m_previous, m_next, m_all})
        pattern->addWidget(widget, widget == m_typed ? 1 : 0);
    auto *options = new QHBoxLayout;
    options->addWidget(m_options);
    options->addSpacing(space);
    options->addWidget(m_whereLabel);
    options->addWidget(m_where);
    options->addSpacing(space);
    options->addWidget(m_status, 1);
    options->addWidget(m_progress);
    options->addWidget(m_stop);
    auto *lines = new QVBoxLayout;
    lines->setContentsMargins(space, space / 2, space / 2, space / 2);
    lines->addLayout(pattern);
    lines->addLayout(options);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addLayout(lines);
    layout->addWidget(m_list, 1);
}

void FindPanel::setDocument(Document *document, Finder *finder)
{
    if (m_document)
        m_document->disconnect(this);
    if (m_finder)
        m_finder->disconnect(this);
    m_document = document;
    m_finder = finder;
    m_list->setModel(finder != nullptr ? &finder->hits() : nullptr);
    if (finder != nullptr) {
        connect(document, &Document::opened, this, &FindPanel::check);
        connect(document, &Document::selectionChanged, this, &FindPanel::followSelection);
        connect(finder, &Finder::changed, this, [this] {
            m_stepText.clear();
            showState();
            followSelection();
        });
        connect(finder, &Finder::stepped, this, &FindPanel::showStep);
    }
    // A selection is one of a document.
    if (where() == Where::Selection)
        m_where->setCurrentIndex(std::to_underlying(Where::File));
    m_selection.reset();
    showWhere();
    check();
    followSelection();
}

FindRequest::Kind FindPanel::kind() const
{
    return static_cast<FindRequest::Kind>(m_kind->currentIndex());
}

FindPanel::Where FindPanel::where() const
{
    return static_cast<Where>(m_where->currentIndex());
}

FindRequest FindPanel::request() const
{
    return {.kind = kind(),
            .typed = m_typed->text(),
            .matchCase = (kind() == FindRequest::Kind::Regex ? m_regexCase : m_matchCase)->isChecked(),
            .encoding = static_cast<TextEncoding>(m_encoding->currentIndex()),
            .numberType = static_cast<std::size_t>(m_numberType->currentIndex()),
            .order = static_cast<NumberOrder>(m_order->currentIndex()),
            .acrossLines = m_acrossLines->isChecked()};
}

FindWhere FindPanel::range() const
{
    const Offset end{m_document->fileLength()};
    if (where() == Where::Segment)
        return {.range = {m_document->selection().begin, end}, .isSegment = true};
    const auto range = m_selection.value_or(SearchRange{{0}, end});
    return {.range = {std::min(range.begin, end), std::min(range.end, end)}};
}

void FindPanel::check()
{
    m_pattern = request().compile();
    m_stepText.clear();
    if (m_finder)
        m_finder->dropStep();
    showState();
}

void FindPanel::showKind()
{
    static constexpr const char *kExamples[] = {QT_TR_NOOP("Text to find"), QT_TR_NOOP("de ad ?? ?f"),
                                                QT_TR_NOOP("1999 or 0x7cf"), QT_TR_NOOP("[A-Z]\\w+")};
    m_typed->setPlaceholderText(tr(kExamples[m_kind->currentIndex()]));
    m_options->setCurrentIndex(m_kind->currentIndex());
    static_cast<QStringListModel *>(m_completer->model())->setStringList(history(kind()));
    check();
}

void FindPanel::showWhere()
{
    m_where->setItemText(std::to_underlying(Where::Selection),
                         m_selection
                             ? tr("Selection: %1 at %2")
                                   .arg(sizeText(m_selection->end - m_selection->begin), offsetText(m_selection->begin))
                             : tr("Selection"));
}

bool FindPanel::canFind() const
{
    return m_pattern && m_document && m_document->snapshot() && m_finder;
}

bool FindPanel::step(int direction)
{
    if (!canFind())
        return false;
    remember();
    m_finder->step(*m_pattern, range(), direction);
    return true;
}

void FindPanel::findAll()
{
    if (!canFind())
        return;
    remember();
    m_finder->findAll(*m_pattern, range(), request());
}

void FindPanel::remember()
{
    auto &patterns = m_history[static_cast<std::size_t>(kind())];
    if (!patterns.isEmpty() && patterns.front() == m_typed->text())
        return;
    patterns.removeAll(m_typed->text());
    patterns.prepend(m_typed->text());
    patterns.resize(std::min<qsizetype>(patterns.size(), kMostRemembered));
    static_cast<QStringListModel *>(m_completer->model())->setStringList(patterns);
    Q_EMIT historyChanged(kind());
}

void FindPanel::setHistory(FindRequest::Kind kind, const QStringList &patterns)
{
    m_history[static_cast<std::size_t>(kind)] = patterns.first(std::min<qsizetype>(patterns.size(), kMostRemembered));
    showKind();
}

void FindPanel::showState()
{
    const bool isSearching = m_finder && m_finder->state() == Finder::State::Searching;
    for (QWidget *widget : std::initializer_list<QWidget *>{m_previous, m_next, m_all}) {
        if (!canFind() && widget->hasFocus())
            m_typed->setFocus(Qt::OtherFocusReason);
        widget->setEnabled(canFind());
    }
    if (!isSearching && m_stop->hasFocus())
        m_list->setFocus(Qt::OtherFocusReason);
    m_stop->setVisible(isSearching);
    m_progress->setVisible(isSearching);
    if (isSearching && m_finder->totalBytes() > 0)
        m_progress->setValue(static_cast<int>(static_cast<double>(m_finder->doneBytes())
                                              / static_cast<double>(m_finder->totalBytes()) * kProgressSteps));
    const bool isWrong = !m_pattern && !m_typed->text().isEmpty();
    const auto fault = isWrong ? request().errorText(m_pattern.error()) : QString();
    const auto listed = listedText();
    const auto state = !m_stepText.isEmpty() ? m_stepText : listed.isEmpty() ? stateText() : QString();
    m_status->setText(QStringList{isWrong ? tr("✘ %1.").arg(fault) : state, listed}.join(QLatin1Char(' ')).trimmed());
    m_status->setToolTip(toolTipText(m_status->text()));
    m_typed->setAccessibleDescription(fault);
    showColours();
    m_list->setEmptyText(emptyText());
}

/// Says that the list is of an earlier search, if it is.
QString FindPanel::listedText() const
{
    if (!m_finder || m_finder->hits().rowCount() == 0 || request() == m_finder->request())
        return {};
    constexpr qsizetype kMost = 30;
    const auto &typed = m_finder->request().typed;
    const auto shown = typed.size() > kMost ? typed.first(kMost) + QChar(0x2026) : typed;
    return tr("Listed are hits of the search before: \"%1\"").arg(plainText(shown.toStdString()));
}

/// Green and red as the filter line; hits of another pattern are pale.
void FindPanel::showColours()
{
    m_typed->setPalette(linePalette(palette(), m_typed->text().isEmpty(), m_pattern.has_value()));
    auto colours = palette();
    if (!listedText().isEmpty())
        colours.setColor(QPalette::Text, colours.color(QPalette::PlaceholderText));
    m_list->setPalette(colours);
}

void FindPanel::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showColours();
}

QString FindPanel::stateText() const
{
    if (!m_finder || m_finder->state() == Finder::State::Idle)
        return {};
    const auto hits = hitsText(m_finder->hitCount());
    const auto kept = m_finder->hits().rowCount();
    const auto most = kept < m_finder->hitCount() ? tr(", the first %1 are listed").arg(groupedText(kept)) : QString();
    const auto rate = rateText(m_finder->doneBytes(), m_finder->seconds());
    const auto done = sizeText(m_finder->doneBytes());
    switch (m_finder->state()) {
    case Finder::State::Idle:
        break;
    case Finder::State::Searching:
        return tr("%1%2 so far, %3 of %4%5").arg(hits, most, done, sizeText(m_finder->totalBytes()), rate);
    case Finder::State::Stopped:
        return tr("%1%2 in the first %3, then stopped").arg(hits, most, done);
    case Finder::State::Failed:
        return m_finder->error().code == ErrorCode::NotFound
            ? tr("✘ No segment lies here.")
            : tr("✘ %1%2 in the first %3, then: %4.").arg(hits, most, done, errorText(m_finder->error()));
    case Finder::State::Done:
        return tr("%1%2 in %3%4").arg(hits, most, done, rate);
    }
    return {};
}

QString FindPanel::emptyText() const
{
    if (!m_finder)
        return tr("No database is open.");
    switch (m_finder->state()) {
    case Finder::State::Searching:
        return tr("Looking…");
    case Finder::State::Done:
        return tr("There is no such place.");
    default:
        return tr("Type what to look for. Return goes to the next place, Ctrl+Return lists them all.");
    }
}

void FindPanel::showStep(const FoundStep &step)
{
    if (step.error)
        m_stepText = step.error->code == ErrorCode::NotFound ? tr("✘ No segment lies here.")
                                                             : tr("✘ %1.").arg(errorText(*step.error));
    else if (!step.hit)
        m_stepText = tr("There is no such place.");
    else
        m_stepText = step.isWrapped ? tr("Went on from the other end.") : QString();
    if (!m_stepText.isEmpty())
        Q_EMIT said(m_stepText);
    showState();
}

/// The list shows the hit that is selected, however that came.
void FindPanel::followSelection()
{
    if (!m_document || !m_finder)
        return;
    const auto row = m_finder->hits().rowAt(m_document->selection().begin);
    if (row && m_list->currentRow() != row)
        m_list->showRow(row);
}

void FindPanel::focusPattern()
{
    m_typed->setFocus(Qt::ShortcutFocusReason);
    m_typed->selectAll();
}

bool FindPanel::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
            if (key->modifiers().testFlag(Qt::ControlModifier))
                findAll();
            else
                step(key->modifiers().testFlag(Qt::ShiftModifier) ? -1 : 1);
            return true;
        }
        if (key->key() == Qt::Key_Down) {
            m_completer->setCompletionPrefix(m_typed->text());
            m_completer->complete();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

// Not by a focus proxy: Tab would pass by all else in here.
void FindPanel::focusInEvent(QFocusEvent *event)
{
    m_typed->setFocus(event->reason());
}

} // namespace modelvault::ui
