#include "recover.h"

#include "inspected.h"
#include "json_writer.h"
#include "rows.h"
#include "words.h"

#include "database/open_preview.h"
#include "export/described_json.h"
#include "format/limits.h"
#include "printable.h"
#include "store/store_errors.h"

#include <format>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace modelvault::inspect {
namespace {

std::string_view stateName(TransactionState state)
{
    switch (state) {
    case TransactionState::Open:
        return "open";
    case TransactionState::Committed:
        return "committed";
    case TransactionState::Aborted:
        return "aborted";
    case TransactionState::Broken:
        break;
    }
    return "broken";
}

/// What the bytes that would be discarded say of a row.
struct LostRow {
    Offset payload; ///< of the record that says it last
    std::uint64_t length = 0;
    std::optional<TransactionNo> transaction;
    bool committed = false;
};

/// A row before and after the cut; none: it is not there.
struct RowChange {
    const Collection &collection;
    const Value &key;
    const LostRow &lost;
    std::optional<Json> now;
    std::optional<Json> after;

    [[nodiscard]] bool comesBack() const { return after.has_value(); }
};

/// What lies behind the cut, as far as it can be read.
class Loss {
public:
    Loss(const Inspected &inspected, const OpenPreview &preview)
        : m_store(*inspected.database.store),
          m_snapshot(*inspected.snapshot),
          m_log(m_store, m_snapshot.log.index),
          m_framed(m_snapshot.head.hasTransactions()),
          m_preview(preview)
    { }

    Result<void> read()
    {
        const auto &cut = m_preview.autoTruncate.cut;
        if (!cut || !cut->cause || m_log.index().segmentCount() == 0)
            return {};
        Result<void> read;
        std::optional<TransactionNo> first;
        const auto walked = m_log.forEachFrom(cut->safeEnd, [&](const Segment &segment) {
            if (!first)
                first = segment.transaction;
            if (segment.header.type == SegmentType::Record && !segment.payloadDamaged
                && segment.header.payloadLength <= kMaxPayload)
                read = add(segment);
            return read.has_value();
        });
        if (!walked || !read)
            return walked ? read : walked;
        if (!first)
            return {};
        auto transactions = m_log.transactions(*first, m_log.index().transactionCount() - first->value);
        if (!transactions)
            return std::unexpected(transactions.error());
        m_transactions = *std::move(transactions);
        return {};
    }

    /// Also those that were never committed, and mean nothing.
    [[nodiscard]] const std::vector<Transaction> &transactions() const { return m_transactions; }

    /// Calls `visit` for each row that is another one after the cut, by collection and key.
    Result<void> forEachRow(const Rows &kept, const std::function<void(const RowChange &)> &visit) const
    {
        for (const auto &[key, lost] : m_rows) {
            const auto *collection = m_snapshot.catalog->collection(key.first, lost.transaction);
            const auto record = decode(lost);
            if (collection == nullptr || !record)
                return failure(ErrorCode::ChangedMeanwhile, lost.payload);
            const auto before = kept.row(key.first, std::as_bytes(std::span(key.second)), m_preview.source->end);
            if (!before)
                return std::unexpected(before.error());
            // What is kept was decoded with the catalog of the open, which a checkpoint may bring along.
            RowChange change{.collection = *collection,
                             .key = record->head.key,
                             .lost = lost,
                             .now = {},
                             .after = before->transform([&](const Record &row) -> Json {
                                 return describedRow(m_preview.replay->catalog->find(key.first)->primaryField, row);
                             })};
            if (record->head.operation != RecordHead::Delete)
                change.now = describedRow(collection->primaryField, *record);
            if (change.now != change.after)
                visit(change);
        }
        return {};
    }

private:
    Result<void> add(const Segment &segment)
    {
        LostRow lost{.payload = segment.payloadOffset(),
                     .length = segment.header.payloadLength,
                     .transaction = segment.transaction,
                     .committed = !m_framed};
        if (segment.transaction) {
            if (!m_current || m_current->no != *segment.transaction) {
                const auto transaction = m_log.transaction(*segment.transaction);
                if (!transaction)
                    return std::unexpected(transaction.error());
                m_current = *transaction;
            }
            lost.committed = m_current->state == TransactionState::Committed;
        }
        const auto record = decode(lost);
        const auto *collection =
            record ? m_snapshot.catalog->collection(record->head.collectionId, lost.transaction) : nullptr;
        if (collection == nullptr || collection->primaryField.empty())
            return record || !isOfStore(record.error().code) ? Result<void>() : std::unexpected(record.error());
        const auto bytes = *keyBytes(record->head.key); // a decoded key is a scalar
        auto &last = m_rows[{record->head.collectionId,
                             std::string(reinterpret_cast<const char *>(bytes.data()), bytes.size())}];
        if (lost.committed || !last.committed)
            last = lost;
        return {};
    }

