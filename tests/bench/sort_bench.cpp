// Ten million rows by a column of integers, read from their file, against Qt's own proxy over the same numbers in memory.

#include "bench_folder.h"
#include "measure.h"

#include "database/catalog_history.h"
#include "database/row_index.h"
#include "database/row_query.h"
#include "database/row_reader.h"
#include "database/snapshot.h"
#include "log/file_head.h"
#include "log/log_scanner.h"
#include "sample/bulk.h"
#include "store/raw_file_store.h"

#include <benchmark/benchmark.h>

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>

#include <algorithm>
#include <memory>
#include <vector>

namespace modelvault {
namespace {

constexpr std::uint64_t kRows = 10'000'000;
constexpr std::uint32_t kItems = 1;

class Numbers final : public QAbstractTableModel {
public:
    explicit Numbers(std::vector<std::int64_t> numbers) : m_numbers(std::move(numbers)) { }

    [[nodiscard]] int rowCount(const QModelIndex &parent) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(m_numbers.size());
    }
    [[nodiscard]] int columnCount(const QModelIndex &parent) const override { return parent.isValid() ? 0 : 1; }
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override
    {
        return role == Qt::DisplayRole
                 ? QVariant(static_cast<qlonglong>(m_numbers[static_cast<std::size_t>(index.row())]))
                 : QVariant();
    }

private:
    std::vector<std::int64_t> m_numbers;
};

void sorting(benchmark::State &state)
{
    const auto path = benchFolder() / "sort.mv";
    {
        auto file = must(FileHandle::open(path, OpenMode::CreateNew));
        must(sample::writeBulk(std::make_unique<RawFileStore>(std::move(file)), {.rows = kRows}));
    }
    const RawFileStore store(must(FileHandle::open(path, OpenMode::Read)));
    const auto head = must(readFileHead(store));
    auto log = must(scanLog(store, head.fileLength, {.framed = head.hasTransactions()}));
    auto catalog = must(CatalogHistory::read(store, log, head.hasTransactions()));
    auto rows = must(indexRows(store, log, catalog, head.hasTransactions()));
    const auto snapshot = makeSnapshot({}, head, std::move(log), std::move(catalog), std::move(rows));
    const auto &collection = *snapshot->catalog->catalog().find(kItems);
    const auto &schema = collection.current();
    const auto &live = snapshot->rows->collection(kItems).live;
    const auto column = static_cast<std::size_t>(
        std::ranges::find_if(schema.fields,
                             [&](const FieldDefinition &field) {
                                 return field.type.tag == TypeTag::Int64 && !field.path.is(collection.primaryField);
                             })
        - schema.fields.begin());
    RowReader reader(store, snapshot);

    std::vector<std::int64_t> numbers;
    must(reader.scan(live, [&](const RowPayload &row) {
        const auto value = must(row.decoder.value(row.bytes, row.at, column));
        numbers.push_back(std::get<std::int64_t>(value->data));
        return true;
    }));
    Numbers model(numbers);

    std::vector<double> ours;
    std::vector<double> proxys;
    std::vector<RecordNo> sorted;
    for (auto _ : state) {
        ours.push_back(secondsOf([&] { sorted = must(sortRows(reader, live, schema, column, RowOrder::Rising)); }));
        QSortFilterProxyModel proxy;
        proxys.push_back(secondsOf([&] {
            proxy.setSourceModel(&model);
            proxy.sort(0);
        }));
        for (const std::size_t row : {std::size_t{0}, sorted.size() / 2, sorted.size() - 1}) {
            const auto place = static_cast<std::size_t>(live.countBelow(sorted[row]));
            if (proxy.index(static_cast<int>(row), 0).data().toLongLong() != numbers[place])
                state.SkipWithError("they do not agree");
        }
        state.SetIterationTime(ours.back());
    }
    state.counters["ratio"] = medianRatio(ours, proxys);
}

BENCHMARK(sorting)
    ->Name("sort/ten million rows by an integer (wanted: ratio 0.25 over QSortFilterProxyModel)")
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

} // namespace
} // namespace modelvault
