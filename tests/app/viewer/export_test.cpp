// Rows leave the window for a file, and are read back by other eyes.

#include "window.h"

#include "database/row_index.h"
#include "database/row_reader.h"
#include "export/value_text.h"
#include "support/corpus.h"
#include "support/read_back.h"
#include "support/scratch_dir.h"
#include "text/words.h"
#include "views/column_filters.h"
#include "views/data_view.h"
#include "views/export_dialog.h"
#include "views/notice_bar.h"
#include "views/row_actions.h"
#include "views/writing_bar.h"

#include <QFileDialog>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QToolButton>

#include <nlohmann/json.hpp>

#include <algorithm>

using namespace modelvault;
using namespace modelvault::ui;
using test::ScratchDir;
using test::Window;

namespace {

std::string contentOf(const std::filesystem::path &path)
{
    const auto bytes = test::readFile(path);
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

} // namespace

class ExportTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder.emplace();
        m_shown.emplace();
    }
    void cleanup() { m_shown.reset(); }

    void aCollectionGoesToCsvAndIsTheSame()
    {
        open("library", MODELVAULT_SAMPLE);
        choose(ExportScope::Collection, "it.csv");
        const auto lines = test::parseCsv(contentOf(*m_folder / "it.csv"));
        const auto rows = shownRows();
        QCOMPARE(lines.size(), rows.size() + 1);
        for (std::size_t i = 0; i < rows.size(); ++i)
            QVERIFY2(lines[i + 1] == rows[i], qPrintable(QString::number(i)));
        QVERIFY(notice().startsWith(QStringLiteral("%1 exported to ").arg(rowsText(rows.size()))));
    }

    void whatIsShownGoesToJsonLinesInItsOrder()
    {
        open("library", MODELVAULT_SAMPLE);
        auto *data = m_shown->window.currentView()->data();
        data->showCollection(2);
        const auto all = data->rows().allRows();
        data->filters()->setText(3, QStringLiteral("> 1990")); // the year
        QTRY_VERIFY(data->isSettled() && data->rows().rowCount() < all && data->rows().rowCount() > 1);
        Q_EMIT data->table()->header()->sectionClicked(0);
        Q_EMIT data->table()->header()->sectionClicked(0); // falling
        QTRY_VERIFY(data->isSettled());
        m_shown->press(Qt::CTRL | Qt::SHIFT | Qt::Key_E);
        accept("it.jsonl", 1);
        const auto rows = shownRows();
        std::size_t i = 0;
        for (const auto &line :
             QString::fromStdString(contentOf(*m_folder / "it.jsonl")).split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
            QVERIFY(i < rows.size());
            const auto json = nlohmann::json::parse(line.toStdString());
            const auto key = json[keyName()];
            const auto &expected = rows[i++][keyColumn()].value();
            QCOMPARE(QString::fromStdString(key.is_string() ? key.get<std::string>() : key.dump()),
                     QString::fromStdString(expected));
        }
        QCOMPARE(i, rows.size());
    }

    void everythingGoesToSqlite()
    {
        open("library", MODELVAULT_SAMPLE);
        choose(ExportScope::Everything, "it.sqlite");
        const test::SqliteFile file(*m_folder / "it.sqlite");
        const auto &snapshot = *m_shown->document()->snapshot();
        for (const auto &[id, collection] : snapshot.catalog->catalog().collections()) {
            const auto counted = file.query("SELECT count(*) FROM " + test::sqlName(collection.name));
            QVERIFY(std::get<std::int64_t>(counted.front().front())
                    == static_cast<std::int64_t>(snapshot.rows->collection(id).live.size()));
        }
        // And of the one that is shown, each key.
        const auto &collection = *snapshot.catalog->catalog().find(*data().collectionId());
        const auto keys = file.query("SELECT " + test::sqlName(collection.primaryField) + " FROM "
                                     + test::sqlName(collection.name) + " ORDER BY rowid");
        const auto rows = shownRows();
        QCOMPARE(keys.size(), rows.size());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const auto *number = std::get_if<std::int64_t>(&keys[i].front());
            const auto text = number != nullptr ? std::to_string(*number) : std::get<std::string>(keys[i].front());
            QVERIFY(rows[i][keyColumn()] == text);
        }
    }

    void everythingGoesToAFolderOfFiles()
    {
        open("valid-transactions", test::corpusFile("valid-transactions").database);
        trigger(ExportScope::Everything);
        accept("all", 1);
        QCOMPARE(test::parseCsv(contentOf(*m_folder / "all" / "ledger.csv")).size(), std::size_t{5});
        QVERIFY(std::filesystem::exists(*m_folder / "all" / "later.csv"));
        QVERIFY(notice().contains(QStringLiteral("2 files")));
    }

    void aNameCountsForMoreThanTheFilter()
    {
        open("valid-transactions", test::corpusFile("valid-transactions").database);
        trigger(ExportScope::Collection);
        accept("it.jsonl", 0);
        QVERIFY(contentOf(*m_folder / "it.jsonl").starts_with('{'));
    }

    void anExtensionFollowsTheFilter()
    {
        open("valid-transactions", test::corpusFile("valid-transactions").database);
        trigger(ExportScope::Collection);
        auto *dialog = m_shown->window.findChild<ExportDialog *>();
        QVERIFY(dialog != nullptr);
        const auto typed = [dialog] { return dialog->findChild<QLineEdit *>()->text(); };
        QCOMPARE(typed(), QStringLiteral("valid-transactions-ledger.csv"));
        dialog->selectNameFilter(dialog->nameFilters().back());
        Q_EMIT dialog->filterSelected(dialog->nameFilters().back());
        QCOMPARE(typed(), QStringLiteral("valid-transactions-ledger.sqlite"));
        dialog->reject();
    }

    void theDatabaseItselfIsNotWrittenTo()
    {
        open("valid-transactions", test::corpusFile("valid-transactions").database);
        const auto before = test::readFile(m_shown->document()->path());
        trigger(ExportScope::Collection);
        auto *dialog = m_shown->window.findChild<ExportDialog *>();
        dialog->setOption(QFileDialog::DontConfirmOverwrite);
        accept("valid-transactions.mv", 0);
        QVERIFY2(notice().contains(QStringLiteral("Not exported to ")), qPrintable(notice()));
        QVERIFY(test::readFile(m_shown->document()->path()) == before);
    }

    void whatCanNotBeWrittenIsSaid()
    {
        open("valid-transactions", test::corpusFile("valid-transactions").database);
        std::filesystem::create_directory(*m_folder / "all");
        m_folder->write("all/ledger.csv", "precious");
        RowExport job;
        job.start(data().store(), data().snapshot(), rowsToExport(ExportScope::Everything, data()),
                  {.path = *m_folder / "all", .format = ExportFormat::Csv, .isFolder = true});
        QTRY_VERIFY(!job.isRunning());
        const auto said = exportNotice(job, QStringLiteral("x"));
        QVERIFY2(said->text.contains(QStringLiteral("It is there already")), qPrintable(said->text));
        QVERIFY(said->severity == Severity::Error);
        QCOMPARE(contentOf(*m_folder / "all" / "ledger.csv"), std::string("precious"));
        QVERIFY(!std::filesystem::exists(*m_folder / "all" / "later.csv"));
    }

    void whileItRunsItIsSeenAndStopped()
    {
        RowExport job;
        WritingBar bar(
            job, {.name = QStringLiteral("Export"), .doing = QStringLiteral("to %1"), .stop = QStringLiteral("Stop")});
        QVERIFY(!bar.isVisibleTo(nullptr));
        open("library", MODELVAULT_SAMPLE);
        const auto path = *m_folder / "stopped.csv";
        job.start(data().store(), data().snapshot(), rowsToExport(ExportScope::Collection, data()),
                  {.path = path, .format = ExportFormat::Csv});
        QVERIFY(job.isRunning());
        QVERIFY(bar.isVisibleTo(nullptr));
        bar.findChild<QToolButton *>(QStringLiteral("stopWriting"))->click();
        QTRY_VERIFY(!job.isRunning());
        QVERIFY(!bar.isVisibleTo(nullptr));
        // It may have been done by then: a file is there whole or not at all.
        const bool isDone = job.outcome()->has_value();
        QCOMPARE(std::filesystem::exists(path), isDone);
        const auto said = exportNotice(job, QStringLiteral("x"))->text;
        QVERIFY(said.contains(isDone ? QStringLiteral("exported to") : QStringLiteral("was stopped")));
        QVERIFY(std::ranges::none_of(std::filesystem::directory_iterator(m_folder->path()), [&](const auto &entry) {
            return entry.path().filename().native().contains("stopped") && entry.path() != path;
        }));
    }

    void whereThereIsNothingItSaysSo()
    {
        open("valid-empty", test::corpusFile("valid-empty").database);
        trigger(ExportScope::Everything);
        QVERIFY(m_shown->window.findChild<ExportDialog *>() == nullptr);
        QCOMPARE(m_shown->message(), QStringLiteral("There are no collections: there is nothing to export."));
    }

    void rowsAreCopiedFromTheEditMenu()
    {
        open("valid-transactions", test::corpusFile("valid-transactions").database);
        auto *formats = m_shown->window.findChild<QMenu *>(QStringLiteral("copyRows"));
        formats->actions().front()->trigger();
        QTRY_COMPARE(m_shown->message(), QStringLiteral("4 rows copied."));
    }