    [[nodiscard]] Result<Record> decode(const LostRow &lost) const
    {
        std::vector<std::byte> payload(static_cast<std::size_t>(lost.length));
        if (const auto read = m_store.readExactAt(lost.payload, payload); !read)
            return std::unexpected(read.error());
        return Record::decode(payload, lost.payload, [&](std::uint32_t collectionId, std::uint32_t version) {
            return m_snapshot.catalog->schemaFor(collectionId, version, lost.transaction)
                .transform(&SchemaMatch::layout);
        });
    }

    const Store &m_store;
    const Snapshot &m_snapshot;
    const LogReader m_log;
    const bool m_framed;
    const OpenPreview &m_preview;
    std::optional<Transaction> m_current;
    std::vector<Transaction> m_transactions;
    std::map<std::pair<std::uint32_t, std::string>, LostRow> m_rows; // by collection and key bytes
};

class Previewer {
public:
    Previewer(const Inspected &inspected, const OpenPreview &preview, std::ostream &out)
        : m_inspected(inspected),
          m_snapshot(*inspected.snapshot),
          m_preview(preview),
          m_loss(inspected, preview),
          m_out(out)
    { }

    Result<void> run(bool json)
    {
        if (const auto read = m_loss.read(); !read)
            return read;
        // Where no open gets to the log, or refuses it, none keeps anything.
        if (m_preview.autoTruncate.cut && m_preview.source && !m_preview.replay->refusesLog) {
            auto kept = Rows::read(*m_inspected.database.store, m_snapshot.log, *m_preview.source,
                                   *m_preview.replay->catalog, *m_snapshot.catalog, m_snapshot.head.hasTransactions());
            if (!kept)
                return std::unexpected(kept.error());
            m_kept = *std::move(kept);
        }
        return json ? printJson() : printText();
    }

private:
    [[nodiscard]] std::uint64_t discarded() const
    {
        const auto &cut = m_preview.autoTruncate.cut;
        return cut ? m_snapshot.fileLength() - std::min(cut->safeEnd.value, m_snapshot.fileLength()) : 0;
    }

    [[nodiscard]] static Json refusal(const std::optional<Error> &error)
    {
        auto json = refusalJson(error);
        if (error) {
            json["offset"] = error->offset.value;
            json["message"] = words(*error);
        }
        return json;
    }

    Result<void> forEachKept(const std::function<void(const Collection &)> &begin,
                             const std::function<void(const Collection &, const Record &)> &row,
                             const std::function<void()> &end) const
    {
        for (const auto &[id, collection] : m_preview.replay->catalog->collections()) {
            begin(collection);
            if (const auto read =
                    m_kept->forEach(id, m_preview.source->end, [&](const Record &record) { row(collection, record); });
                !read)
                return read;
            end();
        }
        return {};
    }

    // --- JSON ---

    Result<void> printJson()
    {
        const auto &plan = m_preview.autoTruncate;
        JsonWriter writer(m_out);
        writer.value("length", m_snapshot.fileLength());
        writer.value("strict_open", refusal(m_preview.strict));
        auto json = refusal(plan.refusal);
        json["makes_new_database"] = plan.makesNewDatabase;
        json["safe_end"] = plan.cut ? Json(plan.cut->safeEnd.value) : Json();
        json["cause"] = plan.cut && plan.cut->cause
            ? Json{{"offset", plan.cut->cause->segment.value}, {"error", openErrorName(plan.cut->cause->error.code)}}
            : Json();
        json["discarded_bytes"] = discarded();
        writer.value("auto_truncate", json);

        writer.key("lost_transactions");
        writer.open('[');
        for (const auto &transaction : m_loss.transactions())
            writer.value({{"number", transaction.no.value},
                          {"id", transaction.id},
                          {"state", stateName(transaction.state)},
                          {"offset", transaction.begin.value},
                          {"length", transaction.end - transaction.begin}});
        writer.close(']');

        writer.key("changed_rows");
        if (!m_kept) {
            writer.value(Json());
            writer.value("kept_rows", Json());
            return {};
        }
        writer.open('[');
        const auto told = m_loss.forEachRow(*m_kept, [&writer](const RowChange &change) {
            Json row = {{"collection", change.collection.name}, {"key", described(change.key)},
                        {"committed", change.lost.committed},   {"offset", change.lost.payload.value},
                        {"now", change.now.value_or(Json())},   {"after", change.after.value_or(Json())}};
            row["transaction"] = change.lost.transaction ? Json(change.lost.transaction->value) : Json();
            writer.value(row);
        });
        writer.close(']');
        if (!told)
            return told;

        writer.key("kept_rows");
        writer.open('{');
        const auto kept = forEachKept(
            [&writer](const Collection &collection) {
                writer.key(collection.name);
                writer.open('[');
            },
            [&writer](const Collection &collection, const Record &record) {
                writer.value(describedRow(collection.primaryField, record));
            },
            [&writer] { writer.close(']'); });
        writer.close('}');
        return kept;
    }

