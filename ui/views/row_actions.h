#pragma once

#include "export/row_text.h"
#include "jobs/copy_rows.h"
#include "jobs/newest_wish.h"
#include "models/data_row_model.h"
#include "models/row_export.h"

#include <QObject>

#include <array>
#include <cstdint>
#include <memory>

class QMenu;
class QToolButton;
class QWidget;

namespace modelvault::ui {

class VirtualTableView;

/// What a grid of rows shows, for other programs: copied, or exported by whoever listens.
class RowActions : public QObject {
    Q_OBJECT

public:
    static constexpr std::array kScopes{ExportScope::VisibleRows, ExportScope::Collection, ExportScope::Everything};
    static constexpr std::array kFormats{RowTextFormat::Csv, RowTextFormat::Tsv, RowTextFormat::JsonLines,
                                         RowTextFormat::JsonArray, RowTextFormat::Markdown};
    /// As menus name it, with its key.
    [[nodiscard]] static QString formatName(RowTextFormat format);
    [[nodiscard]] static QString scopeName(ExportScope scope);

    /// Borrows both, which show the same.
    RowActions(VirtualTableView &table, DataRowModel &rows, QObject *parent = nullptr);

    /// To the clipboard: the selected rows, or all where none is selected, with the columns as they stand in the grid.
    void copy(RowTextFormat format);
    [[nodiscard]] QToolButton *makeExportButton(QWidget *parent);
    [[nodiscard]] bool isSettled() const { return !m_copy.isBusy(); }

Q_SIGNALS:
    /// A sentence: what was copied, or why not.
    void said(const QString &text);
    void exportRequested(modelvault::ui::ExportScope scope);

private:
    struct Wish {
        std::shared_ptr<const Store> store;
        std::shared_ptr<const Snapshot> snapshot;
        RowsToCopy rows;
        std::uint64_t wanted = 0; // rows.rows are the first of them
    };
    struct Answer {
        CopiedRows copied;
        std::uint64_t wanted = 0;
    };

    void take(const Answer &answer);
    void addToRowMenu(QMenu *menu);

    VirtualTableView &m_table;
    DataRowModel &m_rows;
    NewestWish<Wish, Answer> m_copy;
};

} // namespace modelvault::ui
