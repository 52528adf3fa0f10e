#include "views/notice_bar.h"

#include <QAccessible>
#include <QLabel>
#include <QPushButton>
#include <QTest>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <memory>

namespace modelvault::ui {
namespace {

using Notice = NoticeBar::Notice;

QStringList s_announced;

void noteAnnouncement(QAccessibleEvent *event)
{
    if (event->type() == QAccessible::Announcement)
        s_announced += static_cast<QAccessibleAnnouncementEvent *>(event)->message();
}

Notice notice(const char *id, Severity severity, const char *text)
{
    return {.id = QString::fromLatin1(id), .severity = severity, .text = QString::fromUtf8(text)};
}

QStringList list(std::initializer_list<const char *> texts)
{
    QStringList strings;
    for (const char *text : texts)
        strings += QString::fromUtf8(text);
    return strings;
}

} // namespace

class NoticeBarTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void takesNoRoomWhileThereIsNothingToSay();
    void theGravestComesFirst();
    void textIsNeverMarkup();
    void longTextGetsMoreLines();
    void aNumberThatChangesMakesNoStir();
    void anActionIsOneClickAway();
    void anActionMayEndItsNotice();
    void aClosedOneStaysAwayWhileItHolds();
    void closingOneLeavesTheOthers();
    void theKeyboardReachesAll();
    void newAndGraverOnesAreAnnounced();
    void textStaysLegible_data();
    void textStaysLegible();

private:
    template <class Widget>
    [[nodiscard]] QList<Widget *> visible(const char *name) const
    {
        auto found = m_window->findChildren<Widget *>(QString::fromLatin1(name));
        found.removeIf([](const Widget *widget) { return !widget->isVisible(); });
        std::ranges::sort(found, {}, [](const Widget *widget) { return widget->mapToGlobal(QPoint()).y(); });
        return found;
    }

    std::unique_ptr<QWidget> m_window;
    NoticeBar *m_bar = nullptr;
};

void NoticeBarTest::init()
{
    m_window = std::make_unique<QWidget>();
    m_bar = new NoticeBar(m_window.get());
    auto *layout = new QVBoxLayout(m_window.get());
    layout->addWidget(m_bar);
    layout->addStretch();
    m_window->resize(600, 400);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    s_announced.clear();
}

void NoticeBarTest::takesNoRoomWhileThereIsNothingToSay()
{
    QVERIFY(!m_bar->isVisible());
    m_bar->setNotices({notice("a", Severity::Info, "Something.")});
    QVERIFY(m_bar->isVisible());
    m_bar->setNotices({});
    QVERIFY(!m_bar->isVisible());
}

void NoticeBarTest::theGravestComesFirst()
{
    m_bar->setNotices({notice("a", Severity::Info, "one"), notice("b", Severity::Error, "two"),
                       notice("c", Severity::Warning, "three"), notice("d", Severity::Error, "four")});
    QCOMPARE(m_bar->texts(), list({"two", "four", "three", "one"}));
    m_bar->setNotices({notice("a", Severity::Error, "one"), notice("c", Severity::Warning, "three")});
    QCOMPARE(m_bar->texts(), list({"one", "three"}));
    QTest::qWait(1);
    const auto labels = visible<QLabel>("noticeText");
    QCOMPARE(labels.size(), 2);
    QCOMPARE(labels[0]->text(), QStringLiteral("one"));
    QVERIFY(labels[0]->mapToGlobal(QPoint()).y() < labels[1]->mapToGlobal(QPoint()).y());
}

void NoticeBarTest::textIsNeverMarkup()
{
    m_bar->setNotices({notice("a", Severity::Info, "<b>x</b> &amp; <img src='x'>")});
    const auto labels = visible<QLabel>("noticeText");
    QCOMPARE(labels[0]->textFormat(), Qt::PlainText);
    QCOMPARE(labels[0]->text(), QStringLiteral("<b>x</b> &amp; <img src='x'>"));
}

