#pragma once

#include "models/bookmarks.h"
#include "models/byte_window.h"
#include "models/field_piece.h"
#include "models/finding_marks.h"
#include "models/piece_lookup.h"
#include "text/byte_formats.h"
#include "views/hex_layout.h"
#include "views/line_scroller.h"
#include "views/spoken_view.h"
#include "views/structure_palette.h"

#include <QAbstractScrollArea>
#include <QRectF>
#include <QString>

#include <array>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace modelvault::ui {

class MinimapBar;

/// A hex dump of a file of any size: addresses, bytes and text, coloured by what they belong to. Reads only what is
/// visible, in the background.
class HexView : public QAbstractScrollArea, public SpokenView {
    Q_OBJECT

public:
    enum class TextEncoding : std::uint8_t { Ascii, Utf8 };

    struct Options {
        int bytesPerLine = 0; ///< 0: as many as fit
        int groupSize = 1;
        HexLayout::Addresses addresses = HexLayout::Addresses::Hex;
        TextEncoding text = TextEncoding::Ascii;
        int zoom = 0; ///< points added to the system's size
        bool operator==(const Options &) const = default;
    };
    static constexpr int kMostZoom = 40; ///< in points, either way
    static constexpr int kMostBytesPerLine = 256;

    explicit HexView(QWidget *parent = nullptr);

    [[nodiscard]] const Options &options() const { return m_options; }
    /// Nonsense is taken for the nearest sense.
    void setOptions(const Options &options);

    /// Null for nothing.
    void setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot);
    /// Marked in the lines and in the scroll bar; in the order of the file.
    void setBookmarks(std::vector<Bookmark> bookmarks);
    /// Underlined, and marked in the scroll bar; null for none.
    void setFindings(std::shared_ptr<const FindingMarks> findings);
    /// The piece whose fields are known already; null for none. Others are looked up when the mouse points at them.
    void setFields(std::shared_ptr<const FieldPiece> fields);
    /// Shades the bytes that a checksum is of; nothing if there are none.
    void setCovered(Offset begin, Offset end);
    /// The field under the mouse; null for none.
    [[nodiscard]] const FieldNode *hoveredField() const { return m_hovered; }
    /// Selects [begin, end) and shows its begin, without a signal: for what follows another view.
    void showSelection(Offset begin, Offset end);
    /// Moves the cursor and says so, as the user would. As near as the file allows.
    void goTo(Offset offset, bool extend = false);

    [[nodiscard]] Offset cursor() const { return m_cursor; }
    /// Exclusive end; one byte at the cursor, unless there is more, or nothing in an empty file.
    [[nodiscard]] Offset selectionBegin() const { return m_begin; }
    [[nodiscard]] Offset selectionEnd() const { return m_end; }
    [[nodiscard]] const HexLayout &layoutOfBytes() const { return m_layout; }
    /// The first and the last visible byte's end.
    [[nodiscard]] Offset visibleBegin() const;
    [[nodiscard]] Offset visibleEnd() const;
    /// Whether what is visible has been read.
    [[nodiscard]] bool isSettled() const { return m_bytes.isSettled(); }
    /// What a byte belongs to; nothing where that is not known or not in sight.
    [[nodiscard]] std::optional<ContentKind> kindAt(Offset offset) const;
    /// Of a visible byte's cell, in the viewport's coordinates; empty for others.
    [[nodiscard]] QRectF cellRect(Offset offset) const;

    /// The selection, in the background; the newest wins. Says so where it is too long for the clipboard or can't be
    /// read.
    void copy(ByteFormat format);
    void copyField();
    void copyOffset();
    [[nodiscard]] MinimapBar *minimap() const { return m_minimap; }
    void zoomBy(int points);

    [[nodiscard]] QString spokenText() const override;
    [[nodiscard]] QSize sizeHint() const override;

    [[nodiscard]] QSize minimumSizeHint() const override;
    /// Of the view in pixels, to show so many bytes in a line.
    [[nodiscard]] int widthFor(int bytesPerLine) const;

