#include "views/export_dialog.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace modelvault::ui {
namespace {

QString extensionOf(ExportFormat format)
{
    const auto extension = fileExtension(format);
    return QString::fromLatin1(extension.data(), static_cast<qsizetype>(extension.size()));
}

} // namespace

ExportDialog::ExportDialog(const std::filesystem::path &suggested, bool isOneCollection, QWidget *parent)
    : QFileDialog(parent, tr("Export Rows")),
      m_isOneCollection(isOneCollection)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setAcceptMode(QFileDialog::AcceptSave);
    if (isOneCollection)
        m_choices = {{tr("CSV (*.csv)"), ExportFormat::Csv, false},
                     {tr("JSON Lines (*.jsonl)"), ExportFormat::JsonLines, false},
                     {tr("SQLite database (*.sqlite)"), ExportFormat::Sqlite, false}};
    else
        m_choices = {{tr("SQLite database (*.sqlite)"), ExportFormat::Sqlite, false},
                     {tr("Folder of CSV files (*)"), ExportFormat::Csv, true},
                     {tr("Folder of JSON Lines files (*)"), ExportFormat::JsonLines, true}};
    QStringList filters;
    for (const auto &choice : m_choices)
        filters += choice.filter;
    setNameFilters(filters);
    setDirectory(QFile::decodeName(suggested.parent_path().string().c_str()));
    selectFile(QFile::decodeName(suggested.filename().string().c_str()) + extensionOf(m_choices.front().format));
    connect(this, &QFileDialog::filterSelected, this, &ExportDialog::followFilter);
    followFilter();
}

const ExportDialog::Choice &ExportDialog::chosen() const
{
    const auto found = std::ranges::find(m_choices, selectedNameFilter(), &Choice::filter);
    return found != m_choices.end() ? *found : m_choices.front();
}

/// The extension is that of the format, unless somebody typed another one.
void ExportDialog::followFilter()
{
    const auto &choice = chosen();
    setDefaultSuffix(choice.isFolder ? QString() : extensionOf(choice.format).mid(1));
    const auto files = selectedFiles();
    if (files.isEmpty())
        return;
    auto name = QFileInfo(files.constFirst()).fileName();
    for (const auto &each : m_choices) {
        if (name.endsWith(extensionOf(each.format), Qt::CaseInsensitive)) {
            name.chop(extensionOf(each.format).size());
            selectFile(name + (choice.isFolder ? QString() : extensionOf(choice.format)));
            return;
        }
    }
}

ExportTarget ExportDialog::target() const
{
    const auto &choice = chosen();
    const auto files = selectedFiles();
    const std::filesystem::path path(QFile::encodeName(files.value(0)).toStdString());
    const auto byName = m_isOneCollection ? formatByExtension(path) : std::nullopt;
    return {.path = path,
            .format = byName.value_or(choice.format),
            .isFolder = choice.isFolder,
            .existing = choice.isFolder ? Existing::Keep : Existing::Replace};
}

} // namespace modelvault::ui
