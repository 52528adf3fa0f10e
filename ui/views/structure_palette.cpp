#include "views/structure_palette.h"

#include "views/vector_icon.h"

#include <QCoreApplication>
#include <QImage>
#include <QPainter>

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
        return {0xff5b5b5b, 0xffc4c4c4, Qt::NoBrush};
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
        return {0xff009e73, 0xff10a47c, Qt::FDiagPattern};
    case ContentKind::Temp:
        return {0xffb8a48c, 0xff8c7a64, Qt::Dense6Pattern};
    case ContentKind::Damaged:
        return {0xffd0300c, 0xffee5a36, Qt::DiagCrossPattern};
    }
    return {0xffe3e3e3, 0xff3a3a3a, Qt::NoBrush};
}

Look look(ByteClass kind)
{
    switch (kind) {
    case ByteClass::Framing:
        return {0xff5b5b5b, 0xffc4c4c4, Qt::NoBrush};
    case ByteClass::Checksum:
        return {0xffcc79a7, 0xffcc79a7, Qt::HorPattern};
    case ByteClass::Number:
        return {0xff0072b2, 0xff2f93d0, Qt::NoBrush};
    case ByteClass::Text:
        return {0xff009e73, 0xff10a47c, Qt::NoBrush};
    case ByteClass::Bytes:
        return {0xffe69f00, 0xffd99500, Qt::BDiagPattern};
    case ByteClass::Padding:
        return {0xfff4ecd8, 0xff57503f, Qt::NoBrush};
    case ByteClass::Unexplained:
        return {0xffd0300c, 0xffee5a36, Qt::DiagCrossPattern};
    }
    return {0xffe3e3e3, 0xff3a3a3a, Qt::NoBrush};
}

// Viridis: even in lightness, which rises or falls away from the background.
Look look(Disorder disorder)
{
    switch (disorder) {
    case Disorder::Constant:
        return {0xfffde725, 0xff440154, Qt::NoBrush};
    case Disorder::Low:
        return {0xff5ec962, 0xff3b528b, Qt::NoBrush};
    case Disorder::Medium:
        return {0xff21918c, 0xff21918c, Qt::NoBrush};
    case Disorder::High:
        return {0xff3b528b, 0xff5ec962, Qt::NoBrush};
    case Disorder::Noise:
        return {0xff440154, 0xfffde725, Qt::NoBrush};
    }
    return {0xffe3e3e3, 0xff3a3a3a, Qt::NoBrush};
}

Look look(Liveness liveness)
{
    switch (liveness) {
    case Liveness::Live:
        return {0xff009e73, 0xff10a47c, Qt::NoBrush};
    case Liveness::Superseded:
        return {0xffe69f00, 0xffd99500, Qt::BDiagPattern};
    case Liveness::Dropped:
        return {0xffcc79a7, 0xffcc79a7, Qt::HorPattern};
    case Liveness::Index:
        return {0xff7cc6ee, 0xff8fd0f2, Qt::NoBrush};
    case Liveness::Checkpoint:
        return {0xfff0e442, 0xffe8dc50, Qt::VerPattern};
    case Liveness::Overhead:
        return {0xff5b5b5b, 0xffc4c4c4, Qt::NoBrush};
    case Liveness::Damaged:
        return look(ContentKind::Damaged);
    }
    return {0xffe3e3e3, 0xff3a3a3a, Qt::NoBrush};
}

Qt::BrushStyle patternOf(Soundness soundness)
{
    return soundness == Soundness::Damaged         ? look(ContentKind::Damaged).pattern
         : soundness == Soundness::DamagedInPart ? Qt::BDiagPattern
                                                 : Qt::NoBrush;
}
Qt::BrushStyle patternOf(auto kind)
{
    return look(kind).pattern;
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

QColor StructurePalette::subdued() const
{
    double share = 0.65;
    while (share < 1 && contrast(blend(m_base, m_text, share), m_base) < kLegible)
        share += 0.05;
    return blend(m_base, m_text, std::min(share, 1.0));
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

QColor StructurePalette::fill(ByteClass kind) const
{
    return QColor::fromRgb(m_dark ? look(kind).dark : look(kind).light);
}

QColor StructurePalette::fill(Disorder disorder) const
{
    return QColor::fromRgb(m_dark ? look(disorder).dark : look(disorder).light);
}

QColor StructurePalette::fill(Liveness liveness) const
{
    return QColor::fromRgb(m_dark ? look(liveness).dark : look(liveness).light);
}

void StructurePalette::paintCell(QPainter &painter, const QRectF &rect, const MapLook &look) const
{
    std::visit([&](auto kind) { paintPattern(painter, rect, fill(kind), patternOf(kind)); }, look);
}

void StructurePalette::paintSwatch(QPainter &painter, const QRectF &rect, const MapLook &look) const
{
    const auto cell = rect.adjusted(0.5, 0.5, -0.5, -0.5);
    paintCell(painter, cell, look);
    painter.setPen(blend(m_base, m_text, 0.5));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(cell);
}

StructurePalette::Tile StructurePalette::tile(const MapLook &look) const
{
    QImage image(kTileSide, kTileSide, QImage::Format_RGB32);
    {
        QPainter painter(&image);
        paintCell(painter, image.rect(), look);
    }
    Tile tile{};
    for (int y = 0; y < kTileSide; ++y) {
        for (int x = 0; x < kTileSide; ++x)
            tile[tilePixel(x, y)] = image.pixel(x, y);
    }
    return tile;
}

QIcon StructurePalette::icon(const MapLook &look) const
{
    return vectorIcon([colours = *this, look](QPainter &painter, const QRectF &rect, QIcon::Mode) {
        colours.paintSwatch(painter, rect, look);
    });
}

bool needsSamples(MapColours colours)
{
    return colours != MapColours::Content && colours != MapColours::Damage;
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

Disorder disorderOf(double entropy)
{
    return entropy < 1 ? Disorder::Constant
         : entropy < 3 ? Disorder::Low
         : entropy < 5 ? Disorder::Medium
         : entropy < 7 ? Disorder::High
                       : Disorder::Noise;
}

QString byteClassText(ByteClass kind)
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("ByteClass", text); };
    switch (kind) {
    case ByteClass::Framing:
        return tr("framing");
    case ByteClass::Checksum:
        return tr("checksum");
    case ByteClass::Number:
        return tr("number");
    case ByteClass::Text:
        return tr("text");
    case ByteClass::Bytes:
        return tr("bytes");
    case ByteClass::Padding:
        return tr("padding");
    case ByteClass::Unexplained:
        return tr("unexplained");
    }
    return {};
}

QString livenessText(Liveness liveness)
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("Liveness", text); };
    switch (liveness) {
    case Liveness::Live:
        return tr("live rows");
    case Liveness::Superseded:
        return tr("superseded or deleted");
    case Liveness::Dropped:
        return tr("aborted or never committed");
    case Liveness::Index:
        return tr("index changes");
    case Liveness::Checkpoint:
        return tr("checkpoints");
    case Liveness::Overhead:
        return tr("overhead");
    case Liveness::Damaged:
        return tr("damaged");
    }
    return {};
}

