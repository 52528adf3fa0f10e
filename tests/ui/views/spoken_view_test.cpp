#include "views/spoken_view.h"

#include <QAccessible>
#include <QTest>
#include <QWidget>

#include <vector>

namespace modelvault::ui {

namespace {

class Told final : public QWidget, public SpokenView {
public:
    [[nodiscard]] QString spokenText() const override { return text; }

    QString text = QStringLiteral("page 7, 2 segments");
};

struct Said {
    QAccessible::Event kind;
    QObject *who;
    QString text;
};

std::vector<Said> said;

void note(QAccessibleEvent *event)
{
    if (event->type() == QAccessible::Announcement)
        said.push_back({event->type(), event->object(), static_cast<QAccessibleAnnouncementEvent *>(event)->message()});
    else if (event->type() == QAccessible::ValueChanged)
        said.push_back(
            {event->type(), event->object(), static_cast<QAccessibleValueChangeEvent *>(event)->value().toString()});
}

/// Notes what is said while it lives.
class Listening {
public:
    Listening() : m_before(QAccessible::installUpdateHandler(note)) { said.clear(); }
    ~Listening() { QAccessible::installUpdateHandler(m_before); }
    Q_DISABLE_COPY_MOVE(Listening)

private:
    QAccessible::UpdateHandler m_before;
};

} // namespace

/// As a screen reader follows a view that paints for itself.
class SpokenViewTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { installSpokenViews(); }
    void describesWhatIsUnderTheCursor();
    void announcesWhereTheCursorWent();
    void isSilentWithoutFocus();

private:
    static void focus(QWidget &view)
    {
        view.setFocusPolicy(Qt::StrongFocus);
        view.show();
        view.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&view));
        view.setFocus();
        QVERIFY(view.hasFocus());
    }
};

void SpokenViewTest::describesWhatIsUnderTheCursor()
{
    Told view;
    view.setAccessibleName(QStringLiteral("Pages"));
    auto *accessible = QAccessible::queryAccessibleInterface(&view);
    QVERIFY(accessible);
    QCOMPARE(accessible->role(), QAccessible::Canvas);
    QCOMPARE(accessible->text(QAccessible::Name), QStringLiteral("Pages"));
    QCOMPARE(accessible->text(QAccessible::Description), view.text);
    view.text = QStringLiteral("page 8, free");
    QCOMPARE(accessible->text(QAccessible::Description), view.text);
    QCOMPARE(accessible->text(QAccessible::Value), view.text);
}

void SpokenViewTest::announcesWhereTheCursorWent()
{
    Told view;
    focus(view);
    const Listening listening;
    speak(&view);
    QCOMPARE(said.size(), 2);
    QCOMPARE(said[0].kind, QAccessible::ValueChanged);
    QCOMPARE(said[1].kind, QAccessible::Announcement);
    for (const auto &each : said) {
        QCOMPARE(each.who, &view);
        QCOMPARE(each.text, view.text);
    }
}

void SpokenViewTest::isSilentWithoutFocus()
{
    Told view;
    Told other;
    focus(other);
    const Listening listening;
    speak(&view);
    QVERIFY(said.empty());
}

} // namespace modelvault::ui

QTEST_MAIN(modelvault::ui::SpokenViewTest)
#include "spoken_view_test.moc"
