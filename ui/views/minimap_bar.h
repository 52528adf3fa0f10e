#pragma once

#include "database/snapshot.h"
#include "jobs/newest_wish.h"
#include "models/bookmarks.h"
#include "models/byte_samples.h"
#include "position.h"
#include "store/store.h"
#include "views/minimap_rows.h"
#include "views/structure_palette.h"

#include <QPixmap>
#include <QScrollBar>

#include <array>
#include <memory>
#include <optional>
#include <vector>

namespace modelvault::ui {

/// A vertical scroll bar that shows the whole file beside its view: what lies where, the part in sight, the selection,
/// bookmarks and findings. A click leads to that place, dragging scrolls. Its value and range belong to a LineScroller;
/// what is in sight it is told in bytes, which ints can't count. GUI thread.
class MinimapBar : public QScrollBar {
    Q_OBJECT

public:
    explicit MinimapBar(QWidget *parent = nullptr);

    /// Null for nothing; without the store, colours that need to know the bytes show nothing.
    void setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot);
    /// Damage is marked in any.
    static constexpr std::array kColours{MapColours::Content, MapColours::FieldKind, MapColours::Entropy,
                                         MapColours::Liveness};
    void setColours(MapColours colours);
    [[nodiscard]] MapColours colours() const { return m_colouring; }
    /// What a row of the scale shows.
    [[nodiscard]] MapLook lookAt(int row) const;
    [[nodiscard]] bool isSettled() const { return m_samples.isSettled() && !m_exactRows.isBusy(); }
    void setVisibleBytes(Offset begin, Offset end);
    void setSelectedBytes(Offset begin, Offset end);
    /// Null for none.
    void setFindings(std::shared_ptr<const FindingMarks> findings);
    /// In the order of the file.
    void setBookmarks(std::vector<Bookmark> bookmarks);

    /// Rows are pixels of the screen, which may be finer than the widget's.
    [[nodiscard]] const MinimapScale &scale() const { return m_scale; }
    /// The part in sight, in the widget's pixels: never too flat to be seen.
    [[nodiscard]] QRectF frameRect() const;
    /// What lies at a row of the scale, in lines.
    [[nodiscard]] QString describe(int row) const;
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    /// The user wants to see this place, in the middle of the view or at its top.
    void placeRequested(modelvault::Offset place);
    void topRequested(modelvault::Offset place);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    bool event(QEvent *event) override;

private:
    struct Span { // of rows; the end is exclusive
        int begin = 0;
        int end = 0;
    };

    void measure();
    [[nodiscard]] bool needsSamples() const;
    [[nodiscard]] ByteStretch bytesOf(int row) const { return {m_scale.begin(row), m_scale.begin(row + 1)}; }
    [[nodiscard]] MapLook lookOf(int row, const MinimapRow &looked) const;
    void wantSamples();
    [[nodiscard]] int rowAt(double y) const;
    [[nodiscard]] Span rowsOf(Offset begin, Offset end) const;
    [[nodiscard]] double yOf(int row) const { return row / devicePixelRatioF(); }
    /// Of those rows, between two shares of the width in the direction of reading.
    [[nodiscard]] QRectF rectOf(Span rows, double leastHeight, double from, double to) const;
    /// What lasts for many paint events is drawn once.
    void drawAnew();
    void draw();
    void drawContent(QPainter &painter, const std::vector<MinimapRow> &rows) const;
    void drawFindings(QPainter &painter, const std::vector<MinimapRow> &rows) const;
    void drawFlags(QPainter &painter) const;
    void paintFrame(QPainter &painter) const;
    void moveTo(double y);

    /// What lies in each row: of small files exactly, once their segments have been walked.
    [[nodiscard]] std::vector<MinimapRow> rows() const;
    void wantExactRows();

    struct ExactRows {
        MinimapScale scale;
        std::vector<MinimapRow> rows;
    };

    std::shared_ptr<const Store> m_store;
    std::shared_ptr<const Snapshot> m_snapshot;
    MinimapScale m_scale;
    ExactRows m_exact; // of the snapshot; of no rows when there is none
    NewestWish<MinimapScale, ExactRows> m_exactRows;
    MapColours m_colouring = MapColours::Content;
    ByteSamples m_samples;
    // Null when they have to be drawn anew.
    QPixmap m_map;   // content and findings
    QPixmap m_flags; // of the bookmarks

    Offset m_visibleBegin;
    Offset m_visibleEnd;
    Offset m_selectedBegin;
    Offset m_selectedEnd;
    std::vector<Bookmark> m_bookmarks;
    std::shared_ptr<const FindingMarks> m_findings;

    bool m_isMoving = false;         // a button is down
    std::optional<double> m_grabbed; // where the frame was taken hold of, below its top; else it comes to the mouse
};

} // namespace modelvault::ui
