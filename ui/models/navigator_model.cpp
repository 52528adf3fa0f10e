#include "models/navigator_model.h"

#include "database/row_index.h"
#include "log/segment_index.h"
#include "models/list_limits.h"
#include "text/finding_words.h"
#include "text/schema_words.h"
#include "text/words.h"
#include "views/severity_sign.h"

#include <QFont>
#include <QtConcurrentRun>

#include <algorithm>
#include <ranges>

namespace modelvault::ui {
namespace {

constexpr int kCollectionsRow = 3;
constexpr int kLogRow = 4;
constexpr int kFixedRows = 5;
constexpr std::size_t kMostTold = 5; // findings in a tool tip
// More than anybody reads. Fields of a schema are fewer.
constexpr std::size_t kMostIndexes = 1000;
constexpr std::uint64_t kPartsACollection = 8192; // room for their numbers
static_assert(kMaxFields + kMostIndexes < kPartsACollection);
constexpr unsigned kLevelShift = 56;

std::uint64_t nodesAt(unsigned level, std::uint64_t transactions)
{
    for (; level > 0; --level)
        transactions = transactions / NavigatorModel::kGroup + (transactions % NavigatorModel::kGroup != 0 ? 1 : 0);
    return transactions;
}

std::uint64_t transactionsPerNode(unsigned level)
{
    std::uint64_t count = 1;
    for (; level > 0; --level)
        count *= NavigatorModel::kGroup;
    return count;
}

/// "title, string, primary key".
QString fieldText(const Collection &collection, const FieldDefinition &field)
{
    const auto text = NavigatorModel::tr("%1, %2").arg(pathName(field.path), typeName(field.type));
    if (field.path.is(collection.primaryField))
        return NavigatorModel::tr("%1, primary key").arg(text);
    bool isIndexed = false;
    for (const auto &index : collection.current().indexes | std::views::take(kMostIndexes)) {
        if (index.path != field.path)
            continue;
        if (index.kind == IndexKind::Unique)
            return NavigatorModel::tr("%1, unique").arg(text);
        isIndexed = true;
    }
    return isIndexed ? NavigatorModel::tr("%1, indexed").arg(text) : text;
}

} // namespace

NavigatorModel::NavigatorModel(QObject *parent) : QAbstractItemModel(parent)
{
    connect(&m_lookUp, &QFutureWatcherBase::finished, this, [this] {
        if (m_lookUp.future().resultCount() == 0)
            return;
        m_isLookingUp = false;
        m_known.push_back(m_lookUp.result());
        if (m_known.size() > kMostKnown)
            m_known.pop_front();
        const auto first = m_known.back().first;
        lookUpNext();
        if (first >= transactionCount())
            return;
        const auto last = std::min(first + kGroup, transactionCount()) - 1;
        Q_EMIT dataChanged(create({0, first}), create({0, last}));
    });
}

void NavigatorModel::setSnapshot(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot)
{
    // Nodes keep their ids as the log grows; only what they hang below may change.
    const bool grows = m_store && m_store == store;
    if (grows)
        Q_EMIT layoutAboutToBeChanged();
    else
        beginResetModel();
    m_store = std::move(store);
    m_snapshot = std::move(snapshot);
    m_collections.clear();
    if (m_snapshot && m_snapshot->catalog) {
        const auto &all = m_snapshot->catalog->catalog().collections();
        for (const auto &collection : all | std::views::values | std::views::take(kMostListedCollections))
            m_collections.push_back(&collection);
    }
    m_known.clear();
    m_wanted.clear();
    m_isLookingUp = false;
    m_lookUp.setFuture(QFuture<Known>());
    if (!grows) {
        endResetModel();
        return;
    }
    for (const auto &index : persistentIndexList()) {
        const auto id = idOf(index);
        changePersistentIndex(index, remains(id) ? create(id) : QModelIndex());
    }
    Q_EMIT layoutChanged();
}

NavigatorModel::Id NavigatorModel::idOf(const QModelIndex &index)
{
    const auto id = static_cast<std::uint64_t>(index.internalId());
    return {static_cast<unsigned>(id >> kLevelShift), id & ((std::uint64_t{1} << kLevelShift) - 1)};
}

/// After the snapshot changed.
bool NavigatorModel::remains(Id id) const
{
    switch (id.level) {
    case kFixedLevel:
        return true;
    case kCollectionLevel:
        return id.number < static_cast<std::uint64_t>(collectionRows());
    case kPartLevel:
        return id.number % kPartsACollection < static_cast<std::uint64_t>(partRows(id.number / kPartsACollection));
    default:
        return id.number < nodesAt(id.level, transactionCount());
    }
}

/// The row follows from the id.
QModelIndex NavigatorModel::create(Id id) const
{
    const bool isNumbered =
        id.level == kFixedLevel || id.level == kCollectionLevel || (id.level != kPartLevel && id.level >= topLevel());
    const auto row = static_cast<int>(isNumbered                   ? id.number
                                          : id.level == kPartLevel ? id.number % kPartsACollection
                                                                   : id.number % kGroup);
    return createIndex(row, 0, static_cast<quintptr>(std::uint64_t{id.level} << kLevelShift | id.number));
}

std::uint64_t NavigatorModel::transactionCount() const
{
    return m_snapshot ? m_snapshot->log.index->transactionCount() : 0;
}

/// Of the nodes right below the log.
unsigned NavigatorModel::topLevel() const
{
    unsigned level = 0;
    while (nodesAt(level, transactionCount()) > kGroup)
        ++level;
    return level;
}

/// One more where not all are listed.
int NavigatorModel::collectionRows() const
{
    const bool isCut =
        !m_collections.empty() && m_snapshot->catalog->catalog().collections().size() > m_collections.size();
    return static_cast<int>(m_collections.size()) + (isCut ? 1 : 0);
}

int NavigatorModel::partRows(std::uint64_t collection) const
{
    if (collection >= m_collections.size())
        return 0;
    const auto &schema = m_collections[collection]->current();
    return static_cast<int>(schema.fields.size() + std::min(schema.indexes.size(), kMostIndexes + 1));
}

QModelIndex NavigatorModel::indexOf(Kind kind, SuperblockSlot slot) const
{
    const int row = kind == Kind::Header ? 0
        : kind == Kind::Collections      ? kCollectionsRow
        : kind == Kind::Log              ? kLogRow
        : slot == SuperblockSlot::A      ? 1
                                         : 2;
    return index(row, 0, {});
}

QModelIndex NavigatorModel::index(int row, int column, const QModelIndex &parent) const
{
    if (row < 0 || column != 0 || row >= rowCount(parent))
        return {};
    if (!parent.isValid())
        return create({kFixedLevel, static_cast<std::uint64_t>(row)});
    const auto above = idOf(parent);
    const auto number = static_cast<std::uint64_t>(row);
    if (above.level == kFixedLevel)
        return create({above.number == kLogRow ? topLevel() : kCollectionLevel, number});
    if (above.level == kCollectionLevel)
        return create({kPartLevel, above.number * kPartsACollection + number});
    return create({above.level - 1, above.number * kGroup + number});
}

QModelIndex NavigatorModel::parent(const QModelIndex &index) const
{
    if (!index.isValid())
        return {};
    const auto id = idOf(index);
    if (id.level == kFixedLevel)
        return {};
    if (id.level == kCollectionLevel)
        return create({kFixedLevel, kCollectionsRow});
    if (id.level == kPartLevel)
        return create({kCollectionLevel, id.number / kPartsACollection});
    if (id.level >= topLevel())
        return create({kFixedLevel, kLogRow});
    return create({id.level + 1, id.number / kGroup});
}

int NavigatorModel::rowCount(const QModelIndex &parent) const
{
    if (!m_snapshot)
        return 0;
    if (!parent.isValid())
        return kFixedRows;
    const auto id = idOf(parent);
    if (id.level == kFixedLevel)
        return id.number == kLogRow        ? static_cast<int>(nodesAt(topLevel(), transactionCount()))
            : id.number == kCollectionsRow ? collectionRows()
                                           : 0;
    if (id.level == kCollectionLevel)
        return partRows(id.number);
    if (id.level == kPartLevel || id.level == 0)
        return 0;
    const auto below = nodesAt(id.level - 1, transactionCount());
    return static_cast<int>(std::min(kGroup, below - id.number * kGroup));
}

int NavigatorModel::columnCount(const QModelIndex &) const
{
    return 1;
}

NavigatorModel::Node NavigatorModel::node(const QModelIndex &index) const
{
    return nodeOf(idOf(index));
}

NavigatorModel::Node NavigatorModel::nodeOf(Id id) const
{
    if (id.level == kCollectionLevel) {
        if (id.number < m_collections.size())
            return {.kind = Kind::Collection, .collection = m_collections[id.number]};
        return {.kind = Kind::More,
                .count = m_snapshot->catalog->catalog().collections().size() - m_collections.size()};
    }
    if (id.level == kPartLevel) {
        const auto *collection = m_collections[id.number / kPartsACollection];
        const auto part = static_cast<std::size_t>(id.number % kPartsACollection);
        const auto fields = collection->current().fields.size();
        if (part < fields)
            return {.kind = Kind::Field, .collection = collection, .part = part};
        if (part - fields < kMostIndexes)
            return {.kind = Kind::Index, .collection = collection, .part = part - fields};
        return {
            .kind = Kind::More, .count = collection->current().indexes.size() - kMostIndexes, .collection = collection};
    }
    if (id.level == kFixedLevel) {
        if (id.number == 0)
            return {.kind = Kind::Header};
        if (id.number == kCollectionsRow)
            return {.kind = Kind::Collections};
        if (id.number == kLogRow)
            return {.kind = Kind::Log, .first = 0, .count = transactionCount()};
        return {.kind = Kind::Superblock, .slot = id.number == 1 ? SuperblockSlot::A : SuperblockSlot::B};
    }
    const auto size = transactionsPerNode(id.level);
    const auto first = id.number * size;
    return {.kind = id.level == 0 ? Kind::Transaction : Kind::Transactions,
            .first = first,
            .count = std::min(size, transactionCount() - first)};
}

QVariant NavigatorModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || !m_snapshot)
        return {};
    const auto here = node(index);
    if (role == Qt::DisplayRole)
        return text(here);
    if (role == Qt::DecorationRole) {
        const auto gravest = faultsOf(here).gravest;
        return gravest ? QVariant(severityIcon(*gravest)) : QVariant();
    }
    const bool inUse = here.kind == Kind::Superblock && m_snapshot->head.selected == here.slot;
    if (role == Qt::FontRole && inUse) {
        QFont font;
        font.setBold(true);
        return font;
    }
    if (role == Qt::ToolTipRole) {
        QStringList lines;
        if (inUse)
            lines += tr("This superblock is in use: it is valid and of the higher generation");
        if (const auto bytes = m_findings ? bytesOf(here) : std::nullopt)
            lines += findingLines(m_findings->findingsIn(bytes->first, bytes->second, kMostTold));
        lines.removeAll(QString());
        return lines.isEmpty() ? QVariant() : toolTipText(lines.join(QLatin1Char('\n')));
    }
    return {};
}

