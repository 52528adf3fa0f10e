#pragma once

#include "models/document.h"
#include "models/navigator_model.h"

#include <QPointer>
#include <QWidget>

#include <cstdint>

class QTreeView;

namespace modelvault::ui {

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
    void choose(const QModelIndex &index);
    void activate(const QModelIndex &index);

    QPointer<Document> m_document;
    NavigatorModel m_model;
    QTreeView *m_tree;
    bool m_isPreparing = false;
};

} // namespace modelvault::ui
