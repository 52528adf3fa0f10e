#pragma once

#include "models/document.h"
#include "models/finder.h"
#include "search/search_pattern.h"
#include "text/find_request.h"

#include <QPointer>
#include <QStringList>
#include <QWidget>

#include <array>
#include <optional>

class QCheckBox;
class QComboBox;
class QCompleter;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QStackedWidget;
class QToolButton;

namespace modelvault::ui {

class ElidedLabel;
class VirtualTableView;

/// What to look for, checked while it is typed, and all places where it is.
class FindPanel : public QWidget {
    Q_OBJECT

public:
    static constexpr int kMostRemembered = 50; ///< patterns of a kind

    enum class Where : std::uint8_t { File, Selection, Segment };

    explicit FindPanel(QWidget *parent = nullptr);

    /// Both null for nothing. Owns neither. What was typed stays.
    void setDocument(Document *document, Finder *finder);
    /// To type a pattern.
    void focusPattern();
    /// Selects the next hit (1) or the one before (-1). False if there is no pattern to look for.
    bool step(int direction);

    /// What was looked for, newest first.
    [[nodiscard]] const QStringList &history(FindRequest::Kind kind) const
    {
        return m_history[static_cast<std::size_t>(kind)];
    }
    void setHistory(FindRequest::Kind kind, const QStringList &patterns);

Q_SIGNALS:
    void historyChanged(modelvault::ui::FindRequest::Kind kind);
    /// A sentence for the status bar: what became of a step.
    void said(const QString &text);
    /// The user wants to go on in the views.
    void left();

protected:
    void focusInEvent(QFocusEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void makePatternLine();
    void makeOptions();
    QWidget *makeTextOptions();
    QWidget *makeNumberOptions();
    QWidget *makeRegexOptions();
    void makeWhere();
    void layOut();
    [[nodiscard]] FindRequest::Kind kind() const;
    [[nodiscard]] Where where() const;
    [[nodiscard]] FindRequest request() const;
    [[nodiscard]] FindWhere range() const;
    void check();
    void showKind();
    void showWhere();
    void findAll();
    void remember();
    void showState();
    void showColours();
    [[nodiscard]] QString listedText() const;
    void showStep(const FoundStep &step);
    void followSelection();
    [[nodiscard]] bool canFind() const;
    [[nodiscard]] QString stateText() const;
    [[nodiscard]] QString emptyText() const;

    QPointer<Document> m_document;
    QPointer<Finder> m_finder;
    SearchPattern::Made m_pattern;
    std::optional<SearchRange> m_selection; // as it was when it was chosen
    std::array<QStringList, FindRequest::kKinds> m_history;
    QString m_stepText; // what became of the last step, until something else happens

    QComboBox *m_kind;
    QLineEdit *m_typed;
    QCompleter *m_completer;
    QToolButton *m_previous;
    QToolButton *m_next;
    QPushButton *m_all;
    QStackedWidget *m_options;
    QComboBox *m_encoding;
    QCheckBox *m_matchCase;
    QComboBox *m_numberType;
    QComboBox *m_order;
    QCheckBox *m_regexCase;
    QCheckBox *m_acrossLines;
    QLabel *m_whereLabel;
    QComboBox *m_where;
    ElidedLabel *m_status;
    QProgressBar *m_progress;
    QToolButton *m_stop;
    VirtualTableView *m_list;
};

} // namespace modelvault::ui
