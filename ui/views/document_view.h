#pragma once

#include "log/segment_index.h"
#include "models/document.h"
#include "models/segment_row_model.h"

#include <QFutureWatcher>
#include <QWidget>

#include <optional>

class QLabel;
class QStackedWidget;
class QTabWidget;

namespace modelvault::ui {

class HexView;
class PageMapView;
class VirtualTableView;

/// One database: its views, tied to its selection in both directions.
class DocumentView : public QWidget {
    Q_OBJECT

public:
    /// Owns the document.
    explicit DocumentView(std::unique_ptr<Document> document, QWidget *parent = nullptr);
    ~DocumentView() override;

    [[nodiscard]] Document *document() const { return m_document.get(); }
    [[nodiscard]] QTabWidget *views() const { return m_views; }
    /// All that was asked for is on screen.
    [[nodiscard]] bool isSettled() const;

private:
    QWidget *makeMessagePage();
    QWidget *makeViews();
    QWidget *makePagesView();
    void showState();
    void showSnapshot();
    void showSelection();
    void findSegment();

    const std::unique_ptr<Document> m_document;
    SegmentRowModel m_segments;
    QFutureWatcher<std::optional<SegmentNo>> m_findSegment;
    bool m_isFindingSegment = false; // until its result has been taken over

    QStackedWidget *m_stack;
    QLabel *m_message;
    QWidget *m_retry;
    QTabWidget *m_views;
    PageMapView *m_pages;
    VirtualTableView *m_log;
    HexView *m_hex;
};

} // namespace modelvault::ui
