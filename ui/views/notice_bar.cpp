#include "views/notice_bar.h"

#include "text/words.h"
#include "views/severity_sign.h"
#include "views/tint.h"

#include <QAccessible>
#include <QFocusEvent>
#include <QFrame>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QStyle>
#include <QToolButton>

#include <algorithm>
#include <utility>

namespace modelvault::ui {
class NoticeBar::Line : public QFrame {
public:
    explicit Line(NoticeBar *bar)
        : QFrame(bar),
          m_bar(bar),
          m_icon(new QLabel(this)),
          m_text(new QLabel(this)),
          m_action(new QPushButton(this)),
          m_close(new QToolButton(this))
    {
        m_text->setObjectName(QStringLiteral("noticeText"));
        m_text->setTextFormat(Qt::PlainText);
        m_text->setWordWrap(true);
        m_text->setForegroundRole(QPalette::Text);
        m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_action->setObjectName(QStringLiteral("noticeAction"));
        m_close->setObjectName(QStringLiteral("noticeClose"));
        m_close->setAutoRaise(true);
        m_close->setFocusPolicy(Qt::StrongFocus);
        m_close->setText(QStringLiteral("✕")); // in the palette's colour, which not every theme's icons follow
        m_close->setToolTip(NoticeBar::tr("Close this notice (Esc)"));
        m_close->setAccessibleName(NoticeBar::tr("Close this notice"));
        const int unit = fontMetrics().averageCharWidth();
        auto *layout = new QHBoxLayout(this);
        layout->setContentsMargins(unit * 2, unit / 2, unit, unit / 2);
        layout->setSpacing(unit);
        layout->addWidget(m_icon);
        layout->addWidget(m_text, 1);
        layout->addWidget(m_action);
        layout->addWidget(m_close);
        // Either may end this line.
        connect(m_action, &QPushButton::clicked, m_bar, [this] {
            if (const auto action = m_notice.action)
                action();
        });
        connect(m_close, &QToolButton::clicked, m_bar, [this] { m_bar->close(m_notice.id); });
    }

    void setNotice(const Notice &notice)
    {
        m_notice = notice;
        m_text->setText(notice.text);
        m_action->setText(notice.actionText);
        m_action->setVisible(!notice.actionText.isEmpty());
        setAccessibleName(spoken());
        showIcon();
        update();
    }

    [[nodiscard]] const Notice &notice() const { return m_notice; }
    /// What stands for the line in the tab order, first and last.
    [[nodiscard]] QWidget *first() const
    {
        return m_notice.actionText.isEmpty() ? static_cast<QWidget *>(m_close) : m_action;
    }
    [[nodiscard]] QWidget *last() const { return m_close; }

    void announce()
    {
        QAccessibleAnnouncementEvent event(this, spoken());
        event.setPoliteness(m_notice.severity == Severity::Info ? QAccessible::AnnouncementPoliteness::Polite
                                                                : QAccessible::AnnouncementPoliteness::Assertive);
        QAccessible::updateAccessibility(&event);
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.fillRect(rect(), tint(palette(), severityColour(m_notice.severity)));
        const int edge = std::max(fontMetrics().averageCharWidth() / 2, 2);
        const int left = layoutDirection() == Qt::RightToLeft ? width() - edge : 0;
        painter.fillRect(QRect(left, 0, edge, height()), severityColour(m_notice.severity));
    }

    void keyPressEvent(QKeyEvent *event) override
    {
        if (event->key() == Qt::Key_Escape)
            m_bar->close(m_notice.id);
        else
            QFrame::keyPressEvent(event);
    }

    void changeEvent(QEvent *event) override
    {
        QFrame::changeEvent(event);
        if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
            showIcon();
    }

private:
    [[nodiscard]] QString spoken() const
    {
        return NoticeBar::tr("%1: %2").arg(severityText(m_notice.severity), m_notice.text);
    }

    void showIcon()
    {
        const int size = style()->pixelMetric(QStyle::PM_SmallIconSize, nullptr, this);
        m_icon->setPixmap(severityIcon(m_notice.severity).pixmap(QSize(size, size), devicePixelRatio()));
        m_icon->setToolTip(severityText(m_notice.severity));
    }

    NoticeBar *m_bar;
    Notice m_notice;
    QLabel *m_icon;
    QLabel *m_text;
    QPushButton *m_action;
    QToolButton *m_close;
};

NoticeBar::NoticeBar(QWidget *parent) : QWidget(parent), m_layout(new QVBoxLayout(this))
{
    m_layout->setContentsMargins({});
    m_layout->setSpacing(1);
    setAccessibleName(tr("Notices"));
    hide();
}

void NoticeBar::setNotices(std::vector<Notice> notices)
{
    std::ranges::stable_sort(notices, std::ranges::greater(), &Notice::severity);
    std::erase_if(m_closed, [&](const QString &id) { return !std::ranges::contains(notices, id, &Notice::id); });
    m_notices = std::move(notices);
    showNotices();
}

void NoticeBar::close(const QString &id)
{
    m_closed.insert(id);
    showNotices();
}

void NoticeBar::showNotices()
{
    const bool wasVisible = isVisible();
    std::vector<Line *> lines;
    std::vector<Line *> toAnnounce;
    for (const auto &notice : m_notices) {
        if (m_closed.contains(notice.id))
            continue;
        const auto known = std::ranges::find(m_lines, notice.id, [](const Line *line) { return line->notice().id; });
        auto *line = known == m_lines.end() ? new Line(this) : *known;
        if (known == m_lines.end() || notice.severity > line->notice().severity)
            toAnnounce.push_back(line);
        line->setNotice(notice);
        lines.push_back(line);
    }
    for (auto *line : std::exchange(m_lines, lines)) {
        if (std::ranges::contains(lines, line))
            continue;
        m_layout->removeWidget(line);
        line->hide();
        line->deleteLater(); // its own button may have led here
    }
    arrange();
    for (auto *line : toAnnounce) {
        if (wasVisible) // else showEvent() says all
            line->announce();
    }
}

/// Also when the tab of a file comes to the front about which there was something to say before.
void NoticeBar::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    for (auto *line : m_lines)
        line->announce();
}

// Not by a focus proxy: Tab would pass by all other buttons.
void NoticeBar::focusInEvent(QFocusEvent *event)
{
    if (!m_lines.empty())
        m_lines.front()->first()->setFocus(event->reason());
}

/// The lines from top to bottom, the keyboard's way through them the same.
void NoticeBar::arrange()
{
    QWidget *before = nullptr;
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        auto *line = m_lines[i];
        if (m_layout->indexOf(line) != static_cast<int>(i))
            m_layout->insertWidget(static_cast<int>(i), line);
        line->setVisible(true);
        if (before != nullptr)
            setTabOrder(before, line->first());
        setTabOrder(line->first(), line->last());
        before = line->last();
    }
    setVisible(!m_lines.empty());
}

QStringList NoticeBar::texts() const
{
    QStringList texts;
    for (const auto *line : m_lines)
        texts += line->notice().text;
    return texts;
}

} // namespace modelvault::ui
