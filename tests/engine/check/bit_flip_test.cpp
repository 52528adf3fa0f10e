// A bit that changes where anything covers it is never passed over in silence, nor a length that a file is cut to.

#include "database/open_preview.h"
#include "explain/explainer.h"
#include "support/checked.h"
#include "support/corpus.h"
#include "support/sanitized.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <ostream>
#include <set>
#include <string>
#include <utility>

namespace modelvault {
namespace {

using test::Scanned;

struct Flip {
    std::uint64_t byte;
    int bit;

    auto operator<=>(const Flip &) const = default;
};

/// The stretch of a sound file in which a finding tells of the byte: its segment; in front of the log, itself.
struct Stretch {
    Offset begin;
    Offset end;
};

Stretch stretchOf(const Scanned &sound, Offset byte)
{
    const auto segment = byte < kLogStart ? std::nullopt : sound.log().segmentAt(byte).value();
    return segment ? Stretch{segment->offset, segment->end()} : Stretch{byte, byte + 1};
}

/// All that a viewer does with a file as it is opened: the pieces that are explained must tile it.
void explainAll(const Scanned &file)
{
    Offset end;
    const auto explained = Explainer(*file.store, file.snapshot)
                               .forEach(Offset{0}, {file.snapshot->fileLength()}, [&end](const FieldNode &piece) {
                                   EXPECT_EQ(piece.begin, end);
                                   end = piece.end;
                                   return true;
                               });
    EXPECT_TRUE(explained);
    EXPECT_EQ(end.value, file.snapshot->fileLength());
}

/// Opens, scans, replays, checks and explains. An error is what stops the engine, and nothing else is; but for an empty
/// file, which is no database yet.
CheckReport lookAt(const Scanned &file)
{
    const auto &snapshot = *file.snapshot;
    auto report = check(*file.store, snapshot, CheckDepth::Full).value();
    const auto strict = previewOpens(*file.store, snapshot.head, snapshot.log, snapshot.catalog).value().strict;
    EXPECT_EQ(report.count(Severity::Error) > 0, strict.has_value() || snapshot.fileLength() == 0)
        << (strict ? errorName(strict->code) : "ok");
    explainAll(file);
    return report;
}

struct Subject {
    std::string name; ///< of a corpus file
    /// What no checksum and no rule covers, the header having none: one legal minor becomes another.
    std::set<Flip> uncovered;
};

void PrintTo(const Subject &subject, std::ostream *out)
{
    *out << subject.name;
}

class Whole : public testing::TestWithParam<Subject> {
protected:
    std::vector<std::byte> m_bytes = test::corpusFile(GetParam().name).bytes();
};

TEST_P(Whole, EveryBitThatChangesIsTold)
{
    const Scanned sound(m_bytes);
    const std::uint64_t bits = m_bytes.size() * 8;
    const auto stride = test::strideOver(bits, 4000) | 1U; // odd: comes to each of the eight
    std::set<Flip> silent;
    std::set<Flip> expected;
    std::uint64_t tried = 0;
    for (std::uint64_t n = 0; n < bits; n += stride, ++tried) {
        const Flip flip{.byte = n / 8, .bit = static_cast<int>(n % 8)};
        SCOPED_TRACE(testing::Message() << "bit " << flip.bit << " of byte " << flip.byte);
        auto flipped = m_bytes;
        flipped[flip.byte] ^= std::byte{static_cast<unsigned char>(1U << static_cast<unsigned>(flip.bit))};
        const auto report = lookAt(Scanned(std::move(flipped)));
        const auto stretch = stretchOf(sound, {flip.byte});
        const bool isNamed = std::ranges::any_of(report.findings, [&stretch](const CheckFinding &finding) {
            return finding.what.offset < stretch.end && finding.what.end() > stretch.begin;
        });
        if (!isNamed)
            silent.insert(flip);
        if (GetParam().uncovered.contains(flip))
            expected.insert(flip);
    }
    EXPECT_EQ(silent, expected);
    std::printf("%s: %llu flips, %zu that no finding names\n", GetParam().name.c_str(),
                static_cast<unsigned long long>(tried), silent.size());
    RecordProperty("flips", std::to_string(tried));
    RecordProperty("silent", std::to_string(silent.size()));
}

TEST_P(Whole, EveryLengthThatItIsCutToIsTold)
{
    const auto stride = test::strideOver(m_bytes.size(), 1500);
    std::uint64_t tried = 0;
    for (std::uint64_t length = 0; length < m_bytes.size(); length += stride, ++tried) {
        SCOPED_TRACE(length);
        const auto report = lookAt(Scanned({m_bytes.begin(), m_bytes.begin() + static_cast<std::ptrdiff_t>(length)}));
        EXPECT_GT(report.count(Severity::Error) + report.count(Severity::Warning), 0U);
    }
    std::printf("%s: %llu lengths\n", GetParam().name.c_str(), static_cast<unsigned long long>(tried));
    RecordProperty("lengths", std::to_string(tried));
}

INSTANTIATE_TEST_SUITE_P(BitFlips, Whole,
                         testing::Values(Subject{"valid-empty", {{6, 1}, {6, 2}}},              // 6 to 4, 6 to 2
                                         Subject{"legacy-minor5-record-v1-index-v1", {{6, 0}}}, // 5 to 4
                                         Subject{"valid-transactions", {{6, 1}, {6, 2}}}),
                         [](const auto &subject) {
                             auto name = subject.param.name;
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

// A larger file, in part.
TEST(BitFlips, OfACheckpointAreAllTold)
{
    const auto bytes = test::corpusFile("valid-checkpoint").bytes();
    const Scanned sound(bytes);
    const auto checkpoint = sound.log().segmentsOfType(SegmentType::Checkpoint, 0, 1).value().at(0);
    const auto stride = test::strideOver((checkpoint.end() - checkpoint.offset) * 8, 4000) | 1U;
    for (auto n = checkpoint.offset.value * 8; n < checkpoint.end().value * 8; n += stride) {
        auto flipped = bytes;
        flipped[n / 8] ^= std::byte{static_cast<unsigned char>(1U << (n % 8))};
        const auto report = lookAt(Scanned(std::move(flipped)));
        EXPECT_TRUE(std::ranges::any_of(report.findings,
                                        [&](const CheckFinding &finding) {
                                            return finding.what.offset < checkpoint.end()
                                                && finding.what.end() > checkpoint.offset;
                                        }))
            << "bit " << n % 8 << " of byte " << n / 8;
    }
}

} // namespace
} // namespace modelvault
