#pragma once

#include "models/document.h"
#include "models/navigator_model.h"

#include <QPersistentModelIndex>
#include <QPointer>
#include <QWidget>

#include <cstdint>
#include <optional>


namespace modelvault::ui {

class HintedList;

/// The parts of a database as a tree; what is chosen there is selected in all views.
class NavigatorPanel : public QWidget {
    Q_OBJECT

public:
    explicit NavigatorPanel(QWidget *parent = nullptr);

    /// Null for nothing. Does not own it.
    void setDocument(Document *document);

Q_SIGNALS:
    /// Return or a double click on a collection, or on a part of one.
    void collectionActivated(std::uint32_t collectionId);

private:
    void showSnapshot();
    void showHint();
    void choose(const QModelIndex &index);
    void activate(const QModelIndex &index);
    void select(const Document::Selection &selection);
    void followSelection();

    QPointer<Document> m_document;
    NavigatorModel m_model;
    HintedList *m_tree;
    bool m_isPreparing = false;
    QPersistentModelIndex m_chosen;
    bool m_isAwaited = false; // what is chosen is on its way to be selected
    std::optional<Document::Selection> m_chosenSelection;
};

} // namespace modelvault::ui
