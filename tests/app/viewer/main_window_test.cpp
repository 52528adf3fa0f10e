// The real window, driven as its users do.

#include "window.h"

#include "app/viewer/first_paint.h"
#include "format/superblock.h"
#include "panels/find_panel.h"
#include "support/corpus.h"
#include "support/lock_holding.h"
#include "support/sample_rows.h"
#include "support/scratch_dir.h"
#include "views/data_view.h"
#include "views/schema_view.h"

#include <QAction>
#include <QDesktopServices>
#include <QDir>
#include <QDockWidget>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QMimeData>
#include <QProcess>
#include <QPushButton>
#include <QSettings>
#include <QShortcut>
#include <QSignalSpy>
#include <QStatusBar>
#include <QTabWidget>
#include <QTest>
#include <QToolButton>
#include <QTreeView>
#include <QTreeWidget>

#include <algorithm>
#include <array>

using namespace modelvault;
using namespace modelvault::ui;
using test::database;
using test::text;
using test::Window;
using Path = std::filesystem::path;

namespace {

/// A drag of files that ends over a widget.
void drop(QWidget *onto, const QList<QUrl> &urls)
{
    QMimeData mime;
    mime.setUrls(urls);
    const QPoint at = onto->rect().center();
    QDragEnterEvent enter(at, Qt::CopyAction | Qt::MoveAction, &mime, Qt::LeftButton, {});
    QApplication::sendEvent(onto, &enter);
    QVERIFY2(enter.isAccepted(), "the drag is refused");
    QDropEvent released(at, Qt::CopyAction | Qt::MoveAction, &mime, Qt::LeftButton, {});
    QApplication::sendEvent(onto, &released);
    QVERIFY2(released.isAccepted(), "the drop is refused");
    QCOMPARE(released.dropAction(), Qt::CopyAction); // a file manager must not take it for moved
}

/// In place of the system's programs.
class UrlCatcher : public QObject {
    Q_OBJECT

public:
    UrlCatcher() { QDesktopServices::setUrlHandler(QStringLiteral("file"), this, "open"); }
    ~UrlCatcher() override { QDesktopServices::unsetUrlHandler(QStringLiteral("file")); }

    QList<QUrl> opened;

public Q_SLOTS:
    void open(const QUrl &url) { opened += url; }
};

} // namespace

class MainWindowTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder.emplace(); }

    void startsWithAWayIn()
    {
        const Window shown;
        QVERIFY(shown.find<QPushButton>("openButton")->isVisible());
        QCOMPARE(shown.window.documentCount(), 0);
    }

    void opensWhatIsDropped_data()
    {
        QTest::addColumn<QByteArray>("onto");
        for (const char *name :
             {"", "openButton", "navigator", "lockHolders", "goTo", "selection0", "hex", "pages", "log", "views"})
            QTest::newRow(*name == '\0' ? "window" : name) << QByteArray(name);
    }

    void opensWhatIsDropped()
    {
        QFETCH(const QByteArray, onto);
        Window shown;
        const bool needsDocument = QList<QByteArray>{"selection0", "hex", "pages", "log", "views"}.contains(onto);
        const auto first = m_folder->write("first.mv", database());
        const auto second = m_folder->write("second.mv", database());
        if (needsDocument) {
            shown.window.openFile(m_folder->write("zeroth.mv", database()));
            QVERIFY(shown.shows(1));
        }
        QWidget *target = onto.isEmpty() ? &shown.window : shown.find<QWidget>(onto.constData());
        QVERIFY(target != nullptr);
        if (auto *area = qobject_cast<QAbstractScrollArea *>(target))
            target = area->viewport();
        drop(target, {QUrl::fromLocalFile(text(first)), QUrl::fromLocalFile(text(second))});
        QVERIFY(shown.shows(needsDocument ? 3 : 2));
        QCOMPARE(shown.document()->path(), second);
    }

    void opensDroppedNamesThatAreNoUtf8()
    {
        Window shown;
        const auto path = m_folder->write("caf\xe9 & 50%.mv", database());
        const auto url = QUrl::fromEncoded("file://" + QByteArray::fromStdString(path.native()).toPercentEncoding("/"));
        drop(&shown.window, {url});
        QVERIFY(shown.shows(1));
        QCOMPARE(shown.document()->path(), path);
        QCOMPARE(shown.document()->state(), Document::State::Scanned);
    }

    void refusesDropsThatAreNoFiles()
    {
        Window shown;
        QMimeData mime;
        mime.setUrls({QUrl(QStringLiteral("https://example.org/a.mv"))});
        QDragEnterEvent enter({10, 10}, Qt::CopyAction, &mime, Qt::LeftButton, {});
        QApplication::sendEvent(&shown.window, &enter);
        QVERIFY(!enter.isAccepted());
    }

    void opensByDialog()
    {
        Window shown;
        const auto path = m_folder->write("chosen.mv", database());
        QTest::mouseClick(shown.find<QPushButton>("openButton"), Qt::LeftButton);
        auto *dialog = shown.window.findChild<QFileDialog *>();
        QVERIFY(dialog != nullptr);
        QCOMPARE(dialog->nameFilters().front(), QStringLiteral("ModelVault databases (*.mv *.modelvault *.typra)"));
        QCOMPARE(dialog->nameFilters().size(), 2);
        dialog->findChild<QLineEdit *>()->setText(text(path));
        QMetaObject::invokeMethod(dialog, "accept");
        QVERIFY(shown.shows(1));
        QCOMPARE(shown.document()->path(), path);
    }

    void opensWhatTheCommandLineNames()
    {
        const auto path = m_folder->write("named & odd.mv", database());
        const auto pictures = *m_folder / "pictures";
        QProcess viewer;
        viewer.start(QStringLiteral(MODELVAULT_VIEWER),
                     {QStringLiteral("--screenshot"), text(pictures), QStringLiteral("--lock"), QStringLiteral("none"),
                      text(path)});
        QVERIFY(viewer.waitForFinished(60'000));
        QCOMPARE(viewer.exitCode(), 0);
        for (const char *view : {"pages", "log"}) {
            const QImage picture(text(pictures / ("1-named---odd.mv-" + std::string(view) + ".png")));
            QVERIFY2(picture.width() > 300, view);
        }
        QVERIFY(!std::filesystem::exists(lockFilePath(path)));
    }

    void aPictureShowsWhatCouldNotBeOpened()
    {
        const auto pictures = *m_folder / "pictures";
        QProcess viewer;
        viewer.start(QStringLiteral(MODELVAULT_VIEWER),
                     {QStringLiteral("--screenshot"), text(pictures), text(*m_folder / "missing.mv"),
                      text(m_folder->write("there.mv", database()))});
        QVERIFY(viewer.waitForFinished(60'000));
        QCOMPARE(viewer.exitCode(), 1);
        const auto said = viewer.readAllStandardError();
        QVERIFY2(said.contains("cannot open") && said.contains("missing.mv"), said.constData());
        QCOMPARE(QDir(text(pictures)).entryList({QStringLiteral("1-*")}),
                 QStringList(QStringLiteral("1-missing.mv.png")));
        QVERIFY(QImage(text(pictures / "1-missing.mv.png")).width() > 300);
        QVERIFY(std::filesystem::exists(pictures / "2-there.mv-log.png"));
    }

    void refusesAWrongCommandLine()
    {
        QProcess viewer;
        viewer.start(QStringLiteral(MODELVAULT_VIEWER), {QStringLiteral("--lock"), QStringLiteral("exclusive")});
        QVERIFY(viewer.waitForFinished(60'000));
        QCOMPARE(viewer.exitCode(), 2);
        QCOMPARE(viewer.readAllStandardError(),
                 QByteArray("modelvault-viewer: --lock: neither shared nor none: exclusive\n"
                            "Run with --help for more information.\n"));
    }

    void showsAFileOnlyOnce()
    {
        Window shown;
        const auto first = m_folder->write("first.mv", database());
        const auto link = *m_folder / "link.mv";
        std::filesystem::create_symlink(first, link);
        shown.window.openFiles({first, m_folder->write("second.mv", database())});
        QVERIFY(shown.shows(2));
        QCOMPARE(shown.window.findChild<QTabWidget *>(QStringLiteral("documents"))->currentIndex(), 1);
        shown.window.openFile(link);
        QTRY_COMPARE(shown.document()->path(), first);
        QVERIFY(shown.shows(2));
        // Twice at once, too, before either is open.
        const auto third = m_folder->write("third.mv", database());
        const auto second = *m_folder / "third by another name.mv";
        std::filesystem::create_hard_link(third, second);
        shown.window.openFiles({third, third, second});
        QVERIFY(shown.shows(3));
    }

    void aSelectedSegmentMovesTheOtherViews()
    {
        Window shown;
        shown.window.openFile(m_folder->write("a.mv", database(300)));
        QVERIFY(shown.shows(1));
        shown.find<QTabWidget>("views")->setCurrentIndex(2);
        auto *log = shown.log();
        log->setFocus();
        QTest::keyClick(log, Qt::Key_End);
        const auto last = log->model()->rowCount() - 1;
        QCOMPARE(log->currentRow(), std::optional(last));
        const auto length = shown.document()->fileLength();
        QTRY_COMPARE(shown.hex()->selectionEnd(), Offset{length});
        QVERIFY(shown.hex()->visibleBegin() <= shown.hex()->selectionBegin());
        QVERIFY(shown.hex()->visibleEnd() > shown.hex()->selectionBegin());
        QCOMPARE(shown.pages()->currentPage(), PageMap::pageAt(shown.hex()->selectionBegin()));

        QTest::mouseClick(log->viewport(), Qt::LeftButton, {}, log->rowRect(last - 1).center());
        const auto before = length - shown.hex()->selectionBegin().value;
        QVERIFY(before > 0);
        QCOMPARE(log->currentRow(), std::optional(last - 1));
    }

    void aByteChosenInTheHexViewLeadsTheOtherViews()
    {
        Window shown;
        shown.window.openFile(m_folder->write("a.mv", database(300)));
        QVERIFY(shown.shows(1));
        auto *hex = shown.hex();
        hex->setFocus();
        QTest::keyClick(hex, Qt::Key_End, Qt::ControlModifier);
        QTRY_COMPARE(shown.log()->currentRow(), std::optional(shown.log()->model()->rowCount() - 1));
        QVERIFY(shown.pages()->currentPage().value > 0);
        QTest::keyClick(hex, Qt::Key_Home, Qt::ControlModifier);
        QTRY_COMPARE(shown.log()->currentRow(), std::optional<std::uint64_t>()); // the header is no segment
        QCOMPARE(shown.pages()->currentPage(), PageNo{0});
    }

    void fieldsAndBytesLeadEachOther()
    {
        Window shown;
        shown.window.openFile(m_folder->write("valid-books.mv", test::corpusFile("valid-books").bytes()));
        QVERIFY(shown.shows(1));
        auto *fields = shown.fields();
        // A whole segment is the root.
        shown.goTo("seg 6");
        QVERIFY(shown.shows(1));
        const auto piece = fields->fields().piece();
        QCOMPARE(piece->segment(), SegmentNo{6});
        QCOMPARE(fields->currentNode(), &piece->root());
        // Each byte that is chosen in the hex view is a leaf.
        const auto [begin, end] = shown.document()->selection();
        for (auto at = begin; at < end; at += 1) {
            shown.hex()->goTo(at);
            QCOMPARE(fields->currentNode(), piece->pathTo(at).back());
            QCOMPARE(shown.document()->selection(), (Document::Selection{at, at + 1}));
            QCOMPARE(fields->fields().piece(), piece);
        }
        // Each node that is chosen in the tree selects its bytes, and stays.
        const auto checkNode = [&](const auto &self, const FieldNode &node) -> void {
            if (node.length() > 0) {
                fields->setCurrentIndex(fields->fields().indexOf(node));
                QCOMPARE(shown.document()->selection(), (Document::Selection{node.begin, node.end}));
                QCOMPARE(shown.hex()->selectionBegin(), node.begin);
                QCOMPARE(shown.hex()->selectionEnd(), node.end);
                QCOMPARE(fields->currentNode(), &node);
                QCOMPARE(fields->fields().piece(), piece);
            }
            for (const auto &child : node.children)
                self(self, child);
        };
        checkNode(checkNode, piece->root());
        QVERIFY(shown.shows(1));
        QCOMPARE(fields->fields().piece(), piece);
        QCOMPARE(shown.log()->currentRow(), std::optional<std::uint64_t>(6));
        // Another segment's byte brings its piece.
        shown.goTo("seg 2");
        QVERIFY(shown.shows(1));
        QCOMPARE(fields->fields().piece()->segment(), SegmentNo{2});
    }

    void recordsAreExplainedOnceTheFileIsScanned()
    {
        Window shown;
        shown.window.openFile(m_folder->write("valid-books.mv", test::corpusFile("valid-books").bytes()));
        QVERIFY(shown.shows(1));
        shown.goTo("seg 6");
        QVERIFY(shown.shows(1));
        const auto &root = shown.fields()->fields().piece()->root();
        const auto leaf = pathTo(root, root.end + ~std::uint64_t{0}).back();
        QCOMPARE(leaf->role, FieldNode::Role::Field);
    }

    void aFieldThatPointsSomewhereIsFollowed()
    {
        Window shown;
        shown.window.openFile(m_folder->write("valid-checkpoint.mv", test::corpusFile("valid-checkpoint").bytes()));
        QVERIFY(shown.shows(1));
        const auto snapshot = shown.document()->snapshot();
        QVERIFY(snapshot->head.selected.has_value());
        shown.document()->select(
            {Superblock::slotOffset(*snapshot->head.selected), Superblock::slotOffset(*snapshot->head.selected) + 1});
        QVERIFY(shown.shows(1));
        auto *fields = shown.fields();
        int followed = 0;
        const auto piece = fields->fields().piece();
        for (const auto &field : piece->root().children) {
            const auto target = field.target();
            if (!target)
                continue;
            ++followed;
            shown.document()->select({field.begin, field.end});
            QVERIFY(shown.shows(1));
            fields->setFocus();
            QTest::keyClick(fields, Qt::Key_Return);
            QVERIFY(shown.shows(1));
            QCOMPARE(shown.document()->selection().begin, *target);
            QVERIFY(fields->fields().piece()->segment().has_value());
            QCOMPARE(fields->currentNode(), &fields->fields().piece()->root());
            shown.window.currentView()->goBack();
            QVERIFY(shown.shows(1));
            QCOMPARE(shown.document()->selection(), (Document::Selection{field.begin, field.end}));
        }
        QCOMPARE(followed, 2); // manifest and checkpoint
        Q_EMIT fields->targetRequested({~std::uint64_t{0}});
        QVERIFY(shown.message().contains(QStringLiteral("behind the end")));
    }

    void aWrongChecksumShadesWhatItCovers()
    {
        Window shown;
        shown.window.openFile(m_folder->write("damaged-record-payload-bit.mv", test::corpusFile("damaged-record-payload-bit").bytes()));
        QVERIFY(shown.shows(1));
        shown.press(Qt::Key_F8);
        QVERIFY(shown.shows(1));
        auto *fields = shown.fields();
        const auto &root = fields->fields().piece()->root();
        const auto crc =
            std::ranges::find(root.children.front().children, std::string_view("payload CRC"), &FieldNode::name);
        QVERIFY(crc != root.children.front().children.end());
        QCOMPARE(crc->verdict, Verdict::Wrong);
        const auto payload = [&] { return shown.hex()->viewport()->grab().toImage(); };
        shown.hex()->goTo(crc->begin);
        QCOMPARE(fields->currentNode(), &*crc);
        const auto shaded = payload();
        shown.hex()->setCovered({}, {});
        QVERIFY(payload() != shaded);
        shown.hex()->goTo(crc->begin + ~std::uint64_t{0});
        QVERIFY(!fields->covered());
    }

    void aPageShowsItsBytes()
    {
        Window shown;
        shown.window.openFile(m_folder->write("a.mv", database(300)));
        QVERIFY(shown.shows(1));
        shown.find<QTabWidget>("views")->setCurrentIndex(1);
        auto *pages = shown.pages();
        QTest::mouseClick(pages->viewport(), Qt::LeftButton, {}, pages->cellRect({2}).center());
        QCOMPARE(shown.hex()->selectionBegin(), PageMap::start({2}));
        QCOMPARE(shown.hex()->selectionEnd(), PageMap::start({3}));
    }

    void theNavigatorLeadsToItsParts()
    {
        Window shown;
        shown.window.openFile(m_folder->write("a.mv", database()));
        QVERIFY(shown.shows(1));
        auto *tree = shown.find<QTreeView>("navigator");
        const auto *model = tree->model();
        QCOMPARE(model->rowCount(), 5);
        tree->setFocus();
        tree->setCurrentIndex(model->index(2, 0));
        QCOMPARE(shown.hex()->selectionBegin(), Superblock::slotOffset(SuperblockSlot::B));
        QCOMPARE(shown.hex()->selectionEnd(), kLogStart);
        tree->setCurrentIndex(model->index(1, 0, model->index(4, 0)));
        QTRY_VERIFY(shown.hex()->selectionBegin() > kLogStart);
        QTRY_COMPARE(shown.log()->currentRow(), std::optional<std::uint64_t>(6));
    }

    void aCollectionOfTheNavigatorLeadsToItsSchemaAndItsRows()
    {
        Window shown;
        shown.window.openFile(m_folder->write("a.mv", test::corpusFile("valid-many-collections").bytes()));
        QVERIFY(shown.shows(1));
        auto *tree = shown.find<QTreeView>("navigator");
        const auto second = tree->model()->index(1, 0, tree->model()->index(3, 0));
        const auto &collection = *shown.document()->snapshot()->catalog->catalog().find(2);
        tree->setFocus();
        tree->setCurrentIndex(second);
        QTRY_COMPARE(shown.hex()->selectionBegin(), collection.current().place.segmentOffset());
        QTest::keyClick(tree, Qt::Key_Return);
        auto *view = shown.window.currentView();
        QCOMPARE(view->views()->currentWidget(), static_cast<QWidget *>(view->data()));
        QCOMPARE(view->data()->rows().collectionId(), std::optional(2U));
        // From the schema too.
        view->views()->setCurrentWidget(view->schema());
        auto *collections = shown.find<QTreeView>("schemaCollections");
        collections->setFocus();
        QTest::keyClick(collections, Qt::Key_Home);
        QTest::keyClick(collections, Qt::Key_Return);
        QCOMPARE(view->views()->currentWidget(), static_cast<QWidget *>(view->data()));
        QCOMPARE(view->data()->rows().collectionId(), std::optional(1U));
    }

    void aVersionOfASchemaLeadsToItsBytes()
    {
        Window shown;
        shown.window.openFile(m_folder->write("a.mv", test::corpusFile("valid-schema-versions").bytes()));
        QVERIFY(shown.shows(1));
        shown.press(Qt::ALT | Qt::Key_5);
        QCOMPARE(shown.window.focusWidget()->objectName(), QStringLiteral("schemaCollections"));
        auto *versions = shown.find<QTreeView>("schemaVersions");
        versions->setFocus();
        QTest::keyClick(versions, Qt::Key_Down);
        const auto &collection = *shown.document()->snapshot()->catalog->catalog().find(1);
        QTRY_COMPARE(shown.hex()->selectionBegin(), collection.versions.front().place.segmentOffset());
    }

    void holdsASharedLockUntilItIsReleased()
    {
        Window shown;
        const auto path = m_folder->write("a.mv", database());
        shown.window.openFile(path);
        QVERIFY(shown.shows(1));
        QCOMPARE(shown.document()->lockState(), LockState::Shared);
        QCOMPARE(test::outcomeElsewhere("writer", path), std::string("WouldBlock"));
        QCOMPARE(test::outcomeElsewhere("reader", path), std::string("ok"));

        auto *holders = shown.find<QTreeWidget>("lockHolders");
        QTRY_COMPARE(holders->topLevelItemCount(), 1);
        QVERIFY(holders->topLevelItem(0)->text(0).contains(QString::number(QCoreApplication::applicationPid())));
        const test::HelperProcess reader("reader", path);
        QTRY_COMPARE(holders->topLevelItemCount(), 2); // looked up again by itself

        QTest::mouseClick(shown.find<QToolButton>("releaseStatus"), Qt::LeftButton);
        QTRY_COMPARE(shown.document()->lockState(), LockState::Unlocked);
        QTRY_COMPARE(shown.lockStatus(), QStringLiteral("Observing without a lock"));
        QVERIFY(!shown.find<QToolButton>("releaseStatus")->isVisible());
        QTest::mouseClick(shown.find<QPushButton>("takeLock"), Qt::LeftButton);
        QTRY_COMPARE(shown.document()->lockState(), LockState::Shared);
        QTest::mouseClick(shown.find<QPushButton>("releaseLock"), Qt::LeftButton);
        QTRY_COMPARE(shown.document()->lockState(), LockState::Unlocked);
    }

    void observesWhatAWriterHoldsAndSaysWho()
    {
        Window shown;
        const auto path = m_folder->write("a.mv", database());
        test::HelperProcess writer("writer", path);
        QCOMPARE(writer.outcome(), std::string("ok"));
        shown.window.openFile(path);
        QVERIFY(shown.shows(1));
        QCOMPARE(shown.document()->state(), Document::State::Scanned);
        QCOMPARE(shown.document()->lockState(), LockState::Unlocked);
        const auto process = QString::number(writer.processId());
        QVERIFY2(shown.lockStatus().contains(process), qPrintable(shown.lockStatus()));
        auto *holders = shown.find<QTreeWidget>("lockHolders");
        QTRY_VERIFY(holders->topLevelItemCount() > 0);
        QVERIFY(holders->topLevelItem(0)->text(0).contains(process));
        QVERIFY(holders->topLevelItem(0)->text(1).startsWith(QStringLiteral("exclusive")));

        auto *retry = shown.find<QPushButton>("takeLock");
        QVERIFY(retry->text().remove(QLatin1Char('&')) == QStringLiteral("Retry"));
        QTest::mouseClick(retry, Qt::LeftButton);
        QTRY_VERIFY(shown.document()->isSettled());
        QCOMPARE(shown.document()->lockState(), LockState::Unlocked);
        writer.kill();
        QTest::mouseClick(retry, Qt::LeftButton);
        QTRY_COMPARE(shown.document()->lockState(), LockState::Shared);
        QVERIFY(!shown.lockStatus().contains(process));
    }

    void observesOnRequestWithoutALockFile()
    {
        Window shown(LockWish::None);
        const auto path = m_folder->write("a.mv", database());
        shown.window.openFile(path);
        QVERIFY(shown.shows(1));
        QCOMPARE(shown.document()->lockState(), LockState::Unlocked);
        QVERIFY(!shown.document()->lockRefusal());
        QVERIFY(!std::filesystem::exists(lockFilePath(path)));
        QCOMPARE(test::outcomeElsewhere("writer", path), std::string("ok"));
    }

    void aClosedTabGivesItsLockBack()
    {
        Window shown;
        const auto path = m_folder->write("a.mv", database());
        shown.window.openFile(path);
        QVERIFY(shown.shows(1));
        shown.window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&shown.window));
        QTest::keySequence(&shown.window, QKeySequence::Close);
        QCOMPARE(shown.window.documentCount(), 0);
        QTRY_COMPARE(test::outcomeElsewhere("writer", path), std::string("ok"));
    }

    void readsLittleBeforeTheFirstPaint_data()
    {
        QTest::addColumn<quint64>("length");
        QTest::addColumn<LockWish>("lock");
        const std::pair<const char *, LockWish> wishes[]{{"locked", LockWish::Shared}, {"observing", LockWish::None}};
        for (const auto &[how, lock] : wishes) {
            QTest::addRow("empty, %s", how) << quint64(0) << lock;
            QTest::addRow("some bytes of a header, %s", how) << quint64(10) << lock;
            QTest::addRow("no log, %s", how) << quint64(kLogStart.value) << lock;
            QTest::addRow("some segments, %s", how) << quint64(100'000) << lock;
            QTest::addRow("100 GB, %s", how) << quint64(100'000'000'000) << lock;
        }
    }

    void readsLittleBeforeTheFirstPaint()
    {
        QFETCH(const quint64, length);
        QFETCH(const LockWish, lock);
        const auto path = m_folder->write("a.mv", database(1000));
        std::filesystem::resize_file(path, length); // holes behind the segments, where it grows
        Window shown(lock);
        const test::FirstPaint first(shown.window);
        shown.window.openFile(path);
        QTRY_VERIFY(first.isOver());
        QVERIFY2(first.reads().calls <= 8, std::to_string(first.reads().calls).c_str());
        QVERIFY2(first.reads().bytes <= 64 * 1024, std::to_string(first.reads().bytes).c_str());
        QVERIFY(length == 0 || first.reads().bytes >= std::min<quint64>(length, kLogStart.value));
        // It was only held back.
        QTRY_VERIFY(shown.document()->store()->readStats().calls > first.reads().calls || length <= kLogStart.value);
        QTRY_VERIFY(shown.document()->state() == Document::State::Scanned || length > 1'000'000);
    }

    void saysWhyAFileCannotBeOpenedAndTriesAgain()
    {
        Window shown;
        const auto path = *m_folder / "later.mv";
        shown.window.openFile(path);
        QVERIFY(shown.shows(1));
        auto *message = shown.find<QLabel>("message");
        QVERIFY(message->isVisible());
        QVERIFY(message->text().contains(text(path)));
        QVERIFY(message->text().contains(QStringLiteral("no such file")));
        m_folder->write("later.mv", database());
        QTest::mouseClick(shown.find<QPushButton>("tryAgain"), Qt::LeftButton);
        QTRY_COMPARE(shown.document()->state(), Document::State::Scanned);
        QVERIFY(shown.hex()->isVisible());
    }

    void goesBackAndForwardOverAllViews()
    {
        Window shown;
        shown.window.openFile(m_folder->write("a.mv", database(300)));
        QVERIFY(shown.shows(1));
        auto *views = shown.find<QTabWidget>("views");
        shown.goTo("0x9000");
        QTRY_COMPARE(shown.hex()->selectionBegin(), Offset{0x9000});
        views->setCurrentIndex(2);
        shown.goTo("seg 3");
        QTRY_COMPARE(shown.log()->currentRow(), std::optional<std::uint64_t>(3));
        const auto third = shown.hex()->selectionBegin();
        QTest::keyClick(&shown.window, Qt::Key_Left, Qt::AltModifier);
        QTRY_COMPARE(shown.hex()->selectionBegin(), Offset{0x9000});
        QTest::keyClick(&shown.window, Qt::Key_Left, Qt::AltModifier);
        QTRY_COMPARE(views->currentIndex(), 0);
        QTest::mouseClick(shown.hex()->viewport(), Qt::ForwardButton);
        QTRY_COMPARE(views->currentIndex(), 2);
        QTest::mouseClick(shown.hex()->viewport(), Qt::ForwardButton);
        QTRY_COMPARE(shown.hex()->selectionBegin(), third);
    }

    void jumpsAreComeBackFromHoweverShort()
    {
        Window shown;
        shown.window.openFile(m_folder->write("a.mv", database(300)));
        QVERIFY(shown.shows(1));
        shown.goTo("seg 8");
        QTRY_COMPARE(shown.log()->currentRow(), std::optional<std::uint64_t>(8));
        const auto eighth = shown.document()->selection();
        shown.goTo("seg 9");
        QTRY_COMPARE(shown.log()->currentRow(), std::optional<std::uint64_t>(9));
        shown.press(Qt::ALT | Qt::Key_Left);
        QCOMPARE(shown.document()->selection(), eighth);
        // Steps by hand are one place together.
        shown.hex()->setFocus();
        for (int i = 0; i < 3; ++i)
            QTest::keyClick(shown.hex(), Qt::Key_Right);
        shown.press(Qt::ALT | Qt::Key_Left);
        QVERIFY(shown.document()->selection().begin < eighth.begin);
    }

    void rowsFollowWhatIsSelectedElsewhere()
    {
        Window shown;
        shown.window.openFile(m_folder->write("valid-books.mv", test::corpusFile("valid-books").bytes()));
        QVERIFY(shown.shows(1));
        auto *data = shown.window.currentView()->data();
        shown.goTo("seg 6");
        QTRY_COMPARE(shown.log()->currentRow(), std::optional<std::uint64_t>(6));
        const auto selection = shown.document()->selection();
        const auto row = rowAt(*shown.document()->store(), shown.document()->snapshot(), selection.begin);
        QVERIFY(row.has_value());
        shown.window.currentView()->views()->setCurrentWidget(data);
        QTRY_VERIFY(data->table()->currentRow().has_value());
        QCOMPARE(data->rows().collectionId(), std::optional(row->collectionId));
        QCOMPARE(data->table()->currentRow(), data->rows().rowOf(row->last));
        QCOMPARE(shown.document()->selection(), selection); // nothing else moved
    }

    void goesWhereItIsTold()
    {
        Window shown;
        shown.window.openFile(m_folder->write("a.mv", database(300)));
        QVERIFY(shown.shows(1));
        const auto length = shown.document()->fileLength();
        shown.goTo("end-1");
        QTRY_COMPARE(shown.hex()->cursor(), Offset{length - 1});
        shown.goTo("-0x10");
        QTRY_COMPARE(shown.hex()->cursor(), Offset{length - 17});
        shown.goTo("+1000000000000");
        QTRY_COMPARE(shown.hex()->cursor(), Offset{length - 1});
        shown.goTo("page 2");
        QTRY_COMPARE(shown.hex()->selectionBegin(), PageMap::start({2}));
        shown.goTo("txn 1");
        QTRY_COMPARE(shown.log()->currentRow(), std::optional<std::uint64_t>(6));
        const auto place = shown.hex()->selectionBegin();
        shown.goTo("seg 18446744073709551615");
        QTRY_VERIFY(shown.message().contains(QStringLiteral("nothing of that number")));
        shown.goTo("nonsense");
        QCOMPARE(shown.hex()->selectionBegin(), place);
    }

    void selectsWhatIsTyped()
    {
        Window shown;
        shown.window.openFile(m_folder->write("a.mv", database()));
        QVERIFY(shown.shows(1));
        const auto type = [&](const char *field, const char *text) {
            auto *edit = shown.find<QLineEdit>(field);
            edit->setFocus();
            edit->selectAll();
            QTest::keyClicks(edit, QString::fromLatin1(text));
            QTest::keyClick(edit, Qt::Key_Return);
        };
        type("selection0", "0x2020");
        type("selection2", "50");
        QCOMPARE(shown.hex()->selectionBegin(), Offset{0x2020});
        QCOMPARE(shown.hex()->selectionEnd(), Offset{0x2020 + 50});
        type("selection1", "0x2030");
        QCOMPARE(shown.hex()->selectionEnd(), Offset{0x2030});
        type("selection1", "0xffffffffffffffff");
        QCOMPARE(shown.hex()->selectionEnd(), Offset{shown.document()->fileLength()});
        QVERIFY(shown.find<QLabel>("selectionDecimal")->text().startsWith(QStringLiteral("8\u2009224")));
    }

    void theOverviewSaysWhatIsInTheFileAndLeadsOn()
    {
        Window shown;
        const auto file = test::corpusFile("valid-transactions");
        shown.window.openFile(m_folder->write("a.mv", file.bytes()));
        QVERIFY(shown.shows(1));
        QVERIFY(shown.find<QLabel>("overviewFile")->text().contains(QStringLiteral("ModelVault format 0.6")));
        QVERIFY(shown.find<QLabel>("overviewTransactions")->text().contains(QStringLiteral("3 commits, 1 abort")));
        QVERIFY(shown.find<QLabel>("overviewFindings")->text().contains(QStringLiteral("checksum is right")));
        QVERIFY(shown.find<QWidget>("overviewSegments")->accessibleDescription().contains(QStringLiteral("record: 8")));
        QTest::mouseClick(shown.find<QPushButton>("overviewToPages"), Qt::LeftButton);
        QCOMPARE(shown.find<QTabWidget>("views")->currentIndex(), 1);
    }

    void reloadsAReplacedFileAndKeepsThePlace()
    {
        Window shown;
        const auto path = m_folder->write("a.mv", database(3));
        shown.window.openFile(path);
        QVERIFY(shown.shows(1));
        shown.goTo("seg 5");
        QTRY_COMPARE(shown.log()->currentRow(), std::optional<std::uint64_t>(5));
        const auto place = shown.hex()->selectionBegin();
        std::filesystem::remove(path);
        m_folder->write("a.mv", database(200));
        shown.press(QKeySequence::Refresh);
        QTRY_COMPARE(shown.log()->model()->rowCount(), std::uint64_t{1001});
        QVERIFY(shown.shows(1));
        QCOMPARE(shown.hex()->selectionBegin(), place);
        QTRY_COMPARE(shown.log()->currentRow(), std::optional<std::uint64_t>(5));
    }

    void aReleasedLockStaysReleasedOverAReload()
    {
        Window shown;
        const auto path = m_folder->write("a.mv", database());
        shown.window.openFile(path);
        QVERIFY(shown.shows(1));
        shown.document()->releaseLock();
        QTRY_COMPARE(shown.document()->lockState(), LockState::Unlocked);
        shown.press(QKeySequence::Refresh);
        QTRY_COMPARE(shown.document()->state(), Document::State::Scanned);
        QVERIFY(shown.shows(1));
        QCOMPARE(shown.document()->lockState(), LockState::Unlocked);
        QCOMPARE(test::outcomeElsewhere("writer", path), std::string("ok"));
    }

    void aDatabaseThatIsGoneIsSaidToBeGone()
    {
        Window shown;
        const auto path = m_folder->write("a.mv", database());
        shown.window.openFile(path);
        QVERIFY(shown.shows(1));
        std::filesystem::remove(path);
        shown.press(QKeySequence::Refresh);
        QTRY_COMPARE(shown.document()->state(), Document::State::Failed);
        QVERIFY(shown.find<QLabel>("message")->text().contains(QStringLiteral("no such file")));
        QVERIFY(!shown.document()->store());
        m_folder->write("a.mv", database(9));
        shown.window.openFile(path);
        QTRY_COMPARE(shown.document()->state(), Document::State::Scanned);
        QCOMPARE(shown.window.documentCount(), 1);
    }

    void whenAReloadFailsNothingLeadsIntoTheFileAndItsLockIsFree()
    {
        Window shown;
        const auto path = m_folder->write("a.mv", database(300));
        shown.window.openFile(path);
        QVERIFY(shown.shows(1));
        shown.goTo("seg 5");
        QTRY_COMPARE(shown.log()->currentRow(), std::optional<std::uint64_t>(5));
        shown.goTo("0x9000");
        std::filesystem::remove(path);
        shown.press(QKeySequence::Refresh);
        QTRY_COMPARE(shown.document()->state(), Document::State::Failed);

        shown.press(QKeySequence(Qt::ALT | Qt::Key_Left));
        shown.goTo("0");
        QTRY_VERIFY(shown.message().contains(QStringLiteral("nothing of that number")));
        for (const auto key : {Qt::Key_F8, Qt::Key_F6, Qt::Key_Down, Qt::Key_Return})
            QTest::keyClick(&shown.window, key);
        shown.press(QKeySequence::Save);
        shown.press(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S));
        shown.press(QKeySequence(Qt::CTRL | Qt::Key_B));
        QVERIFY(shown.window.findChild<QFileDialog *>() == nullptr);
        QCOMPARE(shown.find<QTreeView>("navigator")->model()->rowCount(), 0);
        // Nobody keeps the file that is gone, so that its lock is free.
        m_folder->write("a.mv", database());
        QTRY_COMPARE(test::outcomeElsewhere("writer", path), std::string("ok"));
    }

    void aSelectionIsSavedFromTheFileItWasMadeIn()
    {
        Window shown;
        const auto path = m_folder->write("a.mv", database(300));
        const auto bytes = test::readFile(path);
        shown.window.openFile(path);
        QVERIFY(shown.shows(1));
        shown.document()->select({{0x9000}, {0x9100}});
        shown.press(QKeySequence::Save);
        auto *dialog = shown.window.findChild<QFileDialog *>();
        std::filesystem::remove(path);
        shown.document()->open();
        QTRY_COMPARE(shown.document()->state(), Document::State::Failed);
        dialog->findChild<QLineEdit *>()->setText(text(*m_folder / "part.bin"));
        QMetaObject::invokeMethod(dialog, "accept");
        QTRY_VERIFY(shown.message().startsWith(QStringLiteral("Saved")));
        QVERIFY(test::readFile(*m_folder / "part.bin") == std::vector(bytes.begin() + 0x9000, bytes.begin() + 0x9100));
    }

    void aFocusThatMovesSelectsNothing()
    {
        Window shown;
        shown.window.openFile(m_folder->write("a.mv", database()));
        QVERIFY(shown.shows(1));
        shown.goTo("seg 3");
        QTRY_COMPARE(shown.log()->currentRow(), std::optional<std::uint64_t>(3));
        const auto place = shown.hex()->selectionBegin();
        shown.find<QTreeView>("navigator")->setFocus();
        QCOMPARE(shown.hex()->selectionBegin(), place);
        QCOMPARE(shown.log()->currentRow(), std::optional<std::uint64_t>(3));
    }

    void foreignFilesAreNamedAndGetNoLockFile()
    {
        Window shown;
        const auto path = m_folder->write("notes.sqlite", std::string_view("SQLite format 3\0 and more", 25));
        shown.window.openFile(path);
        QVERIFY(shown.shows(1));
        QVERIFY(shown.find<QLabel>("overviewFile")->text().contains(QStringLiteral("SQLite database")));
        QVERIFY(!std::filesystem::exists(lockFilePath(path)));
        QCOMPARE(shown.document()->lockState(), LockState::Unlocked);
    }

    void whatAForeignFileLooksLikeIsOffered_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("kind");
        QTest::addColumn<bool>("offered");
        QTest::newRow("SQLite") << QByteArray("SQLite format 3\0 and more", 25) << QStringLiteral("SQLite database")
                                << true;
        QTest::newRow("PNG") << QByteArray("\x89PNG\r\n\x1a\n\0\0", 10) << QStringLiteral("PNG image") << true;
        QTest::newRow("zip") << QByteArray("PK\x03\x04....") << QStringLiteral("ZIP archive") << true;
        QTest::newRow("text") << QByteArray("# Notes\n\nto be read\n") << QStringLiteral("text") << true;
        QTest::newRow("program") << QByteArray("\x7f"
                                               "ELF\2\1\1")
                                 << QStringLiteral("ELF program") << false;
        QTest::newRow("anything") << QByteArray("\1\2\3\4\5\6\7", 7) << QString() << false;
    }

    void whatAForeignFileLooksLikeIsOffered()
    {
        QFETCH(const QByteArray, bytes);
        QFETCH(const QString, kind);
        QFETCH(const bool, offered);
        const auto path = m_folder->write("a file #1", std::string_view(bytes.constData(), std::size_t(bytes.size())));
        Window shown;
        shown.window.openFile(path);
        QVERIFY(shown.shows(1));
        QCOMPARE(shown.hex()->layoutOfBytes().length(), std::uint64_t(bytes.size())); // as bytes, whatever it is
        const auto notices = shown.notices();
        QVERIFY(std::ranges::any_of(notices, [&](const QString &text) {
            return kind.isEmpty() ? text.contains(QStringLiteral("header")) : text.contains(kind);
        }));
        const auto buttons = shown.window.currentView()->notices()->findChildren<QPushButton *>();
        const auto open = std::ranges::find_if(buttons, [](const QPushButton *button) {
            return button->isVisible() && button->text().startsWith(QStringLiteral("Open with"));
        });
        QCOMPARE(open != buttons.end(), offered);
        if (!offered)
            return;
        UrlCatcher system;
        (*open)->click();
        QCOMPARE(system.opened, QList{QUrl::fromLocalFile(text(path))});
    }

    void themesAreLightAndDarkWhateverThePlatformDoes()
    {
        Window shown;
        const auto choose = [&](const QString &name) {
            for (auto *action : shown.window.findChildren<QAction *>()) {
                if (action->text() == name)
                    action->trigger();
            }
            const auto palette = QApplication::palette();
            return palette.color(QPalette::Base).lightness() < palette.color(QPalette::Text).lightness();
        };
        QVERIFY(choose(QStringLiteral("&Dark")));
        QVERIFY(!choose(QStringLiteral("&Light")));
        QVERIFY(choose(QStringLiteral("&Dark")));
        QVERIFY(!choose(QStringLiteral("As the &System")));
    }

    void theKeyboardReachesEveryPanel()
    {
        Window shown;
        shown.window.openFile(m_folder->write("a.mv", database()));
        QVERIFY(shown.shows(1));
        shown.window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&shown.window));
        QTest::keyClick(&shown.window, Qt::Key_3, Qt::AltModifier);
        QCOMPARE(shown.window.focusWidget(), shown.log());
        QStringList visited;
        for (int i = 0; i < 7; ++i) {
            QTest::keyClick(shown.window.focusWidget(), Qt::Key_F6);
            visited += shown.window.focusWidget()->objectName();
        }
        QCOMPARE(visited,
                 QStringList({QStringLiteral("fields"), QStringLiteral("hex"), QStringLiteral("inspector"),
                              QStringLiteral("bookmarks"), QStringLiteral("lockHolders"), QStringLiteral("navigator"),
                              QStringLiteral("log")}));
        QTest::keyClick(shown.window.focusWidget(), Qt::Key_F6, Qt::ShiftModifier);
        QCOMPARE(shown.window.focusWidget()->objectName(), QStringLiteral("navigator"));
    }

    void theInspectorFollowsTheCursorAndTheTab()
    {
        Window shown;
        shown.window.openFiles({m_folder->write("a.mv", database()), m_folder->write("b.mv", database())});
        QVERIFY(shown.shows(2));
        const auto *values = shown.find<QTreeView>("inspector")->model();
        const auto firstByte = [values] { return values->index(0, 1).data().toString(); };
        QCOMPARE(firstByte(), QStringLiteral("01010100")); // the T of the magic
        shown.goTo("0x2");
        QTRY_COMPARE(firstByte(), QStringLiteral("01000010"));
        QTest::keyClick(shown.hex(), Qt::Key_Right);
        QTRY_COMPARE(firstByte(), QStringLiteral("00110000"));
        shown.window.setCurrentDocument(0);
        QTRY_COMPARE(firstByte(), QStringLiteral("01010100"));
        shown.window.setCurrentDocument(1);
        QTRY_COMPARE(firstByte(), QStringLiteral("00110000"));
    }

    void thePanelsLeaveRoomInASmallWindow()
    {
        Window shown;
        shown.window.openFile(m_folder->write("a.mv", database()));
        QVERIFY(shown.shows(1));
        shown.window.resize(800, 600);
        QTRY_COMPARE(shown.window.size(), QSize(800, 600)); // nothing in it wants more
        QVERIFY(shown.window.currentView()->width() >= shown.window.width() * 2 / 5);
        for (const auto *name : {"inspector", "bookmarks"})
            QVERIFY(shown.find<QTreeView>(name)->height() > 2 * shown.window.fontMetrics().height());
        // Whatever is looked at, of whichever file.
        shown.window.openFile(m_folder->write("refused.mv", std::string(17, 'T')));
        QVERIFY(shown.shows(2));
        shown.window.openFile(m_folder->write("faults.mv", faults()));
        QVERIFY(shown.shows(3));
        for (const bool finds : {false, true}) {
            if (finds)
                shown.press(Qt::CTRL | Qt::Key_F);
            for (int document = 0; document < 3; ++document) {
                shown.window.setCurrentDocument(document);
                for (int view = 0; view < shown.window.currentView()->views()->count(); ++view) {
                    shown.window.currentView()->views()->setCurrentIndex(view);
                    QTest::qWait(10); // laid out
                    QVERIFY2(shown.window.size() == QSize(800, 600),
                             qPrintable(QStringLiteral("document %1, view %2, find %3: %4 x %5")
                                            .arg(document)
                                            .arg(view)
                                            .arg(finds)
                                            .arg(shown.window.width())
                                            .arg(shown.window.height())));
                }
            }
        }
    }

    void goesFromFileToFileByKeysFromAnywhere()
    {
        Window shown;
        for (const auto *name : {"a.mv", "b.mv", "c.mv"})
            shown.window.openFile(m_folder->write(name, database()));
        QVERIFY(shown.shows(3));
        QStringList names; // as they stand: what is there first opens first
        for (int i = 0; i < 3; ++i) {
            shown.window.setCurrentDocument(i);
            names += shown.document()->name();
        }
        for (const int expected : {0, 1, 2}) {
            shown.hex()->setFocus();
            shown.press(Qt::CTRL | Qt::SHIFT | Qt::Key_PageDown);
            QCOMPARE(shown.document()->name(), names[expected]);
        }
        shown.press(Qt::CTRL | Qt::SHIFT | Qt::Key_PageUp);
        QCOMPARE(shown.document()->name(), names[1]);
    }

    void findsByKeyboardAlone()
    {
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, text(*m_folder / "settings"));
        const auto path = m_folder->write("a.mv", database(100)); // 500 segments and a manifest
        {
            Window shown(LockWish::None, true);
            auto *panel = shown.find<FindPanel>("findPanel");
            QVERIFY(!panel->isVisible());
            shown.window.openFile(path);
            QVERIFY(shown.shows(1));
            shown.press(Qt::Key_F3); // nothing to look for yet
            auto *pattern = shown.find<QLineEdit>("findPattern");
            QTRY_VERIFY(pattern->hasFocus());
            QTest::keyClicks(pattern, QStringLiteral("TSG0"));
            QTest::keyClick(pattern, Qt::Key_Return);
            QVERIFY(shown.shows(1));
            QCOMPARE(shown.document()->selection().begin, kLogStart);
            QCOMPARE(shown.hex()->cursor(), kLogStart);
            QTest::keyClick(pattern, Qt::Key_Return, Qt::ControlModifier);
            QVERIFY(shown.shows(1));
            auto *hits = shown.find<VirtualTableView>("hits");
            QCOMPARE(hits->model()->rowCount(), shown.log()->model()->rowCount());
            QTest::keyClick(pattern, Qt::Key_Escape);
            QVERIFY(shown.hex()->hasFocus());
            shown.press(Qt::Key_F3);
            QTRY_COMPARE(hits->currentRow(), std::optional<std::uint64_t>(1));
            shown.press(Qt::SHIFT | Qt::Key_F3);
            QTRY_COMPARE(hits->currentRow(), std::optional<std::uint64_t>(0));
            QVERIFY(shown.shows(1));
            shown.press(Qt::SHIFT | Qt::Key_F3);
            QTRY_COMPARE(shown.message(), QStringLiteral("Went on from the other end."));
            QVERIFY(shown.shows(1));
            QCOMPARE(hits->currentRow(), std::optional(hits->model()->rowCount() - 1));
            QVERIFY(shown.hex()->hasFocus());
            shown.press(QKeySequence::Find);
            QVERIFY(pattern->hasFocus());
            QCOMPARE(pattern->selectedText(), QStringLiteral("TSG0"));
        }
        const Window later(LockWish::None, true);
        QCOMPARE(later.find<FindPanel>("findPanel")->history(FindRequest::Kind::Text),
                 QStringList({QStringLiteral("TSG0")}));
    }

    void whatIsFoundBelongsToItsTab()
    {
        Window shown;
        shown.window.openFiles({m_folder->write("a.mv", database(1)), m_folder->write("b.mv", database(2))});
        QVERIFY(shown.shows(2));
        shown.press(QKeySequence::Find);
        auto *pattern = shown.find<QLineEdit>("findPattern");
        QTest::keyClicks(pattern, QStringLiteral("TSG0"));
        const auto *hits = shown.find<VirtualTableView>("hits");
        std::uint64_t counts[2] = {};
        for (const int tab : {0, 1}) {
            shown.window.setCurrentDocument(tab);
            QTest::keyClick(pattern, Qt::Key_Return, Qt::ControlModifier);
            QVERIFY(shown.shows(2));
            counts[tab] = hits->model()->rowCount();
        }
        QVERIFY(counts[0] > 0 && counts[0] < counts[1]);
        shown.window.setCurrentDocument(0);
        QCOMPARE(hits->model()->rowCount(), counts[0]);
    }

    void bookmarksByKeyboardAlone()
    {
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, text(*m_folder / "settings"));
        const auto path = m_folder->write("a.mv", database(300));
        Document::Selection place;
        {
            Window shown(LockWish::None, true);
            shown.window.openFile(path);
            QVERIFY(shown.shows(1));
            shown.goTo("seg 702"); // a record
            QTRY_COMPARE(shown.log()->currentRow(), std::optional<std::uint64_t>(702));
            QVERIFY(shown.shows(1));
            place = shown.document()->selection();
            shown.hex()->setFocus();
            shown.press(Qt::CTRL | Qt::Key_B);
            QCOMPARE(shown.bookmarks()->list(),
                     (std::vector{Bookmark{place.begin, place.end,
                                           QStringLiteral("record at 0x%1").arg(place.begin.value, 0, 16)}}));
            shown.typeName("the long one");
            QTRY_VERIFY(shown.hex()->hasFocus()); // where it was
            QCOMPARE(shown.bookmarks()->list().front().name, QStringLiteral("the long one"));

            shown.goTo("0x10");
            QTRY_COMPARE(shown.hex()->cursor(), Offset{0x10});
            shown.press(Qt::ALT | Qt::Key_PageDown);
            QCOMPARE(shown.document()->selection(), place);
            QCOMPARE(shown.hex()->selectionBegin(), place.begin);
            shown.press(Qt::ALT | Qt::Key_Left); // it was a step of the history
            QCOMPARE(shown.hex()->cursor(), Offset{0x10});
            shown.press(Qt::ALT | Qt::Key_PageUp);
            QVERIFY(shown.message().contains(QStringLiteral("no bookmark before")));
            shown.window.close();
        }
        const auto moved = *m_folder / "elsewhere" / "a.mv";
        std::filesystem::create_directory(moved.parent_path());
        std::filesystem::rename(path, moved);
        Window shown(LockWish::None, true);
        shown.window.openFile(moved);
        QVERIFY(shown.shows(1));
        QCOMPARE(shown.bookmarks()->list(),
                 (std::vector{Bookmark{place.begin, place.end, QStringLiteral("the long one")}}));
        auto *list = shown.find<QTreeView>("bookmarks");
        QVERIFY(list->isVisible());
        list->setFocus();
        QTest::keyClick(list, Qt::Key_Down);
        QTest::keyClick(list, Qt::Key_Return);
        QCOMPARE(shown.document()->selection(), place);
        QTRY_COMPARE(shown.log()->currentRow(), std::optional<std::uint64_t>(702));
    }

    void aBookmarkIsMadeOfWhatIsSelectedInTheLog()
    {
        Window shown;
        shown.window.openFile(m_folder->write("a.mv", database()));
        QVERIFY(shown.shows(1));
        shown.find<QTabWidget>("views")->setCurrentIndex(2);
        shown.log()->setFocus();
        QTest::keyClick(shown.log(), Qt::Key_End);
        QVERIFY(shown.shows(1));
        auto *dock = shown.window.findChild<QDockWidget *>(QStringLiteral("bookmarksDock"));
        dock->hide();
        shown.press(Qt::CTRL | Qt::Key_B);
        QVERIFY2(dock->isVisible(), "there is a name to be typed");
        shown.typeName("last");
        QCOMPARE(shown.bookmarks()->list().front().end, Offset{shown.document()->fileLength()});
        QTRY_VERIFY(shown.log()->hasFocus());
        // Again, which only asks for another name.
        shown.press(Qt::CTRL | Qt::Key_B);
        shown.typeName("the last");
        QCOMPARE(shown.bookmarks()->list().size(), std::size_t{1});
        QCOMPARE(shown.bookmarks()->list().front().name, QStringLiteral("the last"));
    }

    void bookmarksOfTwoTabsNeverMix()
    {
        Window shown;
        const auto first = m_folder->write("first.mv", database());
        shown.window.openFiles({first, m_folder->write("second.mv", database())});
        QVERIFY(shown.shows(2));
        auto *list = shown.find<QTreeView>("bookmarks");
        shown.goTo("seg 2");
        QVERIFY(shown.shows(2));
        shown.press(Qt::CTRL | Qt::Key_B);
        shown.typeName("of the second");
        QCOMPARE(list->model()->rowCount(), 1);
        shown.window.setCurrentDocument(0);
        QCOMPARE(list->model()->rowCount(), 0);
        shown.goTo("seg 3");
        QVERIFY(shown.shows(2));
        shown.press(Qt::CTRL | Qt::Key_B);
        shown.typeName("of the first");
        QCOMPARE(list->model()->index(0, 0).data().toString(), QStringLiteral("of the first"));
        shown.window.setCurrentDocument(1);
        QCOMPARE(list->model()->rowCount(), 1);
        QCOMPARE(list->model()->index(0, 0).data().toString(), QStringLiteral("of the second"));
        // Also while one is being typed.
        shown.press(Qt::CTRL | Qt::Key_B);
        QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("of the second, too"));
        shown.window.setCurrentDocument(0);
        QCOMPARE(shown.bookmarks()->list().front().name, QStringLiteral("of the first"));
        shown.window.setCurrentDocument(1);
        QCOMPARE(shown.bookmarks()->list().front().name, QStringLiteral("of the second, too"));
        // Closed and opened again, in the same window.
        shown.window.setCurrentDocument(0);
        shown.press(QKeySequence::Close);
        QVERIFY(shown.shows(1));
        shown.window.openFile(first);
        QVERIFY(shown.shows(2));
        QCOMPARE(shown.bookmarks()->list().front().name, QStringLiteral("of the first"));
    }

    void aBookmarkBehindTheEndOfAFileThatShrankWaits()
    {
        Window shown(LockWish::None);
        const auto path = m_folder->write("a.mv", database(300));
        shown.window.openFile(path);
        QVERIFY(shown.shows(1));
        shown.goTo("end-1");
        QVERIFY(shown.shows(1));
        shown.press(Qt::CTRL | Qt::Key_B);
        shown.typeName("the end");
        m_folder->write("a.mv", database(3));
        shown.press(QKeySequence::Refresh);
        QTRY_COMPARE(shown.document()->state(), Document::State::Scanned);
        const auto index = shown.bookmarks()->index(0, 0);
        QVERIFY(index.data(Bookmarks::BehindEndRole).toBool());
        shown.goTo("0");
        shown.press(Qt::ALT | Qt::Key_PageDown);
        QVERIFY(shown.message().contains(QStringLiteral("no bookmark behind")));
        // What the path names is gone: so are the places in it, until it is there again.
        std::filesystem::rename(path, *m_folder / "away.mv");
        shown.press(QKeySequence::Refresh);
        QTRY_COMPARE(shown.document()->state(), Document::State::Failed);
        QCOMPARE(shown.bookmarks()->rowCount(), 0);
        shown.press(Qt::CTRL | Qt::Key_B);
        QCOMPARE(shown.bookmarks()->rowCount(), 0);
        std::filesystem::rename(*m_folder / "away.mv", path);
        shown.press(QKeySequence::Refresh);
        QTRY_COMPARE(shown.document()->state(), Document::State::Scanned);
        QCOMPARE(shown.bookmarks()->list().front().name, QStringLiteral("the end"));
    }

    void aFileReplacedByItsWriterKeepsItsBookmarks()
    {
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, text(*m_folder / "settings"));
        Window shown(LockWish::None, true);
        const auto path = m_folder->write("a.mv", database());
        shown.window.openFile(path);
        QVERIFY(shown.shows(1));
        shown.goTo("seg 2");
        QVERIFY(shown.shows(1));
        shown.press(Qt::CTRL | Qt::Key_B);
        shown.typeName("before");
        const auto identity = shown.document()->identity();
        std::filesystem::rename(m_folder->write("a.mv.compacted", database()), path);
        shown.press(QKeySequence::Refresh);
        QTRY_VERIFY(shown.document()->identity() != identity);
        QVERIFY(shown.shows(1));
        QCOMPARE(shown.bookmarks()->list().front().name, QStringLiteral("before"));
        // And where it goes, another file in its place does not.
        std::filesystem::rename(path, *m_folder / "b.mv");
        shown.press(QKeySequence::Close);
        QVERIFY(shown.shows(0));
        shown.window.openFile(*m_folder / "b.mv");
        QVERIFY(shown.shows(1));
        QCOMPARE(shown.bookmarks()->list().front().name, QStringLiteral("before"));
        shown.press(QKeySequence::Close);
        QVERIFY(shown.shows(0));
        shown.window.openFile(m_folder->write("a.mv", database()));
        QVERIFY(shown.shows(1));
        QVERIFY(shown.bookmarks()->list().empty());
    }

    void theHexViewsMenuBookmarks()
    {
        Window shown;
        shown.window.openFile(m_folder->write("a.mv", database()));
        QVERIFY(shown.shows(1));
        shown.goTo("0x2020");
        QVERIFY(shown.shows(1));
        QContextMenuEvent event(QContextMenuEvent::Keyboard, {5, 5}, shown.hex()->mapToGlobal(QPoint(5, 5)));
        QApplication::sendEvent(shown.hex(), &event);
        auto *menu = shown.hex()->findChild<QMenu *>(Qt::FindDirectChildrenOnly);
        QVERIFY(menu != nullptr);
        for (auto *action : menu->actions()) {
            if (action->text() == QStringLiteral("&Bookmark Selection"))
                action->trigger();
        }
        menu->close();
        QCOMPARE(shown.bookmarks()->list().size(), std::size_t{1});
        QCOMPARE(shown.bookmarks()->list().front().name, QStringLiteral("manifest at 0x2020"));
    }

    void noShortcutsClash()
    {
        Window shown;
        shown.window.openFile(m_folder->write("a.mv", faults()));
        QVERIFY(shown.shows(1));
        QHash<QKeySequence, QString> taken;
        // What views do with keys when they have the focus.
        for (const auto standard : {QKeySequence::Copy, QKeySequence::SelectAll, QKeySequence::ZoomIn,
                                    QKeySequence::ZoomOut, QKeySequence::MoveToStartOfDocument,
                                    QKeySequence::MoveToEndOfDocument, QKeySequence::Undo, QKeySequence::Paste}) {
            for (const auto &keys : QKeySequence::keyBindings(standard))
                taken.insert(keys, QStringLiteral("a view"));
        }
        for (const auto keys : {Qt::CTRL | Qt::Key_0, Qt::CTRL | Qt::Key_Equal, Qt::CTRL | Qt::Key_Return,
                                Qt::CTRL | Qt::Key_Space, Qt::SHIFT | Qt::Key_F10})
            taken.insert(QKeySequence(keys), QStringLiteral("a view"));
        for (const auto key : {Qt::Key_Return, Qt::Key_Escape, Qt::Key_Space, Qt::Key_F2, Qt::Key_Delete, Qt::Key_Home,
                               Qt::Key_End, Qt::Key_0, Qt::Key_Plus, Qt::Key_Minus, Qt::Key_Menu}) {
            taken.insert(QKeySequence(key), QStringLiteral("a view"));
            taken.insert(QKeySequence(Qt::SHIFT | key), QStringLiteral("a view"));
        }
        for (const auto *shortcut : shown.window.findChildren<QShortcut *>()) {
            if (shortcut->context() == Qt::WindowShortcut || shortcut->context() == Qt::ApplicationShortcut)
                taken.insert(shortcut->key(), shortcut->objectName());
        }
        for (const auto *action : shown.window.findChildren<QAction *>()) {
            if (action->shortcutContext() != Qt::WindowShortcut && action->shortcutContext() != Qt::ApplicationShortcut)
                continue; // of a view
            for (const auto &keys : action->shortcuts()) {
                QVERIFY2(!taken.contains(keys),
                         qPrintable(taken.value(keys) + QStringLiteral(" and ") + action->text()
                                    + QStringLiteral(" both want ") + keys.toString()));
                taken.insert(keys, action->text());
            }
        }
        QVERIFY(taken.size() > 10);
        for (const auto *menu : shown.window.findChildren<QMenu *>()) {
            QHash<QKeySequence, QString> mnemonics;
            for (const auto *action : menu->actions()) {
                const auto key = QKeySequence::mnemonic(action->text());
                QVERIFY2(key.isEmpty() || !mnemonics.contains(key),
                         qPrintable(action->text() + QStringLiteral(" and ") + mnemonics.value(key)));
                mnemonics.insert(key, action->text());
            }
        }
    }

    void noMnemonicsOfWhatIsSeenClash()
    {
        Window shown;
        shown.window.openFile(m_folder->write("a.mv", faults()));
        QVERIFY(shown.shows(1));
        shown.press(Qt::CTRL | Qt::Key_F); // with the panel that finds
        auto *views = shown.window.currentView()->views();
        for (int tab = 0; tab < views->count(); ++tab) {
            views->setCurrentIndex(tab);
            QTRY_VERIFY(shown.window.isSettled());
            QHash<QKeySequence, QString> taken;
            const auto take = [&taken](const QString &text) {
                const auto key = QKeySequence::mnemonic(text);
                if (!key.isEmpty() && taken.contains(key))
                    return QStringLiteral("'%1' and '%2' both want %3").arg(text, taken.value(key), key.toString());
                taken.insert(key, text);
                return QString();
            };
            QStringList clashes;
            for (const auto *menu : shown.window.menuBar()->actions())
                clashes += take(menu->text());
            for (const auto *button : shown.window.findChildren<QAbstractButton *>())
                if (button->isVisible() && button->isEnabled())
                    clashes += take(button->text());
            for (const auto *label : shown.window.findChildren<QLabel *>())
                if (label->isVisible() && label->buddy() != nullptr)
                    clashes += take(label->text());
            clashes.removeAll(QString());
            QVERIFY2(clashes.isEmpty(), qPrintable(views->tabText(tab) + QStringLiteral(": ") + clashes.join(u'\n')));
            QVERIFY(taken.size() > 6);
        }
    }

    void goesFromFindingToFindingAndSaysThem()
    {
        Window shown;
        test::FileBuilder file;
        file.transaction(1, 50, 1).transaction(1, 50, 2).transaction(1, 50, 3);
        const auto first = file.offsets()[2];
        const auto second = file.offsets()[8];
        file.flip(first + SegmentHeader::kSize).flip(second + SegmentHeader::kSize);
        shown.window.openFile(m_folder->write("a.mv", file.bytes()));
        QVERIFY(shown.shows(1));
        const auto key = [&](Qt::KeyboardModifiers modifiers = {}) {
            QTest::keyClick(shown.window.focusWidget(), Qt::Key_F8, modifiers);
        };
        shown.hex()->setFocus();
        key();
        QCOMPARE(shown.hex()->selectionBegin(), first);
        QVERIFY2(shown.message().startsWith(QStringLiteral("Finding 1 of 2")), qPrintable(shown.message()));
        key();
        QCOMPARE(shown.hex()->selectionBegin(), second);
        key();
        QVERIFY(shown.message().contains(QStringLiteral("no finding behind")));
        QCOMPARE(shown.hex()->selectionBegin(), second);
        key(Qt::ShiftModifier);
        QCOMPARE(shown.hex()->selectionBegin(), first);
    }

    void findingsAreMarkedInAllViewsAndCheckedForMore()
    {
        Window shown;
        shown.window.openFile(m_folder->write("a.mv", faults()));
        QVERIFY(shown.shows(1));
        auto *views = shown.find<QTabWidget>("views");
        const auto node = [&](int row) { return shown.find<QTreeView>("navigator")->model()->index(row, 0); };
        views->setCurrentIndex(2); // what is visible of the log is looked up
        const auto saysError = [&](Offset place) {
            shown.document()->select({place, place + 1});
            return shown.hex()->spokenText().contains(QStringLiteral("Error: The payload's checksum is wrong"));
        };
        QVERIFY(saysError({9659}));
        QVERIFY(!saysError({9600}));
        shown.document()->select({{9659}, {9660}});
        QVERIFY(shown.shows(1));
        const auto row = shown.log()->currentRow();
        QVERIFY(row);
        const auto what = [&](int role) { return shown.log()->model()->data(*row, SegmentRowModel::What, role); };
        QTRY_COMPARE(what(RowModel::SeverityRole).toInt(), static_cast<int>(Severity::Error));
        QVERIFY(what(Qt::DisplayRole).toString().contains(QStringLiteral("checksum is wrong")));
        QCOMPARE(views->tabText(5), QStringLiteral("Check (1)"));
        QVERIFY(!node(0).data(Qt::DecorationRole).isValid());
        QVERIFY(!node(1).data(Qt::DecorationRole).isValid());
        QVERIFY(node(4).data(Qt::DecorationRole).isValid());
        QVERIFY(node(4).data().toString().endsWith(QStringLiteral("1 finding")));
        QCOMPARE(shown.find<QLabel>("findingsStatus")->text(), QStringLiteral("1 finding"));
        QCOMPARE(shown.pages()->findingAt({0}), std::optional(Severity::Error));

        // What the scan did not look at.
        shown.press(Qt::ALT | Qt::Key_6);
        QVERIFY(shown.shows(1));
        QCOMPARE(shown.document()->check().state(), FileCheck::State::Done);
        QCOMPARE(views->tabText(5), QStringLiteral("Check (3)")); // what is merely worth knowing is not counted
        QVERIFY(node(0).data().toString().endsWith(QStringLiteral("1 finding")));
        QVERIFY(node(1).data(Qt::DecorationRole).isValid());
        QCOMPARE(shown.find<QLabel>("findingsStatus")->text(), QStringLiteral("4 findings"));
        QVERIFY(shown.find<QLabel>("overviewFindings")->text().startsWith(QLatin1Char('4')));
        shown.document()->select({{68}, {69}});
        QVERIFY(
            shown.hex()->spokenText().contains(QStringLiteral("Warning: The superblock names no whole checkpoint")));
    }

    void aChosenFindingLeadsToItsBytesAndF8WalksThemAll()
    {
        Window shown;
        shown.window.openFile(m_folder->write("a.mv", faults()));
        QVERIFY(shown.shows(1));
        shown.press(Qt::ALT | Qt::Key_6);
        QVERIFY(shown.shows(1));
        auto *findings = shown.find<VirtualTableView>("findings");
        QCOMPARE(shown.window.focusWidget(), static_cast<QWidget *>(findings));
        QTest::keyClick(findings, Qt::Key_Home);
        QCOMPARE(shown.hex()->selectionBegin(), Offset{9659});
        QTest::keyClick(findings, Qt::Key_Return);
        QCOMPARE(shown.window.focusWidget(), static_cast<QWidget *>(shown.hex()));

        shown.document()->select({{0}, {1}});
        int number = 0;
        for (const auto offset : {20, 68, 4164, 9659}) {
            shown.press(Qt::Key_F8);
            QCOMPARE(shown.hex()->selectionBegin(), Offset{std::uint64_t(offset)});
            QVERIFY2(shown.message().startsWith(QStringLiteral("Finding %1 of 4").arg(++number)),
                     qPrintable(shown.message()));
        }
        QCOMPARE(findings->currentRow(), std::optional<std::uint64_t>(0)); // the list follows
        shown.press(Qt::SHIFT | Qt::Key_F8);
        QCOMPARE(shown.hex()->selectionBegin(), Offset{4164});
    }

    void ofFindingsAtOnePlaceF8PassesByNone()
    {
        // One value that breaks two rules, and another that breaks one.
        auto schema = test::createWords();
        schema.fields.front().constraints = {{ConstraintKind::MinLength, std::uint64_t{6}},
                                             {ConstraintKind::Regex, std::string("^[a-z]+$")}};
        test::FileBuilder file;
        file.begin().append(SegmentType::Schema, schema.encode()).commit();
        for (const auto *word : {"Dune", "Solaris"})
            file.begin().append(SegmentType::Record, test::word(word).encode()).commit();
        file.publish();
        Window shown;
        shown.window.openFile(m_folder->write("a.mv", file.bytes()));
        QVERIFY(shown.shows(1));
        shown.press(Qt::ALT | Qt::Key_6);
        QVERIFY(shown.shows(1));
        const auto count = shown.document()->check().findings()->report().findings.size();
        QCOMPARE(count, std::size_t{3});
        shown.document()->select({{0}, {1}});
        for (std::size_t i = 1; i <= count; ++i) {
            shown.press(Qt::Key_F8);
            QVERIFY(shown.message().startsWith(QStringLiteral("Finding %1 of %2:").arg(i).arg(count)));
        }
        shown.press(Qt::Key_F8);
        QVERIFY(shown.message().contains(QStringLiteral("no finding behind")));
    }

    void savesThePayloadOfTheSegmentAtTheCursor()
    {
        Window shown;
        test::FileBuilder file;
        file.append(SegmentType::Temp, std::string("what a query spilled"));
        shown.window.openFile(m_folder->write("a.mv", file.bytes()));
        QVERIFY(shown.shows(1));
        shown.document()->select({file.last() + 3, file.last() + 4});
        QTest::keyClick(&shown.window, Qt::Key_S, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(shown.window.findChild<QFileDialog *>() != nullptr);
        auto *dialog = shown.window.findChild<QFileDialog *>();
        const auto target = *m_folder / "payload.bin";
        dialog->findChild<QLineEdit *>()->setText(text(target));
        QMetaObject::invokeMethod(dialog, "accept");
        QTRY_VERIFY(shown.message().startsWith(QStringLiteral("Saved")));
        const auto saved = test::readFile(target);
        QCOMPARE(std::string(reinterpret_cast<const char *>(saved.data()), saved.size()), "what a query spilled");
    }

    void aByteOnThePageMapLeadsToItsSegment()
    {
        Window shown;
        test::FileBuilder file;
        file.append(SegmentType::Temp, std::string(5000, 't'));
        shown.window.openFile(m_folder->write("a.mv", file.bytes()));
        QVERIFY(shown.shows(1));
        shown.find<QTabWidget>("views")->setCurrentIndex(1);
        QVERIFY(shown.shows(1));
        Q_EMIT shown.pages()->byteSelected(file.last() + 4000);
        QTRY_COMPARE(shown.hex()->selectionBegin(), file.last());
        QCOMPARE(shown.hex()->selectionEnd(), file.last() + SegmentHeader::kSize + 5000);
        Q_EMIT shown.pages()->byteSelected(Offset{100});
        QTRY_COMPARE(shown.hex()->selectionBegin(), Superblock::slotOffset(SuperblockSlot::A));
        QCOMPARE(shown.hex()->selectionEnd(), Superblock::slotOffset(SuperblockSlot::B));
    }

    void savesTheSelectionButNeverOverTheDatabase()
    {
        Window shown;
        const auto bytes = database();
        const auto path = m_folder->write("a.mv", bytes);
        shown.window.openFile(path);
        QVERIFY(shown.shows(1));
        shown.document()->select({{100}, {9000}});
        const auto saveTo = [&](const Path &target) {
            shown.press(QKeySequence::Save);
            auto *dialog = shown.window.findChild<QFileDialog *>();
            dialog->setOption(QFileDialog::DontConfirmOverwrite);
            dialog->findChild<QLineEdit *>()->setText(text(target));
            QMetaObject::invokeMethod(dialog, "accept");
            QTRY_VERIFY(!shown.message().isEmpty());
            QTRY_VERIFY(shown.window.findChild<QFileDialog *>() == nullptr);
        };
        saveTo(*m_folder / "part.bin");
        QVERIFY(test::readFile(*m_folder / "part.bin") == std::vector(bytes.begin() + 100, bytes.begin() + 9000));
        shown.find<QLabel>("messageStatus")->clear();
        saveTo(path);
        QVERIFY(shown.message().contains(QStringLiteral("never written to")));
        QVERIFY(test::readFile(path) == bytes);
    }

    void opensEveryCorpusFile_data()
    {
        QTest::addColumn<QString>("name");
        for (const auto &name : test::corpusNames())
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }

    void opensEveryCorpusFile()
    {
        QFETCH(const QString, name);
        const auto file = test::corpusFile(name.toStdString());
        const auto path = m_folder->write("copy.mv", file.bytes());
        Window shown;
        shown.window.openFile(path);
        QVERIFY(shown.shows(1));
        QCOMPARE(shown.document()->state(), Document::State::Scanned);
        QVERIFY(shown.hex()->isVisible());

        const auto &snapshot = *shown.document()->snapshot();
        QCOMPARE(snapshot.fileLength(), file.said.at("length").get<std::uint64_t>());
        QCOMPARE(shown.hex()->layoutOfBytes().length(), snapshot.fileLength());
        const auto &error = file.said.at("first_log_error");
        const auto rows = shown.log()->model()->rowCount();
        if (error.is_null())
            QCOMPARE(rows, file.said.at("segments").size());
        else
            QVERIFY(rows >= file.said.at("segments").size()); // those behind the damage are listed too

        const auto *tree = shown.find<QTreeView>("navigator")->model();
        const bool headerIsSound = file.said.at("header").at("ok").get<bool>();
        QCOMPARE(tree->index(0, 0).data().toString().startsWith(QStringLiteral("Header, format")), headerIsSound);
        const auto &header = snapshot.head.header;
        QCOMPARE(header.has_value(), headerIsSound);
        if (headerIsSound) {
            QCOMPARE(unsigned(header->major), file.said.at("header").at("major").get<unsigned>());
            QCOMPARE(unsigned(header->minor), file.said.at("header").at("minor").get<unsigned>());
            QCOMPARE(header->headerSize, file.said.at("header").at("header_size").get<std::uint32_t>());
            QCOMPARE(header->flags, file.said.at("header").at("flags").get<std::uint64_t>());
        }
        for (std::size_t i = 0; i < file.said.at("segments").size(); ++i) {
            const auto &said = file.said.at("segments").at(i);
            const auto segment = LogReader(*shown.document()->store(), snapshot.log.index).segment({i});
            QVERIFY(segment.has_value());
            QCOMPARE(segment->offset.value, said.at("offset").get<std::uint64_t>());
            QCOMPARE(std::string(segmentTypeName(segment->header.type)), said.at("type").get<std::string>());
            QCOMPARE(segment->header.payloadLength, said.at("payload_len").get<std::uint64_t>());
            QCOMPARE(segment->header.payloadCrc, said.at("payload_crc32c").get<std::uint32_t>());
            QCOMPARE(!segment->payloadDamaged, said.at("payload_crc_ok").get<bool>());
        }
        const auto selected = file.said.at("selected_superblock");
        const std::array slots{"A", "B"};
        for (int slot = 0; slot < 2; ++slot)
            QCOMPARE(tree->index(1 + slot, 0).data().toString().startsWith(QChar(u'●')),
                     selected == slots[std::size_t(slot)]);
        QCOMPARE(snapshot.log.firstFault.has_value(), !error.is_null());
        if (!error.is_null())
            QCOMPARE(snapshot.log.firstFault->segment.value, error.at("offset").get<std::uint64_t>());
        if (!error.is_null())
            QCOMPARE(std::string(errorName(snapshot.log.firstFault->error.code)), error.at("error").get<std::string>());
        for (int slot = 0; slot < 2; ++slot)
            compareSuperblock(snapshot.head.superblocks[std::size_t(slot)],
                              file.said.at("superblocks").at(std::size_t(slot)));
        QCOMPARE(test::readFile(path), file.bytes());
    }

private:
    static void compareSuperblock(const Result<Superblock> &read, const nlohmann::json &said)
    {
        QCOMPARE(read.has_value(), said.at("ok").get<bool>());
        if (!read) {
            QCOMPARE(std::string(errorName(read.error().code)), said.at("error").get<std::string>());
            return;
        }
        QCOMPARE(read->generation, said.at("generation").get<std::uint64_t>());
        QCOMPARE(read->manifestOffset.value, said.at("manifest_offset").get<std::uint64_t>());
        QCOMPARE(read->manifestLength, said.at("manifest_len").get<std::uint32_t>());
        QCOMPARE(read->checkpointOffset.value, said.at("checkpoint_offset").get<std::uint64_t>());
        QCOMPARE(read->checkpointLength, said.at("checkpoint_len").get<std::uint32_t>());
    }

    /// A wrong payload, which a scan sees, and what only a full check tells: pointers that lead nowhere in both
    /// superblocks, and a reserved byte of the header.
    [[nodiscard]] static std::vector<std::byte> faults()
    {
        test::FileBuilder file(test::corpusFile("damaged-checkpoint-pointer").bytes());
        return file.flip({20}).flip({9659 + SegmentHeader::kSize}).bytes();
    }

    std::optional<test::ScratchDir> m_folder;
};

QTEST_MAIN(MainWindowTest)
#include "main_window_test.moc"
