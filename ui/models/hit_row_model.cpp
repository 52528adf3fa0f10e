#include "models/hit_row_model.h"

#include "format/superblock.h"
#include "log/segment_index.h"
#include "text/words.h"
#include "views/structure_palette.h"

#include <QtConcurrentRun>

#include <algorithm>
#include <array>
#include <utility>

namespace modelvault::ui {
namespace {

constexpr std::uint64_t kMargin = 64; // rows read beyond what is visible
constexpr std::size_t kShown = 16;    // bytes of a hit
constexpr std::uint64_t kAround = 24; // bytes before and behind it

QString hexOf(std::span<const std::byte> bytes)
{
    return QString::fromLatin1(
        QByteArray(reinterpret_cast<const char *>(bytes.data()), static_cast<qsizetype>(bytes.size())).toHex(' '));
}

QString asciiOf(std::span<const std::byte> bytes)
{
    QString text;
    for (const auto byte : bytes) {
        const auto value = std::to_integer<char16_t>(byte);
        text += value >= 0x20 && value < 0x7F ? QChar(value) : QChar(u'·');
    }
    return text;
}

/// "before‹hit›behind"; as much as there is, and can be read.
QString around(const Store &store, const Snapshot &snapshot, const Hit &hit, const QString &shown)
{
    const auto text = [&store](Offset begin, Offset end) {
        std::array<std::byte, kAround> buffer{};
        const auto bytes = std::span(buffer).first(static_cast<std::size_t>(end - begin));
        return store.readExactAt(begin, bytes) ? asciiOf(bytes) : QString();
    };
    const Offset before{hit.offset.value - std::min(hit.offset.value, kAround)};
    const auto fileEnd = std::max(snapshot.fileLength(), hit.end().value);
    const Offset behind{hit.end().value + std::min(fileEnd - hit.end().value, kAround)};
    return text(before, hit.offset) + QChar(0x2039) + shown + QChar(0x203A) + text(hit.end(), behind);
}

} // namespace

void HitPieces::add(Piece piece)
{
    if (!piece || piece->empty())
        return;
    m_ends.push_back(size() + piece->size());
    m_pieces.push_back(std::move(piece));
}

const Hit &HitPieces::at(std::uint64_t row) const
{
    const auto piece = std::ranges::upper_bound(m_ends, row) - m_ends.begin();
    const auto begin = piece == 0 ? 0 : m_ends[static_cast<std::size_t>(piece - 1)];
    return (*m_pieces[static_cast<std::size_t>(piece)])[row - begin];
}

std::uint64_t HitPieces::firstFrom(Offset offset) const
{
    const auto piece =
        std::ranges::lower_bound(m_pieces, offset, {}, [](const Piece &each) { return each->back().offset; })
        - m_pieces.begin();
    if (static_cast<std::size_t>(piece) == m_pieces.size())
        return size();
    const auto &hits = *m_pieces[static_cast<std::size_t>(piece)];
    const auto begin = piece == 0 ? 0 : m_ends[static_cast<std::size_t>(piece - 1)];
    return begin + static_cast<std::uint64_t>(std::ranges::lower_bound(hits, offset, {}, &Hit::offset) - hits.begin());
}

HitRowModel::HitRowModel(QObject *parent)
    : RowModel(parent),
      m_load(
          [this](const Rows &rows) {
              return QtConcurrent::run([store = m_store, snapshot = m_snapshot, hits = m_hits, rows] {
                  return Loaded{rows, read(*store, *snapshot, hits, rows)};
              });
          },
          [this](const Loaded &loaded) { take(loaded); })
{ }

void HitRowModel::setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot)
{
    m_store = std::move(store);
    m_snapshot = std::move(snapshot);
    m_isStale = true;
    m_load.drop();
    if (!m_snapshot)
        clear();
    else if (m_asked.first < m_asked.end)
        prepare(m_asked.first, m_asked.end - 1);
}

void HitRowModel::clear()
{
    m_hits = {};
    m_asked = {};
    m_loaded = {};
    m_load.drop();
    Q_EMIT wasReset();
}

void HitRowModel::append(const HitPieces::Piece &hits)
{
    const auto before = m_hits.size();
    m_hits.add(hits);
    if (m_hits.size() > before)
        Q_EMIT rowsAppended();
}

std::optional<std::uint64_t> HitRowModel::rowAt(Offset offset) const
{
    const auto row = m_hits.firstFrom(offset);
    return row < m_hits.size() && m_hits.at(row).offset == offset ? std::optional(row) : std::nullopt;
}

QString HitRowModel::headerText(int column) const
{
    switch (column) {
    case Place:
        return tr("Offset");
    case Length:
        return tr("Length");
    case Where:
        return tr("In");
    case Bytes:
        return tr("Bytes");
    case Text:
        return tr("Text");
    case Around:
        return tr("Around It");
    default:
        return {};
    }
}

Qt::Alignment HitRowModel::alignment(int column) const
{
    return Qt::AlignVCenter | (column == Length ? Qt::AlignRight : Qt::AlignLeft);
}

