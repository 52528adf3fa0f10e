#include "recover.h"

#include "inspected.h"
#include "json_writer.h"
#include "words.h"

#include "export/described_json.h"
#include "printable.h"

#include <algorithm>
#include <format>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

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

std::string_view slotName(SuperblockSlot slot)
{
    return slot == SuperblockSlot::A ? "a" : "b";
}

class Previewer {
public:
    Previewer(const Store &store, const RecoveryPlan &plan, std::ostream &out)
        : m_store(store),
          m_plan(plan),
          m_opens(plan.opens()),
          m_out(out)
    { }

    Result<void> run(bool json) { return json ? printJson() : printText(); }

private:
    [[nodiscard]] static Json refusal(const std::optional<Error> &error)
    {
        auto json = refusalJson(error);
        if (error) {
            json["offset"] = error->offset.value;
            json["message"] = words(*error);
        }
        return json;
    }

    Result<void> forEachTransaction(const std::function<void(const Transaction &)> &visit) const
    {
        constexpr std::uint64_t kAtATime = 1024;
        for (std::uint64_t n = 0; n < m_plan.lostTransactionCount(); n += kAtATime) {
            const auto some = m_plan.lostTransactions(m_store, n, kAtATime);
            if (!some)
                return std::unexpected(some.error());
            std::ranges::for_each(*some, visit);
        }
        return {};
    }

    Result<void> forEachChange(const std::function<void(const RowChange &)> &visit) const
    {
        for (std::uint64_t n = 0; n < m_plan.changeCount(); ++n) {
            const auto change = m_plan.change(m_store, n);
            if (!change)
                return std::unexpected(change.error());
            visit(*change);
        }
        return {};
    }

    /// Null for a row that is not there.
    static Json rowJson(const Collection *collection, const std::optional<Record> &record)
    {
        return record ? Json(describedRow(collection->primaryField, *record)) : Json();
    }

    // --- JSON ---

    Result<void> printJson()
    {
        JsonWriter writer(m_out);
        const auto &view = m_plan.view();
        writer.value("length", m_plan.fileLength());
        writer.value("superblock", view.superblock ? Json(slotName(*view.superblock)) : Json());
        writer.value("strict_open", refusal(m_opens.strict));
        writer.value("auto_truncate", autoTruncateJson());

        writer.key("lost_transactions");
        writer.open('[');
        const auto listed = forEachTransaction([&writer](const Transaction &transaction) {
            writer.value({{"number", transaction.no.value},
                          {"id", transaction.id},
                          {"state", stateName(transaction.state)},
                          {"offset", transaction.begin.value},
                          {"length", transaction.end - transaction.begin}});
        });
        writer.close(']');
        if (!listed)
            return listed;

        writer.value("rows", countsJson());
        // Where no open gets to the log, or refuses it, none keeps anything.
        if (!m_plan.keepsRows() && m_plan.changeCount() == 0) {
            writer.value("changed_rows", Json());
        } else if (const auto told = changedJson(writer); !told) {
            return told;
        }
        writer.key("kept_rows");
        if (m_plan.keepsRows())
            return keptJson(writer);
        writer.value(Json());
        return {};
    }

    [[nodiscard]] Json autoTruncateJson() const
    {
        const auto &plan = m_opens.autoTruncate;
        auto json = refusal(plan.refusal);
        json["makes_new_database"] = plan.makesNewDatabase;
        json["safe_end"] = plan.cut ? Json(plan.cut->safeEnd.value) : Json();
        json["cause"] = plan.cut && plan.cut->cause
            ? Json{{"offset", plan.cut->cause->segment.value}, {"error", openErrorName(plan.cut->cause->error.code)}}
            : Json();
        json["discarded_bytes"] = m_plan.discardedBytes();
        return json;
    }

    [[nodiscard]] Json countsJson() const
    {
        Json json = Json::object();
        for (const auto &[id, counts] : m_plan.counts())
            json[counts.collection] = {{"kept", m_plan.keepsRows() ? Json(counts.kept) : Json()},
                                       {"rescuable", counts.kept},
                                       {"lost", counts.lost},
                                       {"turn_back", counts.turnBack},
                                       {"come_back", counts.comeBack},
                                       {"never_committed", counts.neverCommitted}};
        return json;
    }

