#include "check/recovery_plan.h"

#include "check/check_progress.h"
#include "database/log_records.h"
#include "log/recovery.h"
#include "out_of_memory.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace modelvault {
namespace {

constexpr std::uint64_t kRowsAReport = 256;

/// Whether two records give a row the same values.
bool saySame(const Record &a, const Record &b)
{
    if (a.fields.size() != b.fields.size())
        return false;
    for (std::size_t i = 0; i < a.fields.size(); ++i) {
        const auto &field = a.fields[i];
        const auto same = b.fields[i].path == field.path ? b.fields.begin() + static_cast<std::ptrdiff_t>(i)
                                                         : std::ranges::find(b.fields, field.path, &RecordField::path);
        if (same == b.fields.end() || !isSameValue(same->value, field.value))
            return false;
    }
    return true;
}

} // namespace

class RecoveryPlan::Maker {
public:
    Maker(const Store &store, std::shared_ptr<const Snapshot> snapshot, const RecoveryView &view,
          const Progress &progress)
        : m_store(store),
          m_progress(progress, snapshot->fileLength(), kPasses),
          m_plan(std::make_shared<RecoveryPlan>())
    {
        m_plan->m_snapshot = std::move(snapshot);
        m_plan->m_view = view;
    }

    Result<std::shared_ptr<const RecoveryPlan>> run()
    {
        const auto made = look()
                              .and_then([this] { return openIt(); })
                              .and_then([this] { return keepRows(); })
                              .and_then([this] { return findLoss(); })
                              .and_then([this] { return compareRows(); });
        if (!made)
            return std::unexpected(made.error());
        if (!m_progress.finish())
            return failure(ErrorCode::Cancelled);
        return std::shared_ptr<const RecoveryPlan>(std::move(m_plan));
    }

private:
    static constexpr std::uint64_t kPasses = 5;

    /// What a record behind the cut says of a row, if it is the last one that does.
    struct LastWord {
        Change change;
        std::uint32_t collectionId;
    };

    /// The file as the view has it.
    Result<void> look()
    {
        auto &plan = *m_plan;
        const auto &snapshot = *plan.m_snapshot;
        plan.m_head = snapshot.head;
        plan.m_log = snapshot.log;
        plan.m_history = snapshot.catalog;
        if (plan.m_view.end && plan.m_view.end->value < snapshot.fileLength()) {
            const auto length = plan.m_view.end->value;
            auto head = readFileHead(m_store, length);
            if (!head)
                return std::unexpected(head.error());
            auto log = scanLog(m_store, length, {.framed = head->hasTransactions()}, m_progress.nextPass());
            if (!log)
                return std::unexpected(log.error());
            auto history = CatalogHistory::read(m_store, *log, head->hasTransactions());
            if (!history)
                return std::unexpected(history.error());
            plan.m_head = *std::move(head);
            plan.m_log = *std::move(log);
            plan.m_history = *std::move(history);
        }
        if (const auto slot = plan.m_view.superblock) {
            const bool isValid = plan.m_head.superblocks[static_cast<std::size_t>(*slot)].has_value();
            plan.m_head.selected = isValid ? slot : std::nullopt;
        }
        return {};
    }

    Result<void> openIt()
    {
        auto &plan = *m_plan;
        auto opens = previewOpens(m_store, plan.m_head, plan.m_log, plan.m_history, m_progress.nextPass());
        if (!opens)
            return std::unexpected(opens.error());
        plan.m_opens = *std::move(opens);
        return {};
    }

    Result<void> keepRows()
    {
        auto &plan = *m_plan;
        if (!plan.m_opens.source)
            return {};
        const auto &catalog = plan.m_opens.replay->catalog;
        auto kept = RowState::read(m_store, plan.m_log, *plan.m_opens.source, catalog, plan.m_history,
                                   plan.m_head.hasTransactions(), m_progress.nextPass());
        if (!kept)
            return std::unexpected(kept.error());
        plan.m_kept = *std::move(kept);
        for (const auto &[id, collection] : catalog->collections()) {
            auto &counts = plan.m_counts[id];
            counts.collection = collection.name;
            counts.kept = plan.m_kept->count(id);
        }
        return {};
    }

    /// The last word on each row behind the cut, and the transactions there.
    Result<void> findLoss()
    {
        const auto &snapshot = *m_plan->m_snapshot;
        const LogReader log(m_store, snapshot.log.index);
        const Offset begin = m_plan->lossBegin();
        if (begin >= log.index().end())
            return {};
        std::optional<TransactionNo> first;
        const auto looked = log.forEachFrom(begin, [&](const Segment &segment) {
            if (segment.offset >= begin) // the file may be taken to end in it
                first = segment.transaction;
            return !first;
        });
        if (!looked)
            return looked;
        if (first) {
            m_plan->m_firstLostTransaction = *first;
            m_plan->m_lostTransactions = log.index().transactionCount() - first->value;
        }
        const auto visit = [this](const LogRecord &record) {
            // What was given up is, whatever becomes of the file.
            if (record.isOfRow() && record.unseen != Unseen::Aborted)
                add(record);
            return true;
        };
        return forEachRecord(m_store, snapshot, begin, visit, m_progress.nextPass());
    }

