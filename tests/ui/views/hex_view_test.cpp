#include "views/hex_view.h"

#include "store/raw_file_store.h"
#include "support/scratch_dir.h"
#include "support/watched_store.h"
#include "ui/snapshots.h"

#include <QApplication>
#include <QClipboard>
#include <QHelpEvent>
#include <QScrollBar>
#include <QSemaphore>
#include <QSignalSpy>
#include <QTest>
#include <QThreadPool>
#include <QToolTip>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <memory>

namespace modelvault::ui {

namespace {

constexpr std::uint64_t kLength = 100'005; // the last line is short

std::shared_ptr<const Store> countingBytes(std::uint64_t length)
{
    std::vector<std::byte> bytes(static_cast<std::size_t>(length));
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::byte>(i % 251);
    return std::make_shared<MemoryStore>(std::move(bytes));
}

/// The same byte again and again, on a disk that is failing.
class FailingDisk final : public Store {
public:
    static constexpr std::uint64_t kUnreadable = 100'000;
    static constexpr std::uint64_t kSlow = 200'000; // alone, it is not read before letGo()

    [[nodiscard]] Result<std::uint64_t> length() const override { return 300'000; }
    [[nodiscard]] Result<void> readExactAt(Offset offset, std::span<std::byte> into) const override
    {
        const auto end = offset.value + into.size();
        if (offset.value <= kUnreadable && end > kUnreadable)
            return failure(ErrorCode::Io, offset);
        if (offset.value == kSlow && into.size() == 1) {
            m_isWaiting = true;
            m_let.acquire();
        }
        std::ranges::fill(into, std::byte{0xab});
        return {};
    }

    [[nodiscard]] Result<void> writeAllAt(Offset /*offset*/, std::span<const std::byte> /*bytes*/) override
    {
        return failure(ErrorCode::ReadOnlyFileSystem);
    }
    [[nodiscard]] Result<void> sync() override { return {}; }
    [[nodiscard]] Result<void> truncate(std::uint64_t /*length*/) override
    {
        return failure(ErrorCode::ReadOnlyFileSystem);
    }

    [[nodiscard]] bool isWaiting() const { return m_isWaiting; }
    void letGo() { m_let.release(); }

private:
    mutable std::atomic<bool> m_isWaiting = false;
    mutable QSemaphore m_let;
};

} // namespace

class HexViewTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void showingASelectionIsSilentAndScrolls();
    void goingThereSpeaks();
    void arrowsMoveByBytesAndLines();
    void arrowsStopAtTheEnds();
    void homeAndEndGoToTheEndsOfTheLine();
    void controlHomeAndEndGoToTheEndsOfTheFile();
    void pagesMoveByWhatIsVisible();
    void shiftExtendsTheSelection();
    void clickingACellSelectsItsByte();
    void draggingSelectsAStretch();
    void copiesTheSelectionAsHex();
    void refusesToCopyTooMuch();
    void saysWhyNothingWasCopied();
    void theNewestCopyWins();
    void optionsChangeTheLayoutAndKeepThePlace();
    void nonsensicalOptionsAreTakenForTheNearestSense();
    void zoomsByKeyAndWheel();
    void controlAndPageKeysAskForSegments();
    void saysWhatIsUnderTheCursor();
    void bookmarksAreMarkedInTheirLines();
    void bookmarksAreNamedUnderTheCursor();
    void findingsAreUnderlinedAndSaid();
    void framesTheFieldUnderTheMouseAndMovesNothing();
    void looksUpTheFieldsOfWhatTheMousePointsAt();
    void namesTheFieldUnderTheCursor();
    void shadesWhatAChecksumCovers();
    void knowsWhatABookmarkWouldBeOf();
    void selectsAll();
    void narrowViewsShowFewerBytesAndKeepThePlace();
    void aLongerFileKeepsTheSelection();
    void aShorterFileCutsTheSelection();
    void anotherFileStartsAtItsBegin();
    void anEmptyFileHasNothingToSelect();
    void scrollingBackBeforeTheBytesArriveStillShowsThem();
    void tellsOnceWhenTheFirstBytesAreShown();
    void neverReadsOnTheGuiThread();
    void theEndOfAHugeFileIsOneKeyAway();

private:
    void setFile(std::shared_ptr<const Store> store);
    void press(int key, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::keyClick(m_view.get(), Qt::Key(key), modifiers);
    }
    [[nodiscard]] QPoint centerOf(std::uint64_t offset) const { return m_view->cellRect({offset}).center().toPoint(); }
    [[nodiscard]] bool isInSight(std::uint64_t offset) const
    {
        return QRectF(m_view->viewport()->rect()).intersects(m_view->cellRect({offset}));
    }
    [[nodiscard]] QString copied();
    /// Pixels of a byte's cell that are not background.
    [[nodiscard]] QImage painted(std::uint64_t offset) const
    {
        return m_view->viewport()->grab(m_view->cellRect({offset}).toAlignedRect()).toImage();
    }