    // --- Text ---

    static std::string text(const std::optional<Error> &error)
    {
        if (!error)
            return "succeeds";
        return std::format("fails with {} at {}: {}", openErrorName(error->code), hex(error->offset.value),
                           words(*error));
    }

    Result<void> printText()
    {
        const auto &plan = m_preview.autoTruncate;
        m_out << "a reader's open   " << text(m_preview.strict) << '\n';
        m_out << "a writer's open   ";
        if (plan.makesNewDatabase)
            m_out << "makes a new database\n";
        else if (plan.cut && plan.cut->cause)
            m_out << std::format("discards {} from {} on, for {} at {}, and then {}\n", counted(discarded(), "byte"),
                                 hex(plan.cut->safeEnd.value), openErrorName(plan.cut->cause->error.code),
                                 hex(plan.cut->cause->segment.value), text(plan.refusal));
        else
            m_out << text(plan.refusal) << (plan.refusal ? "" : ", and discards nothing") << '\n';
        for (const auto &transaction : m_loss.transactions())
            m_out << std::format("loses transaction {} (id {}, {}) at {}, {}\n", transaction.no.value, transaction.id,
                                 stateName(transaction.state), hex(transaction.begin.value),
                                 counted(transaction.end - transaction.begin, "byte"));
        if (!m_kept)
            return {};
        const auto told = m_loss.forEachRow(*m_kept, [this](const RowChange &change) {
            m_out << std::format("{} {} {}{}: {} -> {}\n", change.comesBack() ? "turns back" : "loses",
                                 printable(change.collection.name), keyText(change.key),
                                 change.lost.committed ? "" : " (never committed)", shown(change.now),
                                 shown(change.after));
        });
        if (!told)
            return told;
        std::uint64_t rows = 0;
        std::string name;
        return forEachKept(
            [&](const Collection &collection) {
                name = collection.name;
                rows = 0;
            },
            [&rows](const Collection & /*collection*/, const Record & /*record*/) { ++rows; },
            // Of a file that does not open then, those that it would be about.
            [&] {
                m_out << (plan.refusal ? "has " : "keeps ") << counted(rows, "row") << " of " << printable(name)
                      << '\n';
            });
    }

    static std::string shown(const std::optional<Json> &row) { return row ? compact(*row) : "not there"; }

    const Inspected &m_inspected;
    const Snapshot &m_snapshot;
    const OpenPreview &m_preview;
    Loss m_loss;
    std::optional<Rows> m_kept;
    std::ostream &m_out;
};

} // namespace

ExitCode recoverPreview(const Options &options, Output output)
{
    const auto inspected = inspectFile(options, Depth::Catalog);
    if (!inspected)
        return cannot(options, inspected.error(), output);
    const auto &snapshot = *inspected->snapshot;
    noteBadHeader(options, snapshot.head, output.err);
    noteMissingLock(options, inspected->database, output.err);
    const auto preview = previewOpens(*inspected->database.store, snapshot.head, snapshot.log, snapshot.catalog);
    if (!preview)
        return cannot(options, preview.error(), output);
    if (const auto printed = Previewer(*inspected, *preview, output.out).run(options.json); !printed)
        return cannot(options, printed.error(), output);
    const bool isClean = !preview->strict && !preview->autoTruncate.refusal;
    return isClean ? inspected->exitCode() : kFindings;
}

} // namespace modelvault::inspect
