#include "views/column_filters.h"

#include "text/words.h"
#include "views/virtual_table_view.h"

#include <QEvent>
#include <QHeaderView>
#include <QLineEdit>
#include <QStyle>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace modelvault::ui {
namespace {

constexpr auto kPause = std::chrono::milliseconds(300);

} // namespace

ColumnFilters::ColumnFilters(VirtualTableView *table, QWidget *parent) : QWidget(parent), m_table(table)
{
    setObjectName(QStringLiteral("columnFilters"));
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPause);
    connect(&m_pause, &QTimer::timeout, this, &ColumnFilters::changed);
    connect(table, &VirtualTableView::columnsMoved, this, &ColumnFilters::layOut);
    connect(table->header(), &QHeaderView::sectionCountChanged, this, &ColumnFilters::layOut);
    layOut();
}

void ColumnFilters::clear()
{
    m_pause.stop();
    m_texts.clear();
    m_faults.clear();
    qDeleteAll(std::exchange(m_lines, {}));
    layOut();
}

void ColumnFilters::setText(int column, const QString &text)
{
    if (auto *line = m_lines.value(column))
        line->setText(text);
    else if (text.isEmpty())
        m_texts.remove(column);
    else
        m_texts.insert(column, text);
    m_pause.stop();
    Q_EMIT changed();
}

void ColumnFilters::setFault(int column, const QString &reason)
{
    if (reason.isEmpty())
        m_faults.remove(column);
    else
        m_faults.insert(column, reason);
    showFault(column);
}

/// Colour is not the only sign: the reason stands in the tool tip and is what screen readers describe the line with.
void ColumnFilters::showFault(int column)
{
    auto *line = m_lines.value(column);
    if (line == nullptr)
        return;
    const auto reason = m_faults.value(column);
    const auto help = tr("text it contains, or = != < <= > >= value, ~ regular expression, is none");
    line->setToolTip(toolTipText(reason.isEmpty() ? help : reason));
    line->setAccessibleDescription(reason.isEmpty() ? help : reason);
    auto font = this->font();
    font.setStrikeOut(!reason.isEmpty());
    line->setFont(font);
}

QLineEdit *ColumnFilters::makeLine(int column)
{
    auto *line = new QLineEdit(this);
    const auto name = m_table->header()->model()->headerData(column, Qt::Horizontal).toString();
    line->setAccessibleName(tr("Filter of %1").arg(name));
    line->setPlaceholderText(tr("filter"));
    line->setText(m_texts.value(column));
    m_lines.insert(column, line);
    showFault(column);
    connect(line, &QLineEdit::textChanged, this, [this, column](const QString &text) {
        if (text.isEmpty())
            m_texts.remove(column);
        else
            m_texts.insert(column, text);
        m_pause.start();
    });
    connect(line, &QLineEdit::returnPressed, this, [this] {
        m_pause.stop();
        Q_EMIT changed();
    });
    return line;
}

void ColumnFilters::layOut()
{
    const int height = fontMetrics().height() + fontMetrics().height() / 2 + 4;
    setFixedHeight(height);
    // Asked for first: the header may lay itself out meanwhile, and call this again.
    const auto columns = m_table->columnsInSight();
    // One that has the focus stays while it is scrolled away.
    for (auto line = m_lines.begin(); line != m_lines.end();) {
        const bool stays = std::ranges::contains(columns, line.key(), &VirtualTableView::VisibleColumn::column) || (*line)->hasFocus();
        if (!stays)
            (*line)->deleteLater();
        line = stays ? std::next(line) : m_lines.erase(line);
    }
    QWidget *before = nullptr;
    for (const auto &visible : columns) {
        auto *line = m_lines.value(visible.column);
        if (line == nullptr)
            line = makeLine(visible.column);
        line->setGeometry(visible.left, 0, visible.width, height);
        line->show();
        if (before != nullptr)
            setTabOrder(before, line); // as they stand, also when columns were moved
        before = line;
        if (visible.isFrozen)
            line->raise();
    }
}

void ColumnFilters::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    layOut();
}

void ColumnFilters::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        layOut();
}

} // namespace modelvault::ui