QString HitRowModel::sampleText(int column) const
{
    switch (column) {
    case Place:
        return fixedOffsetText({m_snapshot ? m_snapshot->fileLength() : 0});
    case Length:
        return groupedText(100'000);
    case Where:
        return typeText(SegmentType::Checkpoint) + QStringLiteral(" mmm ") + groupedText(10'000);
    case Bytes:
        return hexOf(std::array<std::byte, kShown>{});
    case Text:
        return QString(static_cast<qsizetype>(kShown), QLatin1Char('0'));
    case Around:
        return QString(static_cast<qsizetype>(2 * kAround + kShown + 2), QLatin1Char('0'));
    default:
        return {};
    }
}

QString HitRowModel::cellText(const Hit &hit, const Details &details, int column)
{
    switch (column) {
    case Place:
        return fixedOffsetText(hit.offset);
    case Length:
        return groupedText(hit.length);
    case Where:
        return details.where;
    case Bytes:
        return details.bytes;
    case Text:
        return details.text;
    case Around:
        return details.around;
    default:
        return {};
    }
}

QVariant HitRowModel::data(std::uint64_t row, int column, int role) const
{
    if (row >= rowCount())
        return {};
    static const Details kNotRead;
    const bool isRead = row >= m_loaded.rows.first && row < m_loaded.rows.end;
    const auto &details = isRead ? m_loaded.details[row - m_loaded.rows.first] : kNotRead;
    const auto &found = hit(row);
    switch (role) {
    case Qt::DisplayRole:
        return cellText(found, details, column);
    case Qt::ToolTipRole:
        return column == Place
            ? QVariant(toolTipText(tr("Offset %1, to %2 (decimal)")
                                       .arg(groupedText(found.offset.value), groupedText(found.end().value))))
            : QVariant();
    case KindRole:
        return column == Where && details.kind != ContentKind::NotScanned ? QVariant(static_cast<int>(details.kind))
                                                                          : QVariant();
    default:
        return {};
    }
}

void HitRowModel::prepare(std::uint64_t first, std::uint64_t last)
{
    if (rowCount() == 0 || !m_snapshot)
        return;
    last = std::min(last, rowCount() - 1);
    if (first > last)
        return;
    m_asked = {first, last + 1};
    if (!m_isStale && first >= m_loaded.rows.first && last < m_loaded.rows.end) {
        m_load.drop(); // its rows would take the place of what is wanted now
        return;
    }
    m_load.want({first - std::min(first, kMargin), std::min(last + 1 + kMargin, rowCount())});
}

void HitRowModel::take(const Loaded &loaded)
{
    m_isStale = false;
    m_loaded = loaded;
    Q_EMIT rowsChanged(loaded.rows.first, loaded.rows.end - 1);
}

std::vector<HitRowModel::Details> HitRowModel::read(const Store &store, const Snapshot &snapshot, const HitPieces &hits,
                                                    Rows rows)
{
    const LogReader log(store, snapshot.log.index);
    std::vector<Details> all;
    std::optional<Segment> segment; // the last that one lay in
    for (auto row = rows.first; row < rows.end; ++row) {
        const auto &found = hits.at(row);
        Details details;
        std::array<std::byte, kShown> buffer{};
        const auto bytes = std::span(buffer).first(std::min<std::size_t>(kShown, found.length));
        const auto rest = found.length > kShown ? QStringLiteral("…") : QString();
        if (const auto read = store.readExactAt(found.offset, bytes); !read) {
            details.bytes = tr("unreadable: %1").arg(errorText(read.error()));
        } else {
            details.bytes = hexOf(bytes) + rest;
            details.text = asciiOf(bytes) + rest;
            details.around = around(store, snapshot, found, details.text);
        }
        if (found.offset < kLogStart) {
            details.kind = ContentKind::Head;
        } else {
            if (!segment || found.offset < segment->offset || found.offset >= segment->end())
                segment = log.segmentAt(found.offset).value_or(std::nullopt);
            if (segment)
                details.kind = contentKind(segment->header.type);
            else if (found.offset < snapshot.log.covered)
                details.kind = ContentKind::Damaged;
        }
        if (segment)
            details.where = tr("%1 %2").arg(typeText(segment->header.type), groupedText(segment->no.value));
        else if (details.kind != ContentKind::NotScanned)
            details.where = kindText(details.kind);
        all.push_back(std::move(details));
    }
    return all;
}

QFuture<QString> HitRowModel::copyText(std::uint64_t first, std::uint64_t last, const QList<int> &columns) const
{
    return QtConcurrent::run([store = m_store, snapshot = m_snapshot, hits = m_hits, first, last, columns] {
        QString text;
        for (auto row = first; row <= last;) {
            const Rows rows{row, std::min(last + 1, row + kMargin)};
            for (const auto &details : read(*store, *snapshot, hits, rows)) {
                QStringList cells;
                for (const int column : columns)
                    cells += column == Length ? QString::number(hits.at(row).length) // as other programs read it
                                              : cellText(hits.at(row), details, column);
                text += lineOf(cells);
                ++row;
            }
        }
        return text;
    });
}

QFuture<std::optional<std::uint64_t>> HitRowModel::findRow(const QString &typed, std::uint64_t /*from*/) const
{
    using Row = std::optional<std::uint64_t>;
    bool isNumber = false;
    const bool isHex = typed.startsWith(QLatin1String("0x"), Qt::CaseInsensitive);
    const auto number = typed.sliced(isHex ? 2 : 0).toULongLong(&isNumber, isHex ? 16 : 10);
    const auto row = m_hits.firstFrom({number});
    return QtFuture::makeReadyValueFuture(isNumber && row < rowCount() ? Row(row) : Row());
}

} // namespace modelvault::ui
