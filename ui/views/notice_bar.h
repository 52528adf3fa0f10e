#pragma once

#include "finding.h"

#include <QString>
#include <QWidget>

#include <functional>
#include <set>
#include <vector>

class QVBoxLayout;

namespace modelvault::ui {

/// What should be known about the views below it, one line each, the gravest first. Nothing waits for an answer: a
/// line stays until it no longer holds or is closed.
class NoticeBar : public QWidget {
    Q_OBJECT

public:
    struct Notice {
        /// What it is about. One of the same id changes the line in place, without a stir.
        QString id;
        Severity severity = Severity::Info;
        QString text;       ///< whole sentences, shown as they are and never as markup
        QString actionText; ///< on its button; empty for none
        std::function<void()> action;
    };

    explicit NoticeBar(QWidget *parent = nullptr);

    /// All that holds now; takes the place of those before. A closed one stays away as long as it goes on to hold.
    void setNotices(std::vector<Notice> notices);
    /// From the top.
    [[nodiscard]] QStringList texts() const;

protected:
    void focusInEvent(QFocusEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    class Line;

    void close(const QString &id);
    void showNotices();
    void arrange();

    std::vector<Notice> m_notices; // all that hold, the gravest first
    std::set<QString> m_closed;    // of them
    std::vector<Line *> m_lines;   // of the others, from the top
    QVBoxLayout *m_layout;
};

} // namespace modelvault::ui
