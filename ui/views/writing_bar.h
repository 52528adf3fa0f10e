#pragma once

#include "models/file_rescue.h"
#include "models/row_export.h"
#include "views/notice_bar.h"

#include <QWidget>

#include <filesystem>
#include <functional>
#include <optional>

class QProgressBar;
class QToolButton;

namespace modelvault::ui {

class ElidedLabel;

/// How far a file that is written is, with Stop; to be seen while it is under way.
class WritingBar : public QWidget {
    Q_OBJECT

public:
    struct Words {
        QString name;  ///< "Export"
        QString doing; ///< "Exporting to %1"
        QString stop;  ///< "Stop the export"
    };

    /// Borrows the job.
    WritingBar(WritingJob &job, Words words, QWidget *parent = nullptr);

protected:
    void focusInEvent(QFocusEvent *event) override;

private:
    void showJob();

    WritingJob &m_job;
    const Words m_words;
    ElidedLabel *m_text;
    QProgressBar *m_progress;
    QToolButton *m_stop;
};

/// What the last export came to, with a way to its files; none if there is nothing to say. `id` as in Notice.
[[nodiscard]] std::optional<NoticeBar::Notice> exportNotice(const RowExport &job, const QString &id);
/// The same for a rescue; `open` opens the new database.
[[nodiscard]] std::optional<NoticeBar::Notice>
rescueNotice(const FileRescue &job, const QString &id, const std::function<void(const std::filesystem::path &)> &open);

} // namespace modelvault::ui