Q_SIGNALS:
    /// By the user.
    void selectionChanged(modelvault::Offset begin, modelvault::Offset end);
    void optionsChanged();
    /// All bytes that are visible have been painted, for the first time since setSource() brought another store.
    void firstShown();
    /// Ctrl+Page Up and Page Down: to the segment before (-1) or behind (1) the cursor's.
    void segmentStepRequested(int step);
    void saveRequested();
    void bookmarkRequested();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool viewportEvent(QEvent *event) override;

private:
    void sayAtCursor(const QString &text);
    [[nodiscard]] double xOf(int column) const { return column * m_charWidth - m_scrolledX; }
    [[nodiscard]] double yOf(std::uint64_t line) const;
    [[nodiscard]] Offset lastByte() const;
    [[nodiscard]] std::optional<HexLayout::Place> placeAt(QPointF point) const;
    [[nodiscard]] bool goByKey(int key, bool control, bool extend);
    void select(Offset anchor, Offset cursor);
    void moveBy(std::int64_t bytes, bool extend);
    void takeFont();
    void layOutLines();
    void askForBytes();
    void noteShown();
    void paintLine(QPainter &painter, std::uint64_t line, std::size_t &span);
    void paintSelection(QPainter &painter, std::uint64_t line);
    void paintSpans(QPainter &painter, std::uint64_t line, std::size_t &span);
    void paintRange(QPainter &painter, std::uint64_t line, Offset begin, Offset end, const QBrush &brush);
    void paintBookmarks(QPainter &painter, std::uint64_t line);
    void paintFindings(QPainter &painter, std::uint64_t line);
    [[nodiscard]] std::array<QRectF, 2> rangeRects(std::uint64_t line, Offset begin, Offset end) const;
    void paintCursor(QPainter &painter, std::uint64_t line);
    [[nodiscard]] QString hexText(std::uint64_t line) const;
    struct Characters {
        QString cells;                             ///< one for each byte of the line
        std::vector<std::pair<int, QString>> wide; ///< beyond ASCII, drawn cell by cell: fonts differ in width
    };
    [[nodiscard]] Characters characterText(std::uint64_t line) const;
    [[nodiscard]] std::optional<char32_t> utf8At(Offset offset, int &length) const;
    [[nodiscard]] const StructureSpan *spanAt(Offset offset) const;
    [[nodiscard]] QString structureAt(Offset offset) const;
    [[nodiscard]] QString fieldsAt(Offset offset) const;
    /// Whose fields are known, and which the byte belongs to; null if there is none.
    [[nodiscard]] std::shared_ptr<const FieldPiece> pieceAt(Offset offset) const;
    void hover(std::optional<Offset> offset);
    void paintField(QPainter &painter, std::uint64_t line);
    [[nodiscard]] QString bookmarksAt(Offset offset) const;
    [[nodiscard]] QString findingsAt(Offset offset) const;
    [[nodiscard]] QString toolTipAt(QPointF point) const;

    Options m_options;
    std::shared_ptr<const Store> m_store;
    ByteWindow m_bytes;
    HexLayout m_layout;
    MinimapBar *m_minimap;
    LineScroller *m_scroller;
    StructurePalette m_colours;
    std::vector<Bookmark> m_bookmarks;
    std::shared_ptr<const FindingMarks> m_findings;
    std::shared_ptr<const FieldPiece> m_fields;
    PieceLookup m_lookup; // of what the mouse points at
    std::optional<Offset> m_pointedAt;
    std::shared_ptr<const FieldPiece> m_hoveredPiece;
    const FieldNode *m_hovered = nullptr; // of m_hoveredPiece
    Offset m_coveredBegin;
    Offset m_coveredEnd;

    double m_charWidth = 1;
    int m_lineHeight = 1;
    int m_ascent = 0;
    int m_scrolledX = 0;

    Offset m_cursor;
    Offset m_anchor; // the byte at which the selection was begun
    Offset m_begin;
    Offset m_end;
    std::uint64_t m_copies = 0; // begun, the last of which counts
    bool m_spokenTooEarly = false;
    bool m_isFirstToShow = false;
    HexLayout::Side m_side = HexLayout::Side::Hex;
};

} // namespace modelvault::ui
