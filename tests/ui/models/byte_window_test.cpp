#include "models/byte_window.h"

#include "store/file_store.h"
#include "support/scratch_dir.h"
#include "ui/snapshots.h"

#include <QSignalSpy>
#include <QTest>

#include <filesystem>
#include <memory>

namespace modelvault::ui {

namespace {

using test::FileBuilder;
using test::ScannedFile;
using Span = StructureSpan;
using State = ByteWindow::State;

constexpr std::size_t kFarPayload = 100'000; // beyond what is read around a place

bool same(const Span &a, const Span &b)
{
    return a.begin == b.begin && a.end == b.end && a.kind == b.kind && a.isHeader == b.isHeader;
}

} // namespace

class ByteWindowTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void bytesAreThoseOfTheFile();
    void bytesArriveAfterTheyWereAskedFor();
    void theFirstBytesAreReadByThePage();
    void spansAreTheStructuresOfTheFile();
    void damagedPayloadsAndGapsAreDamage();
    void brokenSuperblocksAreDamage();
    void whatIsNotScannedYetHasNoSpans();
    void theNewestRequestWins();
    void goingBackBeforeBytesArriveKeepsThem();
    void aNewSnapshotKeepsBytesUntilItsOwnAreThere();
    void aNewSnapshotIsReadEvenIfAskedForTwice();
    void anotherFileDropsAllBytes();
    void aTruncatedFileIsUnreadableFromThere();
    void askingBeyondTheEndDoesNothing();
    void nothingHasNoBytes();

private:
    void want(std::uint64_t begin, std::uint64_t end)
    {
        m_window->want({begin}, {end});
        QTRY_VERIFY(m_window->isSettled());
    }
    void set(const ScannedFile &file) { m_window->setSource(file.store, file.snapshot); }
    [[nodiscard]] std::optional<Span> spanAt(Offset offset) const
    {
        for (const auto &span : m_window->spans()) {
            if (span.begin <= offset && offset < span.end)
                return span;
        }
        return std::nullopt;
    }

    FileBuilder m_file;
    std::unique_ptr<ByteWindow> m_window;
};

void ByteWindowTest::init()
{
    m_file = FileBuilder();
    m_file.transaction(2).publish().append(SegmentType::Temp, std::string(kFarPayload, 't')).transaction(3, 40);
    m_window = std::make_unique<ByteWindow>();
}

void ByteWindowTest::bytesAreThoseOfTheFile()
{
    const auto bytes = m_file.bytes();
    set(ScannedFile(m_file));
    for (std::uint64_t begin = 0; begin < bytes.size(); begin += 5000) {
        const auto end = std::min<std::uint64_t>(begin + 5000, bytes.size());
        want(begin, end);
        for (auto at = begin; at < end; ++at) {
            QCOMPARE(m_window->state({at}), State::Loaded);
            QCOMPARE(m_window->at({at}), bytes[at]);
        }
    }
    QCOMPARE(m_window->state({bytes.size()}), State::Pending);
}

void ByteWindowTest::bytesArriveAfterTheyWereAskedFor()
{
    QSignalSpy changed(m_window.get(), &ByteWindow::changed);
    set(ScannedFile(m_file));
    QVERIFY(m_window->isSettled());
    m_window->want({0}, {100});
    QVERIFY(!m_window->isSettled());
    QCOMPARE(m_window->state({0}), State::Pending);
    QTRY_COMPARE(changed.size(), 1);
    QVERIFY(m_window->isSettled());
    QCOMPARE(m_window->state({0}), State::Loaded);
    // A little further on nothing needs to be read.
    m_window->want({100}, {200});
    QVERIFY(m_window->isSettled());
}

void ByteWindowTest::theFirstBytesAreReadByThePage()
{
    constexpr auto kPage = PagerOptions().pageSize;
    set(ScannedFile(m_file));
    want(0, 100);
    QCOMPARE(m_window->state({kPage - 1}), State::Loaded);
    QCOMPARE(m_window->state({kPage}), State::Pending);
    // From then on with a margin.
    want(kPage, kPage + 100);
    QCOMPARE(m_window->state({2 * kPage}), State::Loaded);
    QCOMPARE(m_window->state({0}), State::Loaded);
    // Up to the end of a page there is nothing beyond.
    m_window = std::make_unique<ByteWindow>();
    set(ScannedFile(m_file));
    want(kPage - 100, kPage);
    QCOMPARE(m_window->state({kPage - 1}), State::Loaded);
    QCOMPARE(m_window->state({kPage}), State::Pending);
}

