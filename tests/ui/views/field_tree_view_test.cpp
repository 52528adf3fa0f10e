#include "views/field_tree_view.h"

#include "text/words.h"
#include "ui/snapshots.h"

#include <QHeaderView>
#include <QApplication>
#include <QClipboard>
#include <QMenu>
#include <QSignalSpy>
#include <QJsonDocument>
#include <QTest>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace modelvault::ui {

namespace {

using test::FileBuilder;
using test::ScannedFile;

void forEachNode(const FieldNode &node, const std::function<void(const FieldNode &)> &visit)
{
    visit(node);
    for (const auto &child : node.children)
        forEachNode(child, visit);
}

// Between them they have all.
constexpr std::array kAllSegmentTypes{"valid-all-types", "valid-checkpoint", "valid-indexes", "valid-temp-segment",
                                      "valid-transactions"};

} // namespace

class FieldTreeViewTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void everyNodeOfAFileSelectsItsBytes_data();
    void everyNodeOfAFileSelectsItsBytes();
    void everyByteOfASegmentFindsItsLeaf();
    void aWholeSegmentIsItsRoot();
    void selectionsOfOthersSaySoToNobody();
    void choosingKeepsTheTreeAsItIs();
    void keysMoveTheSelection();
    void checksumsTellWhatTheyCover();
    void returnFollowsAField();
    void theMenuFollowsAField();
    void faultsAreOpenFromTheStart();
    void copiesWhatItSays();
    void copiesAFieldAsJson();
    void withoutAPieceItSaysWhatToDo();

private:
    void use(const ScannedFile &file, Document::Selection selection)
    {
        m_view->setSource(file.store, file.snapshot);
        show(selection);
    }
    void show(Document::Selection selection)
    {
        m_view->showSelection(selection);
        QTRY_VERIFY(m_view->isSettled());
    }
    [[nodiscard]] const FieldNode &root() const { return m_view->fields().piece()->root(); }
    [[nodiscard]] const FieldNode *find(std::string_view name) const
    {
        const FieldNode *found = nullptr;
        forEachNode(root(), [&](const FieldNode &node) {
            if (node.name == name && found == nullptr)
                found = &node;
        });
        return found;
    }
    /// As a click or a key would.
    void choose(const FieldNode &node) { m_view->setCurrentIndex(m_view->fields().indexOf(node)); }

    std::unique_ptr<FieldTreeView> m_view;
};

void FieldTreeViewTest::init()
{
    m_view = std::make_unique<FieldTreeView>();
    m_view->resize(600, 400);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
}

void FieldTreeViewTest::everyNodeOfAFileSelectsItsBytes_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const char *name : kAllSegmentTypes)
        QTest::newRow(name) << QByteArray(name);
    for (const char *name : {"damaged-record-payload-bit", "damaged-garbage-tail", "damaged-record-pk-tag"})
        QTest::newRow(name) << QByteArray(name);
}

void FieldTreeViewTest::everyNodeOfAFileSelectsItsBytes()
{
    QFETCH(const QByteArray, name);
    const auto file = test::explainedFile(name.toStdString());
    QSignalSpy chosen(m_view.get(), &FieldTreeView::selectionChosen);
    for (Offset at{0}; at.value < file.snapshot->fileLength();) {
        use(file, {at, at + 1});
        QVERIFY(m_view->fields().shows(at));
        const auto piece = m_view->fields().piece();
        forEachNode(piece->root(), [&](const FieldNode &node) {
            m_view->showSelection({piece->root().begin, piece->root().end}); // away from it
            if (&node == &piece->root())
                return;
            chosen.clear();
            choose(node);
            QCOMPARE(chosen.size(), 1);
            const auto begin = chosen[0][0].value<Offset>();
            const auto end = chosen[0][1].value<Offset>();
            QVERIFY(end > begin && end <= piece->root().end);
            if (node.length() > 0) {
                QCOMPARE(begin, node.begin);
                QCOMPARE(end, node.end);
            }
            // What comes back from the document leaves it current.
            m_view->showSelection({begin, end});
            QCOMPARE(m_view->currentNode(), &node);
        });
        QCOMPARE(m_view->fields().piece(), piece);
        at = piece->root().end;
    }
}

