#include "views/row_actions.h"

#include "text/words.h"
#include "views/virtual_table_view.h"

#include <QApplication>
#include <QClipboard>
#include <QMenu>
#include <QToolButton>

#include <algorithm>
#include <utility>

namespace modelvault::ui {

QString RowActions::formatName(RowTextFormat format)
{
    switch (format) {
    case RowTextFormat::Csv:
        return tr("&CSV");
    case RowTextFormat::Tsv:
        return tr("&Tab-Separated");
    case RowTextFormat::JsonLines:
        return tr("JSON &Lines");
    case RowTextFormat::JsonArray:
        return tr("JSON &Array");
    case RowTextFormat::Markdown:
        return tr("&Markdown");
    }
    return {};
}

QString RowActions::scopeName(ExportScope scope)
{
    switch (scope) {
    case ExportScope::VisibleRows:
        return tr("&Rows as Shown…");
    case ExportScope::Collection:
        return tr("Whole &Collection…");
    case ExportScope::Everything:
        return tr("&All Collections…");
    }
    return {};
}

RowActions::RowActions(VirtualTableView &table, DataRowModel &rows, QObject *parent)
    : QObject(parent),
      m_table(table),
      m_rows(rows),
      m_copy(
          [](const Wish &wish) {
              return copyRows(wish.store, wish.snapshot, wish.rows).then([wanted = wish.wanted](const CopiedRows &it) {
                  return Answer{it, wanted};
              });
          },
          [this](const Answer &answer) { take(answer); })
{
    connect(&table, &VirtualTableView::rowMenuRequested, this, &RowActions::addToRowMenu);
}

void RowActions::copy(RowTextFormat format)
{
    if (m_rows.rowCount() == 0) {
        Q_EMIT said(tr("There are no rows to copy."));
        return;
    }
    const auto selected = m_table.selectedRows();
    const auto first = selected ? selected->first : 0;
    const auto wanted = (selected ? selected->second : m_rows.rowCount() - 1) - first + 1;
    RowsToCopy rows{.collectionId = *m_rows.collectionId(), .rows = {}, .fields = {}, .format = format};
    for (auto row = first; row < first + std::min(wanted, kMostCopiedRows); ++row)
        rows.rows.push_back(*m_rows.record(row));
    for (const int column : m_table.visibleColumns())
        rows.fields.push_back(m_rows.fieldOf(column));
    m_copy.want({.store = m_rows.store(), .snapshot = m_rows.snapshot(), .rows = std::move(rows), .wanted = wanted});
}

void RowActions::take(const Answer &answer)
{
    const auto &[text, rows, error] = answer.copied;
    if (error) {
        Q_EMIT said(tr("Not copied: %1.").arg(errorText(*error)));
        return;
    }
    QApplication::clipboard()->setText(text);
    if (rows < answer.wanted)
        Q_EMIT said(tr("Only the first %1 of %2 rows were copied: an export takes all.")
                        .arg(groupedText(rows), groupedText(answer.wanted)));
    else
        Q_EMIT said(rows == 1 ? tr("1 row copied.") : tr("%1 rows copied.").arg(groupedText(rows)));
}

void RowActions::addToRowMenu(QMenu *menu)
{
    auto *formats = menu->addMenu(tr("Copy Rows &As"));
    formats->setObjectName(QStringLiteral("copyRowsAs"));
    for (const auto format : kFormats)
        formats->addAction(formatName(format), this, [this, format] { copy(format); });
    menu->addSeparator();
    menu->addAction(tr("E&xport Rows as Shown…"), this, [this] { Q_EMIT exportRequested(ExportScope::VisibleRows); });
}

QToolButton *RowActions::makeExportButton(QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setObjectName(QStringLiteral("exportRows"));
    button->setText(tr("Export"));
    button->setToolTip(tr("Write rows to a CSV, JSON Lines or SQLite file"));
    button->setPopupMode(QToolButton::InstantPopup);
    button->setFocusPolicy(Qt::StrongFocus);
    button->setAutoRaise(true);
    button->setMinimumWidth(button->fontMetrics().averageCharWidth() * 4); // in a small window
    auto *menu = new QMenu(button);
    for (const auto scope : kScopes)
        menu->addAction(scopeName(scope), this, [this, scope] { Q_EMIT exportRequested(scope); });
    button->setMenu(menu);
    const auto showPossible = [this, button] { button->setEnabled(m_rows.collectionId().has_value()); };
    connect(&m_rows, &DataRowModel::wasReset, button, showPossible);
    showPossible();
    return button;
}

} // namespace modelvault::ui
