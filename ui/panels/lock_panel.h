#pragma once

#include "lock/lock_holders.h"
#include "models/document.h"

#include <QFutureWatcher>
#include <QPointer>
#include <QTimer>
#include <QWidget>

class QLabel;
class QPushButton;
class QTreeWidget;

namespace modelvault::ui {

/// Our lock on a database and what it means for others, and who holds locks on it; looked up again every second while
/// the panel can be seen.
class LockPanel : public QWidget {
    Q_OBJECT

public:
    explicit LockPanel(QWidget *parent = nullptr);

    /// Null for nothing. Does not own it.
    void setDocument(Document *document);

protected:
    void focusInEvent(QFocusEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void lookUpHolders();
    void showHolders();
    void showLock();

    QPointer<Document> m_document;
    LockHolders m_holders;
    bool m_isListed = false;
    bool m_looksAgain = false;
    QFutureWatcher<LockHolders> m_lookUp;
    QTimer m_timer;

    QLabel *m_state;
    QLabel *m_refusal;
    QLabel *m_lockFile;
    QPushButton *m_release;
    QPushButton *m_take;
    QTreeWidget *m_list;
    QLabel *m_hint;
};

} // namespace modelvault::ui
