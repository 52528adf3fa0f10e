#pragma once

#include "database/snapshot.h"
#include "error.h"
#include "explain/field_tree.h"
#include "log/segment_index.h"
#include "progress.h"
#include "store/store.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace modelvault {

/// Says what every byte of a file means. The pieces that it tells of tile the file: header, superblocks, segments, and
/// the stretches between them that hold no whole segment. A piece is built when it is asked for, from the decoders that
/// everything else uses; none is read longer than a payload that the engine would read.
/// Reads the store, so never on a GUI thread. Const and without state: any number of threads.
class Explainer {
public:
    /// Borrows the store. Of a snapshot without a catalog, records are shown as far as their collection id.
    Explainer(const Store &store, std::shared_ptr<const Snapshot> snapshot);

    [[nodiscard]] const Snapshot &snapshot() const { return *m_snapshot; }

    /// Called with each piece that has a byte in [begin, end), whole and in the order of the file, until it returns
    /// false. What can't be read is unexplained; fails only if the log can't be walked.
    [[nodiscard]] Result<void> forEach(Offset begin, Offset end, const std::function<bool(FieldNode)> &visit) const;
    /// The piece that the byte at `offset` belongs to, in full where that byte is. InvalidInput behind the file's end.
    [[nodiscard]] Result<FieldNode> at(Offset offset) const;
    [[nodiscard]] FieldNode explain(const Segment &segment, ExplainFocus focus = {}) const;

private:
    using Visit = std::function<bool(FieldNode)>;

    [[nodiscard]] Result<void> forEachInLog(Offset begin, Offset end, const ExplainFocus &focus,
                                            const Visit &visit) const;
    [[nodiscard]] Result<void> forEachPiece(Offset begin, Offset end, const ExplainFocus &focus,
                                            const Visit &visit) const;
    [[nodiscard]] FieldNode fileHeader() const;
    [[nodiscard]] FieldNode superblock(SuperblockSlot slot) const;
    void judgePointer(FieldNode &superblock, SuperblockSlot slot, std::string_view field, SegmentType type,
                      ErrorCode code) const;
    [[nodiscard]] std::optional<SegmentType> segmentBeginningAt(Offset offset) const;
    [[nodiscard]] bool isBehindSafeEnd(Offset offset) const;
    void judgeFraming(FieldNode &segment, SegmentType type) const;
    [[nodiscard]] FieldNode spilledData(const Segment &segment) const;
    [[nodiscard]] FieldNode damage(Offset begin, Offset end) const;

    const Store &m_store;
    const std::shared_ptr<const Snapshot> m_snapshot;
    std::vector<Finding> m_framing; // segments that break the rules of transactions: none of them overlap
    Offset m_safeEnd; // 0 if it is not known
};

/// How many bytes of a structure are known by name, are padding, or are neither.
struct Coverage {
    std::uint64_t named = 0;
    std::uint64_t padding = 0;
    std::uint64_t unexplained = 0;
    std::uint64_t faults = 0; ///< structures in which something is wrong

    /// The bytes alone.
    void add(const FieldNode &node);
    void addStructure(const FieldNode &node);
    bool operator==(const Coverage &) const = default;
};

/// By structure, as the nodes are named: "file header", "superblock", "segment header", "damage", and the payloads by
/// the names of their types.
using CoverageByStructure = std::map<std::string_view, Coverage>;

/// Of the whole file. Fails as Explainer::forEach() does, and with Cancelled.
[[nodiscard]] Result<CoverageByStructure> coverage(const Explainer &explainer, const Progress &progress = {});

} // namespace modelvault