void ByteWindowTest::spansAreTheStructuresOfTheFile()
{
    set(ScannedFile(m_file));
    want(0, 100);
    const auto &offsets = m_file.offsets(); // manifest, begin, two records, commit, manifest, …
    const auto isAt = [this](Offset begin, std::uint64_t length, ContentKind kind, bool isHeader) {
        const auto span = spanAt(begin);
        return span && same(*span, {begin, begin + length, kind, isHeader});
    };
    QVERIFY(isAt({0}, FileHeader::kSize, ContentKind::Head, false));
    QVERIFY(isAt(Superblock::slotOffset(SuperblockSlot::A), Superblock::kSize, ContentKind::Head, false));
    QVERIFY(isAt(Superblock::slotOffset(SuperblockSlot::B), Superblock::kSize, ContentKind::Head, false));
    QVERIFY(isAt(offsets[0], SegmentHeader::kSize, ContentKind::Manifest, true));
    QVERIFY(isAt(offsets[1], SegmentHeader::kSize, ContentKind::Transaction, true));
    QVERIFY(isAt(offsets[2], SegmentHeader::kSize, ContentKind::Record, true));
    QVERIFY(isAt(offsets[2] + SegmentHeader::kSize, 16, ContentKind::Record, false));
    for (std::size_t i = 1; i < m_window->spans().size(); ++i)
        QVERIFY(m_window->spans()[i - 1].end <= m_window->spans()[i].begin);

    want(m_file.length() - 100, m_file.length());
    QCOMPARE(m_window->spans().back().end.value, m_file.length());
    QCOMPARE(spanAt(m_file.last())->kind, ContentKind::Transaction);
}

void ByteWindowTest::damagedPayloadsAndGapsAreDamage()
{
    const auto record = m_file.offsets()[2];
    const auto lost = m_file.offsets()[3];
    const auto behind = m_file.offsets()[4];
    m_file.flip(record + SegmentHeader::kSize + 3).flip(lost).appendZeros(50);
    const auto tail = m_file.length() - 50;
    set(ScannedFile(m_file));
    want(0, 100);
    QCOMPARE(spanAt(record)->kind, ContentKind::Record);
    QCOMPARE(spanAt(record + SegmentHeader::kSize)->kind, ContentKind::Damaged);
    QVERIFY(same(*spanAt(lost), {lost, behind, ContentKind::Damaged, false}));
    want(tail, tail + 50);
    QVERIFY(same(*spanAt({tail}), {{tail}, {tail + 50}, ContentKind::Damaged, false}));
}

void ByteWindowTest::brokenSuperblocksAreDamage()
{
    m_file.flip(Superblock::slotOffset(SuperblockSlot::B) + 20);
    set(ScannedFile(m_file));
    want(0, 100);
    QCOMPARE(spanAt({0})->kind, ContentKind::Head);
    QCOMPARE(spanAt(Superblock::slotOffset(SuperblockSlot::A))->kind, ContentKind::Head);
    QCOMPARE(spanAt(Superblock::slotOffset(SuperblockSlot::B))->kind, ContentKind::Damaged);
}

void ByteWindowTest::whatIsNotScannedYetHasNoSpans()
{
    const std::shared_ptr<const Store> store = m_file.store();
    m_window->setSource(store, test::snapshotOf(*store, m_file.length(), test::Scan::None));
    want(0, m_file.length());
    QCOMPARE(spanAt({0})->kind, ContentKind::Head);
    QVERIFY(!spanAt(kLogStart));
    QVERIFY(!spanAt(m_file.last()));
    QCOMPARE(m_window->state(m_file.last()), State::Loaded);
}

