#include "views/filter_line.h"

#include "filter/filter_completion.h"
#include "text/filter_words.h"
#include "text/words.h"
#include "views/elided_label.h"
#include "views/tint.h"

#include <QAbstractItemView>
#include <QAccessible>
#include <QCompleter>
#include <QFocusEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QStringListModel>
#include <QToolButton>

#include <algorithm>
#include <utility>

namespace modelvault::ui {
namespace {

QString textOf(const Filter &filter)
{
    return QString::fromStdString(filter.text());
}

// The language counts bytes.
std::size_t byteAt(const QString &text, qsizetype place)
{
    return static_cast<std::size_t>(QStringView(text).first(place).toUtf8().size());
}

int placeOf(const QString &text, std::size_t byte)
{
    return static_cast<int>(QString::fromUtf8(text.toUtf8().first(static_cast<qsizetype>(byte))).size());
}

QString shareText(std::uint64_t done, std::uint64_t total)
{
    const auto share = total == 0 ? 1.0 : static_cast<double>(done) / static_cast<double>(total);
    return FilterLine::tr("%1 %").arg(static_cast<int>(share * 100));
}

} // namespace

/// Keys that a plain line leaves to others.
class FilterLine::Edit : public QLineEdit {
public:
    explicit Edit(FilterLine *line) : QLineEdit(line), m_line(line) { }
    using QLineEdit::cursorRect;

protected:
    void keyPressEvent(QKeyEvent *event) override
    {
        const auto *popup = m_line->m_completer->popup();
        const bool isOpen = popup->isVisible();
        const bool isReturn = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
        if (isOpen && (event->key() == Qt::Key_Escape || (isReturn && popup->currentIndex().isValid())))
            event->ignore(); // the popup's
        else if (event->key() == Qt::Key_Escape)
            m_line->clear();
        else if (!isOpen && (event->key() == Qt::Key_Up || event->key() == Qt::Key_Down))
            m_line->stepInHistory(event->key() == Qt::Key_Up ? 1 : -1);
        else if (event->key() == Qt::Key_Space && event->modifiers() == Qt::ControlModifier)
            m_line->complete(true);
        else
            QLineEdit::keyPressEvent(event);
    }

private:
    FilterLine *m_line;
};

FilterLine::FilterLine(SegmentFilter &filter, QWidget *parent)
    : QWidget(parent),
      m_filter(filter),
      m_edit(new Edit(this)),
      m_words(new QStringListModel(this)),
      m_completer(new QCompleter(m_words, this)),
      m_earlier(new QToolButton(this)),
      m_earlierMenu(new QMenu(this)),
      m_state(new ElidedLabel(this)),
      m_stop(new QToolButton(this))
{
    m_edit->setObjectName(QStringLiteral("filter"));
    m_edit->setAccessibleName(tr("Filter"));
    m_edit->setPlaceholderText(tr("Filter: type == record and collection == \"books\""));
    m_edit->setToolTip(tr("Fields: number, offset, length, type, transaction, collection, operation, key, crc\n"
                          "transaction (or txn) is its number in the log, from 0, not the id in its markers\n"
                          "Comparisons: == != < <= > >= contains, in {a, b, c..d}; joined by and, or, not, ( )\n"
                          "Return filters, Esc shows all segments, Ctrl+Space completes, Up and Down go through "
                          "earlier filters"));
    m_edit->setClearButtonEnabled(true);
    m_completer->setWidget(m_edit);
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    m_completer->popup()->setObjectName(QStringLiteral("filterWords"));
    m_earlier->setObjectName(QStringLiteral("filterHistory"));
    m_earlier->setText(QStringLiteral("▾"));
    m_earlier->setToolTip(tr("Earlier filters"));
    m_earlier->setAccessibleName(tr("Earlier filters"));
    m_earlier->setAutoRaise(true);
    m_earlier->setFocusPolicy(Qt::TabFocus);
    m_state->setObjectName(QStringLiteral("filterState"));
    m_stop->setObjectName(QStringLiteral("filterStop"));
    m_stop->setText(tr("Stop"));
    m_stop->setToolTip(tr("Look for no more segments"));
    m_stop->setFocusPolicy(Qt::TabFocus);

    const int unit = fontMetrics().averageCharWidth();
    m_edit->setMinimumWidth(unit * 16);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(unit, unit / 2, unit, unit / 2);
    layout->setSpacing(unit);
    layout->addWidget(m_edit, 3);
    layout->addWidget(m_earlier);
    layout->addWidget(m_state, 2);
    layout->addWidget(m_stop);

    connect(m_edit, &QLineEdit::textChanged, this, &FilterLine::check);
    connect(m_edit, &QLineEdit::textEdited, this, [this] {
        m_historyAt = -1;
        complete(false);
        if (m_edit->text().isEmpty()) // by the button that clears it, or by hand
            take();
    });
    connect(m_edit, &QLineEdit::returnPressed, this, &FilterLine::take);
    connect(m_completer, qOverload<const QString &>(&QCompleter::activated), this, &FilterLine::insertCompletion);
    connect(m_earlier, &QToolButton::clicked, this, &FilterLine::showHistoryMenu);
    connect(m_stop, &QToolButton::clicked, &m_filter, &SegmentFilter::stop);
    connect(&m_filter, &SegmentFilter::stateChanged, this, &FilterLine::showState);
    connect(&m_filter, &SegmentFilter::progressed, this, &FilterLine::showState);
    setHistory({});
    check();
}

QString FilterLine::text() const
{
    return m_edit->text();
}

void FilterLine::setHistory(const QStringList &history)
{
    m_history = history.first(std::min<qsizetype>(history.size(), kMostRemembered));
    m_earlier->setEnabled(!m_history.isEmpty());
}

void FilterLine::apply(const Filter &filter)
{
    m_edit->setText(textOf(filter));
    take();
}

void FilterLine::take()
{
    m_completer->popup()->hide();
    if (!m_parsed) { // the reason stands beside it
        const auto &error = m_parsed.error();
        const int begin = placeOf(m_edit->text(), error.begin);
        m_edit->setSelection(begin, placeOf(m_edit->text(), error.end) - begin);
        announceEnd();
        return;
    }
    m_historyAt = -1;
    remember(m_edit->text().trimmed());
    if (m_filter.filter() == *m_parsed && (m_filter.isOff() || m_filter.state() == SegmentFilter::State::Done))
        return;
    m_filter.setFilter(*m_parsed);
}

void FilterLine::clear()
{
    if (m_edit->text().isEmpty() && m_filter.isOff()) {
        Q_EMIT left();
        return;
    }
    m_edit->clear();
    take();
}

void FilterLine::remember(const QString &text)
{
    if (text.isEmpty() || (!m_history.isEmpty() && m_history.front() == text))
        return;
    auto history = m_history;
    history.removeAll(text);
    history.prepend(text);
    setHistory(history);
    Q_EMIT historyChanged(m_history);
}

void FilterLine::stepInHistory(int step)
{
    const auto next = std::clamp<qsizetype>(m_historyAt + step, -1, m_history.size() - 1);
    if (next == m_historyAt)
        return;
    if (m_historyAt < 0)
        m_typed = m_edit->text();
    m_edit->setText(next < 0 ? m_typed : m_history.at(next));
    m_historyAt = next;
}

void FilterLine::showHistoryMenu()
{
    m_earlierMenu->clear();
    for (const auto &text : m_history) {
        auto shown = fontMetrics().elidedText(text, Qt::ElideRight, fontMetrics().averageCharWidth() * 80);
        m_earlierMenu->addAction(menuText(shown), this, [this, text] {
            m_edit->setText(text);
            m_edit->setFocus();
            take();
        });
    }
    m_earlierMenu->popup(m_earlier->mapToGlobal(QPoint(0, m_earlier->height())));
}

void FilterLine::check()
{
    m_parsed = Filter::parse(m_edit->text().toStdString());
    showTint();
    showState();
}

QString FilterLine::runText() const
{
    const auto found = tr("%1 of %2").arg(groupedText(m_filter.hits().count()), groupedText(m_filter.totalCount()));
    const auto share = shareText(m_filter.doneCount(), m_filter.totalCount());
    switch (m_filter.state()) {
    case SegmentFilter::State::Off:
        return {};
    case SegmentFilter::State::Waiting:
        return tr("Waits for the end of the scan");
    case SegmentFilter::State::Running:
        return tr("%1, %2 searched").arg(found, share);
    case SegmentFilter::State::Done:
        return m_filter.unreadableCount() == 0
            ? tr("✔ %1").arg(found)
            : tr("✔ %1, %2 can't be read").arg(found, groupedText(m_filter.unreadableCount()));
    case SegmentFilter::State::Stopped:
        return tr("%1, stopped at %2").arg(found, share);
    case SegmentFilter::State::Failed:
        return tr("✘ %1, then: %2").arg(found, errorText(m_filter.error()));
    }
    return {};
}

QString FilterLine::stateText() const
{
    if (!m_parsed) {
        const auto &error = m_parsed.error();
        const auto typed = text().toUtf8();
        const auto word =
            typed.mid(static_cast<qsizetype>(error.begin), static_cast<qsizetype>(error.end - error.begin));
        const auto why = filterErrorText(error);
        return word.isEmpty()
            ? tr("✘ %1").arg(why)
            : tr("✘ %1: %2").arg(why, plainText(std::string_view(word.constData(), std::size_t(word.size()))));
    }
    if (*m_parsed != m_filter.filter())
        return m_parsed->passesAll() ? tr("✔ Return shows all segments") : tr("✔ Return filters");
    return runText();
}

void FilterLine::showState()
{
    const auto state = stateText();
    m_state->setText(state);
    m_state->setToolTip(toolTipText(state));
    m_edit->setAccessibleDescription(state);
    const bool isUnderWay =
        m_filter.state() == SegmentFilter::State::Running || m_filter.state() == SegmentFilter::State::Waiting;
    if (!isUnderWay && m_stop->hasFocus()) // else the focus would go anywhere
        m_edit->setFocus(Qt::OtherFocusReason);
    m_stop->setVisible(isUnderWay);
    const bool hasEnded =
        m_filter.state() == SegmentFilter::State::Done || m_filter.state() == SegmentFilter::State::Failed;
    if (std::exchange(m_shownState, m_filter.state()) != m_filter.state() && hasEnded)
        announceEnd();
}

void FilterLine::announceEnd()
{
    if (!isVisible())
        return;
    QAccessibleAnnouncementEvent event(m_edit, m_state->text());
    QAccessible::updateAccessibility(&event);
}

void FilterLine::showTint()
{
    m_edit->setPalette(linePalette(palette(), m_edit->text().isEmpty(), m_parsed.has_value()));
}

void FilterLine::complete(bool isAsked)
{
    const auto text = m_edit->text();
    const auto completion = completeFilter(text.toStdString(), byteAt(text, m_edit->cursorPosition()), m_collections);
    QStringList words;
    for (const auto &word : completion.words)
        words += QString::fromStdString(word);
    // Unasked only where something was begun: else Down would never lead to the history.
    if (words.isEmpty() || (!isAsked && completion.begin == completion.end)) {
        m_completer->popup()->hide();
        return;
    }
    m_words->setStringList(words);
    m_completer->setCompletionPrefix({});
    m_completer->popup()->setCurrentIndex({});
    const auto at = m_edit->cursorRect();
    m_completer->complete({at.left(), 0, fontMetrics().averageCharWidth() * 24, m_edit->height()});
}

void FilterLine::insertCompletion(const QString &word)
{
    const auto text = m_edit->text();
    const auto completion = completeFilter(text.toStdString(), byteAt(text, m_edit->cursorPosition()), m_collections);
    const int begin = placeOf(text, completion.begin);
    const int end = placeOf(text, completion.end);
    const bool isApart = end < text.size() && text.at(end).isSpace();
    m_edit->setSelection(begin, end - begin);
    m_edit->insert(isApart ? word : word + QLatin1Char(' '));
    if (isApart)
        m_edit->setCursorPosition(m_edit->cursorPosition() + 1);
}

// Not by a focus proxy: Tab would pass by the buttons.
void FilterLine::focusInEvent(QFocusEvent *event)
{
    m_edit->setFocus(event->reason());
    m_edit->selectAll();
}

void FilterLine::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showTint();
}

} // namespace modelvault::ui
