#pragma once

#include "models/row_export.h"
#include "views/notice_bar.h"

#include <QWidget>

#include <optional>

class QProgressBar;
class QToolButton;

namespace modelvault::ui {

class ElidedLabel;

/// How far an export is, with Stop; to be seen while one is under way.
class ExportBar : public QWidget {
    Q_OBJECT

public:
    /// Borrows the export.
    explicit ExportBar(RowExport &job, QWidget *parent = nullptr);

protected:
    void focusInEvent(QFocusEvent *event) override;

private:
    void showJob();

    RowExport &m_job;
    ElidedLabel *m_text;
    QProgressBar *m_progress;
    QToolButton *m_stop;
};

/// What the last export came to, with a way to its files; none if there is nothing to say. `id` as in Notice.
[[nodiscard]] std::optional<NoticeBar::Notice> exportNotice(const RowExport &job, const QString &id);

} // namespace modelvault::ui
