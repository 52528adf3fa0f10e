#include "panels/navigator_panel.h"

#include "support/file_builder.h"
#include "support/scratch_dir.h"

#include <QSignalSpy>
#include <QTest>
#include <QTreeView>

#include <memory>

namespace modelvault::ui {

class NavigatorPanelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_document = std::make_unique<Document>(
            m_folder.write("a.mv", test::FileBuilder().transaction(3, 100).publish().bytes()), LockWish::None);
        m_document->open();
        QTRY_COMPARE(m_document->state(), Document::State::Scanned);
        m_panel = std::make_unique<NavigatorPanel>();
        m_panel->setDocument(m_document.get());
        m_panel->resize(300, 400);
        m_panel->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
    }

    void cleanup()
    {
        m_panel.reset();
        m_document.reset();
    }

    void marksWhatIsChosenUntilSomethingElseIsSelected()
    {
        click(QStringLiteral("Superblock B"));
        QCOMPARE(marked(), QStringLiteral("Superblock B"));
        QCOMPARE(m_document->selection().begin, Superblock::slotOffset(SuperblockSlot::B));
        m_document->select({kLogStart, kLogStart + 4}); // as following a pointer does
        QCOMPARE(marked(), QString());
        click(QStringLiteral("Superblock B"));
        QCOMPARE(marked(), QStringLiteral("Superblock B"));
    }

    void marksThePartBeforeTheLogThatTheSelectionLiesIn()
    {
        m_document->select({kLogStart, kLogStart + 1});
        m_document->select({{3}, {4}});
        QVERIFY(marked().contains(QStringLiteral("eader")));
        m_document->select({{FileHeader::kSize}, {40}});
        QCOMPARE(marked(), QStringLiteral("Superblock A"));
    }

    void aTransactionIsMarkedThoughItIsLookedUp()
    {
        const auto transactions = tree()->model()->rowCount(row(QStringLiteral("Log")));
        QVERIFY(transactions > 0);
        const auto first = tree()->model()->index(0, 0, row(QStringLiteral("Log")));
        const QSignalSpy selected(m_document.get(), &Document::selectionChanged);
        click(first);
        QTRY_COMPARE(selected.count(), 1);
        QVERIFY(tree()->selectionModel()->isSelected(first));
        m_document->select({kLogStart, kLogStart + 1});
        QCOMPARE(marked(), QString());
    }

private:
    [[nodiscard]] QTreeView *tree() const { return m_panel->findChild<QTreeView *>(QStringLiteral("navigator")); }
    [[nodiscard]] QModelIndex row(const QString &name) const
    {
        const auto *model = tree()->model();
        for (int i = 0; i < model->rowCount(); ++i) {
            if (model->index(i, 0).data().toString().contains(name))
                return model->index(i, 0);
        }
        return {};
    }
    void click(const QModelIndex &index) const
    {
        tree()->scrollTo(index);
        QTest::mouseClick(tree()->viewport(), Qt::LeftButton, {}, tree()->visualRect(index).center());
    }
    void click(const QString &name) const { click(row(name)); }
    /// The marked part, without what is told of it.
    [[nodiscard]] QString marked() const
    {
        const auto rows = tree()->selectionModel()->selectedRows();
        return rows.isEmpty()
            ? QString()
            : rows.front().data().toString().remove(QStringLiteral("● ")).section(QLatin1Char(','), 0, 0);
    }

    test::ScratchDir m_folder;
    std::unique_ptr<Document> m_document;
    std::unique_ptr<NavigatorPanel> m_panel;
};

} // namespace modelvault::ui

QTEST_MAIN(modelvault::ui::NavigatorPanelTest)

#include "navigator_panel_test.moc"