std::optional<std::pair<Offset, Offset>> NavigatorModel::bytesOf(const Node &node) const
{
    const Offset end{m_snapshot->fileLength()};
    switch (node.kind) {
    case Kind::Header:
        return std::pair(Offset{0}, Offset{FileHeader::kSize});
    case Kind::Superblock: {
        const auto begin = Superblock::slotOffset(node.slot);
        return std::pair(begin, begin + Superblock::kSize);
    }
    case Kind::Log:
        return std::pair(kLogStart, std::max(end, kLogStart));
    case Kind::Transactions: // which would take a look-up
    case Kind::Collections:  // in many places
    case Kind::Collection:
    case Kind::Field:
    case Kind::Index:
    case Kind::More:
        return std::nullopt;
    case Kind::Transaction: {
        const auto *group = knownGroup(node.first / kGroup * kGroup);
        const auto into = static_cast<std::size_t>(node.first % kGroup);
        if (group == nullptr || into >= group->transactions.size())
            return std::nullopt;
        return std::pair(group->transactions[into].begin, group->transactions[into].end);
    }
    }
    return std::nullopt;
}

NavigatorModel::Faults NavigatorModel::faultsOf(const Node &node) const
{
    if (!m_findings)
        return {};
    if (const auto bytes = bytesOf(node))
        return {.count = m_findings->countIn(bytes->first, bytes->second),
                .gravest = m_findings->gravest(bytes->first, bytes->second)};
    // Collections, and transactions that were not looked up: a full check knows which its findings touch.
    const auto touches = [&node](const CheckFinding &finding) {
        switch (node.kind) {
        case Kind::Transactions:
        case Kind::Transaction:
            return finding.transaction && finding.transaction->value >= node.first
                && finding.transaction->value - node.first < node.count;
        case Kind::Collection:
            return finding.collectionId == node.collection->id;
        default:
            return false;
        }
    };
    Faults faults;
    for (const auto &finding : m_findings->report().findings) {
        if (!touches(finding))
            continue;
        ++faults.count;
        faults.gravest = std::max(faults.gravest.value_or(finding.what.severity), finding.what.severity);
    }
    return faults;
}