void NoticeBarTest::longTextGetsMoreLines()
{
    auto longer = notice("a", Severity::Info, "");
    longer.text = QStringLiteral("many words ").repeated(60);
    longer.actionText = QStringLiteral("Reload");
    m_bar->setNotices({longer, notice("b", Severity::Info, "short")});
    m_window->resize(300, 1500);
    const auto labels = visible<QLabel>("noticeText");
    QTRY_VERIFY(labels[0]->height() > 5 * labels[0]->fontMetrics().height());
    QVERIFY(labels[0]->height() >= labels[0]->heightForWidth(labels[0]->width()));
    QVERIFY(labels[1]->height() < 3 * labels[1]->fontMetrics().height());
    QVERIFY(m_bar->width() <= 300);
}

void NoticeBarTest::aNumberThatChangesMakesNoStir()
{
    auto grown = notice("grown", Severity::Info, "1 byte");
    grown.actionText = QStringLiteral("Reload");
    m_bar->setNotices({grown});
    auto *button = visible<QPushButton>("noticeAction").front();
    button->setFocus();
    s_announced.clear();
    grown.text = QStringLiteral("2 bytes");
    m_bar->setNotices({notice("other", Severity::Error, "other"), grown});
    QCOMPARE(m_bar->texts(), list({"other", "2 bytes"}));
    QCOMPARE(visible<QPushButton>("noticeAction"), QList<QPushButton *>{button});
    QVERIFY(button->hasFocus());
}

void NoticeBarTest::anActionIsOneClickAway()
{
    int done = 0;
    auto grown = notice("grown", Severity::Info, "1 byte");
    grown.actionText = QStringLiteral("Reload");
    grown.action = [&done] { ++done; };
    m_bar->setNotices({grown, notice("gone", Severity::Warning, "nothing to do")});
    const auto buttons = visible<QPushButton>("noticeAction");
    QCOMPARE(buttons.size(), 1);
    QTest::mouseClick(buttons.front(), Qt::LeftButton);
    QCOMPARE(done, 1);
    buttons.front()->setFocus();
    QTest::keyClick(buttons.front(), Qt::Key_Space);
    QCOMPARE(done, 2);
}

void NoticeBarTest::anActionMayEndItsNotice()
{
    auto grown = notice("grown", Severity::Info, "1 byte");
    grown.actionText = QStringLiteral("Reload");
    grown.action = [this] { m_bar->setNotices({}); };
    m_bar->setNotices({grown});
    QTest::mouseClick(visible<QPushButton>("noticeAction").front(), Qt::LeftButton);
    QVERIFY(!m_bar->isVisible());
    QTRY_VERIFY(m_window->findChildren<QPushButton *>().isEmpty());
}

void NoticeBarTest::aClosedOneStaysAwayWhileItHolds()
{
    m_bar->setNotices({notice("grown", Severity::Info, "1 byte")});
    QTest::mouseClick(visible<QToolButton>("noticeClose").front(), Qt::LeftButton);
    QVERIFY(!m_bar->isVisible());
    m_bar->setNotices({notice("grown", Severity::Info, "2 bytes")});
    QVERIFY(!m_bar->isVisible());
    m_bar->setNotices({notice("gone", Severity::Warning, "gone")});
    QCOMPARE(m_bar->texts(), list({"gone"}));
    m_bar->setNotices({notice("grown", Severity::Info, "1 byte")}); // once more
    QCOMPARE(m_bar->texts(), list({"1 byte"}));
}

void NoticeBarTest::closingOneLeavesTheOthers()
{
    m_bar->setNotices({notice("a", Severity::Error, "one"), notice("b", Severity::Warning, "two"),
                       notice("c", Severity::Info, "three")});
    QTest::qWait(1);
    QTest::mouseClick(visible<QToolButton>("noticeClose")[1], Qt::LeftButton);
    QCOMPARE(m_bar->texts(), list({"one", "three"}));
    QTest::mouseClick(visible<QToolButton>("noticeClose")[0], Qt::LeftButton);
    QCOMPARE(m_bar->texts(), list({"three"}));
    m_bar->setNotices({notice("a", Severity::Error, "one"), notice("b", Severity::Warning, "two")});
    QVERIFY(m_bar->texts().isEmpty());
}

