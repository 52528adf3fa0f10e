#include "panels/navigator_panel.h"

#include "views/hinted_list.h"
#include "views/return_key.h"

#include <QTreeView>
#include <QVBoxLayout>

#include <utility>

namespace modelvault::ui {

NavigatorPanel::NavigatorPanel(QWidget *parent) : QWidget(parent), m_tree(new HintedList(this))
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
    if (m_document) {
        m_document->disconnect(this);
        m_document->check().disconnect(this);
    }
    m_document = document;
    if (document) {
        connect(document, &Document::snapshotChanged, this, &NavigatorPanel::showSnapshot);
        connect(&document->check(), &FileCheck::findingsChanged, this,
                [this] { m_model.setFindings(m_document->check().findings()); });
        connect(document, &Document::selectionChanged, this, &NavigatorPanel::followSelection);
    }
    m_model.setSnapshot(nullptr, nullptr);
    showSnapshot();
    showHint();
}

void NavigatorPanel::showHint()
{
    m_tree->setHint(!m_document                ? tr("No database is open.")
                        : m_document->snapshot() ? QString()
                                                 : tr("There is nothing to show."));
}

void NavigatorPanel::showSnapshot()
{
    if (!m_document || !m_document->snapshot()) {
        m_model.setSnapshot(nullptr, nullptr);
        showHint();
        return;
    }
    showHint();
    m_model.setFindings(m_document->check().findings());
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

/// What another view selected is not what was chosen here: the part before the log that it lies in, or nothing, is
/// marked instead. The current item stays, for the keyboard.
void NavigatorPanel::followSelection()
{
    if (!m_document)
        return;
    if (std::exchange(m_isAwaited, false)) {
        m_chosenSelection = m_document->selection();
        return;
    }
    const auto begin = m_document->selection().begin;
    auto index = QModelIndex();
    if (begin.value < FileHeader::kSize)
        index = m_model.indexOf(NavigatorModel::Kind::Header);
    else if (begin < kLogStart)
        index =
            m_model.indexOf(NavigatorModel::Kind::Superblock,
                            begin < Superblock::slotOffset(SuperblockSlot::B) ? SuperblockSlot::A : SuperblockSlot::B);
    if (index.isValid())
        m_tree->selectionModel()->select(index, QItemSelectionModel::ClearAndSelect);
    else
        m_tree->selectionModel()->clearSelection();
}

void NavigatorPanel::choose(const QModelIndex &index)
{
    if (!m_document || !index.isValid())
        return;
    const auto node = m_model.node(index);
    switch (node.kind) {
    case NavigatorModel::Kind::Header:
        select({{0}, {FileHeader::kSize}});
        break;
    case NavigatorModel::Kind::Superblock: {
        const auto begin = Superblock::slotOffset(node.slot);
        select({begin, begin + Superblock::kSize});
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
        // Once it is looked up. Chosen once more while it is selected, nothing will be told.
        m_isAwaited |= m_chosen != index || m_chosenSelection != m_document->selection();
        m_document->selectTransaction({node.first});
        break;
    }
    m_chosen = index;
}

void NavigatorPanel::select(const Document::Selection &selection)
{
    m_isAwaited = true;
    m_document->select(selection);
    m_isAwaited = false; // nothing is told of what was selected before
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