void NavigatorModel::setFindings(std::shared_ptr<const FindingMarks> findings)
{
    Q_EMIT layoutAboutToBeChanged(); // any node may be marked now, and texts grow
    m_findings = std::move(findings);
    Q_EMIT layoutChanged();
}

QString NavigatorModel::text(const Node &node) const
{
    // How grave they are the sign before the text says; what does not decode says itself what is wrong.
    const auto &head = m_snapshot->head;
    const bool isSaid = (node.kind == Kind::Header && !head.header)
        || (node.kind == Kind::Superblock && !head.superblocks[static_cast<std::size_t>(node.slot)]);
    const auto faults = isSaid ? 0 : faultsOf(node).count;
    return faults == 0 ? title(node)
        : faults == 1  ? tr("%1 – 1 finding").arg(title(node))
                       : tr("%1 – %2 findings").arg(title(node), groupedText(faults));
}

QString NavigatorModel::title(const Node &node) const
{
    const auto &head = m_snapshot->head;
    switch (node.kind) {
    case Kind::Header:
        return head.header ? tr("Header, format %1.%2").arg(head.header->major).arg(head.header->minor)
                           : tr("Header: %1").arg(headerErrorText(head));
    case Kind::Superblock: {
        const auto name = node.slot == SuperblockSlot::A ? tr("Superblock A") : tr("Superblock B");
        const auto &block = head.superblocks[static_cast<std::size_t>(node.slot)];
        if (!block)
            return tr("%1: %2").arg(name, errorText(block.error()));
        const auto text = tr("%1, generation %2").arg(name).arg(block->generation);
        return head.selected == node.slot ? tr("● %1, in use").arg(text) : text;
    }
    case Kind::Collections:
        return collectionsText();
    case Kind::Collection:
        return collectionText(*node.collection);
    case Kind::Field:
        return fieldText(*node.collection, node.collection->current().fields[node.part]);
    case Kind::Index: {
        const auto &index = node.collection->current().indexes[node.part];
        return tr("index %1, %2").arg(plainText(index.name), indexName(index));
    }
    case Kind::More:
        return tr("and %1 more").arg(groupedText(node.count));
    case Kind::Log:
        return tr("Log, %1 segments, %2 transactions")
            .arg(groupedText(m_snapshot->log.index->segmentCount()), groupedText(transactionCount()));
    case Kind::Transactions:
        return tr("Transactions %1 to %2").arg(groupedText(node.first), groupedText(node.first + node.count - 1));
    case Kind::Transaction:
        return transactionText(node.first);
    }
    return {};
}

