// Jumps in a table of more rows than pixels fit an int, and rows that come behind them.

#include "measure.h"

#include "log/page_map.h"
#include "models/row_model.h"
#include "text/words.h"
#include "views/virtual_table_view.h"

#include <benchmark/benchmark.h>

#include <QFontDatabase>
#include <QFrame>
#include <QHeaderView>
#include <QImage>
#include <QPainter>
#include <QScrollBar>

#include <cstdint>
#include <vector>

namespace modelvault {
namespace {

using namespace ui;

constexpr QSize kFrame(1920, 1080);
constexpr std::uint64_t kRows = 110'000'000;

/// Segments that are made up from their number, with what SegmentRowModel shows of real ones.
class MadeUpSegments final : public RowModel {
public:
    enum Column { Number, Place, Type, PayloadLength, InTransaction, Checksum, ColumnCount };

    /// Those from `first` on.
    explicit MadeUpSegments(std::uint64_t count, std::uint64_t first = 0) : m_count(count), m_first(first) { }

    void append()
    {
        ++m_count;
        Q_EMIT rowsAppended();
    }

    [[nodiscard]] static QString text(std::uint64_t number, int column)
    {
        switch (column) {
        case Number:
            return groupedText(number);
        case Place:
            return fixedOffsetText({number * 90});
        case Type:
            return typeText(typeAtIndex(number % kSegmentTypes));
        case PayloadLength:
            return groupedText(number % 100'000);
        case InTransaction:
            return groupedText(number / 3);
        default:
            return QStringLiteral("✔");
        }
    }

    [[nodiscard]] std::uint64_t rowCount() const override { return m_count; }
    [[nodiscard]] int columnCount() const override { return ColumnCount; }
    [[nodiscard]] QString headerText(int column) const override { return QStringLiteral("column %1").arg(column); }
    [[nodiscard]] Qt::Alignment alignment(int column) const override
    {
        const bool number = column == Number || column == PayloadLength || column == InTransaction;
        return Qt::AlignVCenter | (number ? Qt::AlignRight : Qt::AlignLeft);
    }
    [[nodiscard]] bool isMonospace(int column) const override { return column == Place; }
    [[nodiscard]] QString sampleText(int column) const override { return text(kRows, column); }
    [[nodiscard]] QVariant data(std::uint64_t row, int column, int role) const override
    {
        const auto number = m_first + row;
        if (role == Qt::DisplayRole)
            return text(number, column);
        if (role == KindRole && column == Type)
            return static_cast<int>(contentKind(typeAtIndex(number % kSegmentTypes)));
        return {};
    }
    void prepare(std::uint64_t, std::uint64_t) override { }
    [[nodiscard]] QFuture<QString> copyText(std::uint64_t, std::uint64_t, const QList<int> &) const override
    {
        return {};
    }

private:
    std::uint64_t m_count;
    std::uint64_t m_first;
};

struct Shown {
    explicit Shown(std::uint64_t count, std::uint64_t first = 0) : model(count, first)
    {
        view.setFrameShape(QFrame::NoFrame);
        view.setModel(&model);
        // The rows alone: header and scroll bar are the style's.
        view.resize(kFrame + QSize(view.verticalScrollBar()->sizeHint().width(), view.header()->sizeHint().height()));
        paint(); // lays out
    }

    void paint() { view.viewport()->render(&image); }
    [[nodiscard]] QImage rows() { return view.viewport()->grab().toImage(); }
    [[nodiscard]] std::uint64_t visibleCount() const
    {
        return static_cast<std::uint64_t>(view.header()->model()->rowCount());
    }

