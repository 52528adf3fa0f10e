#include "explain/byte_sample.h"

#include "out_of_memory.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace modelvault {
namespace {

template <class Visit>
void forEachLeaf(const FieldNode &node, const Visit &visit)
{
    if (node.isLeaf())
        visit(node);
    for (const auto &child : node.children)
        forEachLeaf(child, visit);
}

} // namespace

ByteClass byteClass(const FieldNode &leaf)
{
    switch (leaf.role) {
    case FieldNode::Role::Padding:
        return ByteClass::Padding;
    case FieldNode::Role::Unexplained:
        return ByteClass::Unexplained;
    default:
        break;
    }
    switch (leaf.kind) {
    case FieldKind::Number:
    case FieldKind::Bool:
    case FieldKind::Float:
    case FieldKind::Timestamp:
        return ByteClass::Number;
    case FieldKind::Text:
        return ByteClass::Text;
    case FieldKind::Bytes:
    case FieldKind::Uuid:
        return ByteClass::Bytes;
    case FieldKind::Checksum:
        return ByteClass::Checksum;
    case FieldKind::Magic:
    case FieldKind::Place:
    case FieldKind::Length:
    case FieldKind::Count:
    case FieldKind::Version:
    case FieldKind::None:
        break;
    }
    return ByteClass::Framing;
}

std::uint64_t ByteSample::bytes() const
{
    return std::accumulate(classes.begin(), classes.end(), std::uint64_t{0});
}

ByteClass ByteSample::mostly() const
{
    return static_cast<ByteClass>(std::ranges::max_element(classes) - classes.begin());
}

std::optional<Liveness> ByteSample::mostlyFor() const
{
    const auto most = std::ranges::max_element(uses);
    return *most > 0 ? std::optional(static_cast<Liveness>(most - uses.begin())) : std::nullopt;
}

double entropyOf(std::span<const std::byte> bytes)
{
    std::array<std::size_t, 256> counts{};
    for (const auto byte : bytes)
        ++counts[std::to_integer<std::size_t>(byte)];
    double entropy = 0;
    for (const auto count : counts) {
        if (count == 0)
            continue;
        const double share = static_cast<double>(count) / static_cast<double>(bytes.size());
        entropy -= share * std::log2(share);
    }
    return std::max(entropy, 0.0); // no -0
}

ByteSampler::ByteSampler(const Store &store, std::shared_ptr<const Snapshot> snapshot)
    : m_store(store),
      m_explainer(store, snapshot)
{
    if (snapshot->rows)
        m_space.emplace(store, std::move(snapshot));
}

Result<std::vector<ByteSample>> ByteSampler::sample(std::span<const ByteStretch> stretches)
try {
    std::vector<ByteSample> samples(stretches.size());
    if (stretches.empty())
        return samples;
    const auto begin = stretches.front().begin;
    const auto end = stretches.back().end;
    std::vector<std::byte> bytes(static_cast<std::size_t>(end - begin));
    if (const auto read = m_store.readExactAt(begin, bytes); !read)
        return std::unexpected(read.error());
    for (std::size_t i = 0; i < stretches.size(); ++i)
        samples[i].entropy = entropyOf(std::span(bytes).subspan(stretches[i].begin - begin, stretches[i].length()));

    // Calls `count(ByteSample &, bytes)` for what each stretch has of [from, to).
    const auto spread = [&](Offset from, Offset to, const auto &count) {
        const auto first = std::ranges::upper_bound(stretches, from, {}, &ByteStretch::end);
        for (auto stretch = first; stretch != stretches.end() && stretch->begin < to; ++stretch) {
            const auto here = std::max(from, stretch->begin);
            const auto there = std::min(to, stretch->end);
            if (here < there)
                count(samples[static_cast<std::size_t>(stretch - stretches.begin())], there - here);
        }
    };
    const auto addLeaf = [&](const FieldNode &leaf) {
        spread(leaf.begin, leaf.end, [&](ByteSample &sample, std::uint64_t length) {
            sample.classes[static_cast<std::size_t>(byteClass(leaf))] += length;
        });
    };
    const auto explained = m_explainer.forEach(begin, end, [&](const FieldNode &piece) {
        forEachLeaf(piece, addLeaf);
        return true;
    });
    if (!explained)
        return std::unexpected(explained.error());
    if (!m_space)
        return samples;
    const auto used = m_space->forEach(begin, end, [&](const SpacePiece &piece) {
        spread(piece.begin, piece.end, [&](ByteSample &sample, std::uint64_t length) {
            sample.uses[static_cast<std::size_t>(piece.liveness)] += length;
        });
        return true;
    });
    return used.transform([&] { return std::move(samples); });
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

} // namespace modelvault