void ByteWindowTest::theNewestRequestWins()
{
    set(ScannedFile(m_file));
    const auto end = m_file.length();
    m_window->want({0}, {100});
    m_window->want({50'000}, {50'100});
    m_window->want({end - 100}, {end});
    QTRY_VERIFY(m_window->isSettled());
    QCOMPARE(m_window->state({end - 1}), State::Loaded);
    QCOMPARE(m_window->state({end - 100}), State::Loaded);
}

void ByteWindowTest::goingBackBeforeBytesArriveKeepsThem()
{
    set(ScannedFile(m_file));
    want(0, 100);
    m_window->want({90'000}, {90'100});
    m_window->want({0}, {100});
    QTRY_VERIFY(m_window->isSettled());
    QCOMPARE(m_window->state({0}), State::Loaded);
}

void ByteWindowTest::aNewSnapshotKeepsBytesUntilItsOwnAreThere()
{
    const std::shared_ptr<const Store> store = m_file.store();
    m_window->setSource(store, test::snapshotOf(*store, m_file.length(), test::Scan::None));
    want(0, 10'000);
    QVERIFY(!spanAt(kLogStart));
    m_window->setSource(store, test::snapshotOf(*store));
    QCOMPARE(m_window->state({0}), State::Loaded);
    want(0, 10'000);
    QCOMPARE(spanAt(kLogStart)->kind, ContentKind::Manifest);
}

void ByteWindowTest::aNewSnapshotIsReadEvenIfAskedForTwice()
{
    const std::shared_ptr<const Store> store = m_file.store();
    m_window->setSource(store, test::snapshotOf(*store, m_file.length(), test::Scan::None));
    want(0, 10'000);
    m_window->setSource(store, test::snapshotOf(*store));
    m_window->want({0}, {10'000});
    m_window->want({0}, {5000});
    QTRY_VERIFY(m_window->isSettled());
    QCOMPARE(spanAt(kLogStart)->kind, ContentKind::Manifest);
}

void ByteWindowTest::anotherFileDropsAllBytes()
{
    set(ScannedFile(m_file));
    want(0, 100);
    set(ScannedFile(m_file));
    QCOMPARE(m_window->state({0}), State::Pending);
    QVERIFY(m_window->spans().empty());
    // Also those that are still under way.
    m_window->want({0}, {100});
    m_window->setSource(nullptr, nullptr);
    QVERIFY(m_window->isSettled());
    QCoreApplication::processEvents();
    QCOMPARE(m_window->state({0}), State::Pending);
}

void ByteWindowTest::aTruncatedFileIsUnreadableFromThere()
{
    const test::ScratchDir folder;
    const auto path = folder.write("truncated.mv", m_file.bytes());
    const std::shared_ptr<const Store> store = FileStore::openUnlocked(path).value();
    const auto length = m_file.length();
    m_window->setSource(store, test::snapshotOf(*store));
    std::filesystem::resize_file(path, length - 1000);
    want(length - 2000, length);
    QCOMPARE(m_window->state({length - 1001}), State::Loaded);
    QCOMPARE(m_window->at({length - 2000}), m_file.bytes()[length - 2000]);
    QCOMPARE(m_window->state({length - 1000}), State::Unreadable);
    QCOMPARE(m_window->state({length - 1}), State::Unreadable);

    std::filesystem::resize_file(path, 0);
    m_window->refresh();
    want(50'000, 50'100);
    QCOMPARE(m_window->state({50'000}), State::Unreadable);
}

void ByteWindowTest::askingBeyondTheEndDoesNothing()
{
    set(ScannedFile(m_file));
    const auto length = m_file.length();
    want(length, length + 100);
    want(length + 1'000'000, length + 1'000'100);
    want(100, 50);
    QCOMPARE(m_window->state({length + 1'000'000}), State::Pending);
    want(length - 10, ~std::uint64_t{0});
    QCOMPARE(m_window->state({length - 1}), State::Loaded);
    QCOMPARE(m_window->state({length}), State::Pending);
}

void ByteWindowTest::nothingHasNoBytes()
{
    want(0, 100);
    QCOMPARE(m_window->state({0}), State::Pending);
    QVERIFY(m_window->spans().empty());
}

} // namespace modelvault::ui

QTEST_GUILESS_MAIN(modelvault::ui::ByteWindowTest)

#include "byte_window_test.moc"