private:
    void open(const std::string &name, const std::filesystem::path &source)
    {
        const auto path = m_folder->write(name + ".mv", test::readFile(source));
        m_shown->window.openFile(path);
        QVERIFY(m_shown->shows(1));
    }
    [[nodiscard]] const DataRowModel &data() const { return m_shown->window.currentView()->data()->rows(); }
    void trigger(ExportScope scope)
    {
        auto *menu = m_shown->window.findChild<QMenu *>(QStringLiteral("export"));
        menu->actions().at(static_cast<int>(scope))->trigger();
    }
    void accept(const char *name, int filter)
    {
        auto *dialog = m_shown->window.findChild<ExportDialog *>();
        QVERIFY(dialog != nullptr);
        dialog->selectNameFilter(dialog->nameFilters().at(filter));
        Q_EMIT dialog->filterSelected(dialog->nameFilters().at(filter)); // as a choice by hand does
        dialog->findChild<QLineEdit *>()->setText(test::text(*m_folder / name));
        QMetaObject::invokeMethod(dialog, "accept");
        QTRY_VERIFY(m_shown->window.isSettled());
        QTRY_VERIFY(!notice().isEmpty());
    }
    void choose(ExportScope scope, const char *name)
    {
        trigger(scope);
        accept(name, 0);
    }
    [[nodiscard]] QString notice() const { return m_shown->notices().join(QLatin1Char('\n')); }
    static QString rowsText(std::size_t count) { return QStringLiteral("%1 rows").arg(groupedText(count)); }
    [[nodiscard]] std::string keyName() const
    {
        return data().snapshot()->catalog->catalog().find(*data().collectionId())->primaryField;
    }
    /// Its place in the schema.
    [[nodiscard]] std::size_t keyColumn() const { return data().fieldOf(0); }

    /// As the model shows them, in the order of the schema; not made by what exports.
    [[nodiscard]] std::vector<test::CsvLine> shownRows() const
    {
        std::vector<test::CsvLine> rows;
        RowReader reader(*data().store(), data().snapshot());
        for (std::uint64_t row = 0; row < data().rowCount(); ++row) {
            const auto version = reader.read(*data().record(row)).value();
            test::CsvLine line;
            for (const auto &field : data().schema()->fields) {
                const auto *value = version.value(field.path);
                const bool isNone = value == nullptr || heldValue(*value) == nullptr;
                line.push_back(isNone ? std::nullopt : std::optional(valueText(*value)));
            }
            rows.push_back(std::move(line));
        }
        return rows;
    }

    std::optional<ScratchDir> m_folder;
    std::optional<Window> m_shown;
};

QTEST_MAIN(ExportTest)
#include "export_test.moc"