    void add(const LogRecord &record)
    {
        const auto &segment = record.segment;
        const auto &outline = *record.outline;
        const bool committed = !record.unseen || record.unseen == Unseen::BehindEnd;
        const LastWord word{.change = {.now = {.payload = segment.payloadOffset(),
                                               .length = static_cast<std::uint32_t>(segment.header.payloadLength)},
                                       .after = m_plan->m_kept
                                           ? m_plan->m_kept->find(outline.collectionId, outline.keyBytes)
                                           : std::nullopt,
                                       .transaction = segment.transaction.value_or(TransactionNo{}),
                                       .isInTransaction = segment.transaction.has_value(),
                                       .committed = committed},
                            .collectionId = outline.collectionId};
        const auto key = m_hasher(outline.collectionId, outline.keyBytes);
        const auto known = m_keys.find(key);
        if (!known) {
            m_keys.exchange(key, {m_words.size()}, 0);
            m_words.push_back(word);
        } else if (auto &last = m_words[known->value]; committed || !last.change.committed) {
            last = word;
        }
    }

    /// Leaves those that say what is kept anyway.
    Result<void> compareRows()
    {
        m_keys = {};
        std::ranges::sort(m_words, {}, [](const LastWord &word) { return word.change.now.payload; });
        const auto progress = m_progress.nextPass();
        for (std::uint64_t n = 0; n < m_words.size(); ++n) {
            if (progress && n % kRowsAReport == 0 && !progress(n, m_words.size()))
                return failure(ErrorCode::Cancelled);
            auto &[change, collectionId] = m_words[n];
            const auto row = m_plan->read(m_store, change);
            if (!row)
                return std::unexpected(row.error());
            if (!row->now && !row->after)
                continue;
            if (row->now && row->after && saySame(*row->now, *row->after))
                continue;
            change.fate = !row->after ? RowFate::Lost : row->now ? RowFate::TurnsBack : RowFate::ComesBack;
            count(change, collectionId, *row->collection);
            m_plan->m_changes.push_back(change);
        }
        m_plan->m_changes.shrink_to_fit();
        return {};
    }

    void count(const Change &change, std::uint32_t collectionId, const Collection &collection)
    {
        auto &counts = m_plan->m_counts[collectionId];
        if (counts.collection.empty())
            counts.collection = collection.name;
        if (!change.committed)
            ++counts.neverCommitted;
        else if (change.fate == RowFate::Lost)
            ++counts.lost;
        else
            ++(change.fate == RowFate::TurnsBack ? counts.turnBack : counts.comeBack);
    }

    const Store &m_store;
    CheckProgress m_progress;
    std::shared_ptr<RecoveryPlan> m_plan;
    KeyHasher m_hasher;
    KeyTable m_keys; // as "record" each has its place in m_words
    std::vector<LastWord> m_words;
};

std::string_view rowFateName(RowFate fate)
{
    switch (fate) {
    case RowFate::Lost:
        return "lost";
    case RowFate::TurnsBack:
        return "turns_back";
    case RowFate::ComesBack:
        break;
    }
    return "comes_back";
}

Result<std::shared_ptr<const RecoveryPlan>> RecoveryPlan::make(const Store &store,
                                                               std::shared_ptr<const Snapshot> snapshot,
                                                               const RecoveryView &view, const Progress &progress)
try {
    assert(snapshot->catalog != nullptr && snapshot->log.complete);
    return Maker(store, std::move(snapshot), view, progress).run();
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

std::uint64_t RecoveryPlan::discardedBytes() const
{
    const auto &cut = m_opens.autoTruncate.cut;
    return cut ? fileLength() - std::min(cut->safeEnd.value, fileLength()) : 0;
}

Offset RecoveryPlan::lossBegin() const
{
    const auto &cut = m_opens.autoTruncate.cut;
    return {std::min(cut ? cut->safeEnd.value : fileLength(), fileLength())};
}

bool RecoveryPlan::reachesRows() const
{
    return m_kept && m_opens.autoTruncate.cut && !m_opens.replay->refusesLog;
}

Result<RowChange> RecoveryPlan::change(const Store &store, std::uint64_t n) const
{
    if (n >= m_changes.size())
        return failure(ErrorCode::InvalidInput, {}, m_changes.size(), n);
    return read(store, m_changes[static_cast<std::size_t>(n)]);
}

Result<RowChange> RecoveryPlan::read(const Store &store, const Change &change) const
{
    const auto transaction = change.isInTransaction ? std::optional(change.transaction) : std::nullopt;
    auto now = readRow(store, change.now, [&](const RecordOutline &outline) {
        return m_snapshot->catalog->schemaFor(outline.collectionId, outline.schemaVersion, transaction);
    });
    if (!now)
        return std::unexpected(now.error());
    auto &[record, schema] = *now;

    RowChange row{.fate = change.fate,
                  .collection = schema.collection,
                  .key = record.head.key,
                  .payload = change.now.payload,
                  .transaction = transaction,
                  .committed = change.committed,
                  .now = {},
                  .after = {}};
    if (record.head.operation != RecordHead::Delete)
        row.now = std::move(record);
    if (change.after) {
        row.afterPayload = change.after->payload;
        auto after = m_kept->row(store, *change.after);
        if (!after)
            return std::unexpected(after.error());
        row.after = std::move(after->record);
        row.collectionAfter = after->schema.collection;
    }
    return row;
}

Result<std::vector<Transaction>> RecoveryPlan::lostTransactions(const Store &store, std::uint64_t n,
                                                                std::uint64_t count) const
{
    if (n >= m_lostTransactions)
        return std::vector<Transaction>();
    return LogReader(store, m_snapshot->log.index)
        .transactions({m_firstLostTransaction.value + n}, std::min(count, m_lostTransactions - n));
}

} // namespace modelvault
