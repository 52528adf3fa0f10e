#include "views/log_pane.h"

#include "text/words.h"
#include "views/filter_line.h"
#include "views/virtual_table_view.h"

#include <QFocusEvent>
#include <QMenu>
#include <QVBoxLayout>

#include <algorithm>
#include <iterator>

namespace modelvault::ui {

LogPane::LogPane(SegmentRowModel &model, QWidget *parent)
    : QWidget(parent),
      m_model(model),
      m_line(new FilterLine(*model.filter(), this)),
      m_table(new VirtualTableView(this))
{
    m_line->setObjectName(QStringLiteral("filterLine"));
    m_table->setObjectName(QStringLiteral("log"));
    m_table->setAccessibleName(tr("Segments of the log"));
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setModel(&model);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(m_line);
    layout->addWidget(m_table, 1);
    connect(m_table, &VirtualTableView::rowMenuRequested, this, &LogPane::addFilters);
    connect(m_line, &FilterLine::left, m_table, qOverload<>(&QWidget::setFocus));
    connect(model.filter(), &SegmentFilter::stateChanged, this, &LogPane::showEmptyText);
}

void LogPane::setEmptyText(const QString &text)
{
    m_emptyText = text;
    showEmptyText();
}

void LogPane::showEmptyText()
{
    switch (m_model.filter()->state()) {
    case SegmentFilter::State::Off:
        m_table->setEmptyText(m_emptyText);
        break;
    case SegmentFilter::State::Waiting:
    case SegmentFilter::State::Running:
        m_table->setEmptyText(tr("Looking for segments…"));
        break;
    case SegmentFilter::State::Done:
        m_table->setEmptyText(tr("No segment passes the filter. Esc in the filter line shows all."));
        break;
    case SegmentFilter::State::Stopped:
    case SegmentFilter::State::Failed:
        m_table->setEmptyText(tr("No segment was found before the search ended."));
        break;
    }
}

/// `column`: -1 for all.
void LogPane::addFilters(QMenu *menu, std::uint64_t row, int column)
{
    std::vector<Filter> filters;
    for (int each = 0; each < m_model.columnCount(); ++each) {
        if (column < 0 || each == column)
            std::ranges::move(m_model.filtersLike(row, each), std::back_inserter(filters));
    }
    auto *apply = menu->addMenu(tr("Apply as &Filter"));
    apply->setObjectName(QStringLiteral("applyAsFilter"));
    apply->setEnabled(!filters.empty());
    for (const auto &like : filters) {
        auto title = plainText(like.text());
        addJoins(apply->addMenu(menuText(title)), like);
    }
}

void LogPane::addJoins(QMenu *menu, const Filter &like)
{
    const auto &base = m_model.filter()->filter();
    const auto add = [&](const QString &title, FilterJoin how) {
        menu->addAction(title, this,
                        [this, how, like] { m_line->apply(joined(m_model.filter()->filter(), how, like)); });
    };
    add(tr("&This Alone"), FilterJoin::Only);
    add(tr("All &But This"), FilterJoin::OnlyNot);
    if (base.passesAll())
        return;
    menu->addSeparator();
    add(tr("… &and This"), FilterJoin::And);
    add(tr("… and &Not This"), FilterJoin::AndNot);
    add(tr("… &or This"), FilterJoin::Or);
}

// Not by a focus proxy: Tab would pass by the filter.
void LogPane::focusInEvent(QFocusEvent *event)
{
    m_table->setFocus(event->reason());
}

} // namespace modelvault::ui
