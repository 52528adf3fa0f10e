#pragma once

#include "error.h"
#include "format/field.h"
#include "format/field_trace.h"
#include "position.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace modelvault {

enum class Verdict : std::uint8_t {
    Right,
    Wrong,      ///< see `error`, and `expected` and `found` where they differ
    NotChecked, ///< there is no rule, or the engine does not look
};
/// "right", "wrong", "not_checked": stable, never translated.
[[nodiscard]] std::string_view verdictName(Verdict verdict);

/// A stretch of the file and what it means: a field, or a structure made of fields. Leaves, which are those without
/// children, tile the structure: every byte belongs to exactly one. Some have no bytes, an empty text for one.
struct FieldNode {
    enum class Role : std::uint8_t {
        Structure, ///< made of its children
        Field,
        Padding,     ///< reserved bytes and zero fill
        More,        ///< fields that are right, too many to be shown one by one; see ExplainFocus
        Unexplained, ///< bytes that nothing is known about
    };

    Role role = Role::Structure;
    FieldKind kind = FieldKind::Number; ///< how `value` is meant
    std::string_view name;              ///< as in FORMAT.md; lives for ever
    /// Which one of many: a number, or a name that the file gives it (UTF-8, not fit to be shown; long ones end in
    /// "…").
    std::string label;
    Offset begin;
    Offset end;                 ///< exclusive
    FieldValue value;           ///< of a structure: what it says as a whole; of padding only where it is not zero
    std::string_view valueName; ///< of an enumerated value: "insert"; stable, never translated
    Rule rule;
    Verdict verdict = Verdict::NotChecked;
    // Where a rule is broken, be it checked or not. Of padding: how many bytes are not zero.
    std::uint64_t expected = 0;
    std::uint64_t found = 0;
    std::optional<ErrorCode> error; ///< of the field where decoding stopped, and of the structure around it
    std::vector<FieldNode> children;

    [[nodiscard]] bool isLeaf() const { return role != Role::Structure; }
    [[nodiscard]] std::uint64_t length() const { return end - begin; }
    [[nodiscard]] bool holds(Offset offset) const { return begin <= offset && offset < end; }
    /// Whether it should be a key of some type, and its bytes are those of none.
    [[nodiscard]] bool isNoKey() const;
    /// Where a field points to, if it points anywhere.
    [[nodiscard]] std::optional<Offset> target() const;
};
/// "structure", "field", "padding", "more", "unexplained": stable, never translated.
[[nodiscard]] std::string_view roleName(FieldNode::Role role);

/// From `node` down to the leaf that the byte at `offset` belongs to; empty if it lies outside.
[[nodiscard]] std::vector<const FieldNode *> pathTo(const FieldNode &node, Offset offset);
[[nodiscard]] std::vector<FieldNode *> pathTo(FieldNode &node, Offset offset);

/// Marks the field at the error's offset as the one that is wrong, and the structures around it.
void markFault(FieldNode &node, const Error &error);

/// How much of a tree is built. A payload may hold a million values: once `nodes` are built, those outside of
/// [begin, end) are gathered in nodes of the role More.
struct ExplainFocus {
    Offset begin{};
    Offset end{}; ///< exclusive
    std::size_t nodes = 20'000;

    [[nodiscard]] bool meets(Offset from, Offset to) const { return from < end && begin < to; }
};

/// Builds the tree of what one decoder reads.
class FieldTreeBuilder final : public FieldTrace {
public:
    static constexpr std::size_t kLabelBytes = 256; ///< of a name, without the "…" of one that is cut

    /// `budget`: nodes that may still be built, shared by the builders of one tree.
    FieldTreeBuilder(std::string_view name, Offset begin, const ExplainFocus &focus, std::size_t &budget);

    /// What was read, up to `end`: bytes that no field claimed are unexplained.
    [[nodiscard]] FieldNode finish(Offset end) &&;

    void field(const Field &field, Offset begin, Offset end, FieldValue value) override;
    void padding(const Field &field, Offset begin, Offset end, std::span<const std::byte> bytes) override;
    void missing(const Field &field, Offset begin, std::uint64_t wanted, std::uint64_t there) override;
    void judge(const Rule &rule) override;
    void open(std::string_view name) override;
    void close() override;
    void label(std::string_view text) override;
    void value(FieldKind kind, FieldValue value) override;
    void fault(const Error &error) override { m_fault = error; }

private:
    void add(FieldNode node);

    static_assert(kLabelBytes < kMostLabel);

    const ExplainFocus m_focus;
    std::size_t &m_budget;
    Offset m_at;                   // behind the last field
    std::vector<FieldNode> m_open; // outermost first
    std::optional<Error> m_fault;
};

} // namespace modelvault
