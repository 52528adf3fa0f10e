#include "panels/inspector_panel.h"

#include "support/file_builder.h"
#include "support/scratch_dir.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>

#include <filesystem>
#include <memory>
#include <vector>

namespace modelvault::ui {

class InspectorPanelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_first = open("a.mv", test::FileBuilder().transaction(3, 100).publish().bytes());
        test::FileBuilder file;
        file.append(SegmentType::Temp, "123456789");
        m_payload = file.last() + SegmentHeader::kSize;
        m_second = open("b.mv", file.bytes());
    }

    void init()
    {
        m_first->select({{0}, {1}});
        m_second->select({{0}, {1}});
        m_panel = std::make_unique<InspectorPanel>();
        m_panel->setDocument(m_first.get());
        m_panel->resize(500, 600);
        m_panel->show();
        m_panel->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_panel.get()));
        QTRY_VERIFY(m_panel->isSettled());
    }

    void followsTheSelection()
    {
        QCOMPARE(text("UTF-8"), QStringLiteral("“T” U+0054"));
        QCOMPARE(place(), QStringLiteral("0x0"));
        m_first->select({{1}, {3}});
        QTRY_COMPARE(text("UTF-8"), QStringLiteral("“D” U+0044"));
        QCOMPARE(place(), QStringLiteral("0x1, 2 bytes"));
        QTRY_VERIFY(m_panel->isSettled());
        QVERIFY(text("CRC-32C").startsWith(QStringLiteral("0x")));
    }

    void noValueIsCut()
    {
        m_panel->resize(m_panel->minimumSizeHint().width(), 600);
        QTRY_VERIFY(m_panel->isSettled());
        const auto *list = m_panel->findChild<QTreeView *>(QStringLiteral("inspector"));
        const auto *model = list->model();
        for (int row = 0; row < model->rowCount(); ++row) {
            const auto value = model->index(row, 1).data().toString();
            QVERIFY2(list->fontMetrics().horizontalAdvance(value) <= list->columnWidth(1), qPrintable(value));
        }
    }

    void followsTheDatabase()
    {
        m_second->select({m_payload, m_payload + 9});
        list()->setCurrentIndex(list()->model()->index(3, 0));
        m_panel->setDocument(m_second.get());
        QTRY_COMPARE(text("CRC-32C"), QStringLiteral("0xe3069283"));
        QTRY_COMPARE(text("UTF-8"), QStringLiteral("“1” U+0031"));
        QCOMPARE(list()->currentIndex().row(), 3);
        // The one before leads no longer.
        m_first->select({{1}, {2}});
        QCOMPARE(text("UTF-8"), QStringLiteral("“1” U+0031"));
        m_panel->setDocument(nullptr);
        QCOMPARE(list()->model()->rowCount(), 0);
        QCOMPARE(place(), QString());
        QVERIFY(list()->accessibleDescription().contains(QStringLiteral("No database")));
    }

    void anEmptyFileHasNothingToShow()
    {
        const auto empty = open("empty.mv", {});
        m_panel->setDocument(empty.get());
        QCOMPARE(list()->model()->rowCount(), 0);
        QVERIFY(!list()->accessibleDescription().isEmpty());
        QVERIFY(!order()->isEnabled());
        m_panel->setDocument(m_first.get()); // before the other goes
        QVERIFY(list()->accessibleDescription().isEmpty());
    }

    void theByteOrderIsChosenByTheKeyboard()
    {
        const QSignalSpy changed(m_panel.get(), &InspectorPanel::byteOrderChanged);
        const auto little = text("uint32");
        QVERIFY(order()->focusPolicy() & Qt::TabFocus);
        order()->setFocus();
        QTest::keyClick(order(), Qt::Key_Down);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(m_panel->byteOrder(), ByteOrder::Big);
        QCOMPARE(text("uint32"), QStringLiteral("1413759536"));
        QVERIFY(text("uint32") != little);
        // Told to, it tells nobody.
        m_panel->setByteOrder(ByteOrder::Little);
        QCOMPARE(order()->currentIndex(), 0);
        QCOMPARE(text("uint32"), little);
        QCOMPARE(changed.count(), 1);
    }

    void copiesTheValueWhateverColumnIsCurrent()
    {
        m_panel->setFocus();
        QCOMPARE(QApplication::focusWidget(), list());
        for (const int column : {0, 1}) {
            QGuiApplication::clipboard()->clear();
            list()->setCurrentIndex(list()->model()->index(rowOf("uint32"), column));
            QTest::keySequence(list(), QKeySequence::Copy);
            QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("809649236"));
        }
    }

    void aReasonIsNoValueToCopy()
    {
        const Offset end{m_first->fileLength()};
        m_first->select({{end.value - 3}, end});
        QTRY_COMPARE(text("int64"), QStringLiteral("only 3 bytes are left"));
        QGuiApplication::clipboard()->setText(QStringLiteral("before"));
        list()->setCurrentIndex(list()->model()->index(rowOf("int64"), 1));
        QTest::keySequence(list(), QKeySequence::Copy);
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("before"));
        QVERIFY(!menuAction()->isEnabled());
    }

    void theMenuCopies()
    {
        list()->setCurrentIndex(list()->model()->index(rowOf("binary"), 0));
        auto *copy = menuAction();
        QVERIFY(copy->isEnabled());
        copy->trigger();
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("01010100"));
    }

    void longSelectionsAreComputedOnRequest()
    {
        QVERIFY(!button()->isVisible());
        const auto path = m_folder.write("long.mv", test::FileBuilder().bytes());
        const auto length = InspectorModel::kMostAtOnce + 1;
        std::filesystem::resize_file(path, length); // zeros that take no room
        const auto document = std::make_unique<Document>(path, LockWish::None);
        document->open();
        QTRY_VERIFY(document->snapshot() != nullptr);
        document->select({{0}, {length}});
        m_panel->setDocument(document.get());
        QTRY_VERIFY(m_panel->isSettled());
        QVERIFY(button()->isVisible());
        QCOMPARE(text("CRC-32C"), QStringLiteral("not computed"));
        QVERIFY(button()->text().contains(QStringLiteral("64")));
        button()->setFocus();
        QTest::keyClick(button(), Qt::Key_Space);
        QTRY_VERIFY_WITH_TIMEOUT(text("CRC-32C").startsWith(QStringLiteral("0x")), 60'000);
        QVERIFY(!button()->isVisible());
        QCOMPARE(QApplication::focusWidget(), list());
        m_panel->setDocument(m_first.get());
    }

    void hiddenItReadsNothing()
    {
        m_panel->hide();
        m_first->select({{1}, {2}});
        QVERIFY(m_panel->isSettled());
        QCOMPARE(list()->model()->rowCount(), 0);
        m_panel->show();
        QTRY_COMPARE(text("UTF-8"), QStringLiteral("“D” U+0044"));
    }

private:
    std::unique_ptr<Document> open(const char *name, const std::vector<std::byte> &bytes)
    {
        auto document = std::make_unique<Document>(m_folder.write(name, bytes), LockWish::None);
        document->open();
        [&] { QTRY_COMPARE(document->state(), Document::State::Scanned); }();
        return document;
    }

    [[nodiscard]] QTreeView *list() const { return m_panel->findChild<QTreeView *>(QStringLiteral("inspector")); }
    [[nodiscard]] QComboBox *order() const { return m_panel->findChild<QComboBox *>(QStringLiteral("byteOrder")); }
    [[nodiscard]] QPushButton *button() const
    {
        return m_panel->findChild<QPushButton *>(QStringLiteral("computeChecksum"));
    }
    [[nodiscard]] QString place() const
    {
        return m_panel->findChild<QLabel *>(QStringLiteral("inspectedPlace"))->text();
    }
    [[nodiscard]] int rowOf(const char *name) const
    {
        const auto *model = list()->model();
        for (int row = 0; row < model->rowCount(); ++row) {
            if (model->index(row, 0).data().toString() == QString::fromUtf8(name))
                return row;
        }
        return -1;
    }
    [[nodiscard]] QString text(const char *name) const
    {
        return list()->model()->index(rowOf(name), 1).data().toString();
    }
    /// Of the menu as it is now.
    [[nodiscard]] QAction *menuAction() const
    {
        const auto at = list()->visualRect(list()->currentIndex()).center();
        Q_EMIT list()->customContextMenuRequested(at);
        return m_panel->findChildren<QMenu *>().back()->actions().front();
    }

    test::ScratchDir m_folder;
    std::unique_ptr<Document> m_first;
    std::unique_ptr<Document> m_second;
    std::unique_ptr<InspectorPanel> m_panel;
    Offset m_payload;
};

} // namespace modelvault::ui

QTEST_MAIN(modelvault::ui::InspectorPanelTest)
#include "inspector_panel_test.moc"