namespace {

QString disorderText(Disorder disorder)
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("Disorder", text); };
    switch (disorder) {
    case Disorder::Constant:
        return tr("all alike (under 1 bit a byte)");
    case Disorder::Low:
        return tr("1 to 3 bits");
    case Disorder::Medium:
        return tr("3 to 5 bits");
    case Disorder::High:
        return tr("5 to 7 bits");
    case Disorder::Noise:
        return tr("noise (over 7 bits a byte)");
    }
    return {};
}

} // namespace

QString lookText(const MapLook &look)
{
    struct Text {
        QString operator()(ContentKind kind) const { return kindText(kind); }
        QString operator()(Soundness soundness) const { return soundnessText(soundness); }
        QString operator()(ByteClass kind) const { return byteClassText(kind); }
        QString operator()(Disorder disorder) const { return disorderText(disorder); }
        QString operator()(Liveness liveness) const { return livenessText(liveness); }
    };
    return std::visit(Text(), look);
}

QString mapColoursText(MapColours colours)
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("MapColours", text); };
    switch (colours) {
    case MapColours::Content:
        return tr("Content");
    case MapColours::Damage:
        return tr("Damage");
    case MapColours::FieldKind:
        return tr("Kind of field");
    case MapColours::Entropy:
        return tr("Entropy");
    case MapColours::Liveness:
        return tr("Liveness");
    }
    return {};
}

std::vector<MapLook> mapLooks(MapColours colours)
{
    switch (colours) {
    case MapColours::Content:
        return {contentKinds().begin(), contentKinds().end()};
    case MapColours::Damage:
        return {Soundness::Sound, Soundness::DamagedInPart, Soundness::Damaged, Soundness::Unknown};
    case MapColours::FieldKind:
        return {ByteClass::Framing, ByteClass::Checksum,    ByteClass::Number, ByteClass::Text, ByteClass::Bytes,
                ByteClass::Padding, ByteClass::Unexplained};
    case MapColours::Entropy:
        return {Disorder::Constant, Disorder::Low, Disorder::Medium, Disorder::High, Disorder::Noise};
    case MapColours::Liveness:
        return {Liveness::Live,       Liveness::Superseded, Liveness::Dropped, Liveness::Index,
                Liveness::Checkpoint, Liveness::Overhead,   Liveness::Damaged};
    }
    return {};
}

MapLook lookOf(const ByteSample &sample, MapColours colours)
{
    if (colours == MapColours::Entropy)
        return disorderOf(sample.entropy);
    if (colours != MapColours::Liveness)
        return sample.mostly();
    const auto liveness = sample.mostlyFor();
    return liveness ? MapLook(*liveness) : MapLook(ContentKind::NotScanned);
}

QString sampleText(const ByteSample &sample)
{
    const auto mostly = sample.mostly();
    const auto share = static_cast<double>(sample.classes[static_cast<std::size_t>(mostly)])
                     / static_cast<double>(std::max<std::uint64_t>(sample.bytes(), 1));
    auto text = QCoreApplication::translate("ByteClass", "Mostly %1 (%2 %), %3 bits of entropy a byte")
                    .arg(byteClassText(mostly), QString::number(std::lround(share * 100)),
                         QString::number(sample.entropy, 'f', 1));
    if (const auto liveness = sample.mostlyFor())
        text += QCoreApplication::translate("ByteClass", ", good for: %1").arg(livenessText(*liveness));
    return text;
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
