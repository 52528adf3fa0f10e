#pragma once

#include "jobs/newest_wish.h"
#include "jobs/row_at.h"
#include "log/segment_index.h"
#include "models/bookmarks.h"
#include "models/byte_samples.h"
#include "models/document.h"
#include "models/file_rescue.h"
#include "models/file_watch.h"
#include "models/finder.h"
#include "models/history.h"
#include "models/page_details.h"
#include "models/row_export.h"
#include "models/segment_row_model.h"
#include "models/space_measure.h"
#include "views/notice_bar.h"

#include <QFutureWatcher>
#include <QWidget>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

class QLabel;
class QPlainTextEdit;
class QStackedWidget;
class QTabWidget;

namespace modelvault::ui {

class CheckView;
class DataView;
class WritingBar;
class FieldTreeView;
class FilterLine;
class HexView;
class LogPane;
class OverviewView;
class SchemaView;
class SelectionBar;
class PageMapView;
class PagesPane;
class RecoveryPanel;
class VirtualTableView;

/// One database: its views, tied to its selection in both directions.
class DocumentView : public QWidget {
    Q_OBJECT

public:
    /// Owns the document, borrows the keeper.
    explicit DocumentView(std::unique_ptr<Document> document, BookmarkKeeper &keeper, QWidget *parent = nullptr);
    ~DocumentView() override;

    [[nodiscard]] Document *document() const { return m_document.get(); }
    [[nodiscard]] QTabWidget *views() const { return m_views; }
    [[nodiscard]] HexView *hex() const { return m_hex; }
    [[nodiscard]] FieldTreeView *fields() const { return m_fields; }
    [[nodiscard]] Bookmarks *bookmarks() { return &m_bookmarks; }
    [[nodiscard]] Finder *finder() { return &m_finder; }
    [[nodiscard]] VirtualTableView *log() const { return m_log; }
    [[nodiscard]] FilterLine *filterLine() const;
    /// Brings the log to the front, and the keyboard to the line that filters it.
    void typeFilter();
    [[nodiscard]] PageMapView *pages() const { return m_pages; }
    [[nodiscard]] DataView *data() const { return m_data; }
    [[nodiscard]] SchemaView *schema() const { return m_schema; }
    /// Brings the rows of a collection to the front.
    void showRows(std::uint32_t collectionId);
    [[nodiscard]] RecoveryPanel *recovery() const { return m_recovery; }
    [[nodiscard]] CheckView *check() const { return m_check; }
    /// Can be seen while there is something to say.
    [[nodiscard]] NoticeBar *notices() const { return m_notices; }
    /// Can be seen while an export, a rescue is under way.
    [[nodiscard]] WritingBar *exportBar() const { return m_exportBar; }
    [[nodiscard]] WritingBar *rescueBar() const { return m_rescueBar; }

    /// Over the places visited in all views.
    [[nodiscard]] bool canGoBack() const { return m_history.canGoBack(); }
    [[nodiscard]] bool canGoForward() const { return m_history.canGoForward(); }
    void goBack();
    void goForward();
    /// Of the selection, which may have one already; bookmarkMade() says so.
    void makeBookmark();
    /// To the bookmark behind (1) or before (-1) the selection.
    void stepToBookmark(int step);
    /// Selects the finding before (-1) or behind (1) the selection, and says what it is.
    void goToFinding(int step);
    /// Asks for a file and writes the selection to it.
    void saveSelection();
    /// The same for the payload of the segment that the selection begins in, which it selects.
    void savePayload();
    /// Asks for a file and exports to it, in the background.
    void exportRows(ExportScope scope);
    /// Asks for a file and writes a clean database to it, in the background.
    void rescue(RescueKeep keep);
    /// All that was asked for is on screen.
    [[nodiscard]] bool isSettled() const;

Q_SIGNALS:
    void historyChanged();
    /// Its name is a guess.
    void bookmarkMade(const QModelIndex &index);
    /// A sentence for the status bar.
    void said(const QString &text);
    /// In a tab of its own.
    void openRequested(const std::filesystem::path &path);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    struct Place {
        int view = 0;
        Document::Selection selection;
        bool operator==(const Place &) const = default;
    };

    void notePlace();
    void showPlace(const std::optional<Place> &place);
    QWidget *makeMessagePage();
    QWidget *makeViews();
    QWidget *makeBytesPane();
    void showState();
    void showSnapshot();
    void measureWhatIsLookedAt();
    void showCollections();
    void showFindings();
    void showSelection();
    void tieFields();
    void followField(Offset target);
    void findSegment();
    void findRow();
    void dropFindSegment();
    void followBookmarks();
    void watchFile();
    void showFate();
    void showNotices();
    void addFileNotices(std::vector<NoticeBar::Notice> &notices);
    void addScanNotices(std::vector<NoticeBar::Notice> &notices);
    void showExport();
    void showRescue();
    [[nodiscard]] bool showsRescued() const;
    void addLockNotice(std::vector<NoticeBar::Notice> &notices);

    const std::unique_ptr<Document> m_document;
    Bookmarks m_bookmarks;
    Finder m_finder;
    SegmentRowModel m_segments;
    PageDetails m_pageDetails;
    ByteSamples m_samples;
    SpaceMeasure m_space;
    QFutureWatcher<std::optional<SegmentNo>> m_findSegment;
    NewestWish<Offset, std::pair<Offset, std::optional<RowPlace>>> m_findRow;
    bool m_isStepping = false; // a cursor is moved by hand
    bool m_isFindingSegment = false; // until its result has been taken over
    bool m_findsAgain = false;       // the place has changed since it began

    RowExport m_export;
    int m_exports = 0; // that have ended
    FileRescue m_rescue;
    int m_rescues = 0; // that have ended
    std::weak_ptr<const Store> m_rescuedStore;

    FileWatch m_watch;
    std::uint64_t m_lengthShown = 0; // of the file, as far as the views know

    NoticeBar *m_notices;
    WritingBar *m_exportBar;
    WritingBar *m_rescueBar;
    QStackedWidget *m_stack;
    QLabel *m_message;
    QWidget *m_retry;
    QTabWidget *m_views;
    OverviewView *m_overview;
    PagesPane *m_pagesPane;
    PageMapView *m_pages;
    LogPane *m_logPane;
    DataView *m_data;
    SchemaView *m_schema;
    CheckView *m_check;
    RecoveryPanel *m_recovery;
    VirtualTableView *m_log;
    FieldTreeView *m_fields;
    QPlainTextEdit *m_fieldDetails;
    HexView *m_hex;
    SelectionBar *m_selectionBar;

    History<Place> m_history;
    bool m_showingPlace = false; // a place of the history, which is none to be noted
};

} // namespace modelvault::ui
