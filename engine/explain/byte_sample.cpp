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

Result<std::vector<ByteSample>> sampleBytes(const Store &store, const Explainer &explainer,
                                            std::span<const ByteStretch> stretches)
try {
    std::vector<ByteSample> samples(stretches.size());
    if (stretches.empty())
        return samples;
    const auto begin = stretches.front().begin;
    const auto end = stretches.back().end;
    std::vector<std::byte> bytes(static_cast<std::size_t>(end - begin));
    if (const auto read = store.readExactAt(begin, bytes); !read)
        return std::unexpected(read.error());
    for (std::size_t i = 0; i < stretches.size(); ++i)
        samples[i].entropy = entropyOf(std::span(bytes).subspan(stretches[i].begin - begin, stretches[i].length()));

    const auto add = [&](const FieldNode &leaf) {
        const auto first = std::ranges::upper_bound(stretches, leaf.begin, {}, &ByteStretch::end);
        for (auto stretch = first; stretch != stretches.end() && stretch->begin < leaf.end; ++stretch) {
            const auto from = std::max(leaf.begin, stretch->begin);
            const auto to = std::min(leaf.end, stretch->end);
            if (from < to)
                samples[static_cast<std::size_t>(stretch - stretches.begin())]
                    .classes[static_cast<std::size_t>(byteClass(leaf))] += to - from;
        }
    };
    const auto explained = explainer.forEach(begin, end, [&](const FieldNode &piece) {
        forEachLeaf(piece, add);
        return true;
    });
    if (!explained)
        return std::unexpected(explained.error());
    return samples;
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

} // namespace modelvault
