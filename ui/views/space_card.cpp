#include "views/space_card.h"

#include "database/row_index.h"
#include "text/words.h"
#include "views/bar_list.h"
#include "views/page_map_view.h"
#include "views/space_treemap.h"

#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>
#include <functional>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace modelvault::ui {
namespace {

// More of them nobody tells apart; the rest is one.
constexpr std::size_t kMostBars = 10;
constexpr std::size_t kMostBoxes = 200;

/// "312 KiB: 280 KiB live rows, 32 KiB index changes".
QString sizesText(const SpaceTreemap::Box &box)
{
    QStringList parts;
    for (const auto &piece : box.pieces)
        parts += SpaceCard::tr("%1 %2").arg(sizeText(piece.bytes), lookText(piece.look));
    return SpaceCard::tr("%1: %2").arg(sizeText(box.bytes()), parts.join(QStringLiteral(", ")));
}

/// What takes space: a collection, or what belongs to none.
struct Part {
    SpaceUse::Bytes bytes{};
    const Collection *collection = nullptr;
    Liveness liveness = Liveness::Overhead; ///< without a collection

    [[nodiscard]] std::uint64_t size() const { return std::accumulate(bytes.begin(), bytes.end(), std::uint64_t{0}); }
};

SpaceTreemap::Box boxOf(QString name, std::optional<std::uint32_t> id, const SpaceUse::Bytes &bytes)
{
    SpaceTreemap::Box box{.name = std::move(name), .text = {}, .collectionId = id, .pieces = {}};
    for (std::size_t i = 0; i < kLivenesses; ++i) {
        if (bytes[i] > 0)
            box.pieces.push_back({static_cast<Liveness>(i), bytes[i]});
    }
    std::ranges::stable_sort(box.pieces, std::ranges::greater(), &SpaceTreemap::Piece::bytes);
    box.text = sizesText(box);
    return box;
}

/// The collections and what belongs to none, the largest first; at most `most`, of which one stands for the rest. Only
/// those get texts: there may be many.
std::vector<SpaceTreemap::Box> boxesOf(const SpaceUse &use, const CatalogHistory &catalog, std::size_t most)
{
    std::vector<Part> parts;
    SpaceUse::Bytes rest = use.all;
    for (const auto &[id, bytes] : use.collections) {
        std::ranges::transform(rest, bytes, rest.begin(), std::minus());
        parts.push_back({.bytes = bytes, .collection = catalog.catalog().find(id)});
    }
    for (std::size_t i = 0; i < kLivenesses; ++i) {
        if (rest[i] == 0)
            continue;
        parts.push_back({.liveness = static_cast<Liveness>(i)});
        parts.back().bytes[i] = rest[i];
    }
    std::ranges::stable_sort(parts, std::ranges::greater(), &Part::size);
    const auto shown = parts.size() > most ? most - 1 : parts.size();
    std::vector<SpaceTreemap::Box> boxes;
    for (const auto &part : std::span(parts).first(shown))
        boxes.push_back(part.collection != nullptr
                            ? boxOf(plainText(part.collection->name), part.collection->id, part.bytes)
                            : boxOf(livenessText(part.liveness), std::nullopt, part.bytes));
    if (shown < parts.size()) {
        SpaceUse::Bytes others{};
        for (const auto &part : std::span(parts).subspan(shown))
            std::ranges::transform(others, part.bytes, others.begin(), std::plus());
        boxes.push_back(boxOf(SpaceCard::tr("%1 others").arg(parts.size() - shown), std::nullopt, others));
        std::ranges::stable_sort(boxes, std::ranges::greater(), &SpaceTreemap::Box::bytes);
    }
    return boxes;
}

QString summaryText(const SpaceUse &use, const Snapshot &snapshot)
{
    const auto rows = snapshot.rows->liveCount();
    const auto versions = snapshot.rows->versionCount();
    const auto length = snapshot.fileLength();
    const auto left = use.compactedLength();
    return SpaceCard::tr("%1 rows, of %2 versions that were written").arg(groupedText(rows), groupedText(versions))
         + QLatin1Char('\n')
         + (left < length ? SpaceCard::tr("A compaction would leave about %1 of %2.").arg(sizeText(left), sizeText(length))
                          : SpaceCard::tr("A compaction would leave it about as long as it is."));
}

} // namespace

SpaceCard::SpaceCard(QWidget *parent)
    : QWidget(parent),
      m_text(new QLabel(this)),
      m_bars(new BarList(this)),
      m_legend(new PageLegend(this)),
      m_map(new SpaceTreemap(this))
{
    m_text->setObjectName(QStringLiteral("spaceText"));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_bars->setObjectName(QStringLiteral("spaceBars"));
    m_bars->setAccessibleName(tr("Bytes by collection"));
    m_legend->setColours(MapColours::Liveness);
    m_map->setObjectName(QStringLiteral("spaceMap"));
    m_map->setAccessibleName(tr("Map of the space that each collection takes"));
    connect(m_map, &SpaceTreemap::collectionRequested, this, &SpaceCard::collectionRequested);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_text);
    layout->addWidget(m_bars);
    layout->addWidget(m_legend);
    layout->addWidget(m_map);
}

void SpaceCard::show(const SpaceMeasure &measure)
{
    const auto &use = measure.use();
    for (auto *part : {static_cast<QWidget *>(m_bars), static_cast<QWidget *>(m_legend), static_cast<QWidget *>(m_map)})
        part->setVisible(use.has_value());
    if (!use) {
        m_text->setText(measure.error() ? tr("This can't be measured: %1.").arg(errorText(*measure.error()))
                                        : tr("Known when the rows are."));
        return;
    }
    const auto &snapshot = *measure.snapshot();
    m_text->setText(summaryText(*use, snapshot));
    std::vector<BarList::Bar> bars;
    for (const auto &box : boxesOf(*use, *snapshot.catalog, kMostBars)) {
        BarList::Bar bar{.parts = {}, .name = box.name, .text = sizeText(box.bytes()), .details = box.text};
        for (const auto &piece : box.pieces)
            bar.parts.push_back({piece.look, piece.bytes});
        bars.push_back(std::move(bar));
    }
    m_bars->setBars(std::move(bars));
    m_map->setBoxes(boxesOf(*use, *snapshot.catalog, kMostBoxes));
}

} // namespace modelvault::ui
