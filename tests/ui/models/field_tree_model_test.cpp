#include "models/field_tree_model.h"

#include "explain/explainer.h"
#include "text/words.h"
#include "ui/snapshots.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <functional>
#include <memory>
#include <vector>

namespace modelvault::ui {

namespace {

using test::FileBuilder;
using test::ScannedFile;

void forEachLeaf(const FieldNode &node, const std::function<void(const FieldNode &)> &visit)
{
    if (node.isLeaf())
        visit(node);
    for (const auto &child : node.children)
        forEachLeaf(child, visit);
}

} // namespace

class FieldTreeModelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void isEmptyWithoutAFile();
    void leavesAreTheBytesOfEveryPiece_data();
    void leavesAreTheBytesOfEveryPiece();
    void aPieceThatIsThereStays();
    void theNewestWishWins();
    void goingBackBeforeALookUpEndsKeepsThePiece();
    void laterSnapshotsOfTheSamePieceChangeNothing();
    void theCatalogExplainsRecords();
    void anotherFileEmptiesTheTree();
    void saysWhatIsWrongAndWhereFieldsPoint();
    void fieldsThatAreTooManyComeWhenTheyAreWantedThere();
    void whatCanNotBeReadHasAnError();
    void whatIsNotScannedIsNoDamage();

private:
    [[nodiscard]] bool shows(Offset offset)
    {
        m_model->want(offset);
        return QTest::qWaitFor([this] { return m_model->isSettled(); }) && m_model->shows(offset);
    }
    [[nodiscard]] QString text(const FieldNode &node, FieldTreeModel::Column column) const
    {
        return m_model->indexOf(node).siblingAtColumn(column).data().toString();
    }
    [[nodiscard]] const FieldNode *find(std::string_view name) const
    {
        const FieldNode *found = nullptr;
        forEachLeaf(m_model->piece()->root(), [&](const FieldNode &leaf) {
            if (leaf.name == name && found == nullptr)
                found = &leaf;
        });
        return found;
    }
    void use(const ScannedFile &file) { m_model->setSource(file.store, file.snapshot); }

    std::unique_ptr<FieldTreeModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

void FieldTreeModelTest::init()
{
    m_tester.reset();
    m_model = std::make_unique<FieldTreeModel>();
    m_tester = std::make_unique<QAbstractItemModelTester>(m_model.get());
}

void FieldTreeModelTest::isEmptyWithoutAFile()
{
    m_model->want({0});
    QVERIFY(m_model->isSettled());
    QCOMPARE(m_model->rowCount(), 0);
    QVERIFY(m_model->piece() == nullptr && !m_model->shows({0}));
}

void FieldTreeModelTest::leavesAreTheBytesOfEveryPiece_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const char *name :
         {"valid-all-types", "valid-checkpoint", "valid-temp-segment", "valid-indexes", "valid-nested-paths",
          "valid-pk-types", "damaged-record-payload-bit", "damaged-garbage-tail", "damaged-superblock-a",
          "damaged-record-pk-tag", "damaged-torn-segment-header", "damaged-checkpoint-pointer"})
        QTest::newRow(name) << QByteArray(name);
}

/// From byte to node, and from node to byte.
void FieldTreeModelTest::leavesAreTheBytesOfEveryPiece()
{
    QFETCH(const QByteArray, name);
    const auto file = test::explainedFile(name.toStdString());
    use(file);
    for (Offset at{0}; at.value < file.snapshot->fileLength();) {
        QVERIFY(shows(at));
        const auto &piece = *m_model->piece();
        QCOMPARE(piece.root().begin, at);
        Offset next = at;
        forEachLeaf(piece.root(), [&](const FieldNode &leaf) {
            QCOMPARE(leaf.begin, next);
            next = leaf.end;
            const auto index = m_model->indexOf(leaf);
            QVERIFY(index.isValid());
            QCOMPARE(m_model->node(index), &leaf);
            QVERIFY(!text(leaf, FieldTreeModel::Field).isEmpty());
            QCOMPARE(text(leaf, FieldTreeModel::Place), offsetText(leaf.begin));
            QCOMPARE(text(leaf, FieldTreeModel::Length), groupedText(leaf.length()));
            // Up to the root and down again.
            QModelIndex up = index;
            while (up.parent().isValid()) {
                QCOMPARE(m_model->index(up.row(), 0, up.parent()), up);
                up = up.parent();
            }
            QCOMPARE(m_model->node(up), &piece.root());
            for (auto byte = leaf.begin; byte < leaf.end; byte += 1) {
                QCOMPARE(piece.pathTo(byte).back(), &leaf);
                QCOMPARE(&piece.nodeFor(byte, byte + 1), &leaf);
            }
        });
        QCOMPARE(next, piece.root().end);
        QVERIFY(next > at);
        at = next;
    }
}

