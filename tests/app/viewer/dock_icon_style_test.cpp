#include "dock_icon_style.h"

#include <QPalette>
#include <QTest>

using modelvault::app::DockIconStyle;

namespace {

/// Counts how often it is asked for icons.
class CountingStyle : public QProxyStyle {
public:
    explicit CountingStyle(int &asked) : m_asked(asked) { }

    QIcon standardIcon(StandardPixmap, const QStyleOption *, const QWidget *) const override
    {
        ++m_asked;
        return QIcon(QPixmap(1, 1));
    }

private:
    int &m_asked;
};

} // namespace

class DockIconStyleTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsTheIconsOfDocksUntilThePaletteChanges()
    {
        int asked = 0;
        DockIconStyle style(new CountingStyle(asked));
        const auto ask = [&style](QStyle::StandardPixmap kind) { return style.standardIcon(kind, nullptr, nullptr); };
        for (int i = 0; i < 3; ++i) {
            QVERIFY(!ask(QStyle::SP_TitleBarCloseButton).isNull());
            QVERIFY(!ask(QStyle::SP_TitleBarNormalButton).isNull());
        }
        QCOMPARE(asked, 2);
        QPalette palette;
        style.polish(palette);
        QVERIFY(!ask(QStyle::SP_TitleBarCloseButton).isNull());
        QCOMPARE(asked, 3);
    }

    void asksForAllOthersEachTime()
    {
        int asked = 0;
        const DockIconStyle style(new CountingStyle(asked));
        for (int i = 0; i < 3; ++i)
            QVERIFY(!style.standardIcon(QStyle::SP_ArrowBack, nullptr, nullptr).isNull());
        QCOMPARE(asked, 3);
    }
};

QTEST_MAIN(DockIconStyleTest)
#include "dock_icon_style_test.moc"
