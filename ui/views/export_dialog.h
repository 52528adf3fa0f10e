#pragma once

#include "export/exporter.h"

#include <QFileDialog>

#include <filesystem>

namespace modelvault::ui {

/// Asks for a file to export to, of a format that its filter names. To be opened, not executed; deletes itself.
class ExportDialog : public QFileDialog {
    Q_OBJECT

public:
    /// `suggested`: a folder and a name without extension. More than one collection needs a folder, but for SQLite.
    ExportDialog(const std::filesystem::path &suggested, bool isOneCollection, QWidget *parent);

    /// Of one collection, a known extension counts for more than the filter. A file that is there is replaced, as the
    /// dialog asked whether it shall; files in a folder, which nobody was asked about, are not.
    [[nodiscard]] ExportTarget target() const;

private:
    struct Choice {
        QString filter;
        ExportFormat format;
        bool isFolder;
    };

    [[nodiscard]] const Choice &chosen() const;
    void followFilter();

    const bool m_isOneCollection;
    QList<Choice> m_choices;
};

} // namespace modelvault::ui
