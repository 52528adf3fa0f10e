// What a frame of the hex view costs, beside a bare painter that draws the same characters with one call per line.

#include "bench_folder.h"
#include "measure.h"

#include "database/snapshot.h"
#include "log/log_writer.h"
#include "store/file_store.h"
#include "support/watched_store.h"
#include "views/hex_view.h"

#include <benchmark/benchmark.h>

#include <QCoreApplication>
#include <QFrame>
#include <QImage>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>

#include <memory>
#include <vector>

namespace modelvault {
namespace {

using namespace ui;

constexpr QSize kFrame(1920, 1080);
constexpr int kSegments = 20'000;

/// Records of 90 bytes with all kinds of bytes in them, made once.
const std::filesystem::path &database()
{
    static std::filesystem::path path;
    if (!path.empty())
        return path;
    path = benchFolder() / "hex.mv";
    auto file = must(FileHandle::open(path, OpenMode::ReadWriteOrCreate));
    auto writer = must(LogWriter::create(std::make_unique<RawFileStore>(std::move(file))));
    std::vector<std::byte> payload(58);
    must(writer.begin(1));
    for (int i = 0; i < kSegments; ++i) {
        for (std::size_t at = 0; at < payload.size(); ++at)
            payload[at] = static_cast<std::byte>(static_cast<std::size_t>(i) * 31 + at * at);
        must(writer.append(SegmentType::Record, payload));
    }
    must(writer.commit(1));
    must(writer.publish());
    return path;
}

/// A hex view of a scanned database, with a store that notices reads by this thread.
struct Shown {
    Shown()
    {
        const std::shared_ptr<FileStore> file = must(FileStore::openUnlocked(database()));
        const auto head = must(readFileHead(*file));
        auto log = must(scanLog(*file, head.fileLength, {.framed = head.hasTransactions()}));
        snapshot = makeSnapshot(file->identity(), head, std::move(log));
        store = std::make_shared<test::WatchedStore>(file);
        view.setFrameShape(QFrame::NoFrame);
        resize(kFrame);
        view.setSource(store, snapshot);
        view.goTo({snapshot->fileLength() / 2});
        settle();
    }

    void settle()
    {
        while (!view.isSettled())
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }
    /// Without the scroll bar, which is the style's.
    void resize(QSize frame)
    {
        view.resize(frame + QSize(view.verticalScrollBar()->sizeHint().width(), 0));
        paint(); // lays out
    }
    void paint() { view.viewport()->render(&image); }
    void press(int key, Qt::KeyboardModifiers modifiers = {})
    {
        QKeyEvent event(QEvent::KeyPress, key, modifiers);
        QCoreApplication::sendEvent(&view, &event);
    }

    QImage image{kFrame, QImage::Format_ARGB32_Premultiplied};
    HexView view;
    std::shared_ptr<test::WatchedStore> store;
    std::shared_ptr<const Snapshot> snapshot;
};

/// The characters of the lines that the view shows.
QStringList linesOf(const Shown &shown)
{
    const auto &layout = shown.view.layoutOfBytes();
    std::vector<std::byte> bytes(static_cast<std::size_t>(layout.bytesPerLine()));
    QStringList lines;
    for (auto at = shown.view.visibleBegin(); at < shown.view.visibleEnd(); at += bytes.size()) {
        must(shown.store->readExactAt(at, bytes));
        auto line = QStringLiteral(" %1").arg(at.value, layout.addressDigits(), 16, QLatin1Char('0'));
        line = line.leftJustified(layout.columnCount());
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            const auto byte = std::to_integer<unsigned char>(bytes[i]);
            const auto index = static_cast<int>(i);
            line.replace(layout.hexColumn(index), 2, QStringLiteral("%1").arg(byte, 2, 16, QLatin1Char('0')));
            line[layout.textColumn(index)] = byte >= 0x20 && byte < 0x7f ? QChar(char16_t{byte}) : QChar(u'·');
        }
        lines += line;
    }
    return lines;
}

void paintBare(QImage &image, const HexView &view, const QStringList &lines)
{
    QPainter painter(&image);
    painter.fillRect(image.rect(), view.palette().base());
    painter.setFont(view.font());
    painter.setPen(view.palette().color(QPalette::Text));
    const int height = image.height() / static_cast<int>(lines.size());
    int y = painter.fontMetrics().ascent();
    for (const auto &line : lines) {
        painter.drawText(0, y, line);
        y += height;
    }
}

void frame(benchmark::State &state)
{
    Shown shown;
    QImage bare(kFrame, QImage::Format_ARGB32_Premultiplied);
    // Made before anything is watched: the look at the bytes is a read.
    const auto lines = linesOf(shown);
    std::vector<double> frames;
    std::vector<double> references;
    shown.paint(); // glyphs into their cache
    paintBare(bare, shown.view, lines);
    for (auto _ : state) {
        references.push_back(secondsOf([&] { paintBare(bare, shown.view, lines); }));
        frames.push_back(secondsOf([&] { shown.paint(); }));
        state.SetIterationTime(frames.back());
    }
    constexpr double kMillisecond = 1e-3;
    state.counters["ms"] = median(frames) / kMillisecond;
    state.counters["ref_ms"] = median(references) / kMillisecond;
    state.counters["ratio"] = medianRatio(frames, references);
    state.counters["lines"] = static_cast<double>(lines.size());
    state.counters["bytes/line"] = shown.view.layoutOfBytes().bytesPerLine();
}

/// All ways through the file, each frame painted before and after its bytes are there.
void useEverywhere(benchmark::State &state)
{
    Shown shown;
    const auto paint = [&] {
        shown.paint();
        shown.settle();
        shown.paint();
    };
    std::vector<double> steps;
    for (auto _ : state) {
        const auto seconds = secondsOf([&] {
            shown.press(Qt::Key_PageDown);
            paint();
            shown.press(Qt::Key_Down, Qt::ShiftModifier);
            paint();
            shown.press(Qt::Key_Home, Qt::ControlModifier);
            paint();
            shown.press(Qt::Key_End, Qt::ControlModifier);
            paint();
            shown.view.verticalScrollBar()->setValue(shown.view.verticalScrollBar()->maximum() / 3);
            paint();
            shown.resize(kFrame / 2);
            paint();
            shown.resize(kFrame);
            paint();
            shown.view.zoomBy(1);
            paint();
            shown.view.zoomBy(0);
            paint();
        });
        steps.push_back(seconds / 9);
        state.SetIterationTime(steps.back());
    }
    if (shown.store->wasReadByMaker())
        state.SkipWithError("the file was read on the GUI thread");
}

BENCHMARK(frame)
    ->Name("hex/frame at 1920x1080 (wanted: ratio 2)")
    ->UseManualTime()
    ->Iterations(101)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(useEverywhere)
    ->Name("hex/keys, scrolling, sizes (wanted: no read on the GUI thread)")
    ->UseManualTime()
    ->Iterations(5)
    ->Unit(benchmark::kMillisecond);

} // namespace
} // namespace modelvault
