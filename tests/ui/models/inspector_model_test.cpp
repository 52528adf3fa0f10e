#include "models/inspector_model.h"

#include "format/crc32c.h"
#include "format/file_header.h"
#include "support/watched_store.h"
#include "ui/snapshots.h"

#include <QAbstractItemModelTester>
#include <QSemaphore>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <memory>
#include <vector>

namespace modelvault::ui {
namespace {

using Checksum = InspectorModel::Checksum;

/// Zeros, as many as one likes; reads can be held up, and made to fail.
class LongStore final : public Store {
public:
    explicit LongStore(std::uint64_t length) : m_length(length) { }

    void hold() { m_isHeld = true; }
    void letGo()
    {
        m_isHeld = false;
        m_held.release(1000);
    }
    void fail() { m_fails = true; }
    [[nodiscard]] std::uint64_t bytesRead() const { return m_bytesRead; }

    [[nodiscard]] Result<std::uint64_t> length() const override { return m_length; }
    [[nodiscard]] Result<void> readExactAt(Offset offset, std::span<std::byte> into) const override
    {
        if (m_isHeld)
            m_held.acquire();
        if (m_fails)
            return failure(ErrorCode::Io, offset);
        m_bytesRead += into.size();
        std::ranges::fill(into, std::byte{0});
        return {};
    }
    [[nodiscard]] Result<void> writeAllAt(Offset offset, std::span<const std::byte>) override
    {
        return failure(ErrorCode::PermissionDenied, offset);
    }
    [[nodiscard]] Result<void> sync() override { return {}; }
    [[nodiscard]] Result<void> truncate(std::uint64_t) override { return failure(ErrorCode::PermissionDenied); }

private:
    const std::uint64_t m_length;
    mutable QSemaphore m_held;
    std::atomic<bool> m_isHeld = false;
    std::atomic<bool> m_fails = false;
    mutable std::atomic<std::uint64_t> m_bytesRead = 0;
};

std::uint32_t checksumOfZeros(std::uint64_t count)
{
    const std::vector<std::byte> zeros(1 << 20U);
    Crc32c crc;
    for (; count > 0; count -= std::min<std::uint64_t>(count, zeros.size()))
        crc.add(std::span(zeros).first(static_cast<std::size_t>(std::min<std::uint64_t>(count, zeros.size()))));
    return crc.value();
}

QString checksumText(std::uint32_t crc)
{
    return QStringLiteral("0x%1").arg(crc, 8, 16, QLatin1Char('0'));
}

} // namespace

class InspectorModelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_model = std::make_unique<InspectorModel>();
        m_tester = std::make_unique<QAbstractItemModelTester>(m_model.get());
    }
    void cleanup()
    {
        m_tester.reset();
        m_model.reset();
    }

    void withoutAFileThereIsNothing()
    {
        QCOMPARE(m_model->rowCount(), 0);
        QCOMPARE(m_model->checksum(), Checksum::None);
        m_model->startChecksum();
        QVERIFY(m_model->isSettled());
    }

    void showsTheBytesAtTheBeginOfTheSelection()
    {
        show({{0}, {FileHeader::kSize}});
        QCOMPARE(text("UTF-8"), QStringLiteral("“T” U+0054"));
        QCOMPARE(text("uint32"), QStringLiteral("809649236")); // "TDB0", the lowest byte first
        m_model->setByteOrder(ByteOrder::Big);
        QCOMPARE(text("uint32"), QStringLiteral("1413759536"));
        QVERIFY(isValue("uint32"));
        m_model->setSelection({{1}, {2}});
        QTRY_VERIFY(m_model->isSettled());
        QCOMPARE(text("UTF-8"), QStringLiteral("“D” U+0044"));
    }

    void atTheEndItSaysHowManyBytesAreLeft()
    {
        show({{0}, {1}});
        const auto end = m_length;
        m_model->setSelection({{end - 3}, {end}});
        QTRY_VERIFY(m_model->isSettled());
        QVERIFY(isValue("int16"));
        QVERIFY(!isValue("int32"));
        QCOMPARE(text("int32"), QStringLiteral("only 3 bytes are left"));
        m_model->setSelection({{end}, {end}});
        QCOMPARE(text("int8"), QStringLiteral("no bytes are left"));
        // Of a file that was longer when this was selected.
        m_model->setSelection({{~std::uint64_t{0} - 1}, {~std::uint64_t{0}}});
        QTRY_VERIFY(m_model->isSettled());
        QCOMPARE(text("int8"), QStringLiteral("no bytes are left"));
        QVERIFY(!isValue("CRC-32C"));
    }

    void bytesThatCanNotBeReadAreSaidToBe()
    {
        const auto store = longFile(1'000'000);
        store->fail();
        m_model->setSource(store, m_snapshot, {{500'000}, {500'010}});
        QTRY_VERIFY(m_model->isSettled());
        QCOMPARE(text("int8"), QStringLiteral("the bytes can't be read"));
        QVERIFY(!isValue("int8"));
        QVERIFY(!isValue("CRC-32C"));
        QCOMPARE(m_model->checksum(), Checksum::Done);
    }

    void theKnownChecksum()
    {
        test::FileBuilder file;
        file.append(SegmentType::Temp, "123456789");
        const auto payload = file.last() + SegmentHeader::kSize;
        const test::ScannedFile scanned(file);
        m_model->setSource(scanned.store, scanned.snapshot, {payload, payload + 9});
        QTRY_VERIFY(m_model->isSettled());
        QCOMPARE(text("CRC-32C"), QStringLiteral("0xe3069283")); // the check value of the catalogues
        m_model->setSelection({payload, payload});
        QCOMPARE(m_model->checksum(), Checksum::None);
        QVERIFY(!isValue("CRC-32C"));
    }

    void aChecksumOverManyChunks()
    {
        constexpr std::uint64_t kLength = 5'000'001;
        m_model->setSource(longFile(20'000'000), m_snapshot, {{1'000'000}, {1'000'000 + kLength}});
        QTRY_COMPARE(m_model->checksum(), Checksum::Done);
        QCOMPARE(text("CRC-32C"), checksumText(checksumOfZeros(kLength)));
    }

    void theGuiThreadReadsNothing()
    {
        test::FileBuilder file;
        file.transaction(3, 100);
        const auto store = std::make_shared<test::WatchedStore>(std::shared_ptr<Store>(file.store()));
        const auto snapshot = test::snapshotOf(*file.store());
        m_model->setSource(store, snapshot, {{8192}, {8300}});
        QTRY_VERIFY(m_model->isSettled());
        m_model->setByteOrder(ByteOrder::Big);
        m_model->setSelection({{20}, {8300}});
        QTRY_VERIFY(m_model->isSettled());
        QVERIFY(isValue("CRC-32C"));
        QVERIFY(!store->wasReadByMaker());
    }

    void longSelectionsWaitToBeAskedFor()
    {
        constexpr auto kLength = InspectorModel::kMostAtOnce;
        const auto store = longFile(kLength + 1'000'000);
        m_model->setSource(store, m_snapshot, {{500'000}, {500'000 + kLength + 1}});
        QCOMPARE(m_model->checksum(), Checksum::Waiting);
        QTRY_VERIFY(m_model->isSettled());
        QVERIFY(store->bytesRead() < 1'000'000);
        m_model->startChecksum();
        QCOMPARE(m_model->checksum(), Checksum::Running);
        QTRY_COMPARE_WITH_TIMEOUT(m_model->checksum(), Checksum::Done, 60'000);
        QCOMPARE(text("CRC-32C"), checksumText(checksumOfZeros(kLength + 1)));
        // One byte less is no matter of asking.
        m_model->setSelection({{500'000}, {500'000 + kLength}});
        QCOMPARE(m_model->checksum(), Checksum::Running);
    }

    void aChecksumCanBeStoppedAndBegunAgain()
    {
        constexpr auto kLength = InspectorModel::kMostAtOnce + 5;
        const auto store = longFile(kLength);
        m_model->setSource(store, m_snapshot, {{0}, {kLength}});
        QTRY_VERIFY(m_model->isSettled());
        const auto before = store->bytesRead();
        store->hold();
        m_model->startChecksum();
        m_model->stopChecksum();
        QCOMPARE(m_model->checksum(), Checksum::Waiting);
        m_model->startChecksum();
        m_model->stopChecksum();
        store->letGo();
        QTest::qWait(50);
        QVERIFY(store->bytesRead() - before <= 1 << 20U); // the chunk at hand, at most
        QCOMPARE(m_model->checksum(), Checksum::Waiting);
        m_model->startChecksum();
        QTRY_COMPARE_WITH_TIMEOUT(m_model->checksum(), Checksum::Done, 60'000);
        QVERIFY(isValue("CRC-32C"));
    }

    void anotherSelectionStopsTheChecksum()
    {
        constexpr auto kLength = InspectorModel::kMostAtOnce;
        const auto store = longFile(kLength + 100);
        m_model->setSource(store, m_snapshot, {{kLength}, {kLength}});
        QTRY_VERIFY(m_model->isSettled());
        const auto before = store->bytesRead();
        store->hold();
        m_model->setSelection({{0}, {kLength}});
        QCOMPARE(m_model->checksum(), Checksum::Running);
        m_model->setSelection({{1}, {kLength}});
        m_model->setSelection({{kLength + 10}, {kLength + 20}});
        store->letGo();
        QTRY_VERIFY(m_model->isSettled());
        QCOMPARE(text("CRC-32C"), checksumText(checksumOfZeros(10)));
        QVERIFY(store->bytesRead() - before < 4 << 20U);
    }

    void aFileTakenAwayStopsTheChecksum()
    {
        const auto store = longFile(1'000'000);
        store->hold();
        m_model->setSource(store, m_snapshot, {{0}, {1'000'000}});
        QCOMPARE(m_model->checksum(), Checksum::Running);
        m_model->setSource(nullptr, nullptr, {});
        QCOMPARE(m_model->rowCount(), 0);
        QVERIFY(m_model->isSettled());
        // And another is not kept waiting by it.
        test::FileBuilder file;
        file.transaction();
        const test::ScannedFile scanned(file);
        m_model->setSource(scanned.store, scanned.snapshot, {{0}, {4}});
        QTRY_VERIFY(m_model->isSettled());
        QVERIFY(isValue("CRC-32C"));
        store->letGo();
        QTest::qWait(50);
        QVERIFY(isValue("CRC-32C"));
    }

    void aNewSnapshotOfTheSameFileComputesNothingAgain()
    {
        show({{0}, {100}});
        const auto before = text("CRC-32C");
        const QSignalSpy changed(m_model.get(), &InspectorModel::checksumChanged);
        m_model->setSource(m_store, test::snapshotOf(*m_store), {{0}, {100}});
        QVERIFY(isValue("int64")); // the old bytes, until the new ones are there
        QCOMPARE(text("CRC-32C"), before);
        QTRY_VERIFY(m_model->isSettled());
        QCOMPARE(changed.count(), 0);
    }

private:
    void show(Document::Selection selection)
    {
        test::FileBuilder file;
        file.transaction(2, 50);
        m_length = file.length();
        const test::ScannedFile scanned(file);
        m_store = scanned.store;
        m_model->setSource(scanned.store, scanned.snapshot, selection);
        QTRY_VERIFY(m_model->isSettled());
    }

    /// Zeros; the snapshot is of a database of that length.
    std::shared_ptr<LongStore> longFile(std::uint64_t length)
    {
        m_snapshot = test::snapshotOf(*test::FileBuilder().store(), length, test::Scan::None);
        return std::make_shared<LongStore>(length);
    }

    [[nodiscard]] int rowOf(const char *name) const
    {
        for (int row = 0; row < m_model->rowCount(); ++row) {
            if (m_model->index(row, 0).data().toString() == QString::fromUtf8(name))
                return row;
        }
        return -1;
    }
    [[nodiscard]] QModelIndex valueOf(const char *name) const { return m_model->index(rowOf(name), 1); }
    [[nodiscard]] QString text(const char *name) const { return valueOf(name).data().toString(); }
    [[nodiscard]] bool isValue(const char *name) const
    {
        return valueOf(name).data(InspectorModel::IsValueRole).toBool();
    }

    std::unique_ptr<InspectorModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
    std::shared_ptr<const Store> m_store;
    std::shared_ptr<const Snapshot> m_snapshot;
    std::uint64_t m_length = 0;
};

} // namespace modelvault::ui

QTEST_MAIN(modelvault::ui::InspectorModelTest)
#include "inspector_model_test.moc"
