#pragma once

#include "explain/byte_sample.h"
#include "log/page_map.h"

#include <QBrush>
#include <QColor>
#include <QIcon>
#include <QPalette>
#include <QString>

#include <array>
#include <cstddef>
#include <variant>
#include <vector>

class QPainter;
class QRectF;

namespace modelvault::ui {

/// How much of something is damaged.
enum class Soundness : std::uint8_t { Unknown, Sound, DamagedInPart, Damaged };

/// How disordered bytes are, in steps that the eye tells apart.
enum class Disorder : std::uint8_t { Constant, Low, Medium, High, Noise };
/// Of an entropy in bits a byte.
[[nodiscard]] Disorder disorderOf(double entropy);

/// By what maps of a file are coloured.
enum class MapColours : std::uint8_t { Content, Damage, FieldKind, Entropy, Liveness };
/// What a stretch of a map shows; of content, NotScanned stands for what is not known yet in any colours.
using MapLook = std::variant<ContentKind, Soundness, ByteClass, Disorder, Liveness>;
/// Whether maps in these colours need samples of the bytes.
[[nodiscard]] bool needsSamples(MapColours colours);

/// How each kind of content is painted, on the colours of a palette. Kinds differ in hue (of a set that survives colour
/// blindness), in lightness and, where two are close, in pattern. A value; GUI thread.
class StructurePalette {
public:
    explicit StructurePalette(const QPalette &palette);

    /// Of a solid area: cells of the page map, swatches.
    [[nodiscard]] QColor fill(ContentKind kind) const;
    /// Behind text in the palette's text colour, which stays legible on it; stronger behind headers.
    [[nodiscard]] QColor tint(ContentKind kind, bool isHeader) const;
    /// Of the header before a payload of that kind, where areas are small: set off from fill() on any palette.
    [[nodiscard]] QColor headerFill(ContentKind kind) const;
    /// Of text that is not what matters, and yet legible.
    [[nodiscard]] QColor subdued() const;
    [[nodiscard]] QColor fill(Soundness soundness) const;
    [[nodiscard]] QColor fill(ByteClass kind) const;
    [[nodiscard]] QColor fill(Disorder disorder) const;
    [[nodiscard]] QColor fill(Liveness liveness) const;
    void paintCell(QPainter &painter, const QRectF &rect, const MapLook &look) const;
    /// A cell alone, with an edge: some fills are nearly the background's colour.
    void paintSwatch(QPainter &painter, const QRectF &rect, const MapLook &look) const;
    /// The square of such a cell that repeats, row by row, for what is painted pixel by pixel.
    static constexpr int kTileSide = 8; // of Qt's brushes
    using Tile = std::array<QRgb, kTileSide * kTileSide>;
    [[nodiscard]] Tile tile(const MapLook &look) const;
    /// The pixel of a tile that falls on that of an area.
    [[nodiscard]] static constexpr std::size_t tilePixel(int x, int y)
    {
        return static_cast<std::size_t>(y % kTileSide * kTileSide + x % kTileSide);
    }
    /// A small cell as an icon, sharp at any scale.
    [[nodiscard]] QIcon icon(const MapLook &look) const;

private:
    QColor m_base;
    QColor m_text;
    bool m_dark;
};

/// "record", as legends name it.
[[nodiscard]] QString kindText(ContentKind kind);
/// "Holds: record, index": what lies on some pages.
[[nodiscard]] QString contentText(const PageMap::Tally &tally);
[[nodiscard]] QString soundnessText(Soundness soundness);
/// "text", "framing".
[[nodiscard]] QString byteClassText(ByteClass kind);
/// "live", "superseded".
[[nodiscard]] QString livenessText(Liveness liveness);
/// As legends name it.
[[nodiscard]] QString lookText(const MapLook &look);
[[nodiscard]] QString mapColoursText(MapColours colours);
/// All that such a map shows, in the order of its legend.
[[nodiscard]] std::vector<MapLook> mapLooks(MapColours colours);
/// What a sample shows in these colours, which need samples.
[[nodiscard]] MapLook lookOf(const ByteSample &sample, MapColours colours);
/// "Mostly text (62 %), 4.1 bits of entropy a byte".
[[nodiscard]] QString sampleText(const ByteSample &sample);
/// All, in the order of legends.
[[nodiscard]] const std::array<ContentKind, kContentKinds> &contentKinds();

} // namespace modelvault::ui
