#pragma once

#include "database/catalog.h"
#include "database/row_encoder.h"
#include "error.h"
#include "log/log_writer.h"
#include "store/store.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace modelvault {

/// Writes a database as the engine does, segment for segment: collections, rows with their index entries,
/// transactions, checkpoints. For tests, sample data, benchmarks and copies; the viewer never writes to the file it
/// shows. FORMAT.md, "Writing".
///
/// Outside of begin() and commit() each change is a transaction of its own. What commits is published, and with the
/// store when the call returns. Rows go to the log as they come, so that a transaction may be larger than memory.
///
/// What a call refuses because of what was asked (of a row, a schema, the order of calls) changes nothing. After an
/// error of the store the database is what a crash would leave, and every later call returns that error.
class DatabaseWriter {
public:
    /// What is remembered of the rows that were written, and so what may be done with them.
    enum class Memory : std::uint8_t {
        Rows,       ///< all that live: they may be replaced and deleted, and checkpoints be written
        UniqueKeys, ///< only the keys of unique indexes: for many rows that are all new, which the caller sees to
    };

    /// Makes a database of an empty store; InvalidInput if it holds bytes already.
    [[nodiscard]] static Result<DatabaseWriter> create(std::unique_ptr<Store> store, Memory memory = Memory::Rows);

    /// Returns the new collection's id: 1, 2, 3, … The errors of "Catalog entry"; PrimaryFieldNotFound also for none,
    /// RecordPayloadTypeMismatch for one that is no scalar. Of a refusal, `Error::offset` counts from the payload.
    [[nodiscard]] Result<std::uint32_t> createCollection(std::string name, std::vector<FieldDefinition> fields,
                                                         std::vector<IndexDefinition> indexes,
                                                         std::string primaryField);
    /// A new schema version, whose number is returned. Makes no index entries for rows that are there. Rows of older
    /// versions fail the next open, here as in the engine, until each is written again or deleted and a checkpoint
    /// follows, or a checkpoint has converted them.
    [[nodiscard]] Result<std::uint32_t> changeCollection(std::uint32_t id, std::vector<FieldDefinition> fields,
                                                         std::vector<IndexDefinition> indexes);

    /// An insert, or a replace where there is a row of that key. RowEncoder::check(); UnknownCollection;
    /// UniqueIndexViolation; PayloadOverLimit.
    [[nodiscard]] Result<void> write(std::uint32_t collectionId, std::span<const Value> row);
    /// False, and nothing is written, if there is no such row. InvalidInput where rows are not remembered.
    [[nodiscard]] Result<bool> remove(std::uint32_t collectionId, const Value &key);

    /// InvalidInput within a transaction. Ids count up from 1, or from the one that is given. Nothing is written until
    /// there is something to write.
    [[nodiscard]] Result<void> begin(std::optional<std::uint64_t> id = {});
    /// InvalidInput outside of a transaction.
    [[nodiscard]] Result<void> commit();
    /// Takes back what the transaction did and ends it by an abort marker: the engine has written nothing by then and
    /// writes nothing, but reads such a log. InvalidInput outside of a transaction.
    [[nodiscard]] Result<void> abort();

    /// The whole state in one segment, which opens begin from. Rows of older schema versions become ones of the
    /// current: without the fields that are no more, and none in those that are new. RecordPayloadTypeMismatch where
    /// that can't be, PayloadOverLimit if the state is too large, InvalidInput in a transaction or where rows are not
    /// remembered.
    [[nodiscard]] Result<void> checkpoint();

    /// With what the transaction under way has changed. Places in it mean nothing.
    [[nodiscard]] const Catalog &catalog() const { return m_staged ? *m_staged : *m_catalog; }
    /// Where the next segment will lie.
    [[nodiscard]] Offset end() const { return m_log.end(); }
    [[nodiscard]] Store &store() { return m_log.store(); }
    [[nodiscard]] std::unique_ptr<Store> takeStore() && { return std::move(m_log).takeStore(); }

private:
    // Keys are bytes; short ones need no memory of their own in a string.
    using Key = std::string;
    using Entries = std::set<std::pair<Key, Key>>; // of one index: its key, the row's
    using IndexName = std::pair<IndexKind, std::string>;
    using Rows = std::map<Key, std::vector<std::byte>>; // records that insert them

    struct Table {
        std::optional<RowEncoder> encoder; // of the current schema version, once a row needs it
        std::map<IndexName, Entries> indexes;
        Rows rows;
    };
    struct EntryChange {
        Entries *in;
        Entries::value_type entry;
        bool wasThere;
    };
    struct RowChange {
        Rows *in;
        Key key;
        std::optional<std::vector<std::byte>> before;
    };
    struct Transaction {
        std::uint64_t id = 0;
        bool isBegun = false; // in the log
        std::vector<CatalogEntry> catalogEntries;
        std::vector<EntryChange> entryChanges;
        std::vector<RowChange> rowChanges;
    };

    DatabaseWriter(LogWriter log, Memory memory)
        : m_log(std::move(log)),
          m_memory(memory),
          m_catalog(std::make_unique<Catalog>())
    { }

    [[nodiscard]] Result<void> ready() const;
    template <class T>
    [[nodiscard]] Result<T> noted(Result<T> result);
    template <class Append>
    [[nodiscard]] Result<void> change(const Append &append);
    [[nodiscard]] Result<void> end(SegmentType marker);
    [[nodiscard]] Result<void> applyEntry(CatalogEntry entry);

    [[nodiscard]] Result<RowEncoder *> encoderOf(std::uint32_t collectionId);
    /// The index entries that go with a row that goes, as the current schema version has them.
    [[nodiscard]] Result<void> addRemoved(std::uint32_t collectionId, std::span<const std::byte> record,
                                          std::vector<IndexEntry> &into);
    [[nodiscard]] Result<void> checkUnique(const Table &table, const std::vector<IndexEntry> &entries) const;
    [[nodiscard]] Result<void> append(Table &table, const Key &key, RecordHead::Operation operation,
                                      IndexChanges changes, std::vector<std::byte> record);
    void remember(Table &table, const Key &key, RecordHead::Operation operation, const IndexChanges &changes,
                  std::vector<std::byte> record);
    [[nodiscard]] Result<std::vector<std::byte>> currentRecord(const Collection &collection,
                                                               const std::vector<std::byte> &record);

    LogWriter m_log;
    Memory m_memory;
    std::optional<Error> m_failure; // of the store
    std::uint64_t m_nextTransaction = 1;
    std::optional<Transaction> m_transaction;
    std::unique_ptr<Catalog> m_catalog; // committed
    std::optional<Catalog> m_staged;    // on top of it, what the transaction changes
    std::uint32_t m_nextCollection = 1;
    std::map<std::uint32_t, Table> m_tables;
};

} // namespace modelvault
