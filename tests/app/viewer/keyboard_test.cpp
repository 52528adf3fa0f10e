// A developer without a mouse, from the first file to the last byte.

#include "window.h"

#include "support/scratch_dir.h"

#include <QAccessible>
#include <QClipboard>
#include <QMenu>
#include <QMenuBar>
#include <QScrollArea>
#include <QTabBar>

using namespace modelvault;
using namespace modelvault::ui;
using test::text;
using test::Window;

class KeyboardTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder.emplace();
        m_shown.emplace();
        activate();
    }
    void cleanup() { m_shown.reset(); }

    void opensAFileLooksAroundAndGoes()
    {
        const auto path = m_folder->write("a.mv", test::database(300));
        press(Qt::Key_O, Qt::ControlModifier);
        QTRY_VERIFY(QApplication::activeModalWidget() != nullptr);
        const QPointer<QWidget> dialog = QApplication::activeModalWidget();
        // Pasted: what is typed, Qt's dialog completes relative to the folder that it shows.
        QApplication::clipboard()->setText(text(path));
        QTest::keyClick(dialog->focusWidget(), Qt::Key_V, Qt::ControlModifier);
        QTest::keyClick(dialog->focusWidget(), Qt::Key_Return);
        QTRY_VERIFY(!dialog || !dialog->isVisible());
        QVERIFY(m_shown->shows(1));
        QCOMPARE(m_shown->document()->path(), path);
        activate(); // what a window manager does when a dialog closes

        // The log: down, to a type, to a number, and on to the bytes.
        press(Qt::Key_3, Qt::AltModifier);
        press(Qt::Key_Home);
        press(Qt::Key_Down);
        QTRY_COMPARE(m_shown->hex()->selectionBegin(), segmentBegin(1));
        QTest::keyClicks(focus(), QStringLiteral("rec"));
        QTRY_COMPARE(m_shown->log()->currentRow(), std::optional<std::uint64_t>(2));
        QTest::qWait(QApplication::keyboardInputInterval() + 50);
        QTest::keyClicks(focus(), QStringLiteral("1000"));
        QTRY_COMPARE(m_shown->log()->currentRow(), std::optional<std::uint64_t>(1000));
        press(Qt::Key_Return);
        QCOMPARE(focus(), static_cast<QWidget *>(m_shown->hex()));

        // The bytes: a selection, copied, and its length typed.
        QTRY_COMPARE(m_shown->hex()->selectionBegin(), segmentBegin(1000));
        press(Qt::Key_Home, Qt::ControlModifier);
        for (int i = 0; i < 3; ++i)
            press(Qt::Key_Right, Qt::ShiftModifier);
        press(Qt::Key_C, Qt::ControlModifier);
        QTRY_COMPARE(QApplication::clipboard()->text(), QStringLiteral("54 44 42 30"));
        press(Qt::Key_PageDown, Qt::ControlModifier); // from the head to the first segment
        QTRY_COMPARE(m_shown->hex()->selectionBegin(), kLogStart);

        // Anywhere by name, and back.
        press(Qt::Key_G, Qt::ControlModifier);
        QTest::keyClicks(focus(), QStringLiteral("txn 7"));
        press(Qt::Key_Return);
        QTRY_VERIFY(m_shown->hex()->selectionBegin() > kLogStart);
        QTRY_COMPARE(focus(), static_cast<QWidget *>(m_shown->hex())); // on with what was found
        press(Qt::Key_Left, Qt::AltModifier);
        QTRY_COMPARE(m_shown->hex()->selectionBegin(), kLogStart);

        // The map: pages, and one of them alone.
        press(Qt::Key_2, Qt::AltModifier);
        press(Qt::Key_Right);
        QCOMPARE(m_shown->hex()->selectionBegin(), PageMap::start({1}));
        press(Qt::Key_Return);
        QVERIFY(m_shown->pages()->cellRect({1}).height() > m_shown->pages()->viewport()->height() / 2);
        press(Qt::Key_0);
        QVERIFY(!m_shown->pages()->cellRect({0}).isEmpty());
    }

    void segmentsAreFiltered()
    {
        m_shown->window.openFile(m_folder->write("a.mv", test::database(300)));
        QVERIFY(m_shown->shows(1));
        m_shown->press(Qt::CTRL | Qt::SHIFT | Qt::Key_F); // from any view
        QCOMPARE(focus()->objectName(), QStringLiteral("filter"));
        QTest::keyClicks(focus(), QStringLiteral("type == record and number > 100"));
        press(Qt::Key_Return);
        activate(); // what a window manager does when the list of completions closes
        const auto *rows = m_shown->log()->model();
        QTRY_COMPARE(rows->rowCount(), 560U);
        // What is selected leads to the bytes of that segment, and a place of another segment to no row.
        m_shown->log()->setFocus();
        press(Qt::Key_Home);
        press(Qt::Key_Down);
        QTRY_COMPARE(m_shown->hex()->selectionBegin(), segmentBegin(103));
        press(Qt::Key_PageDown, Qt::ControlModifier);
        QTRY_COMPARE(m_shown->hex()->selectionBegin(), segmentBegin(104));
        QTRY_COMPARE(m_shown->log()->currentRow(), std::nullopt);
        m_shown->goTo("seg 107");
        QTRY_COMPARE(m_shown->log()->currentRow(), std::optional<std::uint64_t>(2));
        // The menu key reaches the filters of the row.
        m_shown->log()->setFocus();
        QContextMenuEvent menuKey(QContextMenuEvent::Keyboard, QPoint(), QPoint());
        QApplication::sendEvent(m_shown->log()->viewport(), &menuKey);
        const QPointer<QWidget> menu = QApplication::activePopupWidget();
        QVERIFY(menu && menu->findChild<QMenu *>(QStringLiteral("applyAsFilter"))->isEnabled());
        menu->close();
        activate();
        // Loaded again, the file is filtered again.
        m_shown->press(QKeySequence::Refresh);
        QVERIFY(m_shown->shows(1));
        QTRY_COMPARE(rows->rowCount(), 560U);
        QTRY_COMPARE(m_shown->log()->currentRow(), std::optional<std::uint64_t>(2));
        // All again, with the place kept; then back to the list.
        m_shown->press(Qt::CTRL | Qt::SHIFT | Qt::Key_F);
        press(Qt::Key_Escape);
        QTRY_COMPARE(m_shown->log()->currentRow(), std::optional<std::uint64_t>(107));
        press(Qt::Key_Escape);
        QCOMPARE(focus(), static_cast<QWidget *>(m_shown->log()));
    }

    void theLockIsReleasedAndTakenAgain()
    {
        m_shown->window.openFile(m_folder->write("a.mv", test::database()));
        QVERIFY(m_shown->shows(1));
        QCOMPARE(m_shown->document()->lockState(), LockState::Shared);
        tabTo("releaseLock");
        press(Qt::Key_Space);
        QTRY_COMPARE(m_shown->document()->lockState(), LockState::Unlocked);
        tabTo("takeLock");
        press(Qt::Key_Space);
        QTRY_COMPARE(m_shown->document()->lockState(), LockState::Shared);
    }

    void everyActionOfTheMenusHasAWayWithoutAMouse()
    {
        m_shown->window.openFile(m_folder->write("a.mv", test::database()));
        QVERIFY(m_shown->shows(1));
        for (auto *action : m_shown->window.menuBar()->actions()) {
            QVERIFY2(!QKeySequence::mnemonic(action->text()).isEmpty(), qPrintable(action->text()));
            for (const auto *entry : action->menu()->actions())
                QVERIFY2(entry->isSeparator() || !QKeySequence::mnemonic(entry->text()).isEmpty()
                             || !entry->shortcut().isEmpty() || entry->isCheckable(),
                         qPrintable(entry->text()));
        }
    }

    void everythingThatTakesTheFocusHasANameForScreenReaders()
    {
        m_shown->window.openFile(m_folder->write("a.mv", test::database()));
        QVERIFY(m_shown->shows(1));
        int named = 0;
        for (auto *widget : m_shown->window.findChildren<QWidget *>()) {
            if (!widget->isVisible() || !(widget->focusPolicy() & Qt::TabFocus) || widget->focusProxy() != nullptr)
                continue;
            const auto *accessible = QAccessible::queryAccessibleInterface(widget);
            const bool isTabs = qobject_cast<const QTabBar *>(widget) != nullptr;     // each tab has its own
            const bool isArea = qobject_cast<const QScrollArea *>(widget) != nullptr; // its content has
            QVERIFY2(isTabs || isArea || !accessible->text(QAccessible::Name).isEmpty()
                         || !accessible->text(QAccessible::Value).isEmpty(),
                     qPrintable(QStringLiteral("%1 %2").arg(QString::fromLatin1(widget->metaObject()->className()),
                                                            widget->objectName())));
            ++named;
        }
        QVERIFY(named > 10);
    }

private:
    void activate()
    {
        m_shown->window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&m_shown->window));
    }
    [[nodiscard]] QWidget *focus() const { return QApplication::focusWidget(); }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::keyClick(focus() != nullptr ? focus() : &m_shown->window, key, modifiers);
    }
    [[nodiscard]] Offset segmentBegin(std::uint64_t no) const
    {
        return LogReader(*m_shown->document()->store(), m_shown->document()->snapshot()->log.index)
            .segment({no})
            .value()
            .offset;
    }
    /// By Tab alone, all the way round if need be.
    void tabTo(const char *name)
    {
        const auto wanted = QString::fromLatin1(name);
        for (int i = 0; i < 100 && (focus() == nullptr || focus()->objectName() != wanted); ++i)
            press(Qt::Key_Tab);
        QVERIFY2(focus() != nullptr && focus()->objectName() == wanted, name);
    }

    std::optional<test::ScratchDir> m_folder;
    std::optional<Window> m_shown;
};

QTEST_MAIN(KeyboardTest)
#include "keyboard_test.moc"
