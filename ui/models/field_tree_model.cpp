#include "models/field_tree_model.h"

#include "text/explain_words.h"
#include "text/words.h"

#include <QFontDatabase>

namespace modelvault::ui {

FieldTreeModel::FieldTreeModel(QObject *parent) : QAbstractItemModel(parent)
{
    connect(&m_lookup, &PieceLookup::aboutToChange, this, [this] { beginResetModel(); });
    connect(&m_lookup, &PieceLookup::changed, this, [this] {
        endResetModel();
        Q_EMIT changed();
    });
}

const FieldNode *FieldTreeModel::node(const QModelIndex &index) const
{
    return index.isValid() ? static_cast<const FieldNode *>(index.constInternalPointer()) : nullptr;
}

QModelIndex FieldTreeModel::indexOf(const FieldNode &node) const
{
    return createIndex(static_cast<int>(piece()->row(node)), 0, &node);
}

QModelIndex FieldTreeModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    const auto *above = node(parent);
    return createIndex(row, column,
                       above != nullptr ? &above->children[static_cast<std::size_t>(row)] : &piece()->root());
}

QModelIndex FieldTreeModel::parent(const QModelIndex &child) const
{
    const auto *at = node(child);
    const auto *above = at != nullptr ? piece()->parent(*at) : nullptr;
    return above != nullptr ? indexOf(*above) : QModelIndex();
}

int FieldTreeModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return piece() ? 1 : 0;
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

const FieldNode *FieldTreeModel::parentOf(const FieldNode &node) const
{
    const auto path = piece()->pathTo(node);
    return path.size() > 1 ? path[path.size() - 2] : nullptr;
}

QString FieldTreeModel::details(const FieldNode &node) const
{
    return fieldDetails(node, parentOf(node));
}

QString FieldTreeModel::cellText(const FieldNode &node, int column) const
{
    switch (column) {
    case Field:
        return &node == &piece()->root() && piece()->segment()
            ? tr("%1 (%2)").arg(fieldPathText(piece()->pathTo(node), piece()->segment()), plainText(node.label))
            : fieldTitle(node, parentOf(node));
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
                               ? details(*at) + QLatin1Char('\n') + tr("Return or a double click goes there")
                               : details(*at));
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
