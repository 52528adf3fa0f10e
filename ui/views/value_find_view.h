#pragma once

#include "models/value_finder.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QToolButton;

namespace modelvault::ui {

class VirtualTableView;

/// A line in which text is typed, and the rows of all collections that hold it below. Return searches.
class ValueFindView : public QWidget {
    Q_OBJECT

public:
    explicit ValueFindView(QWidget *parent = nullptr);

    void setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot);
    [[nodiscard]] QLineEdit *line() const { return m_line; }
    [[nodiscard]] VirtualTableView *hits() const { return m_hits; }
    [[nodiscard]] const ValueFinder &finder() const { return m_finder; }

Q_SIGNALS:
    void rowChosen(std::uint32_t collectionId, modelvault::RecordNo record);

private:
    void showProgress();

    ValueFinder m_finder;
    QLineEdit *m_line;
    QLabel *m_state;
    QToolButton *m_stop;
    VirtualTableView *m_hits;
};

} // namespace modelvault::ui
