#include "views/value_find_view.h"

#include "text/words.h"
#include "views/virtual_table_view.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>
#include <QVBoxLayout>

#include <cmath>

namespace modelvault::ui {

ValueFindView::ValueFindView(QWidget *parent)
    : QWidget(parent),
      m_line(new QLineEdit(this)),
      m_state(new QLabel(this)),
      m_stop(new QToolButton(this)),
      m_hits(new VirtualTableView(this))
{
    m_line->setObjectName(QStringLiteral("findValue"));
    m_line->setPlaceholderText(tr("find a value in all collections"));
    m_line->setAccessibleName(tr("Value to find in all collections"));
    m_line->setClearButtonEnabled(true);
    m_state->setObjectName(QStringLiteral("valueHitCount"));
    m_state->setTextFormat(Qt::PlainText);
    m_stop->setObjectName(QStringLiteral("stopValues"));
    m_stop->setText(tr("Stop"));
    m_hits->setObjectName(QStringLiteral("valueHits"));
    m_hits->setAccessibleName(tr("Values that were found"));
    m_hits->setFrameShape(QFrame::NoFrame);
    m_hits->setMinimumHeight(fontMetrics().height() * 10); // else nobody sees that there are some
    m_hits->setModel(&m_finder);

    auto *state = new QHBoxLayout;
    state->setContentsMargins(fontMetrics().averageCharWidth(), 0, 0, 0);
    state->addWidget(m_state, 1);
    state->addWidget(m_stop);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(m_line);
    layout->addWidget(m_hits, 1);
    layout->addLayout(state);

    connect(m_line, &QLineEdit::returnPressed, this, [this] { m_finder.find(m_line->text()); });
    connect(m_line, &QLineEdit::textChanged, this, [this](const QString &text) {
        if (text.isEmpty())
            m_finder.find({});
    });
    connect(m_stop, &QToolButton::clicked, &m_finder, &ValueFinder::stop);
    connect(&m_finder, &ValueFinder::progressed, this, &ValueFindView::showProgress);
    const auto choose = [this](std::uint64_t row) {
        const auto &hit = m_finder.hit(row);
        Q_EMIT rowChosen(hit.collectionId, hit.record);
    };
    connect(m_hits, &VirtualTableView::currentRowChanged, this, choose);
    showProgress();
}

void ValueFindView::setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot)
{
    m_finder.setSource(std::move(store), std::move(snapshot));
    if (m_finder.text().isEmpty())
        m_line->clear();
}

void ValueFindView::showProgress()
{
    const bool hasSearched = !m_finder.text().isEmpty();
    if (!m_finder.isSearching() && m_stop->hasFocus()) // else the focus would go anywhere
        m_line->setFocus(Qt::OtherFocusReason);
    m_stop->setVisible(m_finder.isSearching());
    m_hits->setVisible(hasSearched);
    m_state->setVisible(hasSearched);
    setMaximumHeight(hasSearched ? QWIDGETSIZE_MAX : m_line->sizeHint().height());
    m_hits->setEmptyText(m_finder.isSearching() ? tr("Looking…") : tr("No value holds this text."));
    const auto count = groupedText(m_finder.rowCount());
    m_state->setText(m_finder.isSearching() ? tr("%1 found, %2 % looked at")
                                                  .arg(count)
                                                  .arg(std::lround(m_finder.searchedShare() * 100))
                     : m_finder.error() ? tr("%1 found, then: %2").arg(count, errorText(*m_finder.error()))
                     : m_finder.isCut() ? tr("%1 found, not all rows were looked at").arg(count)
                                        : tr("%1 found").arg(count));
}

} // namespace modelvault::ui