void FieldTreeModelTest::aPieceThatIsThereStays()
{
    FileBuilder file;
    file.transaction();
    use(ScannedFile(file));
    const auto at = file.offsets()[1];
    QVERIFY(shows(at));
    const auto piece = m_model->piece();
    QCOMPARE(piece->segment(), SegmentNo{1});
    m_model->want(at + 40);
    QVERIFY(m_model->isSettled());
    QCOMPARE(m_model->piece(), piece);
    m_model->want({file.length()}); // behind the end
    QVERIFY(m_model->isSettled());
    QCOMPARE(m_model->piece(), piece);
}

void FieldTreeModelTest::theNewestWishWins()
{
    FileBuilder file;
    file.transaction(20);
    use(ScannedFile(file));
    for (const auto offset : file.offsets())
        m_model->want(offset);
    QTRY_VERIFY(m_model->isSettled());
    QCOMPARE(m_model->piece()->root().begin, file.last());
}

void FieldTreeModelTest::goingBackBeforeALookUpEndsKeepsThePiece()
{
    FileBuilder file;
    file.transaction(3);
    use(ScannedFile(file));
    QVERIFY(shows(file.offsets()[1]));
    const auto piece = m_model->piece();
    m_model->want(file.offsets()[2]);
    m_model->want(file.offsets()[1]);
    QTRY_VERIFY(m_model->isSettled());
    QCOMPARE(m_model->piece(), piece);
}

void FieldTreeModelTest::laterSnapshotsOfTheSamePieceChangeNothing()
{
    FileBuilder file;
    file.transaction(3);
    const ScannedFile scanned(file);
    use(scanned);
    QVERIFY(shows(file.offsets()[2]));
    const auto piece = m_model->piece();
    const QSignalSpy changed(m_model.get(), &FieldTreeModel::changed);
    m_model->setSource(scanned.store, test::snapshotOf(*scanned.store));
    QVERIFY(shows(file.offsets()[2]));
    QCOMPARE(m_model->piece(), piece);
    QVERIFY(changed.isEmpty());
}

void FieldTreeModelTest::theCatalogExplainsRecords()
{
    const auto file = test::explainedFile("valid-books");
    const auto record = LogReader(*file.store, file.snapshot->log.index).firstOfType(SegmentType::Record, {0}).value();
    QVERIFY(record.has_value());
    const auto last = record->end() + ~std::uint64_t{0};
    m_model->setSource(file.store, test::snapshotOf(*file.store));
    QVERIFY(shows(last));
    QCOMPARE(m_model->piece()->pathTo(last).back()->role, FieldNode::Role::Unexplained);
    use(file);
    QVERIFY(!m_model->shows(last));
    QVERIFY(m_model->piece() != nullptr); // until the new one is there
    QVERIFY(shows(last));
    QCOMPARE(m_model->piece()->pathTo(last).back()->role, FieldNode::Role::Field);
}

void FieldTreeModelTest::anotherFileEmptiesTheTree()
{
    FileBuilder file;
    use(ScannedFile(file));
    QVERIFY(shows({0}));
    const QSignalSpy changed(m_model.get(), &FieldTreeModel::changed);
    FileBuilder other;
    use(ScannedFile(other));
    QCOMPARE(changed.size(), 1);
    QCOMPARE(m_model->rowCount(), 0);
    m_model->setSource(nullptr, nullptr);
    QVERIFY(m_model->piece() == nullptr);
}

