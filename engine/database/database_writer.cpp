#include "database/database_writer.h"

#include "format/checkpoint.h"
#include "format/limits.h"
#include "format/segment.h"

#include <cassert>
#include <limits>
#include <ranges>
#include <utility>

namespace modelvault {
namespace {

std::string keyOf(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

std::vector<std::byte> bytesOf(const std::string &key)
{
    const auto bytes = std::as_bytes(std::span(key));
    return {bytes.begin(), bytes.end()};
}

Result<void> checkPayload(std::size_t size)
{
    if (size > kMaxPayload)
        return failure(ErrorCode::PayloadOverLimit, {}, kMaxPayload, size);
    return {};
}

Result<void> checkCount(std::size_t count)
{
    if (count > kMaxListEntries)
        return failure(ErrorCode::PayloadOverLimit, {}, kMaxListEntries, count);
    return {};
}

/// The entry that makes version `number` with the fields and indexes of the current one.
CatalogEntry currentEntry(const Collection &collection, std::uint32_t number)
{
    const bool creates = number == 1;
    return {.kind = creates ? CatalogEntry::Kind::CreateCollection : CatalogEntry::Kind::NewSchemaVersion,
            .collectionId = collection.id,
            .name = creates ? collection.name : std::string(),
            .schemaVersion = number,
            .fields = collection.current().fields,
            .indexes = collection.current().indexes,
            .primaryField = creates ? collection.primaryField : std::string()};
}

/// For rows of an older version too, with the indexes that there are now.
Result<RowEncoder> encoderOfVersion(const Catalog &catalog, const Collection &collection, std::uint32_t version)
{
    return RowEncoder::make(collection.id, version, catalog.version(collection.id, version)->fields,
                            collection.primaryField, collection.current().indexes);
}

/// Payloads that are going to be parts of a checkpoint.
class Parts {
public:
    void add(std::vector<std::byte> payload)
    {
        m_size += payload.size();
        m_payloads.push_back(std::move(payload));
    }
    [[nodiscard]] std::size_t count() const { return m_payloads.size(); }
    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] std::vector<Checkpoint::Part> borrowed() const
    {
        std::vector<Checkpoint::Part> parts;
        parts.reserve(m_payloads.size());
        for (const auto &payload : m_payloads)
            parts.push_back({.at = {}, .bytes = payload});
        return parts;
    }

private:
    std::vector<std::vector<std::byte>> m_payloads;
    std::size_t m_size = 0;
};

} // namespace

Result<DatabaseWriter> DatabaseWriter::create(std::unique_ptr<Store> store, Memory memory)
{
    return LogWriter::create(std::move(store)).transform([memory](LogWriter &&log) {
        return DatabaseWriter(std::move(log), memory);
    });
}

// ---- Collections -----------------------------------------------------------------------------------------------

Result<std::uint32_t> DatabaseWriter::createCollection(std::string name, std::vector<FieldDefinition> fields,
                                                       std::vector<IndexDefinition> indexes, std::string primaryField)
{
    const auto id = m_nextCollection;
    return applyEntry({.kind = CatalogEntry::Kind::CreateCollection,
                       .collectionId = id,
                       .name = std::move(name),
                       .schemaVersion = 1,
                       .fields = std::move(fields),
                       .indexes = std::move(indexes),
                       .primaryField = std::move(primaryField)})
        .transform([this, id] {
            ++m_nextCollection;
            return id;
        });
}

Result<std::uint32_t> DatabaseWriter::changeCollection(std::uint32_t id, std::vector<FieldDefinition> fields,
                                                       std::vector<IndexDefinition> indexes)
{
    const auto *collection = catalog().find(id);
    if (collection == nullptr)
        return failure(ErrorCode::UnknownCollection, {}, 0, id);
    const auto next = collection->current().number + 1;
    return applyEntry({.kind = CatalogEntry::Kind::NewSchemaVersion,
                       .collectionId = id,
                       .schemaVersion = next,
                       .fields = std::move(fields),
                       .indexes = std::move(indexes)})
        .transform([next] { return next; });
}

Result<void> DatabaseWriter::applyEntry(CatalogEntry entry)
{
    if (const auto can = ready(); !can)
        return can;
    const auto payload = entry.encode();
    if (const auto fits = checkPayload(payload.size()); !fits)
        return fits;
    // The decoder has the rules.
    if (const auto decoded = CatalogEntry::decode(payload, {}); !decoded)
        return std::unexpected(decoded.error());

    Catalog trial(&catalog());
    if (auto applied = trial.apply(entry, {}); !applied)
        return applied;
    auto encoder = encoderOfVersion(trial, *trial.find(entry.collectionId), entry.schemaVersion);
    if (!encoder)
        return std::unexpected(encoder.error());

    if (!m_staged)
        m_staged.emplace(m_catalog.get());
    [[maybe_unused]] const auto applied = m_staged->apply(entry, {});
    assert(applied && "it was tried");
    m_tables[entry.collectionId].encoder = *std::move(encoder);
    return change([&]() -> Result<void> {
        m_transaction->catalogEntries.push_back(std::move(entry));
        return m_log.append(SegmentType::Schema, payload).transform([](Offset) { });
    });
}

// ---- Rows ------------------------------------------------------------------------------------------------------

Result<void> DatabaseWriter::write(std::uint32_t collectionId, std::span<const Value> row)
{
    if (const auto can = ready(); !can)
        return can;
    const auto encoder = encoderOf(collectionId);
    if (!encoder)
        return std::unexpected(encoder.error());
    if (const auto checked = (*encoder)->check(row); !checked)
        return checked;

    auto &table = m_tables[collectionId];
    const auto key = keyOf((*encoder)->keyOf(row));
    auto operation = RecordHead::Insert;
    IndexChanges changes;
    if (const auto before = table.rows.find(key); before != table.rows.end()) {
        operation = RecordHead::Replace;
        if (const auto removed = addRemoved(collectionId, before->second, changes.entries); !removed)
            return removed;
    }
    (*encoder)->addIndexEntries(IndexOperation::Insert, row, changes.entries);
    if (const auto unique = checkUnique(table, changes.entries); !unique)
        return unique;
    return append(table, key, operation, std::move(changes), (*encoder)->encode(operation, row));
}

Result<bool> DatabaseWriter::remove(std::uint32_t collectionId, const Value &key)
{
    if (const auto can = ready(); !can)
        return std::unexpected(can.error());
    if (m_memory != Memory::Rows)
        return failure(ErrorCode::InvalidInput);
    const auto encoder = encoderOf(collectionId);
    if (!encoder)
        return std::unexpected(encoder.error());
    if (const auto checked = (*encoder)->checkKey(key); !checked)
        return std::unexpected(checked.error());

    auto &table = m_tables[collectionId];
    const auto bytes = keyOf(keyBytes(key).value());
    const auto before = table.rows.find(bytes);
    if (before == table.rows.end())
        return false;
    IndexChanges changes;
    if (const auto removed = addRemoved(collectionId, before->second, changes.entries); !removed)
        return std::unexpected(removed.error());
    return append(table, bytes, RecordHead::Delete, std::move(changes), (*encoder)->encodeDelete(key)).transform([] {
        return true;
    });
}

Result<RowEncoder *> DatabaseWriter::encoderOf(std::uint32_t collectionId)
{
    const auto *collection = catalog().find(collectionId);
    if (collection == nullptr)
        return failure(ErrorCode::UnknownCollection, {}, 0, collectionId);
    auto &encoder = m_tables[collectionId].encoder;
    if (!encoder) {
        auto made = encoderOfVersion(catalog(), *collection, collection->current().number);
        if (!made)
            return std::unexpected(made.error());
        encoder = *std::move(made);
    }
    return &*encoder;
}

Result<void> DatabaseWriter::addRemoved(std::uint32_t collectionId, std::span<const std::byte> record,
                                        std::vector<IndexEntry> &into)
{
    const auto &collection = *catalog().find(collectionId);
    if (collection.current().indexes.empty())
        return {};
    const auto head = RecordHead::decode(record, {});
    if (!head)
        return std::unexpected(head.error());
    const auto remove = [&](const RowEncoder &encoder) {
        encoder.addIndexEntries(IndexOperation::Delete, encoder.decode(record), into);
    };
    if (head->schemaVersion == collection.current().number)
        return encoderOf(collectionId).transform([&](const RowEncoder *encoder) { remove(*encoder); });
    return encoderOfVersion(catalog(), collection, head->schemaVersion).transform(remove);
}

Result<void> DatabaseWriter::checkUnique(const Table &table, const std::vector<IndexEntry> &entries) const
{
    for (const auto &entry : entries) {
        if (entry.kind != IndexKind::Unique || entry.operation != IndexOperation::Insert)
            continue;
        const auto index = table.indexes.find({entry.kind, entry.indexName});
        if (index == table.indexes.end())
            continue;
        const auto key = keyOf(entry.indexKey);
        const auto other = index->second.lower_bound({key, {}});
        if (other != index->second.end() && other->first == key && other->second != keyOf(entry.primaryKey))
            return failure(ErrorCode::UniqueIndexViolation);
    }
    return {};
}

Result<void> DatabaseWriter::append(Table &table, const Key &key, RecordHead::Operation operation, IndexChanges changes,
                                    std::vector<std::byte> record)
{
    const auto entries = changes.entries.empty() ? std::vector<std::byte>() : changes.encode();
    if (const auto fits = checkPayload(std::max(record.size(), entries.size())); !fits)
        return fits;
    return change([&]() -> Result<void> {
        if (!changes.entries.empty()) {
            if (const auto appended = m_log.append(SegmentType::Index, entries); !appended)
                return std::unexpected(appended.error());
        }
        if (const auto appended = m_log.append(SegmentType::Record, record); !appended)
            return std::unexpected(appended.error());
        remember(table, key, operation, changes, std::move(record));
        return {};
    });
}

void DatabaseWriter::remember(Table &table, const Key &key, RecordHead::Operation operation,
                              const IndexChanges &changes, std::vector<std::byte> record)
{
    for (const auto &entry : changes.entries) {
        if (m_memory != Memory::Rows && entry.kind != IndexKind::Unique)
            continue;
        auto &in = table.indexes[{entry.kind, entry.indexName}];
        std::pair pair(keyOf(entry.indexKey), keyOf(entry.primaryKey));
        const bool inserts = entry.operation == IndexOperation::Insert;
        const bool changed = inserts ? in.insert(pair).second : in.erase(pair) == 1;
        if (changed)
            m_transaction->entryChanges.push_back({.in = &in, .entry = std::move(pair), .wasThere = !inserts});
    }
    if (m_memory != Memory::Rows)
        return;
    auto &change = m_transaction->rowChanges.emplace_back(&table.rows, key, std::nullopt);
    const auto before = table.rows.find(key);
    if (before != table.rows.end())
        change.before = std::move(before->second);
    if (operation == RecordHead::Delete) {
        table.rows.erase(before);
        return;
    }
    record[RecordHead::kOperationAt] = std::byte{RecordHead::Insert};
    table.rows.insert_or_assign(before, key, std::move(record));
}

// ---- Transactions ----------------------------------------------------------------------------------------------

Result<void> DatabaseWriter::ready() const
{
    return m_failure ? Result<void>(std::unexpected(*m_failure)) : Result<void>();
}

template <class T>
Result<T> DatabaseWriter::noted(Result<T> result)
{
    if (!result)
        m_failure = result.error();
    return result;
}

/// Whatever fails from here on is the store's failure.
template <class Append>
Result<void> DatabaseWriter::change(const Append &append)
{
    const bool isAlone = !m_transaction;
    if (isAlone)
        m_transaction = Transaction{.id = m_nextTransaction++};
    if (!m_transaction->isBegun) {
        m_transaction->isBegun = true;
        if (const auto begun = noted(m_log.begin(m_transaction->id)); !begun)
            return std::unexpected(begun.error());
    }
    if (auto appended = noted(append()); !appended)
        return appended;
    return isAlone ? commit() : Result<void>();
}

Result<void> DatabaseWriter::begin(std::optional<std::uint64_t> id)
{
    if (const auto can = ready(); !can)
        return can;
    if (m_transaction)
        return failure(ErrorCode::InvalidInput);
    m_transaction = Transaction{.id = id.value_or(m_nextTransaction)};
    m_nextTransaction = m_transaction->id + 1;
    return {};
}

Result<void> DatabaseWriter::commit()
{
    if (auto ended = end(SegmentType::TxnCommit); !ended)
        return ended;
    for (const auto &entry : m_transaction->catalogEntries) {
        [[maybe_unused]] const auto applied = m_catalog->apply(entry, {});
        assert(applied && "it was applied on top of this catalog before");
    }
    m_staged.reset();
    m_transaction.reset();
    return {};
}

Result<void> DatabaseWriter::abort()
{
    if (auto ended = end(SegmentType::TxnAbort); !ended)
        return ended;
    for (auto &change : std::views::reverse(m_transaction->rowChanges)) {
        if (change.before)
            change.in->insert_or_assign(std::move(change.key), *std::move(change.before));
        else
            change.in->erase(change.key);
    }
    for (auto &change : std::views::reverse(m_transaction->entryChanges)) {
        if (change.wasThere)
            change.in->insert(std::move(change.entry));
        else
            change.in->erase(change.entry);
    }
    for (const auto &entry : m_transaction->catalogEntries)
        m_tables[entry.collectionId].encoder.reset();
    m_nextCollection = static_cast<std::uint32_t>(m_catalog->collections().size() + 1);
    m_staged.reset();
    m_transaction.reset();
    return {};
}

Result<void> DatabaseWriter::end(SegmentType marker)
{
    if (auto can = ready(); !can)
        return can;
    if (!m_transaction)
        return failure(ErrorCode::InvalidInput);
    if (!m_transaction->isBegun)
        return {};
    const auto id = m_transaction->id;
    if (const auto ended = noted(marker == SegmentType::TxnCommit ? m_log.commit(id) : m_log.abort(id)); !ended)
        return std::unexpected(ended.error());
    return noted(m_log.publish());
}

// ---- Checkpoints -----------------------------------------------------------------------------------------------

Result<void> DatabaseWriter::checkpoint()
{
    if (auto can = ready(); !can)
        return can;
    if (m_transaction || m_memory != Memory::Rows)
        return failure(ErrorCode::InvalidInput);

    Parts entries;
    Parts records;
    IndexChanges changes;
    for (const auto &[id, collection] : m_catalog->collections()) {
        for (std::uint32_t number = 1; number <= collection.current().number; ++number)
            entries.add(currentEntry(collection, number).encode());
        const auto &table = m_tables[id];
        for (const auto &[key, record] : table.rows) {
            auto current = currentRecord(collection, record);
            if (!current)
                return std::unexpected(current.error());
            records.add(*std::move(current));
        }
        for (const auto &[index, pairs] : table.indexes) {
            for (const auto &[key, primaryKey] : pairs)
                changes.entries.push_back({.collectionId = id,
                                           .kind = index.first,
                                           .indexName = index.second,
                                           .indexKey = bytesOf(key),
                                           .primaryKey = bytesOf(primaryKey)});
        }
    }
    for (const auto count : {entries.count(), records.count(), changes.entries.size()}) {
        if (auto fits = checkCount(count); !fits)
            return fits;
    }
    const auto encodedChanges = changes.encode();
    if (auto fits = checkPayload(entries.size() + records.size() + encodedChanges.size()); !fits)
        return fits;
    Checkpoint state{.replayFrom = {},
                     .catalogEntries = entries.borrowed(),
                     .records = records.borrowed(),
                     .indexChanges = {.at = {}, .bytes = encodedChanges}};
    const auto length = state.encode().size();
    if (auto fits = checkPayload(length); !fits)
        return fits;

    state.replayFrom = end() + SegmentHeader::kSize + length;
    return noted(m_log.append(SegmentType::Checkpoint, state.encode())).and_then([&](Offset at) {
        return noted(m_log.publish(at, static_cast<std::uint32_t>(length)));
    });
}

Result<std::vector<std::byte>> DatabaseWriter::currentRecord(const Collection &collection,
                                                             const std::vector<std::byte> &record)
{
    const auto head = RecordHead::decode(record, {});
    if (!head)
        return std::unexpected(head.error());
    if (head->schemaVersion == collection.current().number)
        return record;
    const auto encoder = encoderOf(collection.id);
    if (!encoder)
        return std::unexpected(encoder.error());
    const auto own = encoderOfVersion(catalog(), collection, head->schemaVersion);
    if (!own)
        return std::unexpected(own.error());
    const auto row = (*encoder)->convert(own->decode(record), *own);
    if (!row)
        return std::unexpected(row.error());
    return (*encoder)->encode(RecordHead::Insert, *row);
}

} // namespace modelvault
