#pragma once

#include "models/document.h"
#include "models/finding_row_model.h"

#include <QWidget>

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>

class QLineEdit;
class QMenu;
class QProgressBar;
class QPushButton;
class QTextEdit;
class QToolButton;

namespace modelvault::ui {

class ElidedLabel;
class VirtualTableView;

/// What is wrong with a file: findings, filtered by severity and text, each explained; and the way to hold the file
/// against every rule, which small files are when this is first shown.
class CheckView : public QWidget {
    Q_OBJECT

public:
    enum class Format : std::uint8_t { Markdown, Json };

    /// Borrows the document.
    explicit CheckView(Document &document, QWidget *parent = nullptr);

    [[nodiscard]] VirtualTableView *table() const { return m_table; }
    [[nodiscard]] QTextEdit *details() const { return m_details; }
    [[nodiscard]] const FindingRowModel &rows() const { return m_rows; }
    /// The number of the one that is explained.
    [[nodiscard]] std::optional<std::size_t> currentFinding() const { return m_current; }
    /// Explains that one, without a signal: for what follows another view. It may be one that the filter hides.
    void showFinding(std::size_t number);
    /// Of a full check, in the background.
    void copyReport(Format format);
    /// Asks for a file.
    void saveReport();

Q_SIGNALS:
    /// The user chose a finding: its bytes.
    void placeChosen(modelvault::Offset begin, modelvault::Offset end);
    /// The user wants to go on among them.
    void bytesRequested();
    /// To the finding before (-1) or behind (1) the selection.
    void findingStepRequested(int step);
    /// A sentence for the status bar.
    void said(const QString &text);

protected:
    void focusInEvent(QFocusEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    QWidget *makeControls();
    QWidget *makeFilters();
    QWidget *makeTable();
    void showFindings();
    void showProgress();
    void showDetails();
    void showEmptyText();
    void filter();
    void addActions(QMenu *menu);
    [[nodiscard]] QString emptyText() const;
    [[nodiscard]] QString summaryText() const;
    [[nodiscard]] bool hasReport() const;
    [[nodiscard]] std::function<std::string()> reportMaker(Format format) const;

    Document &m_document;
    FindingRowModel m_rows;
    std::optional<std::size_t> m_current;
    std::optional<CheckFinding> m_explained; // to find it again among others
    QPushButton *m_run;
    ElidedLabel *m_summary;
    QProgressBar *m_progress;
    QToolButton *m_stop;
    QToolButton *m_report;
    std::array<QToolButton *, 3> m_severities{}; // by number of Severity
    QLineEdit *m_text;
    VirtualTableView *m_table;
    QTextEdit *m_details;
};

} // namespace modelvault::ui