void FieldTreeModelTest::saysWhatIsWrongAndWhereFieldsPoint()
{
    FileBuilder file;
    file.transaction(1, 70).publish();
    file.flip(file.offsets()[2] + SegmentHeader::kSize + 60);
    use(ScannedFile(file));
    QVERIFY(shows(file.offsets()[2]));
    const auto *crc = find("payload CRC");
    QVERIFY(crc != nullptr);
    const auto index = m_model->indexOf(*crc);
    QVERIFY(index.data(FieldTreeModel::FaultRole).toBool());
    QVERIFY(index.parent().data(FieldTreeModel::FaultRole).toBool());
    QVERIFY(text(*crc, FieldTreeModel::Value).startsWith(QStringLiteral("✘ ")));
    QVERIFY(text(*crc, FieldTreeModel::Rule).contains(QStringLiteral("expected ")));
    QVERIFY(text(*crc, FieldTreeModel::Rule)
                .contains(QStringLiteral("CRC-32C of %1 to").arg(offsetText(crc->rule.coversBegin))));
    QVERIFY(!m_model->indexOf(*find("payload length")).data(FieldTreeModel::FaultRole).toBool());
    QVERIFY(!index.data(FieldTreeModel::TargetRole).isValid());

    QVERIFY(shows(Superblock::slotOffset(SuperblockSlot::A)));
    bool points = false;
    for (const auto slot : {SuperblockSlot::A, SuperblockSlot::B}) {
        QVERIFY(shows(Superblock::slotOffset(slot)));
        forEachLeaf(m_model->piece()->root(), [&](const FieldNode &leaf) {
            const auto target = m_model->indexOf(leaf).data(FieldTreeModel::TargetRole);
            points |= target.isValid() && Offset{target.toULongLong()} == file.offsets().back();
        });
    }
    QVERIFY(points);
}

void FieldTreeModelTest::fieldsThatAreTooManyComeWhenTheyAreWantedThere()
{
    // A checkpoint with more records than a tree shows at once would be long to make: an index payload does as well.
    const auto file = test::explainedFile("valid-indexes");
    const auto index = LogReader(*file.store, file.snapshot->log.index).firstOfType(SegmentType::Index, {0}).value();
    QVERIFY(index.has_value());
    FieldNode more = Explainer(*file.store, file.snapshot)
                         .explain(*index, {.begin = index->offset, .end = index->offset + 1, .nodes = 20});
    const FieldPiece piece(std::move(more), index->no);
    const auto path = piece.pathTo(index->end() + ~std::uint64_t{0});
    QCOMPARE(path.back()->role, FieldNode::Role::More);
    QCOMPARE(piece.pathTo(*path.back()), path);
    use(file);
    QVERIFY(shows(index->end() + ~std::uint64_t{0}));
}

void FieldTreeModelTest::whatCanNotBeReadHasAnError()
{
    FileBuilder file;
    file.transaction(3);
    const auto snapshot = ScannedFile(file).snapshot;
    const auto last = file.last();
    auto cut = file.cut(kLogStart.value + 10).store();
    m_model->setSource(std::shared_ptr<const Store>(std::move(cut)), snapshot);
    m_model->want(last);
    QTRY_VERIFY(m_model->isSettled());
    QVERIFY(m_model->piece() == nullptr);
    QVERIFY(m_model->error().has_value());
}

void FieldTreeModelTest::whatIsNotScannedIsNoDamage()
{
    FileBuilder file;
    file.transaction();
    const ScannedFile scanned(file);
    const auto unscanned = test::snapshotOf(*scanned.store, scanned.snapshot->fileLength(), test::Scan::None);
    m_model->setSource(scanned.store, unscanned);
    QVERIFY(shows({0}));
    QVERIFY(m_model->isScanned({0}) && !m_model->isScanned(file.last()));
    m_model->want(file.last());
    QVERIFY(m_model->isSettled());
    QVERIFY(m_model->piece() == nullptr);
    use(scanned);
    QVERIFY(m_model->isScanned(file.last()));
    QVERIFY(shows(file.last()));
}

} // namespace modelvault::ui

QTEST_MAIN(modelvault::ui::FieldTreeModelTest)

#include "field_tree_model_test.moc"