void FieldTreeViewTest::everyByteOfASegmentFindsItsLeaf()
{
    std::set<SegmentType> seen;
    for (const char *name : kAllSegmentTypes) {
        const auto file = test::explainedFile(name);
        const LogReader log(*file.store, file.snapshot->log.index);
        const auto segments = log.segments({0}, file.snapshot->log.index->segmentCount()).value();
        for (const auto &segment : segments) {
            if (!seen.insert(segment.header.type).second)
                continue;
            for (auto at = segment.offset; at < segment.end(); at += 1) {
                use(file, {at, at + 1});
                const auto *node = m_view->currentNode();
                QVERIFY(node != nullptr && node->isLeaf() && node->holds(at));
                for (auto up = m_view->currentIndex().parent(); up.isValid(); up = up.parent())
                    QVERIFY(m_view->isExpanded(up));
                QVERIFY(m_view->viewport()->rect().intersects(m_view->visualRect(m_view->currentIndex())));
            }
        }
    }
    QCOMPARE(seen.size(), kSegmentTypes);
}

void FieldTreeViewTest::aWholeSegmentIsItsRoot()
{
    FileBuilder builder;
    builder.append(SegmentType::Record).transaction(); // the first without a payload
    const ScannedFile file(builder);
    const auto segments = LogReader(*file.store, file.snapshot->log.index).segments({0}, 10).value();
    for (const auto &segment : segments) {
        use(file, {segment.offset, segment.end()});
        QCOMPARE(m_view->currentNode(), &root());
        QCOMPARE(root().begin, segment.offset);
        QCOMPARE(root().end, segment.end());
    }
    // More than the piece, a page say.
    show({builder.offsets()[1], Offset{builder.length()}});
    QCOMPARE(m_view->currentNode(), &root());
}

void FieldTreeViewTest::selectionsOfOthersSaySoToNobody()
{
    FileBuilder builder;
    builder.transaction();
    const ScannedFile file(builder);
    const QSignalSpy chosen(m_view.get(), &FieldTreeView::selectionChosen);
    for (const auto offset : builder.offsets())
        use(file, {offset + 5, offset + 6});
    m_view->setSource(nullptr, nullptr);
    use(file, {{3}, {4}});
    QVERIFY(m_view->currentNode() != nullptr);
    QVERIFY(chosen.isEmpty());
}

void FieldTreeViewTest::choosingKeepsTheTreeAsItIs()
{
    const auto file = test::explainedFile("valid-all-types");
    use(file, {kLogStart, kLogStart + 1});
    const auto piece = m_view->fields().piece();
    m_view->expandAll();
    const QSignalSpy changed(m_view.get(), &FieldTreeView::pieceChanged);
    forEachNode(piece->root(), [&](const FieldNode &node) {
        choose(node);
        m_view->showSelection({node.begin, std::max(node.end, node.begin + 1)});
        QVERIFY(m_view->isSettled());
        if (!node.isLeaf())
            QVERIFY(m_view->isExpanded(m_view->fields().indexOf(node)));
    });
    QVERIFY(changed.isEmpty());
    QCOMPARE(m_view->fields().piece(), piece);
}

void FieldTreeViewTest::keysMoveTheSelection()
{
    FileBuilder builder;
    use(ScannedFile(builder), {{0}, {FileHeader::kSize}});
    QCOMPARE(m_view->currentNode(), &root());
    const QSignalSpy chosen(m_view.get(), &FieldTreeView::selectionChosen);
    QTest::keyClick(m_view.get(), Qt::Key_Down);
    QCOMPARE(m_view->currentNode(), &root().children.front());
    QCOMPARE(chosen.size(), 1);
    QTest::keyClick(m_view.get(), Qt::Key_Left);
    QCOMPARE(m_view->currentNode(), &root());
}

void FieldTreeViewTest::checksumsTellWhatTheyCover()
{
    FileBuilder builder;
    builder.transaction();
    use(ScannedFile(builder), {builder.offsets()[2], builder.offsets()[3]});
    QVERIFY(!m_view->covered());
    const QSignalSpy changed(m_view.get(), &FieldTreeView::coveredChanged);
    choose(*find("payload CRC"));
    QVERIFY(!changed.isEmpty());
    QVERIFY(m_view->covered().has_value());
    QCOMPARE(m_view->covered()->begin, builder.offsets()[2] + SegmentHeader::kSize);
    QCOMPARE(m_view->covered()->end, builder.offsets()[3]);
}

void FieldTreeViewTest::returnFollowsAField()
{
    FileBuilder builder;
    builder.transaction().publish();
    const ScannedFile file(builder);
    const auto slot = Superblock::slotOffset(*file.snapshot->head.selected);
    use(file, {slot, slot + 1});
    const FieldNode *pointer = nullptr;
    forEachNode(root(), [&](const FieldNode &node) {
        if (node.target())
            pointer = &node;
    });
    QVERIFY(pointer != nullptr);
    QSignalSpy followed(m_view.get(), &FieldTreeView::targetRequested);
    choose(root().children.front());
    QTest::keyClick(m_view.get(), Qt::Key_Return); // points nowhere
    QVERIFY(followed.isEmpty());
    choose(*pointer);
    QTest::keyClick(m_view.get(), Qt::Key_Return);
    QCOMPARE(followed.size(), 1);
    QCOMPARE(followed[0][0].value<Offset>(), *pointer->target());
    m_view->scrollTo(m_view->currentIndex());
    const auto at = m_view->visualRect(m_view->currentIndex()).center();
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, at);
    QTest::mouseDClick(m_view->viewport(), Qt::LeftButton, {}, at);
    QCOMPARE(followed.size(), 2);
}

