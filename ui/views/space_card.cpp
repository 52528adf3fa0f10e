#include "views/space_card.h"

#include "database/row_index.h"
#include "text/words.h"
#include "views/bar_list.h"
#include "views/page_map_view.h"
#include "views/space_treemap.h"

#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
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

void addPiece(SpaceTreemap::Box &box, Liveness liveness, std::uint64_t bytes)
{
    if (bytes == 0)
        return;
    const auto known = std::ranges::find(box.pieces, MapLook(liveness), &SpaceTreemap::Piece::look);
    if (known != box.pieces.end())
        known->bytes += bytes;
    else
        box.pieces.push_back({liveness, bytes});
}

SpaceTreemap::Box boxOf(QString name, std::optional<std::uint32_t> id, const SpaceUse::Bytes &bytes)
{
    SpaceTreemap::Box box{.name = std::move(name), .text = {}, .collectionId = id, .pieces = {}};
    for (std::size_t i = 0; i < kLivenesses; ++i)
        addPiece(box, static_cast<Liveness>(i), bytes[i]);
    return box;
}

/// The collections and what belongs to none, the largest first; at most `most`, of which the last stands for the rest.
std::vector<SpaceTreemap::Box> boxesOf(const SpaceUse &use, const CatalogHistory &catalog, std::size_t most)
{
    std::vector<SpaceTreemap::Box> boxes;
    SpaceUse::Bytes rest = use.all;
    for (const auto &[id, bytes] : use.collections) {
        for (std::size_t i = 0; i < kLivenesses; ++i)
            rest[i] -= bytes[i];
        const auto *collection = catalog.catalog().find(id);
        boxes.push_back(boxOf(collection != nullptr ? plainText(collection->name)
                                                    : SpaceCard::tr("collection %1, which nobody knows").arg(id),
                              collection != nullptr ? std::optional(id) : std::nullopt, bytes));
    }
    for (std::size_t i = 0; i < kLivenesses; ++i) {
        SpaceUse::Bytes one{};
        one[i] = rest[i];
        if (rest[i] > 0)
            boxes.push_back(boxOf(livenessText(static_cast<Liveness>(i)), std::nullopt, one));
    }
    std::ranges::stable_sort(boxes, std::ranges::greater(), &SpaceTreemap::Box::bytes);
    if (boxes.size() > most) {
        SpaceTreemap::Box others{
            .name = SpaceCard::tr("%1 others").arg(boxes.size() - most + 1), .text = {}, .collectionId = {}, .pieces = {}};
        for (std::size_t i = most - 1; i < boxes.size(); ++i) {
            for (const auto &piece : boxes[i].pieces)
                addPiece(others, std::get<Liveness>(piece.look), piece.bytes);
        }
        boxes.resize(most - 1);
        boxes.push_back(std::move(others));
    }
    for (auto &box : boxes) {
        std::ranges::stable_sort(box.pieces, std::ranges::greater(), &SpaceTreemap::Piece::bytes);
        box.text = sizesText(box);
    }
    std::ranges::stable_sort(boxes, std::ranges::greater(), &SpaceTreemap::Box::bytes);
    return boxes;
}

QString summaryText(const SpaceUse &use, const Snapshot &snapshot)
{
    std::uint64_t rows = 0;
    std::uint64_t versions = 0;
    for (const auto &[id, collection] : snapshot.rows->collections()) {
        rows += collection.live.size();
        versions += collection.versions;
    }
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
