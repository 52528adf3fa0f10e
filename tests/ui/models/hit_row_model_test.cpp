#include "models/hit_row_model.h"

#include "support/file_builder.h"
#include "ui/row_model_contract.h"
#include "ui/snapshots.h"

#include <QSignalSpy>
#include <QTest>

namespace modelvault::ui {

using test::FileBuilder;

class HitRowModelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void piecesAreOneList();
    void rowsAreAppended();
    void saysWhatLiesWhereAHitIs();
    void readsOnlyWhatWasAskedFor();
    void whatCannotBeReadIsSaid();
    void aNewerSnapshotIsLookedAtAgain();
    void copiesWhatOtherProgramsRead();
    void anOffsetLeadsToTheNextHit();
    void clearedThereIsNothing();
    void keepsTheContract();

private:
    static HitPieces::Piece piece(std::vector<Hit> hits)
    {
        return std::make_shared<const std::vector<Hit>>(std::move(hits));
    }
    [[nodiscard]] QString cell(std::uint64_t row, HitRowModel::Column column) const
    {
        return m_model->data(row, column, Qt::DisplayRole).toString();
    }
    [[nodiscard]] int kind(std::uint64_t row) const
    {
        return m_model->data(row, HitRowModel::Where, RowModel::KindRole).toInt();
    }
    void load(std::uint64_t first, std::uint64_t last)
    {
        m_model->prepare(first, last);
        QTRY_VERIFY(m_model->isSettled());
    }

    std::unique_ptr<FileBuilder> m_builder;
    std::unique_ptr<test::ScannedFile> m_file;
    std::unique_ptr<HitRowModel> m_model;
    Offset m_record; // its payload
};

void HitRowModelTest::init()
{
    m_builder = std::make_unique<FileBuilder>();
    m_builder->begin();
    m_builder->append(SegmentType::Record, "a rather long payload\n");
    m_record = m_builder->last() + SegmentHeader::kSize;
    m_builder->commit().publish();
    m_file = std::make_unique<test::ScannedFile>(*m_builder);
    m_model = std::make_unique<HitRowModel>();
    m_model->setSource(m_file->store, m_file->snapshot);
}

void HitRowModelTest::piecesAreOneList()
{
    HitPieces hits;
    QCOMPARE(hits.size(), 0U);
    QCOMPARE(hits.firstFrom({0}), 0U);
    hits.add(nullptr);
    hits.add(piece({}));
    hits.add(piece({{{5}, 1}, {{7}, 1}}));
    hits.add(piece({{{9}, 2}}));
    hits.add(piece({{{20}, 1}, {{30}, 1}, {{40}, 1}}));
    QCOMPARE(hits.size(), 6U);
    constexpr std::uint64_t kOffsets[] = {5, 7, 9, 20, 30, 40};
    for (std::uint64_t row = 0; row < hits.size(); ++row) {
        QCOMPARE(hits.at(row).offset.value, kOffsets[row]);
        QCOMPARE(hits.firstFrom({kOffsets[row]}), row);
        QCOMPARE(hits.firstFrom({kOffsets[row] + 1}), row + 1);
    }
}

void HitRowModelTest::rowsAreAppended()
{
    const QSignalSpy appended(m_model.get(), &RowModel::rowsAppended);
    m_model->append(piece({{{5}, 1}}));
    m_model->append(nullptr);
    m_model->append(piece({{{7}, 1}}));
    QCOMPARE(appended.count(), 2);
    QCOMPARE(m_model->rowCount(), 2U);
    QCOMPARE(m_model->rowAt({7}), std::optional<std::uint64_t>(1));
    QCOMPARE(m_model->rowAt({6}), std::nullopt);
    QCOMPARE(m_model->rowAt({8}), std::nullopt);
}

