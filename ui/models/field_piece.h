#pragma once

#include "explain/field_tree.h"
#include "log/segment_index.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace modelvault::ui {

/// A header, a superblock, a segment, or bytes between segments, explained to the last field. A frozen value, shared
/// between threads and views; its nodes live as long as it does.
class FieldPiece {
public:
    explicit FieldPiece(FieldNode root, std::optional<SegmentNo> segment = {});
    FieldPiece(const FieldPiece &) = delete; // nodes are known by their addresses
    FieldPiece &operator=(const FieldPiece &) = delete;

    [[nodiscard]] const FieldNode &root() const { return m_root; }
    /// Which one it is, if it is one.
    [[nodiscard]] std::optional<SegmentNo> segment() const { return m_segment; }
    /// Null for the root.
    [[nodiscard]] const FieldNode *parent(const FieldNode &node) const;
    /// Which of its parent's children it is.
    [[nodiscard]] std::size_t row(const FieldNode &node) const;
    /// From the root to a node of this piece.
    [[nodiscard]] std::vector<const FieldNode *> pathTo(const FieldNode &node) const;
    /// From the root to the leaf that the byte belongs to; empty if it lies outside.
    [[nodiscard]] std::vector<const FieldNode *> pathTo(Offset offset) const;
    /// The node that a selection means, which has to begin in this piece: the innermost that holds all of it, but the
    /// root rather than its only child. The root for what ends behind this piece.
    [[nodiscard]] const FieldNode &nodeFor(Offset begin, Offset end) const;

private:
    struct Place {
        const FieldNode *parent = nullptr;
        std::size_t row = 0;
    };

    void note(const FieldNode &node);

    const FieldNode m_root;
    const std::optional<SegmentNo> m_segment;
    std::unordered_map<const FieldNode *, Place> m_places; // of all but the root
};

} // namespace modelvault::ui