    Result<void> changedJson(JsonWriter &writer) const
    {
        writer.key("changed_rows");
        writer.open('[');
        const auto told = forEachChange([&writer](const RowChange &change) {
            writer.value({{"collection", change.collection->name},
                          {"key", described(change.key)},
                          {"fate", rowFateName(change.fate)},
                          {"committed", change.committed},
                          {"offset", change.payload.value},
                          {"now", rowJson(change.collection, change.now)},
                          {"after", rowJson(change.collectionAfter, change.after)},
                          {"transaction", change.transaction ? Json(change.transaction->value) : Json()}});
        });
        writer.close(']');
        return told;
    }

    Result<void> keptJson(JsonWriter &writer) const
    {
        const auto &kept = *m_plan.kept();
        writer.open('{');
        for (const auto &[id, collection] : kept.catalog().collections()) {
            writer.key(collection.name);
            writer.open('[');
            const auto told = forEachByKey(m_store, kept, id, [&](const PlacedRow &row) {
                writer.value(describedRow(collection.primaryField, row.record));
            });
            writer.close(']');
            if (!told)
                return told;
        }
        writer.close('}');
        return {};
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
        const auto &plan = m_opens.autoTruncate;
        if (m_plan.view().end)
            m_out << "as if it ended at " << hex(m_plan.fileLength()) << '\n';
        if (const auto slot = m_plan.view().superblock)
            m_out << "as superblock " << slotName(*slot) << " has it\n";
        m_out << "a reader's open   " << text(m_opens.strict) << '\n';
        m_out << "a writer's open   ";
        if (plan.makesNewDatabase)
            m_out << "makes a new database\n";
        else if (plan.cut && plan.cut->cause)
            m_out << std::format("discards {} from {} on, for {} at {}, and then {}\n",
                                 counted(m_plan.discardedBytes(), "byte"), hex(plan.cut->safeEnd.value),
                                 openErrorName(plan.cut->cause->error.code), hex(plan.cut->cause->segment.value),
                                 text(plan.refusal));
        else
            m_out << text(plan.refusal) << (plan.refusal ? "" : ", and discards nothing") << '\n';
        if (!plan.cut && m_plan.kept() != nullptr)
            m_out << "no open gets to the log; as if header and superblocks were right:\n";
        const auto listed = forEachTransaction([this](const Transaction &transaction) {
            m_out << std::format("loses transaction {} (id {}, {}) at {}, {}\n", transaction.no.value, transaction.id,
                                 stateName(transaction.state), hex(transaction.begin.value),
                                 counted(transaction.end - transaction.begin, "byte"));
        });
        if (!listed)
            return listed;
        const auto told = forEachChange([this](const RowChange &change) {
            m_out << std::format("{} {} {}{}: {} -> {}\n", fateWords(change.fate), printable(change.collection->name),
                                 keyText(change.key), change.committed ? "" : " (never committed)",
                                 shown(rowJson(change.collection, change.now)),
                                 shown(rowJson(change.collectionAfter, change.after)));
        });
        if (!told || m_plan.kept() == nullptr)
            return told;
        if (!m_plan.keepsRows())
            m_out << "no open keeps a row\n";
        for (const auto &[id, collection] : m_plan.kept()->catalog().collections())
            m_out << (m_plan.keepsRows() ? "keeps " : "a rescue could keep ")
                  << counted(m_plan.counts().at(id).kept, "row") << " of " << printable(collection.name) << '\n';
        return {};
    }

    static std::string_view fateWords(RowFate fate)
    {
        switch (fate) {
        case RowFate::Lost:
            return "loses";
        case RowFate::TurnsBack:
            return "turns back";
        case RowFate::ComesBack:
            break;
        }
        return "brings back";
    }

    static std::string shown(const Json &row) { return row.is_null() ? "not there" : compact(row); }

    const Store &m_store;
    const RecoveryPlan &m_plan;
    const OpenPreview &m_opens;
    std::ostream &m_out;
};

} // namespace

ExitCode recoverPreview(const Options &options, const RecoveryView &view, Output output)
{
    const auto inspected = inspectFile(options, Depth::Catalog);
    if (!inspected)
        return cannot(options, inspected.error(), output);
    noteBadHeader(options, inspected->snapshot->head, output.err);
    noteMissingLock(options, inspected->database, output.err);
    const auto &store = *inspected->database.store;
    const auto plan = RecoveryPlan::make(store, inspected->snapshot, view);
    if (!plan)
        return cannot(options, plan.error(), output);
    if (const auto printed = Previewer(store, **plan, output.out).run(options.json); !printed)
        return cannot(options, printed.error(), output);
    const auto &opens = (*plan)->opens();
    const bool isClean = !opens.strict && !opens.autoTruncate.refusal && (*plan)->changeCount() == 0;
    return isClean ? inspected->exitCode() : kFindings;
}

} // namespace modelvault::inspect