    std::unique_ptr<HexView> m_view;
    std::unique_ptr<QSignalSpy> m_changed;
};

#define COMPARE_SELECTION(from, to)                                                                                    \
    QCOMPARE(m_view->selectionBegin().value, static_cast<std::uint64_t>(from));                                        \
    QCOMPARE(m_view->selectionEnd().value, static_cast<std::uint64_t>(to))

void HexViewTest::init()
{
    m_view = std::make_unique<HexView>();
    setFile(countingBytes(kLength));
    m_view->resize(m_view->sizeHint() + QSize(40, 100));
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    QCOMPARE(m_view->layoutOfBytes().bytesPerLine(), 16);
    m_changed = std::make_unique<QSignalSpy>(m_view.get(), &HexView::selectionChanged);
}

void HexViewTest::setFile(std::shared_ptr<const Store> store)
{
    auto snapshot = test::snapshotOf(*store, store->length().value(), test::Scan::None);
    m_view->setSource(std::move(store), std::move(snapshot));
}

QString HexViewTest::copied()
{
    auto *clipboard = QApplication::clipboard();
    clipboard->setText(QStringLiteral("before"));
    QTest::keySequence(m_view.get(), QKeySequence::Copy);
    (void)QTest::qWaitFor([clipboard] { return clipboard->text() != QLatin1String("before"); });
    return clipboard->text();
}

void HexViewTest::showingASelectionIsSilentAndScrolls()
{
    m_view->showSelection({50'000}, {50'020});
    COMPARE_SELECTION(50'000, 50'020);
    QCOMPARE(m_view->cursor().value, 50'000U);
    QVERIFY(isInSight(50'000));
    QVERIFY2(m_view->visibleBegin().value < 50'000 - 16, "a little of what stands before is left");
    // What is in sight stays where it is.
    const auto begin = m_view->visibleBegin();
    m_view->showSelection({50'030}, {50'031});
    QCOMPARE(m_view->visibleBegin(), begin);
    m_view->showSelection({kLength - 1}, {kLength});
    QVERIFY(isInSight(kLength - 1));
    QCOMPARE(m_view->visibleEnd().value, kLength);
    m_view->showSelection({0}, {16});
    QCOMPARE(m_view->visibleBegin().value, 0U);
    QVERIFY(m_changed->isEmpty());
    // Beyond the end: as near as there is.
    m_view->showSelection({kLength + 50}, {kLength + 60});
    COMPARE_SELECTION(kLength - 1, kLength);
}

void HexViewTest::goingThereSpeaks()
{
    m_view->goTo({12'345});
    QCOMPARE(m_changed->size(), 1);
    QCOMPARE((*m_changed)[0][0].value<Offset>().value, 12'345U);
    QCOMPARE((*m_changed)[0][1].value<Offset>().value, 12'346U);
    QVERIFY(isInSight(12'345));
    m_view->goTo({12'300}, true);
    COMPARE_SELECTION(12'300, 12'346);
    m_view->goTo({~std::uint64_t{0}});
    COMPARE_SELECTION(kLength - 1, kLength);
}

void HexViewTest::arrowsMoveByBytesAndLines()
{
    m_view->goTo({1000});
    press(Qt::Key_Right);
    QCOMPARE(m_view->cursor().value, 1001U);
    press(Qt::Key_Down);
    QCOMPARE(m_view->cursor().value, 1017U);
    press(Qt::Key_Left);
    press(Qt::Key_Left);
    QCOMPARE(m_view->cursor().value, 1015U);
    press(Qt::Key_Up);
    QCOMPARE(m_view->cursor().value, 999U);
    QCOMPARE(m_changed->size(), 6);
    // With Control the view moves, not the cursor.
    const auto begin = m_view->visibleBegin();
    press(Qt::Key_Down, Qt::ControlModifier);
    QCOMPARE(m_view->visibleBegin(), begin + 16);
    QCOMPARE(m_view->cursor().value, 999U);
}

void HexViewTest::arrowsStopAtTheEnds()
{
    press(Qt::Key_Left);
    press(Qt::Key_Up);
    press(Qt::Key_PageUp);
    QCOMPARE(m_view->cursor().value, 0U);
    m_view->goTo({kLength - 1});
    press(Qt::Key_Right);
    press(Qt::Key_Down);
    press(Qt::Key_PageDown);
    QCOMPARE(m_view->cursor().value, kLength - 1);
}

void HexViewTest::homeAndEndGoToTheEndsOfTheLine()
{
    m_view->goTo({1000}); // in the line from 992 on
    press(Qt::Key_End);
    QCOMPARE(m_view->cursor().value, 1007U);
    press(Qt::Key_Home);
    QCOMPARE(m_view->cursor().value, 992U);
    // The last line is short.
    m_view->goTo({kLength - 3});
    press(Qt::Key_End);
    QCOMPARE(m_view->cursor().value, kLength - 1);
}

void HexViewTest::controlHomeAndEndGoToTheEndsOfTheFile()
{
    press(Qt::Key_End, Qt::ControlModifier);
    COMPARE_SELECTION(kLength - 1, kLength);
    QVERIFY(isInSight(kLength - 1));
    press(Qt::Key_Home, Qt::ControlModifier);
    COMPARE_SELECTION(0, 1);
    QVERIFY(isInSight(0));
    press(Qt::Key_End, Qt::ControlModifier | Qt::ShiftModifier);
    COMPARE_SELECTION(0, kLength);
}

void HexViewTest::pagesMoveByWhatIsVisible()
{
    press(Qt::Key_PageDown);
    const auto page = m_view->cursor().value;
    QVERIFY(page >= 16 && page % 16 == 0);
    QVERIFY(page <= m_view->visibleEnd() - m_view->visibleBegin());
    press(Qt::Key_PageDown);
    QCOMPARE(m_view->cursor().value, 2 * page);
    QVERIFY(isInSight(2 * page));
    press(Qt::Key_PageUp);
    press(Qt::Key_PageUp);
    QCOMPARE(m_view->cursor().value, 0U);
}

void HexViewTest::shiftExtendsTheSelection()
{
    m_view->goTo({1000});
    press(Qt::Key_Right, Qt::ShiftModifier);
    press(Qt::Key_Right, Qt::ShiftModifier);
    COMPARE_SELECTION(1000, 1003);
    press(Qt::Key_Up, Qt::ShiftModifier);
    COMPARE_SELECTION(986, 1001);
    QCOMPARE(m_view->cursor().value, 986U);
    press(Qt::Key_End, Qt::ShiftModifier);
    COMPARE_SELECTION(991, 1001);
    press(Qt::Key_Left);
    COMPARE_SELECTION(990, 991);
}

void HexViewTest::clickingACellSelectsItsByte()
{
    m_view->showSelection({50'000}, {50'001});
    const auto begin = m_view->visibleBegin().value;
    for (std::uint64_t i = 0; i < 5 * 16; i += 7) {
        QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, centerOf(begin + i));
        COMPARE_SELECTION(begin + i, begin + i + 1);
        QCOMPARE(m_changed->last()[0].value<Offset>().value, begin + i);
    }
    QVERIFY(m_view->cellRect({begin - 1}).isEmpty());
    QVERIFY(m_view->cellRect(m_view->visibleEnd()).isEmpty());
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, centerOf(begin + 3));
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, Qt::ShiftModifier, centerOf(begin + 40));
    COMPARE_SELECTION(begin + 3, begin + 41);
}

void HexViewTest::draggingSelectsAStretch()
{
    QTest::mousePress(m_view->viewport(), Qt::LeftButton, {}, centerOf(40));
    QTest::mouseMove(m_view->viewport(), centerOf(20));
    QTest::mouseRelease(m_view->viewport(), Qt::LeftButton, {}, centerOf(20));
    COMPARE_SELECTION(20, 41);
    QCOMPARE(m_view->cursor().value, 20U);
}

void HexViewTest::copiesTheSelectionAsHex()
{
    m_view->showSelection({250}, {254});
    QCOMPARE(copied(), QStringLiteral("fa 00 01 02"));
    m_view->goTo({16});
    QCOMPARE(copied(), QStringLiteral("10"));
}

void HexViewTest::refusesToCopyTooMuch()
{
    setFile(countingBytes(1024 * 1024 + 1));
    QApplication::clipboard()->setText(QStringLiteral("before"));
    QTest::keySequence(m_view.get(), QKeySequence::SelectAll);
    m_view->copy(ByteFormat::Hex);
    QThreadPool::globalInstance()->waitForDone();
    QCoreApplication::processEvents();
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("before"));
    m_view->showSelection({0}, {1024 * 1024});
    QCOMPARE(copied().size(), qsizetype(3 * 1024 * 1024 - 1));
}

void HexViewTest::saysWhyNothingWasCopied()
{
    setFile(std::make_shared<FailingDisk>());
    m_view->showSelection({FailingDisk::kUnreadable}, {FailingDisk::kUnreadable + 1});
    QApplication::clipboard()->setText(QStringLiteral("before"));
    m_view->copy(ByteFormat::Hex);
    QTRY_VERIFY2(QToolTip::text().contains(QStringLiteral("Not copied")), qPrintable(QToolTip::text()));
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("before"));
    QToolTip::hideText();
}

void HexViewTest::theNewestCopyWins()
{
    QThreadPool::globalInstance()->setMaxThreadCount(4); // one of which waits
    const auto disk = std::make_shared<FailingDisk>();
    setFile(disk);
    m_view->showSelection({FailingDisk::kSlow}, {FailingDisk::kSlow + 1});
    m_view->copy(ByteFormat::Hex);
    QTRY_VERIFY(disk->isWaiting());
    m_view->showSelection({3}, {5});
    QCOMPARE(copied(), QStringLiteral("ab ab"));
    disk->letGo();
    QThreadPool::globalInstance()->waitForDone();
    QCoreApplication::processEvents();
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("ab ab"));
}

void HexViewTest::optionsChangeTheLayoutAndKeepThePlace()
{
    m_view->showSelection({5000}, {5001});
    const QSignalSpy changed(m_view.get(), &HexView::optionsChanged);
    m_view->setOptions({.bytesPerLine = 5, .groupSize = 4, .addresses = HexLayout::Addresses::Decimal});
    QCOMPARE(changed.size(), 1);
    QCOMPARE(m_view->layoutOfBytes().bytesPerLine(), 5);
    QCOMPARE(m_view->layoutOfBytes().groupSize(), 4);
    QVERIFY(m_view->visibleBegin().value <= 5000 && m_view->visibleEnd().value > 5000);
    m_view->setOptions({.bytesPerLine = 0});
    QCOMPARE(m_view->layoutOfBytes().bytesPerLine() % 8, 0);
    QVERIFY(m_view->horizontalScrollBar()->maximum() == 0);
}

void HexViewTest::nonsensicalOptionsAreTakenForTheNearestSense()
{
    m_view->setOptions({.bytesPerLine = -7, .groupSize = 0, .zoom = -1000});
    QCOMPARE(m_view->options().bytesPerLine, 0);
    QCOMPARE(m_view->options().groupSize, 1);
    QVERIFY(m_view->font().pointSizeF() > 1);
    m_view->setOptions({.bytesPerLine = 1 << 30, .groupSize = 1 << 30, .zoom = 1 << 30});
    QCOMPARE(m_view->options().bytesPerLine, HexView::kMostBytesPerLine);
    QVERIFY(!m_view->grab().isNull());
}

void HexViewTest::zoomsByKeyAndWheel()
{
    const auto before = m_view->font().pointSizeF();
    QTest::keySequence(m_view.get(), QKeySequence::ZoomIn);
    QVERIFY(m_view->font().pointSizeF() > before);
    press(Qt::Key_0, Qt::ControlModifier);
    QCOMPARE(m_view->font().pointSizeF(), before);
    QWheelEvent down({10, 10}, {10, 10}, {}, {0, -120}, Qt::NoButton, Qt::ControlModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(m_view->viewport(), &down);
    QVERIFY(m_view->font().pointSizeF() < before);
}

void HexViewTest::controlAndPageKeysAskForSegments()
{
    const QSignalSpy steps(m_view.get(), &HexView::segmentStepRequested);
    press(Qt::Key_PageDown, Qt::ControlModifier);
    press(Qt::Key_PageUp, Qt::ControlModifier);
    QCOMPARE(steps.size(), 2);
    QCOMPARE(steps[0][0].toInt(), 1);
    QCOMPARE(steps[1][0].toInt(), -1);
}

void HexViewTest::saysWhatIsUnderTheCursor()
{
    m_view->goTo({65});
    QTRY_VERIFY(m_view->spokenText().contains(QStringLiteral("byte 41, A")));
    QVERIFY(m_view->spokenText().startsWith(QStringLiteral("offset 0x41")));
    QVERIFY(m_view->spokenText().contains(QStringLiteral("line 5, column 2")));
    m_view->goTo({70}, true);
    QVERIFY(m_view->spokenText().endsWith(QStringLiteral("6 bytes selected")));
}

void HexViewTest::bookmarksAreMarkedInTheirLines()
{
    QTRY_VERIFY(m_view->isSettled());
    const auto before = m_view->viewport()->grab().toImage();
    m_view->setBookmarks({{{35}, {70}, QStringLiteral("three lines")}});
    const auto after = m_view->viewport()->grab().toImage();
    const auto differs = [&](QRectF where) {
        return after.copy(where.toAlignedRect()) != before.copy(where.toAlignedRect());
    };
    const auto edgeOf = [&](std::uint64_t offset) {
        const auto cell = m_view->cellRect({offset});
        return QRectF(0, cell.top(), 2, cell.height());
    };
    for (std::uint64_t line = 0; line < 7; ++line)
        QCOMPARE(differs(edgeOf(line * 16)), line >= 2 && line <= 4);
    for (std::uint64_t offset = 32; offset < 80; ++offset)
        QCOMPARE(differs(m_view->cellRect({offset})), offset >= 35 && offset < 70);
    m_view->setBookmarks({});
    QCOMPARE(m_view->viewport()->grab().toImage(), before);
}

void HexViewTest::findingsAreUnderlinedAndSaid()
{
    QTRY_VERIFY(m_view->isSettled());
    const auto before = m_view->viewport()->grab().toImage();
    m_view->setFindings(test::marksOf({{.code = ErrorCode::BadSegmentMagic, .offset = {35}, .length = 35}}));
    const auto after = m_view->viewport()->grab().toImage();
    for (std::uint64_t offset = 32; offset < 80; ++offset) {
        const auto cell = m_view->cellRect({offset}).toAlignedRect();
        QCOMPARE(after.copy(cell) != before.copy(cell), offset >= 35 && offset < 70);
    }
    m_view->goTo({69});
    QVERIFY(m_view->spokenText().contains(QStringLiteral("Error: No segment here: TSG0 is missing")));
    m_view->goTo({70});
    QVERIFY(!m_view->spokenText().contains(QStringLiteral("Error: ")));
    m_view->setFindings(nullptr);
    m_view->goTo({0});
    QCOMPARE(m_view->viewport()->grab().toImage(), before);
}

void HexViewTest::bookmarksAreNamedUnderTheCursor()
{
    m_view->setBookmarks({{{60}, {70}, QStringLiteral("outer")}, {{65}, {66}, QStringLiteral("inner")}});
    m_view->goTo({64});
    QTRY_VERIFY(m_view->isSettled());
    QVERIFY(m_view->spokenText().contains(QStringLiteral("bookmark outer, line")));
    m_view->goTo({65});
    QVERIFY(m_view->spokenText().contains(QStringLiteral("bookmark outer, inner")));
    m_view->goTo({70});
    QVERIFY(!m_view->spokenText().contains(QStringLiteral("bookmark")));
}

namespace {

/// A piece of the bytes 0x20 to 0x60: two fields, the second of them over several lines.
std::shared_ptr<const FieldPiece> twoFields()
{
    FieldNode root{.name = "segment", .begin = {0x20}, .end = {0x60}};
    root.children.push_back({.role = FieldNode::Role::Field, .name = "tag", .begin = {0x20}, .end = {0x24}});
    root.children.push_back(
        {.role = FieldNode::Role::Field, .name = "field", .label = "ti\ntle", .begin = {0x24}, .end = {0x60}});
    return std::make_shared<const FieldPiece>(std::move(root), SegmentNo{41});
}

} // namespace

void HexViewTest::framesTheFieldUnderTheMouseAndMovesNothing()
{
    m_view->setFields(twoFields());
    QTRY_VERIFY(m_view->isSettled());
    const auto hover = [this](std::uint64_t offset) { QTest::mouseMove(m_view->viewport(), centerOf(offset)); };
    const auto line = [this] { return m_view->viewport()->grab(QRect(0, 0, 10'000, centerOf(0x60).y())).toImage(); };
    const auto plain = line();
    QVERIFY(m_view->hoveredField() == nullptr);
    hover(0x22);
    QVERIFY(m_view->hoveredField() != nullptr);
    QCOMPARE(m_view->hoveredField()->name, std::string_view("tag"));
    const auto framed = line();
    QVERIFY(framed != plain);
    hover(0x20); // the same field
    QCOMPARE(line(), framed);
    hover(0x45);
    QCOMPARE(m_view->hoveredField()->name, std::string_view("field"));
    QVERIFY(line() != framed && line() != plain);
    QCOMPARE(m_view->cursor(), Offset{0});
    QCOMPARE(m_view->visibleBegin(), Offset{0});
    QVERIFY(m_changed->isEmpty());
    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(m_view->viewport(), &leave);
    QVERIFY(m_view->hoveredField() == nullptr);
    QCOMPARE(line(), plain);
    hover(0x45);
    m_view->setFields(nullptr); // its nodes are gone
    QVERIFY(m_view->hoveredField() == nullptr);
    QCOMPARE(line(), plain);
}

void HexViewTest::looksUpTheFieldsOfWhatTheMousePointsAt()
{
    test::FileBuilder file;
    file.begin().append(SegmentType::Record, "payload").commit();
    const auto store = std::shared_ptr<const Store>(file.store());
    m_view->setSource(store, test::snapshotOf(*store));
    const auto record = file.offsets().at(2);
    const auto commit = file.offsets().at(3);
    m_view->showSelection(record, record + 1);
    QTRY_VERIFY(m_view->isSettled());
    const auto top = m_view->visibleBegin();
    const auto point = [this](Offset offset) { QTest::mouseMove(m_view->viewport(), centerOf(offset.value)); };
    const auto isFramed = [this](Offset offset) {
        const auto *field = m_view->hoveredField();
        return field != nullptr && field->begin <= offset && offset < field->end;
    };

    point(record + 30); // in the payload
    QTRY_VERIFY(isFramed(record + 30));
    const auto plain = painted(commit.value);
    point(commit + 1);
    QTRY_VERIFY(isFramed(commit + 1));
    QVERIFY(!isFramed(record + 30));
    QVERIFY(painted(commit.value) != plain);
    QHelpEvent help(QEvent::ToolTip, centerOf(commit.value), m_view->viewport()->mapToGlobal(centerOf(commit.value)));
    QApplication::sendEvent(m_view->viewport(), &help);
    QVERIFY2(QToolTip::text().contains(QStringLiteral("segment 3 ›")), qPrintable(QToolTip::text()));
    QToolTip::hideText();

    COMPARE_SELECTION(record.value, record.value + 1);
    QCOMPARE(m_view->visibleBegin(), top);
    QVERIFY(m_changed->isEmpty());
    setFile(countingBytes(kLength)); // its fields are others
    QVERIFY(m_view->hoveredField() == nullptr);
}

void HexViewTest::namesTheFieldUnderTheCursor()
{
    m_view->setFields(twoFields());
    m_view->goTo({0x25});
    QVERIFY(m_view->spokenText().contains(QStringLiteral(", segment 41 › field \"ti␊tle\", line")));
    m_view->goTo({0x60});
    QVERIFY(!m_view->spokenText().contains(QStringLiteral("segment 41")));
}

void HexViewTest::shadesWhatAChecksumCovers()
{
    QTRY_VERIFY(m_view->isSettled());
    const auto outside = painted(0x3f);
    const auto inside = painted(0x21);
    m_view->setCovered({0x20}, {0x30});
    QCOMPARE(painted(0x3f), outside);
    QVERIFY(painted(0x21) != inside);
    m_view->setCovered({}, {});
    QCOMPARE(painted(0x21), inside);
}

void HexViewTest::knowsWhatABookmarkWouldBeOf()
{
    test::FileBuilder file;
    file.begin().append(SegmentType::Record, "payload").commit();
    const auto store = std::shared_ptr<const Store>(file.store());
    m_view->setSource(store, test::snapshotOf(*store));
    const auto record = file.offsets().at(2);
    m_view->showSelection(record, record + 1);
    QTRY_VERIFY(m_view->isSettled());
    QCOMPARE(m_view->kindAt(record), std::optional(ContentKind::Record));
    QCOMPARE(m_view->kindAt(record + 30), std::optional(ContentKind::Record));
    QCOMPARE(m_view->kindAt({~std::uint64_t{0}}), std::optional<ContentKind>());
}

void HexViewTest::selectsAll()
{
    QTest::keySequence(m_view.get(), QKeySequence::SelectAll);
    COMPARE_SELECTION(0, kLength);
    QCOMPARE(m_changed->size(), 1);
}

void HexViewTest::narrowViewsShowFewerBytesAndKeepThePlace()
{
    m_view->showSelection({50'000}, {50'001});
    const auto begin = m_view->visibleBegin();
    const auto size = m_view->size();
    m_view->resize(size.width() * 2 / 3, size.height());
    QTRY_COMPARE(m_view->layoutOfBytes().bytesPerLine(), 8);
    QCOMPARE(m_view->visibleBegin(), begin);
    m_view->resize(size);
    QTRY_COMPARE(m_view->layoutOfBytes().bytesPerLine(), 16);
    QCOMPARE(m_view->visibleBegin(), begin);
}

void HexViewTest::aLongerFileKeepsTheSelection()
{
    const auto store = countingBytes(kLength);
    m_view->setSource(store, test::snapshotOf(*store, 60'000, test::Scan::None));
    m_view->showSelection({50'000}, {50'010});
    const auto begin = m_view->visibleBegin();
    m_view->setSource(store, test::snapshotOf(*store, kLength, test::Scan::None));
    COMPARE_SELECTION(50'000, 50'010);
    QCOMPARE(m_view->visibleBegin(), begin);
    QVERIFY(m_changed->isEmpty());
}

void HexViewTest::aShorterFileCutsTheSelection()
{
    const auto store = countingBytes(kLength);
    m_view->setSource(store, test::snapshotOf(*store, kLength, test::Scan::None));
    m_view->showSelection({50'000}, {50'010});
    m_view->setSource(store, test::snapshotOf(*store, 50'005, test::Scan::None));
    COMPARE_SELECTION(50'000, 50'005);
    m_view->setSource(store, test::snapshotOf(*store, 100, test::Scan::None));
    COMPARE_SELECTION(99, 100);
    QCOMPARE(m_view->visibleEnd().value, 100U);
    press(Qt::Key_Left);
    QCOMPARE(m_view->cursor().value, 98U);
    m_view->setSource(store, test::snapshotOf(*store, 0, test::Scan::None));
    COMPARE_SELECTION(0, 0);
    m_view->setSource(store, test::snapshotOf(*store, 100, test::Scan::None));
    COMPARE_SELECTION(0, 1);
}

void HexViewTest::anotherFileStartsAtItsBegin()
{
    m_view->showSelection({50'000}, {50'010});
    setFile(countingBytes(kLength));
    COMPARE_SELECTION(0, 1);
    QCOMPARE(m_view->visibleBegin().value, 0U);
    QVERIFY(m_changed->isEmpty());
}

void HexViewTest::anEmptyFileHasNothingToSelect()
{
    for (const bool hasFile : {true, false}) {
        if (hasFile)
            setFile(countingBytes(0));
        else
            m_view->setSource(nullptr, nullptr);
        COMPARE_SELECTION(0, 0);
        for (const int key : {Qt::Key_Right, Qt::Key_Down, Qt::Key_End, Qt::Key_Home, Qt::Key_PageDown})
            press(key, Qt::ShiftModifier);
        press(Qt::Key_End, Qt::ControlModifier);
        QTest::keySequence(m_view.get(), QKeySequence::SelectAll);
        QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, QPoint(100, 5));
        m_view->copy(ByteFormat::Hex);
        (void)m_view->grab();
        COMPARE_SELECTION(0, 0);
        QVERIFY(m_view->cellRect({0}).isEmpty());
    }
    QVERIFY(m_changed->isEmpty());
}

void HexViewTest::scrollingBackBeforeTheBytesArriveStillShowsThem()
{
    QTRY_VERIFY(m_view->isSettled());
    const auto shown = painted(20);
    m_view->showSelection({90'000}, {90'001});
    m_view->showSelection({0}, {1});
    QTRY_VERIFY(m_view->isSettled());
    QCOMPARE(painted(20), shown);
}

void HexViewTest::tellsOnceWhenTheFirstBytesAreShown()
{
    QSignalSpy shown(m_view.get(), &HexView::firstShown);
    QTRY_COMPARE(shown.size(), 1); // of the file that it began with
    m_view->goTo({50'000});
    QTRY_VERIFY(m_view->isSettled());
    m_view->repaint();
    QTest::qWait(0);
    QCOMPARE(shown.size(), 1);

    // While bytes are under way nothing counts as shown.
    const auto store = countingBytes(kLength);
    setFile(store);
    QVERIFY(!m_view->isSettled());
    m_view->repaint();
    QTest::qWait(0);
    QTRY_COMPARE(shown.size(), 2);
    QVERIFY(m_view->isSettled());
    setFile(store); // a newer snapshot
    QTRY_VERIFY(m_view->isSettled());
    m_view->repaint();
    QTest::qWait(0);
    QCOMPARE(shown.size(), 2);

    setFile(countingBytes(0));
    QTRY_COMPARE(shown.size(), 3);
    m_view->setSource(nullptr, nullptr);
    m_view->repaint();
    QTest::qWait(0);
    QCOMPARE(shown.size(), 3);
}

void HexViewTest::neverReadsOnTheGuiThread()
{
    test::FileBuilder file;
    for (int i = 0; i < 100; ++i)
        file.transaction(5, 300);
    const std::shared_ptr<Store> bytes = file.store();
    const auto snapshot = test::snapshotOf(*bytes);
    const auto store = std::make_shared<test::WatchedStore>(bytes);
    m_view->setSource(store, snapshot);
    const auto show = [&] {
        m_view->repaint();
        QTRY_VERIFY(m_view->isSettled());
        m_view->repaint();
    };
    show();
    for (const int key : {Qt::Key_PageDown, Qt::Key_Down, Qt::Key_End, Qt::Key_Left, Qt::Key_Space}) {
        for (const auto modifiers : {Qt::NoModifier, Qt::ShiftModifier, Qt::ControlModifier}) {
            press(key, modifiers);
            show();
        }
    }
    m_view->verticalScrollBar()->setValue(m_view->verticalScrollBar()->maximum() / 2);
    show();
    m_view->resize(m_view->size() * 2);
    show();
    m_view->zoomBy(2);
    show();
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, centerOf(m_view->visibleBegin().value + 20));
    QVERIFY(!m_view->spokenText().isEmpty());
    QVERIFY(!copied().isEmpty());
    m_view->setSource(store, snapshot);
    show();
    QVERIFY(!store->wasReadByMaker());
}

void HexViewTest::theEndOfAHugeFileIsOneKeyAway()
{
    constexpr std::uint64_t kHuge = 10'000'000'000;
    const test::ScratchDir folder;
    const auto path = folder.write("huge", std::string_view("TDB0"));
    std::filesystem::resize_file(path, kHuge);
    {
        auto file = RawFileStore(FileHandle::open(path, OpenMode::ReadWrite).value());
        QVERIFY(file.writeAllAt({kHuge - 6}, test::bytesOf("at end")));
    }
    setFile(std::make_shared<RawFileStore>(FileHandle::open(path, OpenMode::Read).value()));
    QTRY_VERIFY(m_view->isSettled());
    press(Qt::Key_End, Qt::ControlModifier);
    QCOMPARE(m_view->cursor().value, kHuge - 1);
    QCOMPARE(m_view->visibleEnd().value, kHuge);
    const auto pending = painted(kHuge - 3);
    QTRY_VERIFY(m_view->isSettled());
    QVERIFY2(painted(kHuge - 3) != pending, "nothing is painted when the bytes are there");
    QVERIFY(painted(kHuge - 3) != painted(kHuge - 2)); // 65 and 6e
    m_view->showSelection({kHuge - 6}, {kHuge});
    QCOMPARE(copied(), QStringLiteral("61 74 20 65 6e 64"));

    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, centerOf(kHuge - 20));
    COMPARE_SELECTION(kHuge - 20, kHuge - 19);
    m_view->verticalScrollBar()->triggerAction(QAbstractSlider::SliderSingleStepSub);
    const auto begin = m_view->visibleBegin();
    m_view->verticalScrollBar()->triggerAction(QAbstractSlider::SliderSingleStepSub);
    QCOMPARE(begin - m_view->visibleBegin(), 16U);
}

} // namespace modelvault::ui

QTEST_MAIN(modelvault::ui::HexViewTest)

#include "hex_view_test.moc"
