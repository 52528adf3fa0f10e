#include "views/structure_palette.h"

#include <QCoreApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPixmap>

#include <algorithm>
#include <cmath>

namespace modelvault::ui {
namespace {

constexpr double kLegible = 4.5; // the contrast of text that WCAG 2 asks for at level AA
constexpr double kLeastShare = 0.05;

struct Look {
    QRgb light; // on light palettes
    QRgb dark;
    Qt::BrushStyle pattern; // over the fill
};

// Okabe and Ito's colours, spread in lightness.
Look look(ContentKind kind)
{
    switch (kind) {
    case ContentKind::NotScanned:
        return {0xffe3e3e3, 0xff3a3a3a, Qt::NoBrush};
    case ContentKind::Head:
        return {0xff5b5b5b, 0xffa8a8a8, Qt::NoBrush};
    case ContentKind::Schema:
        return {0xffcc79a7, 0xffcc79a7, Qt::HorPattern};
    case ContentKind::Record:
        return {0xff0072b2, 0xff2f93d0, Qt::NoBrush};
    case ContentKind::Manifest:
        return {0xffe69f00, 0xffd99500, Qt::NoBrush};
    case ContentKind::Checkpoint:
        return {0xfff0e442, 0xffe8dc50, Qt::VerPattern};
    case ContentKind::Index:
        return {0xff7cc6ee, 0xff8fd0f2, Qt::BDiagPattern};
    case ContentKind::Transaction:
        return {0xff009e73, 0xff10a47c, Qt::NoBrush};
    case ContentKind::Temp:
        return {0xffb8a48c, 0xff8c7a64, Qt::Dense6Pattern};
    case ContentKind::Damaged:
        return {0xffd0300c, 0xffee5a36, Qt::DiagCrossPattern};
    }
    return {0xffe3e3e3, 0xff3a3a3a, Qt::NoBrush};
}

QColor blend(const QColor &below, const QColor &above, double share)
{
    const auto mix = [share](int from, int to) { return static_cast<int>(from + (to - from) * share); };
    return {mix(below.red(), above.red()), mix(below.green(), above.green()), mix(below.blue(), above.blue())};
}

/// How bright a colour is to the eye, 0 to 1: relative luminance as WCAG 2 defines it.
double luminance(const QColor &colour)
{
    const auto linear = [](double part) {
        return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

double contrast(const QColor &a, const QColor &b)
{
    const auto [darker, brighter] = std::minmax({luminance(a), luminance(b)});
    return (brighter + 0.05) / (darker + 0.05);
}

void paintPattern(QPainter &painter, const QRectF &rect, const QColor &fill, Qt::BrushStyle pattern)
{
    painter.fillRect(rect, fill);
    if (pattern != Qt::NoBrush)
        painter.fillRect(rect, QBrush(fill.lightness() > 128 ? fill.darker(170) : fill.lighter(190), pattern));
}

class CellIconEngine final : public QIconEngine {
public:
    CellIconEngine(const StructurePalette &palette, ContentKind kind) : m_palette(palette), m_kind(kind) { }

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode, QIcon::State) override
    {
        m_palette.paintCell(*painter, QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), m_kind);
    }
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }
    [[nodiscard]] QIconEngine *clone() const override { return new CellIconEngine(*this); }

private:
    StructurePalette m_palette;
    ContentKind m_kind;
};

} // namespace

StructurePalette::StructurePalette(const QPalette &palette)
    : m_base(palette.color(QPalette::Base)),
      m_text(palette.color(QPalette::Text)),
      m_dark(m_base.lightness() < m_text.lightness())
{ }

QColor StructurePalette::fill(ContentKind kind) const
{
    return QColor::fromRgb(m_dark ? look(kind).dark : look(kind).light);
}

QColor StructurePalette::tint(ContentKind kind, bool isHeader) const
{
    if (kind == ContentKind::NotScanned)
        return m_base;
    double share = m_dark ? (isHeader ? 0.42 : 0.20) : (isHeader ? 0.38 : 0.15);
    if (kind == ContentKind::Damaged)
        share = 0.45;
    auto tint = blend(m_base, fill(kind), share);
    // Palettes whose own contrast is low leave less room.
    while (share > kLeastShare && contrast(tint, m_text) < kLegible) {
        share *= 0.9;
        tint = blend(m_base, fill(kind), share);
    }
    return tint;
}

QColor StructurePalette::headerFill(ContentKind kind) const
{
    return blend(fill(kind), m_text, 0.45);
}

QColor StructurePalette::fill(Soundness soundness) const
{
    switch (soundness) {
    case Soundness::Unknown:
        return fill(ContentKind::NotScanned);
    case Soundness::Sound:
        return blend(m_base, m_text, 0.3);
    case Soundness::DamagedInPart:
        return blend(m_base, fill(ContentKind::Damaged), 0.55);
    case Soundness::Damaged:
        return fill(ContentKind::Damaged);
    }
    return m_base;
}

void StructurePalette::paintCell(QPainter &painter, const QRectF &rect, ContentKind kind) const
{
    paintPattern(painter, rect, fill(kind), look(kind).pattern);
}

void StructurePalette::paintCell(QPainter &painter, const QRectF &rect, Soundness soundness) const
{
    paintPattern(painter, rect, fill(soundness),
                 soundness == Soundness::Damaged             ? look(ContentKind::Damaged).pattern
                     : soundness == Soundness::DamagedInPart ? Qt::BDiagPattern
                                                             : Qt::NoBrush);
}

QIcon StructurePalette::icon(ContentKind kind) const
{
    return QIcon(new CellIconEngine(*this, kind));
}

QString kindText(ContentKind kind)
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("ContentKind", text); };
    switch (kind) {
    case ContentKind::NotScanned:
        return tr("not scanned yet");
    case ContentKind::Head:
        return tr("header and superblocks");
    case ContentKind::Schema:
        return tr("schema");
    case ContentKind::Record:
        return tr("record");
    case ContentKind::Manifest:
        return tr("manifest");
    case ContentKind::Checkpoint:
        return tr("checkpoint");
    case ContentKind::Index:
        return tr("index");
    case ContentKind::Transaction:
        return tr("transaction marker");
    case ContentKind::Temp:
        return tr("temp");
    case ContentKind::Damaged:
        return tr("damaged");
    }
    return {};
}

QString contentText(const PageMap::Tally &tally)
{
    QStringList kinds;
    for (const auto kind : contentKinds()) {
        if (tally.holdsAny(kind))
            kinds += kindText(kind);
    }
    if (kinds.isEmpty())
        return kindText(ContentKind::NotScanned);
    return QCoreApplication::translate("ContentKind", "Holds: %1").arg(kinds.join(QStringLiteral(", ")));
}

QString soundnessText(Soundness soundness)
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("Soundness", text); };
    switch (soundness) {
    case Soundness::Unknown:
        return tr("not scanned yet");
    case Soundness::Sound:
        return tr("sound");
    case Soundness::DamagedInPart:
        return tr("damaged in part");
    case Soundness::Damaged:
        return tr("damaged for the most part");
    }
    return {};
}

const std::array<ContentKind, kContentKinds> &contentKinds()
{
    static constexpr std::array<ContentKind, kContentKinds> kKinds{
        ContentKind::Head,       ContentKind::Schema,    ContentKind::Record,      ContentKind::Index,
        ContentKind::Checkpoint, ContentKind::Manifest,  ContentKind::Transaction, ContentKind::Temp,
        ContentKind::Damaged,    ContentKind::NotScanned};
    return kKinds;
}

} // namespace modelvault::ui
