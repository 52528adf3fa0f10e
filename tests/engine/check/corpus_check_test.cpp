// What a check tells of the files of the reference engine: nothing of sound ones, and of damaged ones what was damaged.

#include "database/open_preview.h"
#include "support/checked.h"
#include "support/corpus.h"
#include "support/file_builder.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

namespace modelvault {
namespace {

using nlohmann::json;
using test::checked;
using test::Scanned;
using test::told;
using testing::ElementsAreArray;
using testing::IsEmpty;
using Lines = std::vector<std::string>;

// All of what is wrong with each. Most are "valid-books": with a bit or a field changed in the segment at 9618, or with
// a transaction more at its end, whose second segment, at 11052, is the wrong one.
const std::map<std::string, Lines> kDamaged{
    {"damaged-all-zeros",
     {"error BadMagic 0", "error BadSuperblockMagic 32", "error BadSuperblockMagic 4128",
      "error BadSegmentMagic 8224"}},
    {"damaged-bad-magic", {"error BadMagic 0"}},
    {"damaged-both-superblocks", {"error BadSuperblockChecksum 32", "error BadSuperblockChecksum 4128"}},
    {"damaged-catalog-duplicate-name", {"error DuplicateCollectionName 11052"}},
    {"damaged-catalog-field-count-huge", {"error InvalidFieldPath 11052"}},
    {"damaged-catalog-id-gap", {"error UnexpectedCollectionId 11052"}},
    {"damaged-catalog-kind", {"error InvalidCatalogPayload 11052"}},
    {"damaged-catalog-missing-pk", {"error PrimaryFieldNotFound 11052"}},
    {"damaged-catalog-path-conflict", {"error InvalidFieldPath 11052"}},
    {"damaged-catalog-trailing", {"error InvalidCatalogPayload 11052"}},
    {"damaged-catalog-type-depth", {"error InvalidCatalogPayload 11052"}},
    {"damaged-catalog-version", {"error InvalidCatalogPayload 11052"}},
    {"damaged-checkpoint-payload", {"error BadSegmentPayloadChecksum 10696"}},
    {"damaged-checkpoint-pointer", {"warning BadCheckpointPointer 68", "warning BadCheckpointPointer 4164"}},
    {"damaged-checksum-kind", {"error UnsupportedVersion 9618"}},
    {"damaged-commit-id-mismatch", {"error InvalidTxnPayload 11052"}},
    {"damaged-cut-before-commit", {"error BadManifestPointer 4144", "error UncleanLogTail 10735"}},
    {"damaged-cut-inside-transaction",
     {"error BadManifestPointer 4144", "error UncleanLogTail 10735", "error TruncatedSegmentHeader 10890"}},
    {"damaged-garbage-tail", {"error BadSegmentMagic 10996"}},
    {"damaged-index-count-huge", {"error InvalidCatalogPayload 11052"}},
    {"damaged-index-kind", {"error InvalidCatalogPayload 11052"}},
    {"damaged-index-unique-violation", {"error UniqueIndexViolation 11052"}},
    {"damaged-major-9", {"error UnsupportedVersion 0"}},
    {"damaged-manifest-pointer", {"warning BadManifestPointer 48", "error BadManifestPointer 4144"}},
    {"damaged-minor-1", {"error UnsupportedVersion 0"}},
    {"damaged-minor-7", {"error UnsupportedVersion 0"}},
    {"damaged-nested-begin", {"error InvalidTxnPayload 11052"}},
    {"damaged-noise",
     {"error BadMagic 0", "error BadSuperblockMagic 32", "error BadSuperblockMagic 4128",
      "error BadSegmentMagic 8224"}},
    {"damaged-payload-len-huge", {"error SegmentPayloadPastEof 9618"}},
    {"damaged-payload-len-past-eof", {"error SegmentPayloadPastEof 9618"}},
    {"damaged-record-length-huge", {"error TruncatedRecordPayload 11052"}},
    {"damaged-record-list-count-huge", {"error TruncatedRecordPayload 11052"}},
    {"damaged-record-payload-bit", {"error BadSegmentPayloadChecksum 9724"}},
    {"damaged-record-pk-tag", {"error RecordPayloadTypeMismatch 11052"}},
    {"damaged-record-schema-version", {"error InvalidSchemaVersion 11052"}},
    {"damaged-record-short", {"error TruncatedRecordPayload 11052"}},
    {"damaged-record-trailing-bytes", {"error TrailingRecordPayload 11052"}},
    {"damaged-record-truncated", {"error TruncatedRecordPayload 11052"}},
    {"damaged-record-unknown-collection", {"error UnknownCollection 11052"}},
    {"damaged-record-utf8", {"error InvalidRecordUtf8 11052"}},
    {"damaged-record-version", {"error UnknownRecordPayloadVersion 11052"}},
    {"damaged-segment-header-bit", {"error BadSegmentHeaderChecksum 9618"}},
    {"damaged-segment-header-crc", {"error BadSegmentHeaderChecksum 9618"}},
    {"damaged-segment-header-len", {"error UnsupportedVersion 9618"}},
    {"damaged-segment-magic", {"error BadSegmentMagic 9618"}},
    {"damaged-segment-version", {"error UnsupportedVersion 9618"}},
    {"damaged-stray-commit", {"error InvalidTxnPayload 10996"}},
    {"damaged-superblock-a", {"warning BadSuperblockChecksum 32"}},
    {"damaged-superblock-b", {"warning BadSuperblockChecksum 4128"}},
    {"damaged-superblock-magic", {"warning BadSuperblockMagic 32"}},
    {"damaged-torn-header", {"error TruncatedHeader 0"}},
    {"damaged-torn-payload", {"error SegmentPayloadPastEof 10946"}},
    {"damaged-torn-segment-header", {"error TruncatedSegmentHeader 10946"}},
    {"damaged-truncated-in-superblock", {"error TruncatedSuperblock 4128"}},
    {"damaged-txn-payload-crc", {"error InvalidTxnPayload 10996"}},
    {"damaged-uncommitted-transaction", {"error UncleanLogTail 10996"}},
    {"damaged-unframed-data", {"error UnframedSegment 8274"}},
    {"damaged-unknown-segment-type", {"error UnsupportedVersion 9618"}},
    {"damaged-zero-length", {"error TruncatedHeader 0"}},
    {"damaged-zero-tail", {"error BadSegmentMagic 10996"}},
};

/// What only a look into records and indexes can tell.
bool isQuick(const std::string &name)
{
    return !name.starts_with("damaged-record-") && !name.starts_with("damaged-index-");
}

class CheckedCorpus : public testing::TestWithParam<std::string> {
protected:
    test::CorpusFile m_file = test::corpusFile(GetParam());
};

TEST_P(CheckedCorpus, TellsWhatIsDamagedAndNothingElse)
{
    const auto damaged = kDamaged.find(GetParam());
    ASSERT_EQ(damaged != kDamaged.end(), GetParam().starts_with("damaged-"));
    const auto wanted = damaged != kDamaged.end() ? damaged->second : Lines();
    EXPECT_THAT(told(checked(m_file.bytes(), CheckDepth::Full), Severity::Warning), ElementsAreArray(wanted));
    const bool isTold = isQuick(GetParam()) || GetParam() == "damaged-record-payload-bit"; // by its checksum
    EXPECT_THAT(told(checked(m_file.bytes(), CheckDepth::Quick), Severity::Warning),
                ElementsAreArray(isTold ? wanted : Lines()));
}

TEST_P(CheckedCorpus, TellsAnErrorWhereStrictDoes)
{
    const Scanned file(m_file.bytes());
    const auto &snapshot = *file.snapshot;
    const auto preview = previewOpens(*file.store, snapshot.head, snapshot.log, snapshot.catalog).value();
    const auto report = check(*file.store, snapshot, CheckDepth::Full).value();
    // An empty file is none, and opens.
    if (GetParam() != "damaged-zero-length") {
        EXPECT_EQ(report.count(Severity::Error) > 0, preview.strict.has_value());
    }

    const auto &fault = snapshot.log.firstFault;
    const auto &said = m_file.said["first_log_error"];
    ASSERT_EQ(fault.has_value(), !said.is_null());
    if (fault) {
        EXPECT_EQ(fault->segment.value, said["offset"]);
        EXPECT_EQ(json(errorName(fault->error.code)), said["error"]);
        EXPECT_TRUE(std::ranges::any_of(report.findings, [&fault](const CheckFinding &finding) {
            return finding.what.offset == fault->segment && finding.what.code == fault->error.code;
        }));
    }
    const auto &cut = preview.autoTruncate.cut;
    const bool isMarker = m_file.said.contains("framing_error"); // whose cut the reference does not know
    if (!isMarker) {
        EXPECT_EQ(cut ? json(cut->safeEnd.value) : json(), m_file.said["safe_end"]);
    }
}

INSTANTIATE_TEST_SUITE_P(, CheckedCorpus, testing::ValuesIn(test::corpusNames()), [](const auto &corpus) {
    std::string name = corpus.param;
    std::ranges::replace(name, '-', '_');
    return name;
});

TEST(CheckedSample, IsSound)
{
    std::ifstream file(MODELVAULT_SAMPLE, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    ASSERT_FALSE(text.empty());
    const auto bytes = test::bytesOf(text);
    for (const auto depth : {CheckDepth::Quick, CheckDepth::Full})
        EXPECT_THAT(told(checked({bytes.begin(), bytes.end()}, depth)), IsEmpty());
}

} // namespace
} // namespace modelvault
