#pragma once

#include "models/document.h"
#include "models/space_measure.h"

#include <QScrollArea>

#include <span>
#include <vector>

class QBoxLayout;
class QLabel;
class QVBoxLayout;

namespace modelvault::ui {

class BarList;
class SpaceCard;

/// What is in this file, at a glance: format, size, segments by type, transactions, findings, lock, and where to go.
class OverviewView : public QScrollArea {
    Q_OBJECT

public:
    enum class Target : std::uint8_t { Pages, Log, Data };

    explicit OverviewView(QWidget *parent = nullptr);

    /// Of the document's state now.
    void show(const Document &document);
    void showLock(const Document &document);
    void showSpace(const SpaceMeasure &measure);
    void showFindings(const Document &document);

Q_SIGNALS:
    void viewRequested(modelvault::ui::OverviewView::Target target);
    void placeRequested(modelvault::Offset begin, modelvault::Offset end);
    void collectionRequested(std::uint32_t id);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *addCard(QVBoxLayout *column, const QString &title, QWidget *content);
    QLabel *makeText(const char *name);
    QWidget *makeNextSteps();
    void showFile(const Document &document, const Snapshot &snapshot);
    void showSegments(const Snapshot &snapshot);
    void showTransactions(const Snapshot &snapshot);
    void showFirstFindings(std::span<const Finding> findings);

    QBoxLayout *m_columns; // one below the other where it is narrow
    QLabel *m_file;
    QLabel *m_segmentsText;
    BarList *m_segments;
    SpaceCard *m_space;
    QLabel *m_transactions;
    QLabel *m_findingsText;
    QVBoxLayout *m_findings;
    std::vector<Finding> m_shownFindings;
    QLabel *m_moreFindings;
    QLabel *m_lock;
};

} // namespace modelvault::ui