    QImage image{kFrame, QImage::Format_ARGB32_Premultiplied};
    MadeUpSegments model;
    VirtualTableView view;
};

/// Whether what the view hands to its delegate, and to screen readers, at the place of this row is of this row.
bool saysRow(const Shown &shown, std::uint64_t row)
{
    const auto rect = shown.view.rowRect(row);
    if (rect.isEmpty() || !shown.view.viewport()->rect().contains(rect))
        return false;
    const auto *visible = shown.view.header()->model();
    const int line = rect.top() / rect.height();
    return visible->headerData(line, Qt::Vertical).toULongLong() == row
        && visible->index(line, MadeUpSegments::Place).data().toString()
        == MadeUpSegments::text(row, MadeUpSegments::Place);
}

/// Whether the same pixels come from a short table of the rows that should be visible.
bool paintsRow(Shown &shown, std::uint64_t row)
{
    const auto top = shown.view.firstVisibleRow();
    const auto first = top - top % 2; // every other row has another background
    Shown few(shown.visibleCount() + 10, first);
    few.view.verticalScrollBar()->setValue(static_cast<int>(top % 2));
    few.view.showRow(row - first);
    return few.view.firstVisibleRow() == top % 2 && few.rows() == shown.rows();
}

/// The cells of the visible rows, each drawn with one call.
void paintBare(QImage &image, const Shown &shown, std::uint64_t first)
{
    const auto *header = shown.view.header();
    QPainter painter(&image);
    painter.fillRect(image.rect(), shown.view.palette().base());
    painter.setPen(shown.view.palette().color(QPalette::Text));
    const auto fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    const int height = shown.view.rowRect(shown.view.firstVisibleRow()).height();
    for (int line = 0; line < static_cast<int>(shown.visibleCount()); ++line) {
        for (int column = 0; column < MadeUpSegments::ColumnCount; ++column) {
            painter.setFont(shown.model.isMonospace(column) ? fixed : shown.view.font());
            painter.drawText(header->sectionViewportPosition(column), height * (line + 1),
                             MadeUpSegments::text(first + static_cast<std::uint64_t>(line), column));
        }
    }
}

void jump(benchmark::State &state)
{
    Shown shown(kRows);
    QImage bare(kFrame, QImage::Format_ARGB32_Premultiplied);
    // Where a row of 30 pixels, and one of 20, lies beyond the reach of an int.
    std::vector<std::uint64_t> places{71'582'790, 107'374'190, 0, kRows - 1, 1'000'003};
    for (const auto row : places) {
        shown.view.showRow(row);
        shown.paint();
        if (!saysRow(shown, row) || !paintsRow(shown, row)) {
            state.SkipWithError("another row is shown");
            return;
        }
    }
    std::vector<double> jumps;
    std::vector<double> cpu;
    std::vector<double> references;
    std::uint64_t row = 12'345;
    for (auto _ : state) {
        row = (row * 48'271 + 11) % kRows;
        references.push_back(secondsOf([&] { paintBare(bare, shown, row); }));
        jumps.push_back(secondsOf([&] {
            cpu.push_back(cpuSecondsOf([&] {
                shown.view.showRow(row);
                shown.paint();
            }));
        }));
        state.SetIterationTime(jumps.back());
        if (!saysRow(shown, row)) {
            state.SkipWithError("another row is shown");
            break;
        }
    }
    constexpr double kMillisecond = 1e-3;
    state.counters["ms"] = median(jumps) / kMillisecond;
    state.counters["cpu_ms"] = median(cpu) / kMillisecond;
    state.counters["ref_ms"] = median(references) / kMillisecond;
    state.counters["ratio"] = medianRatio(jumps, references);
    state.counters["rows"] = static_cast<double>(shown.visibleCount());
}

void append(benchmark::State &state)
{
    Shown shown(kRows);
    std::vector<double> appends;
    for (auto _ : state) {
        shown.view.showRow(shown.model.rowCount() - 1);
        appends.push_back(secondsOf([&] { shown.model.append(); }));
        state.SetIterationTime(appends.back());
    }
    const auto last = shown.model.rowCount() - 1;
    shown.view.showRow(last);
    if (!saysRow(shown, last))
        state.SkipWithError("the row that came last is not shown");
    constexpr double kMillisecond = 1e-3;
    state.counters["ms"] = median(appends) / kMillisecond;
}

BENCHMARK(jump)
    ->Name("table/jump among 110 million rows, painted at 1920x1080 (wanted: ms 16)")
    ->UseManualTime()
    ->Iterations(101)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(append)
    ->Name("table/append to 110 million rows (wanted: ms 1)")
    ->UseManualTime()
    ->Iterations(1001)
    ->Unit(benchmark::kMillisecond);

} // namespace
} // namespace modelvault
