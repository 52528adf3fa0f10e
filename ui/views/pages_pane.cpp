#include "views/pages_pane.h"

#include "views/elided_label.h"
#include "views/page_map_view.h"

#include <QComboBox>
#include <QFocusEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

namespace modelvault::ui {

PagesPane::PagesPane(QWidget *parent)
    : QWidget(parent),
      m_map(new PageMapView(this)),
      m_legend(new PageLegend(this)),
      m_colours(new QComboBox(this)),
      m_scale(new ElidedLabel(this))
{
    m_map->setObjectName(QStringLiteral("pages"));
    m_map->setAccessibleName(tr("Map of pages"));
    m_map->setFrameShape(QFrame::NoFrame);

    m_colours->setObjectName(QStringLiteral("pageColours"));
    for (const auto colours : {MapColours::Content, MapColours::Damage, MapColours::FieldKind, MapColours::Entropy,
                               MapColours::Liveness})
        m_colours->addItem(mapColoursText(colours), static_cast<int>(colours));
    auto *coloursLabel = new QLabel(tr("Colo&ur by"), this);
    coloursLabel->setBuddy(m_colours);
    connect(m_colours, &QComboBox::currentIndexChanged, this, [this] {
        const auto colours = static_cast<MapColours>(m_colours->currentData().toInt());
        m_map->setColours(colours);
        m_legend->setColours(colours);
    });

    auto *controls = new QHBoxLayout;
    controls->setContentsMargins(fontMetrics().averageCharWidth(), fontMetrics().height() / 4,
                                 fontMetrics().averageCharWidth(), 0);
    controls->addWidget(coloursLabel);
    controls->addWidget(m_colours);
    m_scale->setObjectName(QStringLiteral("pageScale"));
    m_scale->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    controls->addWidget(m_scale, 1);
    controls->addSpacing(fontMetrics().averageCharWidth());
    const auto addZoom = [&](const QString &text, const QString &help, void (PageMapView::*zoom)()) {
        auto *button = new QToolButton(this);
        button->setText(text);
        button->setToolTip(help);
        button->setAccessibleName(help);
        connect(button, &QToolButton::clicked, m_map, zoom);
        controls->addWidget(button);
    };
    addZoom(QStringLiteral("−"), tr("Smaller cells, more of the file (−)"), &PageMapView::zoomOut);
    addZoom(QStringLiteral("+"), tr("Larger cells, less of the file (+)"), &PageMapView::zoomIn);
    addZoom(tr("File"), tr("The whole file (0)"), &PageMapView::zoomToFit);
    addZoom(tr("Page"), tr("One page, byte by byte (Return)"), &PageMapView::zoomToPage);
    connect(m_map, &PageMapView::scaleChanged, this, &PagesPane::showScale);
    showScale();

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addLayout(controls);
    layout->addWidget(m_legend);
    layout->addWidget(m_map, 1);
}

void PagesPane::showScale()
{
    m_scale->setText(m_map->scaleText());
    m_scale->setToolTip(m_map->scaleText());
}

// Not by a focus proxy: Tab would pass by all else in here.
void PagesPane::focusInEvent(QFocusEvent *event)
{
    m_map->setFocus(event->reason());
}

} // namespace modelvault::ui
