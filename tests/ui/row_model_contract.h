#pragma once

#include "models/row_model.h"

#include <QSet>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <ranges>

namespace modelvault::ui {

/// What every RowModel promises the views that show it, tried on one that has rows: fewer than 10,000 of them.
/// A cell is there once prepare() was followed; none has control characters, which would break lines and tables.
inline void keepsTheContractOfRowModels(RowModel &model)
{
    constexpr auto kNoRow = std::numeric_limits<std::uint64_t>::max();
    const auto rows = model.rowCount();
    QVERIFY(rows > 0);
    QVERIFY(rows < 10'000);
    const auto last = rows - 1;

    // Columns.
    QVERIFY(model.columnCount() > 0);
    QSet<QString> headers;
    QList<int> columns;
    for (int column = 0; column < model.columnCount(); ++column) {
        QVERIFY(!model.headerText(column).isEmpty());
        QVERIFY(!model.sampleText(column).isEmpty());
        const auto alignment = model.alignment(column);
        QVERIFY(alignment.testFlag(Qt::AlignVCenter));
        QVERIFY(alignment.testFlag(Qt::AlignLeft) != alignment.testFlag(Qt::AlignRight));
        headers.insert(model.headerText(column));
        columns += column;
    }
    QCOMPARE(headers.size(), columns.size());

    // Rows come when they are wanted, also those far apart, and beyond the end there are none.
    const auto hasText = [&](std::uint64_t row) {
        return std::ranges::any_of(columns, [&](int column) {
            return !model.data(row, column, Qt::DisplayRole).toString().isEmpty();
        });
    };
    for (const auto row : {std::uint64_t{0}, last, rows / 2}) {
        const auto end = std::min(row + 20, last);
        model.prepare(row, end);
        QTRY_VERIFY(std::ranges::all_of(std::views::iota(row, end + 1), hasText));
        for (auto shown = row; shown <= end; ++shown) {
            for (const int column : columns) {
                const auto text = model.data(shown, column, Qt::DisplayRole).toString();
                QVERIFY2(std::ranges::none_of(text, [](QChar c) { return c.category() == QChar::Other_Control; }),
                         qPrintable(text));
                QVERIFY(!model.data(shown, column, Qt::UserRole + 1000).isValid());
            }
        }
    }
    for (const auto row : {rows, kNoRow}) {
        for (const int role : {int(Qt::DisplayRole), int(Qt::ToolTipRole), int(RowModel::KindRole),
                               int(RowModel::SeverityRole)}) {
            for (const int column : columns)
                QVERIFY2(model.data(row, column, role).toString().isEmpty(), qPrintable(QString::number(role)));
        }
        QVERIFY(!model.data(row, 0, RowModel::FaultRole).toBool());
    }

    // Copies have a line a row and a cell a column, in the order that was asked for.
    const auto copied = [&](std::uint64_t first, std::uint64_t end, const QList<int> &which) {
        auto text = model.copyText(first, end, which);
        text.waitForFinished();
        return text.resultCount() == 1 ? text.result() : QString();
    };
    const auto all = copied(0, last, columns);
    QVERIFY(all.endsWith(QLatin1Char('\n')));
    const auto lines = all.chopped(1).split(QLatin1Char('\n'));
    QCOMPARE(static_cast<std::uint64_t>(lines.size()), rows);
    for (const auto &line : lines)
        QCOMPARE(line.count(QLatin1Char('\t')), columns.size() - 1);
    QCOMPARE(copied(last, last, columns), lines.back() + QLatin1Char('\n'));
    auto reversed = columns;
    std::ranges::reverse(reversed);
    auto cells = lines.front().split(QLatin1Char('\t'));
    std::ranges::reverse(cells);
    QCOMPARE(copied(0, 0, reversed), cells.join(QLatin1Char('\t')) + QLatin1Char('\n'));

    // What is typed leads to a row or nowhere, from wherever it is looked for.
    for (const auto from : {std::uint64_t{0}, last, rows}) {
        auto nowhere = model.findRow(QStringLiteral("\u2603 no row begins so"), from);
        nowhere.waitForFinished();
        QVERIFY(!nowhere.result());
        for (const auto *typed : {"0", "1", "0x", "r", "e", "a"}) {
            auto found = model.findRow(QString::fromLatin1(typed), from);
            found.waitForFinished();
            QVERIFY(!found.result() || *found.result() < rows);
        }
    }
}

} // namespace modelvault::ui
