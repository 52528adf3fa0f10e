// The grid of a million rows when its filter is taken away.

#include "bench_folder.h"
#include "measure.h"

#include "database/catalog_history.h"
#include "database/row_index.h"
#include "database/snapshot.h"
#include "log/file_head.h"
#include "log/log_scanner.h"
#include "models/data_row_model.h"
#include "sample/bulk.h"
#include "store/raw_file_store.h"

#include <benchmark/benchmark.h>

#include <QCoreApplication>

#include <memory>
#include <vector>

namespace modelvault {
namespace {

constexpr std::uint64_t kRows = 1'000'000;
constexpr std::uint64_t kVisible = 40;

void clearing(benchmark::State &state, bool isSorted)
{
    const auto path = benchFolder() / (isSorted ? "clear-sorted.mv" : "clear.mv");
    {
        auto file = must(FileHandle::open(path, OpenMode::CreateNew));
        must(sample::writeBulk(std::make_unique<RawFileStore>(std::move(file)), {.rows = kRows}));
    }
    const auto store = std::make_shared<const RawFileStore>(must(FileHandle::open(path, OpenMode::Read)));
    const auto head = must(readFileHead(*store));
    auto log = must(scanLog(*store, head.fileLength, {.framed = head.hasTransactions()}));
    auto catalog = must(CatalogHistory::read(*store, log, head.hasTransactions()));
    auto rows = must(indexRows(*store, log, catalog, head.hasTransactions()));
    ui::DataRowModel model;
    model.setSource(store, makeSnapshot({}, head, std::move(log), std::move(catalog), std::move(rows)), 1);
    const auto settle = [&model] {
        while (!model.isSettled())
            QCoreApplication::processEvents();
    };
    if (isSorted) {
        model.setSorting(ui::DataRowModel::Sorting{.column = 1, .order = RowOrder::Falling});
        settle();
    }
    std::vector<double> times;
    for (auto _ : state) {
        model.setConditions({*parseCondition(1, "7")});
        settle();
        if (model.rowCount() == kRows)
            state.SkipWithError("the filter lets everything through");
        times.push_back(secondsOf([&] {
            model.setConditions({});
            model.prepare(0, kVisible);
            while (!model.data(kVisible, 0, Qt::DisplayRole).isValid())
                QCoreApplication::processEvents();
        }));
        state.SetIterationTime(times.back());
    }
}

BENCHMARK_CAPTURE(clearing, "", false)
    ->Name("data/clearing a filter of a million rows, until rows are there (wanted: 50 ms)")
    ->UseManualTime()
    ->Iterations(5)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(clearing, "", true)
    ->Name("data/the same where they are sorted (wanted: 50 ms)")
    ->UseManualTime()
    ->Iterations(5)
    ->Unit(benchmark::kMillisecond);

} // namespace
} // namespace modelvault
