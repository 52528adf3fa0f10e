#pragma once

#include "log/page_map.h"

#include <QBrush>
#include <QColor>
#include <QIcon>
#include <QPalette>
#include <QString>

#include <array>

class QPainter;
class QRectF;

namespace modelvault::ui {

/// How much of something is damaged.
enum class Soundness : std::uint8_t { Unknown, Sound, DamagedInPart, Damaged };

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
    [[nodiscard]] QColor fill(Soundness soundness) const;
    void paintCell(QPainter &painter, const QRectF &rect, ContentKind kind) const;
    void paintCell(QPainter &painter, const QRectF &rect, Soundness soundness) const;
    /// A small cell as an icon, sharp at any scale.
    [[nodiscard]] QIcon icon(ContentKind kind) const;

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
/// All, in the order of legends.
[[nodiscard]] const std::array<ContentKind, kContentKinds> &contentKinds();

} // namespace modelvault::ui