void NoticeBarTest::theKeyboardReachesAll()
{
    auto first = notice("a", Severity::Error, "one");
    first.actionText = QStringLiteral("Do");
    m_bar->setNotices({notice("b", Severity::Info, "two"), first});
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    m_bar->setFocus();
    QStringList visited;
    for (int i = 0; i < 3; ++i) {
        visited +=
            m_window->focusWidget()->objectName() + QString::number(m_window->focusWidget()->parentWidget()->y() > 0);
        QTest::keyClick(m_window->focusWidget(), Qt::Key_Tab);
    }
    QCOMPARE(visited, list({"noticeAction0", "noticeClose0", "noticeClose1"}));
    m_bar->setFocus();
    QTest::keyClick(m_window->focusWidget(), Qt::Key_Escape);
    QCOMPARE(m_bar->texts(), list({"two"}));
    m_bar->setFocus();
    QTest::keyClick(m_window->focusWidget(), Qt::Key_Escape);
    QVERIFY(!m_bar->isVisible());
}

void NoticeBarTest::newAndGraverOnesAreAnnounced()
{
    const auto before = QAccessible::installUpdateHandler(noteAnnouncement);
    QAccessible::setActive(true);
    m_bar->setNotices({notice("a", Severity::Info, "It has grown by 1 byte.")});
    m_bar->setNotices({notice("a", Severity::Info, "It has grown by 2 bytes.")});
    QCOMPARE(s_announced, list({"Information: It has grown by 1 byte."}));
    m_bar->setNotices({notice("a", Severity::Error, "It is gone."), notice("b", Severity::Warning, "<b>")});
    QCOMPARE(s_announced.mid(1), list({"Error: It is gone.", "Warning: <b>"}));

    // Of a file that is behind another one, once it comes to the front.
    s_announced.clear();
    m_window->hide();
    m_bar->setNotices({notice("c", Severity::Warning, "It is another.")});
    QVERIFY(s_announced.isEmpty());
    m_window->show();
    QCOMPARE(s_announced, list({"Warning: It is another."}));
    QAccessible::setActive(false);
    QAccessible::installUpdateHandler(before);
}

void NoticeBarTest::textStaysLegible_data()
{
    QTest::addColumn<QColor>("window");
    QTest::addColumn<QColor>("text");
    QTest::newRow("light") << QColor(0xef, 0xf0, 0xf1) << QColor(0x23, 0x26, 0x29);
    QTest::newRow("dark") << QColor(0x1e, 0x1f, 0x21) << QColor(0xec, 0xec, 0xec);
    QTest::newRow("black") << QColor(Qt::black) << QColor(Qt::white);
}

void NoticeBarTest::textStaysLegible()
{
    QFETCH(const QColor, window);
    QFETCH(const QColor, text);
    QPalette palette(window);
    palette.setColor(QPalette::Base, window);
    palette.setColor(QPalette::Text, text);
    m_window->setPalette(palette);
    QList<QRgb> tints;
    for (const auto severity : {Severity::Info, Severity::Warning, Severity::Error}) {
        m_bar->setNotices({notice("a", severity, ".")});
        const auto image = m_bar->grab().toImage();
        const auto tint = image.pixelColor(image.width() / 2, image.height() / 2);
        const auto luminance = [](const QColor &colour) {
            const auto linear = [](float part) {
                return part <= 0.04045F ? part / 12.92F : std::pow((part + 0.055F) / 1.055F, 2.4F);
            };
            return 0.2126F * linear(colour.redF()) + 0.7152F * linear(colour.greenF())
                + 0.0722F * linear(colour.blueF());
        };
        const auto [darker, brighter] = std::minmax({luminance(tint), luminance(text)});
        QVERIFY((brighter + 0.05F) / (darker + 0.05F) >= 4.5F); // WCAG 2, level AA
        QVERIFY(!tints.contains(tint.rgb()));
        tints += tint.rgb();
    }
    QVERIFY(!tints.contains(window.rgb()));
}

} // namespace modelvault::ui

QTEST_MAIN(modelvault::ui::NoticeBarTest)

#include "notice_bar_test.moc"