QString NavigatorModel::collectionsText() const
{
    if (!m_snapshot->catalog)
        return tr("Collections, not read yet");
    const auto count = m_snapshot->catalog->catalog().collections().size();
    return count == 0 ? tr("No collections")
        : count == 1  ? tr("1 collection")
                      : tr("%1 collections").arg(groupedText(count));
}

QString NavigatorModel::collectionText(const Collection &collection) const
{
    const auto name = plainText(collection.name);
    if (!m_snapshot->rows)
        return name;
    const auto rows = m_snapshot->rows->collection(collection.id).live.size();
    return rows == 1 ? tr("%1, 1 row").arg(name) : tr("%1, %2 rows").arg(name, groupedText(rows));
}

QString NavigatorModel::transactionText(std::uint64_t number) const
{
    const auto *group = knownGroup(number / kGroup * kGroup);
    const auto into = static_cast<std::size_t>(number % kGroup);
    if (group == nullptr || into >= group->transactions.size())
        return tr("Transaction %1").arg(groupedText(number));
    const auto &known = group->transactions[into];
    const auto segments = known.lastSegment.value - known.firstSegment.value + 1;
    return tr("Transaction %1, %2, %3 segments")
        .arg(groupedText(number), stateText(known.state), groupedText(segments));
}

void NavigatorModel::prepare(const QModelIndex &index)
{
    if (!index.isValid() || rowCount(index) == 0)
        return;
    const auto child = idOf(this->index(0, 0, index));
    if (child.level != 0 || knownGroup(child.number) != nullptr || std::ranges::contains(m_wanted, child.number))
        return;
    m_wanted.push_back(child.number);
    if (!m_isLookingUp)
        lookUpNext();
}

const NavigatorModel::Known *NavigatorModel::knownGroup(std::uint64_t first) const
{
    const auto known = std::ranges::find(m_known, first, &Known::first);
    return known == m_known.end() ? nullptr : &*known;
}

void NavigatorModel::lookUpNext()
{
    if (m_wanted.empty())
        return;
    const auto first = m_wanted.front();
    m_wanted.pop_front();
    m_isLookingUp = true;
    m_lookUp.setFuture(QtConcurrent::run([store = m_store, log = m_snapshot->log.index, first]() -> Known {
        auto found = LogReader(*store, log).transactions({first}, kGroup);
        return {first, found ? *std::move(found) : std::vector<Transaction>()};
    }));
}

} // namespace modelvault::ui
