#pragma once

#include <QFile>
#include <QFileDialog>
#include <QString>

#include <filesystem>

namespace modelvault::ui {

/// Asks for a file to write to, at first one of this name beside `file`. To be opened, not executed; deletes itself.
[[nodiscard]] inline QFileDialog *makeSaveDialog(QWidget *parent, const QString &title,
                                                 const std::filesystem::path &file, const QString &name)
{
    auto *dialog = new QFileDialog(parent, title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDirectory(QFile::decodeName(file.parent_path().string().c_str()));
    dialog->selectFile(name);
    return dialog;
}

} // namespace modelvault::ui
