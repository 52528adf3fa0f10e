#pragma once

#include "models/segment_filter.h"

#include <QStringList>
#include <QWidget>

#include <expected>
#include <string>
#include <vector>

class QCompleter;
class QMenu;
class QStringListModel;
class QToolButton;

namespace modelvault::ui {

class ElidedLabel;

/// Where a filter over segments is typed: checked and completed as it is, then applied by Return; beside it what was
/// found, or why it can't be understood.
class FilterLine : public QWidget {
    Q_OBJECT

public:
    static constexpr int kMostRemembered = 20;

    /// Borrows the filter.
    explicit FilterLine(SegmentFilter &filter, QWidget *parent = nullptr);

    /// Names to complete with.
    void setCollections(std::vector<std::string> names) { m_collections = std::move(names); }
    /// As if it were typed, with Return.
    void apply(const Filter &filter);
    [[nodiscard]] QString text() const;

    /// Filters that were applied, the newest first.
    [[nodiscard]] const QStringList &history() const { return m_history; }
    void setHistory(const QStringList &history);

Q_SIGNALS:
    void historyChanged(const QStringList &history);
    /// Esc in the empty line.
    void left();

protected:
    void focusInEvent(QFocusEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    class Edit;

    void take();
    void clear();
    void remember(const QString &text);
    void stepInHistory(int step);
    void check();
    void showState();
    void showTint();
    [[nodiscard]] QString stateText() const;
    [[nodiscard]] QString runText() const;
    void announceEnd();
    void complete(bool isAsked);
    void insertCompletion(const QString &word);
    void showHistoryMenu();

    SegmentFilter &m_filter;
    std::vector<std::string> m_collections;
    QStringList m_history;
    qsizetype m_historyAt = -1; // what stands in the line; -1 for what was typed
    QString m_typed;            // while something of the history stands there
    std::expected<Filter, FilterError> m_parsed;
    SegmentFilter::State m_shownState = SegmentFilter::State::Off;

    Edit *m_edit;
    QStringListModel *m_words;
    QCompleter *m_completer;
    QToolButton *m_earlier;
    QMenu *m_earlierMenu;
    ElidedLabel *m_state;
    QToolButton *m_stop;
};

} // namespace modelvault::ui
