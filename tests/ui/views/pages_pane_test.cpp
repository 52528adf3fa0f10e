#include "views/pages_pane.h"

#include "views/page_map_view.h"

#include <QComboBox>
#include <QLabel>
#include <QTest>
#include <QToolButton>

#include <memory>

namespace modelvault::ui {

class PagesPaneTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_pane = std::make_unique<PagesPane>();
        m_pane->resize(500, 300);
        m_pane->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_pane.get()));
        auto pages = std::make_shared<PageMap>(100'000 * PageMap::kPageSize);
        m_pane->map()->setPages(pages);
    }

    void theScaleIsSaidAndFollowsTheZoom()
    {
        const auto *scale = m_pane->findChild<QLabel *>(QStringLiteral("pageScale"));
        const auto whole = scale->text();
        QVERIFY2(whole.contains(QStringLiteral("pages")), qPrintable(whole));
        const auto buttons = m_pane->findChildren<QToolButton *>();
        QCOMPARE(buttons.size(), 4);
        QTest::mouseClick(buttons[1], Qt::LeftButton); // larger
        QVERIFY(scale->text() != whole);
        QTest::mouseClick(buttons[0], Qt::LeftButton); // smaller
        QCOMPARE(scale->text(), whole);
        QTest::mouseClick(buttons[3], Qt::LeftButton); // one page
        QCOMPARE(scale->text(), QStringLiteral("One cell is a page of 16.0 KiB"));
        QTest::mouseClick(buttons[2], Qt::LeftButton); // the whole file
        QCOMPARE(scale->text(), whole);
        for (const auto *button : buttons)
            QVERIFY(!button->accessibleName().isEmpty());
    }

    void mapAndLegendAreColouredAlike()
    {
        auto *colours = m_pane->findChild<QComboBox *>(QStringLiteral("pageColours"));
        const auto *legend = m_pane->findChild<PageLegend *>();
        QVERIFY(legend->accessibleName().contains(kindText(ContentKind::Record)));
        colours->setCurrentIndex(1);
        QCOMPARE(m_pane->map()->colours(), MapColours::Damage);
        QVERIFY(legend->accessibleName().contains(soundnessText(Soundness::DamagedInPart)));
        QVERIFY(!legend->accessibleName().contains(kindText(ContentKind::Record)));
        colours->setCurrentIndex(0);
        QCOMPARE(m_pane->map()->colours(), MapColours::Content);
    }

private:
    std::unique_ptr<PagesPane> m_pane;
};

} // namespace modelvault::ui

QTEST_MAIN(modelvault::ui::PagesPaneTest)

#include "pages_pane_test.moc"
