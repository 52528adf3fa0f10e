#include "models/field_tree_model.h"

#include "explain/explainer.h"
#include "text/explain_words.h"
#include "text/words.h"

#include <QFontDatabase>
#include <QtConcurrentRun>

#include <utility>

namespace modelvault::ui {
namespace {

/// Whether a piece of the first snapshot may look different in the second.
bool knowsMore(const Snapshot &before, const Snapshot &now, const FieldPiece &piece)
{
    if (before.identity != now.identity || before.catalog != now.catalog || before.fileLength() != now.fileLength())
        return true;
    return piece.root().begin >= kLogStart && !piece.segment(); // segments may have been found there
}

} // namespace

FieldTreeModel::FieldTreeModel(QObject *parent) : QAbstractItemModel(parent)
{
    connect(&m_load, &QFutureWatcherBase::finished, this, [this] {
        m_loading.reset();
        if (m_load.future().resultCount() == 0)
            return;
        const auto wanted = std::exchange(m_wanted, std::nullopt);
        if (wanted)
            start(*wanted);
        else
            take(m_load.result());
    });
}

void FieldTreeModel::setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot)
{
    drop();
    const bool isOther = m_store != store;
    const bool isOutdated = m_piece && !isOther && snapshot && knowsMore(*m_snapshot, *snapshot, *m_piece);
    m_stale = m_stale || isOutdated;
    m_store = std::move(store);
    m_snapshot = std::move(snapshot);
    if (isOther)
        take({});
}

void FieldTreeModel::drop()
{
    m_wanted.reset();
    m_loading.reset();
    m_load.setFuture(QFuture<Loaded>());
}

bool FieldTreeModel::shows(Offset offset) const
{
    if (!m_piece || m_stale)
        return false;
    const auto path = m_piece->pathTo(offset);
    return !path.empty() && path.back()->role != FieldNode::Role::More;
}

bool FieldTreeModel::isScanned(Offset offset) const
{
    return offset < kLogStart || (m_snapshot && (m_snapshot->log.complete || offset < m_snapshot->log.index->end()));
}

void FieldTreeModel::want(Offset offset)
{
    if (!m_store || offset.value >= m_snapshot->fileLength())
        return;
    if (!isScanned(offset)) {
        drop();
        if (m_piece)
            take({});
        return;
    }
    if (shows(offset))
        drop(); // it would take the place of what is wanted now
    else if (m_loading == offset)
        m_wanted.reset();
    else if (m_loading)
        m_wanted = offset;
    else
        start(offset);
}

void FieldTreeModel::start(Offset offset)
{
    m_loading = offset;
    m_load.setFuture(
        QtConcurrent::run([store = m_store, snapshot = m_snapshot, offset] { return load(store, snapshot, offset); }));
}

FieldTreeModel::Loaded FieldTreeModel::load(const std::shared_ptr<const Store> &store,
                                            const std::shared_ptr<const Snapshot> &snapshot, Offset offset)
{
    auto root = Explainer(*store, snapshot).at(offset);
    if (!root)
        return {.piece = {}, .error = root.error()};
    const auto segment = LogReader(*store, snapshot->log.index).segmentAt(offset);
    const auto no = segment && *segment ? std::optional((*segment)->no) : std::nullopt;
    return {.piece = std::make_shared<const FieldPiece>(std::move(*root), no), .error = {}};
}

void FieldTreeModel::take(Loaded loaded)
{
    beginResetModel();
    m_piece = std::move(loaded.piece);
    m_error = loaded.error;
    m_stale = false;
    endResetModel();
    Q_EMIT changed();
}

const FieldNode *FieldTreeModel::node(const QModelIndex &index) const
{
    return index.isValid() ? static_cast<const FieldNode *>(index.constInternalPointer()) : nullptr;
}

QModelIndex FieldTreeModel::indexOf(const FieldNode &node) const
{
    return createIndex(static_cast<int>(m_piece->row(node)), 0, &node);
}

QModelIndex FieldTreeModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    const auto *above = node(parent);
    return createIndex(row, column,
                       above != nullptr ? &above->children[static_cast<std::size_t>(row)] : &m_piece->root());
}

QModelIndex FieldTreeModel::parent(const QModelIndex &child) const
{
    const auto *at = node(child);
    const auto *above = at != nullptr ? m_piece->parent(*at) : nullptr;
    return above != nullptr ? indexOf(*above) : QModelIndex();
}

int FieldTreeModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return m_piece ? 1 : 0;
    return parent.column() == 0 ? static_cast<int>(node(parent)->children.size()) : 0;
}

int FieldTreeModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

QVariant FieldTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return QAbstractItemModel::headerData(section, orientation, role);
    switch (section) {
    case Field:
        return tr("Field");
    case Value:
        return tr("Value");
    case Place:
        return tr("Offset");
    case Length:
        return tr("Bytes");
    case Rule:
        return tr("Rule");
    default:
        return {};
    }
}

QString FieldTreeModel::cellText(const FieldNode &node, int column) const
{
    switch (column) {
    case Field:
        return &node == &m_piece->root() && m_piece->segment()
            ? tr("%1 (%2)").arg(fieldPathText(m_piece->pathTo(node), m_piece->segment()), plainText(node.label))
            : fieldTitle(node);
    case Value: {
        // Not by colour alone.
        auto text = fieldValueText(node);
        if (node.verdict == Verdict::Wrong || node.error)
            text = text.isEmpty() ? tr("✘ wrong") : tr("✘ %1").arg(text);
        if (node.target())
            text += QStringLiteral(" →");
        return text;
    }
    case Place:
        return offsetText(node.begin);
    case Length:
        return groupedText(node.length());
    case Rule: {
        const auto rule = fieldRuleText(node);
        const auto fault = fieldFaultText(node);
        return rule.isEmpty() || fault.isEmpty() ? rule + fault : tr("%1 – %2").arg(fault, rule);
    }
    default:
        return {};
    }
}

QVariant FieldTreeModel::data(const QModelIndex &index, int role) const
{
    const auto *at = node(index);
    if (at == nullptr)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return cellText(*at, index.column());
    case Qt::ToolTipRole:
        return toolTipText(at->target()
                               ? fieldDetails(*at) + QLatin1Char('\n') + tr("Return or a double click goes there")
                               : fieldDetails(*at));
    case Qt::TextAlignmentRole:
        return QVariant(Qt::AlignVCenter | (index.column() == Length ? Qt::AlignRight : Qt::AlignLeft));
    case Qt::FontRole:
        return index.column() == Place ? QVariant(QFontDatabase::systemFont(QFontDatabase::FixedFont)) : QVariant();
    case FaultRole:
        return at->verdict == Verdict::Wrong || at->error.has_value();
    case TargetRole: {
        const auto target = at->target();
        return target ? QVariant(static_cast<quint64>(target->value)) : QVariant();
    }
    default:
        return {};
    }
}

} // namespace modelvault::ui
