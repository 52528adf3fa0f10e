#include "models/field_piece.h"

#include <algorithm>
#include <utility>

namespace modelvault::ui {

FieldPiece::FieldPiece(FieldNode root, std::optional<SegmentNo> segment) : m_root(std::move(root)), m_segment(segment)
{
    note(m_root);
}

/// No deeper than the format nests, which its decoders bound.
void FieldPiece::note(const FieldNode &node)
{
    for (std::size_t row = 0; row < node.children.size(); ++row) {
        m_places.emplace(&node.children[row], Place{&node, row});
        note(node.children[row]);
    }
}

const FieldNode *FieldPiece::parent(const FieldNode &node) const
{
    const auto place = m_places.find(&node);
    return place != m_places.end() ? place->second.parent : nullptr;
}

std::size_t FieldPiece::row(const FieldNode &node) const
{
    const auto place = m_places.find(&node);
    return place != m_places.end() ? place->second.row : 0;
}

std::vector<const FieldNode *> FieldPiece::pathTo(const FieldNode &node) const
{
    std::vector<const FieldNode *> path;
    for (const auto *at = &node; at != nullptr; at = parent(*at))
        path.push_back(at);
    std::ranges::reverse(path);
    return path;
}

std::vector<const FieldNode *> FieldPiece::pathTo(Offset offset) const
{
    return modelvault::pathTo(m_root, offset);
}

const FieldNode &FieldPiece::nodeFor(Offset begin, Offset end) const
{
    if (begin <= m_root.begin && end >= m_root.end)
        return m_root;
    const auto path = pathTo(begin);
    const auto innermost = std::ranges::find_last_if(path, [end](const FieldNode *node) { return end <= node->end; });
    return innermost.empty() ? m_root : *innermost.front();
}

} // namespace modelvault::ui