void FieldTreeViewTest::theMenuFollowsAField()
{
    const auto file = test::explainedFile("valid-checkpoint");
    const auto checkpoint =
        LogReader(*file.store, file.snapshot->log.index).firstOfType(SegmentType::Checkpoint, {0}).value();
    QVERIFY(checkpoint.has_value());
    use(file, {checkpoint->offset, checkpoint->end()});
    const FieldNode *pointer = nullptr;
    forEachNode(root(), [&](const FieldNode &node) {
        if (node.target())
            pointer = &node;
    });
    QVERIFY2(pointer != nullptr, "a checkpoint says where the log goes on");
    choose(*pointer);
    QSignalSpy followed(m_view.get(), &FieldTreeView::targetRequested);
    QContextMenuEvent event(QContextMenuEvent::Keyboard, {}, {}, Qt::NoModifier);
    QApplication::sendEvent(m_view->viewport(), &event);
    auto *action = m_view->findChild<QAction *>(QStringLiteral("followField"));
    QVERIFY(action != nullptr);
    QVERIFY(action->text().contains(offsetText(*pointer->target())));
    action->trigger();
    QCOMPARE(followed.size(), 1);
    QCOMPARE(followed[0][0].value<Offset>(), *pointer->target());
}

void FieldTreeViewTest::faultsAreOpenFromTheStart()
{
    FileBuilder builder;
    builder.transaction();
    builder.flip(builder.offsets()[2] + SegmentHeader::kSize + 3);
    use(ScannedFile(builder), {builder.offsets()[2], builder.offsets()[3]});
    const auto crc = m_view->fields().indexOf(*find("payload CRC"));
    QVERIFY(m_view->isExpanded(crc.parent()));
    // And else the header is closed.
    use(ScannedFile(builder), {builder.offsets()[1], builder.offsets()[2]});
    QVERIFY(!m_view->isExpanded(m_view->fields().indexOf(*find("segment header"))));
}

void FieldTreeViewTest::copiesWhatItSays()
{
    FileBuilder builder;
    use(ScannedFile(builder), {{0}, {1}});
    QTest::keySequence(m_view.get(), QKeySequence::Copy);
    QVERIFY(QApplication::clipboard()->text().startsWith(QStringLiteral("magic = \"TDB0\"\n0x0 to 0x4, 4 bytes")));
}

void FieldTreeViewTest::copiesAFieldAsJson()
{
    FileBuilder builder;
    use(ScannedFile(builder), {{0}, {FileHeader::kSize}});
    QContextMenuEvent event(QContextMenuEvent::Keyboard, {}, {}, Qt::NoModifier);
    QApplication::sendEvent(m_view->viewport(), &event);
    auto *action = m_view->findChild<QAction *>(QStringLiteral("copyJson"));
    QVERIFY(action != nullptr);
    action->trigger();
    const auto json = QJsonDocument::fromJson(QApplication::clipboard()->text().toUtf8());
    QCOMPARE(json[QStringLiteral("magic")].toString(), QStringLiteral("TDB0"));
    QCOMPARE(json[QStringLiteral("minor")].toInt(), 6);
}

void FieldTreeViewTest::withoutAPieceItSaysWhatToDo()
{
    m_view->showSelection({});
    const auto empty = m_view->grab().toImage();
    const auto said = m_view->emptyText();
    QVERIFY(said.contains(QStringLiteral("Select bytes")));
    FileBuilder builder;
    builder.transaction();
    const ScannedFile file(builder);
    use(file, {{0}, {1}});
    QVERIFY(m_view->grab().toImage() != empty);
    m_view->setSource(nullptr, nullptr);
    QCOMPARE(m_view->emptyText(), said);
    QVERIFY(m_view->fields().piece() == nullptr);
    // In a file that is not scanned yet.
    auto unscanned = file;
    unscanned.snapshot = test::snapshotOf(*file.store, builder.length(), test::Scan::None);
    use(unscanned, {builder.last(), builder.last() + 1});
    QVERIFY(m_view->emptyText() != said);
    QVERIFY(m_view->grab().toImage() != empty);
}

} // namespace modelvault::ui

QTEST_MAIN(modelvault::ui::FieldTreeViewTest)

#include "field_tree_view_test.moc"
