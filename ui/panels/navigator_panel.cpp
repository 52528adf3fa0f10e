#include "panels/navigator_panel.h"

#include "views/return_key.h"

#include <QTreeView>
#include <QVBoxLayout>

namespace modelvault::ui {

NavigatorPanel::NavigatorPanel(QWidget *parent) : QWidget(parent), m_tree(new QTreeView(this))
{
    m_tree->setObjectName(QStringLiteral("navigator"));
    m_tree->setAccessibleName(tr("Parts of the database"));
    m_tree->setModel(&m_model);
    m_tree->setHeaderHidden(true);
    m_tree->setUniformRowHeights(true);
    m_tree->setTextElideMode(Qt::ElideRight);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_tree);
    setFocusProxy(m_tree);

    connect(m_tree, &QTreeView::expanded, &m_model, &NavigatorModel::prepare);
    // By the user only. A tree without a current item would make one current when it gets the focus.
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex &index) {
        if (!m_isPreparing)
            choose(index);
    });
    // A second click leads there again after another view moved on.
    connect(m_tree, &QTreeView::clicked, this, &NavigatorPanel::choose);
    m_tree->setExpandsOnDoubleClick(false); // that of a collection shows its rows
    connect(m_tree, &QTreeView::doubleClicked, this, &NavigatorPanel::activate);
    new ReturnKey(m_tree, [this] { activate(m_tree->currentIndex()); });
}

void NavigatorPanel::setDocument(Document *document)
{
    if (m_document)
        m_document->disconnect(this);
    m_document = document;
    if (document)
        connect(document, &Document::snapshotChanged, this, &NavigatorPanel::showSnapshot);
    m_model.setSnapshot(nullptr, nullptr);
    showSnapshot();
}

void NavigatorPanel::showSnapshot()
{
    if (!m_document || !m_document->snapshot()) {
        m_model.setSnapshot(nullptr, nullptr);
        return;
    }
    m_model.setSnapshot(m_document->store(), m_document->snapshot());
    if (!m_tree->currentIndex().isValid()) { // new, or of another file
        m_isPreparing = true;
        m_tree->expand(m_model.indexOf(NavigatorModel::Kind::Log));
        m_tree->selectionModel()->setCurrentIndex(m_model.indexOf(NavigatorModel::Kind::Header),
                                                  QItemSelectionModel::NoUpdate);
        m_isPreparing = false;
    }
    // What was looked up belongs to the old snapshot.
    for (auto index = m_tree->indexAt({0, 0}); index.isValid(); index = m_tree->indexBelow(index)) {
        if (m_tree->isExpanded(index))
            m_model.prepare(index);
    }
}

void NavigatorPanel::choose(const QModelIndex &index)
{
    if (!m_document || !index.isValid())
        return;
    const auto node = m_model.node(index);
    switch (node.kind) {
    case NavigatorModel::Kind::Header:
        m_document->select({{0}, {FileHeader::kSize}});
        break;
    case NavigatorModel::Kind::Superblock: {
        const auto begin = Superblock::slotOffset(node.slot);
        m_document->select({begin, begin + Superblock::kSize});
        break;
    }
    case NavigatorModel::Kind::Collection:
    case NavigatorModel::Kind::Field:
    case NavigatorModel::Kind::Index:
        // Where its schema stands.
        m_document->selectSegment(node.collection->current().place.segment);
        break;
    case NavigatorModel::Kind::Collections:
    case NavigatorModel::Kind::More:
    case NavigatorModel::Kind::Log:
        break;
    case NavigatorModel::Kind::Transactions:
    case NavigatorModel::Kind::Transaction:
        m_document->selectTransaction({node.first});
        break;
    }
}

void NavigatorPanel::activate(const QModelIndex &index)
{
    if (!m_document || !index.isValid())
        return;
    if (const auto *collection = m_model.node(index).collection)
        Q_EMIT collectionActivated(collection->id);
    else
        m_tree->setExpanded(index, !m_tree->isExpanded(index));
}

} // namespace modelvault::ui
