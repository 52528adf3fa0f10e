// The page map of a file of 100 GB: every step of its zoom, and a resize, painted.

#include "measure.h"

#include "log/page_map.h"
#include "views/page_map_view.h"

#include <benchmark/benchmark.h>

#include <QFrame>
#include <QImage>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace modelvault {
namespace {

using namespace ui;

constexpr QSize kFrame(1920, 1080);
constexpr std::uint64_t kPages = 6'500'000;

/// Stretches of several kinds, a byte of damage here and there.
std::shared_ptr<const PageMap> madeUpMap()
{
    constexpr std::array kKinds{ContentKind::Record, ContentKind::Index, ContentKind::Record, ContentKind::Temp};
    auto map = std::make_shared<PageMap>(kPages * PageMap::kPageSize);
    for (std::uint64_t page = 0; page < kPages; page += 1000)
        map->add(PageMap::start({page}), PageMap::start({page + 1000}), kKinds[page / 1000 % kKinds.size()]);
    map->finish();
    for (std::uint64_t page = 77; page < kPages; page += 1'000'003)
        map->markDamaged(PageMap::start({page}), PageMap::start({page}) + 1);
    return map;
}

void zoom(benchmark::State &state)
{
    PageMapView view;
    view.setFrameShape(QFrame::NoFrame);
    view.resize(kFrame);
    view.setPages(madeUpMap());
    QImage image(kFrame, QImage::Format_ARGB32_Premultiplied);
    view.render(&image); // lays out
    std::vector<double> frames;
    std::vector<double> cpu;
    const auto measure = [&](const auto &change) {
        frames.push_back(secondsOf([&] {
            cpu.push_back(cpuSecondsOf([&] {
                change();
                view.viewport()->render(&image);
            }));
        }));
        return frames.back();
    };
    for (auto _ : state) {
        double all = 0;
        while (view.grid().pagesPerCell() > 1)
            all += measure([&] { view.zoomIn(); });
        all += measure([&] { view.zoomToFit(); });
        all += measure([&] { view.resize(kFrame - QSize(200, 100)); });
        all += measure([&] { view.resize(kFrame); });
        state.SetIterationTime(all);
    }
    const auto looked = view.grid().look(*madeUpMap(), view.grid().cellOf({77}));
    if (!looked.damaged)
        state.SkipWithError("damage is not seen");
    constexpr double kMillisecond = 1e-3;
    state.counters["ms"] = median(frames) / kMillisecond;
    state.counters["cpu_ms"] = median(cpu) / kMillisecond;
    state.counters["worst_cpu_ms"] = *std::ranges::max_element(cpu) / kMillisecond;
}

BENCHMARK(zoom)
    ->Name("pages/a frame of the map of 100 GB, zoomed or resized (wanted: ms 16)")
    ->UseManualTime()
    ->Iterations(20)
    ->Unit(benchmark::kMillisecond);

} // namespace
} // namespace modelvault
