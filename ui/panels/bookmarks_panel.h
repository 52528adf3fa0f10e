#pragma once

#include "models/bookmarks.h"
#include "models/document.h"

#include <QPointer>
#include <QWidget>

class QAction;
class QLabel;

namespace modelvault::ui {

class HintedList;

/// The bookmarks of a database: where they lead, their names, and a way back for what was removed.
class BookmarksPanel : public QWidget {
    Q_OBJECT

public:
    explicit BookmarksPanel(QWidget *parent = nullptr);

    /// Both null for nothing. Owns neither.
    void setDocument(Document *document, Bookmarks *bookmarks);
    /// Lets the user type a name; the focus then goes back to where it was.
    void editName(const QModelIndex &index);

protected:
    void focusInEvent(QFocusEvent *event) override;

private:
    void addActions();
    void choose(const QModelIndex &index);
    void remove();
    void restore();
    void showRemoved();
    void showMenu(QPoint at);

    QPointer<Document> m_document;
    QPointer<Bookmarks> m_bookmarks;
    HintedList *m_list;
    QWidget *m_removedLine;
    QLabel *m_removed;
    QAction *m_go;
    QAction *m_rename;
    QAction *m_remove;
    QAction *m_undo;
    QPointer<QWidget> m_focusBefore; // while a name is typed that editName() asked for
};

} // namespace modelvault::ui
