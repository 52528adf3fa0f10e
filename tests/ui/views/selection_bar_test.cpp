#include "views/selection_bar.h"

#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

#include <memory>

namespace modelvault::ui {

class SelectionBarTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_bar = std::make_unique<SelectionBar>();
        m_typed = std::make_unique<QSignalSpy>(m_bar.get(), &SelectionBar::selectionTyped);
        m_bar->show({{0x2020}, {0x2040}}, {0x203f}, 0x3000);
    }

    void saysEachNumberInHexAndDecimal()
    {
        QCOMPARE(field("Begin")->text(), QStringLiteral("0x2020"));
        QCOMPARE(field("End")->text(), QStringLiteral("0x2040"));
        QCOMPARE(field("Length")->text(), QStringLiteral("0x20"));
        QCOMPARE(field("Cursor")->text(), QStringLiteral("0x203f"));
        const auto decimal = m_bar->findChild<QLabel *>(QStringLiteral("selectionDecimal"))->text();
        for (const char *number : {"8\u2009224", "8\u2009256", "8\u2009255", "32 bytes"})
            QVERIFY2(decimal.contains(QString::fromUtf8(number)), qPrintable(decimal));
    }

    void noNumberIsCutHoweverNarrowItIs()
    {
        m_bar->show({{0x12'3456'7890}, {0x12'3456'7899}}, {0x12'3456'7890}, 0x13'0000'0000);
        const auto heightAt = [this](int width) {
            m_bar->resize(width, m_bar->heightForWidth(width));
            m_bar->QWidget::show();
            QTest::qWait(0);
            return m_bar->height();
        };
        const auto wide = heightAt(1600);
        const auto narrow = heightAt(m_bar->minimumSizeHint().width() + 1);
        QVERIFY(narrow > wide);
        for (const auto *edit : m_bar->findChildren<QLineEdit *>()) {
            QVERIFY(edit->fontMetrics().horizontalAdvance(edit->text()) < edit->width());
            QVERIFY(m_bar->rect().contains(QRect(edit->mapTo(m_bar.get(), QPoint()), edit->size())));
        }
        const auto *decimal = m_bar->findChild<QLabel *>(QStringLiteral("selectionDecimal"));
        QVERIFY(decimal->width() >= decimal->sizeHint().width());
    }

    void aTypedNumberSelects_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("typed");
        QTest::addColumn<quint64>("begin");
        QTest::addColumn<quint64>("end");
        const auto add = [](const char *name, const char *typed, quint64 begin, quint64 end) {
            QTest::addRow("%s %s", name, typed)
                << QString::fromLatin1(name) << QString::fromLatin1(typed) << begin << end;
        };
        add("Cursor", "0x100", 0x100, 0x101);
        add("Cursor", "0xffffffffffffffff", 0x2fff, 0x3000);
        add("Begin", "0x2000", 0x2000, 0x2020); // keeps the length
        add("Begin", "0x2ff0", 0x2ff0, 0x3000); // as far as the file goes
        add("End", "8240", 0x2020, 0x2030);
        add("End", "0x10", 0x10, 0x10); // before the begin: nothing is left
        add("End", "0xffffffffffffffff", 0x2020, 0x3000);
        add("Length", "1", 0x2020, 0x2021);
        add("Length", "0xffffffffffffffff", 0x2020, 0x3000);
    }

    void aTypedNumberSelects()
    {
        QFETCH(const QString, name);
        QFETCH(const QString, typed);
        QFETCH(const quint64, begin);
        QFETCH(const quint64, end);
        type(name.toLatin1().constData(), typed);
        QCOMPARE(m_typed->size(), 1);
        QCOMPARE(m_typed->front()[0].value<Offset>().value, begin);
        QCOMPARE(m_typed->front()[1].value<Offset>().value, end);
    }

    void whatIsBeingTypedStaysWhateverTheScanFinds()
    {
        m_bar->QWidget::show();
        QVERIFY(QTest::qWaitForWindowActive(m_bar.get()));
        auto *cursor = field("Cursor");
        cursor->setFocus();
        cursor->selectAll();
        QTest::keyClicks(cursor, QStringLiteral("0x12"));
        m_bar->show({{0x2020}, {0x2040}}, {0x2020}, 0x3000);
        QCOMPARE(cursor->text(), QStringLiteral("0x12"));
        QTest::keyClick(cursor, Qt::Key_Return);
        m_bar->show({{0x12}, {0x13}}, {0x12}, 0x3000);
        QCOMPARE(cursor->text(), QStringLiteral("0x12"));
        m_bar->show({{0x2020}, {0x2040}}, {0x2020}, 0x3000); // somebody went elsewhere
        QCOMPARE(cursor->text(), QStringLiteral("0x2020"));
    }

    void nonsenseSelectsNothing()
    {
        type("Begin", QStringLiteral("here"));
        QVERIFY(m_typed->isEmpty());
    }

    void everyFieldHasANameAndALabel()
    {
        for (const auto *edit : m_bar->findChildren<QLineEdit *>()) {
            QVERIFY(!edit->accessibleName().isEmpty());
            QVERIFY(!edit->toolTip().isEmpty());
        }
    }

    void fitsNarrowWindows()
    {
        QVERIFY(m_bar->minimumSizeHint().width() < m_bar->fontMetrics().averageCharWidth() * 110);
        // Even there no label is cut.
        m_bar->resize(m_bar->minimumSizeHint());
        m_bar->QWidget::show();
        QVERIFY(QTest::qWaitForWindowExposed(m_bar.get()));
        for (const auto *label : m_bar->findChildren<QLabel *>()) {
            if (label->buddy() != nullptr)
                QVERIFY2(label->width() >= label->sizeHint().width(), qPrintable(label->text()));
        }
    }

private:
    [[nodiscard]] QLineEdit *field(const char *name) const
    {
        for (auto *edit : m_bar->findChildren<QLineEdit *>()) {
            if (edit->accessibleName() == QString::fromLatin1(name))
                return edit;
        }
        return nullptr;
    }
    void type(const char *name, const QString &text) const
    {
        auto *edit = field(name);
        edit->selectAll();
        QTest::keyClicks(edit, text);
        QTest::keyClick(edit, Qt::Key_Return);
    }

    std::unique_ptr<SelectionBar> m_bar;
    std::unique_ptr<QSignalSpy> m_typed;
};

} // namespace modelvault::ui

QTEST_MAIN(modelvault::ui::SelectionBarTest)

#include "selection_bar_test.moc"