void HitRowModelTest::saysWhatLiesWhereAHitIs()
{
    m_model->append(piece({{{0}, 4}, {m_record, 22}}));
    QCOMPARE(cell(1, HitRowModel::Length), QStringLiteral("22")); // known without reading
    QCOMPARE(cell(1, HitRowModel::Bytes), QString());
    load(0, 1);
    QCOMPARE(cell(0, HitRowModel::Place), QStringLiteral("0x00000000"));
    QCOMPARE(cell(0, HitRowModel::Bytes), QStringLiteral("54 44 42 30"));
    QCOMPARE(cell(0, HitRowModel::Text), QStringLiteral("TDB0"));
    QCOMPARE(kind(0), static_cast<int>(ContentKind::Head));
    QCOMPARE(cell(0, HitRowModel::Around).first(7), QStringLiteral("‹TDB0›·")); // nothing lies before it
    QVERIFY(cell(1, HitRowModel::Around).contains(QStringLiteral("‹a rather long pa…›")));
    QCOMPARE(cell(1, HitRowModel::Around).indexOf(QChar(0x2039)), 24); // behind a part of its segment's header
    QCOMPARE(cell(1, HitRowModel::Where), QStringLiteral("record 2"));
    QCOMPARE(kind(1), static_cast<int>(ContentKind::Record));
    QCOMPARE(cell(1, HitRowModel::Text), QStringLiteral("a rather long pa…"));
    QCOMPARE(cell(1, HitRowModel::Bytes), QStringLiteral("61 20 72 61 74 68 65 72 20 6c 6f 6e 67 20 70 61…"));
}

void HitRowModelTest::readsOnlyWhatWasAskedFor()
{
    std::vector<Hit> hits;
    for (std::uint64_t i = 0; i < 1000; ++i)
        hits.push_back({{i}, 1});
    m_model->append(piece(std::move(hits)));
    load(500, 510);
    QVERIFY(!cell(505, HitRowModel::Bytes).isEmpty());
    QVERIFY(cell(0, HitRowModel::Bytes).isEmpty());
    QVERIFY(cell(999, HitRowModel::Bytes).isEmpty());
}

void HitRowModelTest::whatCannotBeReadIsSaid()
{
    m_model->append(piece({{{m_builder->length() - 1}, 4}}));
    load(0, 0);
    QVERIFY(cell(0, HitRowModel::Bytes).startsWith(QStringLiteral("unreadable: ")));
    QCOMPARE(cell(0, HitRowModel::Text), QString());
}

void HitRowModelTest::aNewerSnapshotIsLookedAtAgain()
{
    m_model->setSource(m_file->store,
                       test::snapshotOf(*m_file->store, m_builder->length(), test::Scan::None)); // not scanned yet
    m_model->append(piece({{m_record, 4}}));
    load(0, 0);
    QCOMPARE(cell(0, HitRowModel::Where), QString());
    QCOMPARE(cell(0, HitRowModel::Text), QStringLiteral("a ra"));
    m_model->setSource(m_file->store, m_file->snapshot);
    QTRY_COMPARE(cell(0, HitRowModel::Where), QStringLiteral("record 2"));
}

void HitRowModelTest::copiesWhatOtherProgramsRead()
{
    m_model->append(piece({{{0}, 4}, {m_record, 2}}));
    auto copied = m_model->copyText(0, 1, {HitRowModel::Place, HitRowModel::Length, HitRowModel::Text});
    QCOMPARE(copied.result(),
             QStringLiteral("0x00000000\t4\tTDB0\n0x%1\t2\ta \n").arg(m_record.value, 8, 16, QLatin1Char('0')));
}

void HitRowModelTest::anOffsetLeadsToTheNextHit()
{
    m_model->append(piece({{{5}, 1}, {{16}, 1}}));
    const auto row = [this](const char *typed) { return m_model->findRow(QString::fromLatin1(typed), 0).result(); };
    QCOMPARE(row("0"), std::optional<std::uint64_t>(0));
    QCOMPARE(row("6"), std::optional<std::uint64_t>(1));
    QCOMPARE(row("0x10"), std::optional<std::uint64_t>(1));
    QCOMPARE(row("17"), std::nullopt);
    QCOMPARE(row("x"), std::nullopt);
}

void HitRowModelTest::clearedThereIsNothing()
{
    m_model->append(piece({{{5}, 1}}));
    const QSignalSpy reset(m_model.get(), &RowModel::wasReset);
    m_model->clear();
    QCOMPARE(m_model->rowCount(), 0U);
    m_model->append(piece({{{5}, 1}}));
    m_model->setSource(nullptr, nullptr);
    QCOMPARE(m_model->rowCount(), 0U);
    QCOMPARE(reset.count(), 2);
    m_model->prepare(0, 10);
    QVERIFY(m_model->isSettled());
}

void HitRowModelTest::keepsTheContract()
{
    m_model->append(piece({{{0}, 4}, {m_record, 22}}));
    m_model->append(piece({{{m_record.value + 22}, 2}}));
    keepsTheContractOfRowModels(*m_model);
}

} // namespace modelvault::ui

QTEST_MAIN(modelvault::ui::HitRowModelTest)
#include "hit_row_model_test.moc"
