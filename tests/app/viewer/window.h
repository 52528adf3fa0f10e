#pragma once

#include "main_window.h"

#include "support/file_builder.h"

#include "views/document_view.h"
#include "views/field_tree_view.h"
#include "views/hex_view.h"
#include "views/notice_bar.h"
#include "views/page_map_view.h"
#include "views/virtual_table_view.h"

#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QTest>
#include <QTreeView>

#include <cstddef>
#include <filesystem>
#include <tuple>
#include <vector>

namespace modelvault::test {

/// For names that are UTF-8.
[[nodiscard]] inline QString text(const std::filesystem::path &path)
{
    return QString::fromStdString(path.native());
}

/// A window with what a test looks for in it.
struct Window {
    explicit Window(LockWish wish = LockWish::Shared, bool remembers = false)
        : window({.lock = wish, .remembers = remembers})
    {
        window.show();
        std::ignore = QTest::qWaitForWindowExposed(&window);
    }

    template <class Widget>
    [[nodiscard]] Widget *find(const char *name) const
    {
        auto *parent = window.currentView() != nullptr ? static_cast<const QWidget *>(window.currentView()) : &window;
        if (auto *inView = parent->findChild<Widget *>(QString::fromLatin1(name)))
            return inView;
        return window.findChild<Widget *>(QString::fromLatin1(name));
    }
    [[nodiscard]] ui::HexView *hex() const { return find<ui::HexView>("hex"); }
    [[nodiscard]] ui::FieldTreeView *fields() const { return find<ui::FieldTreeView>("fields"); }
    [[nodiscard]] ui::VirtualTableView *log() const { return find<ui::VirtualTableView>("log"); }
    [[nodiscard]] ui::PageMapView *pages() const { return find<ui::PageMapView>("pages"); }
    [[nodiscard]] QString message() const { return find<QLabel>("messageStatus")->text(); }
    [[nodiscard]] QString lockStatus() const { return find<QLabel>("lockStatus")->text(); }
    /// From the top.
    [[nodiscard]] QStringList notices() const { return window.currentView()->notices()->texts(); }
    [[nodiscard]] ui::Document *document() const { return window.currentView()->document(); }

    [[nodiscard]] bool shows(int documents) const
    {
        return QTest::qWaitFor([&] { return window.documentCount() == documents && window.isSettled(); }, 30'000);
    }

    void goTo(const char *place)
    {
        auto *edit = find<QLineEdit>("goTo");
        edit->setText(QString::fromLatin1(place));
        QTest::keyClick(edit, Qt::Key_Return);
    }
    void press(const QKeySequence &keys)
    {
        window.activateWindow();
        std::ignore = QTest::qWaitForWindowActive(&window);
        QTest::keySequence(&window, keys);
    }

    [[nodiscard]] ui::Bookmarks *bookmarks() const { return window.currentView()->bookmarks(); }
    /// Of a bookmark, into the list where it is asked for, ended by Return.
    void typeName(const char *name)
    {
        const QPointer<QLineEdit> editor = qobject_cast<QLineEdit *>(QApplication::focusWidget());
        QVERIFY(editor && find<QTreeView>("bookmarks")->isAncestorOf(editor));
        QTest::keyClicks(editor, QString::fromUtf8(name));
        QTest::keyClick(editor, Qt::Key_Return);
        QTRY_VERIFY(!editor);
    }

    app::MainWindow window;
};

/// A database with so many transactions of two records, 70 bytes each.
[[nodiscard]] inline std::vector<std::byte> database(int transactions = 3)
{
    FileBuilder file;
    for (int i = 0; i < transactions; ++i)
        file.transaction(2, 70).publish();
    return file.bytes();
}

} // namespace modelvault::test
